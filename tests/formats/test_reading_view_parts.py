"""Parties, persons, items, statements, conditions and the file itself, as people read them."""

import pytest
from tests.formats.dcc_samples import CONTACT, certificate_with, quantity, real, real_list, reference
from tests.formats.reading_pieces import (
    bare,
    blocks,
    contents_xml,
    every_text,
    fact_list,
    facts,
    group,
    listed,
    section,
    table_view,
    tables,
    view_of,
)

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.reading_view.blocks import Facts, Group, Paragraph
from jialiang.formats.reading_view.building import MOST_LEVELS, flattened, reading_view
from jialiang.formats.reading_view.errors import ReadingTooLarge


def name(*contents):
    return f"<dcc:name>{contents_xml(*contents)}</dcc:name>"


def laboratory(contact, after=""):
    return bare(
        f"<dcc:calibrationLaboratory><dcc:contact>{contact}</dcc:contact>{after}</dcc:calibrationLaboratory>"
    )


ADDRESSES = [
    ("<dcc:street>Main Road</dcc:street><dcc:streetNo>1</dcc:streetNo><dcc:postCode>12345</dcc:postCode>"
     "<dcc:city>Town</dcc:city><dcc:countryCode>DE</dcc:countryCode>", ("Main Road 1, 12345 Town, DE",)),
    ("<dcc:city>Town</dcc:city><dcc:state>Region</dcc:state><dcc:postCode>1</dcc:postCode>", ("1 Town, Region",)),
    ("<dcc:postOfficeBox>77</dcc:postOfficeBox><dcc:city>Town</dcc:city>", ("P.O. box 77, Town",)),
    ('<dcc:further><dcc:content lang="en">Room 5</dcc:content><dcc:content lang="en">Floor 2</dcc:content>'
     "</dcc:further><dcc:city>Town</dcc:city>", ("Room 5", "Floor 2", "Town")),
    ("<dcc:street>A</dcc:street><dcc:street>B</dcc:street><dcc:city>T</dcc:city>", ("A B, T",)),
    ("<dcc:city>  Town \n Hall </dcc:city>", ("Town Hall",)),
    ("<dcc:city></dcc:city>", None),
]  # fmt: skip


@pytest.mark.parametrize(("location", "lines"), ADDRESSES)
def test_an_address_is_one_text(location, lines):
    document = laboratory(f"{name(('', 'Lab'))}<dcc:location>{location}</dcc:location>")
    told = {fact.label.text: fact.said.lines for fact in fact_list(view_of(document), "laboratory")}
    assert told.get("Address") == lines


def test_a_position_is_part_of_the_address():
    position = """<dcc:positionCoordinates><dcc:positionCoordinateSystem>WGS84</dcc:positionCoordinateSystem>
    <dcc:reference>EPSG:4326</dcc:reference>
    <dcc:positionCoordinate1><si:value>52.2951</si:value><si:unit>\\degree</si:unit></dcc:positionCoordinate1>
    <dcc:positionCoordinate2><si:value>10.4627</si:value><si:unit>\\degree</si:unit></dcc:positionCoordinate2>
    </dcc:positionCoordinates>"""
    told = facts(
        view_of(laboratory(f"{name(('', 'Lab'))}<dcc:location>{position}</dcc:location>")), "laboratory"
    )
    assert told["Address"] == "WGS84\nEPSG:4326\n52.2951 °; 10.4627 °"


def test_ways_to_reach_a_laboratory_and_its_code_and_seals():
    contact = f"""{name(("", "Lab"))}<dcc:eMail>a@b.example</dcc:eMail><dcc:phone>+1 2</dcc:phone>
    <dcc:fax>+3 4</dcc:fax>
    <dcc:link>https://lab.example</dcc:link>"""
    document = bare(f"""<dcc:calibrationLaboratory><dcc:calibrationLaboratoryCode>D-K-1</dcc:calibrationLaboratoryCode>
    <dcc:contact>{contact}</dcc:contact><dcc:cryptElectronicSeal>true</dcc:cryptElectronicSeal>
    <dcc:cryptElectronicSignature>0</dcc:cryptElectronicSignature></dcc:calibrationLaboratory>""")
    told = facts(view_of(document), "laboratory")
    assert told == {
        "Name": "Lab", "Laboratory code": "D-K-1", "Telephone": "+1 2", "Fax": "+3 4", "E-mail": "a@b.example",
        "Link": "https://lab.example", "Electronic seal": "yes", "Electronic signature": "no",
    }  # fmt: skip


