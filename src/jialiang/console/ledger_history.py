"""The history of a ledger record as sentences: what was done, when, by whom, and each value before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, gettext_noop

from jialiang.console.noun_forms import member_label
from jialiang.console.units import symbol_of
from jialiang.console.wording import in_words
from jialiang.vocabulary.statuses import InstrumentState, label

DEEDS = {
    "instrument.register": gettext_noop("Registered"),
    "instrument.change": gettext_noop("Record changed"),
    "instrument.suspend": gettext_noop("Taken out of use"),
    "instrument.restore": gettext_noop("Put back into service"),
    "instrument.retire": gettext_noop("Scrapped"),
    "item.receive": gettext_noop("Received by the laboratory"),
    "item.hand_over": gettext_noop("Returned to the owner"),
}
SILENT = {"state", "state_reason"}


@dataclass(frozen=True, slots=True)
class Altered:
    """One member before and after."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry: the deed, the state it led to (empty if it led to none), the values it altered."""

    at: datetime
    title: str
    who: str
    reason: str
    state: str
    old_state: str
    altered: list[Altered]


def history_lines(
    noun: str, changes: Iterable[Any], choices: Mapping[str, Mapping[Any, Any]]
) -> list[HistoryLine]:
    """Return entries as they came, latest first; ``choices`` are the words of members with a list of values."""
    return [_line(noun, change, choices) for change in changes]


def _line(noun: str, change: Any, choices: Mapping[str, Mapping[Any, Any]]) -> HistoryLine:
    is_first = change.action == "instrument.register"
    members = [] if is_first else [name for name in change.new if name not in SILENT]
    return HistoryLine(
        at=change.at,
        title=gettext(DEEDS[change.action]) if change.action in DEEDS else change.action,
        who=change.person_name,
        reason=change.reason,
        state=InstrumentState.REGISTERED.value if is_first else change.new.get("state", ""),
        old_state=_state(change.old.get("state", "")),
        altered=[
            Altered(
                member_label(noun, name),
                _shown(name, change.old.get(name), choices),
                _shown(name, change.new.get(name), choices),
            )
            for name in members
        ],
    )


def _state(state: str) -> str:
    return in_words(label(InstrumentState(state))) if state in list(InstrumentState) else ""


def _shown(name: str, value: Any, choices: Mapping[str, Mapping[Any, Any]]) -> str:
    if value is None or value is False or value == "":  # 0 is a value
        return "—"
    if value is True:
        return gettext("yes")
    if name == "unit":
        return symbol_of(str(value))
    return str(choices.get(name, {}).get(value, value))
