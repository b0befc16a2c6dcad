"""Faults planted one by one into a small sound PDF: each is found under its name and at its place, and nothing else."""

import zlib
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from jialiang.formats.pdf.errors import PdfTooLarge, PdfUnreadable
from jialiang.formats.pdf.reading import EmbeddedFile, embedded_files
from jialiang.formats.pdf.structure import (
    FORBIDDEN_ACTIONS,
    RELATIONSHIPS,
    StructureFinding,
    structure_findings,
)

Plant = Callable[[Pdf], object]
XML = b"<c:certificate xmlns:c='urn:x'>22.000</c:certificate>"


def packet(
    part: str = "<pdfaid:part>3</pdfaid:part>", level: str = "<pdfaid:conformance>B</pdfaid:conformance>"
) -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">{part}{level}</rdf:Description>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()


def embedded(
    document: Pdf, data: bytes = XML, name: str = "certificate.xml", **stream: object
) -> pikepdf.Object:
    """The specification of a file inside."""
    held = document.make_stream(data, Subtype=Name("/text/xml"), **stream)
    return document.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(name),
            UF=String(name),
            EF=Dictionary(F=held),
            AFRelationship=Name.Data,
        )
    )


def sound(plant: Plant = lambda _: None) -> bytes:
    """A PDF that promises what our pages promise, after ``plant``."""
    document = pikepdf.new()
    document.add_blank_page()
    root = document.Root
    root.Metadata = document.make_stream(packet(), Type=Name.Metadata, Subtype=Name.XML)
    profile = document.make_stream(b"a colour profile", N=3)
    root.OutputIntents = Array([Dictionary(S=Name.GTS_PDFA1, DestOutputProfile=profile)])
    specification = embedded(document)
    root.AF = Array([specification])
    root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("certificate.xml"), specification])))
    program = document.make_stream(b"a font program")
    unicode = document.make_stream(b"a table back to Unicode")
    descriptor = document.make_indirect(
        Dictionary(Type=Name.FontDescriptor, FontName=Name.Inter, FontFile2=program)
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.TrueType,
        BaseFont=Name.Inter,
        FontDescriptor=descriptor,
        ToUnicode=unicode,
    )
    document.pages[0].Resources = Dictionary(Font=Dictionary(F0=document.make_indirect(font)))
    plant(document)
    kept = BytesIO()
    document.save(kept, fix_metadata_version=False)
    return kept.getvalue()


def findings(plant: Plant) -> tuple[StructureFinding, ...]:
    return structure_findings(sound(plant))


def rules(plant: Plant) -> list[str]:
    return sorted(finding.rule for finding in findings(plant))


def test_the_small_pdf_is_sound_and_gives_its_file():
    assert structure_findings(sound()) == ()
    assert embedded_files(sound()) == (EmbeddedFile("certificate.xml", "Data", "text/xml", XML),)


# --- what the file says of itself ----------------------------------------------------------------------------

PACKETS = {
    "part 3 B as elements": (packet(), []),
    "part 3 A": (packet(level="<pdfaid:conformance>A</pdfaid:conformance>"), []),
    "part 3 U": (packet(level="<pdfaid:conformance>U</pdfaid:conformance>"), []),
    "blanks inside": (
        packet("<pdfaid:part> 3\n</pdfaid:part>", "<pdfaid:conformance> B </pdfaid:conformance>"),
        [],
    ),
    "part 1": (packet("<pdfaid:part>1</pdfaid:part>"), [("xmp_part", "1")]),
    "part 2": (packet("<pdfaid:part>2</pdfaid:part>"), [("xmp_part", "2")]),
    "part 4": (packet("<pdfaid:part>4</pdfaid:part>"), [("xmp_part", "4")]),
    "part 33": (packet("<pdfaid:part>33</pdfaid:part>"), [("xmp_part", "33")]),
    "no part": (packet(part=""), [("xmp_part", "")]),
    "no conformance": (packet(level=""), [("xmp_conformance", "")]),
    "conformance F": (packet(level="<pdfaid:conformance>F</pdfaid:conformance>"), [("xmp_conformance", "F")]),
    "conformance in small letters": (
        packet(level="<pdfaid:conformance>b</pdfaid:conformance>"),
        [("xmp_conformance", "")],
    ),
    "empty": (b"", [("xmp_conformance", ""), ("xmp_part", "")]),
    "attributes": (b'<rdf:Description pdfaid:part="3" pdfaid:conformance="B"/>', []),
    "attributes in single quotes": (b"<rdf:Description pdfaid:part='3' pdfaid:conformance='U'/>", []),
    "attributes of part 2": (
        b'<rdf:Description pdfaid:part="2" pdfaid:conformance="B"/>',
        [("xmp_part", "2")],
    ),
}


