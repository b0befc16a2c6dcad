"""Pictures as dots: the PNGs of another program with every filter, and what is no picture."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jialiang.formats.labels.raster import NotAPicture, dots_of_png


def png_of(pixels, mode):
    image = Image.fromarray(pixels, mode=None)
    assert image.mode == mode
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def filtered(rows, kinds, channels):
    """Write rows of bytes with a filter for each (W3C PNG), as an encoder does."""
    above = [0] * len(rows[0])
    out = bytearray()
    for row, kind in zip(rows, kinds, strict=True):
        out.append(kind)
        for i, value in enumerate(row):
            left = row[i - channels] if i >= channels else 0
            corner = above[i - channels] if i >= channels else 0
            estimate = left + above[i] - corner
            nearest = min((abs(estimate - v), n, v) for n, v in enumerate((left, above[i], corner)))[2]
            guess = (0, left, above[i], (left + above[i]) // 2, nearest)[kind]
            out.append((value - guess) % 256)
        above = row
    return bytes(out)


def written(data, width, height, colour, depth=8, interlaced=0):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    whole = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + whole


@pytest.mark.parametrize(
    ("shape", "mode"), [((9, 7), "L"), ((9, 7, 3), "RGB"), ((9, 7, 4), "RGBA"), ((9, 7, 2), "LA")]
)
def test_the_pngs_of_another_program_are_read(shape, mode):
    pixels = np.random.default_rng(7).integers(0, 2, shape, dtype=np.uint8) * 255
    if mode in ("RGBA", "LA"):
        pixels[..., -1] = 255
    expected = np.asarray(Image.open(io.BytesIO(png_of(pixels, mode))).convert("L")) < 140
    assert (dots_of_png(png_of(pixels, mode)) == expected).all()


@given(st.integers(1, 4), st.integers(1, 5), st.sampled_from([(0, 1), (2, 3), (6, 4)]), st.data())
def test_every_filter_is_undone(width, height, kind, data):
    colour, channels = kind
    row = st.lists(st.integers(0, 255), min_size=width * channels, max_size=width * channels)
    rows = data.draw(st.lists(row, min_size=height, max_size=height))
    kinds = data.draw(st.lists(st.integers(0, 4), min_size=height, max_size=height))
    plain = dots_of_png(written(filtered(rows, [0] * height, channels), width, height, colour))
    assert (dots_of_png(written(filtered(rows, kinds, channels), width, height, colour)) == plain).all()
    assert plain.shape == (height, width)


def test_transparent_is_paper_and_grey_is_decided_by_its_shade():
    rows = np.array(
        [[[0, 0, 0, 0], [0, 0, 0, 255], [130, 130, 130, 255], [150, 150, 150, 255]]], dtype=np.uint8
    )
    assert dots_of_png(png_of(rows, "RGBA")).tolist() == [[False, True, True, False]]


@pytest.mark.parametrize(
    "png",
    [
        b"",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n",
        written(b"\x00\x00", 1, 1, 0, depth=16),
        written(b"\x00\x00", 1, 1, 3),
        written(b"\x00\x00", 1, 1, 0, interlaced=1),
        written(b"\x00", 1, 1, 0),
        written(b"\x05\x00", 1, 1, 0),
    ],
)
def test_what_is_no_such_picture_is_refused(png):
    with pytest.raises(NotAPicture) as refused:
        dots_of_png(png)
    assert refused.value.what.zh
