"""The past that a budget draws on, without a database: what certificates said of a point, readings of old records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.information.budget_templates.test_shipped_templates import in_use
from tests.information.evaluation_tasks import CELSIUS, task_for

from jialiang.information import budget_facts
from jialiang.information.budget_facts import (
    _Past,
    _Series,
    _told,
    _values_at,
    gathered_facts,
    gathered_key,
    names_at,
)
from jialiang.information.budget_templates.template import read_template

KELVIN, MILLIKELVIN, GRAM, MILLIGRAM = "\\kelvin", "\\milli\\kelvin", "\\gram", "\\milli\\gram"
DAY = date(2026, 6, 16)


@dataclass
class Paper:
    """A certificate of a standard as the ledger holds it."""

    number: str
    valid_from: date
    measured_values: list[dict[str, str]]
    unit: str = CELSIUS
    valid_until: date = date(2030, 1, 1)
    revoked_at: datetime | None = None


def said(nominal: str, measured: str, expanded: str = "0.006", factor: str = "2") -> dict[str, str]:
    return {
        "nominal": nominal,
        "measured": measured,
        "expanded_uncertainty": expanded,
        "coverage_factor": factor,
    }


# entry, its unit, point, unit of the record → deviation and u
TOLD = [
    (said("20", "20.004"), CELSIUS, "20", CELSIUS, "0.004", 0.003),
    (said("20.0", "19.990", "0.009", "3"), CELSIUS, "20", CELSIUS, "-0.010", 0.003),
    (said("20", "20.004"), CELSIUS, "293.15", KELVIN, "0.004", 0.003),
    (said("293.15", "293.154"), KELVIN, "20", CELSIUS, "0.004", 0.003),
    (said("100", "100.000012", "0.00001", "2"), GRAM, "100000", MILLIGRAM, "0.012", 0.005),
    (said("-10", "-10.5", "1", "2"), CELSIUS, "-10", CELSIUS, "-0.5", 0.5),
]


@pytest.mark.parametrize(("entry", "unit", "point", "wanted", "deviation", "u"), TOLD)
def test_what_a_certificate_said_of_a_point_in_the_unit_of_the_record(
    entry, unit, point, wanted, deviation, u
):
    found = _told(Paper("C-1", DAY, [said("7", "7"), entry], unit), point, wanted)
    assert found is not None
    assert float(found[0]) == pytest.approx(float(deviation), rel=1e-12)
    assert found[1] == pytest.approx(u, rel=1e-12)


SILENT = [
    ([said("20", "20.004")], CELSIUS, "30", CELSIUS),
    ([said("20", "20.004")], CELSIUS, "20.0001", CELSIUS),
    ([said("20", "20.004")], GRAM, "20", CELSIUS),
    ([], CELSIUS, "20", CELSIUS),
    ([said("room", "20.004")], CELSIUS, "20", CELSIUS),
    ([said("20", "–")], CELSIUS, "20", CELSIUS),
]


@pytest.mark.parametrize(("entries", "unit", "point", "wanted"), SILENT)
def test_a_certificate_that_does_not_speak_of_the_point_says_nothing(entries, unit, point, wanted):
    assert _told(Paper("C-1", DAY, entries, unit), point, wanted) is None


def past(monkeypatch, *papers: Paper, record: Any = None) -> _Past:
    """The past of a record, whose reference standard has these certificates, latest first."""
    standards = [
        SimpleNamespace(is_reference=False, standard_id=1),
        SimpleNamespace(is_reference=True, standard_id=2),
    ]
    ledger = {2: sorted(papers, key=lambda paper: paper.valid_from, reverse=True)}
    monkeypatch.setattr(budget_facts, "standards_used", lambda _id: standards)
    monkeypatch.setattr(budget_facts, "certificates_of", lambda standard_id: ledger[standard_id])
    monkeypatch.setattr(budget_facts, "ends_on", lambda paper: paper.valid_until)
    usual = SimpleNamespace(id=1, end_date=DAY, begin_date=None, created_at=datetime(2020, 1, 1))  # noqa: DTZ001
    return _Past(record or usual, CELSIUS)


def item(source: dict[str, str]):
    document = {
        "model": {"expr": {"y": "d"}},
        "inputs": [{"name": "d", "mean": "0", "u": "1", "from": source}],
    }
    return read_template(document).inputs[0]


VALUE = item({"source": "standard_value"})


def yearly(*deviations: str) -> list[Paper]:
    """A certificate a year, the last a year before the day of use, each with u = 0.003."""
    first = DAY - timedelta(days=365 * len(deviations))
    return [
        Paper(f"C-{k}", first + timedelta(days=365 * k), [said("20", str(20 + float(each)))])
        for k, each in enumerate(deviations)
    ]


def test_with_no_certificate_of_the_point_there_is_nothing(monkeypatch):
    assert past(monkeypatch).of(VALUE, "20") == {}
    assert past(monkeypatch, *yearly("0.001")).of(VALUE, "30") == {}


@pytest.mark.parametrize("count", [1, 2])
def test_with_one_or_two_certificates_the_last_one_alone_speaks(monkeypatch, count):
    papers = yearly(*["0.001", "0.004"][:count])
    found = past(monkeypatch, *papers).of(VALUE, "20")
    assert float(found["value"]) == pytest.approx([0.001, 0.004][count - 1], rel=1e-9)
    assert found["certificates"] == f"C-{count - 1}"
    assert float(found["u"]) == pytest.approx(0.003)


def test_three_certificates_on_a_line_are_carried_to_the_day_of_use(monkeypatch):
    """0.001, 0.002, 0.003 a year apart: 0.004 a year later, with more than the u of any of them."""
    found = past(monkeypatch, *yearly("0.001", "0.002", "0.003")).of(VALUE, "20")
    assert float(found["value"]) == pytest.approx(0.004, rel=1e-6)
    assert found["certificates"] == "C-0, C-1, C-2"
    # u² of a line at x = 3 through x = 0, 1, 2 with u = 0.003 each: u² (1/3 + (3 − 1)²/2)
    assert float(found["u"]) >= 0.003 * (1 / 3 + 2) ** 0.5 * (1 - 1e-9)


def test_a_certificate_of_after_the_day_of_use_or_that_never_held_does_not_count(monkeypatch):
    papers = yearly("0.001", "0.002")
    later = Paper("LATER", DAY + timedelta(days=1), [said("20", "21")])
    revoked = Paper(
        "REVOKED", DAY - timedelta(days=3), [said("20", "21")], valid_until=DAY - timedelta(days=4)
    )
    assert past(monkeypatch, *papers, later, revoked).of(VALUE, "20")["certificates"] == "C-1"
    today = Paper("TODAY", DAY, [said("20", "20.009")], valid_until=DAY)
    assert past(monkeypatch, papers[1], today).of(VALUE, "20")["certificates"] == "TODAY"


@pytest.mark.parametrize(
    ("end", "begin", "created", "number"),
    [
        (DAY, None, None, "C-1"),
        (None, DAY, None, "C-1"),
        (None, None, DAY, "C-1"),
        (DAY - timedelta(days=400), DAY, DAY, "C-0"),
        (None, DAY - timedelta(days=400), DAY, "C-0"),
    ],
)
def test_the_day_of_use_is_the_last_day_of_the_work_else_the_first_else_that_of_the_record(
    monkeypatch, end, begin, created, number
):
    at = datetime.combine(created or date(2001, 1, 1), datetime.min.time())
    record = SimpleNamespace(id=1, end_date=end, begin_date=begin, created_at=at)
    assert (
        past(monkeypatch, *yearly("0.001", "0.002"), record=record).of(VALUE, "20")["certificates"] == number
    )


@given(shift=st.integers(-500, 500), slope=st.integers(-5, 5))
def test_a_steady_drift_is_continued_whatever_it_is(shift, slope):
    """Deviations shift + slope·k (in 0.001): on the day of use shift + 3·slope."""
    with pytest.MonkeyPatch.context() as patch:
        papers = yearly(*(f"{(shift + slope * k) / 1000:.3f}" for k in range(3)))
        found = past(patch, *papers).of(VALUE, "20")
    assert float(found["value"]) == pytest.approx((shift + 3 * slope) / 1000, abs=1e-9)


@pytest.mark.parametrize(
    "source", [{"source": "certificate"}, {"source": "drift"}, {"source": "resolution"}, {"source": "point"}]
)
def test_other_sources_need_no_past(monkeypatch, source):
    assert past(monkeypatch, *yearly("0.001", "0.002", "0.003")).of(item(source), "20") == {}


def series(values: dict[str, list[str]], points: list[str], **parameters: str) -> _Series:
    columns = {"standard": values["standard"], "indication": values["indication"]}
    task = task_for("repeated_comparison", columns, tuple(dict.fromkeys(points)), parameters={"repeats": "3"})
    return _Series(task.readings, task.points, parameters)


SIX = {
    "standard": ["20.000", "20.001", "20.002", "30.000", "30.001", "30.002"],
    "indication": ["20.018", "20.019", "20.017", "30.010", "", "30.014"],
}


@pytest.mark.parametrize(
    ("point", "expected"),
    [("20", [0.018, 0.018, 0.015]), ("20.00", [0.018, 0.018, 0.015]), ("30", [0.010, 0.012]), ("40", [])],
)
def test_rows_of_the_point_with_every_cell_are_taken_and_no_others(point, expected):
    found = _values_at(series(SIX, ["20", "30"]), "indication - standard", point)
    assert [float(text) for text in found] == pytest.approx(expected)


def test_a_quantity_of_old_readings_may_use_the_point_and_parameters_of_its_own_record():
    found = _values_at(
        series(SIX, ["20", "30"], bath_uniformity="0.5"), "indication - point + bath_uniformity", "20"
    )
    assert [float(text) for text in found] == pytest.approx([0.518, 0.519, 0.517])


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, {"point": "20", "standard_value": "20"}),
        ({"standard_value": "20.1"}, {"point": "20", "standard_value": "20.1"}),
        ({"standard_value": ""}, {"point": "20", "standard_value": "20"}),
        (
            {"bath_uniformity": "0.1", "empty": ""},
            {"point": "20", "standard_value": "20", "bath_uniformity": "0.1"},
        ),
    ],
)
def test_names_that_a_quantity_may_use(parameters, expected):
    assert names_at("20", parameters) == expected


def history(monkeypatch, *records: dict[str, list[str]], unit: str = CELSIUS, of: str = "instrument"):
    """Facts of an input that pools s over earlier records of six readings each."""
    stored = {UUID(int=k): series(values, ["20", "30"]) for k, values in enumerate(records, start=1)}
    asked: list[bool] = []

    def earlier(_record, *, of_instrument: bool, most: int):
        asked.append(of_instrument)
        assert most == budget_facts.MOST_RECORDS == 12
        evaluation = {"unit": unit}
        return [
            SimpleNamespace(
                reading_set_id=key, points=list(each.points), parameters={}, evaluation=evaluation
            )
            for key, each in stored.items()
        ]

    monkeypatch.setattr(budget_facts, "earlier_records", earlier)
    monkeypatch.setattr(budget_facts, "readings_of", lambda key: stored[key].readings)
    source = {"source": "readings", "quantity": "indication - standard", "scatter": "history", "of": of}
    return past(monkeypatch), item(source), asked


def three(*differences: str) -> dict[str, list[str]]:
    ends = [f"{20 + float(each):.3f}" for each in differences]
    return {"standard": ["20.000"] * 3 + ["30.000"] * 3, "indication": [*ends, "30", "30", "30"]}


def test_s_of_several_records_is_pooled_by_their_degrees_of_freedom(monkeypatch):
    """s = 0.001 and 0.002, ν = 2 each: √((0.001² + 0.002²)/2), ν = 4."""
    known, wanted, asked = history(
        monkeypatch, three("0.018", "0.019", "0.017"), three("0.014", "0.018", "0.016")
    )
    found = known.of(wanted, "20")
    assert float(found["s"]) == pytest.approx((2.5e-6) ** 0.5, rel=1e-9)
    assert (found["dof"], found["records"]) == ("4.0", "2")
    assert known.of(wanted, "20") == found
    assert asked == [True]
    assert float(known.of(wanted, "30")["s"]) == 0.0
    assert asked == [True]


def test_of_the_procedure_asks_for_every_instrument(monkeypatch):
    known, wanted, asked = history(monkeypatch, three("0.018", "0.019", "0.017"), of="procedure")
    known.of(wanted, "20")
    assert asked == [False]


@pytest.mark.parametrize("unit", [KELVIN, MILLIKELVIN, GRAM])
def test_records_in_another_unit_do_not_count(monkeypatch, unit):
    known, wanted, _ = history(monkeypatch, three("0.018", "0.019", "0.017"), unit=unit)
    assert known.of(wanted, "20") == {}


def test_a_record_with_one_reading_at_the_point_says_nothing_of_scatter(monkeypatch):
    single = three("0.018", "0.019", "0.017")
    single["indication"][1:3] = ["", ""]
    known, wanted, _ = history(monkeypatch, single)
    assert known.of(wanted, "20") == {}


@dataclass
class Noted:
    """A past that only notes what it was asked."""

    asked: list[tuple[str, str]] = field(default_factory=list)

    def of(self, item: Any, point: str) -> dict[str, str]:
        self.asked.append((item.symbol, point))
        return {"s": "1"} if item.symbol == "x_mean" else {}


def test_facts_are_gathered_by_the_budget_of_each_point_and_kept_by_version_input_and_point(monkeypatch):
    noted = Noted()
    monkeypatch.setattr(budget_facts, "_Past", lambda _record, _unit: noted)
    low = in_use("repeated_comparison", code="UB-2026-0001", maximum="25")
    found = gathered_facts(SimpleNamespace(), [low], CELSIUS, ["20", "30"])
    assert found == {gathered_key(low, "x_mean", "20"): {"s": "1"}}
    assert {point for _, point in noted.asked} == {"20"}
    assert gathered_key(low, "x", "20") == f"{low.version_id}/x/20"
