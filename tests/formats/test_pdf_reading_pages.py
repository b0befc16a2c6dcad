"""Any certificate as PDF/A-3: every number as other programs read it, the very XML inside, sound whatever it says."""

import base64
import dataclasses
import hashlib
import io
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta, timezone

import pikepdf
import pytest
from PIL import Image
from tests.conftest import absent
from tests.formats.dcc_samples import (
    NS,
    SAMPLES,
    certificate_with,
    expanded_list,
    quantity,
    real_list,
    sample,
    sample_certificate,
)
from tests.formats.pdf_content import NODE_MODULES
from tests.formats.reading_pieces import LANGUAGES, MATHML, bare, listed, table_view, view_of, words_of
from tests.formats.test_html_page import ATTACKS, poisoned

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.pdf import reading_rendering
from jialiang.formats.pdf.errors import CharacterUnprintable, FontsMissing, TooManyCells, TypesettingFailed
from jialiang.formats.pdf.font_files import find_font_folders
from jialiang.formats.pdf.reading import EmbeddedFile, embedded_files
from jialiang.formats.pdf.reading_data import reading_data, without_pictures
from jialiang.formats.pdf.reading_rendering import attachment_name, render_reading
from jialiang.formats.pdf.structure import structure_findings
from jialiang.formats.reading_view.blocks import Group, Picture
from jialiang.formats.reading_view.building import reading_view

MADE_AT = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def fonts():
    if not NODE_MODULES.is_dir():
        absent("fonts", "run npm ci --ignore-scripts")
    return find_font_folders(NODE_MODULES)


@pytest.fixture(scope="module")
def made(oracles, fonts):
    """The PDF of each sample in each language, made once."""
    return {
        (name, language): render_reading(
            reading_view(sample_certificate(oracles, name), language),
            xml=sample(oracles, name),
            font_folders=fonts,
            made_at=MADE_AT,
        )
        for name in SAMPLES
        for language in LANGUAGES
    }


@pytest.fixture
def pdf_of(fonts):
    """Make the PDF of a certificate given as XML."""

    def rendered(document, language="en", made_at=MADE_AT):
        return render_reading(view_of(document, language), xml=document, font_folders=fonts, made_at=made_at)

    return rendered


def run(tool, *arguments):
    """Run a tool of the PDF trade; without it the test is skipped by name."""
    if shutil.which(tool) is None:
        absent(tool, "install poppler-utils and qpdf")
    return subprocess.run([tool, *arguments], check=True, capture_output=True, text=True).stdout


def text_of(pdf, folder):
    """What pdftotext reads, line for line."""
    file = folder / "certificate.pdf"
    file.write_bytes(pdf)
    return run("pdftotext", "-layout", str(file), "-")


def folded(text):
    return " ".join(text.split())


def pages(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_number_of_a_sample_is_in_the_text_of_the_pdf(oracles, made, name, language, tmp_path):
    shown = set(words_of(text_of(made[name, language], tmp_path)))
    for quantity_ in sample_certificate(oracles, name).quantities():
        for writing in (part for each in quantity_.writings for part in each.flat()):
            u = writing.uncertainty
            for texts in (writing.values, writing.second, u.expanded_uncertainty, u.standard_uncertainty,
                          u.coverage_factor, u.coverage_probability, u.interval_min, u.interval_max):  # fmt: skip
                assert set(texts) <= shown, quantity_.path


@pytest.mark.parametrize("name", SAMPLES)
def test_numbers_found_by_xpath_are_in_the_text_of_the_pdf(oracles, made, name, tmp_path):
    shown = set(words_of(text_of(made[name, "zh"], tmp_path)))
    tree = sample_certificate(oracles, name).tree
    for path in ("//si:value", "//si:valueXMLList", "//si:uncertainty", "//si:uncertaintyXMLList",
                 "//si:valueExpandedMUXMLList"):  # fmt: skip
        for found in tree.xpath(path, namespaces=NS):
            assert set(found.text.split()) <= shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_the_very_xml_is_inside(oracles, made, name, language):
    number = sample_certificate(oracles, name).number
    xml = sample(oracles, name)
    assert embedded_files(made[name, language]) == (
        EmbeddedFile(attachment_name(number), "Data", "text/xml", xml),
    )
    with pikepdf.open(io.BytesIO(made[name, language])) as document:
        (taken,) = document.attachments.values()
        assert taken.get_file().read_bytes() == xml
        (associated,) = document.Root.AF
        assert associated.AFRelationship == pikepdf.Name("/Data")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_the_structure_is_that_of_pdf_a_3(made, name, language):
    assert structure_findings(made[name, language]) == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["v2.4.0_siliziumkugel", "v3.1.1_gp_temperature_extensive"])