PERSONS = [
    ("<dcc:mainSigner>true</dcc:mainSigner>", ("main signer",)),
    ("<dcc:mainSigner>1</dcc:mainSigner><dcc:cryptElectronicSeal>true</dcc:cryptElectronicSeal>",
     ("main signer, electronic seal",)),
    ("<dcc:mainSigner>false</dcc:mainSigner>", ("Responsible person",)),
    ("<dcc:role>Head of the laboratory</dcc:role>", ("Head of the laboratory",)),
    ("<dcc:role>head</dcc:role><dcc:mainSigner>true</dcc:mainSigner>", ("head", "main signer")),
    ('<dcc:description><dcc:content lang="en">Deputy</dcc:content></dcc:description>', ("Deputy",)),
    ("<dcc:cryptElectronicSignature>true</dcc:cryptElectronicSignature>"
     "<dcc:cryptElectronicTimeStamp>true</dcc:cryptElectronicTimeStamp>",
     ("electronic signature, electronic time stamp",)),
]  # fmt: skip


@pytest.mark.parametrize(("said", "lines"), PERSONS)
def test_a_person_is_told_with_duty_and_role(said, lines):
    document = bare(f"<dcc:respPersons><dcc:respPerson><dcc:person>{name(('', 'A. B.'))}</dcc:person>{said}"
                    "</dcc:respPerson></dcc:respPersons>")  # fmt: skip
    (fact,) = fact_list(view_of(document), "persons")
    assert fact.label.text == "A. B."
    assert fact.said.lines == lines


def test_the_duty_of_a_person_of_this_house_is_a_hint():
    document = bare(f"""<dcc:respPersons><dcc:respPerson refType="jl_reviewed"><dcc:person>{name(("", "李工"))}
    </dcc:person></dcc:respPerson></dcc:respPersons>""")
    (fact,) = fact_list(view_of(document, "zh"), "persons")
    assert fact.hint == "核验"


def test_a_person_without_a_name_is_still_a_person():
    document = bare("<dcc:respPersons><dcc:respPerson/></dcc:respPersons>")
    (fact,) = fact_list(view_of(document), "persons")
    assert (fact.label.text, fact.said.text) == ("Responsible person", "Responsible person")


@pytest.mark.parametrize(
    ("issuer", "zh", "en"),
    [
        ("manufacturer", "制造商给出", "by the manufacturer"),
        ("customer", "委托方给出", "by the customer"),
        ("calibrationLaboratory", "校准实验室给出", "by the calibration laboratory"),
        ("owner", "所有者给出", "by the owner"),
        ("other", "其他方给出", "by another"),
        ("somebody", "somebody", "somebody"),
        ("", "", ""),
    ],
)
def test_numbers_of_items_say_who_gave_them(issuer, zh, en):
    item = f"""<dcc:items><dcc:item>{name(("", "Thing"))}<dcc:identifications><dcc:identification>
    <dcc:issuer>{issuer}</dcc:issuer><dcc:value>S-1</dcc:value>{name(("en", "Serial no."))}</dcc:identification>
    </dcc:identifications></dcc:item></dcc:items>"""
    for language, hint in (("zh", zh), ("en", en)):
        (fact,) = fact_list(view_of(bare(item), language), "items")
        assert (fact.label.text, fact.said.text, fact.hint) == ("Serial no.", "S-1", hint)


