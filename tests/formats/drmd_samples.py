"""Reference material documents to test with, made from plain data: a full one of each kind, and changed ones."""

import copy
from typing import Any

from jialiang.formats.drmd.making import document_xml, template
from jialiang.formats.drmd.names import CERTIFICATE, SHEET

LEAD = {"scheme": "CAS", "number": "7439-92-1", "link": "https://substances.example/7439-92-1"}
CADMIUM = {"scheme": "CAS", "number": "7440-43-9"}
STATED = {"expanded_uncertainty": "0.40", "coverage_factor": "2.0", "coverage_probability": "0.95",
          "distribution": "normal"}  # fmt: skip
UNIT = "\\milli\\gram\\per\\kilogram"


def sample_data(kind: str = CERTIFICATE) -> dict[str, Any]:
    """Data with every member that there is: numbers, lists, hybrids, words, and all sorts of uncertainty."""
    data = copy.deepcopy(template())
    data["kind"] = kind
    data["identifiers"] = [{"scheme": "DOI", "number": "10.9999/rm.1"}]
    data["producer"] |= {"phone": "+86 10 5550 0000", "link": "https://producer.example/",
                         "identifiers": [{"scheme": "ROR", "number": "000000000"}]}  # fmt: skip
    data["producer"]["address"] |= {"street": "Jialiang Road", "street_number": "9", "postal_code": "100000",
                                    "state": "Beijing"}  # fmt: skip
    data["persons"].append({"name": "Li Si", "role": "reviewer"})
    material = data["materials"][0]
    material["classes"] = [{"reference": "GBW", "class_id": "soil", "link": "https://classes.example/soil"}]
    material["identifiers"] = [{"scheme": "lot", "number": "2026-01"}]
    material["quantities"] = [
        {"name": "Unit", "value": "50", "unit": "\\gram", "standard_uncertainty": "0.5"},
        {"name": {"en": "Colour"}, "words": {"en": "brown", "zh": "褐色"}},
    ]
    data["materials"].append({"name": "Blank", "description": "Without analyte"})
    data["properties"] = [_certified(certified=kind == CERTIFICATE), _further()]
    data["statements"] += [{"name": "statement", "text": "First"}, {"name": "statement", "text": {"zh": "第二"}},
                           {"name": "subcontractors", "text": "Laboratory B"}]  # fmt: skip
    data["comment"] = "for tests"
    return copy.deepcopy(data)  # parts are shared between calls otherwise


def sample_xml(kind: str = CERTIFICATE, **changes: Any) -> bytes:
    """The document of :func:`sample_data`, with members replaced."""
    return document_xml(sample_data(kind) | changes)


def plain_xml(kind: str = CERTIFICATE) -> str:
    """A small document against which no rule has anything."""
    data = copy.deepcopy(template()) | {"kind": kind}
    if kind == SHEET:
        data["properties"][0].pop("certified")
    return document_xml(data).decode()


def _certified(*, certified: bool) -> dict[str, Any]:
    values = [
        {"name": {"zh": "铅", "en": "Lead"}, "value": "12.30", "unit": UNIT, "identifiers": [LEAD], **STATED},
        {"name": {"zh": "镉", "en": "Cadmium"}, "value": "0.050", "unit": UNIT, "identifiers": [CADMIUM],
         "standard_uncertainty": "0.002", "distribution": "normal"},
        {"name": "Interval", "value": "1.0E-3", "unit": "\\one", "standard_uncertainty": "1E-5",
         "interval_min": "0.9E-3", "interval_max": "1.1E-3", "coverage_probability": "0.95"},
    ]  # fmt: skip
    hybrid = {"name": "Melting point", "writings": [
        {"value": "505.078", "unit": "\\kelvin", **STATED}, {"value": "231.928", "unit": "\\degreecelsius", **STATED},
    ]}  # fmt: skip
    series = {"name": "Series", "value": ["1.0", "NaN", "-2.50"], "unit": ["\\metre"],
              "expanded_uncertainty": ["0.1", "NaN", "0.2"], "coverage_factor": ["2"],
              "coverage_probability": ["0.95"], "ref_type": ["basic_measuredValue"]}  # fmt: skip
    return {
        "name": {"zh": "认定值", "en": "Certified values"}, "certified": certified, "description": "k = 2",
        "procedures": [{"name": "IDMS", "description": "by two laboratories", "norms": ["ISO 1", "ISO 2"],
                        "references": ["Report 7"]}],
        "results": [
            {"name": "Elements", "description": "dry mass", "list": True, "values": values},
            {"name": "Point", "values": [hybrid]}, {"name": "Series", "values": [series]},
        ],
    }  # fmt: skip


def _further() -> dict[str, Any]:
    return {
        "name": "Information values",
        "procedures": [{"name": "Sieving"}],
        "results": [{"name": "Alone", "values": [{"name": "Grain", "chars": ["fine", "<90"]}]}],
    }
