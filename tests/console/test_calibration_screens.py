"""Records on screen: entered without script, computed by the server, returned with a reason, never lost."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from jialiang.base.calibrations import selectors as records
from jialiang.base.measurement_standards.models import StandardCertificate
from jialiang.base.readings.selectors import readings_of
from jialiang.functions import calibrations, instruments, measurement_standards
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from tests.console.bench import HOSTILE, LANGUAGES, Bench, bench_of, filled_form, text_of
from tests.functions import record_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def bench(in_tenant) -> Bench:
    return bench_of(in_tenant)


def at(record_id, name="calibration") -> str:
    return reverse(name, args=[record_id])


def readings(record_id):
    return readings_of(records.calibration(record_id).reading_set_id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_record_opens_for_whom_it_is(bench, language) -> None:
    draft, reviewed = bench.draft(), bench.reviewed()
    technician = bench.client("technician", language)
    signatory = bench.client("signatory", language)
    for address in ("/calibrations/", "/calibrations/start", at(draft), at(draft, "calibration_uncertainty")):
        assert technician.get(address).status_code == 200, address
    for name in ("calibration_approval", "calibration_uncertainty"):
        assert signatory.get(at(reviewed, name)).status_code == 200, name
    page = text_of(technician.get(at(draft)))
    assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in page
    assert ("Submit for review" if language == "en" else "提交核验") in page


def test_a_form_without_script_saves_exactly_what_was_typed(bench) -> None:
    draft = bench.draft()
    technician = bench.client("technician")
    answer = technician.post(at(draft), filled_form(act="save", **{"c-1-indication": "21.500"}))
    assert answer.status_code == 302
    assert readings(draft).cell(1, "indication").text == "21.500"
    page = text_of(technician.get(at(draft)))
    assert 'value="21.500"' in page
    assert '<svg class="jl-chart" viewBox="0 0 300 240" role="img"' in page
    assert "&lt;line" not in page  # a drawing is a drawing, not its source


def test_what_cannot_be_read_is_told_beside_its_field_and_the_rest_is_kept(bench) -> None:
    draft = bench.draft()
    technician = bench.client("technician")
    answer = technician.post(at(draft), filled_form(act="submit", **{"c-3-correction": "-0,166"}))
    page = text_of(answer)
    assert answer.status_code == 422
    assert re.search(r'name="c-3-correction"[^>]*value="-0,166"[^>]*aria-invalid="true"', page)
    assert "contains a comma" in page
    assert readings(draft).cell(2, "correction").text == "-0.169"
    assert readings(draft).cell(3, "correction") is None
    assert records.calibration(draft).state == "draft"


def test_a_whole_record_is_submitted_and_led_on_to_review(bench) -> None:
    draft = bench.draft()
    answer = bench.client("technician").post(at(draft), filled_form(act="submit"))
    assert answer.status_code == 302
    assert records.calibration(draft).state == "in_review"
    assert bench.client("reviewer").get(at(draft)).headers["Location"] == at(draft, "calibration_review")


def test_a_record_that_lacks_something_says_what(bench) -> None:
    draft = bench.draft()
    form = filled_form(act="submit") | {"c-11-indication": "", "end_date": ""}
    answer = bench.client("technician").post(at(draft), form)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "row 11, indication" in page
    assert "date of the work" in page


def test_a_changed_cell_brings_back_the_computed_part_alone(bench) -> None:
    draft = bench.draft()
    technician = bench.client("technician")
    answer = technician.post(at(draft), filled_form(act="live"), headers={"HX-Request": "true"})
    page = text_of(answer)
    assert answer.status_code == 200
    assert "<html" not in page
    for part in ("version", "results", "chart", "missing", "wrong", "notes"):
        assert re.search(rf'id="{part}"[^>]*hx-swap-oob="true"', page), part
    point = records.calibration(draft)
    assert "−0.16" in page
    assert f'value="{point.version}"' in page


def test_two_who_type_at_once_see_both_values_and_nothing_is_overwritten(bench) -> None:
    draft = bench.draft()
    technician = bench.client("technician")
    technician.post(at(draft), filled_form(act="save"))
    stale = filled_form(act="save", version="1", **{"c-1-indication": "21.999"})
    answer = technician.post(at(draft), stale)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "JL-CAL-007" in page
    assert "21.521" in page
    assert "21.999" in page
    assert readings(draft).cell(1, "indication").text == "21.521"


def test_dates_and_conditions_in_the_wrong_order_are_told_at_their_field(bench) -> None:
    draft = bench.draft()
    form = filled_form(act="save", end_date="2026-06-15", **{"temperature-maximum": "20"})
    answer = bench.client("technician").post(at(draft), form)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Work does not end before it begins." in page
    assert "the highest is below the lowest" in page


def test_a_record_is_not_returned_without_a_reason_and_then_shows_it(bench) -> None:
    record_id = bench.submitted()
    reviewer = bench.client("reviewer")
    refused = reviewer.post(at(record_id, "calibration_review"), {"act": "return", "note": " "})
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in text_of(refused)
    assert records.calibration(record_id).state == "in_review"
    done = reviewer.post(
        at(record_id, "calibration_review"), {"act": "return", "reason": "0", "note": "row 5"}
    )
    assert done.status_code == 302
    page = text_of(bench.client("technician").get(at(record_id)))
    assert "A reading is in doubt: row 5" in page
    assert "Why readings are changed" in page


def test_a_reading_changed_after_a_return_needs_its_reason_and_keeps_the_old_one(bench) -> None:
    record_id = bench.submitted()
    calibrations.return_record(
        actor=bench.world.people["reviewer"], calibration_id=record_id, reason="row 5", now=utc_now()
    )
    technician = bench.client("technician")
    changed = filled_form(act="save", **{"c-5-correction": "-0.163"})
    refused = technician.post(at(record_id), changed)
    assert refused.status_code == 422
    assert "Why were readings changed?" in text_of(refused)
    assert readings(record_id).cell(5, "correction").text == "-0.164"
    assert technician.post(at(record_id), changed | {"reason": HOSTILE}).status_code == 302
    page = text_of(technician.get(at(record_id)))
    assert '<del class="jl-old">-0.164</del>' in page or '<del class="jl-old">−0.164</del>' in page
    assert "<script>alert" not in page


def test_a_submitted_reading_is_amended_by_its_technician_and_shown_to_the_reviewer(bench) -> None:
    record_id = bench.submitted()
    entry = {"cell": "5-correction", "text": "-0.163", "reason": "typed one digit wrong"}
    assert bench.client("technician").post(at(record_id, "calibration_amend"), entry).status_code == 302
    page = text_of(bench.client("reviewer").get(at(record_id, "calibration_review")))
    assert "is-changed" in page
    assert "typed one digit wrong" in page
    assert bench.client("reviewer").post(at(record_id, "calibration_amend"), entry).status_code == 403


def test_a_review_of_what_is_no_longer_there_is_refused(bench) -> None:
    record_id = bench.submitted()
    reviewer = bench.client("reviewer")
    stale = reviewer.post(at(record_id, "calibration_review"), {"act": "pass", "seen": "0" * 64})
    assert stale.status_code == 409
    digest = records.calibration(record_id).evaluation_digest
    assert (
        reviewer.post(at(record_id, "calibration_review"), {"act": "pass", "seen": digest}).status_code == 302
    )
    assert records.calibration(record_id).state == "awaiting_approval"


def test_who_calibrated_does_not_review(bench) -> None:
    record_id = bench.submitted()
    answer = bench.client("technician").get(at(record_id, "calibration_review"))
    assert answer.status_code == 403
    assert "JL-POL-001" in text_of(answer)


def test_an_approval_takes_the_password_and_leads_to_the_progress(bench) -> None:
    record_id = bench.reviewed()
    signatory = bench.client("signatory")
    page = text_of(signatory.get(at(record_id, "calibration_approval")))
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]
    wrong = signatory.post(
        at(record_id, "calibration_approval"), {"act": "approve", "seen": seen, "password": "wrong"}
    )
    assert wrong.status_code == 422
    assert "JL-ACC" not in text_of(wrong)
    assert 'id="refused"' in text_of(wrong)
    right = {"act": "approve", "seen": seen, "password": record_world.PASSWORD}
    done = signatory.post(at(record_id, "calibration_approval"), right)
    assert done.status_code == 302
    progress = text_of(signatory.get(done.headers["Location"]))
    assert 'http-equiv="refresh" content="3"' in progress
    assert 'hx-trigger="every 1s"' in progress
    assert "Step 3 of 5" in progress


def test_the_preview_is_a_pdf_that_is_shown_and_not_kept(bench) -> None:
    record_id = bench.reviewed()
    answer = bench.client("signatory").get(reverse("calibration_preview", args=[record_id, "en"]))
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "no-store"
    assert bench.client("signatory").get(f"/calibrations/{record_id}/preview.fr.pdf").status_code == 404


def test_a_start_proposes_the_standard_and_opens_the_record(bench) -> None:
    item = bench.item()
    technician = bench.client("technician")
    assert str(item) in text_of(technician.get("/calibrations/start"))
    empty = technician.post(f"/calibrations/start?item={item}", {"method_zh": ""})
    assert empty.status_code == 422
    form = {
        "method_zh": "比较法",
        "points": "22 24 26",
        "reference": str(bench.world.standard_id),
        "p-rows": "11",
        "p-reference_point": "20",
        "p-coverage_probability": "0.95",
        "p-bath_uniformity": "0.002",
    }
    done = technician.post(f"/calibrations/start?item={item}", form)
    assert done.status_code == 302
    assert records.records_of_item(item)[0].points == ["22", "24", "26"]


def test_a_standard_out_of_force_stops_the_start_with_its_reason(bench) -> None:
    item = bench.item()
    measurement_standards.suspend(
        actor=bench.world.people["standards_keeper"],
        standard_id=bench.world.standard_id,
        reason="dropped",
        now=utc_now(),
    )
    page = text_of(bench.client("technician").get(f"/calibrations/start?item={item}"))
    assert "PRT-25-07" in page
    assert "dropped" in page
    assert f'id="ref-{bench.world.standard_id}" disabled' in page
    assert "No standard in use measures in this unit" not in page


def test_an_expired_standard_is_offered_with_the_reason_why_it_cannot_be_chosen(bench) -> None:
    item = bench.item()
    ended = utc_now().date() - timedelta(days=3)
    StandardCertificate.objects.filter(standard_id=bench.world.standard_id).update(valid_until=ended)
    page = text_of(bench.client("technician").get(f"/calibrations/start?item={item}"))
    assert re.search(r'type="radio"[^>]* disabled', page)
    assert "Every standard that fits is stopped." in page
    assert ended.isoformat() in page


def test_a_hostile_name_stays_text_on_every_page(bench) -> None:
    facts = replace(
        record_world.thermometer_facts("T-1"), name=Text(HOSTILE, HOSTILE), place_of_use=HOSTILE[:20]
    )
    thing = instruments.register(
        actor=bench.world.people["receptionist"], facts=facts, owner_id=bench.world.customer_id, now=utc_now()
    )
    item = record_world.open_item(bench.world, instrument_id=thing.id)
    record_id = record_world.start_record(bench.world, item)
    technician = bench.client("technician")
    for address in (at(record_id), "/calibrations/", at(record_id, "calibration_uncertainty")):
        page = text_of(technician.get(address))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("role", ["customer", "instrument_manager"])
def test_whoever_may_not_read_records_gets_the_rule(bench, role) -> None:
    stranger = bench.stranger_with(role, organization_id=bench.world.customer_id)
    for address in ("/calibrations/", at(bench.draft())):
        answer = stranger.get(address)
        assert answer.status_code == 403, address
        assert "JL-POL-001" in text_of(answer)


def test_the_uncertainty_page_shows_budget_covariance_and_the_simulation(bench) -> None:
    record_id = bench.submitted()
    page = text_of(bench.client("technician").get(at(record_id, "calibration_uncertainty") + "?point=2"))
    assert "Fitted line and its covariance" in page
    assert "−0.9304" in page  # GUM H.3: r(y1, y2) = −0.930
    assert page.count('class="col"') >= 40
    assert "Law of propagation validated" in page
    assert "200 000".replace(" ", "\u202f") in page


def test_lists_keep_their_filters_and_htmx_gets_the_rows_alone(bench) -> None:
    record_id = bench.submitted()
    number = records.calibration(record_id).number
    technician = bench.client("technician")
    rows = technician.get(f"/calibrations/?view=all&q={number}", headers={"HX-Request": "true"})
    assert "<html" not in text_of(rows)
    assert number in text_of(rows)
    nothing = text_of(technician.get("/calibrations/?view=approved&q=nothing"))
    assert "No record of this view fits" in nothing