def test_items_tell_all_that_is_said_of_them():
    item = f"""<dcc:items>{name(("en", "A set"))}<dcc:description><dcc:content lang="en">In a box.</dcc:content>
    </dcc:description><dcc:owner>{CONTACT}</dcc:owner><dcc:item>{name(("en", "Weight"))}
    <dcc:equipmentClass><dcc:reference>ECLASS</dcc:reference><dcc:classID>27-20</dcc:classID></dcc:equipmentClass>
    <dcc:installedSoftwares><dcc:software>{name(("", "FW"))}<dcc:release>1.2</dcc:release><dcc:type>firmware</dcc:type>
    </dcc:software></dcc:installedSoftwares><dcc:manufacturer>{name(("", "Maker"))}</dcc:manufacturer>
    <dcc:model>M-5</dcc:model><dcc:itemQuantities><dcc:itemQuantity>{name(("en", "nominal"))}
    {real("1", chr(92) + "kilogram")}</dcc:itemQuantity></dcc:itemQuantities>
    <dcc:subItems><dcc:item>{name(("en", "Knob"))}<dcc:model>K-1</dcc:model></dcc:item></dcc:subItems>
    </dcc:item></dcc:items>"""
    view = view_of(bare(item))
    told = facts(view, "items")
    assert told["Name"] == "A set"
    assert told["Owner"] == "Someone"
    assert told["Equipment class"] == "ECLASS 27-20"
    assert told["FW"] == "release 1.2"
    assert told["Manufacturer"] == "Maker"
    assert "In a box." in every_text(view)
    assert [cell.text for cell in tables(view, "items")[0].rows[0]] == ["nominal", "1 kg"]
    assert group(view, "Parts").blocks[0].heading.text == "Knob"
    assert facts(view, "items")["Model"] == "K-1"


def test_a_reference_leads_to_those_above_it():
    linked = """<dcc:linkedReport><dcc:referral><dcc:content>Above</dcc:content></dcc:referral>
    <dcc:referralID>UP-1</dcc:referralID><dcc:procedure>sha256</dcc:procedure><dcc:value>beef</dcc:value>
    </dcc:linkedReport>"""
    validity = "<dcc:inValidityRange>true</dcc:inValidityRange><dcc:traceable>false</dcc:traceable>"
    equipment = reference("C-1", "sha256", "cafe", extra=validity + linked)
    view = view_of(certificate_with(equipment=equipment))
    standard = next(each for each in blocks(view, Group) if each.heading.text == "Standard")
    (told,) = [block for block in standard.blocks if isinstance(block, Facts)]
    assert [(fact.label.text, fact.said.text) for fact in told.facts] == [
        ("Certificate", "C-1\nCertificate"),
        ("Digest", "sha256: cafe"),
        ("In its validity when used", "yes"),
        ("Traceable", "no"),
        ("Linked to", "UP-1\nAbove"),
        ("Digest", "sha256: beef"),
    ]


STATEMENTS = [
    ("<dcc:norm>ISO/IEC 17025</dcc:norm><dcc:norm>GUM</dcc:norm>", "Normative document", "ISO/IEC 17025, GUM"),
    ("<dcc:reference>7.8.4.3</dcc:reference>", "Reference", "7.8.4.3"),
    ("<dcc:link>https://x.example</dcc:link>", "Link", "https://x.example"),
    ("<dcc:convention>CIPM-MRA</dcc:convention>", "Convention", "CIPM-MRA"),
    ("<dcc:countryCodeISO3166_1>CN</dcc:countryCodeISO3166_1><dcc:countryCodeISO3166_1>DE</dcc:countryCodeISO3166_1>",
     "Countries", "CN, DE"),
    ("<dcc:traceable>true</dcc:traceable>", "Traceable", "yes"),
    ("<dcc:traceable>false</dcc:traceable>", "Traceable", "no"),
    ("<dcc:valid>1</dcc:valid>", "Valid", "yes"),
    ("<dcc:validXMLList>true false</dcc:validXMLList>", "Valid", "yes, no"),
    ("<dcc:date>2027-01-01</dcc:date>", "Date", "2027-01-01"),
    ("<dcc:period>P1Y</dcc:period>", "Period", "P1Y"),
    ("<dcc:conformity>conditionalFail</dcc:conformity>", "Conformity", "conditional fail"),
    ("<dcc:conformity>perhaps</dcc:conformity>", "Conformity", "perhaps"),
    ("<dcc:nonSIDefinition>one Chinese foot</dcc:nonSIDefinition>", "Definition of the non-SI unit",
     "one Chinese foot"),
    ("<dcc:nonSIUnit>chi</dcc:nonSIUnit>", "Non-SI unit", "chi"),
    (f"<dcc:respAuthority>{CONTACT}</dcc:respAuthority>", "Responsible authority", "Someone"),
    ("<dcc:location><dcc:city>Town</dcc:city></dcc:location>", "Location", "Town"),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "label", "text"), STATEMENTS)
