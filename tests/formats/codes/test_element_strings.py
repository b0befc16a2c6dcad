"""Element strings as printed and as scanned, and their Digital Links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes import check
from jialiang.formats.codes.check_characters import CHARACTER_SETS
from jialiang.formats.codes.element_strings import GS, link_of, parse_element_string, printed, scanned
from jialiang.formats.codes.verdicts import CodeRefused

GTIN = "09506000134352"
WHOLE = {"01": GTIN, "10": "LOT", "17": "261231", "21": "S-1"}


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        (f"(01){GTIN}(10)LOT(17)261231(21)S-1", WHOLE),
        (f"01{GTIN}10LOT{GS}1726123121S-1", WHOLE),
        (f"]d201{GTIN}10LOT{GS}1726123121S-1", WHOLE),
        (f"]Q301{GTIN}10LOT{GS}17261231{GS}21S-1{GS}", WHOLE),
        (f"{GS}01{GTIN}10LOT{GS}1726123121S-1", WHOLE),
        (f"]C101{GTIN}", {"01": GTIN}),
        ("80049506000INS-7", {"8004": "9506000INS-7"}),
        ("(8004)9506000INS-7", {"8004": "9506000INS-7"}),
        (f"(01){GTIN}(21)A\\(B)", {"01": GTIN, "21": "A(B)"}),
        (f"01{GTIN}3103000195", {"01": GTIN, "3103": "000195"}),
        (f"(01){GTIN}(01){GTIN}", {"01": GTIN}),
        (f"(01){GTIN}(99)x{'y' * 89}", {"01": GTIN, "99": "x" + "y" * 89}),
    ],
)
def test_elements_are_read(text, elements):
    assert parse_element_string(text) == elements


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (GS, "empty"),
        ("]d2", "empty"),
        ("x", "identifier_unknown"),
        ("(04)1", "identifier_unknown"),
        (f"(01){GTIN}(9)1", "brackets"),
        (f"(01){GTIN}x(10", "brackets"),
        ("(AB)1", "brackets"),
        ("(01)", "empty"),
        (f"01{GTIN}99", "empty"),
        (f"01{GTIN[:-1]}", "length"),
        (f"(01){GTIN}(01)09506000134376", "repeated"),
        (f"(01){GTIN}(37)3", "excludes"),
        (f"01{GTIN}10{'A' * 21}", "length"),
        (f"01{GTIN}10A{GS}{GS}21B", "identifier_unknown"),
        ("9" * 5000, "length"),
        ("(01)09506000134353", "check_digit"),
        (f"(17)2612311(01){GTIN}", "length"),
    ],
)
def test_wrong_strings_are_refused_with_their_reason(text, reason):
    with pytest.raises(CodeRefused) as refused:
        parse_element_string(text)
    assert refused.value.finding.reason == reason


def test_a_symbol_carries_predefined_lengths_first_and_separators_only_where_needed():
    assert scanned(WHOLE) == f"01{GTIN}1726123110LOT{GS}21S-1"
    assert scanned({"8004": "9506000A"}) == "80049506000A"
    assert scanned({"01": GTIN}) == f"01{GTIN}"
    assert scanned({}) == ""


def test_brackets_in_values_are_marked_in_print():
    assert printed({"01": GTIN, "21": "A(B)"}) == f"(01){GTIN}(21)A\\(B)"


def test_a_string_becomes_a_link():
    assert link_of(f"(01){GTIN}(17)261231(10)A/B").uri() == f"https://id.gs1.org/01/{GTIN}/10/A%2FB?17=261231"
    assert link_of(f"01{GTIN}21S", "https://a.b/c").uri() == f"https://a.b/c/01/{GTIN}/21/S"


def test_the_check_of_a_string_names_its_elements_and_prints_it():
    verdict = check("GS1-Element-String", f"01{GTIN}10LOT{GS}21S-1")
    assert (verdict.canonical, dict(verdict.parts)) == (
        f"(01){GTIN}(10)LOT(21)S-1",
        {"01": GTIN, "10": "LOT", "21": "S-1"},
    )
    assert [f.reason for f in check("GS1-Element-String", "(21)S").findings] == ["needs"]


VALUES = st.text(CHARACTER_SETS["x"].replace("\\", ""), min_size=1, max_size=20)


@given(st.dictionaries(st.sampled_from(["10", "21", "22"]), VALUES), st.booleans())
def test_print_and_symbol_say_the_same(values, dated):
    elements = {"01": GTIN, **values} | ({"17": "261200"} if dated else {})
    assert parse_element_string(printed(elements)) == elements
    assert parse_element_string(scanned(elements)) == elements
    assert link_of(scanned(elements)).elements == elements


@given(st.text("()0123456789AB\\\x1d", max_size=60))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    try:
        elements = parse_element_string(text)
    except CodeRefused as refused:
        assert refused.finding.hint.zh
    else:
        assert parse_element_string(printed(elements)) == elements
