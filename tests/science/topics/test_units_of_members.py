"""The unit of every member: the table speaks of members that exist, once each, and numbers have a unit that reads."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from jialiang.science.topics.registry import topics
from jialiang.science.topics.units import AS_GIVEN, unit_of
from jialiang.science.unit_text import read_unit

TABLE = json.loads(
    (resources.files("jialiang.science.topics") / "member_units.json").read_text(encoding="utf-8")
)
KEYS = [key for members in TABLE.values() for key in members]
MEMBERS = {name: {*topic.takes, *topic.gives} for name, topic in topics().items()}
WORDED = {"", "as given, a day", "1, or s for tdev", "month"}


def test_no_member_stands_under_two_units():
    assert sorted(KEYS) == sorted(set(KEYS))


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_a_member_of_its_topic_or_of_some(key):
    name, _, topic = key.partition(":")
    assert name in (MEMBERS[topic] if topic else set().union(*MEMBERS.values()))


@pytest.mark.parametrize("unit", sorted(set(TABLE) - WORDED))
def test_units_of_the_table_are_units(unit):
    assert read_unit(unit).dsi


@pytest.mark.parametrize(
    ("topic", "member", "unit"),
    [
        ("scores", "U", AS_GIVEN),
        ("scores", "en", "1"),
        ("scores", "en_verdict", ""),
        ("interval-a3", "target", "1"),
        ("interval-s2", "target", "1"),
        ("ewma", "target", AS_GIVEN),
        ("cusum", "target", AS_GIVEN),
        ("gauge-study", "days", "1"),
        ("value-on-day", "days", "d"),
        ("drift", "at", "d"),
        ("calibration-curve", "at", AS_GIVEN),
        ("interval-a3", "maximum", "d"),
        ("interval-staircase", "maximum", AS_GIVEN),
        ("allan", "deviations", ""),
        ("interval-control-chart", "deviations", AS_GIVEN),
        ("interval-in-use", "hours_per_day", "h/d"),
        ("drift", "rate_per_day", "as given, a day"),
        ("youden", "points", ""),
        ("allan", "taus", "s"),
        ("intermediate-check", "months", "month"),
        ("none", "nothing", AS_GIVEN),
    ],
)
def test_a_member_has_the_unit_of_its_topic(topic, member, unit):
    assert unit_of(topic, member) == unit


@pytest.mark.parametrize("topic", MEMBERS)
def test_whatever_a_topic_takes_is_told_with_a_unit_of_the_table(topic):
    known = {*TABLE, AS_GIVEN}
    assert {unit_of(topic, member) for member in MEMBERS[topic]} <= known
