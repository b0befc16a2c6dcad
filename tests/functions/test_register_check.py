"""What ``check`` proves of the register, and what it finds when something was touched."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from tests.functions import record_world
from tests.functions.record_world import World, build_world

from jialiang.base.certificates import selectors
from jialiang.base.certificates.models import Certificate
from jialiang.base.readings.models import Reading
from jialiang.functions.register_check import STUCK_AFTER, verify_stored_files
from jialiang.governance.publication.models import PublishedAnswer
from jialiang.governance.storage.current import current_store
from jialiang.security.tenancy.scope import scope


@pytest.fixture
def world(tenant, now, tmp_path, monkeypatch) -> World:
    monkeypatch.setattr(settings, "JIALIANG", record_world.replace(settings.JIALIANG, data_dir=tmp_path))
    with scope(tenant.id):
        return build_world(tenant, now)


@pytest.fixture
def issued(world):
    with scope(world.tenant.id):
        return record_world.issued_certificate(world)


def _kinds(now) -> list[str]:
    return sorted(finding.kind for finding in verify_stored_files(now))


def test_an_intact_register_gives_no_finding(world, issued):
    assert verify_stored_files(world.now) == []


def test_a_flipped_bit_in_a_stored_file_is_found(world, issued):
    with scope(world.tenant.id):
        digest = selectors.file_of(issued.id, "pdf_zh").sha256
    path = next(settings.JIALIANG.object_dir.rglob(digest))
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    (finding,) = verify_stored_files(world.now)
    assert (finding.kind, finding.grave, finding.subject) == ("file_damaged", "damage", f"{issued.number} pdf_zh")


def test_a_file_that_nothing_names_is_a_warning(world, issued):
    loose = current_store().put(b"left by a broken run")
    (finding,) = verify_stored_files(world.now)
    assert (finding.kind, finding.grave, finding.subject) == ("loose_object", "warning", loose)


def test_changed_content_readings_and_answers_are_found(world, issued):
    with scope(world.tenant.id):
        Certificate.objects.filter(pk=issued.id).update(content=issued.content.replace("22", "23", 1))
        Reading.objects.filter(row=1, column="indication").update(entered_text="21.522")
    assert _kinds(world.now) == ["content_changed", "readings_changed"]
    with scope(world.tenant.id):
        Certificate.objects.filter(pk=issued.id).update(content=issued.content)
        Reading.objects.filter(row=1, column="indication").update(entered_text="21.521")
    assert _kinds(world.now) == []
    PublishedAnswer.objects.filter(key__startswith="a:").first().delete()
    assert _kinds(world.now) == ["answer_missing"]


def test_a_certificate_that_is_being_issued_for_long_is_a_warning(world):
    with scope(world.tenant.id):
        numbered = record_world.numbered_certificate(world)
    assert _kinds(world.now + STUCK_AFTER) == []
    (finding,) = verify_stored_files(world.now + STUCK_AFTER + timedelta(seconds=1))
    assert (finding.kind, finding.grave, finding.subject) == ("issuing_long", "warning", numbered.number)
