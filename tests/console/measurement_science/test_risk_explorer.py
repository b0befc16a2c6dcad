"""The risk explorer: statements and risks as the topics give them, drawn, told in both languages, errors at fields."""

import pytest

from jialiang.console.measurement_science.risk import EXAMPLE
from tests.console.bench import HOSTILE
from tests.console.whole import faults_of

pytestmark = pytest.mark.django_db
RISK = "/science/risk"


def test_the_first_page_is_the_example_whole_in_both_languages(desk_in, language):
    page = desk_in.get(RISK)
    assert faults_of(page.text, language) == []
    assert ("Conditional pass" if language == "en" else "有条件符合") in page.words
    decision, operating = page.drawings()
    told = {text.text for text in decision.iter("text")} | {text.text for text in operating.iter("text")}
    if language == "en":
        assert {"Measured value / °C", "Probability of false acceptance, PFA / %"} <= told
    else:
        assert {"测得值 / ℃", "误接受概率 PFA / %"} <= told


def test_every_rule_and_statement(desk):
    cases = [
        # y, U, rule → statement; limits ± 0.050, guard band w = U
        ("0.030", "0.012", "simple", "Pass"),
        ("0.051", "0.012", "simple", "Fail"),
        ("0.043", "0.012", "guarded", "Fail"),
        ("0.043", "0.012", "non-binary", "Conditional pass"),
        ("0.055", "0.012", "non-binary", "Conditional fail"),
        ("0.043", "0.020", "jjf1094", "Undecided"),
        ("0.043", "0.010", "jjf1094", "Pass"),
    ]
    for y, expanded, rule, statement in cases:
        words = desk.get(RISK, **EXAMPLE | {"y": y, "U": expanded, "rule": rule}).words
        assert f"Statement {statement} " in words, (y, rule)


def test_risks_and_the_guard_band_for_a_target(desk):
    words = desk.get(RISK, **EXAMPLE).words
    assert "TUR (half the width of the limits over U, k = 2): 4.167" in words
    assert "as applied 0.7600" in words  # (0.050 - 0.012)/0.050
    assert "solved for the target: w =" in words


def test_one_limit_is_enough_for_a_decision_and_gives_no_ratio(desk):
    page = desk.get(RISK, **EXAMPLE | {"lower": ""})
    assert len(page.drawings()) == 1
    assert "TUR" not in page.words


def test_htmx_gets_the_answer_alone(desk):
    response = desk.client.get(RISK, EXAMPLE, headers={"HX-Request": "true"})
    assert response.content.decode().lstrip().startswith('<div class="jl-stack" id="answer"')


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"y": "1,5"}, "id_y"),
        ({"y": ""}, "id_y"),
        ({"U": "little"}, "id_U"),
        ({"lower": "", "upper": ""}, "id_lower"),
        ({"lower": "0.1"}, "id_lower"),
        ({"U": "-0.1"}, "id_U"),
        ({"rule": "hope"}, "id_rule"),
        ({"itp": "1.5"}, "id_itp"),
        ({"target_pfa": "0.9"}, "id_target_pfa"),
        ({"target_pfa": "0"}, "id_target_pfa"),
    ],
)
def test_what_is_wrong_stands_at_its_field(desk_in, language, change, field):
    page = desk_in.get(RISK, 422, **EXAMPLE | change)
    assert page.wrong() == [field]
    assert faults_of(page.text, language) == []


def test_jjf1094_takes_no_multiple(desk):
    page = desk.get(RISK, 422, **EXAMPLE | {"rule": "jjf1094", "r": "2"})
    assert "JL-MET-005" in page.words


def test_chinese_input_is_understood(desk):
    words = desk.get(RISK, **EXAMPLE | {"y": "０．０３０", "lower": "－0.050"}).words
    assert "Statement Pass " in words


def test_hostile_names_are_shown_and_never_run(desk):
    page = desk.get(RISK, **EXAMPLE | {"quantity": HOSTILE, "unit": HOSTILE[:30]})
    assert HOSTILE not in page.text
    assert page.drawings()
