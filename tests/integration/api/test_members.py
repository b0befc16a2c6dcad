"""Members of bodies and answers taken from facts: required, optional, bounded; nothing lost on the way."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from jialiang.integration.api.members import (
    LARGEST_SMALL_NUMBER,
    LONGEST_TEXT,
    Body,
    Reason,
    View,
    changed_members,
    changes_of,
    facts_from,
    members_of,
    view_of,
)
from jialiang.kernel.text import Text


@dataclass(frozen=True)
class Plate:
    name: Text
    model: str
    points: tuple[str, ...] = ()
    interval_months: int | None = 12
    secret: str = ""


@members_of(Plate, without=("secret",))
class PlateBody(Body):
    """A new plate."""

    extra: int = 0


@changes_of(Plate)
class PlateChange(Body):
    version: int | None = None
    reason: Reason = Text("原因", "why")


@view_of(Plate, without=("secret",))
class PlateView(View):
    id: str


NAME = {"zh": "表", "en": "Gauge"}


def test_what_has_no_default_in_the_facts_is_required_and_the_rest_has_theirs() -> None:
    with pytest.raises(ValidationError) as refused:
        PlateBody()
    assert {error["loc"] for error in refused.value.errors()} == {("name",), ("model",)}
    body = PlateBody(name=NAME, model="A")
    assert facts_from(Plate, body, secret="s") == Plate(Text("表", "Gauge"), "A", (), 12, "s")


def test_lists_come_as_tuples_and_members_of_the_body_alone_do_not_reach_the_facts() -> None:
    body = PlateBody(name=NAME, model="A", points=["0", "100"], interval_months=None, extra=5)
    assert facts_from(Plate, body) == Plate(Text("表", "Gauge"), "A", ("0", "100"), None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "x"},
        {"colour": "red"},
        {"model": "x" * (LONGEST_TEXT + 1)},
        {"model": None},
        {"name": {"zh": "x" * (LONGEST_TEXT + 1), "en": ""}},
        {"name": {"zh": "", "en": "x" * (LONGEST_TEXT + 1)}},
        {"interval_months": -1},
        {"interval_months": LARGEST_SMALL_NUMBER + 1},
        {"points": ["x" * 61]},
        {"points": [None]},
    ],
)
def test_what_is_unknown_or_out_of_bounds_is_refused(wrong: dict[str, object]) -> None:
    PlateBody(name=NAME, model="x" * LONGEST_TEXT, interval_months=LARGEST_SMALL_NUMBER, points=["x" * 60])
    with pytest.raises(ValidationError):
        PlateBody(**{"name": NAME, "model": "A"} | wrong)


def test_a_change_names_what_it_changes_even_to_nothing_and_not_its_reason() -> None:
    assert changed_members(PlateChange()) == {}
    change = PlateChange(interval_months=None, points=[], version=3, reason={"zh": "", "en": "x"})
    assert changed_members(change) == {"interval_months": None, "points": ()}
    assert changed_members(change, without=("points", "version")) == {
        "interval_months": None,
        "reason": Text("", "x"),
    }


@pytest.mark.parametrize("reason", [{"zh": "", "en": ""}, {"zh": "x" * (LONGEST_TEXT + 1), "en": ""}])
def test_a_reason_is_said_in_one_language_at_least_and_not_without_end(reason: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        PlateChange(reason=reason)


def test_a_view_puts_both_languages_together_and_tells_what_is_stored_however_long() -> None:
    row = SimpleNamespace(
        id="1", name_zh="表" * 2000, name_en="", model="m" * 2000, points=("x" * 99,), interval_months=-1
    )
    view = PlateView.of(row)
    assert view.name == Text("表" * 2000, "")
    assert (view.model, view.points, view.interval_months) == ("m" * 2000, ("x" * 99,), -1)
    assert "secret" not in PlateView.model_fields


def test_what_is_given_beside_the_row_goes_before_it() -> None:
    row = SimpleNamespace(id="1", name_zh="a", name_en="b", model="m", points=(), interval_months=1)
    view = PlateView.of(row, model="other", name=Text("c", "d"))
    assert (view.model, view.name, view.id) == ("other", Text("c", "d"), "1")
