"""Laws of check digits and codes: which typing errors they find, and that no text makes them stumble."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from jialiang.vocabulary.regions import is_region_code, province_of, provinces

BODIES = st.tuples(
    st.text(ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
).map("".join)
CODES = BODIES.map(lambda body: body + check_character(body))
GLNS = st.text("0123456789", min_size=12, max_size=12).map(lambda body: body + check_digit(body))


@pytest.fixture(scope="module")
def systems(oracles):
    return json.loads((oracles / "identifiers" / "check_vectors.json").read_text(encoding="utf-8"))["systems"]


# --- credit codes --------------------------------------------------------------------------------------------


def test_published_credit_codes_are_judged_as_published(systems):
    vectors = systems["USCC"]
    assert {v["valid"] for v in vectors} == {True, False}
    assert [v["value"] for v in vectors if is_credit_code(v["value"]) is not v["valid"]] == []
    stated = [v for v in vectors if "check" in v and v["valid"]]
    assert stated
    assert [v for v in stated if check_character(v["value"][:17]) != v["check"]] == []


@given(st.text(max_size=24) | st.text(ALPHABET + "IOSVZ-", min_size=16, max_size=20) | CODES)
def test_a_code_is_good_exactly_if_nothing_is_wrong_with_it(text):
    assert (why_not_credit_code(text) == "") is is_credit_code(text)


@given(CODES, st.integers(0, 17), st.sampled_from("IOSVZ!-中 １"))
def test_a_letter_outside_the_alphabet_is_named_wherever_it_stands(code, place, letter):
    assert why_not_credit_code(code[:place] + letter + code[place + 1 :]) == "letter"


@given(CODES, st.integers(2, 7), st.sampled_from([c for c in ALPHABET if not c.isdigit()]))
def test_a_letter_in_the_division_is_named(code, place, letter):
    assert why_not_credit_code(code[:place] + letter + code[place + 1 :]) == "division"


@given(CODES, st.integers(0, 17))
def test_a_character_too_many_or_too_few_is_named(code, place):
    assert why_not_credit_code(code[:place] + code[place + 1 :]) == "length"
    assert why_not_credit_code(code[:place] + "0" + code[place:]) == "length"


@given(CODES, st.integers(0, 16), st.integers(0, 16), st.sampled_from(ALPHABET), st.sampled_from(ALPHABET))
def test_two_wrong_characters_slip_through_only_if_their_weights_agree(code, one, two, first, second):
    if one == two or not (code[2:8].isdigit()):
        return
    changed = list(code)
    changed[one], changed[two] = first, second
    drift = sum((ALPHABET.index(changed[i]) - ALPHABET.index(code[i])) * pow(3, i, 31) for i in {one, two})
    if "".join(changed)[2:8].isdigit():
        assert is_credit_code("".join(changed)) is (drift % 31 == 0)


@given(CODES)
def test_a_code_is_read_however_it_is_typed(code):
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in code)
    grouped = "-".join((code[:2], code[2:8], code[8:17], code[17:]))
    for typed in (code.lower(), full_width, grouped, f" {code}\u3000", full_width.lower()):
        assert normalized_credit_code(typed) == code


@given(st.text("0129aZ -\u3000\u2010\u2013０９ａＺ－", max_size=30))
def test_normalizing_twice_is_normalizing_once_and_leaves_no_blank(text):
    for normalized in (normalized_gln, normalized_credit_code):
        assert normalized(normalized(text)) == normalized(text)
        assert not set(normalized(text)) & set(" -\u3000\u2010\u2013－")


@given(CODES, st.data())
def test_digits_typed_as_letters_are_guessed_back(code, data):
    lookalikes = {"0": "O", "1": "I", "2": "Z", "5": "S"}
    places = [i for i, letter in enumerate(code) if letter in lookalikes]
    if not places:
        return
    chosen = data.draw(st.sets(st.sampled_from(places), min_size=1))
    typed = "".join(lookalikes[c] if i in chosen else c for i, c in enumerate(code))
    assert likely_credit_code(typed) == code


@given(st.text(max_size=24))
def test_a_guess_is_always_a_good_code_and_never_the_text_itself(text):
    guess = likely_credit_code(text)
    assert guess == "" or (is_credit_code(guess) and guess != text)


def test_a_letter_outside_the_alphabet_has_no_check_character():
    with pytest.raises(ValueError, match="substring not found"):
        check_character("9137000OMA0000001")


# --- GS1 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("system", ["GTIN-8", "GTIN-12", "GTIN-13", "GTIN-14", "GLN", "SSCC", "GSRN", "GSIN"])
def test_the_check_digit_is_that_of_every_gs1_key_whatever_its_length(systems, system):
    valid = [v for v in systems[system] if v["valid"]]
    assert valid
    assert [v["value"] for v in valid if check_digit(v["value"][:-1]) != v["value"][-1]] == []
    assert all(v["check_digit"] == v["value"][-1] for v in valid)


def test_only_keys_of_thirteen_digits_are_location_numbers(systems):
    for system in ("GTIN-8", "GTIN-12", "GTIN-14", "SSCC", "GSRN", "GSIN"):
        assert not any(is_gln(v["value"]) for v in systems[system])


@given(GLNS, st.integers(0, 11))
def test_swapped_neighbours_are_found_unless_they_differ_by_five(code, place):
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    difference = abs(int(code[place]) - int(code[place + 1]))
    assert is_gln(swapped) is (difference in (0, 5))


@given(GLNS)
def test_a_location_number_is_read_however_it_is_typed(code):
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in code)
    for typed in (full_width, f"{code[:7]} {code[7:]}", f"{code[:3]}-{code[3:]}", f"\u3000{code} "):
        assert normalized_gln(typed) == code


@given(st.text(max_size=20))
def test_no_text_makes_the_judgement_stumble(text):
    assert is_gln(text) in (True, False)
    assert is_region_code(text) in (True, False)
    assert isinstance(province_of(text), Text)


# --- regions -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(oracles):
    folder = oracles / "china" / "regions"
    return {
        n: json.loads((folder / f"{n}.json").read_text(encoding="utf-8"))
        for n in ("provinces", "cities", "areas")
    }


def test_every_published_county_lies_in_the_province_of_its_code(published):
    names = {row["code"]: row["name"] for row in published["provinces"]}
    wrong = [a["code"] for a in published["areas"] if province_of(a["code"]).zh != names[a["provinceCode"]]]
    assert wrong == []


def test_every_published_city_has_a_code_when_filled_up_with_zeros(published):
    assert len(published["cities"]) > 300
    assert [c["code"] for c in published["cities"] if not is_region_code(c["code"] + "00")] == []
    assert not any(is_region_code(c["code"]) for c in published["cities"]), "four digits are no code"


def test_the_special_regions_and_taiwan_are_named_as_published(oracles):
    file = oracles / "china" / "regions" / "HK-MO-TW.json"
    names = set(json.loads(file.read_text(encoding="utf-8")))
    assert {provinces()[code].zh for code in ("71", "81", "82")} == names


def test_there_are_34_provinces_each_with_a_name_of_its_own():
    assert len(provinces()) == 34
    for language in ("zh", "en"):
        assert len({name.in_language(language) for name in provinces().values()}) == 34
    assert all(name.en.isascii() for name in provinces().values())


@given(st.integers(0, 99), st.text("0123456789", min_size=4, max_size=4))
def test_a_code_stands_and_falls_with_its_province(first, rest):
    code = f"{first:02}{rest}"
    assert is_region_code(code) is (code[:2] in provinces()) is bool(province_of(code))
