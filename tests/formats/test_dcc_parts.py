"""Reading what others write: languages, addresses, lists and metadata in every form that DCC 3 allows."""

import pytest
from lxml import etree
from tests.formats.sample_content import sample_content, sample_table

from jialiang.formats.content import Column, ResultTable
from jialiang.formats.dcc.differences import difference
from jialiang.formats.dcc.elements import clean
from jialiang.formats.dcc.errors import MissingContent, NotACertificate, UnsupportedVersion
from jialiang.formats.dcc.leaves import leaves_of
from jialiang.formats.dcc.profile import is_difference, member, place, words
from jialiang.formats.dcc.reading import read_certificate
from jialiang.formats.dcc.reading_parts import content_of, party_of, person_of
from jialiang.formats.dcc.reading_results import quantity_of, reference_of, tables_of
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.xml.errors import ForbiddenCharacter
from jialiang.kernel.text import Text

NS = 'xmlns="https://ptb.de/dcc" xmlns:si="https://ptb.de/si"'
DCC = {"dcc": "https://ptb.de/dcc", "si": "https://ptb.de/si"}


def element(markup):
    """The first element of some DCC."""
    return etree.fromstring(f"<x {NS}>{markup}</x>")[0]


def name(*contents):
    return element(
        "<name>" + "".join(f"<content{tag}>{text}</content>" for tag, text in contents) + "</name>"
    )


ZH, EN, DE = ' lang="zh"', ' lang="en"', ' lang="de"'


@pytest.mark.parametrize(
    ("contents", "zh", "en"),
    [
        ([("", "x")], "x", "x"),
        ([(ZH, "温"), (EN, "t")], "温", "t"),
        ([(ZH, "温")], "温", ""),
        ([(EN, "t")], "", "t"),
        ([(DE, "Temperatur")], "", "Temperatur"),
        ([(DE, "Temperatur"), (ZH, "温")], "温", ""),
        ([(DE, "Temperatur"), (EN, "t")], "", "t"),
        ([("", "x"), (ZH, "温")], "温", "x"),
        ([("", "x"), (EN, "t")], "x", "t"),
        ([(ZH, "甲"), (ZH, "乙")], "甲", ""),
        ([("", "  x\n ")], "x", "x"),
        ([], "", ""),
    ],
)
def test_a_text_is_taken_in_the_languages_that_it_has(contents, zh, en):
    assert content_of(name(*contents)) == Text(zh, en)


PARTY = (
    "<customer><name><content>C</content></name><eMail>a@b</eMail><location><street>S</street><streetNo>1</streetNo>"
    "<postCode>9</postCode><city>T</city><countryCode>DE</countryCode>{further}</location></customer>"
)


@pytest.mark.parametrize(
    ("further", "zh", "en"),
    [
        ("", "S, 1, 9, T, DE", "S, 1, 9, T, DE"),
        ("<further><content lang='en'>1 S, T</content></further>", "S, 1, 9, T, DE", "1 S, T"),
        ("<further><content lang='zh'>甲</content><content lang='en'>A</content></further>", "甲", "A"),
    ],
)
def test_an_address_is_the_whole_one_or_made_of_its_parts_in_order(further, zh, en):
    assert party_of(element(PARTY.format(further=further))).address == Text(zh, en)


def test_a_laboratory_has_its_contact_inside_and_its_code_beside():
    inside = PARTY.format(further="").replace("customer>", "contact>")
    told = party_of(
        element(
            f"<calibrationLaboratory><calibrationLaboratoryCode>L1</calibrationLaboratoryCode>{inside}</calibrationLaboratory>"
        )
    )
    assert (told.name, told.email, told.laboratory_code) == (Text("C", "C"), "a@b", "L1")
    assert party_of(None).name == Text()


