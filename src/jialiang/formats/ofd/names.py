"""Names of OFD: its namespace, its parts, and how one part names another.

Elements and attributes are those seen in OFD files of other makers and in the types that open readers declare; no
clause of the standard is claimed.
"""

from __future__ import annotations

import posixpath
from typing import Final

NAMESPACE: Final = "http://www.ofdspec.org/2016"
ENTRANCE: Final = "OFD.xml"
PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0  # A4, millimetres


def tag(local: str) -> str:
    """Return the name of an element with its namespace."""
    return f"{{{NAMESPACE}}}{local}"


def resolved(location: str, part: str, base: str = "") -> str:
    """Return the part that a location names, seen from ``part`` (and from its ``BaseLoc``); empty if outside.

    A location that begins with a slash counts from the root of the container, any other from the folder of the part
    that it stands in.
    """
    location = location.strip()
    if not location:
        return ""
    folder = posixpath.dirname(part) if not base.startswith("/") else ""
    start = "" if location.startswith("/") else posixpath.join(folder, base.lstrip("/"))
    found = posixpath.normpath(posixpath.join(start, location.lstrip("/")))
    return "" if found.startswith("..") or found == "." else found
