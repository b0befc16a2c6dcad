"""What had another name or place until 2.4.0, and what 3.3.0 must have."""

from __future__ import annotations

from lxml import etree

from jialiang.formats.dcc.migration.work import Work, insert_after, insert_first, remove
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.writings import SI, local_name

_HASHES = ("certificate", "previousReport", "linkedReport")
_RENAMED = (
    (_HASHES, "reference", "referral"),
    (_HASHES, "referenceID", "referralID"),
    (("influenceCondition",), "state", "status"),
    (("identification",), "description", "name"),
    (("formula",), "siunitx", "latex"),
)
_BYTES = ("byteData", "descriptionData", "document", "file")


def names(work: Work) -> None:
    """Give elements the names that they have since 3.0.0."""
    for holders, before, after in _RENAMED:
        for holder in work.each(*holders):
            for child in holder.findall(f"{{{DCC}}}{before}"):
                work.rename(child, after, "renamed")
    for holder in work.each(*_BYTES):
        for child in holder.findall(f"{{{DCC}}}data"):
            work.rename(child, "dataBase64", "renamed")
    for formula in work.each("formula"):
        if formula.get("lang") is not None:
            work.note("attribute-removed", formula, f"lang={formula.get('lang')}")
            del formula.attrib["lang"]


def descriptions(work: Work) -> None:
    """Make one description of several, and put attachments into it."""
    for holder in {each.getparent(): None for each in work.each("description", "descriptionData")}:
        if holder is None or local_name(holder) in ("contact", "customer", "person", "manufacturer", "owner",
                                                    "respAuthority"):  # fmt: skip
            continue  # contacts keep descriptionData
        found = holder.findall(f"{{{DCC}}}description")
        for surplus in found[1:]:
            found[0].extend(list(surplus))
            work.note("texts-joined", found[0], f"{len(found)} × description", "description")
            remove(surplus)
        for attached in holder.findall(f"{{{DCC}}}descriptionData"):
            into = found[0] if found else insert_after(_name_of(holder), "description")
            remove(attached)
            into.append(attached)
            work.rename(attached, "file", "file-moved")


def _name_of(holder: etree._Element) -> etree._Element:
    found = holder.find(f"{{{DCC}}}equipmentClass")
    name = found if found is not None else holder.find(f"{{{DCC}}}name")
    return name if name is not None else insert_first(holder, "name")


def references(work: Work) -> None:
    """Turn the element ``refId`` of statements and metadata into the attribute."""
    for element in work.each("refId"):
        holder = element.getparent()
        if holder is not None:
            holder.set("refId", (element.text or "").strip())
            work.note("reference-moved", holder, "refId", (element.text or "").strip())
            remove(element)


def required(work: Work) -> None:
    """Add what 3.3.0 must have and older files may lack: where the work was done, names of results."""
    for core in work.each("coreData"):
        ended = core.find(f"{{{DCC}}}endPerformanceDate")
        if ended is not None and core.find(f"{{{DCC}}}performanceLocation") is None:
            work.note("location-added", insert_after(ended, "performanceLocation", "other"), "", "other")
    for result in work.each("measurementResult"):
        if result.find(f"{{{DCC}}}name") is None:
            name = insert_first(result, "name")
            etree.SubElement(name, f"{{{DCC}}}content").text = "Measurement results"
            work.note("name-added", name, "", "Measurement results")


def contacts(work: Work) -> None:
    """Keep one contact of the laboratory; what else a 2.x file has moves into statements."""
    for laboratory in work.each("calibrationLaboratory"):
        for surplus in laboratory.findall(f"{{{DCC}}}contact")[1:]:
            remove(surplus)
            statement = etree.SubElement(_statements(work), f"{{{DCC}}}statement")
            declaration = etree.SubElement(statement, f"{{{DCC}}}declaration")
            etree.SubElement(declaration, f"{{{DCC}}}content").text = "Further contact of the laboratory"
            statement.append(surplus)
            work.rename(surplus, "respAuthority", "contact-moved")


def _statements(work: Work) -> etree._Element:
    found = next(work.each("statements"), None)
    return found if found is not None else insert_after(next(work.each("customer")), "statements")


def lists(work: Work) -> None:
    """Wrap the values that stood directly in ``si:list`` (D-SI 1.x) into ``realList`` or ``complexList``."""
    for list_ in list(work.root.iter(f"{{{SI}}}list")):
        kind = next((k for k in ("real", "complex") if list_.find(f"{{{SI}}}{k}") is not None), "")
        if not kind:
            continue
        inner = list_.makeelement(f"{{{SI}}}{kind}List")
        moved = [
            c for c in list_.iterchildren(tag=etree.Element) if local_name(c) not in ("label", "dateTime")
        ]
        at = list_.index(moved[0])
        inner.extend(moved)
        list_.insert(at, inner)
        work.note("list-wrapped", inner, "list", f"{kind}List")
