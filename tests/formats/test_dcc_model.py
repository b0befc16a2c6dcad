"""The typed model of certificates: everything readable by name, nothing lost, every version."""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import pytest
from lxml import etree
from tests.proofs.dcc_structure import ROOT
from tests.proofs.schema_documents import DCC, Maker, load_grammar

from jialiang.formats.dcc import common_parts, model, result_parts
from jialiang.formats.dcc.common_parts import LocalText
from jialiang.formats.dcc.errors import NotACertificate, UnknownVersion
from jialiang.formats.dcc.model import Document, Item, document_of, read_document, write_document
from jialiang.formats.dcc.parts import Part
from jialiang.formats.dcc.result_parts import ResultList, ResultQuantity
from jialiang.formats.dcc.structure import check_structure, dcc_models
from jialiang.formats.dcc.versions import OLDER, checked_versions
from jialiang.formats.dsi.quantities import Constant, Hybrid, Real, RealListXMLList
from jialiang.formats.structure.models import Models
from jialiang.formats.xml.errors import DoctypeRefused, XmlNotWellFormed
from jialiang.formats.xml.nodes import node_of

NAMES = {"d": DCC, "si": "https://ptb.de/si"}
QUANTITIES = "//d:quantity|//d:itemQuantity|//d:measuringEquipmentQuantity|//d:usedMethodQuantity"


@pytest.fixture(scope="module")
def samples(oracles: Path) -> list[Path]:
    return sorted((oracles / "dcc" / "samples").glob("*.xml"))


@pytest.fixture(scope="module")
def documents(samples: list[Path]) -> dict[str, Document]:
    """The samples by the part of their name that tells them apart."""
    return {path.stem: read_document(path.read_bytes()) for path in samples}


def _canonical(data: bytes) -> bytes:
    return etree.tostring(etree.fromstring(data).getroottree(), method="c14n", with_comments=True)


def test_all_samples_are_read_and_written_with_the_same_canonical_form(samples: list[Path]) -> None:
    assert len(samples) == 12
    for path in samples:
        data = path.read_bytes()
        back = write_document(read_document(data))
        assert _canonical(back) == _canonical(data), path.name
        assert (check_structure(etree.fromstring(back)) == ()) == (
            check_structure(etree.fromstring(data)) == ()
        )
        assert read_document(back) == read_document(data)


def test_certificates_made_from_every_schema_survive(oracles: Path, tmp_path: Path) -> None:
    for version in checked_versions():
        grammar = load_grammar(oracles / "dcc" / "schema" / "dcc" / f"v{version}" / "dcc.xsd", tmp_path)
        maker = Maker(grammar, random.Random(3))
        for wanted in ((), ("subItems", "linkedReport"), ("quantity", "complex", "comment", "formula")):
            made = maker.document(ROOT, wanted)
            if version != "2.2.0":
                assert made.get("schemaVersion") == version
            data = etree.tostring(made)
            assert _canonical(write_document(read_document(data))) == _canonical(data), version


def _child_names(models: Models, key: str) -> set[str]:
    """The names of all children that a type allows."""
    start = models.compiled(models._types[key]).start
    names: set[str] = set()
    seen: set[int] = set()
    row = [start] if start is not None else []
    while row:
        state = row.pop()
        if id(state) not in seen:
            seen.add(id(state))
            names |= {tag.rpartition("}")[2] for tag in state.moves}
            row += [following for following, _ in state.moves.values()] + [
                after for _, after in state.wildcards
            ]
    return names


def _types(models: Models) -> list[str]:
    count = -1
    while count != len(models._types):
        count = len(models._types)
        for model_type in list(models._types.values()):
            models.compiled(model_type)
    return [key for key in models._types if key.startswith("dcc:")]


def _classes() -> dict[str, list[type[Part]]]:
    found: dict[str, list[type[Part]]] = {}
    modules = (model, common_parts, result_parts)
    for each in {c for m in modules for c in vars(m).values() if isinstance(c, type) and issubclass(c, Part)}:
        for name in each.TYPES:
            found.setdefault(name, []).append(each)
    return found


@pytest.mark.parametrize("version", checked_versions())
def test_every_child_of_every_type_has_a_typed_field(version: str) -> None:
    classes = _classes()
    models = dcc_models(version)
    # Lists of one kind are read by their holder: softwareListType, resultListType and the like.
    looked_at = 0
    for key in _types(models):
        names = _child_names(models, key)
        for of_class in classes.get(key.removeprefix("dcc:"), ()):
            assert names <= of_class.reads(), (key, of_class.__name__, names - of_class.reads())
            looked_at += 1
        if key.removeprefix("dcc:") not in classes:
            assert len(names) <= 1, (key, names)
    assert looked_at >= 24


