"""What a scanned text may be: every way of writing a code, and everything that is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from jialiang.formats.carriers.printed import printed_symbol
from jialiang.formats.codes.element_strings import scanned
from jialiang.formats.codes.scanned_texts import LONGEST, LONGEST_NUMBER, scanned_text

OURS = "https://id.example.cn"
NAME = "88.101.5/ins-7f3"
ID = "0192f0c0-1111-7111-8111-111111111111"
GS1_HOME = "https://id.gs1.org"
LINK = "01/09506000134352/21/S1"

CERTIFICATES = {
    f"{OURS}/c/{NAME}?k=ABCDE-FGHJK-MNP": NAME,
    f"{OURS}/c/{NAME}": NAME,
    f"{OURS}/c/{NAME}/": NAME,
    f"{OURS}/c/{NAME}/zh.pdf?k=ABC": NAME,
    f"HTTPS://ID.EXAMPLE.CN/c/{NAME}?k=ABC": NAME,
    f"http://id.example.cn/c/{NAME}": NAME,
    f"{OURS}/c/88.101.5%2Fins-7f3": NAME,
    f"  {OURS}/c/{NAME}\r\n": NAME,
}
HANDLES = {
    NAME: NAME,
    f"\ufeff{NAME}\t": NAME,
    f"{OURS}/{NAME}": NAME,
    f"{OURS}/{NAME}?noredirect": NAME,
    f"{OURS}/{NAME}#top": NAME,
    f"https://hdl.handle.net/{NAME}": NAME,
    f"https://doi.org/{NAME}": NAME,
    f"hdl:{NAME}": NAME,
    f"HDL:{NAME}": NAME,
    f"info:hdl/{NAME}": NAME,
    "10.1000/182": "10.1000/182",
    "88.1/a/b/c": "88.1/a/b/c",
    "88.1/温度计-7": "88.1/温度计-7",
    f"{OURS}/88.1/%E6%B8%A9%E5%BA%A6%E8%AE%A1": "88.1/温度计",
    "88.AA/x": "88.AA/x",
    "2024/0317": "2024/0317",
}
PAGES = {
    f"{OURS}/instruments/{ID}/": ("instrument", ID),
    f"{OURS}/instruments/{ID}/marks": ("instrument", ID),
    f"{OURS}/certificates/{ID}/": ("certificate", ID),
    f"{OURS}/standards/{ID}/": ("measurement_standard", ID),
    f"{OURS}/identifiers/{ID}/": ("identifier", ID),
    f"{OURS}/instruments/{ID.upper()}": ("instrument", ID),
}
KEYS = {
    f"{GS1_HOME}/{LINK}": (LINK, ("S1",)),
    f"{OURS}/{LINK}": (LINK, ("S1",)),
    f"https://brand.example/some/stem/{LINK}?17=261231": (LINK, ("S1",)),
    f"/{LINK}": (LINK, ("S1",)),
    "(01)09506000134352(21)S1": (LINK, ("S1",)),
    "(01)09506000134352(17)261231(21)S1": (LINK, ("S1",)),
    "]d2010950600013435221S1": (LINK, ("S1",)),
    "]C1010950600013435221S1": (LINK, ("S1",)),
    "]Q3010950600013435221S1": (LINK, ("S1",)),
    "\x1d010950600013435221S1": (LINK, ("S1",)),
    "010950600013435221S1\x1d17261231": (LINK, ("S1",)),
    "(8004)40123459A": ("8004/40123459A", ("40123459A",)),
    "]C1800440123459A": ("8004/40123459A", ("40123459A",)),
    f"{OURS}/8004/40123459A": ("8004/40123459A", ("40123459A",)),
    "(8003)09506000134352A7": ("8003/09506000134352A7", ("09506000134352A7",)),
    "09506000134352": ("01/09506000134352", ("09506000134352",)),
    "9506000134352": ("01/09506000134352", ("9506000134352",)),
    "(01)09506000134352": ("01/09506000134352", ()),
}
NUMBERS = {
    "2024-0317": ("2024-0317",),
    "T-1": ("T-1",),
    "7": ("7",),
    "F 0001": ("F 0001",),
    "YZ-C-2026-000123": ("YZ-C-2026-000123",),
    "出字第 7 号": ("出字第 7 号",),
    "No. 2024-0317": ("No. 2024-0317", "2024-0317"),
    "S/N: 2024-0317": ("S/N: 2024-0317", "2024-0317"),
    "SN:T-1": ("SN:T-1", "T-1"),
    "Serial No. T-1": ("Serial No. T-1", "T-1"),
    "出厂编号：T-1": ("出厂编号：T-1", "T-1"),
    "资产编号 INV-7": ("资产编号 INV-7", "INV-7"),
    "A/17": ("A/17",),
    "/17": ("/17",),
    "88.1/": ("88.1/",),
    "88..1/x": ("88..1/x",),
    "9506000134350": ("9506000134350",),  # a wrong check digit: then it is a serial number
    "(21)S1": ("S1",),
    "(10)LOT": ("(10)LOT",),
    "(01)09506000134350": ("(01)09506000134350",),
    "(01)0950600013435": ("(01)0950600013435",),
    "(9x)1": ("(9x)1",),
    "((((": ("((((",),
    "]d2": ("]d2",),
    "]d2zz": ("]d2zz",),
    "%zz": ("%zz",),
    "hdl:": ("hdl:",),
    "hdl:nothing": ("hdl:nothing",),
    "' OR 1=1 --": ("' OR 1=1 --",),
    "<script>alert(1)</script>": ("<script>alert(1)</script>",),
}
FOREIGN = {
    "https://example.org": "example.org",
    f"https://evil.example/c/{NAME}?k=A": "evil.example",
    f"https://id.example.cn.evil.example/{NAME}": "id.example.cn.evil.example",
    f"https://id.example.cn@evil.example/{NAME}": "evil.example",
    f"https://id.example.cn:8443/{NAME}": "id.example.cn",
    f"https://evil.example/instruments/{ID}/": "evil.example",
    f"https://evil.example/?u={OURS}/{NAME}": "evil.example",
}
OWN_BUT_NOTHING = (OURS, f"{OURS}/", f"{OURS}/c/88.1", f"{OURS}/search?q=7", f"{OURS}/instruments/7/")
NOTHING = (
    "", " ", "\n", "\u3000", "a\nb", "a\x00b", "x\ud800", "x" * (LONGEST_NUMBER + 1), "WIFI:S:lab;T:WPA;P:secret;;",
    "mailto:a@example.org", "tel:+86105550101", "BEGIN:VCARD", "javascript:alert(1)", "data:text/html,x",
    "otpauth://totp/x?secret=ABC", "weixin://dl/x", "geo:36.6,117.0", "x" * (LONGEST + 1),
)  # fmt: skip
BROKEN_ADDRESSES = ("http://[::1", "https://x:99999999/a", "https://[bad]/88.1/x")


def test_the_tables_are_as_long_as_they_should_be():
    tables = (CERTIFICATES, HANDLES, PAGES, KEYS, NUMBERS, FOREIGN, OWN_BUT_NOTHING, NOTHING, BROKEN_ADDRESSES)
    assert sum(len(table) for table in tables) >= 100


@pytest.mark.parametrize("text", CERTIFICATES, ids=ascii)
def test_a_check_address_gives_the_identifier_of_the_certificate(text):
    read = scanned_text(text, OURS)
    assert (read.kind, read.name) == ("certificate", CERTIFICATES[text])
    assert read.text == text.strip()


@pytest.mark.parametrize("text", HANDLES, ids=ascii)
def test_a_name_is_read_bare_and_from_every_address_of_it(text):
    read = scanned_text(text, OURS)
    assert (read.kind, read.name) == ("handle", HANDLES[text])


@pytest.mark.parametrize("text", PAGES, ids=ascii)
def test_an_address_of_the_console_names_its_thing(text):
    read = scanned_text(text, OURS)
    assert (read.kind, read.noun, read.name) == ("page", *PAGES[text])


@pytest.mark.parametrize("text", KEYS, ids=ascii)
def test_a_gs1_key_gives_its_path_and_the_serial_number_in_it(text):
    read = scanned_text(text, OURS)
    assert (read.kind, read.path, read.words) == ("gs1", *KEYS[text])


@pytest.mark.parametrize("text", NUMBERS, ids=ascii)
def test_all_else_in_one_line_is_a_number_on_a_plate(text):
    read = scanned_text(text, OURS)
    assert (read.kind, read.words) == ("number", NUMBERS[text])


@pytest.mark.parametrize("text", FOREIGN, ids=ascii)
def test_an_address_of_somebody_else_is_never_taken_for_ours(text):
    read = scanned_text(text, OURS)
    assert (read.kind, read.host, read.name) == ("address", FOREIGN[text], "")


@pytest.mark.parametrize("text", OWN_BUT_NOTHING, ids=ascii)
def test_other_addresses_of_ours_lead_nowhere(text):
    read = scanned_text(text, OURS)
    assert (read.kind, read.host) == ("address", "")


@pytest.mark.parametrize("text", NOTHING, ids=lambda text: ascii(text)[:30])
def test_what_no_plate_bears_is_no_code(text):
    read = scanned_text(text, OURS)
    assert (read.kind, read.words) == ("nothing", ())
    assert len(read.text) <= LONGEST


@pytest.mark.parametrize("text", BROKEN_ADDRESSES, ids=ascii)
def test_a_broken_address_is_told_as_it_is(text):
    read = scanned_text(text, OURS)
    assert (read.kind, read.name) == ("address", "")
    assert read.text == text


def test_an_installation_below_a_path_knows_its_own_addresses():
    home = "https://example.cn/jialiang"
    assert scanned_text(f"{home}/c/{NAME}", home).kind == "certificate"
    assert scanned_text(f"{home}/{NAME}", home).name == NAME


def test_the_port_belongs_to_the_address():
    home = "http://localhost:8000"
    assert scanned_text(f"{home}/c/{NAME}", home).kind == "certificate"
    assert scanned_text(f"http://localhost:9000/c/{NAME}", home).kind == "address"


@pytest.mark.parametrize("elements", [{"01": "09506000134352", "21": "a/b"}, {"8004": "40123459A"}])
def test_what_our_symbols_carry_is_read_back(elements):
    path = scanned_text(f"]d2{scanned(elements)}", OURS).path
    printed = printed_symbol("gs1_data_matrix", "".join(f"({ai}){value}" for ai, value in elements.items()))
    assert scanned_text(printed.text, OURS).path == path != ""


@examples(deadline=None, max_examples=300)
@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    read = scanned_text(text, OURS)
    assert read.text in text or read.text == ""
    assert read.kind in ("certificate", "page", "handle", "gs1", "address", "number", "nothing")


@examples(deadline=None, max_examples=150)
@given(st.text(alphabet="/:?#[]@%.0123456789c()\x1d]d28", max_size=40))
def test_no_address_breaks_it(rest):
    for text in (OURS + rest, "https://" + rest, rest):
        assert scanned_text(text, OURS).text == text.strip(" \t\r\n\ufeff\u3000")
