"""Every stored state has a look, and no two states of one noun look the same."""

import pytest

from jialiang.console.drawings import names
from jialiang.console.states import ENUMERATIONS, look_of, looks

KINDS = {"ok", "warn", "stop", "info", "idle", "diff"}


@pytest.mark.parametrize("noun", ENUMERATIONS)
def test_every_member_of_an_enumeration_has_a_look(noun: str) -> None:
    for member in ENUMERATIONS[noun]:
        assert look_of(noun, member.value).word.zh
        assert look_of(noun, member.value).word.en


@pytest.mark.parametrize("noun", looks())
def test_no_two_states_of_a_noun_share_a_shape_or_a_word(noun: str) -> None:
    states = looks()[noun].values()
    assert len({look.shape for look in states}) == len(states)
    assert len({look.word.zh for look in states}) == len(states)
    assert len({look.word.en for look in states}) == len(states)


def test_every_shape_is_drawn_and_every_colour_known() -> None:
    for states in looks().values():
        for look in states.values():
            assert look.shape in names("shapes")
            assert look.kind in KINDS


@pytest.mark.parametrize("verdict", ["genuine", "expired", "superseded", "unknown"])
def test_red_is_for_withdrawn_and_altered_only(verdict: str) -> None:
    assert look_of("verdict", verdict).kind != "stop"
    assert {look_of("verdict", bad).kind for bad in ("withdrawn", "altered")} == {"stop"}
