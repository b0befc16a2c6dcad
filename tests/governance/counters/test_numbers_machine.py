"""Numbers under any sequence of taking, voiding, rolling back and nesting: the account is the model, without a gap."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from tests.machines import DatabaseMachine, run

from jialiang.governance.counters import selectors
from jialiang.governance.counters.errors import NumberAlreadyVoid, NumberNotFound, ReasonMissing
from jialiang.governance.counters.services import take, void
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text

SERIES = [(kind, year) for kind in ("certificate", "commission") for year in (2026, 2027)]
REASON = Text("无法完成", "it cannot be finished")


class Numbers(DatabaseMachine):
    """``book`` is what the account has to say: series → list of [number, state]."""

    def __init__(self) -> None:
        super().__init__()
        self.book: dict[tuple[str, int], list[list[str]]] = {series: [] for series in SERIES}

    def _take(self, series: tuple[str, int]) -> str:
        kind, year = series
        pattern = f"{kind[:3]}-{{year}}-{{serial:04d}}"
        return take(kind=kind, year=year, pattern=pattern, subject_id=new_id(self.now), now=self.now).number

    @rule(series=st.sampled_from(SERIES))
    def take_one(self, series: tuple[str, int]) -> None:
        number = self._take(series)
        self.book[series].append([number, "used"])
        assert number == f"{series[0][:3]}-{series[1]}-{len(self.book[series]):04d}"

    @rule(wanted=st.lists(st.sampled_from(SERIES), min_size=1, max_size=4))
    def take_several_and_roll_back(self, wanted: list[tuple[str, int]]) -> None:
        with pytest.raises(InterruptedError), transaction.atomic():
            for series in wanted:
                self._take(series)
            raise InterruptedError

    @rule(series=st.sampled_from(SERIES))
    def take_in_a_savepoint_that_fails_inside_work_that_goes_on(self, series: tuple[str, int]) -> None:
        with transaction.atomic():
            number = self._take(series)
            with pytest.raises(InterruptedError), transaction.atomic():
                self._take(series)
                raise InterruptedError
        self.book[series].append([number, "used"])

    @precondition(lambda self: any(self.book.values()))
    @rule(data=st.data())
    def void_one(self, data: Any) -> None:
        series, line = data.draw(st.sampled_from([(s, line) for s, lines in self.book.items() for line in lines]))
        if line[1] == "void":
            with pytest.raises(NumberAlreadyVoid):
                void(line[0], REASON, self.now, kind=series[0])
            return
        with pytest.raises(ReasonMissing):
            void(line[0], Text(" "), self.now, kind=series[0])
        void(line[0], REASON, self.now, kind=series[0])
        line[1] = "void"

    @precondition(lambda self: any(self.book.values()))
    @rule(data=st.data())
    def void_and_roll_back(self, data: Any) -> None:
        series, line = data.draw(st.sampled_from([(s, line) for s, lines in self.book.items() for line in lines]))
        if line[1] == "used":
            with pytest.raises(InterruptedError), transaction.atomic():
                void(line[0], REASON, self.now, kind=series[0])
                raise InterruptedError

    @rule(series=st.sampled_from(SERIES))
    def void_what_was_never_taken(self, series: tuple[str, int]) -> None:
        with pytest.raises(NumberNotFound):
            void(f"{series[0][:3]}-{series[1]}-9999", REASON, self.now, kind=series[0])

    @invariant()
    def the_account_is_the_book_without_a_gap(self) -> None:
        for (kind, year), lines in self.book.items():
            account = selectors.account(kind, year)
            assert [line.serial for line in account] == list(range(1, len(lines) + 1))
            assert [[line.number, line.state] for line in account] == lines
            assert all(bool(line.reason.zh) == (line.state == "void") for line in account)
        assert selectors.gaps() == []


def test_no_sequence_of_deeds_leaves_a_gap_or_gives_a_number_twice(db):
    run(Numbers, examples=10, steps=25)
