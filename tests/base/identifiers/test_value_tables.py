"""Values and codes of records one rule at a time: the last that fits, the first that does not, and what is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.base.identifiers.checks import (
    LARGEST_DATA,
    LATEST_MOMENT,
    MOST_VALUES,
    checked_codes,
    checked_name,
    checked_template,
    checked_values,
    modified,
    put,
    removed,
    stamped,
)
from jialiang.base.identifiers.errors import BadCode, BadValue, TemplateBroken, ValueTaken, ValueUnknown
from jialiang.base.identifiers.records import RecordCode, read_codes, written_codes
from jialiang.formats.handle.admins import ALL_PERMISSIONS, AdminRecord, value_list_octets
from jialiang.formats.handle.names import BadHandle
from jialiang.formats.handle.values import HandleReference, HandleValue

URL = HandleValue(1, "URL", b"https://example.org/")
TWO = 2**31


def reference(index: int, handle: str) -> dict[str, tuple[HandleReference, ...]]:
    return {"references": (HandleReference(index, handle),)}


FITS = {
    "the first index": {"index": 1}, "the last index": {"index": TWO - 1},
    "a type of one letter": {"type": "x"}, "a type of 128": {"type": "T" * 128}, "a type in Chinese": {"type": "编号"},
    "a type with a blank": {"type": "MADE ON"}, "a type with dots": {"type": "HS_PUBKEY.X"},
    "no data": {"data": b""}, "bytes": {"data": bytes(range(256))},
    "no permissions": {"permissions": 0}, "all permissions": {"permissions": 15},
    "no time to live": {"ttl": 0}, "the longest time to live": {"ttl": TWO - 1},
    "a moment": {"ttl": LATEST_MOMENT, "ttl_absolute": True}, "the first moment": {"ttl": 0, "ttl_absolute": True},
    "a reference to no value": reference(0, "88.1/x"), "a reference to the last": reference(TWO - 1, "88.1/x"),
    "a reference of 2048": reference(1, "8/" + "x" * 2046), "a reference in Chinese": reference(1, "88.1/温度计"),
}  # fmt: skip
FAULTS = {
    # members, what is said in English
    "index 0": ({"index": 0}, "an index lies between"), "index -1": ({"index": -1}, "an index lies between"),
    "an index too large": ({"index": TWO}, "an index lies between"),
    "no type": ({"type": ""}, "a type is"), "a type of 129": ({"type": "T" * 129}, "a type is"),
    "a type of two lines": ({"type": "A\nB"}, "a type is"), "a type with a zero": ({"type": "A\0"}, "a type is"),
    "a half letter as type": ({"type": "\ud800"}, "a type is"), "an unseen letter": ({"type": "A\u200b"}, "a type is"),
    "permissions -1": ({"permissions": -1}, "four bits"), "permissions 16": ({"permissions": 16}, "four bits"),
    "a negative time": ({"ttl": -1}, "time to live"), "a time too long": ({"ttl": TWO}, "time to live"),
    "a moment too late": ({"ttl": LATEST_MOMENT + 1, "ttl_absolute": True}, "time to live"),
    "a moment before all": ({"ttl": -1, "ttl_absolute": True}, "time to live"),
    "a reference without a name": (reference(1, ""), "a reference is"),
    "a reference of index -1": (reference(-1, "88.1/x"), "a reference is"),
    "a reference too large": (reference(TWO, "88.1/x"), "a reference is"),
    "a reference too long": (reference(1, "8/" + "x" * 2047), "a reference is"),
    "a reference of two lines": (reference(1, "88.1/x\ny"), "a reference is"),
    "a reference with a zero": (reference(1, "88.1/\0"), "a reference is"),
}  # fmt: skip


@pytest.mark.parametrize("what", FITS)
def test_a_value_that_just_fits_is_kept_as_it_is(what: str):
    value = replace(URL, **FITS[what])
    assert checked_values([value]) == (value,)


@pytest.mark.parametrize("what", FAULTS)
def test_a_value_that_just_does_not_fit_is_refused_by_its_index_in_both_languages(what: str):
    members, told = FAULTS[what]
    value = replace(URL, **members)
    with pytest.raises(BadValue) as refused:
        checked_values([replace(URL, index=77), value] if value.index != 77 else [value])
    problem = refused.value
    assert (problem.code, problem.facts["index"]) == ("JL-IDE-006", value.index)
    assert told in problem.facts["reason"].en
    assert problem.facts["reason"].zh not in ("", problem.facts["reason"].en)


# types whose data have a form

ADMIN = AdminRecord("88.1/admin", 300, ALL_PERMISSIONS).octets()
LIST = value_list_octets((HandleReference(300, "88.1/a"), HandleReference(1, "88.1/b")))


@pytest.mark.parametrize("kind", ["HS_ADMIN", "hs_admin", "Hs_Admin"])
def test_an_administrator_is_read_whatever_the_case_of_its_type(kind: str):
    assert checked_values([HandleValue(100, kind, ADMIN)])
    for broken in (b"", ADMIN[:-1], ADMIN + b"x", b"\xff" * 30):
        with pytest.raises(BadValue) as refused:
            checked_values([HandleValue(100, kind, broken)])
        assert refused.value.facts["index"] == 100


@pytest.mark.parametrize("kind", ["HS_VLIST", "hs_vlist"])
def test_a_list_of_administrators_is_read_to_its_last_octet(kind: str):
    assert checked_values([HandleValue(200, kind, LIST)])
    assert checked_values([HandleValue(200, kind, value_list_octets(()))])
    for broken in (b"", LIST[:-1], LIST + b"\0", b"\x00\x00\x00\x09" + LIST[4:]):
        with pytest.raises(BadValue):
            checked_values([HandleValue(200, kind, broken)])


@pytest.mark.parametrize("kind", ["HS_SITE", "HS_NA_DELEGATE"])
@pytest.mark.parametrize("data", [b"", b"\x01", b"{}", b"\xff" * 64])
def test_a_site_that_no_client_could_read_is_refused(kind: str, data: bytes):
    with pytest.raises(BadValue):
        checked_values([HandleValue(3, kind, data)])


@pytest.mark.parametrize("kind", ["HS_ADMINS", "XHS_ADMIN", "HS_ADMIN.x", "URL", "EMAIL"])
def test_other_types_hold_any_octets(kind: str):
    assert checked_values([HandleValue(100, kind, b"\xff\x00")])[0].data == b"\xff\x00"


# sets of values


@pytest.mark.parametrize(
    ("number", "fits"), [(0, True), (1, True), (MOST_VALUES, True), (MOST_VALUES + 1, False)]
)
def test_a_record_has_a_thousand_values(number: int, fits: bool):
    values = [replace(URL, index=place) for place in range(number, 0, -1)]
    if fits:
        assert [value.index for value in checked_values(values)] == list(range(1, number + 1))
    else:
        with pytest.raises(BadValue) as refused:
            checked_values(values)
        assert str(MOST_VALUES) in refused.value.facts["reason"].zh


@pytest.mark.parametrize(
    "sizes", [(LARGEST_DATA,), (LARGEST_DATA - 1, 1), (1, LARGEST_DATA - 1), (0, LARGEST_DATA, 0)]
)
def test_the_data_of_a_record_fill_a_megabyte_and_not_one_byte_more(sizes: tuple[int, ...]):
    values = [HandleValue(place, "T", b"x" * size) for place, size in enumerate(sizes, 1)]
    assert len(checked_values(values)) == len(sizes)
    with pytest.raises(BadValue) as refused:
        checked_values([*values, HandleValue(9, "T", b"x")])
    assert refused.value.facts["index"] == max(values, key=lambda value: len(value.data)).index
    for words in (refused.value.facts["reason"].zh, refused.value.facts["reason"].en):
        assert str(LARGEST_DATA + 1) in words


INDEXES = st.lists(st.integers(1, 9), max_size=6, unique=True)


@settings(max_examples=50)
@given(INDEXES, st.randoms(use_true_random=False))
def test_the_order_in_which_values_are_given_does_not_matter(indexes: list[int], random):
    values = [replace(URL, index=index, data=str(index).encode()) for index in indexes]
    shuffled = random.sample(values, len(values))
    assert checked_values(shuffled) == checked_values(values) == checked_values(checked_values(shuffled))


@settings(max_examples=50)
@given(INDEXES, INDEXES)
def test_putting_twice_is_putting_once_and_taking_out_leaves_the_rest(
    have: list[int], given_indexes: list[int]
):
    before = [replace(URL, index=index) for index in have]
    new = [replace(URL, index=index, data=b"new") for index in given_indexes]
    once = put("n", before, new, overwrite=True)
    assert put("n", once, new, overwrite=True) == once
    assert {value.index for value in once} == set(have) | set(given_indexes)
    left = removed("n", once, given_indexes)
    assert {value.index for value in left} == set(have) - set(given_indexes)
    assert all(value.data != b"new" for value in left)


@pytest.mark.parametrize(
    ("taken", "told"), [([1], "1"), ([3, 1], "1, 3"), ([1, 2, 3], "1, 2, 3"), ([5, 1], "1"), ([5], None)]
)
def test_indexes_that_are_taken_are_all_named_in_their_order(taken: list[int], told: str | None):
    before = [replace(URL, index=index) for index in (1, 2, 3)]
    new = [replace(URL, index=index) for index in taken]
    if told is None:
        assert len(put("88.1/n", before, new, overwrite=False)) == 4
        return
    with pytest.raises(ValueTaken) as refused:
        put("88.1/n", before, new, overwrite=False)
    assert (refused.value.facts["indexes"], refused.value.facts["identifier"]) == (told, "88.1/n")


@pytest.mark.parametrize(
    ("asked", "told"), [([9], "9"), ([9, 7], "7, 9"), ([1, 9], "9"), ([], None), ([2, 1], None)]
)
def test_indexes_that_are_not_there_are_all_named_in_their_order(asked: list[int], told: str | None):
    before = [replace(URL, index=index) for index in (1, 2, 3)]
    deeds = (
        lambda: removed("88.1/n", before, asked),
        lambda: modified("88.1/n", before, [replace(URL, index=index, data=b"x") for index in asked]),
    )
    for deed in deeds:
        if told is None:
            deed()
            continue
        with pytest.raises(ValueUnknown) as refused:
            deed()
        assert refused.value.facts["indexes"] == told


@pytest.mark.parametrize("member", ["type", "data", "ttl", "ttl_absolute", "permissions", "references"])
def test_whatever_changes_of_a_value_gives_it_a_new_moment(member: str):
    changes = {
        "type": "EMAIL", "data": b"x", "ttl": 1, "ttl_absolute": True, "permissions": 8,
        "references": (HandleReference(1, "88.1/x"),),
    }  # fmt: skip
    old = replace(URL, timestamp=111)
    moment = datetime(2026, 6, 16, 7, 47, 30, 999_999, tzinfo=UTC)
    (same,) = stamped([replace(old, timestamp=5)], [old], moment)
    (other,) = stamped([replace(old, **{member: changes[member]})], [old], moment)
    assert same.timestamp == 111
    assert other.timestamp == int(datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC).timestamp())


# codes

GIAI, GTIN = RecordCode("GIAI", "40123459"), RecordCode("GTIN-13", "6901234567892")


@pytest.mark.parametrize(
    ("codes", "primary"),
    [
        ((), None), ((GIAI,), "GIAI"), ((GIAI, GTIN), "GIAI"), ((GTIN, GIAI), "GTIN-13"),
        ((GIAI, replace(GTIN, primary=True)), "GTIN-13"), ((replace(GIAI, primary=True), GTIN), "GIAI"),
    ],
)  # fmt: skip
def test_one_code_is_primary_the_first_where_none_says_so(codes: tuple[RecordCode, ...], primary: str | None):
    checked = checked_codes(codes)
    assert [code.system for code in checked] == [code.system for code in codes]
    assert [code.system for code in checked if code.primary] == ([primary] if primary else [])
    assert checked_codes(checked) == checked
    assert read_codes(written_codes(checked)) == checked


CODE_FAULTS = {
    "no system": RecordCode("", "1"), "a system of 41": RecordCode("S" * 41, "1"),
    "a system of two lines": RecordCode("A\nB", "1"), "a system with a zero": RecordCode("A\0", "1"),
    "no code": RecordCode("GIAI", ""), "a code of 201": RecordCode("GIAI", "1" * 201),
    "a code of two lines": RecordCode("GIAI", "1\r2"), "a code with a half letter": RecordCode("GIAI", "\udfff"),
}  # fmt: skip


@pytest.mark.parametrize("what", CODE_FAULTS)
@pytest.mark.parametrize("place", [0, 1])
def test_a_code_that_no_column_holds_is_refused_wherever_it_stands(what: str, place: int):
    codes = [GTIN]
    codes.insert(place, CODE_FAULTS[what])
    with pytest.raises(BadCode) as refused:
        checked_codes(codes)
    assert refused.value.code == "JL-IDE-011"
    assert refused.value.facts["reason"].zh
    str(refused.value.facts["given"]).encode()


@pytest.mark.parametrize("again", [GIAI, replace(GIAI, primary=True)])
def test_one_code_twice_is_refused_primary_or_not(again: RecordCode):
    with pytest.raises(BadCode, match="GIAI"):
        checked_codes([GIAI, GTIN, again])


def test_two_primary_codes_are_refused_by_the_second():
    with pytest.raises(BadCode) as refused:
        checked_codes([replace(GIAI, primary=True), replace(GTIN, primary=True)])
    assert refused.value.facts["system"] == "GTIN-13"
    assert "primary" in refused.value.facts["reason"].en


def test_two_systems_may_have_one_code_and_one_system_two():
    assert len(checked_codes([GIAI, replace(GIAI, system="OID"), replace(GIAI, code="40123460")])) == 3


# names and templates

NAMES = {
    "plain": ("88.101.5/T-1", True), "an empty suffix": ("88.101.5/", True), "slashes": ("88.1/a/b/", True),
    "Chinese": ("88.1/温度计 一号", True), "percent": ("88.1/a%2Fb", True), "emoji": ("88.1/🙂", True),
    "markup": ("88.1/<b>&\"'", True), "a Chinese prefix": ("温.1/x", True), "a prefix of 255": ("8" * 255 + "/x", True),
    "the longest name": ("8/" + "x" * 2046, True), "no slash": ("88.101.5", False), "no prefix": ("/x", False),
    "an empty part": ("88..5/x", False), "a zero": ("88.1/\0", False), "a line end": ("88.1/a\nb", False),
    "a blank before": (" 88.1/x", False), "a blank behind": ("88.1/x ", False), "nothing": ("", False),
    "a prefix of 256": ("8" * 256 + "/x", False), "a name too long": ("8/" + "x" * 2047, False),
}  # fmt: skip


@pytest.mark.parametrize("what", NAMES)
def test_a_name_is_taken_as_it_is_written_or_refused_with_its_fault(what: str):
    text, holds = NAMES[what]
    if holds:
        assert checked_name(text).text == text
    else:
        with pytest.raises(BadHandle) as refused:
            checked_name(text)
        assert refused.value.code == "JL-HDL-001"
        assert refused.value.facts["why"].zh != refused.value.facts["why"].en


@pytest.mark.parametrize(("template", "holds"), [("", True), ("1.0", True), ("版本 一", True), ("x" * 300, True),
                                                 ("x" * 301, False), ("a\nb", False), ("\0", False),
                                                 ("\u2028", False)])  # fmt: skip
def test_a_template_of_a_record_is_one_line_of_three_hundred_letters(template: str, holds: bool):
    if holds:
        assert checked_template("88.1/x", template) == template
    else:
        with pytest.raises(TemplateBroken) as refused:
            checked_template("88.1/x", template)
        assert "\0" not in str(refused.value.facts["template"])
