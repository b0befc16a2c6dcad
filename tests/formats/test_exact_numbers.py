"""Numbers of JSON keep their letters: read, computed with, written, enveloped, and compared by another reader."""

import copy
import json
import pickle
import re
from decimal import Decimal, InvalidOperation

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.sample_keys import institute
from tests.formats.test_credential_rules import exact, small

from jialiang.formats.credential.codec import plain_credential, typed_credential
from jialiang.formats.credential.documents import check_structure, read_credential, write_json
from jialiang.formats.credential.rules.checking import check_credential
from jialiang.formats.credential.tokens import enveloped, read_token, sign_token
from jialiang.formats.json_documents.errors import NumberRefused
from jialiang.formats.json_documents.exact import ExactNumber, exact_whole, written_json
from jialiang.formats.json_documents.reading import JsonLimits, read_json

TEXTS = ["0.050", "1e-7", "1E-7", "1.0e+05", "0.0", "-0.0", "-0", "100.000", "12345678901234567890", "1E0",
         "0.12345678901234567890", "6.62607015e-34", "299792458", "3.141592653589793238462643", "1e-400",
         "-1.50E-03"]  # fmt: skip
NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,2})?", fullmatch=True)


def letters(data):
    """The numbers of a JSON text in its letters, by another reader than ours: the hooks of the standard library."""
    found = []
    json.loads(data, parse_float=lambda text: found.append(text), parse_int=lambda text: found.append(text))
    return found


@pytest.mark.parametrize("text", TEXTS)
def test_a_number_comes_out_in_the_letters_in_which_it_went_in(text):
    assert written_json(read_json(text.encode(), exact=True)) == text
    assert letters(written_json(read_json(f'{{"a": [{text}]}}'.encode(), exact=True), indent=2)) == [text]


@given(NUMBERS)
def test_no_number_loses_a_letter(text):
    assert written_json(read_json(text.encode(), exact=True)) == text


@given(NUMBERS)
def test_a_number_is_worth_what_its_decimal_is(text):
    number = read_json(text.encode(), exact=True)
    assert number == Decimal(text)
    assert number + 1 == Decimal(text) + 1
    assert (number < 0) == (Decimal(text) < 0)


def test_what_was_computed_is_a_plain_decimal():
    assert type(ExactNumber("0.050") * 2) is Decimal
    assert written_json(ExactNumber("0.050") * 2) == "0.100"


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda number: pickle.loads(pickle.dumps(number)), ExactNumber]
)
def test_a_copy_has_the_same_letters(again):
    assert written_json(again(ExactNumber("1e-7"))) == str(again(ExactNumber("1e-7"))) == "1e-7"


@pytest.mark.parametrize("text", ["", "1,5", "one"])
def test_what_is_no_number_is_none(text):
    with pytest.raises(InvalidOperation):
        ExactNumber(text)


def test_whole_numbers_are_ints_but_for_the_negative_zero():
    assert type(exact_whole("20")) is int
    assert type(read_json(b"12345678901234567890", exact=True)) is int
    assert type(exact_whole("-0")) is ExactNumber


@pytest.mark.parametrize(
    "text", ["1e9999", "-1e9999", "NaN", "Infinity", f"1e-{'9' * 30}", "1.2345678", "12345678", "1e-12345"]
)
def test_numbers_that_no_program_computes_with_are_refused_exactly_as_well(text):
    limits = JsonLimits(digits=40 if text.startswith("1e-9") else 7)
    with pytest.raises(NumberRefused) as refused:
        read_json(f"[{text}]".encode(), limits, exact=True)
    assert refused.value.facts["text"].startswith(text[:5])


def test_without_being_asked_numbers_are_read_as_everybody_does():
    assert type(read_json(b"0.050")) is float


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**25), 10**25) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(VALUES)
def test_everything_else_is_written_byte_by_byte_as_the_standard_library_does(value):
    assert written_json(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert written_json(value, indent=2) == json.dumps(value, ensure_ascii=False, indent=2)


def test_tuples_are_lists():
    assert written_json({"a": (1, Decimal("2.50"))}) == '{"a":[1,2.50]}'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")])
def test_json_has_no_such_number(value):
    with pytest.raises(ValueError, match="NaN"):
        written_json([value])


@pytest.mark.parametrize("value", [{1: 2}, {None: 1}, object(), {"a": b"x"}, {1, 2}])
def test_json_has_no_such_value(value):
    with pytest.raises(TypeError):
        written_json(value)


# --- credentials --------------------------------------------------------------------------------------------------


def credential(text, accuracy="0.050"):
    """The small credential as bytes with a declared value in those letters."""
    document = small()
    assessment = document["credentialSubject"]["assessment"][0]
    assessment["declaredValue"] = [
        {"metricName": "Mass", "metricValue": {"value": 11111, "unit": "KGM"}, "accuracy": 22222}
    ]
    return re.sub("22222", accuracy, re.sub("11111", text, json.dumps(document), count=1), count=1).encode()


def declared(document):
    """The declared value of a credential that was read."""
    return document["credentialSubject"]["assessment"][0]["declaredValue"][0]


@pytest.mark.parametrize("text", TEXTS)
def test_a_declared_value_keeps_its_letters_in_every_form(text):
    data = credential(text)
    expected = letters(data)
    assert text in expected and "0.050" in expected
    reading = read_credential(data)
    assert (reading.findings, str(declared(reading.document)["metricValue"]["value"])) == ((), text)
    typed = typed_credential(reading.document)
    token = sign_token(plain_credential(typed), institute(), "did:web:body.example#1")
    inside = read_token(token)
    forms = {
        "json": write_json(reading.document),
        "typed": write_json(plain_credential(typed)),
        "token": write_json(inside.payload),
        "from token": write_json(read_credential(token.encode()).document),
        "envelope": write_json(read_credential(write_json(enveloped(inside))).document),
    }
    assert {name: sorted(letters(form)) for name, form in forms.items()} == dict.fromkeys(
        forms, sorted(expected)
    )
    assert check_credential(read_credential(token.encode())) == ()


def test_the_bytes_of_a_token_hold_the_letters():
    token = sign_token(read_credential(credential("1e-7")).document, institute(), "did:web:body.example#1")
    payload = read_token(token).payload
    assert b'"value":1e-7' in written_json(payload).encode()
    assert sign_token(payload, institute(), "did:web:body.example#1") == token


def test_an_accuracy_beyond_one_is_told_in_its_letters():
    found = check_credential(read_credential(credential("1", accuracy="1.50e0")))
    (finding,) = (each for each in found if each.rule == "CREDENTIAL-ACCURACY-RANGE")
    assert "1.50e0" in finding.text.zh and "1.50e0" in finding.text.en
    assert "CREDENTIAL-ACCURACY-RANGE" not in {
        each.rule for each in check_credential(read_credential(credential("1", accuracy="1.0")))
    }


def test_a_number_where_a_text_belongs_is_told_in_its_letters():
    document = exact(small()) | {"id": ExactNumber("0.050")}
    (finding,) = check_structure(document)
    assert (finding.rule, finding.path) == ("CREDENTIAL-STRUCTURE-KIND", "/id")
    assert "0.050" in finding.text.en


@pytest.mark.parametrize("value", ["true", '"0.05"', "null", "[0.5]", '{"a": 0.50}'])
def test_what_is_no_number_is_still_told(value):
    rules = {
        (each.rule, each.path.rpartition("/")[2]) for each in read_credential(credential(value)).findings
    }
    assert rules == {("CREDENTIAL-STRUCTURE-KIND", "value")}
