"""The OFD of certificates: every number, the XML byte by byte, numbered pages, an end, a symbol that a camera reads."""

import hashlib
import re
from datetime import date
from functools import cache

import pytest
import zxingcpp
from lxml import etree
from tests.conftest import absent
from tests.formats.dcc_samples import (
    DCC,
    SAMPLES,
    SI,
    c14n,
    certificate_with,
    quantity,
    real,
    real_list,
    sample,
    sample_certificate,
)
from tests.formats.ofd_drawing import draw_page
from tests.formats.sample_content import sample_content

from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.registry import convert, notations
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.ofd.certificate import certificate_document, certificate_ofd, qr_path
from jialiang.formats.ofd.checking import check_file, check_ofd
from jialiang.formats.ofd.faces import Faces, house_faces
from jialiang.formats.ofd.reading import read_ofd
from jialiang.formats.ofd.writing import NewDocument, NewPage, write_ofd
from jialiang.kernel.npm_files import npm_folder

LANGUAGES = ("zh", "en")
FACES = Faces()  # fonts of readers: fast, and the same on every machine
NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
NUMBERS = (
    "value", "valueXMLList", "uncertainty", "uncertaintyXMLList", "coverageFactor", "coverageFactorXMLList",
    "coverageProbability", "coverageProbabilityXMLList", "valueExpandedMU", "valueExpandedMUXMLList",
    "valueStandardMU", "valueStandardMUXMLList", "intervalMin", "intervalMax", "relativeUncertaintySingle",
)  # fmt: skip


@cache
def pages_of(oracles, name, language):
    """The file of a sample in a language, read."""
    return read_ofd(certificate_ofd(sample_certificate(oracles, name), language, FACES))


@pytest.fixture(scope="module")
def faces():
    """The house's fonts."""
    if not (npm_folder() / "@expo-google-fonts").is_dir():
        absent("fonts", "run npm ci")
    return house_faces(npm_folder())


@pytest.fixture(scope="module")
def own():
    """The XML of a certificate of the house."""
    return dcc_xml(sample_content())


def numbers_by_xpath(data):
    """All numbers of quantities in a certificate, as they are written: an independent reading."""
    found = []
    for element in etree.fromstring(data).iter(f"{{{SI}}}*"):
        if etree.QName(element).localname in NUMBERS:
            found += (element.text or "").split()
    return found


def small(quantities, **more):
    """A small certificate around quantities, read."""
    return Certificate.read(certificate_with(quantities, **more))


def words_of(file):
    """Everything that stands on the pages, cut where blanks are."""
    return {word for page in file.documents[0].pages for run in page.texts for word in run.text.split()}


# --- every sample, both languages ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_number_of_the_certificate_stands_on_a_page(oracles, name, language):
    numbers = numbers_by_xpath(sample(oracles, name))
    assert len(numbers) >= 10
    words = words_of(pages_of(oracles, name, language))
    shown = words | {part for word in words for part in NUMBER.findall(word)}
    assert sorted(set(numbers) - shown) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_the_xml_rides_along_byte_by_byte_and_its_digest_is_on_the_last_page(oracles, name, language):
    data = sample(oracles, name)
    document = pages_of(oracles, name, language).documents[0]
    assert document.attachment("certificate.xml").data == data
    last = "".join(document.pages[-1].lines).replace(" ", "")
    assert hashlib.sha256(data).hexdigest() in last


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_the_file_passes_the_check_and_nothing_leaves_the_page(oracles, name, language):
    rules = {finding.rule for finding in check_file(pages_of(oracles, name, language))}
    assert rules <= {"OFD-FONT-RESIDENT"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_pages_are_numbered_carry_the_number_and_end_once(oracles, name, language):
    certificate = sample_certificate(oracles, name)
    document = pages_of(oracles, name, language).documents[0]
    total = len(document.pages)
    words = {"zh": "第 {} 页 共 {} 页", "en": "Page {} of {}"}[language]
    for at, page in enumerate(document.pages, start=1):
        foot = [run.text for run in page.texts if run.y > 280]
        assert words.format(at, total) in foot
        assert any(certificate.number.strip()[:20] in text for text in foot)
    end = {"zh": "—— 以下空白 ——", "en": "— End of the certificate —"}[language]
    assert [sum(run.text == end for run in page.texts) for page in document.pages] == [0] * (total - 1) + [1]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_certificate_gives_the_same_file_and_each_language_its_own(oracles, name):
    made = {
        language: certificate_ofd(sample_certificate(oracles, name), language, FACES)
        for language in LANGUAGES
    }
    again = certificate_ofd(sample_certificate(oracles, name), "zh", FACES)
    assert made["zh"] == again
    ids = {language: read_ofd(data).documents[0].info["DocID"] for language, data in made.items()}
    assert ids["zh"] != ids["en"]
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in ids.values())


