"""The table of identifiers grows into the record: name, values, state, version, owner, codes, history."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from jialiang.formats.handle.names import name_digest

STATES = [("reserved", "Reserved"), ("active", "Active"), ("suspended", "Suspended"), ("retired", "Retired")]
AT_ONCE = 500
VERSION_COLUMNS = [
    ("version", models.PositiveIntegerField(default=1)),
    ("state", models.CharField(choices=STATES, default="active", max_length=10)),
    ("values_text", models.TextField(default="[]")),
    ("codes_text", models.TextField(default="[]")),
    ("template", models.CharField(blank=True, max_length=300)),
    ("changed_at", models.DateTimeField()),
    ("action", models.CharField(default="identifier.register", max_length=40)),
    ("reason", models.CharField(blank=True, max_length=200)),
    ("actor_id", models.UUIDField(null=True)),
    ("actor_name", models.CharField(blank=True, max_length=100)),
    ("batch_id", models.UUIDField(null=True)),
]
TENANT = models.ForeignKey(
    on_delete=django.db.models.deletion.PROTECT, related_name="+", to="security_tenancy.tenant"
)
ID = models.UUIDField(editable=False, primary_key=True, serialize=False)
GUARDED = {"abstract": False, "base_manager_name": "objects"}


def name_all(apps: Any, schema_editor: Any) -> None:
    """Give each identifier that there is its name, the digest of it and the moment of its only version."""
    table = apps.get_model("base_identifiers", "Identifier")
    rows = []
    for row in table._base_manager.only("id", "prefix", "suffix", "created_at").iterator(chunk_size=AT_ONCE):
        row.name = f"{row.prefix}/{row.suffix}"
        row.digest = name_digest(row.name)
        row.changed_at = row.created_at
        rows.append(row)
        if len(rows) == AT_ONCE:
            table._base_manager.bulk_update(rows, ["name", "digest", "changed_at"])
            rows = []
    table._base_manager.bulk_update(rows, ["name", "digest", "changed_at"])


def add(name: str, field: Any) -> migrations.AddField:
    """Return the operation that adds a column to the identifier."""
    return migrations.AddField(model_name="identifier", name=name, field=field)


class Migration(migrations.Migration):
    """Existing codes become records without values, active, in their first version."""

    dependencies = [
        ("base_identifiers", "0001_initial"),
        ("base_organizations", "0001_initial"),
        ("security_tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdentifierBatch",
            fields=[
                ("id", ID),
                ("mode", models.CharField(max_length=10)),
                ("at", models.DateTimeField()),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=100)),
                ("items_digest", models.CharField(max_length=64)),
                ("counts", models.JSONField(default=dict)),
                ("tenant", TENANT.clone()),
            ],
            options=GUARDED,
        ),
        migrations.CreateModel(
            name="IdentifierSequence",
            fields=[
                ("id", ID.clone()),
                ("prefix_digest", models.CharField(max_length=32)),
                ("series", models.CharField(blank=True, max_length=120)),
                ("last", models.BigIntegerField(default=0)),
                ("tenant", TENANT.clone()),
            ],
            options=GUARDED,
        ),
        migrations.AddConstraint(
            model_name="identifiersequence",
            constraint=models.UniqueConstraint(
                fields=("tenant", "prefix_digest", "series"), name="identifier_sequence_once"
            ),
        ),
        migrations.CreateModel(
            name="IdentifierCount",
            fields=[
                ("id", ID.clone()),
                ("prefix_digest", models.CharField(max_length=32)),
                ("registered", models.BigIntegerField(default=0)),
                ("tenant", TENANT.clone()),
            ],
            options=GUARDED,
        ),
        migrations.AddConstraint(
            model_name="identifiercount",
            constraint=models.UniqueConstraint(
                fields=("tenant", "prefix_digest"), name="identifier_count_once"
            ),
        ),
        migrations.RemoveConstraint(model_name="identifier", name="identifier_once"),
        migrations.RemoveIndex(model_name="identifier", name="identifier_subject"),
        add("name", models.CharField(default="", max_length=2048)),
        add("digest", models.CharField(max_length=32, null=True)),
        add(
            "organization",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="base_organizations.organization",
            ),
        ),
        *(add(name, field.clone()) for name, field in VERSION_COLUMNS if name != "changed_at"),
        add("changed_at", models.DateTimeField(null=True)),
        migrations.RunPython(name_all, migrations.RunPython.noop, elidable=False),
        migrations.AlterField("identifier", "name", models.CharField(max_length=2048)),
        migrations.AlterField("identifier", "digest", models.CharField(max_length=32, unique=True)),
        migrations.AlterField("identifier", "changed_at", models.DateTimeField()),
        migrations.AlterField("identifier", "prefix", models.CharField(max_length=255)),
        migrations.AlterField("identifier", "subject_kind", models.CharField(blank=True, max_length=40)),
        migrations.AlterField("identifier", "subject_id", models.UUIDField(null=True)),
        migrations.RemoveField("identifier", "suffix"),
        migrations.AddIndex(
            "identifier",
            models.Index(
                fields=["subject_kind", "subject_id"],
                condition=models.Q(("subject_id__isnull", False)),
                name="identifier_subject",
            ),
        ),
        migrations.AddIndex(
            "identifier", models.Index(fields=["tenant", "prefix", "id"], name="identifier_prefix")
        ),
        migrations.CreateModel(
            name="IdentifierVersion",
            fields=[
                ("id", ID.clone()),
                *((name, field.clone()) for name, field in VERSION_COLUMNS),
                (
                    "identifier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="base_identifiers.identifier",
                    ),
                ),
                ("tenant", TENANT.clone()),
            ],
            options=GUARDED,
        ),
        migrations.AddConstraint(
            model_name="identifierversion",
            constraint=models.UniqueConstraint(
                fields=("identifier", "version"), name="identifier_version_once"
            ),
        ),
        migrations.CreateModel(
            name="IdentifierCode",
            fields=[
                ("id", ID.clone()),
                ("system", models.CharField(max_length=40)),
                ("code", models.CharField(max_length=200)),
                ("primary", models.BooleanField(default=False)),
                (
                    "identifier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codes",
                        to="base_identifiers.identifier",
                    ),
                ),
                ("tenant", TENANT.clone()),
            ],
            options=GUARDED,
        ),
        migrations.AddConstraint(
            model_name="identifiercode",
            constraint=models.UniqueConstraint(fields=("system", "code"), name="identifier_code_once"),
        ),
    ]
