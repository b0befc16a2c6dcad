"""Prefixes under any sequence of deeds: what the rows, the history and the published answers say stays one story."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from tests import machines
from tests.functions.prefix_verbs import SITE, operator
from tests.ledger import World, build_world

from jialiang.base.prefixes import errors
from jialiang.base.prefixes.facts import PrefixFacts
from jialiang.base.prefixes.openness import require_open
from jialiang.base.prefixes.selectors import Prefix, changes_of, prefix_by_text, tree
from jialiang.formats.handle.published import PublishedPrefix, prefix_key, published_prefix
from jialiang.functions import prefixes
from jialiang.governance.publication.selectors import answer

TEXTS = ("88", "88.101", "88.101.5", "88.101.5.1", "88.101.6")
WORDS = st.sampled_from(TEXTS)
LETS = {  # deed: the states that let it through, and the state it leads to
    "delegate": (("active", "delegated"), "delegated"),
    "suspend": (("active", "delegated"), "suspended"),
    "resume": (("suspended", "delegated"), "active"),
    "withdraw": (("active", "suspended", "delegated"), "withdrawn"),
}


@dataclass
class Known:
    """What the model knows of a prefix."""

    holder: str
    state: str = "active"
    quota: int | None = None


class Prefixes(machines.DatabaseMachine):
    """A model of five prefixes beside the database."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Known] = {}

    @initialize()
    def found(self) -> None:
        self.world: World = self.standing_world
        self.who = operator(self.world)
        self.holders = {"dairy": self.world.dairy_id, "mill": self.world.mill_id}

    def above(self, text: str) -> Known | None:
        return self.known.get(text.rpartition(".")[0])

    def below(self, text: str) -> list[str]:
        return [other for other in self.known if other.rpartition(".")[0] == text]

    @rule(text=WORDS, holder=st.sampled_from(["dairy", "mill"]), blank=st.booleans())
    def add(self, text: str, holder: str, blank: bool) -> None:
        facts = PrefixFacts(text=f" {text}" if blank else text, holder_id=self.holders[holder])
        over = self.above(text)
        if text in self.known or (over is not None and over.state == "withdrawn"):
            with pytest.raises((errors.PrefixTaken, errors.PrefixStateForbids)):
                prefixes.add(actor=self.who, facts=facts, now=self.now)
            return
        prefixes.add(actor=self.who, facts=facts, now=self.now)
        self.known[text] = Known(holder)

    @rule(text=WORDS, deed=st.sampled_from(sorted(LETS)), seconds=st.integers(0, 90))
    def move(self, text: str, deed: str, seconds: int) -> None:
        row = self.row(text)
        if row is None:
            return
        self.pass_time(seconds)
        allowed, leads_to = LETS[deed]
        in_use = [other for other in self.below(text) if self.known[other].state != "withdrawn"]
        more = {"site": SITE} if deed == "delegate" else {}
        verb = getattr(prefixes, deed)
        if self.known[text].state not in allowed or (deed == "withdraw" and in_use):
            with pytest.raises((errors.PrefixStateForbids, errors.PrefixHasChildren)):
                verb(actor=self.who, prefix_id=row.id, reason="因故", now=self.now, **more)
            return
        verb(actor=self.who, prefix_id=row.id, reason="因故", now=self.now, **more)
        self.known[text].state = leads_to

    @rule(text=WORDS, holder=st.sampled_from(["dairy", "mill"]), quota=st.sampled_from([None, 1, 7]))
    def hand_on(self, text: str, holder: str, quota: int | None) -> None:
        row = self.row(text)
        if row is None:
            return
        given = {"actor": self.who, "prefix_id": row.id, "now": self.now}
        if self.known[text].state == "withdrawn":
            with pytest.raises(errors.PrefixStateForbids):
                prefixes.set_quota(quota=quota, **given)
            with pytest.raises(errors.PrefixStateForbids):
                prefixes.transfer(holder_id=self.holders[holder], reason="因故", **given)
            return
        prefixes.set_quota(quota=quota, **given)
        prefixes.transfer(holder_id=self.holders[holder], reason="因故", **given)
        self.known[text].holder, self.known[text].quota = holder, quota

    def row(self, text: str) -> Prefix | None:
        return prefix_by_text(text.upper())

    @invariant()
    def rows_answers_history_and_openness_are_what_the_model_knows(self) -> None:
        rows = {row.text: row for row in tree() if not row.shared}
        assert set(rows) == set(self.known)
        for text, known in self.known.items():
            row = rows[text]
            assert (row.state, row.holder_id, row.quota) == (known.state, self.holders[known.holder], known.quota)
            above = text.rpartition(".")[0]
            assert (row.parent.text if row.parent else "") == (above if above in self.known else "")
            assert (row.site is not None) <= (row.state in ("delegated", "suspended"))
            self.published_as_its_state_says(text, known)
            self.replayed_from_its_history(row)
            self.open_to_its_holder_alone(row, known)

    @staticmethod
    def published_as_its_state_says(text: str, known: Known) -> None:
        found = answer(prefix_key(text))
        told = published_prefix(found.body) if found and found.body else None
        if known.state == "withdrawn":
            assert told is None
        else:
            assert told == PublishedPrefix(text, known.state, SITE if known.state == "delegated" else None)

    @staticmethod
    def replayed_from_its_history(row: Prefix) -> None:
        told = changes_of(row.id)
        replayed = {name: value for change in told for name, value in change.new.items()}
        assert (replayed["state"], replayed["holder_id"], replayed["quota"]) == (
            row.state, str(row.holder_id), row.quota,
        )  # fmt: skip
        assert row.version == len(told)
        assert [change.at for change in told] == sorted(change.at for change in told)

    def open_to_its_holder_alone(self, row: Prefix, known: Known) -> None:
        for holder, holder_id in self.holders.items():
            passed = False
            with suppress(errors.PrefixStateForbids, errors.PrefixOfAnother):
                require_open(row, holder_id)
                passed = True
            assert passed is (known.state == "active" and holder == known.holder)


@pytest.mark.django_db
def test_prefixes_keep_their_story_under_any_sequence_of_deeds() -> None:
    machines.run_in_one_world(
        Prefixes, lambda tenant: build_world(tenant.id, machines.START), examples=4, steps=18, shrinks=False
    )
