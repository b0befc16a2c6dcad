"""The wheel carries everything that a checkout has from npm and from compiling, and nothing that it should not."""

import importlib.util
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from tests.conftest import ROOT, absent

from jialiang.assembly.static_files import vendor_files
from jialiang.formats.pdf.font_files import FONT_FILES, PACKAGE_SCOPE, find_font_folders
from jialiang.kernel.npm_files import npm_folder

PACKAGE = ROOT / "src" / "jialiang"
LARGEST = 40 * 1024 * 1024
DATA = {".json", ".html", ".txt", ".typ", ".svg", ".css", ".js", ".jinja", ".toml", ".pem"}
slow = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel of this checkout, built once."""
    if not npm_folder().is_dir():
        absent("node_modules", "run npm ci --ignore-scripts")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = folder.glob("*.whl")
    with zipfile.ZipFile(file) as opened:
        yield opened


def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_hook", ROOT / "tools" / "build_hook.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@slow
def test_the_wheel_carries_every_vendor_file_and_font(wheel: zipfile.ZipFile) -> None:
    wanted = [*vendor_files().values(), *(f"{PACKAGE_SCOPE}/{name}" for name in FONT_FILES)]
    for name in wanted:
        assert wheel.read(f"jialiang/npm/{name}") == (ROOT / "node_modules" / name).read_bytes(), name


@slow
def test_the_wheel_carries_the_licences_of_what_it_carries(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    for family in ("inter", "noto-sans-sc", "noto-serif-sc"):
        assert f"jialiang/npm/{PACKAGE_SCOPE}/{family}/LICENSE_FONT" in names
    for package in ("@tabler/core", "@alpinejs/csp"):
        described = json.loads(wheel.read(f"jialiang/npm/{package}/package.json"))
        assert described["license"] == "MIT"
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


@slow
def test_nothing_else_of_node_modules_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    carried = {n.removeprefix("jialiang/npm/") for n in wheel.namelist() if n.startswith("jialiang/npm/")}
    assert carried == set(hook().carried_names(ROOT))
    assert len(carried) < 40


@slow
def test_the_wheel_carries_compiled_chinese_and_no_parts(wheel: zipfile.ZipFile) -> None:
    compiled = wheel.read("jialiang/console/locale/zh_Hans/LC_MESSAGES/django.mo")
    catalogue = GNUTranslations(BytesIO(compiled))
    assert catalogue.gettext("Sign in") != "Sign in"
    assert not any(name.endswith(".po") for name in wheel.namelist() if "/parts/" in name)


@slow
def test_every_data_file_and_module_of_the_package_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "src/jialiang"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    files = [Path(name) for name in listed if (ROOT / name).is_file() and not name.endswith(".po")]
    wanted = {path.relative_to("src").as_posix() for path in files if path.suffix in DATA | {".py"}}
    assert len(wanted) > 200
    assert wanted - set(wheel.namelist()) == set()


@slow
def test_the_wheel_is_of_reasonable_size_and_holds_no_leftovers(wheel: zipfile.ZipFile) -> None:
    assert sum(info.compress_size for info in wheel.infolist()) < LARGEST
    strange = [
        n for n in wheel.namelist() if "__pycache__" in n or n.startswith(("tests", "tools")) or "/." in n
    ]
    assert strange == []


@slow
def test_fonts_are_found_in_a_package_that_carries_them(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path, [name for name in wheel.namelist() if name.startswith("jialiang/npm/")])
    package = tmp_path / "jialiang"
    assert npm_folder(package) == package / "npm"
    folders = find_font_folders(npm_folder(package))
    assert all(folder.is_relative_to(package) for folder in folders)


def test_a_checkout_looks_in_node_modules(tmp_path: Path) -> None:
    package = tmp_path / "src" / "jialiang"
    package.mkdir(parents=True)
    assert npm_folder(package) == tmp_path / "node_modules"
    (package / "npm").mkdir()
    assert npm_folder(package) == package / "npm"


def test_the_build_names_the_fonts_without_importing_the_typesetter() -> None:
    assert hook().font_files(PACKAGE / "formats" / "pdf" / "font_files.py") == FONT_FILES


def test_a_build_without_npm_files_stops_and_names_them(tmp_path: Path) -> None:
    for name in ("console/vendor_files.json", "formats/pdf/font_files.py"):
        target = tmp_path / "src" / "jialiang" / name
        target.parent.mkdir(parents=True)
        target.write_bytes((PACKAGE / name).read_bytes())
    with pytest.raises(
        SystemExit, match=r"npm ci --ignore-scripts.*tabler.min.css.*NotoSansSC_400Regular.ttf"
    ):
        hook().carried_names(tmp_path)


def test_a_source_without_a_list_of_fonts_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "fonts.py").write_text("OTHER = ()\n")
    with pytest.raises(SystemExit, match="FONT_FILES"):
        hook().font_files(tmp_path / "fonts.py")
