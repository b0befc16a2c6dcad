"""Every page of the registers in both languages: labelled, linked, guarded, in one language; refusals too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.console.registers.conftest import Registers
from tests.console.whole import faults_of

EVERYTHING = ("receptionist", "standards_keeper", "system_administrator", "quality_manager")
PAGES = (
    "/",
    "/profile",
    "/resolution-statistics/",
    "/resolution-statistics/?since=2026-01-01&until=2026-03-01&by=carrier",
    "/search?q=T-",
    "/search?q=nothing",
    "/instruments/?view=all",
    "/instruments/?view=due",
    "/instruments/?view=all&q=nothing",
    "/instruments/new",
    "/instruments/{thermometer}/",
    "/instruments/{gauge}/",
    "/instruments/{gauge}/change",
    "/instruments/{gauge}/suspend",
    "/instruments/{gauge}/retire",
    "/instruments/{gauge}/traceability",
    "/commissions/?view=all",
    "/commissions/?q=nothing",
    "/commissions/new",
    "/commissions/new?item={gauge}",
    "/commissions/{opened}/",
    "/commissions/{accepted}/",
    "/commissions/{opened}/accept",
    "/commissions/{opened}/items",
    "/commissions/{opened}/cancel",
    "/commissions/{accepted}/slip",
    "/items/{item}/receive",
    "/items/{item}/hand-over",
    "/standards/",
    "/standards/?q=nothing",
    "/standards/new",
    "/standards/{standard}/",
    "/standards/{bare_standard}/",
    "/standards/{standard}/dcc",
    "/standards/{standard}/certificate",
    "/standards/{standard}/check",
    "/standards/{standard}/suspend",
    "/standards/{standard}/traceability",
    "/organizations/",
    "/organizations/?q=nothing",
    "/organizations/new",
    "/organizations/{dairy}/",
    "/organizations/{dairy}/change",
    "/organizations/{dairy}/site",
    "/organizations/{dairy}/contact",
    "/people/",
    "/people/?view=customers",
    "/people/new",
    "/audit/",
    "/audit/?verify=1",
    "/keys/",
    "/keys/new",
    "/health/",
    "/traceability/",
    "/numbers/",
)


def address(registers: Registers, page: str) -> str:
    things = {name: getattr(registers, name).id for name in Registers.__dataclass_fields__ if name != "world"}
    return page.format(**things, dairy=registers.world.dairy_id)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_owes_its_readers_nothing(
    registers: Registers, as_: Callable[..., Client], page: str, language: str
) -> None:
    answer = as_(*EVERYTHING, language=language).get(address(registers, page))
    assert answer.status_code == 200
    assert faults_of(answer.content.decode(), language) == []


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "/instruments/new": ({"model": "x" * 61}, 422),
    "/instruments/{gauge}/suspend": ({"reason": ""}, 422),
    "/instruments/{gauge}/restore": ({"reason": "x"}, 409),
    "/commissions/{opened}/accept": ({"due_date": "yes"}, 422),
    "/commissions/{opened}/items": ({}, 422),
    "/commissions/{opened}/cancel": ({}, 422),
    "/items/{item}/receive": ({}, 422),
    "/items/{item}/hand-over": ({"to": "nowhere"}, 422),
    "/standards/new": ({}, 422),
    "/standards/{standard}/certificate": ({"values": "1 2 3"}, 422),
    "/standards/{standard}/check": ({"unit": "bogons"}, 422),
    "/organizations/new": ({"email": "x"}, 422),
    "/organizations/{dairy}/contact": ({}, 422),
    "/people/new": ({}, 422),
    "/preferences/nowhere": ({}, 404),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", REFUSED)
def test_a_form_that_is_refused_is_as_whole_as_an_empty_one(
    registers: Registers, as_: Callable[..., Client], page: str, language: str
) -> None:
    sent, status = REFUSED[page]
    answer = as_(*EVERYTHING, language=language).post(address(registers, page), sent)
    assert answer.status_code == status
    assert faults_of(answer.content.decode(), language) == []
