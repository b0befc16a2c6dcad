"""What can be wrong with numbers, budgets and units; words in ``error_texts/unc.json`` and ``unit.json``.

    InvalidInput
    ├── DecimalComma, NotANumber, NumberOutOfBounds          what people type
    ├── UncertaintyNotPositive, DigitsNotAllowed             reporting
    ├── TooFewObservations, PointsCoincide, LengthsDiffer    observations and fits
    ├── ParameterNotAllowed, UnknownDistribution             distributions and probabilities
    ├── UnknownSymbol, DuplicateSymbol, BudgetUnreadable     budgets as documents
    ├── ImpossibleCorrelation, GroupDegreesDiffer            correlation
    ├── CorrelationNotExpressible, ModelNotFinite            evaluation
    ├── DegreesOfFreedomNotReported                          coverage
    ├── LimitsInconsistent                                   decisions
    └── UnknownUnit, UnitsNotConvertible, UnitSyntax         units
"""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput


class DecimalComma(InvalidInput):
    """A comma stands where only a decimal point may; facts: ``typed``, ``suggestion``."""

    code = "JL-UNC-001"


class NotANumber(InvalidInput):
    """The text is not one finite decimal number; facts: ``typed``."""

    code = "JL-UNC-002"


class NumberOutOfBounds(InvalidInput):
    """The number has more digits or a larger exponent than any reading; facts: ``typed``."""

    code = "JL-UNC-003"


class UncertaintyNotPositive(InvalidInput):
    """An uncertainty to be reported is zero, negative or not finite; facts: ``uncertainty``."""

    code = "JL-UNC-004"


class DigitsNotAllowed(InvalidInput):
    """U may be reported with one or two significant digits only; facts: ``digits``."""

    code = "JL-UNC-005"


class TooFewObservations(InvalidInput):
    """There are fewer observations than the statistic needs; facts: ``needed``, ``given``."""

    code = "JL-UNC-006"


class PointsCoincide(InvalidInput):
    """All points of a fit have the same abscissa; facts: ``abscissa``."""

    code = "JL-UNC-007"


class LengthsDiffer(InvalidInput):
    """Two columns that belong together have different lengths; facts: ``first``, ``second``."""

    code = "JL-UNC-008"


class ParameterNotAllowed(InvalidInput):
    """A parameter lies outside its domain; facts: ``parameter``, ``given``, ``allowed``."""

    code = "JL-UNC-009"


class UnknownDistribution(InvalidInput):
    """A budget names a distribution that the engine does not have; facts: ``kind``, ``known``."""

    code = "JL-UNC-010"


class UnknownSymbol(InvalidInput):
    """A correlation or a model names an input that the budget does not have; facts: ``symbol``, ``known``."""

    code = "JL-UNC-011"


class DuplicateSymbol(InvalidInput):
    """Two inputs, or two correlations, carry the same symbol; facts: ``symbol``."""

    code = "JL-UNC-012"


class BudgetUnreadable(InvalidInput):
    """The JSON of a budget lacks a member or has one of the wrong type; facts: ``member``."""

    code = "JL-UNC-013"


class ImpossibleCorrelation(InvalidInput):
    """The coefficients do not form a positive semidefinite matrix; facts: ``coefficients``."""

    code = "JL-UNC-014"


class GroupDegreesDiffer(InvalidInput):
    """Inputs estimated together must have one common ν; facts: ``group``, ``degrees``."""

    code = "JL-UNC-015"


class CorrelationNotExpressible(InvalidInput):
    """Draws of this input cannot be correlated (neither normal nor t); facts: ``symbol``, ``kind``."""

    code = "JL-UNC-016"


class ModelNotFinite(InvalidInput):
    """The model gives no finite number near the estimates; facts: ``symbol``."""

    code = "JL-UNC-017"


class DegreesOfFreedomNotReported(InvalidInput):
    """k cannot come from the t-distribution because ν_eff is not defined here; facts: none."""

    code = "JL-UNC-018"


class LimitsInconsistent(InvalidInput):
    """Limits are missing or crossed, or a guard band is negative; facts: ``limits``."""

    code = "JL-UNC-019"


class UnknownUnit(InvalidInput):
    """A token is no unit and no prefix of the D-SI; facts: ``unit``, ``token``, ``suggestion``."""

    code = "JL-UNIT-001"


class UnitsNotConvertible(InvalidInput):
    """Two units measure quantities of different dimension; facts: ``source``, ``target``."""

    code = "JL-UNIT-002"


class UnitSyntax(InvalidInput):
    """The tokens stand in an order that the D-SI does not allow; facts: ``unit``, ``token``."""

    code = "JL-UNIT-003"
