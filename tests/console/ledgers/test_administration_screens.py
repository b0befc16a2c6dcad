"""Organizations, people, audit, keys, jobs and the profile on screen."""

import re
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from jialiang.base.organizations.selectors import (
    contacts_of,
    organization,
    organization_by_credit_code,
    sites_of,
)
from jialiang.console.administration.people import cell_of
from jialiang.console.administration.words import DEEDS
from jialiang.governance.jobs.models import Job
from jialiang.kernel.ids import new_id
from jialiang.security.accounts.models import Person, RoleAssignment
from jialiang.security.accounts.selectors import roles_of
from jialiang.security.audit.models import AuditRecord
from jialiang.security.keys.services import create_authority, issue_seal
from jialiang.security.policy import matrix
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from tests.console.ledgers.conftest import Things
from tests.console.people import PASSWORD
from tests.ledger import credit_code

pytestmark = pytest.mark.django_db


def company(**members: str) -> dict[str, str]:
    return {
        "name_zh": "新星纺织厂",
        "kind": "enterprise",
        "country_code": "cn",
        "credit_code": credit_code(77),
        **members,
    }


def test_an_organization_is_registered_and_its_code_shown_to_agree(
    desk: Callable[..., Client], things: Things
) -> None:
    answer = desk("receptionist").post("/organizations/new", company(), follow=True)
    assert "the check character agrees" in answer.content.decode()
    with scope(things.world.tenant_id):
        assert organization_by_credit_code(credit_code(77)).country_code == "CN"


@pytest.mark.parametrize("code", ["91370000MA0000077X"[:17], credit_code(77)[:-1] + "?", ""])
def test_a_code_that_does_not_hold_is_said_beside_the_field(
    desk: Callable[..., Client], things: Things, code: str
) -> None:
    answer = desk("receptionist", language="zh-hans").post("/organizations/new", company(credit_code=code))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "JL-ORG-00" in html
    assert "新星纺织厂" in html


def test_a_code_that_another_has_is_a_conflict(desk: Callable[..., Client], things: Things) -> None:
    client = desk("receptionist")
    client.post("/organizations/new", company())
    assert client.post("/organizations/new", company(name_zh="别家")).status_code == 409


def test_an_organization_is_changed_with_its_sites_and_contacts(
    desk: Callable[..., Client], things: Things
) -> None:
    client, url = desk("receptionist"), f"/organizations/{things.world.mill_id}/"
    page = client.get(f"{url}change")
    form = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    assert client.post(f"{url}change", form | {"phone": "0531-9"}).status_code == 302
    assert client.post(f"{url}site", {"name_zh": "南厂区"}).status_code == 302
    assert client.post(f"{url}contact", {"name": "马六"}).status_code == 422
    assert client.post(f"{url}contact", {"name": "马六", "phone": "1"}).status_code == 302
    with scope(things.world.tenant_id):
        assert organization(things.world.mill_id).phone == "0531-9"
        assert len(sites_of(things.world.mill_id)) == len(contacts_of(things.world.mill_id)) == 1


@pytest.mark.parametrize(
    ("start", "end", "state"),
    [
        (date(2020, 1, 1), None, "yes"),
        (date(2020, 1, 1), date(2026, 6, 15), "lapsed"),
        (date(2020, 1, 1), date(2026, 6, 16), "ending"),
        (date(2020, 1, 1), date(2026, 7, 16), "ending"),
        (date(2020, 1, 1), date(2026, 7, 17), "yes"),
        (date(2026, 6, 17), None, "ahead"),
    ],
)
def test_a_role_is_shown_as_it_stands_on_the_day(start: date, end: date | None, state: str) -> None:
    assert cell_of(start, end, date(2026, 6, 16)).state == state


def newcomer(**members: str) -> dict[str, str]:
    return {"username": "wang.wu", "name_zh": "王五", "password": "seven bronze vessels", **members}


def test_a_person_is_added_and_given_a_role_that_is_taken_again(
    desk: Callable[..., Client], things: Things
) -> None:
    client = desk("system_administrator")
    assert client.post("/people/new", newcomer()).status_code == 302
    person = Person.objects.get(username="wang.wu")
    url = f"/people/{person.pk}/"
    granted = {"role": "technician", "valid_from": "2020-01-01", "valid_until": ""}
    assert client.post(f"{url}grant", granted).status_code == 302
    matrix_page = client.get("/people/").content.decode()
    assert "王五" in matrix_page
    assert client.post(f"{url}grant", granted | {"role": "customer"}).status_code == 403
    assert client.post(f"{url}grant", granted | {"valid_until": "2019-01-01"}).status_code == 422
    assert client.post(f"{url}revoke/technician").status_code == 302
    with scope(things.world.tenant_id):
        assert roles_of(person.pk, date(2026, 6, 16)) == frozenset()
    assert client.post(f"{url}revoke/technician").status_code == 404
    assert client.post(f"{url}deactivate").status_code == 302
    assert not Person.objects.get(pk=person.pk).is_active


