"""Fonts of an OFD: how wide their letters are, which letters they have, and the part of them that is embedded.

The fonts are the house's own (SIL Open Font License). Where they are not installed, or where none of them has a
letter, the text names the font 宋体 that readers bring along, as other makers' files do, with its fixed widths.
"""

from __future__ import annotations

import importlib
import io
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from jialiang.formats.ofd.errors import FontLibraryMissing

SCOPE = "@expo-google-fonts"
REGULAR = ("noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf", "inter/400Regular/Inter_400Regular.ttf")
BOLD = ("noto-serif-sc/600SemiBold/NotoSerifSC_600SemiBold.ttf", "inter/600SemiBold/Inter_600SemiBold.ttf")
RESIDENT = "宋体"

_UNNEEDED = ("GSUB", "GPOS", "GDEF", "BASE", "STAT", "DSIG", "vhea", "vmtx", "VORG", "kern", "MATH")
_WIDE_IN_CHINESE = frozenset("‘’“”…·—")
_WIDE = ("W", "F", "A")
_NO_WIDTH = ("Mn", "Me", "Cf")


class Face(Protocol):
    """A font in one weight; widths are parts of the size."""

    @property
    def name(self) -> str:
        """The name by which readers know it."""

    @property
    def family(self) -> str:
        """The name of its family."""

    @property
    def is_bold(self) -> bool:
        """Whether it is the heavier weight."""

    @property
    def is_embedded(self) -> bool:
        """Whether the letters that occur ride in the document."""

    def has(self, letter: str) -> bool:
        """Tell whether it can draw a letter."""

    def advance(self, letter: str) -> float:
        """Return how far a letter moves the pen, as a part of the size."""

    def program(self, letters: Iterable[str]) -> bytes:
        """Return the font with no more than these letters, empty if readers have it anyway."""


@dataclass(frozen=True)
class ResidentFace:
    """A font that readers bring along: full width for Chinese letters, half for the others."""

    name: str = RESIDENT
    is_bold: bool = False

    @property
    def family(self) -> str:
        """The same as the name."""
        return self.name

    @property
    def is_embedded(self) -> bool:
        """Never: readers have it."""
        return False

    def has(self, letter: str) -> bool:
        """Tell that any letter may be asked for; what the reader's font lacks is the reader's matter."""
        return bool(letter)

    def advance(self, letter: str) -> float:
        """Return 1 or ½, 0 for marks that sit on other letters."""
        if unicodedata.category(letter) in _NO_WIDTH:
            return 0.0
        return 1.0 if unicodedata.east_asian_width(letter) in _WIDE else 0.5

    def program(self, letters: Iterable[str]) -> bytes:
        """Return nothing: the font is not embedded."""
        return b""


@dataclass(frozen=True, slots=True)
class _Metrics:
    """What is needed of a font to set letters; advances by code point, in units of which ``em`` make the size."""

    name: str
    family: str
    em: int
    advances: dict[int, int]


@dataclass(frozen=True)
class FontFace:
    """A TrueType font of which the letters that occur are embedded."""

    file: Path
    is_bold: bool = False

    @property
    def name(self) -> str:
        """The PostScript name that the font states."""
        return self._metrics.name

    @property
    def family(self) -> str:
        """The family that the font states."""
        return self._metrics.family

    @property
    def is_embedded(self) -> bool:
        """Always: readers need not have it."""
        return True

    def has(self, letter: str) -> bool:
        """Tell whether the font has a glyph for a letter."""
        return ord(letter) in self._metrics.advances

    def advance(self, letter: str) -> float:
        """Return the advance width of the glyph, divided by the em."""
        return self._metrics.advances[ord(letter)] / self._metrics.em

    def program(self, letters: Iterable[str]) -> bytes:
        """Return the font with the glyphs of these letters only, without a time; the same letters, the same bytes."""
        subset = _font_tools("subset")
        options = subset.Options(
            hinting=False, layout_features=[], recalc_timestamp=False, notdef_outline=True
        )
        options.drop_tables += list(_UNNEEDED)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=sorted(ord(letter) for letter in set(letters)))
        out = io.BytesIO()
        with _opened(self.file) as font:
            subsetter.subset(font)
            font.save(out)
        return out.getvalue()

    @cached_property
    def _metrics(self) -> _Metrics:
        with _opened(self.file) as font:
            widths, names = font["hmtx"], font["name"]
            advances = {code: widths[glyph][0] for code, glyph in font.getBestCmap().items()}
            family = str(names.getDebugName(16) or names.getDebugName(1))
            return _Metrics(str(names.getDebugName(6)), family, int(font["head"].unitsPerEm), advances)


@dataclass(frozen=True)
class Faces:
    """The fonts that a document may use, the preferred one first; the last of each has every letter.

    The first one sets quotation marks and the like as wide as Chinese letters; ``is_western`` takes them from the
    next one that has them.
    """

    regular: tuple[Face, ...] = (ResidentFace(),)
    bold: tuple[Face, ...] = (ResidentFace(is_bold=True),)
    is_western: bool = False
    _known: dict[tuple[str, bool], tuple[Face, float]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def pick(self, letter: str, *, bold: bool = False) -> tuple[Face, float]:
        """Return the first font that has a letter, and the advance of the letter in it."""
        known = self._known.get((letter, bold))
        if known is None:
            faces = self.bold if bold else self.regular
            if self.is_western and letter in _WIDE_IN_CHINESE:
                faces = (*faces[1:-1], *faces)
            face = next(face for face in faces if face.has(letter))
            known = self._known[letter, bold] = (face, face.advance(letter))
        return known

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return how wide a text is in ``size``, in the unit of the size."""
        return size * sum(self.pick(letter, bold=bold)[1] for letter in text)


def house_faces(*places: Path) -> Faces:
    """Return the house's fonts that lie in ``places``: ``node_modules``, a copy of it, or folders with the files.

    Where none is found only the font that readers bring along is used.
    """
    return _faces(tuple(_found(places, REGULAR)), tuple(_found(places, BOLD)))


@lru_cache(maxsize=4)
def _faces(regular: tuple[Path, ...], bold: tuple[Path, ...]) -> Faces:
    return Faces(
        (*(FontFace(file) for file in regular), ResidentFace()),
        (*(FontFace(file, is_bold=True) for file in bold), ResidentFace(is_bold=True)),
    )


def _found(places: Iterable[Path], names: tuple[str, ...]) -> Iterator[Path]:
    """Give the first file of each name."""
    folders = tuple(places)
    for name in names:
        files = (file for place in folders for file in (place / SCOPE / name, place / Path(name).name))
        yield from islice((file for file in files if file.is_file()), 1)


def _font_tools(name: str) -> ModuleType:
    try:
        return importlib.import_module(f"fontTools.{name}")
    except ImportError:
        raise FontLibraryMissing() from None


def _opened(file: Path) -> Any:
    return _font_tools("ttLib").TTFont(file, lazy=True, recalcTimestamp=False, recalcBBoxes=False)
