"""Photographs of symbols: turned, small, blurred, inverted, on coloured paper; and files that are none."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
import segno
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageOps, PngImagePlugin

from jialiang.formats.carriers import photographs
from jialiang.formats.carriers.photographs import (
    LARGEST,
    MOST_SYMBOLS,
    NoPhotograph,
    NoSymbolFound,
    PhotographTooLarge,
    read_photograph,
)
from jialiang.formats.carriers.printed import printed_symbol
from jialiang.formats.codes.scanned_texts import scanned_text

ADDRESS = "https://id.example.cn/88.101.5/ins-7f3"
TEXTS = {
    "qr": ADDRESS,
    "data_matrix": "88.101.5/ins-7f3",
    "code_128": "T2104-0387",
    "gs1_data_matrix": "(8004)40123459A",
    "gs1_128": "(01)09506000134352(21)S1",
}
READ_AS = TEXTS | {"gs1_data_matrix": "]d2800440123459A", "gs1_128": "]C1010950600013435221S1"}


def symbol(kind, scale=6):
    return Image.open(io.BytesIO(printed_symbol(kind, TEXTS[kind]).png(scale))).convert("L")


def on_desk(*pictures, size=(1200, 900), desk=150):
    """Lay pictures on a grey desk, one below the other."""
    width = max([size[0], *(picture.width + 180 for picture in pictures)])
    photograph, top = Image.new("L", (width, size[1]), desk), 60
    for picture in pictures:
        photograph.paste(picture, (90, top))
        top += picture.height + 40
    return photograph


def encoded(picture, file_format="JPEG", **more):
    data = io.BytesIO()
    picture.save(data, file_format, **more)
    return data.getvalue()


def texts(picture, file_format="JPEG", **more):
    return [found.text for found in read_photograph(encoded(picture, file_format, **more))]


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_every_symbol_of_our_labels_is_read_from_every_format(kind, file_format):
    assert texts(on_desk(symbol(kind)), file_format) == [READ_AS[kind]]


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_symbol_is_read(kind, degrees):
    assert texts(on_desk(symbol(kind)).rotate(degrees, expand=True)) == [READ_AS[kind]]


@pytest.mark.parametrize("kind", ["qr", "data_matrix"])
@pytest.mark.parametrize("degrees", [7, 31, 45, -20])
def test_a_slanted_square_symbol_is_read(kind, degrees):
    assert texts(on_desk(symbol(kind, 8)).rotate(degrees, expand=True, fillcolor=150)) == [READ_AS[kind]]


@pytest.mark.parametrize("kind", ["qr", "data_matrix", "code_128"])
def test_a_lightly_blurred_symbol_is_read(kind):
    assert texts(on_desk(symbol(kind, 8)).filter(ImageFilter.GaussianBlur(2))) == [READ_AS[kind]]


@pytest.mark.parametrize("kind", ["qr", "data_matrix"])
def test_a_light_symbol_on_dark_ground_is_read(kind):
    assert texts(ImageOps.invert(on_desk(symbol(kind), desk=255))) == [READ_AS[kind]]


@pytest.mark.parametrize("kind", ["qr", "data_matrix", "code_128"])
def test_a_small_picture_is_read(kind):
    assert texts(symbol(kind, 2), "PNG") == [READ_AS[kind]]


def test_a_small_symbol_on_a_large_photograph_is_read():
    photograph = on_desk(symbol("qr", 5), size=(4000, 3000))
    assert texts(photograph, quality=85) == [ADDRESS]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_however_the_camera_was_held_the_photograph_is_read_upright(orientation):
    upright = on_desk(symbol("qr"), symbol("code_128", 3))
    turn = photographs._TURNS.get(orientation)
    undone = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}.get(orientation, turn)
    exif = Image.Exif()
    exif[photographs.ORIENTATION] = orientation
    held = upright if undone is None else upright.transpose(undone)
    data = encoded(held, exif=exif, quality=95)
    assert [found.text for found in read_photograph(data)] == [ADDRESS, TEXTS["code_128"]]
    assert ImageOps.exif_transpose(Image.open(io.BytesIO(data))).size == upright.size


def test_all_symbols_of_a_photograph_are_told_once_from_the_top_down():
    pictures = [symbol("code_128", 2), symbol("qr", 4), symbol("data_matrix", 5)]
    found = read_photograph(encoded(on_desk(*pictures)))
    assert [(each.kind, each.text) for each in found] == [
        ("Code 128", TEXTS["code_128"]), ("QR Code", ADDRESS), ("Data Matrix", TEXTS["data_matrix"]),
    ]  # fmt: skip
    assert texts(on_desk(symbol("qr", 4), symbol("qr", 4))) == [ADDRESS]


def test_more_than_twenty_symbols_are_not_told():
    sheet = Image.new("L", (1500, 1500), 255)
    for number in range(25):
        data = io.BytesIO()
        segno.make(f"T-{number:02}", micro=False).save(data, kind="png", scale=6)
        sheet.paste(Image.open(data).convert("L"), (number % 5 * 290 + 20, number // 5 * 290 + 20))
    assert len(texts(sheet, "PNG")) == MOST_SYMBOLS


def test_symbols_of_other_makers_are_read():
    given = dict.fromkeys(("QRCode", "DataMatrix", "Code128", "Code39"), "T2104-0387") | {"EAN13": "9506000134352"}
    for kind, text in given.items():
        made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
        drawn = Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=4))
        assert texts(on_desk(drawn, desk=255), "PNG") == [text], kind


def test_chinese_in_a_symbol_is_read():
    data = io.BytesIO()
    segno.make("出厂编号：温-7", encoding="utf-8").save(data, kind="png", scale=8)
    assert texts(on_desk(Image.open(data).convert("L"))) == ["出厂编号：温-7"]


@pytest.mark.parametrize("kind", ["gs1_data_matrix", "gs1_128"])
def test_what_a_gs1_symbol_says_is_understood(kind):
    [text] = texts(on_desk(symbol(kind)))
    assert scanned_text(text, "https://id.example.cn").kind == "gs1"


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P", "1", "CMYK"])
def test_colours_make_no_difference(mode):
    picture = on_desk(symbol("qr"), desk=255).convert(mode)
    assert texts(picture, "JPEG" if mode == "CMYK" else "PNG") == [ADDRESS]


def test_what_lets_light_through_lies_on_white():
    ink = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    ink.paste((0, 0, 0, 255), (60, 60), ImageOps.invert(symbol("qr")))
    assert texts(ink, "PNG") == [ADDRESS]


@pytest.mark.parametrize(
    "data",
    [b"", b"x", b"%PDF-1.7\n", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
     b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP", b"\x00" * 4096],
    ids=ascii,
)  # fmt: skip
def test_what_is_no_photograph_is_refused(data):
    with pytest.raises(NoPhotograph) as refused:
        read_photograph(data)
    assert "JPEG, PNG, WEBP" in refused.value.rule.zh
    assert "JPEG, PNG, WEBP" in refused.value.rule.en


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.9])
def test_a_file_that_was_cut_off_is_refused_or_read_as_far_as_it_goes(file_format, part):
    data = encoded(on_desk(symbol("qr")), file_format)
    with pytest.raises((NoPhotograph, NoSymbolFound)):
        read_photograph(data[: int(len(data) * part)])


@pytest.mark.parametrize("file_format", ["GIF", "BMP", "TIFF", "PPM"])
def test_other_formats_of_pictures_are_refused(file_format):
    with pytest.raises(NoPhotograph):
        texts(on_desk(symbol("qr")), file_format)


def test_a_photograph_without_a_symbol_is_told_so():
    blank = Image.new("L", (800, 600), 128)
    ImageDraw.Draw(blank).text((50, 50), "T2104-0387", fill=0)
    with pytest.raises(NoSymbolFound) as refused:
        texts(blank)
    assert refused.value.code == "JL-SCN-003"
    assert "手工输入" in refused.value.way_out.zh
    assert "type" in refused.value.way_out.en


def test_a_symbol_that_is_damaged_beyond_its_correction_is_not_guessed():
    picture = symbol("qr", 8)
    ImageDraw.Draw(picture).rectangle((90, 90, picture.width - 60, picture.height - 60), fill=255)
    with pytest.raises(NoSymbolFound):
        texts(on_desk(picture))


@pytest.mark.parametrize("size", [(1, 1), (7, 500), (500, 7)])
def test_a_picture_of_a_few_pixels_shows_nothing(size):
    with pytest.raises(NoSymbolFound):
        texts(Image.new("L", size, 255), "PNG")


def test_too_many_bytes_are_refused_before_they_are_looked_at():
    with pytest.raises(PhotographTooLarge) as refused:
        read_photograph(b"\xff" * (LARGEST + 1))
    assert refused.value.http_status == 413
    assert "12 MB" in refused.value.rule.en and "12 MB" in refused.value.rule.zh


def bomb(width, height):
    """A PNG of a few bytes that claims so many pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8001, 8000), (10_000, 9000), (20_000, 20_000), (2_000_000_000, 2)])
def test_a_bomb_is_refused_by_its_head(size):
    with pytest.raises(PhotographTooLarge) as refused:
        read_photograph(bomb(*size))
    assert "64" in refused.value.rule.en


def test_words_that_unpack_without_end_are_refused():
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "x" * 2_000_000, zip=True)
    with pytest.raises(NoPhotograph):
        texts(symbol("qr"), "PNG", pnginfo=words)


def test_no_further_look_is_taken_when_the_time_is_up():
    moments = iter([0.0, photographs.SECONDS + 1])
    with pytest.raises(NoSymbolFound):
        read_photograph(encoded(on_desk(symbol("qr"))), clock=lambda: next(moments))


def test_a_second_look_waits_for_nobody(monkeypatch):
    looks = []

    def look(picture, **_more):
        looks.append(picture.size)
        return []

    monkeypatch.setattr(photographs.zxingcpp, "read_barcodes", look)
    moments = iter([0.0, 1.0, photographs.SECONDS])
    with pytest.raises(NoSymbolFound):
        read_photograph(encoded(Image.new("L", (4000, 3000), 255)), clock=lambda: next(moments))
    assert looks == [(1600, 1200)]
