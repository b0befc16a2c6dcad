"""Pages of charts and intervals: examples whole in both languages, drawings labelled, errors at fields, own data."""

import json
from datetime import date

import pytest

from jialiang.console.measurement_science.question_words import groups, questions
from jialiang.science.topics.registry import evaluate_topic, topics
from tests.console.bench import HOSTILE, bench_of
from tests.console.whole import faults_of

KEYS = list(questions())
DRAWN = ("shewhart", "ewma", "cusum", "check-standard", "intermediate-check", "youden", "allan", "s2", "variables")


def address(key):
    return f"/science/{questions()[key].group}/{key}"


def example(key):
    return {asked.field: asked.initial for asked in questions()[key].asked if asked.initial}


# --- the description agrees with the topics


@pytest.mark.parametrize("key", KEYS)
def test_what_a_page_asks_and_shows_are_members_of_its_topic(key):
    page = questions()[key]
    topic = topics()[page.topic]
    assert {asked.name.partition(".")[0] for asked in page.asked} <= set(topic.takes)
    assert {shown.name.partition(".")[0] for shown in page.answered} <= set(topic.gives)
    assert all(t.zh and t.en for t in (page.title, page.purpose))
    assert all(asked.label.zh and asked.label.en for asked in page.asked)
    assert all(name.zh and name.en for asked in page.asked for _, name in asked.choices)
    assert all(shown.label.zh and shown.label.en for shown in page.answered)


def test_pages_stand_in_two_groups():
    assert {group: len(members) for group, members in groups().items()} == {"charts": 7, "intervals": 7}


# --- pages


@pytest.mark.django_db
@pytest.mark.parametrize("key", KEYS)
def test_the_example_is_answered_whole_and_drawn(signed_in, key):
    from tests.console.measurement_science.conftest import Desk

    client = signed_in("technician", language="en")
    for language in ("en", "zh-hans"):
        client.cookies["jialiang_language"] = language
        page = Desk(client).get(address(key))
        assert faults_of(page.text, language) == []
        assert page.figures()
        drawings = page.drawings()
        assert len(drawings) == (key in DRAWN)
        for drawing in drawings:
            assert drawing.get("aria-label")
            assert len(list(drawing.iter("text"))) > 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "change", "label", "figure"),
    [
        ("a3", {}, "Proposed interval", "d"),
        ("a3", {"legal_maximum": "100"}, "Bound that held it", "legal maximum"),
        ("staircase", {}, "Step", "extend"),
        ("staircase", {"error": "0.06"}, "Step", "reduce"),
        ("black-box", {"checks": "a; 0.1; 0.05"}, "Calibrate now", "yes"),
        ("in-use", {}, "Left", "760 h"),
        (
            "shewhart",
            {"data": "10 10 10 10 10 10 10 10 10 20", "parameters__sd": "1", "unit": "mm"},
            "σ",
            "1 mm",
        ),
        ("allan", {"deviations": "adev"}, "ADEV", "9.1229 × 10⁻¹¹; 1.1581 × 10⁻¹⁰"),
    ],
)
def test_figures_are_those_of_the_topic(desk, key, change, label, figure):
    page = desk.post(address(key), example(key) | change)
    assert figure in page.figures()[label]


@pytest.mark.django_db
def test_an_answer_is_the_topic_s_own(desk):
    page = desk.post(address("control-chart"), example("control-chart"))
    members = {
        "days": ["0", "365", "731", "1096", "1461"],
        "deviations": ["0.002", "0.008", "0.013", "0.021", "0.026"],
    }
    told = evaluate_topic("interval-control-chart", {**members, "mpe": "0.05", "k": "2"})
    assert page.figures()["Proposed interval"].startswith(f"{told['interval_days']:.5g}"[:4])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "change", "field"),
    [
        ("shewhart", {"data": "1 2 x"}, "id_data"),
        ("shewhart", {"data": ""}, "id_data"),
        ("shewhart", {"data": "1,5 2"}, "id_data"),
        ("shewhart", {"kind": "pie"}, "id_kind"),
        ("shewhart", {"kind": "xbar-r", "subgroup": "3"}, "id_subgroup"),
        ("shewhart", {"parameters__sd": "σ"}, "id_parameters__sd"),
        ("ewma", {"lambda": "2"}, "id_lambda"),
        ("cusum", {"h": "-1"}, "id_h"),
        ("a3", {"n": ""}, "id_n"),
        ("a3", {"n": "2.5"}, "id_n"),
        ("black-box", {"checks": "a; 0.1"}, "id_checks"),
        ("black-box", {"checks": "a; 0.1; much"}, "id_checks"),
    ],
)
def test_what_is_wrong_stands_at_its_field(desk, key, change, field):
    page = desk.post(address(key), example(key) | change, 422)
    assert page.wrong() == [field]
    assert page.root.xpath(f"//*[@id='answer']//a[@href='#{field}']")


@pytest.mark.django_db
def test_errors_of_the_whole_question_are_told_over_the_answer(desk):
    page = desk.post(address("youden"), example("youden") | {"a": "1 2 3"}, 422)
    assert "JL-UNC-008" in page.words
    page = desk.post(address("allan"), example("allan") | {"phase": "1 2 3 4"}, 422)
    assert "JL-MET-005" in page.words


@pytest.mark.django_db
def test_more_numbers_than_one_request_may_send_are_refused(desk):
    page = desk.post(address("cusum"), example("cusum") | {"data": " ".join(["1"] * 20_001)}, 422)
    assert page.wrong() == ["id_data"]
    assert "20000" in page.words


@pytest.mark.django_db
def test_htmx_gets_the_answer_alone_and_hostile_names_are_harmless(desk):
    form = example("shewhart") | {"quantity": HOSTILE, "unit": HOSTILE[:30]}
    page = desk.post(address("shewhart"), form, **{"HX-Request": "true"})
    assert page.root.get("id") == "answer"
    assert HOSTILE not in page.text
    assert page.drawings()


@pytest.mark.django_db
def test_checks_of_a_standard_of_the_institute_are_taken(tenant):
    from jialiang.base.measurement_standards.facts import CheckFacts
    from jialiang.functions import measurement_standards
    from jialiang.security.tenancy.scope import scope
    from tests.console.measurement_science.conftest import Desk

    bench = bench_of(tenant)
    world = bench.world
    with scope(tenant.id):
        for day, value in enumerate(("23.0010", "23.0012", "23.0009", "23.0011"), start=1):
            facts = CheckFacts(
                observed_on=date(2026, 6, day).isoformat(), measured_value=value, unit=r"\degreecelsius"
            )
            measurement_standards.record_check(
                actor=world.people["standards_keeper"],
                standard_id=world.standard_id,
                facts=facts,
                now=world.now,
            )
    desk = Desk(bench.client("technician"))
    page = desk.get(address("check-standard"), standard=str(world.standard_id))
    assert "23.0010" in page.text.replace("23.001 ", "23.0010 ")
    assert page.figures()["Mean of the baseline"].startswith("23.001")
    assert "°C" in page.figures()["Mean of the baseline"]
    desk.get(address("check-standard"), 404, standard="nonsense")
    stranger = Desk(bench.client("customer")) if "customer" in world.people else None
    if stranger:
        stranger.get(address("check-standard"), 403, standard=str(world.standard_id))


def test_descriptions_are_plain_json():
    assert json.dumps([asked.name for page in questions().values() for asked in page.asked])
