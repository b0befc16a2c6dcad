"""The notation of content models and their automata, beside regular expressions over the same children."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator

import pytest

from jialiang.formats.structure.automata import State, automaton
from jialiang.formats.structure.notation import (
    AnyOrder,
    Child,
    Choice,
    Expression,
    Foreign,
    Repeated,
    Sequence,
    read_expression,
)
from jialiang.formats.structure.versions import _apply, versions, vocabulary


def _begin(notation: str) -> State[str]:
    return automaton(read_expression(notation), lambda child: (child.name, child.type))


def _takes(state: State[str], names: str) -> bool:
    for name in names:
        if name not in state.moves:
            return False
        state = state.moves[name][0]
    return state.accepts


def test_children_in_order_with_their_types() -> None:
    assert read_expression("name:textType link:xs:anyURI*") == Sequence(
        (Child("name", "textType"), Repeated(Child("link", "xs:anyURI"), optional=True, many=True))
    )


def test_choices_of_sequences_and_how_often() -> None:
    assert read_expression("( a:x b:y? | c:z )+") == Repeated(
        Choice((Sequence((Child("a", "x"), Repeated(Child("b", "y"), optional=True, many=False))), Child("c", "z"))),
        optional=False, many=True,
    )  # fmt: skip


def test_any_order_references_and_foreign_elements() -> None:
    assert read_expression("( a:x & b:y? )") == AnyOrder(
        (Child("a", "x"), Repeated(Child("b", "y"), optional=True, many=False))
    )
    assert read_expression("[si:real]?") == Repeated(Child("si:real"), optional=True, many=False)
    assert read_expression("{other strict}") == Foreign(other=True, strict=True)
    assert read_expression("{any lax}*") == Repeated(
        Foreign(other=False, strict=False), optional=True, many=True
    )


@pytest.mark.parametrize("notation", ["a:x )", "a:x b:y ) c:z"])
def test_parentheses_without_partner_are_refused(notation: str) -> None:
    with pytest.raises(ValueError, match="unbalanced"):
        read_expression(notation)


def test_any_order_stands_alone() -> None:
    with pytest.raises(ValueError, match="stand alone"):
        _begin("a:x ( b:y & c:z )")
    with pytest.raises(ValueError, match="only elements"):
        _begin("( ( a:x b:y ) & c:z )")


MODELS = [
    ("a:1 b:2? c:3*", "ab?c*"),
    ("a:1? ( b:2 | c:3 d:4? )", "a?(b|cd?)"),
    ("( a:1 | b:2 )+ c:3", "(a|b)+c"),
    ("a:1? ( b:2* c:3* d:4* )+", "a?(b*c*d*)+"),
    ("a:1? ( b:2* | c:3* | d:4* )+", "a?(b*|c*|d*)+"),
    ("( a:1 b:2 )? c:3? d:4 ( b:2 a:1 )?", "(ab)?c?d(ba)?"),
    ("( ( a:1 | b:2 )? c:3 )*", "((a|b)?c)*"),
    ("( a:1+ | b:2+ )", "(a+|b+)"),
]


@pytest.mark.parametrize(("notation", "pattern"), MODELS)
def test_automata_take_what_regular_expressions_take(notation: str, pattern: str) -> None:
    begin = _begin(notation)
    for length in range(7):
        for names in itertools.product("abcd", repeat=length):
            word = "".join(names)
            assert _takes(begin, word) == (re.fullmatch(pattern, word) is not None), word


def test_automata_of_expressions_by_chance() -> None:
    seed = random.SystemRandom().randrange(1_000_000)
    print("seed", seed)
    chance = random.Random(seed)
    for _ in range(150):
        letters = iter("abcdefgh")
        notation = _made(chance, letters, 3)
        expression, begin = read_expression(notation), _begin(notation)
        for _ in range(60):
            word = "".join(
                chance.choice("abcdefgh"[: chance.randint(1, 8)]) for _ in range(chance.randint(0, 7))
            )
            assert _takes(begin, word) == (len(word) in _ends(expression, word, {0})), (notation, word)


def _ends(expression: Expression, word: str, starts: set[int]) -> set[int]:
    """Where an expression may end in a word if it begins at one of the places: plain search, without automata."""
    if isinstance(expression, Child):
        return {place + 1 for place in starts if word[place : place + 1] == expression.name}
    if isinstance(expression, Sequence):
        for part in expression.parts:
            starts = _ends(part, word, starts)
        return starts
    if isinstance(expression, Choice):
        return {end for part in expression.parts for end in _ends(part, word, starts)}
    assert isinstance(expression, Repeated)
    reached = _ends(expression.part, word, starts)
    while expression.many and not (more := _ends(expression.part, word, reached)) <= reached:
        reached |= more
    return reached | starts if expression.optional else reached


def _made(chance: random.Random, letters: Iterator[str], depth: int) -> str:
    """Make an expression in which every letter stands once."""
    mark = chance.choice(("", "", "?", "*", "+"))
    if depth == 0 or chance.random() < 0.3:
        letter = next(letters, None)
        return "z:1?" if letter is None else f"{letter}:1{mark}"
    parts = [_made(chance, letters, depth - 1) for _ in range(chance.randint(1, 3))]
    return f"( {chance.choice((' ', ' | ')).join(parts)} ){mark}"


def test_any_order_takes_every_order_once() -> None:
    begin = _begin("( a:1 & b:2 & c:3? )")
    taken = {
        "".join(w) for n in range(5) for w in itertools.product("abc", repeat=n) if _takes(begin, "".join(w))
    }
    assert taken == {"ab", "ba", *("".join(order) for order in itertools.permutations("abc"))}


def test_each_child_keeps_its_type() -> None:
    state = _begin("a:first ( a:second | b:third )")
    after, of_type = state.moves["a"]
    assert of_type == "first"
    assert {name: move[1] for name, move in after.moves.items()} == {"a": "second", "b": "third"}


def test_wildcards_lead_on_and_back() -> None:
    state = _begin("a:1? {any lax}* b:2")
    ((foreign, following),) = state.wildcards
    assert foreign == Foreign(other=False, strict=False)
    assert following.wildcards[0][1] is following
    assert set(following.moves) == {"b"}


def test_a_version_is_the_one_before_with_its_changes() -> None:
    package = "jialiang.formats.dcc"
    before, after = (vocabulary(package, "content_models.json", version) for version in ("3.2.0", "3.2.1"))
    changed = {name for name in after.types if before.types.get(name) != after.types[name]}
    assert changed == {"coreDataType", "reportAmendedSubstitutedType", "itemListType", "itemType"}
    assert before.uses == after.uses == "2.1.0"
    assert vocabulary(package, "content_models.json", "2.2.0").names["textType"] == "textBlock"
    assert after.names == {}


def test_versions_follow_in_order_and_others_are_refused() -> None:
    assert versions("jialiang.formats.dsi", "content_models.json")[0] == "1.3.0"
    with pytest.raises(KeyError):
        vocabulary("jialiang.formats.dsi", "content_models.json", "9.9.9")


def test_changes_of_a_table() -> None:
    table = {"kept": "a b", "changed": "a b c", "gone": "x", "anew": "y"}
    _apply(table, {"changed": [["b", "d e"], ["c", "f"]], "gone": None, "anew": "z", "more": "w"})
    assert table == {"kept": "a b", "changed": "a d e f", "anew": "z", "more": "w"}


@pytest.mark.parametrize("old", ["b", "missing"])
def test_a_change_must_meet_one_place(old: str) -> None:
    with pytest.raises(ValueError, match="times"):
        _apply({"name": "a b b"}, {"name": [[old, "x"]]})
