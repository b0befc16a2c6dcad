"""Quantities of plain data as D-SI elements: every decimal text as it was given."""

from __future__ import annotations

from lxml import etree

from jialiang.formats.data_members import Member
from jialiang.formats.dcc.elements import child, clean
from jialiang.formats.dcc.quantities.writings import SI
from jialiang.kernel.text import Text

_FORMS = {
    "expanded_uncertainty": ("expandedMU", (
        ("valueExpandedMU", "expanded_uncertainty"), ("coverageFactor", "coverage_factor"),
        ("coverageProbability", "coverage_probability"))),
    "interval_min": ("coverageIntervalMU", (
        ("valueStandardMU", "standard_uncertainty"), ("intervalMin", "interval_min"),
        ("intervalMax", "interval_max"), ("coverageProbability", "coverage_probability"))),
    "standard_uncertainty": ("standardMU", (("valueStandardMU", "standard_uncertainty"),)),
}  # fmt: skip
_NUMBERS = (
    "value", "unit", "label", "quantity_kind", "significant_digits", "date_time", "expanded_uncertainty",
    "coverage_factor", "coverage_probability", "standard_uncertainty", "interval_min", "interval_max", "distribution",
)  # fmt: skip
_INFORMATIVE = frozenset({
    "path", "line", "element", "role", "kind", "id", "ref_id", "result", "table", "uncertainty_form", "items",
    "methods", "equipment", "conditions", "software",
})  # fmt: skip
"""What the reader says beside a quantity, and what follows from where it stands when it is written again."""


def content_of(quantity: etree._Element, data: Member) -> None:
    """Append name and value of a quantity; raises MemberMissing, MemberWrong and MemberUnknown.

    ``value`` is one decimal text, or a list of them; ``words`` say a property that is no number, ``chars`` are
    single words; ``writings`` are the units of a hybrid, each with the members of a number.
    """
    data.only(
        "name", "names", "words", "chars", "writings", "ref_type", "identifiers", *_NUMBERS, also=_INFORMATIVE
    )
    if types := " ".join(data["ref_type"].texts()):
        quantity.set("refType", clean(types))
    words_element(quantity, "name", data["names"] if data["names"] else data["name"])
    if data["words"]:
        words_element(quantity, "noQuantity", data["words"])
    elif data["chars"]:
        child(quantity, "charsXMLList", " ".join(data["chars"].texts()))
    elif data["writings"]:
        hybrid = etree.SubElement(quantity, f"{{{SI}}}hybrid")
        for writing in data["writings"].entries():
            writing.only("kind", *_NUMBERS, also=_INFORMATIVE)
            _number(hybrid, writing)
    else:
        _number(quantity, data)


def words_element(parent: etree._Element, name: str, data: Member) -> etree._Element | None:
    """Append ``dcc:name`` with a ``content`` for each text; nothing where there is no text."""
    said = data.words()
    if not said:
        return None
    element = child(parent, name)
    for language, text in said:
        child(element, "content", text, lang=language)
    return element


def _number(parent: etree._Element, data: Member) -> None:
    given = data["value"].required()
    many = isinstance(given.content, list)
    ending = "XMLList" if many else ""
    element = etree.SubElement(parent, f"{{{SI}}}{'realListXMLList' if many else 'real'}")
    for name, member in (("label", "label"), ("quantityTypeQUDT", "quantity_kind"), ("value", "value"),
                         ("unit", "unit"), ("significantDigit", "significant_digits"),
                         ("dateTime", "date_time")):  # fmt: skip
        _texts(
            element,
            name + ending,
            data[member].required() if name in ("value", "unit") else data[member],
            many,
        )
    for member, (form, parts) in _FORMS.items():
        if data[member]:
            around = etree.SubElement(element, f"{{{SI}}}measurementUncertaintyUnivariate{ending}")
            stated = etree.SubElement(around, f"{{{SI}}}{form}{ending}")
            for name, part in parts:
                _texts(stated, name + ending, data[part].required(), many)
            _texts(stated, f"distribution{ending}", data["distribution"], many)
            return


def _texts(parent: etree._Element, name: str, data: Member, many: bool) -> None:
    if not data:
        return
    said = data.texts() if many else (data.text(),)
    if many and any(not text or any(letter.isspace() for letter in text) for text in said):
        raise data.wrong(Text("列表各项不为空、不含空格", "entries that are not empty and have no blanks"))
    etree.SubElement(parent, f"{{{SI}}}{name}").text = clean(" ".join(said))
