"""What a version changes: members by their path, inputs by their names, nothing where nothing changed."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.information.budget_templates.difference import ChangedMember, changes_between
from jialiang.information.budget_templates.shipped_templates import shipped_template

OLD = {
    "model": {"expr": {"E": "x + d"}},
    "inputs": [{"name": "x", "u": "0.1"}, {"name": "d", "half_width": "0.2", "distribution": "rectangular"}],
    "settings": {"method": "lpu"},
}


def changed(**members):
    return copy.deepcopy(OLD) | members


def told(before, after):
    return [(change.path, change.before, change.after, change.kind) for change in changes_between(before, after)]


def test_the_same_document_changes_nothing():
    assert changes_between(OLD, copy.deepcopy(OLD)) == ()


def test_a_changed_number_and_formula_are_named_by_their_path():
    new = changed(model={"expr": {"E": "x - d"}})
    new["inputs"][1]["half_width"] = "0.3"
    assert told(OLD, new) == [
        ("model.expr.E", "x + d", "x - d", "changed"),
        ("inputs.d.half_width", "0.2", "0.3", "changed"),
    ]


def test_the_order_of_inputs_is_no_change_and_their_names_are_what_they_are():
    assert changes_between(OLD, changed(inputs=list(reversed(OLD["inputs"])))) == ()


def test_a_new_and_a_dropped_input_stand_whole():
    new = changed(inputs=[OLD["inputs"][0], {"name": "t", "from": {"source": "point"}}])
    found = changes_between(OLD, new)
    assert ChangedMember("inputs.t", "", '{"from": {"source": "point"}}') in found
    assert ChangedMember("inputs.d", '{"half_width": "0.2", "distribution": "rectangular"}', "") in found
    assert [change.kind for change in found] == ["added", "dropped"]


def test_lists_of_numbers_are_compared_whole():
    new = copy.deepcopy(OLD) | {"correlation": [["x", "d", "0.5"]]}
    assert told(OLD, new) == [("correlation", "", '[["x", "d", "0.5"]]', "added")]
    assert told(new, OLD) == [("correlation", '[["x", "d", "0.5"]]', "", "dropped")]


def test_against_nothing_everything_is_added():
    assert {change.kind for change in changes_between({}, shipped_template("mass_comparison"))} == {"added"}


@pytest.mark.parametrize("twice", [[{"name": "x"}, {"name": "x"}], [{"u": "1"}], ["x"]])
def test_lists_that_are_not_of_distinct_names_are_compared_as_lists(twice):
    (found,) = changes_between(OLD, changed(inputs=twice))
    assert found.path == "inputs"


LEAVES = st.one_of(st.none(), st.booleans(), st.text(max_size=4))
NAMES = st.text(max_size=3)
TREES = st.dictionaries(NAMES, st.one_of(LEAVES, st.dictionaries(NAMES, LEAVES, max_size=3)), max_size=4)


@given(TREES)
def test_nothing_differs_from_itself(tree):
    assert changes_between(tree, copy.deepcopy(tree)) == ()


@given(TREES, TREES)
def test_both_ways_the_same_members_differ(one, other):
    there, back = changes_between(one, other), changes_between(other, one)
    assert sorted((c.path, c.before, c.after) for c in there) == sorted((c.path, c.after, c.before) for c in back)
