"""Encodings: read with and without mark and declaration, wrong ones located, and what a narrow one cannot write."""

import codecs
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.dcc_samples import (
    SAMPLES,
    c14n,
    certificate_with,
    quantity,
    real,
    sample,
    sample_certificate,
)

from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.encodings import (
    ENCODINGS,
    Encoded,
    decode_text,
    encode_html,
    encode_json,
    encode_text,
    encode_xml,
    known_encoding,
)
from jialiang.formats.conversion.errors import NotDecodable, UnknownEncoding
from jialiang.formats.conversion.registry import convert, xml_of
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.xml.encodings import declared_encoding, marked, mismatch, read_as
from jialiang.formats.xml.errors import DoctypeRefused, EncodingMismatch, EncodingRefused, XmlNotWellFormed
from jialiang.formats.xml.parsing import parse_xml

BODY = '<a b="量">温度 校准\n 第二行 ℃</a>'
CODECS = {
    "UTF-8": "utf-8",
    "GB18030": "gb18030",
    "GBK": "gbk",
    "UTF-16LE": "utf-16-le",
    "UTF-16BE": "utf-16-be",
}
MARKS = {"UTF-8": codecs.BOM_UTF8, "UTF-16LE": codecs.BOM_UTF16_LE, "UTF-16BE": codecs.BOM_UTF16_BE}


def document(real_encoding, declared="", *, mark=False, body=BODY):
    declaration = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    return (MARKS[real_encoding] if mark else b"") + (declaration + body).encode(CODECS[real_encoding])


# --- reading ------------------------------------------------------------------------------------------------------

READ = [
    # the bytes are of; the declaration says; with a mark
    ("UTF-8", "", False), ("UTF-8", "", True), ("UTF-8", "UTF-8", False), ("UTF-8", "utf-8", True),
    ("GB18030", "GB18030", False), ("GB18030", "gb18030", False), ("GBK", "GBK", False), ("GBK", "gbk", False),
    ("GBK", "GB2312", False), ("GBK", "GB18030", False),
    ("UTF-16LE", "UTF-16", True), ("UTF-16BE", "UTF-16", True), ("UTF-16LE", "", True), ("UTF-16BE", "", True),
    ("UTF-16LE", "UTF-16", False), ("UTF-16BE", "UTF-16", False), ("UTF-16LE", "", False), ("UTF-16BE", "", False),
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "declared", "mark"), READ)
def test_documents_are_read_with_and_without_mark_and_declaration(encoding, declared, mark):
    root = parse_xml(document(encoding, declared, mark=mark)).getroot()
    assert (root.get("b"), root.text) == ("量", "温度 校准\n 第二行 ℃")


@pytest.mark.parametrize("encoding", ["GB18030", "UTF-16"])
@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_the_same_certificate_in_another_encoding(oracles, name, encoding):
    given = sample(oracles, name)
    text = given.decode("utf-8-sig")
    declared = text.replace('encoding="UTF-8"', f'encoding="{encoding}"').replace(
        'encoding="utf-8"', f'encoding="{encoding}"'
    )
    again = declared.encode(encoding)
    assert c14n(parse_xml(again)) == c14n(parse_xml(given))
    assert Certificate.read(again).quantities() == Certificate.read(given).quantities()


WRONG = [
    # the bytes are of; declared (empty: none); line; column; what fits
    ("GB18030", "", 1, 7, "GB18030"),
    ("GBK", "", 1, 7, "GB18030"),
    ("GB18030", "UTF-8", 2, 7, "GB18030"),
    ("GBK", "utf-8", 2, 7, "GB18030"),
    ("UTF-8", "UTF-16", 1, 31, "UTF-8"),
    ("GBK", "UTF-16", 1, 31, "GB18030"),
]


@pytest.mark.parametrize(("encoding", "declared", "line", "column", "fits"), WRONG)
def test_a_wrong_declaration_is_located_and_what_fits_is_named(encoding, declared, line, column, fits):
    with pytest.raises(EncodingMismatch) as refused:
        parse_xml(document(encoding, declared))
    facts = refused.value.facts
    assert (facts["line"], facts["column"]) == (line, column)
    assert fits in facts["fitting"]
    assert facts["encoding"] == (declared.upper() or "UTF-8")
    assert str(facts["byte"]).startswith("0x")
    assert all(
        text.zh and text.en for text in (refused.value.what, refused.value.rule, refused.value.way_out)
    )


def test_the_first_wrong_byte_far_into_a_document_is_found():
    good = "<a>" + "行\n" * 500
    data = good.encode() + "坏".encode("gbk") + b"</a>"
    with pytest.raises(EncodingMismatch) as refused:
        parse_xml(data)
    assert (refused.value.facts["line"], refused.value.facts["column"]) == (501, 1)


