"""An evaluated budget as its page shows it: figures rounded once by ``science``, bars, histogram, verdict, gains."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from jialiang.console.charts.contributions import contributions_drawing
from jialiang.console.charts.histogram import histogram
from jialiang.console.charts.zoom_numbers import distribution_numbers
from jialiang.console.charts.zoomable import zoomable
from jialiang.console.figures import as_entered, beside_uncertainty, percent, readable, significant
from jialiang.console.measurement_science.wording import distribution_name, printed_unit, source_in_words
from jialiang.console.wording import in_words, reading_language
from jialiang.information.budget_distribution import output_distributions
from jialiang.information.simulated_distribution import SimulatedDistribution
from jialiang.science.documents.evaluating import DocumentEvaluation, OutputEvaluation
from jialiang.science.documents.improvements import Improvement, improvements
from jialiang.science.documents.statements import reported_output, statement
from jialiang.science.documents.verdicts import LawVerdict
from jialiang.science.propagation import Contribution, IndependentTerm

MOST_IMPROVEMENTS = 8
LEAST_GAIN = 0.0005
MOST_OF_IT = 0.8
NOISE = 1e-12
"""Contributions below this part of u are what rounding leaves of zero."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the budget table, ready to print."""

    symbol: str
    source: str
    estimate: str
    unit: str
    distribution: str
    uncertainty: str
    degrees: str
    sensitivity: str
    contribution: str
    share: str
    part: float
    is_type_a: bool


@dataclass(frozen=True, slots=True)
class Gain:
    """What halving u of some inputs would bring."""

    symbols: str
    uncertainty: str
    expanded: str
    gain: str
    part: float


@dataclass(frozen=True, slots=True)
class Shown:
    """One output, ready to print; ``statement`` is the sentence of a certificate."""

    name: str
    unit: str
    figures: dict[str, str]
    value: str
    uncertainty: str
    degrees: str
    factor: str
    expanded: str
    statement: str
    is_by_draws: bool
    from_draws: bool
    raised: bool
    lines: list[Line]
    dominant: str
    bars: SafeString | str
    gains: list[Gain]
    verdict: dict[str, Any] | None
    picture: SafeString | str

    @property
    def regions(self) -> dict[str, str]:
        """The names of the regions that may scroll, each with its output: no two are alike on a page."""
        return {
            "components": f"{gettext('Components of uncertainty')} {self.name}",
            "contributions": f"{gettext('Contributions')} {self.name}",
            "gains": f"{gettext('What an improvement would bring')} {self.name}",
        }


def shown_result(evaluation: DocumentEvaluation) -> dict[str, Any]:
    """Return what the page needs of an evaluation."""
    gains, drawn = improvements(evaluation), output_distributions(evaluation)
    return {
        "outputs": [
            _shown(evaluation, output, gains.get(name, []), drawn.get(name))
            for name, output in evaluation.outputs.items()
        ],
        "correlations": _correlations(evaluation),
        "notes": [in_words(note) for note in evaluation.document.notes],
        "left_out": evaluation.validation_left_out,
        "simulation": _simulation(evaluation),
        "probability": f"{100 * evaluation.settings.probability:g}",
    }


def _shown(
    evaluation: DocumentEvaluation,
    output: OutputEvaluation,
    gains: Sequence[Improvement],
    drawn: SimulatedDistribution | None,
) -> Shown:
    unit, law = printed_unit(output.unit), output.propagation
    lines = [_line(row, output) for row in _ordered(law.contributions if law else ())]
    verdict = evaluation.validation.get(output.name)
    by_draws = evaluation.settings.method == "mc"
    return Shown(
        name=output.name,
        unit=unit,
        figures=reported_output(output, evaluation.settings) or {},
        value=beside_uncertainty(output.value, output.standard_uncertainty),
        uncertainty=readable(output.standard_uncertainty, 4),
        degrees=_degrees(output.degrees_of_freedom),
        factor="" if output.coverage_factor is None else significant(repr(output.coverage_factor), 4),
        expanded=readable(output.expanded_uncertainty, 4),
        statement=in_words(statement(output, evaluation.settings)),
        is_by_draws=by_draws,
        from_draws=output.coverage_from == "monte_carlo",
        raised=output.below_capability,
        lines=lines,
        dominant=_dominant(law.terms if law else ()),
        bars=_bars(output, unit, lines),
        gains=[_gain(each) for each in gains[:MOST_IMPROVEMENTS] if each.gain >= LEAST_GAIN],
        verdict=_verdict(verdict),
        picture=_picture(output, drawn, unit, verdict),
    )


