"""What strangers meet: limits by household, answers in the language asked for, files for those who know them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import translation

from jialiang.base.certificates.models import FakeReport
from jialiang.console.authenticity import limits
from jialiang.console.authenticity.answers import language_of, other_language_address, shown
from jialiang.console.authenticity.limits import TooManyFiles, TooManyReports, count, household
from jialiang.formats.public_page.answer import PublicAnswer
from jialiang.security.tenancy.models import Tenant

NOON = datetime(2026, 6, 16, 12, 0, 30, tzinfo=UTC)


def text(answer: Any) -> str:
    return answer.content.decode()


def from_address(rf: RequestFactory, address: str, forwarded: str = "") -> HttpRequest:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return rf.get("/check", headers=headers, REMOTE_ADDR=address)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
        ("203.0.113.7", "::cb00:7107", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("", "nonsense", True),
        ("unix:", "", True),
        ("203.0.113.7", "", False),
    ],
)
def test_a_household_is_one_ipv4_address_or_one_ipv6_network(
    rf: RequestFactory, one: str, other: str, same: bool
) -> None:
    assert (household(from_address(rf, one)) == household(from_address(rf, other))) is same


@pytest.mark.parametrize(
    ("remote", "forwarded", "counted_as"),
    [
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "nonsense, 203.0.113.7 ", "203.0.113.7"),
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", " , ", "203.0.113.7"),
    ],
)
def test_behind_a_front_the_nearest_hop_is_counted(
    rf: RequestFactory, remote: str, forwarded: str, counted_as: str
) -> None:
    assert household(from_address(rf, remote, forwarded)) == household(from_address(rf, counted_as))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A clock that is set: ``clock(moment)``."""
    cache.clear()

    def at(moment: datetime) -> None:
        monkeypatch.setattr(limits, "utc_now", lambda: moment)

    at(NOON)
    return at


def test_the_last_use_that_is_allowed_passes_and_the_next_is_refused(rf: RequestFactory, clock: Any) -> None:
    request = from_address(rf, "203.0.113.7")
    for _ in range(3):
        count(request, "file", 3, TooManyFiles)
    with pytest.raises(TooManyFiles) as refused:
        count(request, "file", 3, TooManyFiles)
    assert refused.value.http_status == 429
    assert refused.value.facts == {"most": 3, "minutes": 1}


def test_a_refused_use_counts_too_and_the_next_minute_starts_anew(rf: RequestFactory, clock: Any) -> None:
    request = from_address(rf, "203.0.113.7")
    count(request, "file", 1, TooManyFiles)
    for _ in range(3):
        with pytest.raises(TooManyFiles):
            count(request, "file", 1, TooManyFiles)
    clock(NOON + timedelta(seconds=29))
    with pytest.raises(TooManyFiles):
        count(request, "file", 1, TooManyFiles)
    clock(NOON + timedelta(seconds=30))
    count(request, "file", 1, TooManyFiles)


def test_households_and_purposes_are_counted_apart(rf: RequestFactory, clock: Any) -> None:
    first, second = from_address(rf, "203.0.113.7"), from_address(rf, "203.0.113.8")
    count(first, "file", 1, TooManyFiles)
    count(second, "file", 1, TooManyFiles)
    count(first, "report", 1, TooManyReports, seconds=3600)
    with pytest.raises(TooManyReports) as refused:
        count(first, "report", 1, TooManyReports, seconds=3600)
    assert refused.value.facts == {"most": 1, "minutes": 60}


def test_an_hour_is_an_hour(rf: RequestFactory, clock: Any) -> None:
    request = from_address(rf, "203.0.113.7")
    count(request, "report", 1, TooManyReports, seconds=3600)
    clock(NOON + timedelta(minutes=59))
    with pytest.raises(TooManyReports):
        count(request, "report", 1, TooManyReports, seconds=3600)
    clock(NOON + timedelta(minutes=60))
    count(request, "report", 1, TooManyReports, seconds=3600)


