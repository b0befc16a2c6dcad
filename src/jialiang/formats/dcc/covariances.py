"""The covariance matrix of a column: what has to hold before it stands in a certificate, and r for its pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jialiang.formats.content import Column
from jialiang.formats.dcc.errors import CovarianceNotAllowed, CoverageNotAllowed
from jialiang.formats.dsi.decimals import is_decimal
from jialiang.formats.dsi.units import squared_unit
from jialiang.kernel.text import Text
from jialiang.science.covariance import (
    Matrix,
    correlation_text,
    exact_matrix,
    is_positive_semidefinite,
    is_symmetric,
)
from jialiang.science.errors import UnitSyntax, UnknownUnit

# What SI_Format.xsd 2.2.1 allows for coverageFactorXMLList.
FACTOR = re.compile(r"\+?[1-9][0-9]*(\.[0-9]*)?")

MOST_PAIRS = 15
"""Coefficients that a page lists one by one: those of six rows."""

_LONGEST = 400  # letters of one entry


def check_covariances(column: Column) -> None:
    """Check the covariance matrix of a column; raises CovarianceNotAllowed and CoverageNotAllowed."""
    if not column.covariances:
        return
    if not FACTOR.fullmatch(column.region_factor):
        raise CoverageNotAllowed(place=column.name, text=column.region_factor)
    wrong = _fault(column)
    if wrong is not None:
        raise CovarianceNotAllowed(place=column.name, reason=wrong)


def _fault(column: Column) -> Text | None:
    """Return what is wrong with a matrix, in words; None if nothing is."""
    size = len(column.quantity_values)
    matrix = matrix_of(column.covariances)
    if not column.coverage_probability or not can_be_squared(column.unit):
        return Text("缺少包含概率，或单位无法平方", "it has no coverage probability, or a unit without a square")
    if matrix is None or len(matrix) != size or not is_symmetric(matrix) or not all(column.quantity_values):
        return Text("不是每行一列、左右对称的数", "it is not symmetric with a number for every two rows")
    if not is_positive_semidefinite(matrix):
        return Text("有负的特征值", "it has an eigenvalue below zero")
    return None


def matrix_of(texts: Sequence[Sequence[str]]) -> Matrix | None:
    """Return decimal texts as a matrix; None where one of them is no number."""
    if not all(is_decimal(text) and len(text) <= _LONGEST for row in texts for text in row):
        return None
    return exact_matrix(texts)


def can_be_squared(unit: str) -> bool:
    """Tell whether the D-SI can say the square of a unit."""
    try:
        squared_unit(unit)
    except (UnitSyntax, UnknownUnit):
        return False
    return True


def coefficients(matrix: Matrix) -> tuple[tuple[int, int, str], ...]:
    """Return (row, row, r) of every two rows, counted from 0; r has two decimals, or is empty without variance."""
    return tuple(
        (first, second, correlation_text(matrix, first, second))
        for first in range(len(matrix))
        for second in range(first + 1, len(matrix))
    )
