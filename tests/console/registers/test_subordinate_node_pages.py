"""Subordinate nodes on screen: the list, the calendar of one, its servers, a report as a file, the token shown once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jialiang.base.prefixes.selectors import prefix
from jialiang.functions import prefixes
from jialiang.governance.subordinate_nodes.models import ReceivedReport, SubordinateNode
from jialiang.governance.subordinate_nodes.selectors import proposals_of
from jialiang.security.tenancy.scope import scope
from tests.console.whole import faults_of
from tests.functions.prefix_verbs import SITE
from tests.ledger import World, build_world
from tests.subordinates import (
    NODE,
    OTHER_SITE,
    REGISTRATIONS,
    RESOLUTIONS,
    ROOT,
    ROUTES,
    Below,
    Report,
    below,
    deeds,
)


@dataclass
class Desk:
    """The institute, a node below it, and browsers of its people."""

    world: World
    node: Below
    people: dict[str, Any]

    def browser(self, username: str = "operator", language: str = "en") -> Client:
        client = Client()
        client.force_login(self.people[username])
        client.cookies["jialiang_language"] = language
        return client

    def path(self, name: str, *more: Any) -> str:
        return reverse(name, args=[self.node.node_id, *more])

    @property
    def proposal_id(self) -> Any:
        return proposals_of(self.node.node_id)[0].pk


@pytest.fixture
def desk(tenant, now, add_person, settings, tmp_path: Path) -> Iterator[Desk]:
    """A node with two reports, one late day and a server to be decided on."""
    settings.JIALIANG = replace(settings.JIALIANG, data_dir=tmp_path)
    with scope(tenant.id):
        world = build_world(tenant.id, now)
        node = below(world)
        prefixes.delegate(actor=node.operator, prefix_id=node.prefix_id, site=SITE, now=now)
        node.all_in([REGISTRATIONS, RESOLUTIONS, ROUTES, REGISTRATIONS.but(lines=deeds(4), revision=2)])
        SubordinateNode.objects.update(registered_at=now - timedelta(days=10))
        people = {
            "operator": add_person("operator", "identifier_operator", zh="许标识", en="Xu Biaoshi"),
            "quality": add_person("quality", "quality_manager", zh="秦质", en="Qin Zhi"),
            "technician": add_person("tech", "technician"),
        }
        yield Desk(world, node, people)


def text(answer: Any) -> str:
    content: str = answer.content.decode()
    return content


def pages(desk: Desk) -> list[str]:
    return [
        reverse("subordinate_nodes"), reverse("subordinate_node_new"), reverse("node_report_receive"),
        desk.path("subordinate_node"), desk.path("subordinate_node") + "?until=2026-06-15",
        desk.path("subordinate_node_token"), desk.path("subordinate_node_deed", "suspend"),
        desk.path("subordinate_node_deed", "resume"),
        reverse("site_proposal_accept", args=[desk.proposal_id]),
        reverse("site_proposal_refuse", args=[desk.proposal_id]),
        reverse("resolution_statistics") + "?since=2026-06-10&until=2026-06-15",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_whole(desk: Desk, language: str) -> None:
    for address in pages(desk):
        who = "quality" if "statistics" in address else "operator"
        answer = desk.browser(who, language).get(address)
        assert answer.status_code == 200, address
        assert faults_of(text(answer), language) == [], address


def test_the_list_shows_what_was_reported_last_and_what_is_late(desk: Desk) -> None:
    shown = text(desk.browser().get(reverse("subordinate_nodes")))
    for words in (NODE, "Morning Star node", "Morning Star Dairy", "late", "A server is to be decided on"):
        assert words in shown
    assert "逾期" in text(desk.browser(language="zh-hans").get(reverse("subordinate_nodes")))


def test_the_page_of_a_node_shows_days_findings_and_servers(desk: Desk) -> None:
    shown = text(desk.browser().get(desk.path("subordinate_node") + "?until=2026-06-15"))
    for words in ("revision 2", "The total was 3 and is 4 now", "203.0.113.9", "TCP", "1297", "see below",
                  "cannot be checked"):  # fmt: skip
        assert words in shown, words
    assert shown.count("late") >= 4
    assert 'href="?until=2026-05-15"' in shown


@pytest.mark.parametrize("until", ["nonsense", "", "1999-01-01", "9999-12-31"])
def test_a_day_that_makes_no_sense_is_today(desk: Desk, until: str) -> None:
    assert desk.browser().get(desk.path("subordinate_node"), {"until": until}).status_code == 200


def test_the_statistics_show_nodes_apart_from_the_own_numbers(desk: Desk) -> None:
    address = reverse("resolution_statistics") + "?since=2026-06-10&until=2026-06-15"
    shown = text(desk.browser("quality").get(address))
    assert "Reported by subordinate nodes" in shown
    assert "not among the numbers above" in shown
    row = shown[shown.index("Reported by subordinate nodes") :]
    for words in (NODE, "1297", "days are missing"):
        assert words in row
    assert "1297" not in shown[: shown.index("Reported by subordinate nodes")]


def test_who_only_watches_sees_and_does_nothing(desk: Desk) -> None:
    client = desk.browser("quality")
    shown = text(client.get(desk.path("subordinate_node")))
    for words in ("Suspend the node", "Renew the token", "Accept the server", "Take a report"):
        assert words not in shown
    for address in pages(desk)[1:3] + pages(desk)[5:10]:
        assert client.post(address).status_code == 403, address
    assert desk.browser("technician").get(reverse("subordinate_nodes")).status_code == 403


# --- registering ------------------------------------------------------------------------------------------------


def test_a_node_is_registered_and_its_token_stands_on_the_answer_alone(desk: Desk) -> None:
    operator = desk.node.operator
    facts = prefixes.PrefixFacts(text="88.101.6", holder_id=desk.world.mill_id)
    prefixes.add(actor=operator, facts=facts, now=desk.world.now)
    client, address = desk.browser(), reverse("subordinate_node_new")
    assert "88.101.6" in text(client.get(address))
    answer = client.post(address, {"prefix_text": "88.101.6", "name_zh": "白杨节点", "name_en": "", "root": ""})
    (token,) = set(re.findall(r"jl_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", text(answer)))
    assert "no-store" in answer["Cache-Control"]
    row = SubordinateNode.objects.get(prefix="88.101.6")
    assert token not in text(client.get(reverse("subordinate_node", args=[row.pk])))
    assert "http://testserver" in text(answer)


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({}, 409, "JL-"),
        ({"prefix_text": ""}, 422, "required"),
        ({"prefix_text": "99.9"}, 422, "99.9"),
        ({"name_zh": " "}, 422, "required"),
        ({"root": "nonsense"}, 422, "JL-NOD-005"),
    ],
)
def test_what_will_not_do_stands_beside_its_field(desk: Desk, given: dict[str, str], status: int, words: str) -> None:
    form = {"prefix_text": NODE, "name_zh": "节点", "name_en": "", "root": ""} | given
    answer = desk.browser().post(reverse("subordinate_node_new"), form)
    assert (answer.status_code, words in text(answer)) == (status, True), text(answer)[-3000:]
    assert SubordinateNode.objects.count() == 1


def test_a_root_is_known_from_then_on(desk: Desk) -> None:
    facts = prefixes.PrefixFacts(text="88.101.6", holder_id=desk.world.mill_id)
    prefixes.add(actor=desk.node.operator, facts=facts, now=desk.world.now)
    root = ROOT.body().decode().replace(NODE, "88.101.6")
    desk.browser().post(reverse("subordinate_node_new"), {"prefix_text": "88.101.6", "name_zh": "节点", "root": root})
    row = SubordinateNode.objects.get(prefix="88.101.6")
    shown = text(desk.browser().get(reverse("subordinate_node", args=[row.pk])))
    assert "are checked by the root of the node" in shown


def test_a_token_is_renewed(desk: Desk) -> None:
    answer = desk.browser().post(desk.path("subordinate_node_token"))
    assert "jl_" in text(answer)
    assert desk.node.made.token not in text(answer)


# --- what is done to a node -------------------------------------------------------------------------------------


def test_a_node_is_suspended_with_a_reason_and_resumed(desk: Desk) -> None:
    client, address = desk.browser(), desk.path("subordinate_node_deed", "suspend")
    assert client.post(address, {"state_reason": ""}).status_code == 422
    answer = client.post(address, {"state_reason": "超期"}, follow=True)
    assert "The node is suspended." in text(answer)
    assert "超期" in text(answer)
    assert "Resume the node" in text(answer)
    assert client.post(address, {"state_reason": "超期"}).status_code == 409
    answer = client.post(desk.path("subordinate_node_deed", "resume"), {"state_reason": ""}, follow=True)
    assert "The node is resumed." in text(answer)
    assert client.get(desk.path("subordinate_node_deed", "delete")).status_code == 404


def test_a_server_is_accepted(desk: Desk) -> None:
    client = desk.browser()
    assert "Accept the server" in text(client.get(desk.path("subordinate_node")))
    answer = client.post(reverse("site_proposal_accept", args=[desk.proposal_id]), {"state_reason": ""}, follow=True)
    assert "Accepted" in text(answer)
    assert prefix(desk.node.prefix_id).site == OTHER_SITE
    assert client.post(reverse("site_proposal_accept", args=[desk.proposal_id]), {}).status_code == 409


def test_a_server_is_refused_with_a_reason(desk: Desk) -> None:
    client, address = desk.browser(), reverse("site_proposal_refuse", args=[desk.proposal_id])
    assert client.post(address, {"state_reason": " "}).status_code == 422
    assert "Refused" in text(client.post(address, {"state_reason": "未约定"}, follow=True))
    assert prefix(desk.node.prefix_id).site == SITE


# --- reports as files -------------------------------------------------------------------------------------------


def upload(desk: Desk, report: Report | bytes, signature: str = "", language: str = "en") -> Any:
    data = report if isinstance(report, bytes) else report.data
    parts: dict[str, Any] = {"report": SimpleUploadedFile("r1.ndjson.gz", data)}
    if signature:
        parts["signature"] = SimpleUploadedFile("r1.ndjson.gz.jwt", signature.encode())
    return desk.browser(language=language).post(reverse("node_report_receive"), parts, follow=True)


def test_a_report_is_taken_from_a_file(desk: Desk) -> None:
    report = RESOLUTIONS.but(revision=2)
    assert "The report is accepted: 6 lines." in text(upload(desk, report))
    assert "was received before" in text(upload(desk, report))
    assert ReceivedReport.objects.filter(kind="resolutions", door="console").count() == 1


def test_a_signature_comes_beside_it(desk: Desk) -> None:
    report = RESOLUTIONS.but(revision=2)
    upload(desk, report, report.signed())
    assert ReceivedReport.objects.get(kind="resolutions", revision=2).signature == "unproven"
    assert "JL-NOD-009" in text(upload(desk, RESOLUTIONS.but(revision=3), "nonsense"))


@pytest.mark.parametrize(
    ("report", "status", "code"),
    [
        (b"no gzip", 422, "JL-NRP-001"),
        (REGISTRATIONS.but(lines=()), 409, "JL-NOD-006"),
        (REGISTRATIONS.but(revision=3, lines=(*deeds(1), *deeds(1, prefix="88.9"))), 422, "JL-NOD-008"),
    ],
    ids=["no gzip", "revision", "strange"],
)
def test_a_report_that_is_refused_says_why(desk: Desk, report: Any, status: int, code: str) -> None:
    before = ReceivedReport.objects.count()
    answer = upload(desk, report)
    assert (answer.status_code, code in text(answer)) == (status, True)
    assert ReceivedReport.objects.count() == before


def test_a_report_is_downloaded_as_it_came(desk: Desk) -> None:
    row = ReceivedReport.objects.get(kind="resolutions")
    answer = desk.browser("quality").get(reverse("received_report_file", args=[row.pk]))
    assert (answer.content, "attachment" in answer["Content-Disposition"]) == (RESOLUTIONS.data, True)
