"""An XML document as plain values: nothing of it is lost, and nothing of a parser remains.

Names, prefixes, declarations of namespaces, attributes in order, texts, comments and instructions are kept, so that
a document that is read and written again has the same canonical form, comments included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from lxml import etree

from jialiang.formats.xml.children import children_of

OUTERMOST: Mapping[str, str] = {"http://www.w3.org/XML/1998/namespace": "xml"}
"""The prefixes that hold where nothing is declared."""

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment."""

    text: str


@dataclass(frozen=True, slots=True)
class Instruction:
    """A processing instruction."""

    target: str
    text: str


@dataclass(frozen=True, slots=True)
class Node:
    """An element: ``name`` with its namespace in braces, ``prefix`` as written, ``namespaces`` declared on it.

    ``content`` are elements, texts, comments and instructions in order. ``line`` counts from 1, 0 for a new element; it
    is not compared. ``attribute_prefixes`` tells the prefix of an attribute whose namespace has several.
    """

    name: str
    prefix: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    namespaces: tuple[tuple[str, str], ...] = ()
    content: tuple[Node | Comment | Instruction | str, ...] = ()
    line: int = field(default=0, compare=False)
    attribute_prefixes: tuple[tuple[str, str], ...] = ()

    @property
    def namespace(self) -> str:
        """The namespace of the name, empty for none."""
        return self.name.rpartition("}")[0][1:]

    @property
    def local(self) -> str:
        """The name without its namespace."""
        return self.name.rpartition("}")[2]

    @property
    def written_name(self) -> str:
        """The name with its prefix, as it is written."""
        return f"{self.prefix}:{self.local}" if self.prefix else self.local

    @property
    def elements(self) -> tuple[Node, ...]:
        """The child elements."""
        return tuple(part for part in self.content if isinstance(part, Node))

    @property
    def text(self) -> str:
        """The text directly in the element, exactly as it stands."""
        return "".join(part for part in self.content if isinstance(part, str))

    def get(self, attribute: str) -> str | None:
        """Return the value of an attribute, None if it is not there."""
        return next((value for name, value in self.attributes if name == attribute), None)

    def all(self, *locals_: str) -> tuple[Node, ...]:
        """Return the child elements with one of the names, of this element's namespace or of another."""
        return tuple(part for part in self.content if isinstance(part, Node) and part.local in locals_)

    def first(self, *locals_: str) -> Node | None:
        """Return the first child element with one of the names."""
        for part in self.content:
            if isinstance(part, Node) and part.local in locals_:
                return part
        return None

    def walk(self) -> Iterator[Node]:
        """Give this element and all elements below it, in the order of the document."""
        yield self
        for part in self.content:
            if isinstance(part, Node):
                yield from part.walk()


@dataclass(frozen=True, slots=True)
class NodeDocument:
    """A whole document: the root, and what stands before and after it."""

    root: Node
    before: tuple[Comment | Instruction, ...] = ()
    after: tuple[Comment | Instruction, ...] = ()


def nodes_of(tree: etree._ElementTree) -> NodeDocument:
    """Take a parsed document over."""
    root = tree.getroot()
    before = tuple(_other(each) for each in root.itersiblings(preceding=True))
    after = tuple(_other(each) for each in root.itersiblings())
    return NodeDocument(node_of(root), before[::-1], after)


def node_of(element: etree._Element) -> Node:
    """Take an element over with all below it; namespaces that it has from around it are declared on it."""
    return _node(element, {})


def written(document: NodeDocument) -> bytes:
    """Write a document in UTF-8; comments and instructions outside the root stand on lines of their own."""
    before = "".join(_outside(part) + "\n" for part in document.before)
    after = "".join("\n" + _outside(part) for part in document.after)
    text = f"{_DECLARATION}\n{before}{written_node(document.root)}{after}\n"
    return text.encode("utf-8")


def written_node(node: Node) -> str:
    """Write an element with all below it; prefixes that it does not declare must be declared around it."""
    pieces: list[str] = []
    _write(node, OUTERMOST, pieces)
    return "".join(pieces)