@pytest.mark.parametrize(("said", "expected"), PACKETS.values(), ids=PACKETS)
def test_the_claim_of_pdf_a_3_is_read_from_the_metadata(said, expected):
    found = findings(lambda d: setattr(d.Root, "Metadata", d.make_stream(said)))
    assert sorted((f.rule, f.given) for f in found) == expected
    assert all(f.place == "/Root/Metadata" for f in found)


@pytest.mark.parametrize(
    "held", [String("3"), Dictionary(part=3), Array([])], ids=["text", "dictionary", "array"]
)
def test_metadata_that_are_no_stream_claim_nothing(held):
    assert rules(lambda d: setattr(d.Root, "Metadata", held)) == ["xmp_conformance", "xmp_part"]


def intents(*of: Callable[[Pdf], Dictionary]) -> Plant:
    return lambda d: setattr(d.Root, "OutputIntents", Array([make(d) for make in of]))


def archival(document: Pdf) -> Dictionary:
    return Dictionary(S=Name.GTS_PDFA1, DestOutputProfile=document.make_stream(b"profile"))


INTENTS = {
    "for archives": ((archival,), []),
    "for print only": (
        (lambda d: Dictionary(S=Name.GTS_PDFX, DestOutputProfile=d.make_stream(b"p")),), ["output_intent"]),
    "for print and for archives": (
        (lambda d: Dictionary(S=Name.GTS_PDFX, DestOutputProfile=d.make_stream(b"p")), archival), []),
    "without a profile": ((lambda d: Dictionary(S=Name.GTS_PDFA1),), ["output_intent"]),
    "with the name of a profile only": (
        (lambda d: Dictionary(S=Name.GTS_PDFA1, DestOutputProfile=String("sRGB")),), ["output_intent"]),
    "without a kind": ((lambda d: Dictionary(DestOutputProfile=d.make_stream(b"p")),), ["output_intent"]),
    "none": ((), ["output_intent"]),
}  # fmt: skip


@pytest.mark.parametrize(("of", "expected"), INTENTS.values(), ids=INTENTS)
def test_one_output_intent_for_archives_has_its_profile_inside(of, expected):
    assert rules(intents(*of)) == expected


# --- fonts ---------------------------------------------------------------------------------------------------


def font(*, file: str | None = "FontFile2", unicode: bool = True, **members: object) -> Plant:
    def plant(document: Pdf) -> None:
        facts: dict[str, object] = {
            "Type": Name.Font,
            "Subtype": Name.TrueType,
            "BaseFont": Name.Other,
            **members,
        }
        if unicode:
            facts["ToUnicode"] = document.make_stream(b"table")
        if file is not None:
            descriptor = {file: document.make_stream(b"program")} if file else {}
            facts["FontDescriptor"] = document.make_indirect(
                Dictionary(Type=Name.FontDescriptor, **descriptor)
            )
        document.pages[0].Resources.Font["/F1"] = Dictionary(facts_of(facts))

    return plant


def facts_of(facts: dict[str, object]) -> dict[str, object]:
    return {f"/{name}": value for name, value in facts.items()}


FONTS = {
    "TrueType, embedded": (font(), []),
    "Type 1, embedded": (font(file="FontFile", Subtype=Name.Type1), []),
    "OpenType, embedded": (font(file="FontFile3", Subtype=Name.Type1), []),
    "no descriptor": (font(file=None), ["font_embedded"]),
    "a descriptor without a program": (font(file=""), ["font_embedded"]),
    "no way back to Unicode": (font(unicode=False), ["font_to_unicode"]),
    "neither": (font(file=None, unicode=False), ["font_embedded", "font_to_unicode"]),
    "a composite font": (font(file=None, Subtype=Name.Type0), []),
    "a composite font without a way back": (
        font(file=None, unicode=False, Subtype=Name.Type0),
        ["font_to_unicode"],
    ),
    "a part of a composite font": (font(unicode=False, Subtype=Name.CIDFontType2), []),
    "a part without a program": (font(file="", unicode=False, Subtype=Name.CIDFontType0), ["font_embedded"]),
    "drawn letters": (font(file=None, Subtype=Name.Type3), []),
    "drawn letters without a way back": (
        font(file=None, unicode=False, Subtype=Name.Type3),
        ["font_to_unicode"],
    ),
    "no kind of font": (lambda d: d.pages[0].Resources.Font.update({"/F1": Dictionary(Type=Name.Font)}), []),
}