def test_qpdf_finds_no_fault(made, name, language, tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(made[name, language])
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", str(file))


@pytest.mark.parametrize("name", SAMPLES)
def test_pages_are_numbered_to_the_last(made, name, tmp_path):
    count = pages(made[name, "en"])
    english = folded(text_of(made[name, "en"], tmp_path))
    chinese = "".join(text_of(made[name, "zh"], tmp_path).split())
    for page in range(1, count + 1):
        assert f"Page {page} of {count}" in english
    assert f"第1页共{pages(made[name, 'zh'])}页" in chinese


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_page_says_in_both_languages_what_it_was_made_from(oracles, made, name, language, tmp_path):
    text = folded(text_of(made[name, language], tmp_path))
    number = sample_certificate(oracles, name).number or "–"
    count = pages(made[name, language])
    assert text.count(f"Made from the DCC {number} by Jialiang; the XML is the document.") == count
    assert text.count("以 XML 文件为准") == count


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_the_end_is_marked_once_on_the_last_page(made, name, language, tmp_path):
    last = text_of(made[name, language], tmp_path).rstrip("\f").split("\f")[-1]
    assert last.count("以下空白") == 1
    assert last.count("End of certificate") == 1
    assert text_of(made[name, language], tmp_path).count("以下空白") == 1


@pytest.mark.parametrize("name", SAMPLES)
def test_a_missing_language_is_said_on_the_first_page(made, name, tmp_path):
    first = folded(text_of(made[name, "zh"], tmp_path).split("\f")[0])
    assert "本证书没有中文文字" in first


def test_fonts_are_embedded_with_a_way_back_to_unicode(made, tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(made["v3.1.2_gp_humidity", "zh"])
    found = [line.split() for line in run("pdffonts", str(file)).splitlines()[2:]]
    assert found
    assert all(font[-5:-2] == ["yes", "yes", "yes"] for font in found)


def test_the_document_says_title_language_and_date(made):
    with pikepdf.open(io.BytesIO(made["v2.4.0_siliziumkugel", "zh"])) as document:
        assert str(document.Root.Lang).lower().startswith("zh")
        assert str(document.docinfo["/CreationDate"]).startswith("D:20260616074730")
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == "校准证书 PTB - 11129 18"
            assert metadata["xmp:CreateDate"].startswith("2026-06-16T07:47:30")


def test_the_same_input_gives_the_same_bytes(oracles, made, fonts):
    again = render_reading(
        reading_view(sample_certificate(oracles, SAMPLES[2]), "en"),
        xml=sample(oracles, SAMPLES[2]),
        font_folders=tuple(reversed(fonts)),
        made_at=MADE_AT.astimezone(timezone(timedelta(hours=8))) + timedelta(microseconds=7),
    )
    assert hashlib.sha256(again).hexdigest() == hashlib.sha256(made[SAMPLES[2], "en"]).hexdigest()


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("PTB - 11129 18", "PTB_-_11129_18.xml"),
        ("YZ-2026-T-004217", "YZ-2026-T-004217.xml"),
        ("", "certificate.xml"),
        ("证书", "certificate.xml"),
        ("../../etc/passwd", "etc_passwd.xml"),
        ("a/b\\c:d", "a_b_c_d.xml"),
        ("x" * 500, "x" * 80 + ".xml"),
        (".hidden", "hidden.xml"),
        ("…---…", "certificate.xml"),
        ("a\u202eb", "a_b.xml"),
    ],
)
def test_the_file_inside_has_a_plain_name(number, name):
    assert attachment_name(number) == name


