"""Signing values of identifiers with the institute's seal, and what becomes of the signature when something changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from tests.functions.prefix_verbs import add_prefix, customer, operator

from jialiang.base.identifiers.errors import IdentifierUnknown, NothingToSign
from jialiang.base.identifiers.public_reads import record_anywhere
from jialiang.formats.handle.trust import certificate_in, certified_permissions, issued_itself, issuer_of
from jialiang.formats.handle.trust_reports import Finding
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifiers, prefixes
from jialiang.functions.identifier_trust import sign_values, trust_report
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.kernel.text import Text
from jialiang.security.audit.models import AuditRecord
from jialiang.security.keys import pkcs8, services
from jialiang.security.keys.current import current_key_store
from jialiang.security.keys.errors import SealMissing
from jialiang.security.keys.models import SigningKey
from jialiang.security.policy import NotAuthorized
from jialiang.security.tenancy.selectors import tenant

PREFIX = settings.JIALIANG.identifier_prefix
NAME = "88.101.5/ins-7"
VALUES = (
    HandleValue(1, "URL", b"https://example.org/7"),
    HandleValue(2, "CERT_NO", "校准证书 JL2026-000123".encode()),
    HandleValue(300, "HS_SECKEY", b"hidden", permissions=12),
)


@pytest.fixture(autouse=True)
def keys(monkeypatch, tmp_path):
    monkeypatch.setattr(pkcs8, "COST", 16)


@pytest.fixture
def signer(world):
    """The operator, in an institute with a seal, a prefix of its customer and a record under it."""
    who = operator(world)
    services.create_authority(world.now)
    services.issue_seal(
        tenant(world.tenant_id), Text("示范计量院", "Institute"), "12370000MB0000000X", world.now
    )
    prefixes.found(actor=world.person("system_administrator", "identifier_operator"), now=world.now)
    add_prefix(world, "88.101.5")
    identifiers.register(actor=who, name=NAME, values=VALUES, now=world.now)
    return who


def test_a_signed_record_is_trusted(world, signer):
    assert trust_report(NAME, world.now).findings == (Finding("no_signature"),)
    signed = sign_values(actor=signer, name=NAME, now=world.now)
    assert [(value.index, value.type) for value in signed.record.values][-1] == (401, "HS_SIGNATURE")
    found = trust_report(NAME, world.now)
    assert found.is_trusted
    assert found.verified == (1, 2), "what is not public is not signed: nobody could check it"


def test_the_chain_goes_over_the_seal_to_the_root_of_the_installation(world, signer):
    sign_values(actor=signer, name=NAME, now=world.now)
    (signature,) = [v.text for v in record_anywhere(NAME).record.values if v.has_type("HS_SIGNATURE")]
    seal = issuer_of(signature)
    assert seal.handle == f"{PREFIX}/seal.{tenant(world.tenant_id).slug}"
    certificate = certificate_in(record_anywhere(seal.handle).record.values, seal.index)
    assert issuer_of(certificate).text == f"400:{PREFIX}/0.0"
    assert {(own.perm, own.handle) for own in certified_permissions(certificate)} >= {
        ("handlesUnderThisPrefix", "0.NA/88.101.5"),
        ("derivedPrefixes", "0.NA/88.101.5"),
    }
    root = certificate_in(record_anywhere(f"{PREFIX}/0.0").record.values, 400)
    assert issued_itself(root)


def test_the_deed_is_on_record(world, signer):
    sign_values(actor=signer, name=NAME, now=world.now)
    entry = AuditRecord.objects.get(action="identifier.sign")
    assert (entry.detail["indexes"], entry.detail["identifier"]) == ([1, 2], NAME)
    assert OutboxEvent.objects.filter(name="identifier.signed").count() == 1


def test_a_change_after_signing_is_shown_and_signing_again_mends_it(world, signer):
    sign_values(actor=signer, name=NAME, now=world.now)
    identifiers.modify_values(
        actor=signer, name=NAME, values=[HandleValue(1, "URL", b"https://evil.example")], now=world.now
    )
    found = trust_report(NAME, world.now)
    assert (found.is_trusted, found.changed, found.verified) == (False, (1,), (2,))
    again = sign_values(actor=signer, name=NAME, now=world.now)
    assert [v.index for v in again.record.values if v.has_type("HS_SIGNATURE")] == [401], (
        "the old one is replaced"
    )
    assert trust_report(NAME, world.now).is_trusted


def test_some_values_may_be_signed_and_the_others_are_told(world, signer):
    sign_values(actor=signer, name=NAME, indexes=(2,), now=world.now)
    found = trust_report(NAME, world.now)
    assert (found.verified, found.unsigned, found.is_trusted) == ((2,), (1,), False)


def test_a_signature_ends_with_its_seal(world, signer):
    sign_values(actor=signer, name=NAME, now=world.now)
    late = world.now + timedelta(days=800)
    assert not trust_report(NAME, late).is_trusted
    assert Finding("signature_not_in_force") in trust_report(NAME, late).findings


def test_a_certificate_that_somebody_replaced_breaks_the_chain(world, signer):
    sign_values(actor=signer, name=NAME, now=world.now)
    seal = f"{PREFIX}/seal.{tenant(world.tenant_id).slug}"
    root = certificate_in(record_anywhere(f"{PREFIX}/0.0").record.values, 400)
    forged = HandleValue(400, "HS_CERT", root.encode())
    identifiers.put_values(actor=signer, name=seal, values=[forged], now=world.now)
    found = trust_report(NAME, world.now)
    assert not found.is_trusted
    assert any("not that of the issuer" in each.text.en for each in found.findings)
    identifiers.remove_values(actor=signer, name=seal, indexes=[400], now=world.now)
    assert any("no chain" in each.text.en for each in trust_report(NAME, world.now).findings)


def test_a_new_prefix_is_covered_by_a_new_certificate(world, signer):
    sign_values(actor=signer, name=NAME, now=world.now)
    add_prefix(world, "88.102")
    identifiers.register(actor=signer, name="88.102/x", values=VALUES[:1], now=world.now)
    sign_values(actor=signer, name="88.102/x", now=world.now)
    assert trust_report("88.102/x", world.now).is_trusted
    assert trust_report(NAME, world.now).is_trusted


def test_who_may_not_sign_and_what_cannot_be_signed(world, signer):
    with pytest.raises(NotAuthorized):
        sign_values(actor=customer(world), name=NAME, now=world.now)
    with pytest.raises(IdentifierUnknown):
        sign_values(actor=signer, name="88.101.5/none", now=world.now)
    with pytest.raises(NothingToSign):
        sign_values(actor=signer, name=NAME, indexes=(300,), now=world.now)
    assert trust_report("88.101.5/none", world.now).findings == (Finding("no_signature"),)


def test_an_institute_without_a_seal_in_force_signs_nothing(world, signer):
    SigningKey.objects.update(revoked_at=world.now)
    with pytest.raises(SealMissing):
        sign_values(actor=signer, name=NAME, now=world.now)
    assert not [v for v in record_anywhere(NAME).record.values if v.has_type("HS_SIGNATURE")]
    assert list(current_key_store().names())
