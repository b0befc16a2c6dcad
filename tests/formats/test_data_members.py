"""Members of plain data: what is taken, what is refused, and where it is said to stand."""

import pytest

from jialiang.formats.data_members import (
    LONGEST_TEXT,
    MOST_ENTRIES,
    Member,
    MemberMissing,
    MemberUnknown,
    MemberWrong,
)
from jialiang.kernel.text import Text

DATA = Member(
    {
        "a": {"b": [{"c": " text "}, {"c": 5}]},
        "yes": True,
        "none": None,
        "words": {"zh": "字", "und": ["x", "y"]},
    }
)


def test_places_are_paths_that_count_from_one():
    first, second = DATA["a"]["b"].entries()
    assert (first["c"].place, second["c"].place) == ("a.b[1].c", "a.b[2].c")
    assert first["c"].text() == "text"
    assert DATA.place == "" and Member([1], "x").place == "x"


def test_what_is_absent_is_empty():
    gone = DATA["gone"]["deeper"]
    assert not gone and gone.text() == "" and gone.texts() == () and gone.words() == ()
    assert list(gone.entries()) == [] and gone.object() == {} and not gone.yes()
    assert gone.one_of("x") == ""
    assert not DATA["none"]


@pytest.mark.parametrize("content", ["", [], {}, None])
def test_what_is_empty_does_not_do_where_something_is_needed(content):
    with pytest.raises(MemberMissing) as refused:
        Member(content, "a.b").required()
    assert refused.value.facts == {"place": "a.b"}


@pytest.mark.parametrize("content", [False, "0", [0], {"a": None}])
def test_what_is_there_does(content):
    assert Member(content, "a").required().content == content or content is False


@pytest.mark.parametrize(
    ("content", "read"),
    [
        (5, "text"),
        (1.5, "text"),
        (True, "text"),
        ([], "text"),
        ({}, "text"),
        ("x", "yes"),
        (1, "yes"),
        (0, "yes"),
        ("x", "object"),
        ([], "object"),
        (1, "object"),
        (5, "words"),
        ([1], "words"),
        ({"zh": 5}, "words"),
        ({"zh": [5]}, "words"),
        ({"zh": {"a": "b"}}, "words"),
        (5, "texts"),
        ([5], "texts"),
        ([["a"]], "texts"),
    ],
)
def test_another_type_is_refused_with_what_was_expected(content, read):
    with pytest.raises(MemberWrong) as refused:
        getattr(Member(content, "m"), read)()
    expected = refused.value.facts["expected"]
    assert isinstance(expected, Text) and expected.zh and expected.en
    assert refused.value.facts["place"].startswith("m")


def test_lists_and_texts_have_limits():
    assert len(Member("x" * LONGEST_TEXT, "t").text()) == LONGEST_TEXT
    with pytest.raises(MemberWrong) as refused:
        Member("x" * (LONGEST_TEXT + 1), "t").text()
    assert len(refused.value.facts["given"]) < 100
    assert len(list(Member(["x"] * MOST_ENTRIES, "l").entries())) == MOST_ENTRIES
    with pytest.raises(MemberWrong):
        list(Member(["x"] * (MOST_ENTRIES + 1), "l").entries())
    with pytest.raises(MemberWrong):
        list(Member("abc", "l").entries())


def test_words_come_by_language_with_none_for_und():
    assert DATA["words"].words() == (("zh", "字"), ("", "x"), ("", "y"))
    assert Member("plain").words() == (("", "plain"),)
    assert Member("  ").words() == () and Member({"zh": ""}).words() == ()


def test_one_of_names_all_that_there_are():
    assert Member("b", "k").one_of("a", "b") == "b"
    with pytest.raises(MemberWrong) as refused:
        Member("c", "k").one_of("a", "b")
    assert "a, b" in refused.value.facts["expected"].en and "a, b" in refused.value.facts["expected"].zh


def test_unknown_members_are_refused_and_informative_ones_passed_over():
    Member({"a": 1, "line": 2}).only("a", "b", also=("line",))
    with pytest.raises(MemberUnknown) as refused:
        Member({"a": 1, "c": 2}, "m").only("a", "b")
    assert refused.value.facts == {"place": "m.c", "known": "a, b"}
    with pytest.raises(MemberUnknown) as refused:
        Member({"x" * 500: 1}).only("a")
    assert len(refused.value.facts["place"]) <= 60
