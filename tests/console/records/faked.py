"""Records as plain values: what the pure parts of a record's screens need, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import QueryDict

from jialiang.base.readings.views import Amendment, Cell
from jialiang.information.procedures import procedures
from jialiang.information.record_view import (
    AmendedCell,
    ConditionLine,
    RecordView,
    ResultLine,
    RowLine,
    StepLine,
)
from jialiang.kernel.text import Text

MOMENT = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)
TECHNICIAN, REVIEWER, SIGNATORY = UUID(int=11), UUID(int=12), UUID(int=13)
INDICATION, CORRECTION = Text("示值", "Indication"), Text("修正值", "Correction")


def cell(row: int, column: str, text: str, *old: str) -> Cell:
    """A cell that stands as ``text`` now; ``old`` are the texts that it was amended from, first to last."""
    texts = [*old, text]
    amendments = tuple(
        Amendment(before, after, "typed wrong", TECHNICIAN, "李小量", MOMENT)
        for before, after in zip(texts, texts[1:], strict=False)
    )
    return Cell(row, column, text, text, "\\degreecelsius", "manual", "李小量", MOMENT, texts[0], amendments)


def amended(number: int, row: int, column: Text = CORRECTION) -> AmendedCell:
    return AmendedCell(number, row, column, "1", "2", "typed wrong", "李小量", MOMENT)


def result(point: str = "22", deviation: str = "-0.16", u: str = "0.004", **members: Any) -> ResultLine:
    known = {
        "coverage_factor": "2.00",
        "maximum_permissible_error": "",
        "conformity": "",
        "previous_deviation": "",
        "change": "",
        "facts": {},
    }
    return ResultLine(point=point, deviation=deviation, expanded_uncertainty=u, **(known | members))


def step(action: str, reason: str = "") -> StepLine:
    return StepLine(MOMENT, action, "", "", "陈同律", reason)


def record(**members: Any) -> Any:
    known = {
        "state": "draft",
        "begin_date": None,
        "end_date": None,
        "calibrated_by_id": TECHNICIAN,
        "reviewed_by_id": None,
        "reading_set": SimpleNamespace(frozen_at=None),
    }
    return SimpleNamespace(**(known | members))


def view(
    *rows: tuple[Cell | None, ...],
    conditions: dict[str, tuple[str, str]] | None = None,
    frozen: bool = False,
    dates: tuple[date | None, date | None] = (None, None),
    procedure: str = "thermometer_line",
    **members: Any,
) -> RecordView:
    """A record whose table has an indication and a correction in each row."""
    units = {"temperature": "\\degreecelsius", "humidity": "\\percent"}
    names = {
        "temperature": Text("环境温度", "ambient temperature"),
        "humidity": Text("相对湿度", "relative humidity"),
    }
    stored = conditions or {"temperature": ("", ""), "humidity": ("", "")}
    known: dict[str, Any] = {
        "record": record(
            begin_date=dates[0],
            end_date=dates[1],
            reading_set=SimpleNamespace(frozen_at=MOMENT if frozen else None),
        ),
        "procedure": procedures()[procedure],
        "conditions": tuple(
            ConditionLine(key, names[key], low, high, units[key]) for key, (low, high) in stored.items()
        ),
        "standards": (),
        "columns": (INDICATION, CORRECTION),
        "column_keys": ("indication", "correction"),
        "unit": "\\degreecelsius",
        "rows": tuple(RowLine(number, "", cells) for number, cells in enumerate(rows, start=1)),
        "results": (),
        "evaluation": {},
        "problem": Text(),
        "warnings": (),
        "missing": (),
        "previous": None,
        "amendments": (),
        "steps": (),
        "actions": (),
        "checks": (),
    }
    return RecordView(**(known | members))


def form(**typed: str) -> QueryDict:
    """What a browser sends; ``__`` in a name stands for the dash of a field's name."""
    sent = QueryDict(mutable=True)
    sent.update({name.replace("__", "-"): text for name, text in typed.items()})
    return sent
