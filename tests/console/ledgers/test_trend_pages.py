"""Trends and tests of standards from stored rows: whose they are, what pages and interface tell, both languages."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from lxml import html

from jialiang.base.certificates.selectors import certificates_with_records
from jialiang.base.instruments.errors import InstrumentUnknown
from jialiang.base.instruments.selectors import instruments_of_maker, models_in_ledger
from jialiang.base.measurement_standards.facts import CheckFacts
from jialiang.functions import measurement_standards
from jialiang.functions.trends import (
    TargetOutside,
    TrendDayOutside,
    TrendPointUnknown,
    TrendScope,
    TrendScopeUnclear,
    expected_on,
    read_models,
    read_trends,
    survey_of,
)
from jialiang.information.interval_proposals import Wanted
from jialiang.kernel.ids import new_id
from jialiang.security.policy import NotAuthorized, NotOwnOrganization
from jialiang.security.tenancy.scope import scope
from tests.information.evidence_rows import certificate, record

pytestmark = pytest.mark.django_db
CELSIUS = "\\degreecelsius"
FIRST = date(2022, 6, 1)
MAKER = "远山仪表厂（虚构）"
DRIFTING = ("0.00", "0.10", "0.20", "0.30")


def calibrate(things, row, deviations, *, every=365, point="22"):
    """Certificates of an instrument, one after the other; u = 0.01."""
    world = things.world
    for place, deviation in enumerate(deviations):
        day = FIRST + timedelta(days=every * place)
        told = {
            "point": point,
            "deviation": deviation,
            "expanded_uncertainty": "0.02",
            "coverage_factor": "2",
            "maximum_permissible_error": "0.5",
            "conformity": "pass",
        }
        evaluation = {"unit": CELSIUS, "points": [told]}
        done = record(world, row, item=things.item, state="approved", end_date=day, evaluation=evaluation)
        certificate(world, row, calibration=done, issue_date=day)


@pytest.fixture
def histories(things):
    """Three instruments of one model with results, one of them the mill's, and one of another maker."""
    world = things.world
    with scope(world.tenant_id):
        calibrate(things, things.instrument, DRIFTING)
        calibrate(things, things.foreign, ("0.05", "0.15", "0.25"))
        return things


def read(things, scope_asked, *roles, organization_id=None):
    with scope(things.world.tenant_id):
        actor = things.world.person(*roles, organization_id=organization_id)
        return read_trends(actor=actor, scope=scope_asked)


def test_the_trend_of_one_instrument_from_its_certificates(histories):
    found = read(histories, TrendScope(histories.instrument.id), "technician")
    (series,) = found.series
    assert [point.deviation for point in series.points] == list(DRIFTING)
    trend = expected_on(series, FIRST + timedelta(days=4 * 365))
    assert trend.verdict == "drift"
    assert trend.rate == pytest.approx(0.1 / 365 * 365.25)
    assert trend.forecasts[0].expected.value == pytest.approx(0.4)


def test_all_of_a_model_and_of_a_maker_are_read_together(histories):
    by_model = read(histories, TrendScope(manufacturer=MAKER, model="WLB-21"), "technician")
    assert len(by_model.fullest().points) == 7
    assert set(by_model.instruments) >= {histories.instrument.id, histories.foreign.id}
    by_maker = read(histories, TrendScope(manufacturer=MAKER), "technician")
    assert set(by_maker.instruments) == set(by_model.instruments)
    assert read(histories, TrendScope(manufacturer=MAKER, model="X"), "technician").series == ()


def test_a_customer_sees_the_own_instruments_alone(histories):
    dairy = histories.world.dairy_id
    found = read(histories, TrendScope(manufacturer=MAKER), "customer", organization_id=dairy)
    assert histories.foreign.id not in found.instruments
    assert len(found.fullest().points) == 4
    with pytest.raises(NotOwnOrganization):
        read(histories, TrendScope(histories.foreign.id), "customer", organization_id=dairy)
    with pytest.raises(NotOwnOrganization):
        read(histories, TrendScope(manufacturer=MAKER), "customer")


