"""Hands files to the typesetter and takes PDF/A-3b back, with its complaints in words of the house."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast

import typst

from jialiang.formats.pdf.errors import CharacterUnprintable, TypesettingFailed
from jialiang.formats.pdf.fonts import load_fonts

STANDARD: Final = "a-3b"
_UNPRINTABLE = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


def typeset(files: dict[str, bytes], font_folders: Sequence[Path], moment: datetime) -> bytes:
    """Return the PDF of ``main.typ`` among the files, dated ``moment`` (UTC, whole seconds).

    Raises FontsMissing, CharacterUnprintable, TypesettingFailed.
    """
    # The typesetter takes a dictionary of files; its stubs do not know that yet.
    compiler = typst.Compiler(cast(Any, files), font_paths=load_fonts(font_folders), ignore_system_fonts=True)
    try:
        pdf = compiler.compile(
            format="pdf", pdf_standards=[STANDARD], timestamp=moment.replace(microsecond=0)
        )
    except typst.TypstError as error:
        raise _explained(error) from error
    if not isinstance(pdf, bytes):
        raise TypesettingFailed(reason="no pages")
    return pdf


def typeset_pictures(files: dict[str, bytes], font_folders: Sequence[Path], dots_per_inch: float) -> list[bytes]:
    """Return a PNG of each page of ``main.typ`` among the files. Raises as :func:`typeset` does."""
    compiler = typst.Compiler(cast(Any, files), font_paths=load_fonts(font_folders), ignore_system_fonts=True)
    try:
        pages = compiler.compile(format="png", ppi=dots_per_inch)
    except typst.TypstError as error:
        raise _explained(error) from error
    if isinstance(pages, bytes):
        return [pages]
    if not isinstance(pages, list):
        raise TypesettingFailed(reason="no pages")
    return pages


def _explained(error: typst.TypstError) -> CharacterUnprintable | TypesettingFailed:
    """Name the character that the typesetter could not draw, or pass its message on."""
    said = str(error.message)
    found = _UNPRINTABLE.search(said)
    if found is None:
        return TypesettingFailed(reason=said)
    text = _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), found[1])
    shown = text if text.isprintable() else " "
    return CharacterUnprintable(character=shown, code_point=" ".join(f"U+{ord(c):04X}" for c in text))
