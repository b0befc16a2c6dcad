"""Every verb of records, certificates, keys, tokens and jobs: who may not do it, whatever state the thing is in.

With the verbs of the ledgers (``test_ledger_permissions``) these are all actions of the matrix that change something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from tests.functions import budget_world, record_world
from tests.functions.ledger_verbs import VERBS as VERBS_OF_THE_LEDGERS
from tests.functions.prefix_verbs import VERBS as VERBS_ON_PREFIXES
from tests.functions.record_world import World, build_world
from tests.ledger import ROLES
from tests.pictures import picture

from jialiang.base.calibrations.models import Calibration
from jialiang.base.calibrations.selectors import standards_used
from jialiang.base.readings.views import CellEntry
from jialiang.base.uncertainty_budgets.facts import BudgetFacts
from jialiang.functions import (
    calibrations,
    certificates,
    jobs,
    signing_keys,
    tokens,
    traceability,
    uncertainty_budgets,
)
from jialiang.functions.calibrations import NewCalibration, RecordEntry
from jialiang.functions.certificate_attestation import AttestationFacts, attest
from jialiang.functions.certificates import Confirmation
from jialiang.functions.deed import ForeignTenant
from jialiang.governance.jobs.models import Job
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.keys.models import SigningKey
from jialiang.security.policy import NotAuthorized, NotOwnOrganization, matrix, roles_for
from jialiang.security.tenancy.errors import NoTenantInScope
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

Things = dict[str, UUID]
Verb = Callable[[Actor, Things, Any], object]
PAPER_JAM, CONFIRMED = Text("打印机故障", "No paper"), Confirmation(password=record_world.PASSWORD)
CELL = CellEntry(1, "correction", "-0.170")


def _start(who: Actor, thing: Things, now: Any) -> object:
    new = NewCalibration(
        item_id=thing["item"],
        procedure="thermometer_line",
        method=Text("数字温度计校准方法"),
        reference_standard_id=thing["standard"],
        points=("24",),
    )
    return calibrations.start(actor=who, new=new, now=now)


VERBS: dict[str, Verb] = {
    "calibration.start": _start,
    "calibration.record": lambda who, thing, now: calibrations.record(
        actor=who, calibration_id=thing["record"], entry=RecordEntry(cells=(CELL,)), now=now
    ),
    "calibration.take_over": lambda who, thing, now: calibrations.take_over(
        actor=who, calibration_id=thing["record"], reason="r", now=now
    ),
    "calibration.submit": lambda who, thing, now: calibrations.submit(
        actor=who, calibration_id=thing["record"], now=now
    ),
    "calibration.amend_reading": lambda who, thing, now: calibrations.amend_reading(
        actor=who, calibration_id=thing["record"], entry=CELL, reason="r", now=now
    ),
    "calibration.review": lambda who, thing, now: calibrations.review(
        actor=who, calibration_id=thing["record"], seen_digest="", now=now
    ),
    "calibration.return": lambda who, thing, now: calibrations.return_record(
        actor=who, calibration_id=thing["record"], reason="r", now=now
    ),
    "uncertainty_budget.create": lambda who, thing, now: uncertainty_budgets.create(
        actor=who,
        facts=BudgetFacts(name=Text("评定"), procedure="thermometer_line"),
        first=budget_world.version_facts(),
        now=now,
    ),
    "uncertainty_budget.change": lambda who, thing, now: uncertainty_budgets.change(
        actor=who, budget_id=thing["budget"], facts=budget_world.version_facts(), now=now
    ),
    "uncertainty_budget.submit": lambda who, thing, now: uncertainty_budgets.submit(
        actor=who, version_id=thing["budget_version"], now=now
    ),
    "uncertainty_budget.approve": lambda who, thing, now: uncertainty_budgets.approve(
        actor=who, version_id=thing["budget_version"], seen_digest="", now=now
    ),
    "uncertainty_budget.return": lambda who, thing, now: uncertainty_budgets.return_budget(
        actor=who, version_id=thing["budget_version"], reason="r", now=now
    ),
    "uncertainty_budget.withdraw": lambda who, thing, now: uncertainty_budgets.withdraw(
        actor=who, version_id=thing["budget_version"], reason="r", now=now
    ),
    "certificate.preview": lambda who, thing, now: certificates.preview(
        actor=who, calibration_id=thing["record"], now=now
    ),
    "certificate.approve": lambda who, thing, now: certificates.approve(
        actor=who, calibration_id=thing["record"], seen_digest="", confirmation=CONFIRMED, now=now
    ),
    "certificate.finish": lambda who, thing, now: certificates.finish(
        actor=who, certificate_id=thing["certificate"], now=now
    ),
    "certificate.void": lambda who, thing, now: certificates.void(
        actor=who, certificate_id=thing["certificate"], reason=PAPER_JAM, now=now
    ),
    "certificate.amend": lambda who, thing, now: certificates.amend(
        actor=who, certificate_id=thing["certificate"], reason=PAPER_JAM, now=now
    ),
    "certificate.attest": lambda who, thing, now: attest(
        actor=who, certificate_id=thing["certificate"], facts=AttestationFacts("S-1"), confirmation=CONFIRMED, now=now
    ),
    "certificate.withdraw": lambda who, thing, now: certificates.withdraw(
        actor=who, certificate_id=thing["certificate"], reason=PAPER_JAM, confirmation=CONFIRMED, now=now
    ),
    "certificate.read": lambda who, thing, now: certificates.read(actor=who, certificate_id=thing["certificate"]),
    "traceability.read": lambda who, thing, now: traceability.chain_of(
        actor=who, on=now.date(), certificate_id=thing["certificate"]
    ),
    "token.create": lambda who, thing, now: tokens.create(
        actor=who, name="n", days=1, password=record_world.PASSWORD, now=now
    ),
    "token.create_for_another": lambda who, thing, now: tokens.create_for_another(
        actor=who, username="technician", name="n", days=1, now=now
    ),
    "token.revoke": lambda who, thing, now: tokens.revoke(actor=who, token_id=thing["record"], now=now),
    "job.revive": lambda who, thing, now: jobs.revive(actor=who, job_id=thing["job"], now=now),
    "signing_key.issue": lambda who, thing, now: signing_keys.issue_seal(actor=who, now=now),
    "signing_key.revoke": lambda who, thing, now: signing_keys.revoke(
        actor=who, signing_key_id=thing["seal"], reason="key_compromise", now=now
    ),
}
# what doors ask before they read or move data, and what is decided inside another verb
ASKED_BY_DOORS = {
    "organization.read", "person.read", "measurement_standard.read", "instrument.read", "commission.read",
    "calibration.read", "fake.read", "fake.report", "number.read", "job.read", "signing_key.read", "audit.read",
    "uncertainty_budget.read", "tenant.create", "tenant.export", "tenant.import", "token.revoke_others",
    "prefix.read", "handle_identity.read", "identifier_template.read", "resolution_statistics.read", "identifier.read",
    "comparison_round.read", "node_report.read", "node_report.read_received", "subordinate_node.read",
}  # fmt: skip
TRIED_WITH_THEIR_NOUN = {
    *(f"identifier.{deed}" for deed in ("register", "change", "activate", "suspend", "resume", "retire")),
    "identifier.sign",
    "identifier.export",
    *(f"comparison_round.{deed}" for deed in ("open", "enrol", "enter_result", "evaluate", "report", "cancel")),
    *(f"label_template.{deed}" for deed in ("read", "create", "change", "withdraw")),
    *(f"instrument_mark.{deed}" for deed in ("record", "remove", "check")),
    *(f"subordinate_node.{deed}" for deed in ("register", "renew_token", "suspend", "resume")),
    "subordinate_node.accept_site", "subordinate_node.refuse_site", "node_report.receive",
    "node_report.make", "node_report.send", "upper_node.apply",
}
"""Role by role in ``test_identifier_permissions``, ``test_identifier_exports``, ``test_identifier_trust``,
``test_comparison_rounds``, ``test_label_deeds``, ``test_mark_history``, ``test_node_reports``,
``test_subordinate_nodes``, ``test_received_reports`` and ``test_upper_node``."""


@pytest.fixture
def world(in_tenant, now) -> World:
    return build_world(in_tenant, now)


@pytest.fixture
def things(world) -> Things:
    """A record with a certificate that waits to be finished."""
    record_id = record_world.submitted_record(world)
    record_world.pass_review(world, record_id)
    numbered = record_world.approve(world, record_id)
    (used,) = standards_used(record_id)
    version = budget_world.in_review(world)
    return {
        "budget": version.budget_id,
        "budget_version": version.id,
        "record": record_id,
        "item": Calibration.objects.get(pk=record_id).item_id,
        "standard": used.standard_id,
        "certificate": numbered.id,
        "job": Job.objects.get(subject_id=numbered.id).id,
        "seal": SigningKey.objects.get().id,
    }


def somebody(world: World, *roles: str, organization_id: UUID | None = None) -> Actor:
    return Actor(new_id(world.now), world.tenant.id, Text("某人"), frozenset(roles), organization_id, "api")


def test_every_action_of_the_matrix_is_tried_here_or_with_the_ledgers():
    elsewhere = set(VERBS_OF_THE_LEDGERS) | set(VERBS_ON_PREFIXES) | TRIED_WITH_THEIR_NOUN
    assert set(VERBS) | elsewhere | ASKED_BY_DOORS == set(matrix())
    assert not set(VERBS) & ASKED_BY_DOORS


def test_whoever_may_not_do_a_verb_is_refused_before_anything_else_is_looked_at(world, things):
    """One error for all states: what the thing is like is no business of whoever may not touch it."""
    before = picture()
    refusals = 0
    for action, verb in VERBS.items():
        for role in set(ROLES) - roles_for(action):
            with pytest.raises(NotAuthorized) as refused:
                verb(somebody(world, role, organization_id=world.customer_id), things, world.now)
            assert refused.value.facts["action"] == action
            refusals += 1
    assert refusals > 120
    assert picture() == before


def test_all_roles_at_once_do_not_make_an_actor_of_another_institute_one_of_this(world, things):
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    stranger = replace(somebody(world, *ROLES, "system"), tenant_id=other.id)
    before = picture()
    for verb in VERBS.values():
        with pytest.raises(ForeignTenant):
            verb(stranger, things, world.now)
    assert picture() == before


def test_in_another_institutes_scope_none_of_the_things_exists(world, things):
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    visitor = replace(somebody(world, *ROLES, "system"), tenant_id=other.id)
    before = picture()
    with scope(other.id):
        for action, verb in VERBS.items():
            if action in ("token.create", "signing_key.issue", "uncertainty_budget.create"):
                continue  # they make a thing of the institute in scope
            with pytest.raises(JialiangError) as refused:
                verb(visitor, things, world.now)
            assert refused.value.http_status in (404, 409), action
    assert picture() == before


def test_outside_every_scope_nothing_is_done(world, things):
    now = world.now
    with everywhere("leave the scope of the test"):
        for action, verb in VERBS.items():
            with pytest.raises(NoTenantInScope):
                verb(somebody(world, *ROLES, "system"), things, now)
            assert action


def test_a_customer_reads_certificates_and_chains_of_the_own_organization_only(world, things):
    own = somebody(world, "customer", organization_id=world.customer_id)
    for stranger in (somebody(world, "customer", organization_id=new_id(world.now)), somebody(world, "customer")):
        for action in ("certificate.read", "traceability.read"):
            VERBS[action](own, things, world.now)
            with pytest.raises(NotOwnOrganization):
                VERBS[action](stranger, things, world.now)
    with pytest.raises(NotOwnOrganization):  # a standard of the institute is nobody's own
        traceability.chain_of(actor=own, on=world.now.date(), standard_id=things["standard"])


def test_a_person_who_calls_itself_the_system_does_not_finish_or_void_for_it(world, things):
    """The role of the program is not granted to people; an actor built with it would still be named in the trail."""
    human = somebody(world, "system_administrator", "quality_manager", "auditor", "regulator")
    for action in ("certificate.finish", "certificate.void"):
        with pytest.raises(NotAuthorized):
            VERBS[action](human, things, world.now)
