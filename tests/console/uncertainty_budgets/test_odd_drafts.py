"""Drafts that are half thought through: what may be stored can be looked at and handed out."""

from __future__ import annotations

import copy

import pytest

from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant
from tests.console.bench import Bench, bench_of, text_of
from tests.console.standing import standing
from tests.functions import budget_world


def build() -> Bench:
    return bench_of(create_tenant(slug="odd-drafts", name=Text("机构"), now=utc_now()))


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with standing(build, django_db_blocker) as bench:
        yield bench


@pytest.fixture
def bench(built, db):
    with scope(built.world.tenant.id):
        yield built

FROM = {"source": "readings", "quantity": "indication - standard"}
X = {"name": "x", "readings": ["0.01", "0.02"], "from": FROM}
Y = {"name": "x", "from": FROM}


def document(**members):
    return copy.deepcopy({"model": {"expr": {"E": "x"}}, "inputs": [X]} | members)


ODD = {
    "expressions in a list": document(model={"expr": ["x"], "outputs": ["y"]}),
    "a number for an expression": document(model={"expr": 5, "outputs": ["y"]}),
    "an output without an expression": document(model={"outputs": ["y"]}),
    "an output that is an object": document(model={"expr": {"E": "x"}, "outputs": [{"a": 1}], "measurand": "E"}),
    "a number inside the expressions": document(model={"expr": {"E": 5}}),
    "an expression that is too deep": document(model={"expr": {"E": "(" * 3000 + "x" + ")" * 3000}}),
    "a label of numbers": document(inputs=[X | {"label": {"zh": 5}}]),
    "a label in a third language": document(inputs=[X | {"label": {"fr": "x"}}]),
    "a label that is a list": document(inputs=[X | {"label": ["x"]}]),
    "a title of numbers": document(title={"zh": 5}),
    "a title in a third language": document(title={"fr": "x"}),
    "a title that is a list": document(title=[1]),
    "settings in a list": document(settings=["x"]),
    "settings that are null": document(settings=None),
    "a pair of lists": document(correlation=[[["a"], "b", "0.5"]]),
    "pairs in an object": document(correlation={"a": 1}),
    "a unit that is a number": document(inputs=[X | {"unit": 5}]),
    "a unit that is none": document(inputs=[X | {"unit": "furlong"}]),
    "readings that are a number": document(inputs=[X | {"readings": 5}]),
    "readings that are an object": document(inputs=[X | {"readings": {"a": 1}}]),
    "a distribution that is a number": document(inputs=[Y | {"distribution": 5}]),
    "a distribution that is a list": document(inputs=[Y | {"distribution": ["a"]}]),
    "an estimate that is a list": document(inputs=[Y | {"mean": [1]}]),
    "inputs by their names": document(inputs={"x": {"readings": ["1", "2"], "from": FROM}}),
    "an input that stands twice": document(inputs=[X, X]),
    "a member that nobody knows": document(inputs=[X | {"colour": {"a": [None, True]}}], weather=[1, {"b": None}]),
    "a character that no database holds": document(title="a\0b"),
    "half a character": document(title="a\ud800b"),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_draft_is_refused_with_a_reason_or_can_be_looked_at_everywhere(bench, name):
    try:
        row = budget_world.draft(bench.world, "repeated_comparison", document=ODD[name])
    except InvalidInput as refused:
        assert refused.what.zh
        assert refused.facts
        return
    client = bench.client("technician")
    page = f"/budgets/versions/{row.id}/"
    for address, statuses in ((page, {200}), (f"{page}edit", {200, 422}), ("/budgets/", {200})):
        response = client.get(address)
        assert response.status_code in statuses
        assert "<main" in text_of(response)
    assert client.get(f"{page}document").json() == row.document
    assert client.post(page, {"act": "submit"}).status_code in (302, 400, 422)
