"""Versions, ids, refIds and refTypes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from lxml import etree

from jialiang.formats.dcc.quantities.writings import local_name
from jialiang.formats.dcc.rules.catalogue import LATEST, code_set
from jialiang.formats.dcc.rules.document import Breach, Document
from jialiang.formats.dcc.versions import version_of
from jialiang.kernel.text import Text

_ITEMS = frozenset({"item", "items", "subItems"})
_NEVER_DATA = frozenset({
    "content", "name", "description", "respPerson", "person", "identification", "contact", "customer",
    "performanceLocation", "equipmentClass", "reportAmendedSubstituted", "declaration", "further",
})  # fmt: skip
_DATA_HOLDERS = frozenset({"quantity", "list", "result", "data", "metaData"})


def version_not_latest(document: Document) -> Iterator[Breach]:
    """Yield a hint where a certificate is of an older version."""
    version = version_of(document.root)
    if version != LATEST:
        yield Breach("DCC-VERSION-NOT-LATEST", document.root, {"version": version or "–", "latest": LATEST})


def ids_linked(document: Document) -> Iterator[Breach]:
    """Yield ids that no refId names, refIds that name nothing, and those that name the wrong kind of thing."""
    targets: dict[str, etree._Element] = {}
    for element in document.survey.with_id:
        targets.setdefault(element.get("id", ""), element)
    named = {id_ for element in document.survey.with_ref_id for id_ in element.get("refId", "").split(" ")}
    for element in document.survey.with_id:
        if element.get("id", "") not in named:
            yield Breach("DCC-ID-UNLINKED", element, {"id": element.get("id")}, "id")
    for element in document.survey.with_ref_id:
        yield from _resolved(element, targets)


def _resolved(element: etree._Element, targets: dict[str, etree._Element]) -> Iterator[Breach]:
    wanted = element.get("refId", "").split()
    missing = [id_ for id_ in wanted if id_ not in targets]
    if missing or not wanted:
        facts = {"ids": ", ".join(dict.fromkeys(missing)) or "–"}
        yield Breach("DCC-REFID-UNRESOLVED", element, facts, "refId")
    yield from _wrong_kinds(element, {id_: targets[id_] for id_ in wanted if id_ in targets})


def _wrong_kinds(holder: etree._Element, targets: dict[str, etree._Element]) -> Iterator[Breach]:
    kind = local_name(holder)
    for id_, target in targets.items():
        found = local_name(target)
        wrong_item = kind == "measurementResult" and found not in _ITEMS
        if wrong_item or (kind in _DATA_HOLDERS and found in _NEVER_DATA):
            allowed = (
                Text("器具（item）", "an item")
                if wrong_item
                else Text(
                    "方法、软件、设备、影响条件、器具或数据",
                    "a method, software, equipment, condition, item or data",
                )
            )
            facts = {"holder": kind, "target": found, "id": id_, "allowed": allowed}
            yield Breach("DCC-REFID-KIND", holder, facts, "refId")


def ref_types_known(document: Document) -> Iterator[Breach]:
    """Yield refTypes with PTB's prefix ``basic_`` that its vocabulary does not have, as far as it is known here."""
    known = code_set("ref_types")
    for element in document.survey.with_ref_type:
        for ref_type in element.get("refType", "").split():
            if ref_type.startswith("basic_") and ref_type not in known:
                facts = {"ref_type": ref_type, "suggestion": _suggestion(ref_type, known)}
                yield Breach("DCC-REFTYPE-UNKNOWN", element, facts, "refType")


def _suggestion(ref_type: str, known: frozenset[str]) -> Text:
    near = difflib.get_close_matches(ref_type[:80], known, n=1, cutoff=0.8)
    return Text(f"；相近的有 {near[0]}", f"; similar: {near[0]}") if near else Text()
