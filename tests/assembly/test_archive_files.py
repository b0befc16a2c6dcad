"""Archives: what was written is read, and nothing else is."""

import gzip
import io
import json
import stat
import tarfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from jialiang.assembly.archive_errors import (
    ArchiveDamaged,
    ArchiveExists,
    ArchiveUnreadable,
    ForeignArchive,
    NoRoom,
)
from jialiang.assembly.archive_files import MANIFEST, file_member, unpacked, write_archive
from jialiang.kernel.errors import JialiangError

KIND = "test-archive"
TABLE = "tables/base_organizations.organization.ndjson"
STORED = b"\x00" * 5000
DATA = {TABLE: b'{"id":1}\n', f"objects/{sha256(STORED).hexdigest()}": STORED, "keys/seal-nim.pem": b"PEM"}
Entry = tuple[tarfile.TarInfo, bytes]


def entry(name: str, data: bytes = b"", **attributes: Any) -> Entry:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for attribute, value in attributes.items():
        setattr(info, attribute, value)
    return info, data


def manifest(data: dict[str, bytes], **changes: Any) -> bytes:
    members = [{"name": n, "size": len(d), "sha256": sha256(d).hexdigest()} for n, d in data.items()]
    return json.dumps({"format": KIND, "version": 1, "members": members, **changes}).encode()


def tarred(*entries: Entry, format: int = tarfile.GNU_FORMAT) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz", format=format) as tar:
        for info, data in entries:
            tar.addfile(info, io.BytesIO(data))
    return written.getvalue()


def whole(data: dict[str, bytes] = DATA, **changes: Any) -> list[Entry]:
    return [entry(MANIFEST, manifest(data, **changes)), *(entry(n, d) for n, d in data.items())]


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], dict[str, bytes]]:
    """Read an archive from bytes and return its members; whatever happens, nothing is left lying."""

    def reading(data: bytes) -> dict[str, bytes]:
        archive, folder = tmp_path / "archive.tar.gz", tmp_path / "work"
        archive.write_bytes(data)
        folder.mkdir(exist_ok=True)
        try:
            with unpacked(archive, KIND, folder) as found:
                return {m["name"]: (found.folder / m["name"]).read_bytes() for m in found.manifest["members"]}
        finally:
            assert list(folder.iterdir()) == []

    return reading


def test_what_was_written_is_read(tmp_path: Path, read) -> None:
    members = []
    for i, (name, data) in enumerate(DATA.items()):
        file = tmp_path / str(i)
        file.write_bytes(data)
        members.append(file_member(name, file))
    target = tmp_path / "a.tar.gz"
    assert write_archive(target, KIND, {"fact": "有"}, members) == 3
    assert read(target.read_bytes()) == DATA
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    other = tmp_path / "b.tar.gz"
    write_archive(other, KIND, {"fact": "有"}, reversed(members))
    assert other.read_bytes() == target.read_bytes()
    with pytest.raises(ArchiveExists):
        write_archive(target, KIND, {}, members)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnreadable, match="JL-PKG-001"):
        write_archive(tmp_path / "none" / "a.tar.gz", KIND, {}, [])
    with pytest.raises(ArchiveUnreadable), unpacked(tmp_path / "none.tar.gz", KIND, tmp_path):
        pass


def test_a_member_that_changes_while_it_is_packed_leaves_no_archive(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"1234")
    member = file_member(TABLE, file)
    file.write_bytes(b"12")
    with pytest.raises(ArchiveUnreadable):
        write_archive(tmp_path / "a.tar.gz", KIND, {}, [member])
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_untouched_archive_is_read(read) -> None:
    assert read(tarred(*whole())) == DATA


LINK = {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}
HARD = {"type": tarfile.LNKTYPE, "linkname": MANIFEST}


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/cron.d/evil",
        "tables/../../evil",
        "objects/../x",
        "tables/a.b.ndjson/..",
        "keys/.pem",
        "other",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused_even_if_declared(read, name: str) -> None:
    with pytest.raises(ArchiveDamaged) as caught:
        read(tarred(*whole({name: b"x"})))
    assert caught.value.facts["member"] == name


