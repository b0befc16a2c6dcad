"""The structure of a DCC: checked by content models of our own, for each version from 2.2.0 to 3.3.0."""

from __future__ import annotations

from functools import cache

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.versions import CONTENT_MODELS, PACKAGE, ROOT, checked_versions, version_of
from jialiang.formats.dsi.structure import dsi_vocabularies
from jialiang.formats.findings import DocumentFinding
from jialiang.formats.structure.checking import StructureCheck
from jialiang.formats.structure.findings import Reporter
from jialiang.formats.structure.models import Models
from jialiang.formats.structure.places import name_of
from jialiang.formats.structure.versions import Vocabulary, vocabulary
from jialiang.kernel.text import Text

RULES = "DCC-STRUCTURE"
MATHML = "http://www.w3.org/1998/Math/MathML"

_WITH_SIGNATURES = "Signature"
_STRUCTURE = "jialiang.formats.structure"


def check_structure(
    tree: etree._ElementTree | etree._Element, version: str | None = None
) -> tuple[DocumentFinding, ...]:
    """Check a certificate against the content models of the version that it states; empty means valid.

    ``version`` overrides what the document states. The verdict is that of the official schema. MathML is taken as
    known where the schema asks for known elements, and not looked into. Nothing is fetched.
    """
    root = tree if isinstance(tree, etree._Element) else tree.getroot()
    stated = version or version_of(root)
    if root.tag != ROOT:
        return _refused(root, "ROOT", expected=name_of(ROOT, {DCC: "dcc"}))
    if stated not in checked_versions():
        return _refused(root, "VERSION", value=stated, expected=", ".join(checked_versions()))
    models = dcc_models(stated)
    reporter = Reporter(RULES, models.prefixes)
    StructureCheck(models, reporter).run(root)
    return reporter.result()


@cache
def dcc_models(version: str) -> Models:
    """Return the content models of a version, with the D-SI and, from 3.2.0 on, the signatures that it uses."""
    return Models(dcc_parts(version), known=known_elements())


def dcc_parts(version: str) -> tuple[Vocabulary, ...]:
    """Return the declarations of a version, of the D-SI that it uses, and from 3.2.0 on of signatures."""
    declared = vocabulary(PACKAGE, CONTENT_MODELS, version)
    parts = (declared, *dsi_vocabularies(declared.uses))
    if _WITH_SIGNATURES in declared.types["digitalCalibrationCertificateType"]:
        parts += (vocabulary(_STRUCTURE, "signature_models.json", "1.0"),)
    return parts


def known_elements() -> tuple[str, ...]:
    """Return the elements of other vocabularies that are taken as known and not looked into."""
    return (f"{{{MATHML}}}math",)


def _refused(
    root: etree._Element, kind: str, *, expected: str, value: str = ""
) -> tuple[DocumentFinding, ...]:
    reporter = Reporter(RULES, {DCC: "dcc"})
    reporter.add(kind, root, expected=Text(expected, expected), value=value)
    return reporter.result()
