"""Files that appear whole or not at all."""

import os
import stat
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from jialiang.kernel.durable_files import copy_durably, force_folder, write_durably


def test_a_file_has_its_bytes_and_its_mode_and_nothing_lies_beside(tmp_path: Path) -> None:
    write_durably(tmp_path / "a", b"content", beside=".a", mode=0o640)
    assert (tmp_path / "a").read_bytes() == b"content"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_a_file_is_replaced_unless_it_must_not_be(tmp_path: Path) -> None:
    write_durably(tmp_path / "a", b"old", beside=".a")
    write_durably(tmp_path / "a", b"new", beside=".a")
    with pytest.raises(FileExistsError):
        write_durably(tmp_path / "a", b"newer", beside=".a", replace=False)
    assert (tmp_path / "a").read_bytes() == b"new"
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("replace", [True, False])
def test_when_the_disk_fails_the_old_file_stays_and_the_new_one_goes(
    replace: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b").write_bytes(b"old")

    def broken(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        write_durably(tmp_path / "b", b"new", beside=".b", replace=replace)
    assert (tmp_path / "b").read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["b"]


def test_somebody_elses_unfinished_file_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / ".a").write_bytes(b"another process")
    with pytest.raises(FileExistsError):
        write_durably(tmp_path / "a", b"content", beside=".a")
    assert not (tmp_path / "a").exists()


def test_bytes_are_on_the_disk_before_the_name_and_the_folder_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        steps.append(f"{'folder' if is_folder else 'file'}, named: {(tmp_path / 'a').exists()}")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    write_durably(tmp_path / "a", b"content", beside=".a")
    force_folder(tmp_path)
    assert steps == ["file, named: False", "folder, named: True", "folder, named: True"]


def test_a_file_is_for_its_owner_alone_unless_said_otherwise(tmp_path: Path) -> None:
    write_durably(tmp_path / "secret", b"key", beside=".secret")
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_the_mode_holds_before_the_first_byte_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int]] = []
    real = os.open

    def watched(path: Path, flags: int, mode: int = 0o777) -> int:
        descriptor = real(path, flags, mode)
        if flags & os.O_CREAT:
            seen.append((stat.S_IMODE(os.fstat(descriptor).st_mode), os.fstat(descriptor).st_size))
        return descriptor

    monkeypatch.setattr(os, "open", watched)
    write_durably(tmp_path / "a", b"content", beside=".a")
    assert seen == [(0o600, 0)]


def test_a_link_in_the_place_of_the_unfinished_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"precious")
    (tmp_path / ".a").symlink_to(tmp_path / "victim")
    with pytest.raises(FileExistsError):
        write_durably(tmp_path / "a", b"content", beside=".a")
    assert (tmp_path / "victim").read_bytes() == b"precious"


def test_replacing_a_link_leaves_what_it_points_to_alone(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"old")
    (tmp_path / "a").symlink_to(tmp_path / "target")
    write_durably(tmp_path / "a", b"new", beside=".a")
    assert (tmp_path / "target").read_bytes() == b"old"
    assert not (tmp_path / "a").is_symlink()


def test_a_copy_has_the_bytes_the_mode_and_tells_their_digest(tmp_path: Path) -> None:
    assert copy_durably(BytesIO(b"content"), tmp_path / "a", mode=0o444) == sha256(b"content").hexdigest()
    assert (tmp_path / "a").read_bytes() == b"content"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o444


def test_a_copy_never_replaces_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        copy_durably(BytesIO(b"new"), tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"old"