def test_long_tables_go_over_pages_with_their_heads(pdf_of, tmp_path):
    values = " ".join(f"{number}.25" for number in range(200))
    document = certificate_with(
        listed(quantity(real_list(values, "\\metre", expanded_list("0.5")), "indication"))
    )
    pdf = pdf_of(document)
    text = text_of(pdf, tmp_path)
    assert set(values.split()) <= set(words_of(text))
    with_rows = [page for page in text.split("\f") if re.search(r"\d+\.25", page)]
    assert len(with_rows) >= 3
    assert all("indication" in page and "No." in page for page in with_rows)
    assert structure_findings(pdf) == ()


@pytest.mark.parametrize("count", [4, 12, 30])
def test_wide_tables_are_cut_and_every_piece_tells_the_row(pdf_of, tmp_path, count):
    quantities = [
        quantity(
            real_list(f"{at}.123 {at}.456 {at}.789", "\\metre", expanded_list(f"0.{at:03}")), f"column {at}"
        )
        for at in range(count)
    ]
    text = text_of(pdf_of(certificate_with(listed(*quantities))), tmp_path)
    shown = words_of(text)
    for at in range(count):
        assert {f"{at}.123", f"{at}.456", f"{at}.789", f"0.{at:03}"} <= set(shown)
    assert shown.count("No.") >= max(1, count * 2 // 12)


def test_nothing_runs_over_the_edge_of_the_page(pdf_of, tmp_path):
    """Words without a place to break at, in a cell and in a fact: every word ends inside the page."""
    digest = hashlib.sha256(b"x").hexdigest() * 3
    statement = f"<dcc:statement><dcc:convention>{digest}</dcc:convention></dcc:statement>"
    document = certificate_with(
        listed(quantity(real_list("1 2", "\\metre"), digest), quantity(real_list("3 4", "\\metre"), "x")),
        statements=statement,
    )
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf_of(document))
    found = run("pdftotext", "-bbox", str(file), "-")
    right = [float(edge) for edge in re.findall(r'xMax="([0-9.]+)"', found)]
    assert max(right) < 595.3 - 40


def test_a_character_without_a_glyph_becomes_its_code_point_and_is_said(pdf_of, tmp_path):
    document = certificate_with(listed(quantity(real_list("1 2", "\\metre"), "น้ำหนัก mass")))
    text = folded(text_of(pdf_of(document), tmp_path))
    assert "[U+0E19][U+0E49]" in text.replace(" ", "")
    assert "lack 6 of the characters" in text
    assert "mass" in text
    chinese = folded(text_of(pdf_of(document, "zh"), tmp_path))
    assert "此 PDF 的字体缺少 6 个字符" in chinese


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("end", [b"", b"\r\n", b"\n<!-- \xe6\x9c\xab -->\n\n"])
def test_marks_and_line_ends_of_the_xml_are_kept(fonts, mark, end):
    document = mark + certificate_with() + end
    pdf = render_reading(view_of(certificate_with()), xml=document, font_folders=fonts, made_at=MADE_AT)
    assert embedded_files(pdf)[0].data == document


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "latin-1"])
def test_xml_in_any_encoding_is_kept(fonts, encoding):
    document = "<?xml version='1.0'?><x>é</x>".encode(encoding)
    pdf = render_reading(view_of(certificate_with()), xml=document, font_folders=fonts, made_at=MADE_AT)
    assert embedded_files(pdf)[0].data == document


@pytest.mark.parametrize(
    "text", ["😀", "שלום", "مرحبا", "नमस्ते", "กข", "\U00020000", "ﷺ", "\u0301\u0302", "👩‍🔬"]
)
def test_any_script_can_be_set(pdf_of, text):
    assert structure_findings(pdf_of(certificate_with(number=text))) == ()


def test_certificates_without_odd_characters_say_nothing_of_them(made, tmp_path):
    for name in SAMPLES[:3]:
        assert "fonts of this PDF" not in text_of(made[name, "en"], tmp_path)


