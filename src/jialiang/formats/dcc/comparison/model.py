"""The difference of two certificates as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from jialiang.formats.dcc.quantities.model import Words, text_in
from jialiang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class RowDifference:
    """One value in both certificates; numbers are texts in ``unit``, empty where there are none.

    ``difference`` is second minus first. ``e_n`` is the normalized error: the difference divided by the root sum of
    squares of both expanded uncertainties; None where one of them is missing. ``label`` is the point of the row.
    A value that only one certificate has is in row 0 of the other.
    """

    row_first: int
    row_second: int
    label: str
    first: str
    second: str
    unit: str
    expanded_uncertainty_first: str = ""
    expanded_uncertainty_second: str = ""
    difference: str = ""
    e_n: float | None = None

    @property
    def agrees(self) -> bool | None:
        """Whether |E_n| ≤ 1; None without uncertainties."""
        return None if self.e_n is None else abs(self.e_n) <= 1

    @property
    def is_changed(self) -> bool:
        """Whether the second value is not the first one (in number or text) or its uncertainty is another."""
        same_uncertainty = self.expanded_uncertainty_first == self.expanded_uncertainty_second
        if self.difference:
            return Decimal(self.difference) != 0 or not same_uncertainty
        return self.first != self.second or not same_uncertainty


@dataclass(frozen=True, slots=True)
class QuantityDifference:
    """One quantity: in both certificates (``compared``), only in the first (``removed``) or the second (``added``)."""

    kind: Literal["compared", "removed", "added"]
    name: Words
    ref_type: tuple[str, ...]
    path_first: str = ""
    path_second: str = ""
    rows: tuple[RowDifference, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether anything of the quantity differs."""
        return self.kind != "compared" or any(row.is_changed for row in self.rows)


@dataclass(frozen=True, slots=True)
class AdministrativeChange:
    """A text outside the values: what it was (None: not there) and what it is (None: gone)."""

    path: str
    name: Text
    first: str | None
    second: str | None


@dataclass(frozen=True, slots=True)
class CertificateDifference:
    """Everything that differs; ``relation`` says what the second is to the first, as far as the files tell.

    ``same``, ``amendment`` (the second names the first as replaced), ``recalibration`` (same item, another number),
    ``as_left`` (before and after adjustment), ``other_version`` (same number, other content) or ``unrelated``.
    """

    first: str
    second: str
    relation: str
    quantities: tuple[QuantityDifference, ...]
    administrative: tuple[AdministrativeChange, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not self.administrative and not any(each.is_changed for each in self.quantities)

    @property
    def worst_e_n(self) -> float | None:
        """The largest |E_n|; None where nothing could be compared with uncertainties."""
        found = [abs(row.e_n) for each in self.quantities for row in each.rows if row.e_n is not None]
        return max(found, default=None)

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """Return the difference ready for JSON; E_n with four digits."""
        return {
            "first": self.first,
            "second": self.second,
            "relation": self.relation,
            "same": self.is_same,
            "worst_e_n": _rounded(self.worst_e_n),
            "quantities": [_quantity(each, language) for each in self.quantities],
            "administrative": [
                {"path": c.path, "name": c.name.in_language(language), "first": c.first, "second": c.second}
                for c in self.administrative
            ],
        }


def _quantity(quantity: QuantityDifference, language: str) -> dict[str, Any]:
    return {
        "kind": quantity.kind,
        "name": text_in(quantity.name, language),
        "ref_type": list(quantity.ref_type),
        "changed": quantity.is_changed,
        "path_first": quantity.path_first,
        "path_second": quantity.path_second,
        "rows": [_row(row) for row in quantity.rows],
    }


def _row(row: RowDifference) -> dict[str, Any]:
    return {
        "row_first": row.row_first, "row_second": row.row_second, "label": row.label, "first": row.first,
        "second": row.second, "unit": row.unit, "expanded_uncertainty_first": row.expanded_uncertainty_first,
        "expanded_uncertainty_second": row.expanded_uncertainty_second, "difference": row.difference,
        "e_n": _rounded(row.e_n), "agrees": row.agrees, "changed": row.is_changed,
    }  # fmt: skip


def _rounded(e_n: float | None) -> float | None:
    return None if e_n is None else round(e_n, 4)
