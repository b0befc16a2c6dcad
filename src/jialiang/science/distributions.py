"""What is known about an input quantity: u from a half-width, and draws for Monte Carlo.

The distributions of this module describe the deviation from the estimate and are symmetric about zero; those of
:mod:`jialiang.science.located_shapes` describe the value itself. Sampling follows GUM-S1 6.4 and takes random
numbers one draw after the other, so chunks of any size give the same draws.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from jialiang.science.errors import BudgetUnreadable, ParameterNotAllowed, UnknownDistribution
from jialiang.science.located_shapes import LOCATED_SHAPES
from jialiang.science.parameter_checks import require_not_negative
from jialiang.science.parameter_checks import require_positive as require_positive

Draws = NDArray[np.float64]


class Distribution(Protocol):
    """What the engine asks of a distribution; ``kind`` is its name in documents."""

    kind: ClassVar[str]

    @property
    def standard_uncertainty(self) -> float:
        """The u that the law of propagation uses."""
        ...

    @property
    def standard_deviation(self) -> float:
        """The standard deviation of the draws; differs from u for a scaled t."""
        ...

    def sample(self, rng: np.random.Generator, count: int) -> Draws:
        """Return ``count`` deviations from the estimate."""
        ...


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal distribution with standard uncertainty ``u``; from a certificate, u = U/k."""

    kind: ClassVar[str] = "normal"
    u: float

    def __post_init__(self) -> None:
        require_not_negative("u", self.u)

    @classmethod
    def from_expanded(cls, expanded_uncertainty: float, coverage_factor: float) -> Normal:
        """Return the distribution behind a certificate's U and k."""
        require_positive("k", coverage_factor)
        return cls(expanded_uncertainty / coverage_factor)

    @property
    def standard_uncertainty(self) -> float:
        """The given u."""
        return self.u

    @property
    def standard_deviation(self) -> float:
        """The given u."""
        return self.u

    def sample(self, rng: np.random.Generator, count: int) -> Draws:
        """Return normal deviations."""
        drawn = rng.standard_normal(count)
        drawn *= self.u
        return drawn


@dataclass(frozen=True, slots=True)
class StudentT:
    """A t-distribution of a type A evaluation.

    The trap: GUM-S1 takes s/√n as *scale*, so draws spread by √(ν/(ν-2)) more than u; NIST TN 1900 states the
    *standard deviation* of the t. ``stated_as`` says which one ``u`` is.
    """

    kind: ClassVar[str] = "t"
    u: float
    degrees_of_freedom: float
    stated_as: Literal["scale", "standard_deviation"] = "scale"

    def __post_init__(self) -> None:
        require_not_negative("u", self.u)
        lowest = 2.0 if self.stated_as == "standard_deviation" else 0.0
        nu = self.degrees_of_freedom
        if not lowest < nu < math.inf:
            raise ParameterNotAllowed(parameter="ν", given=nu, allowed=f"> {lowest:g}, < ∞")
        if self.stated_as not in ("scale", "standard_deviation"):
            raise ParameterNotAllowed(
                parameter="stated_as", given=self.stated_as, allowed="scale, standard_deviation"
            )

    @property
    def scale(self) -> float:
        """The factor of the standard t variable."""
        return self.u if self.stated_as == "scale" else self.u / self._spread

    @property
    def standard_uncertainty(self) -> float:
        """The stated u: s/√n for a type A evaluation."""
        return self.u

    @property
    def standard_deviation(self) -> float:
        """The standard deviation of the draws; infinite for ν ≤ 2."""
        return self.u * self._spread if self.stated_as == "scale" else self.u

    @property
    def _spread(self) -> float:
        nu = self.degrees_of_freedom
        return math.sqrt(nu / (nu - 2)) if nu > 2 else math.inf

    def sample(self, rng: np.random.Generator, count: int) -> Draws:
        """Return scaled t deviations."""
        return rng.standard_t(self.degrees_of_freedom, count) * self.scale


@dataclass(frozen=True, slots=True)
class _HalfWidth(ABC):
    """Shared by the distributions between -a and +a; ``half_width`` is a."""

    half_width: float

    def __post_init__(self) -> None:
        require_not_negative("half_width", self.half_width)

    @property
    @abstractmethod
    def standard_uncertainty(self) -> float:
        """The half-width times the factor of the shape."""

    @property
    def standard_deviation(self) -> float:
        """The same as u."""
        return self.standard_uncertainty


@dataclass(frozen=True, slots=True)
class Rectangular(_HalfWidth):
    """All deviations within ±a equally likely: u = a/√3."""

    kind: ClassVar[str] = "rectangular"

    @property
    def standard_uncertainty(self) -> float:
        """The half-width times the factor of the shape."""
        return self.half_width * (1 / math.sqrt(3))

    def sample(self, rng: np.random.Generator, count: int) -> Draws:
        """Return uniform deviations."""
        drawn = rng.random(count)
        drawn *= 2
        drawn -= 1
        drawn *= self.half_width
        return drawn


