"""Budgets on screen: begun, edited with live evaluation, reviewed with its changes, and named on the record's page."""

from __future__ import annotations

import json

import pytest
from lxml import html

from jialiang.base.calibrations.selectors import calibration
from jialiang.base.uncertainty_budgets.selectors import budget_version, uncertainty_budgets, versions_of
from jialiang.functions import uncertainty_budgets as verbs
from jialiang.security.tenancy.scope import scope
from tests.console.bench import HOSTILE, LANGUAGES, bench_of, text_of
from tests.console.whole import faults_of
from tests.functions import budget_world
from tests.functions.budget_world import with_bath

pytestmark = pytest.mark.django_db


@pytest.fixture
def bench(tenant):
    return bench_of(tenant)


@pytest.fixture
def held(bench):
    """A budget in force with a second version as a draft that widens the bath."""
    with scope(bench.world.tenant.id):
        first = budget_world.in_force(bench.world)
        verbs.change(
            actor=bench.world.people["standards_keeper"],
            budget_id=first.budget_id,
            facts=budget_world.version_facts(document=with_bath("0.05"), change_note=f"换槽 {HOSTILE}"),
            now=bench.world.now,
        )
        second, first = versions_of(first.budget_id)
    return first, second


def form_of(page: str, form_id: str) -> dict[str, str]:
    """What a browser would send of a form."""
    root = html.fromstring(page)
    found = root.xpath(f"//form[@id='{form_id}']")[0]
    return {key: value or "" for key, value in found.form_values() if key != "act"}


