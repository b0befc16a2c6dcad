"""The writer: what is written is read back, the same input gives the same bytes, and letters stand where they must."""

import io
import re
import sys
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.conftest import absent
from tests.formats.ofd_parts import NS

from jialiang.formats.ofd.checking import check_file, check_ofd
from jialiang.formats.ofd.errors import AttachmentUnsuitable, FontLibraryMissing
from jialiang.formats.ofd.faces import BOLD, REGULAR, Faces, FontFace, ResidentFace, house_faces
from jialiang.formats.ofd.model import Box, DrawnPath
from jialiang.formats.ofd.page_writing import ABOVE, BELOW, NewImage, NewText, decimal
from jialiang.formats.ofd.reading import read_ofd, read_parts
from jialiang.formats.ofd.writing import NewAttachment, NewDocument, NewPage, ofd_parts, write_ofd
from jialiang.formats.xml.errors import ForbiddenCharacter
from jialiang.kernel.npm_files import npm_folder

OFD = {"o": NS}
ID = "0123456789abcdef" * 2
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010100000000376ef9240000000a49444154789c6360000000020001"
    "48afa4710000000049454e44ae426082"
)
RESIDENT = Faces()
# Whatever XML can carry on one line, Chinese and letters beyond plane 0 among it.
LETTERS = st.one_of(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0x1F600, max_codepoint=0x1F64F),
    st.characters(min_codepoint=0x20000, max_codepoint=0x2A6DF),
    st.sampled_from("°±μµΩ²³⁻¹·×−–√∞≤≥ℓ‰äöüßñ，。：；《》“”（）㎡①\u0301\u200b"),
)
TEXTS = st.text(LETTERS, min_size=1, max_size=30)


def document(*content, **more):
    """A document of one page."""
    return NewDocument(pages=(NewPage(tuple(content)),), doc_id=ID, **more)


@pytest.fixture(scope="module")
def faces():
    """The house's fonts."""
    if not (npm_folder() / "@expo-google-fonts").is_dir():
        absent("fonts", "run npm ci")
    return house_faces(npm_folder())


# --- round trips --------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_texts_come_back_letter_by_letter(texts):
    made = [NewText(text, 20, 30 + 8 * n, 3.5) for n, text in enumerate(texts)]
    file = read_ofd(write_ofd(document(*made), RESIDENT))
    by_line = {}
    for run in file.documents[0].pages[0].texts:
        by_line.setdefault(round(run.y, 2), []).append(run.text)
    assert ["".join(by_line[round(30 + 8 * n, 2)]) for n in range(len(texts))] == texts


@settings(max_examples=40)
@given(TEXTS, st.floats(1, 12), st.floats(0, 150), st.floats(10, 280))
def test_every_letter_stands_at_the_sum_of_the_advances_before_it(text, size, x, y):
    page = read_ofd(write_ofd(document(NewText(text, x, y, size)), RESIDENT)).documents[0].pages[0]
    places, at = [], x
    for letter in text:
        places.append(at)
        at += ResidentFace().advance(letter) * size
    read = []
    for run in page.texts:
        read.append(run.x)
        for step in run.advances:
            read.append(read[-1] + step)
    assert len(read) == len(places)
    assert max(abs(a - b) for a, b in zip(read, places, strict=True)) <= 0.0021
    assert all(abs(run.y - y) <= 0.0011 for run in page.texts)


@settings(max_examples=40)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_what_is_written_passes_its_own_check(texts):
    made = [NewText(text[:10], 20, 30 + 8 * n, 3.5, bold=n % 2 == 1) for n, text in enumerate(texts)]
    data = write_ofd(document(*made, attachments=(NewAttachment("a.xml", b"<a/>", "xml"),)), RESIDENT)
    assert {finding.rule for finding in check_ofd(data)} <= {"OFD-FONT-RESIDENT"}


@settings(max_examples=30)
@given(st.lists(st.binary(max_size=3000), max_size=4))
def test_attachments_come_back_byte_by_byte(datas):
    attached = tuple(NewAttachment(f"附件 {n}.bin", data) for n, data in enumerate(datas))
    file = read_ofd(write_ofd(document(attachments=attached), RESIDENT))
    read = file.documents[0].attachments
    assert [each.data for each in read] == datas
    assert [each.name for each in read] == [each.name for each in attached]
    assert [float(each.said["Size"]) * 1024 for each in read] == [len(data) for data in datas]
    assert [each.rule for each in check_file(file)] == []


