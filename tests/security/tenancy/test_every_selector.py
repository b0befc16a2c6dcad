"""Every function that reads rows of an institute, in whatever app: another institute's scope sees nothing of them.

The rows are those that the main job leaves; what a selector needs to be asked is made from its parameters' names.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db.models import Model, QuerySet
from tests import ledger
from tests.functions import budget_world, record_world
from tests.functions.comparison_world import Desk
from tests.functions.prefix_verbs import make_things
from tests.functions.record_world import build_world

import jialiang.base
import jialiang.governance
import jialiang.security
from jialiang.base.commissions.selectors import items_in
from jialiang.base.identifiers.selectors import records_named
from jialiang.base.instrument_marks.selectors import carriers_of
from jialiang.base.label_templates.facts import LabelTemplateFacts
from jialiang.base.organizations.selectors import own_organization
from jialiang.formats.codes.found_marks import CarriedCode
from jialiang.functions import calibrations, certificates, instrument_marks, label_templates
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.security.tenancy.rows import TenantOwned
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant
from jialiang.vocabulary.statuses import CustodyState

ALL_TENANTS = {
    # what stands for the whole installation, by its contract
    "jialiang.security.tenancy.selectors",
    "jialiang.governance.publication.selectors",
    "jialiang.governance.resolution_counts.selectors",
    "jialiang.governance.node_reports.selectors",
    "jialiang.governance.subordinate_nodes.selectors",
}
NOT_A_READER = {  # doors sign somebody in before there is a scope
    "jialiang.security.accounts.selectors.actor_of",
    "jialiang.base.handle_identities.selectors.shown_identity",
    "jialiang.base.handle_identities.selectors.identity_by_secret",
    "jialiang.base.handle_identities.selectors.key_for",
}


OF_A_ROW_AT_HAND = {  # asked with a row that the asker has already been given
    "base.calibrations.selectors.earlier_records",
    "base.calibrations.selectors.previous_record",
    "base.handle_identities.selectors.purpose_of",
    "base.identifier_templates.selectors.items_of",
    "base.identifier_templates.selectors.record_template",
    "base.measurement_standards.selectors.carrying",
    "base.uncertainty_budgets.selectors.version_before",
    "base.measurement_standards.selectors.certificate_view",
    "base.measurement_standards.selectors.carried_to",
    "base.measurement_standards.selectors.carried_until",
    "base.measurement_standards.selectors.ends_on",
    "base.measurement_standards.selectors.latest",
    "security.keys.selectors.public_keys",
    "security.keys.selectors.seal_for",
    "security.tokens.selectors.actor_by_token",
}


def selectors() -> Iterator[tuple[str, Callable[..., Any]]]:
    for package in (jialiang.base, jialiang.governance, jialiang.security):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith(".selectors") or found.name in ALL_TENANTS:
                continue
            module = importlib.import_module(found.name)
            for name, reader in inspect.getmembers(module, inspect.isfunction):
                whole = f"{found.name}.{name}"
                if reader.__module__ == found.name and not name.startswith("_") and whole not in NOT_A_READER:
                    yield whole.removeprefix("jialiang."), reader


SELECTORS = dict(selectors())


@pytest.fixture
def two_institutes(in_tenant, now):
    """The first has done work of every kind; the second is empty."""
    world = build_world(in_tenant, now)
    record_id = record_world.submitted_record(world)
    entry = record_world.CellEntry(1, "correction", "-0.170")
    calibrations.amend_reading(
        actor=world.people["technician"], calibration_id=record_id, entry=entry, reason="看错一格", now=now
    )
    record_world.pass_review(world, record_id)
    numbered = record_world.approve(world, record_id)
    certificates.void(
        actor=world.people["signatory"], certificate_id=numbered.id, reason=Text("打印机故障", "No paper"), now=now
    )
    record_world.approve(world, record_id)
    ledgers = ledger.World(in_tenant.id, now, own_organization().id, world.customer_id, own_organization().id)
    make_things(ledgers)
    label_and_marks(ledgers, world.thermometer_id)
    budget_world.in_force(world)
    Desk(in_tenant.id, now).reported()
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=now)
    return in_tenant, other


def label_and_marks(world: ledger.World, instrument_id: UUID) -> None:
    """Design a label, seal the instrument, and check its identity by the seal."""
    design = LabelTemplateFacts(code="gauge", name=Text("标签", "Label"), width="50", height="30")
    label_templates.create(actor=world.person("identifier_operator"), facts=design, now=world.now)
    technician, seal = world.person("technician"), instrument_marks.MarkFacts(role="seal", code="F 0001")
    instrument_marks.record(actor=technician, instrument_id=instrument_id, facts=seal, now=world.now)
    instrument_marks.check_identity(
        actor=technician, instrument_id=instrument_id, found=[CarriedCode("seal", "F 0001")], now=world.now
    )


def rows_of(tenant_id: UUID) -> list[Model]:
    with scope(tenant_id):
        models = [model for model in apps.get_models() if issubclass(model, TenantOwned)]
        return [row for model in models for row in model.objects.all()]


def known_by_heart(rows: Iterable[Model]) -> tuple[list[UUID], list[str]]:
    """Return an id of each table of the first institute, and a text of each of its columns: number, code, name."""
    ids = {type(row): row.pk for row in rows if isinstance(row.pk, UUID)}
    texts = {
        field.attname: value
        for row in rows
        for field in row._meta.concrete_fields
        if isinstance(value := getattr(row, field.attname), str) and 0 < len(value) < 200
    }
    return list(ids.values()), sorted(set(texts.values()))


def questions(reader: Callable[..., Any], ids: list[UUID], texts: list[str], now: Any) -> Iterator[dict[str, Any]]:
    """Yield arguments by which the first institute's rows would be found if the scope did not hide them."""
    needed = [p for p in inspect.signature(reader).parameters.values() if p.default is p.empty]
    wanted = {str(parameter.annotation) for parameter in needed}
    by_id = len(ids) if any("UUID" in kind or kind == "Any" for kind in wanted) else 1
    by_text = len(texts) if "str" in wanted else 1
    for place in range(max(by_id, by_text)):
        given = {p.name: answer_for(p, ids[place % len(ids)], texts[place % len(texts)], now) for p in needed}
        if any(value is NotImplemented for value in given.values()):
            return
        yield given


