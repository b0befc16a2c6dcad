"""Unique values over long stories of deeds: the claims are what a plain model says, by single verbs and by batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

import pytest
from tests.functions.prefix_verbs import ITEMS, add_prefix, add_template, customer
from tests.ledger import World

from jialiang.base.identifiers import errors
from jialiang.base.identifiers.models import Identifier, IdentifierValueClaim
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifier_templates, identifiers
from jialiang.functions.identifier_batches import BatchItem, register_many
from jialiang.kernel.errors import JialiangError
from jialiang.security.actor import Actor

PREFIX = "88.101.5"
LIVING = ("active", "reserved", "suspended")
NAMES = [f"{PREFIX}/{letter}" for letter in "abcdef"]
SERIALS = ["S1", "S2", "S3"]
TEMPLATES = ["V1", "V2"]
STEPS = 60


def serial(text: str) -> HandleValue:
    return HandleValue(ITEMS[0].index, ITEMS[0].type, text.encode())


@pytest.fixture
def owner(world: World) -> Actor:
    """Somebody of the dairy, whose prefix has two published templates with one unique item each."""
    add_prefix(world, "88.101", world.own_id)
    add_prefix(world, PREFIX)
    for code in TEMPLATES:
        row = add_template(world, code)
        identifier_templates.publish(actor=customer(world), template_id=row.id, now=world.now)
    return customer(world)


@dataclass
class Model:
    """What a person with paper and pencil would note: name, state, template and serial number of each record."""

    records: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def is_free(self, name: str, template: str, text: str) -> bool:
        living = [record[1:] for other, record in self.records.items() if other != name and record[0] in LIVING]
        return (template, text) not in living

    def register(self, name: str, template: str, text: str, state: str) -> str:
        if name in self.records:
            return "taken"
        if not self.is_free(name, template, text):
            return "repeated"
        self.records[name] = (state, template, text)
        return "done"

    def change(self, name: str, template: str, text: str) -> str:
        if name not in self.records:
            return "unknown"
        state = self.records[name][0]
        if state == "retired":
            return "forbidden"
        if not self.is_free(name, template, text):
            return "repeated"
        self.records[name] = (state, template, text)
        return "done"

    def retire(self, name: str) -> str:
        if name not in self.records:
            return "unknown"
        state, *rest = self.records[name]
        if state == "retired":
            return "forbidden"
        self.records[name] = ("retired", rest[0], rest[1])
        return "done"

    @property
    def claims(self) -> list[str]:
        return sorted(name for name, (state, *_) in self.records.items() if state in LIVING)


def told(deed: Callable[[], object]) -> str:
    """Say in the model's words how a deed ended."""
    words: list[tuple[type[JialiangError], str]] = [
        (errors.ValueRepeated, "repeated"),
        (errors.IdentifierTaken, "taken"),
        (errors.IdentifierUnknown, "unknown"),
        (errors.IdentifierStateForbids, "forbidden"),
    ]
    try:
        deed()
    except JialiangError as problem:
        return next(word for kind, word in words if isinstance(problem, kind))
    return "done"


def claims() -> list[str]:
    return sorted(IdentifierValueClaim.objects.values_list("identifier__name", flat=True))


def deeds(chance: Random) -> Iterator[tuple[str, str, str, str, str]]:
    for _ in range(STEPS):
        yield (
            chance.choice(["register", "register", "change", "change", "retire"]),
            chance.choice(NAMES),
            chance.choice(TEMPLATES),
            chance.choice(SERIALS),
            chance.choice(["active", "reserved"]),
        )


@pytest.mark.parametrize("seed", range(8))
def test_single_verbs_hold_what_the_model_says(owner: Actor, now: datetime, seed: int) -> None:
    model, outcomes = Model(), []
    for deed, name, template, text, state in deeds(Random(seed)):
        match deed:
            case "register":
                expected = model.register(name, template, text, state)
                found = told(
                    lambda name=name, text=text, template=template, state=state: identifiers.register(
                        actor=owner, name=name, values=[serial(text)], template=template, state=state, now=now
                    )
                )
            case "change":
                expected = model.change(name, template, text)
                found = told(
                    lambda name=name, text=text, template=template: identifiers.replace_values(
                        actor=owner, name=name, values=[serial(text)], template=template, now=now
                    )
                )
            case _:
                expected = model.retire(name)
                found = told(lambda name=name: identifiers.retire(actor=owner, name=name, now=now))
        outcomes.append(found)
        assert (deed, name, found) == (deed, name, expected)
        assert claims() == model.claims
    assert {"done", "repeated"} <= set(outcomes), "the story tells of refusals too"


