"""MathML of a certificate made harmless, and written on one line for pages that cannot set it."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from jialiang.formats.reading_view.texts import fit
from jialiang.formats.xml.nodes import Node

MATHML = "http://www.w3.org/1998/Math/MathML"
ELEMENTS = frozenset({
    "math", "merror", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts",
    "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr",
    "munder", "munderover", "none", "mfenced",
})  # fmt: skip
"""The elements of MathML Core, and ``mfenced``, that are kept; of others only what stands in them."""
ATTRIBUTES = frozenset({
    "dir", "display", "displaystyle", "scriptlevel", "mathvariant", "form", "fence", "separator", "stretchy",
    "symmetric", "maxsize", "minsize", "largeop", "movablelimits", "accent", "accentunder", "lspace", "rspace",
    "linethickness", "rowspan", "columnspan", "width", "height", "depth", "open", "close", "separators",
})  # fmt: skip
"""The attributes that are kept; none of them can lead anywhere."""
_FORBIDDEN_TEXT = frozenset({"annotation", "annotation-xml", "script", "style", "maction"})
_FUNCTION_APPLICATION = "\u2061\u2062\u2063\u2064"

_BASE_AND_POWER, _BASE_AND_INDEX = "{2}^{3}", "{2}_{3}"
_PATTERNS = {
    ("mfrac", 2): "{2}/{3}", ("mroot", 2): "{0}^(1/{1})",
    ("msup", 2): _BASE_AND_POWER, ("mover", 2): _BASE_AND_POWER,
    ("msub", 2): _BASE_AND_INDEX, ("munder", 2): _BASE_AND_INDEX,
    ("msubsup", 3): "{3}_{4}^{5}", ("munderover", 3): "{3}_{4}^{5}",
}  # fmt: skip
"""How constructions read by name and number of parts: the parts as they are, then each in brackets if need be."""


def cleaned(root: Node) -> str:
    """Return MathML with known elements and attributes only, of no other namespace; empty if it is none."""
    if root.namespace not in (MATHML, ""):
        return ""
    inside = _kept(root)
    if root.local != "math":
        inside = f"<math>{inside}</math>"
    return inside.replace("<math", f'<math xmlns="{MATHML}"', 1)


def readable(root: Node) -> str:
    """Return the formula on one line: ``u = √(a^2 + b^2)``; its bare text where nothing better can be made."""
    return " ".join(_line(root).split())


def _kept(node: Node) -> str:
    if node.local in _FORBIDDEN_TEXT or node.namespace not in (MATHML, ""):
        return ""
    content = "".join(_kept(part) if isinstance(part, Node) else _text(part) for part in node.content)
    if node.local not in ELEMENTS:
        return content
    given = "".join(
        f" {name}={quoteattr(fit(text))}"
        for name, text in node.attributes
        if name in ATTRIBUTES and _harmless(text)
    )
    return f"<{node.local}{given}>{content}</{node.local}>"


def _harmless(text: str) -> bool:
    return len(text) <= 60 and not any(sign in text.lower() for sign in (":", "(", "\\", "<"))


def _text(part: object) -> str:
    return escape(_plain(part)) if isinstance(part, str) else ""


def _plain(text: object) -> str:
    return fit(str(text).replace("\t", " ").replace("\n", " ").replace("\r", " "))


def _line(node: Node) -> str:
    if node.local in _FORBIDDEN_TEXT:
        return ""
    if node.local == "mo":
        return _operator(node.text)
    parts = [_line(each) for each in node.elements]
    pattern = _PATTERNS.get((node.local, len(parts)))
    if pattern is not None:
        return pattern.format(*parts, *map(_closed, parts))
    if node.local == "msqrt":
        return f"√({''.join(parts)})"
    if node.local == "mfenced":
        return _fenced(node, parts)
    if node.local in ("mtr", "mtd"):
        return "".join(parts) + "; "
    return "".join(parts) if parts else _plain(node.text).strip()


def _fenced(node: Node, parts: list[str]) -> str:
    return f"{fit(node.get('open') or '(')}{', '.join(parts)}{fit(node.get('close') or ')')}"


def _operator(text: str) -> str:
    sign = _plain(text).strip()
    if not sign or sign in _FUNCTION_APPLICATION:
        return " "
    return sign if sign in ("(", ")", "[", "]", "{", "}", "|", ",", "′") else f" {sign} "


def _closed(text: str) -> str:
    stripped = " ".join(text.split())
    return stripped if len(stripped) <= 1 or stripped.isalnum() else f"({stripped})"
