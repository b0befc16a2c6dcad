"""GS1 Digital Links: read, built and refused; domain, stem, other parameters and fragment stay as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes import check
from jialiang.formats.codes.application_identifiers import identifiers, primary_keys, qualifiers_of
from jialiang.formats.codes.check_characters import CHARACTER_SETS
from jialiang.formats.codes.digital_link import build_digital_link, encoded, parse_digital_link
from jialiang.formats.codes.verdicts import CodeRefused

GTIN, GLN = "09506000134352", "9506000134352"
KEYS = {
    "00": "106141411234567897",
    "01": GTIN,
    "253": f"{GLN}ABC",
    "255": f"{GLN}1234",
    "401": "9506000ABC",
    "402": "95060001343520000",
    "414": GLN,
    "415": GLN,
    "417": GLN,
    "8003": f"0{GLN}ABC",
    "8004": "9506000ABC123",
    "8006": f"{GTIN}0102",
    "8010": "9506000ABC-1",
    "8013": "1987654Ad4X4bL5ttr2310c2K",
    "8017": "692905678082712512",
    "8018": "692905678082712512",
}
QUALIFIERS = {
    "22": "2A",
    "10": "LOT",
    "21": "S-1",
    "235": "TPX",
    "254": "32a/b",
    "7040": "1ABC",
    "8011": "1",
    "8019": "7",
    "8020": "REF1",
}
URIS = [
    f"https://id.example.org/01/{GTIN}",
    f"http://example.com/some/stem/01/{GTIN}/10/ABC/21/S",
    f"https://id.example.org/01/{GTIN}?17=261231&utm=x#label",
    "https://id.example.org:8443/8004/9506000A%2FB?linkType=gs1:pip&a",
    f"https://id.example.org/414/{GLN}/254/32a",
    f"/01/{GTIN}/22/2A",
    f"https://id.example.org/8003/0{GLN}%22%25",
]
REFUSED = [
    ("", "empty"),
    ("x" * 5000, "length"),
    ("id.example.org/01/x", "not_a_uri"),
    (f"ftp://a.b/01/{GTIN}", "not_a_uri"),
    (f"https:///01/{GTIN}", "not_a_uri"),
    (f"https://a b/01/{GTIN}", "not_a_uri"),
    ("https://a.b/", "no_key"),
    ("https://a.b", "no_key"),
    ("https://a.b/gtin/09506000134352", "no_key"),
    ("https://a.b/10/ABC", "no_key"),
    ("https://a.b/01", "odd_segments"),
    (f"https://a.b/01/{GTIN}/10", "odd_segments"),
    (f"https://a.b/01/{GTIN}/foo", "odd_segments"),
    (f"https://a.b/01/{GTIN}/gtin/1", "qualifier_unknown"),
    (f"https://a.b/01/{GTIN}/17/261231", "qualifier_unknown"),
    (f"https://a.b/01/{GTIN}/10/A/22/B", "qualifier_order"),
    (f"https://a.b/01/{GTIN}/21/A/235/B", "qualifier_order"),
    (f"https://a.b/01/{GTIN}/10/A/10/A", "qualifier_order"),
    (f"https://a.b/00/{KEYS['00']}/10/A", "qualifier_unknown"),
    (f"https://a.b/414/{GLN}/254/1/7040/1ABC", "qualifier_order"),
    ("https://a.b/01/9506000134352", "gtin_14"),
    ("https://a.b/01/73513537", "gtin_14"),
    ("https://a.b/01/036000291452", "gtin_14"),
    ("https://a.b/01/9506000134353", "length"),
    (f"https://a.b/01/{GTIN}/10/{'A' * 21}", "length"),
    (f"https://a.b/01/{GTIN}/10/a%20b", "character"),
    (f"https://a.b/01/{GTIN}/10/a%2", "percent"),
    (f"https://a.b/01/{GTIN}/10/%FF", "percent"),
    (f"https://a.b/01/{GTIN}?99999=1", "query_identifier"),
    (f"https://a.b/01/{GTIN}?21=S", "query_identifier"),
    (f"https://a.b/01/{GTIN}?17=261301", "date"),
    (f"https://a.b/01/{GTIN}?17=", "empty"),
    (f"https://a.b/01/{GTIN}?17=261231&17=261231", "repeated"),
    (f"https://a.b/01/{GTIN}?37=3", "excludes"),
    (f"https://a.b/01/{GTIN}/10/A?10=A", "repeated"),
    (f"https://a.b/01/{GTIN}?255={GLN}", "excludes"),
    ("https://a.b/01//10/A", "empty"),
]


@pytest.mark.parametrize("uri", URIS)
def test_a_link_is_written_as_it_was_read(uri):
    assert parse_digital_link(uri).uri() == uri


@pytest.mark.parametrize(("uri", "reason"), REFUSED)
def test_wrong_links_are_refused_with_their_reason(uri, reason):
    with pytest.raises(CodeRefused) as refused:
        parse_digital_link(uri)
    assert refused.value.finding.reason == reason


def test_a_link_is_taken_apart():
    link = parse_digital_link(
        f"https://ID.Example.org/shop/01/{GTIN}/10/A%2FB/21/S?utm=a&17=261231;3103=000195#top"
    )
    assert (link.key, link.qualifiers) == (("01", GTIN), (("10", "A/B"), ("21", "S")))
    assert (link.stem, link.fragment) == ("https://id.example.org/shop", "top")
    assert (link.attributes, link.others) == ((("17", "261231"), ("3103", "000195")), ("utm=a",))
    assert link.path == f"/01/{GTIN}/10/A%2FB/21/S"
    assert link.elements == {"01": GTIN, "10": "A/B", "21": "S", "17": "261231", "3103": "000195"}
    assert link.canonical_uri() == f"https://id.gs1.org/01/{GTIN}/10/A%2FB/21/S?17=261231&3103=000195"


def test_attributes_are_written_in_the_order_of_their_identifiers_before_other_parameters():
    link = parse_digital_link(f"/01/{GTIN}?zz=1&3103=000195&17=261231&aa=2")
    assert link.uri() == f"/01/{GTIN}?17=261231&3103=000195&zz=1&aa=2"


@pytest.mark.parametrize("uri", [f"https://a.b/01/{GTIN}/", f"https://a.b//01/{GTIN}//"])
def test_a_slash_too_many_at_an_end_is_no_fault(uri):
    assert parse_digital_link(uri).uri() == f"https://a.b/01/{GTIN}"


@pytest.mark.parametrize("typed", ["%2f", "%2F"])
def test_percent_encoding_has_one_canonical_form(typed):
    assert parse_digital_link(f"/01/{GTIN}/10/A{typed}B%2DC").path == f"/01/{GTIN}/10/A%2FB-C"


def test_a_value_that_looks_like_a_key_is_a_value():
    link = parse_digital_link(f"/01/{GTIN}/10/414/21/01")
    assert link.qualifiers == (("10", "414"), ("21", "01"))


def test_a_stem_that_looks_like_a_key_is_a_stem():
    link = parse_digital_link(f"https://a.b/01/shop/01/{GTIN}/10/A")
    assert (link.stem, link.path) == ("https://a.b/01/shop", f"/01/{GTIN}/10/A")


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_key_is_read_and_built_with_every_sequence_of_its_qualifiers(key):
    assert set(KEYS) == primary_keys()
    for sequence in (*qualifiers_of(key), ()):
        for count in range(len(sequence) + 1):
            path = [(key, KEYS[key]), *((ai, QUALIFIERS[ai]) for ai in sequence[:count])]
            uri = "https://id.gs1.org" + "".join(f"/{ai}/{encoded(value)}" for ai, value in path)
            read = parse_digital_link(uri)
            assert read.uri() == uri
            assert build_digital_link(dict(path)) == read


def test_elements_become_a_link_whatever_their_order():
    link = build_digital_link(
        {"21": "S", "17": "261231", "10": "L", "01": GTIN},
        stem="https://a.b/c/",
        others=("x=1",),
        fragment="f",
    )
    assert link.uri() == f"https://a.b/c/01/{GTIN}/10/L/21/S?17=261231&x=1#f"


@pytest.mark.parametrize(
    ("elements", "reason"),
    [
        ({}, "no_key"),
        ({"10": "A"}, "no_key"),
        ({"01": GTIN, "8004": "9506000A"}, "one_key"),
        ({"01": GTIN, "04": "1"}, "identifier_unknown"),
        ({"8004": "9506000A", "21": "S"}, "not_an_attribute"),
        ({"01": GTIN, "21": "S", "235": "T"}, "not_an_attribute"),
        ({"01": GTIN[:-1] + "3"}, "check_digit"),
        ({"01": GLN}, "gtin_14"),
    ],
)
def test_elements_that_make_no_link_are_refused(elements, reason):
    with pytest.raises(CodeRefused) as refused:
        build_digital_link(elements)
    assert refused.value.finding.reason == reason


def test_the_hint_of_a_short_gtin_is_the_right_one():
    found = check("GS1-Digital-Link", "https://a.b/01/9506000134352").findings[0]
    assert found.expected == GTIN
    assert GTIN in found.hint.zh


def test_a_missing_companion_is_a_warning_and_the_link_right():
    verdict = check("GS1-Digital-Link", f"https://a.b/415/{GLN}")
    assert (verdict.valid, [f.reason for f in verdict.findings]) == (True, ["needs"])


def test_the_verdict_tells_path_stem_and_elements():
    parts = check("GS1-Digital-Link", f"https://a.b/x/01/{GTIN}/21/S").parts
    assert dict(parts) == {
        "path": f"/01/{GTIN}/21/S",
        "stem": "https://a.b/x",
        "key": "01",
        "01": GTIN,
        "21": "S",
    }


VALUES = st.text(CHARACTER_SETS["x"], min_size=1, max_size=20)


@given(st.tuples(VALUES, VALUES, VALUES), st.sampled_from(["", "https://id.example.org", "http://a.b/c/d"]))
def test_every_value_of_the_set_survives_the_path(values, stem):
    elements = {"01": GTIN, **dict(zip(("22", "10", "21"), values, strict=True))}
    link = build_digital_link(elements, stem)
    assert parse_digital_link(link.uri()) == link
    assert link.elements == elements


@given(
    st.sampled_from(
        [ai for ai, each in identifiers().items() if each.attribute and len(each.components) == 1]
    ),
    st.data(),
)
def test_every_value_of_an_attribute_survives_the_query(ai, data):
    component = identifiers()[ai].components[0]
    if component.rules or ai in ("37", "02"):
        return
    value = data.draw(
        st.text(CHARACTER_SETS[component.characters], min_size=component.least, max_size=component.most)
    )
    link = build_digital_link({"8004": "9506000A", ai: value})
    assert parse_digital_link(link.uri()).elements == {"8004": "9506000A", ai: value}


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    for uri in (text, f"https://a.b/{text}", f"/01/{GTIN}/{text}", f"/01/{GTIN}?{text}"):
        try:
            parse_digital_link(uri)
        except CodeRefused as refused:
            assert refused.finding.severity == "error"
