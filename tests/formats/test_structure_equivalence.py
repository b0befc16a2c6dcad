"""Our content models and the official schemas are the same grammars: every type of every version, state by state."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from tests.proofs.schema_documents import DCC, TEXTS, VERSIONS, XS, Grammar, load_grammar, resolved

from jialiang.formats.dcc.structure import dcc_models, dcc_parts, known_elements
from jialiang.formats.dcc.versions import checked_versions
from jialiang.formats.drmd.names import PACKAGE, VERSION
from jialiang.formats.drmd.structure import drmd_models
from jialiang.formats.dsi.structure import dsi_models, dsi_versions
from jialiang.formats.structure.automata import State, automaton
from jialiang.formats.structure.models import SCHEMA, ElementType, Models, SimpleType
from jialiang.formats.structure.notation import (
    AnyOrder,
    Child,
    Choice,
    Expression,
    Foreign,
    Repeated,
    Sequence,
)
from jialiang.formats.structure.versions import vocabulary

Declared = etree._Element | str
"""A type of a schema: its definition, or the name of a built-in type."""

NUMBERS = ("1.0", "+1", "2.00", "0.99", "1e-7", "-3.5E+2", ".", "1.", "+.5", "07", "NaN", "1 2", "\t1")


def _is_any(declared: Declared) -> bool:
    return declared == f"{XS}anyType"


class Reading:
    """A schema read into the same expressions as our notation."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar

    def type_of(self, element: etree._Element) -> Declared:
        if element.get("fixed") is not None:
            return element
        inline = next((c for c in element if c.tag in (f"{XS}complexType", f"{XS}simpleType")), None)
        if inline is not None:
            return inline
        name = element.get("type")
        if name is None:
            return f"{XS}anyType"
        full = resolved(element, name)
        return self.grammar.types.get(full, full)

    def content(self, of_type: etree._Element) -> State[Declared] | None:
        """The automaton of a complex type; None for one with text only."""
        if of_type.find(f"{XS}simpleContent") is not None:
            return None
        expression = self._whole(of_type)
        known: dict[int, tuple[str, Declared]] = {}

        def resolve(child: Child) -> tuple[str, Declared]:
            return known[int(child.type)]

        self.known = known
        return automaton(self._numbered(expression, known), resolve)

    def _whole(self, of_type: etree._Element) -> Expression:
        extended = of_type.find(f"{XS}complexContent/{XS}extension")
        if extended is not None:
            base = self.grammar.types[resolved(extended, extended.get("base"))]
            return Sequence((self._whole(base), self._whole(extended)))
        children = [each for each in _schema_children(of_type) if "ttribute" not in each.tag]
        return self._expression(children[0]) if children else Sequence(())

    def attributes(self, of_type: etree._Element) -> Iterator[tuple[str, bool, Declared]]:
        extended = of_type.find(f"{XS}complexContent/{XS}extension")
        if extended is not None:
            yield from self.attributes(self.grammar.types[resolved(extended, extended.get("base"))])
        extension = of_type.find(f"{XS}simpleContent/{XS}extension")
        for each in (of_type if extension is None else extension).iterchildren(f"{XS}attribute"):
            yield each.get("name"), each.get("use") == "required", self.type_of(each)

    def _numbered(self, expression: Expression, known: dict[int, tuple[str, Declared]]) -> Expression:
        if isinstance(expression, Child):
            declared = self.declared[expression.name]
            known[len(known)] = declared
            return Child(expression.name, str(len(known) - 1))
        if isinstance(expression, Repeated):
            return Repeated(self._numbered(expression.part, known), expression.optional, expression.many)
        if isinstance(expression, Foreign):
            return expression
        return type(expression)(tuple(self._numbered(part, known) for part in expression.parts))

    declared: dict[str, tuple[str, Declared]] = {}

    def _expression(self, particle: etree._Element) -> Expression:
        least, most = particle.get("minOccurs", "1"), particle.get("maxOccurs", "1")
        assert (least, most) in {("1", "1"), ("0", "1"), ("0", "unbounded"), ("1", "unbounded")}
        one = self._once(particle)
        return one if (least, most) == ("1", "1") else Repeated(one, least == "0", most == "unbounded")

    def _once(self, particle: etree._Element) -> Expression:
        parts = (
            tuple(self._expression(each) for each in _schema_children(particle))
            if _is_group(particle)
            else ()
        )
        if particle.tag == f"{XS}sequence":
            return Sequence(parts)
        if particle.tag == f"{XS}choice":
            return Choice(parts)
        if particle.tag == f"{XS}all":
            return AnyOrder(parts)
        if particle.tag == f"{XS}any":
            strict = particle.get("processContents", "strict") == "strict"
            return Foreign(other=particle.get("namespace") == "##other", strict=strict)
        return self._named(particle)

    def _named(self, particle: etree._Element) -> Expression:
        reference = particle.get("ref")
        if reference is None:
            tag = f"{{{particle.getroottree().getroot().get('targetNamespace')}}}{particle.get('name')}"
            return self._child(tag, particle)
        head = resolved(particle, reference)
        names = self.grammar.heads.get(head, [head])
        assert len(names) == 1
        return self._child(names[0], self.grammar.elements[names[0]])

    def _child(self, tag: str, declaration: etree._Element) -> Child:
        key = f"{len(self.declared)}"
        self.declared[key] = (tag, self.type_of(declaration))
        return Child(key)