def test_everything_that_a_statement_says_is_a_fact(inside, label, text):
    view = view_of(certificate_with(statements=f"<dcc:statement>{inside}</dcc:statement>"))
    assert facts(view, "statements")[label] == text


HEADINGS = [
    ("", "", "Statement 1", ""),
    ("", "basic_recalibration", "Recalibration", ""),
    ("", "something_else", "Statement 1", ""),
    (name(("en", "Uncertainty")), "", "Uncertainty", ""),
    (name(("en", "Until")), "basic_recalibration", "Until", "Recalibration"),
    (name(("en", "Until")), "own basic_recalibration", "Until", "Recalibration"),
]  # fmt: skip


@pytest.mark.parametrize(("named", "ref_type", "heading", "about"), HEADINGS)
def test_a_statement_is_headed_by_name_type_or_number(named, ref_type, heading, about):
    attribute = f' refType="{ref_type}"' if ref_type else ""
    inside = f"<dcc:statement{attribute}>{named}<dcc:valid>true</dcc:valid></dcc:statement>"
    (block,) = section(view_of(certificate_with(statements=inside)), "statements").blocks
    assert (block.heading.text, block.about) == (heading, about)


def test_a_declaration_that_repeats_the_heading_is_shown_once():
    inside = f"""<dcc:statement>{name(("en", "Conformity"))}<dcc:declaration>
    <dcc:content lang="en">Conformity</dcc:content>
    </dcc:declaration><dcc:conformity>pass</dcc:conformity></dcc:statement>"""
    (block,) = section(view_of(certificate_with(statements=inside)), "statements").blocks
    assert [type(each) for each in block.blocks] == [Facts]


def condition(title, data, status="", extra=""):
    stated = f"<dcc:status>{status}</dcc:status>" if status else ""
    return f"""<dcc:influenceCondition>{name(("en", title))}{extra}{stated}<dcc:data>{data}</dcc:data>
    </dcc:influenceCondition>"""


def test_conditions_of_single_quantities_are_one_table():
    told = condition("Temperature", quantity(real("20", "\\degreecelsius"), "least")
                     + quantity(real("21", "\\degreecelsius"), "greatest"))  # fmt: skip
    told += condition("Pressure", quantity(real("1013", "\\hecto\\pascal"), ""))
    view = view_of(certificate_with(conditions=told))
    table = group(view, "Influence conditions").blocks[0]
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["Temperature", "least", "20 °C"],
        ["", "greatest", "21 °C"],
        ["Pressure", "", "1013 hPa"],
    ]


@pytest.mark.parametrize(
    ("status", "zh", "en"),
    [("beforeAdjustment", "调整前", "before adjustment"), ("afterAdjustment", "调整后", "after adjustment"),
     ("beforeRepair", "修理前", "before repair"), ("afterRepair", "修理后", "after repair"), ("new", "new", "new")],
)  # fmt: skip
def test_the_state_of_a_condition_is_said(status, zh, en):
    told = condition("Air", quantity(real("20", "\\kelvin"), "T"), status)
    other = condition("Water", quantity(real("21", "\\kelvin"), "T"))
    for language, text in (("zh", zh), ("en", en)):
        view = view_of(certificate_with(conditions=told + other), language)
        table = next(each for each in tables(view, "results") if each.keys == 2)
        assert table.rows[0][0].lines == (text, "Air")


