"""Records on screen: lists by view, entry and its live answer, review beside the last values, starting a new one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jialiang.base.calibrations import selectors as records
from jialiang.base.calibrations.models import Calibration
from jialiang.base.readings.selectors import readings_of
from jialiang.console.calibrations.listing import VIEWS, waiting
from jialiang.functions import calibrations
from jialiang.kernel.clock import local_date, utc_now
from tests.console.bench import HOSTILE, filled_form
from tests.console.records.conftest import Standing
from tests.functions.record_world import PASSWORD

HTMX = {"HX-Request": "true"}


def url(name: str, *args: Any) -> str:
    return reverse(name, args=args)


def text(answer: Any) -> str:
    return answer.content.decode()


def stored(record_id: Any) -> Any:
    return readings_of(records.calibration(record_id).reading_set_id)


def ids(answer: Any) -> set[Any]:
    return {row.record.id for row in answer.context["list_page"].rows}


@pytest.mark.parametrize(
    ("role", "view", "found"),
    [
        ("technician", "", {"draft", "submitted", "reviewed"}),
        ("technician", "mine", {"draft", "submitted", "reviewed"}),
        ("technician", "draft", {"draft"}),
        ("technician", "in_review", {"submitted"}),
        ("technician", "awaiting_approval", {"reviewed"}),
        ("technician", "approved", {"issuing_record", "issued_record"}),
        (
            "auditor",
            "",
            {"draft", "submitted", "reviewed", "issuing_record", "issued_record"},
        ),
        ("auditor", "unheard-of", {"draft", "submitted", "reviewed", "issuing_record", "issued_record"}),
        ("reviewer", "in_review", {"submitted"}),
    ],
)
def test_a_view_holds_the_records_of_its_state(
    house: Standing, as_: Callable[..., Client], role: str, view: str, found: set[str]
) -> None:
    answer = as_(role).get(url("calibrations"), {"view": view})
    assert ids(answer) == {getattr(house, name) for name in found}
    assert answer.context["list_page"].total == len(found)


def test_another_technician_has_nothing_of_the_own_and_sees_the_others_on_demand(
    house: Standing, as_: Callable[..., Client]
) -> None:
    other = house.bench.stranger_with("technician")
    assert ids(other.get(url("calibrations"))) == set()
    assert house.draft in ids(other.get(url("calibrations"), {"view": "draft"}))


@pytest.mark.parametrize(
    ("role", "language", "labels"),
    [
        (
            "technician",
            "en",
            ["Mine", "Drafts", "To be reviewed", "To be approved", "Approved", "All"],
        ),
        ("auditor", "en", ["Drafts", "To be reviewed", "To be approved", "Approved", "All"]),
        ("auditor", "zh-hans", ["填写中", "待核验", "待批准", "已批准", "全部"]),
    ],
)
def test_views_are_those_of_the_reader_with_the_counts_that_are_cheap(
    as_: Callable[..., Client], role: str, language: str, labels: list[str]
) -> None:
    views = as_(role, language).get(url("calibrations")).context["views"]
    assert [each.label for each in views] == labels
    numbers = {each.key: each.number for each in views}
    assert (numbers["draft"], numbers["in_review"], numbers["awaiting_approval"]) == (1, 1, 1)
    assert numbers["all"] is None
    assert set(numbers) <= set(VIEWS)


@pytest.mark.parametrize(
    ("role", "number"),
    [("technician", 1), ("reviewer", 1), ("signatory", 1), ("standards_keeper", 0), ("receptionist", 0)],
)
def test_the_navigation_counts_what_waits_for_the_person(house: Standing, role: str, number: int) -> None:
    assert waiting(house.bench.world.people[role], utc_now()).number == number


def test_what_one_has_calibrated_does_not_wait_for_ones_own_review(house: Standing) -> None:
    reviewer = house.bench.world.people["reviewer"]
    Calibration.objects.filter(pk=house.submitted).update(calibrated_by_id=reviewer.person_id)
    assert waiting(reviewer, utc_now()).number == 0
    signatory = house.bench.world.people["signatory"]
    Calibration.objects.filter(pk=house.reviewed).update(reviewed_by_id=signatory.person_id)
    assert waiting(signatory, utc_now()).number == 0


@pytest.mark.parametrize(
    ("searched", "hits"), [("T2104-0387", 1), ("t2104", 1), ("T-0", 4), ("no such thing", 0)]
)
def test_records_are_found_by_the_serial_number_of_their_instrument(
    as_: Callable[..., Client], searched: str, hits: int
) -> None:
    answer = as_("auditor").get(url("calibrations"), {"q": searched})
    assert answer.context["list_page"].total == hits
    if not hits:
        assert "No record of this view fits “no such thing”." in text(answer)


def test_an_empty_view_says_what_will_stand_there(as_: Callable[..., Client]) -> None:
    Calibration.objects.all().update(state="approved")
    answer = as_("technician").get(url("calibrations"), {"view": "draft"})
    assert "Records of this view stand here as soon as there are any" in text(answer)
    assert url("calibration_start") in text(answer)


def test_a_returned_record_is_marked_with_its_reason_until_it_is_worked_on(
    house: Standing, as_: Callable[..., Client]
) -> None:
    calibrations.return_record(
        actor=house.bench.world.people["reviewer"],
        calibration_id=house.submitted,
        reason=f"row 5 {HOSTILE}",
        now=utc_now(),
    )
    answer = as_("technician").get(url("calibrations"), {"view": "draft"})
    row = next(row for row in answer.context["list_page"].rows if row.record.id == house.submitted)
    assert row.state == "returned"
    assert "row 5" in text(answer)
    assert "<script>alert" not in text(answer)


def save(client: Client, record_id: Any, **changes: str) -> Any:
    return client.post(url("calibration", record_id), filled_form(act="save", **changes))


def live(client: Client, record_id: Any, **changes: str) -> Any:
    return client.post(url("calibration", record_id), filled_form(act="live", **changes), headers=HTMX)


def test_a_change_is_saved_live_and_the_missing_list_shrinks(
    house: Standing, as_: Callable[..., Client]
) -> None:
    client = as_("technician")
    lacking = live(
        client, house.draft, **{"c-11-indication": "", "humidity-minimum": "", "humidity-maximum": ""}
    )
    assert lacking.status_code == 200
    assert "row 11, indication" in text(lacking)
    assert "relative humidity" in text(lacking)
    whole = live(client, house.draft)
    assert "row 11" not in text(whole)
    assert stored(house.draft).cell(11, "indication").text == "26.511"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_live_answer_tells_what_cannot_be_read_and_keeps_the_rest(
    house: Standing, as_: Callable[..., Client], language: str
) -> None:
    answer = live(as_("technician", language), house.draft, **{"c-2-indication": "22,012"})
    assert answer.status_code == 422
    page = text(answer)
    assert "<html" not in page
    assert ("含有逗号" if language == "zh-hans" else "contains a comma") in page
    assert stored(house.draft).cell(2, "indication") is None
    assert stored(house.draft).cell(3, "indication").text == "22.512"


def test_a_live_change_that_came_too_late_says_who_was_first(
    house: Standing, as_: Callable[..., Client]
) -> None:
    client = as_("technician")
    save(client, house.draft)
    late = live(client, house.draft, version="1", **{"c-1-indication": "99"})
    assert late.status_code == 409
    assert "JL-CAL-007" in text(late)
    assert stored(house.draft).cell(1, "indication").text == "21.521"


def test_live_without_htmx_is_saved_like_a_form_without_script(
    house: Standing, as_: Callable[..., Client]
) -> None:
    answer = as_("technician").post(url("calibration", house.draft), filled_form(act="live"))
    assert (answer.status_code, answer["Location"]) == (302, url("calibration", house.draft))
    assert stored(house.draft).cell(1, "indication").text == "21.521"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("21.500", "21.500"), ("-0.0", "-0.0"), ("+21.5", "21.5"), ("２１．５", "21.5"), ("2.15E1", "2.15E1")],
)
def test_a_reading_is_shown_again_as_it_was_understood(
    house: Standing, as_: Callable[..., Client], typed: str, shown: str
) -> None:
    client = as_("technician")
    assert save(client, house.draft, **{"c-1-indication": typed}).status_code == 302
    cell = stored(house.draft).cell(1, "indication")
    assert cell.decimal_text == shown
    page = text(client.get(url("calibration", house.draft)))
    assert re.search(rf'name="c-1-indication"[^>]*value="{re.escape(cell.text)}"', page)


def test_two_saves_of_the_same_form_change_nothing_the_second_time(
    house: Standing, as_: Callable[..., Client]
) -> None:
    client = as_("technician")
    save(client, house.draft)
    first = [(c.row, c.column, c.text) for c in stored(house.draft).cells]
    save(client, house.draft)
    assert [(c.row, c.column, c.text) for c in stored(house.draft).cells] == first
    assert len(first) == 22


def test_a_part_of_the_form_leaves_conditions_and_dates_as_they_are(
    house: Standing, as_: Callable[..., Client]
) -> None:
    client = as_("technician")
    save(client, house.draft)
    part = {"act": "save", "c-1-indication": "21.522"}
    assert client.post(url("calibration", house.draft), part).status_code == 302
    record = records.calibration(house.draft)
    assert record.environment["temperature"] == {"minimum": "22.9", "maximum": "23.3"}
    assert (record.begin_date, record.end_date) == (date(2026, 6, 16), date(2026, 6, 16))
    assert stored(house.draft).cell(1, "indication").text == "21.522"


def test_a_date_that_was_stored_is_not_dropped_by_an_empty_field(
    house: Standing, as_: Callable[..., Client]
) -> None:
    client = as_("technician")
    save(client, house.draft)
    answer = save(client, house.draft, end_date="")
    assert answer.status_code == 422
    assert "Write the date as 2026-06-16." in text(answer)
    assert records.calibration(house.draft).end_date == date(2026, 6, 16)


@pytest.mark.parametrize("record", ["submitted", "reviewed", "issued_record"])
def test_a_record_that_is_no_draft_is_not_entered_into(
    house: Standing, as_: Callable[..., Client], record: str
) -> None:
    record_id = getattr(house, record)
    before = stored(record_id).digest
    answer = save(as_("technician"), record_id, reason="later", **{"c-1-indication": "99"})
    assert answer.status_code == 409
    assert "JL-CAL-001" in text(answer)
    assert stored(record_id).digest == before


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"cell": "5-correction", "text": "-0.163", "reason": ""}, 422, "JL-"),
        ({"cell": "5-correction", "text": "", "reason": "misread"}, 422, "JL-"),
        ({"cell": "5-correction", "text": "-0,163", "reason": "misread"}, 422, "JL-UNC-001"),
        ({"cell": "99-correction", "text": "-0.163", "reason": "misread"}, 422, "JL-"),
        ({"cell": "5-colour", "text": "-0.163", "reason": "misread"}, 422, "JL-"),
        ({"cell": "nonsense", "text": "-0.163", "reason": "misread"}, 422, "JL-"),
        ({}, 422, "JL-"),
    ],
)
def test_an_amendment_that_cannot_be_is_refused_with_its_code_and_changes_nothing(
    house: Standing, as_: Callable[..., Client], sent: dict[str, str], status: int, code: str
) -> None:
    before = stored(house.submitted).digest
    answer = as_("technician").post(url("calibration_amend", house.submitted), sent)
    assert answer.status_code == status
    assert code in text(answer)
    assert stored(house.submitted).digest == before


def test_an_amendment_keeps_old_new_reason_and_who(house: Standing, as_: Callable[..., Client]) -> None:
    client = as_("technician")
    sent = {"cell": "5-correction", "text": " -0.163 ", "reason": f" misread {HOSTILE}"}
    answer = client.post(url("calibration_amend", house.submitted), sent)
    assert answer["Location"] == url("calibration", house.submitted)
    page = client.get(answer["Location"])
    (line,) = page.context["view"].amendments
    assert (line.row, line.old_text, line.new_text, line.person_name) == (5, "-0.164", "-0.163", "李小量")
    assert line.reason.startswith("misread")
    assert "The reading is amended; the record is reviewed anew." in text(page)
    assert "<script>alert" not in text(page)


def test_a_record_that_was_reviewed_and_amended_goes_back_to_review(
    house: Standing, as_: Callable[..., Client]
) -> None:
    sent = {"cell": "5-correction", "text": "-0.163", "reason": "misread"}
    as_("technician").post(url("calibration_amend", house.reviewed), sent)
    assert records.calibration(house.reviewed).state == "in_review"
    answer = as_("signatory").post(
        url("calibration_approval", house.reviewed), {"act": "approve", "password": PASSWORD, "seen": ""}
    )
    assert answer.status_code == 409


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_review_shows_what_the_machine_checked_before(
    house: Standing, as_: Callable[..., Client], language: str
) -> None:
    answer = as_("reviewer", language).get(url("calibration_review", house.submitted))
    checks = answer.context["view"].checks
    assert all(check.holds for check in checks)
    page = text(answer)
    for check in checks:
        assert (check.name.zh if language == "zh-hans" else check.name.en) in page
    assert answer.context["paper"].is_preview


def test_the_review_stands_beside_the_last_values_of_the_instrument(
    house: Standing, as_: Callable[..., Client]
) -> None:
    last = records.calibration(house.issued_record)
    Calibration.objects.filter(pk=house.submitted).update(item_id=last.item_id)
    Calibration.objects.filter(pk=last.pk).update(created_at=last.created_at - timedelta(days=365))
    answer = as_("reviewer").get(url("calibration_review", house.submitted))
    view = answer.context["view"]
    assert view.previous.id == last.id
    # the same readings: each value is that of the last time and nothing changed
    assert [line.previous_deviation for line in view.results] == [line.deviation for line in view.results]
    assert all(float(line.change) == 0 for line in view.results)
    assert answer.context["sheet"].compared


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"act": "return"}, ""),
        ({"act": "return", "note": "  "}, ""),
        ({"act": "return", "reason": "4"}, ""),
        ({"act": "return", "reason": "99"}, ""),
        ({"act": "return", "reason": "0"}, "A reading is in doubt"),
        ({"act": "return", "reason": "0", "note": "row 5"}, "A reading is in doubt: row 5"),
        ({"act": "return", "reason": "4", "note": "see letter"}, "see letter"),
        ({"act": "return", "note": "see letter"}, "see letter"),
        ({"act": "return", "reason": "-1", "note": "see letter"}, "see letter"),
        ({"act": "return", "note": "n" * 400}, "n" * 300),
    ],
)
@pytest.mark.parametrize(
    ("role", "page", "record"),
    [("reviewer", "calibration_review", "submitted"), ("signatory", "calibration_approval", "reviewed")],
)
def test_a_record_goes_back_with_the_reason_that_was_chosen_or_written(
    house: Standing,
    as_: Callable[..., Client],
    role: str,
    page: str,
    record: str,
    sent: dict[str, str],
    said: str,
) -> None:
    record_id = getattr(house, record)
    before = records.calibration(record_id).state
    answer = as_(role).post(url(page, record_id), sent)
    if not said:
        assert answer.status_code == 422
        assert "a record is not returned without a reason" in text(answer)
        assert records.calibration(record_id).state == before
        return
    assert answer["Location"] == url("calibrations")
    assert records.calibration(record_id).state == "draft"
    assert records.steps_of(record_id)[-1].reason == said


def test_reasons_are_offered_in_chinese_too(house: Standing, as_: Callable[..., Client]) -> None:
    answer = as_("reviewer", "zh-hans").get(url("calibration_review", house.submitted))
    assert answer.context["reasons"] == [
        ("0", "读数疑误"),
        ("1", "标准器或其证书引用有误"),
        ("2", "环境条件记录不完整"),
        ("3", "缺少不确定度分量"),
        ("4", "其他（请写明）"),
    ]
    sent = {"act": "return", "reason": "0", "note": "第 5 行"}
    as_("reviewer", "zh-hans").post(url("calibration_review", house.submitted), sent)
    assert records.steps_of(house.submitted)[-1].reason == "读数疑误：第 5 行"


@pytest.mark.parametrize("seen", ["", "0" * 64, "nonsense"])
def test_what_was_not_seen_is_not_passed(house: Standing, as_: Callable[..., Client], seen: str) -> None:
    answer = as_("reviewer").post(url("calibration_review", house.submitted), {"act": "pass", "seen": seen})
    assert answer.status_code == 409
    assert records.calibration(house.submitted).state == "in_review"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"password": PASSWORD}, 409),
        ({"password": PASSWORD, "seen": "0" * 64}, 409),
        ({"password": "", "seen": "right"}, 422),
        ({"password": PASSWORD + " ", "seen": "right"}, 422),
        ({"totp": "123456", "seen": "right"}, 422),
    ],
)
def test_an_approval_needs_what_was_seen_and_who_confirms_it(
    house: Standing, as_: Callable[..., Client], sent: dict[str, str], status: int
) -> None:
    client = as_("signatory")
    shown = client.get(url("calibration_approval", house.reviewed))
    given = sent | ({"seen": shown.context["preview"].digest} if sent.get("seen") == "right" else {})
    answer = client.post(url("calibration_approval", house.reviewed), {"act": "approve"} | given)
    assert answer.status_code == status
    assert records.calibration(house.reviewed).state == "awaiting_approval"
    assert PASSWORD not in text(answer)


def test_a_draft_has_nothing_to_review_or_approve(house: Standing, as_: Callable[..., Client]) -> None:
    review = as_("reviewer").post(url("calibration_review", house.draft), {"act": "pass", "seen": ""})
    assert review.status_code == 409
    approve = {"act": "approve", "password": PASSWORD, "seen": ""}
    answer = as_("signatory").post(url("calibration_approval", house.draft), approve)
    assert answer.status_code in {409, 422}
    assert records.calibration(house.draft).state == "draft"


@pytest.mark.parametrize("language", ["fr", "EN", "zh-hans", "pdf"])
def test_a_preview_exists_in_the_two_languages_of_the_house(
    house: Standing, as_: Callable[..., Client], language: str
) -> None:
    assert as_("signatory").get(f"/calibrations/{house.reviewed}/preview.{language}.pdf").status_code == 404


# ---- starting ----------------------------------------------------------------------------------------------------


def plan(house: Standing, **changes: Any) -> dict[str, Any]:
    return {
        "method_zh": "比较法",
        "points": "22 24 26",
        "reference": str(house.bench.world.standard_id),
        "site": str(house.bench.world.site_id),
        "p-rows": "11",
        "p-reference_point": "20",
        "p-coverage_probability": "0.95",
        "p-bath_uniformity": "0.002",
        **changes,
    }


def test_items_that_are_here_wait_to_be_started_and_started_ones_do_not(
    house: Standing, as_: Callable[..., Client]
) -> None:
    answer = as_("technician").get(url("calibration_start"))
    assert [item.id for item, _ in answer.context["items"]] == [house.item]
    assert [rule for _, rule in answer.context["items"]] == ["Guard band w = U, four outcomes"]
    zh = as_("technician", "zh-hans").get(url("calibration_start"))
    assert [rule for _, rule in zh.context["items"]] == ["保护带 w = U，四种结论"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("item=nonsense", 404),
        ("item=00000000-0000-0000-0000-000000000000", 404),
        ("item={item}&procedure=guessing", 404),
        ("item={item}&procedure=repeated_comparison", 200),
        ("item={item}&procedure=mass_comparison", 200),
        ("item={item}", 200),
    ],
)
def test_a_start_is_for_an_item_that_exists_and_a_procedure_that_is_known(
    house: Standing, as_: Callable[..., Client], query: str, status: int
) -> None:
    address = url("calibration_start") + "?" + query.format(item=house.item)
    assert as_("technician").get(address).status_code == status


@pytest.mark.parametrize(
    ("procedure", "parameters"),
    [
        ("thermometer_line", ["rows", "reference_point", "bath_uniformity", "coverage_probability"]),
        (
            "repeated_comparison",
            [
                "repeats",
                "pooled_standard_deviation",
                "pooled_degrees_of_freedom",
                "bath_uniformity",
                "coverage_probability",
            ],
        ),
    ],
)
def test_the_parameters_are_those_of_the_procedure(
    house: Standing, as_: Callable[..., Client], procedure: str, parameters: list[str]
) -> None:
    answer = as_("technician").get(
        url("calibration_start"), {"item": str(house.item), "procedure": procedure}
    )
    form = answer.context["form"]
    assert [field.name for field in form.parameter_fields] == [f"p-{name}" for name in parameters]
    assert form["p-coverage_probability"].value() == "0.95"


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"method_zh": ""}, 422, "method_zh"),
        ({"points": ""}, 422, "points"),
        ({"reference": ""}, 422, "Choose the standard that the results rest on."),
        ({"reference": "00000000-0000-0000-0000-000000000001"}, 422, "reference"),
        ({"site": "nowhere"}, 422, "site"),
        ({"points": "22 abc"}, 422, "JL-"),
        ({"p-rows": "eleven"}, 422, "JL-"),
        ({"p-coverage_probability": "1.5"}, 422, "JL-"),
    ],
)
def test_a_start_that_lacks_something_starts_nothing(
    house: Standing, as_: Callable[..., Client], changes: dict[str, str], status: int, said: str
) -> None:
    address = f"{url('calibration_start')}?item={house.item}"
    answer = as_("technician").post(address, plan(house, **changes))
    assert answer.status_code == status
    assert said in text(answer)
    assert list(records.records_of_item(house.item)) == []


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        ("22 24 26", ["22", "24", "26"]),
        ("22;24；26", ["22", "24", "26"]),
        ("22、24\n26 ", ["22", "24", "26"]),
        ("22.0 24.50", ["22.0", "24.50"]),
    ],
)
def test_points_are_kept_as_they_will_stand_on_the_certificate(
    house: Standing, as_: Callable[..., Client], typed: str, points: list[str]
) -> None:
    address = f"{url('calibration_start')}?item={house.item}"
    answer = as_("technician").post(address, plan(house, points=typed))
    (record,) = records.records_of_item(house.item)
    assert answer["Location"] == url("calibration", record.id)
    assert record.points == points
    assert (record.method_zh, record.method_en, record.state) == ("比较法", "", "draft")


def test_the_one_standard_that_fits_is_proposed_and_its_proof_shown(
    house: Standing, as_: Callable[..., Client]
) -> None:
    answer = as_("technician").get(url("calibration_start"), {"item": str(house.item)})
    assert answer.context["chosen_reference"] == str(house.bench.world.standard_id)
    (standard,) = answer.context["standards"]
    assert (standard.uncertainty, standard.factor, standard.unit) == ("0.0020", "2.00", "°C")
    assert standard.certificate_number == "GJ-2026-C-000312"
    assert (answer.context["stopped"], answer.context["all_stopped"]) == ([], False)


def test_what_was_done_last_time_is_proposed_for_the_same_instrument(
    house: Standing, as_: Callable[..., Client]
) -> None:
    last = records.calibration(house.issued_record)
    Calibration.objects.filter(pk=last.pk).update(
        method_zh="上次的方法", method_norm="YZ-TM-99", points=["23", "25"]
    )
    item = records.calibration(house.issued_record).item
    form = as_("technician").get(url("calibration_start"), {"item": str(item.id)}).context["form"]
    assert form["method_zh"].value() == "上次的方法"
    assert form["method_norm"].value() == "YZ-TM-99"
    assert form["p-bath_uniformity"].value() == "0.002"
    assert form["site"].value() == str(last.site_id)


# ---- the uncertainty page ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "place"),
    [("", 1), ("1", 1), ("2", 2), ("3", 3), ("4", 3), ("0", 1), ("-2", 1), ("x", 1), ("9" * 9, 1)],
)
def test_a_point_that_does_not_exist_is_the_nearest_that_does(
    house: Standing, as_: Callable[..., Client], asked: str, place: int
) -> None:
    context = as_("auditor").get(url("calibration_uncertainty", house.submitted), {"point": asked}).context
    assert context["place"] == place
    assert [text for _, text in context["points"]] == ["22", "24", "26"]


def test_the_fitted_line_is_that_of_gum_h3_with_its_covariance(
    house: Standing, as_: Callable[..., Client]
) -> None:
    context = as_("auditor").get(url("calibration_uncertainty", house.submitted)).context
    line = context["line"]
    # JCGM 100:2008, H.3.3 and H.3.4, to the digits that are printed there
    printed = {
        "y1": "-0.1712",
        "u_y1": "0.0029",
        "y2": "0.00218",
        "u_y2": "0.00067",
        "r": "-0.930",
        "s": "0.0035",
    }
    for name, text_of_gum in printed.items():
        places = len(text_of_gum.partition(".")[2])
        assert round(float(line[name]), places) == float(text_of_gum), name
    assert (line["t0"], line["degrees_of_freedom"]) == ("20", "9")
    assert float(line["covariance"]) == pytest.approx(-0.930 * 0.0029 * 0.00067, rel=0.01)


def test_the_budget_names_every_input_with_its_type_and_share(
    house: Standing, as_: Callable[..., Client]
) -> None:
    context = as_("auditor").get(url("calibration_uncertainty", house.submitted)).context
    components = context["components"]
    assert {"A", "B"} == {component.kind for component in components}
    assert sum(float(component.share) for component in components) == pytest.approx(100, abs=0.3)
    assert all(component.part >= 0 for component in components)
    letters = {(component.letter, component.index) for component in components}
    assert {("y", "1"), ("y", "2")} <= letters
    assert [share for _, share in context["largest"]] == sorted(
        (share for _, share in context["largest"]), reverse=True
    )
    assert len(context["largest"]) <= 3


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", {"rectangular", "readings of this record"}), ("zh-hans", {"矩形", "本记录的读数"})],
)
def test_distributions_and_sources_are_told_in_words(
    house: Standing, as_: Callable[..., Client], language: str, words: set[str]
) -> None:
    context = as_("auditor", language).get(url("calibration_uncertainty", house.submitted)).context
    told = {c.distribution for c in context["components"]} | {c.source for c in context["components"]}
    assert words <= told


def test_the_simulation_agrees_and_its_picture_says_so(house: Standing, as_: Callable[..., Client]) -> None:
    context = as_("auditor").get(url("calibration_uncertainty", house.submitted)).context
    assert context["monte_carlo"]["agrees"]
    assert 'aria-label="Monte Carlo agrees with the law of propagation."' in context["picture"]
    low, high = (
        float(context["monte_carlo"]["simulated_low"]),
        float(context["monte_carlo"]["simulated_high"]),
    )
    assert low < -0.1668 < high


def test_a_record_without_readings_says_that_nothing_can_be_computed(
    house: Standing, as_: Callable[..., Client]
) -> None:
    answer = as_("auditor").get(url("calibration_uncertainty", house.draft))
    assert answer.status_code == 200
    assert "Nothing can be computed yet." in text(answer)
    assert "components" not in answer.context


def test_a_model_is_printed_with_a_true_minus_and_lowered_indices(
    house: Standing, as_: Callable[..., Client]
) -> None:
    model = as_("auditor").get(url("calibration_uncertainty", house.submitted)).context["model"]
    assert "y₁" in model
    assert "y₂" in model
    assert "y1" not in model
    assert " - " not in model


@pytest.mark.parametrize("days", [0, 1])
def test_a_standard_that_ends_stops_the_draft_from_the_day_after(
    house: Standing, as_: Callable[..., Client], days: int
) -> None:
    world = house.bench.world
    today = local_date(utc_now(), "Asia/Shanghai")
    certificate = records.standards_used(house.draft)[0].certificate
    type(certificate).objects.filter(pk=certificate.pk).update(valid_until=today - timedelta(days=days))
    answer = as_("technician").get(url("calibration", house.draft))
    assert bool(answer.context["stopped"]) is bool(days)
    if days:
        chinese = text(as_("technician", "zh-hans").get(url("calibration", house.draft)))
        assert answer.context["stopped"][0].problem.zh in chinese
        assert url("standard_chain", world.standard_id) in text(answer)
