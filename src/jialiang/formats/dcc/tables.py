"""Result tables as DCC lists of quantities."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from jialiang.formats.content import CertificateContent, Column, ResultTable
from jialiang.formats.dcc import profile
from jialiang.formats.dcc.covariances import FACTOR, check_covariances
from jialiang.formats.dcc.elements import child, contents, texts
from jialiang.formats.dcc.errors import (
    CoverageNotAllowed,
    MissingContent,
    NotDecimalText,
    UnevenColumns,
    UnknownReference,
)
from jialiang.formats.dcc.profile import words
from jialiang.formats.dsi import writing as dsi
from jialiang.formats.dsi.decimals import is_decimal
from jialiang.formats.dsi.units import DEGREE_CELSIUS, KELVIN, ONE
from jialiang.kernel.text import Text

# What SI_Format.xsd 2.2.1 allows for coverageProbabilityXMLList.
_PROBABILITY = re.compile(r"\+?(0(\.[0-9]*)?|1(\.0*)?)")


@dataclass(frozen=True, slots=True)
class Links:
    """The XML ids of methods and equipment, by their keys in the content."""

    methods: dict[str, str]
    equipment: dict[str, str]

    @classmethod
    def of(cls, content: CertificateContent) -> Links:
        """Number methods ``uM_n`` and equipment ``mE_n`` in their order."""
        return cls(
            methods={method.key: f"uM_{n}" for n, method in enumerate(content.methods, start=1)},
            equipment={equipment.key: f"mE_{n}" for n, equipment in enumerate(content.equipment, start=1)},
        )

    def of_column(self, column: Column, table: Text) -> list[str]:
        """Return the ids that a column refers to; raises UnknownReference."""
        wanted = [(key, self.methods) for key in column.method_keys]
        wanted += [(key, self.equipment) for key in column.equipment_keys]
        for key, known in wanted:
            if key not in known:
                raise UnknownReference(table=table, column=column.name, key=key)
        return [known[key] for key, known in wanted]

    def not_used_by(self, table: ResultTable) -> list[str]:
        """Return the ids that no column of the table refers to: they belong to the table as a whole."""
        methods = {key for column in table.columns for key in column.method_keys}
        equipment = {key for column in table.columns for key in column.equipment_keys}
        rest = [id_ for key, id_ in self.methods.items() if key not in methods]
        return rest + [id_ for key, id_ in self.equipment.items() if key not in equipment]


def result(parent: etree._Element, table: ResultTable, links: Links) -> None:
    """Append ``dcc:result`` with one list of quantities, a quantity a column."""
    if not table.columns:
        raise MissingContent(place=profile.place("results/columns"))
    element = child(parent, "result", refType="gp_measuringResult1")
    texts(element, "name", table.name, "result/name")
    if table.note:
        texts(element, "description", table.note, "result/description")
    adjustment = [f"iC_{table.adjustment}"] if table.adjustment else []
    ids = " ".join(links.not_used_by(table) + adjustment)
    group = child(child(element, "data"), "list", refId=ids, refType=table.ref_type)
    for column in table.columns:
        _check_lengths(table, column)
        ids = " ".join(links.of_column(column, table.name))
        quantity = child(group, "quantity", refId=ids, refType=column.ref_type)
        texts(quantity, "name", column.name, "quantity/name")
        _values(quantity, column)
        _conformities(quantity, column)


def _values(quantity: etree._Element, column: Column) -> None:
    if not all(is_decimal(cell) or not cell for cell in column.quantity_values):
        _words(quantity, column)
        return
    _check_uncertainties(column)
    check_covariances(column)
    values = dsi.RealList(
        quantity_values=tuple(cell or "NaN" for cell in column.quantity_values),
        unit=column.unit or ONE,
        expanded_uncertainties=tuple(cell or "NaN" for cell in column.expanded_uncertainties),
        coverage_factors=tuple(cell or "NaN" for cell in column.coverage_factors),
        coverage_probability=column.coverage_probability,
        distribution=column.distribution,
        covariances=column.covariances,
        region_factor=column.region_factor,
    )
    _numbers(quantity, column.ref_type, values)


def _numbers(quantity: etree._Element, ref_type: str, values: dsi.RealList) -> None:
    if values.unit != DEGREE_CELSIUS:
        dsi.real_list(quantity, values)
    elif ref_type in profile.TEMPERATURES:
        dsi.temperature_list(quantity, values)
    elif profile.is_difference(ref_type):
        dsi.real_list(quantity, replace(values, unit=KELVIN))
    else:
        dsi.real_list(quantity, values)


def _words(quantity: etree._Element, column: Column) -> None:
    # A column of a test may hold findings in words; charsXMLList separates its members by blanks.
    if column.unit not in ("", ONE) or column.expanded_uncertainties or column.covariances:
        wrong = next(cell for cell in column.quantity_values if cell and not is_decimal(cell))
        raise NotDecimalText(place=column.name, text=wrong)
    if all(cell and not any(c.isspace() for c in cell) for cell in column.quantity_values):
        child(quantity, "charsXMLList", " ".join(column.quantity_values))
        return
    element = child(quantity, "noQuantity")
    for cell in column.quantity_values:
        child(element, "content", cell or "—")


def _conformities(quantity: etree._Element, column: Column) -> None:
    if not column.conformities:
        return
    element = child(child(quantity, "measurementMetaData"), "metaData", refType=profile.CONFORMITY)
    contents(child(element, "declaration"), words("conformity"))
    child(element, "conformityXMLList", " ".join(column.conformities))


def _check_lengths(table: ResultTable, column: Column) -> None:
    rows = len(table.columns[0].quantity_values)
    lists = (column.expanded_uncertainties, column.coverage_factors, column.conformities)
    even = len(column.quantity_values) == rows and all(len(each) in (0, rows) for each in lists)
    if not even or rows == 0:
        raise UnevenColumns(table=table.name, column=column.name)
    if bool(column.expanded_uncertainties) != bool(column.coverage_factors):
        raise UnevenColumns(table=table.name, column=column.name)


def _check_uncertainties(column: Column) -> None:
    stated = (*column.expanded_uncertainties, *column.coverage_factors)
    numbers = (*(cell for cell in stated if cell), *([column.coverage_probability] if stated else ()))
    for text in numbers:
        if not is_decimal(text) or text.startswith("-"):
            raise NotDecimalText(place=column.name, text=text)
    kept = [(FACTOR, cell) for cell in column.coverage_factors if cell]
    for pattern, text in [*kept, *([(_PROBABILITY, column.coverage_probability)] if stated else [])]:
        if not pattern.fullmatch(text):
            raise CoverageNotAllowed(place=column.name, text=text)
