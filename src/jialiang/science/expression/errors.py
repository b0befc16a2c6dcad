"""What can be wrong with a model that somebody wrote; words in ``error_texts/expr.json``.

InvalidInput
├── ExpressionSyntax, ExpressionTooLarge, ModelTooSlow       reading
├── UnknownName, UnknownFunction, WrongArguments             meaning
├── CircularModel, ShapesDiffer, NotReal                     meaning
├── DimensionsDiffer, UnitNotForFunction                     units
└── EquationNotSolved                                        evaluation
"""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput


class ExpressionSyntax(InvalidInput):
    """A character or a word stands where the language has none; facts: ``place``, ``found``, ``source``."""

    code = "JL-EXPR-001"


class ExpressionTooLarge(InvalidInput):
    """A limit on length, depth or nodes is passed; facts: ``measure``, ``limit``."""

    code = "JL-EXPR-002"


class ModelTooSlow(InvalidInput):
    """Reading or evaluating the model took more processor time than allowed; facts: ``seconds``."""

    code = "JL-EXPR-003"


class UnknownName(InvalidInput):
    """A name is no input, no intermediate quantity and no constant; facts: ``name``, ``known``."""

    code = "JL-EXPR-004"


class UnknownFunction(InvalidInput):
    """There is no such function; facts: ``name``, ``suggestion``."""

    code = "JL-EXPR-005"


class WrongArguments(InvalidInput):
    """A function got too few, too many or other arguments than it takes; facts: ``name``, ``takes``."""

    code = "JL-EXPR-006"


class CircularModel(InvalidInput):
    """Quantities are defined by one another; facts: ``names``."""

    code = "JL-EXPR-007"


class ShapesDiffer(InvalidInput):
    """Arrays of different lengths meet, or an index lies outside; facts: ``term``."""

    code = "JL-EXPR-008"


class NotReal(InvalidInput):
    """A complex quantity, an array or a truth stands where a real number has to be; facts: ``term``."""

    code = "JL-EXPR-009"


class DimensionsDiffer(InvalidInput):
    """Two terms that meet have different units; facts: ``term``, ``unit``, ``other``, ``other_unit``."""

    code = "JL-EXPR-010"


class UnitNotForFunction(InvalidInput):
    """A function takes the unit one (or the radian) and got another; facts: ``term``, ``unit``, ``function``."""

    code = "JL-EXPR-011"


class EquationNotSolved(InvalidInput):
    """Newton's method found no solution of an implicit equation; facts: ``unknowns``."""

    code = "JL-EXPR-012"


class DefinedTwice(InvalidInput):
    """A name stands for two different things; facts: ``name``."""

    code = "JL-EXPR-013"
