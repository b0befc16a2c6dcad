"""Leaves of a document at their edges, limits to the letter, what templates fill in, and which part refers to which."""

import base64
import copy
import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.dcc_samples import NS

from jialiang.formats.conversion.errors import NotDecodable
from jialiang.formats.making import making
from jialiang.formats.making.checking import is_given
from jialiang.formats.making.examples import emptied, example_document
from jialiang.formats.making.making import DEEPEST, Source, make_certificate, read_json_document
from jialiang.formats.making.problems import DocumentNotUsable, Problems, json_path
from jialiang.formats.making.schema import json_schema
from jialiang.formats.making.templating import filled, template_named
from jialiang.formats.making.wording import house_words

TODAY = date(2026, 12, 1)


def make(document, **options):
    return make_certificate(Source(document, {}), today=TODAY, **options)


def refusals(document, **options):
    """The findings of a refused document by place and kind."""
    with pytest.raises(DocumentNotUsable) as problem:
        make(document, **options)
    return {(each.path, each.rule.removeprefix("DCC-DOCUMENT-")): each for each in problem.value.findings}


def found(xml, path):
    return [str(each) for each in etree.fromstring(xml).xpath(path, namespaces=NS)]


def table(*columns, **changes):
    return example_document("table") | {"results": [{"name": "T", "columns": list(columns)}]} | changes


def volts(**members):
    return {"name": "V", "unit": "\\volt", "values": ["1.0", "2.0"]} | members


def with_certificate(**members):
    document = example_document("table")
    return document | {"certificate": document["certificate"] | members}


def only(document, place, kind):
    """Assert that nothing but one thing is wrong with a document, and return it."""
    problems = refusals(document)
    assert list(problems) == [(place, kind)]
    return problems[place, kind]


# --- numbers ------------------------------------------------------------------------------------------------------

TAKEN = ["0", "-0", "+1", "1.", ".5", "-.5", "007", "1e5", "1E+05", "1.5e-300", " 1.5 ", "1e999"]
NO_NUMBERS = ["", ".", "-", "+-1", "--1", "1 2", "1,5", "1_0", "1e", "e5", "1e1.5", "0x1", "1e9999", "NaN", "Infinity",
              "−1", "１", "١", "½", "1.2.3", "1'000", "\u200b1", "1%"]  # fmt: skip


@pytest.mark.parametrize("text", TAKEN)
def test_a_decimal_number_is_written_with_the_letters_it_was_given_in(text):
    xml = make(table(volts(values=["1", text]))).xml
    assert found(xml, "//si:valueXMLList/text()") == [f"1 {text.strip()}"]


@pytest.mark.parametrize("text", [text for text in NO_NUMBERS if text])
def test_what_is_no_decimal_number_is_shown_as_it_was_given(text):
    finding = only(table(volts(values=["1", text])), "$.results[0].columns[0].values[1]", "DECIMAL")
    assert f"“{text}”" in finding.text.en
    assert f"“{text}”" in finding.text.zh


@given(st.text("0159+-.eE", max_size=7))
def test_the_schema_and_the_maker_agree_on_what_a_number_is(text):
    jsonschema = pytest.importorskip("jsonschema")
    whole = json_schema()
    one = whole["$defs"]["condition"]["properties"]["value"]
    document = example_document("table") | {"conditions": [{"name": "C", "value": text, "unit": "\\volt"}]}
    try:
        make(document)
    except DocumentNotUsable:
        taken = False
    else:
        taken = True
    assert jsonschema.Draft202012Validator(one).is_valid(text) == taken


