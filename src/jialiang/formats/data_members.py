"""Members of documents of plain data (JSON): read one by one, with an error that says which one is wrong and how.

The data may come from anybody: nothing is taken that was not asked for, and depth and length have limits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text

LONGEST_TEXT = 100_000
MOST_ENTRIES = 10_000
_SHOWN = 60


class MemberMissing(InvalidInput):
    """A member that a document needs is absent; facts: place."""

    code = "JL-DOC-001"


class MemberWrong(InvalidInput):
    """A member is not what it should be; facts: place, expected, given."""

    code = "JL-DOC-002"


class MemberUnknown(InvalidInput):
    """A document has a member that means nothing, misspelt perhaps; facts: place, known."""

    code = "JL-DOC-003"


_OBJECT = Text("对象", "an object")
_LIST = Text("列表", "a list")
_TEXT = Text("文字", "a text")
_WORDS = Text(
    '文字，或以语言代码为名的文字，如 {"zh": …, "en": …}', 'a text, or texts by language: {"zh": …, "en": …}'
)
_YES_NO = Text("true 或 false", "true or false")
_TOO_LONG = Text(f"不超过 {LONGEST_TEXT} 个字符的文字", f"a text of at most {LONGEST_TEXT} characters")
_TOO_MANY = Text(f"不超过 {MOST_ENTRIES} 项的列表", f"a list of at most {MOST_ENTRIES} entries")

Words = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a document, absent where ``content`` is None; ``place`` is its path, ``materials[1].name``."""

    content: Any
    place: str = ""

    def __bool__(self) -> bool:
        return self.content is not None and self.content != "" and self.content != [] and self.content != {}

    def __getitem__(self, name: str) -> Member:
        """Return a member of an object; an absent one is empty. Raises MemberWrong where this is no object."""
        place = f"{self.place}.{name}" if self.place else name
        return Member(self.object().get(name), place)

    def object(self) -> dict[str, Any]:
        """Return the object that this is; an absent one has no members."""
        if self.content is None:
            return {}
        if not isinstance(self.content, dict):
            raise self.wrong(_OBJECT)
        return self.content

    def only(self, *names: str, also: Collection[str] = ()) -> None:
        """Raise MemberUnknown for a member that is not among ``names``; those in ``also`` are passed over."""
        for name in self.object():
            if name not in names and name not in also:
                raise MemberUnknown(place=self[str(name)[:_SHOWN]].place, known=", ".join(names))

    def required(self) -> Member:
        """Return this member. Raises MemberMissing if there is nothing."""
        if not self:
            raise MemberMissing(place=self.place or "{}")
        return self

    def entries(self) -> Iterator[Member]:
        """Yield the entries of a list, places counted from 1."""
        if self.content is None:
            return
        if not isinstance(self.content, list):
            raise self.wrong(_LIST)
        if len(self.content) > MOST_ENTRIES:
            raise self.wrong(_TOO_MANY)
        for number, entry in enumerate(self.content, start=1):
            yield Member(entry, f"{self.place}[{number}]")

    def text(self) -> str:
        """Return a text, empty where there is none. Numbers are no texts: a reader would lose their zeros."""
        if self.content is None:
            return ""
        if not isinstance(self.content, str):
            raise self.wrong(_TEXT)
        if len(self.content) > LONGEST_TEXT:
            raise self.wrong(_TOO_LONG)
        return self.content.strip()

    def texts(self) -> tuple[str, ...]:
        """Return a list of texts; one text counts as a list of one."""
        if isinstance(self.content, str):
            return (self.text(),) if self else ()
        return tuple(entry.text() for entry in self.entries())

    def one_of(self, *allowed: str) -> str:
        """Return a text that has to be one of those, or empty."""
        said = self.text()
        if said and said not in allowed:
            names = ", ".join(allowed)
            raise self.wrong(Text(f"{names} 之一", f"one of {names}"))
        return said

    def yes(self) -> bool:
        """Return a truth, false where there is none."""
        if self.content is None:
            return False
        if not isinstance(self.content, bool):
            raise self.wrong(_YES_NO)
        return self.content

    def words(self) -> Words:
        """Return pairs (language, text): one text has no language, ``und`` means none, a list several texts."""
        if not isinstance(self.content, dict):
            return (("", said),) if (said := self._said()) else ()
        return tuple(
            ("" if language == "und" else str(language), said)
            for language in self.content
            for said in self[str(language)].texts()
            if said
        )

    def wrong(self, expected: Text) -> MemberWrong:
        """Return the error that says what this should be."""
        given = str(self.content)
        return MemberWrong(
            place=self.place or "{}",
            expected=expected,
            given=given if len(given) <= _SHOWN else given[:_SHOWN] + "…",
        )

    def _said(self) -> str:
        if self.content is not None and not isinstance(self.content, str):
            raise self.wrong(_WORDS)
        return self.text()