def test_conditions_with_lists_stand_alone():
    told = condition("Bath", listed(quantity(real_list("1 2 3", "\\kelvin"), "T")), "afterAdjustment")
    view = view_of(certificate_with(conditions=told))
    assert group(view, "Bath").about == "after adjustment"


def test_methods_say_norms_references_and_their_quantities():
    after = f"""<dcc:usedMethods><dcc:usedMethod>{name(("en", "Weighing"))}<dcc:description>
    <dcc:content lang="en">In air.
    </dcc:content></dcc:description><dcc:norm>OIML R 111</dcc:norm><dcc:reference>10.1/x</dcc:reference>
    <dcc:link>https://m.example</dcc:link><dcc:usedMethodQuantities><dcc:usedMethodQuantity>{name(("en", "cycles"))}
    {real("6", chr(92) + "one")}</dcc:usedMethodQuantity></dcc:usedMethodQuantities>
    </dcc:usedMethod></dcc:usedMethods>"""
    view = table_view(listed(quantity(real_list("1 2", "\\metre"), "x"), after=after))
    method = group(view, "Weighing")
    assert method.blocks[0].said.text == "In air."
    told = {fact.label.text: fact.said.text for fact in method.blocks[1].facts}
    assert told == {"Normative document": "OIML R 111", "Reference": "10.1/x", "Link": "https://m.example"}
    assert [cell.text for cell in method.blocks[2].rows[0]] == ["cycles", "6"]


def test_what_a_result_refers_to_is_told_by_name():
    after = '<dcc:measurementMetaData><dcc:metaData refId="item1 nowhere"/></dcc:measurementMetaData>'
    view = table_view(listed(quantity(real_list("1 2", "\\metre"), "x", after=after)))
    told = [(f.label.text, f.said.text) for block in blocks(view, Facts) for f in block.facts]
    assert told.count(("Refers to", "Thing")) == 2  # the measurement result refers to the item too


def test_foreign_xml_is_shown_as_text():
    foreign = '<dcc:xml><a:log xmlns:a="urn:x"><a:p>first</a:p><a:p> second \n one</a:p></a:log></dcc:xml>'
    block = group(table_view(foreign), "log (urn:x)")
    assert block.about == "XML of another vocabulary"
    assert block.blocks[0].said.lines == ("first second one",)


def test_foreign_xml_without_text_says_so():
    block = group(table_view('<dcc:xml><a:log xmlns:a="urn:x"/></dcc:xml>'), "log (urn:x)")
    assert block.blocks[0].said.text == "(no text)"


CORE = """<dcc:coreData><dcc:uniqueIdentifier> N  1 </dcc:uniqueIdentifier>{}</dcc:coreData>"""


@pytest.mark.parametrize(
    ("inside", "label", "text"),
    [
        ("<dcc:issueDate>2026-01-02</dcc:issueDate>", "Date of issue", "2026-01-02"),
        ("<dcc:receiptDate>2026-01-01Z</dcc:receiptDate>", "Date of receipt", "2026-01-01Z"),
        ("<dcc:performanceLocation>customer</dcc:performanceLocation>", "Place of performance",
         "at the customer's site"),
        ("<dcc:performanceLocation>moon</dcc:performanceLocation>", "Place of performance", "moon"),
        ("<dcc:countryCodeISO3166_1>CN</dcc:countryCodeISO3166_1>", "Country", "CN"),
        ("<dcc:usedLangCodeISO639_1>zh</dcc:usedLangCodeISO639_1>", "Languages of the certificate", "Chinese (zh)"),
        ("<dcc:usedLangCodeISO639_1>xx</dcc:usedLangCodeISO639_1>", "Languages of the certificate", "xx"),
        ("<dcc:previousReport><dcc:referral><dcc:content>Old</dcc:content></dcc:referral><dcc:referralID>N-0"
         "</dcc:referralID></dcc:previousReport>", "Previous report", "N-0\nOld"),
        ("", "Unique identifier", "N 1"),
    ],
)  # fmt: skip
def test_core_data_are_facts(inside, label, text):
    assert facts(view_of(bare(CORE.format(inside))), "identity")[label] == text


