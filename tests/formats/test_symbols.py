"""Symbols are read back by another program: zxing-cpp."""

from __future__ import annotations

import io
import string
import subprocess
import sys

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from jialiang.formats.symbols import (
    DATA_MATRIX_CAPACITY,
    SymbolTextUnsuitable,
    data_matrix_png,
    data_matrix_svg,
    qr_png,
    qr_svg,
)

CHECK_URL = "https://check.yunze.example/c/88.999.1/YZ-2026-T-004217?k=K7QM3XRD9FWTP"
SVG = "{http://www.w3.org/2000/svg}"


def read(png: bytes) -> tuple[str, str]:
    """Return kind and text of the one symbol of a picture."""
    (symbol,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    return symbol.format.name, symbol.text


def modules_of(svg: str) -> set[tuple[int, int]]:
    """Return the dark modules that the path of an SVG fills."""
    dark = etree.fromstring(svg.encode()).findall(f"{SVG}path")[1].get("d")
    filled = set()
    for run in dark.split("M")[1:]:
        start, rest = run.split("h")
        x, y = map(int, start.split())
        filled |= {(x + i, y) for i in range(int(rest.split("v")[0]))}
    return filled


def dark_pixels(png: bytes) -> set[tuple[int, int]]:
    picture = Image.open(io.BytesIO(png)).convert("L")
    width, height = picture.size
    return {(x, y) for x in range(width) for y in range(height) if picture.getpixel((x, y)) < 128}


def test_a_camera_reads_the_check_address_from_the_qr_symbol():
    assert read(qr_png(CHECK_URL)) == ("QRCode", CHECK_URL)


def test_a_camera_reads_the_identifier_from_the_data_matrix_symbol():
    assert read(data_matrix_png("88.999.1/YZ-2026-T-004217")) == ("DataMatrix", "88.999.1/YZ-2026-T-004217")


@settings(max_examples=60, deadline=None)
@given(st.text(string.ascii_letters + string.digits + "/.-_:?=&%~ ", min_size=1, max_size=120))
def test_any_address_comes_back_from_both_symbols(text):
    assert read(qr_png(text, 4)) == ("QRCode", text)
    assert read(data_matrix_png(text, 4)) == ("DataMatrix", text)


def test_a_qr_symbol_carries_chinese():
    assert read(qr_png("嘉量：校准证书")) == ("QRCode", "嘉量：校准证书")


def test_a_qr_symbol_is_read_with_a_twelfth_of_its_surface_dirty():
    picture = Image.open(io.BytesIO(qr_png(CHECK_URL, 6))).convert("L")
    side = picture.size[0]
    stain = side // 4
    picture.paste(255, (side - stain - 30, side - stain - 30, side - 30, side - 30))
    (symbol,) = zxingcpp.read_barcodes(picture)
    assert symbol.text == CHECK_URL


@pytest.mark.parametrize(("png", "quiet"), [(qr_png, 4), (data_matrix_png, 2)])
def test_the_quiet_zone_around_a_symbol_is_white(png, quiet):
    xs = [x for x, _ in dark_pixels(png(CHECK_URL, 1))]
    ys = [y for _, y in dark_pixels(png(CHECK_URL, 1))]
    side = Image.open(io.BytesIO(png(CHECK_URL, 1))).size[0]
    assert (min(xs), min(ys), max(xs), max(ys)) == (quiet, quiet, side - quiet - 1, side - quiet - 1)


@pytest.mark.parametrize(("svg", "png"), [(qr_svg, qr_png), (data_matrix_svg, data_matrix_png)])
def test_the_drawing_and_the_picture_show_the_same_modules(svg, png):
    assert modules_of(svg(CHECK_URL)) == dark_pixels(png(CHECK_URL, 1))


@pytest.mark.parametrize("svg", [qr_svg, data_matrix_svg])
def test_the_drawing_has_no_style_no_script_and_no_reference(svg):
    drawn = etree.fromstring(svg(CHECK_URL).encode())
    assert {element.tag for element in drawn.iter()} == {f"{SVG}svg", f"{SVG}path"}
    assert {name for element in drawn.iter() for name in element.attrib} == {"viewBox", "fill", "d"}


def test_the_scale_is_the_width_of_a_module_in_pixels():
    small, large = (Image.open(io.BytesIO(qr_png(CHECK_URL, scale))).size[0] for scale in (3, 9))
    assert large == 3 * small


def test_the_same_text_gives_the_same_bytes_in_another_process():
    script = (
        f"import sys; from jialiang.formats.symbols import *; sys.stdout.buffer.write(qr_png({CHECK_URL!r}))"
    )
    other = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True).stdout
    assert other == qr_png(CHECK_URL)


@pytest.mark.parametrize("text", ["", "计量", "a\nb", "x" * (DATA_MATRIX_CAPACITY + 1)])
def test_what_a_data_matrix_cannot_hold_is_refused(text):
    with pytest.raises(SymbolTextUnsuitable) as refused:
        data_matrix_svg(text)
    assert refused.value.code == "JL-PDF-004"
    assert "DataMatrix" in refused.value.what.zh


@pytest.mark.parametrize("text", ["", "x" * 3000])
def test_what_a_qr_symbol_cannot_hold_is_refused_with_a_short_message(text):
    with pytest.raises(SymbolTextUnsuitable) as refused:
        qr_png(text)
    assert len(refused.value.what.en) < 200


def test_the_largest_data_matrix_is_read_back():
    text = "0A" * (DATA_MATRIX_CAPACITY // 2)
    assert read(data_matrix_png(text, 4)) == ("DataMatrix", text)
