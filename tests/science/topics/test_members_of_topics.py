"""Every member of every topic: missing, of the wrong type, contradictory, misspelt or unknown; read by the letter."""

import argparse
import io
import json
from decimal import Decimal

import pytest
from tests.science.topics.test_topics import GOOD

from jialiang.assembly.command_errors import FileUnreadable
from jialiang.assembly.commands import metrology
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.science.topics.errors import (
    InputUnreadable,
    MemberMissing,
    MembersContradict,
    MemberUnknown,
    MemberUnreadable,
    UnknownTopic,
)
from jialiang.science.topics.reading import Members, read_object
from jialiang.science.topics.registry import evaluate_topic, plain

# what a topic cannot do without, and how the error names it where there are alternatives
NEEDED = {
    "scores": "x, U, x_ref, U_ref",
    "z-scores": "x, x_ref, sigma_pt",
    "algorithm-a": "data",
    "weighted-mean": "x, u=u | U",
    "key-comparison": "x, U=u | U",
    "youden": "a, b",
    "comparison-round": "participants",
    "risk": "itp, tur",
    "guardband": "itp, tur, target_pfa=target_pfa | target_pfr | target_specific_risk | rule",
    "decision": "rule, mpe=mpe | limits, U=U | u, error=error | y",
    "specific-risk": "mpe=mpe | limits, error=y | mean | error, U=U | u",
    "tur": "mpe=mpe | limits, U=U | u",
    "chart": "kind, data",
    "ewma": "data",
    "cusum": "data",
    "check-standard": "times, data",
    "intermediate-check": "criterion, mpe, data, first, months, until",
    "repeatability": "data",
    "pooled-deviation": "s, dof",
    "welch-satterthwaite": "u, dof=dof | n_obs",
    "anova": "data=data | means",
    "gauge-study": "data=data | readings",
    "stability-jjf1033": "group_means",
    "verification-jjf1033": "y, U, ybar=y0 | ybar, n",
    "interval-a3": "in_tolerance, n, interval_days, target",
    "interval-s2": "times, n, in_tolerance=in_tolerance | observed_reliability, target",
    "interval-variables": "days, delta",
    "interval-staircase": "interval, error, mpe",
    "interval-control-chart": "days, deviations, mpe",
    "interval-in-use": "hours_allowed, hours_used, days_observed",
    "interval-black-box": "interval, checks",
    "allan": "phase=phase | frequency",
    "calibration-curve": "x, y",
    "drift": "days, values, U=u | U",
    "value-on-day": "value, U=u | U, days",
    "change-points": "data",
}
PAIRS = [
    (topic, *(member.split("=") if "=" in member else (member, member)))
    for topic, members in NEEDED.items()
    for member in members.split(", ")
]


def test_every_topic_says_what_it_needs():
    assert list(NEEDED) == list(GOOD)


@pytest.mark.parametrize("topic", NEEDED)
def test_a_missing_member_is_named_and_no_other_is_needed(topic):
    needed = {member: named for name, member, named in PAIRS if name == topic}
    for member in GOOD[topic]:
        rest = {name: value for name, value in GOOD[topic].items() if name != member}
        if member not in needed:
            assert evaluate_topic(topic, rest)
            continue
        with pytest.raises(MemberMissing) as raised:
            evaluate_topic(topic, rest)
        assert (raised.value.facts["topic"], raised.value.facts["member"]) == (topic, needed[member])


@pytest.mark.parametrize("topic", NEEDED)
def test_null_is_as_good_as_missing(topic):
    for member in (member for name, member, _ in PAIRS if name == topic):
        with pytest.raises(MemberMissing):
            evaluate_topic(topic, {**GOOD[topic], member: None})


