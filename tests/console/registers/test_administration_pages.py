"""People, roles, audit, keys, jobs and the profile: what stands in the matrix, what is refused, what is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import translation

from jialiang.console.administration.addresses import stopped_jobs
from jialiang.console.administration.forms import REASONS
from jialiang.console.administration.people import Cell, cell_of
from jialiang.console.administration.words import DEEDS, JOBS, deed, job_name
from jialiang.console.asking import this_day
from jialiang.governance.jobs.models import Job
from jialiang.kernel.clock import utc_now
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.accounts.models import Person, RoleAssignment
from jialiang.security.accounts.services import grant_role
from jialiang.security.audit.models import AuditRecord
from jialiang.vocabulary.roles import roles
from tests.console.people import PASSWORD
from tests.console.registers.conftest import Registers

ON = date(2026, 6, 16)


def text(answer: Any) -> str:
    return answer.content.decode()


def grant(person: Person, role: str, begins: int, ends: int | None = None) -> None:
    """Grant a role from and until so many days from today."""
    today = this_day()
    grant_role(
        person_id=person.pk,
        role=role,
        valid_from=today + timedelta(days=begins),
        valid_until=None if ends is None else today + timedelta(days=ends),
        granted_by_id=None,
        now=utc_now(),
    )


@pytest.mark.parametrize(
    ("begins", "ends", "cell"),
    [
        (ON, None, Cell("yes", None)),
        (ON - timedelta(days=400), None, Cell("yes", None)),
        (ON, ON + timedelta(days=31), Cell("yes", ON + timedelta(days=31))),
        (ON, ON + timedelta(days=30), Cell("ending", ON + timedelta(days=30))),
        (ON - timedelta(days=9), ON, Cell("ending", ON)),
        (ON - timedelta(days=9), ON - timedelta(days=1), Cell("lapsed", ON - timedelta(days=1))),
        (ON + timedelta(days=1), None, Cell("ahead", ON + timedelta(days=1))),
        (ON + timedelta(days=1), ON + timedelta(days=2), Cell("ahead", ON + timedelta(days=1))),
    ],
)
def test_a_grant_on_a_day(begins: date, ends: date | None, cell: Cell) -> None:
    assert cell_of(begins, ends, ON) == cell


@pytest.mark.parametrize(
    ("grants", "state"),
    [
        ([], "no"),
        ([(-30, None)], "yes"),
        ([(-30, 10)], "ending"),
        ([(-30, -1)], "lapsed"),
        ([(5, None)], "ahead"),
        ([(-30, -1), (0, None)], "yes"),
        ([(-30, -1), (5, None)], "ahead"),
        ([(-30, 10), (11, None)], "ending"),
    ],
)
def test_of_several_grants_of_a_role_the_best_one_stands_in_the_matrix(
    registers: Registers,
    hire: Callable[..., Person],
    as_: Callable[..., Client],
    grants: list[tuple[int, int | None]],
    state: str,
) -> None:
    person = hire("chen.tonglv")
    for begins, ends in grants:
        grant(person, "reviewer", begins, ends)
    context = as_("auditor").get("/people/", {"q": "chen"}).context
    (line,) = context["list_page"].rows
    cells = dict(zip((key for key, _ in context["columns"]), line.cells, strict=True))
    assert cells["reviewer"].state == state
    assert cells["technician"].state == "no"
    assert (context["lapsed"], context["ending"]) == (int(state == "lapsed"), int(state == "ending"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"li.xiaoliang", "chen.tonglv"}),
        ("view=staff", {"li.xiaoliang", "chen.tonglv"}),
        ("view=customers", {"wang.kehu"}),
        ("view=closed", {"zhao.likai"}),
        ("view=nonsense", {"li.xiaoliang", "chen.tonglv"}),
        ("q=chen", {"chen.tonglv"}),
        ("q=CHEN.T", {"chen.tonglv"}),
        ("q=%E9%99%88", {"chen.tonglv"}),
        ("q=tonglv%40example.org", {"chen.tonglv"}),
        ("q=nobody", set()),
        ("role=reviewer", {"chen.tonglv"}),
        ("role=signatory", set()),
        ("role=nonsense", {"li.xiaoliang", "chen.tonglv"}),
        ("role=reviewer&q=li", set()),
        ("view=customers&q=chen", set()),
    ],
)
def test_people_are_found_by_view_name_and_role(
    hire: Callable[..., Person], as_: Callable[..., Client], query: str, found: set[str]
) -> None:
    hire("chen.tonglv", "reviewer", name=Text("陈同律", "Chen Tonglv"), email="tonglv@example.org")
    hire("wang.kehu", "customer")
    Person.objects.filter(pk=hire("zhao.likai").pk).update(is_active=False)
    answer = as_("auditor").get(f"/people/?{query}")
    assert {line.row.username for line in answer.context["list_page"].rows} == found
    numbers = {view.key: view.number for view in answer.context["views"]}
    assert numbers == {"staff": 2, "customers": 1, "closed": 1}
    assert ("Nobody fits." in text(answer)) is (not found)


def test_the_columns_are_the_roles_that_people_of_the_view_can_have(as_: Callable[..., Client]) -> None:
    client = as_("auditor")
    staff = [key for key, _ in client.get("/people/").context["columns"]]
    outside = [key for key, _ in client.get("/people/?view=customers").context["columns"]]
    assert staff == [key for key in roles() if key not in {"customer", "identity", "system"}]
    assert "customer" in outside
    assert "technician" not in outside


def test_second_factors_are_named_once_each(hire: Callable[..., Person], as_: Callable[..., Client]) -> None:
    person = hire("chen.tonglv")
    for kind in ("totp", "webauthn", "webauthn", "recovery_codes"):
        Authenticator.objects.create(user=person, type=kind, data={})
    (line,) = as_("auditor").get("/people/", {"q": "chen"}).context["list_page"].rows
    assert line.factors == ["one-time code", "passkey"]


@pytest.mark.parametrize(
    ("role", "add", "grants", "close", "sees_acts"),
    [
        ("system_administrator", True, True, True, True),
        ("auditor", False, False, False, True),
        ("quality_manager", False, False, False, True),
    ],
)
def test_the_page_of_a_person_offers_what_the_role_allows(
    hire: Callable[..., Person],
    as_: Callable[..., Client],
    role: str,
    add: bool,
    grants: bool,
    close: bool,
    sees_acts: bool,
) -> None:
    person = hire("chen.tonglv", "reviewer")
    client = as_(role)
    assert client.get("/people/").context["may_add"] is add
    context = client.get(f"/people/{person.pk}/").context
    assert (context["may_grant"], context["may_close"]) == (grants, close)
    assert [each["may_revoke"] for each in context["grants"]] == [grants]
    assert not context["is_me"]


def test_nobody_administers_the_own_account(hire: Callable[..., Person]) -> None:
    me = hire("chen.tonglv", "system_administrator")
    client = Client()
    client.force_login(me)
    client.cookies["jialiang_language"] = "en"
    answer = client.get(f"/people/{me.pk}/")
    assert answer.context["is_me"]
    assert (answer.context["may_grant"], answer.context["may_close"]) == (False, False)
    assert "This is you: another administrator changes your roles." in text(answer)
    today = this_day().isoformat()
    for address, sent in (
        ("grant", {"role": "auditor", "valid_from": today}),
        ("revoke/system_administrator", {}),
        ("deactivate", {}),
    ):
        refused = client.post(f"/people/{me.pk}/{address}", sent)
        assert refused.status_code == 403, address
        assert "JL-PER-001" in text(refused)
    assert Person.objects.get(pk=me.pk).is_active


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"role": "reviewer", "valid_from": "2026-06-16"}, 302, ""),
        ({"role": "reviewer", "valid_from": "2026-06-16", "valid_until": "2026-06-16"}, 302, ""),
        ({"role": "reviewer", "valid_from": "2026-06-16", "valid_until": "2026-06-15"}, 422, "JL-ACC-006"),
        ({"role": "customer", "valid_from": "2026-06-16"}, 422, "JL-PER-002"),
        ({"role": "", "valid_from": "2026-06-16"}, 422, "This field is required."),
        ({"role": "reviewer", "valid_from": "16/06/2026"}, 422, "Write the date as 2026-06-16."),
    ],
)
def test_a_role_is_granted_or_the_rule_is_told(
    hire: Callable[..., Person], as_: Callable[..., Client], sent: dict[str, str], status: int, code: str
) -> None:
    person = hire("chen.tonglv")
    answer = as_("system_administrator").post(f"/people/{person.pk}/grant", sent)
    assert answer.status_code in {status, 403} if code == "JL-PER-002" else answer.status_code == status
    assert RoleAssignment.objects.filter(person=person).exists() is (status == 302)
    if code:
        assert code in text(answer)


def test_roles_that_one_person_cannot_hold_together_are_refused_with_why(
    hire: Callable[..., Person], as_: Callable[..., Client]
) -> None:
    person = hire("chen.tonglv", "auditor")
    answer = as_("system_administrator").post(
        f"/people/{person.pk}/grant",
        {"role": "system_administrator", "valid_from": this_day().isoformat()},
    )
    assert answer.status_code in {403, 409, 422}
    assert "JL-ACC-007" in text(answer)


def test_a_role_is_revoked_once_and_the_account_closed_for_good(
    hire: Callable[..., Person], as_: Callable[..., Client]
) -> None:
    person, client = hire("chen.tonglv", "reviewer"), as_("system_administrator")
    address = f"/people/{person.pk}/"
    asked = client.get(f"{address}revoke/reviewer")
    assert "Revoke “Reviewer” from Li Xiaoliang" in text(asked)
    assert client.post(f"{address}revoke/reviewer").status_code == 302
    again = client.post(f"{address}revoke/reviewer")
    assert again.status_code == 404
    assert "JL-ACC-008" in text(again)
    assert client.get(f"{address}revoke/no-such-role").status_code == 404
    assert client.post(f"{address}deactivate").status_code == 302
    context = client.get(address).context
    assert (context["may_grant"], context["may_close"], context["row"].is_active) == (False, False, False)


ACCOUNT = {"username": "zhang.wei", "name_zh": "张伟", "password": PASSWORD}


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"username": "li.xiaoliang"}, 409, "username"),
        ({"username": "zw"}, 422, None),
        ({"password": "short"}, 422, "password"),
        ({"password": "password123"}, 422, "password"),
        ({"email": "nowhere"}, 422, None),
    ],
)
def test_an_account_that_cannot_be_is_refused_and_not_added(
    as_: Callable[..., Client], changed: dict[str, str], status: int, field: str | None
) -> None:
    answer = as_("system_administrator").post("/people/new", ACCOUNT | changed)
    assert answer.status_code == status
    assert "JL-ACC-" in str(answer.context["form"].errors)
    if field:
        assert list(answer.context["form"].errors) == [field]
    assert (
        not Person.objects.filter(username=changed.get("username", "zhang.wei"))
        .exclude(username="li.xiaoliang")
        .exists()
    )


def test_a_new_person_is_told_to_have_no_role_yet(as_: Callable[..., Client]) -> None:
    answer = as_("system_administrator").post("/people/new", ACCOUNT, follow=True)
    assert "Added: 张伟. Without a role nothing opens yet." in text(answer)
    assert "No role yet: nothing opens." in text(answer)


# ---- audit -------------------------------------------------------------------------------------------------------


def test_the_trail_is_filtered_by_deed_and_person(
    registers: Registers, hire: Callable[..., Person], as_: Callable[..., Client]
) -> None:
    client = as_("auditor")
    everything = client.get("/audit/").context
    deeds = {act.row.action for act in everything["acts"]}
    assert {"instrument.register", "commission.open", "commission.accept"} <= deeds
    only = client.get("/audit/?action=commission.accept").context
    assert {act.row.action for act in only["acts"]} == {"commission.accept"}
    nobody = hire("chen.tonglv")
    assert client.get(f"/audit/?person={nobody.pk}").context["acts"] == []
    for query in ("action=nonsense", "person=nonsense", "before=nonsense", "before=" + "9" * 30):
        assert len(client.get(f"/audit/?{query}").context["acts"]) == len(everything["acts"])


def test_the_trail_goes_on_from_a_number_downwards(
    registers: Registers, as_: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jialiang.console.administration.audit.SIZE", 5)
    client, seen, before = as_("auditor"), [], ""
    for _ in range(20):
        context = client.get(f"/audit/?before={before}").context
        seen += [act.row.seq for act in context["acts"]]
        assert context["is_first"] is (before == "")
        before = context["next_before"]
        if before is None:
            break
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == AuditRecord.objects.count()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_chain_is_proven_on_demand(as_: Callable[..., Client], language: str) -> None:
    answer = as_("auditor", language=language).get("/audit/?verify=1")
    assert (answer.context["verified"], answer.context["faults"]) == (True, [])
    assert ("链条完好。" if language == "zh-hans" else "The chain holds.") in text(answer)


def test_an_act_leads_to_its_thing_and_lists_its_facts(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    acts = as_("auditor").get("/audit/?action=instrument.register").context["acts"]
    links = {act.url for act in acts}
    assert f"/instruments/{registers.gauge.id}/" in links
    assert {act.deed for act in acts} == {"Instrument registered"}
    assert all(isinstance(value, str) for act in acts for _, value in act.facts)


@pytest.mark.parametrize("action", DEEDS)
def test_every_deed_has_its_words_in_both_languages(action: str) -> None:
    with translation.override("en"):
        assert deed(action) == DEEDS[action]
    with translation.override("zh-hans"):
        assert not deed(action).isascii()


def test_what_has_no_words_stands_as_it_is() -> None:
    assert deed("future.deed") == "future.deed"
    assert job_name("future.job") == "future.job"
    with translation.override("zh-hans"):
        assert job_name("certificate.finish") == "签名、排版并公布证书"
        assert job_name("identifier.sign") != "identifier.sign"
    assert set(JOBS) == {"certificate.finish", "identifier.sign"}


# ---- keys and jobs -----------------------------------------------------------------------------------------------


def test_without_an_authority_there_is_no_seal_and_the_page_says_so(as_: Callable[..., Client]) -> None:
    answer = as_("system_administrator").get("/keys/")
    assert answer.context["keys"] == []
    assert "The institute has no seal: no certificate can be issued." in text(answer)


@pytest.mark.parametrize(
    ("role", "issue", "revoke"),
    [("system_administrator", True, True), ("signatory", False, False), ("auditor", False, False)],
)
def test_only_administrators_issue_and_revoke_keys(
    as_: Callable[..., Client], role: str, issue: bool, revoke: bool
) -> None:
    context = as_(role).get("/keys/").context
    assert (context["may_issue"], context["may_revoke"]) == (issue, revoke)


def test_a_key_that_does_not_exist_is_not_revoked(as_: Callable[..., Client]) -> None:
    address = f"/keys/{new_id(utc_now())}/revoke"
    client = as_("system_administrator")
    assert client.get(address).status_code == 404
    assert client.post(address, {"reason": "superseded"}).status_code == 404


def test_the_reasons_of_a_revocation_are_told_in_both_languages() -> None:
    for words in REASONS.values():
        with translation.override("zh-hans"):
            assert not translation.gettext(words).isascii()


@pytest.fixture
def dead_job(registers: Registers) -> Job:
    now = utc_now()
    return Job.objects.create(
        id=new_id(now),
        tenant_id=registers.world.tenant_id,
        kind="certificate.finish",
        subject_id=registers.gauge.id,
        state="dead",
        attempts=8,
        last_error="the printer <b>burnt</b>",
        not_before=now,
        created_at=now,
    )


@pytest.mark.parametrize(
    ("role", "read", "may_revive"),
    [
        ("system_administrator", 200, True),
        ("signatory", 200, False),
        ("quality_manager", 200, False),
        ("auditor", 200, False),
        ("technician", 403, False),
    ],
)
def test_a_job_that_was_given_up_is_shown_to_those_who_watch(
    dead_job: Job, as_: Callable[..., Client], role: str, read: int, may_revive: bool
) -> None:
    client = as_(role)
    answer = client.get("/health/")
    assert answer.status_code == read
    address = f"/health/jobs/{dead_job.pk}/revive"
    if read == 200:
        assert answer.context["may_revive"] is may_revive
        assert dict(answer.context["numbers"])["dead"] == 1
        assert [each["name"] for each in answer.context["dead"]] == ["Sign, draw and publish a certificate"]
        assert (address in text(answer)) is may_revive
        assert "<b>burnt" not in text(answer)
    assert client.get(address).status_code == 405
    revived = client.post(address)
    assert revived.status_code == (302 if may_revive else 403)
    assert Job.objects.get(pk=dead_job.pk).state == ("ready" if may_revive else "dead")


@pytest.mark.parametrize(("role", "number"), [("system_administrator", 1), ("signatory", 0), ("auditor", 0)])
def test_only_who_can_revive_is_told_by_the_navigation(
    registers: Registers, dead_job: Job, role: str, number: int
) -> None:
    waiting = stopped_jobs(registers.world.person(role), utc_now())
    assert (waiting.number, waiting.stops) == (number, True)


# ---- profile -----------------------------------------------------------------------------------------------------


def test_the_profile_shows_what_one_holds_and_what_has_lapsed_but_not_what_was_taken(
    hire: Callable[..., Person],
) -> None:
    me = hire("chen.tonglv", "reviewer")
    grant(me, "technician", -60, -1)
    grant(me, "auditor", 3)
    RoleAssignment.objects.filter(person=me, role="auditor").update(revoked_at=utc_now())
    client = Client()
    client.force_login(me)
    client.cookies["jialiang_language"] = "en"
    answer = client.get("/profile")
    states = {each["row"].role: each["cell"].state for each in answer.context["grants"]}
    assert states == {"reviewer": "yes", "technician": "lapsed"}
    assert "Certificates bear this name" in text(answer)


def test_the_profile_of_a_customer_names_the_employer(
    registers: Registers, as_: Callable[..., Client]
) -> None:
    answer = as_("customer").get("/profile")
    assert answer.context["organization"].id == registers.world.dairy_id
    assert "Morning Star Dairy Ltd" in text(answer)
