"""Parts that stand in many places of a DCC: texts, files, formulas, contacts, references to other certificates."""

from __future__ import annotations

import base64
import binascii

from jialiang.formats.dcc.parts import Day, Foreign, Many, One, Part, Word, Words, YesNo, of
from jialiang.formats.dsi.quantities import Real, read_real


class Content(Part):
    """A text, in a language or without one."""

    TYPES = ("stringWithLangType",)

    @property
    def text(self) -> str:
        """The text, letter by letter."""
        return self.node.text

    @property
    def language(self) -> str | None:
        """The code of the language, None for a text of no language."""
        return self.node.get("lang")


class LocalText(Part):
    """A text in several languages."""

    TYPES = ("textType",)
    contents = Many(of(Content), "content")

    def in_language(self, language: str) -> str | None:
        """Return the text in ``language``, or one without a language; None if there is neither."""
        by_language = {content.language: content.text for content in self.contents}
        return by_language.get(language, by_language.get(None))


class ForeignXml(Part):
    """Elements of another vocabulary; of MathML in formulas."""

    TYPES = ("xmlType",)


class Formula(Part):
    """A formula in LaTeX or MathML; up to 2.4 in the notation of siunitx."""

    TYPES = ("formulaType",)
    latex = Word("latex")
    siunitx = Word("siunitx")
    mathml = One(of(ForeignXml), "mathml")


class ByteData(Part):
    """A file inside the certificate."""

    TYPES = ("byteDataType",)
    name = One(of(LocalText), "name")
    description = One(lambda: RichContent, "description")
    file_name = Word("fileName")
    mime_type = Word("mimeType")
    base64_text = Word("dataBase64", "data")

    def bytes(self) -> bytes | None:
        """Return the bytes of the file; None where the text is no Base64."""
        try:
            return base64.b64decode("".join((self.base64_text or "").split()), validate=True)
        except (binascii.Error, ValueError):
            return None


class RichContent(Part):
    """Texts with files and formulas; up to 2.4 texts alone."""

    TYPES = ("richContentType", "textType")
    name = One(of(LocalText), "name")
    contents = Many(of(Content), "content")
    files = Many(of(ByteData), "file")
    formulas = Many(of(Formula), "formula")

    def in_language(self, language: str) -> str | None:
        """Return the paragraphs in ``language``, or those without a language; None if there are neither."""
        for wanted in (language, None):
            paragraphs = [content.text for content in self.contents if content.language == wanted]
            if paragraphs:
                return "\n".join(paragraphs)
        return None


class EquipmentClass(Part):
    """The class of an equipment by a classification such as ECLASS."""

    TYPES = ("equipmentClassType",)
    reference = Word("reference")
    class_id = Word("classID")
    link = Word("link")


class PositionCoordinates(Part):
    """A position in a coordinate system."""

    TYPES = ("positionCoordinatesType",)
    system = Word("positionCoordinateSystem")
    reference = Word("reference")
    declaration = One(of(RichContent), "declaration")
    first = Foreign("positionCoordinate1")
    second = Foreign("positionCoordinate2")
    third = Foreign("positionCoordinate3")
    link = Word("link")

    @property
    def coordinates(self) -> tuple[Real, ...]:
        """The two or three coordinates."""
        return tuple(read_real(node) for node in (self.first, self.second, self.third) if node is not None)


class Location(Part):
    """An address: its lines may come in any order, and more than once."""

    TYPES = ("locationType",)
    cities = Words("city")
    country_codes = Words("countryCode")
    post_codes = Words("postCode")
    post_office_boxes = Words("postOfficeBox")
    states = Words("state")
    streets = Words("street")
    street_numbers = Words("streetNo")
    further = Many(of(RichContent), "further")
    position_coordinates = Many(of(PositionCoordinates), "positionCoordinates")


class Contact(Part):
    """A person or an organization with an address."""

    TYPES = ("contactType", "contactNotStrictType")
    name = One(of(LocalText), "name")
    email = Word("eMail")
    phone = Word("phone")
    fax = Word("fax")
    link = Word("link")
    location = One(of(Location), "location")
    description_data = One(of(ByteData), "descriptionData")


class Identification(Part):
    """A number or name by which somebody knows a thing."""

    TYPES = ("identificationType",)
    issuer = Word("issuer")
    identifier = Word("value")
    name = One(of(LocalText), "name", "description")


class Software(Part):
    """A piece of software."""

    TYPES = ("softwareType",)
    name = One(of(LocalText), "name")
    release = Word("release")
    kind = Word("type")
    descriptions = Many(of(RichContent), "description")


class HashReference(Part):
    """A reference to another certificate, with the digest that tells whether it is the one that was meant."""

    TYPES = ("hashType",)
    referral = One(of(LocalText), "referral", "reference")
    referral_id = Word("referralID", "referenceID")
    procedure = Word("procedure")
    digest = Word("value")
    description = One(of(RichContent), "description")
    in_validity_range = YesNo("inValidityRange")
    traceable = YesNo("traceable")
    linked_report = One(lambda: HashReference, "linkedReport")


class Amendment(Part):
    """Which certificate this one amends or substitutes."""

    TYPES = ("reportAmendedSubstitutedType",)
    change = Word("typeOfChange")
    replaced_identifier = Word("replacedUniqueIdentifier")


class CoreData(Part):
    """Number, languages, days and place."""

    TYPES = ("coreDataType",)
    country_code = Word("countryCodeISO3166_1")
    used_languages = Words("usedLangCodeISO639_1")
    mandatory_languages = Words("mandatoryLangCodeISO639_1")
    unique_identifier = Word("uniqueIdentifier")
    identifications = Many(of(Identification), "identification", inside="identifications")
    receipt_date = Day("receiptDate")
    begin_of_performance = Day("beginPerformanceDate")
    end_of_performance = Day("endPerformanceDate")
    performance_location = Word("performanceLocation")
    issue_date = Day("issueDate")
    amendment = One(of(Amendment), "reportAmendedSubstituted")
    previous_report = One(of(HashReference), "previousReport")