def _only(values: tuple[str, ...] | list[str]) -> str:
    (value,) = values
    return value


def test_administrative_data_by_name(documents: dict[str, Document]) -> None:
    document = documents["v3.3.0_gp_temperature_valid"]
    data = document.certificate.administrative_data
    assert document.version == "3.3.0"
    assert data is not None
    core = data.core_data
    assert core is not None
    assert core.country_code == "DE"
    assert core.used_languages == ("en", "de")
    assert core.unique_identifier == "1234"
    assert core.begin_of_performance == datetime.date(1957, 8, 13)
    assert core.performance_location == "laboratory"
    assert data.software[0].name is not None
    laboratory = data.calibration_laboratory
    assert laboratory is not None
    assert laboratory.contacts[0].location is not None
    persons = data.responsible_persons
    assert [person.is_main_signer for person in persons][0] is True


@pytest.mark.parametrize("stem", ["v2.3.0_example_multi_item", "v2.4.0_siliziumkugel", "v3.1.2_gp_humidity"])
def test_fields_equal_an_independent_reading(
    samples: list[Path], documents: dict[str, Document], stem: str
) -> None:
    tree = etree.parse(next(path for path in samples if path.stem == stem))
    document = documents[stem]
    data = document.certificate.administrative_data
    assert data is not None
    assert data.core_data is not None

    def texts(path: str) -> list[str]:
        return [each.text or "" for each in tree.xpath(path, namespaces=NAMES)]

    assert data.core_data.unique_identifier == _only(texts("//d:coreData/d:uniqueIdentifier"))
    assert list(data.core_data.used_languages) == texts("//d:usedLangCodeISO639_1")
    assert [s.release for s in data.software] == texts("//d:dccSoftware/d:software/d:release")
    assert data.items is not None
    items = data.items.items
    assert len(items) == len(texts("//d:items/d:item"))
    values = [i.identifier for item in items for i in item.identifications]
    assert values == texts("//d:items/d:item/d:identifications/d:identification/d:value")
    assert [
        p.person.name.contents[0].text for p in data.responsible_persons if p.person and p.person.name
    ] == [each.text for each in tree.xpath("//d:respPerson/d:person/d:name/d:content[1]", namespaces=NAMES)]
    results = document.certificate.measurement_results
    assert results is not None
    measured = results.measurement_results
    assert sum(len(m.results) for m in measured) == len(texts("//d:measurementResult/d:results/d:result"))
    methods = [m for each in measured for m in each.used_methods]
    assert len(methods) == len(texts("//d:measurementResult/d:usedMethods/d:usedMethod"))
    conditions = [c for each in measured for c in each.influence_conditions]
    assert [c.name.contents[0].text for c in conditions if c.name] == texts(
        "//d:measurementResult/d:influenceConditions/d:influenceCondition/d:name/d:content[1]"
    )


def test_every_quantity_is_found_with_its_form(samples: list[Path], documents: dict[str, Document]) -> None:
    for path in samples:
        tree = etree.parse(path)
        elements = tree.xpath(QUANTITIES, namespaces=NAMES)
        quantities = list(documents[path.stem].quantities())
        assert len(quantities) == len(elements) > 0
        for quantity, element in zip(quantities, elements, strict=True):
            assert quantity.node.line == element.sourceline
            held = element.findall("{https://ptb.de/si}*")
            assert (quantity.quantity is not None) == bool(held)
            assert (quantity.no_quantity is not None) == (element.find(f"{{{DCC}}}noQuantity") is not None)


def test_lists_and_hybrids_of_results(documents: dict[str, Document]) -> None:
    results = documents["v3.3.0_gp_temperature_valid"].certificate.measurement_results
    assert results is not None
    data = results.measurement_results[0].results[0].data
    assert data is not None
    table = data.lists[0]
    assert isinstance(table, ResultList)
    assert table.ref_types == ("gp_table1",)
    by_type = {quantity.ref_types: quantity for quantity in table.quantities}
    reference = by_type[("basic_referenceValue",)]
    assert isinstance(reference, ResultQuantity)
    assert isinstance(reference.quantity, Hybrid)
    kelvin, celsius = reference.quantity.quantities
    assert isinstance(kelvin, RealListXMLList)
    assert isinstance(celsius, RealListXMLList)
    assert (kelvin.units.text, celsius.units.text) == ("\\kelvin", "\\degreecelsius")
    assert len(kelvin.quantity_values) == len(celsius.quantity_values) > 1


