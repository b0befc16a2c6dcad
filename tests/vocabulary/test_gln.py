"""Global location numbers against the oracles' GS1 vectors."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.vocabulary.gln import check_digit, is_gln, normalized_gln


def test_the_gs1_vectors_of_thirteen_digits_are_judged_as_published(oracles):
    systems = json.loads((oracles / "identifiers" / "check_vectors.json").read_text(encoding="utf-8"))[
        "systems"
    ]
    vectors = [*systems["GTIN-13"], *systems.get("GLN", [])]
    assert len(vectors) >= 4
    assert [v["value"] for v in vectors if is_gln(v["value"]) != v["valid"]] == []


@given(st.text("0123456789", min_size=12, max_size=12))
def test_every_body_has_exactly_one_check_digit(body):
    assert [d for d in "0123456789" if is_gln(body + d)] == [check_digit(body)]


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 12), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_found(body, place, other):
    code = body + check_digit(body)
    changed = code[:place] + other + code[place + 1 :]
    assert is_gln(changed) == (changed == code)


@pytest.mark.parametrize(
    "code", ["", "690960723661", "69096072366111", "690960723661X", "６９０９６０７２３６６１１"]
)
def test_what_is_not_thirteen_ascii_digits_is_refused(code):
    assert not is_gln(code)


def test_full_width_digits_and_blanks_are_undone():
    assert normalized_gln("６９０９６ 0723 661-1") == "6909607236611"