@pytest.mark.parametrize("topic", NEEDED)
@pytest.mark.parametrize("wrong", [True, {"a": 1}, [[["x"]]], "abc", "1,5,7"])
def test_a_member_of_the_wrong_type_is_an_error_with_a_way_out(topic, wrong):
    for member in (member for name, member, _ in PAIRS if name == topic):
        with pytest.raises(JialiangError) as raised:
            evaluate_topic(topic, {**GOOD[topic], member: wrong})
        assert raised.value.what.in_language("zh")
        assert raised.value.way_out.in_language("en")


@pytest.mark.parametrize("topic", NEEDED)
def test_a_member_nobody_knows_is_told_and_changes_nothing(topic):
    answer = evaluate_topic(topic, {**GOOD[topic], "zzqq": 1})
    assert answer.pop("ignored") == ["zzqq"]
    assert answer == evaluate_topic(topic, GOOD[topic])


@pytest.mark.parametrize(
    ("topic", "typed", "meant"),
    [
        ("interval-staircase", "intervall", "interval"),
        ("interval-a3", "in_tolerence", "in_tolerance"),
        ("risk", "guard_band_facter", "guard_band_factor"),
        ("comparison-round", "participant", "participants"),
        ("interval-control-chart", "deviation", "deviations"),
        ("interval-in-use", "hour_used", "hours_used"),
    ],
)
def test_a_misspelt_member_is_not_passed_over(topic, typed, meant):
    data = {name: value for name, value in GOOD[topic].items() if name != meant}
    with pytest.raises(MemberUnknown) as raised:
        evaluate_topic(topic, {**data, typed: 1})
    assert raised.value.facts == {"topic": topic, "member": typed, "suggestion": meant}


@pytest.mark.parametrize("name", ["", "score", "Scores", "risk "])
def test_topics_go_by_their_exact_names(name):
    with pytest.raises(UnknownTopic) as raised:
        evaluate_topic(name, {})
    assert "scores" in raised.value.facts["known"]


@pytest.mark.parametrize(
    ("topic", "more"),
    [
        ("weighted-mean", {"U": [1, 1, 1]}),
        ("key-comparison", {"u": [1, 1, 1]}),
        ("guardband", {"target_pfr": 0.01}),
        ("decision", {"limits": [-1, 1]}),
        ("decision", {"u": 0.1}),
        ("tur", {"limits": [-1, 1]}),
        ("verification-jjf1033", {"y0": 1}),
        ("anova", {"means": [1, 2, 3]}),
        ("allan", {"frequency": [1, 2, 3]}),
        ("drift", {"u": [1, 1, 1, 1]}),
        ("value-on-day", {"u": 0.1}),
    ],
)
def test_two_ways_to_say_one_thing_contradict(topic, more):
    with pytest.raises(MembersContradict) as raised:
        evaluate_topic(topic, {**GOOD[topic], **more})
    assert next(iter(more)) in raised.value.facts["members"]


# --- reading


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{}", {}),
        ('{"x": 0.1}', {"x": Decimal("0.1")}),
        ('{"x": 1e-40}', {"x": Decimal("1e-40")}),
        (b'{"x": [1, 2.50]}', {"x": [Decimal(1), Decimal("2.50")]}),
        ('{"x": 0.12345678901234567890123456789}', {"x": Decimal("0.12345678901234567890123456789")}),
        ('{"x": null, "y": true, "z": "t"}', {"x": None, "y": True, "z": "t"}),
    ],
)
def test_an_object_is_read_digit_by_digit(text, found):
    assert read_object(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "1",
        '"x"',
        "null",
        "{",
        '{"a": 1, "a": 2}',
        '{"a": NaN}',
        '{"a": Infinity}',
        "{'a': 1}",
        b"\xff",
        "[" * 100_000,
    ],
)
def test_what_is_not_one_object_is_unreadable(text):
    with pytest.raises(InputUnreadable):
        read_object(text)