def test_shapes_and_pictures_come_back(faces):
    line = DrawnPath(Box(20, 30, 100, 0.2), "M 0 0.1 L 100 0.1", line_width=0.2, stroke_colour="1 2 3")
    area = DrawnPath(Box(1, 2, 3, 4), "M 0 0 L 3 0 L 3 4 C", stroke=False, fill=True, fill_colour="9 8 7")
    image = NewImage(Box(50, 60, 10, 5), PNG, "PNG")
    file = read_ofd(write_ofd(document(line, image, area, image), faces))
    (read,) = file.documents
    assert [path.box for path in read.pages[0].paths] == [line.box, area.box]
    assert [(path.stroke, path.fill) for path in read.pages[0].paths] == [(True, False), (False, True)]
    assert [path.commands for path in read.pages[0].paths] == [line.commands, area.commands]
    assert (read.pages[0].paths[0].line_width, read.pages[0].paths[0].stroke_colour) == (0.2, "1 2 3")
    assert read.pages[0].paths[1].fill_colour == "9 8 7"
    (medium,) = read.media
    assert file.parts[medium.part] == PNG
    assert [picture.resource for picture in read.pages[0].images] == [medium.id] * 2
    assert check_file(file) == ()


def test_what_a_document_says_of_itself_comes_back():
    made = document(
        title="校准证书 <1> & 2", author="院 A", created=date(2026, 3, 4), creator_version="1.2", creator="X"
    )
    assert dict(read_ofd(write_ofd(made, RESIDENT)).documents[0].info) == {
        "DocID": ID,
        "Title": "校准证书 <1> & 2",
        "Author": "院 A",
        "CreationDate": "2026-03-04",
        "Creator": "X",
        "CreatorVersion": "1.2",
    }


def test_pages_may_have_sizes_of_their_own():
    made = NewDocument(pages=(NewPage(()), NewPage((), 297, 210)), doc_id=ID)
    boxes = [page.box for page in read_ofd(write_ofd(made, RESIDENT)).documents[0].pages]
    assert boxes == [Box(0, 0, 210, 297), Box(0, 0, 297, 210)]


# --- what exactly is written --------------------------------------------------------------------------------------


def test_the_parts_of_a_small_document_to_the_letter():
    made = document(NewText("ab 中", 20, 30, 4), attachments=(NewAttachment("d.xml", b"<d/>", "xml"),))
    parts = {name: data.decode() for name, data in ofd_parts(made, RESIDENT).items()}
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    assert parts["OFD.xml"] == (
        f'{head}<ofd:OFD xmlns:ofd="{NS}" Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{ID}'
        "</ofd:DocID><ofd:Creator>Jialiang</ofd:Creator></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>"
    )
    assert parts["Doc_0/Document.xml"] == (
        f'{head}<ofd:Document xmlns:ofd="{NS}"><ofd:CommonData><ofd:MaxUnitID>5</ofd:MaxUnitID><ofd:PageArea>'
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
        '</ofd:CommonData><ofd:Pages><ofd:Page ID="4" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>'
        "<ofd:Attachments>Attachments.xml</ofd:Attachments></ofd:Document>"
    )
    assert parts["Doc_0/PublicRes.xml"] == (
        f'{head}<ofd:Res xmlns:ofd="{NS}" BaseLoc="Res"><ofd:Fonts><ofd:Font ID="1" FontName="宋体" FamilyName="宋体"/>'
        "</ofd:Fonts></ofd:Res>"
    )
    assert parts["Doc_0/Pages/Page_0/Content.xml"] == (
        f'{head}<ofd:Page xmlns:ofd="{NS}"><ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area>'
        '<ofd:Content><ofd:Layer ID="2"><ofd:TextObject ID="3" Boundary="20 25.6 10 5.8" Font="1" Size="4">'
        '<ofd:TextCode X="0" Y="4.4" DeltaX="2 2 2">ab 中</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content>'
        "</ofd:Page>"
    )
    assert parts["Doc_0/Attachments.xml"] == (
        f'{head}<ofd:Attachments xmlns:ofd="{NS}"><ofd:Attachment ID="5" Name="d.xml" Format="xml" Size="0.00390625" '
        'Visible="true"><ofd:FileLoc>Attachs/d.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>'
    )
    assert parts["Doc_0/Attachs/d.xml"] == "<d/>"
    assert set(parts) == {
        "OFD.xml", "Doc_0/Document.xml", "Doc_0/PublicRes.xml", "Doc_0/Pages/Page_0/Content.xml",
        "Doc_0/Attachments.xml", "Doc_0/Attachs/d.xml",
    }  # fmt: skip


