"""Certificates on screen: list and search, the paper beside its evidence, the progress, what a change asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jialiang.base.certificates.models import Certificate
from jialiang.base.certificates.selectors import files_of
from jialiang.console.certificates.changing import DEEDS
from jialiang.console.certificates.issuing import NUMBERED, STEPS
from jialiang.console.certificates.listing import VIEWS
from jialiang.console.certificates.standing import shown_state
from jialiang.functions import certificates
from jialiang.functions.certificates import Confirmation
from jialiang.governance.jobs.models import Job
from jialiang.kernel.clock import utc_now
from jialiang.kernel.ids import grouped_code
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import CertificateState
from tests.console.bench import HOSTILE
from tests.console.records.conftest import Standing
from tests.functions.record_world import PASSWORD

TODAY = date(2026, 6, 16)


def url(name: str, *args: Any) -> str:
    return reverse(name, args=args)


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.mark.parametrize(
    ("state", "due", "shown"),
    [
        ("in_force", None, "in_force"),
        ("in_force", TODAY + timedelta(days=1), "in_force"),
        ("in_force", TODAY, "in_force"),
        ("in_force", TODAY - timedelta(days=1), "expired"),
        ("superseded", TODAY - timedelta(days=1), "superseded"),
        ("withdrawn", TODAY - timedelta(days=1), "withdrawn"),
        ("void", None, "void"),
        ("issuing", TODAY - timedelta(days=1), "issuing"),
    ],
)
def test_a_certificate_in_force_is_expired_from_the_day_after_its_last(
    state: str, due: date | None, shown: str
) -> None:
    assert shown_state(SimpleNamespace(state=state, due_date=due), TODAY) == shown


@pytest.mark.parametrize(
    ("view", "found"),
    [
        ("", {"issued", "issuing"}),
        ("in_force", {"issued"}),
        ("issuing", {"issuing"}),
        ("superseded", set()),
        ("withdrawn", set()),
        ("void", set()),
        ("unheard-of", {"issued", "issuing"}),
        ("expired", {"issued", "issuing"}),
    ],
)
def test_a_view_holds_the_certificates_of_its_state(
    house: Standing, as_: Callable[..., Client], view: str, found: set[str]
) -> None:
    answer = as_("auditor").get(url("certificates"), {"state": view})
    page = answer.context["list_page"]
    assert {row.certificate.id for row in page.rows} == {getattr(house, name) for name in found}
    assert page.total == len(found)
    current = [each.key for each in answer.context["views"] if each.current]
    assert current == [view if view in VIEWS else ""]


@pytest.mark.parametrize(
    ("searched", "hits"),
    [
        ("T2104-0387", 1),
        ("t2104", 1),
        ("Chenxing", 2),
        ("晨星", 2),
        ("nothing like it", 0),
        ("%", 0),
        ("_____", 0),
        ("  T2104-0387  ", 1),
    ],
)
def test_the_list_is_searched_by_number_serial_number_and_customer(
    house: Standing, as_: Callable[..., Client], searched: str, hits: int
) -> None:
    answer = as_("auditor").get(url("certificates"), {"q": searched})
    assert answer.context["list_page"].total == hits
    assert answer.context["searched"] == searched.strip()
    if not hits:
        assert "No certificate of this view fits" in text(answer)


def test_the_number_of_a_certificate_finds_it_alone(house: Standing, as_: Callable[..., Client]) -> None:
    number = Certificate.objects.get(pk=house.issued).number
    rows = as_("auditor").get(url("certificates"), {"q": number}).context["list_page"].rows
    assert [row.certificate.id for row in rows] == [house.issued]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["All", "In force", "Issuing", "Superseded", "Withdrawn", "Void"]),
        ("zh-hans", ["全部", "有效", "签发中", "已被替代", "已撤销", "已作废"]),
    ],
)
def test_the_views_are_named_in_the_language_of_the_page(
    as_: Callable[..., Client], language: str, words: list[str]
) -> None:
    views = as_("auditor", language).get(url("certificates")).context["views"]
    assert [each.label for each in views] == words


def test_htmx_gets_the_rows_and_a_boosted_page_is_whole(as_: Callable[..., Client]) -> None:
    client = as_("auditor")
    rows = client.get(url("certificates"), headers={"HX-Request": "true"})
    whole = client.get(url("certificates"), headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert "<html" not in text(rows)
    assert "<html" in text(whole)
    for answer in (rows, whole):
        assert {"HX-Request", "HX-Boosted"} <= {each.strip() for each in answer["Vary"].split(",")}


def test_the_page_tells_number_state_customer_item_and_code(
    house: Standing, as_: Callable[..., Client]
) -> None:
    found = Certificate.objects.get(pk=house.issued)
    for language, words in (
        ("en", ("Chenxing Dairy Co., Ltd.", "Digital thermometer", "In force")),
        ("zh-hans", ("晨星乳业有限公司", "数字温度计", "有效")),
    ):
        page = text(
            as_("auditor" if language == "en" else "regulator", language).get(url("certificate", found.id))
        )
        for word in (*words, found.number, "T2104-0387"):
            assert word in page, word
        assert grouped_code(found.check_code) in page


def test_the_results_stand_with_their_u_and_k_as_the_certificate_prints_them(
    house: Standing, as_: Callable[..., Client]
) -> None:
    paper = as_("auditor").get(url("certificate", house.issued)).context["paper"]
    (table,) = paper.tables
    rows = [[text for text, is_number in row if is_number] for row in table.rows]
    points = [row[0] for row in rows]
    assert points == ["22", "24", "26"]
    # GUM H.3.3: y1 = -0.1712, y2 = 0.00218, t0 = 20: b(22) = -0.1668, b(24) = -0.1625, b(26) = -0.1581
    values = [float(row[1].replace("\u2212", "-")) for row in rows]
    assert values == pytest.approx([-0.1668, -0.1625, -0.1581], abs=0.0006)
    assert not paper.is_preview


@pytest.mark.parametrize(
    ("kind", "ending", "begins"),
    [("xml", ".xml", b"<?xml"), ("pdf_zh", ".zh.pdf", b"%PDF"), ("pdf_en", ".en.pdf", b"%PDF")],
)
def test_files_are_handed_out_with_size_and_digest_told_on_the_page(
    house: Standing, as_: Callable[..., Client], kind: str, ending: str, begins: bytes
) -> None:
    client = as_("auditor")
    answer = client.get(url("certificate_file", house.issued, kind))
    assert answer.content.startswith(begins)
    assert ending in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("attachment;")
    stored = next(file for file in files_of(house.issued) if file.kind == kind)
    assert len(answer.content) == stored.size
    page = client.get(url("certificate", house.issued))
    shown = next(file for file in page.context["files"] if file.kind == kind)
    assert shown.kilobytes == max(1, round(stored.size / 1024))
    assert stored.sha256 in text(page)


@pytest.mark.parametrize("kind", ["csv", "pdf_fr", "XML", "content"])
def test_a_kind_of_file_that_was_not_issued_is_not_there(
    house: Standing, as_: Callable[..., Client], kind: str
) -> None:
    answer = as_("auditor").get(url("certificate_file", house.issued, kind))
    assert answer.status_code == 404
    assert "JL-" in text(answer)


def test_files_do_not_exist_while_the_certificate_is_being_issued(
    house: Standing, as_: Callable[..., Client]
) -> None:
    assert as_("auditor").get(url("certificate_file", house.issuing, "xml")).status_code == 404


def test_the_evidence_says_what_holds(house: Standing, as_: Callable[..., Client]) -> None:
    evidence = as_("auditor").get(url("certificate", house.issued)).context["evidence"]
    assert [(each.state, each.title) for each in evidence] == [
        ("passed", "The content is as issued"),
        ("passed", "Sealed by the institute"),
        ("passed", "The seal's certificate is valid"),
        ("not_checked", "The time of signing is the institute's own statement"),
    ]
    assert evidence[0].detail.startswith("Content and 3 files have their registered SHA-256")
    assert "approved by Signatory" in evidence[1].detail


def test_the_evidence_is_told_in_chinese_too(house: Standing, as_: Callable[..., Client]) -> None:
    evidence = as_("auditor", "zh-hans").get(url("certificate", house.issued)).context["evidence"]
    assert [each.title for each in evidence] == [
        "内容与签发时相同",
        "由机构签章",
        "签章证书有效",
        "签发时间由机构声明",
    ]
    assert "周子均 批准" in evidence[1].detail


def test_content_that_was_touched_is_said_first(house: Standing, as_: Callable[..., Client]) -> None:
    stored = Certificate.objects.get(pk=house.issued)
    Certificate.objects.filter(pk=house.issued).update(content_digest="0" * 64)
    evidence = as_("auditor").get(url("certificate", house.issued)).context["evidence"]
    assert stored.content_digest != "0" * 64
    assert (evidence[0].state, evidence[0].title) == ("failed", "What is stored is not what was issued")
    assert evidence[0].detail == "The frozen content"


def test_a_file_that_is_gone_is_named_and_the_page_still_opens(
    house: Standing, as_: Callable[..., Client]
) -> None:
    file = files_of(house.issued)[0]
    type(file).objects.filter(pk=file.pk).update(sha256="f" * 64)
    answer = as_("auditor").get(url("certificate", house.issued))
    assert answer.status_code == 200
    assert answer.context["evidence"][0].state == "failed"
    assert file.file_name in answer.context["evidence"][0].detail


def test_an_expired_certificate_says_so_in_list_and_page(house: Standing, as_: Callable[..., Client]) -> None:
    Certificate.objects.filter(pk=house.issued).update(due_date=utc_now().date() - timedelta(days=3))
    client = as_("auditor")
    page = client.get(url("certificate", house.issued))
    assert page.context["state"] == "expired"
    assert "Genuine, but expired." in text(page)
    listed = client.get(url("certificates"), {"state": "in_force"}).context["list_page"].rows
    assert [row.state for row in listed] == ["expired"]


def test_the_history_goes_from_the_number_to_the_publication(
    house: Standing, as_: Callable[..., Client]
) -> None:
    context = as_("auditor").get(url("certificate", house.issued)).context
    assert [(change.title, change.state) for change in context["changes"]] == [
        ("Issued and published", "in_force"),
        ("Approved and numbered", "issuing"),
    ]
    assert [(title, who) for _, title, who in context["steps"]] == [
        ("Review passed", "陈同律"),
        ("Submitted for review", "李小量"),
    ]


def test_a_certificate_that_is_being_issued_leads_to_its_progress(
    house: Standing, as_: Callable[..., Client]
) -> None:
    client = as_("signatory")
    answer = client.get(url("certificate", house.issuing))
    assert answer["Location"] == url("certificate_issuing", house.issuing)
    context = client.get(url("certificate_issuing", house.issuing)).context
    assert (context["place"], context["running"], context["stopped"], context["void"]) == (
        2,
        True,
        False,
        False,
    )
    assert context["may_void"]


@pytest.mark.parametrize(
    ("role", "may_void"), [("signatory", True), ("technician", False), ("auditor", False)]
)
def test_the_way_to_void_a_number_is_shown_to_signatories(
    house: Standing, as_: Callable[..., Client], role: str, may_void: bool
) -> None:
    context = as_(role).get(url("certificate_issuing", house.issuing)).context
    assert context["may_void"] is may_void
    done = as_("receptionist").get(url("certificate_issuing", house.issued)).context
    assert (done["place"], done["running"], done["may_void"]) == (len(STEPS), False, False)


def test_a_job_that_was_given_up_stops_the_progress(house: Standing, as_: Callable[..., Client]) -> None:
    changed = Job.objects.filter(subject_id=house.issuing).update(state="dead", attempts=8)
    assert changed == 1
    answer = as_("signatory").get(url("certificate_issuing", house.issuing))
    assert (answer.context["stopped"], answer.context["running"]) == (True, False)
    page = text(answer)
    assert "Issuing has stopped" in page
    assert 'http-equiv="refresh"' not in page
    assert 'hx-trigger="every 1s"' not in page


def test_htmx_asks_for_the_progress_alone(house: Standing, as_: Callable[..., Client]) -> None:
    answer = as_("signatory").get(url("certificate_issuing", house.issuing), headers={"HX-Request": "true"})
    page = text(answer)
    assert "<html" not in page
    assert "Take the number" in page
    assert "Step 3 of 5" in page
    assert NUMBERED == 2


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_before_a_change_its_page_says_what_will_happen(
    house: Standing, as_: Callable[..., Client], deed: str, language: str
) -> None:
    thing = house.issuing if deed == "void" else house.issued
    answer = as_("signatory", language).get(url(f"certificate_{deed}", thing))
    page = text(answer)
    assert answer.status_code == 200
    assert len(answer.context["consequences"]) == 3
    assert all(line.isascii() is (language == "en") for line in answer.context["consequences"])
    assert ('name="password"' in page) is (deed == "withdraw")
    assert answer.context["title"] in page


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({}, 422, "id_reason_zh-error"),
        ({"reason_zh": "读数有误"}, 422, "id_password-error"),
        ({"reason_zh": "读数有误", "password": "wrong"}, 422, "id_password-error"),
        ({"reason_zh": "读数有误", "totp": "000000"}, 422, "id_password-error"),
        ({"password": PASSWORD}, 422, "id_reason_zh-error"),
    ],
)
def test_a_withdrawal_without_reason_or_confirmation_changes_nothing(
    house: Standing, as_: Callable[..., Client], sent: dict[str, str], status: int, said: str
) -> None:
    answer = as_("signatory").post(url("certificate_withdraw", house.issued), sent)
    assert answer.status_code == status
    assert said in text(answer)
    assert PASSWORD not in text(answer)
    assert Certificate.objects.get(pk=house.issued).state == CertificateState.IN_FORCE


def test_a_withdrawal_is_told_to_everyone_with_its_reason(
    house: Standing, as_: Callable[..., Client]
) -> None:
    client = as_("signatory")
    sent = {"reason_zh": f"读数有误{HOSTILE}", "reason_en": "A reading was wrong", "password": PASSWORD}
    answer = client.post(url("certificate_withdraw", house.issued), sent)
    assert answer["Location"] == url("certificate", house.issued)
    page = client.get(url("certificate", house.issued))
    assert page.context["state"] == "withdrawn"
    assert "The certificate is withdrawn; the public sees it now." in text(page)
    assert "Withdrawn. Do not use." in text(page)
    assert "A reading was wrong" in text(page)
    assert "<script>alert" not in text(page)
    assert not page.context["may_amend"]
    assert not page.context["may_withdraw"]
    again = client.post(url("certificate_withdraw", house.issued), sent)
    assert again.status_code == 409
    assert "JL-CER-" in text(again)


def test_an_amendment_leads_to_its_record_and_is_opened_once(
    house: Standing, as_: Callable[..., Client]
) -> None:
    client = as_("signatory")
    answer = client.post(url("certificate_amend", house.issued), {"reason_zh": "温度写错"})
    copy = re.fullmatch("/calibrations/(.+)/", answer["Location"])
    assert copy is not None
    record = text(client.get(answer["Location"]))
    assert "This record amends a certificate." in record
    page = client.get(url("certificate", house.issued))
    assert page.context["amendment"] is not None
    assert "An amending record is under way." in text(page)
    assert page.context["state"] == "in_force"
    again = client.post(url("certificate_amend", house.issued), {"reason_zh": "再改一次"})
    assert again.status_code == 409


def test_a_voided_number_is_shown_with_its_reason_and_frees_the_record(
    house: Standing, as_: Callable[..., Client]
) -> None:
    client = as_("signatory")
    answer = client.post(url("certificate_void", house.issuing), {"reason_zh": "签章出错"})
    assert answer.status_code == 302
    progress = client.get(url("certificate_issuing", house.issuing))
    assert (progress.context["void"], progress.context["running"]) == (True, False)
    assert "The number is void" in text(progress)
    listed = client.get(url("certificates"), {"state": "void"}).context["list_page"]
    assert [row.certificate.id for row in listed.rows] == [house.issuing]
    record = client.get(url("calibration", house.issuing_record))
    assert record["Location"] == url("calibration_approval", house.issuing_record)
    numbers = client.get(url("numbers"))
    assert numbers.context["void"] == 1
    assert "签章出错" in text(numbers)


def test_a_certificate_that_is_in_force_cannot_be_voided(house: Standing, as_: Callable[..., Client]) -> None:
    answer = as_("signatory").post(url("certificate_void", house.issued), {"reason_zh": "试试"})
    assert answer.status_code == 409
    assert Certificate.objects.get(pk=house.issued).state == CertificateState.IN_FORCE


def test_withdrawing_by_the_verb_shows_on_the_page_of_a_customer_too(
    house: Standing, as_: Callable[..., Client]
) -> None:
    certificates.withdraw(
        actor=house.bench.world.people["signatory"],
        certificate_id=house.issued,
        reason=Text("读数有误", "A reading was wrong"),
        confirmation=Confirmation(password=PASSWORD),
        now=utc_now(),
    )
    page = text(as_("customer", "zh-hans", of_customer=True).get(url("certificate", house.issued)))
    assert "已撤销，不得使用。" in page
    assert "读数有误" in page


def test_the_account_shows_every_series_and_every_serial(house: Standing, as_: Callable[..., Client]) -> None:
    client = as_("auditor")
    answer = client.get(url("numbers"))
    kinds = [each.kind for each in answer.context["series"]]
    assert kinds == ["certificate.calibration", "calibration_record", "commission"]
    assert answer.context["chosen"].kind == "certificate.calibration"
    assert [line.serial for line in answer.context["list_page"].rows] == [2, 1]
    assert (answer.context["used"], answer.context["void"], answer.context["missing"]) == (2, 0, 0)
    assert url("certificate", house.issued) in text(answer)


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Certificates: Calibration", "Calibration records", "Commissions"]),
        ("zh-hans", ["证书：校准", "校准记录", "委托"]),
    ],
)
def test_series_are_named_and_another_one_is_chosen_by_address(
    as_: Callable[..., Client], language: str, names: list[str]
) -> None:
    client = as_("auditor", language)
    series = client.get(url("numbers")).context["series"]
    assert [each.name for each in series] == names
    second = client.get(url("numbers"), {"series": series[1].key}).context
    assert [each.current for each in second["series"]] == [False, True, False]
    assert len(second["list_page"].rows) == second["chosen"].last
    assert all(line.url == "" for line in second["list_page"].rows)
    unknown = client.get(url("numbers"), {"series": "certificate.calibration:1999"}).context
    assert [each.current for each in unknown["series"]] == [True, False, False]
