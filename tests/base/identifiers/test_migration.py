"""Codes that were given before there were records become records without values, active, in their first version."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jialiang.base.identifiers import selectors
from jialiang.base.identifiers.models import Identifier
from jialiang.formats.handle.names import name_digest
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

APP = "base_identifiers"
BEFORE, AFTER = (APP, "0001_initial"), (APP, "0002_records")
MORE_THAN_ONE_PART = 501


@pytest.mark.django_db(transaction=True)
def test_codes_given_before_are_records_after(now):
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes()
    later = [node for node in targets if node[0] != APP]
    assert later
    tenant = create_tenant(slug="demo-institute", name=Text("示范"), now=now)
    executor.migrate([BEFORE])
    old = executor.loader.project_state([BEFORE]).apps.get_model(APP, "Identifier")
    rows = [
        old(id=new_id(now), tenant_id=tenant.id, prefix="88.999.1", suffix=f"yz-{i}", subject_kind="instrument",
            subject_id=new_id(now), created_at=now)
        for i in range(MORE_THAN_ONE_PART)
    ]  # fmt: skip
    old._base_manager.bulk_create(rows)
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    with scope(tenant.id):
        assert Identifier.objects.count() == MORE_THAN_ONE_PART
        record = selectors.record("88.999.1/YZ-500")
        assert (record.name, record.version, record.state) == ("88.999.1/yz-500", 1, "active")
        assert (record.created_at, record.changed_at) == (now, now)
        row = selectors.identifier("88.999.1/yz-500")
        assert row.digest == name_digest("88.999.1/yz-500")
        assert (row.subject_id, row.prefix) == (rows[500].subject_id, "88.999.1")