def test_with_the_houses_fonts_nothing_is_left_to_the_reader(oracles, faces):
    data = certificate_ofd(sample_certificate(oracles, "v3.1.2_gp_humidity"), "zh", faces)
    assert check_ofd(data) == ()
    fonts = read_ofd(data).documents[0].fonts
    assert {font.name for font in fonts} <= {
        "NotoSerifSC-Regular",
        "NotoSerifSC-SemiBold",
        "Inter-Regular",
        "Inter-SemiBold",
    }
    assert len(data) < 150_000


def test_the_drawn_page_shows_ink_where_texts_are_and_none_in_the_margins(oracles, faces):
    file = read_ofd(certificate_ofd(sample_certificate(oracles, "v3.0.0_mass_singleweight"), "zh", faces))
    document = file.documents[0]
    for page in document.pages:
        picture = draw_page(file, document, page).convert("L")
        width, height = picture.size
        left, top, right, bottom = picture.point(lambda shade: 255 if shade < 128 else 0).getbbox()
        assert left >= 19.5 / 210 * width
        assert right <= 192.6 / 210 * width
        assert top >= 15 / 297 * height
        assert bottom <= 290 / 297 * height


# --- what the document says of itself -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "day"),
    [
        ("", date(2026, 3, 2)),
        ("<dcc:issueDate>2026-03-09</dcc:issueDate>", date(2026, 3, 9)),
        ("<dcc:issueDate>soon</dcc:issueDate>", date(2026, 3, 2)),
        ("<dcc:issueDate>2026-03-09Z</dcc:issueDate>", date(2026, 3, 9)),
    ],
)
def test_the_day_is_that_of_issue_else_the_last_of_the_work(inside, day):
    tree = small(quantity(real("1.0", "\\metre")), end="2026-03-02").tree
    core = tree.getroot().find(f".//{{{DCC}}}coreData")
    if inside:
        core.append(etree.fromstring(f'<x xmlns:dcc="{DCC}">{inside}</x>')[0])
    made = certificate_document(Certificate.of(tree), "en", FACES)
    assert made.created == day


def test_a_certificate_without_days_states_none():
    tree = small(quantity(real("1.0", "\\metre"))).tree
    core = tree.getroot().find(f".//{{{DCC}}}coreData")
    for name in ("beginPerformanceDate", "endPerformanceDate"):
        core.remove(core.find(f"{{{DCC}}}{name}"))
    assert certificate_document(Certificate.of(tree), "zh", FACES).created is None


def test_an_empty_certificate_still_has_a_page():
    made = certificate_ofd(
        Certificate.read(f'<digitalCalibrationCertificate xmlns="{DCC}"/>'.encode()), "zh", FACES
    )
    document = read_ofd(made).documents[0]
    assert len(document.pages) == 1
    assert {finding.rule for finding in check_ofd(made)} <= {"OFD-FONT-RESIDENT"}


def test_a_certificate_that_came_as_a_tree_is_attached_as_it_is_written():
    certificate = small(quantity(real("1.250", "\\metre")))
    attached = (
        read_ofd(certificate_ofd(Certificate.of(certificate.tree), "en", FACES)).documents[0].attachments[0]
    )
    assert c14n(attached.data) == c14n(certificate.tree)