@pytest.mark.parametrize(
    ("read", "value", "found"),
    [
        ("decimal", "0.10", Decimal("0.10")),
        ("decimal", 0.1, Decimal("0.1")),
        ("number", Decimal("2.5"), 2.5),
        ("number", "2.5", 2.5),
        ("whole", 3.0, 3),
        ("whole", "3", 3),
        ("text", "abc", "abc"),
        ("numbers", ["1", 2, Decimal("0.5")], [1.0, 2.0, 0.5]),
        ("table", [[1], ["2", 3]], [[1.0], [2.0, 3.0]]),
        ("cube", [[[1]], [["2"]]], [[[1.0]], [[2.0]]]),
        ("optional_number", "7", 7.0),
    ],
)
def test_members_are_read_as_what_they_are(read, value, found):
    assert getattr(Members("t", {"m": value}), read)("m") == found


@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("decimal", True),
        ("decimal", [1]),
        ("number", {}),
        ("whole", 1.5),
        ("whole", "0.1"),
        ("whole", 10**16),
        ("text", 1),
        ("numbers", 1),
        ("numbers", "12"),
        ("numbers", [True]),
        ("table", [1]),
        ("table", [["a", [1]], 2]),
        ("cube", [[1]]),
        ("part", 5),
        ("part", [1]),
        ("parts", [1]),
        ("parts", {}),
    ],
)
def test_members_of_another_shape_are_unreadable_by_name(read, value):
    with pytest.raises((MemberUnreadable, JialiangError)) as raised:
        getattr(Members("t", {"m": value}), read)("m")
    assert raised.value.facts.get("member", "m") == "m"


@pytest.mark.parametrize(
    "typed", ["largest-consistent-subset", "Largest_Consistent_Subset", " LARGEST-consistent_SUBSET "]
)
def test_words_do_not_hang_on_capitals_and_hyphens(typed):
    given = Members("t", {"m": typed})
    assert given.choice("m", ("median", "largest-consistent-subset")) == "largest-consistent-subset"


SAID_IN_ONE_LANGUAGE = [
    ("decimal", True, "“True”", "is a number", "数值"),
    ("decimal", [Decimal("1.50"), "a"], '“["1.50", "a"]”', "is a number", "数值"),
    ("whole", Decimal("1.5"), "“1.5”", "is a whole number", "整数"),
    ("text", Decimal("10.000"), "“10.000”", "is a text", "文本"),
    ("decimals", {"a": Decimal("0.10")}, '“{"a": "0.10"}”', "is a list of numbers", "数组"),
    ("table", [1], "“[1]”", "is a list of lists of numbers", "二维数组"),
    ("cube", [[1]], "“[[1]]”", "is numbers three lists deep", "三维数组"),
    ("part", "text", "“text”", "is an object", "对象"),
    ("parts", [1, 2], "“[1, 2]”", "is a list of objects", "对象数组"),
]


@pytest.mark.parametrize(("read", "value", "given", "english", "chinese"), SAID_IN_ONE_LANGUAGE)
def test_what_is_expected_is_said_in_the_reader_s_language_alone(
    read: str, value: object, given: str, english: str, chinese: str
) -> None:
    with pytest.raises(JialiangError) as refused:
        getattr(Members("topic", {"m": value}), read)("m")
    problem = refused.value
    assert given in problem.what.en
    assert given in problem.what.zh
    assert problem.rule.en == f"m {english}"
    assert problem.rule.zh == f"m 须为：{chinese}"


@pytest.mark.parametrize("length", [2, 3, 10])
@pytest.mark.parametrize("wrong", [-1, 0, 1, 11, 10**9])
@pytest.mark.parametrize("kind", ["individuals", "xbar-r"])
def test_a_baseline_lies_within_the_data(length: int, wrong: int, kind: str) -> None:
    least = 2 if kind == "individuals" else 1
    if least <= wrong <= length:
        return
    single, groups = list(range(length)), [[i, i + 1.0, i + 0.5] for i in range(length)]
    data = single if kind == "individuals" else groups
    with pytest.raises(JialiangError) as refused:
        evaluate_topic("chart", {"kind": kind, "data": data, "parameters": {"baseline": wrong}})
    assert refused.value.code == "JL-MET-006"
    assert refused.value.rule.en == f"baseline is a whole number from {least} to {length}"
    assert refused.value.rule.zh == f"baseline 须为：{least} 至 {length} 的整数"
    assert f"“{wrong}”" in refused.value.what.en


