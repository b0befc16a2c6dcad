"""The check of structure on grammars of a few words: every way to break them, located, and beside a plain search."""

from __future__ import annotations

import contextlib
import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from jialiang.formats.findings import DocumentFinding
from jialiang.formats.structure.checking import StructureCheck
from jialiang.formats.structure.findings import MOST, Reporter
from jialiang.formats.structure.models import ABSTRACT, Models
from jialiang.formats.structure.notation import Child, Repeated, Sequence, read_expression
from jialiang.formats.structure.versions import Vocabulary

NS = "urn:g"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def grammar(
    types: dict[str, str],
    *,
    elements: dict[str, str] | None = None,
    values: dict[str, dict[str, object]] | None = None,
    known: tuple[str, ...] = (),
) -> Models:
    """The models of a vocabulary whose root is of the type ``rootType``."""
    declared = {"root": "rootType"} | (elements or {})
    part = Vocabulary(
        prefix="g", namespace=NS, version="1", uses="", aliases={"text": "xs:string"}, attributes={"id": "xs:ID"},
        elements=declared, types=types, values=values or {}, names={},
    )  # fmt: skip
    return Models((part,), known)


def found(models: Models, inside: str, attributes: str = "") -> tuple[DocumentFinding, ...]:
    root = etree.fromstring(f'<root xmlns="{NS}" xmlns:f="urn:f" {XSI} {attributes}>{inside}</root>')
    reporter = Reporter("G", models.prefixes)
    StructureCheck(models, reporter).run(root)
    return reporter.result()


def kinds(models: Models, inside: str, attributes: str = "") -> list[str]:
    return [each.rule.removeprefix("G-") for each in found(models, inside, attributes)]


# --- content models beside regular expressions ----------------------------------------------------------------------

CONTENTS = [
    ("a:text b:text? c:text*", "ab?c*"),
    ("( a:text | b:text )+ c:text?", "[ab]+c?"),
    ("( a:text b:text )* c:text", "(ab)*c"),
    ("( a:text & b:text? & c:text )", "a(bc|cb?)|b(ac|ca)|c(ab?|ba)"),
    ("a:text? ( b:text | c:text )?", "a?[bc]?"),
]


@pytest.mark.parametrize(("notation", "pattern"), CONTENTS)
def test_a_document_is_valid_exactly_where_its_children_are_a_word_of_the_language(notation: str, pattern: str) -> None:
    models = grammar({"rootType": notation})
    for length in range(5):
        for names in itertools.product("abc", repeat=length):
            inside = "".join(f"<{name}/>" for name in names)
            assert (kinds(models, inside) == []) is (re.fullmatch(pattern, "".join(names)) is not None), inside


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["<a/>", "<b/>", "<c/>", "<f:x/>", "<!--n-->", "<?p?>", " \n"]), max_size=8))
def test_comments_instructions_and_blanks_never_change_what_is_found(parts: list[str]) -> None:
    models = grammar({"rootType": "a:text b:text* ( c:text | {other lax} )?"})
    bare = [part for part in parts if part.startswith(("<a", "<b", "<c", "<f"))]
    assert kinds(models, "".join(parts)) == kinds(models, "".join(bare))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("abcx"), max_size=7))
def test_each_child_that_does_not_fit_is_named_once_and_the_check_goes_on(names: list[str]) -> None:
    models = grammar({"rootType": "a:xs:integer? b:xs:integer? c:xs:integer?"})
    reports = found(models, "".join(f"<{name}>1</{name}>" for name in names))
    paths = [each.path for each in reports if each.rule == "G-UNEXPECTED"]
    assert len(paths) == len(set(paths))
    in_order = sorted(set(names) & set("abc"))
    assert (reports == ()) is (names == in_order)
    assert all(each.text.zh and each.text.en and each.line == 1 for each in reports)


# --- what is broken, where and how it is said ------------------------------------------------------------------------

MODELS = grammar(
    {
        "rootType": "number:xs:integer? list:_numbers? mixed:mixedType? open:openType? word:_word? one:oneType*",
        "mixedType": "~ b:text*",
        "openType": "{any lax}*",
        "oneType": "a:text b:text? @id @kind:_word! @n:xs:integer",
    },
    elements={"never": ABSTRACT, "known": "xs:integer"},
    values={
        "_numbers": {"list": "xs:integer", "least": 2},
        "_word": {"of": "xs:string", "words": ["yes", "no"]},
    },
)