def test_single_values_keep_their_digits(samples: list[Path], documents: dict[str, Document]) -> None:
    tree = etree.parse(next(path for path in samples if path.stem == "v3.0.0_mass_singleweight"))
    reals = [q.quantity for q in documents["v3.0.0_mass_singleweight"].quantities()]
    written = [q.quantity_value for q in reals if isinstance(q, Real | Constant)]
    official = tree.xpath("//d:quantity/si:real/si:value|//d:quantity/si:constant/si:value", namespaces=NAMES)
    assert written == [value.text.strip() for value in official]


def test_parts_are_found_by_their_id(documents: dict[str, Document]) -> None:
    document = documents["v2.3.0_example_multi_item"]
    ids = [node.get("id") for node in document.nodes.root.walk() if node.get("id")]
    assert ids
    for identifier in ids:
        found = document.by_id(str(identifier))
        assert found is not None
        assert found.get("id") == identifier
    assert document.by_id("nowhere") is None


def test_signatures_comment_and_document(documents: dict[str, Document]) -> None:
    signed = documents["v3.3.0_gp_temperature_xmldsig_signed"].certificate
    assert len(signed.signatures) == 1
    assert signed.signature is not None
    assert signed.comment is None
    plain = documents["v2.4.0_siliziumkugel"].certificate
    assert plain.signatures == ()


OLD = f"""<dcc:digitalCalibrationCertificate xmlns:dcc="{DCC}" xmlns:si="https://ptb.de/si/smartcom/d-si/v1_0_1"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{DCC} https://www.ptb.de/dcc/v2.1.1/dcc.xsd">
 <dcc:administrativeData><dcc:coreData><dcc:uniqueIdentifier>old</dcc:uniqueIdentifier>
 <dcc:previousReport><dcc:reference><dcc:content lang="de">r</dcc:content></dcc:reference>
 <dcc:referenceID>7</dcc:referenceID></dcc:previousReport></dcc:coreData></dcc:administrativeData>
 <dcc:measurementResults><dcc:measurementResult><dcc:results><dcc:result><dcc:data><dcc:quantity id="q">
 <si:real><si:value>1.50</si:value><si:unit>\\metre</si:unit></si:real></dcc:quantity></dcc:data></dcc:result>
 </dcc:results></dcc:measurementResult></dcc:measurementResults></dcc:digitalCalibrationCertificate>""".encode()


def test_certificates_of_2_1_are_read_though_their_schemas_are_faulty() -> None:
    document = read_document(OLD)
    assert document.version == "2.1.1"
    (quantity,) = document.quantities()
    assert quantity.quantity == Real(quantity_value="1.50", unit="\\metre")
    administrative = document.certificate.administrative_data
    assert administrative is not None
    assert administrative.core_data is not None
    previous = administrative.core_data.previous_report
    assert previous is not None
    assert previous.referral_id == "7"
    assert previous.referral is not None
    assert previous.referral.in_language("de") == "r"
    assert _canonical(write_document(document)) == _canonical(OLD)


def test_that_nothing_was_checked_is_said_of_versions_whose_schemas_are_faulty() -> None:
    (finding,) = check_structure(etree.fromstring(OLD))
    assert (finding.rule, finding.severity) == ("DCC-STRUCTURE-NOT-CHECKED", "warning")
    assert (finding.line, finding.path) == (2, "/dcc:digitalCalibrationCertificate")
    assert "2.1.1" in finding.text.en
    assert "2.1.1" in finding.text.zh


@pytest.mark.parametrize("version", OLDER)
def test_the_official_schemas_of_those_versions_compile_nowhere(oracles: Path, version: str) -> None:
    schema = etree.parse(oracles / f"dcc/schema/dcc/v{version}/dcc.xsd")
    with pytest.raises(etree.XMLSchemaParseError, match="does not resolve to a"):
        etree.XMLSchema(schema)


def _part(of_class: type[Part], text: str) -> Part:
    return of_class(node_of(etree.fromstring(text)))


def test_texts_in_languages() -> None:
    text = _part(LocalText, '<a><content lang="de">Waage</content><content>balance</content></a>')
    assert isinstance(text, LocalText)
    assert [text.in_language(each) for each in ("de", "en")] == ["Waage", "balance"]
    only = _part(LocalText, '<a><content lang="de">Waage</content></a>')
    assert isinstance(only, LocalText)
    assert only.in_language("en") is None
    rich = common_parts.RichContent(
        node_of(etree.fromstring('<a><content lang="en">1</content><content lang="en">2</content></a>'))
    )
    assert rich.in_language("en") == "1\n2"
    assert rich.in_language("zh") is None


