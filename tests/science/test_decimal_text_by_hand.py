"""What people type and what is understood, laid out one typing a line."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jialiang.science.decimal_text import MAX_DIGITS, MAX_EXPONENT, exact_float, read_decimal
from jialiang.science.errors import DecimalComma, NotANumber, NumberOutOfBounds

# typed: understood text, places behind the point, was it rewritten?
UNDERSTOOD = {
    "10": ("10", 0, False), "10.": None, "10.0": ("10.0", 1, False), "10.000": ("10.000", 3, False),
    ".5": ("0.5", 1, True), "-.5": ("-0.5", 1, True), "0.50": ("0.50", 2, False), "00.5": ("00.5", 1, False),
    "007": ("007", 0, False), "+5": ("5", 0, True), "+0.0": ("0.0", 1, True), "-0": ("-0", 0, False),
    "-0.171": ("-0.171", 3, False), "1E3": ("1E3", -3, False), "1e3": ("1E3", -3, True), "1E+3": ("1E3", -3, True),
    "1E-3": ("1E-3", 3, False), "1.50E2": ("1.50E2", 0, False), "1.5E0": ("1.5E0", 1, False),
    "1E05": ("1E5", -5, True), "-2.5e-7": ("-2.5E-7", 8, True), "1E50": ("1E50", -50, False),
    "1E-50": ("1E-50", 50, False), "1E51": "bounds", "1E-51": "bounds", "1E999999999": "bounds",
    "1E9999999999": None, "0E50": ("0E50", -50, False),
    # what Chinese keyboards give
    "１２．５": ("12.5", 1, True), "－０.１７１": ("-0.171", 3, True), "＋３": ("3", 0, True), "3。5": ("3.5", 1, True),
    "3｡5": ("3.5", 1, True), "１Ｅ３": ("1E3", -3, True), "１ｅ－３": ("1E-3", 3, True), "−5": ("-5", 0, True),
    "–5": ("-5", 0, True), "‐5": ("-5", 0, True), "‑5": ("-5", 0, True), "﹣5": ("-5", 0, True),
    "１２.５E－３": ("12.5E-3", 4, True),
    # blanks around are nobody's intention
    " 5 ": ("5", 0, False), "\t5\n": ("5", 0, False), "\u30005": ("5", 0, False), "\u00a05\u00a0": ("5", 0, False),
    # commas are never guessed
    "1,5": "comma", "1，5": "comma", "1、5": "comma", "1,000": "comma", "1,000.5": "comma", ",": "comma", "5,": "comma",
    "1٫5": "comma", "1٬000": "comma", "1,2,3": "comma",
    # no numbers
    "": None, " ": None, ".": None, "-": None, "+": None, "E5": None, "1E": None, "1E+": None, "1.2.3": None,
    "--5": None, "+-5": None, "5-": None, "1 000": None, "0x10": None, "1_000": None, "NaN": None, "Infinity": None,
    "-inf": None, "5 ℃": None, "5%": None, "½": None, "五": None, "٥": None, "１ ２": None, "1e5.0": None, "1..2": None,
    "—5": None, "±5": None, "5\x00": None, "1'000": None, "(5)": None,
}  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), UNDERSTOOD.items(), ids=[repr(t) for t in UNDERSTOOD])
def test_each_typing_is_understood_or_refused_as_laid_out(typed, meant):
    if isinstance(meant, tuple):
        read = read_decimal(typed)
        assert (read.text, read.decimal_places, read.was_rewritten) == meant
        assert read.as_typed == typed
        return
    refusal = {"comma": DecimalComma, "bounds": NumberOutOfBounds, None: NotANumber}[meant]
    with pytest.raises(refusal):
        read_decimal(typed)


SUGGESTIONS = {
    "1,5": "1.5", "-1，5": "-1.5", "0、171": "0.171", "1,000": "1.000", "1,000.5": "0.171", "1,2,3": "0.171",
    "x,5": "0.171", "1,5E3": "1.5E3",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "suggestion"), SUGGESTIONS.items())
def test_a_comma_is_answered_with_the_number_that_a_point_would_make_or_with_an_example(typed, suggestion):
    with pytest.raises(DecimalComma) as refused:
        read_decimal(typed)
    assert refused.value.facts == {"typed": typed, "suggestion": suggestion}


LIMITS = [
    ("1" * MAX_DIGITS, True),
    ("1" * (MAX_DIGITS + 1), False),
    ("0." + "0" * (MAX_DIGITS - 1), True),
    ("0." + "0" * MAX_DIGITS, False),
    ("0" * MAX_DIGITS, True),
    ("0" * (MAX_DIGITS + 1), False),
    ("." + "1" * (MAX_DIGITS - 1), True),
    ("." + "1" * MAX_DIGITS, False),
    (f"1E{MAX_EXPONENT}", True),
    (f"1E{MAX_EXPONENT + 1}", False),
    (f"1E-{MAX_EXPONENT}", True),
    (f"1E-{MAX_EXPONENT + 1}", False),
]


@pytest.mark.parametrize(
    ("typed", "allowed"), LIMITS, ids=[t if len(t) < 12 else f"{t[:6]}… of {len(t)}" for t, _ in LIMITS]
)
def test_digits_and_exponents_have_limits(typed, allowed):
    if allowed:
        assert read_decimal(typed).number == Decimal(typed)
    else:
        with pytest.raises(NumberOutOfBounds) as refused:
            read_decimal(typed)
        assert len(str(refused.value.facts["typed"])) <= MAX_DIGITS + 1


@pytest.mark.parametrize(
    ("text", "number"), [("0.1", 0.1), ("-1E-3", -0.001), ("１.５", 1.5), ("1E50", 1e50), ("-0", -0.0)]
)
def test_the_float_is_the_nearest_one(text, number):
    assert exact_float(text) == number


plain = st.from_regex(r"-?[0-9]{1,12}(\.[0-9]{1,12})?(E-?[1-9][0-9]?)?", fullmatch=True)


@given(plain)
def test_what_is_typed_plainly_stays_letter_by_letter(typed):
    exponent = int(typed.partition("E")[2] or 0)
    assume(abs(exponent) <= MAX_EXPONENT)
    read = read_decimal(typed)
    assert (read.text, read.was_rewritten, read.number) == (typed, False, Decimal(typed))


WIDE = str.maketrans("0123456789.-+", "０１２３４５６７８９．－＋")


@given(st.from_regex(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?", fullmatch=True))
def test_full_width_typing_means_the_same_number(typed):
    assert read_decimal(typed.translate(WIDE)).text == read_decimal(typed).text


@given(st.from_regex(r"[0-9]{1,6}[,，、][0-9]{1,6}", fullmatch=True))
def test_no_number_with_a_comma_is_ever_read(typed):
    with pytest.raises(DecimalComma):
        read_decimal(typed)


@given(plain, plain)
def test_places_and_order_follow_the_number(one, other):
    assume(all(abs(int(text.partition("E")[2] or 0)) <= MAX_EXPONENT for text in (one, other)))
    first, second = read_decimal(one), read_decimal(other)
    assert (first.number < second.number) is (Decimal(one) < Decimal(other))
    assert first.decimal_places == -Decimal(one).as_tuple().exponent