def test_only_names_are_written_that_were_seen_in_other_makers_files():
    line = DrawnPath(Box(0, 0, 9, 1), "M 0 0 L 9 0")
    made = document(
        NewText("中 a", 20, 30, 4, bold=True, colour="1 2 3"), line, NewImage(Box(0, 0, 9, 9), PNG, "PNG"),
        title="t", author="a", created=date(2026, 1, 1), creator_version="1",
        attachments=(NewAttachment("d.xml", b"", "xml"),),
    )  # fmt: skip
    known = {
        "OFD": "Version DocType", "DocBody": "", "DocInfo": "", "DocID": "", "Title": "", "Author": "",
        "CreationDate": "", "Creator": "", "CreatorVersion": "", "DocRoot": "", "Document": "", "CommonData": "",
        "MaxUnitID": "", "PageArea": "", "PhysicalBox": "", "PublicRes": "", "DocumentRes": "", "Pages": "",
        "Page": "ID BaseLoc", "Attachments": "", "Attachment": "ID Name Format Size Visible", "FileLoc": "",
        "Res": "BaseLoc", "Fonts": "", "Font": "ID FontName FamilyName Bold", "MultiMedias": "",
        "MultiMedia": "ID Type Format", "MediaFile": "", "Area": "", "Content": "", "Layer": "ID",
        "TextObject": "ID Boundary Font Size Weight", "TextCode": "X Y DeltaX", "FillColor": "Value",
        "PathObject": "ID Boundary LineWidth", "AbbreviatedData": "", "ImageObject": "ID Boundary CTM ResourceID",
    }  # fmt: skip
    seen = set()
    for name, part in ofd_parts(made, RESIDENT).items():
        if name.endswith(".xml") and "Attachs" not in name:
            for element in etree.fromstring(part).iter():
                seen.add(etree.QName(element).localname)
                assert etree.QName(element).namespace == NS
                assert set(element.keys()) <= set(known[etree.QName(element).localname].split())
    assert seen == set(known)


@pytest.mark.parametrize(
    ("length", "text"),
    [(0, "0"), (-0.0, "0"), (-0.0004, "0"), (1, "1"), (1.5, "1.5"), (1.23456, "1.235"), (100, "100"), (-2.5, "-2.5"),
     (1e-9, "0"), (210.0006, "210.001"), (33.3333, "33.333")],
)  # fmt: skip
def test_lengths_are_written_to_a_thousandth_without_trailing_zeros(length, text):
    assert decimal(length) == text


def test_the_box_of_a_text_holds_its_letters():
    page = read_ofd(write_ofd(document(NewText("abc中", 20, 30, 4)), RESIDENT))
    tree = etree.fromstring(page.parts["Doc_0/Pages/Page_0/Content.xml"])
    x, y, width, height = map(float, tree.xpath("string(//o:TextObject/@Boundary)", namespaces=OFD).split())
    assert (x, y) == (20, pytest.approx(30 - ABOVE * 4))
    assert width == pytest.approx(4 * 2.5)
    assert height == pytest.approx((ABOVE + BELOW) * 4)


def test_a_letter_beyond_plane_0_stands_alone_and_needs_no_step():
    file = read_ofd(write_ofd(document(NewText("a\U0001f600b\U00020000\U00020001c", 20, 30, 4)), RESIDENT))
    tree = etree.fromstring(file.parts["Doc_0/Pages/Page_0/Content.xml"])
    codes = tree.xpath("//o:TextCode", namespaces=OFD)
    assert [code.text for code in codes] == ["a", "\U0001f600", "b", "\U00020000", "\U00020001", "c"]
    assert not any("DeltaX" in code.attrib for code in codes)