def words_of(page: str) -> str:
    root = html.fromstring(page)
    return " ".join(" ".join(root.xpath("//main")[0].itertext()).replace("\u202f", "").split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole_and_in_one_language(bench, held, language):
    first, second = held
    client = bench.client("technician", language)
    pages = ["/budgets/", "/budgets/?view=in_force&q=UB", "/budgets/new", f"/budgets/versions/{first.id}/"]
    pages += [f"/budgets/versions/{second.id}/", f"/budgets/versions/{second.id}/edit"]
    for address in pages:
        response = client.get(address)
        assert response.status_code == 200, address
        assert faults_of(text_of(response), language) == [], address
        assert "<script>alert" not in text_of(response)


def test_the_list_names_the_newest_version_and_the_one_in_force(bench, held):
    first, _second = held
    page = words_of(text_of(bench.client("reviewer").get("/budgets/")))
    assert first.budget.code in page
    assert "2 Draft version 1" in page
    empty = words_of(text_of(bench.client("reviewer").get("/budgets/?q=nothing-of-this-name")))
    assert "No budget fits." in empty


def test_a_budget_goes_to_its_newest_version(bench, held):
    first, second = held
    response = bench.client("reviewer").get(f"/budgets/{first.budget_id}/")
    assert response["Location"] == f"/budgets/versions/{second.id}/"


def test_a_technician_begins_a_budget_from_the_shipped_template(bench):
    client = bench.client("technician")
    form = {"name_zh": "示值误差评定", "procedure": "repeated_comparison", "unit": "℃", "minimum": "0", "maximum": "50"}
    response = client.post("/budgets/new", form)
    with scope(bench.world.tenant.id):
        (budget,) = uncertainty_budgets()
        (version,) = versions_of(budget.id)
    assert response["Location"] == f"/budgets/versions/{version.id}/edit"
    assert (version.unit, version.minimum, version.maximum) == ("\\degreecelsius", "0", "50")
    assert version.document["measurand"] == "E"
    page = words_of(text_of(client.get(response["Location"])))
    assert "E = 0.0180 ± 0.0086" in page  # the trial numbers are evaluated at once


@pytest.mark.parametrize(
    ("changes", "status"), [({"procedure": ""}, 422), ({"unit": "furlong"}, 422), ({"minimum": "60"}, 422)]
)
def test_what_cannot_be_begun_is_said_beside_its_field(bench, changes, status):
    form = {"name_zh": "评定", "procedure": "repeated_comparison", "unit": "℃", "minimum": "0", "maximum": "50"}
    response = bench.client("technician").post("/budgets/new", form | changes)
    assert response.status_code == status
    with scope(bench.world.tenant.id):
        assert len(uncertainty_budgets()) == 0


def test_a_draft_opened_and_saved_unchanged_says_the_same(bench, held):
    _first, second = held
    client = bench.client("technician")
    address = f"/budgets/versions/{second.id}/edit"
    form = form_of(text_of(client.get(address)), "budget")
    response = client.post(address, form | {"act": "save"})
    assert response["Location"] == f"/budgets/versions/{second.id}/"
    with scope(bench.world.tenant.id):
        again = budget_version(second.id)
    before, after = second.document, again.document
    assert after["title"] == before["title"]
    assert after["model"]["expr"] == before["model"]["expr"]
    assert after["measurand"] == before["measurand"]
    assert [item.get("from") for item in after["inputs"]] == [item.get("from") for item in before["inputs"]]
    assert [item.get("label") for item in after["inputs"]] == [item.get("label") for item in before["inputs"]]
    assert again.change_note == second.change_note


def test_the_editor_evaluates_as_one_types_and_saves_nothing(bench, held):
    _first, second = held
    client = bench.client("technician")
    address = f"/budgets/versions/{second.id}/edit"
    form = form_of(text_of(client.get(address)), "budget") | {"f-0-expression": "y1", "act": "evaluate"}
    answer = text_of(client.post(address, form, headers={"HX-Request": "true"}))
    assert "-0.1712" in answer.replace("\u2212", "-")
    wrong = client.post(address, form | {"f-0-expression": "y1 +"}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422
    rows = client.post(address, form | {"act": "rows"})
    assert rows.status_code == 200
    with scope(bench.world.tenant.id):
        assert budget_version(second.id).document == second.document


def test_what_the_verb_refuses_is_said_on_the_editor_and_what_was_typed_stays(bench, held):
    _first, second = held
    client = bench.client("technician")
    address = f"/budgets/versions/{second.id}/edit"
    form = form_of(text_of(client.get(address)), "budget")
    wrong = next(key for key, text in form.items() if key.endswith("-parameters") and '"certificate"' in text)
    typed = form[wrong].replace('"certificate"', '"gut_feeling"')
    response = client.post(address, form | {wrong: typed, "act": "save"})
    assert response.status_code == 422
    assert "JL-UBG-001" in text_of(response)
    assert form_of(text_of(response), "budget")[wrong] == typed
    stale = client.post(address, form | {"version": "77", "minimum": "1", "act": "save"})
    assert stale.status_code == 409
    assert "JL-UBG-007" in text_of(stale)


def test_editing_what_is_in_force_begins_a_new_version(bench):
    with scope(bench.world.tenant.id):
        first = budget_world.in_force(bench.world)
    client = bench.client("standards_keeper")
    address = f"/budgets/versions/{first.id}/edit"
    form = form_of(text_of(client.get(address)), "budget") | {"minimum": "0", "change_note": "限定区间"}
    client.post(address, form | {"act": "save"})
    with scope(bench.world.tenant.id):
        second, kept = versions_of(first.budget_id)
    assert (second.number, second.state, second.minimum, second.change_note) == (2, "draft", "0", "限定区间")
    assert (kept.state, kept.digest, kept.minimum) == ("in_force", first.digest, "")


def test_the_reviewer_sees_what_changed_and_puts_it_into_force(bench, held):
    first, second = held
    address = f"/budgets/versions/{second.id}/"
    bench.client("technician").post(address, {"act": "submit"})
    client = bench.client("reviewer")
    page = text_of(client.get(address))
    shown = words_of(page)
    assert "inputs.delta_bath.half_width 0.005 0.05" in shown
    assert "inputs.delta_bath.from" in shown
    assert "Certificate of the standard" in shown
    response = client.post(address, {"act": "approve", "seen": second.digest})
    assert response["Location"] == address
    with scope(bench.world.tenant.id):
        assert [version.state for version in versions_of(first.budget_id)] == ["in_force", "superseded"]


def test_whoever_wrote_it_and_whoever_saw_another_is_told_so_on_the_page(bench, held):
    _first, second = held
    address = f"/budgets/versions/{second.id}/"
    bench.client("technician").post(address, {"act": "submit"})
    client = bench.client("reviewer")
    stale = client.post(address, {"act": "approve", "seen": "0" * 64})
    assert (stale.status_code, "JL-UBG-007" in text_of(stale)) == (409, True)
    without = client.post(address, {"act": "return", "reason": ""})
    assert (without.status_code, "JL-UBG-010" in text_of(without)) == (422, True)
    assert client.post(address, {"act": "burn"}).status_code == 404
    assert bench.client("technician").post(address, {"act": "approve", "seen": second.digest}).status_code == 403
    returned = client.post(address, {"act": "return", "reason": "漂移取半宽 0.0005"})
    assert returned.status_code == 302
    assert "漂移取半宽 0.0005" in words_of(text_of(client.get(address)))


def test_the_navigation_counts_what_waits_for_a_review(bench, held):
    _first, second = held
    bench.client("technician").post(f"/budgets/versions/{second.id}/", {"act": "submit"})
    page = html.fromstring(text_of(bench.client("reviewer").get("/budgets/")))
    (link,) = page.xpath("//nav//a[@href='/budgets/'][1]")[:1]
    assert "1" in "".join(link.itertext())


def test_the_document_of_a_version_is_handed_out_as_it_is(bench, held):
    first, _second = held
    response = bench.client("reviewer").get(f"/budgets/versions/{first.id}/document")
    assert json.loads(response.content) == first.document
    assert response["Content-Disposition"].endswith(f'{first.budget.code}-1.json"')


@pytest.mark.parametrize("page", ["", "new", "versions/{}/", "versions/{}/edit", "versions/{}/document"])
def test_who_may_not_read_budgets_sees_none(bench, held, page):
    stranger = bench.stranger_with("instrument_manager")
    assert stranger.get("/budgets/" + page.format(held[0].id)).status_code == 403


def test_the_page_of_a_record_names_the_budget_and_leads_to_it(bench, held):
    first, _second = held
    with scope(bench.world.tenant.id):
        record_id = bench.submitted()
        instrument = calibration(record_id).item.instrument_id
    page = text_of(bench.client("technician").get(f"/calibrations/{record_id}/uncertainty"))
    assert f'href="/budgets/versions/{first.id}/"' in page
    budget = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert budget.count(f'href="/standards/{bench.world.standard_id}/"') == 2
    assert f'href="/instruments/{instrument}/"' in budget
    assert budget.count(f'href="/calibrations/{record_id}/?view=record"') >= 3
    assert budget.count("<a href") == budget.count("<tr>") == 6
    assert "Correlation of the points" in page
    assert "r(22, 24)" in words_of(page).replace(" ", "").replace("r(22,24)", "r(22, 24)")


def test_a_constant_of_the_budget_leads_to_the_budget(bench):
    with scope(bench.world.tenant.id):
        version = budget_world.in_force(bench.world, document=with_bath("0.004"))
        record_id = bench.submitted()
    page = text_of(bench.client("technician").get(f"/calibrations/{record_id}/uncertainty"))
    budget = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert budget.count(f'<a href="/budgets/versions/{version.id}/">stated in the budget</a>') == 1


def test_without_a_budget_the_page_says_that_the_procedure_said_how(bench):
    with scope(bench.world.tenant.id):
        record_id = bench.submitted()
    page = text_of(bench.client("technician").get(f"/calibrations/{record_id}/uncertainty"))
    assert "Evaluated the way of its procedure" in page
    assert "/budgets/versions/" not in page

