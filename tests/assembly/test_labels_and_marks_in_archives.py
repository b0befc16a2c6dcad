"""Label templates, marks and checks in archives: backed up and restored, exported and imported, logos too."""

import json
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.assembly.installation import empty_database, founded, use_folder
from tests.formats.labels.test_logos import SVG, png
from tests.ledger import THERMOMETER, actor

from jialiang.assembly.archive_files import unpacked
from jialiang.assembly.archives import FORMAT, back_up, restore
from jialiang.assembly.transfer import FORMAT as TRANSFER
from jialiang.assembly.transfer import export_tenant, import_tenant
from jialiang.base.instrument_marks.selectors import IdentityCheck, InstrumentMark
from jialiang.base.label_templates.facts import LabelTemplateFacts
from jialiang.base.label_templates.selectors import LabelTemplate
from jialiang.base.organizations.selectors import own_organization
from jialiang.formats.codes.found_marks import CarriedCode
from jialiang.functions import instrument_marks, instruments, label_templates
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import tenant_by_slug

pytestmark = pytest.mark.django_db(transaction=True)
LOGOS = {"svg": SVG, "png": png(), "bare": b""}
TABLES = (LabelTemplate, InstrumentMark, IdentityCheck)


@pytest.fixture
def elsewhere(settings, tmp_path: Path) -> Callable[[], None]:
    """Become another, empty installation with a data folder of its own."""
    use_folder(settings, tmp_path / "data")

    def move() -> None:
        empty_database()
        shutil.rmtree(tmp_path / "other", ignore_errors=True)
        use_folder(settings, tmp_path / "other")

    return move


@pytest.fixture
def labelled(elsewhere, now: datetime) -> Callable[[], None]:
    """An institute with three templates and an instrument whose seal was replaced and checked."""
    tenant = founded(now).tenant
    with scope(tenant.pk):
        operator, technician = (actor(tenant.pk, now, role) for role in ("identifier_operator", "technician"))
        for code, logo in LOGOS.items():
            facts = LabelTemplateFacts(
                code=code, name=Text("标签 “甲”", "Label 'A'"), width="60.25", height="40", logo=logo
            )
            row = label_templates.create(actor=operator, facts=facts, now=now)
        label_templates.withdraw(actor=operator, template_id=row.id, now=now)
        desk = actor(tenant.pk, now, "receptionist")
        scale = instruments.register(actor=desk, facts=THERMOMETER, owner_id=own_organization().id, now=now)
        for code in ("F 0001", "F\u30000002"):
            facts = instrument_marks.MarkFacts(role="seal", code=code, put_on=date(2026, 6, 1))
            mark = instrument_marks.record(actor=technician, instrument_id=scale.id, facts=facts, now=now)
        instrument_marks.remove(actor=technician, mark_id=mark.id, reason="破损 “一”", now=now)
        found = [CarriedCode("seal", "F 0001"), CarriedCode("", "F 0009")]
        instrument_marks.check_identity(actor=technician, instrument_id=scale.id, found=found, now=now)
    return elsewhere


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of the three tables, as the models read it."""
    with scope(tenant_by_slug("nim").pk):
        return {
            model._meta.label: [
                {field.attname: _plain(getattr(row, field.attname)) for field in model._meta.concrete_fields}
                for row in model.objects.order_by("id")
            ]
            for model in TABLES
        }


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def test_a_backup_puts_templates_marks_and_checks_back_as_they_were(
    labelled, tmp_path: Path, now: datetime
) -> None:
    before = rows()
    assert [len(found) for found in before.values()] == [3, 2, 1]
    back_up(tmp_path / "backup.tar.gz", now)
    labelled()
    restore(tmp_path / "backup.tar.gz")
    assert rows() == before
    with scope(tenant_by_slug("nim").pk):
        assert {row.code: bytes(row.logo) for row in LabelTemplate.objects.all()} == LOGOS


def test_an_export_takes_templates_marks_and_checks_into_another_installation(
    labelled, tmp_path: Path, now: datetime
) -> None:
    before = rows()
    export_tenant("nim", tmp_path / "nim.tar.gz", with_keys=True, now=now)
    labelled()
    import_tenant(tmp_path / "nim.tar.gz", dry_run=False, now=now)
    assert rows() == before
    with scope(tenant_by_slug("nim").pk):
        assert label_templates.printable("svg").logo == SVG
        assert label_templates.printable("png").shape.width == 60.25


@pytest.mark.parametrize("kind", [FORMAT, TRANSFER], ids=["backup", "export"])
def test_the_tables_stand_in_the_archive_a_row_a_line(
    labelled, tmp_path: Path, now: datetime, kind: str
) -> None:
    file = tmp_path / "archive.tar.gz"
    if kind == FORMAT:
        back_up(file, now)
    else:
        export_tenant("nim", file, with_keys=True, now=now)
    with unpacked(file, kind, tmp_path) as source:
        for model, count in zip(TABLES, (3, 2, 1), strict=True):
            lines = (source.folder / f"tables/{model._meta.label_lower}.ndjson").read_bytes().splitlines()
            assert len(lines) == count
            assert all(isinstance(json.loads(line), dict) for line in lines)
