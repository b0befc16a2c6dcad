"""The drift of an instrument: what counts, how it is drawn, what a list of instruments says of fitness."""

from datetime import date
from uuid import UUID

import pytest

from jialiang.console.charts.drift import Dated, drift_chart
from jialiang.information.drift import DriftPoint, drift_of
from jialiang.information.status import fitness_of, fitness_of_many
from jialiang.security.tenancy.scope import scope
from tests.console.ledgers.conftest import Things

HOSTILE = "<b>YZ-1</b>"


def dated(year: int, deviation: float, text: str) -> Dated:
    return Dated(date(year, 6, 16), deviation, 0.012, text, "/certificates/1/", HOSTILE)


def test_points_stand_with_their_u_and_the_limits_and_names_are_harmless() -> None:
    drawn = drift_chart(
        [dated(2025, 0.014, "+0.014"), dated(2026, 0.018, "+0.018")], label="L", axis="A", limit=0.05
    )
    assert drawn.count('class="u"') == 2
    assert drawn.count('class="limit"') == 2
    assert "MPE +0.05" in drawn
    assert "MPE −0.05" in drawn
    assert "&lt;b&gt;YZ-1" in drawn
    assert "<b>" not in drawn
    assert drawn.count("pt-now") == 1


def test_limits_far_away_are_left_out_so_that_the_points_can_be_told_apart() -> None:
    assert 'class="limit"' not in drift_chart(
        [dated(2025, 0.014, ""), dated(2026, 0.018, "")], label="", axis="", limit=9.0
    )


@pytest.mark.parametrize(
    ("deviation", "limit", "margin"),
    [("-0.1625", "0.5", "0.3375"), ("0.018", "0.050", "0.032"), ("0.6", "0.5", "-0.1"), ("1", "", "")],
)
def test_the_margin_is_what_is_left_to_the_limit(deviation: str, limit: str, margin: str) -> None:
    point = DriftPoint(UUID(int=1), "N", date(2026, 6, 16), deviation, "0.01", "2", limit, "pass")
    assert point.margin == margin


@pytest.mark.django_db
def test_an_instrument_without_certificates_has_no_drift_and_is_unproven(things: Things) -> None:
    with scope(things.world.tenant_id):
        assert drift_of(things.instrument.id) == ()
        rows = {row.id: row for row in (things.instrument, things.foreign)}
        judged = fitness_of_many(rows, date(2026, 6, 16))
        assert judged == {key: fitness_of(key, date(2026, 6, 16)) for key in rows}
        assert {fitness.state.value for fitness in judged.values()} == {"unproven"}
