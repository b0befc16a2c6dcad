"""Attesting conformity: D-CoC and credential made once from a certificate in force, signed, frozen, bound to it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import timedelta

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from tests.formats.number_readers import numbers_in
from tests.functions import record_world
from tests.functions.record_world import PASSWORD, World, build_world

from jialiang.base.certificates import selectors
from jialiang.base.certificates.errors import (
    AttestationExpired,
    AttestationRefused,
    ConformityAttested,
    FileNotIssued,
    WrongCertificateState,
)
from jialiang.base.certificates.public_answers import content_of
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.errors import UnknownNotation
from jialiang.formats.credential.documents import read_credential
from jialiang.formats.credential.rules.checking import check_credential
from jialiang.formats.dcoc.documents import read_dcoc
from jialiang.formats.dcoc.errors import NotConforming
from jialiang.formats.dcoc.rules.checking import check_dcoc
from jialiang.formats.xades.verification import verify
from jialiang.functions import authenticity, calibrations, certificates
from jialiang.functions.certificate_attestation import (
    AttestationFacts,
    Issuer,
    attest,
    institute_did,
    made_attestation,
)
from jialiang.functions.certificate_forms import form_of, forms_attested
from jialiang.functions.certificates import Confirmation
from jialiang.functions.register_check import verify_stored_files
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.governance.storage.current import current_store
from jialiang.kernel.text import Text
from jialiang.security.accounts.errors import ConfirmationRefused
from jialiang.security.audit.selectors import page as audit_page
from jialiang.security.keys.selectors import authority_certificate, seal_for
from jialiang.security.policy import NotAuthorized
from jialiang.security.tenancy.scope import scope

FACTS = AttestationFacts(
    scheme_number="YZ-CS-02",
    scheme_title=Text("数字温度计符合性评定制度", "Conformity scheme for digital thermometers"),
    scheme_uri="https://institute.example/schemes/YZ-CS-02",
    scheme_version="2",
    scheme_valid_from="2026-01-01",
)
CONFIRMED = Confirmation(password=PASSWORD)
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")


@pytest.fixture
def world(tenant, now) -> World:
    with scope(tenant.id):
        return build_world(tenant, now)


@pytest.fixture
def issued(world):
    with scope(world.tenant.id):
        return record_world.issued_certificate(world, due_date_agreed=True, agreed_interval_months=12)


def attested(world: World, certificate, facts: AttestationFacts = FACTS, *, role="signatory", now=None, by=CONFIRMED):
    with scope(world.tenant.id):
        return attest(
            actor=world.people[role], certificate_id=certificate.id, facts=facts, confirmation=by,
            now=now or world.now,
        )  # fmt: skip


def stored(world: World, certificate, kind: str) -> bytes:
    with scope(world.tenant.id):
        return current_store().get(selectors.file_of(certificate.id, kind).sha256)


def acts(world: World) -> list:
    with scope(world.tenant.id):
        return [row for row in audit_page() if row.action == "certificate.attest"]


def test_both_documents_are_valid_and_signed_by_the_seal(world, issued):
    attested(world, issued)
    xml, token = stored(world, issued, "dcoc"), stored(world, issued, "credential")
    found = check_dcoc(read_dcoc(xml), world.now.date())
    assert {each.severity for each in found} <= {"hint"}, found
    assert verify(xml, (authority_certificate(),), world.now).holds
    found = check_credential(read_credential(token), world.now)
    assert {each.severity for each in found} <= {"hint"}, found
    with scope(world.tenant.id):
        seal = seal_for(world.tenant.id)
    header = jwt.get_unverified_header(token)
    carried = [x509.load_der_x509_certificate(base64.b64decode(each)) for each in header["x5c"]]
    assert carried == list(seal.chain[:-1])
    claims = jwt.decode(token, carried[0].public_key(), algorithms=["ES256"])
    assert claims["issuer"]["id"] == institute_did(world.tenant.slug)
    assert header["kid"].startswith(claims["issuer"]["id"] + "#")
    assert header["iat"] == int(world.now.timestamp())
    assert claims["credentialSubject"]["scope"]["version"] == "2"
    assert claims["credentialSubject"]["assessorLevel"] == "3rdParty"
    link = claims["credentialSubject"]["conformityCertificate"]
    assert link["hashDigest"] == hashlib.sha256(xml).hexdigest()


def test_they_say_what_the_certificate_says_with_every_digit(world, issued):
    attested(world, issued)
    with scope(world.tenant.id):
        content = content_of(selectors.certificate(issued.id))
    certificate = read_dcoc(stored(world, issued, "dcoc")).certificate
    assert (certificate.number, certificate.date) == (content.number, content.issue_date)
    assert certificate.validity.until == content.due_date
    assert certificate.identifier == content.check_url
    assert certificate.scheme.identifier == "YZ-CS-02"
    assert dict(certificate.category.title) == {"zh": "数字温度计", "en": "Digital thermometer"}
    said = dict(certificate.statement)
    stated = next(each for each in content.statements if each.conformity)
    assert said == {"zh": stated.declaration.zh, "en": stated.declaration.en}
    assert "0.2" in NUMBER.findall(said["en"])
    plain = json.dumps(read_credential(stored(world, issued, "credential")).document, ensure_ascii=False)
    for number in (*NUMBER.findall(stated.declaration.en), content.items[0].serial_number, content.number):
        assert number in plain
    assert f"{content.due_date}T23:59:59Z" in plain


def test_the_same_certificate_and_moment_give_the_same_bytes(world, issued):
    attested(world, issued)
    with scope(world.tenant.id):
        content = content_of(selectors.certificate(issued.id))
        issuer = Issuer(institute_did(world.tenant.slug), seal_for(world.tenant.id))
        again = {each.kind: each.data for each in made_attestation(content, FACTS, issuer, world.now)}
    assert again == {kind: stored(world, issued, kind) for kind in ("dcoc", "credential")}


def test_act_and_event_are_there_and_the_files_belong_to_the_certificate(world, issued):
    before = issued.version
    row = attested(world, issued)
    assert row.version == before + 1
    (act,) = acts(world)
    assert act.detail["files"]["dcoc"] == hashlib.sha256(stored(world, issued, "dcoc")).hexdigest()
    with scope(world.tenant.id):
        assert [file.kind for file in selectors.files_of(issued.id)] == [
            "xml", "pdf_zh", "pdf_en", "dcoc", "credential",
        ]  # fmt: skip
        assert OutboxEvent.objects.filter(name="certificate.attested").count() == 1
        assert [each for each in verify_stored_files(world.now) if each.grave == "damage"] == []


def test_the_public_answer_names_the_new_files_at_once(world, issued):
    attested(world, issued)
    answer = authenticity.check_by_code(number=issued.number, code=issued.check_code, now=world.now)
    names = [file.name.en for file in answer.certificate.files]
    assert "conformity credential (vc+jwt)" in names
    assert len(names) == 5


def test_a_second_time_is_refused_with_the_digest_of_what_there_is(world, issued):
    attested(world, issued)
    with pytest.raises(ConformityAttested) as refused:
        attested(world, issued, replace(FACTS, scheme_number="OTHER"))
    assert refused.value.facts["digest"] == hashlib.sha256(stored(world, issued, "dcoc")).hexdigest()
    assert len(acts(world)) == 1


def test_without_a_statement_of_conformity_there_is_nothing_to_attest(world):
    with scope(world.tenant.id):
        plain = record_world.issued_certificate(world, decision_rule="none")
    with pytest.raises(NotConforming) as refused:
        attested(world, plain)
    assert plain.number in refused.value.what.en
    assert acts(world) == []


def test_a_certificate_that_is_not_in_force_attests_nothing(world, issued):
    with scope(world.tenant.id):
        certificates.withdraw(
            actor=world.people["signatory"], certificate_id=issued.id, reason=Text("有误", "wrong"),
            confirmation=CONFIRMED, now=world.now,
        )  # fmt: skip
    with pytest.raises(WrongCertificateState):
        attested(world, issued)
    with scope(world.tenant.id):
        numbered = record_world.numbered_certificate(
            replace(world, thermometer_id=record_world.another_thermometer(world, "T-2"))
        )
    with pytest.raises(WrongCertificateState):
        attested(world, numbered)


def test_the_day_after_the_due_date_is_too_late(world, issued):
    with pytest.raises(AttestationExpired) as refused:
        attested(world, issued, now=world.now + timedelta(days=367))
    assert str(refused.value.facts["day"]) == issued.due_date.isoformat()


@pytest.mark.parametrize(
    "facts",
    [
        AttestationFacts(scheme_number=""),
        replace(FACTS, scheme_uri="no address"),
        replace(FACTS, scheme_valid_from="2026-13-01"),
    ],
)
def test_what_would_break_a_rule_is_refused_and_leaves_nothing(world, issued, facts):
    with pytest.raises(AttestationRefused) as refused:
        attested(world, issued, facts)
    assert refused.value.facts["rule"]
    with scope(world.tenant.id), pytest.raises(FileNotIssued):
        selectors.file_of(issued.id, "dcoc")
    assert acts(world) == []


@pytest.mark.parametrize("role", ["receptionist", "technician", "reviewer", "standards_keeper"])
def test_nobody_but_a_signatory_attests(world, issued, role):
    with pytest.raises(NotAuthorized):
        attested(world, issued, role=role)


def test_it_is_confirmed_by_the_own_password(world, issued):
    with pytest.raises(ConfirmationRefused):
        attested(world, issued, by=Confirmation(password="another one"))
    assert acts(world) == []


@pytest.mark.parametrize("kind", ["dcoc", "credential"])
def test_the_check_of_a_file_knows_it_and_its_status(world, issued, kind):
    attested(world, issued)
    data = stored(world, issued, kind)
    checked = authenticity.check_file(data=data, name=kind, now=world.now)
    assert (checked.verdict.verdict, checked.verdict.status) == ("genuine", "in_force")
    assert checked.answer.certificate.number == issued.number
    assert {check.outcome for check in checked.answer.checks} <= {"ok", "not_checked"}
    with scope(world.tenant.id):
        certificates.withdraw(
            actor=world.people["signatory"], certificate_id=issued.id, reason=Text("有误", "wrong"),
            confirmation=CONFIRMED, now=world.now,
        )  # fmt: skip
    assert authenticity.check_file(data=data, name=kind, now=world.now).verdict.verdict == "withdrawn"


def test_one_altered_letter_in_either_is_noticed(world, issued):
    attested(world, issued)
    xml = stored(world, issued, "dcoc").replace("数字温度计".encode(), "数字湿度计".encode(), 1)
    assert authenticity.check_file(data=xml, name="a", now=world.now).verdict.verdict == "altered"
    head, body, end = stored(world, issued, "credential").split(b".")
    payload = base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4))
    payload = payload.replace(b'"conformance":true', b'"conformance":false')
    forged = b".".join((head, base64.urlsafe_b64encode(payload).rstrip(b"="), end))
    assert forged != stored(world, issued, "credential")
    assert authenticity.check_file(data=forged, name="b", now=world.now).verdict.verdict == "altered"


def test_the_same_content_under_another_key_is_nothing_of_ours(world, issued, now):
    attested(world, issued)
    key = ec.generate_private_key(ec.SECP256R1())
    token = read_credential(stored(world, issued, "credential")).token
    forged = jwt.encode(token.payload, key, algorithm="ES256", headers=dict(token.header))
    assert authenticity.check_file(data=forged.encode(), name="c", now=now).verdict.verdict == "altered"


def test_a_token_that_carries_no_certificate_cannot_be_judged_offline(world, issued, now):
    attested(world, issued)
    token = read_credential(stored(world, issued, "credential")).token
    key = ec.generate_private_key(ec.SECP256R1())
    bare = jwt.encode(token.payload, key, algorithm="ES256", headers={"typ": "vc+jwt", "kid": "did:web:x#1"})
    with pytest.raises(Exception, match="JL-VC-011"):
        authenticity.check_file(data=bare.encode(), name="c", now=now)


def test_an_amended_certificate_takes_its_attestation_along(world, issued):
    attested(world, issued)
    data = stored(world, issued, "dcoc")
    with scope(world.tenant.id):
        signatory = world.people["signatory"]
        record = certificates.amend(
            actor=signatory, certificate_id=issued.id, reason=Text("改正", "mended"), now=world.now
        )
        calibrations.submit(actor=world.people["technician"], calibration_id=record.id, now=world.now)
        record_world.pass_review(world, record.id)
        numbered = record_world.approve(world, record.id)
        successor = certificates.finish(actor=world.worker(), certificate_id=numbered.id, now=world.now)
    assert authenticity.check_file(data=data, name="d", now=world.now).verdict.verdict == "superseded"
    attested(world, successor)
    certificate = read_dcoc(stored(world, successor, "dcoc")).certificate
    assert [each.number for each in certificate.previous] == [issued.number]
    assert certificate.revision == "1"


def test_issued_forms_are_handed_out_byte_for_byte_and_only_once_attested(world, issued):
    reader = world.people["reviewer"]
    with scope(world.tenant.id):
        with pytest.raises(FileNotIssued):
            form_of(actor=reader, certificate=issued.number, name="dcoc", wish=Wish("zh"))
        attested(world, issued)
        for name in ("dcoc", "credential"):
            made = form_of(actor=reader, certificate=issued.number, name=name, wish=Wish("zh"))
            assert made.data == stored(world, issued, name)
            assert made.name.startswith(issued.number)


@pytest.mark.parametrize("name", [each.name for each in forms_attested()])
def test_the_certificate_of_conformity_is_also_there_in_other_forms(world, issued, name, tmp_path):
    reader = world.people["reviewer"]
    attested(world, issued)
    with scope(world.tenant.id):
        for language in ("zh", "en"):
            made = form_of(actor=reader, certificate=issued.number, name=name, wish=Wish(language))
            assert made.name.startswith(f"{issued.number}.dcoc")
            assert "0.2" in numbers_in(made.data, tmp_path)
        with pytest.raises(UnknownNotation):
            form_of(actor=reader, certificate=issued.number, name="dcoc-csv", wish=Wish("zh"))