def test_the_address_itself_is_not_kept(
    rf: RequestFactory, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    monkeypatch.setattr(limits.cache, "set", lambda key, *_args: kept.append(key))
    count(from_address(rf, "203.0.113.7"), "file", 5, TooManyFiles)
    assert len(kept) == 1
    assert "203.0.113.7" not in kept[0]
    assert str(int("cb007107", 16)) not in kept[0]


@pytest.mark.parametrize(
    ("query", "page_language", "language"),
    [
        ("lang=zh", "en", "zh"),
        ("lang=en", "zh-hans", "en"),
        ("lang=EN-gb", "zh-hans", "en"),
        ("lang=zh-Hans", "en", "zh"),
        ("lang=fr", "en", "en"),
        ("lang=fr", "zh-hans", "zh"),
        ("lang=", "en", "en"),
        ("", "zh-hans", "zh"),
    ],
)
def test_the_address_decides_the_language_before_the_browser_does(
    rf: RequestFactory, query: str, page_language: str, language: str
) -> None:
    with translation.override(page_language):
        assert language_of(rf.get(f"/check?{query}")) == language


@pytest.mark.parametrize(
    ("address", "language", "other"),
    [
        ("/check", "zh", "/check?lang=en"),
        ("/check?lang=zh", "zh", "/check?lang=en"),
        ("/check?number=A%2F1&code=B", "en", "/check?number=A%2F1&code=B&lang=zh"),
        ("/c/88.1/x?k=AB&lang=en", "en", "/c/88.1/x?k=AB&lang=zh"),
        ("/check?number=%3Cb%3E", "zh", "/check?number=%3Cb%3E&lang=en"),
    ],
)
def test_the_other_language_is_the_same_question(
    rf: RequestFactory, address: str, language: Any, other: str
) -> None:
    assert other_language_address(rf.get(address), language) == other


UNKNOWN = PublicAnswer(verdict="unknown", status="not_checked", checks=())


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html", "text/html"),
        ("application/json", "application/json"),
        ("application/json, text/html;q=0.5", "application/json"),
        ("text/html, application/json;q=0.9", "text/html"),
        ("*/*", "text/html"),
    ],
)
def test_a_machine_gets_json_and_a_person_a_page(rf: RequestFactory, accept: str, kind: str) -> None:
    answer = shown(rf.get("/check", headers={"Accept": accept}), UNKNOWN)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith(kind)
    if kind == "text/html":
        assert answer.headers["content-language"] in {"en", "zh-Hans"}


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-Hans"), ("en", "en")])
def test_a_verdict_is_in_one_language_and_leads_to_the_other(
    rf: RequestFactory, language: str, tag: str
) -> None:
    answer = shown(rf.get(f"/check?lang={language}&number=x"), UNKNOWN)
    assert answer.headers["content-language"] == tag
    assert f'lang="{tag}"' in text(answer)
    other = "en" if language == "zh" else "zh"
    assert f"lang={other}" in text(answer)
    alone = shown(rf.get(f"/check?lang={language}"), UNKNOWN, linked=False)
    assert f"lang={other}" not in text(alone)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["number=YZ-2026-C-000001&code=0000000000000", "number=%27%3B--&code=x", "number=a&code=%00"]
)
def test_whatever_was_made_up_is_not_known_here(client: Client, query: str) -> None:
    answer = client.get(f"/check?{query}&lang=en")
    assert answer.status_code == 404
    assert "Not known here" in text(answer)
    assert not answer.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["number=YZ-2026-C-000001", "code=ABC", "number=%20&code=ABC", ""])
