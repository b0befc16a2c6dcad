"""Tests of repeatability and stability of measurement standards by JJF 1033."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from jialiang.information.standard_stability import CheckGroup, StabilityTest, standard_tests
from jialiang.integration.api.access import of_all
from jialiang.integration.api.members import View

router = Router(tags=["measurement standards"])
READ = "measurement_standard.read"


class RepeatabilityView(View):
    """Ten or more checks of one day: mean, s by Bessel, s of the mean."""

    label: str
    count: int
    mean: str
    standard_deviation: str
    standard_uncertainty_of_mean: str


class StabilityView(View):
    """One test of stability; `limit_from` is `mpe`, the number of the certificate whose U it is, or empty."""

    kind: str
    first: str
    last: str
    means: list[str]
    change: str
    limit: str
    limit_from: str
    holds: bool | None


class StandardTestsView(View):
    """The tests of a standard, oldest first; figures in `unit`."""

    unit: str
    repeatability: list[RepeatabilityView]
    has_grown: bool | None
    stability: list[StabilityView]


@router.get(
    "/measurement-standards/{uuid:standard_id}/jjf1033",
    response=StandardTestsView,
    summary="Read the repeatability and stability of a standard",
)
def read_standard_tests(
    request: HttpRequest,
    standard_id: UUID,
    mpe: Annotated[
        str, Query(max_length=60, description="Maximum permissible error of a standard used at its nominal value.")
    ] = "",
) -> Any:
    """Tests by JJF 1033 from the stored checks. Permission `measurement_standard.read`."""
    of_all(request, READ)
    found = standard_tests(standard_id, maximum_permissible_error=mpe)
    return StandardTestsView(
        unit=found.unit,
        repeatability=[_repeatability(group) for group in found.repeatability],
        has_grown=found.has_grown,
        stability=[_stability(test) for test in found.stability],
    )


def _repeatability(group: CheckGroup) -> RepeatabilityView:
    scatter: Any = group.found
    return RepeatabilityView(
        label=group.label,
        count=scatter.count,
        mean=repr(scatter.mean),
        standard_deviation=repr(scatter.standard_deviation),
        standard_uncertainty_of_mean=repr(scatter.standard_uncertainty_of_mean),
    )


def _stability(test: StabilityTest) -> StabilityView:
    found: StabilityView = StabilityView.of(
        test,
        means=[repr(mean) for mean in test.means],
        change=str(test.change),
        limit="" if test.limit is None else str(test.limit),
    )
    return found
