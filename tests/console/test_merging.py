"""Two people change the same thing: what merges by itself, what is asked, what the page carries on."""

from typing import Any

import pytest
from django import forms
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.console.merging import VersionedForm, as_read


class Plate(VersionedForm):
    noun = "instrument"
    model = forms.CharField(required=False, label="Model")
    purpose = forms.ChoiceField(required=False, label="Purpose", choices=[("a", "Trade"), ("b", "Safety")])
    interval_months = forms.IntegerField(required=False, label="Interval")
    compulsory = forms.BooleanField(required=False, label="Compulsory")


READ: dict[str, Any] = {"model": "A", "purpose": "a", "interval_months": 12, "compulsory": False}


def typed(read: dict[str, Any] | str = READ, version: int = 1, **changes: Any) -> Plate:
    entries = {
        name: value for name, value in (READ | changes).items() if value is not False and value is not None
    }
    form = Plate(entries | {"version": version, "as_read": read if isinstance(read, str) else as_read(read)})
    assert form.is_valid(), form.errors
    return form


def test_without_anyone_else_only_what_differs_is_written() -> None:
    assert typed(model="B").merge(READ, 1).changes == {"model": "B"}
    assert typed().merge(READ, 1).changes == {}


def test_what_somebody_else_changed_meanwhile_is_not_written_back() -> None:
    merge = typed(model="B").merge(READ | {"interval_months": 24}, 2)
    assert (merge.changes, merge.clashes) == ({"model": "B"}, ())


def test_the_same_change_by_both_is_no_clash() -> None:
    assert typed(model="B").merge(READ | {"model": "B"}, 2).clashes == ()


def test_different_changes_of_one_field_are_asked_with_all_three_values() -> None:
    (clash,) = typed(purpose="b").merge(READ | {"purpose": ""}, 2).clashes
    assert (clash.name, clash.label) == ("purpose", "Purpose")
    assert (clash.was, clash.now, clash.mine) == ("Trade", "—", "Safety")
    assert (clash.now_value, clash.mine_value) == ("", "b")


@pytest.mark.parametrize(
    ("mine", "now", "shown", "posted"),
    [
        ({"interval_months": None}, {"interval_months": 24}, ("12", "24", "—"), ("24", "")),
        ({"model": "B"}, {"model": ""}, ("A", "—", "B"), ("", "B")),
    ],
)
def test_what_was_emptied_is_a_decision_too(
    mine: dict[str, Any], now: dict[str, Any], shown: tuple[str, ...], posted: tuple[str, ...]
) -> None:
    (clash,) = typed(**mine).merge(READ | now, 2).clashes
    assert (clash.was, clash.now, clash.mine) == shown
    assert (clash.now_value, clash.mine_value) == posted


@pytest.mark.parametrize("read", ["", "no json", "[1]", '"x"', "null"])
def test_a_form_that_does_not_know_what_was_read_asks_for_every_difference(read: str) -> None:
    merge = typed(read, model="B").merge(READ | {"interval_months": 24}, 2)
    assert {clash.name for clash in merge.clashes} == {"model", "interval_months"}


VALUES = st.fixed_dictionaries(
    {
        "model": st.sampled_from(["A", "B", "C", ""]),
        "purpose": st.sampled_from(["a", "b", ""]),
        "interval_months": st.sampled_from([None, 0, 12, 24]),
        "compulsory": st.booleans(),
    }
)


@settings(max_examples=25)
@given(VALUES, VALUES, VALUES)
def test_three_way_merging_neither_loses_a_change_nor_undoes_one(
    read: dict[str, Any], now: dict[str, Any], mine: dict[str, Any]
) -> None:
    merge = typed(read, **mine).merge(now, 2)
    asked = {clash.name for clash in merge.clashes}
    result = now | {name: value for name, value in merge.changes.items() if name not in asked}
    for name in READ:
        touched = {"me": mine[name] != read[name], "them": now[name] != read[name]}
        if all(touched.values()) and mine[name] != now[name]:
            assert name in asked
        else:
            assert name not in asked
            assert result[name] == (mine[name] if touched["me"] else now[name])
