"""The topic of gauge studies from named readings: the same as from the cube, and what does not fit is named."""

from __future__ import annotations

import itertools
import random

import pytest

from jialiang.kernel.errors import InvalidInput
from jialiang.science.topics.errors import MemberMissing, MembersContradict, MemberUnreadable, ReadingsUneven
from jialiang.science.topics.registry import evaluate_topic

CUBE = [[[1.0, 1.1], [1.05, 1.2]], [[2.0, 2.1], [2.1, 2.2]], [[3.0, 3.2], [3.1, 3.05]]]
READINGS = [
    {"part": f"P{p}", "operator": o, "trial": t + 1, "value": str(CUBE[p][k][t])}
    for p, (k, o), t in itertools.product(range(3), enumerate("AB"), range(2))
]
NAMES = ("part_names", "operator_names")


def test_readings_say_what_the_cube_says():
    told = evaluate_topic("gauge-study", {"readings": READINGS, "tolerance": 6})
    assert [told.pop(name) for name in NAMES] == [["P0", "P1", "P2"], ["A", "B"]]
    assert told == evaluate_topic("gauge-study", {"data": CUBE, "tolerance": 6})


@pytest.mark.parametrize("seed", range(5))
def test_numbered_readings_may_stand_in_any_order(seed):
    shuffled = random.Random(seed).sample(READINGS, len(READINGS))
    told, expected = (evaluate_topic("gauge-study", {"readings": r}) for r in (shuffled, READINGS))
    assert sorted(told["part_names"]) == expected["part_names"]
    for name in ("grr", "parts", "repeatability", "grr_dof"):
        assert told[name] == pytest.approx(expected[name])


def test_trials_may_be_left_out_and_names_may_be_numbers():
    bare = [{"part": i // 4, "operator": i // 2 % 2, "value": r["value"]} for i, r in enumerate(READINGS)]
    told = evaluate_topic("gauge-study", {"readings": bare})
    assert told["part_names"] == ["0", "1", "2"]
    assert told["grr"] == pytest.approx(evaluate_topic("gauge-study", {"data": CUBE})["grr"])


def test_the_cell_that_does_not_fit_is_named():
    with pytest.raises(ReadingsUneven) as raised:
        evaluate_topic("gauge-study", {"readings": READINGS[:-1]})
    assert raised.value.facts["part"] == "P2"
    assert raised.value.facts["operator"] == "B"
    assert "1 readings, not 2" in raised.value.what.en
    assert "1 个读数" in raised.value.what.zh


def test_a_cell_without_readings_is_named():
    with pytest.raises(ReadingsUneven) as raised:
        evaluate_topic("gauge-study", {"readings": READINGS[:-2]})
    assert (raised.value.facts["part"], raised.value.facts["operator"]) == ("P2", "B")


def test_a_trial_that_stands_twice_is_named():
    with pytest.raises(ReadingsUneven) as raised:
        evaluate_topic("gauge-study", {"readings": [*READINGS, READINGS[3]]})
    assert "trial 2 stands twice" in raised.value.what.en


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({}, MemberMissing),
        ({"data": CUBE, "readings": READINGS}, MembersContradict),
        ({"readings": [{"operator": "A", "value": 1}]}, MemberMissing),
        ({"readings": [{"part": ["P"], "operator": "A", "value": 1}]}, MemberUnreadable),
        ({"readings": [{"part": "P", "operator": "A"}]}, MemberMissing),
        ({"readings": [{"part": "P", "operator": "A", "value": "x"}]}, InvalidInput),
        ({"readings": "P1"}, MemberUnreadable),
    ],
)
def test_what_is_no_reading_is_refused(given, error):
    with pytest.raises(error):
        evaluate_topic("gauge-study", given)


def test_components_add_up_and_share_the_tolerance():
    told = evaluate_topic("gauge-study", {"data": CUBE, "tolerance": 6})
    by = {each["source"]: each for each in told["components"]}
    assert by["grr"]["variance"] + by["parts"]["variance"] == pytest.approx(by["total"]["variance"])
    assert by["repeatability"]["variance"] + by["reproducibility"]["variance"] == pytest.approx(
        by["grr"]["variance"]
    )
    assert by["total"]["share_of_study"] == by["total"]["share_of_variance"] == 1.0
    assert by["grr"]["share_of_tolerance"] == pytest.approx(told["share_of_tolerance"])
    assert by["parts"]["share_of_tolerance"] == pytest.approx(6 * told["parts"] / 6)


def test_without_a_tolerance_there_is_no_share_of_it():
    told = evaluate_topic("gauge-study", {"data": CUBE})
    assert all(each["share_of_tolerance"] is None for each in told["components"])
    assert "share_of_tolerance" not in told


def test_confidence_widens_the_intervals():
    narrow, wide = (evaluate_topic("gauge-study", {"data": CUBE, "confidence": p}) for p in (0.5, 0.99))
    for name in ("repeatability_interval", "grr_interval"):
        assert wide[name][0] < narrow[name][0] < narrow[name][1] < wide[name][1]
    assert wide["ndc_interval"][0] <= narrow["ndc_interval"][0]
