"""Parts of the results of a DCC: quantities and lists, and the methods, equipment and conditions they come from."""

from __future__ import annotations

from typing import ClassVar

from jialiang.formats.dcc.common_parts import (
    ByteData,
    Contact,
    EquipmentClass,
    ForeignXml,
    Formula,
    HashReference,
    Identification,
    LocalText,
    Location,
    RichContent,
    Software,
)
from jialiang.formats.dcc.parts import Day, Entries, Foreign, Many, One, Part, Word, Words, YesNo, of
from jialiang.formats.dsi.quantities import (
    QUANTITIES,
    Quantity,
    Real,
    RealListXMLList,
    read_quantity,
    read_real,
    read_real_list,
)


class Statement(Part):
    """A statement about the certificate, or metadata of results: both are of one type."""

    TYPES = ("statementMetaDataType",)
    name = One(of(LocalText), "name")
    description = One(of(RichContent), "description")
    country_codes = Words("countryCodeISO3166_1")
    convention = Word("convention")
    traceable = YesNo("traceable")
    norms = Words("norm")
    references = Words("reference")
    links = Words("link")
    declaration = One(of(RichContent), "declaration")
    valid = Entries("valid", "validXMLList")
    date = Day("date")
    period = Word("period")
    referred_id = Word("refId")
    responsible_authority = One(of(Contact), "respAuthority")
    conformities = Entries("conformity", "conformityXMLList")
    data = One(lambda: Data, "data")
    non_si_definition = Word("nonSIDefinition")
    non_si_unit = Word("nonSIUnit")
    location = One(of(Location), "location")


class QuantityPart(Part):
    """A quantity with its name; ``quantity`` is the value itself, None where words stand instead."""

    TYPES: ClassVar[tuple[str, ...]] = ("primitiveQuantityType", "measuringEquipmentQuantityType")
    name = One(of(LocalText), "name")
    description = One(of(RichContent), "description")
    no_quantity = One(of(RichContent), "noQuantity")
    characters = Entries("charsXMLList")
    quantity_node = Foreign(*QUANTITIES)

    @property
    def quantity(self) -> Quantity | None:
        """The quantity in its D-SI form."""
        return None if self.quantity_node is None else read_quantity(self.quantity_node)


class RelativeUncertainty(Part):
    """The relative uncertainty of a quantity."""

    TYPES = ("relativeUncertaintyType",)
    single_node = Foreign("relativeUncertaintySingle", "relativeUncertainty")
    list_node = Foreign("relativeUncertaintyXmlList")

    @property
    def single(self) -> Real | None:
        """It as one number."""
        return None if self.single_node is None else read_real(self.single_node)

    @property
    def list(self) -> RealListXMLList | None:
        """It as XML lists."""
        return None if self.list_node is None else read_real_list(self.list_node)


class UsedMethod(Part):
    """A method that was used."""

    TYPES = ("usedMethodType",)
    name = One(of(LocalText), "name")
    descriptions = Many(of(RichContent), "description")
    norms = Words("norm")
    references = Words("reference")
    links = Words("link")
    quantities = Many(of(QuantityPart), "usedMethodQuantity", inside="usedMethodQuantities")


class MeasuringEquipment(Part):
    """A measuring equipment, with the certificate that it is traceable by."""

    TYPES = ("measuringEquipmentType",)
    name = One(of(LocalText), "name")
    equipment_classes = Many(of(EquipmentClass), "equipmentClass")
    descriptions = Many(of(RichContent), "description")
    description_data = Many(of(ByteData), "descriptionData")
    certificate = One(of(HashReference), "certificate")
    manufacturer = One(of(Contact), "manufacturer")
    model = Word("model")
    identifications = Many(of(Identification), "identification", inside="identifications")
    quantities = Many(of(QuantityPart), "measuringEquipmentQuantity", inside="measuringEquipmentQuantities")
    installed_software = Many(of(Software), "software", inside="installedSoftware")


class MeasuringEquipments(Part):
    """The measuring equipment, with what holds for all of it."""

    TYPES = ("measuringEquipmentListType",)
    name = One(of(LocalText), "name")
    equipment_classes = Many(of(EquipmentClass), "equipmentClass")
    description = One(of(RichContent), "description")
    owner = One(of(Contact), "owner")
    identifications = Many(of(Identification), "identification", inside="identifications")
    equipments = Many(of(MeasuringEquipment), "measuringEquipment")


class InfluenceCondition(Part):
    """A condition under which was measured."""

    TYPES = ("conditionType",)
    name = One(of(LocalText), "name")
    description = One(of(RichContent), "description")
    status = Word("status", "state")
    certificate = One(of(HashReference), "certificate")
    data = One(lambda: Data, "data")


class _Circumstances(Part):
    """What may be said of results, lists and quantities alike."""

    used_methods = Many(of(UsedMethod), "usedMethod", inside="usedMethods")
    used_software = Many(of(Software), "software", inside="usedSoftware")
    measuring_equipments = One(of(MeasuringEquipments), "measuringEquipments")
    influence_conditions = Many(of(InfluenceCondition), "influenceCondition", inside="influenceConditions")
    meta_data = Many(of(Statement), "metaData", inside="measurementMetaData")


class ResultQuantity(QuantityPart, _Circumstances):
    """A quantity of a result."""

    TYPES: ClassVar[tuple[str, ...]] = ("quantityType",)
    relative_uncertainty = One(of(RelativeUncertainty), "relativeUncertainty")


class ResultList(_Circumstances):
    """A list of quantities, or of lists: a table, a matrix."""

    TYPES = ("listType",)
    name = One(of(LocalText), "name")
    description = One(of(RichContent), "description")
    date_times = Entries("dateTime", "dateTimeXMLList")
    lists = Many(lambda: ResultList, "list")
    quantities = Many(of(ResultQuantity), "quantity")


class Data(Part):
    """What a result, a condition or a statement holds: in any order, any number of each."""

    TYPES = ("dataType",)
    texts = Many(of(RichContent), "text")
    formulas = Many(of(Formula), "formula")
    files = Many(of(ByteData), "byteData")
    xml = Many(of(ForeignXml), "xml")
    quantities = Many(of(ResultQuantity), "quantity")
    lists = Many(of(ResultList), "list")


class Result(Part):
    """One result."""

    TYPES = ("resultType",)
    name = One(of(LocalText), "name")
    description = One(of(RichContent), "description")
    data = One(of(Data), "data")


class MeasurementResult(_Circumstances):
    """The results of one measurement."""

    TYPES = ("measurementResultType",)
    name = One(of(LocalText), "name")
    description = One(of(RichContent), "description")
    results = Many(of(Result), "result", inside="results")


class MeasurementResults(_Circumstances):
    """All measurements, with what holds for all of them."""

    TYPES = ("measurementResultListType",)
    measurement_results = Many(of(MeasurementResult), "measurementResult")
