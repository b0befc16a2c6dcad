"""Reading the trend of what was calibrated: of one instrument, of all of a model, or of all of a maker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from jialiang.base.instruments.selectors import (
    Instrument,
    LedgerModel,
    instrument,
    instruments_of_maker,
    models_in_ledger,
)
from jialiang.functions.deed import permit
from jialiang.information.drift import DriftSeries, drift_of_many
from jialiang.information.interval_proposals import Ledger, Survey, Wanted, proposals_for
from jialiang.information.trends import PointTrend, trend_at
from jialiang.kernel.errors import InvalidInput
from jialiang.security.actor import Actor
from jialiang.security.policy import NotOwnOrganization, limit

READ = "instrument.read"
LONGEST_AHEAD = timedelta(days=36525)


class TrendScopeUnclear(InvalidInput):
    """A trend is of one instrument or of a maker, not of both or neither; facts: ``given``."""

    code = "JL-TRD-001"


class TrendPointUnknown(InvalidInput):
    """No certificate in force tells of the point; facts: ``point``, ``unit``, ``known``."""

    code = "JL-TRD-002"


class TrendDayOutside(InvalidInput):
    """The day is before the last calibration or more than 100 years after it; facts: ``day``, ``last``."""

    code = "JL-TRD-003"


class TargetOutside(InvalidInput):
    """A share in tolerance lies between 0 and 1, a legal maximum above 0; facts: ``target``, ``days``."""

    code = "JL-TRD-004"


@dataclass(frozen=True, slots=True)
class TrendScope:
    """One instrument, or all of a maker (Chinese name as in the ledger), or of one model of that maker."""

    instrument_id: UUID | None = None
    manufacturer: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Trends:
    """The instruments of a scope and what their certificates in force say, a series for each point."""

    instruments: dict[UUID, Instrument]
    series: tuple[DriftSeries, ...]

    def fullest(self) -> DriftSeries | None:
        """Return the series with most results, the first of several."""
        return max(self.series, key=lambda each: len(each.points), default=None)

    def chosen(self, point: str, unit: str = "") -> DriftSeries:
        """Return the fullest series of a point, in a unit where one is named. Raises TrendPointUnknown."""
        found = [each for each in self.series if each.point == point and unit in ("", each.unit)]
        if not found:
            known = "; ".join(f"{each.point} {each.unit}" for each in self.series)
            raise TrendPointUnknown(point=point[:60], unit=unit[:60], known=known[:400] or "—")
        return max(found, key=lambda each: len(each.points))


def read_trends(*, actor: Actor, scope: TrendScope) -> Trends:
    """Return what may be read of a scope: whoever sees the own organization's things sees no others among them.

    Raises TrendScopeUnclear, InstrumentUnknown, and what the policy raises.
    """
    if (scope.instrument_id is None) == (not scope.manufacturer):
        raise TrendScopeUnclear(given=f"{scope.instrument_id or '—'}, {scope.manufacturer[:60] or '—'}")
    rows = _rows(actor, scope)
    found = {row.id: row for row in rows}
    return Trends(found, drift_of_many(found))


def read_models(*, actor: Actor) -> list[LedgerModel]:
    """Return the models whose trends may be asked for. Raises what the policy raises."""
    permit(actor, READ)
    return models_in_ledger(_own(actor))


def expected_on(series: DriftSeries, on: date) -> PointTrend:
    """Return the trend of a series to a day. Raises TrendDayOutside."""
    last = max(point.day for point in series.points)
    if not last <= on <= _farthest(last):
        raise TrendDayOutside(day=on.isoformat(), last=last.isoformat())
    return trend_at(series, on)


def survey_of(trends: Trends, shown: DriftSeries, wanted: Wanted) -> Survey:
    """Return the proposals of an interval for what was read. Raises TargetOutside."""
    legal = wanted.legal_maximum_days
    if not 0 < wanted.target < 1 or (legal is not None and not 0 < legal < float("inf")):
        raise TargetOutside(target=f"{wanted.target:g}", days="—" if legal is None else f"{legal:g}")
    ledger = {key: Ledger(row.interval_months, row.compulsory) for key, row in trends.instruments.items()}
    return proposals_for(trends.series, shown, ledger, wanted)


def _rows(actor: Actor, scope: TrendScope) -> Sequence[Instrument]:
    if scope.instrument_id is not None:
        row = instrument(scope.instrument_id)
        permit(actor, READ, row)
        return [row]
    permit(actor, READ)
    return instruments_of_maker(scope.manufacturer, scope.model, owner_id=_own(actor))


def _own(actor: Actor) -> UUID | None:
    """Return the organization that the actor sees alone, None for all of the institute's."""
    own = limit(actor, READ)
    if own is not None and own.organization_id is None:
        raise NotOwnOrganization(action=READ, actor=actor.name)
    return None if own is None else own.organization_id


def _farthest(last: date) -> date:
    return date.max if date.max - last < LONGEST_AHEAD else last + LONGEST_AHEAD
