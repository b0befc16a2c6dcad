"""The same certificate in the spelling of every version reads the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.dcc_samples import DCC, SAMPLES, SI, sample
from tests.formats.reading_pieces import (
    LANGUAGES,
    blocks,
    every_text,
    facts,
    group,
    table_view,
    tables,
    view_of,
    words_of,
)
from tests.formats.test_html_page import page_of

from jialiang.formats.conversion.binary import from_json, to_json
from jialiang.formats.conversion.lossless import from_lossless, to_lossless
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.migration.migrating import migrate
from jialiang.formats.dcc.versions import known_versions
from jialiang.formats.html_page.page import html_of
from jialiang.formats.reading_view.blocks import Picture
from jialiang.formats.reading_view.building import reading_view
from jialiang.formats.xml.parsing import parse_xml

VERSIONS = known_versions()
EARLY = tuple(version for version in VERSIONS if version < "3")


def uncertainty(version):
    """An expanded uncertainty as the D-SI of the version spells it."""
    if version < "3.3":
        return """<si:expandedUnc><si:uncertainty>0.020</si:uncertainty><si:coverageFactor>2</si:coverageFactor>
        <si:coverageProbability>0.95</si:coverageProbability></si:expandedUnc>"""
    return """<si:measurementUncertaintyUnivariate><si:expandedMU><si:valueExpandedMU>0.020</si:valueExpandedMU>
    <si:coverageFactor>2</si:coverageFactor><si:coverageProbability>0.95</si:coverageProbability></si:expandedMU>
    </si:measurementUncertaintyUnivariate>"""


def document(version):
    """A certificate with what every version has, each part under its name of that time."""
    early = version < "3"
    name_of_number = "description" if early else "name"
    referral, referral_id = ("reference", "referenceID") if early else ("referral", "referralID")
    status, data = ("state", "data") if early else ("status", "dataBase64")
    stated = f' schemaVersion="{version}"' if version > "2.2.0" else (
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="https://ptb.de/dcc https://ptb.de/dcc/v{version}/dcc.xsd"'
    )  # fmt: skip
    text = "<dcc:content lang='en'>{}</dcc:content>".format
    return f"""<dcc:digitalCalibrationCertificate xmlns:dcc="{DCC}" xmlns:si="{SI}"{stated}>
    <dcc:administrativeData><dcc:coreData><dcc:usedLangCodeISO639_1>en</dcc:usedLangCodeISO639_1>
    <dcc:mandatoryLangCodeISO639_1>en</dcc:mandatoryLangCodeISO639_1><dcc:uniqueIdentifier>N-1</dcc:uniqueIdentifier>
    <dcc:beginPerformanceDate>2020-01-01</dcc:beginPerformanceDate>
    <dcc:previousReport><dcc:{referral}>{text("Before")}</dcc:{referral}><dcc:{referral_id}>N-0</dcc:{referral_id}>
    <dcc:procedure>sha256</dcc:procedure><dcc:value>ab</dcc:value></dcc:previousReport></dcc:coreData>
    <dcc:items><dcc:item><dcc:name>{text("Weight")}</dcc:name><dcc:description>{text("In a box.")}</dcc:description>
    <dcc:identifications><dcc:identification><dcc:issuer>manufacturer</dcc:issuer><dcc:value>S-1</dcc:value>
    <dcc:{name_of_number}>{text("Serial no.")}</dcc:{name_of_number}></dcc:identification></dcc:identifications>
    </dcc:item></dcc:items><dcc:calibrationLaboratory><dcc:contact><dcc:name>{text("Lab")}</dcc:name>
    <dcc:eMail>a@b.example</dcc:eMail></dcc:contact></dcc:calibrationLaboratory></dcc:administrativeData>
    <dcc:measurementResults><dcc:measurementResult><dcc:usedMethods><dcc:usedMethod><dcc:name>{text("Weighing")}</dcc:name>
    <dcc:description>{text("In air.")}</dcc:description><dcc:norm>OIML R 111</dcc:norm></dcc:usedMethod>
    </dcc:usedMethods>
    <dcc:influenceConditions><dcc:influenceCondition><dcc:name>{text("Air")}</dcc:name>
    <dcc:{status}>afterAdjustment</dcc:{status}><dcc:data><dcc:quantity><dcc:name>{text("t")}</dcc:name>
    <si:real><si:value>20.0</si:value><si:unit>\\degreecelsius</si:unit></si:real></dcc:quantity></dcc:data>
    </dcc:influenceCondition></dcc:influenceConditions>
    <dcc:results><dcc:result><dcc:name>{text("Mass")}</dcc:name><dcc:data><dcc:byteData><dcc:name>{text("Log")}</dcc:name>
    <dcc:description>{text("Readings")}</dcc:description><dcc:fileName>log.txt</dcc:fileName>
    <dcc:mimeType>text/plain</dcc:mimeType><dcc:{data}>YWJj</dcc:{data}></dcc:byteData>
    <dcc:quantity><dcc:name>{text("m")}</dcc:name><si:real><si:value>1.0000</si:value><si:unit>\\kilogram</si:unit>
    {uncertainty(version)}</si:real></dcc:quantity></dcc:data></dcc:result></dcc:results>
    </dcc:measurementResult></dcc:measurementResults></dcc:digitalCalibrationCertificate>""".encode()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_version_is_said(version):
    assert view_of(document(version)).version == version
    assert facts(view_of(document(version)), "identity")["DCC version"] == version


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_reads_as_the_latest(version, language):
    def lines(which):
        return [line for line in every_text(view_of(document(which), language)) if line != which]

    assert lines(version) == lines("3.3.0")


@pytest.mark.parametrize("version", VERSIONS)
def test_parts_that_changed_their_names_are_read(version):
    view = view_of(document(version))
    told = facts(view)
    assert told["Previous report"] == "N-0\nBefore"
    assert told["Serial no."] == "S-1"
    assert told["Normative document"] == "OIML R 111"
    assert told["File name"] == "log.txt"
    assert told["Description"] == "Readings"
    assert told["Size"] == "3 B"
    result, condition = tables(view, "results")
    assert [cell.text for cell in result.rows[0]] == ["m", "1.0000 kg", "U = 0.020 kg", "2", "0.95"]
    assert "after adjustment" in every_text(view)
    assert [cell.text for cell in condition.rows[0]][-1] == "20.0 °C"
    assert group(view, "Weighing").blocks[0].said.text == "In air."
    assert blocks(view, Picture) == []


@pytest.mark.parametrize("version", [version for version in VERSIONS if version >= "2.2.0"])
def test_migration_changes_no_number_of_the_page(version):
    before = view_of(document(version))
    after = reading_view(Certificate.of(parse_xml(migrate(parse_xml(document(version))).xml())), "en")
    assert tables(after, "results") == tables(before, "results")
    assert after.version == "3.3.0"


@pytest.mark.parametrize("name", SAMPLES)
def test_the_lossless_form_reads_as_the_file(oracles, name):
    data = sample(oracles, name)
    back = from_lossless(from_json(to_json(to_lossless(parse_xml(data)))))
    for language in LANGUAGES:
        assert view_of(back, language) == view_of(data, language)


NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=4).map(str) | st.sampled_from(
    ["0", "-0", "1e5", "1E-12", "0.100", "007", "NaN", "INF", "9" * 40, "0." + "0" * 30 + "1"]
)
UNITS = st.sampled_from(
    ["\\metre", "\\kelvin", "\\one", "\\percent", "\\degreecelsius", "nonsense", "\\volt\\per\\metre"]
)
WORDS = st.text(
    alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12
)


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@st.composite
def quantities(draw):
    """A quantity of any form, and the numbers in it."""
    kind = draw(st.sampled_from(["real", "list", "hybrid", "complex", "constant"]))
    unit, numbers = draw(UNITS), []

    def number():
        numbers.append(draw(NUMBERS))
        return numbers[-1]

    def real():
        return f"<si:real><si:value>{number()}</si:value><si:unit>{unit}</si:unit></si:real>"

    if kind == "real":
        u = f"""<si:expandedUnc><si:uncertainty>{number()}</si:uncertainty><si:coverageFactor>{number()}
        </si:coverageFactor><si:coverageProbability>{number()}</si:coverageProbability></si:expandedUnc>"""
        content = f"<si:real><si:value>{number()}</si:value><si:unit>{unit}</si:unit>{u}</si:real>"
    elif kind == "list":
        values = " ".join(number() for _ in range(draw(st.integers(1, 5))))
        content = f"""<si:realListXMLList><si:valueXMLList>{values}</si:valueXMLList>
        <si:unitXMLList>{unit}</si:unitXMLList></si:realListXMLList>"""
    elif kind == "hybrid":
        content = f"<si:hybrid>{real()}{real()}</si:hybrid>"
    elif kind == "complex":
        content = f"""<si:complex><si:valueReal>{number()}</si:valueReal><si:valueImag>{number()}</si:valueImag>
        <si:unit>{unit}</si:unit></si:complex>"""
    else:
        content = f"<si:constant><si:value>{number()}</si:value><si:unit>{unit}</si:unit></si:constant>"
    name = escaped(draw(WORDS))
    return (
        f"<dcc:quantity><dcc:name><dcc:content>{name}</dcc:content></dcc:name>{content}</dcc:quantity>",
        numbers,
    )


@st.composite
def data(draw, depth=0):
    """Quantities, some of them in lists in lists; and the numbers in them."""
    found = draw(st.lists(quantities(), min_size=1, max_size=3))
    xml, numbers = "".join(text for text, _ in found), [number for _, each in found for number in each]
    if depth < 3 and draw(st.booleans()):
        inside, more = draw(data(depth=depth + 1))
        xml, numbers = f"{xml}<dcc:list>{inside}</dcc:list>", numbers + more
    return xml, numbers


@settings(max_examples=40)
@given(data(), st.sampled_from(LANGUAGES))
def test_no_number_of_any_form_in_any_order_is_lost(made, language):
    xml, numbers = made
    view = table_view(f"<dcc:list>{xml}</dcc:list>", language)
    shown = [word for line in every_text(view) for word in words_of(line)]
    assert set(numbers) <= set(shown)
    on_the_page = [word for text in page_of(view).texts for word in words_of(text)]
    assert set(numbers) <= set(on_the_page)


@settings(max_examples=40)
@given(data())
def test_a_page_is_the_same_however_often_it_is_made(made):
    assert html_of(table_view(made[0])) == html_of(table_view(made[0]))