FACTORS = [
    # coverage factor; whether it does
    ("1", True), ("1.", True), ("1.0", True), ("+2", True), ("10", True), ("2.8700", True),
    ("0", False), ("0.99", False), ("01", False), ("-2", False), ("2e0", False), (".2", False),
]  # fmt: skip
PROBABILITIES = [
    ("0.95", True), ("+0.9545", True), ("1", True), ("1.0", True), ("0.", True),
    ("1.01", False), ("95", False), (".95", False), ("-0.95", False), ("9.5e-1", False), ("01", False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("member", "text", "does"),
    [("coverageFactor", *case) for case in FACTORS]
    + [("coverageProbability", *case) for case in PROBABILITIES],
)
def test_coverage_has_its_bounds(member, text, does):
    covered = {"expandedUncertainty": "0.1", "coverageFactor": "2", "coverageProbability": "0.95"}
    document = table(volts(**covered | {member: text}))
    if does:
        assert found(make(document).xml, f"//*[local-name()='{member}XMLList']/text()") == [text]
    else:
        finding = only(document, f"$.results[0].columns[0].{member}[0]", "COVERAGE")
        assert text in finding.text.en


@pytest.mark.parametrize("member", ["expandedUncertainty", "standardUncertainty"])
@pytest.mark.parametrize(("text", "does"), [("1e-30", True), (".1", True), ("0", False), ("0.000", False),
                                            ("0e5", False), ("-1e-9", False)])  # fmt: skip
def test_an_uncertainty_is_above_nought(member, text, does):
    covered = {"coverageFactor": "2", "coverageProbability": "0.95"} if member[0] == "e" else {}
    document = table(volts(**covered, **{member: ["1", text]}))
    if does:
        assert make(document).is_valid
    else:
        finding = only(document, f"$.results[0].columns[0].{member}[1]", "NEGATIVE")
        assert f"“{text}”" in finding.text.en


def test_a_gap_among_values_and_uncertainties_is_no_number_and_one_among_words_is_a_dash():
    column = volts(values=["1", None, ""], standardUncertainty=["0.1", None, "0.2"])
    xml = make(table(column, {"name": "W", "texts": ["a", None, ""]})).xml
    assert found(xml, "//si:valueXMLList/text()") == ["1 NaN NaN"]
    assert found(xml, "//si:valueStandardMUXMLList/text()") == ["0.1 NaN 0.2"]
    assert found(xml, "//dcc:charsXMLList/text()") == ["a — —"]


def test_words_with_blanks_stand_in_contents_of_their_own():
    xml = make(table({"name": "W", "texts": ["good", "a  scratch", "x\ny"]})).xml
    assert found(xml, "//dcc:results//dcc:noQuantity/dcc:content/text()") == ["good", "a  scratch", "x\ny"]
    assert not found(xml, "//dcc:charsXMLList")


@settings(max_examples=30)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_numbers_given_as_exact_numbers_keep_their_letters(number):
    assert found(make(table(volts(values=[number, 7]))).xml, "//si:valueXMLList/text()") == [f"{number} 7"]


# --- other leaves -------------------------------------------------------------------------------------------------


def condition(**members):
    return example_document("table") | {"conditions": [{"name": "C", "text": "dry"} | members]}


LEAVES = [
    # what is given; whether it does; the document; where; what is found otherwise
    *[(text, does, lambda text: with_certificate(issueDate=text), "$.certificate.issueDate", "DATE") for text, does in [
        ("2026-02-28", True), ("2024-02-29", True), ("2026-02-29", False), ("1900-02-29", False),
        ("2000-02-29", True), ("2026-13-01", False), ("2026-00-10", False), ("2026-1-1", False),
        ("20260101", False), ("2026-01-01Z", False), ("2026-01-01T00:00", False), ("0000-01-01", False),
        ("２０２６-01-01", False), ("-2026-01-01", False),
    ]],
    *[(text, does, lambda text: condition(key=text), "$.conditions[0].key", "KEY") for text, does in [
        ("a", True), ("A-1_b", True), ("x" * 60, True), ("x" * 61, False), ("1a", False), ("_a", False),
        ("a.b", False), ("a b", False), ("é", False), ("a:b", False), ("-a", False),
    ]],
    *[(text, does, lambda text: condition(refType=text), "$.conditions[0].refType", "REFTYPE") for text, does in [
        ("basic_temperature", True), ("ex_a jl_b", True), ("ex_a_b", True), ("ex_é", True), ("temperature", False),
        ("_a", False), ("ex_", False), ("ex_a  jl_b", False), ("ex_a\tjl_b", False), ("é_a", False), ("e-x_a", False),
    ]],
    *[(text, does, lambda text: with_certificate(country=text), "$.certificate.country", "CODE") for text, does in [
        ("CN", True), (" DE ", True), ("cn", False), ("CHN", False), ("XX", False), ("C N", False),
    ]],
    *[(text, does, lambda text: table(volts(unit=text)), "$.results[0].columns[0].unit", "UNIT") for text, does in [
        ("\\volt", True), ("\\one", True), ("\\metre\\per\\second", True), ("\\metre\\tothe{-1}", True),
        ("volt", False), ("\\Volt", False), ("V", False), ("\\volt\\per", False), ("\\metre\\tothe{x}", False),
    ]],
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "does", "document", "place", "kind"),
    LEAVES,
    ids=[f"{kind} {text}" for text, _, _, _, kind in LEAVES],
)
def test_each_leaf_has_its_form(text, does, document, place, kind):
    if does:
        assert text.strip().encode() in make(document(text)).xml or kind == "KEY"
    else:
        finding = only(document(text), place, kind)
        assert f"“{text[:80]}”" in finding.text.zh