def test_a_question_without_number_or_code_gets_the_form_with_what_was_given(
    client: Client, query: str
) -> None:
    answer = client.get(f"/check?{query}&lang=en")
    assert answer.status_code == 200
    assert 'name="code"' in text(answer)
    assert ("YZ-2026-C-000001" in text(answer)) is ("YZ-2026" in query)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("post", "/check", 405),
        ("put", "/check/file", 405),
        ("delete", "/check/report", 405),
        ("post", "/c/88.999.1/x", 405),
        ("post", "/trust/ca.pem", 405),
        ("post", "/files/" + "0" * 64, 405),
        ("get", "/files/" + "0" * 64, 404),
        ("get", "/files/nonsense", 404),
        ("get", "/files/" + "g" * 64, 404),
        ("get", "/c/88.999.1/x/xml", 404),
        ("get", "/c/88.999.1/x/xml?k=0000000000000", 404),
        ("get", "/trust/ca.pem", 404),
        ("get", "/trust/crl", 404),
        ("head", "/check", 200),
        ("get", "/c/88.999.1/x", 200),
    ],
)
def test_a_public_address_answers_only_what_it_is_for(
    client: Client, method: str, address: str, status: int
) -> None:
    assert getattr(client, method)(address).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(("size", "refused"), [(1, False), (1000, False), (1001, True)])
def test_a_file_is_taken_up_to_the_largest_size(
    client: Client, settings: Any, size: int, refused: bool
) -> None:
    settings.JIALIANG = replace(settings.JIALIANG, max_upload_bytes=1000)
    sent = {"file": SimpleUploadedFile("a.xml", b"x" * size)}
    answer = client.post("/check/file?lang=en", sent)
    assert (answer.status_code == 413) is refused
    assert ("JL-SCR-002" in text(answer)) is refused


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "What looks wrong, and where you saw it"), ("zh", "哪里可疑，在哪里看到的")],
)
def test_a_report_begins_with_the_number_that_was_checked(client: Client, language: str, words: str) -> None:
    answer = client.get(f"/check/report?number=YZ-2026-C-000001&lang={language}")
    assert 'value="YZ-2026-C-000001"' in text(answer)
    assert words in text(answer)
    long = client.get(f"/check/report?number={'n' * 100}&lang={language}")
    assert f'value="{"n" * 60}"' in text(long)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [200, 422])
def test_a_browser_says_where_the_form_of_a_report_comes_from(client: Client, in_tenant: Tenant, status: int) -> None:
    """With ``no-referrer`` Chromium sends ``Origin: null``, and the form is refused."""
    answer = client.get("/check/report") if status == 200 else client.post("/check/report", {})
    assert answer.status_code == status
    assert answer["referrer-policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("en", "Identifier you saw"), ("zh", "您看到的标识")])
def test_a_report_begins_with_the_identifier_that_was_scanned(client: Client, language: str, words: str) -> None:
    answer = client.get(f"/check/report?identifier=88.101.5/G-7&lang={language}")
    assert 'name="identifier" value="88.101.5/G-7"' in text(answer)
    assert words in text(answer)
    without = client.get(f"/check/report?lang={language}")
    assert words not in text(without)
    long = client.get(f"/check/report?identifier={'n' * 200}&lang={language}")
    assert f'value="{"n" * 120}"' in text(long)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 422),
        ({"number": "  ", "description": " ", "contact": "0531-1"}, 422),
        ({"number": "n" * 61}, 422),
    ],
)
def test_a_report_that_names_nothing_is_not_taken(
    client: Client, in_tenant: Tenant, sent: dict[str, str], status: int
) -> None:
    answer = client.post("/check/report?lang=en", sent)
    assert answer.status_code == status
    assert FakeReport.objects.count() == 0


@pytest.mark.django_db
def test_a_report_that_names_a_number_is_kept_and_thanked_for(client: Client, in_tenant: Tenant) -> None:
    sent = {"number": "YZ-2026-C-999999", "description": "<b>odd seal</b>", "contact": "0531-1"}
    answer = client.post("/check/report?lang=en", sent)
    assert answer.status_code == 200
    assert "The report is there" in text(answer)
    (kept,) = FakeReport.objects.all()
    assert (kept.number_seen, kept.description, kept.reporter_contact) == (
        "YZ-2026-C-999999",
        "<b>odd seal</b>",
        "0531-1",
    )
    assert "<b>odd" not in text(answer)
