"""Symbols read from a photograph, by zxing-cpp: QR, DataMatrix, Code 128 and the other carriers in use on instruments.

A photograph comes from anywhere: its size, pixels and format are bounded before it is decoded, and no further look is
taken once the time is used up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from time import monotonic

import zxingcpp
from PIL import Image, UnidentifiedImageError

from jialiang.kernel.errors import InvalidInput, Unreadable

LARGEST = 12 * 1024 * 1024
MOST_PIXELS = 64_000_000
SMALLEST_SIDE = 8
MOST_SYMBOLS = 20
SECONDS = 4.0
"""No further look is taken after this time; the longest single look stays in the same order."""
FILE_FORMATS = ("JPEG", "PNG", "WEBP")
FIRST_LOOK, SECOND_LOOK, ENLARGED_BELOW = 1600, 3200, 600
ORIENTATION = 0x0112  # tag of Exif; what a camera held otherwise has to be turned by
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_KINDS = zxingcpp.BarcodeFormat
READ = zxingcpp.BarcodeFormats(
    (
        _KINDS.QRCode, _KINDS.MicroQRCode, _KINDS.DataMatrix, _KINDS.Aztec, _KINDS.PDF417, _KINDS.Code128,
        _KINDS.Code39, _KINDS.EANUPC, _KINDS.ITF14, _KINDS.DataBar,
    )
)  # fmt: skip


class NoPhotograph(Unreadable):
    """The bytes are no picture of a format that is read; facts: ``known``."""

    code = "JL-SCN-001"


class PhotographTooLarge(InvalidInput):
    """The picture has too many bytes or pixels; facts: ``size``, ``largest``, ``pixels``, ``most`` (millions)."""

    code = "JL-SCN-002"
    http_status = 413

    @classmethod
    def of(cls, size: int, pixels: int = 0) -> PhotographTooLarge:
        """Return the refusal of so many bytes and pixels (0: not counted)."""
        return cls(
            size=f"{size / 1_048_576:.1f}",
            largest=f"{LARGEST / 1_048_576:.0f}",
            pixels=f"{pixels / 1_000_000:.0f}" if pixels else "—",
            most=f"{MOST_PIXELS / 1_000_000:.0f}",
        )


class NoSymbolFound(InvalidInput):
    """The picture shows no symbol that can be read."""

    code = "JL-SCN-003"


@dataclass(frozen=True, slots=True)
class FoundSymbol:
    """A symbol of a photograph: its kind as zxing names it (``QR Code``), and its text.

    The text of a GS1 symbol begins with its symbology identifier (``]d2``) and has its separators.
    """

    kind: str
    text: str


def read_photograph(data: bytes, clock: Callable[[], float] = monotonic) -> tuple[FoundSymbol, ...]:
    """Return the symbols of a JPEG, PNG or WebP, from the top down, each once: at most twenty.

    Raises NoPhotograph, PhotographTooLarge, NoSymbolFound.
    """
    end = clock() + SECONDS
    found: dict[FoundSymbol, tuple[float, float]] = {}
    for scale, picture in _looks(_grey(data)):
        if clock() >= end:
            break
        for symbol in zxingcpp.read_barcodes(picture, formats=READ, text_mode=zxingcpp.TextMode.Plain):
            corner = symbol.position.top_left
            found.setdefault(_symbol(symbol), (corner.y / scale, corner.x / scale))
    if not found:
        raise NoSymbolFound()
    return tuple(sorted(found, key=lambda symbol: found[symbol]))[:MOST_SYMBOLS]


def _symbol(symbol: zxingcpp.Barcode) -> FoundSymbol:
    is_gs1 = symbol.content_type == zxingcpp.ContentType.GS1
    return FoundSymbol(str(symbol.format), (symbol.symbology_identifier if is_gs1 else "") + symbol.text)


def _looks(picture: Image.Image) -> Iterator[tuple[float, Image.Image]]:
    """Yield the picture in the sizes in which symbols are looked for, the cheapest first, each with its scale."""
    longest = max(picture.size)
    yield _scaled(picture, min(1.0, FIRST_LOOK / longest))
    if longest > FIRST_LOOK:
        yield _scaled(picture, min(1.0, SECOND_LOOK / longest))
    if longest < ENLARGED_BELOW:
        yield _scaled(picture, 3.0)


def _scaled(picture: Image.Image, scale: float) -> tuple[float, Image.Image]:
    if scale == 1.0:
        return scale, picture
    width, height = (max(1, round(side * scale)) for side in picture.size)
    return scale, picture.resize((width, height), Image.Resampling.BICUBIC)


def _grey(data: bytes) -> Image.Image:
    """Return the picture in grey, upright, on white where it lets light through."""
    if len(data) > LARGEST:
        raise PhotographTooLarge.of(len(data))
    try:
        return _opened(Image.open(BytesIO(data), formats=FILE_FORMATS), len(data))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise PhotographTooLarge.of(len(data), MOST_PIXELS + 1) from problem
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as problem:
        raise NoPhotograph(known=", ".join(FILE_FORMATS)) from problem


def _opened(picture: Image.Image, size: int) -> Image.Image:
    pixels = picture.width * picture.height
    if pixels > MOST_PIXELS:
        raise PhotographTooLarge.of(size, pixels)
    if min(picture.size) < SMALLEST_SIDE:
        raise NoSymbolFound()
    picture.draft("L", (SECOND_LOOK, SECOND_LOOK))
    turn = _TURNS.get(picture.getexif().get(ORIENTATION, 1))
    picture.thumbnail((SECOND_LOOK, SECOND_LOOK))
    grey = _on_white(picture)
    return grey if turn is None else grey.transpose(turn)


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("L")
    drawn = picture.convert("LA")
    paper = Image.new("L", picture.size, 255)
    paper.paste(drawn.getchannel("L"), mask=drawn.getchannel("A"))
    return paper
