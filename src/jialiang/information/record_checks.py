"""What a record needs before it can be submitted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jialiang.base.calibrations.errors import BadEntry, RecordIncomplete
from jialiang.base.readings.views import Readings
from jialiang.kernel.text import Text
from jialiang.science.decimal_text import read_decimal

CONDITIONS = {
    "temperature": Text("环境温度", "ambient temperature"),
    "humidity": Text("相对湿度", "relative humidity"),
    "pressure": Text("大气压力", "air pressure"),
}
NEEDED_CONDITIONS = ("temperature", "humidity")


def checked_conditions(given: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return conditions as decimal texts ``{"temperature": {"minimum", "maximum"}, …}``; empty ones fall away.

    One bound alone stands for both. Raises BadEntry and what reading a number raises.
    """
    conditions = {}
    for key, bounds in given.items():
        if key not in CONDITIONS:
            expected = Text("可填写：温度、湿度、气压", "Temperature, humidity and pressure can be entered")
            raise BadEntry(entry=Text(key, key), given=key, expected=expected)
        typed = [str(bounds.get(end, "")).strip() for end in ("minimum", "maximum")]
        if any(typed):
            low, high = (read_decimal(text or typed[0] or typed[1]) for text in typed)
            if low.number > high.number:
                expected = Text("最小值不大于最大值", "The minimum is not above the maximum")
                raise BadEntry(entry=CONDITIONS[key], given=f"{low.text} … {high.text}", expected=expected)
            conditions[key] = {"minimum": low.text, "maximum": high.text}
    return conditions


def missing_of(record: Any, readings: Readings) -> tuple[Text, ...]:
    """Return, in words, everything that a record still lacks."""
    names = {column["key"]: Text.from_json(column["name"]) for column in readings.layout["columns"]}
    missing = [
        Text(f"第 {row} 行{names[key].zh}", f"row {row}, {names[key].en.lower()}") for row, key in readings.missing()
    ]
    missing += [CONDITIONS[key] for key in NEEDED_CONDITIONS if key not in record.environment]
    if record.begin_date is None or record.end_date is None:
        missing.append(Text("工作日期", "date of the work"))
    return tuple(missing)


def require_complete(record: Any, readings: Readings) -> None:
    """Raise RecordIncomplete naming what is missing, and BadEntry for dates in the wrong order."""
    missing = missing_of(record, readings)
    if missing:
        listed = Text("、".join(m.zh for m in missing), ", ".join(m.en for m in missing))
        raise RecordIncomplete(number=record.number, count=len(missing), missing=listed)
    if record.begin_date > record.end_date:
        expected = Text("开始日期不晚于结束日期", "Work does not end before it begins")
        given = f"{record.begin_date} … {record.end_date}"
        raise BadEntry(entry=Text("工作日期", "date of the work"), given=given, expected=expected)
