"""ZPL for label printers: graphics are drawn and read back, commands are read as a printer would."""

import re

import numpy as np
import pytest
from PIL import Image
from tests.formats.labels.label_samples import BASE, GTIN, content, fonts, laid, read_all

from jialiang.formats.carriers.code_128 import _codewords
from jialiang.formats.codes.element_strings import parse_element_string, scanned
from jialiang.formats.labels.errors import NeedsGraphics, NothingToPrint
from jialiang.formats.labels.laying import lay_label
from jialiang.formats.labels.pages import label_pictures
from jialiang.formats.labels.templates import template_named, template_of, templates
from jialiang.formats.labels.zpl import DOTS_PER_MM, zpl_of_labels, zpl_of_pictures

GRAPHIC = re.compile(r"\^XA\^PW(\d+)\^LL(\d+)\^LH0,0\^FO0,0\^GFA,(\d+),(\d+),(\d+),([0-9A-F]+)\^FS\^XZ\n")
FONT = "E:SIMSUN.TTF"


def drawn(zpl):
    """Return the labels that a printer would draw from graphics."""
    found = GRAPHIC.findall(zpl.decode("ascii"))
    assert "".join(found_text(parts) for parts in found) == zpl.decode("ascii")
    for width, height, total, again, row, data in found:
        assert total == again
        assert int(total) == int(row) * int(height) == len(data) // 2
        rows = np.frombuffer(bytes.fromhex(data), dtype=np.uint8).reshape(int(height), int(row))
        dots = np.unpackbits(rows, axis=1)[:, : int(width)]
        yield Image.fromarray(((1 - dots) * 255).astype(np.uint8))


def found_text(parts):
    width, height, total, again, row, data = parts
    return f"^XA^PW{width}^LL{height}^LH0,0^FO0,0^GFA,{total},{again},{row},{data}^FS^XZ\n"


def graphics(labels, dots_per_inch=203, language="zh"):
    exact = DOTS_PER_MM[dots_per_inch] * 25.4
    return zpl_of_pictures(
        label_pictures(labels, language=language, font_folders=fonts(), dots_per_inch=exact)
    )


@pytest.mark.parametrize("dots_per_inch", [203, 300])
@pytest.mark.parametrize("name", sorted(templates()))
def test_every_symbol_drawn_as_graphics_is_read(name, dots_per_inch):
    labels = laid(name, 2, status="stopped")
    pages = list(drawn(graphics(labels, dots_per_inch)))
    texts = [[each.text for each in label.drawn if each.symbol] for label in labels]
    for page, carried in zip(pages, texts, strict=True):
        wide = Image.new("L", (page.width + 60, page.height + 60), 255)
        wide.paste(page, (30, 30))
        assert [text for _, text in read_all(wide.resize((wide.width * 2, wide.height * 2)))] == carried
        template = template_named(name)
        assert abs(page.width - template.width * DOTS_PER_MM[dots_per_inch]) <= 1
        assert abs(page.height - template.height * DOTS_PER_MM[dots_per_inch]) <= 1


def test_chinese_needs_no_font_of_the_printer_as_graphics():
    (with_words,) = drawn(graphics(laid("instrument-50x30")))
    (without,) = drawn(
        graphics([lay_label(template_named("instrument-50x30"), content(name_zh="", name_en=""), "zh")])
    )
    box = (200, 20, 388, 60)
    dark = [int((np.asarray(page.crop(box)) == 0).sum()) for page in (with_words, without)]
    assert dark[0] > 200
    assert dark[0] != dark[1]


def fields(zpl):
    """Return the fields of commands: place, command and data with their hexadecimal undone."""
    found = re.findall(r"\^FO(\d+),(\d+)(.*?)\^FS", zpl, re.S)
    read = []
    for x, y, rest in found:
        command, mark, data = rest.partition("^FH\\^FD")
        plain = re.sub(r"\\([0-9A-F]{2})", lambda m: chr(int(m[1], 16)), data) if mark else ""
        read.append((int(x), int(y), command, plain))
    return read


def test_commands_of_a_label_are_where_its_elements_are():
    zpl = zpl_of_labels(laid("status-60x40", 1, "zh", status="qualified"), 203, FONT).decode()
    assert zpl.startswith("^XA^CI28^PW480^LL320^LH0,0^FO0,0^GB480,88,88,B,0^FS")
    assert zpl.endswith("^XZ\n")
    read = fields(zpl)
    assert (280, 104, "^BQN,2,4", f"MA,{BASE}/88.101.5/ins-0000001") in read
    words = {data: command for _, _, command, data in read if command.startswith("^A")}
    assert words["合格"] == f"^A@N,51,51,{FONT}^FB448,1,0,C^FR"
    assert words["编号 P-2026-0001"].startswith("^A@N,20,20")


def test_latin_words_use_the_printers_own_font():
    read = fields(zpl_of_labels(laid("small-20x12"), 203).decode())
    assert ("^A0N,14,14^FB68,1,0,L", "P-2026-0001") in [(command, data) for _, _, command, data in read]


