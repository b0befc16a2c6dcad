"""The check of an element, and of all below it, against the content models of a version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from jialiang.formats.structure.automata import State
from jialiang.formats.structure.findings import Reporter, expected_value, joined, type_text
from jialiang.formats.structure.lexical import BLANKS
from jialiang.formats.structure.models import UNDECLARED, ElementType, Models
from jialiang.formats.structure.places import name_of
from jialiang.formats.xml.children import children_of
from jialiang.kernel.text import Text

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_TYPE = f"{{{XSI}}}type"
_NIL = f"{{{XSI}}}nil"
_HINTS = frozenset(f"{{{XSI}}}{name}" for name in ("schemaLocation", "noNamespaceSchemaLocation"))

Work = list[tuple[etree._Element, ElementType]]
"""Elements that are still to be checked, with their types."""


class StructureCheck:
    """One check of one document; the elements are taken from a list, so depth costs no stack."""

    def __init__(self, models: Models, reporter: Reporter) -> None:
        self.models = models
        self.reporter = reporter
        self.ids: set[str] = set()

    def run(self, element: etree._Element) -> None:
        """Check ``element`` by its global declaration."""
        declared = self.models.elements.get(str(element.tag))
        if declared is None:
            self.reporter.add("ABSTRACT" if element.tag in self.models.elements else "FOREIGN", element)
            return
        pending: Work = [(element, declared)]
        while pending and not self.reporter.is_full:
            self._element(*pending.pop(), pending)

    def _element(self, element: etree._Element, model: ElementType, pending: Work) -> None:
        if not model.ready:
            self.models.compiled(model)
        untyped: Any = element  # a cast would be a call, for every element
        items: list[tuple[str, str]] = untyped.items()
        if items or model.required:
            model = self._with_attributes(element, model, items)
        if model.start is not None:
            self._content(element, model, model.start, pending)
        elif model.is_open:
            pending.extend((child, self._lax(child)) for child in _children(element))
        else:
            self._value(element, model)

    def _with_attributes(
        self, element: etree._Element, declared: ElementType, items: list[tuple[str, str]]
    ) -> ElementType:
        """Check the attributes; return the type, which ``xsi:type`` may have changed."""
        model = declared
        for name, value in items:
            if name == _TYPE:
                model = self._of_type(element, declared, value)
        if model.is_open:
            if declared is not UNDECLARED and element.get(_NIL) is not None:
                self.reporter.add("NIL", element)
            return model
        is_known = declared is not UNDECLARED
        for name, value in items:
            self._attribute(element, model, name, value, is_known=is_known)
        for name in model.required:
            if element.get(name) is None:
                self.reporter.add("ATTRIBUTE-MISSING", element, expected=name)
        return model

    def _attribute(
        self, element: etree._Element, model: ElementType, name: str, value: str, *, is_known: bool
    ) -> None:
        simple = model.attributes.get(name)
        if simple is None:
            self._other_attribute(element, model, name, is_known=is_known)
        elif not simple.check(value):
            expected = expected_value(simple)
            self.reporter.add("ATTRIBUTE-VALUE", element, at=name, value=value, expected=expected)
        elif simple.key == "xs:ID":
            self._identifier(element, name, value.strip(BLANKS))

    def _other_attribute(
        self, element: etree._Element, model: ElementType, name: str, *, is_known: bool
    ) -> None:
        if name in _HINTS or name == _TYPE:
            return
        if name == _NIL:
            if is_known:
                self.reporter.add("NIL", element)
            return
        written = name_of(name, {XSI: "xsi", "http://www.w3.org/XML/1998/namespace": "xml"})
        allowed = [Text(each, each) for each in model.attributes] or [type_text("none")]
        self.reporter.add("ATTRIBUTE", element, at=written, value=written, expected=joined(allowed))

    def _identifier(self, element: etree._Element, name: str, value: str) -> None:
        if value in self.ids:
            self.reporter.add("ID", element, at=name, value=value)
        self.ids.add(value)

    def _of_type(self, element: etree._Element, declared: ElementType, value: str) -> ElementType:
        """Return the type that ``xsi:type`` names, or the declared one where it may not be that."""
        prefix, colon, local = value.rpartition(":")
        namespace = element.nsmap.get(prefix or None)
        named = None
        if namespace is not None or not colon:
            named = self.models.named(namespace or "", local)
        if named is None or not self.models.derives(named, declared):
            self.reporter.add("TYPE", element, at="xsi:type", value=value)
            return declared
        return declared if self.models.is_as_fixed(named, declared) else self.models.compiled(named)

    def _content(
        self, element: etree._Element, model: ElementType, state: State[ElementType], pending: Work
    ) -> None:
        found: Work = []
        mixed = model.mixed
        if not mixed:
            self._no_text(element, element.text)
        for child in children_of(element):
            tag = child.tag
            if not mixed:
                tail = child.tail
                if tail and tail.strip(BLANKS):
                    self._no_text(element, tail)
            move = state.moves.get(tag)
            if move is not None:
                state, its_type = move
                found.append((child, its_type))
            elif isinstance(tag, str):
                state = self._elsewhere(child, model, state, found)
        if not state.accepts:
            self.reporter.add("INCOMPLETE", element, expected=self.reporter.names(state))
        found.reverse()
        pending.extend(found)

    def _no_text(self, element: etree._Element, text: str | None) -> None:
        if text and (words := text.strip(BLANKS)):
            self.reporter.add("TEXT", element, value=words)

    def _elsewhere(
        self, child: etree._Element, model: ElementType, state: State[ElementType], found: Work
    ) -> State[ElementType]:
        """Take a child that no name of the content model leads to: by a wildcard, or as an error."""
        if self.reporter.is_full:
            return state
        namespace = str(child.tag).rpartition("}")[0][1:]
        for foreign, following in state.wildcards:
            if foreign.other and namespace in ("", model.own_namespace):
                continue
            if foreign.strict and child.tag not in self.models.elements:
                self.reporter.add("FOREIGN", child)
            else:
                found.append((child, self._lax(child)))
            return following
        self.reporter.add("UNEXPECTED", child, expected=self.reporter.names(state))
        later = _after(state, str(child.tag))
        if later is None:
            return state
        found.append((child, later[1]))
        return later[0]

    def _lax(self, child: etree._Element) -> ElementType:
        """Return the type of an element that is checked only if it is known."""
        if child.tag not in self.models.elements:
            return UNDECLARED
        declared = self.models.elements[str(child.tag)]
        if declared is None:
            self.reporter.add("ABSTRACT", child)
            return UNDECLARED
        return declared

    def _value(self, element: etree._Element, model: ElementType) -> None:
        text = element.text or ""
        if len(element):
            for child in _children(element):
                written = name_of(str(child.tag), self.reporter.prefixes, child.prefix)
                self.reporter.add("CHILDREN", element, value=written)
            text += "".join(child.tail or "" for child in element)
        simple = model.simple
        if simple is not None and not simple.check(text):
            self.reporter.add("VALUE", element, value=text, expected=expected_value(simple))


def _children(element: etree._Element) -> Iterator[etree._Element]:
    return (child for child in element if isinstance(child.tag, str))


def _after(state: State[ElementType], tag: str) -> tuple[State[ElementType], ElementType] | None:
    """Return where ``tag`` leads further on in the content model, to go on there after an error."""
    seen = {id(state)}
    row = [state]
    while row:
        following = [target for each in row for target, _ in each.moves.values()]
        row = []
        for target in following:
            if tag in target.moves:
                return target.moves[tag]
            if id(target) not in seen:
                seen.add(id(target))
                row.append(target)
    return None
