"""Repeatability and stability of one standard by JJF 1033: the tests, their criterion, their history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from jialiang.base.measurement_standards.selectors import standard
from jialiang.console.figures import beside_uncertainty, significant
from jialiang.console.measurement_science.wording import sentence
from jialiang.console.numbers import on_screen
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.console.units import symbol_of
from jialiang.functions.deed import permit
from jialiang.information.standard_stability import (
    FEWEST_READINGS,
    CheckGroup,
    StabilityTest,
    StandardTests,
    standard_tests,
)
from jialiang.kernel.errors import InvalidInput
from jialiang.science.decimal_text import read_decimal

READ = "measurement_standard.read"
KINDS = {
    "new": gettext_noop("as new: largest minus smallest of four group means"),
    "in_use": gettext_noop("in use: difference of two years"),
}


@dataclass(frozen=True, slots=True)
class RepeatabilityLine:
    """One test of repeatability as text."""

    label: str
    count: int
    mean: str
    scatter: str
    of_mean: str


@dataclass(frozen=True, slots=True)
class StabilityLine:
    """One test of stability as text; ``state`` as checks have it."""

    kind: str
    time: str
    means: str
    change: str
    limit: str
    limit_from: str
    state: str


@login_required
@require_safe
def standard_jjf1033(request: HttpRequest, standard_id: UUID) -> HttpResponse:
    """Show the tests; ``?mpe=`` judges a standard that is used at its nominal value."""
    row = standard(standard_id)
    permit(who(request), READ, row)
    given = request.GET.get("mpe", "").strip()[:60]
    context: dict[str, Any] = {"row": row, "unit": symbol_of(row.unit), "mpe": given, "fewest": FEWEST_READINGS}
    status = 200
    try:
        limit = read_decimal(given).text if given else ""
        context |= _shown(standard_tests(row.id, maximum_permissible_error=limit))
    except InvalidInput as problem:
        context["fault"], status = sentence(problem), 422
    return page(request, "measurement_standards/jjf1033.html", context, status=status)


def _shown(found: StandardTests) -> dict[str, Any]:
    stability = [_stability(test) for test in reversed(found.stability)]
    state, said = _verdict(found)
    return {
        "groups": len(found.groups),
        "repeatability": [_repeatability(group) for group in reversed(found.repeatability)],
        "grown": _grown(found),
        "grown_state": "warning" if found.has_grown else "passed",
        "stability": stability,
        "state": state,
        "verdict": said,
    }


def _verdict(found: StandardTests) -> tuple[str, str]:
    """Return the state and the sentence of the latest test of stability."""
    if not found.stability:
        return "not_checked", gettext("No test of stability yet: it needs four groups a month apart, or two years.")
    latest = found.stability[-1]
    if latest.holds is None:
        return "not_checked", gettext("No certificate carried the standard then: give its maximum permissible error.")
    if latest.holds:
        return "passed", gettext("The latest change is smaller than the criterion: the standard is stable.")
    return "failed", gettext("The latest change reaches the criterion: the standard is not stable.")


def _grown(found: StandardTests) -> str:
    if found.has_grown is None:
        return ""
    if found.has_grown:
        return gettext("The latest standard deviation exceeds that of the first test: evaluate the uncertainty anew.")
    return gettext("The latest standard deviation is not larger than that of the first test.")


def _repeatability(group: CheckGroup) -> RepeatabilityLine:
    scatter: Any = group.found
    return RepeatabilityLine(
        label=group.label,
        count=scatter.count,
        mean=beside_uncertainty(scatter.mean, scatter.standard_uncertainty_of_mean, 2),
        scatter=significant(repr(scatter.standard_deviation), 2),
        of_mean=significant(repr(scatter.standard_uncertainty_of_mean), 2),
    )


def _stability(test: StabilityTest) -> StabilityLine:
    limit_from = gettext("maximum permissible error") if test.limit_from == "mpe" else test.limit_from
    return StabilityLine(
        kind=gettext(KINDS[test.kind]),
        time=f"{test.first} – {test.last}",
        means="; ".join(on_screen(significant(repr(mean), 6)) for mean in test.means),
        change=significant(test.change, 3),
        limit="" if test.limit is None else significant(test.limit, 3),
        limit_from=limit_from,
        state={True: "passed", False: "failed", None: "not_checked"}[test.holds],
    )
