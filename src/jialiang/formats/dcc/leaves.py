"""Every text and attribute of a certificate with its place and the name that people have for it.

Comparing two certificates leaf by leaf leaves nothing out, whatever a view shows of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from jialiang.formats.dcc.profile import DCC, member
from jialiang.formats.dcc.reading_parts import all_of, content_of
from jialiang.formats.dcc.view import Leaf
from jialiang.formats.dsi.reading import real_lists
from jialiang.formats.dsi.units import unit_text
from jialiang.formats.xades.names import ds
from jialiang.kernel.text import Text

_Labels = dict[etree._Element, list[Text]]
_ROW_KEYS = ("basic_nominalValue", "basic_calibrationValue", "basic_referenceValue", "basic_measuredValue")


def leaves_of(root: etree._Element) -> tuple[Leaf, ...]:
    """Return all leaves in document order, without the signature; lists of values have a leaf a row."""
    return tuple(_below(root, etree.QName(root).localname, Text(), {}))


def _below(element: etree._Element, path: str, around: Text, labels: _Labels) -> Iterator[Leaf]:
    named = _name_of(element) or around
    for attribute, said in element.attrib.items():
        name = etree.QName(attribute).localname
        yield Leaf(f"{path}/@{name}", _joined(named, member(name)), str(said))
    children = [c for c in element.iterchildren(tag=etree.Element) if c.tag != ds("Signature")]
    if not children:
        yield from _texts(element, path, named, labels)
    counted: dict[str, int] = {}
    for child in children:
        local = etree.QName(child).localname
        counted[local] = counted.get(local, 0) + 1
        yield from _below(child, f"{path}/{local}[{counted[local]}]", named, labels)


def _texts(element: etree._Element, path: str, named: Text, labels_of: _Labels) -> Iterator[Leaf]:
    local = etree.QName(element).localname
    said = (element.text or "").strip()
    if not local.endswith("XMLList"):
        yield Leaf(path, _named(element, local, named), said)
        return
    labels = _row_labels(element, labels_of)
    field = Text() if local in ("valueXMLList", "charsXMLList") else member(local)
    tokens = said.split()
    for row, token in enumerate(tokens, start=1):
        label = labels[row - 1] if len(labels) == len(tokens) else Text(f"第 {row} 行", f"row {row}")
        label = Text() if len(tokens) == 1 < len(labels) else label
        name = Text(f"{label.zh} {named.zh}".strip(), f"{label.en} {named.en}".strip())
        yield Leaf(f"{path}/row[{row}]", _joined(name, field), token)


def _named(element: etree._Element, local: str, named: Text) -> Text:
    parent = element.getparent()
    field = etree.QName(parent).localname if local == "content" and parent is not None else local
    if field in ("name", "noQuantity", "declaration", "value") and named:
        return named
    return _joined(named, member(field))


def _name_of(element: etree._Element) -> Text:
    """Return what a thing is called by its own name member; a quantity in a list by its column."""
    found = all_of(element, "name")
    return content_of(found[0]) if found else Text()


def _row_labels(element: etree._Element, labels_of: _Labels) -> list[Text]:
    """Return how the rows of the table around an element are called; worked out once a table."""
    table = next(element.iterancestors(f"{{{DCC}}}list"), None)
    if table is None:
        return []
    if table not in labels_of:
        labels_of[table] = _labels_in(table)
    return labels_of[table]


def _labels_in(table: etree._Element) -> list[Text]:
    """Return the values at which the rows of a table were measured, with their unit."""
    ranked = sorted(all_of(table, "quantity"), key=lambda c: _rank(c.get("refType", "")))
    written = real_lists(ranked[0]) if ranked else []
    if not written:
        return []
    symbol = unit_text(written[0].unit)
    pairs = ((f"{v} {symbol.zh}".strip(), f"{v} {symbol.en}".strip()) for v in written[0].quantity_values)
    return [Text(*pair) for pair in pairs]


def _rank(ref_type: str) -> int:
    return _ROW_KEYS.index(ref_type) if ref_type in _ROW_KEYS else len(_ROW_KEYS)


def _joined(context: Text, field: Text) -> Text:
    if not context or not field:
        return context or field
    return Text(f"{context.zh or context.en}：{field.zh}", f"{context.en or context.zh}: {field.en}")
