"""The codes that there are claim the paths where a GS1 resolver answers for them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import migrations

from jialiang.base.identifiers.code_claims import GS1_PLACE, claims_of
from jialiang.base.identifiers.records import RecordCode
from jialiang.kernel.ids import new_id

AT_ONCE = 500


def claim_places(apps: Any, schema_editor: Any) -> None:
    """Claim the path of each code; of two records with one path the code that came first has it."""
    table = apps.get_model("base_identifiers", "IdentifierCode")
    now = datetime.now(UTC)
    claims = []
    for row in table._base_manager.exclude(system=GS1_PLACE).order_by("id").iterator(chunk_size=AT_ONCE):
        for system, place in claims_of((RecordCode(row.system, row.code),)):
            if system == GS1_PLACE:
                claims.append(
                    table(
                        id=new_id(now), tenant_id=row.tenant_id, identifier_id=row.identifier_id, system=system,
                        code=place, primary=row.primary,
                    )
                )  # fmt: skip
    table._base_manager.bulk_create(claims, batch_size=AT_ONCE, ignore_conflicts=True)


class Migration(migrations.Migration):
    """Rows only; the table stays as it is."""

    dependencies = [("base_identifiers", "0002_records")]

    operations = [migrations.RunPython(claim_places, migrations.RunPython.noop)]
