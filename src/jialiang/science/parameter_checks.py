"""Checks of the parameters of distributions."""

from __future__ import annotations

import math

from jialiang.science.errors import ParameterNotAllowed


def require_positive(parameter: str, given: float) -> None:
    """Raise ParameterNotAllowed unless ``given`` is finite and greater than zero."""
    if not 0 < given < math.inf:
        raise ParameterNotAllowed(parameter=parameter, given=given, allowed="> 0")


def require_not_negative(parameter: str, given: float) -> None:
    """Raise ParameterNotAllowed unless ``given`` is finite and not below zero."""
    if not 0 <= given < math.inf:
        raise ParameterNotAllowed(parameter=parameter, given=given, allowed="≥ 0")
