"""The structure of a DRMD: checked by content models of our own, on top of those of DCC 3.3.0 and D-SI 2.2.1."""

from __future__ import annotations

from functools import cache

from lxml import etree

from jialiang.formats.dcc.structure import dcc_parts, known_elements
from jialiang.formats.drmd.names import DRMD, PACKAGE, ROOT, VERSION
from jialiang.formats.findings import DocumentFinding
from jialiang.formats.structure.checking import StructureCheck
from jialiang.formats.structure.findings import Reporter
from jialiang.formats.structure.models import Models
from jialiang.formats.structure.places import name_of
from jialiang.formats.structure.versions import vocabulary
from jialiang.kernel.text import Text

RULES = "DRMD-STRUCTURE"
_FILE = "content_models.json"


def check_structure(tree: etree._ElementTree | etree._Element) -> tuple[DocumentFinding, ...]:
    """Check a DRMD against the content models of version 1.0.0; empty means valid.

    The verdict is that of the official schema, which takes any version number of three parts. Nothing is fetched.
    """
    root = tree if isinstance(tree, etree._Element) else tree.getroot()
    models = drmd_models()
    reporter = Reporter(RULES, models.prefixes)
    if root.tag == ROOT:
        StructureCheck(models, reporter).run(root)
    else:
        expected = name_of(ROOT, {DRMD: "drmd"})
        reporter.add("ROOT", root, expected=Text(expected, expected))
    return reporter.result()


@cache
def drmd_models() -> Models:
    """Return the content models of the DRMD with all vocabularies that it uses."""
    declared = vocabulary(PACKAGE, _FILE, VERSION)
    return Models((declared, *dcc_parts(declared.uses)), known=known_elements())