def _ordered(rows: Sequence[Contribution]) -> list[Contribution]:
    return sorted(rows, key=lambda row: -abs(row.contribution))


def _line(row: Contribution, output: OutputEvaluation) -> Line:
    item = row.input_quantity
    is_noise = abs(row.contribution) <= NOISE * output.standard_uncertainty
    return Line(
        symbol=item.symbol,
        source=source_in_words(item.source),
        estimate=as_entered(item.estimate),
        unit=printed_unit(item.unit),
        distribution=distribution_name(item.distribution.kind),
        uncertainty=readable(item.standard_uncertainty),
        degrees=_degrees(item.degrees_of_freedom),
        sensitivity="0" if is_noise else readable(row.sensitivity),
        contribution="0" if is_noise else readable(row.contribution),
        share=percent(row.share),
        part=min(max(row.share, 0.0), 1.0),
        is_type_a=item.evaluation == "A",
    )


def _dominant(terms: Sequence[IndependentTerm]) -> str:
    """Name what makes up four fifths of the variance, at most three terms; correlated inputs count together."""
    names, together = [], 0.0
    for term in sorted((term for term in terms if term.symbols), key=lambda term: -term.share)[:3]:
        names.append(" + ".join(term.symbols))
        together += term.share
        if together >= MOST_OF_IT:
            break
    return gettext(", ").join(names)


def _bars(output: OutputEvaluation, unit: str, lines: Sequence[Line]) -> SafeString | str:
    law = output.propagation
    if law is None or not lines:
        return ""
    parts = [(row.input_quantity.symbol, row.contribution) for row in law.contributions if row.contribution]
    label = gettext("Contributions to u(%(output)s); the largest is that of %(input)s.") % {
        "output": output.name,
        "input": lines[0].symbol,
    }
    u = law.combined_standard_uncertainty
    return contributions_drawing(parts, u, unit, label=label, language=reading_language())


def _gain(each: Improvement) -> Gain:
    return Gain(
        symbols=" + ".join(each.symbols),
        uncertainty=readable(each.standard_uncertainty),
        expanded=readable(each.expanded_uncertainty),
        gain=percent(each.gain),
        part=each.gain,
    )


def _verdict(found: LawVerdict | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "validated": found.validated,
        "certain": found.certain,
        "kind": found.kind,
        "d_low": readable(found.d_low, 2),
        "d_high": readable(found.d_high, 2),
        "delta": readable(found.delta, 2),
        "digits": found.digits,
        "draws": found.draws,
        "u": readable(found.simulated_u, 4),
    }


def _picture(
    output: OutputEvaluation, drawn: SimulatedDistribution | None, unit: str, verdict: LawVerdict | None
) -> SafeString | str:
    if drawn is None:
        return ""
    label = gettext("Distribution of %(output)s by Monte Carlo with the curve of the law of propagation.") % {
        "output": output.name
    }
    if verdict is not None and not verdict.validated:
        label += " " + gettext("They differ by more than the tolerance.")
    axis = f"{output.name} / {unit}" if unit else output.name
    numbers = distribution_numbers(drawn, axis, key=f"distribution-{output.name}", label=label)
    return zoomable(histogram(drawn, label=label, axis=axis, signed=False), numbers)


def _degrees(nu: float | None) -> str:
    if nu is None:
        return "—"
    return "∞" if math.isinf(nu) else (f"{nu:.0f}" if nu >= 100 else f"{nu:.3g}")


def _correlations(evaluation: DocumentEvaluation) -> list[tuple[str, str, str]]:
    names = list(evaluation.outputs)
    return [
        (a, b, significant(repr(evaluation.correlation[a, b]), 3))
        for k, a in enumerate(names)
        for b in names[k + 1 :]
        if evaluation.correlation.get((a, b))
    ]


def _simulation(evaluation: DocumentEvaluation) -> dict[str, Any] | None:
    if evaluation.simulation is None:
        return None
    one = next(iter(evaluation.simulation.outputs.values()))
    return {"draws": one.draws, "seed": one.seed, "engine": one.engine_version, "converged": one.converged}
