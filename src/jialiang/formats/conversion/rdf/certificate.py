"""A whole certificate as statements."""

from __future__ import annotations

from urllib.parse import quote

from lxml import etree

from jialiang.formats.canonical import sha256_hex
from jialiang.formats.conversion.rdf.describing import Names, anywhere, describe, describe_as
from jialiang.formats.conversion.rdf.results import describe_quantity
from jialiang.formats.conversion.rdf.terms import Statements
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.reading_parts import all_of, plain
from jialiang.formats.xml.canonicalization import canonical_document

_LABORATORY = "administrativeData/calibrationLaboratory"
_USED = (
    ("measuringEquipment", "equipment", "prov:used"),
    ("usedMethod", "method", "jl:usedMethod"),
    ("influenceCondition", "condition", "jl:condition"),
)


def statements_of(certificate: Certificate) -> Statements:
    """Return everything that a certificate of any version says as statements, always in the same order.

    Nothing is a blank node: a part is named by its id, else by where it stands.
    """
    said, root = Statements(), certificate.tree.getroot()
    names = Names(certificate_iri(certificate))
    describe(said, names, root, "certificate")
    said.say(names.certificate, "jl:schemaVersion", certificate.version)
    _calibration(said, names, root)
    for quantity in certificate.quantities():
        describe_quantity(said, names, quantity)
    for formula in certificate.formulas():
        target = names.at(formula.path)
        said.types(target, "jl:Formula")
        said.link(names.certificate, "jl:formula", target)
        said.say(target, f"jl:{formula.notation}", formula.text)
    return said


def certificate_iri(certificate: Certificate) -> str:
    """Return the IRI of a certificate: who issued it (laboratory code, else name) and its unique identifier.

    Numbers are unique in one laboratory alone. Without a number the digest of the canonical XML names the file.
    """
    if not certificate.number:
        digest = sha256_hex(canonical_document(certificate.tree))
        return f"urn:jialiang:certificate:sha256:{digest}"
    root = certificate.tree.getroot()
    code = plain(root, f"{_LABORATORY}/calibrationLaboratoryCode")
    issuer = code or plain(root, f"{_LABORATORY}/contact/name/content") or "-"
    return f"urn:jialiang:certificate:{_quoted(issuer)}:{_quoted(certificate.number)}"


def _calibration(said: Statements, names: Names, root: etree._Element) -> None:
    work = f"{names.certificate}#/calibration"
    describe_as(said, names, work, (root, "calibration"))
    said.link(names.certificate, "prov:wasGeneratedBy", work)
    for element in anywhere(root, "calibrationLaboratory"):
        said.link(work, "prov:wasAssociatedWith", names.of(element))
    for name, kind, predicate in _USED:
        for element in anywhere(root, name):
            said.link(work, predicate, describe(said, names, element, kind))
    for group in anywhere(root, "usedSoftware"):
        for software in all_of(group, "software"):
            said.link(work, "jl:software", describe(said, names, software, "software"))


def _quoted(text: str) -> str:
    return quote(text, safe="-._~")
