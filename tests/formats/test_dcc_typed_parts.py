"""Fields of typed parts: what each kind of field reads, in all spellings, and what it gives where nothing stands."""

from __future__ import annotations

import datetime

import pytest
from lxml import etree

from jialiang.formats.dcc.common_parts import (
    Amendment,
    Contact,
    CoreData,
    Formula,
    LocalText,
    Location,
    Software,
)
from jialiang.formats.dcc.model import (
    AdministrativeData,
    Certificate,
    Items,
    Laboratory,
    RefTypeDefinition,
    ResponsiblePerson,
)
from jialiang.formats.dcc.parts import Day, Entries, Field, Foreign, Many, One, Part, Word, Words, YesNo, of
from jialiang.formats.dcc.result_parts import (
    Data,
    InfluenceCondition,
    MeasurementResult,
    MeasuringEquipment,
    MeasuringEquipments,
    QuantityPart,
    ResultList,
    UsedMethod,
)
from jialiang.formats.xml.nodes import Node, node_of


def _node(text: str) -> Node:
    return node_of(etree.fromstring(text))


class Leaf(Part):
    """A part without fields."""


class Sample(Part):
    """A part with a field of every kind."""

    one = One(of(Leaf), "one", "uno")
    many = Many(of(Leaf), "leaf")
    inside = Many(of(Leaf), "leaf", inside="leaves")
    word = Word("word", "olderWord")
    words = Words("each")
    entries = Entries("single", "singleXMLList")
    yes = YesNo("yes")
    day = Day("day")
    foreign = Foreign("foreign")


class Derived(Sample):
    """A part that reads more."""

    more = Word("more")


FULL = _node(
    "<a id='i'><uno>1</uno><leaf>2</leaf><leaf>3</leaf><leaves><leaf>4</leaf><other/></leaves>"
    "<olderWord> w </olderWord><each>5</each><each>6</each><singleXMLList>7 8\n9</singleXMLList>"
    "<yes> 1 </yes><day>2026-06-16</day><foreign><x/></foreign></a>"
)


def test_fields_read_the_children_that_they_name() -> None:
    part = Sample(FULL)
    assert part.one == Leaf(_node("<uno>1</uno>"))
    assert [leaf.node.text for leaf in part.many] == ["2", "3"]
    assert [leaf.node.text for leaf in part.inside] == ["4"]
    assert part.word == " w "
    assert part.words == ("5", "6")
    assert part.entries == ("7", "8", "9")
    assert part.yes is True
    assert part.day == datetime.date(2026, 6, 16)
    assert part.foreign is not None
    assert part.foreign.elements[0].local == "x"


def test_fields_of_what_is_absent_are_none_or_empty() -> None:
    part = Sample(_node("<a/>"))
    assert (part.one, part.word, part.yes, part.day, part.foreign) == (None,) * 5
    assert (part.many, part.inside, part.words, part.entries) == ((),) * 4
    assert (part.id, part.ref_ids, part.ref_types) == (None, (), ())


def test_a_class_tells_which_children_it_reads() -> None:
    assert Sample.reads() == {
        "one", "uno", "leaf", "leaves", "word", "olderWord", "each", "single", "singleXMLList", "yes", "day", "foreign",
    }  # fmt: skip
    assert Derived.reads() == Sample.reads() | {"more"}
    assert Leaf.reads() == frozenset()
    assert isinstance(Sample.word, Field)


@pytest.mark.parametrize(
    ("text", "yes"),
    [("true", True), ("1", True), (" true\n", True), ("false", False), ("0", False), ("", None), ("TRUE", None)],
)
def test_true_and_false(text: str, yes: bool | None) -> None:
    assert Sample(_node(f"<a><yes>{text}</yes></a>")).yes is yes


def test_parts_of_different_classes_are_different() -> None:
    assert Sample(FULL) != Derived(FULL)
    assert len({Sample(FULL), Sample(FULL), Derived(FULL)}) == 2


CONTACT = (
    "<contact><name><content lang='zh'>实验室</content><content lang='en'>lab</content></name><eMail>a@b.c</eMail>"
    "<phone>1</phone><fax>2</fax><link>https://b.c</link><location><city>x</city><countryCode>CN</countryCode>"
    "<street>s</street><streetNo>3</streetNo><city>y</city><further><content>f</content></further></location></contact>"
)


def test_a_contact_with_its_address() -> None:
    contact = Contact(_node(CONTACT))
    assert contact.name is not None
    assert [contact.name.in_language(each) for each in ("zh", "en", "de")] == ["实验室", "lab", None]
    assert (contact.email, contact.phone, contact.fax, contact.link) == ("a@b.c", "1", "2", "https://b.c")
    location = contact.location
    assert isinstance(location, Location)
    assert (location.cities, location.country_codes, location.streets) == (("x", "y"), ("CN",), ("s",))
    assert (location.street_numbers, location.post_codes, location.states) == (("3",), (), ())
    assert location.further[0].in_language("en") == "f"


def test_laboratory_and_persons() -> None:
    laboratory = Laboratory(
        _node(f"<a><calibrationLaboratoryCode>L1</calibrationLaboratoryCode>{CONTACT}{CONTACT}"
              "<cryptElectronicSeal>true</cryptElectronicSeal></a>")
    )  # fmt: skip
    assert (laboratory.code, len(laboratory.contacts)) == ("L1", 2)
    assert (laboratory.has_electronic_seal, laboratory.has_electronic_signature) == (True, None)
    person = ResponsiblePerson(
        _node(f"<a><person>{CONTACT}</person><role>r</role><mainSigner>0</mainSigner></a>")
    )
    assert (person.role, person.is_main_signer, person.has_electronic_time_stamp) == ("r", False, None)


