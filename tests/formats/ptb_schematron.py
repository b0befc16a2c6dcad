"""PTB's Schematron run by SaxonC, compiled by the SchXslt that the dcclib wheel carries: an oracle for our rules."""

import importlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree
from tests.conftest import absent

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_STEP = re.compile(r"/(@?)(?:Q\{[^}]*\})?([\w.-]+)((?:\[\d+\])?)")


@dataclass(frozen=True)
class Failure:
    """One failed assert, or one report that is no information: pattern (from 1), role, test, XPath of the place."""

    pattern: int
    role: str
    test: str
    location: str
    is_assert: bool


@cache
def executable_of(schematron):
    """A Schematron as SaxonC runs it: the processor and the compiled stylesheet."""
    if find_spec("saxonche") is None or find_spec("dcclib") is None:
        absent("SaxonC and SchXslt", "install the packages saxonche and dcclib")
    wheel = Path(next(iter(find_spec("dcclib").submodule_search_locations)))
    compiler = wheel / "validation" / "schema" / "schxslt" / "pipeline-for-svrl.xsl"
    processor = importlib.import_module("saxonche").PySaxonProcessor(license=False)
    xslt = processor.new_xslt30_processor()
    compiled = xslt.compile_stylesheet(stylesheet_file=str(compiler))
    stylesheet = compiled.transform_to_string(source_file=str(schematron))
    return processor, xslt.compile_stylesheet(stylesheet_text=stylesheet)


def ptb_failures(tree, oracles):
    """Return what PTB's Schematron has against a document, in its order."""
    processor, executable = executable_of(oracles / "dcc" / "schema" / "schematron" / "dcc.sch")
    node = processor.parse_xml(xml_text=etree.tostring(tree, encoding="unicode"))
    report = etree.fromstring(executable.transform_to_string(xdm_node=node).encode())
    pattern, failures = 0, []
    for element in report.iter(etree.Element):
        pattern += element.tag == f"{SVRL}active-pattern"
        role, is_assert = element.get("role", ""), element.tag == f"{SVRL}failed-assert"
        if (is_assert or element.tag == f"{SVRL}successful-report") and role != "information":
            failures.append(Failure(pattern, role, element.get("test"), element.get("location"), is_assert))
    return failures


def drmd_failures(tree, oracles):
    """Pairs (id of the assert, its place) that the business rules of the DRMD have against a document."""
    processor, executable = executable_of(oracles / "dcoc" / "drmd" / "drmd-business-rules.sch")
    node = processor.parse_xml(xml_text=etree.tostring(tree, encoding="unicode"))
    report = etree.fromstring(executable.transform_to_string(xdm_node=node).encode())
    return [
        (element.get("id"), Failure(0, element.get("role", ""), "", element.get("location"), True))
        for element in report.iter(f"{SVRL}failed-assert")
    ]


def place_of(failure, tree):
    """Return the element that a failure is about, and the attribute's name if it is one."""
    path, attribute = "", ""
    for sign, name, position in _STEP.findall(failure.location):
        attribute = name if sign else attribute
        path += "" if sign else f"/*[local-name()='{name}']{position}"
    (element,) = tree.xpath(path)
    return element, attribute
