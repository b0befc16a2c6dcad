"""Certificates of any version to measurement results."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.belonging import Belonging, words_of
from jialiang.formats.dcc.quantities.model import Formula, MeasurementResult, Role, Writing
from jialiang.formats.dcc.quantities.writings import SI, WRITINGS, local_name, writing_of
from jialiang.formats.xml.places import Places, line_of

QUANTITIES = ("quantity", "itemQuantity", "measuringEquipmentQuantity", "usedMethodQuantity")
_ROLES: dict[str, Role] = {
    "metaData": "metadata",
    "statement": "statement",
    "influenceCondition": "condition",
    "usedMethod": "method",
    "measuringEquipment": "equipment",
    "item": "item",
    "result": "result",
}
_MATHML = "http://www.w3.org/1998/Math/MathML"


def quantities(tree: etree._ElementTree) -> tuple[MeasurementResult, ...]:
    """Return every quantity of a certificate of any version, in document order.

    Quantities are ``dcc:quantity`` wherever it stands (results, conditions, statements, metadata), and those of
    items, equipment and methods. What the file does not have is empty; nothing is raised.
    """
    return quantities_named(tree, *(f"{{{DCC}}}{name}" for name in QUANTITIES))


def quantities_named(tree: etree._ElementTree, *tags: str) -> tuple[MeasurementResult, ...]:
    """Return the quantities that stand in elements of these names, for vocabularies that are built on the DCC.

    The list and the result around a quantity are those of its own vocabulary.
    """
    root = tree.getroot()
    belonging, places = Belonging(root), Places()
    return tuple(_quantity(element, belonging, places) for element in root.iter(*tags))


def formulas(tree: etree._ElementTree) -> tuple[Formula, ...]:
    """Return every formula of a certificate with its place: LaTeX, MathML, and siunitx of the versions before 3."""
    places = Places()
    return tuple(_formulas(tree.getroot(), places))


def _quantity(element: etree._Element, belonging: Belonging, places: Places) -> MeasurementResult:
    content = next((c for c in element.iterchildren(tag=etree.Element) if _is_content(c)), None)
    words = content if content is not None and local_name(content) == "noQuantity" else None
    relative = element.find(f"{{{DCC}}}relativeUncertainty")
    own = etree.QName(element).namespace
    table = next(element.iterancestors(f"{{{own}}}list"), None)
    result = next(element.iterancestors(f"{{{own}}}result"), None)
    return MeasurementResult(
        path=places.path(element),
        line=line_of(element),
        element=local_name(element),
        role=_role(element),
        kind=local_name(content) if content is not None else "",
        name=words_of(element.find(f"{{{DCC}}}name")),
        id=element.get("id", ""),
        ref_id=tuple(element.get("refId", "").split()),
        ref_type=tuple(element.get("refType", "").split()),
        writings=_writings(content),
        words=words_of(words),
        chars=_chars(content),
        formulas=tuple(_formulas(words, places)) if words is not None else (),
        relative_uncertainty=_relative(relative),
        conformity=_conformity(element),
        result=words_of(result.find(f"{{{own}}}name")) if result is not None else (),
        table=places.path(table) if table is not None else "",
        **belonging.of(element),
    )


def _is_content(element: etree._Element) -> bool:
    name = etree.QName(element)
    if name.namespace == SI:
        return name.localname in WRITINGS
    return name.localname in ("noQuantity", "charsXMLList")


def _writings(content: etree._Element | None) -> tuple[Writing, ...]:
    if content is None or etree.QName(content).namespace != SI:
        return ()
    writing = writing_of(content)
    return writing.members if writing.kind == "hybrid" else (writing,)


def _chars(content: etree._Element | None) -> tuple[str, ...]:
    if content is None or local_name(content) != "charsXMLList":
        return ()
    return tuple((content.text or "").split())


def _relative(element: etree._Element | None) -> Writing | None:
    inside = next(element.iterchildren(tag=etree.Element), None) if element is not None else None
    if inside is None:
        return None
    written = writing_of(inside)
    kind = "realListXMLList" if any(True for _ in inside.iterchildren(f"{{{SI}}}valueXMLList")) else "real"
    return Writing(kind=kind, values=written.values, unit=written.unit, uncertainty=written.uncertainty)


def _conformity(element: etree._Element) -> tuple[str, ...]:
    for metadata in element.findall(f"{{{DCC}}}measurementMetaData/{{{DCC}}}metaData"):
        for name in ("conformityXMLList", "conformity"):
            if (stated := (metadata.findtext(f"{{{DCC}}}{name}") or "").split()) != []:
                return tuple(stated)
    return ()


def _role(element: etree._Element) -> Role:
    for around in element.iterancestors():
        role = _ROLES.get(local_name(around))
        if role is not None:
            return role
    return "result"


def _formulas(element: etree._Element, places: Places) -> Iterator[Formula]:
    for formula in element.iter(f"{{{DCC}}}formula"):
        path, line = places.path(formula), line_of(formula)
        for child in formula.iterchildren(tag=etree.Element):
            name = local_name(child)
            if name == "mathml":
                inside = next(child.iterchildren(tag=etree.Element), None)
                yield Formula("mathml", _mathml(inside), path, line)
            elif name == "latex":
                yield Formula("latex", child.text or "", path, line)
            elif name == "siunitx":
                yield Formula("siunitx", child.text or "", path, line)


def _mathml(element: etree._Element | None) -> str:
    if element is None:
        return ""
    text: str = etree.tostring(element, encoding="unicode", with_tail=False)
    return text