@pytest.mark.parametrize(
    ("changed", "status"),
    [({"password": "short"}, 422), ({"name_zh": ""}, 422), ({"username": "li.xiaoliang"}, 409)],
)
def test_what_is_wrong_with_a_new_person_is_said_and_the_password_never_comes_back(
    desk: Callable[..., Client], changed: dict[str, str], status: int
) -> None:
    answer = desk("system_administrator").post("/people/new", newcomer(**changed))
    html = answer.content.decode()
    assert answer.status_code == status
    assert "seven bronze vessels" not in html
    assert 'value="wang.wu"' in html or changed.get("username")


def test_nobody_changes_the_own_roles(desk: Callable[..., Client], things: Things) -> None:
    client = desk("system_administrator")
    me = Person.objects.get(username="li.xiaoliang")
    answer = client.post(f"/people/{me.pk}/grant", {"role": "signatory", "valid_from": "2020-01-01"})
    assert answer.status_code == 403
    assert "JL-PER-001" in answer.content.decode()
    assert client.post(f"/people/{me.pk}/deactivate").status_code == 403
    assert RoleAssignment.objects.model is RoleAssignment
    assert "another administrator changes your roles" in client.get(f"/people/{me.pk}/").content.decode()


def test_the_audit_trail_is_browsed_filtered_and_proven(desk: Callable[..., Client], things: Things) -> None:
    client = desk("auditor")
    everything = client.get("/audit/").content.decode()
    assert "Instrument registered" in everything
    filtered = client.get("/audit/?action=commission.open")
    assert {act.row.action for act in filtered.context["acts"]} == {"commission.open"}
    assert "The chain holds." in client.get("/audit/?verify=1").content.decode()
    last = client.get("/audit/").context["acts"][-1].row.seq
    older = client.get(f"/audit/?before={last}")
    assert all(act.row.seq < last for act in older.context["acts"])


def test_a_broken_chain_is_told_with_its_place(
    desk: Callable[..., Client], things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jialiang.security.audit.selectors.record_hash", lambda row: "0" * 64)
    html = desk("auditor", language="zh-hans").get("/audit/?verify=1").content.decode()
    assert "链条断裂" in html
    assert "一条记录被改动" in html


def test_every_action_that_can_be_on_record_has_words() -> None:
    reads = re.compile(r".*\.(read|read_received|preview|create)$")
    assert {action for action in matrix() if not reads.match(action)} - set(DEEDS) == set()


def test_a_seal_is_shown_issued_and_revoked(
    desk: Callable[..., Client], things: Things, tenant: Tenant, now: datetime
) -> None:
    create_authority(now)
    with scope(tenant.id):
        key = issue_seal(tenant, organization(things.world.own_id).name, credit_code(1), now)
    client = desk("system_administrator")
    html = client.get("/keys/").content.decode()
    assert key.serial_number in html
    assert "Fingerprint (SHA-256)" in html
    assert client.post("/keys/new").status_code == 302
    assert client.post(f"/keys/{key.id}/revoke", {"reason": "because"}).status_code == 422
    assert client.post(f"/keys/{key.id}/revoke", {"reason": "superseded"}).status_code == 302
    assert client.post(f"/keys/{key.id}/revoke", {"reason": "superseded"}).status_code == 409
    assert client.get(f"/keys/{things.standard.id}/revoke").status_code == 404
    shown = client.get("/keys/").content.decode()
    assert "Replaced by a new key" in shown
    with scope(tenant.id):
        assert {"signing_key.issue", "signing_key.revoke"} <= set(
            AuditRecord.objects.values_list("action", flat=True)
        )


def test_a_job_that_was_given_up_is_shown_and_revived(
    desk: Callable[..., Client], things: Things, now: datetime
) -> None:
    with scope(things.world.tenant_id):
        job = Job.objects.create(
            id=new_id(now), tenant_id=things.world.tenant_id, kind="certificate.finish", subject_id=things.item.id,
            state="dead", attempts=8, not_before=now, created_at=now, finished_at=now, last_error="<b>disk full</b>",
        )  # fmt: skip
    client = desk("system_administrator")
    html = client.get("/health/").content.decode()
    assert "&lt;b&gt;disk full&lt;/b&gt;" in html
    assert client.get(f"/health/jobs/{job.id}/revive").status_code == 405
    assert client.post(f"/health/jobs/{job.id}/revive").status_code == 302
    assert client.post(f"/health/jobs/{job.id}/revive").status_code == 404
    with scope(things.world.tenant_id):
        assert Job.objects.get(pk=job.id).state == "ready"
        assert AuditRecord.objects.filter(action="job.revive").count() == 1


def test_only_administrators_revive(desk: Callable[..., Client], things: Things) -> None:
    assert desk("quality_manager").post(f"/health/jobs/{things.item.id}/revive").status_code == 403


def test_the_profile_names_roles_language_and_the_ways_to_security(desk: Callable[..., Client]) -> None:
    client = desk("technician", language="zh-hans")
    html = client.get("/profile").content.decode()
    assert "校准人员" in html
    assert "/account/security/" in html
    assert PASSWORD not in html
