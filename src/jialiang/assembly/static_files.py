"""Where the style sheets, scripts and fonts of others come from, and how all of them are laid out for serving.

They lie under :func:`~jialiang.kernel.npm_files.npm_folder`, in a checkout as in an installed wheel. Which files is one
list for serving and for building a wheel: ``console/vendor_files.json``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware

from jialiang.kernel.npm_files import npm_folder

PACKAGE = Path(__file__).resolve().parent.parent
LIST_OF_FILES = PACKAGE / "console" / "vendor_files.json"
PREFIX = "vendor"


@cache
def vendor_files() -> dict[str, str]:
    """Return path under ``/static/vendor/`` → path in the npm folder of every file taken from there."""
    listed: dict[str, str] = json.loads(LIST_OF_FILES.read_text(encoding="utf-8"))
    return {served: source for served, source in listed.items() if served != "_"}


class VendorFinder(BaseFinder):
    """Finds the listed npm files under ``vendor/…``, and nothing else of what lies beside them."""

    def __init__(self, app_names: object = None, *args: Any, **kwargs: Any) -> None:
        self.storage = _ListedFiles()

    def check(self, **kwargs: Any) -> list[Any]:
        """Return no findings: a missing file is reported by ``jialiang check``, not at every start."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the file behind ``vendor/…``, or an empty list; all of them with ``find_all``."""
        found = self.storage.file_of(path)
        if found is None:
            return []
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield every listed file that exists, with the storage that opens it."""
        for served in vendor_files():
            name = f"{PREFIX}/{served}"
            if self.storage.file_of(name) is not None:
                yield name, self.storage


class _ListedFiles(FileSystemStorage):
    """Opens files by the name they are served under."""

    prefix = ""

    def file_of(self, name: str) -> Path | None:
        source = (
            vendor_files().get(name.removeprefix(f"{PREFIX}/")) if name.startswith(f"{PREFIX}/") else None
        )
        path = npm_folder() / source if source else None
        return path if path is not None and path.is_file() else None

    def path(self, name: str) -> str:
        found = self.file_of(name.replace("\\", "/"))
        if found is None:
            raise FileNotFoundError(name)
        return str(found)


class StaticFiles(WhiteNoiseMiddleware):
    """Serves the collected, compressed files; where nothing was collected yet, the files where they lie."""

    def add_files(self, root: str, prefix: str | None = None) -> None:
        """Take a folder that exists; WhiteNoise would warn of one that does not."""
        if Path(root).is_dir():
            super().add_files(root, prefix=prefix)


class DigestedStorage(StaticFilesStorage):
    """Plain names with the digest as query (``jialiang.css?6f1e…``): a changed file is fetched, others are kept."""

    def url(self, name: str | None) -> str:
        """Return the address of a static file; one that cannot be found has no digest and answers 404."""
        address: str = super().url(name)
        digest = _digest(name or "")
        return f"{address}?{digest}" if digest else address


@cache
def _digest(name: str) -> str:
    found = finders.find(name)
    return sha256(Path(str(found)).read_bytes()).hexdigest()[:12] if found else ""


def collect(folder: Path) -> int:
    """Copy every static file into ``folder`` (Django's ``STATIC_ROOT``) and compress it; return how many there are.

    Done by ``jialiang init`` and ``upgrade``; without it WhiteNoise serves the same files uncompressed.
    """
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    compressor = Compressor(use_brotli=False, quiet=True)
    files = [path for path in folder.rglob("*") if path.is_file() and compressor.should_compress(path.name)]
    return sum(1 for path in files for _ in compressor.compress(str(path)))


def missing_files() -> list[str]:
    """Return the listed files that cannot be served: none in a wheel, and after ``npm ci`` none in a checkout."""
    return [served for served in vendor_files() if not finders.find(f"{PREFIX}/{served}")]