def answer_for(parameter: inspect.Parameter, one_id: UUID, text: str, now: Any) -> Any:
    wanted = str(parameter.annotation)
    if "Iterable[UUID]" in wanted or "Collection[UUID]" in wanted:
        return [one_id]
    simple = {
        "UUID": one_id, "UUID | None": one_id, "UUID | str": one_id, "Any": one_id,
        "str": text, "date": date(2026, 6, 16), "datetime": now, "int": 0,
    }  # fmt: skip
    return simple.get(wanted, NotImplemented)


def leaked(found: Any, own: set[Any]) -> bool:
    """Whether an answer holds a row of the first institute, or an id of one."""
    if isinstance(found, Model):
        return isinstance(found, TenantOwned) and found.pk in own
    if isinstance(found, UUID):
        return found in own
    if isinstance(found, dict):
        return any(leaked(part, own) for part in found.values())
    if isinstance(found, list | tuple | set | frozenset | QuerySet):
        return any(leaked(part, own) for part in found)
    if hasattr(found, "rows"):
        return leaked(found.rows, own)
    if hasattr(found, "__dataclass_fields__"):
        return any(leaked(getattr(found, name), own) for name in found.__dataclass_fields__)
    return False


def test_the_walk_over_the_apps_finds_the_selectors():
    assert len(SELECTORS) > 70
    for known in ("base.certificates.selectors.certificate", "base.readings.selectors.readings_of",
                  "governance.counters.selectors.account", "security.audit.selectors.history"):  # fmt: skip
        assert known in SELECTORS


def test_the_work_of_the_first_institute_has_left_rows_in_nearly_every_table(two_institutes):
    first, _ = two_institutes
    filled = {type(row) for row in rows_of(first.id)}
    every = {model for model in apps.get_models() if issubclass(model, TenantOwned)}
    empty = {model._meta.label for model in every - filled}
    assert empty <= {
        "base_certificates.CertificateFile", "base_certificates.FakeReport", "base_organizations.Contact",
        "base_measurement_standards.CheckObservation", "governance_idempotency.KeyedRequest",
        "security_tokens.ApiToken", "security_accounts.ConfirmationAttempt", "base_traceability.Evidence",
        "base_identifiers.IdentifierVersion", "base_identifiers.IdentifierCode",
        "base_identifiers.IdentifierBatch", "base_identifiers.IdentifierSequence",
        "base_identifiers.IdentifierValueClaim",
    }, empty  # fmt: skip


def test_no_selector_of_any_app_answers_with_rows_of_another_institute(two_institutes, now):
    first, other = two_institutes
    rows = rows_of(first.id)
    own = {row.pk for row in rows}
    ids, texts = known_by_heart(rows)
    asked = set()
    with scope(other.id):
        for name, reader in SELECTORS.items():
            for given in questions(reader, ids, texts, now):
                asked.add(name)
                try:
                    found = reader(**given)
                    found = list(found) if isinstance(found, QuerySet | Iterator) else found
                except (JialiangError, LookupError, ValueError) as refused:
                    assert not leaked(list(getattr(refused, "facts", {}).values()), own - set(given.values()))
                    continue
                except Exception as problem:
                    if type(problem).__name__ == "DoesNotExist":
                        continue
                    raise AssertionError(f"{name}({given})") from problem
                hashable = {value for value in given.values() if not isinstance(value, list)}
                given_ids = hashable | {i for value in given.values() if isinstance(value, list) for i in value}
                assert not leaked(found, own - given_ids), (name, given, found)
                if isinstance(found, Model):
                    assert not isinstance(found, TenantOwned), (name, given)
        assert items_in(*CustodyState) == []
        assert records_named(str(text) for text in texts) == []
        assert carriers_of(texts) == {}
    with scope(first.id):
        assert carriers_of(texts), "the seal is among the texts"
    asked |= {
        "base.commissions.selectors.items_in", "base.identifiers.selectors.records_named",
        "base.instrument_marks.selectors.carriers_of",
    }  # fmt: skip
    assert set(SELECTORS) - asked == OF_A_ROW_AT_HAND


def test_no_manager_shows_a_row_of_another_institute(two_institutes):
    first, other = two_institutes
    assert len(rows_of(first.id)) > 60
    assert rows_of(other.id) == []
