"""Simple types: texts that are values and texts that are none, beside the schema processor of laboratories."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from jialiang.formats.structure import lexical
from jialiang.formats.structure.lexical import BUILT_IN, DERIVED, collapsed, words

XS = "http://www.w3.org/2001/XMLSchema"

VALUES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "date": (
        ("2026-06-16", "2000-02-29", "2024-02-29Z", "2020-01-01+14:00", "2020-01-01-12:30", "-0001-01-01",
         "12020-01-01", "-0004-02-29", "10000-02-29", "9999-12-31", "0001-01-01"),
        ("2026-6-16", "2026-02-30", "1900-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-01-32", "0000-01-01",
         "02026-01-01", "2020-01-01+14:01", "2020-01-01z", "+2026-01-01", "", " 2026-06-16", "2026-06-16T00:00:00",
         "16.06.2026", "２０２６-06-16"),
    ),
    "dateTime": (
        ("2026-06-16T07:47:30", "2026-06-16T24:00:00", "2026-06-16T24:00:00.000", "2026-06-16T07:47:30.123456789",
         "2026-06-16T07:47:30Z", "2026-06-16T07:47:30+08:00", "2026-06-16T07:47:30-14:00"),
        ("2026-06-16", "2026-06-16T07:47", "2026-06-16T24:00:01", "2026-06-16T25:00:00", "2026-06-16T23:60:00",
         "2026-06-16T23:59:60", "2026-06-16T07:47:30.", "2026-06-16 07:47:30", "2026-06-16T7:47:30",
         "2026-06-16T07:47:30,5", "2026-02-30T00:00:00", "2026-06-16T07:47:30-14:01", ""),
    ),
    "duration": (
        ("P1Y", "P1M", "P1D", "PT1H", "PT1M", "PT1S", "P1Y2M3DT4H5M6S", "PT0.5S", "PT.5S", "P0Y", "-P12345678901Y"),
        ("P", "PT", "P1YT", "+P1Y", "P-1Y", "P1.5Y", "P1S", "P1M1Y", "1Y", "p1y", "P1W", "", "PT1.5M", "P1",
         "P123456789012345678901D", "P768614336404564651Y", "P9223372036854775807DT24H"),
    ),
    "boolean": (("true", "false", "1", "0", " true\n"), ("True", "yes", "", "2", "true false", "\u00a0true")),
    "integer": (("1", "-1", "+1", "007", " 5 ", "1" * 40), ("", "1.0", "1e3", "-", "--1", "1 2", "٣")),
    "decimal": (("1", "-1.50", ".5", "5.", " 5 "), ("", ".", "1e3", "NaN", "1,5")),
    "double": (("1", "1.5e-3", "NaN", "INF", "-INF", ".5", "1E5"), ("", "+INF", ".", "e5", "1d", "nan", "1e5.5")),
    "base64Binary": (
        ("", "QUJD", "QUI=", "QQ==", "QU JD\nQUJD", "QQ = ="),
        ("QUJ", "QU", "Q", "Q===", "=", "QUJD=", "QR==", "QUF=", "QQ==QQ=="),
    ),
    "hexBinary": (("", "00", "fF"), ("0", "0g", "0 0")),
    "anyURI": (
        ("", "https://ptb.de/dcc", "mailto:a@b.c", "a b", "#x", "../x?y", "urn:uuid:1", "//host:80/p",
         "C:\\x", "ä", "?", "http://[::1]:80/", "http://u:p@h:1/?q#f", "http://h:2147483647/"),
        ("%zz", "::", ":a", "1:a", "a%", "http://a:b", "http://[::1", "#a#b", "http://h:/", "http://h:2147483648/",
         "[a]"),
    ),
    "NCName": (("a", "_1", "a-b.c", "ä", "量", " a "), ("1a", "a:b", "a b", "", "-a", "a\u2070", "\U00010000")),
    "Name": (("a", "a:b", ":a"), ("1a", "", "a b")),
    "IDREFS": (("a", "a b", " a  b\n", ""), ("1", "a 1", "a:b", "a\u00a0b")),
    "language": (("en", "zh-Hans-CN", "x-own"), ("", "e_n", "toolongtag1")),
    "string": (("", " ", "量"), ()),
}  # fmt: skip

ALPHABETS = {
    "date": ("0123456789-+:Z \n", ("2020-02-29", "2021-12-31Z", "-0001-01-01", "12020-01-01+14:00")),
    "dateTime": ("0123456789-+:ZT. \n", ("2020-02-29T00:00:00", "12020-01-01T12:13:14.15+14:00")),
    "duration": ("0123456789-+PTYMDHS. \n", ("P1Y2M3DT4H5M6.7S", "PT5S", "-P1M", "P9223372036854775807D")),
    "base64Binary": ("ABQgwEIcz09+/= \n-é一", ("AAAA", "AA==", "AAA=", "QUJD QQ==")),
    "anyURI": (
        "ab1:/?#[]@%20 <é&=.-_\\",
        ("http://a.b/c", "mailto:a@b", "//h:80/x?q#f", "http://[::1]:2/", "%20"),
    ),
    "boolean": ("truefals01 \n", ("true", "false", "1", "0")),
    "integer": ("0123456789+- .e", ("1", "-5")),
    "NCName": ("ab1-._: é一\u00b7\u0300", ("ab", "a1")),
    "IDREFS": ("ab1-._: é一\u00a0", ("ab a", "a1")),
    "hexBinary": ("0123456789abcdefABCDEF g\n", ("ab", "AB01")),
    "decimal": ("0123456789+- .e", ("1.5", "-5")),
}


def _official(name: str) -> Callable[[str], bool]:
    schema = etree.XMLSchema(
        etree.fromstring(f'<xs:schema xmlns:xs="{XS}"><xs:element name="a" type="xs:{name}"/></xs:schema>')
    )

    def is_value(text: str) -> bool:
        element = etree.Element("a")
        element.text = text
        return schema.validate(element)

    return is_value


CASES = [(n, t, v) for n, (yes, no) in VALUES.items() for ts, v in ((yes, True), (no, False)) for t in ts]


@pytest.mark.parametrize(("name", "text", "verdict"), CASES)
def test_values_of_built_in_types(name: str, text: str, verdict: bool) -> None:
    assert BUILT_IN[name](text) == verdict
    assert _official(name)(text) == verdict


@pytest.mark.parametrize("name", ALPHABETS)
def test_types_agree_with_the_processor_on_texts_by_chance(name: str) -> None:
    chance = random.SystemRandom().randrange(1_000_000)
    print("seed", chance)
    letters, starts = ALPHABETS[name]
    made = random.Random(chance)
    official, own = _official(name), BUILT_IN[name]
    verdicts = set()
    for _ in range(1500):
        text = made.choice(starts)
        for _ in range(made.randint(0, 3)):
            place = made.randint(0, len(text))
            text = text[:place] + made.choice(("", made.choice(letters))) + text[place + made.randint(0, 1) :]
        verdicts.add(own(text))
        assert own(text) == official(text), (name, text)
    assert verdicts == {True, False}


def test_a_name_is_any_letter_that_the_processor_takes() -> None:
    official = _official("NCName")
    for code in (*range(0x21, 0x3000, 3), *range(0x3000, 0xFFFE, 61)):
        letter = chr(code)
        if 0xD800 <= code < 0xE000:
            continue
        assert lexical.is_name(letter) == official(letter), hex(code)
        assert lexical.is_name("a" + letter) == official("a" + letter), hex(code)


def test_every_derived_type_restricts_a_known_one() -> None:
    assert set(DERIVED) <= set(BUILT_IN)
    assert set(DERIVED.values()) <= set(BUILT_IN)


@given(st.lists(st.text("ab1", min_size=1, max_size=3)), st.text(" \t\n\r", max_size=3))
def test_words_are_parted_by_white_space_of_xml(entries: list[str], around: str) -> None:
    assert words(around + "\n ".join(entries) + around) == entries


def test_a_no_break_space_parts_nothing() -> None:
    assert words("1\u00a02 3") == ["1\u00a02", "3"]
    assert collapsed("\u00a01 ") == "\u00a01"


@given(st.text(max_size=30))
def test_no_text_makes_a_check_fail(text: str) -> None:
    assert {check(text) for check in BUILT_IN.values()} <= {True, False}


@pytest.mark.parametrize("name", ["duration", "anyURI", "base64Binary", "date", "NCName", "double"])
def test_long_texts_are_checked_in_short_time(name: str) -> None:
    for text in (
        "1" * 200_000,
        "P" + "1Y" * 100_000,
        "a:" * 100_000,
        "%20" * 70_000,
        "[" * 200_000,
        "A" * 200_001,
    ):
        assert BUILT_IN[name](text) in (True, False)


def test_numbers_of_thousands_of_digits_are_refused_and_break_nothing() -> None:
    digits = "9" * 10_000
    assert not BUILT_IN["duration"](f"P{digits}Y")
    assert not BUILT_IN["date"](f"{digits}-01-01")
    assert not BUILT_IN["anyURI"](f"http://h:{digits}/")
    assert BUILT_IN["duration"](f"PT{'0' * 10_000}1S")
    assert BUILT_IN["integer"](digits)