FILES = [
    # what is given as the bytes; what is found
    ("JVBERg==", None), (" JVBE\nRg = =\t", None), (1234, None),
    ("JVBERg=", "BASE64"), ("JVBE*g==", "BASE64"), ("é", "BASE64"), (12345, "BASE64"), ("====", "BASE64"),
    (True, "KIND"), (["JVBERg=="], "KIND"), ({"a": "JVBERg=="}, "KIND"), (1.5, "KIND"),
    ("", "MISSING"), (None, "MISSING"), ([], "MISSING"), (" \n", "EMPTY"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "kind"), FILES)
def test_a_file_is_base64_or_nothing(content, kind):
    document = table(volts(), document={"fileName": "a.bin", "mimeType": "a/b", "base64": content})
    if kind:
        only(document, "$.document.base64", kind)
        return
    (text,) = found(make(document).xml, "//dcc:document/dcc:dataBase64/text()")
    assert base64.b64decode(text, validate=True) == base64.b64decode("".join(str(content).split()))


KINDS = [
    # the member; what is given; which kind of problem
    (["certificate", "number"], ["a"], "KIND"), (["certificate", "number"], True, "KIND"),
    (["certificate", "number"], 1.5, "KIND"), (["certificate", "number"], {"zh": "a"}, "KIND"),
    (["certificate", "number"], "  ", "EMPTY"), (["certificate", "replaces"], ["a"], "KIND"),
    (["persons", 1, "mainSigner"], 1, "KIND"), (["persons", 1, "mainSigner"], "True", "KIND"),
    (["persons", 1, "mainSigner"], ["true"], "KIND"), (["items", 0], "x", "KIND"), (["items", 0], 5, "KIND"),
    (["items"], {"name": "x"}, "KIND"), (["results", 0, "columns"], "x", "KIND"),
    (["customer", "name"], {"zh": "名", "en": " "}, "EMPTY"), (["customer", "name"], {"zh": ["名"], "en": "N"}, "KIND"),
    (["comment"], 1.5, "KIND"), (["comment"], {"zh": True, "en": "x"}, "KIND"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "inside", "kind"), KINDS)
def test_each_member_is_of_its_kind(path, inside, kind):
    document = example_document("table")
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = inside
    problems = refusals(document)
    assert [where for where, what in problems if what == kind] == [json_path(tuple(path))]


@pytest.mark.parametrize(
    ("given_", "written"), [("true", True), ("false", False), (True, True), (False, False)]
)
def test_truth_is_taken_as_word_or_value(given_, written):
    document = example_document("table")
    document["persons"][0]["mainSigner"] = given_
    assert found(make(document).xml, "//dcc:mainSigner/text()") == [str(written).lower(), "true"]


# --- limits -------------------------------------------------------------------------------------------------------

LINE, TEXT, ENTRIES, LIST = 2_000, 200_000, 2_000, 100_000


@pytest.mark.parametrize(
    ("document", "place", "kind", "limit"),
    [
        (lambda over: with_certificate(number="n" * (LINE + over)), "$.certificate.number", "TOO-LONG", LINE),
        (lambda over: example_document("table") | {"comment": "n" * (TEXT + over)}, "$.comment", "TOO-LONG", TEXT),
        (lambda over: table(volts(), software=[{"name": "S", "release": "1"}] * (ENTRIES + over)),
         "$.software", "TOO-MANY", ENTRIES),
        (lambda over: table(volts(methods=["method"] * (LIST + over))),
         "$.results[0].columns[0].methods", "TOO-MANY", LIST),
    ],
    ids=["line", "text", "entries", "list"],
)  # fmt: skip
def test_each_limit_is_the_last_that_is_taken(document, place, kind, limit):
    if kind != "TOO-MANY" or limit != LIST:
        assert make(document(0)).xml
    assert str(limit) in only(document(1), place, kind).text.en