@pytest.mark.parametrize(
    ("change", "hint"), [("amended", "amended"), ("substituted", "substituted"), ("x", "x")]
)
def test_what_a_certificate_replaces_is_said(change, hint):
    inside = f"""<dcc:reportAmendedSubstituted><dcc:typeOfChange>{change}</dcc:typeOfChange>
    <dcc:replacedUniqueIdentifier>N-0</dcc:replacedUniqueIdentifier></dcc:reportAmendedSubstituted>"""
    fact = next(each for each in fact_list(view_of(bare(CORE.format(inside))), "identity") if each.hint)
    assert (fact.label.text, fact.said.text, fact.hint) == ("Replaces", "N-0", hint)


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        ("", "校准证书", "Calibration certificate"),
        ("calibration", "校准证书", "Calibration certificate"),
        ("legal_verification", "检定证书", "Verification certificate"),
        ("testing", "检测报告", "Test report"),
        ("<b>x</b>", "校准证书", "Calibration certificate"),
    ],
)
def test_the_title_is_the_kind_of_certificate(kind, zh, en):
    convention = kind.replace("<", "&lt;")
    statement = (
        f'<dcc:statement refType="jl_kind"><dcc:convention>{convention}</dcc:convention></dcc:statement>'
    )
    document = certificate_with(statements=statement if kind else "")
    assert view_of(document, "zh").title == zh
    assert view_of(document, "en").title == en


NOTICES = [
    ((("zh", "质量"), ("en", "mass")), "zh", None),
    ((("de", "Masse"),), "zh", "本证书的部分文字没有中文"),
    ((("de", "Masse"),), "en", "Some texts of this certificate are not in English"),
]


@pytest.mark.parametrize(("contents", "language", "beginning"), NOTICES)
def test_a_missing_language_is_said(contents, language, beginning):
    inside = f"<dcc:statement>{name(*contents)}<dcc:valid>true</dcc:valid></dcc:statement>"
    view = view_of(certificate_with(statements=inside), language)
    assert [each.said.text.startswith(beginning or "-") for each in view.notices] == (
        [True] if beginning else []
    )


def test_a_certificate_wholly_in_another_language_says_so():
    document = bare(f"<dcc:items><dcc:item>{name(('fr', 'masse'))}</dcc:item></dcc:items>")
    (notice,) = view_of(document, "en").notices
    assert notice.said.text.startswith("This certificate has no texts in English.")
    assert "French (fr)" in notice.said.text


def test_own_words_are_in_the_language_of_the_page_and_content_is_never_translated():
    document = bare(f"<dcc:items><dcc:item>{name(('de', 'Massestück'))}</dcc:item></dcc:items>")
    for language in ("zh", "en"):
        lines = every_text(view_of(document, language))
        assert "Massestück" in lines
        assert not {"砝码", "weight", "Weight"} & set(lines)


BROKEN = [
    bare(), bare("<dcc:coreData/>"), bare("<dcc:items/>"), bare("<dcc:items><dcc:item/></dcc:items>"),
    bare("<dcc:calibrationLaboratory/>"), bare("<dcc:respPersons/>"), bare("<dcc:customer/>"),
    bare("<dcc:statements><dcc:statement/></dcc:statements>"),
    bare(results="<dcc:measurementResult/>"),
    bare(results="<dcc:measurementResult><dcc:results><dcc:result/></dcc:results></dcc:measurementResult>"),
    bare(results="<dcc:measurementResult><dcc:results><dcc:result><dcc:data><dcc:quantity/></dcc:data></dcc:result>"
                 "</dcc:results></dcc:measurementResult>"),
    bare(results="<dcc:measurementResult><dcc:results><dcc:result><dcc:data><dcc:list/></dcc:data></dcc:result>"
                 "</dcc:results></dcc:measurementResult>"),
    bare(after="<dcc:comment/><dcc:document/>"),
    bare(version="9.9.9"), bare(version=""),
    b'<dcc:digitalCalibrationCertificate xmlns:dcc="https://ptb.de/dcc"/>',
]  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("document", BROKEN)
def test_what_is_missing_is_left_out(document, language):
    view = view_of(document, language)
    assert view.title
    assert view.sections[-1].key == "file"


