"""Embedded files are taken out of PDFs of unknown origin without harm, and faults of structure are found."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, String
from tests.conftest import absent
from tests.formats.pdf_content import NODE_MODULES, XML, XML_NAME, certificate_content

from jialiang.formats.pdf import reading
from jialiang.formats.pdf.errors import PdfEncrypted, PdfTooLarge, PdfUnreadable
from jialiang.formats.pdf.font_files import find_font_folders
from jialiang.formats.pdf.reading import EmbeddedFile, embedded_files
from jialiang.formats.pdf.rendering import PdfRenderer
from jialiang.formats.pdf.structure import StructureFinding, structure_findings
from jialiang.kernel.errors import JialiangError

Change = Callable[[Pdf], None]


@pytest.fixture(scope="module")
def issued() -> bytes:
    """A certificate as issued."""
    if not NODE_MODULES.is_dir():
        absent("fonts", "run npm ci --ignore-scripts")
    folders = find_font_folders(NODE_MODULES)
    return PdfRenderer().render(
        certificate_content(), language="zh", xml=XML, xml_name=XML_NAME, font_folders=folders
    )


def saved(document: Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def changed(pdf: bytes, change: Change, **options: object) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        return saved(document, **options)


def with_tree(build: Callable[[Pdf], pikepdf.Object]) -> bytes:
    """Return an otherwise empty PDF whose embedded files are the tree that ``build`` makes, packed as built."""
    document = pikepdf.new()
    document.add_blank_page()
    document.Root.Names = Dictionary(EmbeddedFiles=build(document))
    return saved(document, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)


def specification(document: Pdf, data: bytes, name: str = "a.xml", **stream: object) -> pikepdf.Object:
    held = document.make_stream(data)
    for key, value in stream.items():
        held[f"/{key}"] = value
    return document.make_indirect(Dictionary(Type=Name.Filespec, UF=String(name), EF=Dictionary(F=held)))


def rules(pdf: bytes) -> set[str]:
    return {finding.rule for finding in structure_findings(pdf)}


def test_several_files_come_out_in_the_order_of_their_names():
    def two(document: Pdf) -> pikepdf.Object:
        pairs = [
            String("b"),
            specification(document, b"B", "b.xml"),
            String("a"),
            specification(document, b"A"),
        ]
        return Dictionary(Kids=[document.make_indirect(Dictionary(Names=Array(pairs)))])

    assert [(f.name, f.data) for f in embedded_files(with_tree(two))] == [("a.xml", b"A"), ("b.xml", b"B")]


def test_a_file_in_both_places_comes_out_once(issued):
    with pikepdf.open(io.BytesIO(issued)) as document:
        assert "/AF" in document.Root
        assert "/EmbeddedFiles" in document.Root.Names
    assert len(embedded_files(issued)) == 1


def test_an_associated_file_outside_the_name_tree_is_found(issued):
    def drop_tree(document: Pdf) -> None:
        del document.Root.Names

    assert [file.data for file in embedded_files(changed(issued, drop_tree))] == [XML]


def test_a_pdf_without_files_has_none():
    document = pikepdf.new()
    document.add_blank_page()
    assert embedded_files(saved(document)) == ()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"<xml/>", b"\0" * 1000, b"%PDF-1.7\n" + b"\xff" * 500])
def test_what_is_no_pdf_is_unreadable(data):
    with pytest.raises(PdfUnreadable) as refused:
        embedded_files(data)
    assert refused.value.way_out.zh


def test_an_encrypted_pdf_is_refused(issued):
    for password in ("", "secret"):
        locked = changed(issued, lambda _: None, encryption=pikepdf.Encryption(owner="owner", user=password))
        with pytest.raises(PdfEncrypted):
            embedded_files(locked)


def test_a_name_tree_that_bites_its_tail_ends(issued):
    def loop(document: Pdf) -> pikepdf.Object:
        node = document.make_indirect(Dictionary())
        node.Kids = Array([node])
        return node

    with pytest.raises(PdfTooLarge) as refused:
        embedded_files(with_tree(loop))
    assert refused.value.facts["limit"] == reading.MAX_TREE_DEPTH


def test_a_name_tree_that_doubles_at_each_level_ends():
    def doubling(document: Pdf) -> pikepdf.Object:
        node = document.make_indirect(Dictionary(Names=Array([])))
        for _ in range(40):
            node = document.make_indirect(Dictionary(Kids=Array([node, node])))
        return node

    with pytest.raises(PdfTooLarge):
        embedded_files(with_tree(doubling))


def test_too_many_files_are_refused():
    def many(document: Pdf) -> pikepdf.Object:
        pairs: list[pikepdf.Object] = []
        for number in range(reading.MAX_EMBEDDED_FILES + 1):
            pairs += [String(f"{number:03}"), specification(document, b"x", f"{number}.xml")]
        return Dictionary(Names=Array(pairs))

    with pytest.raises(PdfTooLarge) as refused:
        embedded_files(with_tree(many))
    assert refused.value.facts["size"] == reading.MAX_EMBEDDED_FILES + 1


def test_a_bomb_stops_at_the_limit(monkeypatch):
    monkeypatch.setattr(reading, "MAX_EMBEDDED_BYTES", 100_000)
    bomb = zlib.compress(b"\0" * 50_000_000, 9)

    def packed(document: Pdf) -> pikepdf.Object:
        held = specification(document, b"")
        held.EF.F.write(bomb, filter=Name.FlateDecode)
        return Dictionary(Names=Array([String("a"), held]))

    with pytest.raises(PdfTooLarge) as refused:
        embedded_files(with_tree(packed))
    assert refused.value.facts["size"] == 100_001


def test_a_file_at_the_limit_comes_out_whole(monkeypatch):
    monkeypatch.setattr(reading, "MAX_EMBEDDED_BYTES", 100_000)
    data = random.Random(7).randbytes(100_000)
    pdf = with_tree(lambda d: Dictionary(Names=Array([String("a"), specification(d, data)])))
    assert [file.data for file in embedded_files(pdf)] == [data]


def test_many_files_together_stop_at_the_limit_of_one(monkeypatch):
    monkeypatch.setattr(reading, "MAX_EMBEDDED_BYTES", 10_000)

    def files(sizes):
        def build(document):
            names = [
                part
                for n, size in enumerate(sizes)
                for part in (String(f"{n}"), a_file(document, f"{n}", b"x" * size, packed=n % 2 == 0))
            ]
            return Dictionary(Names=Array(names))

        return with_tree(build)

    assert [len(file.data) for file in embedded_files(files([4_000, 4_000, 2_000]))] == [4_000, 4_000, 2_000]
    for sizes in ([4_000, 4_000, 2_001], [4_000, 2_001, 4_000], [10_001, 0]):
        with pytest.raises(PdfTooLarge) as refused:
            embedded_files(files(sizes))
        assert (refused.value.facts["size"], refused.value.facts["limit"]) == (10_001, 10_000)


def a_file(document, name, data, *, packed):
    """A specification of a file, its stream packed or not."""
    stream = document.make_stream(zlib.compress(data) if packed else data)
    if packed:
        stream.Filter = Name.FlateDecode
    return document.make_indirect(
        Dictionary(Type=Name.Filespec, UF=String(name), EF=Dictionary(F=document.make_indirect(stream)))
    )


def test_a_bomb_among_the_objects_themselves_is_not_unpacked():
    memory = 192 * 1024 * 1024
    script = (
        "import resource, sys\n"
        "from jialiang.formats.pdf.reading import embedded_files\n"
        "from jialiang.kernel.errors import JialiangError\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    embedded_files(sys.stdin.buffer.read())\nexcept JialiangError:\n    pass\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], input=object_stream_bomb(memory), capture_output=True, check=True
    )
    assert int(ran.stdout) < memory / 2


def object_stream_bomb(size):
    """A PDF whose catalogue lies in a stream of objects that unpacks to ``size`` blanks."""
    squeezer = zlib.compressobj(1)
    packed = squeezer.compress(b"6 0 << /EmbeddedFiles << >> >> ")
    packed += b"".join(squeezer.compress(b" " * (1 << 20)) for _ in range(size >> 20)) + squeezer.flush()
    bodies = {
        1: b"<< /Type /Catalog /Pages 2 0 R /Names 6 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        4: b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream"
        % (len(packed), packed),
    }
    file, rows = b"%PDF-1.5\n", {0: (0, 0, 0), 6: (2, 4, 0)}
    for number, body in bodies.items():
        rows[number] = (1, len(file), 0)
        file += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    rows[5] = (1, len(file), 0)
    table = b"".join(struct.pack(">BIB", *rows[number]) for number in range(7))
    return file + (
        b"5 0 obj\n<< /Type /XRef /Size 7 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n%b\nendstream\nendobj\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(table), table, len(file))
    )


def test_several_layers_of_packing_are_refused():
    twice = zlib.compress(zlib.compress(b"x"))

    def packed(document: Pdf) -> pikepdf.Object:
        held = specification(document, b"")
        held.EF.F.write(twice, filter=Array([Name.FlateDecode, Name.FlateDecode]))
        return Dictionary(Names=Array([String("a"), held]))

    with pytest.raises(PdfUnreadable, match="filters"):
        embedded_files(with_tree(packed))


def test_compressed_data_that_end_early_are_refused():
    def cut(document: Pdf) -> pikepdf.Object:
        held = specification(document, b"")
        held.EF.F.write(zlib.compress(random.Random(1).randbytes(4000))[:-200], filter=Name.FlateDecode)
        return Dictionary(Names=Array([String("a"), held]))

    document = with_tree(cut)
    with pytest.raises(PdfUnreadable) as refused:
        embedded_files(document)
    assert refused.value.facts["place"] == "a.xml"


def test_a_pdf_larger_than_the_limit_is_not_opened(monkeypatch, issued):
    monkeypatch.setattr(reading, "MAX_PDF_BYTES", len(issued) - 1)
    with pytest.raises(PdfTooLarge) as refused:
        embedded_files(issued)
    assert refused.value.facts["limit"] == len(issued) - 1
    assert "PDF 文件过大" in refused.value.what.zh


def test_a_specification_without_a_stream_is_named():
    pdf = with_tree(lambda _: Dictionary(Names=Array([String("a"), Dictionary(UF=String("gone.xml"))])))
    with pytest.raises(PdfUnreadable) as refused:
        embedded_files(pdf)
    assert refused.value.facts["place"] == "gone.xml"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_change_of_bytes_brings_anything_but_our_errors(issued, data):
    damaged = bytearray(issued)
    for _ in range(data.draw(st.integers(1, 20))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    for look in (embedded_files, structure_findings):
        try:
            look(bytes(damaged))
        except JialiangError as refused:
            assert refused.code.startswith("JL-PDF-")


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 1))
def test_a_cut_file_brings_nothing_but_our_errors(issued, part):
    try:
        files = embedded_files(issued[: int(part * len(issued))])
    except JialiangError as refused:
        assert refused.code.startswith("JL-PDF-")
    else:
        assert files in ((), (EmbeddedFile(XML_NAME, "Data", "text/xml", XML),))


def test_a_painted_page_still_gives_the_genuine_xml(issued):
    def paint(document: Pdf) -> None:
        document.pages[0].contents_add(b"q 1 0 0 RG 100 100 200 200 re S Q")

    painted = changed(issued, paint)
    assert painted != issued
    assert [file.data for file in embedded_files(painted)] == [XML]


def test_an_issued_certificate_has_no_fault_of_structure(issued):
    assert structure_findings(issued) == ()


def drop_metadata(document: Pdf) -> None:
    del document.Root.Metadata


def claim_part_2(document: Pdf) -> None:
    packet = document.Root.Metadata.read_bytes()
    assert b"<pdfaid:part>3<" in packet
    document.Root.Metadata = document.make_stream(packet.replace(b"<pdfaid:part>3<", b"<pdfaid:part>2<"))


def drop_intent(document: Pdf) -> None:
    del document.Root.OutputIntents


def unembed_fonts(document: Pdf) -> None:
    for held in document.objects:
        if isinstance(held, Dictionary) and held.get("/Type") == Name.FontDescriptor:
            for program in ("/FontFile2", "/FontFile3"):
                if program in held:
                    del held[program]


def drop_to_unicode(document: Pdf) -> None:
    for held in document.objects:
        if isinstance(held, Dictionary) and "/ToUnicode" in held:
            del held["/ToUnicode"]


def standard_font(document: Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    document.pages[0].Resources.Font["/F9"] = font


def drop_associated(document: Pdf) -> None:
    del document.Root.AF


def drop_relationship(document: Pdf) -> None:
    del document.Root.AF[0].AFRelationship


def drop_mime_type(document: Pdf) -> None:
    del document.Root.AF[0].EF.F.Subtype


def add_script(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def add_named_script(document: Pdf) -> None:
    document.Root.Names.JavaScript = Dictionary(Names=Array([]))


def add_launch(document: Pdf) -> None:
    document.pages[0].AA = Dictionary(O=Dictionary(S=Name.Launch, F=String("calc.exe")))


def add_link(document: Pdf) -> None:
    action = Dictionary(S=Name.URI, URI=String("https://elsewhere.example"))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
    document.pages[0].Annots = Array([document.make_indirect(link)])


def add_outside_stream(document: Pdf) -> None:
    document.Root.AF[0].EF.F.F = String("elsewhere.xml")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (drop_metadata, {"xmp_part", "xmp_conformance"}),
        (claim_part_2, {"xmp_part"}),
        (drop_intent, {"output_intent"}),
        (unembed_fonts, {"font_embedded"}),
        (drop_to_unicode, {"font_to_unicode"}),
        (standard_font, {"font_embedded", "font_to_unicode"}),
        (drop_associated, {"associated_file"}),
        (drop_relationship, {"relationship"}),
        (drop_mime_type, {"mime_type"}),
        (add_script, {"script", "action"}),
        (add_named_script, {"script"}),
        (add_launch, {"action"}),
        (add_link, {"action"}),
        (add_outside_stream, {"external_stream"}),
    ],
    ids=lambda fault: getattr(fault, "__name__", ""),
)
def test_each_fault_of_structure_is_found_by_its_name(issued, fault, expected):
    assert rules(changed(issued, fault)) == expected


def test_a_finding_says_where(issued):
    assert StructureFinding("relationship", "/Root/AF/0") in structure_findings(
        changed(issued, drop_relationship)
    )


def test_structure_is_checked_of_files_from_elsewhere_too(tmp_path: Path):
    document = pikepdf.new()
    document.add_blank_page()
    assert rules(saved(document)) == {"xmp_part", "xmp_conformance", "output_intent", "associated_file"}


def test_an_encrypted_file_is_no_certificate(issued):
    locked = changed(issued, lambda _: None, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(PdfEncrypted):
        structure_findings(locked)
