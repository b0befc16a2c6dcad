"""A past version of a record knows who owned it then; no record changed its owner before."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def tell_owners(apps: Any, schema_editor: Any) -> None:
    """Give each past version the owner that its record has: one statement."""
    identifiers = apps.get_model("base_identifiers", "Identifier")
    owner = identifiers._base_manager.filter(pk=models.OuterRef("identifier_id")).values("organization_id")[:1]
    apps.get_model("base_identifiers", "IdentifierVersion")._base_manager.update(organization_id=models.Subquery(owner))


class Migration(migrations.Migration):
    """One column of the history."""

    dependencies = [("base_identifiers", "0004_value_claims"), ("base_organizations", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="identifierversion",
            name="organization",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="base_organizations.organization",
            ),
        ),
        migrations.RunPython(tell_owners, migrations.RunPython.noop),
    ]