@pytest.mark.parametrize(
    ("text", "truth"),
    [("true", True), ("1", True), ("false", False), ("0", False), ("", None), ("yes", None), ("TRUE", None)],
)
def test_truth_is_told_in_the_words_of_xml_and_no_others(text, truth):
    reference = reference_of(
        element(
            f"<certificate><inValidityRange>{text}</inValidityRange><traceable>{text}</traceable></certificate>"
        )
    )
    assert (reference.in_validity, reference.traceable) == (truth, truth)
    person = person_of(element(f"<respPerson><mainSigner>{text}</mainSigner></respPerson>"))
    assert person.main_signer is bool(truth)


def test_a_person_without_description_has_the_plain_role_in_both_languages():
    markup = (
        "<respPerson><person><name><content>N</content></name></person><role>Leiter</role>{0}</respPerson>"
    )
    assert person_of(element(markup.format(""))).role == Text("Leiter", "Leiter")
    described = "<description><content lang='en'>Head</content></description>"
    assert person_of(element(markup.format(described))).role == Text(en="Head")


# --- quantities in every writing -----------------------------------------------------------------------------

UNCERTAINTY = (
    "<si:{0}><si:{1}>0.1</si:{1}><si:coverageFactor{2}>2</si:coverageFactor{2}>"
    "<si:coverageProbability{2}>0.95</si:coverageProbability{2}><si:distribution{2}>normal</si:distribution{2}></si:{0}>"
)


def wrapped(tag, inner):
    return f"<si:{tag}>{inner}</si:{tag}>"


SINGLE = "<si:value>5</si:value><si:unit>\\volt</si:unit>"
LISTED = "<si:valueXMLList>5</si:valueXMLList><si:unitXMLList>\\volt</si:unitXMLList>"
NEW_SINGLE = wrapped(
    "measurementUncertaintyUnivariate", UNCERTAINTY.format("expandedMU", "valueExpandedMU", "")
)
NEW_LISTED = wrapped(
    "measurementUncertaintyUnivariateXMLList",
    UNCERTAINTY.format("expandedMUXMLList", "valueExpandedMUXMLList", "XMLList"),
)
OLD_SINGLE = UNCERTAINTY.format("expandedUnc", "uncertainty", "")
OLD_LISTED = UNCERTAINTY.format("expandedUncXMLList", "uncertaintyXMLList", "XMLList")
WRITINGS = {
    "real, 2.2.1": wrapped("real", SINGLE + NEW_SINGLE),
    "real, 1.3.0": wrapped("real", SINGLE + OLD_SINGLE),
    "list, 2.2.1": wrapped("realListXMLList", LISTED + NEW_LISTED),
    "list, 1.3.0": wrapped("realListXMLList", LISTED + OLD_LISTED),
    "constant": wrapped("constant", SINGLE + NEW_SINGLE),
}


@pytest.mark.parametrize("writing", WRITINGS.values(), ids=WRITINGS)
@pytest.mark.parametrize("hybrid", [True, False])
def test_a_quantity_is_read_in_every_writing(writing, hybrid):
    inner = wrapped("hybrid", writing) if hybrid else writing
    told = quantity_of(element(f"<quantity refType='r' refId='a b'>{inner}</quantity>"))
    assert (told.quantity_values, told.unit) == (("5",), "\\volt")
    assert (told.expanded_uncertainties, told.coverage_factors) == (("0.1",), ("2",))
    assert (told.coverage_probability, told.distribution) == ("0.95", "normal")
    assert (told.ref_type, told.ref_ids) == ("r", ("a", "b"))


@pytest.mark.parametrize(
    ("inner", "cells"),
    [
        ("<charsXMLList>ok bad ok</charsXMLList>", ("ok", "bad", "ok")),
        ("<noQuantity><content>no crack</content><content>—</content></noQuantity>", ("no crack", "—")),
        ("<si:complex><si:valueReal>1</si:valueReal></si:complex>", ()),
        ("", ()),
    ],
)
def test_words_and_what_is_not_understood_have_no_unit(inner, cells):
    told = quantity_of(element(f"<quantity>{inner}</quantity>"))
    assert (told.quantity_values, told.unit, told.expanded_uncertainties) == (cells, "", ())


