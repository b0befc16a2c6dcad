"""The real functions of one variable, each with its first three derivatives.

A rule gets the argument x and the value f(x), as numbers or as arrays, and returns f′, f″ and f‴ there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from scipy import special

Derivatives: TypeAlias = tuple[Any, Any, Any]

_LN10, _LN2 = math.log(10), math.log(2)
_ROOT_PI = math.sqrt(math.pi)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of one variable: how to compute it, its derivatives, and what it takes and gives as a unit.

    ``unit`` says ``number`` (takes and gives the unit one), ``same``, ``root``, ``cube_root`` or ``sign``.
    """

    value: Callable[..., Any]
    derivatives: Callable[[Any, Any], Derivatives]
    unit: str = "number"


def _sqrt(x: Any, f: Any) -> Derivatives:
    return 0.5 / f, -0.25 / (f * x), 0.375 / (f * x * x)


def _cbrt(x: Any, f: Any) -> Derivatives:
    return f / (3 * x), -2 * f / (9 * x * x), 10 * f / (27 * x**3)


def _log(scale: float) -> Callable[[Any, Any], Derivatives]:
    return lambda x, f: (scale / x, -scale / (x * x), 2 * scale / x**3)


def _log1p(x: Any, f: Any) -> Derivatives:
    below = 1 / (1 + x)
    return below, -below * below, 2 * below**3


def _tan(x: Any, f: Any) -> Derivatives:
    first = 1 + f * f
    return first, 2 * f * first, 2 * first * (1 + 3 * f * f)


def _tanh(x: Any, f: Any) -> Derivatives:
    first = 1 - f * f
    return first, -2 * f * first, -2 * first * (1 - 3 * f * f)


def _asin(x: Any, f: Any) -> Derivatives:
    square = 1 - x * x
    root = np.sqrt(square)
    return 1 / root, x / (root * square), (1 + 2 * x * x) / (root * square * square)


def _acos(x: Any, f: Any) -> Derivatives:
    first, second, third = _asin(x, f)
    return -first, -second, -third


def _atan(x: Any, f: Any) -> Derivatives:
    below = 1 / (1 + x * x)
    return below, -2 * x * below**2, (6 * x * x - 2) * below**3


def _asinh(x: Any, f: Any) -> Derivatives:
    square = 1 + x * x
    root = np.sqrt(square)
    return 1 / root, -x / (root * square), (2 * x * x - 1) / (root * square * square)


def _acosh(x: Any, f: Any) -> Derivatives:
    square = x * x - 1
    root = np.sqrt(square)
    return 1 / root, -x / (root * square), (2 * x * x + 1) / (root * square * square)


def _atanh(x: Any, f: Any) -> Derivatives:
    below = 1 / (1 - x * x)
    return below, 2 * x * below**2, (6 * x * x + 2) * below**3


def _erf(sign: float) -> Callable[[Any, Any], Derivatives]:
    def rule(x: Any, f: Any) -> Derivatives:
        first = sign * 2 / _ROOT_PI * np.exp(-x * x)
        return first, -2 * x * first, (4 * x * x - 2) * first

    return rule


def _gamma(x: Any, f: Any) -> Derivatives:
    psi, psi1, psi2 = special.digamma(x), special.polygamma(1, x), special.polygamma(2, x)
    return f * psi, f * (psi * psi + psi1), f * (psi**3 + 3 * psi * psi1 + psi2)


def _lgamma(x: Any, f: Any) -> Derivatives:
    return special.digamma(x), special.polygamma(1, x), special.polygamma(2, x)


def _scaled(factor: float) -> Function:
    return Function(lambda x, **o: np.multiply(x, factor, **o), lambda x, f: (factor, 0.0, 0.0))


FUNCTIONS: dict[str, Function] = {
    "neg": Function(np.negative, lambda x, f: (-1.0, 0.0, 0.0), "same"),
    "abs": Function(np.absolute, lambda x, f: (np.sign(x), 0.0, 0.0), "same"),
    "sign": Function(np.sign, lambda x, f: (0.0, 0.0, 0.0), "sign"),
    "sqrt": Function(np.sqrt, _sqrt, "root"),
    "cbrt": Function(np.cbrt, _cbrt, "cube_root"),
    "exp": Function(np.exp, lambda x, f: (f, f, f)),
    "expm1": Function(np.expm1, lambda x, f: (f + 1, f + 1, f + 1)),
    "log": Function(np.log, _log(1.0)),
    "log10": Function(np.log10, _log(1 / _LN10)),
    "log2": Function(np.log2, _log(1 / _LN2)),
    "log1p": Function(np.log1p, _log1p),
    "sin": Function(np.sin, lambda x, f: (np.cos(x), -f, -np.cos(x))),
    "cos": Function(np.cos, lambda x, f: (-np.sin(x), -f, np.sin(x))),
    "tan": Function(np.tan, _tan),
    "asin": Function(np.arcsin, _asin),
    "acos": Function(np.arccos, _acos),
    "atan": Function(np.arctan, _atan),
    "sinh": Function(np.sinh, lambda x, f: (np.cosh(x), f, np.cosh(x))),
    "cosh": Function(np.cosh, lambda x, f: (np.sinh(x), f, np.sinh(x))),
    "tanh": Function(np.tanh, _tanh),
    "asinh": Function(np.arcsinh, _asinh),
    "acosh": Function(np.arccosh, _acosh),
    "atanh": Function(np.arctanh, _atanh),
    "erf": Function(special.erf, _erf(1.0)),
    "erfc": Function(special.erfc, _erf(-1.0)),
    "gamma": Function(special.gamma, _gamma),
    "lgamma": Function(special.gammaln, _lgamma),
    "radians": _scaled(math.pi / 180),
    "degrees": _scaled(180 / math.pi),
}
ALIASES = {
    "ln": "log",
    "lg": "log10",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "power": "pow",
    "arg": "phase",
    "angle": "phase",
    "conjugate": "conj",
    "real": "re",
    "imag": "im",
    "minimum": "min",
    "maximum": "max",
    "norm": "hypot",
    "average": "mean",
    "length": "count",
    "len": "count",
    "iif": "where",
    "if": "where",
}
CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e}
