"""Screens of administration: people and roles, the audit trail, keys and seals, jobs, one's own profile."""

from __future__ import annotations

from datetime import datetime

from django.urls import path
from django.utils.translation import gettext_noop

from jialiang.console.administration.audit import audit
from jialiang.console.administration.jobs import jobs, revive
from jialiang.console.administration.keys import issue_seal, revoke_key, signing_keys
from jialiang.console.administration.people import add_person, people
from jialiang.console.administration.person import deactivate, grant_role, person, revoke_role
from jialiang.console.administration.profile import profile
from jialiang.console.shell import NavEntry, Waiting, register
from jialiang.governance.jobs.selectors import dead_jobs
from jialiang.security.actor import Actor
from jialiang.security.policy import allowed, roles_for


def stopped_jobs(actor: Actor, now: datetime) -> Waiting:
    """Count the jobs that were given up, for those who can revive them."""
    return Waiting(len(dead_jobs()) if allowed(actor, "job.revive") else 0, stops=True)


for entry in (
    NavEntry(
        gettext_noop("People and roles"),
        "people",
        "people",
        "organization",
        10,
        roles=roles_for("person.read"),
        home_of=frozenset({"system_administrator"}),
    ),
    NavEntry(
        gettext_noop("Audit records"),
        "audit",
        "audit",
        "organization",
        20,
        roles=roles_for("audit.read"),
        home_of=frozenset({"auditor"}),
    ),
    NavEntry(
        gettext_noop("Keys and seals"),
        "signing_keys",
        "key",
        "organization",
        30,
        roles=roles_for("signing_key.read"),
    ),
    NavEntry(
        gettext_noop("System health"),
        "jobs",
        "health",
        "organization",
        40,
        roles=roles_for("job.read"),
        count=stopped_jobs,
    ),
):
    register(entry)

urlpatterns = [
    path("people/", people, name="people"),
    path("people/new", add_person, name="person_new"),
    path("people/<uuid:person_id>/", person, name="person"),
    path("people/<uuid:person_id>/grant", grant_role, name="person_grant"),
    path("people/<uuid:person_id>/revoke/<str:role>", revoke_role, name="person_revoke"),
    path("people/<uuid:person_id>/deactivate", deactivate, name="person_deactivate"),
    path("audit/", audit, name="audit"),
    path("keys/", signing_keys, name="signing_keys"),
    path("keys/new", issue_seal, name="signing_key_new"),
    path("keys/<uuid:key_id>/revoke", revoke_key, name="signing_key_revoke"),
    path("health/", jobs, name="jobs"),
    path("health/jobs/<uuid:job_id>/revive", revive, name="job_revive"),
    path("profile", profile, name="profile"),
]
