"""What is unique by a template is held by rows of its own; records that there are take what they have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from jialiang.base.identifiers.stored_values import read_values
from jialiang.base.identifiers.value_claims import ValueClaim, claims_of
from jialiang.formats.handle.names import folded
from jialiang.formats.identifier_templates.items import RecordTemplate, TemplateItem
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text

AT_ONCE = 500


def claim_values(apps: Any, schema_editor: Any) -> None:
    """Take the unique values of each living record; of two records with one value the older has it."""
    templates = apps.get_model("base_identifier_templates", "IdentifierTemplate")
    now = datetime.now(UTC)
    for row in templates._base_manager.order_by("id").iterator(chunk_size=AT_ONCE):
        items = tuple(TemplateItem.from_json(item) for item in row.items if item["unique"])
        if items:
            _claim(apps, row, RecordTemplate(row.prefix, row.code, Text(), items), now)


def _claim(apps: Any, row: Any, template: RecordTemplate, now: datetime) -> None:
    table = apps.get_model("base_identifiers", "IdentifierValueClaim")
    part = []
    for identifier_id, claim in _claims(apps, row, template):
        part.append(
            table(
                id=new_id(now), tenant_id=row.tenant_id, identifier_id=identifier_id,
                scope=claim.scope, item_index=claim.index, digest=claim.digest,
            )
        )  # fmt: skip
        if len(part) == AT_ONCE:
            table._base_manager.bulk_create(part, ignore_conflicts=True)
            part = []
    table._base_manager.bulk_create(part, ignore_conflicts=True)


def _claims(apps: Any, row: Any, template: RecordTemplate) -> Iterator[tuple[Any, ValueClaim]]:
    records = apps.get_model("base_identifiers", "Identifier")._base_manager.filter(
        tenant_id=row.tenant_id, prefix=folded(row.prefix), template__contains=row.code
    )
    living = records.exclude(state="retired").order_by("id").only("id", "template", "values_text")
    for record in living.iterator(chunk_size=AT_ONCE):
        if record.template.strip() == row.code:
            yield from ((record.id, claim) for claim in claims_of(template, read_values(record.values_text)))


class Migration(migrations.Migration):
    """A table of claims, filled from the records and templates that there are."""

    dependencies = [
        ("base_identifiers", "0003_gs1_places"),
        ("base_identifier_templates", "0001_initial"),
        ("security_tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdentifierValueClaim",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("scope", models.CharField(max_length=32)),
                ("item_index", models.IntegerField()),
                ("digest", models.CharField(max_length=32)),
                (
                    "identifier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="value_claims",
                        to="base_identifiers.identifier",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="security_tenancy.tenant"
                    ),
                ),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.AddConstraint(
            model_name="identifiervalueclaim",
            constraint=models.UniqueConstraint(fields=("tenant", "scope", "digest"), name="identifier_value_once"),
        ),
        migrations.RunPython(claim_values, migrations.RunPython.noop),
    ]
