"""What the search field of the list of identifiers asks for."""

from __future__ import annotations


def looked_for(text: str, prefix: str) -> dict[str, str]:
    """Return what a search asks for: the beginning of a name if a prefix is told or typed, else a code."""
    if "/" in text:
        return {"beginning": text, "prefix": prefix}
    if text and prefix:
        return {"beginning": f"{prefix}/{text}"}
    return {"code": text, "prefix": prefix}
