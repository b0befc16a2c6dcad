"""Every bound of one request, topic by topic: at the bound the topic answers for itself, one more is refused."""

import math

import pytest

from jialiang.information.science_errors import AskedTooMuch
from jialiang.information.science_questions import MOST_NUMBERS, Wishes, evaluate_budget, evaluate_question
from jialiang.kernel.errors import InvalidInput
from jialiang.science.errors import ModelNotFinite
from jialiang.science.topics.registry import topics

OWN = {
    "interval-s2": 300,
    "key-comparison": 60,
    "change-points": 5_000,
    "calibration-curve": 5_000,
    "drift": 5_000,
    "interval-variables": 5_000,
    "comparison-round": 500,
    "weighted-mean": 500,
}


def asked(topic, member, value):
    try:
        evaluate_question(topic, {member: value})
    except InvalidInput as problem:
        return problem
    return None


@pytest.mark.parametrize("topic", list(topics()))
def test_a_list_may_be_as_long_as_the_bound_and_no_longer(topic):
    most = OWN.get(topic, MOST_NUMBERS)
    refused = asked(topic, "rows", [0] * (most + 1))
    assert isinstance(refused, AskedTooMuch)
    assert (refused.facts["member"], refused.facts["given"], refused.facts["most"]) == (
        "rows",
        most + 1,
        most,
    )
    assert str(most) in refused.what.en + refused.rule.en
    assert not isinstance(asked(topic, "rows", [0] * most), AskedTooMuch)


@pytest.mark.parametrize(
    ("topic", "member", "most"),
    [
        ("calibration-curve", "order", 9),
        ("interval-variables", "order", 9),
        ("key-comparison", "draws", 100_000),
    ],
)
@pytest.mark.parametrize("spelt", [int, float, str])
def test_whole_numbers_are_bounded_however_they_are_spelt(topic, member, most, spelt):
    value = spelt(most + 1)
    expected = AskedTooMuch if spelt is not str or value.isdecimal() else InvalidInput
    assert isinstance(asked(topic, member, value), expected)
    assert not isinstance(asked(topic, member, spelt(most)), AskedTooMuch)


@pytest.mark.parametrize("value", [None, "many", "", [], {}, [1, 2], "1e99", math.nan, math.inf, -5, True])
def test_what_is_no_whole_number_is_left_to_the_topic_to_refuse(value):
    refused = asked("key-comparison", "draws", value)
    assert refused is not None
    assert not isinstance(refused, AskedTooMuch)


@pytest.mark.parametrize(
    ("value", "counted"),
    [
        ([[1] * 10_000, [1] * 10_001], 20_001),
        ({"a": [1] * 20_000, "b": 1}, 20_001),
        ([{"a": 1, "b": 2}] * 10_001, 20_002),
        ([[[[1] * 20_001]]], 20_001),
    ],
)
def test_numbers_are_counted_however_deep_they_lie(value, counted):
    refused = asked("algorithm-a", "data", value)
    assert isinstance(refused, AskedTooMuch)
    assert refused.facts["given"] == counted


@pytest.mark.parametrize("topic", ["nonsense", "", "Scores", "../scores"])
def test_a_topic_that_is_not_there_is_named(topic):
    with pytest.raises(InvalidInput) as refused:
        evaluate_question(topic, {})
    assert refused.value.code.startswith("JL-")
    assert refused.value.what.zh != refused.value.what.en


@pytest.mark.parametrize(
    ("wishes", "shown"),
    [
        (Wishes(), ("lpu", 0.95, 2)),
        (Wishes(method="lpu2"), ("lpu2", 0.95, 2)),
        (Wishes(probability=0.99), ("lpu", 0.99, 2)),
        (Wishes(digits=1), ("lpu", 0.95, 1)),
    ],
)
def test_a_wish_changes_its_own_setting_alone(wishes, shown):
    data = {
        "model": {"expr": {"y": "x"}},
        "inputs": [{"name": "x", "mean": 1, "u": 1}],
        "settings": {"method": "lpu", "probability": 0.95, "digits": 2, "validate": False, "seed": 77},
    }
    found = evaluate_budget(data, wishes).settings
    assert (found.method, found.probability, found.digits) == shown
    assert found.seed == 77


def test_a_model_without_a_value_is_an_error_of_the_question():
    data = {"model": {"expr": {"y": "log(x)"}}, "inputs": [{"name": "x", "mean": -1, "u": 1}]}
    with pytest.raises(ModelNotFinite):
        evaluate_budget(data)