@pytest.mark.parametrize("seed", range(8))
def test_batches_of_any_size_hold_what_the_model_says(owner: Actor, now: datetime, seed: int) -> None:
    chance, model = Random(seed), Model()
    for _ in range(STEPS // 4):
        mode = chance.choice(["create", "update", "delete"])
        names = chance.sample(NAMES, chance.randint(1, len(NAMES)))
        template = chance.choice(TEMPLATES)
        items = [BatchItem(name, (serial(chance.choice(SERIALS)),), template=template) for name in names]
        before = dict(model.records)
        found = register_many(actor=owner, items=items, mode=mode, now=now)
        for item, outcome in zip(items, found, strict=True):
            _judge(model, mode, item, outcome.outcome, before)
        assert claims() == model.claims
    assert Identifier.objects.filter(state="retired").exists()


def _judge(model: Model, mode: str, item: BatchItem, outcome: str, before: dict[str, tuple[str, str, str]]) -> None:
    """Follow one item in the model, which must come to what the batch came to."""
    text = item.values[0].text or ""
    if mode == "create":
        same = before.get(item.name) in [(state, item.template, text) for state in LIVING]
        expected = {"done": "created", "taken": "unchanged" if same else "refused"}
        ended = model.register(item.name, item.template, text, "active")
    elif mode == "update":
        stood = _stood(before, item, text)  # then no rule that came later is asked
        expected = {"done": "unchanged", "forbidden": "unchanged"} if stood else {"done": "updated"}
        ended = model.change(item.name, item.template, text)
    else:
        expected = {"done": "deleted", "forbidden": "unchanged"}
        ended = model.retire(item.name)
    assert outcome == expected.get(ended, "refused"), (mode, item.name, ended)


def _stood(before: dict[str, tuple[str, str, str]], item: BatchItem, text: str) -> bool:
    return item.name in before and before[item.name][1:] == (item.template, text)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("size", [1, 3, 40])
def test_how_a_table_is_cut_into_calls_changes_nothing(owner: Actor, now: datetime, seed: int, size: int) -> None:
    chance = Random(seed)
    items = [
        BatchItem(f"{PREFIX}/{place}", (serial(f"S{chance.randint(1, 12)}"),), template=chance.choice(TEMPLATES))
        for place in range(40)
    ]
    model = Model()
    ended = [model.register(item.name, item.template, item.values[0].text or "", "active") for item in items]
    expected = ["created" if one == "done" else "refused" for one in ended]
    found = [
        outcome.outcome
        for start in range(0, len(items), size)
        for outcome in register_many(actor=owner, items=items[start : start + size], mode="create", now=now)
    ]
    assert found == expected
    assert claims() == model.claims
    assert 10 < found.count("created") < 25


@pytest.mark.parametrize("seed", range(6))
def test_a_trial_foretells_what_the_call_does(owner: Actor, now: datetime, seed: int) -> None:
    chance = Random(seed)
    first = [BatchItem(f"{PREFIX}/{place}", (serial(f"S{place}"),), template="V1") for place in range(10)]
    register_many(actor=owner, items=first, mode="create", now=now)
    names = chance.sample(range(10), 10)
    wished = [BatchItem(f"{PREFIX}/{name}", (serial(f"S{chance.randint(0, 14)}"),), template="V1") for name in names]
    trial = register_many(actor=owner, items=wished, mode="update", dry_run=True, now=now)
    assert claims() == sorted(item.name for item in first), "a trial takes nothing"
    done = register_many(actor=owner, items=wished, mode="update", now=now)
    assert [one.outcome for one in trial] == [one.outcome for one in done]
    assert {one.outcome for one in done} >= {"updated", "refused"}
