"""The inputs of a document: one by one, arrays, complex ones, readings, sets of observations, multivariate normals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from jialiang.kernel.text import Text
from jialiang.science.budget import Correlation, InputQuantity
from jialiang.science.distributions import (
    Distribution,
    Normal,
    StudentT,
    degrees_of_freedom_from_reliability,
)
from jialiang.science.documents.distribution_reading import (
    degrees_of,
    read_distribution,
    standard_uncertainty_of,
)
from jialiang.science.documents.fields import Fields, as_number, located
from jialiang.science.documents.type_a import read_observations, read_type_a
from jialiang.science.errors import (
    BudgetUnreadable,
    ImpossibleCorrelation,
    LengthsDiffer,
    ParameterNotAllowed,
)

MOST_INPUTS = 2000
_AGREES = 1e-9


@dataclass(slots=True)
class Inputs:
    """Everything that a document says about its inputs."""

    items: list[InputQuantity] = field(default_factory=list)
    correlations: list[Correlation] = field(default_factory=list)
    arrays: dict[str, list[str]] = field(default_factory=dict)
    complex_inputs: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    constants: dict[str, float] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    differences: set[str] = field(default_factory=set)

    def add(self, item: InputQuantity, unit: str) -> None:
        """Take one more input. Raises BudgetUnreadable beyond the limit."""
        if len(self.items) >= MOST_INPUTS:
            raise BudgetUnreadable(member=f"inputs (≤ {MOST_INPUTS})")
        self.items.append(item)
        self.units[item.symbol] = unit


def read_inputs(data: Fields) -> Inputs:
    """Read ``inputs``, ``observations``, ``correlation`` and the constants of a document."""
    found = Inputs()
    for index, entry in enumerate(_entries(data.any_of("inputs"))):
        with located(f"inputs[{index}]"):
            _read_entry(found, Fields(entry, f"inputs[{index}]"))
    if data.has("observations"):
        read_observations_into(found, data.inside("observations"))
    found.correlations += read_correlations(data.any_of("correlation", "correlations"))
    for name, value in data.inside("constants").data.items():
        found.constants[str(name)] = as_number(value, f"constants.{name}")
    return found


def read_observations_into(found: Inputs, data: Fields) -> None:
    """Add the means of simultaneous observations, correlated and with their common ν (GUM H.2)."""
    items, correlations, units = read_observations(data)
    for item in items:
        found.add(item, units.get(item.symbol, ""))
    found.correlations += correlations


def read_correlations(given: Any) -> list[Correlation]:
    """Read coefficients: ``[["a", "b", r]]``, objects with ``a, b, r``, or a matrix with the order of its inputs."""
    if given is None:
        return []
    if isinstance(given, Mapping):
        data = Fields(given, "correlation")
        return _from_matrix(data.listed("order", "inputs", "names"), data.listed("matrix"), "correlation")
    if not isinstance(given, list | tuple):
        raise BudgetUnreadable(member="correlation")
    return [_coefficient(entry, f"correlation[{k}]") for k, entry in enumerate(given)]


def _coefficient(entry: Any, path: str) -> Correlation:
    if isinstance(entry, Mapping):
        pair = Fields(entry, path)
        names = pair.listed("between") or (pair.any_of("a", "first", "x"), pair.any_of("b", "second", "y"))
        entry = (*names, pair.needed("r", "coefficient", "rho", "correlation"))
    if not isinstance(entry, list | tuple) or len(entry) != 3:
        raise BudgetUnreadable(member=path)
    return Correlation(str(entry[0]), str(entry[1]), as_number(entry[2], path))


def _from_matrix(names: Sequence[Any], rows: Sequence[Any], path: str) -> list[Correlation]:
    matrix = [Fields({"row": row}, path).numbers("row") for row in rows]
    if len(matrix) != len(names) or any(len(row) != len(names) for row in matrix):
        raise LengthsDiffer(first=len(matrix), second=len(names))
    found = []
    for a, first in enumerate(names):
        _require_coefficients(f"{first}–{first}", matrix[a][a], 1.0)
        for b, second in enumerate(names[:a]):
            _require_coefficients(f"{second}–{first}", matrix[b][a], matrix[a][b])
            if matrix[b][a] != 0:
                found.append(Correlation(str(second), str(first), matrix[b][a]))
    return found


def _require_coefficients(pair: str, given: float, wanted: float) -> None:
    """Refuse a matrix whose halves differ or whose diagonal is not 1."""
    if not math.isclose(given, wanted, rel_tol=_AGREES, abs_tol=_AGREES):
        raise ImpossibleCorrelation(coefficients=f"{pair}: {given:g} ≠ {wanted:g}")


def _entries(given: Any) -> Iterable[Any]:
    if isinstance(given, Mapping):
        return [{"name": name, **_object(item)} for name, item in given.items()]
    if given is not None and not isinstance(given, list):
        raise BudgetUnreadable(member="inputs")
    return given or ()


def _object(item: Any) -> Mapping[str, Any]:
    return item if isinstance(item, Mapping) else {"value": item}


def _read_entry(found: Inputs, entry: Fields) -> None:
    if entry.any_of("distribution") == "multivariate_normal":
        _read_multivariate(found, entry)
        return
    name = entry.text("name", "symbol")
    if not name:
        raise BudgetUnreadable(member=entry.where("name"))
    if entry.has("mag", "modulus", "re", "real"):
        _read_complex(found, name, entry)
    elif isinstance(entry.any_of("mean", "value", "estimate", "location"), list):
        _read_array(found, name, entry)
    else:
        found.add(_quantity(name, entry), entry.text("unit"))
    symbols = found.arrays.get(name, [name])
    if name in found.complex_inputs:
        first, second, is_polar = found.complex_inputs[name]
        symbols = [first] if is_polar else [first, second]
    if entry.has("quantity_kind"):
        found.kinds |= dict.fromkeys(symbols, entry.text("quantity_kind"))
    if entry.any_of("difference"):
        found.differences.update(symbols)


def _quantity(name: str, entry: Fields) -> InputQuantity:
    if entry.has("readings"):
        estimate, distribution, degrees = read_type_a(entry)
        evaluation = "A"
    else:
        estimate, distribution = read_distribution(entry)
        degrees = _stated_degrees(entry, distribution)
        evaluation = entry.choice("type", ("A", "B"), "A" if isinstance(distribution, StudentT) else "B")
    return InputQuantity(
        symbol=name,
        name=Text.from_json(entry.inside("label").data)
        if isinstance(entry.any_of("label"), Mapping)
        else Text(en=name),
        unit=entry.text("unit"),
        estimate=estimate,
        distribution=distribution,
        evaluation="A" if evaluation == "A" else "B",
        stated_degrees_of_freedom=degrees,
        source=_source(entry.any_of("source")),
        group=entry.text("group") or None,
    )


def _source(given: Any) -> str:
    return given if isinstance(given, str) else ("" if given is None else ", ".join(map(str, _flat(given))))


def _flat(given: Any) -> Iterable[Any]:
    return given.values() if isinstance(given, Mapping) else given if isinstance(given, list) else (given,)


def _stated_degrees(entry: Fields, distribution: Distribution) -> float | None:
    reliability = entry.number("relative_uncertainty_of_u")
    if reliability is not None:
        return degrees_of_freedom_from_reliability(reliability)
    degrees = degrees_of(entry)
    return None if math.isinf(degrees) else degrees


def _read_array(found: Inputs, name: str, entry: Fields) -> None:
    """Read an array: lists are taken element by element, single members hold for all."""
    means = entry.listed("mean", "value", "estimate", "location")
    symbols = [f"{name}_{index}" for index in range(len(means))]
    for index, symbol in enumerate(symbols):
        own: dict[str, Any] = {}
        for member, value in entry.data.items():
            if isinstance(value, list) and len(value) != len(means):
                raise LengthsDiffer(first=len(value), second=len(means))
            own[member] = value[index] if isinstance(value, list) else value
        found.add(_quantity(symbol, Fields(own, f"{entry.path}[{index}]")), entry.text("unit"))
    found.arrays[name] = symbols


def _read_complex(found: Inputs, name: str, entry: Fields) -> None:
    """Read a complex input by modulus and phase, or by real and imaginary part; u divided by k where k is given.

    A finite ν stated for it is that of one set of observations of both parts, which therefore keep it in common.
    """
    polar = entry.has("mag", "modulus")
    given_factor = entry.number("k")
    factor = 1.0 if given_factor is None else given_factor
    if not factor > 0:
        raise ParameterNotAllowed(parameter=entry.where("k"), given=factor, allowed="> 0")
    unit = entry.text("unit")
    phase_unit = "rad"
    if polar:
        in_degrees = entry.number("phase_deg")
        phase = math.radians(in_degrees) if in_degrees is not None else entry.needed("phase_rad", "phase")
        by_phase = in_degrees is not None and not entry.has("u_phase_rad")
        u_in_degrees = by_phase or (entry.has("u_phase_deg") and not entry.has("u_phase", "u_phase_rad"))
        scale = math.pi / 180 if u_in_degrees else 1.0
        first = ("mag", entry.needed("mag", "modulus"), entry.needed("u_mag", "u_modulus"), unit)
        second = ("phase", phase, entry.needed("u_phase", "u_phase_rad", "u_phase_deg") * scale, phase_unit)
    else:
        first = ("re", entry.needed("re", "real"), entry.needed("u_re", "u_real", "u"), unit)
        second = ("im", entry.needed("im", "imag"), entry.needed("u_im", "u_imag", "u"), unit)
    degrees = degrees_of(entry)
    group = None if math.isinf(degrees) else name
    symbols = []
    for part, estimate, u, own_unit in (first, second):
        symbol = f"{name}_{part}"
        known = Normal(u / factor) if math.isinf(degrees) or u == 0 else StudentT(u / factor, degrees)
        stated = None if math.isinf(degrees) else degrees
        item = InputQuantity(
            symbol, Text(en=symbol), own_unit, estimate, known, stated_degrees_of_freedom=stated, group=group
        )
        found.add(item, own_unit)
        symbols.append(symbol)
    if entry.has("r", "correlation"):
        found.correlations.append(Correlation(symbols[0], symbols[1], entry.needed("r", "correlation")))
    found.complex_inputs[name] = (symbols[0], symbols[1], polar)


def _read_multivariate(found: Inputs, entry: Fields) -> None:
    """Read normal inputs with their covariance matrix, or with u and a correlation matrix."""
    names = [str(name) for name in entry.listed("names", "name")]
    means = entry.numbers("mean", "means")
    deviations, matrix = _joint_spread(entry, len(names))
    if not names or len(means) != len(names) or len(deviations) != len(names):
        raise LengthsDiffer(first=len(means), second=len(names))
    degrees = degrees_of(entry)
    group = None if math.isinf(degrees) else ", ".join(names)
    units = _units_of(entry, len(names))
    for name, unit, mean, u in zip(names, units, means, deviations, strict=True):
        known = Normal(u) if group is None or u == 0 else StudentT(u, degrees)
        found.add(InputQuantity(name, Text(en=name), unit, mean, known, group=group), unit)
    found.correlations += _from_matrix(names, matrix, entry.where("covariance"))


def _units_of(entry: Fields, count: int) -> list[str]:
    units = entry.any_of("unit", "units")
    listed = [str(unit) for unit in units] if isinstance(units, list) else [str(units or "")] * count
    if len(listed) != count:
        raise LengthsDiffer(first=len(listed), second=count)
    return listed


def _joint_spread(entry: Fields, count: int) -> tuple[list[float], Sequence[Any]]:
    """Return the standard uncertainties and the correlation matrix."""
    if not entry.has("covariance"):
        identity = np.eye(count).tolist()
        return entry.numbers("u", "sd"), entry.listed("correlation") or identity
    path = entry.where("covariance")
    rows = [Fields({"row": row}, path).numbers("row") for row in entry.listed("covariance")]
    covariance = np.array(rows) if all(len(row) == count for row in rows) else np.zeros((0, 0))
    if covariance.shape != (count, count) or not np.all(np.diag(covariance) >= 0):
        raise BudgetUnreadable(member=path)
    deviations = np.sqrt(np.diag(covariance))
    scale = np.where(deviations > 0, deviations, 1.0)
    correlation = covariance / np.outer(scale, scale)
    np.fill_diagonal(correlation, 1.0)
    return [float(u) for u in deviations], correlation.tolist()


__all__ = ["Inputs", "read_correlations", "read_inputs", "standard_uncertainty_of"]
