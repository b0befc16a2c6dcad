"""Which of a certificate's texts is shown to a reader of one language, and how a text is made fit for any page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from jialiang.formats.dcc.common_parts import LocalText, RichContent
from jialiang.formats.reading_view.blocks import Said
from jialiang.formats.reading_view.wording import own
from jialiang.formats.xml.nodes import Node
from jialiang.kernel.text import Language

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LONGEST_LINE = 20_000
_BLANKS = re.compile(r"[ \t\u00a0]+")
_LINE_ENDS = re.compile(r"\r\n|[\n\r\u2028\u2029\x85]")

Pairs = Iterable[tuple[str, str]]


def fit(text: str) -> str:
    """Return one line that every page can hold.

    Marks that turn the direction of writing and control characters become their code points in brackets, for they
    can make a number look like another; other characters without a shape are left out.
    """
    return "".join(_fitted(letter) for letter in text)


def _fitted(letter: str) -> str:
    category = unicodedata.category(letter)
    if letter in _TURNING or category in ("Cc", "Cs", "Co", "Cn"):
        return " " if letter in "\t\n\r" else f"[U+{ord(letter):04X}]"
    return "" if category == "Cf" else letter


def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a text as its writer meant them.

    Lines are broken in the file for its own layout too: one that goes on with a small letter belongs to the one before.
    """
    lines: list[str] = []
    for raw in _LINE_ENDS.split(text):
        line = fit(_BLANKS.sub(" ", raw).strip())
        if not line:
            continue
        if lines and unicodedata.category(line[0]) == "Ll" and len(lines[-1]) < _LONGEST_LINE:
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return tuple(lines)


def said(text: str | None) -> Said:
    """Return a text that has no language, such as a number or a code."""
    return Said(lines_of(text or ""))


def named(key: str, language: Language) -> Said:
    """Return words of the house."""
    return Said((own(key, language),))


def text_of(node: Node, name: str) -> str:
    """Return the text of the first child of a name, as it stands; empty if there is none."""
    child = node.first(name)
    return "" if child is None else child.text


class Reader:
    """Chooses among the texts of one certificate and remembers where the language of the view was missing."""

    def __init__(self, language: Language, languages: tuple[str, ...]) -> None:
        self.language = language
        self.instead: dict[str, None] = {}
        """The languages that were shown in the place of the missing one."""
        self.found = False
        """Whether anything was there in the language of the view."""
        self._order = tuple(dict.fromkeys(("en", *languages)))

    def say(self, part: LocalText | None) -> Said:
        """Return a name: its text in the language of the view, else one without a language, else another."""
        return self.pick([] if part is None else [(c.language or "", c.text) for c in part.contents])

    def pick(self, pairs: Pairs) -> Said:
        """Choose as :meth:`say` does among pairs (language, text)."""
        given = _given(pairs)
        tag = self._chosen(given)
        if tag not in ("", *self._matching(given)) and "" in given:
            tag = ""
        lines = [" / ".join(lines_of(text)) for text in given.get(tag, ())]
        return self._remembered(tuple(dict.fromkeys(lines)), tag)

    def tell(self, part: RichContent | None) -> Said:
        """Return the paragraphs of a longer text in one language, those without a language among them."""
        return self.paragraphs([] if part is None else [(c.language or "", c.text) for c in part.contents])

    def paragraphs(self, pairs: Pairs) -> Said:
        """Choose as :meth:`tell` does among pairs (language, text)."""
        pairs = tuple(pairs)
        given = _given(pairs)
        tag = self._chosen(given)
        lines = [line for language, text in pairs if language in (tag, "") for line in lines_of(text)]
        return self._remembered(tuple(lines), tag)

    def _matching(self, given: dict[str, list[str]]) -> list[str]:
        return [tag for tag in given if tag.lower().split("-")[0] == self.language]

    def _chosen(self, given: dict[str, list[str]]) -> str:
        matching = self._matching(given)
        if matching:
            return matching[0]
        others = [tag for tag in given if tag]
        ranked = [tag for tag in self._order if tag in others]
        return next(iter(ranked or others), "")

    def _remembered(self, lines: tuple[str, ...], tag: str) -> Said:
        if tag.lower().split("-")[0] == self.language:
            self.found = True
            return Said(lines)
        if tag and lines:
            self.instead.setdefault(fit(tag))
            return Said(lines, fit(tag))
        return Said(lines)


def _given(pairs: Pairs) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for tag, text in pairs:
        if text.strip():
            given.setdefault(tag, []).append(text)
    return given
