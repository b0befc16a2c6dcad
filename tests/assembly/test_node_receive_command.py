"""``jialiang node receive FILE``: a report that came as a file, its signature beside it, and the exit status."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.assembly.installation import Founded, founded, use_folder
from tests.ledger import World
from tests.subordinates import NODE, REGISTRATIONS, RESOLUTIONS, below, deed

from jialiang.assembly.cli import main
from jialiang.base.organizations.selectors import own_organization
from jialiang.governance.subordinate_nodes.models import ReceivedReport
from jialiang.kernel.clock import utc_now
from jialiang.security.tenancy.scope import scope

pytestmark = pytest.mark.django_db
Run = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture(autouse=True)
def made(settings, tmp_path: Path) -> Founded:
    """An installation with a node of 88.101.5, whose prefix the institute holds itself."""
    use_folder(settings, tmp_path / "data")
    made = founded(utc_now())
    with scope(made.tenant.pk):
        own = own_organization().id
        below(World(made.tenant.pk, utc_now(), own, own, own), with_root=True)
    return made


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def running(*words: str) -> tuple[int, dict[str, object]]:
        status = main(("node", "receive", *words, "--json"))
        return status, json.loads(capsys.readouterr().out)

    return running


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / REGISTRATIONS.header.file_name
    path.write_bytes(REGISTRATIONS.data)
    return path


def test_a_report_is_taken_and_the_second_time_told_so(run: Run, file: Path) -> None:
    status, told = run(str(file))
    assert (status, told["node"], told["kind"], told["lines"], told["new"]) == (0, NODE, "registrations", 3, True)
    assert told["digest"] == f"sha-256:{REGISTRATIONS.digest}"
    assert told["sums"] == {"total": 3, "deed": {"registered": 3}}
    status, again = run(str(file))
    assert (status, again["new"], again["id"]) == (0, False, told["id"])
    assert ReceivedReport.objects.get().door == "cli"


def test_the_signature_beside_a_report_is_read_and_so_is_one_that_is_named(run: Run, file: Path, tmp_path) -> None:
    assert run(str(file))[1]["signature"] == "none"
    second = tmp_path / RESOLUTIONS.header.file_name
    second.write_bytes(RESOLUTIONS.data)
    Path(f"{second}.jwt").write_text(RESOLUTIONS.signed())
    assert run(str(second))[1]["signature"] == "valid"
    third = RESOLUTIONS.but(revision=2)
    second.write_bytes(third.data)
    (tmp_path / "other").write_text(third.signed())
    assert run(str(second), "--signature", str(tmp_path / "other"))[1]["signature"] == "valid"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no gzip", "JL-NRP-001"),
        (REGISTRATIONS.but(node="88.102").data, "JL-NOD-004"),
        (REGISTRATIONS.but(lines=(deed(identifier="88.1/x", prefix="88.1"),)).data, "JL-NOD-008"),
    ],
    ids=["no gzip", "no node", "strange"],
)
def test_a_report_that_is_refused_ends_with_2(run: Run, file: Path, data: bytes, code: str) -> None:
    file.write_bytes(data)
    status, told = run(str(file))
    assert (status, told["error"]["code"]) == (2, code)
    assert not ReceivedReport.objects.exists()


def test_what_is_said_is_said_in_the_language_asked_for(file: Path, capsys) -> None:
    assert main(("node", "receive", str(file), "--lang", "zh")) == 0
    assert "已接受" in capsys.readouterr().out
    assert main(("node", "receive", str(file), "--lang", "en")) == 0
    assert "received before" in capsys.readouterr().out
    file.write_bytes(replace(REGISTRATIONS, lines=(deed(),), revision=2).data)
    assert main(("node", "receive", str(file), "--lang", "en")) == 0
    assert "The total was 3 and is 1 now" in capsys.readouterr().out
