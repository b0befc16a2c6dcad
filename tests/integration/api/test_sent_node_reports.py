"""Node reports by REST: what is told of a report, days and kinds, downloads, and letting go; tokens are never told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from uuid import uuid4

import pytest
from tests.integration.api.calling import Caller, founded
from tests.upper_node import REFUSED, TOKEN, Said, upper_node

from jialiang.formats.node_report.header import KINDS, MEDIA_TYPE
from jialiang.formats.node_report.reading import read
from jialiang.functions.resolution_statistics import freeze_days
from jialiang.governance.node_reports import services
from jialiang.governance.node_reports.models import SentReport
from jialiang.kernel.clock import local_date, utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

AT, ZONE = "/node-reports/sent", "Asia/Shanghai"


@pytest.fixture
def day(tenant) -> str:
    """Yesterday, frozen."""
    now = utc_now()
    yesterday = local_date(now, ZONE) - timedelta(days=1)
    with scope(tenant.id):
        freeze_days(first=yesterday, time_zone=ZONE, now=now + timedelta(minutes=11))
    return yesterday.isoformat()


@pytest.fixture
def operator(program):
    return program("identifier_operator")


@pytest.fixture
def made(operator, day):
    """The reports of yesterday, as they are told."""
    return operator.done(AT, {"day": day}, 201)["items"]


@pytest.fixture
def here(settings):
    """A node above that is set."""
    with upper_node() as served:
        settings.JIALIANG = replace(settings.JIALIANG, upper_node=served.address, upper_node_token=TOKEN)
        yield served


def test_a_report_is_told_with_everything_but_its_bytes(made, day):
    assert [row["kind"] for row in made] == list(KINDS)
    row = made[0]
    assert (row["day"], row["revision"], row["state"], row["attempts"]) == (day, 1, "made", 0)
    assert row["file_name"] == f"88.999.1_{day}_registrations_r1.ndjson.gz"
    assert row["is_signed"] in (True, False)
    assert (row["problem"], row["receipt"], row["answered_at"]) == ({"zh": "", "en": ""}, None, None)
    assert "signature" not in row


def test_reports_are_listed_and_read(operator, made):
    assert operator.read(AT)["items"] == made
    for row in made:
        assert operator.read(f"{AT}/{row['id']}") == row


def test_a_time_is_asked_for_by_its_days(operator, made, day):
    assert operator.read(AT, since=day, until=day)["items"] == made
    assert operator.read(AT, since="2020-01-01", until="2020-01-31")["items"] == []


@pytest.mark.parametrize(
    ("since", "until", "status", "code"),
    [
        ("2026-02-01", "2026-01-01", 422, "JL-UPN-009"),
        ("2020-01-01", "2026-01-01", 422, "JL-UPN-009"),
        ("yesterday", "2026-01-01", 422, "JL-API-001"),
        ("2026-13-01", "2026-12-01", 422, "JL-API-001"),
    ],
)
def test_a_time_that_is_none_is_refused(operator, since, until, status, code):
    answer = operator.get(AT, since=since, until=until)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_the_file_is_downloaded_as_it_is_kept(operator, made):
    for row in made:
        answer = operator.get(f"{AT}/{row['id']}/file")
        assert answer["Content-Type"] == MEDIA_TYPE
        assert row["file_name"] in answer["Content-Disposition"]
        assert sha256(answer.content).hexdigest() == row["sha256"]
        header, lines = read(BytesIO(answer.content))
        assert (header.kind, len(list(lines))) == (row["kind"], row["lines"])


def test_the_signature_lies_beside_the_file(operator, made):
    answer = operator.get(f"{AT}/{made[0]['id']}/signature")
    assert answer["Content-Type"] == "application/jwt"
    assert f"{made[0]['file_name']}.jwt" in answer["Content-Disposition"]
    assert bool(answer.content) is made[0]["is_signed"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "JL-API-001"),
        ({"day": "2026-02-30"}, "JL-API-001"),
        ({"day": 20260216}, "JL-API-001"),
        ({"day": "2026-02-16", "kinds": "routes"}, "JL-API-001"),
        ({"day": "2026-02-16", "kinds": ["x" * 21]}, "JL-API-001"),
        ({"day": "2026-02-16", "kinds": ["routes"] * 5}, "JL-API-001"),
        ({"day": "2026-02-16", "node": "88"}, "JL-API-001"),
        ({"day": "2026-02-16", "kinds": ["weather"]}, "JL-UPN-004"),
    ],
    ids=range(8),
)
def test_a_wish_that_does_not_fit_is_refused_and_makes_nothing(operator, body, code):
    answer = operator.post(AT, body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not SentReport.objects.exists()


def test_a_day_that_is_not_frozen_is_a_conflict(operator):
    answer = operator.post(AT, {"day": "2020-01-01"})
    assert (answer.status_code, answer.json()["code"]) == (409, "JL-UPN-003")


def test_a_report_that_is_not_there_is_not_found(operator):
    for path in ("", "/file", "/signature"):
        assert operator.get(f"{AT}/{uuid4()}{path}").json()["code"] == "JL-UPN-001"
    assert operator.post(f"{AT}/{uuid4()}/sending", {}).status_code == 404
    assert operator.get(f"{AT}/not-an-id").status_code == 404


def test_a_refused_report_tells_why_and_is_let_go_again(operator, made):
    row = services.begin(SentReport.objects.get(pk=made[0]["id"]).pk, utc_now())
    services.refuse(row, Text("前缀不符", "the prefix is another's"), utc_now())
    told = operator.read(f"{AT}/{made[0]['id']}")
    assert (told["state"], told["problem"]["zh"], told["attempts"]) == ("refused", "前缀不符", 1)
    assert operator.done(f"{AT}/{made[0]['id']}/sending")["state"] == "made"


def test_a_report_that_is_being_sent_is_left_alone(operator, made):
    services.begin(SentReport.objects.get(pk=made[0]["id"]).pk, utc_now())
    answer = operator.post(f"{AT}/{made[0]['id']}/sending", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "JL-UPN-002")


def test_everything_outstanding_is_counted_when_it_is_let_go(operator, made):
    assert operator.done("/node-reports/sending") == {"waiting": 4}


def test_the_upper_node_is_asked_just_now(operator, here):
    told = operator.read("/upper-node")
    assert told == {
        "address": here.address, "node": "88.999.1", "is_reached": True, "problem": {"zh": "", "en": ""},
    }  # fmt: skip
    here.instead = lambda asked: Said(403, REFUSED)
    told = operator.read("/upper-node")
    assert told["is_reached"] is False
    assert "前缀不符" in told["problem"]["zh"]
    assert TOKEN not in str(told)


def test_without_an_upper_node_that_is_told(operator):
    told = operator.read("/upper-node")
    assert (told["address"], told["is_reached"]) == ("", False)
    assert "JIALIANG_UPPER_NODE" in told["problem"]["en"]


def test_an_institute_that_was_founded_later_is_turned_away(operator, made, db):
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="a-later-one", name=Text("后来的机构"), now=utc_now() + timedelta(days=1))
    world = founded(other, utc_now(), mark="B", short_code="ZZ")
    stranger = Caller.of(world, "identifier_operator")
    for path in (AT, f"{AT}/{made[0]['id']}", f"{AT}/{made[0]['id']}/file", "/upper-node"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "JL-UPN-010")
    assert stranger.post(AT, {"day": made[0]["day"]}).status_code == 403
