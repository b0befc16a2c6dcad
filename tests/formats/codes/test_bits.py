"""Bits as text: widths, base64 of any length, and reading within bounds."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes.bits import (
    BASE64,
    BitReader,
    bits_of_digits,
    bits_of_length,
    from_base64,
    number,
    to_base64,
)
from jialiang.formats.codes.verdicts import CodeRefused


@pytest.mark.parametrize(
    ("count", "width"),
    [(0, 1), (1, 4), (2, 7), (3, 10), (4, 14), (6, 20), (13, 44), (14, 47), (18, 60), (20, 67)],
)
def test_digits_have_room(count, width):
    assert bits_of_digits(count) == width
    assert 2**width > 10**count - 1


@pytest.mark.parametrize(
    ("most", "width"), [(6, 3), (8, 4), (12, 4), (16, 5), (20, 5), (28, 5), (30, 5), (70, 7), (90, 7)]
)
def test_lengths_have_room(most, width):
    assert bits_of_length(most) == width
    assert 2**width > most


@given(st.binary(max_size=60).filter(lambda data: len(data) % 3 == 0))
def test_base64_is_that_of_everyone_for_whole_bytes(data):
    bits = "".join(number(byte, 8) for byte in data)
    assert to_base64(bits) == base64.urlsafe_b64encode(data).decode()
    assert from_base64(to_base64(bits)) == bits


@given(st.text("01", max_size=80))
def test_bits_come_back_with_zeros_to_the_next_letter(bits):
    back = from_base64(to_base64(bits))
    assert back.startswith(bits)
    assert set(back[len(bits) :]) <= {"0"}
    assert len(back) - len(bits) < 6


def test_another_letter_is_no_base64():
    assert len(set(BASE64)) == 64
    with pytest.raises(ValueError, match="substring"):
        from_base64("a+")


def test_reading_goes_on_where_it_stopped_and_back():
    reader = BitReader("0101100")
    assert (reader.read(3), reader.place, reader.left) == (2, 3, 4)
    assert reader.read(0) == 0
    reader.back_to(1)
    assert (reader.read(2), reader.only_zeros_left()) == (2, False)
    assert (reader.read(2), reader.only_zeros_left()) == (3, True)


def test_too_few_bits_are_told():
    with pytest.raises(CodeRefused) as refused:
        BitReader("01").read(3)
    assert refused.value.finding.reason == "compressed_short"


@given(st.text("0123456789", max_size=20))
def test_digits_come_back_with_their_zeros(digits):
    bits = number(int(digits or "0"), bits_of_digits(len(digits)))
    assert BitReader(bits).digits(len(digits)) == digits


def test_a_number_that_has_more_digits_than_its_field_is_refused():
    with pytest.raises(CodeRefused) as refused:
        BitReader("1111").digits(1)
    assert refused.value.finding.reason == "compressed_number"


def test_letters_are_read_by_their_alphabet():
    assert BitReader("000001" + "111111").letters(2, BASE64, 6) == "B_"
