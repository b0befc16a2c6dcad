"""What stands on labels: identifiers of every kind get their address and elements; what no label holds is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes.verdicts import CodeRefused
from jialiang.formats.labels.contents import LabelContent, address_of, content_of, statuses
from jialiang.formats.labels.errors import BadLabelValue
from jialiang.formats.labels.templates import MEMBERS

BASE = "https://id.example.org"
GTIN = "09506000134352"


@pytest.mark.parametrize(
    ("identifier", "base", "address"),
    [
        ("88.101.5/ins-1", BASE, f"{BASE}/88.101.5/ins-1"),
        ("88.101.5/ins-1", BASE + "/", f"{BASE}/88.101.5/ins-1"),
        ("88.101.5/ins-1", "http://a.b/c", "http://a.b/c/88.101.5/ins-1"),
        ("88.101.5/压力表 №7", BASE, f"{BASE}/88.101.5/%E5%8E%8B%E5%8A%9B%E8%A1%A8%20%E2%84%967"),
        ("88.101.5/a?b#c%d", BASE, f"{BASE}/88.101.5/a%3Fb%23c%25d"),
        (f"/01/{GTIN}/21/S%2F1", BASE, f"{BASE}/01/{GTIN}/21/S%2F1"),
        ("https://other.example/x", BASE, "https://other.example/x"),
        ("1.2.156.1", BASE, f"{BASE}/1.2.156.1"),
    ],
)
def test_the_address_of_an_identifier(identifier, base, address):
    assert address_of(identifier, base) == address


@pytest.mark.parametrize(
    "base", ["", "id.example.org", "ftp://a.b", "https://a b", "https://a\n", "https://" + "x" * 200]
)
def test_a_base_that_is_no_address_is_refused(base):
    for identifier in ("88.1/x", f"(01){GTIN}"):
        with pytest.raises(BadLabelValue) as refused:
            content_of(identifier, base)
        assert refused.value.facts["member"] == "base"


@pytest.mark.parametrize(
    ("identifier", "address", "elements"),
    [
        (f"(01){GTIN}(21)S/1", f"{BASE}/01/{GTIN}/21/S%2F1", f"(01){GTIN}(21)S/1"),
        ("(8004)9506000INS-7", f"{BASE}/8004/9506000INS-7", "(8004)9506000INS-7"),
        (f"/01/{GTIN}/21/S1", f"{BASE}/01/{GTIN}/21/S1", f"(01){GTIN}(21)S1"),
        (f"https://a.b/01/{GTIN}", f"https://a.b/01/{GTIN}", f"(01){GTIN}"),
        ("https://a.b/anything", "https://a.b/anything", ""),
        ("88.101.5/ins-1", f"{BASE}/88.101.5/ins-1", ""),
    ],
)
def test_every_kind_of_identifier_gets_address_and_elements(identifier, address, elements):
    content = content_of(identifier, BASE)
    assert (content.identifier, content.address, content.elements) == (identifier, address, elements)


def test_a_wrong_element_string_is_refused_with_its_reason():
    with pytest.raises(CodeRefused) as refused:
        content_of("(01)09506000134353", BASE)
    assert refused.value.finding.reason == "check_digit"


def test_further_members_go_before_what_was_found_and_empty_ones_do_not():
    content = content_of("88.1/x", BASE, {"address": "https://a.b/short", "serial": "7", "model": ""})
    assert (content.address, content.serial, content.model) == ("https://a.b/short", "7", "")


def test_the_members_of_a_content_are_those_of_templates():
    members = LabelContent("88.1/x", status="limited").members()
    assert set(MEMBERS) <= set(members)
    assert (members["status_zh"], members["status_en"]) == ("准用", "LIMITED USE")


@pytest.mark.parametrize(
    ("zh", "en", "shown"),
    [("表", "", ("表", "表")), ("", "Gauge", ("Gauge", "Gauge")), ("表", "G", ("表", "G"))],
)
def test_a_name_in_one_language_stands_in_for_the_other(zh, en, shown):
    members = LabelContent("88.1/x", name_zh=zh, name_en=en).members()
    assert (members["name_zh"], members["name_en"]) == shown


@pytest.mark.parametrize(
    ("member", "given_value"),
    [
        ("identifier", ""),
        ("identifier", "  "),
        ("identifier", "a\nb"),
        ("identifier", "x" * 201),
        ("serial", "a\x00"),
        ("serial", "\ud800"),
        ("name_zh", "表" * 201),
        ("address", "x" * 1001),
        ("due", "2027\u2028"),
        ("status", "合格"),
        ("status", "Qualified"),
    ],
)
def test_what_cannot_be_printed_is_refused_by_its_member(member, given_value):
    with pytest.raises(BadLabelValue) as refused:
        LabelContent(**({"identifier": "88.1/x"} | {member: given_value}))
    assert refused.value.facts["member"] == member


def test_the_three_statuses_are_green_yellow_and_red():
    assert {name: status.words.zh for name, status in statuses().items()} == {
        "qualified": "合格",
        "limited": "准用",
        "stopped": "停用",
    }
    shares = {
        name: [int(status.colour[i : i + 2], 16) for i in (1, 3, 5)] for name, status in statuses().items()
    }
    red, green, blue = shares["qualified"]
    assert green > 2 * max(red, blue) - 60
    assert green > red
    red, green, blue = shares["limited"]
    assert min(red, green) > 150 > blue
    red, green, blue = shares["stopped"]
    assert red > 4 * max(green, blue)


@given(
    st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=40).filter(
        lambda t: t.strip()
    )
)
def test_any_line_gets_an_address_that_is_plain_ascii(text):
    if not text.startswith(("(", "/", "http://", "https://")):
        address = content_of(text, BASE).address
        assert address.isascii()
        assert " " not in address
        assert address.startswith(BASE + "/")
