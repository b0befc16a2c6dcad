"""Numbers on plates and codes in symbols, written in every way that people and machines write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from jialiang.formats.codes.check_characters import check_digit
from jialiang.formats.codes.digital_link import build_digital_link
from jialiang.formats.codes.element_strings import printed, scanned
from jialiang.formats.codes.scanned_texts import SERIALS, scanned_text
from jialiang.formats.labels.contents import content_of

OURS = "https://id.example.cn"
PLATE = st.text(alphabet="ABCDEFGHJKLMNPQRSTUVWXYZ0123456789-", min_size=1, max_size=20)
LABELS = ("S/N ", "S/N: ", "SN:", "sn：", "Serial No. ", "Serial number: ", "No. ", "Nr. ", "出厂编号：", "产品编号 ",
          "资产编号:", "管理编号 ", "证书编号：", "编号：")  # fmt: skip
GTIN_14 = "09506000134352"


def gtin(digits: str) -> str:
    return digits + check_digit(digits)


@pytest.mark.parametrize("label", LABELS)
def test_what_stands_before_a_number_is_left_off(label):
    read = scanned_text(f"{label}T2104-0387", OURS)
    assert (read.kind, read.words) == ("number", (f"{label}T2104-0387", "T2104-0387"))


@pytest.mark.parametrize(
    "text", ["SN", "No.", "编号", "S/N:", "Note 7", "Number 7", "SNOW", "SN7", "Series 7", "型号 7"]
)
def test_a_number_that_only_begins_alike_stays_whole(text):
    read = scanned_text(text, OURS)
    assert (read.kind, read.words) == ("number", (text,))


@examples(deadline=None, max_examples=100)
@given(PLATE)
def test_a_plate_is_looked_for_as_it_stands(plate):
    read = scanned_text(plate, OURS)
    assert plate in read.words
    assert read.kind in ("number", "gs1")  # digits with a right check digit are a GTIN as well


@examples(deadline=None, max_examples=60)
@given(st.text(alphabet="0123456789", min_size=13, max_size=13))
def test_digits_with_a_right_check_digit_are_both_gtin_and_number(digits):
    right = gtin(digits)
    read = scanned_text(right, OURS)
    assert (read.kind, read.path, read.words) == ("gs1", f"01/{right}", (right,))
    wrong = digits + str((int(right[-1]) + 1) % 10)
    assert scanned_text(wrong, OURS).kind == "number"


@pytest.mark.parametrize("length", [7, 11, 12, 13])
def test_gtins_of_every_length_have_one_path(length):
    right = gtin("4" * length)
    assert scanned_text(right, OURS).path == f"01/{right.zfill(14)}"


@examples(deadline=None, max_examples=60)
@given(st.text(alphabet="ABCDEFGHIJ0123456789-._", min_size=1, max_size=20))
def test_printed_scanned_and_linked_elements_are_one_thing(serial):
    elements = {"01": GTIN_14, "21": serial}
    link = build_digital_link(elements)
    ways = (printed(elements), "]d2" + scanned(elements), "]C1" + scanned(elements), link.uri(), f"{OURS}{link.path}")
    reads = [scanned_text(way, OURS) for way in ways]
    assert {read.path for read in reads} == {link.path.removeprefix("/")}
    assert {read.words for read in reads} == {(serial,)}


@pytest.mark.parametrize("serial", ["a/b", "a+b", "%41", "a?b", "x&y=z", "a;b"])
def test_letters_with_a_meaning_in_addresses_stay_in_the_serial_number(serial):
    link = build_digital_link({"01": GTIN_14, "21": serial})
    read = scanned_text(link.uri(), OURS)
    assert (read.words, read.path) == ((serial,), link.path.removeprefix("/"))


@pytest.mark.parametrize(
    ("key", "value"), [("8004", "40123459A7"), ("8003", "09506000134352XY"), ("8004", "40123459")]
)
def test_assets_are_looked_for_by_their_own_reference_too(key, value):
    assert key in SERIALS
    read = scanned_text(f"({key}){value}", OURS)
    assert (read.path, read.words) == (f"{key}/{value}", (value,))


@pytest.mark.parametrize(
    "identifier", ["88.101.5/ins-7", "88.101.5/温度计 7", f"/01/{GTIN_14}/21/S1", f"(01){GTIN_14}(21)S1"]
)
def test_the_address_on_our_own_labels_is_read_back(identifier):
    content = content_of(identifier, OURS)
    read = scanned_text(content.address, OURS)
    if identifier[0] in "/(":
        assert (read.kind, read.path) == ("gs1", f"01/{GTIN_14}/21/S1")
    else:
        assert (read.kind, read.name) == ("handle", identifier)


@pytest.mark.parametrize(
    "host", ["id.example.cn.", "xid.example.cn", "id.example.c", "id-example.cn", "ID.EXAMPLE.CN.org"]
)
def test_hosts_that_look_alike_are_not_ours(host):
    for path in ("c/88.1/c-1?k=A", "88.1/ins-1", "instruments/0192f0c0-1111-7111-8111-111111111111/"):
        read = scanned_text(f"https://{host}/{path}", OURS)
        assert (read.kind, read.name, read.noun) == ("address", "", "")
        assert read.host == host.lower()


@pytest.mark.parametrize("blank", [" ", "\t", "\r\n", "\n", "\u3000", "\ufeff"])
def test_what_a_scanner_adds_around_is_left_off(blank):
    assert scanned_text(f"{blank}T-1{blank}", OURS) == scanned_text("T-1", OURS)