@pytest.mark.parametrize(
    ("name", "command", "data"),
    [
        ("small-20x12", "^BXN,3,200,0,0,6,_,1", "88.101.5/ins-0000001"),
        ("asset-70x25", "^BY2^BCN,88,N,N,N,N", ">:88.101.5/ins-0>5000001"),
        ("gs1-45x30", "^BXN,6,200,0,0,6,_,1", f"_101{GTIN}21S-0001"),
        ("instrument-50x30", "^BQN,2,4", f"MA,{BASE}/88.101.5/ins-0000001"),
    ],
)
def test_symbols_are_commands(name, command, data):
    read = fields(zpl_of_labels(laid(name, 1, "en"), 203, FONT).decode())
    assert (command, data) in [(each, text) for _, _, each, text in read]


def of_symbol(kind, text, width=60):
    element = {"kind": "symbol", "symbol": kind, "text": text, "x": 0, "y": 0, "width": width, "height": 20}
    return template_of("own", {"width": width, "height": 20, "elements": [element]})


INVOCATIONS = {">:": 104, ">;": 105, ">5": 99, ">6": 100, ">8": 102, ">0": 30}


def codewords(data):
    """Return the codewords that a printer makes of the data of ^BC in mode N, without the check."""
    words, in_c, place = [], False, 0
    while place < len(data):
        pair = data[place : place + 2]
        if pair in INVOCATIONS:
            words.append(INVOCATIONS[pair])
            in_c = {">;": True, ">5": True, ">:": False, ">6": False}.get(pair, in_c)
            place += 2
        elif in_c:
            words.append(int(pair))
            place += 2
        else:
            words.append(ord(data[place]) - 32)
            place += 1
    return words


@pytest.mark.parametrize(
    "serial",
    [
        "1234",
        "123",
        "A1",
        "AB123456CD",
        "12345678",
        "P-2026-0001",
        "a>b",
        ">:>;>8",
        "0" * 21,
        "x" * 30,
        "_~^1",
    ],
)
def test_code_128_is_drawn_with_the_very_codewords_that_we_draw(serial):
    label = lay_label(of_symbol("code_128", "{serial}", 150), content(serial=serial), "zh")
    ((_, _, command, data),) = fields(zpl_of_labels([label], 203).decode())
    assert command.endswith("^BCN,160,N,N,N,N")
    assert codewords(data) == _codewords(serial, gs1=False)[:-1]


@pytest.mark.parametrize(
    "elements",
    [
        f"(01){GTIN}(21)S-0001",
        f"(01){GTIN}(10)A>1(21)7",
        "(8004)9506000INS-7",
        "(00)106141411234567897",
        f"(01){GTIN}",
    ],
)
def test_gs1_128_is_drawn_with_the_very_codewords_that_we_draw(elements):
    label = lay_label(of_symbol("gs1_128", elements, 150), content(), "zh")
    ((_, _, _, data),) = fields(zpl_of_labels([label], 203).decode())
    assert codewords(data) == _codewords(scanned(parse_element_string(elements)), gs1=True)[:-1]
    assert data.startswith((">;>8", ">:>8"))


@pytest.mark.parametrize("serial", ["a_b", "__", "_1", "~1", "a"])
def test_underscores_of_data_matrix_are_doubled_because_they_escape(serial):
    label = lay_label(of_symbol("data_matrix", "{serial}"), content(serial=serial), "zh")
    ((_, _, _, data),) = fields(zpl_of_labels([label], 203).decode())
    assert data == serial.replace("_", "__")


def test_separators_of_gs1_data_matrix_are_escaped():
    label = lay_label(of_symbol("gs1_data_matrix", f"(01){GTIN}(10)A_1(21)S"), content(), "zh")
    ((_, _, _, data),) = fields(zpl_of_labels([label], 203).decode())
    assert data == f"_101{GTIN}10A__1_121S"


@pytest.mark.parametrize("serial", ["A^XZ~JA\\41", "~~", "^FS", "\\5E"])
def test_data_never_become_commands(serial):
    zpl = zpl_of_labels(
        [lay_label(template_named("small-20x12"), content(serial=serial), "zh")], 203
    ).decode()
    assert serial in [data for _, _, _, data in fields(zpl)]
    assert zpl.count("^XZ") == 1
    assert "~" not in zpl


@pytest.mark.parametrize(("dots_per_inch", "width"), [(203, 160), (300, 236), (600, 472)])
def test_places_are_in_the_dots_of_the_printer(dots_per_inch, width):
    zpl = zpl_of_labels(laid("small-20x12"), dots_per_inch).decode()
    assert f"^PW{width}" in zpl
    module = int(re.search(r"\^BXN,(\d+)", zpl)[1])
    columns = len(next(each.symbol for each in laid("small-20x12")[0].drawn if each.symbol).modules)
    assert module * columns <= 10 * DOTS_PER_MM[dots_per_inch]


def test_chinese_without_a_font_in_the_printer_asks_for_graphics():
    with pytest.raises(NeedsGraphics) as refused:
        zpl_of_labels(laid("instrument-50x30"), 203)
    assert "精密压力表" in refused.value.what.zh


def test_a_logo_asks_for_graphics():
    element = {"kind": "logo", "x": 0, "y": 0, "width": 5, "height": 5}
    template = template_of("own", {"width": 20, "height": 20, "elements": [element]})
    with pytest.raises(NeedsGraphics):
        zpl_of_labels([lay_label(template, content(), "zh")], 203)


def test_no_label_is_nothing_to_print():
    with pytest.raises(NothingToPrint):
        zpl_of_labels([], 203)


def test_many_labels_are_one_after_the_other():
    assert zpl_of_labels(laid("small-20x12", 5), 203).count(b"^XA") == 5
