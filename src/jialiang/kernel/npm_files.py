"""Where the style sheets, scripts and fonts of others lie: inside an installed wheel, else in the checkout.

A wheel carries a copy of the few files that are used, laid out as in ``node_modules`` (``tools/build_hook.py``), so
that whoever reads them asks here for the folder and knows no difference.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = "npm"
PACKAGE = Path(__file__).resolve().parent.parent


def npm_folder(package: Path = PACKAGE) -> Path:
    """Return ``jialiang/npm`` of a wheel where there is one, else ``node_modules`` beside ``src``.

    The folder need not exist: a checkout has it after ``npm ci``.
    """
    carried = package / FOLDER
    return carried if carried.is_dir() else package.parent.parent / "node_modules"
