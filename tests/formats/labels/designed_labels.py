"""Designed labels for tests: laid, drawn as dots, read by a camera, and measured against the paper."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image
from tests.formats.labels.label_samples import content, fonts, pdf_of, pictures

from jialiang.formats.labels.designs import LabelDesign, template_of_design
from jialiang.formats.labels.laying import LaidLabel, lay_label
from jialiang.formats.labels.pages import label_pictures
from jialiang.formats.labels.sheets import ROLL
from jialiang.formats.labels.zpl import DOTS_PER_MM
from jialiang.kernel.text import Text

DARK = 140
MM_PER_INCH = 25.4
MARGIN = 30
BASE = LabelDesign("own", Text("自有标签", "Own label"), 60, 40, "qr", ("name", "model", "serial", "due"), letters=5)
SQUARES = ("qr", "data_matrix", "gs1_data_matrix")
BARS = ("code_128", "gs1_128")
Dots = npt.NDArray[np.bool_]


def laid_design(design: LabelDesign, language: str = "zh", number: int = 1, **more: str) -> LaidLabel:
    """Return the label of a design with the sample's words; GS1 symbols get a GS1 identifier."""
    told = content(number, gs1=design.symbol.startswith("gs1"), **more)
    return lay_label(template_of_design(design), told, language)


def designed(**more: object) -> LabelDesign:
    """Return the usual design with other members."""
    return replace(BASE, **more)  # type: ignore[arg-type]


def drawn_at(label: LaidLabel, dots_per_inch: float = 300, logo: bytes = b"") -> Image.Image:
    """Return the label as the typesetter draws it, in colour."""
    [png] = label_pictures([label], language="zh", font_folders=fonts(), dots_per_inch=dots_per_inch, logo=logo)
    return Image.open(io.BytesIO(png)).convert("RGB")


def printed_at(label: LaidLabel, folder: Path, dots_per_inch: float = 300, **more: object) -> Image.Image:
    """Return the label's page of the PDF, as poppler draws it."""
    [page] = pictures(pdf_of([label], ROLL, **more), folder, dots_per_inch)  # type: ignore[arg-type]
    return page


def exact(dots_per_inch: int) -> float:
    """Return the resolution of a label printer that is sold by this name."""
    return DOTS_PER_MM[dots_per_inch] * MM_PER_INCH


def seen(picture: Image.Image) -> list[tuple[str, str]]:
    """Return format and text of what a camera reads from a label that lies on white paper."""
    around = Image.new("L", (picture.width + 2 * MARGIN, picture.height + 2 * MARGIN), 255)
    around.paste(picture.convert("L"), (MARGIN, MARGIN))
    found = zxingcpp.read_barcodes(around)
    return sorted((each.format.name.replace(" ", ""), each.text.replace("\x1d", "")) for each in found)


def carried_by(label: LaidLabel) -> str:
    """Return what the symbol of a label carries, as a reader of bare data tells it."""
    [text] = [each.text for each in label.drawn if each.symbol is not None]
    return text


def dark(picture: Image.Image) -> Dots:
    """Return which dots of a picture a printer would burn."""
    return np.asarray(picture.convert("L")) < DARK


def grown(dots: Dots, by: int = 1) -> Dots:
    """Return dots with their neighbours as far as ``by``."""
    wide = np.pad(dots, by)
    height, width = dots.shape
    near = [wide[y : y + height, x : x + width] for y in range(2 * by + 1) for x in range(2 * by + 1)]
    return np.logical_or.reduce(near)


def missing_share(dots: Dots, there: Dots, by: int = 1) -> float:
    """Return the share of dots that have no dot near them in another picture of nearly the same size."""
    height, width = min(dots.shape[0], there.shape[0]), min(dots.shape[1], there.shape[1])
    mine, others = dots[:height, :width], grown(there[:height, :width], by)
    return float((mine & ~others).sum() / max(mine.sum(), 1))


def margins(picture: Image.Image) -> tuple[int, int, int, int]:
    """Return how many white dots lie left, above, right and below everything that is drawn."""
    rows, columns = np.nonzero(np.asarray(picture.convert("L")) < 250)
    return (
        int(columns.min()), int(rows.min()),
        picture.width - 1 - int(columns.max()), picture.height - 1 - int(rows.max()),
    )  # fmt: skip


def box_of(picture: Image.Image, label: LaidLabel, kind: str) -> Iterator[Image.Image]:
    """Yield what is drawn in the places of one kind of element."""
    across, down = picture.width / label.template.width, picture.height / label.template.height
    for each in label.drawn:
        place = each.element
        if place.kind == kind:
            right, foot = place.x + place.width, place.y + place.height
            yield picture.crop((
                round(place.x * across), round(place.y * down), round(right * across), round(foot * down),
            ))  # fmt: skip
