"""The content of a certificate as DCC 3.3.0: the same content always gives the same bytes."""

from __future__ import annotations

from lxml import etree

from jialiang.formats.content import CertificateContent
from jialiang.formats.dcc.administrative import administrative_data
from jialiang.formats.dcc.chinese_profile.claiming import claim_where_kept
from jialiang.formats.dcc.errors import MissingContent
from jialiang.formats.dcc.measurement import measurement_results
from jialiang.formats.dcc.profile import DCC, SCHEMA_VERSION, place
from jialiang.formats.dsi.writing import SI
from jialiang.formats.xml.canonicalization import serialized

XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA_LOCATION = f"{DCC} {DCC}/v{SCHEMA_VERSION}/dcc.xsd"


def dcc_xml(content: CertificateContent) -> bytes:
    """Write ``content`` as an unsigned DCC 3.3.0, indented, UTF-8.

    Decimal texts stand as they are in the content. The Chinese profile is claimed where it is kept.
    Raises MissingContent, UnevenColumns, UnknownReference,
    NotDecimalText and ForbiddenCharacter, each naming the place.
    """
    if not content.languages:
        raise MissingContent(place=place("usedLangCodeISO639_1"))
    root = etree.Element(f"{{{DCC}}}digitalCalibrationCertificate", nsmap={"dcc": DCC, "si": SI, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", SCHEMA_LOCATION)
    root.set("schemaVersion", SCHEMA_VERSION)
    administrative_data(root, content)
    measurement_results(root, content)
    _settle_languages(root, content.languages)
    claim_where_kept(root)
    etree.indent(root, space="  ")
    return serialized(root.getroottree())


def _settle_languages(root: etree._Element, languages: tuple[str, ...]) -> None:
    # PTB's rules: a text is in all the declared languages, or is one text without a language.
    parents = {content.getparent(): None for content in root.iter(f"{{{DCC}}}content")}
    for parent in (each for each in parents if each is not None):
        tagged = [c for c in parent if c.tag == f"{{{DCC}}}content" and c.get("lang")]
        if not tagged or {c.get("lang") for c in tagged} == set(languages):
            continue
        kept = next((c for language in languages for c in tagged if c.get("lang") == language), tagged[0])
        del kept.attrib["lang"]
        for surplus in (c for c in tagged if c is not kept):
            parent.remove(surplus)
