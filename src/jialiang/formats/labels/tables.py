"""Contents of many labels from a table: CSV in UTF-8, one label a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import fields

from jialiang.formats.labels.contents import LabelContent, content_of
from jialiang.formats.labels.errors import BadLabelData
from jialiang.formats.labels.pages import MOST_LABELS
from jialiang.kernel.text import storable

LARGEST = 5_000_000
_COLUMNS = {field.name for field in fields(LabelContent)}


def contents_of_table(data: bytes, base: str, common: Mapping[str, str]) -> list[LabelContent]:
    """Return the contents of a table; ``common`` fills the members that a row leaves empty.

    Raises BadLabelData with the row at fault, BadLabelValue, CodeRefused.
    """
    rows = _rows(data)
    if len(rows) > MOST_LABELS:
        raise BadLabelData(place=str(MOST_LABELS + 2), reason=f"more than {MOST_LABELS} rows")
    return [_content(row, base, common) for row in rows]


def _content(row: Mapping[str, str], base: str, common: Mapping[str, str]) -> LabelContent:
    own = {name: value.strip() for name, value in row.items() if name != "identifier" and value.strip()}
    return content_of(row["identifier"].strip(), base, {**common, **own})


def _rows(data: bytes) -> list[dict[str, str]]:
    if len(data) > LARGEST:
        raise BadLabelData(place="1", reason=f"more than {LARGEST} bytes")
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig")), strict=True)
        names = [name.strip() for name in reader.fieldnames or []]
        reader.fieldnames = names
        _require_columns(names)
        return [_whole(row, reader.line_num) for row in reader]
    except UnicodeDecodeError as problem:
        raise BadLabelData(place=str(data.count(b"\n", 0, problem.start) + 1), reason="UTF-8") from problem
    except csv.Error as problem:
        raise BadLabelData(place="CSV", reason=storable(str(problem), 120)) from problem


def _require_columns(names: list[str]) -> None:
    strange = [name for name in names if name not in _COLUMNS]
    if strange or "identifier" not in names or len(set(names)) != len(names):
        wrong = strange[0] if strange else "identifier"
        raise BadLabelData(place="1", reason=storable(f"{wrong}: {', '.join(sorted(_COLUMNS))}", 200))


def _whole(row: Mapping[str, str | None], line: int) -> dict[str, str]:
    if None in row or None in row.values() or not (row["identifier"] or "").strip():
        raise BadLabelData(place=str(line), reason="identifier, or the number of columns")
    return {name: value or "" for name, value in row.items()}
