"""The names of the DRMD that more than one module needs."""

from __future__ import annotations

DRMD = "urn:drmd:schema"
PACKAGE = "jialiang.formats.drmd"
VERSION = "1.0.0"
"""The version of the DRMD that is described here; it is built on DCC 3.3.0 and D-SI 2.2.1."""

ROOT = f"{{{DRMD}}}digitalReferenceMaterialDocument"
CERTIFICATE = "referenceMaterialCertificate"
SHEET = "productInformationSheet"
KINDS = (CERTIFICATE, SHEET)
STATEMENTS = (
    "intendedUse", "commutability", "storageInformation", "instructionsForHandlingAndUse", "metrologicalTraceability",
    "healthAndSafetyInformation", "subcontractors", "legalNotice", "referenceToCertificationReport",
)  # fmt: skip
"""The statements with a name of their own, in the order of the schema; ``statement`` follows for all others."""


def drmd(name: str) -> str:
    """Return a DRMD name with its namespace."""
    return f"{{{DRMD}}}{name}"
