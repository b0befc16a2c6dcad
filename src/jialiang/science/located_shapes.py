"""Distributions that are not symmetric, or known by their values: exponential, gamma, beta, log-normal, truncated …

They describe the value itself, not the deviation from an estimate: ``mean`` is the estimate (GUM-S1 6.4).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from jialiang.science.errors import ParameterNotAllowed, TooFewObservations
from jialiang.science.parameter_checks import require_not_negative, require_positive

Draws = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Located(ABC):
    """Shared: draws are values, and u is their standard deviation."""

    is_located: ClassVar[bool] = True

    @property
    @abstractmethod
    def mean(self) -> float:
        """The expectation, which is the estimate."""

    @property
    @abstractmethod
    def standard_deviation(self) -> float:
        """The standard deviation of the draws."""

    @abstractmethod
    def sample(self, rng: np.random.Generator, count: int) -> Draws:
        """Return values."""

    @property
    def standard_uncertainty(self) -> float:
        """The same as the standard deviation."""
        return self.standard_deviation


@dataclass(frozen=True, slots=True)
class Exponential(_Located):
    """Never below ``low``, small excesses likeliest: expectation low + ``excess``, u = ``excess``."""

    kind: ClassVar[str] = "exponential"
    excess: float
    low: float = 0.0

    def __post_init__(self) -> None:
        require_positive("mean", self.excess)

    @property
    def mean(self) -> float:
        """The bound plus the mean excess."""
        return self.low + self.excess

    @property
    def standard_deviation(self) -> float:
        """The mean excess."""
        return self.excess

    def sample(self, rng: np.random.Generator, count: int) -> Draws:
        """Return values."""
        return self.low + rng.standard_exponential(count) * self.excess


@dataclass(frozen=True, slots=True)
class Gamma(_Located):
    """The knowledge about a mean of counts (GUM-S1 6.4.11): expectation shape × scale, u = √shape × scale."""

    kind: ClassVar[str] = "gamma"
    shape: float
    scale: float = 1.0

    def __post_init__(self) -> None:
        require_positive("shape", self.shape)
        require_positive("scale", self.scale)

    @property
    def mean(self) -> float:
        """Shape times scale."""
        return self.shape * self.scale

    @property
    def standard_deviation(self) -> float:
        """The root of the shape times scale."""
        return math.sqrt(self.shape) * self.scale

    def sample(self, rng: np.random.Generator, count: int) -> Draws:
        """Return values."""
        return rng.standard_gamma(self.shape, count) * self.scale


@dataclass(frozen=True, slots=True)
class Beta(_Located):
    """Between two limits with a shape given by α and β; expectation at the share α/(α+β)."""

    kind: ClassVar[str] = "beta"
    alpha: float
    beta: float
    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        require_positive("α", self.alpha)
        require_positive("β", self.beta)
        require_positive("high - low", self.high - self.low)

    @property
    def mean(self) -> float:
        """The expectation."""
        return self.low + (self.high - self.low) * self.alpha / (self.alpha + self.beta)

    @property
    def standard_deviation(self) -> float:
        """The root of αβ/((α+β)²(α+β+1)), times the width."""
        whole = self.alpha + self.beta
        return (self.high - self.low) * math.sqrt(self.alpha * self.beta / (whole + 1)) / whole

    def sample(self, rng: np.random.Generator, count: int) -> Draws:
        """Return values."""
        return self.low + rng.beta(self.alpha, self.beta, count) * (self.high - self.low)


@dataclass(frozen=True, slots=True)
class LogNormal(_Located):
    """The logarithm is normal with expectation ``log_mean`` and standard deviation ``log_deviation``."""

    kind: ClassVar[str] = "lognormal"
    log_mean: float
    log_deviation: float

    def __post_init__(self) -> None:
        require_not_negative("sigma", self.log_deviation)
        if not abs(self.log_mean) + 4 * self.log_deviation**2 < 600:
            raise ParameterNotAllowed(parameter="mu", given=self.log_mean, allowed="|mu| + 4 sigma² < 600")

    @classmethod
    def from_mean(cls, mean: float, u: float) -> LogNormal:
        """Return the distribution of a quantity with this expectation and standard deviation."""
        require_positive("mean", mean)
        require_not_negative("u", u)
        variance = math.log1p((u / mean) ** 2)
        return cls(math.log(mean) - variance / 2, math.sqrt(variance))

    @property
    def mean(self) -> float:
        """exp(μ + σ²/2)."""
        return math.exp(self.log_mean + self.log_deviation**2 / 2)

    @property
    def standard_deviation(self) -> float:
        """The mean times the root of exp(σ²) - 1."""
        return self.mean * math.sqrt(math.expm1(self.log_deviation**2))

    def sample(self, rng: np.random.Generator, count: int) -> Draws:
        """Return values."""
        return np.asarray(np.exp(self.log_mean + rng.standard_normal(count) * self.log_deviation))


@dataclass(frozen=True, slots=True)
class TruncatedNormal(_Located):
    """A normal distribution of centre and spread ``sigma``, of which only what lies between two limits is possible."""

    kind: ClassVar[str] = "truncated_normal"
    centre: float
    sigma: float
    low: float = -math.inf
    high: float = math.inf

    def __post_init__(self) -> None:
        require_positive("u", self.sigma)
        if not self.low < self.high or not self._share > 1e-12:
            raise ParameterNotAllowed(parameter="low", given=self.low, allowed="< high, near the centre")

    @property
    def _bounds(self) -> tuple[float, float]:
        return (self.low - self.centre) / self.sigma, (self.high - self.centre) / self.sigma

    @property
    def _share(self) -> float:
        a, b = self._bounds
        return float(ndtr(b) - ndtr(a)) if a < 0 else float(ndtr(-a) - ndtr(-b))

    @property
    def _moments(self) -> tuple[float, float]:
        a, b = self._bounds
        at_a, at_b = (math.exp(-x * x / 2) / math.sqrt(2 * math.pi) for x in (a, b))
        first = (at_a - at_b) / self._share
        second = ((a * at_a if at_a else 0.0) - (b * at_b if at_b else 0.0)) / self._share
        return first, 1 + second - first**2

    @property
    def mean(self) -> float:
        """The expectation between the limits."""
        return self.centre + self.sigma * self._moments[0]

    @property
    def standard_deviation(self) -> float:
        """The standard deviation between the limits; smaller than that of the whole normal distribution."""
        return self.sigma * math.sqrt(max(self._moments[1], 0.0))

    def sample(self, rng: np.random.Generator, count: int) -> Draws:
        """Return values, by the inverse of the distribution function; from the nearer tail, so digits stay."""
        a, b = self._bounds
        side = -1.0 if a > 0 else 1.0
        start, end = (ndtr(-b), ndtr(-a)) if a > 0 else (ndtr(a), ndtr(b))
        levels = start + rng.random(count) * (end - start)
        values = self.centre + self.sigma * side * ndtri(levels)
        return np.asarray(np.clip(values, self.low, self.high))


@dataclass(frozen=True, slots=True)
class TriangularBetween(_Located):
    """Rising from ``low`` to the likeliest value ``mode`` and falling to ``high``."""

    kind: ClassVar[str] = "triangular_between"
    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        require_positive("high - low", self.high - self.low)
        if not self.low <= self.mode <= self.high:
            raise ParameterNotAllowed(parameter="mode", given=self.mode, allowed="low … high")

    @property
    def mean(self) -> float:
        """A third of the sum of the three."""
        return (self.low + self.mode + self.high) / 3

    @property
    def standard_deviation(self) -> float:
        """The root of an eighteenth of a² + b² + c² - ab - ac - bc."""
        a, b, c = self.low, self.high, self.mode
        return math.sqrt(((a - b) ** 2 + (a - c) ** 2 + (b - c) ** 2) / 36)

    def sample(self, rng: np.random.Generator, count: int) -> Draws:
        """Return values."""
        return rng.triangular(self.low, self.mode, self.high, count)


@dataclass(frozen=True, slots=True)
class Empirical(_Located):
    """Values as they were found or drawn elsewhere, each equally likely."""

    kind: ClassVar[str] = "empirical"
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.values) < 2:
            raise TooFewObservations(needed=2, given=len(self.values))
        if not all(math.isfinite(value) for value in self.values):
            raise ParameterNotAllowed(parameter="values", given="inf", allowed="finite")

    @property
    def mean(self) -> float:
        """The mean of the values."""
        return math.fsum(self.values) / len(self.values)

    @property
    def standard_deviation(self) -> float:
        """The standard deviation of the values as a population, which is what is drawn from."""
        mean = self.mean
        return math.sqrt(math.fsum((value - mean) ** 2 for value in self.values) / len(self.values))

    def sample(self, rng: np.random.Generator, count: int) -> Draws:
        """Return values picked at random."""
        picked = (rng.random(count) * len(self.values)).astype(np.int64)
        return np.array(self.values)[picked]


LOCATED_SHAPES: tuple[type[_Located], ...] = (
    Exponential,
    Gamma,
    Beta,
    LogNormal,
    TruncatedNormal,
    TriangularBetween,
    Empirical,
)
