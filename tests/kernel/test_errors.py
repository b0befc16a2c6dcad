"""An error carries its code, its words in both languages and its facts."""

import pytest

from jialiang.kernel.errors import (
    Conflict,
    Interlock,
    InvalidInput,
    JialiangError,
    NotAllowed,
    NotFound,
    SeparationOfDuties,
    TooMany,
    Unavailable,
    Unreadable,
    error_texts,
)
from jialiang.kernel.settings import BadSetting
from jialiang.kernel.text import Text


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (InvalidInput, 422),
        (Unreadable, 422),
        (NotFound, 404),
        (NotAllowed, 403),
        (SeparationOfDuties, 403),
        (Conflict, 409),
        (Interlock, 409),
        (TooMany, 429),
        (Unavailable, 503),
    ],
)
def test_each_branch_of_the_tree_has_its_http_status(kind, status):
    assert kind.http_status == status
    assert issubclass(kind, JialiangError)


def test_words_are_filled_with_the_facts():
    problem = BadSetting(name="JIALIANG_PORT", reason="'x'", known="1 … 65535")
    assert "JIALIANG_PORT" in problem.what.zh
    assert "JIALIANG_PORT" in problem.what.en
    assert "1 … 65535" in problem.way_out.en
    assert problem.to_json()["code"] == "JL-SET-001"
    assert problem.to_json()["facts"]["name"] == "JIALIANG_PORT"
    assert str(problem).startswith("JL-SET-001: The setting JIALIANG_PORT")


class Nameless(JialiangError):
    """An error whose words nobody has written."""

    code = "JL-NONE-001"


def test_an_error_without_words_still_says_its_code_and_is_a_fault_of_ours():
    problem = Nameless(name="x")
    assert str(problem) == "JL-NONE-001: "
    assert not problem.what
    assert problem.http_status == JialiangError.http_status == 500
    assert error_texts("NONE") == {}


def test_facts_that_are_texts_stand_in_json_in_both_languages_and_all_others_as_text():
    facts = Nameless(thing=Text("温度计", "Thermometer"), count=3, at=None).to_json()["facts"]
    assert facts == {"thing": {"zh": "温度计", "en": "Thermometer"}, "count": "3", "at": "None"}


def test_the_json_of_an_error_has_every_member_in_both_languages():
    told = BadSetting(name="JIALIANG_PORT", reason="{odd}", known="1").to_json()
    assert set(told) == {"code", "what", "rule", "way_out", "facts"}
    for member in ("what", "rule", "way_out"):
        assert set(told[member]) == {"zh", "en"}
    assert "{odd}" in told["what"]["zh"] + told["rule"]["zh"] + told["way_out"]["zh"]


def test_words_are_looked_up_by_the_area_in_the_code_whatever_its_case():
    assert error_texts("set") == error_texts("SET")
    assert "JL-SET-001" in error_texts("SET")