@pytest.mark.parametrize("wanted", [TrendScope(), "both"])
def test_a_scope_is_one_instrument_or_a_maker(histories, wanted):
    asked = TrendScope(histories.instrument.id, MAKER) if wanted == "both" else wanted
    with pytest.raises(TrendScopeUnclear):
        read(histories, asked, "technician")


def test_unknown_instruments_points_days_and_targets_are_refused(histories):
    with pytest.raises(InstrumentUnknown):
        read(histories, TrendScope(new_id(histories.world.now)), "technician")
    with pytest.raises(NotAuthorized):
        read(histories, TrendScope(histories.instrument.id), "nobody")
    found = read(histories, TrendScope(histories.instrument.id), "technician")
    (series,) = found.series
    for point, unit in (("23", ""), ("22", "\\kelvin")):
        with pytest.raises(TrendPointUnknown) as refused:
            found.chosen(point, unit)
        assert "22" in refused.value.what.zh + refused.value.way_out.zh
    last = series.points[-1].day
    for day in (last - timedelta(days=1), last + timedelta(days=36526)):
        with pytest.raises(TrendDayOutside):
            expected_on(series, day)
    for target, legal in ((0, None), (1, None), (0.9, 0.0), (0.9, float("inf"))):
        with pytest.raises(TargetOutside):
            survey_of(found, series, Wanted(target, legal))


def test_the_models_of_the_ledger_are_counted_for_those_who_may_see_them(histories):
    world = histories.world
    with scope(world.tenant_id):
        (every,) = read_models(actor=world.person("technician"))
        assert (every.manufacturer, every.model) == (MAKER, "WLB-21")
        own = models_in_ledger(world.dairy_id)
        assert own[0].count < every.count
        assert len(instruments_of_maker(MAKER, owner_id=world.mill_id)) == 1


def test_certificates_come_with_their_records_in_one_query(histories, django_assert_num_queries):
    with scope(histories.world.tenant_id), django_assert_num_queries(1):
        rows = certificates_with_records([histories.instrument.id], most=3)
        assert [row.calibration.end_date for row in rows] == [FIRST + timedelta(days=365 * n) for n in (3, 2, 1)]


# --- pages and interface


@pytest.mark.parametrize(
    ("language", "title", "verdict", "axis"),
    [
        ("en", "Trends of stored calibrations", "It drifts: +0.10", "Year of the calibration"),
        ("zh-hans", "历次校准的趋势", "有漂移：每年 +0.10", "校准年份"),
    ],
)
def test_the_page_of_an_instrument_tells_its_drift(histories, desk, language, title, verdict, axis):
    answer = desk("technician", language=language).get(
        "/science/trends", {"instrument": str(histories.instrument.id), "on": "2026-06-01", "legal": "200"}
    )
    assert answer.status_code == 200
    text = " ".join(html.fromstring(answer.content.decode()).text_content().split())
    for words in (title, verdict, axis, "T-1"):
        assert words in text
    assert "<script>alert" not in answer.content.decode()
    assert "200" in text


def test_the_page_of_a_model_and_of_nothing_chosen(histories, desk):
    client = desk("technician")
    answer = client.get("/science/trends", {"maker": MAKER, "model": "WLB-21"})
    assert answer.status_code == 200
    assert "7 results of 2 instruments" in answer.content.decode()
    assert "Choose an instrument" in client.get("/science/trends").content.decode()
    by_serial = client.get("/science/trends", {"serial": "M-1"})
    assert "3 results of 1 instrument." in by_serial.content.decode()
    assert "No instrument has this serial number" in client.get("/science/trends", {"serial": "?"}).content.decode()
    assert "No certificate in force" in client.get("/science/trends", {"serial": "T-2"}).content.decode()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"point": "99"}, "JL-TRD-002"),
        ({"on": "2020-01-01"}, "JL-TRD-003"),
        ({"target": "2"}, "JL-TRD-004"),
        ({"legal": "x"}, "JL-UNC-002"),
    ],
)
def test_what_cannot_be_answered_is_said_on_the_page(histories, desk, query, code):
    answer = desk("technician").get("/science/trends", {"instrument": str(histories.instrument.id), **query})
    assert answer.status_code == 422
    assert code in answer.content.decode()


