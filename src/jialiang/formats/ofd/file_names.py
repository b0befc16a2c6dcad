"""Names under which attachments of an OFD may be written to a folder, whatever the OFD says."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterable

from jialiang.formats.ofd.model import Attachment

_NOT_IN_NAMES = frozenset('/\\:*?"<>|')
_NOT_SHOWN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_LONGEST = 100
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))}
)


def file_names(attachments: Iterable[Attachment]) -> list[str]:
    """Return a name of its own for each attachment: no path, no control characters, no leading point, none twice.

    An attachment whose name has no suffix takes the one of its part.
    """
    names: list[str] = []
    seen: set[str] = set()
    for each in attachments:
        stem, suffix = posixpath.splitext(_clean(each.name))
        suffix = suffix or posixpath.splitext(_clean(posixpath.basename(each.part)))[1]
        name, number = f"{stem}{suffix}", 1
        while name.casefold() in seen:
            number += 1
            name = f"{stem}-{number}{suffix}"
        seen.add(name.casefold())
        names.append(name)
    return names


def _clean(name: str) -> str:
    kept = "".join(
        "_" if letter in _NOT_IN_NAMES else letter
        for letter in name
        if unicodedata.category(letter) not in _NOT_SHOWN
    )
    stem, suffix = posixpath.splitext(kept.strip(" ."))
    stem = stem[:_LONGEST].strip(" .") or "attachment"
    if stem.partition(".")[0].casefold() in _DEVICES:
        stem = f"_{stem}"
    return stem + suffix[:20].rstrip(" .")