def _node(element: Any, around: dict[str | None, str], *, is_flat: bool = False) -> Node:
    # Of type Any, for casts are calls, and this is done for every element; with ``is_flat`` nothing is declared below.
    scope: dict[str | None, str] = around if is_flat else element.nsmap
    declared: tuple[tuple[str, str], ...] = ()
    if scope == around:
        scope = around
    else:
        declared = tuple((p or "", u or "") for p, u in scope.items() if around.get(p) != u)
        is_flat = not around and _is_flat(element)
    text = element.text
    content: list[Node | Comment | Instruction | str] = [text] if text else []
    for child in children_of(element):
        content.append(_node(child, scope, is_flat=is_flat) if isinstance(child.tag, str) else _other(child))
        if tail := child.tail:
            content.append(tail)
    attributes: list[tuple[str, str]] = element.items()
    foreign = [name for name, _ in attributes if name[0] == "{"]
    return Node(
        element.tag, element.prefix or "", tuple(attributes), declared, tuple(content),
        element.sourceline or 0, _prefixes(element, attributes, scope) if foreign else (),
    )  # fmt: skip


def _is_flat(element: etree._Element) -> bool:
    """Tell whether all namespaces of an element and of all below it are declared on it, or around it."""
    declared = sum(1 for _ in etree.iterwalk(element, events=("start-ns",)))
    return declared <= len(element.nsmap) and element.getparent() is None


def _prefixes(
    element: etree._Element, attributes: list[tuple[str, str]], scope: dict[str | None, str]
) -> tuple[tuple[str, str], ...]:
    """Return the prefixes of attributes whose namespace has several, which the name alone does not tell."""
    found: list[tuple[str, str]] = []
    for number, (name, _) in enumerate(attributes):
        if name[0] == "{":
            uri = name[1 : name.index("}")]
            if sum(1 for prefix, each in scope.items() if each == uri and prefix) > 1:
                qualified = cast("str", element.xpath(f"name(@*[{number + 1}])"))
                found.append((name, qualified.partition(":")[0]))
    return tuple(found)


def _other(node: etree._Element) -> Comment | Instruction:
    if isinstance(node, etree._Comment):
        return Comment(node.text or "")
    instruction = cast("etree._ProcessingInstruction", node)
    return Instruction(cast("str", instruction.target), instruction.text or "")


def _outside(part: Comment | Instruction) -> str:
    if isinstance(part, Comment):
        return f"<!--{part.text}-->"
    return f"<?{part.target} {part.text}?>" if part.text else f"<?{part.target}?>"


def scope_of(node: Node, around: Mapping[str, str]) -> Mapping[str, str]:
    """Return the prefixes of namespaces inside an element, of those ``around`` it and those that it declares."""
    if not node.namespaces:
        return around
    own = {uri: prefix for prefix, uri in reversed(node.namespaces) if prefix}
    redeclared = {prefix for prefix, _ in node.namespaces}
    return {uri: prefix for uri, prefix in around.items() if prefix not in redeclared} | own


def written_attributes(node: Node, scope: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the attributes of an element by the names as they are written, with their prefixes."""
    chosen = dict(node.attribute_prefixes)
    found: list[tuple[str, str]] = []
    for attribute, value in node.attributes:
        shown = attribute
        if attribute[0] == "{":
            uri, _, shown = attribute[1:].partition("}")
            shown = f"{chosen.get(attribute) or scope[uri]}:{shown}"
        found.append((shown, value))
    return found


def _write(node: Node, around: Mapping[str, str], pieces: list[str]) -> None:
    scope, name = scope_of(node, around), node.written_name
    pieces.append(f"<{name}")
    for prefix, uri in node.namespaces:
        pieces.append(f' xmlns{":" + prefix if prefix else ""}="{_attribute_text(uri)}"')
    for attribute, value in written_attributes(node, scope):
        pieces.append(f' {attribute}="{_attribute_text(value)}"')
    if not node.content:
        pieces.append("/>")
        return
    pieces.append(">")
    for part in node.content:
        if isinstance(part, str):
            pieces.append(_text(part))
        elif isinstance(part, Node):
            _write(part, scope, pieces)
        else:
            pieces.append(_outside(part))
    pieces.append(f"</{name}>")


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _attribute_text(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return text.replace("\t", "&#9;").replace("\n", "&#10;").replace("\r", "&#13;")