BROKEN = [
    ("<number>1.5</number>", "VALUE", "/g:root/g:number[1]"),
    ("<number/>", "VALUE", "/g:root/g:number[1]"),
    ("<number>1<a/></number>", "CHILDREN", "/g:root/g:number[1]"),
    ("<list>1</list>", "VALUE", "/g:root/g:list[1]"),
    ("<list>1 x</list>", "VALUE", "/g:root/g:list[1]"),
    ("<word>maybe</word>", "VALUE", "/g:root/g:word[1]"),
    ("<word> yes</word>", "VALUE", "/g:root/g:word[1]"),
    ("text", "TEXT", "/g:root"),
    ("<number>1</number>text", "TEXT", "/g:root"),
    ("<word>yes</word><number>1</number>", "UNEXPECTED", "/g:root/g:number[1]"),
    ("<f:x/>", "UNEXPECTED", "/g:root/f:x[1]"),
    ('<x xmlns=""/>', "UNEXPECTED", "/g:root/x[1]"),
    ("<open><known>x</known></open>", "VALUE", "/g:root/g:open[1]/g:known[1]"),
    ("<open><never/></open>", "ABSTRACT", "/g:root/g:open[1]/g:never[1]"),
    ("<open><f:x><known>x</known></f:x></open>", "VALUE", "/g:root/g:open[1]/f:x[1]/g:known[1]"),
    ("<one><a/></one>", "ATTRIBUTE-MISSING", "/g:root/g:one[1]"),
    ('<one kind="perhaps"><a/></one>', "ATTRIBUTE-VALUE", "/g:root/g:one[1]/@kind"),
    ('<one kind="yes" n="x"><a/></one>', "ATTRIBUTE-VALUE", "/g:root/g:one[1]/@n"),
    ('<one kind="yes" id="1"><a/></one>', "ATTRIBUTE-VALUE", "/g:root/g:one[1]/@id"),
    ('<one kind="yes" other="1"><a/></one>', "ATTRIBUTE", "/g:root/g:one[1]/@other"),
    ('<one kind="yes"/>', "INCOMPLETE", "/g:root/g:one[1]"),
    ('<one kind="yes" xsi:nil="true"><a/></one>', "NIL", "/g:root/g:one[1]"),
    ('<one kind="yes" xsi:type="mixedType"><a/></one>', "TYPE", "/g:root/g:one[1]/@xsi:type"),
    ('<one kind="yes" xsi:type="f:oneType"><a/></one>', "TYPE", "/g:root/g:one[1]/@xsi:type"),
    ('<one kind="yes" xsi:type="p:oneType"><a/></one>', "TYPE", "/g:root/g:one[1]/@xsi:type"),
]


@pytest.mark.parametrize(("inside", "kind", "path"), BROKEN)
def test_each_way_to_break_it_is_one_finding_at_its_place(inside: str, kind: str, path: str) -> None:
    (finding,) = found(MODELS, inside)
    assert (finding.rule, finding.severity, finding.path) == (f"G-{kind}", "error", path)
    assert finding.text.zh.endswith("。") and finding.text.en.endswith(".")


KEPT = [
    "", "<number> -5 </number>", "<number>+007</number>", "<list>1 2</list>", "<list>\n1\t2 3 </list>",
    "<word>yes</word>", "<mixed>text<b/>more<b/>end</mixed>", "<mixed/>", "<open/>",
    "<open><f:x a='1'>text<f:y/></f:x><known>1</known></open>", "<number><!--n-->1</number>",
    '<one kind="yes"><a/></one>', '<one kind="no" id="i1" n=" 1 "><a/><b/></one>',
    '<one kind="yes" xsi:type="oneType"><a/></one>', '<one kind="yes" xsi:schemaLocation="a b"><a/></one>',
    '<open><f:x xsi:nil="true"/></open>',
]  # fmt: skip


@pytest.mark.parametrize("inside", KEPT)
def test_what_keeps_it_is_left_alone(inside: str) -> None:
    assert kinds(MODELS, inside) == []


def test_what_is_expected_is_said_with_the_finding() -> None:
    (finding,) = found(MODELS, "<word>maybe</word>")
    assert "yes, no" in finding.text.en and "yes、no" in finding.text.zh
    (finding,) = found(MODELS, "<word>yes</word><number>1</number>")
    assert "g:one" in finding.text.en and "g:one" in finding.text.zh
    assert "g:list" not in finding.text.en


