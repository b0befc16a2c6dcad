"""What a row of a table of identifiers says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jialiang.formats.handle.values import HandleValue
from jialiang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class TableCode:
    """A code in another system; the first of a row is its primary one, unless another says so."""

    system: str
    code: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in a cell: its row as people count them, the heading of its column (empty: the whole row), why.

    ``remedy`` says how to mend it.
    """

    row: int
    column: str
    reason: Text
    remedy: Text = Text()

    def to_json(self) -> dict[str, object]:
        """Return the fault for JSON."""
        told = {"reason": self.reason.to_json(), "remedy": self.remedy.to_json()}
        return {"row": self.row, "column": self.column, **told}


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its number in the file, from 1, and the record it asks for, or the faults that keep it from being one.

    ``headings`` are those of the table, by what stands below them: ``name``, ``state``, ``template``, ``code:GIAI``,
    the index of a value as text.
    """

    number: int
    name: str = ""
    values: tuple[HandleValue, ...] = ()
    codes: tuple[TableCode, ...] = ()
    state: str = "active"
    template: str = ""
    faults: tuple[CellFault, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict, compare=False)
