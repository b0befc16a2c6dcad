"""Founding: once, whole, and without harm when repeated."""

import stat
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.assembly.installation import PASSWORD, credit_code, founded, institute, use_folder

from jialiang.assembly.founding import (
    OtherInstitute,
    found,
    found_platform,
    founder,
    slug_of,
)
from jialiang.base.organizations.selectors import own_organization
from jialiang.formats.public_keys import unknown_key
from jialiang.governance.outbox.selectors import events_after
from jialiang.governance.publication.selectors import answer
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.security.accounts.errors import BadPerson, PasswordTooWeak
from jialiang.security.accounts.selectors import actor_of, roles_of
from jialiang.security.audit.selectors import page, verify_chain
from jialiang.security.keys.selectors import authority_certificate, has_authority, seal_for, signing_keys
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import tenants

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    use_folder(settings, tmp_path / "data")


def never() -> str:
    raise AssertionError("the password was asked for")


def test_an_institute_is_founded_with_everything_it_needs(now: datetime) -> None:
    made = founded(now)
    assert made.steps == ("authority", "answers", "institute", "seal", "administrator")
    with scope(made.tenant.pk):
        own = own_organization()
        assert (own.credit_code, own.short_code, own.kind) == (credit_code(1), "NIM", "institute")
        assert roles_of(made.administrator.pk, now.date()) == {"system_administrator"}
        assert [event.name for event in events_after(0)] == [
            "organization.registered",
            "prefix.added",
            "person.added",
            "person.role_granted",
        ]
        assert {record.action for record in page()} == {
            "organization.register",
            "prefix.add",
            "person.add",
            "person.grant_role",
        }
        assert {record.actor_name_en for record in page()} == {"Command line"}
    assert verify_chain(made.tenant.pk) == []
    assert made.administrator.check_password(PASSWORD)
    assert actor_of(made.administrator.pk, now.date(), "console").holds("system_administrator")


def test_the_seal_is_under_the_authority_and_names_the_institute(now: datetime) -> None:
    made = founded(now)
    assert made.seal.certificate.issuer == authority_certificate().subject
    made.seal.certificate.verify_directly_issued_by(authority_certificate())
    assert credit_code(1) in made.seal.certificate.subject.rfc4514_string()


def test_founding_again_changes_nothing_and_asks_no_password(now: datetime) -> None:
    first = founded(now)
    again = found(institute(), username="nim-admin", password=never, now=now + timedelta(days=1))
    assert again.steps == ()
    assert (again.tenant, again.administrator, again.seal.id) == (
        first.tenant,
        first.administrator,
        first.seal.id,
    )
    with scope(first.tenant.pk):
        assert len(page()) == 4
        assert len(signing_keys()) == 1


def test_a_second_institute_shares_the_authority(now: datetime) -> None:
    first, second = founded(now), founded(now, "other", 2)
    assert second.steps == ("institute", "seal", "administrator")
    assert first.seal.certificate.issuer == second.seal.certificate.issuer
    assert [tenant.slug for tenant in tenants()] == ["nim", "other"]


def test_a_short_name_stands_for_one_institute_only(now: datetime) -> None:
    founded(now)
    with pytest.raises(OtherInstitute) as caught:
        found(institute("nim", 2), username="x-admin", password=lambda: PASSWORD, now=now)
    assert caught.value.facts["given"] == credit_code(2)
    assert credit_code(1) in caught.value.facts["there"]


@pytest.mark.parametrize(
    ("username", "password", "problem"),
    [
        ("admin", "short", PasswordTooWeak),
        ("admin", "password123", PasswordTooWeak),
        ("Bad Name", PASSWORD, BadPerson),
        ("", PASSWORD, BadPerson),
    ],
)
def test_a_bad_administrator_leaves_nothing_founded(
    now: datetime, username: str, password: str, problem: type[JialiangError]
) -> None:
    with pytest.raises(problem):
        found(institute(), username=username, password=lambda: password, now=now)
    assert tenants() == []
    assert not has_authority()


def test_a_wrong_credit_code_leaves_nothing_founded(now: datetime) -> None:
    wrong = institute()
    wrong = replace(wrong, facts=replace(wrong.facts, credit_code=credit_code(1)[:-1] + "W"))
    with pytest.raises(JialiangError, match="JL-ORG"):
        found(wrong, username="admin", password=lambda: PASSWORD, now=now)
    assert tenants() == []


def test_a_seal_that_has_ended_is_followed_by_a_new_one(now: datetime) -> None:
    first = founded(now)
    later = now + timedelta(days=731)
    again = found(institute(), username="nim-admin", password=never, now=later)
    assert again.steps == ("seal",)
    assert again.seal.id != first.seal.id
    assert seal_for(first.tenant, later).valid_until > later


def test_a_seal_whose_key_did_not_come_along_is_followed_by_a_new_one(now: datetime, tmp_path: Path) -> None:
    first = founded(now)
    for file in (tmp_path / "data" / "keys").glob("seal-*.pem"):
        file.unlink()
    again = found(institute(), username="nim-admin", password=never, now=now + timedelta(seconds=1))
    assert again.steps == ("seal",)
    assert again.seal.id != first.seal.id
    assert again.seal.signer.sign(b"data")


def test_the_unknown_is_answered_from_the_beginning(now: datetime) -> None:
    assert found_platform(now) == ["authority", "answers"]
    assert found_platform(now) == []
    body = answer(unknown_key("zh"))
    assert body is not None
    assert b"<html" in body.body


def test_the_data_folder_is_the_owner_s_only(now: datetime, tmp_path: Path) -> None:
    founded(now)
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert all(stat.S_IMODE(p.stat().st_mode) == 0o600 for p in (tmp_path / "data" / "keys").iterdir())


@pytest.mark.parametrize(
    ("short_code", "slug"),
    [
        ("NIM", "nim"),
        ("GJ", "institute-gj"),
        ("3M1", "institute-3m1"),
        ("A1B2", "a1b2"),
        ("X", "institute-x"),
    ],
)
def test_the_short_name_is_made_from_the_short_code(short_code: str, slug: str) -> None:
    assert slug_of(short_code) == slug


def test_the_founder_is_the_program_at_the_command_line(now: datetime) -> None:
    made = founded(now)
    actor = founder(made.tenant)
    assert (actor.is_system, actor.door, actor.name) == (True, "cli", Text("命令行", "Command line"))