def test_characters_that_the_typesetter_refuses_are_replaced_too(monkeypatch, fonts):
    """Even a font that claims a character may not draw it: then the typesetter's word counts."""
    monkeypatch.setattr(reading_rendering, "covered", lambda folders: frozenset(range(0x110000)))
    document = certificate_with(number="กข")
    pdf = render_reading(view_of(document), xml=document, font_folders=fonts, made_at=MADE_AT)
    assert structure_findings(pdf) == ()


def test_what_cannot_be_replaced_is_refused_by_name(monkeypatch, fonts):
    def refuse(*arguments):
        raise CharacterUnprintable(character=" ", code_point="U+0020")

    monkeypatch.setattr(reading_rendering, "typeset", refuse)
    with pytest.raises(CharacterUnprintable):
        render_reading(view_of(bare()), xml=b"<x/>", font_folders=fonts, made_at=MADE_AT)


@pytest.mark.parametrize("text", [text for text in ATTACKS if len(text) < 100])
def test_no_text_of_a_certificate_is_read_by_the_typesetter(pdf_of, text):
    assert structure_findings(pdf_of(poisoned(text))) == ()


@pytest.mark.parametrize(
    "text",
    ["#let x = 1", "#read(\"attachment.xml\")", "= Heading", "*bold* _it_ `raw`", "$x^2$", "@label <label>",
     "// comment",
     "#panic()", "\\ \\u{41}", "#image(\"/etc/passwd\")", "[unclosed", "/* */", "~--- ...", "https://example.org"],
)  # fmt: skip
def test_words_of_the_typesetters_language_are_only_words(pdf_of, text, tmp_path):
    shown = folded(text_of(pdf_of(poisoned(text)), tmp_path))
    assert text.replace(" ", "") in shown.replace(" ", "")


def test_no_address_becomes_a_link(pdf_of):
    with pikepdf.open(io.BytesIO(pdf_of(poisoned("https://example.org/x")))) as document:
        for page in document.pages:
            assert not [each for each in page.get("/Annots", []) if "/A" in each]


def test_huge_texts_are_set(pdf_of, tmp_path):
    text = "A sentence of a laboratory that likes to write. " * 2000
    statement = (
        f"<dcc:statement><dcc:declaration><dcc:content>{text}</dcc:content></dcc:declaration></dcc:statement>"
    )
    pdf = pdf_of(certificate_with(statements=statement))
    assert pages(pdf) > 10
    shown = text_of(pdf, tmp_path)
    assert [len(re.findall(rf"\b{word}\b", shown)) for word in ("sentence", "likes", "write")] == [2000] * 3


def test_deep_lists_are_set(pdf_of):
    deep = "<dcc:list><dcc:name><dcc:content>level</dcc:content></dcc:name>" * 80
    document = certificate_with(deep + quantity(real_list("1.5 2.5", "\\metre"), "x") + "</dcc:list>" * 80)
    assert structure_findings(pdf_of(document)) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_certificate_of_almost_nothing_is_set(pdf_of, language):
    assert structure_findings(pdf_of(bare(), language)) == ()


def picture_xml(data, name="graph.png"):
    return f"""<dcc:byteData><dcc:name><dcc:content>Graph</dcc:content></dcc:name><dcc:fileName>{name}</dcc:fileName>
    <dcc:mimeType>image/png</dcc:mimeType><dcc:dataBase64>{base64.b64encode(data).decode()}</dcc:dataBase64>
    </dcc:byteData>"""


def drawn(kind, mode="RGB", size=(300, 200)):
    buffer = io.BytesIO()
    Image.new(mode, size, 128 if mode in ("L", "P", "1") else None).save(buffer, kind)
    return buffer.getvalue()


def pictures_in(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        streams = [each for each in document.objects if isinstance(each, pikepdf.Stream)]
        return sum(each.get("/Subtype") == pikepdf.Name("/Image") for each in streams)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "L"), ("PNG", "P"), ("JPEG", "RGB"), ("JPEG", "L")],
)
def test_pictures_stand_on_the_page(pdf_of, kind, mode, tmp_path):
    pdf = pdf_of(certificate_with(picture_xml(drawn(kind, mode))))
    assert pictures_in(pdf) >= 1
    assert structure_findings(pdf) == ()
    assert "Graph" in text_of(pdf, tmp_path)