@pytest.mark.parametrize(("plant", "expected"), FONTS.values(), ids=FONTS)
def test_every_font_is_inside_and_leads_back_to_unicode(plant, expected):
    found = findings(plant)
    assert sorted(f.rule for f in found) == expected
    assert all(f.given == "/Other" and f.place.startswith("object ") for f in found)


# --- the associated file -------------------------------------------------------------------------------------


@pytest.mark.parametrize("relationship", RELATIONSHIPS)
def test_the_relationships_of_the_standard_are_known(relationship):
    assert rules(lambda d: setattr(d.Root.AF[0], "AFRelationship", Name(relationship))) == []


@pytest.mark.parametrize("relationship", ["/Certificate", "/data", "/EncryptedPayload"])
def test_other_relationships_are_named(relationship):
    (found,) = findings(lambda d: setattr(d.Root.AF[0], "AFRelationship", Name(relationship)))
    assert found == StructureFinding("relationship", "/Root/AF/0", relationship)


@pytest.mark.parametrize(
    ("subtype", "fine"),
    [
        ("/text/xml", True),
        ("/application/xml", True),
        ("/application/pdf", True),
        ("/xml", False),
        ("/", False),
    ],
)
def test_a_kind_of_file_has_two_parts(subtype, fine):
    def plant(document: Pdf) -> None:
        document.Root.AF[0].EF.F.Subtype = Name(subtype) if subtype != "/" else String("")

    assert rules(plant) == ([] if fine else ["mime_type"])


def test_each_associated_file_is_examined_under_its_own_number():
    def plant(document: Pdf) -> None:
        bad = embedded(document, name="other.xml")
        del bad.AFRelationship
        document.Root.AF = Array([document.Root.AF[0], bad])

    assert findings(plant) == (StructureFinding("relationship", "/Root/AF/1"),)


@pytest.mark.parametrize("held", [Array([]), String("x"), Dictionary()], ids=["empty", "text", "dictionary"])
def test_without_a_list_of_associated_files_one_is_missing(held):
    assert rules(lambda d: setattr(d.Root, "AF", held)) == ["associated_file"]


# --- nothing runs and nothing leads outside ------------------------------------------------------------------


def at_opening(document: Pdf, action: Dictionary) -> None:
    document.Root.OpenAction = action


def behind_a_link(document: Pdf, action: Dictionary) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
    document.pages[0].Annots = Array([document.make_indirect(link)])


def after_another(document: Pdf, action: Dictionary) -> None:
    at_opening(document, Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]), Next=Array([action])))


def on_its_own(document: Pdf, action: Dictionary) -> None:
    document.Root.Keep = document.make_indirect(action)


WAYS = {"at opening": at_opening, "behind a link": behind_a_link, "after another": after_another,
        "as an object of its own": on_its_own}  # fmt: skip


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("kind", FORBIDDEN_ACTIONS)
def test_a_forbidden_action_is_found_wherever_it_hides(kind, way):
    (found,) = findings(lambda d: way(d, Dictionary(S=Name(kind))))
    assert (found.rule, found.given) == ("action", kind)


@pytest.mark.parametrize("kind", ["/GoTo", "/Named"])
def test_turning_pages_is_allowed(kind):
    assert rules(lambda d: at_opening(d, Dictionary(S=Name(kind), N=Name.NextPage))) == []


