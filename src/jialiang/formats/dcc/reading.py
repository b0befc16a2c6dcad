"""A DCC of version 3 read into a view; tolerant of what a version lacks, strict about what it is."""

from __future__ import annotations

import re

from lxml import etree

from jialiang.formats.dcc.errors import NotACertificate, UnsupportedVersion
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.reading_parts import (
    all_of,
    identifications_of,
    item_of,
    party_of,
    person_of,
    plain,
    statement_of,
    text_of,
)
from jialiang.formats.dcc.reading_results import condition_of, equipment_of, method_of, tables_of
from jialiang.formats.dcc.versions import version_of
from jialiang.formats.dcc.view import CertificateView
from jialiang.formats.xml.canonicalization import canonical_document
from jialiang.formats.xml.parsing import DEFAULT_LIMITS, XmlLimits, parse_xml

_VERSION = re.compile(r"3\.\d+\.\d+(-rc\.\d+)?", re.ASCII)


def read_certificate(data: bytes, limits: XmlLimits = DEFAULT_LIMITS) -> CertificateView:
    """Read a DCC 3.x; raises NotACertificate, UnsupportedVersion and the errors of ``formats.xml``.

    What is read is the canonical form, in which comments do not exist: a comment cannot cut a number in two for
    the reader while the signature sees it whole.
    """
    canonical = canonical_document(parse_xml(data, limits))
    root = parse_xml(canonical, limits).getroot()
    name = etree.QName(root)
    if name.namespace != DCC or name.localname != "digitalCalibrationCertificate":
        raise NotACertificate(root=name.localname[:80], line=root.sourceline)
    version = root.get("schemaVersion", "")
    if _VERSION.fullmatch(version) is None:
        raise UnsupportedVersion(version=version_of(root)[:40] or "–", line=root.sourceline)
    return _view(root, version, canonical)


def _view(root: etree._Element, version: str, canonical: bytes) -> CertificateView:
    core = "administrativeData/coreData"
    laboratory = "administrativeData/calibrationLaboratory"
    customers = all_of(root, "administrativeData/customer")
    institutes = all_of(root, laboratory)
    return CertificateView(
        schema_version=version,
        number=plain(root, f"{core}/uniqueIdentifier"),
        languages=tuple((e.text or "").strip() for e in all_of(root, f"{core}/usedLangCodeISO639_1")),
        institute=party_of(institutes[0] if institutes else None),
        customer=party_of(customers[0] if customers else None),
        items=tuple(map(item_of, all_of(root, "administrativeData/items/item"))),
        identifications=identifications_of(root, core),
        receipt_date=plain(root, f"{core}/receiptDate"),
        begin_date=plain(root, f"{core}/beginPerformanceDate"),
        end_date=plain(root, f"{core}/endPerformanceDate"),
        issue_date=plain(root, f"{core}/issueDate"),
        performance_location=plain(root, f"{core}/performanceLocation"),
        replaces=plain(root, f"{core}/reportAmendedSubstituted/replacedUniqueIdentifier"),
        results=tuple(t for e in all_of(root, "measurementResults/measurementResult") for t in tables_of(e)),
        statements=tuple(map(statement_of, all_of(root, "administrativeData/statements/statement"))),
        methods=tuple(map(method_of, _used(root, "usedMethods/usedMethod"))),
        equipment=tuple(map(equipment_of, _used(root, "measuringEquipments/measuringEquipment"))),
        conditions=tuple(map(condition_of, _used(root, "influenceConditions/influenceCondition"))),
        persons=tuple(map(person_of, all_of(root, "administrativeData/respPersons/respPerson"))),
        software=tuple(map(_software, all_of(root, "administrativeData/dccSoftware/software"))),
        institute_seals=plain(root, f"{laboratory}/cryptElectronicSeal") == "true",
        canonical_xml=canonical,
    )


def _used(root: etree._Element, path: str) -> list[etree._Element]:
    # Since 3.3.0 they may stand beside the single results as well as inside them.
    shared = all_of(root, f"measurementResults/{path}")
    return shared + all_of(root, f"measurementResults/measurementResult/{path}")


def _software(element: etree._Element) -> str:
    return f"{text_of(element, 'name').in_language('en')} {plain(element, 'release')}".strip()
