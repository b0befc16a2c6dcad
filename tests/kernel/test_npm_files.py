"""Files of others come from the wheel where it carries them, else from the checkout."""

from pathlib import Path

from jialiang.kernel.npm_files import FOLDER, PACKAGE, npm_folder


def test_a_checkout_reads_node_modules_beside_src(tmp_path: Path) -> None:
    package = tmp_path / "checkout" / "src" / "jialiang"
    package.mkdir(parents=True)
    assert npm_folder(package) == tmp_path / "checkout" / "node_modules"


def test_a_wheel_reads_what_it_carries_even_if_node_modules_is_there(tmp_path: Path) -> None:
    package = tmp_path / "src" / "jialiang"
    (package / FOLDER).mkdir(parents=True)
    (tmp_path / "node_modules").mkdir()
    assert npm_folder(package) == package / FOLDER


def test_a_file_of_that_name_is_no_folder(tmp_path: Path) -> None:
    package = tmp_path / "src" / "jialiang"
    package.mkdir(parents=True)
    (package / FOLDER).write_text("not a folder", encoding="utf-8")
    assert npm_folder(package) == tmp_path / "node_modules"


def test_without_being_told_it_looks_from_the_installed_package() -> None:
    assert PACKAGE.name == "jialiang"
    assert npm_folder() == npm_folder(PACKAGE)
