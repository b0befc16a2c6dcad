"""What a template is refused for before it is stored: letters that no database holds, and formulas that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.canonical import canonical_json
from jialiang.information.budget_templates.errors import TemplateUnreadable
from jialiang.information.budget_templates.numbers import DEEPEST, numbers_as_texts
from jialiang.information.budget_templates.template import read_template

INPUTS = [{"name": "x", "from": {"source": "certificate"}}]


@pytest.mark.parametrize(("letter", "told"), [("\0", "U+0000"), ("\ud800", "U+D800"), ("\udfff", "U+DFFF")])
@pytest.mark.parametrize("where", ["value", "name", "deep"])
def test_a_letter_that_cannot_be_stored_is_named_with_its_place(letter, told, where):
    text = f"a{letter}b"
    documents = {"value": {"title": text}, "name": {text: "1"}, "deep": {"inputs": [{"label": {"zh": text}}]}}
    members = {"value": "document.title", "name": "document", "deep": "document.inputs[0].label.zh"}
    with pytest.raises(TemplateUnreadable) as refused:
        numbers_as_texts(documents[where])
    assert (refused.value.facts["member"], refused.value.facts["given"]) == (members[where], told)


@pytest.mark.parametrize("letter", ["\u0001", "\ud7ff", "\ue000", "\uffff", "😀", "嘉"])
def test_the_letters_beside_them_are_kept(letter):
    assert numbers_as_texts({letter: letter}) == {letter: letter}


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=4)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


@given(TREES)
def test_whatever_is_taken_has_a_digest_and_is_taken_again_unchanged(tree):
    try:
        taken = numbers_as_texts(tree)
    except TemplateUnreadable as refused:
        assert refused.facts["member"].startswith("document")
        return
    assert numbers_as_texts(taken) == taken
    assert canonical_json({"document": taken})


def nested(depth):
    tree: dict = {}
    for _ in range(depth):
        tree = {"n": tree}
    return tree


def test_depth_is_taken_to_its_limit_and_not_one_further():
    assert numbers_as_texts(nested(DEEPEST)) == nested(DEEPEST)
    with pytest.raises(TemplateUnreadable):
        numbers_as_texts(nested(DEEPEST + 1))


@pytest.mark.parametrize("expr", [["y = x"], 5, True, 0.5])
@pytest.mark.parametrize("outputs", [{}, {"outputs": ["y"]}])
def test_a_formula_is_a_text_or_texts_by_name(expr, outputs):
    with pytest.raises(TemplateUnreadable) as refused:
        read_template({"model": {"expr": expr} | outputs, "inputs": INPUTS})
    assert refused.value.facts["member"] == "model.expr"