def test_links_lead_from_the_desk_and_the_instrument_to_the_trend(histories, desk):
    client = desk("technician")
    assert "/science/trends" in client.get("/science/").content.decode()
    page = client.get(f"/instruments/{histories.instrument.id}/").content.decode()
    link = urlencode({"instrument": str(histories.instrument.id)})
    assert f"/science/trends?{link}" in page


def test_the_interface_tells_trend_and_proposals(histories, desk):
    client = desk("technician")
    asked = {"instrument_id": str(histories.instrument.id), "on": "2026-05-31"}
    told = client.get("/api/v1/trends", asked).json()
    assert (told["verdict"], told["point"], told["unit"], told["on"]) == ("drift", "22", CELSIUS, "2026-05-31")
    assert float(told["rate_per_year"]) == pytest.approx(0.100068, abs=1e-5)
    assert float(told["forecasts"][0]["deviation"]) == pytest.approx(0.4, abs=1e-3)
    assert told["points"] == [{"point": "22", "unit": CELSIUS, "results": 4}]
    del asked["on"]
    survey = client.get("/api/v1/interval-proposals", asked | {"legal_maximum_days": "100"}).json()
    assert (survey["legal_maximum_days"], survey["legal_from"]) == ("100.0", "given")
    assert {each["method"] for each in survey["proposals"]} == {"A3", "S2", "variables"}
    proposed = [float(each["proposed_days"]) for each in survey["proposals"] if each["proposed_days"]]
    assert proposed and max(proposed) <= 100
    refused = client.get("/api/v1/interval-proposals", asked | {"legal_maximum_days": "ten"})
    assert (refused.status_code, refused.json()["code"]) == (422, "JL-UNC-002")
    refused = client.get("/api/v1/interval-proposals", asked | {"target": "1"})
    assert (refused.status_code, refused.json()["code"]) == (422, "JL-TRD-004")
    assert client.get("/api/v1/trends").json()["code"] == "JL-TRD-001"
    assert client.get("/api/v1/trends", {"manufacturer": "?"}).json()["verdict"] == "unknown"
    assert client.get("/api/v1/interval-proposals", {"manufacturer": "?"}).json()["proposals"] == []


TARGETS = {
    # as given: the share it is read as
    "0.95": 0.95,
    " 0.9 ": 0.9,
    "9e-1": 0.9,
    "０．９": 0.9,
    "0.5": 0.5,
    "0.999": 0.999,
}
NO_TARGETS = {
    "0": "JL-TRD-004",
    "1": "JL-TRD-004",
    "1.0": "JL-TRD-004",
    "-0.5": "JL-TRD-004",
    "95": "JL-TRD-004",
    "95 %": "JL-UNC-002",
    "0,95": "JL-UNC-001",
    "": "JL-UNC-002",
    "nan": "JL-UNC-002",
    "Infinity": "JL-UNC-002",
    "0x1": "JL-UNC-002",
    "9" * 61: "JL-API-001",
}
NO_DAYS = {
    "0": "JL-TRD-004",
    "-1": "JL-TRD-004",
    "365 d": "JL-UNC-002",
    "365,25": "JL-UNC-001",
    "inf": "JL-UNC-002",
    "1e400": "JL-UNC-003",
}


def proposals(histories, client, **asked):
    return client.get("/api/v1/interval-proposals", {"instrument_id": str(histories.instrument.id), **asked})


@pytest.mark.parametrize("target", TARGETS)
def test_a_share_is_decimal_text_as_people_type_it(histories, desk, target):
    client = desk("technician")
    told = proposals(histories, client, target=target).json()
    same = proposals(histories, client, target=str(TARGETS[target])).json()
    assert told == same
    assert {each["method"] for each in told["proposals"]} == {"A3", "S2", "variables"}


def test_the_higher_the_share_the_shorter_what_the_fit_proposes(histories, desk):
    client = desk("technician")
    found = []
    for target in ("0.5", "0.8", "0.9", "0.95", "0.99"):
        survey = proposals(histories, client, target=target).json()
        found += [each["proposed_days"] for each in survey["proposals"] if each["method"] == "S2"]
    days = [float(text) for text in found if text]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize("target", NO_TARGETS)
