"""Comparison rounds and budgets in the one search: by number, name and laboratory, for those who may read them."""

from __future__ import annotations

import pytest
from tests.functions.budget_world import NAME, version_facts
from tests.functions.comparison_world import Desk

from jialiang.base.uncertainty_budgets.facts import BudgetFacts
from jialiang.console.search import ICONS
from jialiang.functions import comparison_rounds, uncertainty_budgets
from jialiang.information.search import _FINDERS, MOST_OF_A_NOUN, search
from jialiang.kernel.text import Text
from jialiang.security.policy import roles_for
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

pytestmark = pytest.mark.django_db
READERS = ("technician", "reviewer", "signatory", "standards_keeper", "quality_manager", "auditor")
OTHERS = ("receptionist", "customer", "instrument_manager", "identifier_operator", "system_administrator")


@pytest.fixture
def desk(in_tenant, now) -> Desk:
    return Desk(in_tenant.id, now)


@pytest.fixture
def budget(desk):
    facts = BudgetFacts(name=NAME, procedure="thermometer_line")
    return uncertainty_budgets.create(
        actor=desk.technician, facts=facts, first=version_facts(), now=desk.now
    ).budget


def told(found):
    return [(hit.noun, hit.id, hit.exact) for hit in found]


@pytest.mark.parametrize("text", ["{number}", "  {number} ", "lower"])
def test_a_round_is_found_exactly_by_its_number(desk, text):
    row = desk.open()
    wanted = row.number.lower() if text == "lower" else text.format(number=row.number)
    (hit,) = search(desk.manager, wanted)
    assert told([hit]) == [("comparison_round", row.id, True)]
    assert hit.title == Text("1 kg 砝码比对", "Comparison of a 1 kg weight")
    assert hit.detail == Text(row.number, row.number)


@pytest.mark.parametrize("text", ["砝码比对", "Comparison of", "comparison OF a 1 KG", "CR-"])
def test_a_round_is_found_by_a_part_of_its_name_or_number_among_others(desk, text):
    row = desk.open()
    assert told(search(desk.technician, text)) == [("comparison_round", row.id, False)]


def test_a_round_is_found_once_by_a_laboratory_that_takes_part(desk):
    row = desk.open()
    desk.enrol(row, "A", "B", "C")
    other = desk.open()
    assert told(search(desk.manager, "B 实验室")) == [("comparison_round", row.id, False)]
    assert [hit.id for hit in search(desk.manager, "实验室")] == [row.id]
    assert {hit.id for hit in search(desk.manager, "砝码")} == {row.id, other.id}


@pytest.mark.parametrize("state", ["measuring", "evaluated", "reported", "cancelled"])
def test_a_round_is_found_in_every_state(desk, state):
    if state == "cancelled":
        row = desk.open()
        comparison_rounds.cancel(actor=desk.manager, round_id=row.id, reason="样品损坏", now=desk.now)
    else:
        row = {"measuring": desk.measured, "evaluated": desk.evaluated, "reported": desk.reported}[state]()
    assert told(search(desk.manager, row.number)) == [("comparison_round", row.id, True)]


def test_a_budget_is_found_by_its_code_and_by_its_name(desk, budget):
    for text, is_exact in (
        (budget.code, True),
        (budget.code.lower(), True),
        ("修正值", False),
        ("of thermometers", False),
    ):
        assert told(search(desk.technician, text)) == [("uncertainty_budget", budget.id, is_exact)]
    (hit,) = search(desk.technician, budget.code)
    assert (hit.title, hit.detail) == (NAME, Text(budget.code, budget.code))


def test_who_may_read_finds_and_nobody_else_does(desk, budget):
    row = desk.open()
    for role in (*READERS, *OTHERS):
        person = desk.person(role)
        for noun, number in (("comparison_round", row.number), ("uncertainty_budget", budget.code)):
            may = role in roles_for(f"{noun}.read")
            assert [hit.noun for hit in search(person, number)] == ([noun] if may else []), (role, noun)
    assert {"quality_manager", "technician"} <= set(roles_for("comparison_round.read"))
    assert not {"customer", "receptionist"} & set(roles_for("comparison_round.read"))


def test_another_institute_finds_nothing(desk, budget, now):
    row = desk.open()
    with everywhere("another institute of this test"):
        other = create_tenant(slug="other", name=Text("别的院", "Other"), time_zone="Asia/Shanghai", now=now)
    with scope(other.id):
        stranger = Desk(other.id, now).manager
        for text in (row.number, budget.code, "砝码", "修正值"):
            assert search(stranger, text) == ()


def test_of_many_rounds_the_newest_come_and_not_more_than_of_any_noun(desk):
    rows = [desk.open() for _ in range(MOST_OF_A_NOUN + 2)]
    found = search(desk.manager, "CR-")
    assert [hit.id for hit in found] == [row.id for row in reversed(rows)][:MOST_OF_A_NOUN]
    (hit,) = [each for each in search(desk.manager, rows[-1].number) if each.exact]
    assert hit.id == rows[-1].id


@pytest.mark.parametrize("letters", ["%", "_", "\\", "'", '"', "<b>", "100%"])
def test_letters_of_a_pattern_are_letters(desk, letters):
    desk.open()
    row = desk.open(name=Text(f"比对 {letters} 甲", f"Round {letters} one"))
    assert [hit.id for hit in search(desk.manager, f"{letters} 甲")] == [row.id]


def test_everything_that_can_be_found_has_an_icon():
    assert set(_FINDERS) == set(ICONS)
