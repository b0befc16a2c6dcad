"""A survey of trees made by chance holds what a plain walk finds, in the order of the document."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.dcc_samples import DCC, SI

from jialiang.formats.dcc.quantities.survey import Survey

TAGS = [f"{{{DCC}}}item", f"{{{DCC}}}list", f"{{{SI}}}real", f"{{{SI}}}unit", "{urn:x}item", "item"]
NAMES = ["id", "refId", "refType", "other", "{urn:x}id"]


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> etree._Element:
    element = etree.Element(draw(st.sampled_from(TAGS)))
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=3)):
        element.set(name, draw(st.sampled_from(["", "a", "b", "a b"])))
    for _ in range(draw(st.integers(0, 3)) if depth else 0):
        kind = draw(st.integers(0, 5))
        if kind == 0:
            element.append(etree.Comment("id"))
        elif kind == 1:
            element.append(etree.ProcessingInstruction("id", "x"))
        else:
            element.append(draw(elements(depth=depth - 1)))
    return element


def walked(element: etree._Element) -> list[etree._Element]:
    """All elements in document order, by hand."""
    return [element, *(each for child in element if isinstance(child.tag, str) for each in walked(child))]


@settings(max_examples=100, deadline=None)
@given(elements())
def test_a_survey_is_a_plain_walk(root: etree._Element) -> None:
    survey, plain = Survey(root), walked(root)
    for held, name in ((survey.with_id, "id"), (survey.with_ref_id, "refId"), (survey.with_ref_type, "refType")):
        assert held == [each for each in plain if each.get(name) is not None]
    firsts: dict[str, etree._Element] = {}
    for each in survey.with_id:
        firsts.setdefault(each.get("id", ""), each)
    assert survey.by_id == firsts
    for ask, namespace in ((survey.dcc, DCC), (survey.si, SI)):
        for local in ("item", "list", "real", "unit", "nothing"):
            assert list(ask(local)) == [each for each in plain if each.tag == f"{{{namespace}}}{local}"]
    named = [etree.QName(each).localname for each in plain if each.tag.startswith(f"{{{SI}}}")]
    assert list(survey.si_names()) == list(dict.fromkeys(named))


@settings(max_examples=40, deadline=None)
@given(elements(), st.lists(st.sampled_from(["item", "list"]), max_size=4))
def test_names_asked_together_come_one_name_after_the_other(root: etree._Element, names: list[str]) -> None:
    survey = Survey(root)
    assert list(survey.dcc(*names)) == [each for name in names for each in survey.dcc(name)]


def test_a_question_about_what_is_not_there_leaves_no_trace() -> None:
    survey = Survey(etree.Element(f"{{{DCC}}}list"))
    assert list(survey.si("real", "unit")) == [] and list(survey.dcc("nothing")) == []
    assert list(survey.si_names()) == []
    assert "" not in survey.by_id


def test_the_same_writing_is_read_once_and_another_of_the_same_text_is_another() -> None:
    text = f'<l xmlns="{SI}"><real><value> 1.50 </value><unit>\\metre</unit></real><real><value>1.50</value></real></l>'
    root = etree.fromstring(text)
    survey = Survey(root)
    first, second = survey.si("real")
    assert survey.writing(first) is survey.writing(first)
    assert survey.writing(first).values == survey.writing(second).values == ("1.50",)
    assert (survey.writing(first).unit, survey.writing(second).unit) == (("\\metre",), ())
    assert survey.writing(first) is not survey.writing(second)


def test_a_survey_of_a_part_knows_nothing_of_the_rest() -> None:
    root = etree.fromstring(f'<l xmlns="{DCC}"><item id="a"/><list id="b"><item id="c" refId="a"/></list></l>')
    survey = Survey(root[1])
    assert list(survey.by_id) == ["b", "c"]
    assert [each.get("id") for each in survey.dcc("item")] == ["c"]
    assert [each.get("refId") for each in survey.with_ref_id] == ["a"]