def test_long_lists_go_over_pages_with_every_value_in_order():
    values = [f"{n}.{n % 10}0" for n in range(1, 401)]
    certificate = small(quantity(real_list(" ".join(values), "\\metre")))
    document = read_ofd(certificate_ofd(certificate, "en", FACES)).documents[0]
    shown = [run.text.split()[0] for page in document.pages for run in page.texts if run.text.strip()]
    read = [text for text in shown if re.fullmatch(r"\d+\.\d0", text)]
    assert read == values
    assert len(document.pages) > 5


@pytest.mark.parametrize(
    "text", ["<b>&amp;</b>", "\U0001f600\U00020000 测量", "٣٤ عربي", "a" * 3000, "词" * 3000]
)
def test_texts_of_any_kind_are_set_without_harm(text):
    certificate = small(quantity(real("1.0", "\\metre")))
    name = certificate.tree.getroot().find(f".//{{{DCC}}}contact/{{{DCC}}}name/{{{DCC}}}content")
    name.text = text
    data = certificate_ofd(Certificate.of(certificate.tree), "zh", FACES)
    letters = "".join(run.text for page in read_ofd(data).documents[0].pages for run in page.texts)
    assert "".join(text.split())[:500] in "".join(letters.split())
    assert not [finding for finding in check_ofd(data) if finding.severity == "error"]


# --- the symbol of the check --------------------------------------------------------------------------------------


def test_a_certificate_of_the_house_has_a_symbol_that_leads_to_the_check(own, faces):
    certificate = Certificate.read(own)
    file = read_ofd(certificate_ofd(certificate, "zh", faces))
    document = file.documents[0]
    address = certificate.tree.getroot().xpath(
        "string(//d:identification[@refType='jl_checkUrl']/d:value)", namespaces={"d": DCC}
    )
    assert address.startswith("https://")
    (read,) = zxingcpp.read_barcodes(draw_page(file, document, document.pages[0]))
    assert read.text == address
    assert any(address in line.replace(" ", "") for line in document.pages[0].lines)


def test_only_the_first_page_has_the_symbol_and_others_certificates_have_none(own, oracles):
    document = read_ofd(certificate_ofd(Certificate.read(own), "en", FACES)).documents[0]
    filled = [sum(path.fill for path in page.paths) for page in document.pages]
    assert filled == [1] + [0] * (len(filled) - 1)
    foreign = pages_of(oracles, "v3.3.0_gp_temperature_valid", "en").documents[0]
    assert not any(path.fill for page in foreign.pages for path in page.paths)


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "ftp://a.example", "https://a b", "https://\u4e2d", "https://" + "a" * 300, ""],
)
def test_an_address_that_is_none_gets_no_symbol(own, address):
    tree = etree.fromstring(own)
    tree.xpath("//d:identification[@refType='jl_checkUrl']/d:value", namespaces={"d": DCC})[0].text = address
    made = certificate_document(Certificate.read(etree.tostring(tree)), "zh", FACES)
    assert not any(getattr(each, "fill", False) for page in made.pages for each in page.content)


@pytest.mark.parametrize("text", ["https://check.example/c/1", "a", "0" * 200])
def test_a_symbol_is_read_back_from_the_drawn_page(text):
    path = qr_path(text, 50, 60, 40)
    made = NewDocument(pages=(NewPage((path,)),), doc_id="0" * 32)
    file = read_ofd(write_ofd(made, FACES))
    document = file.documents[0]
    (read,) = zxingcpp.read_barcodes(draw_page(file, document, document.pages[0]))
    assert read.text == text


# --- as a notation ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_ofd_is_a_notation_like_any_other(oracles, language):
    assert "ofd" in notations()
    certificate = sample_certificate(oracles, "v3.3.0_gp_temperature_valid")
    encoded = convert(certificate, "ofd", Wish(language))
    title = {"zh": "校准证书", "en": "Calibration certificate"}[language]
    document = read_ofd(encoded.data).documents[0]
    assert title in document.info["Title"]
    assert title in document.pages[0].lines
    assert encoded.unmapped == ()
