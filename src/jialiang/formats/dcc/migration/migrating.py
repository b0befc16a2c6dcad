"""From any version that compiles (2.2.0 on) to 3.3.0."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from lxml import etree

from jialiang.formats.dcc.errors import UnsupportedVersion
from jialiang.formats.dcc.migration import structure, texts
from jialiang.formats.dcc.migration.work import Change, Work, remove
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.rules.catalogue import LATEST
from jialiang.formats.dcc.versions import checked_versions, version_of
from jialiang.formats.xades.names import ds

_SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"


@dataclass(frozen=True, slots=True)
class Migration:
    """The new document, and every change in it; no change at all where it was of the latest version already."""

    tree: etree._ElementTree
    version_before: str
    changes: tuple[Change, ...]

    def xml(self) -> bytes:
        """Write the new document in UTF-8."""
        data: bytes = etree.tostring(self.tree, encoding="UTF-8", xml_declaration=True)
        return data


def migrate(tree: etree._ElementTree) -> Migration:
    """Bring a certificate to 3.3.0; the tree given stays as it is. Raises UnsupportedVersion.

    A valid certificate gives a valid one. Values, uncertainties, factors, probabilities and dates keep their text;
    units keep their meaning. Whatever had to be given up (a signature, ids that nothing refers to) is in the changes.
    """
    version = version_of(tree)
    if version not in checked_versions():
        raise UnsupportedVersion(version=version[:40] or "–", line=tree.getroot().sourceline)
    if version == LATEST:
        return Migration(tree, version, ())
    new = copy.deepcopy(tree)
    work = Work(new.getroot())
    _version(work, version)
    if version.startswith("2."):
        for early in (structure.names, structure.descriptions, structure.references, structure.required,
                      structure.contacts, structure.lists):  # fmt: skip
            early(work)
    for step in (texts.trimmed, texts.attributes, texts.releases, texts.numbers, texts.units, texts.languages,
                 texts.ids):  # fmt: skip
        step(work)
    return Migration(new, version, work.changes())


def _version(work: Work, version: str) -> None:
    work.root.set("schemaVersion", LATEST)
    if work.root.get(_SCHEMA_LOCATION) is not None:
        work.root.set(_SCHEMA_LOCATION, f"{DCC} {DCC}/v{LATEST}/dcc.xsd")
    work.note("version", work.root, version, LATEST)
    for signature in work.root.findall(ds("Signature")):
        remove(signature)
        work.note("signature-removed", work.root, "ds:Signature")
