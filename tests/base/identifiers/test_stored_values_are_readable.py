"""Whatever may be stored can be published, and read back from there by the servers that answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.handle_strategies import references, sites, values

from jialiang.base.identifiers.checks import LATEST_MOMENT, checked_values
from jialiang.base.identifiers.errors import BadValue
from jialiang.formats.handle.admins import value_list_octets
from jialiang.formats.handle.json_values import answer_body, published_record
from jialiang.formats.handle.values import PUBLIC_READ, HandleRecord, HandleReference, HandleValue
from jialiang.integration.resolver.native_records import native_record

NAME = "88.101.5/ins-7"
URL = HandleValue(1, "URL", b"https://example.org")
TYPES = st.sampled_from(["URL", "HS_ADMIN", "hs_site", "HS_VLIST", "HS_NA_DELEGATE", "HS_PUBKEY", "10320/loc"])
ANY_VALUES = st.one_of(
    values,
    st.builds(replace, values, type=TYPES),
    st.builds(replace, values, type=st.text(min_size=100, max_size=300)),
    st.builds(lambda own, site: replace(own, type="HS_SITE", data=site.octets()), values, sites),
    st.builds(lambda own, own_list: replace(own, type="HS_VLIST", data=value_list_octets(own_list)), values,
              st.lists(references, max_size=3).map(tuple)),
)  # fmt: skip


@given(st.lists(ANY_VALUES, max_size=3))
def test_what_may_be_stored_is_read_back_from_its_published_form(given_values: list[HandleValue]):
    try:
        kept = checked_values([replace(value, permissions=value.permissions | PUBLIC_READ) for value in given_values])
    except BadValue as refused:
        assert refused.what.zh
        return
    body = answer_body(HandleRecord(NAME, kept))
    read = published_record(body).values
    assert [(value.index, value.type, value.ttl, value.references) for value in read] == [
        (value.index, value.type, value.ttl, value.references) for value in kept
    ]
    assert [place[0] for place in native_record((body, 1, 200, 1)).places] == [value.index for value in kept]


@pytest.mark.parametrize(
    ("type_name", "may_be"),
    [
        ("", False), ("A", True), ("T" * 128, True), ("T" * 129, False), ("量" * 128, True), ("量" * 129, False),
        ("A B", True), ("A\tB", False), ("A\nB", False), ("A\u200bB", False), ("A\u00a0B", False), ("\ud800", False),
        ("\x00", False), ("😀", True),
    ],
)  # fmt: skip
def test_a_type_is_stored_exactly_if_it_can_be_read_again(type_name: str, may_be: bool):
    value = replace(URL, type=type_name)
    if not may_be:
        with pytest.raises(BadValue) as caught:
            checked_values([value])
        assert caught.value.facts["index"] == 1
        return
    assert published_record(answer_body(HandleRecord(NAME, checked_values([value])))).values == (value,)


@pytest.mark.parametrize("type_name", ["HS_ADMIN", "hs_admin", "HS_VLIST", "HS_SITE", "Hs_Site", "HS_NA_DELEGATE"])
@pytest.mark.parametrize("data", [b"", b"x", b"\xff" * 40])
def test_a_structure_that_is_none_is_refused_for_every_type_that_has_a_form(type_name: str, data: bytes):
    with pytest.raises(BadValue) as caught:
        checked_values([HandleValue(7, type_name, data)])
    assert caught.value.facts["index"] == 7


@pytest.mark.parametrize("type_name", ["HS_PUBKEY", "HS_SITE.x", "URL", "HS_SECKEY", "HS_ADMIN.old"])
def test_other_types_hold_any_bytes(type_name: str):
    value = HandleValue(7, type_name, b"\xff\x00")
    assert published_record(answer_body(HandleRecord(NAME, checked_values([value])))).values == (value,)


EDGES = [
    ({"index": 0}, False), ({"index": 1}, True), ({"index": 2**31 - 1}, True), ({"index": 2**31}, False),
    ({"ttl": -1}, False), ({"ttl": 0}, True), ({"ttl": 2**31 - 1}, True), ({"ttl": 2**31}, False),
    ({"ttl": LATEST_MOMENT, "ttl_absolute": True}, True), ({"ttl": LATEST_MOMENT + 1, "ttl_absolute": True}, False),
    ({"ttl": 0, "ttl_absolute": True}, True), ({"permissions": 16}, False), ({"permissions": 15}, True),
    ({"references": (HandleReference(0, "a/b"),)}, True), ({"references": (HandleReference(-1, "a/b"),)}, False),
    ({"references": (HandleReference(2**31 - 1, "a/b"),)}, True),
    ({"references": (HandleReference(2**31, "a/b"),)}, False),
    ({"references": (HandleReference(1, ""),)}, False), ({"references": (HandleReference(1, "\ud800"),)}, False),
    ({"references": (HandleReference(1, "a" * 2048),)}, True),
    ({"references": (HandleReference(1, "a" * 2049),)}, False),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "may_be"), EDGES)
def test_every_number_of_a_value_has_a_limit_within_what_can_be_read(changes: dict, may_be: bool):
    value = replace(URL, **changes)
    if not may_be:
        with pytest.raises(BadValue):
            checked_values([value])
        return
    assert published_record(answer_body(HandleRecord(NAME, checked_values([value])))).values == (value,)
