"""The types of a document's elements, compiled when they are first met."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from jialiang.formats.structure.automata import State, automaton
from jialiang.formats.structure.lexical import BUILT_IN, DERIVED, Check, collapsed, words
from jialiang.formats.structure.notation import Child, Expression, Sequence, qualified, read_expression
from jialiang.formats.structure.versions import Vocabulary
from jialiang.kernel.text import Text

SCHEMA = "http://www.w3.org/2001/XMLSchema"
ABSTRACT = "abstract"
ANYTHING = "anything"

_ATTRIBUTE = re.compile(r"@(?P<name>[\w.-]+)(?::(?P<type>[\w:.-]+))?(?P<required>!?)")


@dataclass(slots=True, eq=False)
class SimpleType:
    """A type of texts: what it is called here, its check, and what it restricts."""

    key: str
    check: Check
    base: str = ""
    words: tuple[str, ...] = ()
    text: Text = field(default_factory=Text)
    is_fixed: bool = False


@dataclass(slots=True, eq=False)
class ElementType:
    """A type of elements: ``simple`` for text, ``start`` for children, ``is_open`` for anything at all."""

    key: str
    base: str = ""
    simple: SimpleType | None = None
    start: State[ElementType] | None = None
    mixed: bool = False
    is_open: bool = False
    ready: bool = False
    attributes: dict[str, SimpleType] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    own_namespace: str = ""


UNDECLARED = ElementType("", is_open=True, ready=True)
"""The type of elements of other vocabularies, which nothing is known about."""


class Models:
    """The content models of one version with the vocabularies that it uses."""

    def __init__(self, parts: tuple[Vocabulary, ...], known: tuple[str, ...] = ()) -> None:
        """Take the vocabularies; ``known`` are global elements of others, in which anything may stand."""
        self._parts = {part.prefix: part for part in parts}
        self._types: dict[str, ElementType] = {}
        self._simple: dict[str, SimpleType] = {}
        anything = ElementType(ANYTHING, is_open=True, ready=True)
        self.elements: dict[str, ElementType | None] = dict.fromkeys(known, anything)
        for part in parts:
            for name, declared in part.elements.items():
                tag = f"{{{part.namespace}}}{name}"
                self.elements[tag] = None if declared == ABSTRACT else self.type(declared, part)
        self.prefixes = {part.namespace: part.prefix for part in parts}

    def type(self, reference: str, part: Vocabulary) -> ElementType:
        """Return the type that ``reference`` names within a vocabulary; it is compiled later."""
        key = self._key(reference, part)
        if key not in self._types:
            self._types[key] = ElementType(key)
        return self._types[key]

    def compiled(self, model: ElementType) -> ElementType:
        """Compile ``model`` if this is its first use, and return it."""
        if not model.ready:
            prefix, _, name = model.key.partition(":")
            part = self._parts.get(prefix)
            if part is not None and name in part.types:
                self._compile(model, part, part.types[name])
            else:
                model.simple = self.simple(model.key)
                model.base = model.simple.base
            model.ready = True
        return model

    def simple(self, key: str) -> SimpleType:
        """Return a simple type by its key, ``xs:date`` or ``si:decimalType``."""
        if key not in self._simple:
            prefix, _, name = key.partition(":")
            self._simple[key] = _built_in(name) if prefix == "xs" else self._restricted(key, prefix, name)
        return self._simple[key]

    def named(self, namespace: str, name: str) -> ElementType | None:
        """Return the type that XML Schema calls so, None if there is none."""
        if namespace == SCHEMA:
            if name == "anyType":
                return UNDECLARED
            return (
                self._types.setdefault(f"xs:{name}", ElementType(f"xs:{name}")) if name in BUILT_IN else None
            )
        part = self._parts.get(self.prefixes.get(namespace, ""))
        if part is None:
            return None
        renamed = {official: own for own, official in part.names.items() if official}
        own = renamed.get(name, name)
        hidden = own.startswith("_") or (own == name and name in part.names)
        return None if hidden or own not in {**part.types, **part.values} else self.type(own, part)

    def derives(self, model: ElementType, declared: ElementType) -> bool:
        """Whether ``model`` is ``declared`` or goes back to it."""
        if declared.is_open or model.key == declared.key or self.is_as_fixed(model, declared):
            return True
        key = self.compiled(model).base
        while key and key != declared.key:
            key = self._base(key)
        return bool(key)

    def is_as_fixed(self, model: ElementType, declared: ElementType) -> bool:
        """Whether ``declared`` is ``model`` with one fixed value, which then holds for ``model`` as well."""
        simple = self.compiled(declared).simple
        return simple is not None and simple.is_fixed and simple.base == model.key

    def _base(self, key: str) -> str:
        prefix, _, name = key.partition(":")
        part = self._parts.get(prefix)
        if part is not None and name in part.types:
            return self.compiled(self.type(key, part)).base
        return self.simple(key).base

    def _key(self, reference: str, part: Vocabulary) -> str:
        reference = part.aliases.get(reference, reference)
        return reference if ":" in reference else f"{part.prefix}:{reference}"

    def _compile(self, model: ElementType, part: Vocabulary, definition: str) -> None:
        content, marker, attributes = definition.partition("@")
        self._take_attributes(model, part, marker + attributes)
        content = content.strip()
        if content.startswith("="):
            model.base = self._key(content[1:].strip(), part)
            model.simple = self.simple(model.base)
            return
        model.mixed = content.startswith("~")
        model.own_namespace = part.namespace
        model.start = automaton(
            self._expression(model, part, content.lstrip("~")), partial(self._child, part)
        )

    def _take_attributes(self, model: ElementType, part: Vocabulary, declared_ones: str) -> None:
        for match in _ATTRIBUTE.finditer(declared_ones):
            declared = match["type"] or part.attributes[match["name"]]
            model.attributes[match["name"]] = self.simple(self._key(declared, part))
            if match["required"]:
                model.required += (match["name"],)

    def _expression(self, model: ElementType, part: Vocabulary, content: str) -> Expression:
        """Return what may stand in a type; one that extends another begins with the content of that."""
        if not content.startswith("+"):
            return read_expression(content)
        base, _, added = content[1:].strip().partition(" ")
        prefix, _, name = self._key(base, part).partition(":")
        home = self._parts[prefix]
        inherited, _, attributes = home.types[name].partition("@")
        self._take_attributes(model, home, f"@{attributes}")
        inside = self._expression(model, home, inherited.strip())
        model.base = f"{prefix}:{name}"
        return Sequence((qualified(inside, home.prefix), read_expression(added)))

    def _child(self, part: Vocabulary, child: Child) -> tuple[str, ElementType]:
        if child.home:
            return self._child(self._parts[child.home], Child(child.name, child.type))
        if child.type:
            return f"{{{part.namespace}}}{child.name}", self.type(child.type, part)
        prefix, _, name = child.name.rpartition(":")
        home = self._parts[prefix or part.prefix]
        return f"{{{home.namespace}}}{name}", self.type(home.elements[name], home)

    def _restricted(self, key: str, prefix: str, name: str) -> SimpleType:
        part = self._parts[prefix]
        definition = part.values[name]
        text = Text(definition.get("zh", ""), definition.get("en", ""))
        if "list" in definition:
            item = self.simple(self._key(definition["list"], part))
            check = partial(_is_list, item.check, definition.get("least", 0))
            return SimpleType(key, check, text=text or item.text)
        base = self.simple(self._key(definition["of"], part))
        allowed = tuple(definition.get("words", ()))
        if "fixed" in definition:
            # An empty element stands for its fixed value; libxml2 wants it to the letter otherwise.
            check = partial(_is_restricted, base, None, frozenset((definition["fixed"], "")))
            return SimpleType(key, check, base.key, (definition["fixed"],), is_fixed=True)
        check = partial(_is_restricted, base, _pattern(definition), frozenset(allowed))
        if definition.get("between blanks"):
            check = partial(_is_between_blanks, base.check)
        return SimpleType(key, check, base.key, allowed, text or base.text)


def _pattern(definition: Mapping[str, Any]) -> re.Pattern[str] | None:
    if "pattern" not in definition:
        return None
    # The digits of XML Schema are those of all scripts; patterns mean the ASCII ones unless they say otherwise.
    return re.compile(definition["pattern"], 0 if definition.get("all scripts") else re.ASCII)


def _is_list(check: Check, least: int, text: str) -> bool:
    entries = words(text)
    return len(entries) >= least and all(map(check, entries))


def _is_between_blanks(check: Check, text: str) -> bool:
    return check(collapsed(text))


def _is_restricted(
    base: SimpleType, pattern: re.Pattern[str] | None, allowed: frozenset[str], text: str
) -> bool:
    if allowed:
        return text in allowed
    if pattern is None:
        return base.check(text)
    # Patterns of numbers allow numbers only; the check of the base would find nothing more.
    return pattern.fullmatch(text if base.key == "xs:string" else collapsed(text)) is not None


def _built_in(name: str) -> SimpleType:
    base = f"xs:{DERIVED[name]}" if name in DERIVED else ""
    return SimpleType(f"xs:{name}", BUILT_IN[name], base)