@pytest.mark.parametrize(
    "attributes",
    [LINK, HARD, {"type": tarfile.DIRTYPE}, {"type": tarfile.CHRTYPE}, {"type": tarfile.FIFOTYPE}],
)
def test_only_plain_files_are_taken(read, attributes: dict[str, Any]) -> None:
    with pytest.raises(ArchiveDamaged):
        read(tarred(entry(MANIFEST, manifest({TABLE: b""})), entry(TABLE, b"", **attributes)))


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        (whole()[:-1], "not there"),
        ([*whole(), entry(TABLE, DATA[TABLE])], "not allowed"),
        ([*whole(), entry("tables/a.b.ndjson", b"x")], "not allowed"),
        (whole()[1:], "manifest"),
        ([], "manifest"),
        ([entry(MANIFEST, manifest(DATA)), entry(TABLE, b'{"id":2}\n')], "digest"),
        ([entry(MANIFEST, manifest(DATA)), entry(TABLE, b"longer than declared")], "size"),
        ([entry(MANIFEST, b"[]")], "manifest"),
        ([entry(MANIFEST, b"{")], "manifest"),
        ([entry(MANIFEST, b"[" * 100_000)], "manifest"),
        (whole(members=3), "manifest"),
        (whole(members=[3]), "manifest"),
        (whole(members=[{"name": TABLE, "size": -1, "sha256": ""}]), "manifest"),
        (whole(members=[{"name": TABLE, "size": True, "sha256": ""}]), "manifest"),
        (whole(members=[{"name": TABLE, "size": 1, "sha256": ""}] * 2), "manifest"),
    ],
)
def test_what_is_not_as_declared_is_refused(read, entries: list[Entry], reason: str) -> None:
    with pytest.raises(ArchiveDamaged) as caught:
        read(tarred(*entries))
    assert reason in caught.value.facts["reason"].en


def test_a_stored_file_under_the_digest_of_another_is_refused_though_the_manifest_agrees(read) -> None:
    name = "objects/" + "ab" * 32
    with pytest.raises(ArchiveDamaged) as caught:
        read(tarred(*whole({TABLE: DATA[TABLE], name: STORED})))
    assert caught.value.facts["member"] == name
    assert "digest" in caught.value.facts["reason"].en


@pytest.mark.parametrize("changes", [{"format": "jialiang-backup"}, {"version": 2}, {"version": "1"}])
def test_another_kind_or_a_later_form_is_named(read, changes: dict[str, Any]) -> None:
    with pytest.raises(ForeignArchive):
        read(tarred(*whole(**changes)))


def test_more_than_the_disk_holds_is_refused_before_it_is_unpacked(read) -> None:
    huge = [{"name": TABLE, "size": 10**18, "sha256": ""}]
    with pytest.raises(NoRoom):
        read(tarred(*whole(members=huge)))


def test_a_bomb_is_stopped_where_it_exceeds_what_it_declares(read) -> None:
    bomb = gzip.compress(b"\x00" * 50_000_000, mtime=0)
    with pytest.raises(ArchiveDamaged):
        read(bomb)
    after = gzip.decompress(tarred(*whole())) + b"\x00" * 50_000_000
    with pytest.raises(ArchiveDamaged):
        read(gzip.compress(after, mtime=0))


def test_a_header_as_large_as_a_file_is_not_read_into_memory(read) -> None:
    comment = entry(TABLE, DATA[TABLE])
    comment[0].pax_headers = {"comment": "x" * 5_000_000}
    with pytest.raises(ArchiveDamaged):
        read(tarred(entry(MANIFEST, manifest(DATA)), comment, format=tarfile.PAX_FORMAT))


@pytest.mark.parametrize(
    "data", [b"", b"no archive", b"\x1f\x8b", gzip.compress(b"text", mtime=0), gzip.compress(b"", mtime=0)]
)
def test_what_is_no_archive_is_refused(read, data: bytes) -> None:
    with pytest.raises((ArchiveUnreadable, ArchiveDamaged)):
        read(data)


def test_an_archive_that_is_cut_off_anywhere_is_refused(read) -> None:
    data = tarred(*whole())
    for length in range(0, len(data), 7):
        with pytest.raises((ArchiveUnreadable, ArchiveDamaged)):
            read(data[:length])


UNTOUCHED = tarred(*whole())


@hypothesis_settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(place=st.integers(0, len(UNTOUCHED) - 1), value=st.integers(0, 255))
def test_a_changed_byte_never_changes_what_is_read(read, place: int, value: int) -> None:
    changed = bytearray(UNTOUCHED)
    changed[place] = value
    try:
        assert read(bytes(changed)) == DATA
    except JialiangError as problem:
        assert problem.what.zh
        assert problem.what.en