def test_core_data_of_an_amended_certificate() -> None:
    core = CoreData(
        _node(
            "<a><uniqueIdentifier>2</uniqueIdentifier><issueDate>2026-06-16Z</issueDate><reportAmendedSubstituted>"
            "<typeOfChange>substituted</typeOfChange><replacedUniqueIdentifier>1</replacedUniqueIdentifier>"
            "</reportAmendedSubstituted><previousReport><referralID>1</referralID><procedure>SHA-256</procedure>"
            "<value>ab</value><inValidityRange>true</inValidityRange></previousReport></a>"
        )
    )
    assert core.issue_date == datetime.date(2026, 6, 16)
    assert isinstance(core.amendment, Amendment)
    assert (core.amendment.change, core.amendment.replaced_identifier) == ("substituted", "1")
    assert core.previous_report is not None
    assert (core.previous_report.procedure, core.previous_report.digest) == ("SHA-256", "ab")
    assert (core.previous_report.in_validity_range, core.previous_report.traceable) == (True, None)


def test_older_and_newer_spellings_of_one_field() -> None:
    for name in ("status", "state"):
        condition = InfluenceCondition(_node(f"<a><{name}>afterRepair</{name}></a>"))
        assert condition.status == "afterRepair"
    assert Formula(_node("<a><siunitx>x</siunitx></a>")).siunitx == "x"
    assert Formula(_node("<a><latex>y</latex></a>")).latex == "y"
    math = Formula(_node("<a><mathml><math xmlns='http://www.w3.org/1998/Math/MathML'/></mathml></a>")).mathml
    assert math is not None
    assert math.node.elements[0].local == "math"


def test_results_with_all_that_belongs_to_them() -> None:
    measured = MeasurementResult(
        _node(
            "<a><name><content>n</content></name><usedMethods><usedMethod id='m'><norm>N1</norm><norm>N2</norm>"
            "<reference>R</reference><link>l</link></usedMethod></usedMethods><usedSoftware><software>"
            "<release>1</release><type>firmware</type></software></usedSoftware><measuringEquipments>"
            "<measuringEquipment><model>M</model><certificate><linkedReport/></certificate></measuringEquipment>"
            "</measuringEquipments><influenceConditions><influenceCondition/></influenceConditions><results><result>"
            "<data><text/><list><quantity/><list><quantity/></list></list><quantity/></data></result></results>"
            "<measurementMetaData><metaData/><metaData/></measurementMetaData></a>"
        )
    )
    (method,) = measured.used_methods
    assert isinstance(method, UsedMethod)
    assert (method.id, method.norms, method.references, method.links) == ("m", ("N1", "N2"), ("R",), ("l",))
    (software,) = measured.used_software
    assert isinstance(software, Software)
    assert (software.release, software.kind) == ("1", "firmware")
    assert isinstance(measured.measuring_equipments, MeasuringEquipments)
    (equipment,) = measured.measuring_equipments.equipments
    assert isinstance(equipment, MeasuringEquipment)
    assert equipment.model == "M"
    assert equipment.certificate is not None
    assert equipment.certificate.linked_report is not None
    assert (len(measured.influence_conditions), len(measured.meta_data)) == (1, 2)
    data = measured.results[0].data
    assert isinstance(data, Data)
    assert (len(data.texts), len(data.quantities), len(data.lists)) == (1, 1, 1)
    assert isinstance(data.lists[0], ResultList)
    assert (len(data.lists[0].quantities), len(data.lists[0].lists)) == (1, 1)


def test_quantities_in_words_and_characters() -> None:
    words = QuantityPart(_node("<a><noQuantity><content lang='en'>none</content></noQuantity></a>"))
    assert words.quantity is None
    assert words.no_quantity is not None
    assert words.no_quantity.in_language("en") == "none"
    characters = QuantityPart(_node("<a><charsXMLList>A B</charsXMLList></a>"))
    assert (characters.characters, characters.quantity) == (("A", "B"), None)


def test_administrative_data_in_any_order() -> None:
    parts = [
        "<dccSoftware><software/><software/></dccSoftware>",
        "<refTypeDefinitions><refTypeDefinition><link>l</link><value>v</value></refTypeDefinition></refTypeDefinitions>",
        "<items><item/><item/><item/></items>",
        "<respPersons><respPerson/></respPersons>",
        "<statements><statement><norm>N</norm></statement></statements>",
    ]
    for order in (parts, parts[::-1]):
        data = AdministrativeData(_node(f"<a>{''.join(order)}</a>"))
        assert len(data.software) == 2
        assert [(d.link, d.digest) for d in data.ref_type_definitions] == [("l", "v")]
        assert isinstance(data.ref_type_definitions[0], RefTypeDefinition)
        assert isinstance(data.items, Items)
        assert len(data.items.items) == 3
        assert len(data.responsible_persons) == 1
        assert data.statements[0].norms == ("N",)
        assert (data.core_data, data.customer, data.calibration_laboratory) == (None, None, None)


def test_a_certificate_with_comment_document_and_signatures() -> None:
    inside = "<comments>c</comments><document><data>QUJD</data></document><Signature/><Signature/>"
    certificate = Certificate(_node(f"<a>{inside}</a>"))
    assert certificate.comment is not None
    assert certificate.comment.text == "c"
    assert certificate.document is not None
    assert certificate.document.bytes() == b"ABC"
    assert len(certificate.signatures) == 2
    assert (certificate.administrative_data, certificate.measurement_results) == (None, None)


def test_a_text_without_any_content() -> None:
    assert LocalText(_node("<a/>")).in_language("en") is None
