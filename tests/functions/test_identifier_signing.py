"""The platform signs what speaks of calibrations as it writes it, and anew whatever changes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from tests.functions.prefix_verbs import ITEMS, add_prefix, customer, operator

from jialiang.base.identifier_templates.facts import TemplateFacts
from jialiang.base.identifiers import batch_services
from jialiang.base.identifiers.public_reads import record_anywhere
from jialiang.base.identifiers.selectors import history, identifier_of
from jialiang.formats.handle.trust import certified_key, key_to_json
from jialiang.formats.handle.trust_reports import Finding
from jialiang.formats.handle.values import USUAL_PERMISSIONS, HandleValue
from jialiang.functions import (
    identifier_resigning,
    identifier_templates,
    identifiers,
    instruments,
    prefixes,
    signing_keys,
)
from jialiang.functions.identifier_batches import BatchItem
from jialiang.functions.identifier_resigning import SIGN_JOB, sign_part
from jialiang.functions.identifier_signing import CALIBRATION_TYPES, is_calibration_relevant
from jialiang.functions.identifier_trust import sign_values, trust_report
from jialiang.functions.job_handlers import HANDLERS
from jialiang.governance.jobs.services import claim, complete
from jialiang.governance.publication.selectors import latest_version
from jialiang.kernel.text import Text
from jialiang.security.actor import system_actor
from jialiang.security.audit.models import AuditRecord
from jialiang.security.keys import pkcs8, services
from jialiang.security.keys.models import SigningKey
from jialiang.security.policy import NotAuthorized
from jialiang.security.tenancy.selectors import tenant
from jialiang.vocabulary.statuses import ItemReaders

PREFIX = settings.JIALIANG.identifier_prefix
NAME = "88.101.5/wlb-21"
URL = HandleValue(1, "URL", b"https://example.org/7")
DUE = HandleValue(2, "DUE_DATE", b"2027-06-15")
LATER = HandleValue(2, "DUE_DATE", b"2028-06-15")
HIDDEN = HandleValue(3, "CERTIFICATE", b"https://example.org/c", permissions=0b1100)


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    monkeypatch.setattr(pkcs8, "COST", 16)


def new_seal(world, now=None):
    institute = tenant(world.tenant_id)
    return services.issue_seal(institute, Text("示范计量院", "Institute"), "12370000MB0000000X", now or world.now)


@pytest.fixture
def desk(world):
    """The institute with a seal and a prefix that a customer holds."""
    services.create_authority(world.now)
    new_seal(world)
    prefixes.found(actor=world.person("system_administrator", "identifier_operator"), now=world.now)
    add_prefix(world, "88.101.5")
    return world


def register(world, *values, name=NAME, actor=None):
    return identifiers.register(actor=actor or operator(world), name=name, values=values, now=world.now)


def signatures(name=NAME):
    return [value for value in record_anywhere(name).record.values if value.type == "HS_SIGNATURE"]


def worked_off(world, now):
    """Do the jobs that wait, as the worker does, and return how many there were."""
    number = 0
    while (leased := claim("worker", [SIGN_JOB], now, 60)) is not None:
        HANDLERS[leased.kind](leased, now)
        complete(leased, now)
        number += 1
    return number


@pytest.mark.parametrize("kind", [*CALIBRATION_TYPES, "due_date", "Certificate"])
def test_a_value_that_speaks_of_a_calibration_makes_its_record_relevant(kind):
    assert is_calibration_relevant("", [URL, HandleValue(2, kind, b"x")])


@pytest.mark.parametrize("kind", ["URL", "DUE", "CERTIFICATE.", "HS_CERT", "DUE_DATE_OLD", "NAME"])
def test_other_values_do_not(kind):
    assert not is_calibration_relevant("", [HandleValue(2, kind, b"x")])
    assert is_calibration_relevant("certificate", [])
    assert is_calibration_relevant("instrument", [HandleValue(2, kind, b"x")])
    assert not is_calibration_relevant("person", [])


def test_what_is_registered_is_signed_in_the_same_version_and_the_chain_is_there(desk):
    written = register(desk, URL, DUE, HIDDEN)
    assert written.version == 1
    assert [value.index for value in signatures()] == [401]
    found = trust_report(NAME, desk.now)
    assert (found.verdict, found.verified) == ("holds", (1, 2)), "what is hidden is not covered"
    seal = f"{PREFIX}/seal.{tenant(desk.tenant_id).slug}"
    assert all(record_anywhere(name) is not None for name in (f"{PREFIX}/0.0", seal))


def test_a_record_that_speaks_of_no_calibration_is_left_alone(desk):
    register(desk, URL)
    assert signatures() == []
    assert record_anywhere(f"{PREFIX}/0.0") is None, "no chain is published for nothing"


def test_hidden_values_alone_are_not_signed(desk):
    register(desk, HIDDEN)
    assert signatures() == []


def test_a_change_is_signed_anew_under_the_same_index(desk):
    register(desk, URL, DUE, HandleValue(401, "NOTE", b"taken"))
    before = signatures()
    changed = identifiers.modify_values(actor=operator(desk), name=NAME, values=[LATER], now=desk.now)
    assert changed.version == 2
    assert [value.index for value in signatures()] == [402]
    assert signatures()[0].data != before[0].data
    assert trust_report(NAME, desk.now).is_trusted


def test_the_same_values_without_their_signature_are_no_change(desk):
    register(desk, URL, DUE)
    later = desk.now + timedelta(hours=1)
    same = identifiers.replace_values(actor=operator(desk), name=NAME, values=[URL, DUE], now=later)
    assert (same.version, len(signatures())) == (1, 1)


def test_the_last_word_about_a_calibration_takes_the_signature_along_as_it_stood(desk):
    register(desk, URL, DUE)
    identifiers.remove_values(actor=operator(desk), name=NAME, indexes=[2], now=desk.now)
    found = trust_report(NAME, desk.now)
    assert (found.verdict, found.missing, found.verified) == ("changed", (2,), (1,))


def test_what_a_customer_writes_the_seal_does_not_answer_for(desk):
    register(desk, URL, DUE, actor=customer(desk))
    assert signatures() == []
    assert trust_report(NAME, desk.now).verdict == "not_signed"
    with pytest.raises(NotAuthorized):
        sign_values(actor=customer(desk), name=NAME, now=desk.now)
    sign_values(actor=operator(desk), name=NAME, now=desk.now)
    assert trust_report(NAME, desk.now).is_trusted


def test_a_customer_s_change_takes_a_signature_that_no_longer_says_the_values(desk):
    register(desk, URL, DUE)
    identifiers.modify_values(actor=customer(desk), name=NAME, values=[LATER], now=desk.now)
    assert signatures() == []
    identifiers.modify_values(actor=operator(desk), name=NAME, values=[DUE], now=desk.now)
    assert trust_report(NAME, desk.now).is_trusted


def test_a_customer_s_change_of_what_nobody_sees_leaves_the_signature(desk):
    register(desk, URL, DUE, HIDDEN)
    (before,) = signatures()
    hidden = replace(HIDDEN, data=b"https://example.org/d")
    identifiers.modify_values(actor=customer(desk), name=NAME, values=[hidden], now=desk.now)
    assert signatures()[0].data == before.data
    assert trust_report(NAME, desk.now).is_trusted


def test_an_old_signature_put_back_by_hand_does_not_pass_for_a_new_one(desk):
    register(desk, URL, DUE)
    (old,) = signatures()
    identifiers.modify_values(actor=operator(desk), name=NAME, values=[LATER], now=desk.now)
    identifiers.put_values(actor=customer(desk), name=NAME, values=[replace(old, index=405)], now=desk.now)
    assert [value.index for value in signatures()] == [401]
    assert trust_report(NAME, desk.now).is_trusted


def test_what_a_template_keeps_from_everyone_is_not_covered(desk):
    secret = replace(ITEMS[0], index=2002, type="CERTIFICATE_NUMBER", required=False, readers=ItemReaders.HOLDER)
    facts = TemplateFacts(prefix="88.101.5", code="V9", name=Text("温度计", "Thermometer"))
    row = identifier_templates.create(actor=customer(desk), facts=facts, items=(*ITEMS, secret), now=desk.now)
    identifier_templates.publish(actor=operator(desk), template_id=row.id, now=desk.now)
    values = [HandleValue(2000, "SERIAL", b"1"), HandleValue(2002, "CERTIFICATE_NUMBER", b"C-7")]
    identifiers.register(actor=operator(desk), name=NAME, values=values, template="V9", now=desk.now)
    found = trust_report(NAME, desk.now)
    assert (found.verdict, found.verified) == ("holds", (2000,))


def test_a_record_without_room_for_a_signature_is_written_all_the_same(desk):
    many = [HandleValue(index, "NOTE", b"x") for index in range(10, 910)]
    register(desk, DUE, *many)
    assert signatures() == []
    assert len(record_anywhere(NAME).record.values) == len(many) + 1


def test_without_a_seal_everything_is_written_unsigned(desk):
    SigningKey.objects.update(revoked_at=desk.now)
    assert register(desk, URL, DUE).version == 1
    assert signatures() == []
    identifiers.modify_values(actor=operator(desk), name=NAME, values=[LATER], now=desk.now)


def items(number, due=DUE):
    return [BatchItem(f"88.101.5/b{at}", (URL, due)) for at in range(number)]


def batch(world, mode, *, number=5, due=DUE, actor=None, dry_run=False):
    found = identifiers.register_many(
        actor=actor or operator(world), items=items(number, due), mode=mode, dry_run=dry_run, now=world.now
    )
    return {outcome.outcome for outcome in found}


def test_a_batch_is_signed_item_by_item_and_sent_again_changes_nothing(desk):
    assert batch(desk, "create") == {"created"}
    assert all(trust_report(f"88.101.5/b{at}", desk.now).is_trusted for at in range(5))
    assert batch(desk, "create") == {"unchanged"}
    assert batch(desk, "update") == {"unchanged"}
    assert batch(desk, "update", due=LATER) == {"updated"}
    assert all(trust_report(f"88.101.5/b{at}", desk.now).is_trusted for at in range(5))
    assert record_anywhere("88.101.5/b0").version == 2


def test_a_trial_says_what_would_become_and_publishes_no_chain(desk):
    before = latest_version()
    assert batch(desk, "create", dry_run=True) == {"created"}
    assert (record_anywhere(f"{PREFIX}/0.0"), latest_version()) == (None, before)
    batch(desk, "create")
    assert batch(desk, "update", dry_run=True) == {"unchanged"}


def test_a_batch_needs_no_more_queries_for_more_signatures(desk, django_assert_max_num_queries):
    batch(desk, "create", number=1)
    with django_assert_max_num_queries(60):
        batch(desk, "create", number=200)


def test_a_customer_s_batch_is_not_signed(desk):
    assert batch(desk, "create", actor=customer(desk)) == {"created"}
    assert signatures("88.101.5/b1") == []


def test_an_instrument_s_public_values_are_signed_when_the_ledger_changes(desk):
    instrument = desk.instrument()
    name = identifier_of("instrument", instrument.id).name
    assert signatures(name) == [], "nothing of it is public yet"
    model = next(value for value in record_anywhere(name).record.values if value.type == "MODEL")
    shown = replace(model, permissions=USUAL_PERMISSIONS)
    identifiers.put_values(actor=operator(desk), name=name, values=[shown], now=desk.now)
    assert trust_report(name, desk.now).verified == (model.index,)
    instruments.change(
        actor=desk.person("receptionist"), instrument_id=instrument.id, changes={"model": "WLB-22"},
        expected_version=1, now=desk.now,
    )  # fmt: skip
    assert trust_report(name, desk.now).is_trusted
    assert signatures(name)


def test_a_new_seal_signs_anew_what_the_old_one_signed_and_nothing_else(desk):
    register(desk, URL, DUE)
    register(desk, URL, DUE, name="88.101.5/theirs", actor=customer(desk))
    later = desk.now + timedelta(days=1)
    row = signing_keys.issue_seal(actor=desk.person("system_administrator"), now=later)
    assert worked_off(desk, later) == 1
    found = trust_report(NAME, later)
    assert found.is_trusted
    seal = certified_key(found.chain[0])
    assert SigningKey.objects.get(pk=row.pk).certificate_pem
    assert key_to_json(seal) != key_to_json(certified_key(found.chain[1]))
    assert signatures("88.101.5/theirs") == []
    versions = history(NAME)
    assert [(one.action, one.actor_name) for one in versions][0] == ("identifier.sign", "签发程序")
    assert AuditRecord.objects.filter(action="identifier.sign").count() == 1
    assert identifier_resigning.sign_part(actor=worker(desk), after=None, now=later) == 0, "twice changes nothing"


def worker(world):
    return system_actor(world.tenant_id, Text("签发程序", "issuing worker"), "worker")


def test_a_revoked_seal_breaks_the_chain_until_another_signs(desk):
    register(desk, URL, DUE)
    administrator = desk.person("system_administrator")
    row = SigningKey.objects.get()
    signing_keys.revoke(actor=administrator, signing_key_id=row.pk, reason="key_compromise", now=desk.now)
    found = trust_report(NAME, desk.now)
    assert (found.verdict, found.findings) == ("chain_broken", (Finding("no_chain"),))
    assert worked_off(desk, desk.now) == 1, "without a seal there is nothing to do"
    assert not trust_report(NAME, desk.now).is_trusted
    later = desk.now + timedelta(hours=1)
    signing_keys.issue_seal(actor=administrator, now=later)
    worked_off(desk, later)
    assert trust_report(NAME, later).is_trusted


def test_revoking_an_old_seal_leaves_the_certificate_of_the_new_one(desk):
    register(desk, URL, DUE)
    old = SigningKey.objects.get()
    administrator, later = desk.person("system_administrator"), desk.now + timedelta(days=1)
    signing_keys.issue_seal(actor=administrator, now=later)
    worked_off(desk, later)
    signing_keys.revoke(actor=administrator, signing_key_id=old.pk, reason="superseded", now=later)
    assert trust_report(NAME, later).is_trusted


def test_many_records_are_signed_part_by_part(desk, monkeypatch):
    monkeypatch.setattr(identifier_resigning, "AT_ONCE", 3)
    batch(desk, "create", number=7)
    later = desk.now + timedelta(days=1)
    signing_keys.issue_seal(actor=desk.person("system_administrator"), now=later)
    assert worked_off(desk, later) == 3, "three, three and one"
    assert all(trust_report(f"88.101.5/b{at}", later).is_trusted for at in range(7))


def test_retired_records_and_those_of_no_calibration_are_not_gone_through(desk):
    register(desk, URL, name="88.101.5/plain")
    register(desk, URL, DUE)
    register(desk, URL, DUE, name="88.101.5/gone")
    identifiers.retire(actor=operator(desk), name="88.101.5/gone", now=desk.now)
    rows = batch_services.rows_that_speak_of((), ("due_date",), None, 10)
    assert [row.name for row in rows] == [NAME]
    assert batch_services.rows_that_speak_of((), ("due_date",), rows[0].pk, 10) == []


def test_only_who_may_sign_starts_a_round(desk):
    with pytest.raises(NotAuthorized):
        sign_part(actor=customer(desk), after=None, now=desk.now)
