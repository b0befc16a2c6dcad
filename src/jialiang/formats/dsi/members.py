"""How the fields of a quantity stand in XML: one member for each, read and written by the same rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Protocol, TypeVar, cast

from jialiang.formats.structure.lexical import BLANKS, words
from jialiang.formats.xml.nodes import Node

SI = "https://ptb.de/si"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TextList:
    """An XML list: its text exactly as it stands, and the entries between the blanks."""

    text: str

    @property
    def entries(self) -> tuple[str, ...]:
        """The entries, each as it is written."""
        return tuple(words(self.text))

    def __len__(self) -> int:
        return len(self.entries)


class Member(Protocol):
    """A field as XML: what it reads out of a quantity's element, and the elements that it writes."""

    def read(self, node: Node) -> Any:
        """Return the value of the field; None if it is not there."""
        ...

    def write(self, value: Any) -> list[Node]:
        """Return the elements of a value."""
        ...


@dataclass(frozen=True, slots=True)
class TextMember:
    """A child with text; around a number blanks mean nothing and are left out."""

    element: str
    is_number: bool

    def read(self, node: Node) -> str | None:
        """Return the text."""
        child = node.first(self.element)
        if child is None:
            return None
        return child.text.strip(BLANKS) if self.is_number else child.text

    def write(self, value: str) -> list[Node]:
        """Return the child."""
        return [si(self.element, value)]


@dataclass(frozen=True, slots=True)
class ListMember:
    """A child with an XML list."""

    element: str

    def read(self, node: Node) -> TextList | None:
        """Return the list."""
        child = node.first(self.element)
        return None if child is None else TextList(child.text)

    def write(self, value: TextList) -> list[Node]:
        """Return the child."""
        return [si(self.element, value.text)]


@dataclass(frozen=True, slots=True)
class FormMember:
    """A part that has several forms; ``forms`` gives the class for each path, which the part keeps as ``form``."""

    forms: Mapping[str, type[Any]]

    def read(self, node: Node) -> Any:
        """Return the part in the form that is there."""
        for form, of_class in self.forms.items():
            place: Node | None = node
            for name in form.split("/") if form else ():
                place = place.first(name) if place is not None else None
            if place is not None and (form or _is_inline(of_class, node)):
                return read_fields(of_class, place, form=form)
        return None

    def write(self, value: Any) -> list[Node]:
        """Return the part inside the elements of its path."""
        content: list[Node] = write_fields(value)
        for name in reversed(value.form.split("/") if value.form else ()):
            content = [si(name, *content)]
        return content


@dataclass(frozen=True, slots=True)
class EntriesMember:
    """Children that are quantities themselves; ``classes`` is asked for the class of each name."""

    classes: Callable[[], Mapping[str, type[Any]]]

    def read(self, node: Node) -> tuple[Any, ...]:
        """Return the quantities in order."""
        known = self.classes()
        return tuple(read_fields(known[c.local], c) for c in node.elements if c.local in known)

    def write(self, value: tuple[Any, ...]) -> list[Node]:
        """Return the children."""
        names = {of_class: name for name, of_class in self.classes().items()}
        return [si(names[type(entry)], *write_fields(entry)) for entry in value]


@dataclass(frozen=True, slots=True)
class ColumnsMember:
    """The columns of a covariance matrix."""

    column: str
    entry: str
    of_class: type[Any]

    def read(self, node: Node) -> tuple[tuple[Any, ...], ...]:
        """Return the entries, column by column."""
        matrix = node.first("covarianceMatrix", "covarianceMatrixXMLList")
        columns = () if matrix is None else matrix.all(self.column)
        return tuple(tuple(read_fields(self.of_class, c) for c in each.all(self.entry)) for each in columns)

    def write(self, value: tuple[tuple[Any, ...], ...]) -> list[Node]:
        """Return the matrix."""
        name = self.column.replace("column", "covarianceMatrix")
        return [si(name, *(si(self.column, *(si(self.entry, *write_fields(e)) for e in c)) for c in value))]


def text(element: str, *, needed: bool = False) -> Any:
    """A field that is a child with text, kept letter by letter."""
    return _field(TextMember(element, is_number=False), needed=needed)


def number(element: str, *, needed: bool = False) -> Any:
    """A field that is a child with a number, kept digit by digit."""
    return _field(TextMember(element, is_number=True), needed=needed)


def entries(element: str, *, needed: bool = False) -> Any:
    """A field that is a child with an XML list."""
    return _field(ListMember(element), needed=needed)


def form_of(forms: Mapping[str, type[Any]]) -> Any:
    """A field that has one of several forms, or is absent."""
    return _field(FormMember(forms), needed=False)


def columns(column: str, entry: str, of_class: type[Any]) -> Any:
    """The field of a covariance matrix."""
    return _field(ColumnsMember(column, entry, of_class), needed=True)


def quantities(classes: Callable[[], Mapping[str, type[Any]]]) -> Any:
    """The field of the quantities inside a quantity."""
    return _field(EntriesMember(classes), needed=True)


def read_fields(of_class: type[T], node: Node, **known: str) -> T:
    """Return an object of ``of_class`` with the fields that stand in ``node``."""
    values: dict[str, Any] = dict(known)
    for each in fields(cast("Any", of_class)):
        if "member" in each.metadata:
            value = each.metadata["member"].read(node)
            values[each.name] = "" if value is None and each.default is MISSING else value
    return of_class(**values)


def write_fields(part: Any) -> list[Node]:
    """Return the elements of all fields, in the order of the D-SI."""
    written: list[Node] = []
    for each in fields(part):
        value = getattr(part, each.name)
        if "member" in each.metadata and value is not None:
            written += each.metadata["member"].write(value)
    return written


def si(name: str, *content: Node | str) -> Node:
    """Return an element of the D-SI."""
    return Node(f"{{{SI}}}{name}", "si", content=tuple(part for part in content if part != ""))


def _is_inline(of_class: type[Any], node: Node) -> bool:
    """Whether a part without an element of its own is there: its first needed child is."""
    member = next(f.metadata["member"] for f in fields(of_class) if f.metadata and f.default is MISSING)
    return node.first(member.element) is not None


def _field(member: Member, *, needed: bool) -> Any:
    if needed:
        return field(metadata={"member": member})
    return field(default=None, metadata={"member": member})
