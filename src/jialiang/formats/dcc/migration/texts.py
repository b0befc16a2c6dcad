"""Texts and attributes as 3.3.0 and good practice want them."""

from __future__ import annotations

import re

from lxml import etree

from jialiang.formats.dcc.migration.work import Work, insert_after, remove
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.writings import SI, local_name
from jialiang.formats.dcc.rules.numbers import respelled

# Elements whose text may neither be empty nor begin or end with blanks since 3.2.0.
_TRIMMED = (
    "release", "model", "uniqueIdentifier", "reference", "classID", "calibrationLaboratoryCode", "role", "norm",
    "convention", "nonSIDefinition", "nonSIUnit", "city", "postCode", "postOfficeBox", "state", "street", "streetNo",
    "eMail", "phone", "fax", "referralID", "procedure", "value", "fileName", "mimeType", "positionCoordinateSystem",
    "replacedUniqueIdentifier", "namespace",
)  # fmt: skip
_NEEDED = frozenset({
    "release", "uniqueIdentifier", "classID", "referralID", "procedure", "value", "fileName", "mimeType",
    "positionCoordinateSystem", "replacedUniqueIdentifier", "namespace",
})  # fmt: skip
_RELEASE = re.compile(r"(?:[0-9]{1,3}\.){0,3}[0-9]{1,3}", re.ASCII)
_GOOD_RELEASE = re.compile(r"[a-zA-Z] ?(?:[0-9]{1,3}\.){0,3}[0-9]{1,3}", re.ASCII)
_POINT_FIRST = re.compile(r"(?<!\S)(\+?)(?=\.[0-9])")
_PROBABILITIES = ("coverageProbability", "coverageProbabilityXMLList")


def trimmed(work: Work) -> None:
    """Take blanks from the ends of texts; empty elements go, or say “–” where there has to be one."""
    for element in work.each(*_TRIMMED):
        text = element.text or ""
        if len(element) or (text == text.strip() and text):
            continue
        if text.strip():
            element.text = text.strip()
            work.note("blanks-removed", element, text, text.strip())
        elif local_name(element) in _NEEDED or _is_needed_reference(element):
            element.text = "–"
            work.note("empty-filled", element, "", "–")
        elif (parent := element.getparent()) is not None:
            remove(element)
            work.note("empty-removed", parent, local_name(element))


def _is_needed_reference(element: etree._Element) -> bool:
    parent = element.getparent()
    return (
        local_name(element) == "reference" and parent is not None and local_name(parent) == "equipmentClass"
    )


def attributes(work: Work) -> None:
    """Take out empty refTypes, and write refTypes, refIds and lists with one blank between entries."""
    for element in work.root.iter(etree.Element):
        for name in ("refType", "refId"):
            written = element.get(name)
            if written is None or written == " ".join(written.split()):
                if written == "":
                    del element.attrib[name]
                    work.note("reftype-removed", element)
                continue
            element.set(name, " ".join(written.split()))
            work.note("list-spaced", element, written, element.get(name, ""))
        local = local_name(element)
        text = element.text or ""
        if local.endswith("XMLList") and not len(element) and text != " ".join(text.split()):
            element.text = " ".join(text.split())
            work.note("list-spaced", element, text[:80], element.text[:80])


def releases(work: Work) -> None:
    """Write a release as good practice has it: ``v0.7.1``; what cannot be written so goes into the description."""
    for element in work.each("release"):
        written = element.text or ""
        if _RELEASE.fullmatch(written):
            element.text = f"v{written}"
            work.note("release-spelled", element, written, element.text)
        elif not _GOOD_RELEASE.fullmatch(written):
            element.text = "v0"
            work.note("release-moved", element, written, element.text)
            _describe(element, f"Release: {written}")


def _describe(release: etree._Element, text: str) -> None:
    software = release.getparent()
    if software is None:
        return
    described = software.find(f"{{{DCC}}}description")
    if described is None:
        kind = software.find(f"{{{DCC}}}type")
        described = insert_after(release if kind is None else kind, "description")
    etree.SubElement(described, f"{{{DCC}}}content").text = text


def numbers(work: Work) -> None:
    """Write the zero before the point of probabilities, which D-SI 1.3.0 did without."""
    for element in list(work.root.iter(*(f"{{{SI}}}{name}" for name in _PROBABILITIES))):
        written = element.text or ""
        completed = _POINT_FIRST.sub(r"\g<1>0", written)
        if completed != written:
            element.text = completed
            work.note("number-completed", element, written, completed)


def units(work: Work) -> None:
    """Spell units that older files write another way: capitals inside names, a slash for the backslash."""
    for element in list(work.root.iter(*(f"{{{SI}}}{name}" for name in ("unit", "unitXMLList", "listUnit")))):
        written = element.text or ""
        spelled = " ".join(map(respelled, written.split())) or written
        if spelled != written:
            element.text = spelled
            work.note("unit-spelled", element, written, spelled)


def languages(work: Work) -> None:
    """Make one text a language; a text in only one of several languages becomes the text without a language."""
    declared = {(each.text or "").strip() for each in work.each("usedLangCodeISO639_1")}
    replaced: dict[str, str] = {}
    for holder in {each.getparent(): None for each in work.each("content")}:
        if holder is None:
            continue
        _joined(work, holder, replaced)
        _untagged(work, holder, declared)
    if replaced:
        _follow(work.root, replaced)


def _untagged(work: Work, holder: etree._Element, declared: set[str]) -> None:
    contents = holder.findall(f"{{{DCC}}}content")
    language = contents[0].get("lang") if len(contents) == 1 else None
    if language is not None and declared - {language}:
        del contents[0].attrib["lang"]
        work.note("language-untagged", contents[0], language)


def _joined(work: Work, holder: etree._Element, replaced: dict[str, str]) -> None:
    first: dict[str, etree._Element] = {}
    for content in holder.findall(f"{{{DCC}}}content[@lang]"):
        kept = first.setdefault(content.get("lang", ""), content)
        if kept is content:
            continue
        kept.text = f"{(kept.text or '').rstrip()}\n{(content.text or '').strip()}"
        if (id_ := content.get("id")) is not None:
            if kept.get("id") is None:
                kept.set("id", id_)
            replaced[id_] = kept.get("id", id_)
        remove(content)
        work.note("language-joined", kept, content.get("lang", ""))


def _follow(root: etree._Element, replaced: dict[str, str]) -> None:
    for element in root.iter(etree.Element):
        if (written := element.get("refId")) is not None:
            element.set("refId", " ".join(replaced.get(id_, id_) for id_ in written.split()))


def ids(work: Work) -> None:
    """Take out ids that nothing refers to, as good practice has it."""
    named = {id_ for each in work.root.iter(etree.Element) for id_ in each.get("refId", "").split()}
    for element in list(work.root.iter(f"{{{DCC}}}*")):
        id_ = element.get("id")
        if id_ is not None and id_ not in named:
            del element.attrib["id"]
            work.note("id-removed", element, id_)
