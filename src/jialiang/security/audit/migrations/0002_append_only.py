"""The database refuses to change or delete audit records."""

from django.db import migrations

from jialiang.security.audit import triggers


def create(apps, editor):
    triggers.create(editor)


def drop(apps, editor):
    triggers.drop(editor)


class Migration(migrations.Migration):
    dependencies = [("security_audit", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
