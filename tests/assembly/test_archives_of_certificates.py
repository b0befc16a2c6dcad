"""An institute that has issued: its certificates, files, numbers and answers move whole, and hold where they arrive."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from tests.assembly.installation import empty_database, use_folder
from tests.functions import record_world
from tests.functions.record_world import CELSIUS, World, another_thermometer

from jialiang.assembly.archive_errors import StoredFileMissing
from jialiang.assembly.archive_files import Member, unpacked, write_archive
from jialiang.assembly.archives import FORMAT as BACKUP
from jialiang.assembly.archives import back_up, restore
from jialiang.assembly.diagnosis import diagnose
from jialiang.assembly.founding import founder, publish_unknown_answers
from jialiang.assembly.stored_tables import tables_now
from jialiang.assembly.transfer import FORMAT, export_tenant, import_tenant
from jialiang.base.certificates.publishing import publish_unknown
from jialiang.base.certificates.selectors import certificate, certificates, file_of, files_of
from jialiang.functions import authenticity
from jialiang.functions import certificates as verbs
from jialiang.functions.authenticity import check_file
from jialiang.functions.certificates import Confirmation
from jialiang.functions.tokens import create_for_another
from jialiang.governance.storage import current_store
from jialiang.kernel.text import Text
from jialiang.security.audit.selectors import verify_chain
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

pytestmark = pytest.mark.django_db(transaction=True)
SLUG = "yunze"
TRAIL = {"tables/security_audit.auditrecord.ndjson", "tables/security_audit.audithead.ndjson"}
ANSWERS = "governance_publication.publishedanswer"


@dataclass
class Issued:
    """An institute with a certificate in force, one withdrawn, and one that is being issued."""

    world: World
    genuine: Any
    withdrawn: Any
    issuing: Any


def issued_house(now: datetime) -> Issued:
    """Let an institute work: three certificates, and evidence of its standard as PDF."""
    name = Text("云泽市计量测试院", "Yunze Institute of Metrology")
    tenant = create_tenant(slug=SLUG, name=name, time_zone="Asia/Shanghai", now=now)
    world = record_world.build_world(tenant, now)
    publish_unknown_answers(now)
    with scope(tenant.id):
        paper = record_world.CertificateFacts(
            number="GJ-2026-C-000313",
            issuer=Text("国家示范计量院（虚构）", "National Demonstration Institute (fictional)"),
            expanded_uncertainty="0.0020",
            coverage_factor="2.00",
            unit=CELSIUS,
            valid_from=now.date(),
            valid_until=now.date().replace(year=now.year + 1),
        )
        record_world.measurement_standards.add_certificate(
            actor=world.people["standards_keeper"],
            standard_id=world.standard_id,
            facts=paper,
            file=b"%PDF-1.7 evidence",
            now=now,
        )
        genuine = record_world.issued_certificate(world)
        withdrawn = _one_more(world, "T-2")
        record_world.certificates.finish(actor=world.worker(), certificate_id=withdrawn.id, now=now)
        verbs.withdraw(
            actor=world.people["signatory"],
            certificate_id=withdrawn.id,
            reason=Text("失准", "off"),
            confirmation=Confirmation(password=record_world.PASSWORD),
            now=now,
        )
        issuing = _one_more(world, "T-3")
    return Issued(world, genuine, withdrawn, issuing)


def _one_more(world: World, serial_number: str) -> Any:
    item = record_world.open_item(world, instrument_id=another_thermometer(world, serial_number))
    record = record_world.start_record(world, item)
    record_world.fill_record(world, record)
    record_world.calibrations.submit(actor=world.people["technician"], calibration_id=record, now=world.now)
    record_world.pass_review(world, record)
    return record_world.approve(world, record)


@pytest.fixture
def elsewhere(settings, tmp_path: Path) -> Callable[[], None]:
    """Become another, empty installation."""

    def move() -> None:
        empty_database()
        shutil.rmtree(tmp_path / "other", ignore_errors=True)
        use_folder(settings, tmp_path / "other")

    use_folder(settings, tmp_path / "data")
    return move


@pytest.fixture
def house(elsewhere, now: datetime) -> Issued:
    return issued_house(now)


def contents(file: Path, kind: str, beside: Path) -> dict[str, bytes]:
    with unpacked(file, kind, beside) as source:
        return {m["name"]: (source.folder / m["name"]).read_bytes() for m in source.manifest["members"]}


def answers() -> dict[str, tuple[bytes, str, Any]]:
    """Return every published answer but for its version."""
    rows = tables_now().rows(ANSWERS).values_list("key", "body", "headers", "not_after")
    return {key: (bytes(body), headers, until) for key, body, headers, until in rows}


def files_now(house: Issued) -> dict[str, str]:
    """Return name → digest of every file of every certificate, recomputed from the bytes."""
    found = {}
    with scope(house.world.tenant.id):
        for row in certificates():
            for file in files_of(row.id):
                found[f"{row.number}/{file.kind}"] = sha256(current_store().get(file.sha256)).hexdigest()
    return found


def verdict_of(house: Issued, row: Any, kind: str, now: datetime) -> str:
    with scope(house.world.tenant.id):
        data = current_store().get(file_of(row.id, kind).sha256)
    return check_file(data=data, name=f"c.{kind}", now=now).verdict.verdict


def holds_there(house: Issued, now: datetime) -> None:
    """Insist that the institute is whole and goes on: verdicts, trail, examination, the next number."""
    verdicts = [verdict_of(house, house.genuine, kind, now) for kind in ("xml", "pdf_zh", "pdf_en")]
    assert verdicts == ["genuine"] * 3
    assert verdict_of(house, house.withdrawn, "xml", now) == "withdrawn"
    assert verify_chain(house.world.tenant.pk) == []
    found = diagnose(now)
    of_the_machine = {"clock.behind", "database.unsafe"}  # the test's moment, and a server set up for tests
    assert [f.key for f in found.findings if f.severity == "error" and f.key not in of_the_machine] == []
    assert {"frozen contents", "digests", "published answers", "numbers"} <= set(found.looked_at)
    with scope(house.world.tenant.id):
        finished = record_world.certificates.finish(
            actor=house.world.worker(), certificate_id=house.issuing.id, now=now
        )
        assert (finished.number, finished.state) == (house.issuing.number, "in_force")
        assert finished.content_digest == house.issuing.content_digest
        further = _one_more(house.world, "T-4")
    serial = int(house.issuing.number[-6:]) + 1
    assert further.number == f"{house.issuing.number[:-6]}{serial:06d}"


@pytest.mark.slow
def test_a_tenant_with_certificates_moves_whole_and_works_on(
    house: Issued, elsewhere, tmp_path: Path, now: datetime
) -> None:
    archive = tmp_path / "a.tar.gz"
    moved = export_tenant(SLUG, archive, with_keys=True, now=now)
    before, files, told = contents(archive, FORMAT, tmp_path), files_now(house), answers()
    assert moved.files == len([name for name in before if name.startswith("objects/")]) == 7
    assert len(files) == 6  # XML and two PDFs of two certificates; the third is being issued
    authority = authenticity.trust_anchors().roots
    elsewhere()
    import_tenant(archive, dry_run=False, now=now)
    export_tenant(SLUG, tmp_path / "b.tar.gz", with_keys=True, now=now)
    after = contents(tmp_path / "b.tar.gz", FORMAT, tmp_path)
    assert {n: d for n, d in after.items() if n not in TRAIL} == {
        n: d for n, d in before.items() if n not in TRAIL
    }
    assert files_now(house) == files
    assert answers().keys() == told.keys()
    assert (
        authenticity.trust_anchors().roots != authority
    )  # a new installation, under an authority of its own
    with scope(house.world.tenant.id):
        assert certificate(house.genuine.id).content_digest == house.genuine.content_digest
        found = verbs.file_of(actor=_reader(house), certificate_id=house.genuine.id, kind="xml")
    assert sha256(found[1]).hexdigest() == files[f"{house.genuine.number}/xml"]


def _reader(house: Issued) -> Any:
    return house.world.people["receptionist"]


@pytest.mark.slow
def test_a_whole_installation_is_put_back_digest_by_digest_and_works_on(
    house: Issued, elsewhere, tmp_path: Path, now: datetime
) -> None:
    with scope(house.world.tenant.id):
        create_for_another(
            actor=founder(house.world.tenant), username="technician", name="bench PC", days=30, now=now
        )
    back_up(tmp_path / "a.tar.gz", now)
    before, files, told = contents(tmp_path / "a.tar.gz", BACKUP, tmp_path), files_now(house), answers()
    elsewhere()
    kept = restore(tmp_path / "a.tar.gz")
    assert (kept.files, kept.keys) == (7, 2)
    back_up(tmp_path / "b.tar.gz", now)
    assert contents(tmp_path / "b.tar.gz", BACKUP, tmp_path) == before
    assert (files_now(house), answers()) == (files, told)
    holds_there(house, now)


@pytest.mark.slow
def test_what_is_damaged_on_the_way_arrives_nowhere(
    house: Issued, elsewhere, tmp_path: Path, now: datetime
) -> None:
    archive = tmp_path / "a.tar.gz"
    export_tenant(SLUG, archive, with_keys=True, now=now)
    whole = archive.read_bytes()
    elsewhere()
    for name, data in damaged(archive, whole, tmp_path):
        broken = tmp_path / "broken.tar.gz"
        broken.write_bytes(data)
        with pytest.raises(Exception, match="JL-PKG-00[12]") as caught:
            import_tenant(broken, dry_run=False, now=now)
        assert caught.value.code in ("JL-PKG-001", "JL-PKG-002"), name
        assert tables_now().rows("security_tenancy.tenant").count() == 0, name
        assert list(current_store().all_digests()) == [], name
        left = [
            path.name for path in (tmp_path / "other").rglob("*") if path.is_file() or path.name[0] == "."
        ]
        assert left == [], name
    archive.write_bytes(whole)
    import_tenant(archive, dry_run=False, now=now)
    assert len(files_now(house)) == 6


def damaged(archive: Path, whole: bytes, beside: Path) -> Iterator[tuple[str, bytes]]:
    """Yield archives that broke on the way, with what happened to them."""
    for part in (0, 1, 100, len(whole) // 4, len(whole) // 2, len(whole) - 9, len(whole) - 1):
        yield f"cut off after {part}", whole[:part]
    for place in (len(whole) // 3, len(whole) // 2, len(whole) - 200):
        changed = bytearray(whole)
        changed[place] ^= 0xFF
        yield f"byte {place} changed", bytes(changed)
    data = contents(archive, FORMAT, beside)
    with unpacked(archive, FORMAT, beside) as source:
        facts = {k: v for k, v in source.manifest.items() if k not in ("format", "version", "members")}
    pdf = next(name for name, content in data.items() if content.startswith(b"%PDF"))
    target = beside / "resealed.tar.gz"
    for what, members in (
        ("a stored file under another's digest", data | {pdf: data[pdf] + b"\n"}),
        ("a line cut in half", data | {"tables/base_certificates.certificate.ndjson": b'{"id": '}),
    ):
        write_archive(target, FORMAT, facts, [_member(n, d) for n, d in members.items()])
        yield what, target.read_bytes()
        target.unlink()


def _member(name: str, data: bytes) -> Member:
    return Member(name, len(data), sha256(data).hexdigest(), lambda: BytesIO(data))


@pytest.mark.slow
def test_a_certificate_without_its_file_stops_backup_and_export_by_digest(
    house: Issued, tmp_path: Path, now: datetime
) -> None:
    with scope(house.world.tenant.id):
        digest = file_of(house.genuine.id, "pdf_en").sha256
    path = tmp_path / "data" / "objects" / digest[:2] / digest[2:4] / digest
    path.unlink()
    for write in (
        lambda target: back_up(target, now),
        lambda target: export_tenant(SLUG, target, with_keys=False, now=now),
    ):
        with pytest.raises(StoredFileMissing) as caught:
            write(tmp_path / "a.tar.gz")
        assert caught.value.facts["digest"] == digest
        assert caught.value.facts["table"] == "base_certificates.certificatefile"
        assert not (tmp_path / "a.tar.gz").exists()
    with scope(house.world.tenant.id):
        assert "tenant.export" not in [row["action"] for row in _acts()]


def _acts() -> list[dict[str, Any]]:
    return list(tables_now().rows("security_audit.auditrecord").values("action"))


def test_an_answer_can_be_made_anew_without_changing_what_it_says(elsewhere, now: datetime) -> None:
    publish_unknown("check.example.cn", now)
    first = answers()
    publish_unknown("check.example.cn", now)
    assert answers() == first
    assert all(json.loads(body) for key, (body, _, _) in first.items() if key.endswith("json"))


def test_identifiers_are_resolved_again_where_a_tenant_has_moved_to(
    house: Issued, elsewhere, tmp_path: Path, now: datetime
) -> None:
    before = {key for key in answers() if key.startswith("h:")}
    assert before
    export_tenant(SLUG, tmp_path / "a.tar.gz", with_keys=True, now=now)
    elsewhere()
    assert not [key for key in answers() if key.startswith("h:")]
    import_tenant(tmp_path / "a.tar.gz", dry_run=False, now=now)
    assert {key for key in answers() if key.startswith("h:")} == before
