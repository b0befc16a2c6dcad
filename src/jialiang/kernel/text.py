"""A text in two languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_NEVER_IN_A_LINE = ("Cc", "Cs", "Zl", "Zp")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in Chinese and English; one may be missing, then the other stands in for it."""

    zh: str = ""
    en: str = ""

    def in_language(self, language: str) -> str:
        """Return the text in ``language`` (``zh``, ``zh-hans``, ``en`` …), or the other one if it is missing."""
        wanted, other = (self.zh, self.en) if language.lower().startswith("zh") else (self.en, self.zh)
        return wanted or other

    def format(self, **facts: object) -> Text:
        """Fill the placeholders of both languages with ``facts``; Text facts are filled per language."""
        return Text(*(_filled(pattern, language, facts) for language, pattern in self.items()))

    def items(self) -> tuple[tuple[Language, str], ...]:
        """Return the pairs (language, text), Chinese first."""
        return (("zh", self.zh), ("en", self.en))

    def to_json(self) -> dict[str, str]:
        """Return ``{"zh": …, "en": …}`` without empty members."""
        return {language: text for language, text in self.items() if text}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> Self:
        """Read what :meth:`to_json` wrote."""
        return cls(zh=data.get("zh", ""), en=data.get("en", ""))

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


def is_one_line(text: str) -> bool:
    """Tell whether every database and screen can hold a text: no control character, line end or half letter."""
    return not any(unicodedata.category(letter) in _NEVER_IN_A_LINE for letter in text)


def storable(text: str, limit: int) -> str:
    """Return the first ``limit`` letters of a message of unknown origin, with U+FFFD for what no database holds.

    Line ends and tabs stay; other control characters (PostgreSQL refuses zero bytes) and half letters do not.
    """
    return "".join(
        letter if letter in "\n\t" or is_one_line(letter) else "\ufffd" for letter in text[:limit]
    )


def _filled(pattern: str, language: Language, facts: Mapping[str, object]) -> str:
    plain = {k: v.in_language(language) if isinstance(v, Text) else v for k, v in facts.items()}
    return pattern.format_map(plain)