def test_letters_of_gb_18030_under_a_declaration_of_gbk_are_located():
    data = '<?xml version="1.0" encoding="GBK"?>\n<a>量 µ</a>'.encode("gb18030")
    with pytest.raises(EncodingMismatch) as refused:
        parse_xml(data)
    assert (refused.value.facts["line"], refused.value.facts["column"]) == (2, 6)
    assert "GB18030" in refused.value.facts["fitting"]


def test_bytes_that_fit_nothing_say_so():
    with pytest.raises(EncodingMismatch) as refused:
        parse_xml(b"<a>\xff\xff</a>")
    assert "UTF-8" not in refused.value.facts["fitting"]
    assert isinstance(refused.value, XmlNotWellFormed)  # whoever catches that catches this


def test_what_is_broken_otherwise_is_told_as_before():
    for data in (
        b"<a>",
        "<a>量</b>".encode(),
        b"",
        '<?xml version="1.0" encoding="GBK"?><a>量'.encode("gbk"),
    ):
        with pytest.raises(XmlNotWellFormed) as refused:
            parse_xml(data)
        assert not isinstance(refused.value, EncodingMismatch)


@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize("encoding", ["UTF-16LE", "UTF-16BE"])
def test_a_doctype_hides_in_no_encoding(encoding, mark):
    with pytest.raises(DoctypeRefused):
        parse_xml(document(encoding, mark=mark, body="<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"))


# --- reading what is known from elsewhere -------------------------------------------------------------------------


@pytest.mark.parametrize("declared", ["", "UTF-8", "ISO-8859-1", "GBK"])
@pytest.mark.parametrize("encoding", ["GB18030", "GBK", "UTF-8"])
def test_an_encoding_known_from_elsewhere_overrules_the_declaration(encoding, declared):
    root = parse_xml(read_as(document(encoding, declared), encoding)).getroot()
    assert (root.get("b"), root.text) == ("量", "温度 校准\n 第二行 ℃")


@pytest.mark.parametrize("name", ["utf_16", "utf-16", "UTF-16"])
def test_utf_16_is_read_as_such(name):
    assert parse_xml(read_as(document("UTF-16LE", mark=True), name)).getroot().get("b") == "量"


def test_reading_as_something_else_is_located_too():
    with pytest.raises(EncodingMismatch) as refused:
        read_as(document("GBK"), "utf-8")
    assert (refused.value.facts["line"], refused.value.facts["column"]) == (1, 7)


@pytest.mark.parametrize("name", ["latin-2", "utf-7", "", "utf-32", "big5", "rot13"])
def test_other_encodings_are_not_read(name):
    with pytest.raises(EncodingRefused):
        read_as(b"<a/>", name)


def test_only_a_declaration_at_the_beginning_is_left_out():
    text = "<a>&lt;?xml version='1.0'?&gt;<!-- <?xml version='1.0'?> --></a>"
    assert read_as(text.encode("gbk"), "gbk").decode() == text


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"<a/>", "UTF-8"), (codecs.BOM_UTF8 + b"<a/>", "UTF-8"), (codecs.BOM_UTF16_LE + b"<\0", "UTF-16"),
        (b'<?xml version="1.0" encoding="gbk"?><a/>', "GBK"), (b"<?xml version='1.0' encoding='GB18030'?>", "GB18030"),
        (b'<?xml version="1.0"?><a/>', "UTF-8"), (b"", "UTF-8"),
        (codecs.BOM_UTF8 + b'<?xml version="1.0" encoding="gbk"?><a/>', "UTF-8"),
    ],
)  # fmt: skip
def test_the_encoding_that_a_document_says_it_is_of(data, encoding):
    assert declared_encoding(data) == encoding


@pytest.mark.parametrize("data", [b"<a/>", b"<\0\0\0", b"\0\0\0<", b"", b"\0", codecs.BOM_UTF16_LE + b"<\0"])
def test_no_mark_is_put_where_none_is_missing(data):
    assert marked(data) == data


@given(st.binary(max_size=60))
def test_no_bytes_break_the_search_for_a_mismatch(data):
    found = mismatch(data)
    assert found is None or found.facts["line"] >= 1
    for start in (b"<?xml version='1.0' encoding='GBK'?>", b"<?xml version='1.0' encoding='nonsense'?>"):
        mismatch(start + data)


# --- writing ------------------------------------------------------------------------------------------------------

LETTERS = st.text(st.sampled_from('aZ09 温度量℃µ²ß€—“”\U0001f600"\\/&<>'), max_size=40)


