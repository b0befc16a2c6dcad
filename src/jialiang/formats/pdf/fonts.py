"""The fonts of given folders, as the typesetter takes them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import typst

from jialiang.formats.pdf.errors import FontsMissing
from jialiang.formats.pdf.font_files import FAMILIES


def load_fonts(folders: Sequence[Path]) -> typst.Fonts:
    """Return the fonts of ``folders`` and the typesetter's own, without the system's; read once a process."""
    return _loaded(tuple(str(folder) for folder in folders))


@lru_cache(maxsize=4)
def _loaded(folders: tuple[str, ...]) -> typst.Fonts:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[Path(folder) for folder in folders],
    )
    missing = sorted(set(FAMILIES) - set(fonts.families()))
    if missing:
        raise FontsMissing(missing=", ".join(missing))
    return fonts
