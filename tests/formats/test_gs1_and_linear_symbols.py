"""Drawings of GS1 DataMatrix and of linear symbols: codewords, sizes, stretching, and what they refuse."""

import io

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from jialiang.formats.symbols import (
    GS,
    SymbolTextUnsuitable,
    _Codewords,
    data_matrix_modules,
    gs1_data_matrix_modules,
    qr_modules,
    symbol_png,
    symbol_svg,
)

GTIN = "0109506000134352"


def read(modules, scale=4):
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(symbol_png(modules, scale))))
    return found


@pytest.mark.parametrize(
    ("scanned", "codewords"),
    [
        ("01", [232, 131]),
        ("0109", [232, 131, 139]),
        ("10A", [232, 140, 66]),
        ("101", [232, 140, 50]),
        ("10A" + GS + "21B", [232, 140, 66, 232, 151, 67]),
        ("99~", [232, 229, 127]),
        ("9900", [232, 229, 130]),
        ("a1b22", [232, 98, 50, 99, 152]),
    ],
)
def test_codewords_are_those_of_the_ascii_encodation(scanned, codewords):
    assert list(_Codewords(scanned).encode()) == codewords


@pytest.mark.parametrize(
    "scanned",
    [
        GTIN,
        GTIN + "21S-0001",
        GTIN + "17261231" + "10LOT" + GS + "21S1",
        "80049506000INS-7",
        "00106141411234567897",
        "253" + "9506000134352CAL-2026" + GS + "21X",
        GTIN + "21" + "S" * 20,
        GTIN + "91" + "x" * 90,
        GTIN + "240" + "0123456789" * 3,
    ],
)
def test_a_gs1_data_matrix_carries_what_is_scanned(scanned):
    found = read(gs1_data_matrix_modules(scanned))
    assert (found.bytes.decode(), found.symbology_identifier, found.content_type.name) == (
        scanned,
        "]d2",
        "GS1",
    )


@examples(max_examples=20)
@given(st.text("0123456789ABCabc-/", min_size=1, max_size=60))
def test_any_value_is_carried(value):
    assert read(gs1_data_matrix_modules("91" + value)).bytes.decode() == "91" + value


@pytest.mark.parametrize("scanned", ["", GS, "10压", "10A\n", "10\x00", "x" * 800])
def test_what_no_gs1_data_matrix_holds_is_refused(scanned):
    with pytest.raises(SymbolTextUnsuitable) as refused:
        gs1_data_matrix_modules(scanned)
    assert refused.value.facts["symbol"] == "GS1 DataMatrix"


def test_a_plain_and_a_gs1_symbol_of_the_same_letters_differ():
    assert gs1_data_matrix_modules(GTIN) != data_matrix_modules(GTIN)
    assert read(data_matrix_modules(GTIN)).symbology_identifier == "]d1"


ROW = [[0, 1, 1, 0, 1, 0]]


def test_a_linear_drawing_is_one_module_high_and_may_be_stretched():
    drawing = etree.fromstring(symbol_svg(ROW).encode())
    assert (drawing.get("viewBox"), drawing.get("preserveAspectRatio")) == ("0 0 6 1", "none")
    paths = [path.get("d") for path in drawing]
    assert paths == ["M0 0h6v1H0z", "M1 0h2v1H1zM4 0h1v1H4z"]


def test_a_square_drawing_keeps_its_shape():
    drawing = etree.fromstring(symbol_svg(qr_modules("x")).encode())
    width, height = drawing.get("viewBox").split()[2:]
    assert width == height
    assert drawing.get("preserveAspectRatio") is None


@pytest.mark.parametrize(("scale", "height"), [(1, 1), (2, 1), (3, 7), (1, 40)])
def test_a_picture_has_its_scale_and_its_height(scale, height):
    picture = Image.open(io.BytesIO(symbol_png(ROW, scale, height))).convert("L")
    assert picture.size == (6 * scale, scale * height)
    for x in range(picture.width):
        column = {picture.getpixel((x, y)) for y in range(picture.height)}
        assert column == ({0} if ROW[0][x // scale] else {255})


def test_a_picture_is_one_bit_deep():
    png = symbol_png(ROW, 1)
    assert (png[24], png[25]) == (1, 0)
