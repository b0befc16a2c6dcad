"""Canonical JSON is one way of writing; values go to plain types and back without loss."""

import json
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.canonical import canonical_json, from_plain, sha256_hex, to_plain
from jialiang.formats.content import (
    Address,
    CertificateReference,
    Column,
    Identification,
    Item,
    Party,
    ResultTable,
)
from jialiang.kernel.text import Text

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(plain)
def test_canonical_json_reads_back_to_the_same_value(value):
    assert json.loads(canonical_json(value)) == value


@given(st.dictionaries(st.text(), st.integers()))
def test_the_order_of_members_does_not_matter(members):
    turned = dict(reversed(members.items()))
    assert canonical_json(turned) == canonical_json(members)


def test_blanks_and_escapes_are_the_shortest():
    assert canonical_json({"b": [1, True], "a": "温度 ℃"}) == '{"a":"温度 ℃","b":[1,true]}'.encode()


def test_a_float_is_refused_because_its_text_is_not_one():
    with pytest.raises(TypeError, match="decimal text"):
        canonical_json({"a": [{"u": 0.1}]})


def test_sha256_of_nothing_is_the_known_digest():
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


REFERENCE = CertificateReference(Text("上级", "Above"), "GJ-1", "c14n-sha256", "ab" * 32, "2027-01-01")
TABLE = ResultTable(
    Text("结果", "Results"),
    (
        Column("basic_referenceValue", Text("标称点", "Point"), "\\degreecelsius", ("22.000", "26.000")),
        Column(
            "basic_measurementError",
            Text("误差", "Error"),
            "\\degreecelsius",
            ("-0.167", "-0.158"),
            ("0.013", "0.013"),
            ("2.00", "2.00"),
            "0.95",
            conformities=("pass", "conditionalPass"),
        ),
    ),
)


@pytest.mark.parametrize(
    "value",
    [
        Party(
            Text("院", "Institute"),
            Address(Text("云泽"), postal_code="010000"),
            credit_code="91350100M000100Y43",
        ),
        Item(Text("温度计"), Text("北辰"), "TDX", (Identification("manufacturer", "T1"),), "T1"),
        replace(REFERENCE, linked=REFERENCE),
        TABLE,
    ],
)
def test_every_part_of_a_certificate_survives_the_journey(value):
    assert from_plain(type(value), json.loads(canonical_json(to_plain(value)))) == value


def test_decimal_text_keeps_its_zeros():
    assert to_plain(TABLE)["columns"][0]["quantity_values"] == ["22.000", "26.000"]


def test_an_unknown_member_is_refused():
    with pytest.raises(TypeError, match="colour"):
        from_plain(Address, {"colour": "blue"})


@dataclass(frozen=True)
class Sample:
    """A value with an optional member."""

    number: str
    inner: Address | None = None


def test_an_optional_member_may_be_absent_or_null():
    assert from_plain(Sample, {"number": "1"}) == Sample("1")
    assert from_plain(Sample, {"number": "1", "inner": None}) == Sample("1")
    assert from_plain(Sample, {"number": "1", "inner": {"region_code": "370100"}}).inner == Address(
        region_code="370100"
    )


def test_a_member_that_is_required_but_empty_comes_back_empty():
    paper = CertificateReference(Text("纸质证书", "Paper"), number="T-1990", procedure="analogue", digest="")
    assert "digest" not in to_plain(paper)
    assert from_plain(CertificateReference, to_plain(paper)) == paper
