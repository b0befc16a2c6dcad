"""The typed parts of a DCC: each is an element with fields that read it; nothing is copied and nothing is lost.

A field names the children that it reads, all spellings that versions have for it. What is absent is None or empty.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date
from typing import ClassVar, Generic, TypeVar, overload

from jialiang.formats.structure.lexical import BLANKS, is_date, words
from jialiang.formats.xml.nodes import Node


class Part:
    """An element of a certificate as a typed value; ``node`` is the element itself."""

    __slots__ = ("node",)

    TYPES: ClassVar[tuple[str, ...]] = ()
    """The content models that the class reads."""

    def __init__(self, node: Node) -> None:
        self.node = node

    @property
    def id(self) -> str | None:
        """What references to this part call it."""
        return self.node.get("id")

    @property
    def ref_ids(self) -> tuple[str, ...]:
        """The ids of the parts that this one refers to."""
        return tuple(words(self.node.get("refId") or ""))

    @property
    def ref_types(self) -> tuple[str, ...]:
        """The types that this part is of, such as ``basic_measuredValue``."""
        return tuple(words(self.node.get("refType") or ""))

    @classmethod
    def reads(cls) -> frozenset[str]:
        """Return the names of the children that the fields read."""
        fields = (each for base in cls.__mro__ for each in vars(base).values())
        return frozenset(name for field in fields if isinstance(field, Field) for name in field.names)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Part) and self.node == other.node

    def __hash__(self) -> int:
        return hash(self.node)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.node.local}, line {self.node.line})"


P = TypeVar("P", bound=Part)
V = TypeVar("V")
ClassOf = Callable[[], type[P]]


class Field(ABC, Generic[V]):
    """A field of a part: the names of the children that it reads, and what it makes of them."""

    def __init__(self, *names: str) -> None:
        self.names = names

    @overload
    def __get__(self, part: None, owner: type[Part]) -> Field[V]: ...
    @overload
    def __get__(self, part: Part, owner: type[Part]) -> V: ...
    def __get__(self, part: Part | None, owner: type[Part]) -> Field[V] | V:
        """Read the field of ``part``."""
        return self if part is None else self.read(part.node)

    @abstractmethod
    def read(self, node: Node) -> V:
        """Return the value of the field in an element."""


class One(Field[P | None], Generic[P]):
    """A child that is a part itself."""

    def __init__(self, of_class: ClassOf[P], *names: str) -> None:
        super().__init__(*names)
        self._class = of_class

    def read(self, node: Node) -> P | None:
        """Return the child as a part."""
        child = node.first(*self.names)
        return None if child is None else self._class()(child)


class Many(Field[tuple[P, ...]], Generic[P]):
    """Children that are parts themselves; with ``inside`` they stand within a child of that name."""

    def __init__(self, of_class: ClassOf[P], *names: str, inside: str = "") -> None:
        super().__init__(*((inside,) if inside else names))
        self._class, self._children, self._inside = of_class, names, inside

    def read(self, node: Node) -> tuple[P, ...]:
        """Return the children as parts."""
        holders = node.all(self._inside) if self._inside else (node,)
        of_class = self._class()
        return tuple(of_class(child) for holder in holders for child in holder.all(*self._children))


class Word(Field[str | None]):
    """A child with text, kept letter by letter."""

    def read(self, node: Node) -> str | None:
        """Return the text."""
        child = node.first(*self.names)
        return None if child is None else child.text


class Words(Field[tuple[str, ...]]):
    """Children with text."""

    def read(self, node: Node) -> tuple[str, ...]:
        """Return the texts in order."""
        return tuple(child.text for child in node.all(*self.names))


class Entries(Field[tuple[str, ...]]):
    """A child with an XML list, or with one entry, by the name that is there."""

    def read(self, node: Node) -> tuple[str, ...]:
        """Return the entries."""
        child = node.first(*self.names)
        return () if child is None else tuple(words(child.text))


_TRUTH = {"true": True, "1": True, "false": False, "0": False}


class YesNo(Field[bool | None]):
    """A child that is true or false."""

    def read(self, node: Node) -> bool | None:
        """Return whether it is true; None where it is absent or says neither."""
        child = node.first(*self.names)
        return None if child is None else _TRUTH.get(child.text.strip(BLANKS))


class Day(Field[date | None]):
    """A child that is a day; a time zone is left out."""

    def read(self, node: Node) -> date | None:
        """Return the day; None where it is none of the years 1 to 9999."""
        child = node.first(*self.names)
        text = "" if child is None else child.text
        return date.fromisoformat(text[:10]) if is_date(text) and text[4] == "-" and text[0] != "-" else None


class Foreign(Field[Node | None]):
    """A child in which elements of other vocabularies stand."""

    def read(self, node: Node) -> Node | None:
        """Return the child."""
        return node.first(*self.names)


def of(of_class: type[P]) -> ClassOf[P]:
    """Give a class where a field wants to be told it later."""
    return lambda: of_class