def test_files_inside_a_certificate() -> None:
    file = common_parts.ByteData(node_of(etree.fromstring("<a><dataBase64>QUJ\n D</dataBase64></a>")))
    assert file.bytes() == b"ABC"
    older = common_parts.ByteData(node_of(etree.fromstring("<a><data>QUJD</data><fileName>x</fileName></a>")))
    assert (older.bytes(), older.file_name) == (b"ABC", "x")
    broken = common_parts.ByteData(node_of(etree.fromstring("<a><data>QUJ</data></a>")))
    assert broken.bytes() is None
    assert common_parts.ByteData(node_of(etree.fromstring("<a/>"))).bytes() == b""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-06-16", datetime.date(2026, 6, 16)),
        ("2026-06-16+08:00", datetime.date(2026, 6, 16)),
        ("-0044-03-15", None),
        ("12026-06-16", None),
        ("2026-02-30", None),
        ("", None),
    ],
)
def test_days(text: str, day: datetime.date | None) -> None:
    core = common_parts.CoreData(node_of(etree.fromstring(f"<a><issueDate>{text}</issueDate></a>")))
    assert core.issue_date == day


def test_statements_of_conformity_and_positions() -> None:
    xml = "<a><conformityXMLList>pass fail</conformityXMLList><validXMLList>true 0</validXMLList>"
    xml += "<traceable>1</traceable></a>"
    statement = result_parts.Statement(node_of(etree.fromstring(xml)))
    assert (statement.conformities, statement.valid, statement.traceable) == (
        ("pass", "fail"),
        ("true", "0"),
        True,
    )
    one = result_parts.Statement(node_of(etree.fromstring("<a><conformity>pass</conformity></a>")))
    assert (one.conformities, one.valid, one.traceable) == (("pass",), (), None)
    value = "<si:value>{}</si:value><si:unit>\\metre</si:unit>"
    coordinates = "".join(f"<positionCoordinate{n}>{value.format(n)}</positionCoordinate{n}>" for n in (1, 2))
    position = common_parts.PositionCoordinates(
        node_of(etree.fromstring(f'<a xmlns:si="https://ptb.de/si">{coordinates}</a>'))
    )
    assert [each.quantity_value for each in position.coordinates] == ["1", "2"]


def test_relative_uncertainties_of_either_name() -> None:
    real = '<{0} xmlns:si="https://ptb.de/si"><si:value>0.01</si:value><si:unit>\\one</si:unit></{0}>'
    for name in ("relativeUncertaintySingle", "relativeUncertainty"):
        part = result_parts.RelativeUncertainty(node_of(etree.fromstring(f"<a>{real.format(name)}</a>")))
        assert part.single == Real(quantity_value="0.01", unit="\\one")
        assert part.list is None


def test_items_within_items() -> None:
    inner = "<subItems><item><name><content>lens</content></name></item></subItems>"
    item = Item(node_of(etree.fromstring(f'<item id="i" refId="a b" refType="x y">{inner}</item>')))
    assert (item.id, item.ref_ids, item.ref_types) == ("i", ("a", "b"), ("x", "y"))
    assert item.sub_items is not None
    (lens,) = item.sub_items.items
    assert lens.name is not None
    assert lens.name.in_language("en") == "lens"
    assert lens.sub_items is None


def test_chains_of_certificates() -> None:
    text = "<a><referralID>1</referralID><linkedReport><referralID>2</referralID></linkedReport></a>"
    reference = common_parts.HashReference(node_of(etree.fromstring(text)))
    assert reference.linked_report is not None
    assert (reference.referral_id, reference.linked_report.referral_id) == ("1", "2")
    assert reference.linked_report.linked_report is None


def test_parts_are_values() -> None:
    one, other = (Item(node_of(etree.fromstring("<item>x</item>"))) for _ in "ab")
    assert one == other
    assert hash(one) == hash(other)
    assert one != common_parts.Contact(one.node)
    assert repr(one) == "Item(item, line 1)"


def test_what_is_no_certificate_is_refused() -> None:
    with pytest.raises(NotACertificate):
        read_document(b"<a/>")
    with pytest.raises(NotACertificate):
        document_of(etree.fromstring('<si:real xmlns:si="https://ptb.de/si"/>').getroottree())
    with pytest.raises(XmlNotWellFormed):
        read_document(b"<a>")
    with pytest.raises(DoctypeRefused):
        read_document(b"<!DOCTYPE a><a/>")


@pytest.mark.parametrize("version", ["3.4.0", "", "1.0.0", "3.3"])
def test_versions_that_do_not_exist_are_refused(version: str) -> None:
    data = f'<d:digitalCalibrationCertificate xmlns:d="{DCC}" schemaVersion="{version}"/>'.encode()
    with pytest.raises(UnknownVersion) as refused:
        read_document(data)
    assert "2.1.0, 2.1.1, 2.2.0" in refused.value.rule.en
    assert refused.value.what.zh