@pytest.mark.parametrize(
    "data",
    [drawn("PNG")[:60], drawn("PNG")[:-30], drawn("JPEG")[:200], drawn("PNG").replace(b"IDAT", b"IDAX")],
)
def test_a_broken_picture_does_not_stop_the_page(pdf_of, data, tmp_path):
    pdf = pdf_of(certificate_with(picture_xml(data)))
    assert structure_findings(pdf) == ()
    assert "graph.png" in text_of(pdf, tmp_path)


def test_where_a_picture_cannot_be_set_a_note_stands():
    view = table_view(picture_xml(drawn("PNG")))
    plain = without_pictures(view)
    assert [each for each in _walk(plain.sections) if isinstance(each, Picture)] == []
    assert "this picture cannot be shown" in {
        each.said.text for each in _walk(plain.sections) if hasattr(each, "said")
    }
    assert without_pictures(plain) == plain


def _walk(blocks):
    for block in blocks:
        yield block
        if isinstance(block, Group):
            yield from _walk(block.blocks)


def test_mathml_is_set_on_one_line(pdf_of, tmp_path):
    formula = f"""<dcc:formula><dcc:mathml><math xmlns="{MATHML}"><mi>y</mi><mo>=</mo>
    <mfrac><mi>a</mi><mi>b</mi></mfrac>
    </math></dcc:mathml></dcc:formula>"""
    assert "y = a/b" in text_of(pdf_of(certificate_with(formula)), tmp_path)


def test_too_many_cells_are_refused(monkeypatch):
    monkeypatch.setattr("jialiang.formats.pdf.reading_data.MOST_CELLS", 10)
    view = table_view(listed(quantity(real_list("1 2 3 4 5 6", "\\metre"), "x")))
    with pytest.raises(TooManyCells) as caught:
        reading_data(view)
    assert caught.value.facts["cells"] >= 12
    assert "CSV" in caught.value.way_out.en


def test_without_fonts_nothing_is_set(tmp_path):
    with pytest.raises(FontsMissing):
        render_reading(view_of(bare()), xml=b"<x/>", font_folders=(tmp_path,), made_at=MADE_AT)


def test_a_fault_of_the_typesetter_is_told(monkeypatch, fonts):
    def refuse(*arguments):
        raise TypesettingFailed(reason="no")

    monkeypatch.setattr(reading_rendering, "typeset", refuse)
    with pytest.raises(TypesettingFailed):
        render_reading(view_of(bare()), xml=b"<x/>", font_folders=fonts, made_at=MADE_AT)


def test_another_language_is_another_file_and_another_xml_too(oracles, made, fonts):
    name = SAMPLES[2]
    assert made[name, "zh"] != made[name, "en"]
    view = reading_view(sample_certificate(oracles, name), "en")
    other = render_reading(view, xml=sample(oracles, name) + b"\n", font_folders=fonts, made_at=MADE_AT)
    assert other != made[name, "en"]


def test_the_data_of_the_pages_are_plain():
    view = dataclasses.replace(table_view(listed(quantity(real_list("1 2", "\\metre"), "x"))), number="")
    data, pictures = reading_data(view)
    assert pictures == {}
    assert data["origin"][0] == "Made from the DCC – by Jialiang; the XML is the document."
    assert data["origin"][1].startswith("本页由嘉量")
    assert data["end"] == ["End of certificate", "以下空白"]


def test_the_pdf_of_a_read_certificate_has_its_odd_bytes(pdf_of):
    """A byte order mark, an encoding of its own, a comment after the end: all of it stays."""
    text = certificate_with(listed(quantity(real_list("1 2", "\\metre"), "ñ"))).decode()
    document = ("<?xml version='1.0' encoding='ISO-8859-1'?>\n" + text).encode("latin-1", "xmlcharrefreplace")
    document += b"<!-- end \xe9 -->\r\n"
    certificate = Certificate.read(document)
    (inside,) = embedded_files(pdf_of(certificate.xml))
    assert inside.data == document
