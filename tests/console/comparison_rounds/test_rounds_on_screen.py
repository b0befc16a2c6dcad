"""Comparison rounds on screen: opened, filled, evaluated, reported; the sheet with its drawings, and its files."""

from __future__ import annotations

import csv
import io
import json
from uuid import uuid4

import pytest
from lxml import html

from jialiang.base.comparison_rounds.selectors import (
    comparison_round,
    comparison_rounds,
    participants_of,
    results_of,
)
from jialiang.security.tenancy.scope import scope
from tests.console.bench import HOSTILE, LANGUAGES, bench_of, text_of
from tests.console.whole import faults_of
from tests.functions.comparison_world import BARE_WEIGHT, SECOND_WEIGHT, Desk
from tests.integration.api.calling import add_person

pytestmark = pytest.mark.django_db
THREE = [("10", "2"), ("12", "2"), ("20", "4")]


@pytest.fixture
def bench(tenant):
    found = bench_of(tenant)
    with scope(tenant.id):
        for role in ("quality_manager", "auditor"):
            found.world.people[role] = add_person(found.world, role, "", found.world.now)
    return found


@pytest.fixture
def desk(bench):
    return Desk(bench.world.tenant.id, bench.world.now)


def made(bench, make):
    with scope(bench.world.tenant.id):
        return make()


def stored(bench, row):
    with scope(bench.world.tenant.id):
        return comparison_round(row.id)


def two_artefacts(desk):
    row = desk.open("weighted_mean", [BARE_WEIGHT, SECOND_WEIGHT], standard_deviation_for_assessment="1")
    for code, first, second in (("A", "1", "2"), ("B", "2", "3.5"), ("C", "3", "4")):
        desk.enrol(row, code)
        desk.enter(row, code, first, "1")
        desk.enter(row, code, second, "1", artefact=2)
    return comparison_round(row.id)