def test_one_uncertainty_may_stand_for_all_rows_and_nan_for_none():
    listed = wrapped("realListXMLList", (
        "<si:valueXMLList>1 NaN 3</si:valueXMLList><si:unitXMLList>\\volt</si:unitXMLList>"
        + UNCERTAINTY.format("expandedUncXMLList", "uncertaintyXMLList", "XMLList")
    ))  # fmt: skip
    told = quantity_of(element(f"<quantity>{listed}</quantity>"))
    assert told.quantity_values == ("1", "", "3")
    assert (told.expanded_uncertainties, told.coverage_factors) == (("0.1",) * 3, ("2",) * 3)
    partly = listed.replace(">0.1<", ">0.1 NaN 0.3<")
    assert quantity_of(element(f"<quantity>{partly}</quantity>")).expanded_uncertainties == ("0.1", "", "0.3")


def test_of_kelvin_and_celsius_people_read_celsius_whichever_comes_first():
    def real(value, unit):
        return wrapped("real", f"<si:value>{value}</si:value><si:unit>{unit}</si:unit>")

    kelvin, celsius = real("294.65", "\\kelvin"), real("21.5", "\\degreecelsius")
    for order in (kelvin + celsius, celsius + kelvin):
        told = quantity_of(element(f"<quantity>{wrapped('hybrid', order)}</quantity>"))
        assert (told.quantity_values, told.unit) == (("21.5",), "\\degreecelsius")
    alone = quantity_of(element(f"<quantity>{wrapped('hybrid', kelvin)}</quantity>"))
    assert alone.unit == "\\kelvin"


@pytest.mark.parametrize(
    ("meta", "conformities"),
    [
        ("<metaData><conformityXMLList>pass fail</conformityXMLList></metaData>", ("pass", "fail")),
        ("<metaData><conformity>noPass</conformity></metaData>", ("noPass",)),
        ("<metaData/><metaData><conformity>fail</conformity></metaData>", ("fail",)),
        ("<metaData><declaration/></metaData>", ()),
    ],
)
def test_conformity_is_found_wherever_the_metadata_have_it(meta, conformities):
    told = quantity_of(element(f"<quantity><measurementMetaData>{meta}</measurementMetaData></quantity>"))
    assert told.conformities == conformities


def q(name_, inner=""):
    return f"<quantity><name><content>{name_}</content></name>{inner}</quantity>"


METADATA = (
    "<measurementMetaData><metaData><data><list>"
    + q("limit")
    + "</list></data></metaData></measurementMetaData>"
)


@pytest.mark.parametrize(
    ("data", "tables"),
    [
        (q("a") + q("b"), [["a", "b"]]),
        (f"<list>{q('a')}{q('b')}</list>", [["a", "b"]]),
        (f"<list>{q('a')}</list><list>{q('b')}</list>", [["a"], ["b"]]),
        (f"{q('a')}<list>{q('b')}</list>", [["a"], ["b"]]),
        (f"<list><list>{q('a')}</list><list>{q('b')}</list></list>", [["a"], ["b"]]),
        (f"<list>{q('a')}<list>{q('b')}</list></list>", [["a"], ["b"]]),
        ("<list/>", []),
        (f"<list>{q('a', METADATA)}</list>", [["a"]]),
    ],
)  # fmt: skip
def test_every_list_of_results_is_a_table_and_a_list_in_metadata_is_none(data, tables):
    found = tables_of(
        element(
            f"<measurementResult><results><result><name><content>R</content></name><data>{data}</data></result></results>"
            "</measurementResult>"
        )
    )
    assert [[quantity.name.en for quantity in table.quantities] for table in found] == tables
    assert all(table.name == Text("R", "R") for table in found)


# --- the whole file ------------------------------------------------------------------------------------------


def certificate(
    version="3.3.0", inside="", root="digitalCalibrationCertificate", namespace="https://ptb.de/dcc"
):
    return f'<{root} xmlns="{namespace}" schemaVersion="{version}">{inside}</{root}>'.encode()


