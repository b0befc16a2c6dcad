"""Style sheets, scripts and fonts: only the listed files, all of them ours to serve, nothing from another host."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client

from jialiang.assembly import static_files
from tests.console.conftest import tool

OURS = static_files.PACKAGE / "console" / "static" / "jialiang"


def test_every_listed_file_is_there() -> None:
    assert static_files.missing_files() == []


@pytest.mark.parametrize(
    "name",
    [
        "vendor/../package.json",
        "vendor/@tabler/core/package.json",
        "vendor/tabler/../../package.json",
        "vendor/_",
        "node_modules/echarts/package.json",
    ],
)
def test_nothing_else_of_node_modules_is_served(client: Client, name: str) -> None:
    assert static_files.VendorFinder().find(name) == []
    assert client.get(f"/static/{name}").status_code == 404


def test_the_public_stylesheet_is_the_cut_of_the_console_s() -> None:
    cut = tool("public_css").cut((OURS / "jialiang.css").read_text(encoding="utf-8"))
    assert (OURS / "public.css").read_text(encoding="utf-8") == cut


def test_the_public_stylesheet_is_small_and_leaves_nothing_open() -> None:
    text = (OURS / "public.css").read_text(encoding="utf-8")
    assert len(text.encode()) < 25_000
    assert text.count("{") == text.count("}")
    assert "url(" not in text
    for class_name in ("jl-verdict", "jl-kv", "jl-checks", "jl-code", "jl-q", "jl-pub-btn"):
        assert f".{class_name}" in text


def test_every_token_that_a_stylesheet_uses_is_defined() -> None:
    for name in ("jialiang.css", "public.css"):
        text = (OURS / name).read_text(encoding="utf-8")
        used = set(re.findall(r"var\((--jl-[\w-]+)\)", text))
        assert used <= set(re.findall(r"(--jl-[\w-]+):", text)), name


def test_no_stylesheet_or_script_reaches_for_another_host() -> None:
    for name in ("jialiang/jialiang.css", "jialiang/public.css", "vendor/tabler/tabler.min.css"):
        text = Path(finders.find(name)).read_text(encoding="utf-8")
        assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", text), name


@pytest.mark.django_db
def test_every_file_that_our_stylesheet_names_is_served(client: Client) -> None:
    for address in re.findall(r'url\("\.\./(vendor/[^"]+)"\)', (OURS / "jialiang.css").read_text("utf-8")):
        response = client.get(f"/static/{address}")
        response.close()
        assert response.status_code == 200, address


def test_the_address_of_a_file_changes_with_its_bytes() -> None:
    assert re.fullmatch(r"/static/jialiang/jialiang\.css\?[0-9a-f]{12}", static("jialiang/jialiang.css"))
    assert static("jialiang/absent.css") == "/static/jialiang/absent.css"


def test_collected_files_are_compressed(tmp_path: Path, settings, monkeypatch) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    count = static_files.collect(settings.STATIC_ROOT)
    sheet = settings.STATIC_ROOT / "vendor" / "tabler" / "tabler.min.css"
    assert sheet.is_file()
    assert sheet.with_name("tabler.min.css.gz").stat().st_size < 85_000
    assert not (settings.STATIC_ROOT / "vendor" / "inter" / "inter-latin.woff2.gz").exists()
    assert count > 5
