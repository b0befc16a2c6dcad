"""Object stores: one conformance test for every adapter, and what the folder does beyond it."""

import os
import subprocess
import sys
import threading
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jialiang.governance.storage import ObjectStore, current_store
from jialiang.governance.storage.errors import BadDigest, ObjectDamaged, ObjectNotFound
from jialiang.governance.storage.folder import FolderStore

ADAPTERS = {"folder": FolderStore}


@pytest.fixture(params=sorted(ADAPTERS))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    return ADAPTERS[request.param](tmp_path / "objects")


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=2000))
def test_what_was_put_comes_back_under_its_digest(data: bytes, store: ObjectStore) -> None:
    digest = store.put(data)
    assert digest == sha256(data).hexdigest()
    assert store.exists(digest)
    assert store.get(digest) == data


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=2000), start=st.integers(0, 50))
def test_a_file_is_kept_from_where_it_stands(data: bytes, start: int, store: ObjectStore) -> None:
    file = BytesIO(data)
    file.seek(start)
    digest = store.put_file(file)
    assert digest == sha256(data[start:]).hexdigest()
    assert store.get(digest) == data[start:]


def test_a_long_file_is_never_held_in_memory_whole(store: ObjectStore) -> None:
    class Long(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert 0 < size <= 1024 * 1024
            return super().read(size)

    data = os.urandom(3 * 1024 * 1024 + 7)
    assert store.get(store.put_file(Long(data))) == data


def test_a_file_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise OSError("the line broke")
            return super().read(3)

    store = FolderStore(tmp_path / "objects")
    with pytest.raises(OSError, match="broke"):
        store.put_file(Broken(b"abcdef"))
    assert list(store.all_digests()) == []
    assert list(store.loose_files()) == []


def test_a_kept_file_cannot_be_written_to_and_putting_it_again_mends_it(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "objects")
    digest = store.put_file(BytesIO(b"abc"))
    path = tmp_path / "objects" / digest[:2] / digest[2:4] / digest
    assert path.stat().st_mode & 0o777 == 0o444
    path.chmod(0o644)
    path.write_bytes(b"abx")
    assert store.put_file(BytesIO(b"abc")) == digest == store.put(b"abc")
    assert store.get(digest) == b"abc"


def test_putting_again_changes_nothing(store: ObjectStore) -> None:
    assert store.put(b"a") == store.put(b"a")
    assert list(store.all_digests()) == [sha256(b"a").hexdigest()]


def test_all_digests_are_gone_through_in_order(store: ObjectStore) -> None:
    assert list(store.all_digests()) == []
    digests = [store.put(bytes([number])) for number in range(50)]
    assert list(store.all_digests()) == sorted(digests)


def test_what_was_never_put_is_not_found(store: ObjectStore) -> None:
    unknown = "0" * 64
    assert not store.exists(unknown)
    with pytest.raises(ObjectNotFound) as caught:
        store.get(unknown)
    assert caught.value.http_status == 404


@pytest.mark.parametrize(
    "wrong", ["", "abc", "../../etc/passwd", "A" * 64, "g" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n"]
)
def test_only_a_digest_is_ever_looked_up(wrong: str, store: ObjectStore) -> None:
    for ask in (store.get, store.exists):
        with pytest.raises(BadDigest):
            ask(wrong)


def test_threads_may_put_the_same_object_at_once(store: ObjectStore) -> None:
    data = b"x" * 200_000
    threads = [threading.Thread(target=store.put, args=(data,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.get(sha256(data).hexdigest()) == data
    assert len(list(store.all_digests())) == 1


def file_of(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest[2:4] / digest


def test_the_folder_is_laid_out_by_the_first_four_letters(tmp_path: Path) -> None:
    digest = FolderStore(tmp_path).put(b"content")
    assert file_of(tmp_path, digest).read_bytes() == b"content"


def test_every_flipped_bit_of_a_stored_file_is_noticed_and_mended_by_putting_again(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    data = b"every byte counts"
    digest = store.put(data)
    file = file_of(tmp_path, digest)
    file.chmod(0o644)
    for position in range(len(data)):
        file.write_bytes(data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :])
        with pytest.raises(ObjectDamaged) as caught:
            store.get(digest)
        assert str(file) in caught.value.what.zh
    for damaged in (b"", data[:-1], data + b"\x00"):
        file.write_bytes(damaged)
        with pytest.raises(ObjectDamaged):
            store.get(digest)
    assert store.put(data) == digest
    assert store.get(digest) == data


def test_a_stored_file_cannot_be_written_to_by_accident(tmp_path: Path) -> None:
    digest = FolderStore(tmp_path).put(b"content")
    assert file_of(tmp_path, digest).stat().st_mode & 0o222 == 0


def test_what_lies_loose_is_told_and_is_no_digest(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    digest = store.put(b"content")
    unfinished = file_of(tmp_path, digest).with_name(".unfinished-0011223344556677")
    unfinished.write_bytes(b"half")
    stray = tmp_path / "notes.txt"
    stray.write_text("x")
    misplaced = tmp_path / digest
    misplaced.write_bytes(b"content")
    assert set(store.loose_files()) == {unfinished, stray, misplaced}
    assert list(store.all_digests()) == [digest]


WRITER = """
import sys
from pathlib import Path
from jialiang.governance.storage.folder import FolderStore
store = FolderStore(Path(sys.argv[1]))
number = 0
while True:
    print(store.put(number.to_bytes(4, "big") * 20000), flush=True)
    number += 1
"""


def test_a_killed_writer_leaves_whole_files_only(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    for lines in (1, 3, 7):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            env=dict(os.environ),
        ) as writer:
            assert writer.stdout is not None
            acknowledged = [writer.stdout.readline().strip() for _ in range(lines)]
            writer.kill()
        for digest in store.all_digests():
            assert len(store.get(digest)) == 80_000
        assert all(store.exists(digest) for digest in acknowledged)


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(tmp_path)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("jialiang.kernel.durable_files.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put(b"content")
    assert list(store.loose_files()) == []
    assert not store.exists(sha256(b"content").hexdigest())


def test_the_installations_store_lies_in_the_data_folder(settings: object) -> None:
    digest = current_store().put(b"installed")
    assert file_of(settings.JIALIANG.object_dir, digest).is_file()
