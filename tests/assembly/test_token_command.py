"""``jialiang token create``: the first token of a person, made on the machine, printed once and put on record."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.assembly.installation import PASSWORD, founded, use_folder

from jialiang.assembly.arguments import parser
from jialiang.assembly.cli import main
from jialiang.assembly.founding import Founded
from jialiang.governance.outbox.selectors import events_after
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.accounts.services import create_person, deactivate, grant_role
from jialiang.security.audit.models import AuditRecord
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tokens.models import ApiToken

pytestmark = pytest.mark.django_db
Run = Callable[..., tuple[int, str, str]]
WORDS = ("token", "create", "--tenant", "nim", "--person", "nim-admin", "--name", "bench PC")


@pytest.fixture(autouse=True)
def made(settings, tmp_path: Path) -> Founded:
    use_folder(settings, tmp_path / "data")
    return founded(utc_now())


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def running(*words: str) -> tuple[int, str, str]:
        status = main(words)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return running


def opens(text: str) -> dict[str, Any]:
    """What the interface says of whoever shows a token."""
    response = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {text}"})
    return {"status": response.status_code, **response.json()}


def tokens() -> list[ApiToken]:
    with everywhere("look"):
        return list(ApiToken.objects.all())


def test_the_token_that_is_printed_opens_the_door_as_that_person(run: Run, made: Founded) -> None:
    status, out, err = run(*WORDS, "--json")
    told = json.loads(out)
    assert (status, err) == (0, "")
    assert set(told) == {"token", "id", "person", "name", "roles", "expires_at"}
    assert (told["person"], told["name"], told["roles"]) == ("nim-admin", "bench PC", [])
    me = opens(told["token"])
    assert (me["status"], me["person_id"]) == (200, str(made.administrator.pk))
    assert me["roles"] == ["system_administrator"]
    assert opens(told["token"][:-1] + "!")["status"] == 401


def test_it_is_told_once_and_kept_as_a_digest(run: Run) -> None:
    told = json.loads(run(*WORDS, "--json")[1])
    secret = told["token"].split("_", 2)[2]
    (row,) = tokens()
    assert str(row.pk) == told["id"]
    assert all(secret not in str(value) for value in vars(row).values())
    with everywhere("look"):
        written = [json.dumps(act.detail) for act in AuditRecord.objects.all()]
    assert not any(secret in act for act in written)


def test_the_act_is_the_command_line_s_and_names_the_person(run: Run, made: Founded) -> None:
    run(*WORDS, "--days", "7", "--role", "system_administrator")
    with scope(made.tenant.pk):
        act = AuditRecord.objects.order_by("-seq").first()
        (event,) = [event for event in events_after(0) if event.name == "token.created"]
        (row,) = ApiToken.objects.all()
    assert act is not None
    assert (act.action, act.door, act.actor_id) == ("token.create_for_another", "cli", None)
    assert act.detail["person"] == "nim-admin"
    assert act.detail["roles"] == ["system_administrator"]
    assert act.detail["prefix"] == row.prefix
    assert event.data == {"prefix": row.prefix}


@pytest.mark.parametrize(
    ("language", "until", "once"),
    [("zh", "有效至 ", "只显示这一次"), ("en", "It ends on ", "shown this once")],
)
def test_the_text_speaks_the_language_asked_for(run: Run, language: str, until: str, once: str) -> None:
    status, out, err = run(*WORDS, "--lang", language)
    lines = out.splitlines()
    assert (status, err, len(lines)) == (0, "", 3)
    assert opens(lines[0])["status"] == 200
    assert lines[1].startswith(until)
    assert once in lines[2]


@pytest.mark.parametrize(("days", "lasts"), [((), 90), (("--days", "1"), 1), (("--days", "366"), 366)])
def test_it_lasts_as_long_as_was_said(run: Run, days: tuple[str, ...], lasts: int) -> None:
    before = utc_now()
    told = json.loads(run(*WORDS, *days, "--json")[1])
    ends = datetime.fromisoformat(told["expires_at"])
    assert before + timedelta(days=lasts, seconds=-1) <= ends <= utc_now() + timedelta(days=lasts)


WRONG: list[tuple[dict[str, str], str]] = [
    ({"--tenant": "nobody"}, "JL-TEN-003"),
    ({"--person": "nobody"}, "JL-ACC-001"),
    ({"--person": ""}, "JL-ACC-001"),
    ({"--name": ""}, "JL-TOK-005"),
    ({"--name": "   "}, "JL-TOK-005"),
    ({"--name": "x" * 61}, "JL-TOK-005"),
    ({"--days": "0"}, "JL-TOK-002"),
    ({"--days": "367"}, "JL-TOK-002"),
    ({"--days": "-1"}, "JL-TOK-002"),
    ({"--role": "signatory"}, "JL-TOK-003"),
    ({"--role": "no_such_role"}, "JL-TOK-003"),
]


@pytest.mark.parametrize(("change", "code"), WRONG)
def test_what_is_wrong_ends_with_2_and_makes_nothing(run: Run, change: dict[str, str], code: str) -> None:
    given = dict(zip(WORDS[2::2], WORDS[3::2], strict=True)) | change
    words = [f"{name}={text}" for name, text in given.items()]
    status, out, _ = run("token", "create", *words, "--json")
    error = json.loads(out)["error"]
    assert (status, error["code"]) == (2, code)
    assert error["way_out"]["zh"]
    assert tokens() == []
    with everywhere("look"):
        assert not AuditRecord.objects.filter(action="token.create_for_another").exists()


def test_a_person_of_another_institute_is_not_known(run: Run, made: Founded) -> None:
    founded(utc_now(), "other", 2)
    status, out, _ = run(*WORDS[:5], "other-admin", "--name", "x", "--json")
    assert (status, json.loads(out)["error"]["code"]) == (2, "JL-ACC-001")
    assert tokens() == []


def test_a_closed_account_gets_no_token(run: Run, made: Founded) -> None:
    with scope(made.tenant.pk):
        deactivate(person_id=made.administrator.pk, now=utc_now())
    status, out, _ = run(*WORDS, "--json")
    assert (status, json.loads(out)["error"]["code"]) == (2, "JL-ACC-009")


def test_a_role_that_is_not_held_today_cannot_be_put_on_it(run: Run, made: Founded) -> None:
    now = utc_now()
    with scope(made.tenant.pk):
        person = create_person(
            tenant_id=made.tenant.pk, username="later", password=PASSWORD, name=Text("后来", "Later"), now=now
        )
        begins = now.date() + timedelta(days=3)
        grant_role(person_id=person.pk, role="technician", valid_from=begins, granted_by_id=None, now=now)
    words = ("token", "create", "--tenant", "nim", "--person", "later", "--name", "x", "--json")
    assert json.loads(run(*words, "--role", "technician")[1])["error"]["code"] == "JL-TOK-003"
    status, out, _ = run(*words)
    assert status == 0
    assert opens(json.loads(out)["token"])["roles"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("token",),
        ("token", "create"),
        ("token", "create", "--tenant", "nim"),
        ("token", "create", "--tenant", "nim", "--person", "a"),
        ("token", "revoke", "--tenant", "nim"),
        (*WORDS, "--days", "ninety"),
    ],
)
def test_wrong_use_ends_with_2_and_the_usage(words: tuple[str, ...], capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(words)
    assert ended.value.code == 2
    assert "usage: jialiang token" in capsys.readouterr().err
