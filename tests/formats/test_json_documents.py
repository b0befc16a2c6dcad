"""JSON read with limits, each refusal with its place, and models of documents written as data."""

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.json_documents.checking import MOST, check_json
from jialiang.formats.json_documents.errors import (
    JsonTooDeep,
    JsonTooLarge,
    JsonTooMany,
    MemberRepeated,
    NotJson,
    NumberRefused,
)
from jialiang.formats.json_documents.models import models_of
from jialiang.formats.json_documents.reading import JsonLimits, read_json

SMALL = JsonLimits(size=100, depth=3, values=10, digits=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(VALUES)
def test_what_json_writes_is_read_as_json_reads_it(value):
    for text in (json.dumps(value), json.dumps(value, indent=1), json.dumps(value, ensure_ascii=True)):
        try:
            data = text.encode()
        except UnicodeEncodeError:
            continue
        assert read_json(data) == json.loads(text)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_in_words(data):
    try:
        read_json(data)
    except (NotJson, JsonTooDeep, MemberRepeated, NumberRefused) as refused:
        assert refused.what.zh and refused.what.en


@given(st.text(alphabet='{}[]",:\\ \n01aé', max_size=40))
def test_any_text_of_the_letters_of_json_is_read_as_json_reads_it_or_refused(text):
    try:
        expected = json.loads(text)
    except ValueError:
        expected = ValueError
    try:
        found = read_json(text.encode())
    except (NotJson, MemberRepeated):
        assert expected is ValueError or json.dumps(expected) != text
    else:
        assert found == expected


PLACES = [
    (b"", 1, 1), (b"{", 1, 2), (b"[1,\n 2,\n ]", 3, 2), (b'{"a": 1,\n "b" 2}', 2, 6), (b"[1] 2", 1, 5),
    (b'"abc', 1, 1), (b"{'a': 1}", 1, 2), (b"[01]", 1, 3), (b'["\t"]', 1, 3), (b'["\\x"]', 1, 3), (b"nul", 1, 1),
    (b'["a",\n "b\xff"]', 2, 4), (b"\xff", 1, 1), (b'{"a": \xe4}', 1, 7), (b"\xef\xbb\xbf[,]", 1, 2),
]  # fmt: skip


@pytest.mark.parametrize(("data", "line", "column"), PLACES)
def test_what_is_no_json_is_refused_with_its_place(data, line, column):
    with pytest.raises(NotJson) as refused:
        read_json(data)
    assert (refused.value.facts["line"], refused.value.facts["column"]) == (line, column)


def test_a_byte_order_mark_is_passed_over():
    assert read_json(b'\xef\xbb\xbf{"a": "\xe9\x87\x8f"}') == {"a": "量"}


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"[[[[1]]]]", 1, 4), (b'{"a":\n{"b":\n{"c":\n{}}}}', 4, 1), (b'["[[[[", [\n[\n\n[1]]]]', 4, 1),
        (b'[{"[": [{}]}]', 1, 9), (b"[[[[", 1, 4),
    ],
)  # fmt: skip
def test_depth_is_limited_with_its_place_and_brackets_in_texts_do_not_count(data, line, column):
    with pytest.raises(JsonTooDeep) as refused:
        read_json(data, SMALL)
    assert refused.value.facts == {"limit": 3, "line": line, "column": column}


@pytest.mark.parametrize("data", [b"[[[1]]]", b'[["[[[["]]', b'{"a":{"b":{}}}', b'["\\"[[[[", [[]]]'])
def test_depth_at_the_limit_passes(data):
    assert read_json(data, SMALL) == json.loads(data)


@pytest.mark.parametrize("data", [b"[1,2,3,4,5,6,7,8,9,10,11]", b"[" + b"{},\n" * 9 + b"1]", b",,,,,,,,,,,"])
def test_the_number_of_values_is_limited(data):
    with pytest.raises(JsonTooMany):
        read_json(data, SMALL)


def test_size_is_limited_before_anything_is_read():
    with pytest.raises(JsonTooLarge) as refused:
        read_json(b"\xff" * 101, SMALL)
    assert refused.value.facts == {"size": 101, "limit": 100}
    assert read_json(b" " * 99 + b"1", SMALL) == 1


@pytest.mark.parametrize(
    "text", ["123456", "-12345", "1.2345", "1e9999", "-1e9999", "NaN", "Infinity", "-Infinity"]
)
def test_numbers_are_finite_and_not_endless(text):
    with pytest.raises(NumberRefused) as refused:
        read_json(f"[{text}]".encode(), SMALL)
    assert refused.value.facts["text"].startswith(text[:4])


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("-0", 0), ("1e2", 100.0), ("12345", 12345), ("0.05", 0.05)]
)
def test_other_numbers_are_read(text, number):
    assert read_json(text.encode(), SMALL) == number


@pytest.mark.parametrize(
    ("data", "name"),
    [(b'{"a":1,"a":1}', "a"), (b'[{"b":{"a":1,"c":2,"a":3}}]', "a"), (b'{"\\u0061":1,"a":2}', "a"),
     (b'{"{x}":1,"{x}":2}', "(x)")],
)  # fmt: skip
def test_a_member_stands_once(data, name):
    with pytest.raises(MemberRepeated) as refused:
        read_json(data)
    assert refused.value.facts == {"name": name}