def test_a_heavy_text_in_a_font_of_the_reader_asks_for_its_weight():
    file = read_ofd(write_ofd(document(NewText("中", 20, 30, 4, bold=True)), RESIDENT))
    assert b'Weight="700"' in file.parts["Doc_0/Pages/Page_0/Content.xml"]
    assert b'Bold="true"' in file.parts["Doc_0/PublicRes.xml"]


def test_identifiers_run_from_one_to_the_highest():
    made = NewDocument(
        pages=tuple(
            NewPage((NewText("中", 20, 30, 4), NewText("b", 20, 40, 4, bold=True))) for _ in range(3)
        ),
        doc_id=ID,
        attachments=(NewAttachment("a", b""), NewAttachment("b", b"")),
    )
    file = read_parts(ofd_parts(made, RESIDENT))
    found = []
    for name, part in file.parts.items():
        if name.endswith(".xml"):
            found += [int(each) for each in etree.fromstring(part).xpath("//@ID")]
    assert sorted(found) == list(range(1, file.documents[0].max_unit_id + 1))


# --- fonts --------------------------------------------------------------------------------------------------------


def test_the_same_document_gives_the_same_bytes(faces):
    made = document(NewText("校准证书 U = 0.30 m·s⁻¹", 20, 30, 4), NewText("粗", 20, 40, 4, bold=True))
    assert write_ofd(made, faces) == write_ofd(made, faces) == write_ofd(made, house_faces(npm_folder()))


def test_other_texts_give_other_bytes(faces):
    assert write_ofd(document(NewText("1", 20, 30, 4)), faces) != write_ofd(
        document(NewText("2", 20, 30, 4)), faces
    )


def test_steps_are_the_advance_widths_of_the_embedded_font(faces):
    from fontTools.ttLib import TTFont

    text = "校准 calibration 0.123456789 μΩ"
    file = read_ofd(write_ofd(document(NewText(text, 20, 30, 4)), faces))
    (run,) = file.documents[0].pages[0].texts
    (font,) = file.documents[0].fonts
    program = TTFont(io.BytesIO(file.parts[font.part]))
    letters, em = program.getBestCmap(), program["head"].unitsPerEm
    widths = [program["hmtx"][letters[ord(letter)]][0] * 4 / em for letter in text]
    assert run.text == text
    places = [sum(run.advances[:n]) for n in range(len(text))]
    exact = [sum(widths[:n]) for n in range(len(text))]
    assert max(abs(a - b) for a, b in zip(places, exact, strict=True)) <= 0.001


def test_only_letters_that_occur_are_embedded(faces):
    from fontTools.ttLib import TTFont

    file = read_ofd(write_ofd(document(NewText("校准 ab", 20, 30, 4)), faces))
    (font,) = file.documents[0].fonts
    assert set(TTFont(io.BytesIO(file.parts[font.part])).getBestCmap()) == {ord(each) for each in "校准 ab"}
    assert len(file.parts[font.part]) < 6000
    assert font.name == "NotoSerifSC-Regular"


def test_letters_that_one_font_lacks_come_from_the_next_and_at_last_from_the_reader(faces):
    file = read_ofd(write_ofd(document(NewText("m⁻\U0001f600", 20, 30, 4)), faces))
    names = {font.id: font.name for font in file.documents[0].fonts}
    runs = [(run.text, names[run.font]) for run in file.documents[0].pages[0].texts]
    assert runs == [("m", "NotoSerifSC-Regular"), ("⁻", "Inter-Regular"), ("\U0001f600", "宋体")]
    assert [font.name for font in file.documents[0].fonts if not font.part] == ["宋体"]
    assert file.documents[0].pages[0].lines == ("m⁻\U0001f600",)


