"""Which characters a font has, read from its table, against fonts made by hand and the fonts of the house."""

import struct

import pytest
from tests.conftest import absent
from tests.formats.pdf_content import NODE_MODULES

from jialiang.formats.pdf.coverage import code_points, covered
from jialiang.formats.pdf.font_files import FONT_FILES, PACKAGE_SCOPE, find_font_folders


def font(*subtables):
    """A font of nothing but a ``cmap``."""
    head = struct.pack(">HH", 0, len(subtables))
    offset, records, bodies = 4 + 8 * len(subtables), b"", b""
    for body in subtables:
        records += struct.pack(">HHI", 3, 1, offset + len(bodies))
        bodies += body
    table = head + records + bodies
    directory = struct.pack(">IHHHH", 0x00010000, 1, 16, 0, 0) + struct.pack(
        ">4sIII", b"cmap", 0, 28, len(table)
    )
    return directory + table


def segments(*parts):
    """A subtable of format 4 from (first, last, delta); the last segment is the one that the format demands."""
    parts = (*parts, (0xFFFF, 0xFFFF, 1))
    count = len(parts)
    body = struct.pack(">HHHHHHH", 4, 16 + 8 * count, 0, 2 * count, 0, 0, 0)
    body += struct.pack(f">{count}H", *(last for _, last, _ in parts)) + b"\0\0"
    body += struct.pack(f">{count}H", *(first for first, _, _ in parts))
    body += struct.pack(f">{count}H", *(delta % 65536 for _, _, delta in parts))
    return body + struct.pack(f">{count}H", *([0] * count))


def indexed(first, glyphs):
    """A subtable of format 4 whose glyphs stand in an array."""
    count = 2
    body = struct.pack(">HHHHHHH", 4, 16 + 8 * count + 2 * len(glyphs), 0, 2 * count, 0, 0, 0)
    body += struct.pack(">2H", first + len(glyphs) - 1, 0xFFFF) + b"\0\0" + struct.pack(">2H", first, 0xFFFF)
    body += struct.pack(">2H", 0, 1) + struct.pack(">2H", 4, 0)
    return body + struct.pack(f">{len(glyphs)}H", *glyphs)


def groups(*parts):
    """A subtable of format 12 from (first, last, glyph)."""
    body = struct.pack(">HHIII", 12, 0, 16 + 12 * len(parts), 0, len(parts))
    return body + b"".join(struct.pack(">III", *part) for part in parts)


@pytest.mark.parametrize(
    ("subtable", "expected"),
    [
        (segments((65, 70, -60)), set(range(65, 71))),
        (segments((65, 66, -64), (0x4E00, 0x4E02, 0)), {65, 66, 0x4E00, 0x4E01, 0x4E02}),
        (segments((65, 67, -66)), {65, 67}),  # the second would be glyph 0, which is no glyph
        (indexed(97, [5, 0, 7]), {97, 99}),
        (groups((0x1F600, 0x1F602, 10)), {0x1F600, 0x1F601, 0x1F602}),
        (groups((65, 66, 0)), {66}),
        (groups(), set()),
        (struct.pack(">HH", 6, 0), set()),  # a format that is not read
    ],
)
def test_the_points_with_a_glyph_are_found(subtable, expected):
    assert set(code_points(font(subtable))) == expected


def test_all_subtables_count():
    assert set(code_points(font(segments((65, 65, 1)), groups((0x20000, 0x20000, 9))))) == {65, 0x20000}


@pytest.mark.parametrize(
    "data", [b"", b"x", b"\0\1\0\0", b"OTTO" + b"\0" * 8, font(segments((65, 90, 1)))[:40], b"\0" * 12]
)
def test_what_is_no_font_has_no_characters(data):
    assert set(code_points(data)) <= set(range(65, 91))


@pytest.fixture(scope="module")
def folders():
    if not NODE_MODULES.is_dir():
        absent("fonts", "run npm ci --ignore-scripts")
    return find_font_folders(NODE_MODULES)


@pytest.mark.parametrize(
    "text",
    ["0123456789", "ABCabcÄöüß", "量值溯源校准证书，。：；（）", "ΩµΔ°℃±√∑≤≥·×−", "Привет", "αβγ", "’“”–…"],
)
def test_the_fonts_of_the_house_have_what_certificates_need(folders, text):
    assert {ord(letter) for letter in text} <= covered(folders)


@pytest.mark.parametrize("letter", ["\u0e01", "\u05d0", "\u0627", "\u0915", "\U0001f600", "\U0010fffd"])
def test_the_fonts_of_the_house_lack_other_scripts(folders, letter):
    assert ord(letter) not in covered(folders)


def test_files_that_are_no_fonts_are_passed_over(tmp_path):
    (tmp_path / "a.ttf").write_bytes(font(segments((65, 66, 1))))
    (tmp_path / "b.txt").write_bytes(font(segments((70, 71, 1))))
    (tmp_path / "c.otf").write_bytes(b"nothing")
    assert covered([tmp_path]) == {65, 66}


def test_fonts_are_found_among_the_files_of_npm_or_in_one_folder(tmp_path):
    scope = tmp_path / "npm" / PACKAGE_SCOPE
    flat = tmp_path / "flat"
    flat.mkdir()
    for name in FONT_FILES:
        (scope / name).parent.mkdir(parents=True, exist_ok=True)
        (scope / name).write_bytes(b"")
        (flat / name.rpartition("/")[2]).write_bytes(b"")
    assert {folder.parent.parent.name for folder in find_font_folders(tmp_path / "npm")} == {PACKAGE_SCOPE}
    assert find_font_folders(flat) == (flat,)
