"""Labels for tests: contents, pages made of them, and what a camera reads from the printed pages."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import zxingcpp
from PIL import Image
from tests.conftest import absent

from jialiang.formats.labels.contents import LabelContent, content_of
from jialiang.formats.labels.laying import LaidLabel, lay_label
from jialiang.formats.labels.pages import labels_pdf
from jialiang.formats.labels.templates import LabelTemplate, template_named
from jialiang.formats.pdf.font_files import find_font_folders
from jialiang.kernel.npm_files import npm_folder

BASE = "https://id.example.org"
GTIN = "09506000134352"
MOMENT = datetime(2026, 6, 16, tzinfo=UTC)
WORDS = {
    "name_zh": "精密压力表",
    "name_en": "Precision pressure gauge",
    "model": "YB-150A",
    "organization": "云泽计量院",
    "done": "2026-06-16",
    "due": "2027-06-15",
}


@cache
def fonts() -> tuple[Path, ...]:
    return find_font_folders(npm_folder())


def content(number: int = 1, *, gs1: bool = False, **more: str) -> LabelContent:
    identifier = f"(01){GTIN}(21)S-{number:04d}" if gs1 else f"88.101.5/ins-{number:07d}"
    return content_of(identifier, BASE, WORDS | {"serial": f"P-2026-{number:04d}"} | more)


def laid(name: str, count: int = 1, language: str = "zh", **more: str) -> list[LaidLabel]:
    template = template_named(name) if isinstance(name, str) else name
    gs1 = isinstance(name, str) and name.startswith("gs1")
    return [lay_label(template, content(i, gs1=gs1, **more), language) for i in range(1, count + 1)]


def pdf_of(labels: Sequence[LaidLabel], sheet: str = "a4", language: str = "zh", **more: object) -> bytes:
    return labels_pdf(labels, sheet=sheet, language=language, font_folders=fonts(), moment=MOMENT, **more)  # type: ignore[arg-type]


def program(name: str) -> str:
    """Return a tool of poppler; without it the test is skipped by name."""
    found = shutil.which(name)
    if found is None:
        absent(name, "install poppler-utils")
    return found or ""


def pictures(pdf: bytes, folder: Path, dots_per_inch: int = 300) -> list[Image.Image]:
    """Return the pages as a printer of that resolution draws them."""
    (folder / "labels.pdf").write_bytes(pdf)
    words = ["-r", str(dots_per_inch), "-png", str(folder / "labels.pdf"), str(folder / "page")]
    subprocess.run([program("pdftoppm"), *words], check=True, capture_output=True)
    found = sorted(folder.glob("page*.png"))
    opened = [Image.open(io.BytesIO(file.read_bytes())).convert("RGB") for file in found]
    for file in found:
        file.unlink()
    return opened


def read_all(picture: Image.Image) -> list[tuple[str, str]]:
    """Return format and text of every symbol in a picture, sorted."""
    return sorted((found.format.name, found.text) for found in zxingcpp.read_barcodes(picture))


def read_at(picture: Image.Image, label: LabelTemplate, corner: tuple[float, float]) -> list[tuple[str, str]]:
    """Return what is read from the place of one label on a page of A4."""
    scale = picture.width / 210
    box = (corner[0], corner[1], corner[0] + label.width, corner[1] + label.height)
    return read_all(picture.crop(tuple(round(side * scale) for side in box)))  # type: ignore[arg-type]


def words_of(pdf: bytes, folder: Path) -> str:
    (folder / "labels.pdf").write_bytes(pdf)
    command = [program("pdftotext"), "-layout", str(folder / "labels.pdf"), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