def _is_group(particle: etree._Element) -> bool:
    return particle.tag in (f"{XS}sequence", f"{XS}choice", f"{XS}all")


def _schema_children(element: etree._Element) -> list[etree._Element]:
    return [each for each in element.iterchildren(etree.Element) if each.tag != f"{XS}annotation"]


class Comparison:
    """Walks our models and a schema side by side."""

    def __init__(self, models: Models, grammar: Grammar) -> None:
        self.models = models
        self.reading = Reading(grammar)
        self.seen: set[tuple[int, int | str]] = set()
        self.row: list[tuple[ElementType, Declared, str]] = []
        self.types = 0
        self.states = 0

    def run(self) -> None:
        grammar = self.reading.grammar
        ours = {tag for tag in self.models.elements if "MathML" not in tag}
        assert ours == set(grammar.elements)
        for tag in ours:
            element = grammar.elements[tag]
            model = self.models.elements[tag]
            assert (model is None) == (element.get("abstract") == "true"), tag
            if model is not None:
                self.row.append((model, self.reading.type_of(element), tag))
        while self.row:
            self._type(*self.row.pop())

    def _type(self, model: ElementType, declared: Declared, where: str) -> None:
        key = (id(model), declared if isinstance(declared, str) else id(declared))
        if key in self.seen:
            return
        self.seen.add(key)
        self.types += 1
        if _is_any(declared):
            assert model.is_open, where
            return
        self.models.compiled(model)
        if (
            isinstance(declared, str)
            or declared.tag == f"{XS}simpleType"
            or declared.get("fixed") is not None
        ):
            assert model.simple is not None and not model.attributes, where
            self._simple(model.simple, declared, where)
            return
        self._attributes(model, declared, where)
        assert model.mixed == (declared.get("mixed") == "true"), where
        start = self.reading.content(declared)
        if start is None:
            extension = declared.find(f"{XS}simpleContent/{XS}extension")
            base = resolved(extension, extension.get("base"))
            assert model.simple is not None
            self._simple(model.simple, self.reading.grammar.types.get(base, base), where)
            return
        assert model.start is not None, where
        self._states(model.start, start, where)

    def _attributes(self, model: ElementType, declared: etree._Element, where: str) -> None:
        theirs = {name: (needed, of_type) for name, needed, of_type in self.reading.attributes(declared)}
        assert set(model.attributes) == set(theirs), where
        for name, (needed, of_type) in theirs.items():
            assert (name in model.required) == needed, (where, name)
            self._simple(model.attributes[name], of_type, f"{where}/@{name}")

    def _states(self, ours: State[ElementType], theirs: State[Declared], where: str) -> None:
        pairs = [(ours, theirs)]
        seen: set[tuple[int, int]] = set()
        while pairs:
            own, official = pairs.pop()
            if (id(own), id(official)) in seen:
                continue
            seen.add((id(own), id(official)))
            self.states += 1
            assert own.accepts == official.accepts, where
            assert set(own.moves) == set(official.moves), where
            assert [f for f, _ in own.wildcards] == [f for f, _ in official.wildcards], where
            for tag, (following, model) in own.moves.items():
                pairs.append((following, official.moves[tag][0]))
                self.row.append((model, official.moves[tag][1], f"{where} {tag}"))
            pairs += zip([s for _, s in own.wildcards], [s for _, s in official.wildcards], strict=True)

    def _simple(self, simple: SimpleType, declared: Declared, where: str) -> None:
        key = (id(simple), declared if isinstance(declared, str) else id(declared))
        if key in self.seen:
            return
        self.seen.add(key)
        schema = _probe(self.reading.grammar, declared)
        for text in (*TEXTS, *NUMBERS, *simple.words):
            element = etree.Element("probe")
            element.text = text or None  # a parser makes no text of nothing
            assert simple.check(text) == schema.validate(element), (where, text)