def test_what_is_no_share_is_refused_by_its_rule_in_both_languages(histories, desk, target):
    refused = proposals(histories, desk("technician"), target=target)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (422, NO_TARGETS[target])
    assert problem["what"]["zh"] and problem["what"]["en"]
    assert problem["what"]["zh"] != problem["what"]["en"]


@pytest.mark.parametrize("days", NO_DAYS)
def test_what_is_no_legal_maximum_is_refused_by_its_rule(histories, desk, days):
    refused = proposals(histories, desk("technician"), legal_maximum_days=days)
    assert (refused.status_code, refused.json()["code"]) == (422, NO_DAYS[days])


@pytest.mark.parametrize("days", ["1", "30", "365", "3652.5", "1e3", "３６５"])
def test_no_proposal_exceeds_the_legal_maximum_and_says_so_where_it_would(histories, desk, days):
    survey = proposals(histories, desk("technician"), legal_maximum_days=days).json()
    limit = float(survey["legal_maximum_days"])
    for each in survey["proposals"]:
        if not each["proposed_days"]:
            assert each["why_not"]["zh"] and each["why_not"]["en"]
            continue
        assert float(each["proposed_days"]) <= limit
        assert each["unbounded_days"] == "" or float(each["unbounded_days"]) >= float(each["proposed_days"])
        if each["held_by"] == "legal_maximum":
            assert float(each["proposed_days"]) == limit


# --- JJF 1033


@pytest.fixture
def tested(things):
    """A standard (U = 0.02 or so) with ten checks of one day, then one a month."""
    ten = [CheckFacts(observed_on="2025-01-10", measured_value=f"0.0{n}", unit=CELSIUS) for n in range(10, 20)]
    later = [
        CheckFacts(observed_on=f"2025-{month:02d}-10", measured_value="0.0145", unit=CELSIUS) for month in (2, 3, 4)
    ]
    with scope(things.world.tenant_id):
        measurement_standards.record_checks(
            actor=things.world.person("standards_keeper"),
            standard_id=things.standard.id,
            observations=[*ten, *later],
            now=things.world.now,
        )
    return things


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Repeatability and stability", "the standard is stable")),
        ("zh-hans", ("重复性与稳定性", "稳定性符合要求")),
    ],
)
def test_the_page_of_a_standard_tells_its_tests(tested, desk, language, words):
    client = desk("standards_keeper", language=language)
    answer = client.get(f"/standards/{tested.standard.id}/jjf1033", {"mpe": "0.01"})
    assert answer.status_code == 200
    text = answer.content.decode()
    for each in (*words, "2025-01-10"):
        assert each in text
    page = client.get(f"/standards/{tested.standard.id}/").content.decode()
    assert f"/standards/{tested.standard.id}/jjf1033" in page


@pytest.mark.parametrize(("mpe", "status"), [("0", 422), ("x", 422), ("0,5", 422), ("0.5", 200), ("", 200)])
def test_a_limit_that_is_none_is_refused_on_the_page(tested, desk, mpe, status):
    client = desk("auditor")
    assert client.get(f"/standards/{tested.standard.id}/jjf1033", {"mpe": mpe}).status_code == status


def test_customers_do_not_see_the_tests_of_standards(tested, desk):
    assert desk("customer").get(f"/standards/{tested.standard.id}/jjf1033").status_code == 403


def test_the_interface_tells_the_tests_by_hand(tested, desk):
    address = f"/api/v1/measurement-standards/{tested.standard.id}/jjf1033"
    told = desk("technician").get(address, {"mpe": "0.001"}).json()
    # 0.010 … 0.019: mean 0.0145, s² = 82.5e-6/9
    (test,) = told["repeatability"]
    assert (test["label"], test["count"]) == ("2025-01-10", 10)
    assert float(test["mean"]) == pytest.approx(0.0145)
    assert float(test["standard_deviation"]) == pytest.approx(0.0030276504)
    (stability,) = told["stability"]
    assert (stability["kind"], stability["holds"], stability["limit_from"]) == ("new", True, "mpe")
    assert float(stability["change"]) == 0
