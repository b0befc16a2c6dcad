"""Which files are taken for what: PDFs, XML that speaks of PDFs, and symbols of every text."""

from dataclasses import dataclass

import pytest
from tests.formats.sample_content import sample_content
from tests.formats.sample_keys import CHECK_TIME, anchors, signed, signed_sample

from jialiang.formats.authenticity.errors import (
    NoCertificateInPdf,
    NotReadable,
    PdfNotSupported,
    SeveralCertificatesInPdf,
)
from jialiang.formats.authenticity.examination import Examination, content_digest_of, examine
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.dcc.errors import NotACertificate
from jialiang.formats.pdf.errors import PdfUnreadable
from jialiang.formats.symbols import (
    DATA_MATRIX_CAPACITY,
    SymbolTextUnsuitable,
    data_matrix_png,
    data_matrix_svg,
    qr_png,
    qr_svg,
)
from jialiang.formats.xml.errors import XmlTooLarge
from jialiang.formats.xml.parsing import XmlLimits
from jialiang.kernel.errors import JialiangError


@dataclass
class Attached:
    name: str
    data: bytes


def holding(*files: bytes):
    """A way of opening PDFs that finds these files."""
    return lambda _: [Attached(f"{n}.xml", data) for n, data in enumerate(files)]


def refusing(_: bytes):
    raise PdfUnreadable(place="file", reason="broken")


def examined(data: bytes, attachments=None, **more) -> Examination:
    return examine(data, trusted=anchors(), at=CHECK_TIME, attachments_of_pdf=attachments, **more)


PDF = b"%PDF-1.7\nwhatever"
KINDS = {
    "a PDF": (PDF, "pdf"),
    "a PDF behind other letters": (b"junk\n" + PDF, "pdf"),
    "a PDF whose mark is the last that counts": (b"x" * 1019 + PDF, "pdf"),
    "a PDF whose mark comes too late": (b"x" * 1020 + PDF, "unreadable"),
    "XML": (signed_sample(), "xml"),
    "XML behind a byte order mark": (b"\xef\xbb\xbf" + signed_sample(), "xml"),
    "XML with a comment on PDFs": (
        signed_sample().replace(b"?>\n<", b"?>\n<!-- %PDF-1.7 --><", 1), "xml"),
    "XML of a customer who likes PDFs": (signed(sample_content(software_name="%PDF-1.7")), "xml"),
    "neither": (b"hello", "unreadable"),
    "nothing": (b"", "unreadable"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "kind"), KINDS.values(), ids=KINDS)
def test_a_file_is_told_by_its_beginning(data, kind):
    if kind == "unreadable":
        with pytest.raises(NotReadable):
            examined(data, holding(signed_sample()))
        return
    found = examined(data, holding(signed_sample()))
    assert (found.kind, found.sha256) == (kind, sha256_hex(data))
    assert found.is_readable
    assert found.number == "JZ2026-000123"


def test_a_certificate_that_speaks_of_pdfs_keeps_its_signature():
    found = examined(KINDS["XML of a customer who likes PDFs"][0])
    assert found.findings is not None
    assert found.findings.integrity.outcome == "ok"
    assert not found.rewritten


INSIDE = {
    "the certificate": ((signed_sample(),), None),
    "the certificate beside other files": ((b"notes", signed_sample(), b"<x/>"), None),
    "no file": ((), NoCertificateInPdf),
    "other files only": ((b"notes", b"<x/>"), NoCertificateInPdf),
    "the certificate twice": ((signed_sample(), signed_sample()), SeveralCertificatesInPdf),
    "another XML that names the element": ((b"<a>digitalCalibrationCertificate</a>",), NotACertificate),
}


@pytest.mark.parametrize(("files", "error"), INSIDE.values(), ids=INSIDE)
def test_a_pdf_holds_one_certificate(files, error):
    if error is None:
        found = examined(PDF, holding(*files))
        assert (found.kind, found.xml, found.number) == ("pdf", signed_sample(), "JZ2026-000123")
        return
    with pytest.raises(error):
        examined(PDF, holding(*files))