@pytest.mark.parametrize("version", ["3.0.0", "3.3.0", "3.4.0-rc.1", "3.10.12"])
def test_every_version_three_is_read(version):
    assert read_certificate(certificate(version)).schema_version == version


@pytest.mark.parametrize(
    "version", ["", "3", "3.3", "4.0.0", "2.4.0", "3.3.0 ", "3.3.0-beta", "v3.3.0", "３.3.0"]
)
def test_other_versions_are_named_and_refused(version):
    with pytest.raises(UnsupportedVersion) as refused:
        read_certificate(certificate(version))
    assert refused.value.facts["version"] == (version or "–")


@pytest.mark.parametrize(
    ("root", "namespace"),
    [("digitalCalibrationCertificate", "https://ptb.de/dcc/"), ("digitalCalibrationRequest", "https://ptb.de/dcc"),
     ("svg", "http://www.w3.org/2000/svg")],
)  # fmt: skip
def test_a_root_of_another_name_is_named_and_refused(root, namespace):
    with pytest.raises(NotACertificate) as refused:
        read_certificate(certificate(root=root, namespace=namespace))
    assert refused.value.facts["root"] == root


def test_what_stands_beside_the_results_is_read_as_what_stands_inside_them():
    method = "<usedMethods><usedMethod><name><content>{0}</content></name></usedMethod></usedMethods>"
    own = f"<measurementResult>{method.format('own')}</measurementResult>"
    inside = f"<measurementResults>{method.format('shared')}{own}</measurementResults>"
    view = read_certificate(certificate(inside=inside))
    assert [m.name.en for m in view.methods] == ["shared", "own"]


def test_software_is_named_with_its_release_and_the_schema_with_its_address():
    xml = dcc_xml(sample_content(software_release="0.1.0"))
    assert read_certificate(xml).software == ("Jialiang v0.1.0",)
    assert read_certificate(dcc_xml(sample_content(software_release="main"))).software == ("Jialiang main",)
    location = etree.fromstring(xml).get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation")
    assert location == "https://ptb.de/dcc https://ptb.de/dcc/v3.3.0/dcc.xsd"


# --- languages of what we write ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("languages", "kept"),
    [(("zh", "en"), {"zh": "结论", "en": "conclusion"}), (("en", "zh"), {"zh": "结论", "en": "conclusion"}),
     (("zh",), {None: "结论"}), (("en",), {None: "conclusion"}), (("de", "en"), {None: "conclusion"}),
     (("de",), {None: "结论"})],
)  # fmt: skip
def test_a_text_stands_in_the_declared_languages_or_once_in_the_first_that_it_has(languages, kept):
    xml = dcc_xml(sample_content(languages=languages, conclusion=Text("结论", "conclusion")))
    found = etree.fromstring(xml).findall(
        ".//dcc:statement[@refType='jl_conclusion']/dcc:declaration/dcc:content", DCC
    )
    assert {content.get("lang"): content.text for content in found} == kept
    declared = etree.fromstring(xml).findall(".//dcc:usedLangCodeISO639_1", DCC)
    assert tuple(code.text for code in declared) == languages
    (mandatory,) = etree.fromstring(xml).findall(".//dcc:mandatoryLangCodeISO639_1", DCC)
    assert mandatory.text == languages[0]


@pytest.mark.parametrize(("language", "city"), [("zh", "示例市"), ("en", "Sample City")])
def test_plain_members_of_an_address_are_in_the_first_language_and_complete(language, city):
    other = "en" if language == "zh" else "zh"
    root = etree.fromstring(dcc_xml(sample_content(languages=(language, other))))
    location = root.find(".//dcc:calibrationLaboratory/dcc:contact/dcc:location", DCC)
    told = {etree.QName(child).localname: child.text for child in location}
    assert (told["city"], told["postCode"], told["state"], told["countryCode"]) == (
        city,
        "100000",
        "110000",
        "CN",
    )