@pytest.mark.parametrize("many", [2, 3, 9])
def test_of_equal_ids_each_after_the_first_is_one_too_many(many: int) -> None:
    one = '<one kind="yes" id=" a "><a/></one>'
    reports = found(MODELS, one * many)
    assert [each.path for each in reports] == [f"/g:root/g:one[{n}]/@id" for n in range(2, many + 1)]
    assert {each.rule for each in reports} == {"G-ID"}


@pytest.mark.parametrize(("tag", "kind"), [("never", "ABSTRACT"), ("nothing", "FOREIGN"), ("known", None)])
def test_a_root_has_to_be_declared(tag: str, kind: str | None) -> None:
    reporter = Reporter("G", MODELS.prefixes)
    StructureCheck(MODELS, reporter).run(etree.fromstring(f'<{tag} xmlns="{NS}">1</{tag}>'))
    assert [each.rule for each in reporter.result()] == ([f"G-{kind}"] if kind else [])


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    ("inside", "lax", "when_strict"),
    [
        ("<f:x/>", [], ["FOREIGN"]),
        ("<f:known>x</f:known>", [], []),
        ("<f:x/><f:x/>", [], ["FOREIGN", "FOREIGN"]),
        ("<known>1</known>", ["UNEXPECTED"], ["UNEXPECTED"]),
        ('<x xmlns=""/>', ["UNEXPECTED"], ["UNEXPECTED"]),
    ],
)
def test_other_vocabularies_are_taken_as_the_wildcard_says(
    strict: bool, inside: str, lax: list[str], when_strict: list[str]
) -> None:
    models = grammar({"rootType": "{other strict}*" if strict else "{other lax}*"}, known=("{urn:f}known",))
    assert kinds(models, inside) == (when_strict if strict else lax)


def test_more_findings_than_are_told_end_the_check_with_a_word() -> None:
    reports = found(MODELS, "<f:x/>" * (MOST + 50))
    assert len(reports) == MOST + 1
    assert reports[-1].rule == "G-MORE"
    assert str(MOST) in reports[-1].text.en and str(MOST) in reports[-1].text.zh


@pytest.mark.parametrize("length", [60, 61, 5000])
def test_a_long_value_is_cut_where_it_is_told(length: int) -> None:
    (finding,) = found(MODELS, f"<number>{'x' * length}</number>")
    assert ("…" in finding.text.en) is (length > 60)
    assert finding.text.en.count("x" * 59) == 1 and "x" * 61 not in finding.text.en


# --- the notation ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "notation",
    ["( a:x", "( a:x | ( b:y )", "a:x )", "[a", "a]", "{any lax", "a:x }", "{any}", "{any lax more}",
     "a:x | b:y & c:z", "( a:x & b:y | c:z )"],
)  # fmt: skip
def test_what_is_not_in_the_notation_is_refused(notation: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_expression(notation)


LEAVES = st.builds(lambda name, of: Child(name, of), st.sampled_from("abc"), st.sampled_from(["x", "xs:y"]))


@st.composite
def expressions(draw: st.DrawFn, depth: int = 2):
    """An expression and its notation."""
    mark = draw(st.sampled_from(["", "?", "*", "+"]))
    if depth == 0 or draw(st.booleans()):
        leaf = draw(LEAVES)
        text: str = f"{leaf.name}:{leaf.type}"
        whole: object = leaf
    else:
        parts = draw(st.lists(expressions(depth=depth - 1), min_size=2, max_size=3))
        whole, text = Sequence(tuple(part for part, _ in parts)), f"( {' '.join(each for _, each in parts)} )"
    return (Repeated(whole, mark in "?*", mark in "*+") if mark else whole), text + mark


@settings(max_examples=80, deadline=None)
@given(expressions())
def test_a_sequence_is_read_back_as_it_was_written(made) -> None:
    expression, text = made
    assert read_expression(text) == expression
    assert read_expression(text.replace(" ", "\n  ")) == expression


@settings(max_examples=150, deadline=None)
@given(st.text("ab:x ()|&?*+[]{} ", max_size=14))
def test_no_text_brings_anything_but_an_expression_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        read_expression(text)
