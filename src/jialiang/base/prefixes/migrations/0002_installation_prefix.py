"""Make the installation's own prefix a row where it has been in use; a new installation makes it when it is founded."""

import json
from datetime import UTC, datetime

from django.conf import settings
from django.db import migrations

from jialiang.base.prefixes.texts import level_of
from jialiang.formats.handle.names import folded
from jialiang.formats.handle.published import PublishedPrefix, prefix_key
from jialiang.kernel.ids import new_id


def found_prefix(apps, schema_editor):
    text, now = settings.JIALIANG.identifier_prefix, datetime.now(UTC)
    Prefix = apps.get_model("base_prefixes", "Prefix")
    holders = apps.get_model("base_organizations", "Organization")._base_manager.filter(is_own=True).order_by("id")
    for holder in holders:
        if not Prefix._base_manager.filter(folded=folded(text), tenant_id=holder.tenant_id).exists():
            give(apps, text, holder, now)
            publish(apps, text, now)


def give(apps, text, holder, now):
    row = apps.get_model("base_prefixes", "Prefix")(
        id=new_id(now),
        tenant_id=holder.tenant_id,
        text=text,
        folded=folded(text),
        level=level_of(text).value,
        holder_id=holder.pk,
        shared=True,
        state="active",
        state_since=now,
        created_at=now,
    )
    row.save(force_insert=True)
    apps.get_model("base_prefixes", "PrefixChange")._base_manager.create(
        id=new_id(now),
        tenant_id=holder.tenant_id,
        prefix_id=row.pk,
        at=now,
        deed="add",
        new={"holder_id": str(holder.pk), "state": "active", "quota": None},
        person_name="migration",
    )


def publish(apps, text, now):
    Version = apps.get_model("governance_publication", "AnswerVersion")
    counter, _ = Version._base_manager.get_or_create(pk=1)
    counter.last += 1
    counter.save()
    apps.get_model("governance_publication", "PublishedAnswer")._base_manager.update_or_create(
        key=prefix_key(text),
        defaults={
            "version": counter.last,
            "body": PublishedPrefix(text, "active").body(),
            "headers": json.dumps({"content-type": "application/json"}),
            "changed_at": now,
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("base_prefixes", "0001_initial"),
        ("governance_publication", "0001_initial"),
    ]
    operations = [migrations.RunPython(found_prefix, migrations.RunPython.noop)]
