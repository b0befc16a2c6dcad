"""What findings of structure say: rule, place and words, in both languages, for every kind and every type."""

from __future__ import annotations

import json
import string
from importlib import resources

import pytest
from lxml import etree

from jialiang.formats.dcc.structure import dcc_models
from jialiang.formats.dcc.versions import checked_versions
from jialiang.formats.dsi.structure import dsi_models, dsi_versions
from jialiang.formats.structure.automata import State
from jialiang.formats.structure.findings import (
    MOST,
    Reporter,
    expected_value,
    finding_text,
    joined,
    type_text,
)
from jialiang.formats.structure.lexical import BUILT_IN, is_string
from jialiang.formats.structure.models import SCHEMA, ElementType, Models, SimpleType
from jialiang.formats.structure.notation import Foreign
from jialiang.formats.structure.places import name_of, path_of
from jialiang.kernel.text import Text

DCC = "https://ptb.de/dcc"
SI = "https://ptb.de/si"
PREFIXES = {DCC: "dcc", SI: "si"}
WORDS = json.loads((resources.files("jialiang.formats.structure") / "words.json").read_text("utf-8"))
KINDS = sorted(set(WORDS) - {"types"})


@pytest.fixture
def tree() -> etree._Element:
    return etree.fromstring(
        f'<c:a xmlns:c="{DCC}" xmlns="{SI}" xmlns:x="urn:x">\n<c:b/><d/><c:b><e><!--n--><f/><?p?><f/></e></c:b><x:g/>\n'
        '<h xmlns=""/><h xmlns=""/></c:a>'
    )


def test_paths_lead_to_their_element(tree: etree._Element) -> None:
    names = {"dcc": DCC, "si": SI, "x": "urn:x"}
    for element in tree.iter(etree.Element):
        path = path_of(element, PREFIXES)
        assert tree.getroottree().xpath(path, namespaces=names) == [element], path


def test_paths_are_written_with_the_usual_prefixes(tree: etree._Element) -> None:
    paths = [path_of(element, PREFIXES) for element in tree.iter(etree.Element)]
    assert paths == [
        "/dcc:a",
        "/dcc:a/dcc:b[1]",
        "/dcc:a/si:d[1]",
        "/dcc:a/dcc:b[2]",
        "/dcc:a/dcc:b[2]/si:e[1]",
        "/dcc:a/dcc:b[2]/si:e[1]/si:f[1]",
        "/dcc:a/dcc:b[2]/si:e[1]/si:f[2]",
        "/dcc:a/x:g[1]",
        "/dcc:a/h[1]",
        "/dcc:a/h[2]",
    ]


@pytest.mark.parametrize(
    ("tag", "prefix", "written"),
    [
        (f"{{{DCC}}}item", None, "dcc:item"),
        (f"{{{DCC}}}item", "other", "dcc:item"),
        ("{urn:x}item", "x", "x:item"),
        ("{urn:x}item", None, "item"),
        ("item", "x", "item"),
    ],
)
def test_names_as_they_are_written(tag: str, prefix: str | None, written: str) -> None:
    assert name_of(tag, PREFIXES, prefix) == written


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_in_both_languages_with_the_same_facts(kind: str) -> None:
    facts = {
        language: {f for _, f, _, _ in string.Formatter().parse(t) if f}
        for language, t in WORDS[kind].items()
    }
    assert set(facts) == {"zh", "en"}
    assert facts["zh"] == facts["en"] <= {"what", "value", "expected"}
    text = finding_text(kind, what="dcc:a", value="v", expected=Text("应", "ex"))
    assert "{" not in text.zh + text.en
    assert text.zh.endswith("。")
    assert text.en.endswith(".")


@pytest.mark.parametrize("name", sorted(WORDS["types"]))
def test_every_type_has_words_in_both_languages(name: str) -> None:
    text = type_text(name)
    assert text.zh
    assert text.en
    assert text.zh != text.en


def _all_simple(models: Models) -> list[SimpleType]:
    """Every simple type of the elements and attributes of a version."""
    count = -1
    while count != len(models._types):
        count = len(models._types)
        for each in list(models._types.values()):
            models.compiled(each)
    of_elements = [each.simple for each in models._types.values() if each.simple is not None]
    return of_elements + [simple for each in models._types.values() for simple in each.attributes.values()]


@pytest.mark.parametrize("version", checked_versions())
def test_what_is_expected_is_said_in_words_for_every_type_of_a_certificate(version: str) -> None:
    for simple in _all_simple(dcc_models(version)):
        expected = expected_value(simple)
        assert expected.en, simple.key
        assert expected.zh, simple.key
        assert "a value of the type" not in expected.en, simple.key


@pytest.mark.parametrize("version", dsi_versions())
def test_what_is_expected_is_said_in_words_for_every_type_of_a_quantity(version: str) -> None:
    for simple in _all_simple(dsi_models(version)):
        assert "a value of the type" not in expected_value(simple).en, simple.key


def test_words_of_an_enumeration_are_all_named() -> None:
    simple = SimpleType("dcc:_x", is_string, "xs:string", words=("pass", "fail"))
    assert expected_value(simple) == Text("pass、fail", "pass, fail")


def test_a_type_without_words_is_named() -> None:
    assert (
        expected_value(SimpleType("xs:hexBinary", BUILT_IN["hexBinary"])).en
        == "a value of the type xs:hexBinary"
    )


