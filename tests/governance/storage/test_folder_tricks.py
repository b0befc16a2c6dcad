"""The folder store against names that lead elsewhere, files in the way, and bytes that do not fit their name."""

import os
import stat
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jialiang.governance.storage.errors import BadDigest, ObjectDamaged, ObjectNotFound
from jialiang.governance.storage.folder import FolderStore
from jialiang.governance.storage.port import checked_digest

CONTENT = b"<certificate>22.000</certificate>"
DIGEST = sha256(CONTENT).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "objects"


@pytest.fixture
def store(folder: Path) -> FolderStore:
    return FolderStore(folder)


def place(folder: Path, digest: str = DIGEST) -> Path:
    return folder / digest[:2] / digest[2:4] / digest


NO_DIGESTS = {
    "empty": "",
    "too short": DIGEST[:-1],
    "too long": DIGEST + "0",
    "capitals": DIGEST.upper(),
    "a letter beyond f": "g" + DIGEST[1:],
    "a line end": DIGEST[:-1] + "\n",
    "a line end behind": DIGEST + "\n",
    "a path upwards": "../" * 21 + "x",
    "a path upwards of the right length": ("../" * 22)[:64],
    "an absolute path": "/etc/passwd".ljust(64, "a"),
    "a zero byte": "\x00" + DIGEST[1:],
    "digits of another script": "٠" * 64,
    "full-width letters": "ａ" * 64,
    "with its algorithm": f"sha256:{DIGEST}",
    "a blank before": " " + DIGEST[1:],
}


@pytest.mark.parametrize("given_text", NO_DIGESTS.values(), ids=NO_DIGESTS)
def test_what_is_no_digest_never_reaches_the_disk(given_text: str, store: FolderStore, folder: Path) -> None:
    for ask in (store.get, store.exists, checked_digest):
        with pytest.raises(BadDigest) as refused:
            ask(given_text)
        assert len(str(refused.value.facts["digest"])) <= 80
    assert not folder.exists()


@given(st.text(max_size=80))
def test_only_64_small_hexadecimal_letters_are_a_digest(text: str) -> None:
    good = len(text) == 64 and set(text) <= set("0123456789abcdef")
    if good:
        assert checked_digest(text) == text
    else:
        with pytest.raises(BadDigest):
            checked_digest(text)


def test_an_empty_store_answers_without_a_folder(store: FolderStore, folder: Path) -> None:
    assert list(store.all_digests()) == []
    assert list(store.loose_files()) == []
    assert not store.exists(DIGEST)
    with pytest.raises(ObjectNotFound) as missing:
        store.get(DIGEST)
    assert missing.value.facts == {"digest": DIGEST}
    assert not folder.exists()


DAMAGES = {
    "emptied": lambda data: b"",
    "cut": lambda data: data[:-1],
    "lengthened": lambda data: data + b"\n",
    "one bit flipped": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "replaced": lambda data: b"something else",
    "line ends changed": lambda data: data.replace(b">", b">\r\n"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_bytes_that_are_not_those_of_their_name_are_never_handed_out_and_mended_by_putting(
    damage, store: FolderStore, folder: Path
) -> None:
    store.put(CONTENT)
    path = place(folder)
    path.chmod(0o644)
    path.write_bytes(damage(CONTENT))
    with pytest.raises(ObjectDamaged) as refused:
        store.get(DIGEST)
    assert refused.value.facts == {"digest": DIGEST, "file": str(path)}
    assert refused.value.http_status == 503
    assert store.exists(DIGEST)
    assert store.put(CONTENT) == DIGEST
    assert store.get(DIGEST) == CONTENT
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_putting_what_is_there_does_not_touch_the_file(store: FolderStore, folder: Path) -> None:
    store.put(CONTENT)
    os.utime(place(folder), (1_000_000_000, 1_000_000_000))
    before = place(folder).stat()
    store.put(CONTENT)
    after = place(folder).stat()
    assert (after.st_mtime, after.st_ino) == (before.st_mtime, before.st_ino)


def test_a_link_in_the_place_of_an_object_is_read_only_if_its_bytes_fit_and_never_written_through(
    store: FolderStore, folder: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"not these bytes")
    place(folder).parent.mkdir(parents=True)
    place(folder).symlink_to(elsewhere)
    with pytest.raises(ObjectDamaged):
        store.get(DIGEST)
    store.put(CONTENT)
    assert elsewhere.read_bytes() == b"not these bytes"
    assert not place(folder).is_symlink()
    assert store.get(DIGEST) == CONTENT


def test_a_name_that_says_one_thing_in_the_folder_of_another_is_loose_and_no_digest_of_the_store(
    store: FolderStore, folder: Path
) -> None:
    store.put(CONTENT)
    wrong = folder / "00" / "00" / DIGEST
    wrong.parent.mkdir(parents=True)
    wrong.write_bytes(CONTENT)
    assert list(store.loose_files()) == [wrong]
    assert list(store.all_digests()) == [DIGEST]


def test_a_folder_with_the_name_of_an_object_is_no_object(store: FolderStore, folder: Path) -> None:
    place(folder).mkdir(parents=True)
    assert not store.exists(DIGEST)
    assert list(store.all_digests()) == []


@pytest.mark.parametrize(
    "path",
    ["notes.txt", "ab/notes.txt", "ab/cd/notes.txt", "ab/cd/.unfinished-00", f"ab/cd/ef/{DIGEST}", DIGEST],
)
def test_whatever_lies_where_no_digest_leads_is_loose(path: str, store: FolderStore, folder: Path) -> None:
    stray = folder / path
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(CONTENT)
    assert list(store.loose_files()) == [stray]
    assert list(store.all_digests()) == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=6))
def test_whatever_is_put_is_listed_in_order_and_comes_back(
    tmp_path_factory: pytest.TempPathFactory, contents
):
    store = FolderStore(tmp_path_factory.mktemp("objects"))
    digests = [store.put(content) for content in contents]
    assert digests == [sha256(content).hexdigest() for content in contents]
    assert list(store.all_digests()) == sorted(set(digests))
    assert [store.get(digest) for digest in digests] == contents
    assert list(store.loose_files()) == []


def test_two_stores_on_one_folder_see_the_same_objects(folder: Path) -> None:
    assert FolderStore(folder).get(FolderStore(folder).put(CONTENT)) == CONTENT


def test_a_folder_that_cannot_be_written_to_says_so_and_keeps_what_it_has(
    store: FolderStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(CONTENT)

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("jialiang.kernel.durable_files.os.open", refuse)
    with pytest.raises(PermissionError):
        store.put(b"new")
    monkeypatch.undo()
    assert store.get(DIGEST) == CONTENT
    assert list(store.loose_files()) == []
