"""The versions of the DCC, and which one a document is of."""

from __future__ import annotations

import re

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.structure.versions import versions

PACKAGE = "jialiang.formats.dcc"
CONTENT_MODELS = "content_models.json"
ROOT = f"{{{DCC}}}digitalCalibrationCertificate"
OLDER = ("2.1.0", "2.1.1")
"""Versions that are read, though their official schemas are faulty and nothing can be checked against them."""

_WITHOUT_ATTRIBUTE = "2.2.0"
_HINT = re.compile(r"/v(2\.[12]\.[0-9]+)/dcc\.xsd")
_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"


def checked_versions() -> tuple[str, ...]:
    """Return the versions whose structure is checked, oldest first: 2.2.0 to 3.3.0."""
    return versions(PACKAGE, CONTENT_MODELS)


def known_versions() -> tuple[str, ...]:
    """Return all versions that are read, oldest first: 2.1.0 to 3.3.0."""
    return OLDER + checked_versions()


def version_of(tree: etree._ElementTree | etree._Element) -> str:
    """Return the version that a document says it is of; it may be one that does not exist.

    ``schemaVersion`` of the root decides. Documents up to 2.2.0 have none: there the location of the schema is
    looked at, and without it they are taken as 2.2.0. Empty if the root is no certificate.
    """
    root = tree if isinstance(tree, etree._Element) else tree.getroot()
    if root.tag != ROOT:
        return ""
    stated = root.get("schemaVersion")
    if stated is not None:
        return stated
    hint = _HINT.search(root.get(_LOCATION, ""))
    return hint[1] if hint and hint[1] in OLDER else _WITHOUT_ATTRIBUTE