@pytest.mark.parametrize("letter", "‘’“”…·—")
def test_quotation_marks_are_narrow_on_western_pages_and_wide_on_chinese_ones(faces, letter):
    western = replace(faces, is_western=True)
    assert (faces.pick(letter)[0].name, faces.pick(letter)[1]) == (
        "NotoSerifSC-Regular",
        faces.regular[0].advance(letter),
    )
    assert western.pick(letter)[0].name == "Inter-Regular"
    assert western.pick(letter, bold=True)[0].name == "Inter-SemiBold"
    assert western.pick("a") == faces.pick("a")
    assert Faces(is_western=True).pick(letter)[0].name == "宋体"


def test_fonts_may_lie_in_a_folder_of_their_own(faces, tmp_path):
    for name in (*REGULAR[:1], *BOLD[:1]):
        file = npm_folder() / "@expo-google-fonts" / name
        (tmp_path / Path(name).name).symlink_to(file)
    found = house_faces(tmp_path)
    assert [face.name for face in found.regular] == ["NotoSerifSC-Regular", "宋体"]
    assert [face.is_bold for face in found.bold] == [True, True]


def test_without_fonts_the_reader_brings_them(tmp_path):
    assert house_faces(tmp_path).regular == (ResidentFace(),)
    data = write_ofd(document(NewText("中", 20, 30, 4)), house_faces(tmp_path))
    assert [font.name for font in read_ofd(data).documents[0].fonts] == ["宋体"]


@pytest.mark.parametrize(
    ("letter", "width"),
    [("a", 0.5), ("0", 0.5), (" ", 0.5), ("中", 1), ("，", 1), ("±", 1), ("°", 1), ("Ω", 1), ("ä", 0.5), ("\u0301", 0),
     ("\u200b", 0), ("\U0001f600", 1)],
)  # fmt: skip
def test_fonts_of_readers_have_whole_and_half_widths(letter, width):
    assert ResidentFace().advance(letter) == width


def test_a_missing_library_is_told_with_its_extra(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "fontTools.ttLib", None)
    with pytest.raises(FontLibraryMissing) as caught:
        FontFace(tmp_path / "x.ttf").has("a")
    assert 'pip install "jialiang[ofd]"' in caught.value.way_out.en
    assert caught.value.http_status == 503


# --- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("letter", "shown"), [("\0", "U+0000"), ("\x1b", "U+001B"), ("\ud800", "U+D800"), ("\uffff", "U+FFFF")]
)
def test_letters_that_xml_cannot_carry_are_refused_by_name(letter, shown):
    for made in (document(NewText(f"a{letter}b", 20, 30, 4)), document(title=f"a{letter}")):
        with pytest.raises(ForbiddenCharacter) as caught:
            write_ofd(made, RESIDENT)
        assert caught.value.facts["character"] == shown


@pytest.mark.parametrize(
    "name",
    [
        "",
        " a",
        "a ",
        ".hidden",
        "..",
        "a/b",
        "a\\b",
        "C:x",
        "a\nb",
        "a\0b",
        "x" * 121,
        "a*b",
        "a?b",
        'a"b',
        "a<b",
        "a|b",
    ],
)
def test_names_of_attachments_are_plain_file_names(name):
    with pytest.raises(AttachmentUnsuitable) as caught:
        write_ofd(document(attachments=(NewAttachment(name, b""),)), RESIDENT)
    assert caught.value.what.zh


def test_names_of_attachments_stand_once():
    twice = (NewAttachment("a.xml", b""), NewAttachment("A.XML", b""))
    with pytest.raises(AttachmentUnsuitable):
        write_ofd(document(attachments=twice), RESIDENT)


@pytest.mark.parametrize("doc_id", ["", "x" * 32, ID.upper(), ID[:-1], ID + "0"])
def test_the_identifier_of_a_document_has_32_digits(doc_id):
    with pytest.raises(ValueError, match="32 hexadecimal"):
        write_ofd(NewDocument(pages=(), doc_id=doc_id), RESIDENT)


def test_the_standard_library_finds_no_fault_in_the_container(faces):
    data = write_ofd(document(NewText("中", 20, 30, 4)), faces)
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    assert archive.namelist()[0] == "OFD.xml"
    assert all(re.fullmatch(r"[\w./-]+", name) for name in archive.namelist())
