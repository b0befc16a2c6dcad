"""Object identifiers: arcs, roots, the arcs of China, and every way to write one wrongly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes import check
from jialiang.formats.codes.object_identifiers import LONGEST

ARCS = st.integers(0, 2**128).map(str)


@pytest.mark.parametrize(
    ("code", "root", "arcs", "last", "country"),
    [
        ("1.2.156.112559", "iso", "4", "112559", "156"),
        ("2.16.156.1", "joint-iso-itu-t", "4", "1", "156"),
        ("0.9.2342", "itu-t", "3", "2342", None),
        ("2.999", "joint-iso-itu-t", "2", "999", None),
        ("1.39", "iso", "2", "39", None),
        ("0.0", "itu-t", "2", "0", None),
        (
            "2.25.329800735698586629295641978511506172918",
            "joint-iso-itu-t",
            "3",
            "329800735698586629295641978511506172918",
            None,
        ),
        ("1.2.15.6", "iso", "4", "6", None),
    ],
)
def test_the_parts_of_an_identifier(code, root, arcs, last, country):
    parts = dict(check("OID", code).parts)
    assert parts.pop("country", None) == country
    assert parts == {"root": root, "arcs": arcs, "last_arc": last}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "empty"),
        ("1", "oid_short"),
        ("3.1", "oid_first_arc"),
        ("10.1", "oid_first_arc"),
        ("1.40", "oid_second_arc"),
        ("0.100", "oid_second_arc"),
        ("1..2", "oid_empty_arc"),
        (".1.2", "oid_empty_arc"),
        ("1.2.", "oid_empty_arc"),
        ("1.02", "oid_leading_zero"),
        ("1.2.00", "oid_leading_zero"),
        ("1.2.a", "oid_digits"),
        ("1.2.-3", "oid_digits"),
        ("1.2.３", "oid_digits"),
        ("1 .2", "oid_digits"),
        ("1.2.156\n", "oid_digits"),
        ("1.2." + "9" * LONGEST, "length"),
        ("urn:oid:", "empty"),
        ("urn:oid:3.1", "oid_first_arc"),
    ],
)
def test_every_slip_has_its_reason(code, reason):
    verdict = check("OID", code)
    assert (verdict.valid, verdict.findings[0].reason) == (False, reason)


def test_the_arc_at_fault_is_told_with_its_place_and_without_zeros():
    found = check("OID", "1.2.00156.1").findings[0]
    assert found.expected == "156"
    assert "3" in found.what.en
    assert check("OID", "1.2.00").findings[0].expected == "0"


@pytest.mark.parametrize("begin", ["urn:oid:", "URN:OID:"])
def test_the_urn_is_taken_off(begin):
    verdict = check("OID", begin + "1.2.156.1")
    assert (verdict.canonical, [f.reason for f in verdict.findings]) == ("1.2.156.1", ["typed_otherwise"])


@given(st.sampled_from(["0", "1"]), st.integers(0, 39), st.lists(ARCS, max_size=8))
def test_every_identifier_under_0_and_1_is_right_up_to_39(first, second, more):
    code = ".".join([first, str(second), *more])
    assert check("OID", code).canonical == code


@given(st.lists(ARCS, min_size=1, max_size=8))
def test_under_2_the_second_arc_has_no_limit(more):
    assert check("OID", ".".join(["2", *more])).valid


@given(st.sampled_from(["0", "1"]), st.integers(40, 2**64))
def test_beyond_39_none_under_0_and_1_is_right(first, second):
    assert check("OID", f"{first}.{second}").findings[0].reason == "oid_second_arc"