PLANTS = {
    "a script in an action": (lambda d: at_opening(d, Dictionary(S=Name.GoTo, JS=String("app.alert(1)"))), ["script"]),
    "a script as a stream": (
        lambda d: at_opening(d, Dictionary(S=Name.JavaScript, JS=d.make_stream(b"app.alert(1)"))),
        ["action", "script"]),
    "named scripts": (lambda d: d.Root.Names.update({"/JavaScript": Dictionary(Names=Array([]))}), ["script"]),
    "triggers of the document": (lambda d: setattr(d.Root, "AA", Dictionary()), ["action"]),
    "triggers of a page": (lambda d: setattr(d.pages[0], "AA", Dictionary()), ["action"]),
    "a form field with a trigger": (
        lambda d: setattr(d.Root, "AcroForm", Dictionary(Fields=Array([Dictionary(AA=Dictionary())]))), ["action"]),
    "bytes kept elsewhere": (
        lambda d: setattr(d.Root, "Keep", d.make_stream(b"", F=String("elsewhere.bin"))), ["external_stream"]),
    "bytes kept elsewhere behind a filter": (
        lambda d: setattr(d.Root, "Keep", d.make_stream(b"", FFilter=Name.FlateDecode)), ["external_stream"]),
    "a file at an address": (
        lambda d: setattr(d.Root, "Keep", d.make_indirect(Dictionary(FS=Name.URL, F=String("http://x")))),
        ["external_stream"]),
    "a file by name": (lambda d: setattr(d.Root, "Keep", d.make_indirect(Dictionary(F=String("a.xml")))), []),
    "a script deep inside arrays": (
        lambda d: setattr(d.Root, "Keep", Array([Array([Array([Dictionary(JS=String("1"))])])])), ["script"]),
}  # fmt: skip


@pytest.mark.parametrize(("plant", "expected"), PLANTS.values(), ids=PLANTS)
def test_scripts_triggers_and_outside_bytes_are_found(plant, expected):
    assert rules(plant) == expected


def test_one_fault_at_one_place_is_told_once():
    def plant(document: Pdf) -> None:
        document.Root.Keep = document.make_indirect(
            Array([Dictionary(S=Name.Launch), Dictionary(S=Name.Launch), Dictionary(S=Name.Movie)])
        )

    assert sorted(f.given for f in findings(plant)) == ["/Launch", "/Movie"]


# --- the embedded files --------------------------------------------------------------------------------------


def names(*pairs: object) -> Plant:
    return lambda d: setattr(d.Root.Names.EmbeddedFiles, "Names", Array(list(pairs)))


def only_in_the_tree(make: Callable[[Pdf], pikepdf.Object]) -> Plant:
    def plant(document: Pdf) -> None:
        del document.Root.AF
        document.Root.Names.EmbeddedFiles.Names = Array([String("x"), make(document)])

    return plant


def stream_of(data: bytes, **members: object) -> Callable[[Pdf], pikepdf.Object]:
    def make(document: Pdf) -> pikepdf.Object:
        specification = embedded(document)
        stream = Stream(document, data)
        for name, value in members.items():
            stream[f"/{name}"] = value
        specification.EF.F = document.make_indirect(stream)
        return specification

    return make


