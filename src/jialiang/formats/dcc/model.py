"""A DCC of any version from 2.1.0 to 3.3.0 as a typed value, read and written with nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from jialiang.formats.dcc.common_parts import (
    ByteData,
    Contact,
    CoreData,
    EquipmentClass,
    Identification,
    LocalText,
    RichContent,
    Software,
)
from jialiang.formats.dcc.errors import NotACertificate, UnknownVersion
from jialiang.formats.dcc.parts import Foreign, Many, One, Part, Word, YesNo, of
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.result_parts import MeasurementResults, QuantityPart, Statement
from jialiang.formats.dcc.versions import ROOT, known_versions, version_of
from jialiang.formats.xml.nodes import Node, NodeDocument, nodes_of, written
from jialiang.formats.xml.parsing import parse_xml


class RefTypeDefinition(Part):
    """Where the meaning of a type is defined."""

    TYPES = ("refTypeDefinitionType",)
    name = One(of(LocalText), "name")
    description = One(of(RichContent), "description")
    namespace = Word("namespace")
    link = Word("link")
    release = Word("release")
    digest = Word("value")
    procedure = Word("procedure")


class Item(Part):
    """A calibrated item."""

    TYPES = ("itemType",)
    name = One(of(LocalText), "name")
    equipment_classes = Many(of(EquipmentClass), "equipmentClass")
    descriptions = Many(of(RichContent), "description")
    description_data = Many(of(ByteData), "descriptionData")
    owner = One(of(Contact), "owner")
    installed_software = Many(of(Software), "software", inside="installedSoftwares")
    manufacturer = One(of(Contact), "manufacturer")
    model = Word("model")
    identifications = Many(of(Identification), "identification", inside="identifications")
    quantities = Many(of(QuantityPart), "itemQuantity", inside="itemQuantities")
    sub_items = One(lambda: Items, "subItems")


class Items(Part):
    """The calibrated items, with what holds for all of them."""

    TYPES = ("itemListType",)
    name = One(of(LocalText), "name")
    equipment_classes = Many(of(EquipmentClass), "equipmentClass")
    description = One(of(RichContent), "description")
    owner = One(of(Contact), "owner")
    manufacturer = One(of(Contact), "manufacturer")
    identifications = Many(of(Identification), "identification", inside="identifications")
    items = Many(of(Item), "item")


class Laboratory(Part):
    """The calibration laboratory."""

    TYPES = ("calibrationLaboratoryType",)
    code = Word("calibrationLaboratoryCode")
    contacts = Many(of(Contact), "contact")
    has_electronic_seal = YesNo("cryptElectronicSeal")
    has_electronic_signature = YesNo("cryptElectronicSignature")
    has_electronic_time_stamp = YesNo("cryptElectronicTimeStamp")


class ResponsiblePerson(Part):
    """A person who answers for the certificate."""

    TYPES = ("respPersonType",)
    person = One(of(Contact), "person")
    description = One(of(RichContent), "description")
    role = Word("role")
    is_main_signer = YesNo("mainSigner")
    has_electronic_seal = YesNo("cryptElectronicSeal")
    has_electronic_signature = YesNo("cryptElectronicSignature")
    has_electronic_time_stamp = YesNo("cryptElectronicTimeStamp")


class AdministrativeData(Part):
    """Who calibrated what for whom, when and where."""

    TYPES = ("administrativeDataType",)
    software = Many(of(Software), "software", inside="dccSoftware")
    ref_type_definitions = Many(of(RefTypeDefinition), "refTypeDefinition", inside="refTypeDefinitions")
    core_data = One(of(CoreData), "coreData")
    items = One(of(Items), "items")
    calibration_laboratory = One(of(Laboratory), "calibrationLaboratory")
    responsible_persons = Many(of(ResponsiblePerson), "respPerson", inside="respPersons")
    customer = One(of(Contact), "customer")
    statements = Many(of(Statement), "statement", inside="statements")


class Certificate(Part):
    """The root of a DCC."""

    TYPES = ("digitalCalibrationCertificateType",)
    administrative_data = One(of(AdministrativeData), "administrativeData")
    measurement_results = One(of(MeasurementResults), "measurementResults")
    comment = Foreign("comment", "comments")
    document = One(of(ByteData), "document")
    signature = Foreign("Signature")

    @property
    def signatures(self) -> tuple[Node, ...]:
        """All signatures."""
        return self.node.all("Signature")


@dataclass(frozen=True, slots=True)
class Document:
    """A certificate with everything that stands in its file; ``version`` is what it says it is of."""

    version: str
    nodes: NodeDocument

    @property
    def certificate(self) -> Certificate:
        """The root as a typed part."""
        return Certificate(self.nodes.root)

    def by_id(self, identifier: str) -> Node | None:
        """Return the element that ``refId`` calls so; None if there is none."""
        return next((node for node in self.nodes.root.walk() if node.get("id") == identifier), None)

    def quantities(self) -> Iterator[QuantityPart]:
        """Give all quantities of the certificate, also those of items, equipment and conditions, in its order."""
        names = ("quantity", "itemQuantity", "measuringEquipmentQuantity", "usedMethodQuantity")
        tags = {f"{{{DCC}}}{name}" for name in names}
        return (QuantityPart(node) for node in self.nodes.root.walk() if node.name in tags)


def read_document(data: bytes) -> Document:
    """Read a certificate of any version from 2.1.0 to 3.3.0; its structure need not be right.

    Raises the errors of ``formats.xml``, NotACertificate and UnknownVersion.
    """
    return document_of(parse_xml(data))


def document_of(tree: etree._ElementTree) -> Document:
    """Take over a certificate that is parsed already. Raises NotACertificate and UnknownVersion."""
    root = tree.getroot()
    version = version_of(root)
    if root.tag != ROOT:
        raise NotACertificate(root=str(root.tag), line=root.sourceline)
    if version not in known_versions():
        raise UnknownVersion(version=version, known=", ".join(known_versions()), line=root.sourceline)
    return Document(version, nodes_of(tree))


def write_document(document: Document) -> bytes:
    """Write a certificate in UTF-8: the canonical form, comments included, is that of the file it was read from."""
    return written(document.nodes)