@pytest.mark.parametrize("encoding", sorted(ENCODINGS))
def test_xml_comes_back_from_every_encoding(encoding):
    certificate = Certificate.read(certificate_with(quantity(real("1", "\\metre"), "量 µ ß")))
    encoded = encode_xml(certificate.tree, encoding)
    assert c14n(parse_xml(encoded.data)) == c14n(certificate.tree)
    assert encoded.instead == ("reference" if encoded.unmapped else "")


@pytest.mark.parametrize("encoding", sorted(ENCODINGS))
@given(text=LETTERS)
def test_json_loses_nothing_in_any_encoding(encoding, text):
    encoded = encode_json({"text": text, text: [1, None]}, encoding)
    assert json.loads(decode_text(encoded.data)) == {"text": text, text: [1, None]}
    if encoding == "gbk":
        assert set(encoded.unmapped) == set(text) & set("µ²ß€\U0001f600")
        assert encoded.instead == ("escape" if encoded.unmapped else "")
    else:
        assert encoded.unmapped == ()


@pytest.mark.parametrize("encoding", sorted(ENCODINGS))
def test_lossless_json_in_any_encoding_goes_back_to_xml(oracles, encoding):
    certificate = sample_certificate(oracles, "v3.3.0_gp_temperature_valid")
    made = convert(certificate, "json", Wish(encoding=encoding))
    assert c14n(xml_of(made.data, ".json")) == c14n(certificate.tree)


@pytest.mark.parametrize("encoding", sorted(ENCODINGS))
def test_a_page_names_its_encoding_and_keeps_every_letter(encoding):
    page = '<!doctype html><html><head><meta charset="utf-8"><title>量</title></head><body>µ 温度 ß</body></html>'
    encoded = encode_html(page, encoding)
    text = decode_text(encoded.data) if encoding != "gbk" else encoded.data.decode("gbk")
    assert f'charset="{encoding}"' in text
    if encoding == "gbk":
        assert "&#181; 温度 &#223;" in text
        assert (encoded.unmapped, encoded.instead) == (("µ", "ß"), "reference")
    else:
        assert "µ 温度 ß" in text


def test_a_page_without_a_named_encoding_is_left_as_it_is():
    assert encode_html("<p>a</p>", "utf-8").data == b"<p>a</p>"


def test_utf_16_has_its_mark_and_one_order_of_bytes():
    for encoded in (encode_text("量", "utf-16"), encode_json("量", "utf-16"), encode_html("量", "utf-16")):
        assert encoded.data.startswith(codecs.BOM_UTF16_LE)
        assert "量" in encoded.data.decode("utf-16")


def test_csv_in_gbk_says_that_letters_are_lost():
    certificate = Certificate.read(certificate_with(quantity(real("1", "\\metre"), "量 µ")))
    encoded = convert(certificate, "csv", Wish(encoding="gbk"))
    assert (encoded.unmapped, encoded.instead) == (("µ",), "replacement")
    assert convert(certificate, "csv", Wish(encoding="GB18030")).unmapped == ()


@given(LETTERS)
def test_texts_come_back_from_encodings_that_have_every_letter(text):
    for encoding in ("utf-8", "utf-16"):
        assert decode_text(encode_text(text, encoding).data) == text
    assert encode_text(text, "gb18030").data.decode("gb18030") == text


def test_what_says_nothing_of_unmapped_letters_says_nothing_of_what_stands_for_them():
    assert Encoded(b"x") == Encoded(b"x", (), "")
    assert encode_text("plain", "gbk").instead == ""


@pytest.mark.parametrize(("given_", "name"), [("UTF_8", "UTF-8"), ("gb18030", "GB18030"), ("Gbk", "GBK")])
def test_encodings_by_their_names(given_, name):
    assert known_encoding(given_) == name


@pytest.mark.parametrize("name", ["", "latin-1", "utf-7", "big5", "x" * 100])
def test_encodings_that_are_not_offered(name):
    with pytest.raises(UnknownEncoding) as refused:
        known_encoding(name)
    assert "UTF-16" in refused.value.facts["known"]
    assert len(refused.value.facts["encoding"]) <= 40


def test_json_of_no_encoding_is_refused():
    with pytest.raises(NotDecodable):
        xml_of(b'{"a": "\xff\xff"}', ".json")


def test_json_in_gb_18030_from_elsewhere_is_read(oracles):
    certificate = sample_certificate(oracles, "v2.4.0_siliziumkugel")
    made = convert(certificate, "json").data.decode().encode("gb18030")
    assert c14n(xml_of(made, ".json")) == c14n(certificate.tree)