def test_a_statement_carries_its_conformity_and_its_date():
    statements = read_certificate(dcc_xml(sample_content())).statements
    conformity = next(s for s in statements if s.ref_type == "basic_conformity")
    assert conformity.conformity == "pass"
    traceability = next(s for s in statements if s.ref_type == "jl_traceability")
    assert (traceability.norms, traceability.reference) == (("ISO/IEC 17025:2017",), "6.5")
    assert (traceability.conformity, traceability.convention) == ("", "")


@pytest.mark.parametrize(
    ("cells", "read"),
    [(("ok", "bad"), ("ok", "bad")), (("ok", "two words"), ("ok", "two words")), (("ok", ""), ("ok", "—")),
     (("1.0", "bad"), ("1.0", "bad"))],
)  # fmt: skip
def test_findings_in_words_come_back_one_a_row(cells, read):
    table = ResultTable(Text("外观", "Look"), (Column("gp_check", Text("结论", "Finding"), "", cells),))
    assert (
        read_certificate(dcc_xml(sample_content(results=(table,)))).results[0].quantities[0].quantity_values
        == read
    )


@pytest.mark.parametrize(
    ("ref_type", "answer"),
    [("basic_measuredValue", False), ("gp_indication", False), ("basic_temperatureMax", False),
     ("basic_measurementError", True), ("gp_CORRECTION", True), ("x_driftPerYear", True), ("gp_somethingElse", False),
     ("", False)],
)  # fmt: skip
def test_what_is_a_difference_of_temperatures_follows_from_its_type(ref_type, answer):
    assert is_difference(ref_type) is answer


# --- bricks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written"),
    [(" a ", "a"), ("a\r\nb", "a\nb"), ("a\rb", "a\nb"), ("\u3000a\u3000", "a"), ("a\tb", "a\tb"), ("", "")],
)
def test_a_text_is_written_as_it_will_be_read(text, written):
    assert clean(text) == written
    assert clean(clean(text)) == written


def test_a_letter_that_xml_cannot_carry_is_shown_as_a_sign_and_named():
    with pytest.raises(ForbiddenCharacter) as refused:
        clean("x" * 100 + "\x01")
    assert refused.value.facts == {"character": "U+0001", "text": "x" * 60}


def test_members_without_words_stand_for_themselves_and_profile_words_must_exist():
    assert member("noSuchMember") == Text("noSuchMember", "noSuchMember")
    assert place("items") == Text("器具", "items")
    assert place("respPersons/name").zh.startswith("责任人员 › ")
    with pytest.raises(KeyError):
        words("jl_nothing")


def test_leaves_hold_every_text_and_attribute_once_with_a_path_of_its_own():
    root = etree.fromstring(dcc_xml(sample_content()))
    leaves = leaves_of(root)
    assert len({leaf.path for leaf in leaves}) == len(leaves)
    said = [leaf.said for leaf in leaves]
    for each in root.iter(etree.Element):
        for text in each.attrib.values():
            assert text in said
        if len(each) == 0 and each.text and not etree.QName(each).localname.endswith("XMLList"):
            assert each.text.strip() in said


def test_differences_of_a_table_of_many_columns_and_rows_take_no_time():
    cells = tuple(f"{n}.0" for n in range(2000))
    columns = tuple(Column("gp_value", Text(f"列{n}", f"column {n}"), "\\volt", cells) for n in range(30))
    one = read_certificate(dcc_xml(sample_content(results=(ResultTable(Text("表", "T"), columns),))))
    changed = (*columns[:-1], Column("gp_value", Text("列29", "column 29"), "\\volt", (*cells[:-1], "7")))
    other = read_certificate(dcc_xml(sample_content(results=(ResultTable(Text("表", "T"), changed),))))
    (found,) = difference(one, other)
    assert (found.issued, found.presented) == ("1999.0", "7")
    assert found.name == Text("1999.0 V 列29", "1999.0 V column 29")


def test_a_table_without_columns_is_missing_something_by_name():
    with pytest.raises(MissingContent) as refused:
        dcc_xml(sample_content(results=(sample_table().__class__(Text("表", "T"), ()),)))
    assert refused.value.facts["place"] == place("results/columns")