def _probe(grammar: Grammar, declared: Declared) -> etree.XMLSchema:
    """A schema with one element of a simple type, or of one fixed value."""
    whole = etree.Element(f"{XS}schema", nsmap={"xs": SCHEMA, "t": "urn:t"})
    if not isinstance(declared, str) and declared.get("fixed") is not None:
        etree.SubElement(
            whole, f"{XS}element", name="probe", type=declared.get("type"), fixed=declared.get("fixed")
        )
        return etree.XMLSchema(whole)
    element = etree.SubElement(whole, f"{XS}element", name="probe")
    if isinstance(declared, str):
        element.set("type", f"xs:{declared.rpartition('}')[2]}")
        return etree.XMLSchema(whole)
    copied = etree.fromstring(etree.tostring(declared, with_tail=False))
    namespace = declared.getroottree().getroot().get("targetNamespace")
    if declared.get("name") is None:
        element.append(copied)
        return etree.XMLSchema(etree.fromstring(etree.tostring(whole)))
    text = (
        f'<xs:schema xmlns:xs="{SCHEMA}" xmlns:t="{namespace}">'
        f'<xs:import namespace="{namespace}" schemaLocation="{declared.getroottree().docinfo.URL}"/>'
        f'<xs:element name="probe" type="t:{declared.get("name")}"/></xs:schema>'
    )
    return etree.XMLSchema(etree.fromstring(text))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_type_of_a_dcc_version_is_that_of_its_schema(
    oracles: Path, tmp_path: Path, version: str
) -> None:
    grammar = load_grammar(
        oracles / "dcc" / "schema" / "dcc" / f"v{version}" / "dcc.xsd", tmp_path, mathml=False
    )
    comparison = Comparison(dcc_models(version), grammar)
    comparison.run()
    assert comparison.types > 55
    assert comparison.states > 300


@pytest.mark.parametrize("version", ["1.3.0", "1.3.1", "2.0.0", "2.1.0", "2.2.1"])
def test_every_type_of_a_dsi_version_is_that_of_its_schema(
    oracles: Path, tmp_path: Path, version: str
) -> None:
    grammar = load_grammar(
        oracles / "dcc" / "schema" / "dcc" / "dsi" / f"v{version}.xsd", tmp_path, mathml=False
    )
    comparison = Comparison(dsi_models(version), grammar)
    comparison.run()
    assert comparison.types > 20
    assert comparison.states > 80