def test_an_infinite_number_of_degrees_of_freedom_is_null_and_nothing_else() -> None:
    with pytest.raises(JialiangError) as refused:
        evaluate_topic("welch-satterthwaite", {"u": [1, 2], "dof": "many"})
    assert refused.value.rule.en == "dof is a list, null for infinite"
    assert refused.value.rule.zh == "dof 须为：数组，无穷大写作 null"


def test_words_that_are_no_choice_list_the_choices():
    with pytest.raises(MemberUnreadable) as raised:
        Members("t", {"m": "mode"}).choice("m", ("median", "mean"))
    assert raised.value.facts["expected"] == "median | mean"
    with pytest.raises(MemberUnreadable):
        Members("t", {"m": ["median", "mode"]}).choices("m", ("median", "mean"))


def test_defaults_stand_in_for_what_is_not_given_only():
    given = Members("t", {"a": None, "b": 0, "c": False})
    assert (given.number("a", 5.0), given.number("b", 5.0)) == (5.0, 0.0)
    assert (given.flag("c", default=True), given.flag("d", default=True)) == (False, True)
    assert (given.whole("a", 7), given.text("a", "x"), given.optional_decimal("a")) == (7, "x", None)
    assert given.names() == ("b", "c")
    with pytest.raises(MemberMissing):
        given.number("a")


def test_alternatives():
    given = Members("t", {"b": 1, "c": 2}, ("a", "b", "c"))
    assert given.only_one_of("a", "b") == "b"
    assert given.at_most_one_of("a") is None
    with pytest.raises(MemberMissing) as missing:
        given.only_one_of("a", "z")
    assert (missing.value.facts["member"], missing.value.facts["needed"]) == ("a | z", "a, b, c")
    with pytest.raises(MembersContradict) as both:
        given.only_one_of("a", "b", "c")
    assert both.value.facts["members"] == "b, c"
    error = given.contradict("b, c", Text(zh="不可", en="not both"))
    assert isinstance(error, MembersContradict)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (Decimal("0.1"), 0.1),
        (float("inf"), None),
        (float("nan"), None),
        ((1, (2.0, float("-inf"))), [1, [2.0, None]]),
        ({1: Decimal(2)}, {"1": 2.0}),
        ("x", "x"),
        (True, True),
    ],
)
def test_answers_are_plain_json(value, found):
    assert plain(value) == found


# --- the command


def _asked(tmp_path, capsys, data, *, as_json):
    file = tmp_path / "input.json"
    file.write_text(data, encoding="utf-8")
    code = metrology.run(argparse.Namespace(topic="tur", file=str(file), json=as_json))
    return code, capsys.readouterr().out


def test_the_command_answers_in_lines_or_json(tmp_path, capsys):
    code, lines = _asked(tmp_path, capsys, '{"mpe": 1, "U": 0.25}', as_json=False)
    assert code == 0
    assert "tur: 4.0\n" in lines
    code, answer = _asked(tmp_path, capsys, '{"mpe": 1, "U": 0.25}', as_json=True)
    assert json.loads(answer)["tur"] == 4.0
    assert answer.count("\n") == 1


def test_the_command_reads_from_a_pipe(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"mpe": 1, "U": 0.5}')))
    assert metrology.run(argparse.Namespace(topic="tur", file="-", json=True)) == 0
    assert json.loads(capsys.readouterr().out)["tur"] == 2.0


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileUnreadable) as raised:
        metrology.run(argparse.Namespace(topic="tur", file=str(tmp_path / "none.json"), json=True))
    assert raised.value.facts["file"].endswith("none.json")
