"""NDEF records of URIs, read back by ndeflib and by us, and the memory of a type 2 tag."""

import ndef
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.carriers.ndef import (
    _ABBREVIATIONS,
    LONGEST,
    NotAnNdefUri,
    UriUnsuitable,
    type_2_memory,
    uri_message,
    uri_of,
)

URI = "https://id.example.org/88.101.5/ins-1"


def read(message):
    (record,) = ndef.message_decoder(message)
    return record.type, record.iri


@pytest.mark.parametrize(
    "uri",
    [
        URI,
        "http://www.example.com/",
        "https://www.example.com",
        "https://",
        "urn:epc:id:giai:0614141.5678",
        "urn:epc:tag:giai-96:3.0614141.5678",
        "hdl:88.101.5/ins-1",
        "https://id.example.org/88.101.5/压力表",
        "tel:+861012345678",
        "https://a.b/" + "x" * 242,
        "https://a.b/" + "x" * 244,
        "https://a.b/" + "x" * 300,
        "https://a.b/" + "x" * (LONGEST - 12),
    ],
)
def test_a_record_is_read_back_by_another_program(uri):
    message = uri_message(uri)
    assert read(message) == ("urn:nfc:wkt:U", uri)
    assert uri_of(message) == uri


def test_the_bytes_of_a_short_record():
    assert uri_message("https://a.b") == bytes.fromhex("d1 01 04 55 04") + b"a.b"
    assert uri_message("x:y") == bytes.fromhex("d1 01 04 55 00") + b"x:y"


def test_the_bytes_of_a_long_record():
    message = uri_message("https://" + "x" * 300)
    assert message[:8] == bytes.fromhex("c1 01 00 00 01 2d 55 04")


def test_the_abbreviations_are_those_of_another_program():
    for code, begin in enumerate(_ABBREVIATIONS):
        if begin:
            assert uri_message(begin + "x")[4] >= code or begin.startswith(
                _ABBREVIATIONS[uri_message(begin + "x")[4]]
            )
            assert read(bytes([0xD1, 1, 2, 0x55, code]) + b"x")[1] == begin + "x"


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("https://www.x", 2),
        ("https://x", 4),
        ("urn:epc:id:x", 30),
        ("urn:epc:x", 34),
        ("urn:x", 19),
        ("URN:x", 0),
    ],
)
def test_the_longest_abbreviation_is_taken(uri, code):
    assert uri_message(uri)[4] == code


@pytest.mark.parametrize("uri", ["", "a b", "a\nb", "x" * (LONGEST + 1), "\ud800", "a\x00"])
def test_what_is_no_uri_is_refused(uri):
    with pytest.raises(UriUnsuitable) as refused:
        uri_message(uri)
    assert refused.value.http_status == 422


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", "header"),
        (b"\xd1\x01\x00U", "header"),
        (bytes.fromhex("d1 01 04 54 04") + b"a.b", "length"),
        (bytes.fromhex("d1 01 05 55 04") + b"a.b", "length"),
        (bytes.fromhex("d1 01 03 55 04") + b"a.b", "length"),
        (bytes.fromhex("d1 01 04 55 24") + b"a.b", "abbreviation"),
        (bytes.fromhex("d1 01 03 55 04 ff fe"), "UTF-8"),
        (bytes.fromhex("91 01 04 55 04") + b"a.b", "header"),
        (bytes.fromhex("d1 02 04 55 04") + b"a.b", "header"),
        (bytes.fromhex("c1 01 00 00 00 00 55"), "length"),
    ],
)
def test_other_bytes_are_refused_with_a_reason(message, reason):
    with pytest.raises(NotAnNdefUri) as refused:
        uri_of(message)
    assert refused.value.facts["reason"] == reason


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused_and_nothing_else(data):
    try:
        uri = uri_of(data)
    except NotAnNdefUri as refused:
        assert refused.what.zh
    else:
        assert isinstance(uri, str)


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=300))
def test_every_uri_comes_back(text):
    assert uri_of(uri_message(text)) == text
    assert uri_of(uri_message("https://" + text)) == "https://" + text


@pytest.mark.parametrize("length", [5, 254, 255, 300])
def test_the_memory_of_a_tag_has_the_length_of_the_message(length):
    message = b"m" * length
    memory = type_2_memory(message)
    assert (memory[0], memory[-1]) == (0x03, 0xFE)
    begin = 2 if length < 255 else 4
    told = memory[1] if length < 255 else int.from_bytes(memory[2:4])
    assert (told, memory[begin:-1]) == (length, message)
