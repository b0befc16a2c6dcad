"""Canonical JSON letter by letter, and which shapes go to plain types and back."""

import json
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.canonical import canonical_json, from_plain, sha256_hex, to_plain
from jialiang.kernel.text import Text

WRITTEN = [
    (None, "null"),
    (True, "true"),
    (False, "false"),
    (0, "0"),
    (-1, "-1"),
    (10**30, "1000000000000000000000000000000"),
    ("", '""'),
    ("22.000", '"22.000"'),
    ("温度 ℃", '"温度 ℃"'),
    ("𠮷", '"𠮷"'),
    ('a"b', '"a\\"b"'),
    ("a\\b", '"a\\\\b"'),
    ("a/b", '"a/b"'),
    ("line\nend", '"line\\nend"'),
    ("tab\t", '"tab\\t"'),
    ("\x00", '"\\u0000"'),
    ("\x1f", '"\\u001f"'),
    ("\x7f", '"\x7f"'),
    ("\u2028", '"\u2028"'),
    ("<script>&", '"<script>&"'),
    ([], "[]"),
    ({}, "{}"),
    ([1, [2, []]], "[1,[2,[]]]"),
    ((1, 2), "[1,2]"),
    ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
    ({"é": 1, "z": 2, "e\u0301": 3, "Z": 4, "": 5}, '{"":5,"Z":4,"e\u0301":3,"z":2,"é":1}'),
    ({"10": 1, "9": 2, "1": 3}, '{"1":3,"10":1,"9":2}'),
    ({"a": {"d": None, "c": [True]}}, '{"a":{"c":[true],"d":null}}'),
]


@pytest.mark.parametrize(("data", "text"), WRITTEN, ids=[repr(d)[:30] for d, _ in WRITTEN])
def test_each_value_has_one_writing(data: object, text: str) -> None:
    assert canonical_json(data).decode() == text


REFUSED = {
    "a float": 0.1, "a whole float": 1.0, "not a number": float("nan"), "infinity": float("inf"), "minus zero": -0.0,
    "a float in a list": [1, [2, 0.5]], "a float in a tuple": (0.5,), "a float in a member": {"a": {"b": 0.5}},
    "a float as the name of a member": {0.5: "a"}, "bytes": b"a", "a set": {1, 2}, "an object": object(),
    "names of two kinds": {1: "a", "1": "b"}, "a complex number": 1j, "half a letter": "\ud800",
}  # fmt: skip


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_what_has_no_one_writing_is_refused(data: object) -> None:
    with pytest.raises((TypeError, UnicodeEncodeError)):
        canonical_json(data)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(plain)
def test_writing_what_was_read_gives_the_same_bytes(data: object) -> None:
    written = canonical_json(data)
    assert canonical_json(json.loads(written)) == written
    assert json.loads(written) == data


@given(plain, plain)
def test_two_values_have_one_digest_only_if_they_are_equal_in_json(one: object, other: object) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (sha256_hex(canonical_json(one)) == sha256_hex(canonical_json(other))) is same


@given(plain)
def test_nothing_but_one_line_without_blanks_between_members_is_written(data: object) -> None:
    written = canonical_json(data).decode()
    assert "\n" not in written
    assert written == json.dumps(
        json.loads(written), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        # FIPS 180-4 examples
        (b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
    ],
)  # fmt: skip
def test_digests_are_those_of_the_standard(data: bytes, digest: str) -> None:
    assert sha256_hex(data) == digest


# --- frozen values to plain types and back -------------------------------------------------------------------


@dataclass(frozen=True)
class Inner:
    name: Text
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outer:
    title: str
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()
    agreed: bool = False
    count: int = 0
    note: Text = Text()
    nested: tuple[tuple[str, ...], ...] = ()
    made: list[str] = field(default_factory=list)


ONE = Inner(Text("甲", "A"), ("1.0", "2.00"))
JOURNEYS = [
    (Outer("t"), {"title": "t", "agreed": False, "count": 0, "made": []}),
    (Outer(""), {"agreed": False, "count": 0, "made": []}),
    (Outer("t", agreed=True, count=7), {"title": "t", "agreed": True, "count": 7, "made": []}),
    (Outer("t", note=Text(en="x")), {"title": "t", "agreed": False, "count": 0, "note": {"en": "x"}, "made": []}),
    (Outer("t", inner=ONE), {
        "title": "t", "inner": {"name": {"zh": "甲", "en": "A"}, "numbers": ["1.0", "2.00"]}, "agreed": False,
        "count": 0, "made": []}),
    (Outer("t", many=(ONE, Inner(Text()))), {
        "title": "t", "many": [{"name": {"zh": "甲", "en": "A"}, "numbers": ["1.0", "2.00"]}, {}], "agreed": False,
        "count": 0, "made": []}),
    (Outer("t", nested=(("a",), ())), {
        "title": "t", "agreed": False, "count": 0, "nested": [["a"], []], "made": []}),
]  # fmt: skip


@pytest.mark.parametrize(("value", "written"), JOURNEYS)
def test_empty_members_are_left_out_and_given_back(value: Outer, written: dict[str, object]) -> None:
    assert to_plain(value) == written
    assert from_plain(Outer, written) == value
    assert from_plain(Outer, json.loads(canonical_json(to_plain(value)))) == value


@pytest.mark.parametrize(
    ("data", "unknown"),
    [({"title": "t", "titel": "x"}, "titel"), ({"b": 1, "a": 2}, "a, b"), ({"inner": {"nam": {}}}, "nam")],
)
def test_members_that_nobody_knows_are_named(data: dict[str, object], unknown: str) -> None:
    with pytest.raises(TypeError, match=f"has no member {unknown}"):
        from_plain(Outer, data)


def test_a_class_itself_is_no_value() -> None:
    assert to_plain(Outer) is Outer


@given(st.builds(Outer, st.text(), st.none(), st.just(()), st.booleans(), st.integers()))
def test_any_value_survives_the_journey(value: Outer) -> None:
    assert from_plain(Outer, to_plain(value)) == value
