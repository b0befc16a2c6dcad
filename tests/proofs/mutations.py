"""Small changes of XML documents: what hands and programs do to certificates, and what an attacker would try."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence

from lxml import etree
from tests.proofs.schema_documents import DCC, DS, MATHML, SI, TEXTS, XSI

NAMES = (
    "properties", "statement", "propertyIdentifiers",
    "name", "content", "description", "quantity", "list", "data", "real", "value", "unit", "label", "dateTime", "item",
    "hybrid", "id", "text", "formula", "xml", "link", "refId", "certificate", "status", "software", "nonsense", "real",
)  # fmt: skip
ATTRIBUTES = (
    "id", "refId", "refType", "lang", "schemaVersion", "Id", "Algorithm", "nonsense", f"{{{XSI}}}nil", f"{{{XSI}}}type",
    f"{{{XSI}}}schemaLocation", f"{{{XSI}}}nonsense", f"{{{DCC}}}id", "{http://www.w3.org/XML/1998/namespace}lang",
)  # fmt: skip
TYPES = (
    "si:realQuantityType", "si:realListType", "si:unitType", "si:decimalType", "dcc:textType", "dcc:richContentType",
    "dcc:notEmptyStringType", "dcc:stringWithLangType", "dcc:hashType", "dcc:contactType", "dcc:nonsense", "xs:string",
    "xs:token", "xs:double", "xs:ID", "xs:anyType", "nonsense:x", "", "a b", "dcc:refTypesType", "dcc:contact",
    "dcc:list", "dcc:primitiveQuantityType", "drmd:quantityType", "drmd:identifierType", "drmd:nonsense", "xs:boolean",
)  # fmt: skip
FRAGMENTS = (
    f'<si:real xmlns:si="{SI}"><si:value>1.0</si:value><si:unit>\\one</si:unit></si:real>',
    f'<si:real xmlns:si="{SI}"><si:value>1.0</si:value></si:real>',
    f'<si:list xmlns:si="{SI}"/>', f'<si:quantityType xmlns:si="{SI}"/>',
    f'<si:quantityTypeQUDT xmlns:si="{SI}">Mass</si:quantityTypeQUDT>',
    '<a/>', '<x:a xmlns:x="urn:x" b="c">t<x:d/></x:a>', '<x:a xmlns:x="urn:x" id="n1"/>',
    f'<m:math xmlns:m="{MATHML}"><m:mi>x</m:mi></m:math>', f'<m:mi xmlns:m="{MATHML}">x</m:mi>',
    f'<ds:KeyName xmlns:ds="{DS}">k</ds:KeyName>', f'<ds:Signature xmlns:ds="{DS}"/>',
    f'<dcc:text xmlns:dcc="{DCC}"><dcc:content lang="en">t</dcc:content></dcc:text>',
    f'<dcc:quantity xmlns:dcc="{DCC}"><dcc:noQuantity><dcc:content>t</dcc:content></dcc:noQuantity></dcc:quantity>',
    f'<dcc:digitalCalibrationCertificate xmlns:dcc="{DCC}"/>', f'<dcc:software xmlns:dcc="{DCC}"/>',
    f'<x:a xmlns:x="urn:x" xmlns:si="{SI}" xmlns:xsi="{XSI}" xsi:type="si:unitType">t</x:a>',
    f'<x:a xmlns:x="urn:x" xmlns:dcc="{DCC}" xmlns:xsi="{XSI}" xsi:type="dcc:stringISO639Type">t</x:a>',
)  # fmt: skip

Change = Callable[["Mutator", etree._Element], None]


class Mutator:
    """Changes documents with one source of chance; parts of ``donors`` are planted into them."""

    def __init__(self, chance: random.Random, donors: Sequence[etree._Element]) -> None:
        self.chance = chance
        self.donors = donors

    def mutated(self, root: etree._Element) -> tuple[etree._Element, str]:
        """Return a changed copy and the names of the changes."""
        changed = copy.deepcopy(root)
        names = []
        for _ in range(self.chance.choice((1, 1, 1, 2, 3))):
            change = self.chance.choice(CHANGES)
            change(self, changed)
            names.append(change.__name__)
        return changed, "+".join(names)

    def _element(self, root: etree._Element) -> etree._Element:
        return self.chance.choice(list(root.iter(etree.Element)))

    def _inner(self, root: etree._Element) -> etree._Element:
        inner = [each for each in root.iter(etree.Element) if each is not root]
        return self.chance.choice(inner) if inner else root

    def _leaf(self, root: etree._Element) -> etree._Element:
        return self.chance.choice([each for each in root.iter(etree.Element) if not len(each)])

    def _with_attributes(self, root: etree._Element) -> etree._Element:
        return self.chance.choice([each for each in root.iter(etree.Element) if each.attrib] or [root])

    def _fragment(self) -> etree._Element:
        if self.chance.random() < 0.5 or not self.donors:
            return etree.fromstring(self.chance.choice(FRAGMENTS))
        return copy.deepcopy(self._inner(self.chance.choice(self.donors)))


def drop(m: Mutator, root: etree._Element) -> None:
    gone = m._inner(root)
    if gone is not root:
        gone.getparent().remove(gone)


def duplicate(m: Mutator, root: etree._Element) -> None:
    chosen = m._inner(root)
    if chosen is not root:
        chosen.addnext(copy.deepcopy(chosen))


def duplicate_without_ids(m: Mutator, root: etree._Element) -> None:
    chosen = m._inner(root)
    if chosen is not root:
        twin = copy.deepcopy(chosen)
        for each in twin.iter(etree.Element):
            each.attrib.pop("id", None)
        chosen.addnext(twin)


def reorder(m: Mutator, root: etree._Element) -> None:
    parent = m._element(root)
    children = list(parent)
    if len(children) > 1:
        one, other = m.chance.sample(children, 2)
        place = parent.index(other)
        parent.remove(one)
        parent.insert(place, one)


def rename(m: Mutator, root: etree._Element) -> None:
    chosen = m._inner(root)
    namespace = str(chosen.tag).rpartition("}")[0][1:]
    local = m.chance.choice((*NAMES, str(m._element(root).tag).rpartition("}")[2]))
    namespace = m.chance.choice((namespace, namespace, namespace, DCC, SI, "urn:x", ""))
    chosen.tag = f"{{{namespace}}}{local}" if namespace else local


def rename_as_sibling(m: Mutator, root: etree._Element) -> None:
    chosen = m._inner(root)
    if chosen is not root:
        chosen.tag = m.chance.choice([each.tag for each in chosen.getparent() if isinstance(each.tag, str)])


def retype_text(m: Mutator, root: etree._Element) -> None:
    m._leaf(root).text = m.chance.choice(TEXTS)


def vary_text(m: Mutator, root: etree._Element) -> None:
    leaf = m._leaf(root)
    text = leaf.text or ""
    place = m.chance.randint(0, len(text))
    piece = m.chance.choice(("", " ", "\n", "0", "a", ".", "-", "=", "%", "\u00a0", "é"))
    leaf.text = text[:place] + piece + text[place + m.chance.randint(0, 1) :]


def retype_attribute(m: Mutator, root: etree._Element) -> None:
    chosen = m._with_attributes(root)
    if chosen.attrib:
        chosen.set(m.chance.choice(chosen.keys()), m.chance.choice(TEXTS))


def drop_attribute(m: Mutator, root: etree._Element) -> None:
    chosen = m._with_attributes(root)
    if chosen.attrib:
        del chosen.attrib[m.chance.choice(chosen.keys())]


def rename_attribute(m: Mutator, root: etree._Element) -> None:
    chosen = m._with_attributes(root)
    if chosen.attrib:
        chosen.set(m.chance.choice(ATTRIBUTES), chosen.attrib.pop(m.chance.choice(chosen.keys())))


def add_attribute(m: Mutator, root: etree._Element) -> None:
    name = m.chance.choice(ATTRIBUTES)
    texts = TYPES if name.endswith("}type") else ("x1", "x2", "x1 x2", "en", "true", m.chance.choice(TEXTS))
    m._element(root).set(name, m.chance.choice(texts))


def add_marks(m: Mutator, root: etree._Element) -> None:
    chosen = m._element(root)
    chosen.set("id", f"own{m.chance.randint(0, 99999)}")
    chosen.set("refType", "basic_x other")
    if m.chance.random() < 0.5:
        chosen.set("refId", "x1 nowhere")


def add_own_type(m: Mutator, root: etree._Element) -> None:
    m._element(root).set(f"{{{XSI}}}type", m.chance.choice(TYPES))


def write_between(m: Mutator, root: etree._Element) -> None:
    chosen = m._element(root)
    if m.chance.random() < 0.5:
        chosen.text = m.chance.choice((*TEXTS, "\n  "))
    elif chosen is not root:
        chosen.tail = m.chance.choice((*TEXTS, "\n  "))


def comment(m: Mutator, root: etree._Element) -> None:
    chosen = m._element(root)
    said = m.chance.choice((etree.Comment("said"), etree.ProcessingInstruction("do", "it")))
    said.tail = m.chance.choice(("", " ", "1", "t"))
    chosen.insert(m.chance.randint(0, len(chosen)), said)


def plant(m: Mutator, root: etree._Element) -> None:
    chosen = m._element(root)
    chosen.insert(m.chance.randint(0, len(chosen)), m._fragment())


def plant_after(m: Mutator, root: etree._Element) -> None:
    chosen = m._inner(root)
    if chosen is not root:
        chosen.addnext(m._fragment())


def replace(m: Mutator, root: etree._Element) -> None:
    chosen = m._inner(root)
    if chosen is not root:
        fragment = m._fragment()
        chosen.getparent().replace(chosen, fragment)


def move(m: Mutator, root: etree._Element) -> None:
    chosen, target = m._inner(root), m._element(root)
    if chosen is not root and target not in set(chosen.iter(etree.Element)):
        target.insert(m.chance.randint(0, len(target)), chosen)


def empty(m: Mutator, root: etree._Element) -> None:
    chosen = m._inner(root)
    for child in list(chosen):
        chosen.remove(child)


def unwrap(m: Mutator, root: etree._Element) -> None:
    chosen = m._inner(root)
    if chosen is not root:
        parent, place = chosen.getparent(), chosen.getparent().index(chosen)
        for child in reversed(list(chosen)):
            parent.insert(place, child)
        parent.remove(chosen)


def same_id_twice(m: Mutator, root: etree._Element) -> None:
    for chosen in (m._element(root), m._element(root)):
        chosen.set("id", "twin")


CHANGES: tuple[Change, ...] = (
    drop, drop, duplicate, duplicate, duplicate_without_ids, reorder, reorder, rename, rename_as_sibling, retype_text,
    retype_text, vary_text, vary_text, retype_attribute, drop_attribute, rename_attribute, add_attribute, add_marks,
    add_own_type, write_between, comment, plant, plant_after, replace, move, empty, unwrap, same_id_twice,
)  # fmt: skip
"""The changes, some twice so that they come more often."""