@pytest.mark.parametrize("data", [b'"\\ud800"', b'["\\udc00"]', b'{"\\ud800": 1}', b'{"a": ["\\ud83d"]}'])
def test_halves_of_letters_are_refused(data):
    with pytest.raises(NotJson):
        read_json(data)


def test_whole_letters_of_two_halves_are_read():
    assert read_json(b'"\\ud842\\udfb7"') == "𠮷"


def test_a_very_deep_text_costs_no_stack():
    with pytest.raises(JsonTooDeep):
        read_json(b"[" * 1_000_000)
    assert sys.getrecursionlimit() >= 1000


DATA = {
    "objects": {
        "Box": "id:text! size:number open:boolean kind:_kind tag:text[] part:Part[+] words:_words types:_types",
        "Part": "~ name:_name!",
    },
    "values": {
        "_kind": {"words": "round square"},
        "_name": {"pattern": "[A-Z]-[0-9]+", "zh": "编号", "en": "a number such as A-1"},
        "_words": {"map": "[a-z]{2}", "zh": "各语言的文字", "en": "texts by language"},
        "_types": {"has": "Box"},
    },
}


@pytest.fixture
def models():
    """The models above."""
    return models_of(DATA)


FITS = [
    {"id": "a"}, {"id": "", "size": 1, "open": True, "kind": "round", "tag": [], "part": [{"name": "A-1", "x": 1}]},
    {"id": "a", "size": 1.5, "words": {"zh": "", "en": "x"}, "types": ["Box", "Other"]}, {"id": "a", "words": {}},
]  # fmt: skip
FAULTS = [
    ({}, "MISSING", "/"), ({"id": 1}, "KIND", "/id"), ({"id": None}, "KIND", "/id"), ([], "KIND", "/"),
    ({"id": "a", "size": "1"}, "KIND", "/size"), ({"id": "a", "size": True}, "KIND", "/size"),
    ({"id": "a", "open": 1}, "KIND", "/open"), ({"id": "a", "kind": "oval"}, "VALUE", "/kind"),
    ({"id": "a", "kind": ["round"]}, "KIND", "/kind"), ({"id": "a", "tag": "x"}, "KIND", "/tag"),
    ({"id": "a", "tag": ["x", 1]}, "KIND", "/tag/1"), ({"id": "a", "part": []}, "EMPTY", "/part"),
    ({"id": "a", "part": {}}, "KIND", "/part"), ({"id": "a", "part": [{}]}, "MISSING", "/part/0"),
    ({"id": "a", "part": [{"name": "1-A"}]}, "VALUE", "/part/0/name"),
    ({"id": "a", "part": [{"name": "A-1\n"}]}, "VALUE", "/part/0/name"),
    ({"id": "a", "part": [{"name": "A-1"}, 7]}, "KIND", "/part/1"),
    ({"id": "a", "words": []}, "KIND", "/words"), ({"id": "a", "words": {"zh": 1}}, "KIND", "/words/zh"),
    ({"id": "a", "words": {"zho": "x"}}, "VALUE", "/words/zho"), ({"id": "a", "types": []}, "LACKS", "/types"),
    ({"id": "a", "types": "Box"}, "KIND", "/types"), ({"id": "a", "types": ["Box", 1]}, "KIND", "/types"),
    ({"id": "a", "other": 1}, "UNKNOWN", "/other"), ({"id": "a", "a~/b": 1}, "UNKNOWN", "/a~0~1b"),
]  # fmt: skip


@pytest.mark.parametrize("value", FITS)
def test_what_fits(value, models):
    assert check_json(value, models, "Box", "X") == ()


@pytest.mark.parametrize(("value", "kind", "path"), FAULTS)
def test_what_does_not_fit(value, kind, path, models):
    assert [(each.rule, each.path) for each in check_json(value, models, "Box", "X")] == [(f"X-{kind}", path)]


def test_findings_come_in_the_order_of_the_document(models):
    value = {"tag": [1, "x", 2], "id": 7, "part": [{"name": "x"}, {"name": "y"}]}
    found = check_json(value, models, "Box", "X")
    assert [each.path for each in found] == ["/tag/0", "/tag/2", "/id", "/part/0/name", "/part/1/name"]


def test_long_values_are_cut_and_the_end_is_near(models):
    (found,) = check_json({"id": "a", "kind": "x" * 500}, models, "Box", "X")
    assert len(found.text.en) < 200
    assert "…" in found.text.en
    assert len(check_json({"id": "a", "tag": list(range(2 * MOST))}, models, "Box", "X")) == MOST


@pytest.mark.parametrize(
    "objects", [{"A": "name"}, {"A": "name:none"}, {"A": "a:text??"}, {"A": ":text"}, {"A": "a:text[*]"}]
)
def test_data_that_are_not_written_so_are_refused(objects):
    with pytest.raises(ValueError, match="is no member|unknown types"):
        models_of({"objects": objects, "values": {}})