def test_comment_and_document_stand_at_the_end():
    after = """<dcc:comment><a:x xmlns:a="urn:x">first<a:y>second</a:y></a:x></dcc:comment><dcc:document>
    <dcc:fileName>paper.pdf</dcc:fileName><dcc:mimeType>application/pdf</dcc:mimeType>
    <dcc:dataBase64>JVBERg==</dcc:dataBase64></dcc:document>"""
    view = view_of(bare(after=after))
    assert group(view, "Comment").blocks[0].said.text == "first second"
    document = next(each for each in blocks(view, Group) if each.about == "Document inside")
    assert document.blocks[0].facts[0].said.text == "paper.pdf"


def test_types_that_a_certificate_defines_are_told():
    definition = f"""<dcc:refTypeDefinitions><dcc:refTypeDefinition>{name(("en", "Mass types"))}
    <dcc:namespace>mass</dcc:namespace><dcc:link>https://t.example</dcc:link><dcc:release>1</dcc:release>
    </dcc:refTypeDefinition></dcc:refTypeDefinitions>"""
    told = facts(view_of(bare(definition)), "file")
    assert (told["Namespace"], told["Link"], told["Release"]) == ("mass", "https://t.example", "1")


def test_groups_do_not_stand_deeper_than_pages_can_show():
    deep = "<dcc:list><dcc:name><dcc:content>level</dcc:content></dcc:name>" * 80
    view = table_view(deep + quantity(real_list("1.5 2.5", "\\metre"), "x") + "</dcc:list>" * 80)
    assert {"1.5", "2.5"} <= set(every_text(view))

    def depth(block):
        return 1 + max((depth(each) for each in block.blocks if isinstance(each, Group)), default=0)

    assert max(depth(each) for each in view.sections) == MOST_LEVELS + 1
    headings = [block for block in blocks(view, Paragraph) if block.said.text == "level"]
    assert len(headings) + len([each for each in blocks(view, Group) if each.heading.text == "level"]) == 80


def test_flattening_leaves_shallow_groups_alone():
    view = table_view(listed(quantity(real_list("1 2", "\\metre"), "x"), name="a"))
    assert tuple(map(flattened, view.sections)) == view.sections


def test_a_certificate_of_a_million_numbers_is_refused(monkeypatch):
    monkeypatch.setattr("jialiang.formats.reading_view.building.MOST_NUMBERS", 3)
    with pytest.raises(ReadingTooLarge) as caught:
        view_of(certificate_with(quantity(real_list("1 2 3 4", "\\metre"))))
    assert caught.value.facts == {"numbers": 4, "limit": 3}
    assert "4" in caught.value.what.en
    view_of(certificate_with(quantity(real_list("1 2 3", "\\metre"))))


def test_a_certificate_keeps_the_bytes_that_it_was_read_from():
    document = certificate_with() + b"\n<!-- end -->\n"
    assert Certificate.read(document).xml == document
    assert Certificate.of(Certificate.read(document).tree).xml.startswith(
        b"<?xml version='1.0' encoding='UTF-8'?>"
    )
    assert Certificate.of(Certificate.read(document).tree).source == b""


def test_the_view_of_a_tree_is_that_of_its_bytes():
    document = certificate_with(listed(quantity(real_list("1 2", "\\metre"), "x")))
    read = Certificate.read(document)
    assert reading_view(read, "en") == reading_view(Certificate.of(read.tree), "en")
