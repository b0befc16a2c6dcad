"""``jialiang node …``: reports of a day as files, sending them, and applying at the node above."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from tests.assembly.installation import founded, use_folder
from tests.upper_node import REFUSED, TOKEN, Said, UpperNodeHere, upper_node

from jialiang.assembly.cli import main
from jialiang.assembly.duties import make_late_node_reports, make_node_reports, send_node_reports
from jialiang.assembly.founding import founder
from jialiang.formats.handle.count_log import Counted
from jialiang.formats.handle.trust import is_signed_by
from jialiang.formats.node_report.header import KINDS
from jialiang.formats.node_report.reading import read
from jialiang.functions.identifiers import register
from jialiang.functions.resolution_statistics import freeze_days
from jialiang.functions.trust_chain import root_of
from jialiang.governance.node_reports.models import SentReport
from jialiang.governance.node_reports.selectors import count_outstanding
from jialiang.governance.resolution_counts.services import count_here
from jialiang.kernel.clock import local_date, utc_now
from jialiang.security.keys.selectors import authority
from jialiang.security.tenancy.scope import scope

pytestmark = pytest.mark.django_db
Run = Callable[..., tuple[int, Any, str]]
ZONE = "Asia/Shanghai"


@pytest.fixture
def now() -> datetime:
    return utc_now()


@pytest.fixture(autouse=True)
def day(settings, tmp_path: Path, now: datetime) -> str:
    """An installation that registered a name yesterday; the day is frozen."""
    use_folder(settings, tmp_path / "data", node_report_hour=0)
    made = founded(now)
    with scope(made.tenant.pk):
        prefix = settings.JIALIANG.identifier_prefix
        yesterday = now - timedelta(days=1)
        register(actor=founder(made.tenant), name=f"{prefix}/WLB-7", values=(), now=yesterday)
    first = local_date(now, ZONE) - timedelta(days=1)
    freeze_days(first=first, time_zone=ZONE, now=now + timedelta(minutes=11))
    return first.isoformat()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def running(*words: str) -> tuple[int, Any, str]:
        status = main(("node", *words, "--json"))
        printed = capsys.readouterr()
        return status, json.loads(printed.out), printed.err

    return running


@pytest.fixture
def here(settings) -> Iterator[UpperNodeHere]:
    with upper_node() as served:
        settings.JIALIANG = replace(settings.JIALIANG, upper_node=served.address, upper_node_token=TOKEN)
        yield served


def test_the_reports_of_a_day_become_files_that_can_be_read_and_verified(run: Run, tmp_path: Path, day: str) -> None:
    folder = tmp_path / "new" / "out"
    status, told, _ = run("report", "--day", day, "-o", str(folder))
    assert status == 0
    assert [row["kind"] for row in told["reports"]] == list(KINDS)
    names = {path.name for path in folder.iterdir()}
    assert names == {row["file"] for row in told["reports"]} | {f"{row['file']}.jwt" for row in told["reports"]}
    root = root_of(authority())
    for row in told["reports"]:
        data = (folder / row["file"]).read_bytes()
        assert sha256(data).hexdigest() == row["sha256"]
        header, lines = read(BytesIO(data))
        assert (header.node, len(list(lines))) == ("88.999.1", row["lines"])
        assert is_signed_by((folder / f"{row['file']}.jwt").read_text(), root.key)


def test_one_kind_alone_and_no_files(run: Run, day: str) -> None:
    status, told, _ = run("report", "--day", day, "--kind", "registrations")
    assert status == 0
    (row,) = told["reports"]
    assert (row["kind"], row["revision"], row["state"]) == ("registrations", 1, "made")


@pytest.mark.parametrize("given", ["2020-01-01", "yesterday", "2026-13-01"])
def test_a_day_that_cannot_be_reported_ends_with_2(run: Run, given: str) -> None:
    status, told, _ = run("report", "--day", given)
    assert (status, told["error"]["code"]) == (2, "JL-UPN-003")


def test_reports_are_listed_with_their_states(run: Run, day: str) -> None:
    assert run("reports")[1] == {"reports": []}
    run("report", "--day", day)
    status, told, _ = run("reports", "--days", "3")
    assert status == 0
    assert [row["state"] for row in told["reports"]] == ["made"] * 4
    SentReport.objects.filter(kind="routes").update(state="refused", problem_en="no", problem_zh="不")
    status, told, _ = run("reports")
    assert status == 1
    assert told["reports"][3]["problem"] == {"zh": "不", "en": "no"}


def test_words_for_people_are_in_the_language_asked_for(capsys: pytest.CaptureFixture[str], day: str) -> None:
    assert main(("node", "report", "--day", day, "--lang", "en")) == 0
    shown = capsys.readouterr().out
    assert "lines" in shown
    assert "To be sent" in shown
    assert main(("node", "reports", "--lang", "zh")) == 0
    assert "待上报" in capsys.readouterr().out


def test_everything_outstanding_is_sent_now(run: Run, day: str, here: UpperNodeHere) -> None:
    run("report", "--day", day)
    status, told, _ = run("send")
    assert status == 0
    assert [row["kind"] for row in told["accepted"]] == list(KINDS)
    assert told["waiting"] == []
    assert len(here.kept) == 4
    assert run("send")[1] == {"accepted": [], "waiting": []}


def test_what_cannot_be_sent_is_told_with_status_1_or_2(run: Run, day: str, here: UpperNodeHere) -> None:
    run("report", "--day", day)
    here.instead = lambda asked: Said(503, {}) if asked.method == "POST" else None
    status, told, _ = run("send")
    assert (status, len(told["waiting"])) == (1, 4)
    here.instead = lambda asked: Said(403, REFUSED)
    status, told, _ = run("send")
    assert (status, told["error"]["code"]) == (2, "JL-UPN-007")


def test_without_a_node_above_sending_says_what_to_set(run: Run) -> None:
    status, told, _ = run("send")
    assert (status, told["error"]["code"]) == (2, "JL-UPN-005")
    assert "JIALIANG_UPPER_NODE" in told["error"]["way_out"]["en"]


def test_a_prefix_is_applied_for_with_documents(run: Run, here: UpperNodeHere, tmp_path: Path) -> None:
    licence = tmp_path / "营业执照.pdf"
    licence.write_bytes(b"%PDF-1.7 fictional")
    status, told, _ = run("apply", "--parent", "88.111", "--purpose", "温度计", "--code", "7", str(licence))
    assert (status, told["state"]) == (0, "submitted")
    assert b"%PDF-1.7 fictional" in here.asked[-1].body
    status, told, _ = run("applications")
    assert status == 0
    assert [row["state"] for row in told["applications"]] == ["submitted"]


def test_a_document_that_is_not_there_is_told(run: Run, here: UpperNodeHere, tmp_path: Path) -> None:
    status, told, _ = run("apply", "--parent", "88.111", "--purpose", "x", str(tmp_path / "none.pdf"))
    assert (status, told["error"]["code"]) == (2, "JL-CLI-001")
    assert here.asked == []


def test_once_granted_the_next_step_is_told(
    here: UpperNodeHere, capsys: pytest.CaptureFixture[str]
) -> None:
    here.applications.append({"id": "a-0", "state": "submitted", "wished_code": "7"})
    assert main(("node", "applications", "--lang", "en")) == 0
    assert "delegate" not in capsys.readouterr().out
    here.applications[0]["state"] = "approved"
    assert main(("node", "applications", "--lang", "en")) == 0
    assert "delegate the prefix to this node" in capsys.readouterr().out


def test_the_worker_makes_compares_and_sends(here: UpperNodeHere, now: datetime) -> None:
    later = now + timedelta(minutes=15)
    make_node_reports(later)
    assert count_outstanding() == 4
    count_here(Counted("page", "found"), 2, now - timedelta(days=1))
    make_late_node_reports(later)
    assert count_outstanding() == 5
    SentReport.objects.update(not_before=now)
    send_node_reports(later)
    assert count_outstanding() == 0
    assert len(here.kept) == 5
