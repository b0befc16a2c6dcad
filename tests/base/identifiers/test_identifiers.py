"""Identifiers: given once on the whole installation, forgiving to read, made from ids."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from jialiang.base.identifiers import checks, counting, errors, public_reads, selectors, services
from jialiang.base.identifiers.models import Identifier, IdentifierCount
from jialiang.base.identifiers.records import RecordCode
from jialiang.base.identifiers.stored_values import read_values, written_values
from jialiang.formats.gs1.links import BadGs1Link
from jialiang.formats.handle.names import BadHandle
from jialiang.formats.handle.values import HandleReference, HandleValue
from jialiang.kernel.ids import CROCKFORD, new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant


def mint(suffix, now, **members):
    members = {"subject_kind": "instrument", "subject_id": new_id(now), **members}
    return services.mint(suffix=suffix, now=now, **members)


def test_an_identifier_has_the_installation_s_prefix_and_a_lower_case_suffix(in_tenant, now):
    row = mint("YZ-2026-C-000001", now)
    assert row.text == f"{settings.JIALIANG.identifier_prefix}/yz-2026-c-000001"


def test_it_is_read_back_whatever_the_capitals_and_blanks(in_tenant, now):
    row = mint("abc-1", now)
    assert selectors.identifier(f"  {row.text.upper()} ").id == row.id
    assert selectors.identifier_of("instrument", row.subject_id).id == row.id
    assert selectors.identifier_of("certificate", row.subject_id) is None
    assert selectors.identifier_texts("instrument", [row.subject_id, new_id(now)]) == {row.subject_id: row.text}


def test_a_code_is_never_given_twice_not_even_to_another_institute(in_tenant, now):
    mint("abc-1", now)
    with pytest.raises(errors.IdentifierTaken):
        mint("ABC-1", now)
    other = create_tenant(slug="other-institute", name=Text("另一机构"), now=now)
    with scope(other.id), pytest.raises(errors.IdentifierTaken):
        mint("abc-1", now)


def test_of_two_who_ask_at_once_the_database_refuses_one(in_tenant, now, monkeypatch):
    mint("abc-1", now)
    monkeypatch.setattr(services, "is_taken", lambda name: False)
    with pytest.raises(errors.IdentifierTaken):
        mint("abc-1", now)
    assert Identifier.objects.count() == 1  # the transaction is still usable


BROKEN = ("", "88.1", "88.1/", "/a", "88..1/a", "88.1/-a", "88.1/a b", "88.1/ａ", "88.1/" + "a" * 121, "1" * 61 + "/a")


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_identifier_is_refused(text):
    with pytest.raises(errors.BadIdentifier):
        selectors.parsed(text)


def test_an_unknown_identifier_is_not_found(in_tenant):
    with pytest.raises(errors.IdentifierUnknown):
        selectors.identifier("88.1/nothing")


@given(st.uuids(), st.uuids())
def test_suffixes_made_from_ids_differ_as_the_ids_do_and_sort_as_they_do(one, other):
    first, second = services.suffix_of(one), services.suffix_of(other)
    assert (first < second) == (one.int < other.int)
    assert len(first) == 26
    assert selectors.parsed(f"88.1/{first}") == ("88.1", first)


def test_a_suffix_is_the_number_in_base_32():
    assert services.suffix_of(UUID(int=0)) == "0" * 26
    assert services.suffix_of(UUID(int=33)) == "0" * 24 + "11"
    assert services.suffix_of(UUID(int=31))[-1] == CROCKFORD[31].lower()


# --- what a record must be ---------------------------------------------------------------------------------------

URL = HandleValue(1, "URL", b"https://example.org/1")
REFUSED = {
    "index 0": replace(URL, index=0),
    "an index of more than 31 bits": replace(URL, index=2**31),
    "no type": replace(URL, type=""),
    "a type of two lines": replace(URL, type="U\nRL"),
    "a long type": replace(URL, type="T" * 256),
    "five bits": replace(URL, permissions=16),
    "a time to live before now": replace(URL, ttl=-1),
    "a time to live of more than 31 bits": replace(URL, ttl=2**31),
    "a moment of more than 32 bits": replace(URL, ttl=2**32, ttl_absolute=True),
    "a reference to nothing": replace(URL, references=(HandleReference(1, ""),)),
    "too many data": replace(URL, data=b"x" * (checks.LARGEST_DATA + 1)),
    "an administrator that cannot be read": replace(URL, type="HS_ADMIN", data=b"\x00"),
    "a list that cannot be read": replace(URL, type="hs_vlist", data=b"\x00\x00\x00\x09"),
}


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED)
def test_a_value_that_cannot_be_stored_is_refused_by_its_index(value):
    with pytest.raises(errors.BadValue) as refused:
        checks.checked_values((replace(URL, index=9), value))
    assert refused.value.facts["index"] == value.index
    assert refused.value.what.zh
    assert refused.value.what.en


def test_an_index_twice_and_too_many_values_are_refused():
    with pytest.raises(errors.BadValue):
        checks.checked_values((URL, URL))
    with pytest.raises(errors.BadValue):
        checks.checked_values(replace(URL, index=i) for i in range(1, checks.MOST_VALUES + 2))
    with pytest.raises(BadGs1Link):
        checks.checked_values((replace(URL, type="GS1_LINK", data=b"{}"),))
    with pytest.raises(BadHandle):
        checks.checked_name("1" * 256 + "/x")


VALUES = st.builds(
    HandleValue,
    index=st.integers(1, 2**31 - 1),
    type=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=20),
    data=st.binary(max_size=60) | st.text(st.characters(codec="utf-8"), max_size=60).map(str.encode),
    ttl=st.integers(0, 2**31 - 1),
    ttl_absolute=st.booleans(),
    timestamp=st.integers(0, 2**32 - 1),
    permissions=st.integers(0, 15),
    references=st.lists(
        st.builds(HandleReference, st.integers(0, 2**31 - 1), st.text("a/.1", min_size=1)), max_size=2
    ).map(tuple),
)


@given(st.lists(VALUES, max_size=6, unique_by=lambda value: value.index))
def test_values_are_read_back_as_they_were_written(values):
    text = written_values(values)
    assert read_values(text) == tuple(sorted(values, key=lambda value: value.index))
    assert "\x00" not in text  # which PostgreSQL refuses


def test_a_usual_value_costs_little_more_than_its_own_letters():
    text = written_values((replace(URL, timestamp=1781596050),))
    assert text == '[[1,"URL","https://example.org/1",86400,1781596050]]'
    assert written_values((URL,)) == '[[1,"URL","https://example.org/1"]]'


def test_what_stands_as_before_keeps_its_moment(now):
    before = checks.stamped((URL, replace(URL, index=2)), (), now)
    later = now + timedelta(days=1)
    after = checks.stamped((URL, replace(URL, index=2, data=b"x")), before, later)
    assert [value.timestamp for value in after] == [int(now.timestamp()), int(later.timestamp())]


# --- lists -------------------------------------------------------------------------------------------------------


def test_records_are_listed_by_prefix_state_name_code_and_owner(world, now):
    code = RecordCode("GIAI", "40123459")
    for name, owner in (("88.101.5/a", world.dairy_id), ("88.101.5/b", None), ("88.101.50/c", world.dairy_id)):
        services.register(
            services.NewRecord(name, organization_id=owner, codes=(code,) if name.endswith("b") else ()),
            actor=None, now=now,
        )  # fmt: skip

    def names(**wanted):
        found = selectors.records(**wanted)
        assert selectors.count_records(**wanted) == len(found)
        return [record.name for record in found]

    assert names(prefix="88.101.5") == ["88.101.5/b", "88.101.5/a"]
    assert names(name="88.101.5/A") == ["88.101.5/a"]
    assert names(code="40123459") == ["88.101.5/b"]
    assert names(organization_id=world.dairy_id, state="active") == ["88.101.50/c", "88.101.5/a"]
    assert names(state="retired") == []


def test_a_clock_that_went_back_does_not_turn_history_round(world, now):
    actor = world.person("identifier_operator")
    row = services.register(services.NewRecord("88.101.5/a", (URL,)), actor=actor, now=now)
    earlier = now - timedelta(hours=1)
    assert services.change(
        row, services.Edit(values=()), action="identifier.change", reason="", actor=actor, now=earlier
    )
    current = selectors.record("88.101.5/a")
    assert current.changed_at == now
    assert public_reads.record_at(current, now).version == 2
    assert public_reads.record_at(current, earlier) is None


def test_names_under_a_prefix_are_counted_from_those_that_were_there(world, now):
    for number in range(3):
        services.register(services.NewRecord(f"88.101.5/{number}"), actor=None, now=now)
    IdentifierCount.objects.all()._raw_delete("default")
    assert counting.registered_under("88.101.5", now) == 3
    services.register(services.NewRecord("88.101.5/next"), actor=None, now=now)
    assert counting.registered_under("88.101.5", now) == 4
    IdentifierCount.objects.all()._raw_delete("default")
    services.register(services.NewRecord("88.101.5/another"), actor=None, now=now)
    assert counting.registered_under("88.101.5", now) == 5
