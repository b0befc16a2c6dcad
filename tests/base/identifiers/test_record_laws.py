"""Laws of records below the verbs: history, reads as of a moment, how values become others, and what just fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from jialiang.base.identifiers import checks, errors, public_reads, selectors, services
from jialiang.base.identifiers.counting import registered_under
from jialiang.base.identifiers.models import IdentifierVersion
from jialiang.base.identifiers.records import RecordCode, read_codes, written_codes
from jialiang.base.identifiers.searching import names_with_values
from jialiang.formats.handle.names import BadHandle
from jialiang.formats.handle.values import HandleReference, HandleValue
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

NAME = "88.101.5/wlb-7"
URL = HandleValue(1, "URL", b"https://example.org/1")
NOTE = HandleValue(2, "NOTE", "乳品检验室".encode())
SMALL = st.builds(
    HandleValue, st.integers(1, 4), st.sampled_from(["URL", "NOTE"]), st.sampled_from([b"a", b"b"])
)
SETS = st.lists(SMALL, max_size=4, unique_by=lambda value: value.index).map(tuple)


@pytest.fixture
def actor(world):
    return world.person("identifier_operator")


@pytest.fixture
def row(world, now):
    return services.register(services.NewRecord(NAME, (URL,)), actor=None, now=now)


def plain(values):
    return sorted((value.index, value.type, value.data) for value in values)


# --- history -----------------------------------------------------------------------------------------------------


@hypothesis_settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(SETS, st.integers(-3, 5)), max_size=6))
def test_every_version_is_read_as_of_every_moment_that_it_stood(actor, now, steps):
    with transaction.atomic():
        row = services.register(services.NewRecord(NAME, (URL,)), actor=actor, now=now)
        written, clock = [(now, [(1, "URL", URL.data)])], now
        for values, minutes in steps:
            clock += timedelta(minutes=minutes)
            changed = services.change(
                row, services.Edit(values=values), action="identifier.change", actor=actor, now=clock
            )
            assert changed == (plain(values) != written[-1][1])
            if changed:
                written.append((max(clock, written[-1][0]), plain(values)))
        past = list(reversed(selectors.history(NAME)))
        assert [(one.record.changed_at, plain(one.record.record.values)) for one in past] == written
        assert IdentifierVersion.objects.filter(identifier=row.id).count() == len(written) - 1
        current = selectors.record(NAME)
        for moment, _ in written:
            last_then = [values for at, values in written if at <= moment][-1]
            assert plain(public_reads.record_at(current, moment).record.values) == last_then
        assert public_reads.record_at(current, now - timedelta(microseconds=1)) is None
        assert public_reads.record_at(current, written[-1][0] + timedelta(days=999)) == current
        transaction.set_rollback(True)


def test_a_version_begins_with_its_moment_to_the_microsecond(row, actor, now):
    later = now + timedelta(minutes=1)
    services.change(row, services.Edit(values=(NOTE,)), action="identifier.change", actor=actor, now=later)
    current, tick = selectors.record(NAME), timedelta(microseconds=1)
    told = [public_reads.record_at(current, moment).version for moment in (now, later - tick, later, later + tick)]
    assert told == [1, 1, 2, 2]


def test_history_keeps_who_why_codes_and_template_of_each_version(row, actor, now):
    edits = (
        (services.Edit(codes=(RecordCode("OID", "1.2"),)), "identifier.change", ""),
        (services.Edit(template="V2"), "identifier.change", "换模板"),
        (services.Edit(state="suspended"), "identifier.suspend", "召回"),
    )
    for edit, action, reason in edits:
        assert services.change(row, edit, action=action, reason=reason, actor=actor, now=now)
    told = [
        (one.record.version, one.action, one.reason, one.actor_name, one.record.state, one.record.template,
         [code.code for code in one.record.codes])
        for one in selectors.history(NAME)
    ]  # fmt: skip
    who = actor.name.zh
    assert told == [
        (4, "identifier.suspend", "召回", who, "suspended", "V2", ["1.2"]),
        (3, "identifier.change", "换模板", who, "active", "V2", ["1.2"]),
        (2, "identifier.change", "", who, "active", "", ["1.2"]),
        (1, "identifier.register", "", "", "active", "", []),
    ]


def test_a_change_that_fails_at_its_code_leaves_version_history_and_codes(row, actor, now):
    taken = RecordCode("OID", "1.2")
    services.register(services.NewRecord("88.101.5/other", codes=(taken,)), actor=None, now=now)
    locked = services.locked(NAME)
    with pytest.raises(errors.CodeTaken), transaction.atomic():
        services.change(
            locked, services.Edit(values=(NOTE,), codes=(taken,)), action="identifier.change", actor=actor, now=now
        )
    assert selectors.record(NAME).version == 1
    assert len(selectors.history(NAME)) == 1
    assert selectors.record_by_code("OID", "1.2").name == "88.101.5/other"


@pytest.mark.parametrize(("expected", "passes"), [(None, True), (1, True), (0, False), (2, False)])
def test_who_says_which_version_was_read_is_held_to_it(row, expected, passes):
    if passes:
        assert services.locked(NAME.upper(), expected).id == row.id
        return
    with pytest.raises(errors.IdentifierChanged) as refused:
        services.locked(NAME, expected)
    assert (refused.value.facts["read"], refused.value.facts["stored"]) == (expected, 1)


def test_another_institute_finds_neither_record_nor_history_nor_code_of_it(row, actor, now):
    services.change(
        row, services.Edit(codes=(RecordCode("OID", "1.2"),)), action="identifier.change", actor=actor, now=now
    )
    other = create_tenant(slug="other-institute", name=Text("另一机构"), now=now)
    with scope(other.id):
        for read in (selectors.record, selectors.history, services.locked, selectors.identifier):
            with pytest.raises(errors.IdentifierUnknown):
                read(NAME)
        with pytest.raises(errors.IdentifierUnknown):
            selectors.record_by_id(row.id)
        assert selectors.record_by_code("OID", "1.2") is None
        assert list(selectors.records(name=NAME)) == []
        assert selectors.is_taken(NAME)
        assert registered_under("88.101.5", now) == 0
        assert public_reads.record_anywhere(NAME).id == row.id
    assert registered_under("88.101.5", now) == 1


# --- how values become others ------------------------------------------------------------------------------------


@given(before=SETS, given_values=SETS)
def test_putting_is_adding_where_nothing_stands_and_twice_is_once(before, given_values):
    after = checks.put("n", before, given_values, overwrite=True)
    assert plain(checks.put("n", after, given_values, overwrite=True)) == plain(after)
    assert {value.index for value in after} == {value.index for value in (*before, *given_values)}
    assert set(given_values) <= set(after)
    taken = {value.index for value in before} & {value.index for value in given_values}
    if taken:
        with pytest.raises(errors.ValueTaken) as refused:
            checks.put("n", before, given_values, overwrite=False)
        assert refused.value.facts["indexes"] == ", ".join(map(str, sorted(taken)))
    else:
        assert checks.put("n", before, given_values, overwrite=False) == after


@given(before=SETS, given_values=SETS)
def test_what_was_added_can_be_removed_again(before, given_values):
    fresh = [value for value in given_values if value.index not in {old.index for old in before}]
    after = checks.put("n", before, fresh, overwrite=False)
    assert plain(checks.removed("n", after, [value.index for value in fresh])) == plain(before)


@given(before=SETS, given_values=SETS)
def test_modifying_needs_every_index_and_keeps_all_of_them(before, given_values):
    missing = {value.index for value in given_values} - {value.index for value in before}
    if missing:
        with pytest.raises(errors.ValueUnknown) as refused:
            checks.modified("n", before, given_values)
        assert refused.value.facts["indexes"] == ", ".join(map(str, sorted(missing)))
    else:
        after = checks.modified("n", before, given_values)
        assert [value.index for value in after] == [value.index for value in before]


@pytest.mark.parametrize("overwrite", [True, False])
def test_one_index_twice_in_one_call_is_refused(overwrite):
    with pytest.raises(errors.BadValue) as refused:
        checks.put("n", (URL,), (NOTE, replace(NOTE, data=b"x")), overwrite=overwrite)
    assert refused.value.facts["index"] == 2


@given(before=SETS, after=SETS, minutes=st.integers(0, 60))
def test_a_value_that_stood_keeps_its_moment_and_every_other_gets_the_new_one(before, after, minutes):
    now = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)
    old = checks.stamped(before, (), now)
    later = now + timedelta(minutes=minutes)
    for value in checks.stamped(after, old, later):
        stood = replace(value, timestamp=0) in before
        assert value.timestamp == int((now if stood else later).timestamp())


# --- what fits ---------------------------------------------------------------------------------------------------

FITS = {
    "the largest index": replace(URL, index=checks.LARGEST_INDEX),
    "the longest type": replace(URL, type="T" * checks.LONGEST_TYPE),
    "all four bits": replace(URL, permissions=15),
    "no bit": replace(URL, permissions=0),
    "no time to live": replace(URL, ttl=0),
    "the longest time to live": replace(URL, ttl=2**31 - 1),
    "the last moment": replace(URL, ttl=2**32 - 1, ttl_absolute=True),
    "no data": replace(URL, data=b""),
    "as many data as a record holds": replace(URL, data=b"x" * checks.LARGEST_DATA),
    "a reference to index 0": replace(URL, references=(HandleReference(0, "88.1/x"),)),
    "a type in Chinese": replace(URL, type="出厂编号"),
}


@pytest.mark.parametrize("value", FITS.values(), ids=FITS)
def test_a_value_at_its_limit_fits(value):
    assert checks.checked_values((value,)) == (value,)


def test_a_thousand_values_fit_in_the_order_of_their_indexes():
    values = [replace(URL, index=index) for index in range(checks.MOST_VALUES, 0, -1)]
    assert [value.index for value in checks.checked_values(values)] == list(range(1, checks.MOST_VALUES + 1))


def test_of_too_many_data_the_largest_value_is_told():
    half = checks.LARGEST_DATA // 2
    values = (replace(URL, data=b"x" * half), replace(NOTE, data=b"y" * (half + 1)))
    with pytest.raises(errors.BadValue) as refused:
        checks.checked_values(values)
    assert refused.value.facts["index"] == 2
    assert str(checks.LARGEST_DATA) in refused.value.what.en


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        (RecordCode("S" * checks.LONGEST_SYSTEM, "1"), True),
        (RecordCode("S" * (checks.LONGEST_SYSTEM + 1), "1"), False),
        (RecordCode("OID", "1" * checks.LONGEST_CODE), True),
        (RecordCode("OID", "1" * (checks.LONGEST_CODE + 1)), False),
        (RecordCode("", "1"), False),
        (RecordCode("OID", ""), False),
        (RecordCode("OID", "1\n2"), False),
        (RecordCode("O\x00D", "1"), False),
    ],
)
def test_system_and_code_are_lines_that_their_columns_hold(code, fits):
    if fits:
        assert checks.checked_codes((code,)) == (replace(code, primary=True),)
        return
    with pytest.raises(errors.BadCode) as refused:
        checks.checked_codes((code,))
    assert "\x00" not in str(refused.value.to_json())


@pytest.mark.parametrize(("letters", "fits"), [(255, True), (256, False)])
def test_the_longest_prefix_of_a_name(letters, fits):
    name = "1" * letters + "/x"
    if fits:
        assert checks.checked_name(name).text == name
    else:
        with pytest.raises(BadHandle):
            checks.checked_name(name)


@pytest.mark.parametrize(
    ("template", "fits"), [("t" * 300, True), ("t" * 301, False), ("a\nb", False), ("\x00", False)]
)
def test_a_template_is_a_line_that_its_column_holds(world, actor, now, template, fits):
    new = services.NewRecord(NAME, (URL,), template=template)
    if fits:
        row = services.register(new, actor=None, now=now)
        assert selectors.record(NAME).template == template
        assert not services.change(
            row, services.Edit(template=template), action="identifier.change", actor=actor, now=now
        )
        return
    with pytest.raises(errors.TemplateBroken):
        services.register(new, actor=None, now=now)
    row = services.register(replace(new, template=""), actor=None, now=now)
    with pytest.raises(errors.TemplateBroken) as refused:
        services.change(row, services.Edit(template=template), action="identifier.change", actor=actor, now=now)
    assert refused.value.facts["identifier"] == NAME
    assert selectors.record(NAME).version == 1


@given(st.lists(st.builds(RecordCode, st.text(max_size=5), st.text(max_size=5), st.booleans()), max_size=4))
def test_codes_are_read_back_as_they_were_written(codes):
    assert read_codes(written_codes(codes)) == tuple(codes)


# --- searching ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        ({"URL": "*example*"}, ["a", "b"]),
        ({"URL": "*EXAMPLE.ORG/a"}, ["a"]),
        ({"url": "https://example.org/?"}, []),
        ({"URL": "*", "NOTE": "*检验*"}, ["b"]),
        ({"NOTE": "*"}, ["b"]),
        ({"NOTE": "**"}, ["b"]),
        ({"NOTE": "检验"}, []),
        ({"URL": '*"quoted\\*'}, ["c"]),
        ({"HIDDEN": "*"}, []),
        ({"URL": ""}, []),
        ({"URL": "*%*"}, []),
        ({"URL": "*_*"}, []),
    ],
)
def test_names_are_found_by_patterns_of_their_public_values(world, now, patterns, found):
    hidden = HandleValue(3, "HIDDEN", b"x", permissions=0b1100)
    records = {
        "a": (replace(URL, data=b"https://example.org/a"), hidden),
        "b": (replace(URL, data=b"https://example.org/b"), NOTE),
        "c": (replace(URL, data=b'say "quoted\\ text'),),
    }
    for suffix, values in records.items():
        services.register(
            services.NewRecord(f"88.101.5/{suffix}", values, organization_id=world.dairy_id), actor=None, now=now
        )
    for state in ("reserved", "suspended", "retired"):
        services.register(
            services.NewRecord(f"88.101.5/{state}", (NOTE, URL), state=state, organization_id=world.dairy_id),
            actor=None, now=now,
        )  # fmt: skip
    told = names_with_values(patterns, organization_id=world.dairy_id)
    assert told == [f"88.101.5/{suffix}" for suffix in found]
    assert names_with_values(patterns, organization_id=world.mill_id) == []
    assert names_with_values(patterns, organization_id=world.dairy_id, prefix="88.101.50") == []
    assert names_with_values(patterns, organization_id=world.dairy_id, limit=1) == told[:1]
