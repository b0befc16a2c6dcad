"""The parts of a message catalogue put together and compiled. Needs Babel only, so that a build can do it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "jialiang"
LOCALE = SOURCE / "console" / "locale" / "zh_Hans"
Key = tuple[str, ...]


@dataclass
class Findings:
    """What is wrong with the catalogues, one sentence each."""

    lines: list[str] = field(default_factory=list)

    def add(self, place: str, what: str) -> None:
        """Note one finding."""
        self.lines.append(f"{place}: {what}")


def key_of(message: Message) -> Key:
    """Return what identifies a message: its context and its msgids."""
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    return (message.context or "", *ids)


def parts(locale: Path = LOCALE) -> list[tuple[str, Catalog]]:
    """Return the parts with their names."""
    read = []
    for path in sorted((locale / "parts").glob("*.po")):
        with path.open("rb") as file:
            read.append((path.name, read_po(file, locale="zh_Hans", abort_invalid=True)))
    return read


def merged(locale: Path = LOCALE, findings: Findings | None = None) -> Catalog:
    """Put all parts into one catalogue; a msgid told twice differently is a finding."""
    whole = Catalog(locale="zh_Hans", project="jialiang", charset="utf-8", fuzzy=False)
    told: dict[Key, tuple[str, object]] = {}
    for name, catalogue in parts(locale):
        for message in catalogue:
            if not message.id:
                continue
            before = told.setdefault(key_of(message), (name, message.string))
            if before[1] != message.string and findings is not None:
                findings.add(name, f"{message.id!r} is told differently in {before[0]}")
            whole.add(message.id, message.string, context=message.context, flags=message.flags)
    return whole


def compile_catalogue(locale: Path = LOCALE) -> Path:
    """Write the merged catalogue as PO for reading and as MO for Django; return the MO file."""
    catalogue = merged(locale)
    folder = locale / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "django.po").open("wb") as file:
        write_po(file, catalogue, width=0, sort_output=True, omit_header=False)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    target = folder / "django.mo"
    if not target.is_file() or target.read_bytes() != compiled.getvalue():
        whole = target.with_suffix(f".mo.{os.getpid()}")  # several processes may compile at once
        whole.write_bytes(compiled.getvalue())
        whole.replace(target)
    return target
