"""Certificates of any version to measurement results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.belonging import Belonging, words_of
from jialiang.formats.dcc.quantities.model import Formula, MeasurementResult, Role, Words, Writing
from jialiang.formats.dcc.quantities.survey import Survey
from jialiang.formats.dcc.quantities.writings import SI, WRITINGS, local_name, writing_of
from jialiang.formats.xml.children import children_of
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
_TAGS = tuple(f"{{{DCC}}}{name}" for name in QUANTITIES)
_METADATA = f"{{{DCC}}}measurementMetaData"
_CONTENT = ""


def quantities(tree: etree._ElementTree, survey: Survey | None = None) -> tuple[MeasurementResult, ...]:
    """Return every quantity of a certificate of any version, in document order.

    Quantities are ``dcc:quantity`` wherever it stands (results, conditions, statements, metadata), and those of
    items, equipment and methods. What the file does not have is empty; nothing is raised. ``survey`` is one of the
    same tree, where there is one already.
    """
    return quantities_named(tree, *_TAGS, survey=survey)


def quantities_named(
    tree: etree._ElementTree, *tags: str, survey: Survey | None = None
) -> tuple[MeasurementResult, ...]:
    """Return the quantities that stand in elements of these names, for vocabularies that are built on the DCC.

    The list and the result around a quantity are those of its own vocabulary.
    """
    known = survey if survey is not None else Survey(tree.getroot())
    vocabularies = tuple(dict.fromkeys(tag.rpartition("}")[0] + "}" for tag in tags))
    reader = _Reader(known, Belonging(known.root, known.by_id, known.places), vocabularies)
    return tuple(map(reader.quantity, known.root.iter(*tags)))


def formulas(tree: etree._ElementTree) -> tuple[Formula, ...]:
    """Return every formula of a certificate with its place: LaTeX, MathML, and siunitx of the versions before 3."""
    places = Places()
    return tuple(_formulas(tree.getroot(), places))


@dataclass(frozen=True, slots=True)
class _Context:
    """What quantities directly inside one element share: their role, and the result and the table around them."""

    role: Role | Literal[""]
    result: Words
    table: str


class _Reader:
    """Reads the quantities of one document."""

    def __init__(self, survey: Survey, belonging: Belonging, vocabularies: tuple[str, ...]) -> None:
        self.survey, self.places, self.belonging = survey, survey.places, belonging
        self._results = {f"{vocabulary}result": f"{vocabulary}name" for vocabulary in vocabularies}
        self._lists = {f"{vocabulary}list" for vocabulary in vocabularies}
        self._contexts: dict[etree._Element, _Context] = {}

    def quantity(self, element: etree._Element) -> MeasurementResult:
        """Read one quantity."""
        children: dict[str, etree._Element] = {}
        for child in children_of(element):
            tag = child.tag
            if isinstance(tag, str):
                children.setdefault(_CONTENT if _is_content(tag) else tag, child)
        content = children.get(_CONTENT)
        kind = local_name(content) if content is not None else ""
        words = content if kind == "noQuantity" else None
        context = self._context(element.getparent())
        return MeasurementResult(
            path=self.places.path(element),
            line=line_of(element),
            element=local_name(element),
            role=context.role or "result",
            kind=kind,
            name=words_of(children.get(f"{{{DCC}}}name")),
            id=element.get("id", ""),
            ref_id=tuple(element.get("refId", "").split()),
            ref_type=tuple(element.get("refType", "").split()),
            writings=self._writings(content),
            words=words_of(words),
            chars=tuple((content.text or "").split()) if content is not None and kind == "charsXMLList" else (),
            formulas=tuple(_formulas(words, self.places)) if words is not None else (),
            relative_uncertainty=_relative(children.get(f"{{{DCC}}}relativeUncertainty")),
            conformity=_conformity(element) if _METADATA in children else (),
            result=context.result,
            table=context.table,
            **self.belonging.of(element),
        )

    def _context(self, parent: etree._Element | None) -> _Context:
        """Return what holds inside an element, from the innermost thing that says it."""
        unknown: list[etree._Element] = []
        while parent is not None and parent not in self._contexts:
            unknown.append(parent)
            parent = parent.getparent()
        found = self._contexts[parent] if parent is not None else _Context("", (), "")
        for element in reversed(unknown):
            name = self._results.get(element.tag)
            found = self._contexts[element] = _Context(
                role=_ROLES.get(local_name(element)) or found.role,
                result=words_of(element.find(name)) if name is not None else found.result,
                table=self.places.path(element) if element.tag in self._lists else found.table,
            )
        return found

    def _writings(self, content: etree._Element | None) -> tuple[Writing, ...]:
        if content is None or not content.tag.startswith(f"{{{SI}}}"):
            return ()
        writing = self.survey.writing(content)
        return writing.members if writing.kind == "hybrid" else (writing,)


@lru_cache(maxsize=512)
def _is_content(tag: str) -> bool:
    namespace, _, name = tag.rpartition("}")
    return name in WRITINGS if namespace == f"{{{SI}" else name in ("noQuantity", "charsXMLList")


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
