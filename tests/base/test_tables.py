"""What the database itself refuses, whoever writes: twins, dangling keys, missing values and impossible states."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.models import ProtectedError
from tests.ledger import PAPER

from jialiang.base.commissions.models import Commission, CommissionItem
from jialiang.base.commissions.services import move_item
from jialiang.base.identifiers.models import Identifier
from jialiang.base.instruments.models import Instrument, InstrumentChange
from jialiang.base.measurement_standards.facts import CheckFacts
from jialiang.base.measurement_standards.models import (
    CheckObservation,
    MeasurementStandard,
    StandardCertificate,
)
from jialiang.base.measurement_standards.services import record_checks
from jialiang.base.organizations.models import Organization
from jialiang.kernel.ids import new_id
from jialiang.security.tenancy.rows import TenantRow
from jialiang.vocabulary.statuses import CustodyState

CHECK = CheckFacts(observed_on="2026-01-15", measured_value="25.010", unit="\\degreecelsius")


@pytest.fixture
def full(world):
    """One row of every table of the ledgers, at least."""
    standard = world.standard(PAPER, replace(PAPER, number="GJ-2"))
    record_checks(standard.id, [CHECK, CHECK], actor=world.person("standards_keeper"), now=world.now)
    commission = world.commission(world.instrument(), world.instrument(serial_number="2"))
    first = commission.items.order_by("position")[0]
    move_item(first.id, CustodyState.RECEIVED, actor=world.person("receptionist"), now=world.now)
    return world


def twin_of(row: models.Model, **members: Any) -> models.Model:
    """The same row under another id."""
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**columns | {"id": new_id(row_moment(row))} | members)


def row_moment(row: models.Model) -> Any:
    for name in ("created_at", "opened_at", "added_at", "entered_at", "at", "custody_since"):
        if hasattr(row, name):
            return getattr(row, name)
    raise AssertionError(row)


# table, members that differ: does the database take the twin
TWINS = [
    (Organization, {}, False),
    (Organization, {"credit_code": "X" * 18, "is_own": True}, False),
    (Organization, {"credit_code": "", "is_own": False}, True),
    (Organization, {"credit_code": "X" * 18, "is_own": False}, True),
    (Identifier, {}, False),
    (Identifier, {"subject_kind": "certificate"}, False),
    (Identifier, {"name": "88.999.1/other"}, False),
    (Identifier, {"digest": "0" * 32}, True),
    (Instrument, {}, False),
    (Instrument, {"serial_number": "9"}, True),
    (Instrument, {"model": "X"}, True),
    (Instrument, {"manufacturer_zh": "另一厂"}, True),
    (Instrument, {"inventory_number": "9", "state": "retired"}, False),
    (InstrumentChange, {}, True),
    (MeasurementStandard, {}, False),
    (MeasurementStandard, {"state": "retired"}, False),
    (MeasurementStandard, {"serial_number": "9"}, True),
    (StandardCertificate, {}, False),
    (StandardCertificate, {"number": "GJ-9"}, True),
    (CheckObservation, {}, False),
    (CheckObservation, {"sequence": 9}, True),
    (Commission, {}, False),
    (Commission, {"number": "other"}, True),
    (CommissionItem, {}, False),
    (CommissionItem, {"position": 9}, True),
]


@pytest.mark.parametrize(
    ("table", "members", "is_taken"), TWINS, ids=lambda given: getattr(given, "__name__", str(given))
)
def test_a_twin(full, table, members, is_taken):
    row = table.objects.order_by("id").first()
    twin = twin_of(row, **members)
    if is_taken:
        twin.save(force_insert=True)
        assert table.objects.filter(pk=twin.pk).exists()
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    assert not table.objects.filter(pk=twin.pk).exists()


def test_one_of_two_institutes_own_organizations_is_refused_though_their_codes_differ(full):
    own = Organization.objects.get(is_own=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.filter(pk=full.mill_id).update(is_own=True)
    Organization.objects.filter(pk=own.pk).update(is_own=False)
    Organization.objects.filter(pk=full.mill_id).update(is_own=True)
    assert Organization.objects.get(is_own=True).id == full.mill_id


# rows that others point to
HELD = [Organization, Instrument, MeasurementStandard, StandardCertificate, Commission, CommissionItem]


@pytest.mark.parametrize("table", HELD, ids=lambda table: table.__name__)
def test_what_others_point_to_cannot_be_deleted(full, table):
    pointed = {
        Organization: Organization.objects.filter(pk=full.dairy_id),
        CommissionItem: CommissionItem.objects.filter(custody="received"),
        StandardCertificate: StandardCertificate.objects.filter(number=PAPER.number),
    }.get(table, table.objects.order_by("id"))
    row = pointed.first()
    with pytest.raises(ProtectedError):
        row.delete()
    assert table.objects.filter(pk=row.pk).exists()


def required_columns() -> list[tuple[type[models.Model], str]]:
    """Every column of the base that must have a value, of tables that the ledgers fill."""
    filled = {
        Organization,
        Identifier,
        Instrument,
        MeasurementStandard,
        StandardCertificate,
        Commission,
        CommissionItem,
    }
    return [
        (table, field.attname)
        for table in sorted(filled, key=lambda each: each.__name__)
        for field in table._meta.concrete_fields
        if not field.null and not field.primary_key and field.name != "tenant"
    ]


def test_no_column_that_must_have_a_value_takes_none(full):
    columns = required_columns()
    assert len(columns) > 100
    for table, column in columns:
        row = table.objects.order_by("id").first()
        with pytest.raises(IntegrityError), transaction.atomic():
            table.objects.filter(pk=row.pk).update(**{column: None})


@pytest.mark.parametrize(
    ("table", "column"),
    [(Instrument, "owner_id"), (Commission, "customer_id"), (CommissionItem, "instrument_id"),
     (StandardCertificate, "standard_id"), (Organization, "parent_id")],
    ids=lambda given: getattr(given, "__name__", given),
)  # fmt: skip
def test_a_key_that_points_nowhere_is_refused(full, table, column):
    nowhere = new_id(full.now + timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        table.objects.update(**{column: nowhere})
        connection.check_constraints()


OF_NO_INSTITUTE = {"IdentityFailure"}  # tries under names that nobody may have, counted before it is known who asks


def test_every_table_of_the_base_belongs_to_an_institute_and_is_known_by_an_id():
    tables = [table for table in apps.get_models() if table.__module__.startswith("jialiang.base.")]
    assert len(tables) > 20
    for table in (table for table in tables if table.__name__ not in OF_NO_INSTITUTE):
        assert issubclass(table, TenantRow), table
        assert table._meta.pk.name == "id"
        assert table._meta.base_manager_name == "objects"
        keys = [f for f in table._meta.concrete_fields if isinstance(f, models.ForeignKey)]
        assert all(key.remote_field.on_delete is models.PROTECT for key in keys), table


def test_postgresql_refuses_what_is_too_long_and_so_do_the_services_before_it(full, postgres):
    for table, column in ((Instrument, "serial_number"), (Commission, "note"), (Organization, "city_zh")):
        length = table._meta.get_field(column).max_length
        with pytest.raises(DataError), transaction.atomic():
            table.objects.update(**{column: "x" * (length + 1)})