def test_every_type_of_the_drmd_is_that_of_its_schema(oracles: Path, tmp_path: Path) -> None:
    grammar = load_grammar(oracles / "dcoc" / "drmd" / "drmd.xsd", tmp_path, mathml=False)
    comparison = Comparison(drmd_models(), grammar)
    comparison.run()
    assert comparison.types > 90
    assert comparison.states > 400


def test_a_difference_in_what_a_type_extends_would_be_seen(oracles: Path, tmp_path: Path) -> None:
    path = oracles / "dcoc" / "drmd" / "drmd.xsd"
    for before, after in (
        ("+dcc:primitiveQuantityType prop", "prop"), ("+dcc:primitiveQuantityType", "+dcc:contactType"),
    ):  # fmt: skip
        declared = vocabulary(PACKAGE, "content_models.json", VERSION)
        types = {name: said.replace(before, after) for name, said in declared.types.items()}
        assert types != declared.types
        models = Models((replace(declared, types=types), *dcc_parts("3.3.0")), known=known_elements())
        with pytest.raises(AssertionError):
            Comparison(models, load_grammar(path, tmp_path, mathml=False)).run()


def test_xsi_type_knows_the_names_that_the_schema_of_the_drmd_gives_its_types(
    oracles: Path, tmp_path: Path
) -> None:
    grammar = load_grammar(oracles / "dcoc" / "drmd" / "drmd.xsd", tmp_path, mathml=False)
    models = drmd_models()
    for full in (each for each in grammar.types if each.startswith("{urn:drmd:schema}")):
        assert models.named("urn:drmd:schema", full.rpartition("}")[2]) is not None, full
    for hidden in ("_true", "_timeAfterDispatch", "_issuer", "nonsense", "textType"):
        assert models.named("urn:drmd:schema", hidden) is None


def test_all_versions_that_compile_are_described() -> None:
    assert checked_versions() == VERSIONS
    assert dsi_versions() == ("1.3.0", "1.3.1", "2.0.0", "2.1.0", "2.2.1")


@pytest.mark.parametrize("version", VERSIONS)
def test_xsi_type_knows_the_names_that_the_schema_gives_its_types(
    oracles: Path, tmp_path: Path, version: str
) -> None:
    grammar = load_grammar(
        oracles / "dcc" / "schema" / "dcc" / f"v{version}" / "dcc.xsd", tmp_path, mathml=False
    )
    models = dcc_models(version)
    unused = {"calibrationLocationParameter", "calibrationLocationListType", "calibrationLocationType"}
    for full in grammar.types:
        namespace, _, name = full[1:].partition("}")
        if name not in unused:
            assert models.named(namespace, name) is not None, full
    own = {"textType", "hashType", "realQuantityType", "_issuer", "_column", "regionType", "contactType"}
    for name in own:
        for namespace in (DCC, "https://ptb.de/si"):
            is_official = f"{{{namespace}}}{name}" in grammar.types
            assert (models.named(namespace, name) is not None) == is_official, (version, name)


def test_a_difference_would_be_seen(oracles: Path, tmp_path: Path) -> None:
    # The comparison of 3.2.1 with the schema of 3.3.0, and of 3.1.0 with 3.1.1, must fail.
    for own, official in (("3.2.1", "3.3.0"), ("3.1.0", "3.1.1"), ("3.2.0", "3.2.1")):
        path = oracles / "dcc" / "schema" / "dcc" / f"v{official}" / "dcc.xsd"
        with pytest.raises(AssertionError):
            Comparison(dcc_models(own), load_grammar(path, tmp_path, mathml=False)).run()


def test_the_texts_that_types_are_tried_on_are_many_and_different() -> None:
    assert len(set(TEXTS)) == len(TEXTS)
    assert random.Random(1).choice(TEXTS) in TEXTS
    assert len(TEXTS) > 75
