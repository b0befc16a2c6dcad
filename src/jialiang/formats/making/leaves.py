"""The leaves of a document: texts, words, numbers, dates, codes; each checked, and taken letter by letter."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jialiang.formats.dcc.elements import clean
from jialiang.formats.dsi.decimals import is_decimal
from jialiang.formats.dsi.unit_codes import better_unit, is_unit
from jialiang.formats.making.fields import Field
from jialiang.formats.making.problems import Path, Problems
from jialiang.formats.structure.lexical import is_date
from jialiang.formats.xml.errors import ForbiddenCharacter
from jialiang.kernel.text import Text

Words = tuple[tuple[str, str], ...]

LONGEST_LIST = 100_000
_LONGEST_LINE, _LONGEST_TEXT = 2_000, 200_000
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}", re.ASCII)
_REF_TYPE = re.compile(r"[A-Za-z0-9]+_\S+(?: [A-Za-z0-9]+_\S+)*", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_EXPECTED = {
    "text": Text("文字", "a text"),
    "words": Text('文字，或按语言给出的文字 {"zh": …, "en": …}', 'a text, or texts by language {"zh": …, "en": …}'),
    "flag": Text("true 或 false", "true or false"),
    "texts": Text("文字的列表", "a list of texts"),
    "object": Text("对象 { }", "an object { }"),
    "list": Text("列表 [ ]", "a list [ ]"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf to be checked: its field, what was given, and where."""

    field: Field
    given: Any
    path: Path
    problems: Problems

    def problem(self, kind: str, **facts: object) -> None:
        """Note a problem of this leaf."""
        self.problems.add(kind, self.path, name=self.field.label, **facts)

    def expected(self, what: str) -> None:
        """Note that something else is wanted here."""
        self.problem("KIND", expected=_EXPECTED[what])


def checked_leaf(leaf: Leaf) -> Any:
    """Return a leaf as it goes on: words as pairs, lists as tuples, the rest as texts; None after a problem."""
    return _CHECKS[leaf.field.kind](leaf)


def plain_text(given: Any) -> str | None:
    """Return a text, or the letters of an exact number; None for anything else, binary floats included."""
    if isinstance(given, str):
        return given.strip()
    if isinstance(given, int | Decimal) and not isinstance(given, bool):
        return str(given)
    return None


def _line(leaf: Leaf) -> str | None:
    text = plain_text(leaf.given)
    if text is None:
        leaf.expected("text")
        return None
    if not text:
        leaf.problem("EMPTY")
        return None
    return _clean(leaf, text, _LONGEST_LINE)


def _clean(leaf: Leaf, text: str, limit: int) -> str | None:
    if len(text) > limit:
        leaf.problem("TOO-LONG", limit=limit)
        return None
    try:
        return clean(text)
    except ForbiddenCharacter as problem:
        leaf.problem("CHARACTER", character=str(problem.facts["character"]))
        return None


def _words(leaf: Leaf) -> Words | None:
    given = leaf.given if isinstance(leaf.given, dict) else {"": leaf.given}
    said: list[tuple[str, str]] = []
    for language, text in given.items():
        plain = plain_text(text)
        if plain is None:
            leaf.expected("words")
        elif not plain:
            leaf.problem("EMPTY")
        else:
            cleaned = _clean(leaf, plain, _LONGEST_TEXT)
            said += [(str(language), cleaned)] if cleaned else []
    if not given:
        leaf.problem("EMPTY")
    return tuple(said) or None


def _flag(leaf: Leaf) -> bool | None:
    if leaf.given in ("true", "false"):
        return bool(leaf.given == "true")
    if not isinstance(leaf.given, bool):
        leaf.expected("flag")
        return None
    return leaf.given


def _fitting(kind: str, fits: Callable[[str], bool]) -> Callable[[Leaf], str | None]:
    def check(leaf: Leaf) -> str | None:
        text = _line(leaf)
        if text is None or fits(text):
            return text
        leaf.problem(kind, given=text)
        return None

    return check


def _code(leaf: Leaf) -> str | None:
    text = _line(leaf)
    if text is None or text in leaf.field.codes:
        return text
    known = ", ".join(leaf.field.codes) if len(leaf.field.codes) < 20 else "ISO"
    leaf.problem("CODE", given=text, known=known)
    return None


def _const(leaf: Leaf) -> str | None:
    if leaf.given == leaf.field.codes[0]:
        return leaf.field.codes[0]
    leaf.problem("CONST", expected=leaf.field.codes[0], given=str(leaf.given))
    return None


def _unit(leaf: Leaf) -> str | None:
    text = _line(leaf)
    if text is None or is_unit(text):
        return text
    better = better_unit(text)
    suggestion = Text(f"；是不是 {better}", f"; {better} perhaps") if better else Text()
    leaf.problem("UNIT", given=text, suggestion=suggestion)
    return None


def _base64(leaf: Leaf) -> str | None:
    given = plain_text(leaf.given)
    if given is None:
        leaf.expected("text")
        return None
    text = "".join(given.split())
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        leaf.problem("BASE64")
        return None
    if not text:
        leaf.problem("EMPTY")
    return text or None


def _several(one: Callable[[Leaf], Any], *, empty: str | None = None) -> Callable[[Leaf], Any]:
    """Return a check of a list, or of one entry; ``empty`` is what stands for an entry that is not there."""

    def check(leaf: Leaf) -> tuple[str, ...] | None:
        given = leaf.given if isinstance(leaf.given, list | tuple) else [leaf.given]
        if len(given) > LONGEST_LIST:
            leaf.problem("TOO-MANY", limit=LONGEST_LIST)
            return None
        if not given:
            leaf.problem("EMPTY")
        before = len(leaf.problems.found)
        entries = [
            empty
            if empty is not None and entry in (None, "")
            else one(Leaf(leaf.field, entry, (*leaf.path, number), leaf.problems))
            for number, entry in enumerate(given)
        ]
        return None if len(leaf.problems.found) > before else tuple(str(entry) for entry in entries)

    return check


_decimal = _fitting("DECIMAL", is_decimal)
_CHECKS: dict[str, Callable[[Leaf], Any]] = {
    "line": _line,
    "words": _words,
    "flag": _flag,
    "decimal": _decimal,
    "date": _fitting("DATE", lambda text: bool(_DAY.fullmatch(text)) and is_date(text)),
    "key": _fitting("KEY", lambda text: bool(_KEY.fullmatch(text))),
    "refType": _fitting("REFTYPE", lambda text: bool(_REF_TYPE.fullmatch(text))),
    "code": _code,
    "const": _const,
    "unit": _unit,
    "base64": _base64,
    "codes": _several(_code),
    "lines": _several(_line),
    "texts": _several(_line, empty="—"),
    "decimals": _several(_decimal, empty="NaN"),
}


def expected_words(what: str) -> Text:
    """Return what is wanted in words: ``object``, ``list`` …."""
    return _EXPECTED[what]
