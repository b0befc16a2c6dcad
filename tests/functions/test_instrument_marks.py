"""Codes and seals on instruments: recorded, taken off, compared with what is found; who may, and what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.ledger import World, actor
from tests.pictures import nothing_changes

from jialiang.base.identifiers.selectors import identifier_of
from jialiang.base.instrument_marks import errors
from jialiang.base.instrument_marks.selectors import (
    carriers_of,
    identity_checks,
    instrument_mark,
    marks_in_place,
    marks_of,
)
from jialiang.formats.codes.found_marks import CarriedCode
from jialiang.functions import instrument_marks as verbs
from jialiang.functions.instrument_marks import MarkFacts
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.kernel.errors import NotAllowed
from jialiang.security.audit.models import AuditRecord

MADE = MarkFacts(role="production", code="P-1001", put_by="远山仪表厂", put_on=date(2024, 3, 17))
SEAL = MarkFacts(role="seal", code="F 0001")
WRITERS = ("receptionist", "technician", "instrument_manager", "customer")
OTHERS = ("reviewer", "signatory", "auditor", "quality_manager", "identifier_operator")


def who(world: World, role: str = "technician"):
    return actor(world.tenant_id, world.now, role, organization_id=world.dairy_id if role == "customer" else None)


def put(world, row, facts=MADE, **more):
    return verbs.record(actor=who(world), instrument_id=row.id, facts=replace(facts, **more), now=world.now)


def check(world, row, *found, role="technician"):
    codes = [CarriedCode(*each) for each in found]
    return verbs.check_identity(actor=who(world, role), instrument_id=row.id, found=codes, now=world.now)


def outcomes(kept):
    return [(each["outcome"], each["found"]) for each in kept.findings]


@pytest.fixture
def thermometer(world):
    row = world.instrument()
    put(world, row)
    put(world, row, SEAL)
    return row


@pytest.mark.parametrize("role", WRITERS)
def test_whoever_handles_instruments_records_takes_off_and_checks(world, role):
    row, me = world.instrument(), who(world, role)
    mark = verbs.record(actor=me, instrument_id=row.id, facts=MADE, now=world.now)
    assert check(world, row, ("production", "p-1001"), role=role).agrees
    gone = verbs.remove(actor=me, mark_id=mark.id, reason=" 换  牌 ", now=world.now)
    assert (gone.state, gone.state_reason, gone.removed_at) == ("removed", "换 牌", world.now)
    assert (marks_in_place(row.id), [each.code for each in marks_of(row.id)]) == ([], ["P-1001"])


@pytest.mark.parametrize("role", OTHERS)
def test_others_change_nothing(world, thermometer, role):
    me, mark = who(world, role), marks_of(thermometer.id)[0]
    for deed in (
        lambda: verbs.record(actor=me, instrument_id=thermometer.id, facts=replace(SEAL, code="x"), now=world.now),
        lambda: verbs.remove(actor=me, mark_id=mark.id, reason="x", now=world.now),
        lambda: check(world, thermometer, ("seal", "F 0001"), role=role),
    ):
        with nothing_changes(), pytest.raises(NotAllowed):
            deed()


def test_the_regulator_checks_and_records_nothing(world, thermometer):
    assert not check(world, thermometer, ("", "F0001"), role="regulator").agrees
    with nothing_changes(), pytest.raises(NotAllowed):
        verbs.record(actor=who(world, "regulator"), instrument_id=thermometer.id, facts=SEAL, now=world.now)


def test_a_customer_reaches_the_own_instruments_only(world):
    others = world.instrument(owner_id=world.mill_id, serial_number="mill-1")
    with nothing_changes(), pytest.raises(NotAllowed):
        verbs.record(actor=who(world, "customer"), instrument_id=others.id, facts=MADE, now=world.now)


@pytest.mark.parametrize(
    "more",
    [{"code": ""}, {"code": " "}, {"code": "x" * 101}, {"code": "a\nb"}, {"role": "owner"}, {"role": ""},
     {"role": "identifier"}, {"put_by": "y" * 101}],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_stored_is_refused(world, more):
    row = world.instrument()
    with nothing_changes(), pytest.raises(errors.MarkMember):
        put(world, row, **more)


def test_a_code_is_on_an_instrument_once_and_again_after_it_was_taken_off(world, thermometer):
    with nothing_changes(), pytest.raises(errors.MarkExists):
        put(world, thermometer, SEAL, code="f0001")
    put(world, thermometer, role="repair", code="F 0001")
    seal = next(each for each in marks_of(thermometer.id) if each.role == "seal")
    verbs.remove(actor=who(world), mark_id=seal.id, reason="破损", now=world.now)
    assert put(world, thermometer, SEAL).state == "in_place"


def test_taking_off_needs_a_reason_and_happens_once(world, thermometer):
    mark = marks_of(thermometer.id)[0]
    for reason in ("", " ", "x" * 201):
        with nothing_changes(), pytest.raises(errors.MarkMember):
            verbs.remove(actor=who(world), mark_id=mark.id, reason=reason, now=world.now)
    verbs.remove(actor=who(world), mark_id=mark.id, reason="破损", now=world.now)
    with nothing_changes(), pytest.raises(errors.MarkRemoved):
        verbs.remove(actor=who(world), mark_id=mark.id, reason="破损", now=world.now)
    with pytest.raises(errors.MarkUnknown):
        instrument_mark(thermometer.id)


def test_the_answer_is_kept_with_who_looked_and_leaves_record_and_event(world, thermometer):
    kept = check(world, thermometer, ("production", "P-1001"), ("seal", "F 0002"))
    [stored] = identity_checks(thermometer.id)
    assert (stored.id, stored.agrees, stored.person_name) == (kept.id, False, "李四")
    assert outcomes(stored) == [("agrees", "P-1001"), ("differs", "F 0002")]
    last = AuditRecord.objects.order_by("-seq").first()
    assert (last.action, last.detail["agrees"]) == ("instrument_mark.check", False)
    assert OutboxEvent.objects.order_by("-id").first().name == "instrument_mark.checked"


def test_what_was_taken_off_is_expected_no_more(world, thermometer):
    seal = next(each for each in marks_of(thermometer.id) if each.role == "seal")
    verbs.remove(actor=who(world), mark_id=seal.id, reason="破损", now=world.now)
    assert check(world, thermometer, ("production", "P-1001")).agrees
    assert outcomes(check(world, thermometer, ("production", "P-1001"), ("seal", "F 0001")))[-1] == (
        "unknown", "F 0001",
    )  # fmt: skip


def test_a_seal_of_another_instrument_is_told_with_its_name(world, thermometer):
    other = world.instrument(serial_number="2024-0999")
    put(world, other, SEAL, code="F 0999")
    kept = check(world, thermometer, ("production", "P-1001"), ("seal", "f0999"))
    assert kept.findings[-1]["outcome"] == "foreign"
    assert kept.findings[-1]["instrument"].endswith("2024-0999")
    assert kept.findings[-1]["expected"] == "F 0001"


def test_whose_it_is_stays_hidden_from_who_may_not_read_it(world, thermometer):
    others = world.instrument(owner_id=world.mill_id, serial_number="mill-1")
    put(world, others, SEAL, code="F 0999")
    kept = check(world, thermometer, ("seal", "F 0999"), role="customer")
    [foreign] = [each for each in kept.findings if each["outcome"] == "foreign"]
    assert foreign["instrument"] == "—"


@pytest.mark.parametrize("role", ["", "seal"])
def test_the_identifier_of_the_platform_counts_bare_or_scanned(world, thermometer, role, settings):
    name = identifier_of("instrument", thermometer.id).text
    both = (("production", "P-1001"), ("seal", "F 0001"))
    for code in (name, f"{settings.JIALIANG.public_url}/{name}"):
        kept = check(world, thermometer, *both, (role, code))
        assert kept.agrees, kept.findings
        assert kept.findings[-1]["role"] == "identifier"


def test_the_identifier_of_another_instrument_is_foreign(world, thermometer):
    other = world.instrument(serial_number="2024-0999")
    kept = check(world, thermometer, ("", identifier_of("instrument", other.id).text))
    assert kept.findings[0]["outcome"] == "foreign"
    assert kept.findings[0]["instrument"].endswith("2024-0999")


@pytest.mark.parametrize("found", [(), (("seal", " "),), tuple(("seal", f"F{n}") for n in range(51))])
def test_without_anything_to_compare_nothing_is_kept(world, thermometer, found):
    with nothing_changes(), pytest.raises(errors.NothingToCompare):
        check(world, thermometer, *found)


def test_an_instrument_without_codes_on_record_is_not_compared(world):
    row = world.instrument()
    with nothing_changes(), pytest.raises(errors.NothingToCompare):
        check(world, row, ("seal", "F 0001"))


def test_carriers_are_found_by_code_however_it_is_written(world, thermometer):
    assert carriers_of(["p - 1001", "none"]) == {"p-1001": {thermometer.id}}
