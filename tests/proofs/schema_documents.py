"""Documents made from an XML Schema: its own grammar, walked at random, with values that its types allow."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DCC = "https://ptb.de/dcc"
SI = "https://ptb.de/si"
DS = "http://www.w3.org/2000/09/xmldsig#"
MATHML = "http://www.w3.org/1998/Math/MathML"
DRMD = "urn:drmd:schema"
PREFIXES = {"dcc": DCC, "si": SI, "ds": DS, "xsi": XSI, "drmd": DRMD, "xs": XS[1:-1]}
VERSIONS = ("2.2.0", "2.3.0", "2.4.0", "3.0.0", "3.1.0", "3.1.1", "3.1.2", "3.2.0", "3.2.1", "3.3.0")

TEXTS = (
    "", " ", "a", "a b", " a", "a  b", "x y\tz", "ä", "量", "1", "0", "-1", "+2", "1.50", "0.95", "1.0", "2.", ".5",
    "1e3", "1E-3", "1e", "NaN", "INF", "1 2 3", "1.0 NaN 2e5", " 1 ", "0.5 0.6", "true", "false", "1 true", "TRUE",
    "2026-06-16", "2026-02-30", "2024-02-29Z", "2026-06-16T07:47:30", "2026-06-16T24:00:00Z", "2026-06-16T07:47",
    "2026-06-16T07:47:30 2026-06-17T00:00:00.5+08:00", "P1Y", "PT0.5S", "P", "CN", "zh", "de", "DEU", "d", "https://ptb.de",
    "a:b:c", "::", "%zz", "http://[::1]:80/x?q#f", "QUJD", "QUI=", "QQ==", "QUJ", "Q===", "\\metre", "\\kelvin \\one",
    "pass", "fail pass", "passed", "basic_measuredValue", "x1", "x1 x2", "1x", "/basic/x", "manufacturer", "laboratory",
    "amended", "firmware", "beforeAdjustment", "shortest", "5", "-0.0", "1,5", "１", "a\u00a0b", "\u00a0", "a\nb",
    "1.0.0", "１.0.2", "v1.0.0",
)  # fmt: skip
"""Values of every type, and near misses."""


@dataclass
class Grammar:
    """The declarations of a schema with all that it imports, by namespace and name."""

    schema: etree.XMLSchema
    elements: dict[str, etree._Element] = field(default_factory=dict)
    types: dict[str, etree._Element] = field(default_factory=dict)
    heads: dict[str, list[str]] = field(default_factory=dict)
    allowed: dict[str, list[str]] = field(default_factory=dict)
    heights: dict[str, float] = field(default_factory=dict)


def load_grammar(path: Path, folder: Path, *, mathml: bool = True) -> Grammar:
    """Compile the schema at ``path`` and index its declarations; ``folder`` takes files made on the way.

    MathML has no schema here: its ``math`` element is declared so that anything may stand in it.
    """
    grammar = Grammar(_compiled(path, folder, mathml=mathml))
    _index(grammar, path, set())
    return grammar


def _compiled(path: Path, folder: Path, *, mathml: bool) -> etree.XMLSchema:
    if not mathml:
        return etree.XMLSchema(etree.parse(path))
    stub = folder / "math.xsd"
    stub.write_text(
        f'<xs:schema xmlns:xs="{XS[1:-1]}" targetNamespace="{MATHML}"><xs:element name="math"/></xs:schema>'
    )
    namespace = etree.parse(path).getroot().get("targetNamespace")
    whole = folder / f"{path.parent.name}-{path.stem}.xsd"
    whole.write_text(
        f'<xs:schema xmlns:xs="{XS[1:-1]}"><xs:import namespace="{namespace}" schemaLocation="{path.as_uri()}"/>'
        f'<xs:import namespace="{MATHML}" schemaLocation="{stub.as_uri()}"/></xs:schema>'
    )
    return etree.XMLSchema(etree.parse(whole))


def _index(grammar: Grammar, path: Path, seen: set[Path]) -> None:
    if path in seen:
        return
    seen.add(path)
    root = etree.parse(path).getroot()
    namespace = root.get("targetNamespace")
    for child in root.iterchildren(f"{XS}import"):
        _index(grammar, (path.parent / child.get("schemaLocation")).resolve(), seen)
    for child in root.iterchildren(f"{XS}element"):
        grammar.elements[f"{{{namespace}}}{child.get('name')}"] = child
        if child.get("substitutionGroup"):
            head = resolved(child, child.get("substitutionGroup"))
            grammar.heads.setdefault(head, []).append(f"{{{namespace}}}{child.get('name')}")
    for kind in ("complexType", "simpleType"):
        for child in root.iterchildren(XS + kind):
            grammar.types[f"{{{namespace}}}{child.get('name')}"] = child


def resolved(element: etree._Element, name: str) -> str:
    """Return a prefixed name of a schema with its namespace in braces."""
    prefix, _, local = name.rpartition(":")
    return f"{{{element.nsmap.get(prefix or None, '')}}}{local}"


class Maker:
    """Makes documents of one grammar with one source of chance."""

    def __init__(self, grammar: Grammar, chance: random.Random) -> None:
        self.grammar = grammar
        self.chance = chance
        self.generosity = 0.4
        self.wanted: frozenset[str] = frozenset()
        self.number = 0

    def document(self, root: str, wanted: tuple[str, ...] = ()) -> etree._Element:
        """Make a document with the global element ``root``; elements of the names ``wanted`` come where they may."""
        self.wanted = frozenset(wanted)
        self.generosity = self.chance.choice((0.0, 0.1, 0.2) if wanted else (0.0, 0.15, 0.3, 0.5))
        self.number = 0
        made = etree.Element(root, nsmap=PREFIXES)
        self._fill(made, self.grammar.elements[root], depth=0)
        return made

    def _fill(self, made: etree._Element, declaration: etree._Element, depth: int) -> None:
        if declaration.get("fixed") is not None:
            made.text = declaration.get("fixed")
            return
        name = declaration.get("type")
        inline = next((c for c in declaration if c.tag in (f"{XS}complexType", f"{XS}simpleType")), None)
        if inline is None and name is not None:
            of_type = resolved(declaration, name)
            inline = self.grammar.types.get(of_type)
            if inline is None:
                made.text = self._text(of_type)
                return
        if inline is None:
            return
        if inline.tag == f"{XS}simpleType":
            made.text = self._simple(inline)
        else:
            self._complex(made, inline, depth)

    def _complex(self, made: etree._Element, of_type: etree._Element, depth: int) -> None:
        extended = of_type.find(f"{XS}complexContent/{XS}extension")
        if extended is not None:
            self._complex(made, self.grammar.types[resolved(extended, extended.get("base"))], depth)
            for child in extended:
                self._particle(made, child, depth)
            return
        extension = of_type.find(f"{XS}simpleContent/{XS}extension")
        holder = of_type if extension is None else extension
        for attribute in holder.iterchildren(f"{XS}attribute"):
            if attribute.get("use") == "required" or self.chance.random() < self.generosity / 2:
                made.set(attribute.get("name"), self._attribute(attribute))
        if extension is not None:
            base = resolved(extension, extension.get("base"))
            known = self.grammar.types.get(base)
            made.text = self._text(base) if known is None else self._simple(known)
            return
        for child in of_type:
            self._particle(made, child, depth)

    def _attribute(self, attribute: etree._Element) -> str:
        inline = attribute.find(f"{XS}simpleType")
        if inline is not None:
            return self._simple(inline)
        of_type = resolved(attribute, attribute.get("type"))
        if of_type.endswith("}ID"):
            self.number += 1
            return f"n{self.number}"
        known = self.grammar.types.get(of_type)
        return self._text(of_type) if known is None else self._simple(known)

    def _particle(self, made: etree._Element, particle: etree._Element, depth: int) -> None:
        kinds: dict[str, Callable[[etree._Element, etree._Element, int], None]] = {
            f"{XS}element": self._element, f"{XS}sequence": self._parts, f"{XS}all": self._parts,
            f"{XS}choice": self._one, f"{XS}any": self._any,
        }  # fmt: skip
        make = kinds.get(str(particle.tag))
        if make is None:
            return
        for _ in range(self._times(particle, depth)):
            make(made, particle, depth)

    def _times(self, particle: etree._Element, depth: int) -> int:
        least, most = int(particle.get("minOccurs", "1")), particle.get("maxOccurs", "1")
        if depth < 12 and self._is_wanted(particle):
            return max(least, 1)
        if self.chance.random() > (self.generosity if depth < 9 else 0.02):
            return least
        return least + 1 if most == "unbounded" else max(least, int(most))

    def _parts(self, made: etree._Element, group: etree._Element, depth: int) -> None:
        parts = _parts_of(group)
        if group.tag == f"{XS}all":
            self.chance.shuffle(parts)
        for part in parts:
            self._particle(made, part, depth)

    def _one(self, made: etree._Element, group: etree._Element, depth: int) -> None:
        parts = [part for part in _parts_of(group) if depth < 12 and self._is_wanted(part)]
        parts = parts or _parts_of(group)
        if depth > 6 and not self._is_wanted(parts[0]):
            lowest = min(self._height(part, ()) for part in parts)
            parts = [part for part in parts if self._height(part, ()) <= lowest]
        self._particle(made, self.chance.choice(parts), depth)

    def _element(self, made: etree._Element, particle: etree._Element, depth: int) -> None:
        reference = particle.get("ref")
        if reference is None:
            namespace = particle.getroottree().getroot().get("targetNamespace")
            child = etree.SubElement(made, f"{{{namespace}}}{particle.get('name')}")
            self._fill(child, particle, depth + 1)
            return
        name = resolved(particle, reference)
        name = self.chance.choice(self.grammar.heads.get(name, [name]))
        self._fill(etree.SubElement(made, name), self.grammar.elements[name], depth + 1)

    def _any(self, made: etree._Element, particle: etree._Element, depth: int) -> None:
        if particle.get("processContents", "strict") == "lax":
            made.append(etree.fromstring('<x:note xmlns:x="urn:x"><x:more a="b">t</x:more>u</x:note>'))
            return
        math = etree.SubElement(made, f"{{{MATHML}}}math", nsmap={"m": MATHML})
        etree.SubElement(math, f"{{{MATHML}}}mi").text = "x"

    def _is_wanted(self, particle: etree._Element) -> bool:
        """Whether an element of a wanted name is declared in ``particle``."""
        declared = particle.iter(f"{XS}element")
        names = {(each.get("name") or each.get("ref", "").rpartition(":")[2]) for each in declared}
        return not names.isdisjoint(self.wanted)

    def _height(self, particle: etree._Element, around: tuple[str, ...]) -> float:
        """How many levels a part needs at least; infinite inside itself."""
        if particle.get("minOccurs") == "0":
            return 0
        if particle.tag in (f"{XS}sequence", f"{XS}all"):
            return max((self._height(part, around) for part in _parts_of(particle)), default=0)
        if particle.tag == f"{XS}choice":
            return min((self._height(part, around) for part in _parts_of(particle)), default=0)
        if particle.tag != f"{XS}element":
            return 0
        reference = particle.get("ref")
        declared = self.grammar.elements[resolved(particle, reference)] if reference else particle
        name = declared.get("type")
        key = resolved(declared, name) if name else ""
        if key in around:
            return float("inf")
        if key in self.grammar.heights:
            return 1 + self.grammar.heights[key]
        of_type = self.grammar.types.get(key) if name else declared.find(f"{XS}complexType")
        if of_type is None or of_type.tag == f"{XS}simpleType":
            return 1
        extended = of_type.find(f"{XS}complexContent/{XS}extension")
        if extended is not None:
            of_type = self.grammar.types[resolved(extended, extended.get("base"))]
        height = max((self._height(part, (*around, key)) for part in of_type), default=0)
        if not around and key:
            self.grammar.heights[key] = height
        return 1 + height

    def _simple(self, of_type: etree._Element) -> str:
        words = [each.get("value") for each in of_type.iter(f"{XS}enumeration")]
        if words:
            return self.chance.choice(words)
        pattern = of_type.find(f"{XS}restriction/{XS}pattern")
        if of_type.get("name") is None and pattern is not None:
            return pattern.get("value").replace("\\", "")
        namespace = of_type.getroottree().getroot().get("targetNamespace")
        return self._text(f"{{{namespace}}}{of_type.get('name')}")

    def _text(self, of_type: str) -> str:
        if of_type not in self.grammar.allowed:
            self.grammar.allowed[of_type] = _allowed(self.grammar, of_type)
        return self.chance.choice(self.grammar.allowed[of_type])


def _parts_of(group: etree._Element) -> list[etree._Element]:
    return [part for part in group.iterchildren(etree.Element) if part.tag != f"{XS}annotation"]


def _allowed(grammar: Grammar, of_type: str) -> list[str]:
    """Return those of TEXTS that a named simple type allows, as the schema processor says."""
    namespace, _, local = of_type[1:].partition("}")
    known = grammar.types.get(of_type)
    imported = "" if known is None else _import_of(known, namespace)
    probe = etree.fromstring(
        f'<xs:schema xmlns:xs="{XS[1:-1]}" xmlns:t="{namespace}">{imported}'
        f'<xs:element name="probe" type="t:{local}"/></xs:schema>'
    )
    schema = etree.XMLSchema(probe)
    found = []
    for text in TEXTS:
        element = etree.Element("probe")
        element.text = text
        if schema.validate(element):
            found.append(text)
    return found


def _import_of(of_type: etree._Element, namespace: str) -> str:
    return f'<xs:import namespace="{namespace}" schemaLocation="{of_type.getroottree().docinfo.URL}"/>'
