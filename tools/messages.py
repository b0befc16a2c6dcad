"""The message catalogues of the console: parts are merged and compiled; nothing may be missing.

    python tools/messages.py compile     parts/*.po → LC_MESSAGES/django.po and django.mo
    python tools/messages.py check       every msgid translated, none empty, fuzzy, unused or told twice differently

English is the language of the msgids, so there is one catalogue: zh_Hans. Needs Babel and Django, no settings;
putting together and compiling is :mod:`catalogues`, which a build does without Django.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from catalogues import LOCALE, SOURCE, Findings, Key, compile_catalogue, key_of, merged
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS = dict(DEFAULT_KEYWORDS) | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def used_messages(source: Path = SOURCE) -> dict[Key, str]:
    """Return every msgid that templates and Python use, with the first place."""
    used: dict[Key, str] = {}
    for path in sorted([*source.rglob("*.py"), *source.rglob("templates/**/*.html")]):
        for line, ids, context in extracted(path):
            key = (context or "", *(ids if isinstance(ids, tuple) else (ids,)))
            used.setdefault(key, f"{path.relative_to(source)}:{line}")
    return used


def extracted(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    """Yield line, msgids and context of every message in one file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        if not settings.configured:
            settings.configure(USE_I18N=True)
        text = templatize(text, origin=str(path))
    for line, ids, _comments, context in extract("python", BytesIO(text.encode()), keywords=KEYWORDS):
        if ids:
            yield line, ids, context


def check(source: Path = SOURCE, locale: Path = LOCALE) -> list[str]:
    """Return every finding; an empty list is what a release needs."""
    findings = Findings()
    catalogue = merged(locale, findings)
    told = {key_of(message): message for message in catalogue if message.id}
    used = used_messages(source)
    for key, place in used.items():
        if key not in told:
            findings.add(place, f"not translated: {key[-1]!r}")
    for key, message in told.items():
        if key not in used:
            findings.add("parts", f"no page uses {message.id!r}")
        check_one(message, findings)
    return sorted(findings.lines)


def check_one(message: Message, findings: Findings) -> None:
    """Find an empty or fuzzy translation, and one whose placeholders differ from the msgid's."""
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    if not all(strings):
        findings.add("parts", f"empty: {message.id!r}")
    if message.fuzzy:
        findings.add("parts", f"fuzzy: {message.id!r}")
    wanted = placeholders(ids[-1])
    for string in strings:
        if string and placeholders(string) != wanted:
            findings.add("parts", f"placeholders of {message.id!r} differ: {string!r}")


def placeholders(text: str) -> set[str]:
    """Return the names of the placeholders in a text."""
    return {named or braced for named, braced in PLACEHOLDER.findall(text)}


def main(arguments: list[str]) -> int:
    """Run one of the two commands; 0 when nothing is wrong, 1 with findings, 2 for wrong use."""
    if arguments == ["compile"]:
        print(compile_catalogue())
        return 0
    if arguments == ["check"]:
        lines = check()
        print("\n".join([*lines, f"{len(lines)} findings"]))
        return 1 if lines else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