def test_what_may_follow_is_enumerated_and_cut() -> None:
    reporter = Reporter("X", PREFIXES)
    kind = ElementType("k")
    end: State[ElementType] = State(accepts=True)
    assert reporter.names(end) == type_text("end")
    few: State[ElementType] = State(moves={f"{{{DCC}}}a": (end, kind), f"{{{SI}}}b": (end, kind)})
    assert reporter.names(few) == Text("dcc:a、si:b", "dcc:a, si:b")
    few.wildcards.append((Foreign(other=True, strict=False), end))
    assert reporter.names(few).en == "dcc:a, si:b, an element of another vocabulary"
    many: State[ElementType] = State(moves={f"{{{DCC}}}n{n}": (end, kind) for n in range(40)})
    assert reporter.names(many).en.endswith("dcc:n11, …")


def test_findings_stand_in_the_order_of_lines(tree: etree._Element) -> None:
    reporter = Reporter("X-STRUCTURE", PREFIXES)
    reporter.add("TEXT", tree[2], value="later")
    reporter.add("TEXT", tree, value="first")
    reporter.add("ID", tree[0], at="id", value="x")
    found = reporter.result()
    assert [finding.line for finding in found] == [1, 2, 2]
    assert [finding.path for finding in found] == ["/dcc:a", "/dcc:a/dcc:b[2]", "/dcc:a/dcc:b[1]/@id"]
    assert {finding.severity for finding in found} == {"error"}
    assert found[0].to_json() == {
        "rule": "X-STRUCTURE-TEXT",
        "severity": "error",
        "line": 1,
        "path": "/dcc:a",
        "text": {
            "zh": "dcc:a 中不应有文字“first”；只能含子元素。",
            "en": "dcc:a may not hold the text “first”; only child elements are expected.",
        },
    }


@pytest.mark.parametrize("number", [MOST - 1, MOST, MOST + 1])
def test_the_last_finding_says_that_there_are_more_only_if_there_are(
    tree: etree._Element, number: int
) -> None:
    reporter = Reporter("X", PREFIXES)
    for _ in range(number):
        reporter.add("NIL", tree)
    found = reporter.result()
    assert len(found) == min(number, MOST) + (number > MOST)
    assert reporter.is_full == (number > MOST)
    assert (found[-1].rule == "X-MORE") == (number > MOST)


def test_enumerations_in_both_languages() -> None:
    assert joined([Text("甲", "a"), Text("乙", "b")]) == Text("甲、乙", "a, b")
    assert joined([]) == Text("", "")


DERIVATIONS = [
    ("dcc:textType", (DCC, "textType"), True),
    ("dcc:textType", (DCC, "contactType"), False),
    ("xs:string", (DCC, "notEmptyStringType"), True),
    ("xs:string", (DCC, "stringWithLangType"), True),
    ("xs:string", (SI, "unitType"), True),
    ("xs:string", (SCHEMA, "token"), True),
    ("xs:string", (SCHEMA, "ID"), True),
    ("xs:string", (SCHEMA, "double"), False),
    ("xs:string", (DCC, "textType"), False),
    ("dcc:notEmptyStringType", (SCHEMA, "string"), False),
    ("dcc:notEmptyStringType", (DCC, "notEmptyStringType"), True),
    ("si:decimalType", (SI, "kValueType"), False),
    ("dcc:stringPerformanceLocationType", (DCC, "performanceLocationType"), True),
    ("dcc:refTypesType", (DCC, "refTypesType"), True),
]


@pytest.mark.parametrize(("declared", "named", "derives"), DERIVATIONS)
def test_which_types_go_back_to_which(declared: str, named: tuple[str, str], derives: bool) -> None:
    models = dcc_models("3.3.0")
    given = models.named(*named)
    assert given is not None
    assert models.derives(given, models._types.setdefault(declared, ElementType(declared))) == derives


@pytest.mark.parametrize(
    ("namespace", "name"),
    [
        (DCC, "_issuer"),
        (DCC, "nonsense"),
        (DCC, "textBlock"),
        ("urn:x", "textType"),
        ("", "textType"),
        (SCHEMA, "nonsense"),
        (SI, "_column"),
        (SI, "regionType"),
    ],
)
def test_types_without_a_name_cannot_be_named(namespace: str, name: str) -> None:
    assert dcc_models("3.3.0").named(namespace, name) is None


def test_names_of_types_belong_to_versions() -> None:
    old = dcc_models("2.2.0")
    assert old.named(DCC, "textType") is None
    block = old.named(DCC, "textBlock")
    assert block is not None
    assert block.key == "dcc:textType"
    assert old.named(SI, "realQuantityType") is None
    assert dcc_models("3.0.0").named(SI, "realQuantityType") is not None


def test_models_are_compiled_once_and_when_they_are_met() -> None:
    assert dcc_models("3.1.0") is dcc_models("3.1.0")
    vocabularies = tuple(dcc_models("3.1.0")._parts.values())
    fresh = Models(vocabularies)
    assert not any(model.ready for model in fresh._types.values())
    root = fresh.elements[f"{{{DCC}}}digitalCalibrationCertificate"]
    assert root is not None
    assert fresh.compiled(root).ready
    assert sum(model.ready for model in fresh._types.values()) == 1
    assert fresh.compiled(root) is root
