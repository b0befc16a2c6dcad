"""A measurement model from its text: outputs and intermediate quantities of named inputs, on one tape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from jialiang.science.errors import ModelNotFinite
from jialiang.science.expression.differentiation import Series, gradient, taylor
from jialiang.science.expression.errors import DefinedTwice, ExpressionTooLarge, NotReal
from jialiang.science.expression.limits import LIMITS, Limits, Meter
from jialiang.science.expression.meaning import Scope, Translator
from jialiang.science.expression.parser import WORDS, parse
from jialiang.science.expression.running import Program
from jialiang.science.expression.syntax import Chain, Name, Node, Number, Span
from jialiang.science.expression.tape import Tape
from jialiang.science.expression.values import Array, Complex, Quantity, Real, real_line

_TAYLOR_NUMBERS = 1 << 20  # operations × directions at a time: 32 MiB


@dataclass(frozen=True, slots=True)
class ImplicitEquations:
    """Equations that hold between unknowns and inputs; ``starts`` tells where the search for each unknown begins."""

    equations: tuple[str, ...]
    starts: Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class ModelText:
    """A model as written: expressions by name, the input symbols, and what belongs to them.

    ``arrays`` names arrays of inputs. ``common_influences`` adds c δ to an input: {symbol: {influence: c}}.
    ``outputs`` names the measurands; all expressions if it is empty. ``complex_inputs`` names the two parts of each
    and whether they are modulus and phase. Scales (factor, offset) make a model between quantities: inputs are turned
    into SI units, outputs back.
    """

    expressions: Mapping[str, str]
    inputs: Sequence[str]
    outputs: Sequence[str] = ()
    arrays: Mapping[str, Sequence[str]] = field(default_factory=dict)
    implicit: tuple[ImplicitEquations, ...] = ()
    common_influences: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    complex_inputs: Mapping[str, tuple[str, str, bool]] = field(default_factory=dict)
    input_scales: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    output_scales: Mapping[str, tuple[float, float]] = field(default_factory=dict)


class OutputModel:
    """One output of a model, called with the inputs by symbol like any model, but with an exact gradient."""

    def __init__(self, model: MeasurementModel, name: str) -> None:
        """Take the output ``name`` of ``model``."""
        self.name = name
        self._model = model
        self._program = Program(model.tape, (model.lines[name],))

    def __call__(self, **values: Any) -> Any:
        """Return the output at numbers or at arrays of draws."""
        self._model.tape.meter.restart()
        return self._program(values)[0]

    def gradient(self, estimates: Mapping[str, float]) -> tuple[float, dict[str, float]]:
        """Return y and ∂y/∂x of every input. Raises ModelNotFinite where one is undefined."""
        return self._model.gradient(self.name, estimates)


class MeasurementModel:
    """Outputs by name, each one line of the tape; a complex output is ``name.real`` and ``name.imag``."""

    def __init__(self, tape: Tape, lines: Mapping[str, int], inputs: Sequence[str]) -> None:
        """Keep the tape and the lines of the outputs."""
        self.tape = tape
        self.lines = dict(lines)
        self.inputs = tuple(inputs)
        self._program = Program(tape, tuple(self.lines.values()))

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of the real outputs."""
        return tuple(self.lines)

    @property
    def used_inputs(self) -> frozenset[str]:
        """The inputs that any output depends on."""
        return self._program.symbols

    def output(self, name: str) -> OutputModel:
        """Return one output as a model of its own."""
        return OutputModel(self, name)

    def __call__(self, values: Mapping[str, Any]) -> list[Any]:
        """Return all outputs at numbers or at arrays of draws, in the order of ``outputs``."""
        self.tape.meter.restart()
        return self._program(values)

    def gradient(self, name: str, estimates: Mapping[str, float]) -> tuple[float, dict[str, float]]:
        """Return y and ∂y/∂x of every input. Raises ModelNotFinite."""
        self.tape.meter.restart()
        value, slopes = gradient(self.tape, self.lines[name], estimates)
        used = {symbol: slopes.get(symbol, 0.0) for symbol in self.inputs}
        if not np.isfinite([value, *used.values()]).all():
            raise ModelNotFinite(symbol=name)
        return value, used

    def taylor(self, name: str, estimates: Mapping[str, float], directions: Mapping[str, Series]) -> Series:
        """Return the Taylor coefficients c0 … c3 of an output along straight lines. Raises ModelNotFinite."""
        self.tape.meter.restart()
        given = {symbol: directions[symbol] for symbol in self.inputs}
        count = len(next(iter(given.values()))) if given else 1
        columns = max(1, _TAYLOR_NUMBERS // max(len(self.tape.operations), 1))
        pieces = [
            taylor(self.tape, self.lines[name], estimates, {s: d[k : k + columns] for s, d in given.items()})
            for k in range(0, count, columns)
        ]
        series = np.concatenate(pieces, axis=1)
        if not np.isfinite(series).all():
            raise ModelNotFinite(symbol=name)
        return series


def read_model(text: ModelText, limits: Limits = LIMITS) -> MeasurementModel:
    """Read a model. Raises what :mod:`jialiang.science.expression.errors` lists."""
    meter = Meter(limits)
    try:
        return _read(text, meter)
    except RecursionError as problem:
        raise ExpressionTooLarge(measure="depth", limit=limits.depth) from problem


def _read(text: ModelText, meter: Meter) -> MeasurementModel:
    _require_names(text)
    scope = Scope(text.inputs, _definitions(text, meter), text.arrays)
    translator = Translator(scope, meter, in_si_units=bool(text.input_scales))
    _write_inputs(translator, text)
    for system in text.implicit:
        _write_equations(translator, system, meter)
    unknowns = [name for system in text.implicit for name in system.starts]
    names = list(text.outputs) or [*text.expressions, *unknowns]
    lines: dict[str, int] = {}
    for name in names:
        lines |= dict(_real_outputs(name, translator.quantity(name)))
    for name, (factor, offset) in text.output_scales.items():
        lines[name] = _rescaled(translator.tape, lines[name], (-offset, 1 / factor))
    return MeasurementModel(translator.tape, lines, text.inputs)


def _definitions(text: ModelText, meter: Meter) -> dict[str, Node]:
    meter.characters(sum(len(source) for source in text.expressions.values()))
    return {name: parse(source, meter) for name, source in text.expressions.items()}


def _write_inputs(translator: Translator, text: ModelText) -> None:
    """Give complex inputs and inputs with a common influence their meaning; other inputs stand for themselves."""
    scope, tape = translator.scope, translator.tape
    for symbol, (factor, offset) in text.input_scales.items():
        line = tape.input(symbol)
        scaled = line if factor == 1 else tape.apply("mul", line, tape.constant(factor))
        scope.quantities[symbol] = Real(_rescaled(tape, scaled, (offset, 1.0)))
    for symbol, influences in text.common_influences.items():
        span = Span(symbol, 0, len(symbol))
        tree: Node = Name(symbol, span)
        added = tuple(
            ("+", Chain(Number(c, False, None, span), (("*", Name(other, span)),), span))
            for other, c in influences.items()
        )
        scope.quantities[symbol] = translator.translate(Chain(tree, added, span))
    for name, (first, second, is_polar) in text.complex_inputs.items():
        span = Span(name, 0, len(name))
        lines = (
            real_line(translator.quantity(first), span),
            real_line(translator.quantity(second), span),
        )
        scope.quantities[name] = translator.polar(*lines, span) if is_polar else Complex(*lines)


def _rescaled(tape: Tape, line: int, scale: tuple[float, float]) -> int:
    """Return (line + shift) × factor."""
    shift, factor = scale
    shifted = line if shift == 0 else tape.apply("add", line, tape.constant(shift))
    return shifted if factor == 1 else tape.apply("mul", shifted, tape.constant(factor))


def _write_equations(translator: Translator, system: ImplicitEquations, meter: Meter) -> None:
    trees = [parse(source, meter) for source in system.equations]
    starts: dict[str, int] = {}
    for name, start in system.starts.items():
        tree = parse(start if isinstance(start, str) else repr(float(start)), meter)
        starts[name] = real_line(translator.translate(tree), Span(name, 0, len(name)))
    joined = "; ".join(system.equations)
    found = translator.solve_system(trees, starts, Span(joined, 0, len(joined)))
    translator.scope.quantities |= dict(zip(starts, found, strict=True))


def _real_outputs(name: str, quantity: Quantity) -> Iterator[tuple[str, int]]:
    if isinstance(quantity, Real):
        yield name, quantity.line
    elif isinstance(quantity, Complex):
        yield f"{name}.real", quantity.re
        yield f"{name}.imag", quantity.im
    elif isinstance(quantity, Array):
        for index, element in enumerate(quantity.elements):
            yield from _real_outputs(f"{name}[{index}]", element)
    else:
        raise NotReal(term=name)


def _require_names(text: ModelText) -> None:
    unknowns = [name for system in text.implicit for name in system.starts]
    named = [*text.inputs, *text.expressions, *text.arrays, *unknowns, *text.complex_inputs]
    twice = {name for name in named if named.count(name) > 1} if len(named) < 2000 else set()
    for name in (*sorted(twice), *(name for name in named if name in WORDS)):
        raise DefinedTwice(name=name)
