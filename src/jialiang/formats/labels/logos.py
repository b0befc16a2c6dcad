"""Logos on labels: a PNG or a plain SVG, small, drawn without reading anything else and without running anything."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode

from lxml import etree

from jialiang.formats.labels.errors import BadLogo
from jialiang.formats.labels.raster import NotAPicture, dots_of_png
from jialiang.kernel.text import Text, storable

LARGEST_BYTES = 64 * 1024
MOST_PIXELS = 1_000_000
MOST_ELEMENTS = 2000
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SVG = "{http://www.w3.org/2000/svg}"
_DRAWING = frozenset({
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs", "linearGradient",
    "radialGradient", "stop", "clipPath", "title", "desc",
})  # fmt: skip


def checked_logo(data: bytes) -> bytes:
    """Return a logo that can be drawn as it is. Raises BadLogo with the reason."""
    if not data or len(data) > LARGEST_BYTES:
        limit = LARGEST_BYTES // 1024
        raise _refused(f"文件大小须为 1 字节至 {limit} KB", f"a file has from 1 byte to {limit} KB")
    if data.startswith(PNG_SIGNATURE):
        _check_png(data)
    else:
        _check_svg(data)
    return data


def drawing_of(logo: bytes) -> bytes:
    """Return a logo as SVG, which the typesetter takes from memory; a PNG is carried inside."""
    if not logo.startswith(PNG_SIGNATURE):
        return logo
    width, height = struct.unpack(">II", logo[16:24])
    carried = b64encode(logo).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{carried}"/></svg>'
    ).encode()


def _check_png(data: bytes) -> None:
    try:
        width, height = struct.unpack(">II", data[16:24])
        if not 0 < width * height <= MOST_PIXELS:
            raise _refused("像素超过一百万", "it has more than a million pixels")
        dots_of_png(data)
    except NotAPicture as problem:
        raise BadLogo(reason=problem.rule) from problem
    except (struct.error, zlib.error, ValueError, IndexError) as problem:
        raise _refused("PNG 文件已损坏", "the PNG is damaged") from problem


def _check_svg(data: bytes) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise _refused("既不是 PNG，也不是 SVG", "it is neither PNG nor SVG") from problem
    if b"<!DOCTYPE" in data or b"\0" in data or root.tag != f"{_SVG}svg":
        raise _refused("SVG 含 DOCTYPE 或根元素不是 svg", "it has a DOCTYPE, or its root is not svg")
    parts = list(root.iter())
    if len(parts) > MOST_ELEMENTS:
        raise _refused(f"图形元素超过 {MOST_ELEMENTS} 个", f"it has more than {MOST_ELEMENTS} elements")
    for part in parts:
        _check_part(part)


def _check_part(part: etree._Element) -> None:
    if isinstance(part, etree._Comment):
        return
    name = str(part.tag)
    if name.removeprefix(_SVG) not in _DRAWING or not name.startswith(_SVG):
        said = storable(name.rpartition("}")[2], 30)
        raise _refused(f"含有轮廓以外的元素 {said}", f"it has the element {said}, which is no outline")
    for attribute, value in part.attrib.items():
        told = str(value)
        strange = str(attribute).startswith("on") or str(attribute).endswith("href") or "@" in told
        if strange or "url(" in told.replace("url(#", ""):
            said = storable(str(attribute).rpartition("}")[2], 30)
            raise _refused(
                f"属性 {said} 引用了图形以外的内容", f"the attribute {said} refers to something outside it"
            )


def _refused(zh: str, en: str) -> BadLogo:
    return BadLogo(reason=Text(zh, en))
