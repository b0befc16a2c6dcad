"""Printed symbols of every kind are read back by another program, zxing-cpp, letter by letter."""

import io

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from jialiang.formats.carriers.printed import LINEAR_HEIGHT, SYMBOL_KINDS, printed_symbol
from jialiang.formats.codes.check_characters import CHARACTER_SETS
from jialiang.formats.codes.verdicts import CodeRefused
from jialiang.formats.symbols import SymbolTextUnsuitable

GTIN = "09506000134352"
FORMATS = {
    "qr": "QRCode",
    "data_matrix": "DataMatrix",
    "code_128": "Code128",
    "gs1_data_matrix": "DataMatrix",
    "gs1_128": "Code128",
}
IDENTIFIERS = {
    "qr": "]Q1",
    "data_matrix": "]d1",
    "code_128": "]C0",
    "gs1_data_matrix": "]d2",
    "gs1_128": "]C1",
}


def read(png):
    (symbol,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    return symbol


def test_five_kinds_are_printed():
    assert set(SYMBOL_KINDS) == set(FORMATS) == set(IDENTIFIERS)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("qr", "https://id.example.org/88.101.5/ins-1"),
        ("qr", "https://id.example.org/88.101.5/压力表-№7"),
        ("qr", "1"),
        ("qr", "x" * 1000),
        ("data_matrix", "88.101.5/ins-1"),
        ("data_matrix", "0123456789"),
        ("data_matrix", "a"),
        ("data_matrix", "https://id.example.org/01/09506000134352/21/S%2F1"),
        ("code_128", "88.101.5/ins-000123456"),
        ("code_128", "12"),
        ("code_128", "123"),
        ("code_128", "1234"),
        ("code_128", "12345"),
        ("code_128", "A12345B"),
        ("code_128", "A123456B"),
        ("code_128", "AB1234"),
        ("code_128", "1234AB"),
        ("code_128", "12345AB67890"),
        ("code_128", " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
        ("code_128", "0" * 40),
    ],
)
def test_a_plain_text_is_read_back(kind, text):
    symbol = printed_symbol(kind, text)
    found = read(symbol.png(4))
    assert (found.format.name, found.text, found.symbology_identifier[:2]) == (
        FORMATS[kind],
        text,
        IDENTIFIERS[kind][:2],
    )
    assert symbol.text == text
    assert symbol.is_linear == (kind == "code_128")


@pytest.mark.parametrize("kind", ["gs1_data_matrix", "gs1_128"])
@pytest.mark.parametrize(
    ("text", "carried"),
    [
        (f"(01){GTIN}", f"(01){GTIN}"),
        (f"(01){GTIN}(21)S-1", f"(01){GTIN}(21)S-1"),
        (f"(01){GTIN}(10)L1(17)261231", f"(01){GTIN}(17)261231(10)L1"),
        (f"01{GTIN}10L1\x1d21S", f"(01){GTIN}(10)L1(21)S"),
        ("(8004)9506000INS-7", "(8004)9506000INS-7"),
        ("(8003)09506000134352SN1", "(8003)09506000134352SN1"),
        ("(00)106141411234567897", "(00)106141411234567897"),
        ("(414)9506000134352(254)32a", "(414)9506000134352(254)32a"),
        ("(253)9506000134352CAL-1", "(253)9506000134352CAL-1"),
        (f"(01){GTIN}(10)123456(21)7", f"(01){GTIN}(10)123456(21)7"),
    ],
)
def test_an_element_string_is_read_back_as_gs1(kind, text, carried):
    found = read(printed_symbol(kind, text).png(4))
    assert (found.format.name, found.text, found.symbology_identifier) == (
        FORMATS[kind],
        carried,
        IDENTIFIERS[kind],
    )
    assert found.content_type.name == "GS1"


