"""The pages of node reports: days and kinds with their states, one report, letting it go, and applying above."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jialiang.console.node_reports.words import KINDS as WORDS
from jialiang.formats.node_report.header import KINDS
from jialiang.functions.node_report_making import make_report
from jialiang.functions.resolution_statistics import freeze_days
from jialiang.governance.node_reports import services
from jialiang.governance.node_reports.models import SentReport
from jialiang.kernel.clock import local_date, utc_now
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import PrefixApplicationState, label
from tests.console.registers.conftest import Registers
from tests.console.whole import faults_of
from tests.upper_node import REFUSED, TOKEN, Said, UpperNodeHere, upper_node

PAGE = "/node-reports/"
ZONE = "Asia/Shanghai"


@pytest.fixture
def operator(as_: Callable[..., Client]) -> Client:
    return as_("identifier_operator")


@pytest.fixture
def yesterday(registers: Registers):
    return local_date(utc_now(), ZONE) - timedelta(days=1)


@pytest.fixture
def made(yesterday) -> list[SentReport]:
    """The reports of yesterday."""
    return [make_report(kind, yesterday, ZONE, utc_now())[0] for kind in KINDS]


@pytest.fixture
def here(settings) -> Iterator[UpperNodeHere]:
    with upper_node() as served:
        settings.JIALIANG = replace(settings.JIALIANG, upper_node=served.address, upper_node_token=TOKEN)
        yield served


def ask(client: Client, address: str = PAGE, language: str = "en", status: int = 200) -> str:
    client.cookies["jialiang_language"] = language
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def one(row: SentReport) -> str:
    return f"{PAGE}{row.pk}/"


def test_every_kind_has_its_word() -> None:
    assert list(WORDS) == list(KINDS)


def test_before_any_report_the_page_says_so(operator: Client) -> None:
    page = ask(operator)
    assert "No day has been reported yet" in page
    assert "No upper node is set" in page
    assert "Ask whether it answers" not in page
    assert faults_of(page, "en") == []


def test_days_and_kinds_are_shown_with_their_states(operator: Client, made: list[SentReport]) -> None:
    taken = services.begin(made[0].pk, utc_now())
    assert taken is not None
    services.accept(taken, {"id": "r-1", "findings": []}, utc_now())
    page = ask(operator)
    assert page.count("To be sent</span>") == 3
    assert page.count("Accepted</span>") == 1
    for row in made:
        assert one(row) in page
    assert faults_of(page, "en") == []


def test_the_same_in_chinese(operator: Client, made: list[SentReport]) -> None:
    page = ask(operator, language="zh-hans")
    assert "节点上报" in page
    assert "待上报" in page
    assert faults_of(page, "zh") == []


def test_the_upper_node_is_asked_only_when_that_is_wished(operator: Client, here: UpperNodeHere) -> None:
    page = ask(operator)
    assert here.address in page
    assert here.asked == []
    assert "It answers and knows this node" in ask(operator, f"{PAGE}?ask=1")
    here.instead = lambda asked: Said(503, {})
    page = ask(operator, f"{PAGE}?ask=1")
    assert "JL-UPN-006" in page
    assert TOKEN not in page
    assert faults_of(page, "en") == []


def test_everything_is_let_go_at_once(operator: Client, made: list[SentReport], here: UpperNodeHere) -> None:
    assert "Send everything now" in ask(operator)
    answer = operator.post(f"{PAGE}send", follow=True)
    assert "4 reports go within a minute." in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_one_report_shows_file_signature_and_what_was_said(
    operator: Client, made: list[SentReport], language: str
) -> None:
    row = made[0]
    taken = services.begin(row.pk, utc_now())
    assert taken is not None
    services.refuse(taken, Text("前缀不符", "The prefix is another's"), utc_now())
    page = ask(operator, one(row), language)
    assert row.file_name in page
    assert row.sha256 in page
    assert ("The prefix is another" if language == "en" else "前缀不符") in page
    assert faults_of(page, language[:2]) == []


def test_findings_of_the_upper_node_are_shown_as_text(operator: Client, made: list[SentReport]) -> None:
    taken = services.begin(made[0].pk, utc_now())
    assert taken is not None
    services.accept(taken, {"id": "r-1", "findings": ["<script>late</script>"]}, utc_now())
    page = ask(operator, one(made[0]))
    assert "&lt;script&gt;late" in page
    assert "<script>late" not in page


def test_the_file_and_its_signature_are_downloads(operator: Client, made: list[SentReport]) -> None:
    answer = operator.get(f"{one(made[0])}files/report")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/gzip"
    assert made[0].file_name in answer["Content-Disposition"]
    assert len(answer.content) == made[0].size
    signed = operator.get(f"{one(made[0])}files/signature")
    assert signed.content.decode() == made[0].signature


def test_a_report_is_sent_again(operator: Client, made: list[SentReport]) -> None:
    SentReport.objects.filter(pk=made[0].pk).update(state="refused")
    answer = operator.post(f"{one(made[0])}send", follow=True)
    assert "The report goes within a minute." in answer.content.decode()
    assert SentReport.objects.get(pk=made[0].pk).state == "made"


def test_letting_go_is_never_done_by_a_link(operator: Client, made: list[SentReport]) -> None:
    assert operator.get(f"{one(made[0])}send").status_code == 405
    assert operator.get(f"{PAGE}send").status_code == 405


def test_a_day_is_reported_from_the_page(operator: Client, yesterday) -> None:
    freeze_days(first=yesterday, time_zone=ZONE, now=utc_now() + timedelta(minutes=11))
    assert f'value="{yesterday.isoformat()}"' in ask(operator, f"{PAGE}make")
    answer = operator.post(f"{PAGE}make", {"day": yesterday.isoformat()}, follow=True)
    assert "The reports of the day are made" in answer.content.decode()
    assert SentReport.objects.count() == 4


@pytest.mark.parametrize(("day", "status"), [("2020-01-01", 409), ("", 422), ("yesterday", 422)])
def test_a_day_that_cannot_be_reported_stands_beside_its_field(operator: Client, day: str, status: int) -> None:
    operator.cookies["jialiang_language"] = "en"
    answer = operator.post(f"{PAGE}make", {"day": day})
    assert answer.status_code == status
    assert faults_of(answer.content.decode(), "en") == []


def test_a_report_that_is_not_there_is_not_found(operator: Client) -> None:
    assert operator.get(f"{PAGE}00000000-0000-7000-8000-000000000000/").status_code == 404


@pytest.mark.parametrize("role", ["technician", "customer", "receptionist", "signatory"])
def test_roles_without_the_right_are_refused(as_: Callable[..., Client], role: str) -> None:
    assert as_(role).get(PAGE).status_code == 403


@pytest.mark.parametrize("role", ["auditor", "regulator", "quality_manager"])
def test_who_only_reads_is_offered_nothing_to_do(
    as_: Callable[..., Client], made: list[SentReport], here: UpperNodeHere, role: str
) -> None:
    client = as_(role)
    page = ask(client)
    for words in ("Send everything now", "Report a day", "Applications at the upper node"):
        assert words not in page
    assert "Send again" not in ask(client, one(made[0]))
    assert client.post(f"{PAGE}send").status_code == 403
    assert client.get(f"{PAGE}make").status_code == 403
    assert client.get(f"{PAGE}applications/").status_code == 403


# --- applying above -----------------------------------------------------------------------------------------------


def form(**changes: object) -> dict[str, object]:
    licence = SimpleUploadedFile("licence.pdf", b"%PDF-1.7 fictional", "application/pdf")
    return {"parent": "88.111", "wished_code": "7", "purpose": "温度计", "documents": licence} | changes


def test_a_prefix_is_applied_for_above(operator: Client, here: UpperNodeHere) -> None:
    page = ask(operator, f"{PAGE}applications/new")
    assert faults_of(page, "en") == []
    operator.cookies["jialiang_language"] = "en"
    answer = operator.post(f"{PAGE}applications/new", form(), follow=True)
    shown = answer.content.decode()
    assert "The application lies at the upper node." in shown
    assert label(PrefixApplicationState.SUBMITTED).in_language("en") in shown
    assert b"%PDF-1.7 fictional" in here.asked[0].body


def test_what_the_upper_node_refuses_stands_over_the_form(operator: Client, here: UpperNodeHere) -> None:
    here.instead = lambda asked: Said(422, REFUSED)
    operator.cookies["jialiang_language"] = "en"
    answer = operator.post(f"{PAGE}applications/new", form())
    assert answer.status_code == 409
    assert "the prefix is another" in answer.content.decode()


@pytest.mark.parametrize("missing", ["parent", "purpose", "documents"])
def test_an_application_without_a_part_goes_nowhere(operator: Client, here: UpperNodeHere, missing: str) -> None:
    given = {name: value for name, value in form().items() if name != missing}
    assert operator.post(f"{PAGE}applications/new", given).status_code == 422
    assert here.asked == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_became_of_applications_is_shown(operator: Client, here: UpperNodeHere, language: str) -> None:
    here.applications += [
        {"id": "a-1", "state": "approved", "purpose": "温度计", "submitted_at": "2026-06-16T00:00:00Z"},
        {"id": "a-0", "state": "novel", "wished_code": "7", "purpose": "", "reason": "reason"},
    ]
    page = ask(operator, f"{PAGE}applications/", language)
    assert ("Granted. Now set" if language == "en" else "已获批") in page
    assert "novel" in page


def test_where_the_upper_node_is_silent_the_page_says_why(operator: Client, here: UpperNodeHere) -> None:
    here.instead = lambda asked: Said(503, {})
    page = ask(operator, f"{PAGE}applications/")
    assert "JL-UPN-006" in page
    assert faults_of(page, "en") == []


def test_without_an_upper_node_the_page_says_what_to_set(operator: Client) -> None:
    assert "JIALIANG_UPPER_NODE" in ask(operator, f"{PAGE}applications/")
