"""The kinds of documents that are read here, as one table: how each is known, checked and described."""

from __future__ import annotations

from datetime import date

from lxml import etree

from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.encodings import Encoded
from jialiang.formats.conversion.registry import convert, notations
from jialiang.formats.dcc.chinese_profile.checking import check_profile
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.reading_parts import plain, text_of
from jialiang.formats.dcc.rules.checking import check_dsi_rules, check_rules
from jialiang.formats.dcc.structure import check_structure
from jialiang.formats.documents.conformity import CERTIFICATE_OF_CONFORMITY, CREDENTIAL
from jialiang.formats.documents.errors import DeedNotForKind, KindUnknown
from jialiang.formats.documents.fixed_pages import OFD
from jialiang.formats.documents.kind import Facts, Kind
from jialiang.formats.documents.parts import Part
from jialiang.formats.documents.reference_materials import REFERENCE_MATERIAL
from jialiang.formats.dsi.structure import LATEST, check_dsi
from jialiang.formats.dsi.writing import SI
from jialiang.formats.findings import DocumentFinding
from jialiang.kernel.text import Text

UTF_8 = "utf-8"
LABORATORY = "administrativeData/calibrationLaboratory/contact/name"


def kind_of(part: Part) -> Kind:
    """Return the kind of a document. Raises KindUnknown and the errors of ``formats.xml``."""
    found = next((each for each in KINDS if each.fits(part)), None)
    if found is None:
        raise KindUnknown(file=part.name[:200], known=Text(_known("zh"), _known("en")))
    return found


def require(part: Part, deed: str) -> Kind:
    """Return the kind of a document that is good for a deed. Raises DeedNotForKind, KindUnknown."""
    kind = kind_of(part)
    if deed not in kind.deeds:
        raise DeedNotForKind(file=part.name[:200], kind=kind.text, deed=deed)
    return kind


def _known(language: str) -> str:
    return ("、" if language == "zh" else ", ").join(each.text.in_language(language) for each in KINDS)


def _check_certificate(part: Part, today: date | None) -> list[DocumentFinding]:
    return [*check_structure(part.tree), *check_rules(part.tree, today), *check_profile(part.tree)]


def _convert_certificate(part: Part, notation: str, wish: Wish) -> Encoded:
    """Write a DCC in a notation; XML in UTF-8 is not written anew: its bytes are the document."""
    is_itself = notation == "xml" and wish.encoding.lower() == UTF_8
    return Encoded(part.data) if is_itself else convert(part.certificate, notation, wish)


def _facts_of_certificate(part: Part) -> Facts:
    root = part.tree.getroot()
    number = plain(root, "administrativeData/coreData/uniqueIdentifier")
    return Facts(part.certificate.version, number, text_of(root, LABORATORY))


def _check_si(part: Part, today: date | None) -> list[DocumentFinding]:
    elements = [each for each in part.tree.getroot().iter(f"{{{SI}}}*") if _is_highest(each)]
    return [*(found for each in elements for found in check_dsi(each)), *check_dsi_rules(part.tree)]


def _is_highest(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is None or not str(parent.tag).startswith(f"{{{SI}}}")


def _is_si(part: Part) -> bool:
    return not part.is_json and next(part.tree.getroot().iter(f"{{{SI}}}*"), None) is not None


KINDS: tuple[Kind, ...] = (
    OFD,
    CREDENTIAL,
    Kind(
        "dcc", Text("数字校准证书 DCC", "digital calibration certificate (DCC)"),
        lambda part: not part.is_json and part.root == etree.QName(DCC, "digitalCalibrationCertificate"),
        _check_certificate, _facts_of_certificate,
        frozenset({"see", "genuineness", "compare", "convert", "migrate", "chain", "quantities"}),
        lambda part: part.certificate.quantities(), notations, _convert_certificate,
    ),
    REFERENCE_MATERIAL,
    CERTIFICATE_OF_CONFORMITY,
    Kind("dsi", Text("D-SI 数据", "D-SI data"), _is_si, _check_si, lambda part: Facts(version=LATEST)),
)  # fmt: skip
"""The kinds in the order in which they are tried; a new one is one more entry."""
