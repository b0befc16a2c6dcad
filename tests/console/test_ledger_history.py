"""The history of a ledger record: which deed, which values before and after, which states."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from jialiang.console.ledger_history import DEEDS, HistoryLine, history_lines

AT = datetime(2026, 6, 16, 7, 0, tzinfo=UTC)
CHOICES = {"purpose": {"trade": "Trade"}}


def line(action: str, old: dict[str, Any], new: dict[str, Any], language: str = "en") -> HistoryLine:
    change = SimpleNamespace(action=action, at=AT, person_name="Li", reason="why", old=old, new=new)
    with translation.override(language):
        (found,) = history_lines("instrument", [change], CHOICES)
    return found


@pytest.mark.parametrize(
    ("name", "stored", "shown"),
    [
        ("interval_months", 12, "12"),
        ("interval_months", 0, "0"),
        ("interval_months", 1, "1"),
        ("interval_months", None, "—"),
        ("serial_number", "", "—"),
        ("compulsory", True, "yes"),
        ("compulsory", False, "—"),
        ("unit", r"\degreecelsius", "°C"),
        ("unit", "div", "div"),
        ("purpose", "trade", "Trade"),
        ("purpose", "gone", "gone"),
    ],
)
def test_values_are_shown_as_people_read_them_and_zero_is_a_value(name: str, stored: Any, shown: str) -> None:
    (altered,) = line("instrument.change", {name: stored}, {name: stored}).altered
    assert (altered.old, altered.new) == (shown, shown)


def test_old_and_new_stand_on_their_own_sides_and_a_value_that_was_absent_is_a_dash() -> None:
    first, second = line("instrument.change", {"model": "A"}, {"model": "B", "origin": "C"}).altered
    assert (first.label, first.old, first.new) == ("Model", "A", "B")
    assert (second.old, second.new) == ("—", "C")


def test_a_registration_lists_no_values_and_leads_to_the_first_state() -> None:
    found = line("instrument.register", {}, {"model": "B", "state": "in_use"})
    assert (found.altered, found.state, found.old_state, found.title) == ([], "registered", "", "Registered")


def test_a_change_of_state_is_told_once_and_not_among_the_values() -> None:
    found = line("instrument.suspend", {"state": "in_use"}, {"state": "suspended", "state_reason": "x"})
    assert (found.state, found.altered, found.who, found.reason, found.at) == (
        "suspended",
        [],
        "Li",
        "why",
        AT,
    )


def test_a_state_that_no_longer_exists_and_a_deed_without_words_stop_nobody_from_reading() -> None:
    found = line("instrument.melt", {"state": "solid"}, {"state": "liquid"})
    assert (found.old_state, found.title) == ("", "instrument.melt")


@pytest.mark.parametrize("action", DEEDS)
def test_every_deed_has_words_in_both_languages(action: str) -> None:
    english, chinese = line(action, {}, {}).title, line(action, {}, {}, "zh-hans").title
    assert english == DEEDS[action]
    assert chinese != english
    assert chinese
