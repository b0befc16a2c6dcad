"""The structure of D-SI elements: checked by content models of our own, for each version of the D-SI."""

from __future__ import annotations

from functools import cache

from lxml import etree

from jialiang.formats.findings import DocumentFinding
from jialiang.formats.structure.checking import StructureCheck
from jialiang.formats.structure.findings import Reporter
from jialiang.formats.structure.models import Models
from jialiang.formats.structure.versions import Vocabulary, versions, vocabulary

PACKAGE = "jialiang.formats.dsi"
LATEST = "2.2.1"
RULES = "DSI-STRUCTURE"

_FILE = "content_models.json"


def check_dsi(element: etree._Element, version: str = LATEST) -> tuple[DocumentFinding, ...]:
    """Check one ``si:`` element with all below it; nothing found means that its structure is right.

    ``version`` is one of :func:`dsi_versions`; another one raises KeyError.
    """
    models = dsi_models(version)
    reporter = Reporter(RULES, models.prefixes)
    StructureCheck(models, reporter).run(element)
    return reporter.result()


def dsi_versions() -> tuple[str, ...]:
    """Return the versions of the D-SI whose structure is checked, oldest first."""
    return versions(PACKAGE, _FILE)


def dsi_vocabularies(version: str) -> tuple[Vocabulary, ...]:
    """Return the declarations of a version of the D-SI, with the kinds of quantity that it names."""
    declared = vocabulary(PACKAGE, _FILE, version)
    if not declared.uses:
        return (declared,)
    return (declared, vocabulary(PACKAGE, "quantity_kind_models.json", declared.uses))


@cache
def dsi_models(version: str) -> Models:
    """Return the content models of a version of the D-SI."""
    return Models(dsi_vocabularies(version))