def test_a_pdf_that_nobody_can_open_here_is_said_so():
    with pytest.raises(PdfNotSupported):
        examined(PDF)


@pytest.mark.parametrize(
    ("inside", "number"),
    [(b"", None), (b"<dcc:uniqueIdentifier>JZ-1</dcc:uniqueIdentifier>", "JZ-1")],
)
def test_a_broken_pdf_is_altered_if_it_says_whose_it_was_and_unreadable_otherwise(inside, number):
    if number is None:
        with pytest.raises(NotReadable):
            examined(PDF + inside, refusing)
        return
    found = examined(PDF + inside, refusing)
    assert (found.kind, found.number, found.is_readable) == ("pdf", number, False)
    assert isinstance(found.problem, PdfUnreadable)


@pytest.mark.parametrize("attachments", [None, holding(signed_sample())])
def test_the_limit_of_size_holds_for_xml_alone_and_inside(attachments):
    limits = XmlLimits(size=len(signed_sample()) - 1)
    found = examined(signed_sample() if attachments is None else PDF, attachments, limits=limits)
    assert isinstance(found.problem, XmlTooLarge)
    assert found.number == "JZ2026-000123"


def test_the_digest_of_the_content_is_that_of_the_signed_part():
    found = examined(signed_sample())
    assert found.content_digest == content_digest_of(signed_sample())
    assert found.findings is not None
    assert found.content_digest == sha256_hex(found.findings.signed_content or b"")
    other = signed(sample_content(number="JZ2026-000124"))
    assert content_digest_of(other) != found.content_digest


# --- symbols -------------------------------------------------------------------------------------------------

TEXTS = {
    # text: can a QR symbol, can a DataMatrix symbol hold it?
    "an address": ("https://check.example.cn/c/88.999.1/yz-1?k=K7QM3XRD9FWTP", True, True),
    "one letter": ("A", True, True),
    "digits": ("0123456789" * 10, True, True),
    "all printable ASCII": ("".join(map(chr, range(0x20, 0x7F))), True, True),
    "Chinese": ("计量器具", True, False),
    "an accent": ("é", True, False),
    "a line end": ("a\nb", True, False),
    "a zero byte": ("a\x00b", True, False),
    "nothing": ("", False, False),
    "as much as a DataMatrix holds": ("A" * DATA_MATRIX_CAPACITY, True, True),
    "one letter more": ("A" * (DATA_MATRIX_CAPACITY + 1), True, False),
    "more than a QR symbol holds": ("a" * 2500, False, False),
    "half a letter": ("\ud83d", False, False),
}
DRAWINGS = {"QR": (qr_svg, qr_png), "DataMatrix": (data_matrix_svg, data_matrix_png)}


@pytest.mark.parametrize("symbol", DRAWINGS)
@pytest.mark.parametrize(("text", "qr", "matrix"), TEXTS.values(), ids=TEXTS)
def test_which_texts_a_symbol_holds(text, qr, matrix, symbol):
    for draw in DRAWINGS[symbol]:
        if qr if symbol == "QR" else matrix:
            assert len(draw(text)) > 100
            continue
        with pytest.raises(SymbolTextUnsuitable) as refused:
            draw(text)
        assert refused.value.facts["symbol"] == symbol
        assert len(str(refused.value.facts["text"])) <= 60
        str(refused.value).encode()


@pytest.mark.parametrize("scale", [1, 3, 8])
@pytest.mark.parametrize("draw", [qr_png, data_matrix_png])
def test_a_picture_is_square_and_grows_with_its_scale(draw, scale):
    def side(png: bytes) -> tuple[int, int]:
        return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")

    width, height = side(draw("JZ2026-000123", scale))
    assert width == height == scale * side(draw("JZ2026-000123", 1))[0]


def test_what_cannot_be_drawn_is_an_error_of_ours():
    assert issubclass(SymbolTextUnsuitable, JialiangError)
    assert SymbolTextUnsuitable(symbol="QR", text="").http_status == 422
