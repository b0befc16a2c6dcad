"""The font files that pages are set in, all under the SIL Open Font License, and where to find them."""

from __future__ import annotations

from pathlib import Path

from jialiang.formats.pdf.errors import FontsMissing

FAMILIES = ("Inter", "Noto Sans SC", "Noto Serif SC")
FONT_FILES = (
    "inter/400Regular/Inter_400Regular.ttf",
    "inter/600SemiBold/Inter_600SemiBold.ttf",
    "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    "noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
    "noto-serif-sc/600SemiBold/NotoSerifSC_600SemiBold.ttf",
)
PACKAGE_SCOPE = "@expo-google-fonts"


def find_font_folders(assets: Path) -> tuple[Path, ...]:
    """Return the folders of :data:`FONT_FILES` under ``assets``.

    ``assets`` is ``node_modules`` or a copy of it (``assets/@expo-google-fonts/inter/400Regular/…``), or a folder
    that holds the files themselves. Raises FontsMissing with the names of the files that are in neither place.
    """
    found = {name: _located(assets, name) for name in FONT_FILES}
    missing = [Path(name).name for name, file in found.items() if file is None]
    if missing:
        raise FontsMissing(missing=", ".join(missing))
    return tuple(sorted({file.parent for file in found.values() if file is not None}))


def _located(assets: Path, name: str) -> Path | None:
    places = (assets / PACKAGE_SCOPE / name, assets / Path(name).name)
    return next((place for place in places if place.is_file()), None)
