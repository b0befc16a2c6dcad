"""The history of the codes and seals of an instrument: what was put on, replaced, moved, checked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from tests.ledger import ROLES, World, actor
from tests.pictures import nothing_changes, what_is_left

from jialiang.base.identifiers.selectors import identifier_of
from jialiang.base.instrument_marks import errors
from jialiang.base.instrument_marks.selectors import (
    IdentityCheck,
    InstrumentMark,
    carriers_of,
    identity_checks,
    instrument_mark,
    marks_in_place,
    marks_of,
)
from jialiang.base.instruments.errors import InstrumentUnknown
from jialiang.formats.codes.found_marks import CarriedCode
from jialiang.functions import instrument_marks as verbs
from jialiang.functions.instrument_marks import MarkFacts
from jialiang.kernel.errors import NotAllowed
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.policy import roles_for
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

SEAL = MarkFacts(role="seal", code="F 0001", put_by="热工室", put_on=date(2026, 6, 1))
RECORDED = ("production", "repair", "verification", "seal")


@pytest.fixture
def scale(world):
    return world.instrument(serial_number="S-1")


def put(world: World, row, code: str = "F 0001", role: str = "seal", later: int = 0):
    return verbs.record(
        actor=world.person("technician"),
        instrument_id=row.id,
        facts=replace(SEAL, code=code, role=role),
        now=world.now + timedelta(minutes=later),
    )


def take_off(world: World, mark, reason: str = "破损", later: int = 0):
    return verbs.remove(
        actor=world.person("technician"), mark_id=mark.id, reason=reason, now=world.now + timedelta(minutes=later)
    )


def look(world: World, row, *found, later: int = 0):
    return verbs.check_identity(
        actor=world.person("technician"),
        instrument_id=row.id,
        found=[CarriedCode(*each) for each in found],
        now=world.now + timedelta(minutes=later),
    )


def said(check):
    return [each["outcome"] for each in check.findings]


def test_each_deed_leaves_one_record_and_one_event(world, scale):
    with what_is_left() as left:
        mark = put(world, scale)
        check = look(world, scale, ("seal", "F 0002"))
        take_off(world, mark)
    verbs_done = ["instrument_mark.record", "instrument_mark.check", "instrument_mark.remove"]
    assert [action for action, _ in left.recorded] == verbs_done
    assert [name for name, _ in left.told] == [
        "instrument_mark.recorded", "instrument_mark.checked", "instrument_mark.removed",
    ]  # fmt: skip
    recorded, checked, removed = (detail for _, detail in left.recorded)
    assert (recorded["role"], recorded["code"]) == ("seal", "F 0001")
    assert (checked["agrees"], checked["findings"]) == (False, check.findings)
    assert (removed["code"], removed["reason"]) == ("F 0001", "破损")
    assert all(detail["instrument_id"] == str(scale.id) for detail in (recorded, checked, removed))


def test_events_name_the_instrument_and_keep_the_codes_to_themselves(world, scale):
    with what_is_left() as left:
        take_off(world, put(world, scale, "SECRET-1"))
    assert all(data["instrument_id"] == str(scale.id) for _, data in left.told)
    assert not any("SECRET-1" in repr(data) for _, data in left.told)


def test_a_seal_that_is_replaced_three_times_keeps_all_its_numbers(world, scale):
    for number in range(4):
        mark = put(world, scale, f"F {number}", later=2 * number)
        if number < 3:
            take_off(world, mark, f"第 {number} 次", later=2 * number + 1)
    history = marks_of(scale.id)
    assert [each.code for each in history] == ["F 3", "F 2", "F 1", "F 0"]
    assert [each.state for each in history] == ["in_place", *["removed"] * 3]
    assert [each.state_reason for each in history] == ["", "第 2 次", "第 1 次", "第 0 次"]
    assert [each.code for each in marks_in_place(scale.id)] == ["F 3"]
    assert all(each.removed_at > each.created_at for each in history[1:])


@pytest.mark.parametrize("times", [1, 2, 5])
def test_the_same_number_is_put_on_again_as_often_as_it_was_taken_off(world, scale, times):
    for turn in range(times):
        take_off(world, put(world, scale, later=turn), later=turn)
    put(world, scale)
    with nothing_changes(), pytest.raises(errors.MarkExists):
        put(world, scale, "f0001")
    assert [each.state for each in marks_of(scale.id)].count("removed") == times


def test_a_seal_that_moves_to_another_instrument_is_foreign_until_it_is_taken_off_there(world, scale):
    other = world.instrument(serial_number="S-2")
    put(world, scale, "F 1")
    on_other = put(world, other, "F 9")
    assert said(look(world, scale, ("seal", "F 9"))) == ["foreign"]
    take_off(world, on_other)
    assert said(look(world, scale, ("seal", "F 9"))) == ["differs"]
    put(world, scale, "F 9")
    assert said(look(world, scale, ("seal", "F 1"), ("seal", "F 9"))) == ["agrees", "agrees"]


def test_two_instruments_may_carry_the_same_number_and_each_agrees_with_itself(world, scale):
    other = world.instrument(serial_number="S-2")
    put(world, scale)
    put(world, other)
    assert look(world, scale, ("seal", "F 0001")).agrees
    assert look(world, other, ("seal", "F 0001")).agrees
    assert carriers_of(["f 0001"]) == {"f0001": {scale.id, other.id}}


WAYS = {"right": ("F 0001", "agrees"), "wrong": ("F 0009", "differs"), "gone": (None, "missing")}


@pytest.mark.parametrize("ways", list(product(WAYS, repeat=4))[::5], ids="-".join)
def test_four_roles_are_judged_apart(world, scale, ways):
    for role in RECORDED:
        put(world, scale, role=role)
    found = [(role, WAYS[way][0]) for role, way in zip(RECORDED, ways, strict=True) if WAYS[way][0]]
    if not found:
        with pytest.raises(errors.NothingToCompare):
            look(world, scale, *found)
        return
    check = look(world, scale, *found)
    by_role = {each["role"]: each["outcome"] for each in check.findings}
    assert by_role == {role: WAYS[way][1] for role, way in zip(RECORDED, ways, strict=True)}
    assert check.agrees is (set(ways) == {"right"})


def test_a_check_stays_as_it_was_when_the_codes_change_afterwards(world, scale):
    mark = put(world, scale)
    first = look(world, scale, ("seal", "F 0001"))
    take_off(world, mark)
    put(world, scale, "F 0002")
    second = look(world, scale, ("seal", "F 0001"), later=1)
    kept = {each.id: (each.agrees, said(each)) for each in identity_checks(scale.id)}
    assert kept == {first.id: (True, ["agrees"]), second.id: (False, ["differs"])}
    assert [each.id for each in identity_checks(scale.id)] == [second.id, first.id]


def test_only_the_latest_fifty_checks_are_told_and_none_is_lost(world, scale):
    put(world, scale)
    for number in range(52):
        look(world, scale, ("seal", f"F {number}"), later=number)
    told = identity_checks(scale.id)
    assert len(told) == 50
    assert told[0].findings[0]["found"] == "F 51"
    assert IdentityCheck.objects.filter(instrument_id=scale.id).count() == 52


def test_who_looked_stands_on_the_check(world, scale):
    put(world, scale)
    check = look(world, scale, ("seal", "F 0001"))
    assert (check.person_name, check.at) == ("李四", world.now)
    assert check.person_id


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", ["record", "remove", "check"])
def test_every_role_may_what_the_policy_says_and_nothing_else(world, scale, role, deed):
    mark = put(world, scale)
    me = actor(world.tenant_id, world.now, role, organization_id=world.dairy_id if role == "customer" else None)
    do = {
        "record": lambda: verbs.record(
            actor=me, instrument_id=scale.id, facts=replace(SEAL, code="F 2"), now=world.now
        ),
        "remove": lambda: verbs.remove(actor=me, mark_id=mark.id, reason="x", now=world.now),
        "check": lambda: verbs.check_identity(
            actor=me, instrument_id=scale.id, found=[CarriedCode("seal", "F 0001")], now=world.now
        ),
    }[deed]
    if role in roles_for(f"instrument_mark.{deed}"):
        with what_is_left() as left:
            do()
        assert [action for action, _ in left.recorded] == [f"instrument_mark.{deed}"]
        return
    with nothing_changes(), pytest.raises(NotAllowed):
        do()


@pytest.mark.parametrize("deed", ["record", "remove", "check"])
def test_a_customer_reaches_no_instrument_of_another_customer(world, deed):
    others = world.instrument(owner_id=world.mill_id, serial_number="mill-1")
    mark = put(world, others)
    me = actor(world.tenant_id, world.now, "customer", organization_id=world.dairy_id)
    do = {
        "record": lambda: verbs.record(actor=me, instrument_id=others.id, facts=SEAL, now=world.now),
        "remove": lambda: verbs.remove(actor=me, mark_id=mark.id, reason="x", now=world.now),
        "check": lambda: verbs.check_identity(
            actor=me, instrument_id=others.id, found=[CarriedCode("", "F 0001")], now=world.now
        ),
    }[deed]
    with nothing_changes(), pytest.raises(NotAllowed):
        do()


def test_what_is_not_there_is_unknown_to_every_verb(world):
    class Nowhere:
        id = new_id(world.now)

    for deed, refusal in (
        (lambda: put(world, Nowhere), InstrumentUnknown), (lambda: take_off(world, Nowhere), errors.MarkUnknown),
        (lambda: look(world, Nowhere, ("", "x")), InstrumentUnknown),
        (lambda: instrument_mark(Nowhere.id), errors.MarkUnknown),
    ):  # fmt: skip
        with nothing_changes(), pytest.raises(refusal):
            deed()


def test_another_institute_sees_neither_codes_nor_checks_nor_carriers(world, scale):
    mark = put(world, scale)
    look(world, scale, ("seal", "F 0001"))
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-marks", name=Text("另一机构"), now=world.now)
    with scope(other.id):
        assert marks_of(scale.id) == [] == marks_in_place(scale.id)
        assert identity_checks(scale.id) == []
        assert carriers_of(["F 0001"]) == {}
        with pytest.raises(errors.MarkUnknown):
            instrument_mark(mark.id)
        with pytest.raises(errors.MarkUnknown):
            take_off(World(other.id, world.now, other.id, other.id, other.id), mark)


@pytest.mark.parametrize("reason", ["", " ", "\u3000\t\n", "x" * 201])
def test_a_removal_without_a_reason_that_can_be_read_is_refused(world, scale, reason):
    mark = put(world, scale)
    with nothing_changes(), pytest.raises(errors.MarkMember) as refused:
        take_off(world, mark, reason)
    assert refused.value.facts["member"].en == "reason for taking it off"


@pytest.mark.parametrize("count", [1, 50])
def test_up_to_fifty_codes_are_compared_and_blanks_are_not_counted(world, scale, count):
    put(world, scale, "x0")
    check = look(world, scale, *((("", f"x{number}")) for number in range(count)), ("seal", "  "), ("", "\t"))
    assert len(check.findings) == count
    assert said(check)[0] == "agrees"


def test_the_identifier_of_the_platform_neither_lacks_when_absent_nor_stands_in_for_a_seal(world, scale, settings):
    put(world, scale)
    name = identifier_of("instrument", scale.id).text
    assert look(world, scale, ("seal", "F 0001")).agrees, "a label may be gone"
    alone = look(world, scale, ("", f"{settings.JIALIANG.public_url}/{name}"))
    assert sorted(said(alone)) == ["agrees", "missing"]
    assert [each["role"] for each in alone.findings if each["outcome"] == "missing"] == ["seal"]


def test_a_code_is_kept_as_it_was_typed_and_compared_as_it_is_meant(world, scale):
    mark = put(world, scale, "aB 12-c")
    assert (instrument_mark(mark.id).code, mark.code_folded) == ("aB 12-c", "ab12-c")
    check = look(world, scale, ("seal", "AB12 -C"))
    assert (check.agrees, check.findings[0]["found"], check.findings[0]["expected"]) == (True, "AB12 -C", "aB 12-c")


def test_a_letter_that_grows_when_it_is_folded_still_fits_its_column(world, scale):
    mark = put(world, scale, "ŉ" * 100)
    assert len(InstrumentMark.objects.get(pk=mark.id).code_folded) == 200
    assert look(world, scale, ("seal", "ŉ" * 100)).agrees
