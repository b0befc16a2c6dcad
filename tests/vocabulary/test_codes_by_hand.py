"""Check characters worked out with paper and pencil, and what is said of each slip of typing."""

import pytest

from jialiang.kernel.text import Text
from jialiang.vocabulary.credit_codes import (
    ALPHABET,
    check_character,
    is_credit_code,
    likely_credit_code,
    normalized_credit_code,
    why_not_credit_code,
)
from jialiang.vocabulary.gln import check_digit, is_gln, normalized_gln
from jialiang.vocabulary.regions import is_region_code, province_of

# A single 1 among zeros: the check is -3^(place - 1) mod 31.
SINGLE_ONES = [
    (1, "Y"),  # -1 = 30
    (2, "W"),  # -3 = 28
    (3, "N"),  # -9 = 22
    (4, "4"),  # -27 = 4
    (5, "C"),  # -81 = 12
    (16, "1"),  # 3^15 = -1, so 1
    (17, "3"),  # 3^16 = -3, so 3
]


@pytest.mark.parametrize(("place", "check"), SINGLE_ONES)
def test_a_single_one_shows_the_weight_of_its_place(place: int, check: str) -> None:
    body = "0" * (place - 1) + "1" + "0" * (17 - place)
    assert check_character(body) == check
    assert is_credit_code(body + check)


def test_zeros_alone_are_checked_by_zero() -> None:
    assert check_character("0" * 17) == "0"


def test_weights_are_the_powers_of_three() -> None:
    for place in range(17):
        body = "0" * place + "1" + "0" * (16 - place)
        assert ALPHABET.index(check_character(body)) == -pow(3, place, 31) % 31


GOOD = "91350100M000100Y43"
SLIPS = {
    # code: what is wrong, what was probably meant
    GOOD: ("", ""),
    "": ("length", ""),
    GOOD[:-1]: ("length", ""),
    GOOD + "0": ("length", ""),
    "91350100M000100Y44": ("check", ""),
    "91350100M000100Y34": ("check", ""),
    "9135O100M000100Y43": ("letter", GOOD),
    "9I350100M000100Y43": ("letter", GOOD),
    "91350100M0OO1OOY43": ("letter", GOOD),
    "9135010OM000100Y43": ("letter", GOOD),
    "91350l00M000100Y43": ("letter", ""),
    "91350100m000100Y43": ("letter", ""),
    "91350100M000100V43": ("letter", ""),
    "9135A100M000100Y43": ("division", ""),
    "91350100M000100Y4Z": ("letter", ""),
    "91350100 000100Y43": ("letter", ""),
    "９1350100M000100Y43": ("letter", ""),
}


@pytest.mark.parametrize(("code", "judged"), SLIPS.items())
def test_each_slip_is_named_and_guessed_only_where_the_check_agrees(
    code: str, judged: tuple[str, str]
) -> None:
    assert (why_not_credit_code(code), likely_credit_code(code)) == judged
    assert is_credit_code(code) is (judged[0] == "")


TYPED = {
    "91350100M000100Y43": GOOD, "91350100m000100y43": GOOD, "9135 0100 M000 100Y 43": GOOD,
    "91350100-M000100Y-43": GOOD, "９１３５０１００Ｍ０００１００Ｙ４３": GOOD, "91350100–M000100Y43": GOOD,
    "91350100‐M000100Y43": GOOD, "91350100　M000100Y43": GOOD, "": "", "---": "",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "code"), TYPED.items())
def test_a_code_is_read_however_it_is_typed(typed: str, code: str) -> None:
    assert normalized_credit_code(typed) == code


# GS1: weights 3 and 1 in turn, 3 at the last digit before the check.
GLN_CHECKS = [
    ("000000000000", "0"),
    ("000000000001", "7"),  # 3
    ("000000000010", "9"),  # 1
    ("000000000005", "5"),  # 15
    ("100000000000", "9"),  # 1
    ("010000000000", "7"),  # 3
    ("999999999999", "4"),  # 6 · 27 + 6 · 9 = 216
    ("123456789012", "8"),  # 3 · (2+4+6+8+0+2) + (1+3+5+7+9+1) = 92
    ("400638133393", "1"),  # 3 · (0+6+8+3+3+3) + (4+0+3+1+3+9) = 69 + 20 = 89
    ("629104150021", "3"),
]


@pytest.mark.parametrize(("body", "check"), GLN_CHECKS)
def test_the_check_digit_of_a_location_number(body: str, check: str) -> None:
    assert check_digit(body) == check
    assert is_gln(body + check)
    others = [digit for digit in "0123456789" if digit != check]
    assert not any(is_gln(body + digit) for digit in others)


NO_GLN = ["", "400638133393", "40063813339311", "400638133393X", "４006381333931", " 4006381333931", "4006381333931\n",
          "٤006381333931", "-006381333931"]  # fmt: skip


@pytest.mark.parametrize("code", NO_GLN)
def test_what_is_not_thirteen_digits_is_no_location_number(code: str) -> None:
    assert not is_gln(code)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("400-6381-333931", "4006381333931"),
        ("４００６３８１３３３９３１", "4006381333931"),
        (" 4006381 333931 ", "4006381333931"),
    ],
)
def test_a_location_number_is_read_however_it_is_typed(typed: str, number: str) -> None:
    assert normalized_gln(typed) == number
    assert is_gln(number)


REGIONS = [
    ("110000", True, "北京市"), ("370100", True, "山东省"), ("710000", True, "台湾省"), ("999999", False, ""),
    ("000000", False, ""), ("37010", False, "山东省"), ("3701000", False, "山东省"), ("37010a", False, "山东省"),
    ("３70100", False, ""), ("", False, ""), ("37 100", False, "山东省"), ("370100\n", False, "山东省"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "known", "province"), REGIONS)
def test_a_region_has_six_digits_and_a_province(code: str, known: bool, province: str) -> None:
    assert is_region_code(code) is known
    assert province_of(code).zh == province
    assert province_of(code) == Text() or province_of(code).en
