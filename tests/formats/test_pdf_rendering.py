"""Certificates as PDF/A-3: the bytes, the pages and the file inside, seen by other programs."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import zxingcpp
from PIL import Image, ImageStat
from tests.conftest import absent
from tests.formats.pdf_content import (
    CHECK_URL,
    ERROR,
    INDICATION,
    NODE_MODULES,
    REFERENCE,
    RESULTS,
    ROOT,
    THERMOMETER,
    XML,
    XML_NAME,
    certificate_content,
)
from tests.formats.sample_content import sample_content

from jialiang.formats.content import CertificateContent
from jialiang.formats.pdf.errors import CharacterUnprintable, ContentUnsuitable, FontsMissing
from jialiang.formats.pdf.font_files import FONT_FILES, find_font_folders
from jialiang.formats.pdf.reading import EmbeddedFile, embedded_files
from jialiang.formats.pdf.rendering import PdfRenderer
from jialiang.formats.pdf.structure import structure_findings
from jialiang.formats.pdf.wording import wording
from jialiang.kernel.text import Text

LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def font_folders() -> tuple[Path, ...]:
    if not NODE_MODULES.is_dir():
        absent("fonts", "run npm ci --ignore-scripts")
    return find_font_folders(NODE_MODULES)


@pytest.fixture(scope="module")
def render(font_folders: tuple[Path, ...]) -> Callable[..., bytes]:
    @cache
    def rendered(content: CertificateContent, language: str = "zh", preview: bool = False) -> bytes:
        return PdfRenderer().render(
            content,
            language=language,
            xml=XML,
            xml_name=XML_NAME,
            font_folders=font_folders,
            preview=preview,
        )

    return rendered


def run(tool: str, *arguments: str) -> str:
    """Run a tool of the PDF trade; without it the test is skipped by name."""
    if shutil.which(tool) is None:
        absent(tool, "install poppler-utils and qpdf")
    return subprocess.run([tool, *arguments], check=True, capture_output=True, text=True).stdout


def text_of(pdf: bytes, folder: Path) -> str:
    """Return what pdftotext reads, blanks folded."""
    file = folder / "certificate.pdf"
    file.write_bytes(pdf)
    return " ".join(run("pdftotext", "-layout", str(file), "-").split())


def page_picture(pdf: bytes, folder: Path, page: int = 1, dots_per_inch: int = 150) -> Image.Image:
    file = folder / "certificate.pdf"
    file.write_bytes(pdf)
    run(
        "pdftoppm",
        "-r",
        str(dots_per_inch),
        "-f",
        str(page),
        "-l",
        str(page),
        "-png",
        "-singlefile",
        str(file),
        str(folder / "page"),
    )
    return Image.open(folder / "page.png").convert("RGB")


def red_share(picture: Image.Image) -> float:
    """Return the share of the picture that is vermilion, the colour of seals."""
    red, green, blue = np.moveaxis(np.asarray(picture.convert("RGB"), dtype=int), 2, 0)
    return float(np.mean((red > 150) & (green < 110) & (blue < 110)))


def rows(count: int) -> object:
    """Return the table of results with ``count`` times its rows."""
    longer = []
    for column in (REFERENCE, INDICATION, ERROR):
        members = ("quantity_values", "expanded_uncertainties", "coverage_factors", "conformities")
        longer.append(dataclasses.replace(column, **{m: getattr(column, m) * count for m in members}))
    return dataclasses.replace(RESULTS, columns=tuple(longer))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_very_xml_is_inside_with_its_relationship_and_type(render, language):
    assert embedded_files(render(certificate_content(), language)) == (
        EmbeddedFile(XML_NAME, "Data", "text/xml", XML),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_pikepdf_takes_the_same_bytes_out(render, language):
    with pikepdf.open(io.BytesIO(render(certificate_content(), language))) as document:
        assert document.attachments[XML_NAME].get_file().read_bytes() == XML
        (associated,) = document.Root.AF
        assert associated.AFRelationship == pikepdf.Name("/Data")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("content", [certificate_content(), sample_content()], ids=["thermometer", "sample"])
def test_the_structure_is_that_of_pdf_a_3(render, content, language):
    assert structure_findings(render(content, language)) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_qpdf_finds_no_fault(render, language, tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(render(certificate_content(), language))
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", str(file))


def test_every_font_is_embedded_as_a_subset_with_a_way_back_to_unicode(render, tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(render(certificate_content()))
    fonts = [line.split() for line in run("pdffonts", str(file)).splitlines()[2:]]
    assert {font[0].split("+")[1] for font in fonts} >= {
        "NotoSerifSC-Regular",
        "NotoSerifSC-SemiBold",
        "Inter-Regular",
    }
    assert all(font[-5:-2] == ["yes", "yes", "yes"] for font in fonts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_content_gives_the_same_bytes_in_another_process(render, language, font_folders):
    script = (
        "import sys, hashlib; from pathlib import Path\n"
        "from jialiang.formats.pdf.rendering import PdfRenderer\n"
        "from tests.formats.pdf_content import *\n"
        f"folders = [Path(f) for f in {[str(f) for f in reversed(font_folders)]!r}]\n"
        f"pdf = PdfRenderer().render(certificate_content(), language={language!r}, xml=XML, xml_name=XML_NAME, "
        "font_folders=folders)\n"
        "print(hashlib.sha256(pdf).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert other.stdout.strip() == hashlib.sha256(render(certificate_content(), language)).hexdigest()


def test_the_date_of_the_document_is_the_time_of_signing(render):
    with pikepdf.open(io.BytesIO(render(certificate_content()))) as document:
        assert str(document.docinfo["/CreationDate"]).startswith("D:20260616074730")
        with document.open_metadata() as metadata:
            assert metadata["xmp:CreateDate"].startswith("2026-06-16T07:47:30")
            assert metadata["dc:title"] == "校准证书 YZ-2026-T-004217"


def test_another_xml_gives_another_file(render, font_folders):
    other = PdfRenderer().render(
        certificate_content(),
        language="zh",
        xml=XML + b"<!-- -->",
        xml_name=XML_NAME,
        font_folders=font_folders,
    )
    assert other != render(certificate_content())


def test_pdftotext_reads_the_chinese_and_every_number(render, tmp_path):
    text = text_of(render(certificate_content()), tmp_path)
    for said in (
        "云泽市计量测试院",
        "数字温度计",
        "晨星乳业有限公司",
        "YZ-2026-T-004217",
        "T2104-0387",
        "授权签字人",
    ):
        assert said in text
    for number in (*REFERENCE.quantity_values, *INDICATION.quantity_values, *ERROR.expanded_uncertainties):
        assert number.replace("-", "−") in text
    for signed in ("−0.006", "+0.004", "+0.018", "+0.038"):
        assert signed in text
    assert "有条件符合" in text


def test_the_cover_says_whom_to_trust_and_where_to_check(render, tmp_path):
    text = text_of(render(certificate_content(), "en"), tmp_path)
    assert "K7QM-3XRD-9FWT-P" in text
    assert "check.yunze.example" in text
    assert "9C41 7E02 B855 D31A" in text
    assert "2ED4" in text
    assert "88.999.1/YZ-2026-T-004217" in text
    assert "Yunze Institute of Metrology, 2026-06-16 15:47:30 (UTC+08:00)" in text


@pytest.mark.parametrize(("language", "said"), [("zh", "第 {n} 页 共 3 页"), ("en", "Page {n} of 3")])
def test_every_page_carries_its_number_and_that_of_the_certificate(render, tmp_path, language, said):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(render(certificate_content(), language))
    for page in (1, 2, 3):
        text = " ".join(run("pdftotext", "-layout", "-f", str(page), "-l", str(page), str(file), "-").split())
        assert said.format(n=page).replace(" ", "") in text.replace(" ", "")
        assert "YZ-2026-T-004217" in text


@pytest.mark.parametrize(("language", "mark"), [("zh", "以下空白"), ("en", "End of certificate")])
def test_the_end_is_marked_once(render, tmp_path, language, mark):
    assert text_of(render(certificate_content(), language), tmp_path).count(mark) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("content", [certificate_content(), sample_content()], ids=["thermometer", "sample"])
def test_a_camera_reads_both_symbols_from_the_printed_cover(render, tmp_path, content, language):
    symbols = zxingcpp.read_barcodes(page_picture(render(content, language), tmp_path))
    assert {(s.format.name, s.text) for s in symbols} == {
        ("QRCode", content.check_url),
        ("DataMatrix", content.identifier),
    }


def test_the_qr_symbol_survives_a_poor_print(render, tmp_path):
    rough = page_picture(render(certificate_content()), tmp_path, dots_per_inch=96).convert("L")
    assert CHECK_URL in {symbol.text for symbol in zxingcpp.read_barcodes(rough)}


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        ("calibration", "校准证书", "Calibration Certificate"),
        ("legal_verification", "检定证书", "Verification Certificate"),
        ("testing", "检测报告", "Test Report"),
    ],
)
def test_each_kind_has_its_title(render, tmp_path, kind, zh, en):
    content = certificate_content(kind=kind)
    text = text_of(render(content, "zh"), tmp_path).replace(" ", "")
    assert zh in text
    assert en in text_of(render(content, "en"), tmp_path)


def test_a_due_date_stands_only_where_it_was_agreed(render, tmp_path):
    assert "2027-06-15（应委托方要求商定）" in text_of(render(certificate_content()), tmp_path)
    without = text_of(render(certificate_content(due_date="")), tmp_path)
    assert "2027-06-15" not in without
    assert "下次校准" not in without


def test_a_verification_certificate_says_until_when_it_is_valid(render, tmp_path):
    content = certificate_content(
        kind="legal_verification", conclusion=Text("准予作 0.05 级使用", "Class 0.05")
    )
    text = text_of(render(content), tmp_path)
    assert "有效期至" in text
    assert "2027-06-15" in text
    assert "应委托方要求商定" not in text
    assert "准予作 0.05 级使用" in text


@pytest.mark.parametrize(
    ("language", "words"), [("zh", ("代替", "出厂编号有误")), ("en", ("replaces", "serial was wrong"))]
)
def test_an_amendment_names_what_it_replaces_and_why(render, tmp_path, language, words):
    reason = Text("出厂编号有误", "The serial was wrong")
    content = certificate_content(supersedes_number="YZ-2026-T-004100", amendment_reason=reason)
    text = text_of(render(content, language), tmp_path)
    assert "YZ-2026-T-004100" in text
    assert all(word in text for word in words)
    assert "YZ-2026-T-004100" not in text_of(render(certificate_content(), language), tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_full_cover_still_fits_on_one_page(render, tmp_path, language):
    content = dataclasses.replace(
        sample_content(),
        supersedes_number="JZ2026-000100",
        amendment_reason=Text("委托方名称有误，应为全称。", "The customer's name was not given in full."),
    )
    file = tmp_path / "certificate.pdf"
    file.write_bytes(render(content, language))
    cover = run("pdftotext", "-f", "1", "-l", "1", str(file), "-")
    assert "K7QM-3XRD-9FWT-P" in cover
    assert len(pikepdf.open(file).pages) == 3


def test_the_seal_is_on_the_cover_and_a_preview_has_a_watermark_instead(render, tmp_path):
    issued = page_picture(render(certificate_content()), tmp_path)
    preview = page_picture(render(certificate_content(), "zh", preview=True), tmp_path)
    assert red_share(issued) > 5 * red_share(preview)
    watermark = text_of(render(certificate_content(), "zh", preview=True), tmp_path)
    assert {"预", "览"} <= set(watermark) - set(text_of(render(certificate_content()), tmp_path))


def test_a_preview_needs_no_xml_and_an_issued_certificate_does(font_folders):
    given = {"language": "zh", "xml": b"", "xml_name": XML_NAME, "font_folders": font_folders}
    assert embedded_files(PdfRenderer().render(certificate_content(), preview=True, **given)) == ()
    with pytest.raises(ContentUnsuitable, match="xml"):
        PdfRenderer().render(certificate_content(), **given)


def test_a_long_table_breaks_over_pages_with_its_head_repeated(render, tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(render(certificate_content(results=(rows(20),))))
    pages = len(pikepdf.open(file).pages)
    texts = [run("pdftotext", "-f", str(n), "-l", str(n), str(file), "-") for n in range(3, pages + 1)]
    with_rows = [text for text in texts if "79.994" in text]
    assert len(with_rows) >= 3
    assert all("参考温度" in text and "U" in text for text in with_rows)
    assert sum(text.count("79.994") for text in texts) == 20


def test_several_items_are_described_one_by_one(render, tmp_path):
    second = dataclasses.replace(THERMOMETER, serial_number="T2104-0388", identifications=())
    text = text_of(render(certificate_content(items=(THERMOMETER, second))), tmp_path)
    assert "共 2 件" in text
    assert "T2104-0387" in text
    assert "T2104-0388" in text


@pytest.mark.parametrize(
    "hostile",
    [
        '#panic("x")',
        "$x$ *b* _i_ @ref <label>",
        '#read("/etc/passwd")',
        r"\u{41} // gone",
        "= 标题",
        "`raw` ~ -- ...",
    ],
)
def test_no_text_of_a_customer_is_taken_for_markup(render, tmp_path, hostile):
    customer = dataclasses.replace(certificate_content().customer, name=Text(hostile, hostile))
    text = text_of(render(certificate_content(customer=customer)), tmp_path)
    assert hostile.replace(" ", "") in text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "character", "code_point"),
    [("温度计😀", "😀", "U+1F600"), ("a\x07b", " ", "U+0007"), ("ს", "ს", "U+10E1")],
)
def test_a_character_that_no_font_has_is_named(render, text, character, code_point):
    item = dataclasses.replace(THERMOMETER, name=Text(text, text))
    with pytest.raises(CharacterUnprintable) as refused:
        render(certificate_content(items=(item,)))
    assert refused.value.facts == {"character": character, "code_point": code_point}
    assert code_point in refused.value.what.zh


@pytest.mark.parametrize("name", ["", "../a.xml", "a.exe", "a b.xml", "x" * 200 + ".xml"])
def test_the_name_of_the_embedded_file_is_a_plain_one(font_folders, name):
    with pytest.raises(ContentUnsuitable, match="xml_name"):
        PdfRenderer().render(
            certificate_content(), language="zh", xml=XML, xml_name=name, font_folders=font_folders
        )


def test_the_logo_of_an_institute_replaces_the_vessel(font_folders, render, tmp_path):
    square = b'<rect width="10" height="10" fill="#00f"/>'
    logo = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">' + square + b"</svg>"
    pdf = PdfRenderer(logo).render(
        certificate_content(), language="zh", xml=XML, xml_name=XML_NAME, font_folders=font_folders
    )
    corner = (130, 100, 250, 180)
    with_logo = ImageStat.Stat(page_picture(pdf, tmp_path).crop(corner)).mean
    vessel = ImageStat.Stat(page_picture(render(certificate_content()), tmp_path).crop(corner)).mean
    assert with_logo[2] > with_logo[0] + 40
    assert vessel[2] < vessel[0] + 5


def test_an_institute_without_a_chinese_name_gets_a_seal_in_english(render):
    institute = dataclasses.replace(
        certificate_content().institute, name=Text(en="Yunze Institute of Metrology")
    )
    assert structure_findings(render(certificate_content(institute=institute), "en")) == ()


def test_fonts_that_are_missing_are_named(tmp_path):
    (tmp_path / "Inter_400Regular.ttf").write_bytes(b"")
    with pytest.raises(FontsMissing) as refused:
        find_font_folders(tmp_path)
    assert "NotoSerifSC_400Regular.ttf" in refused.value.what.zh
    assert "Inter_400Regular.ttf" not in refused.value.what.zh


def test_fonts_are_found_in_a_flat_folder_too(tmp_path):
    for name in FONT_FILES:
        (tmp_path / Path(name).name).write_bytes(b"")
    assert find_font_folders(tmp_path) == (tmp_path,)


def test_folders_without_the_families_are_refused_before_anything_is_set(tmp_path):
    with pytest.raises(FontsMissing, match="Noto Serif SC"):
        PdfRenderer().render(
            certificate_content(), language="zh", xml=XML, xml_name=XML_NAME, font_folders=[tmp_path]
        )


def test_all_words_of_the_template_stand_in_both_languages():
    incomplete = [key for key, text in wording().items() if not (text.zh and text.en)]
    assert incomplete == []