def test_what_is_shown_of_a_long_text_is_cut():
    finding = only(with_certificate(country="X" * 500), "$.certificate.country", "CODE")
    assert "X" * 80 in finding.text.en
    assert "X" * 81 not in finding.text.en


def nested(depth, inside="1"):
    whole = json.dumps(example_document("temperature") | {"comment": "@"})
    return whole.replace('"@"', "[" * depth + inside + "]" * depth).encode()


def test_the_deepest_document_is_read_and_the_next_refused():
    with pytest.raises(DocumentNotUsable):
        make_certificate(read_json_document(nested(DEEPEST - 1)), today=TODAY)
    with pytest.raises(NotDecodable) as refused:
        read_json_document(nested(DEEPEST))
    assert str(DEEPEST) in refused.value.what.en
    assert str(DEEPEST) in refused.value.what.zh


@pytest.mark.parametrize("depth", [200, 700, 900, 980, 5_000, 100_000])
@pytest.mark.parametrize("inside", ["1", "", '"x"', "{}"])
def test_documents_nested_without_end_are_refused(depth, inside):
    with pytest.raises(NotDecodable):
        read_json_document(nested(depth, inside))


@pytest.mark.parametrize("depth", [99, 100, 101, 300])
def test_objects_and_lists_count_alike(depth):
    data = ('{"a":[' * (depth // 2) + ("[" if depth % 2 else "") + "1" + ("]" if depth % 2 else "")
            + "]}" * (depth // 2)).encode()  # fmt: skip
    if depth <= DEEPEST:
        assert read_json_document(data).document
    else:
        with pytest.raises(NotDecodable):
            read_json_document(data)


def test_the_largest_document_is_read_and_the_next_refused(monkeypatch):
    monkeypatch.setattr(making, "LARGEST", 10)
    assert read_json_document(b'{"a": "b"}').document == {"a": "b"}
    with pytest.raises(NotDecodable) as refused:
        read_json_document(b'{"a": "b"} ')
    assert "10" in refused.value.what.en


TWICE = [
    '{"a": 1, "a": 1}', '{"b": {"a": 1, "a": 2}}', '[{"a": 1, "\\u0061": 2}]', '{"": 1, "": 1}',
    '{"a": NaN}', '{"a": -Infinity}', "[Infinity]",
]  # fmt: skip


@pytest.mark.parametrize("text", TWICE)
def test_what_json_leaves_open_is_refused(text):
    with pytest.raises(NotDecodable):
        read_json_document(text.encode())


@pytest.mark.parametrize(
    "number", ["0", "-0", "1.50", "1E5", "1e-7", "123456789012345678901234567890", "0.10"]
)
def test_numbers_of_json_come_as_their_letters(number):
    assert read_json_document(f'{{"a": [{number}, true, null]}}'.encode()).document == {
        "a": [number, True, None]
    }


# --- nothing and something ----------------------------------------------------------------------------------------

nothing = st.recursive(
    st.sampled_from([None, ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=25)
@given(nothing)
def test_empty_parts_of_any_shape_are_nothing(inside):
    assert not is_given(inside)
    document = example_document("table")
    assert make(document | {"comment": inside}).xml == make(document).xml


@pytest.mark.parametrize("inside", [0, False, " ", {"a": {"b": [None, 0]}}, [[], [False]], ("", "x")])
def test_whatever_else_is_something(inside):
    assert is_given(inside)


@pytest.mark.parametrize("template", ["mass", "table", "temperature"])
def test_an_emptied_document_stays_empty_and_has_every_member(template):
    document = example_document(template)
    once = emptied(document)
    assert emptied(once) == once
    assert list(once) == list(document)
    kept = {"format", "template", "certificate", "results"}
    assert [name for name, inside in once.items() if is_given(inside) and name not in kept] == []
    assert once["certificate"]["languages"] == ["zh", "en"]
    columns = [column.get("column") for column in document["results"][0]["columns"]]
    assert [column.get("column") for column in once["results"][0]["columns"]] == columns


# --- references between parts -------------------------------------------------------------------------------------

keys = st.lists(st.sampled_from("abcd"), unique=True, max_size=3)


@st.composite
def referring(draw):
    """A document whose columns and tables refer to methods, equipment and conditions of its own."""
    methods = [{"name": f"M {key}", "key": key} for key in draw(keys)] + [{"name": "M without a key"}]
    equipment = [{"name": f"E {key}", "key": key} for key in draw(keys)]
    conditions = [{"name": f"C {key}", "key": key, "text": "x"} for key in draw(keys)] + [
        {"name": "C", "text": "x"}
    ]

    def some(entries):
        known = [entry["key"] for entry in entries if "key" in entry]
        return draw(st.lists(st.sampled_from(known), unique=True)) if known else []

    results = [
        {"name": "T", "conditions": some(conditions), "columns": [
            volts(methods=some(methods), equipment=some(equipment)) for _ in range(draw(st.integers(1, 3)))]}
        for _ in range(draw(st.integers(1, 2)))
    ]  # fmt: skip
    return example_document("table") | {
        "methods": methods, "equipment": equipment, "conditions": conditions, "results": results,
    }  # fmt: skip


@settings(max_examples=40)
@given(referring())
def test_references_lead_to_what_their_keys_name(document):
    root = etree.fromstring(make(document).xml)
    names = {
        element.get("id"): element.xpath("string(dcc:name/dcc:content)", namespaces=NS)
        for element in root.iter("{*}usedMethod", "{*}measuringEquipment", "{*}influenceCondition")
        if element.get("id")
    }
    assert len(names) == len(set(names.values()))
    lists = root.findall(".//{*}results//{*}list")
    for result, listed in zip(document["results"], lists, strict=True):
        taken = set()
        for column, quantity in zip(result["columns"], listed.findall("{*}quantity"), strict=True):
            referred = [names[each] for each in quantity.get("refId", "").split()]
            wanted = [f"M {key}" for key in column["methods"]] + [f"E {key}" for key in column["equipment"]]
            assert referred == wanted
            taken |= set(wanted)
        of_table = [names[each] for each in listed.get("refId", "").split()]
        free = [
            part["name"] for part in document["methods"] + document["equipment"] if part["name"] not in taken
        ]
        assert of_table == free + [f"C {key}" for key in result["conditions"]]


@pytest.mark.parametrize("member", ["methods", "equipment"])
def test_a_key_of_another_group_is_unknown(member):
    other = {"methods": "standard", "equipment": "method"}[member]
    finding = only(table(volts(**{member: [other]})), f"$.results[0].columns[0].{member}[0]", "KEY-UNKNOWN")
    assert other in finding.text.en


ROWS = [
    # lengths of values, of uncertainties, of another column; what is found, where
    ((3, 1, 3), None, ""), ((3, 3, 3), None, ""), ((1, 1, 1), None, ""),
    ((3, 2, 3), "LENGTH", "$.results[0].columns[0].standardUncertainty"),
    ((1, 2, 1), "LENGTH", "$.results[0].columns[0].standardUncertainty"),
    ((3, 3, 2), "ROWS", "$.results[0].columns[1].values"),
    ((3, 3, 4), "ROWS", "$.results[0].columns[1].values"),
]  # fmt: skip


@pytest.mark.parametrize(("lengths", "kind", "place"), ROWS)
def test_columns_of_a_table_have_one_length(lengths, kind, place):
    values, uncertainties, other = (["1"] * length for length in lengths)
    document = table(volts(values=values, standardUncertainty=uncertainties), volts(values=other))
    if kind is None:
        assert make(document).is_valid
    else:
        finding = only(document, place, kind)
        assert str(lengths[0]) in finding.text.en


# --- templates ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("languages", "names"), [
    (["zh", "en"], {"zh": "参考温度", "en": "Reference temperature"}),
    (["en", "zh"], {"en": "Reference temperature", "zh": "参考温度"}),
    (["de"], {"de": "Bezugstemperatur"}), ("de", {"de": "Bezugstemperatur"}),
        (("en",), {"en": "Reference temperature"}),
    (["fr"], None), (["fr", "en"], {"en": "Reference temperature"}),
    ([], {"zh": "参考温度", "en": "Reference temperature", "de": "Bezugstemperatur"}),
    (None, {"zh": "参考温度", "en": "Reference temperature", "de": "Bezugstemperatur"}),
    ([5], {"zh": "参考温度", "en": "Reference temperature", "de": "Bezugstemperatur"}),
])  # fmt: skip
def test_words_of_a_template_come_in_the_languages_of_the_document(languages, names):
    document = {"certificate": {"languages": languages}, "results": [{"columns": [{"column": "reference"}]}]}
    column = filled(document, template_named("temperature"), Problems())["results"][0]["columns"][0]
    assert column.get("name") == names
    assert list(column.get("name") or {}) == list(names or {})
    assert column["unit"] == "\\degreecelsius"


def in_one_language(inside, language):
    if isinstance(inside, dict):
        if set(inside) == {"zh", "en"}:
            return inside[language]
        return {name: in_one_language(each, language) for name, each in inside.items()}
    return [in_one_language(each, language) for each in inside] if isinstance(inside, list) else inside


@pytest.mark.parametrize("template", ["mass", "temperature"])
def test_one_language_may_stand_alone_or_in_a_list(template):
    document = in_one_language(example_document(template), "en")
    document["certificate"]["languages"] = ["en"]
    listed = make(document).xml
    document["certificate"]["languages"] = "en"
    assert make(document).xml == listed


def test_filling_changes_nothing_given_and_filling_twice_fills_no_more():
    for name in ("mass", "temperature", "table"):
        document = example_document(name)
        before, template = copy.deepcopy(document), template_named(name)
        kept = copy.deepcopy(template)
        once = filled(document, template, Problems())
        assert filled(once, template, Problems()) == once
        once["results"][0]["name"]["zh"] = "changed"
        assert (document, template) == (before, kept)


def test_a_column_of_words_takes_no_unit_from_its_template():
    document = example_document("temperature")
    document["results"][0]["columns"] = [{"column": "indicated", "texts": ["over", "under"]}]
    xml = make(document).xml
    assert found(xml, "//dcc:charsXMLList/text()") == ["over under"]
    assert not found(xml, "//dcc:results//si:unitXMLList")


@pytest.mark.parametrize("named", ["pressure", "", 5, ["reference"], {"a": 1}])
def test_a_column_that_the_template_lacks_names_those_it_has(named):
    document = example_document("temperature")
    document["results"][0]["columns"][1]["column"] = named
    problems = refusals(document)
    (finding,) = (each for (_, kind), each in problems.items() if kind == "COLUMN-UNKNOWN")
    assert finding.path == "$.results[0].columns[1].column"
    assert "reference, indicated, error" in finding.text.en


@pytest.mark.parametrize("junk", [None, 5, "x", [5, None], {"a": 1}])
@pytest.mark.parametrize("member", ["certificate", "results"])
def test_junk_is_not_filled_and_breaks_nothing(member, junk):
    document = example_document("temperature") | {member: junk}
    assert refusals(document)


def test_words_of_the_house_are_english_where_a_language_is_missing():
    said = {"certificate": {"languages": ("zh", "en")}}
    assert [language for language, _ in house_words("results", said)] == ["zh", "en"]
    foreign = {"certificate": {"languages": ("en", "fr")}}
    ((language, text),) = house_words("results", foreign)
    assert (language, text) == ("", dict(house_words("results", said))["en"])


# --- places -------------------------------------------------------------------------------------------------------

PLACES = {("a",): "a!A1", ("a", 0): "a!A2", ("a", 0, "name"): "a!B2"}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("a", 0, "name"), "a!B2"), (("a", 0, "name", "zh"), "a!B2"), (("a", 0, "model"), "a!A2"),
        (("a", 1, "name"), "a!A1"), (("b", 0, "name"), "$.b[0].name"), ((), "$"), (("b",), "$.b"),
    ],
)  # fmt: skip
def test_a_place_is_the_nearest_cell_else_the_path(path, place):
    assert Problems(PLACES).place(path) == place


def test_the_first_problem_is_told_with_its_place_in_both_languages():
    with pytest.raises(DocumentNotUsable) as refused:
        make(with_certificate(country="XX", issueDate="today"))
    facts = refused.value.facts
    assert facts["count"] == 2
    assert str(facts["first"].en).startswith("$.certificate.country: ")
    assert "2" in refused.value.what.zh
    assert "“XX”" in refused.value.what.zh
    assert refused.value.code == "JL-MAK-001"


def test_a_scaled_number_is_the_same_number():
    xml = make(
        table(volts(unit="\\degreecelsius", values=["-273.15", "0.00"], refType="basic_measuredValue"))
    ).xml
    lists = [[Decimal(each) for each in text.split()] for text in found(xml, "//si:valueXMLList/text()")]
    assert sorted(lists) == [[Decimal("-273.15"), 0], [0, Decimal("273.15")]]
