"""Files inside a certificate: which are shown as pictures, and what is said of all of them."""

import base64
import hashlib
import io
import struct

import pytest
from PIL import Image
from tests.formats.reading_pieces import blocks, element, facts, said, table_view

from jialiang.formats.dcc.common_parts import ByteData
from jialiang.formats.reading_view.blocks import Picture
from jialiang.formats.reading_view.pictures import LARGEST_PICTURE, file_blocks, picture_of
from jialiang.formats.reading_view.texts import Reader

NAME = said("Graph")


def drawn(kind, size=(30, 20), mode="RGB"):
    """A picture as another program writes it."""
    buffer = io.BytesIO()
    Image.new(mode, size, "white" if mode != "P" else 0).save(buffer, kind)
    return buffer.getvalue()


def file_xml(data, name="graph.png", mime="image/png", text="Graph"):
    encoded = base64.b64encode(data).decode() if isinstance(data, bytes) else data
    return (
        f"<dcc:byteData><dcc:name><dcc:content>{text}</dcc:content></dcc:name><dcc:fileName>{name}</dcc:fileName>"
        f"<dcc:mimeType>{mime}</dcc:mimeType><dcc:dataBase64>{encoded}</dcc:dataBase64></dcc:byteData>"
    )


@pytest.mark.parametrize(("kind", "mime"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
@pytest.mark.parametrize("size", [(1, 1), (30, 20), (640, 480)])
def test_png_and_jpeg_are_shown_in_their_size(kind, mime, size):
    data = drawn(kind, size)
    assert picture_of(data, NAME) == Picture(NAME, mime, data, *size)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1"])
def test_png_of_every_mode_is_shown(mode):
    assert picture_of(drawn("PNG", mode=mode), NAME).mime == "image/png"


def test_progressive_jpeg_is_shown():
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30)).save(buffer, "JPEG", progressive=True)
    assert (picture_of(buffer.getvalue(), NAME).width, picture_of(buffer.getvalue(), NAME).height) == (40, 30)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + b"\0" * 40,
        drawn("GIF"),
        drawn("BMP"),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7",
        b"MZ" + b"\0" * 60,
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0",
        b"\xff\xd8\xff\xe0\x00\x00\x00\x00\x00\x00\x00\x00",
        b"<!doctype html><script>alert(1)</script>",
    ],
)
def test_anything_else_is_no_picture(data):
    assert picture_of(data, NAME) is None


def png_claiming(width, height):
    """The head of a PNG that says that it is very large."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I4sII", 13, b"IHDR", width, height)
        + b"\x08\x02\0\0\0"
        + b"\0" * 20
    )


@pytest.mark.parametrize(
    ("width", "height", "shown"),
    [(4000, 6000, True), (4000, 6001, False), (100_000, 100_000, False), (0, 10, False), (10, 0, False),
     (2**31, 2**31, False), (1, 24_000_000, True)],
)  # fmt: skip
def test_a_picture_that_would_fill_the_memory_is_not_shown(width, height, shown):
    assert (picture_of(png_claiming(width, height), NAME) is not None) == shown


def test_a_picture_of_many_bytes_is_not_shown():
    assert picture_of(drawn("PNG") + b"\0" * LARGEST_PICTURE, NAME) is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_of_every_file_name_type_size_and_digest_are_said(language):
    data = b"a,b\n1,2\n" * 1000
    view = table_view(file_xml(data, "log.csv", "text/csv", "Log"), language)
    told = facts(view, "results")
    assert set(told.values()) >= {"log.csv", "text/csv", "7.8 KiB", hashlib.sha256(data).hexdigest()}
    assert blocks(view, Picture) == []


def test_a_picture_is_shown_and_described():
    data = drawn("PNG")
    view = table_view(file_xml(data))
    (picture,) = blocks(view, Picture)
    assert (picture.data, picture.name.text) == (data, "Graph")
    assert facts(view, "results")["SHA-256"] == hashlib.sha256(data).hexdigest()


def test_the_bytes_tell_what_a_file_is_and_not_its_label():
    view = table_view(file_xml(b"<script>alert(1)</script>", "graph.png", "image/png"))
    assert blocks(view, Picture) == []
    assert facts(view, "results")["Type"] == "image/png"
    view = table_view(file_xml(drawn("JPEG"), "graph.png", "text/html"))
    assert [each.mime for each in blocks(view, Picture)] == ["image/jpeg"]


@pytest.mark.parametrize("encoded", ["no base64 !!", "YWJ", "====", "YW=J"])
def test_what_is_no_base64_is_said(encoded):
    assert facts(table_view(file_xml(encoded)), "results")["Content"] == "no Base64, cannot be read"


def test_base64_with_line_ends_is_read():
    data = drawn("PNG", (60, 60))
    text = base64.encodebytes(data).decode()
    assert [each.data for each in blocks(table_view(file_xml(text)), Picture)] == [data]


@pytest.mark.parametrize(
    ("size", "shown"), [(0, "0 B"), (1, "1 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB")]
)
def test_sizes_are_read_as_people_write_them(size, shown):
    assert (
        facts(table_view(file_xml(b"x" * size, "a.bin", "application/octet-stream")), "results")["Size"]
        == shown
    )


def test_a_file_without_a_name_is_called_by_its_file_name():
    part = ByteData(element(
        "<dcc:file><dcc:fileName>a.txt</dcc:fileName><dcc:mimeType>text/plain</dcc:mimeType>"
        "<dcc:dataBase64>YQ==</dcc:dataBase64></dcc:file>"
    ))  # fmt: skip
    (block,) = file_blocks(part, Reader("en", ()))
    assert block.facts[0].said.text == "a.txt"


def test_a_file_of_nothing_is_said_to_be_unreadable_or_empty():
    part = ByteData(element("<dcc:file></dcc:file>"))
    (block,) = file_blocks(part, Reader("en", ()))
    told = {fact.label.text: fact.said.text for fact in block.facts}
    assert told["Size"] == "0 B"


def test_the_description_of_a_file_is_shown():
    described = file_xml(b"x").replace(
        "<dcc:fileName>",
        '<dcc:description><dcc:content lang="en">A drawing</dcc:content></dcc:description><dcc:fileName>',
    )
    assert facts(table_view(described), "results")["Description"] == "A drawing"
