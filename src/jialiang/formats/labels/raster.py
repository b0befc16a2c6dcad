"""Pictures as dots: the PNGs of the typesetter read into rows of black and white."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt

from jialiang.kernel.errors import Unreadable

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}
_LUMINANCE = (0.299, 0.587, 0.114)
_DARK = 140  # of 255: thin strokes of small letters stay
Bytes = npt.NDArray[np.uint8]


class NotAPicture(Unreadable):
    """The bytes are no PNG of eight bits a channel; facts: ``reason``."""

    code = "JL-LAB-009"


def dots_of_png(png: bytes) -> npt.NDArray[np.bool_]:
    """Return the dots of a PNG (8 bits a channel, not interlaced): rows of dark or not; transparent is paper."""
    header, data = _chunks(png)
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if depth != 8 or colour not in _CHANNELS or interlaced:
        raise NotAPicture(reason="8 bits a channel, not interlaced")
    pixels = _unfiltered(zlib.decompress(data), width, height, _CHANNELS[colour])
    rows = pixels.reshape(height, width, _CHANNELS[colour]).astype(float)
    grey = rows[..., :3] @ np.array(_LUMINANCE) if colour in (2, 6) else rows[..., 0]
    if colour in (4, 6):
        opacity = rows[..., -1] / 255
        grey = grey * opacity + 255 * (1 - opacity)
    dark: npt.NDArray[np.bool_] = grey < _DARK
    return dark


def _chunks(png: bytes) -> tuple[bytes, bytes]:
    if not png.startswith(_SIGNATURE):
        raise NotAPicture(reason="PNG")
    header, data, place = b"", b"", len(_SIGNATURE)
    while place + 8 <= len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        body = png[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            header = body
        elif kind == b"IDAT":
            data += body
        place += 12 + length
    if len(header) != 13 or not data:
        raise NotAPicture(reason="IHDR, IDAT")
    return header, data


def _unfiltered(data: bytes, width: int, height: int, channels: int) -> Bytes:
    """Undo the filters of PNG row by row (W3C PNG, filter types 0 to 4)."""
    length = width * channels
    if len(data) < height * (length + 1):
        raise NotAPicture(reason="rows")
    above = np.zeros(length, dtype=np.uint8)
    rows = []
    for y in range(height):
        begin = y * (length + 1)
        row = np.frombuffer(data[begin + 1 : begin + 1 + length], dtype=np.uint8).copy()
        above = _unfiltered_row(data[begin], row, above, channels)
        rows.append(above)
    return np.concatenate(rows)


def _unfiltered_row(kind: int, row: Bytes, above: Bytes, channels: int) -> Bytes:
    if kind == 0:
        return row
    if kind == 1:
        return np.cumsum(row.reshape(-1, channels), axis=0, dtype=np.uint8).reshape(-1)
    if kind == 2:
        return row + above
    if kind not in (3, 4):
        raise NotAPicture(reason="filter")
    return _by_neighbours(kind, row.tolist(), above.tolist(), channels)


def _by_neighbours(kind: int, row: list[int], above: list[int], channels: int) -> Bytes:
    """Undo average and Paeth, which look at the left neighbour as well as above."""
    for i in range(len(row)):
        left = row[i - channels] if i >= channels else 0
        if kind == 3:
            row[i] = (row[i] + (left + above[i]) // 2) % 256
        else:
            corner = above[i - channels] if i >= channels else 0
            row[i] = (row[i] + _paeth(left, above[i], corner)) % 256
    return np.array(row, dtype=np.uint8)


def _paeth(left: int, above: int, corner: int) -> int:
    estimate = left + above - corner
    distances = abs(estimate - left), abs(estimate - above), abs(estimate - corner)
    return (left, above, corner)[distances.index(min(distances))]