FORM = {
    "name_zh": "1 kg 砝码比对",
    "name_en": "1 kg weight",
    "quantity_zh": "质量偏差",
    "quantity_en": "mass deviation",
    "unit": "mg",
    "assigned_by": "reference",
    "artefact_zh": "砝码 A",
    "assigned_value": "10.0",
    "expanded_uncertainty": "0.006",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole_and_in_one_language(bench, desk, language):
    seen = made(bench, lambda: desk.evaluated(THREE, note=f"见 {HOSTILE}"))
    begun = made(bench, desk.open)
    robust = made(bench, lambda: desk.evaluated([("4.5", ""), ("4.9", ""), ("5.6", "")], "algorithm_a"))
    client = bench.client("quality_manager", language)
    pages = ["/comparisons/", "/comparisons/?view=evaluated&q=CR", "/comparisons/?q=nothing", "/comparisons/new"]
    pages += [f"/comparisons/{row.id}/" for row in (seen, begun, robust)]
    pages += [f"/comparisons/{begun.id}/{what}" for what in ("participants", "results", "cancel")]
    pages += [f"/comparisons/{row.id}/report" for row in (seen, robust)]
    for address in pages:
        response = client.get(address)
        assert response.status_code == 200, address
        assert faults_of(text_of(response), language) == [], address
        assert "<script>alert" not in text_of(response)


def test_a_comparison_goes_from_registration_to_report_by_forms_alone(bench):
    client = bench.client("quality_manager")
    opened = client.post("/comparisons/new", FORM)
    assert opened.status_code == 302
    home = opened["Location"]
    assert client.post(f"{home}participants", {"name_zh": "甲院", "code": "A"})["Location"] == home
    with scope(bench.world.tenant.id):
        (row,) = comparison_rounds()
        (participant,) = participants_of(row.id)
    result = {
        "participant": str(participant.id),
        "artefact": "1",
        "measured_value": "10.012",
        "expanded_uncertainty": "0.01",
    }
    assert client.post(f"{home}results", result)["Location"] == home
    assert client.post(home, {"act": "evaluate"})["Location"] == home
    seen = html.fromstring(text_of(client.get(home))).xpath("//input[@name='seen']/@value")[0]
    assert client.post(home, {"act": "report", "seen": seen})["Location"] == home
    assert stored(bench, row).state == "reported"
    sheet = text_of(client.get(f"{home}report"))
    assert "1.03" in sheet.replace("\u202f", "")
    assert "10.0000" in sheet


def test_the_sheet_draws_a_bar_a_laboratory_with_quantity_and_unit_on_the_axis(bench, desk):
    row = made(bench, lambda: desk.reported(THREE))
    page = text_of(bench.client("auditor", "en").get(f"/comparisons/{row.id}/report"))
    (drawing,) = html.fromstring(page).xpath("//article//*[local-name()='svg'][contains(@class,'jl-chart')]")
    words = [" ".join(each.itertext()) for each in drawing.iter("{*}text")]
    assert "mass deviation: difference d from the assigned value / mg" in words
    assert "Participant" in words
    assert {"A", "B", "C"} <= set(words)
    bars = drawing.xpath(".//*[local-name()='path'][@class='u']")
    crosses = drawing.xpath(".//*[local-name()='path'][@class='pt-out']")
    assert (len(bars), len(crosses)) == (3, 2)
    assert "not consistent" in page


def test_two_artefacts_have_a_youden_plot_with_both_named(bench, desk):
    row = made(bench, lambda: two_artefacts(desk))
    client = bench.client("technician", "en")
    assert client.post(f"/comparisons/{row.id}/", {"act": "evaluate"}).status_code == 302
    page = text_of(client.get(f"/comparisons/{row.id}/report"))
    drawings = html.fromstring(page).xpath("//article//*[local-name()='svg'][contains(@class,'jl-chart')]")
    assert len(drawings) == 3
    words = " ".join(drawings[2].itertext())
    assert "mass deviation, 1 kg weight A / mg" in words
    assert "mass deviation, 1 kg weight B / mg" in words


def test_the_report_is_handed_out_as_json_and_csv(bench, desk):
    row = made(bench, lambda: desk.reported(THREE))
    client = bench.client("signatory")
    given = client.get(f"/comparisons/{row.id}/report.json")
    document = json.loads(given.content)
    assert document["evaluation_digest"] == row.evaluation_digest
    table = client.get(f"/comparisons/{row.id}/report.csv")
    lines = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [line["code"] for line in lines] == ["A", "B", "C"]
    assert f"{row.number}.csv" in table["Content-Disposition"]
    assert client.get(f"/comparisons/{row.id}/report.exe").status_code == 404


def test_there_is_no_sheet_before_the_evaluation(bench, desk):
    row = made(bench, lambda: desk.measured(THREE))
    client = bench.client("quality_manager")
    for address in ("report", "report.json", "report.csv"):
        assert client.get(f"/comparisons/{row.id}/{address}").status_code == 409


@pytest.mark.parametrize(
    "changes",
    [
        {"name_zh": ""},
        {"unit": "furlong"},
        {"assigned_value": ""},
        {"expanded_uncertainty": "-1"},
        {"assigned_by": "weighted_mean"},
        {"second_artefact_zh": "砝码 B"},
        {"standard_deviation_for_assessment": "wide"},
    ],
)
def test_a_round_that_cannot_be_opened_is_said_on_its_form(bench, changes):
    response = bench.client("quality_manager").post("/comparisons/new", FORM | changes)
    assert response.status_code == 422
    assert "jl-field" in text_of(response)
    with scope(bench.world.tenant.id):
        assert len(comparison_rounds()) == 0


def test_a_result_without_u_is_refused_beside_its_field_and_nothing_is_stored(bench, desk):
    row = made(bench, desk.open)
    made(bench, lambda: desk.enrol(row, "A"))
    with scope(bench.world.tenant.id):
        (participant,) = participants_of(row.id)
    form = {"participant": str(participant.id), "artefact": "1", "measured_value": "10"}
    response = bench.client("technician").post(f"/comparisons/{row.id}/results", form)
    assert response.status_code == 422
    assert "JL-CMP-009" in text_of(response)
    with scope(bench.world.tenant.id):
        assert results_of(row.id) == []


def test_a_code_that_is_taken_is_said(bench, desk):
    row = made(bench, desk.open)
    made(bench, lambda: desk.enrol(row, "A"))
    form = {"name_zh": "乙院", "code": "A"}
    response = bench.client("quality_manager").post(f"/comparisons/{row.id}/participants", form)
    assert response.status_code == 409
    assert "JL-CMP-005" in text_of(response)


def test_a_round_with_too_few_results_says_so_where_it_stands(bench, desk):
    row = made(bench, lambda: desk.measured([("10", "2")]))
    response = bench.client("technician").post(f"/comparisons/{row.id}/", {"act": "evaluate"})
    assert response.status_code == 409
    assert "JL-CMP-006" in text_of(response)
    assert bench.client("technician").post(f"/comparisons/{row.id}/", {"act": "dance"}).status_code == 404


def test_a_report_of_an_evaluation_that_was_not_seen_is_refused(bench, desk):
    row = made(bench, lambda: desk.evaluated(THREE))
    response = bench.client("quality_manager").post(f"/comparisons/{row.id}/", {"act": "report", "seen": "0" * 64})
    assert response.status_code == 409
    assert "JL-CMP-008" in text_of(response)
    assert stored(bench, row).state == "evaluated"


def test_a_round_is_given_up_with_a_reason(bench, desk):
    row = made(bench, desk.open)
    client = bench.client("quality_manager")
    assert client.post(f"/comparisons/{row.id}/cancel", {"reason": ""}).status_code == 422
    assert client.post(f"/comparisons/{row.id}/cancel", {"reason": "样品损坏"}).status_code == 302
    assert stored(bench, row).state == "cancelled"
    assert "样品损坏" in text_of(client.get(f"/comparisons/{row.id}/"))


def test_who_may_not_is_told_and_is_offered_nothing(bench, desk):
    row = made(bench, lambda: desk.evaluated(THREE))
    home = f"/comparisons/{row.id}/"
    assert bench.client("receptionist").get(home).status_code == 403
    assert bench.client("receptionist").get("/comparisons/").status_code == 403
    technician = bench.client("technician")
    page = text_of(technician.get(home))
    assert 'value="evaluate"' in page
    assert 'value="report"' not in page
    assert technician.post(home, {"act": "report", "seen": row.evaluation_digest}).status_code == 403
    for address in ("participants", "cancel"):
        assert technician.get(f"{home}{address}").status_code == 403
    auditor = text_of(bench.client("auditor").get(home))
    assert "<button" not in html.tostring(html.fromstring(auditor).xpath("//main")[0]).decode()
    assert bench.client("auditor").get(f"/comparisons/{uuid4()}/").status_code == 404


def test_where_some_state_a_u_and_some_do_not_every_score_stands_in_its_own_column(bench, desk):
    row = made(bench, lambda: desk.evaluated([("4.5", ""), ("4.9", "0.5"), ("5.6", "")], "algorithm_a"))
    page = text_of(bench.client("auditor").get(f"/comparisons/{row.id}/report"))
    lines = html.fromstring(page).xpath("//article//table/tbody/tr")
    cells = [[" ".join(cell.itertext()).strip() for cell in line.findall("td")] for line in lines]
    assert [line[5:] == ["—", "—"] for line in cells] == [True, False, True]
    assert all("satisfactory" in cell for cell in cells[1][5:])
    assert [len(line) for line in cells] == [7, 7, 7]


def test_results_that_all_agree_have_a_robust_mean_without_u(bench, desk):
    row = made(bench, lambda: desk.evaluated([("5.2", ""), ("5.2", ""), ("5.2", "")], "algorithm_a"))
    page = text_of(bench.client("auditor").get(f"/comparisons/{row.id}/report"))
    assert "5.2" in page