def raw(data: bytes, **members: object) -> bytes:
    """A PDF whose one embedded stream has exactly these bytes; they are not packed anew."""
    document = pikepdf.open(BytesIO(sound(only_in_the_tree(stream_of(b"")))))
    held = document.Root.Names.EmbeddedFiles.Names[1].EF.F
    filters = members.pop("Filter", None)
    held.write(data, filter=filters, decode_parms=members.pop("DecodeParms", None))
    kept = BytesIO()
    document.save(kept, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    return kept.getvalue()


PACKED = zlib.compress(XML)


def test_a_packed_and_a_plain_file_come_out_alike():
    assert embedded_files(raw(PACKED, Filter=Name.FlateDecode))[0].data == XML
    assert embedded_files(raw(XML))[0].data == XML
    assert embedded_files(raw(XML.hex().encode() + b">", Filter=Name.ASCIIHexDecode))[0].data == XML


@pytest.mark.parametrize("predictor", [2, 10, 12, 15])
def test_packed_differences_are_refused_rather_than_read_as_other_bytes(predictor):
    parameters = Dictionary(Predictor=predictor, Columns=1)
    with pytest.raises(PdfUnreadable) as refused:
        embedded_files(raw(PACKED, Filter=Name.FlateDecode, DecodeParms=parameters))
    assert "predictor" in str(refused.value.facts["reason"])


def test_a_predictor_that_predicts_nothing_is_none():
    packed = raw(PACKED, Filter=Name.FlateDecode, DecodeParms=Dictionary(Predictor=1))
    assert embedded_files(packed)[0].data == XML


@pytest.mark.parametrize("name", ["/LZWDecode", "/RunLengthDecode", "/DCTDecode", "/JBIG2Decode", "/Unknown"])
def test_other_ways_of_packing_are_refused_by_name(name):
    with pytest.raises(PdfUnreadable) as refused:
        embedded_files(raw(b"\x00", Filter=Name(name)))
    assert name in str(refused.value.facts["reason"])


@pytest.mark.parametrize("length", [1, 2, len(PACKED) // 2, len(PACKED) - 1])
def test_packed_bytes_that_end_early_are_refused(length):
    with pytest.raises(PdfUnreadable):
        embedded_files(raw(PACKED[:length], Filter=Name.FlateDecode))


def test_bytes_behind_the_packed_ones_change_nothing():
    assert embedded_files(raw(PACKED + b"\n\n", Filter=Name.FlateDecode))[0].data == XML


SPECIFICATIONS = {
    "no stream": lambda d: Dictionary(F=String("x"), EF=Dictionary()),
    "a text for a stream": lambda d: Dictionary(F=String("x"), EF=Dictionary(F=String("bytes"))),
    "no list of streams": lambda d: Dictionary(F=String("x")),
    "a text for the list": lambda d: Dictionary(F=String("x"), EF=String("y")),
}


@pytest.mark.parametrize("make", SPECIFICATIONS.values(), ids=SPECIFICATIONS)
def test_a_specification_without_bytes_is_unreadable(make):
    with pytest.raises(PdfUnreadable):
        embedded_files(sound(only_in_the_tree(lambda d: d.make_indirect(make(d)))))


@pytest.mark.parametrize("held", [String("x"), Array([]), 7], ids=["text", "array", "number"])
@pytest.mark.parametrize("place", ["Names", "EmbeddedFiles", "leaves", "Kids"])
def test_trees_of_another_shape_hold_no_files(place, held):
    def plant(document: Pdf) -> None:
        del document.Root.AF
        if place == "Names":
            document.Root.Names = held
        elif place == "EmbeddedFiles":
            document.Root.Names.EmbeddedFiles = held
        else:
            document.Root.Names.EmbeddedFiles = Dictionary({"/Names" if place == "leaves" else "/Kids": held})

    assert embedded_files(sound(plant)) == ()


def test_files_come_in_the_order_of_their_names_whatever_the_tree():
    def plant(document: Pdf) -> None:
        del document.Root.AF
        leaves = [
            Dictionary(Names=Array([String(n), embedded(document, n.encode(), n)]))
            for n in ("c.xml", "a.xml", "b.xml")
        ]
        document.Root.Names.EmbeddedFiles = Dictionary(Kids=Array(leaves))

    assert [(f.name, f.data) for f in embedded_files(sound(plant))] == [
        ("a.xml", b"a.xml"), ("b.xml", b"b.xml"), ("c.xml", b"c.xml"),
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "fine"), [(64, True), (65, False)])
def test_there_are_sixty_four_files_at_most(count, fine):
    def plant(document: Pdf) -> None:
        document.Root.AF = Array([embedded(document, b"x", f"{n:03}.xml") for n in range(count)])
        del document.Root.Names

    if fine:
        assert len(embedded_files(sound(plant))) == count
    else:
        with pytest.raises(PdfTooLarge) as refused:
            embedded_files(sound(plant))
        assert (refused.value.facts["size"], refused.value.facts["limit"]) == (65, 64)


@pytest.mark.parametrize(
    ("members", "name"),
    [
        ({"F": "plain.xml", "UF": "证书.xml"}, "证书.xml"),
        ({"F": "plain.xml"}, "plain.xml"),
        ({"UF": "证书.xml"}, "证书.xml"),
        ({}, ""),
    ],
)
def test_the_name_in_unicode_goes_before_the_plain_one(members, name):
    def make(document: Pdf) -> pikepdf.Object:
        specification = embedded(document)
        del specification.F
        del specification.UF
        for key, value in members.items():
            specification[f"/{key}"] = String(value)
        return specification

    assert embedded_files(sound(only_in_the_tree(make)))[0].name == name