@dataclass(frozen=True, slots=True)
class Triangular(_HalfWidth):
    """Small deviations likelier, none beyond ±a: u = a/√6."""

    kind: ClassVar[str] = "triangular"

    @property
    def standard_uncertainty(self) -> float:
        """The half-width times the factor of the shape."""
        return self.half_width * (1 / math.sqrt(6))

    def sample(self, rng: np.random.Generator, count: int) -> Draws:
        """Return the sum of two uniform deviations."""
        pairs = rng.random((count, 2))
        return (pairs[:, 0] + pairs[:, 1] - 1) * self.half_width


@dataclass(frozen=True, slots=True)
class Arcsine(_HalfWidth):
    """U-shaped, as of a sine wave of amplitude a (a controlled bath, a cycling room): u = a/√2."""

    kind: ClassVar[str] = "arcsine"

    @property
    def standard_uncertainty(self) -> float:
        """The half-width times the factor of the shape."""
        return self.half_width * (1 / math.sqrt(2))

    def sample(self, rng: np.random.Generator, count: int) -> Draws:
        """Return the sine of a uniform phase."""
        return np.asarray(np.sin(2 * np.pi * rng.random(count)) * self.half_width, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Trapezoidal(_HalfWidth):
    """Flat between ±βa, falling to zero at ±a: u = a √((1+β²)/6); ``top_share`` is β in 0…1."""

    kind: ClassVar[str] = "trapezoidal"
    top_share: float

    def __post_init__(self) -> None:
        require_not_negative("half_width", self.half_width)
        if not 0 <= self.top_share <= 1:
            raise ParameterNotAllowed(parameter="top_share", given=self.top_share, allowed="0 … 1")

    @property
    def standard_uncertainty(self) -> float:
        """The half-width times the factor of the shape."""
        return self.half_width * (math.sqrt((1 + self.top_share**2) / 6))

    def sample(self, rng: np.random.Generator, count: int) -> Draws:
        """Return the sum of two uniform deviations of half-widths a(1+β)/2 and a(1-β)/2."""
        pairs = 2 * rng.random((count, 2)) - 1
        half = self.half_width / 2
        return pairs[:, 0] * half * (1 + self.top_share) + pairs[:, 1] * half * (1 - self.top_share)


@dataclass(frozen=True, slots=True)
class CurvilinearTrapezoidal(_HalfWidth):
    """Rectangular between limits that are themselves known only to ±d: u² = a²/3 + d²/9 (GUM-S1 6.4.3)."""

    kind: ClassVar[str] = "curvilinear_trapezoidal"
    limit_half_width: float

    def __post_init__(self) -> None:
        require_not_negative("half_width", self.half_width)
        given = self.limit_half_width
        if not 0 <= given <= self.half_width:
            raise ParameterNotAllowed(parameter="limit_half_width", given=given, allowed="0 … a")

    @property
    def standard_uncertainty(self) -> float:
        """The root of a²/3 + d²/9."""
        return math.sqrt(self.half_width**2 / 3 + self.limit_half_width**2 / 9)

    def sample(self, rng: np.random.Generator, count: int) -> Draws:
        """Draw the half-width first, then a deviation within it."""
        pairs = 2 * rng.random((count, 2)) - 1
        return (self.half_width + pairs[:, 0] * self.limit_half_width) * pairs[:, 1]


_SHAPES: tuple[type[Any], ...] = (
    Normal,
    StudentT,
    Rectangular,
    Triangular,
    Arcsine,
    Trapezoidal,
    CurvilinearTrapezoidal,
    *LOCATED_SHAPES,
)
_KINDS: dict[str, type[Any]] = {shape.kind: shape for shape in _SHAPES}
_TEXT_MEMBERS = ("stated_as",)


def distribution_to_plain(distribution: Distribution) -> dict[str, Any]:
    """Write a distribution as text members: ``{"kind": "rectangular", "half_width": "0.01"}``."""
    members: dict[str, Any] = asdict(distribution)  # type: ignore[call-overload]
    return {"kind": distribution.kind} | {name: _plain(name, value) for name, value in members.items()}


def distribution_from_plain(data: Mapping[str, Any]) -> Distribution:
    """Read what :func:`distribution_to_plain` wrote; numbers may be text or numbers."""
    kind = str(data.get("kind"))
    if kind not in _KINDS:
        raise UnknownDistribution(kind=kind, known=", ".join(_KINDS))
    members = {name: value for name, value in data.items() if name != "kind"}
    try:
        numbers = {name: _read(name, value) for name, value in members.items()}
        distribution: Distribution = _KINDS[kind](**numbers)
    except (TypeError, ValueError) as problem:
        raise BudgetUnreadable(member=f"distribution ({kind})") from problem
    return distribution


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, tuple):
        return [repr(number) for number in value]
    return value if name in _TEXT_MEMBERS else repr(value)


def _read(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(float(number) for number in value)
    return str(value) if name in _TEXT_MEMBERS else float(value)


def degrees_of_freedom_from_reliability(relative_uncertainty: float) -> float:
    """Return ν = 1/(2 r²) of a type B uncertainty known to the relative uncertainty r (GUM eq. G.3)."""
    require_not_negative("Δu/u", relative_uncertainty)
    return math.inf if relative_uncertainty == 0 else 0.5 / relative_uncertainty**2
