"""Laws of what changed between two versions: nothing is lost, nothing is made up, there and back are mirror images."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.information.budget_templates.difference import ChangedMember, changes_between
from jialiang.information.budget_templates.shipped_templates import shipped_template
from jialiang.information.procedures import procedures

NAMES = st.sampled_from(["a", "b", "mean", "u", "from", "label"])
WORDS = st.text("0123456789.xé汉", min_size=1, max_size=4)
LEAVES = WORDS | st.integers(-9, 9) | st.booleans() | st.lists(WORDS, min_size=1, max_size=3)
INNER = st.dictionaries(NAMES, LEAVES, max_size=3)
DOCUMENTS = st.dictionaries(NAMES, LEAVES | INNER, max_size=4)


@settings(max_examples=25)
@given(DOCUMENTS)
def test_a_document_does_not_differ_from_itself(document):
    assert changes_between(document, copy.deepcopy(document)) == ()


@settings(max_examples=25)
@given(DOCUMENTS, DOCUMENTS)
def test_there_and_back_are_mirror_images(one, other):
    there = {(change.path, change.before, change.after) for change in changes_between(one, other)}
    back = {(change.path, change.after, change.before) for change in changes_between(other, one)}
    assert there == back


@settings(max_examples=25)
@given(DOCUMENTS, DOCUMENTS)
def test_documents_that_differ_are_told_to_differ_and_no_path_comes_twice(one, other):
    found = changes_between(one, other)
    if json.dumps(one, sort_keys=True) != json.dumps(other, sort_keys=True) and one != other:
        said = [change for change in found if change.before != change.after]
        emptied = [each for each in (one, other) if {} in each.values()]
        assert said or emptied
    paths = [change.path for change in found]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [("", "x", "added"), ("x", "", "dropped"), ("x", "y", "changed"), ("0", "0.0", "changed")],
)
def test_what_kind_of_change_it_is(before, after, kind):
    assert ChangedMember("a", before, after).kind == kind


EDITS = [
    ("delta_bath", "half_width", "0.007"),
    ("delta_drift", "distribution", "triangular"),
    ("y1", "u", "0.0030"),
    ("t0", "value", "25"),
]


@pytest.mark.parametrize(("symbol", "member", "value"), EDITS)
def test_one_member_of_one_input_is_one_line(symbol, member, value):
    before = shipped_template("thermometer_line")
    after = copy.deepcopy(before)
    (item,) = [each for each in after["inputs"] if each["name"] == symbol]
    old, item[member] = item[member], value
    assert changes_between(before, after) == (ChangedMember(f"inputs.{symbol}.{member}", old, value),)


@pytest.mark.parametrize("key", procedures())
def test_the_order_of_the_inputs_is_no_change(key):
    before = shipped_template(key)
    after = before | {"inputs": before["inputs"][::-1]}
    assert changes_between(before, after) == ()


@pytest.mark.parametrize("key", procedures())
def test_an_input_that_is_dropped_or_added_is_one_line_with_all_of_it(key):
    before = shipped_template(key)
    dropped = before["inputs"][-1]
    after = before | {"inputs": before["inputs"][:-1]}
    (line,) = changes_between(before, after)
    assert (line.path, line.kind, line.after) == (f"inputs.{dropped['name']}", "dropped", "")
    assert json.loads(line.before) == {name: value for name, value in dropped.items() if name != "name"}
    (back,) = changes_between(after, before)
    assert (back.kind, back.after) == ("added", line.before)


def test_inputs_of_one_name_are_compared_as_a_list():
    twice = {"inputs": [{"name": "a", "u": "1"}, {"name": "a", "u": "2"}]}
    changed = {"inputs": [{"name": "a", "u": "1"}, {"name": "a", "u": "3"}]}
    (line,) = changes_between(twice, changed)
    assert line.path == "inputs"
    assert json.loads(line.after) == changed["inputs"]


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "\"'&", "</td>", "{{ x }}", "%s"])
def test_texts_are_told_as_they_stand(hostile):
    (line,) = changes_between({"title": "a"}, {"title": hostile})
    assert line.after == hostile


def test_a_correlation_that_changed_is_told_whole():
    before = shipped_template("thermometer_line")
    after = before | {"correlation": [["y1", "y2", "-0.5"]]}
    (line,) = changes_between(before, after)
    assert (line.path, json.loads(line.after)) == ("correlation", [["y1", "y2", "-0.5"]])