@examples(max_examples=25)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40))
def test_any_printable_text_is_read_back_from_code_128(text):
    assert read(printed_symbol("code_128", text).png(2)).bytes.decode("ascii") == text


@examples(max_examples=25)
@given(st.text("0123456789Aa-", min_size=1, max_size=24))
def test_mixtures_of_digits_and_letters_are_read_back_from_code_128(text):
    assert read(printed_symbol("code_128", text).png(2)).text == text


@examples(max_examples=15)
@given(
    st.text(CHARACTER_SETS["x"].replace("\\", ""), min_size=1, max_size=20),
    st.sampled_from(["gs1_data_matrix", "gs1_128"]),
    st.text("0123456789", min_size=1, max_size=4),
)
def test_any_lot_and_serial_are_read_back_as_gs1(lot, kind, serial):
    found = read(printed_symbol(kind, f"01{GTIN}10{lot}\x1d21{serial}").png(4))
    assert found.bytes == f"01{GTIN}10{lot}\x1d21{serial}".encode()


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("qr", "", "JL-PDF-004"),
        ("qr", "x" * 5000, "JL-PDF-004"),
        ("data_matrix", "", "JL-PDF-004"),
        ("data_matrix", "压力表", "JL-PDF-004"),
        ("data_matrix", "a\n", "JL-PDF-004"),
        ("code_128", "", "JL-PDF-004"),
        ("code_128", "é", "JL-PDF-004"),
        ("code_128", "a\tb", "JL-PDF-004"),
        ("code_128", "x" * 121, "JL-PDF-004"),
        ("gs1_128", f"(01){GTIN}(10){'A' * 20}(21){'B' * 20}", "JL-PDF-004"),
        ("gs1_128", "", "JL-COD-002"),
        ("gs1_data_matrix", "88.101.5/x", "JL-COD-002"),
        ("gs1_data_matrix", "(01)09506000134353", "JL-COD-002"),
        ("aztec", "x", "JL-PDF-004"),
    ],
)
def test_what_a_symbol_cannot_hold_is_refused(kind, text, code):
    with pytest.raises((SymbolTextUnsuitable, CodeRefused)) as refused:
        printed_symbol(kind, text)
    assert refused.value.code == code


@pytest.mark.parametrize("kind", SYMBOL_KINDS)
def test_picture_and_drawing_have_the_same_modules(kind):
    symbol = printed_symbol(kind, f"(01){GTIN}(21)S")
    picture = Image.open(io.BytesIO(symbol.png(3))).convert("L")
    width, height = len(symbol.modules[0]), len(symbol.modules)
    assert picture.size == (3 * width, 3 * (LINEAR_HEIGHT if symbol.is_linear else height))
    dark = {
        (x, y) for y in range(height) for x in range(width) if picture.getpixel((3 * x + 1, 3 * y + 1)) < 128
    }
    assert dark == {(x, y) for y, row in enumerate(symbol.modules) for x, module in enumerate(row) if module}
    drawing = etree.fromstring(symbol.svg().encode())
    assert drawing.get("viewBox") == f"0 0 {width} {height}"
    assert (drawing.get("preserveAspectRatio") == "none") == symbol.is_linear


@pytest.mark.parametrize(
    ("kind", "quiet"), [("qr", 4), ("data_matrix", 2), ("code_128", 10), ("gs1_128", 10)]
)
def test_every_symbol_has_its_quiet_zone(kind, quiet):
    modules = printed_symbol(kind, f"(01){GTIN}(21)S").modules
    for row in modules:
        assert not any(row[:quiet])
        assert not any(row[-quiet:])
    if len(modules) > 1:
        assert not any(any(row) for row in (*modules[:quiet], *modules[-quiet:]))


@pytest.mark.parametrize("kind", SYMBOL_KINDS)
def test_the_same_text_gives_the_same_bytes(kind):
    first, again = (printed_symbol(kind, f"(01){GTIN}(21)S").png() for _ in range(2))
    assert first == again
