"""Looking at the machine and the installed package: settings, disk, fonts, static files, translations."""

from __future__ import annotations

import gettext
import shutil
import struct
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from jialiang.assembly.findings import Finding, error, warning
from jialiang.assembly.static_files import missing_files
from jialiang.base.certificates.errors import NotRenderable
from jialiang.formats.pdf.errors import FontsMissing
from jialiang.functions.certificate_files import font_folders, renderer
from jialiang.kernel.settings import DEMO_SECRET

LITTLE, TOO_LITTLE = 2 * 1024**3, 200 * 1024**2
THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def settings_in_use(now: datetime) -> Iterator[Finding]:
    """Look for secrets of the demonstration, secrets used twice, and an address that passwords cross in clear."""
    used = settings.JIALIANG
    if used.demo:
        yield warning("settings.demo")
        return
    for name in ("secret_key", "key_passphrase"):
        if getattr(used, name) == DEMO_SECRET:
            yield error("settings.demo_secret", name=f"JIALIANG_{name.upper()}")
    if used.secret_key == used.key_passphrase:
        yield warning("settings.same_secret")
    address = urlsplit(used.public_url)
    if address.scheme == "http" and address.hostname not in THIS_MACHINE:
        yield warning("settings.no_tls", address=used.public_url)


def disk(now: datetime) -> Iterator[Finding]:
    """Look whether the data folder can be written and has room."""
    folder = settings.JIALIANG.data_dir
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        yield error("disk.not_writable", folder=folder, reason=problem.strerror or str(problem))
        return
    free = shutil.disk_usage(folder).free
    if free < LITTLE:
        found = error if free < TOO_LITTLE else warning
        yield found("disk.little", folder=folder, free=f"{free / 1024**2:.0f}")


def fonts(now: datetime) -> Iterator[Finding]:
    """Look whether certificates can be set: the renderer and its fonts."""
    try:
        renderer()
    except NotRenderable:
        yield error("fonts.no_renderer")
    font_folders.cache_clear()
    try:
        font_folders()
    except FontsMissing as problem:
        yield error("fonts.missing", names=problem.facts["missing"])


def static_files(now: datetime) -> Iterator[Finding]:
    """Look whether style sheets, scripts and fonts of the console are there, and collected for serving."""
    missing = missing_files()
    if missing:
        yield error("static.missing", names=", ".join(missing))
    if not Path(settings.STATIC_ROOT).is_dir():
        yield warning("static.not_collected", folder=settings.STATIC_ROOT)


def translations(now: datetime) -> Iterator[Finding]:
    """Look whether the Chinese of the console is compiled."""
    for folder in map(Path, settings.LOCALE_PATHS):
        file = folder / "zh_Hans" / "LC_MESSAGES" / "django.mo"
        try:
            with file.open("rb") as opened:
                gettext.GNUTranslations(opened)
        except (OSError, ValueError, struct.error) as problem:
            yield error("translations.missing", file=file, reason=str(problem))
