"""The uncertainty of a record: where each contribution comes from, and the evaluation as a document with its digits."""

import json

import pytest

from jialiang.assembly.cli import main
from jialiang.base.calibrations.selectors import calibration
from jialiang.security.tenancy.scope import scope
from tests.console.bench import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_work(house):
    return house.bench, house.submitted


def test_each_contribution_leads_to_where_it_comes_from(at_work):
    bench, record_id = at_work
    page = text_of(bench.client("technician").get(f"/calibrations/{record_id}/uncertainty"))
    with scope(bench.world.tenant.id):
        instrument = calibration(record_id).item.instrument_id
    budget = page.partition("<tbody>")[2].partition("</tbody>")[0]
    standard = f'href="/standards/{bench.world.standard_id}/"'
    assert budget.count(standard) == 2  # its certificate, its drift
    assert f'href="/instruments/{instrument}/"' in budget  # the displayed resolution
    assert budget.count(f'href="/calibrations/{record_id}/?view=record"') >= 3  # y1, y2, the bath
    assert budget.count("<a href") == budget.count("<tr>") == 6


def test_the_document_of_every_point_recomputes_to_the_digits_of_the_page(at_work, tmp_path, capsys):
    bench, record_id = at_work
    client = bench.client("technician")
    with scope(bench.world.tenant.id):
        points = calibration(record_id).evaluation["points"]
    for place, point in enumerate(points, start=1):
        response = client.get(f"/calibrations/{record_id}/uncertainty/{place}.json")
        assert response["Content-Disposition"].endswith(f'-{place}.json"')
        file = tmp_path / "budget.json"
        file.write_bytes(response.content)
        assert main(["uncertainty", "evaluate", str(file), "--json"]) == 0
        (found,) = json.loads(capsys.readouterr().out)["outputs"].values()
        stored = point["deviation_exact"], point["expanded_uncertainty_exact"]
        assert (repr(found["value"]), repr(found["U"])) == stored
        page = text_of(client.get(f"/calibrations/{record_id}/uncertainty?point={place}"))
        assert f'href="/calibrations/{record_id}/uncertainty/{place}.json"' in page


def test_the_document_opens_in_the_budget_editor_with_the_same_figures(at_work):
    bench, record_id = at_work
    client = bench.client("technician")
    document = client.get(f"/calibrations/{record_id}/uncertainty/1.json")
    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = SimpleUploadedFile("b.json", document.content)
    opened = client.post("/science/budget", {"act": "open", "file": upload})
    assert opened.status_code == 200
    with scope(bench.world.tenant.id):
        point = calibration(record_id).evaluation["points"][0]
    shown = text_of(opened).replace("\u202f", "").replace("\u2212", "-")
    assert f"{point['deviation']} ± {point['expanded_uncertainty']}" in shown


@pytest.mark.parametrize("place", ["0", "99", "x"])
def test_there_is_no_document_of_a_point_that_is_not_there(at_work, place):
    bench, record_id = at_work
    assert bench.client("technician").get(f"/calibrations/{record_id}/uncertainty/{place}.json").status_code == 404


def test_who_may_not_read_records_gets_no_document(at_work):
    bench, record_id = at_work
    customer = bench.stranger_with("instrument_manager")
    assert customer.get(f"/calibrations/{record_id}/uncertainty/1.json").status_code in (403, 404)
