"""Checks of certificates are counted with what came of them and by which way they were asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from tests.integration.resolver.fakes import NOON, Request
from tests.integration.resolver.test_front import BY_NUMBER, CODE, IDENTIFIER, House

from jialiang.formats.handle.count_log import Counted, read_log
from jialiang.integration.resolver.answers import TRUSTED_SECONDS, Answers
from jialiang.integration.resolver.clients import TrustedProxies
from jialiang.integration.resolver.counting import Counts
from jialiang.integration.resolver.front import CHECKS, Front
from jialiang.integration.resolver.misses import MissLimit


class CountingHouse(House):
    """A front that counts into a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(per_minute=1000)
        self.folder = folder
        self.counts = Counts(folder, clock=lambda: self.now)
        self.front = Front(
            Answers(self.reader, limit_bytes=1_000_000, monotonic=self.watch),
            MissLimit(1000, monotonic=self.watch),
            TrustedProxies([]),
            self.handover,
            counts=self.counts,
            clock=lambda: self.now,
        )

    def told(self) -> dict[Counted, int]:
        """End the log and return what stands in it."""
        self.counts.close()
        told: Counter[Counted] = Counter()
        for path in self.folder.iterdir():
            for line in read_log(path.read_bytes()).lines:
                told.update(line.counts)
        return dict(told)


@pytest.fixture
def house(tmp_path: Path) -> CountingHouse:
    return CountingHouse(tmp_path)


def test_every_combination_has_its_name() -> None:
    assert {counted.kind for counted in CHECKS.values()} == {"authenticity"}
    assert {(counted.outcome, counted.carrier) for counted in CHECKS.values()} == set(CHECKS)


def test_a_check_by_number_is_counted_each_time_it_is_answered(house: CountingHouse) -> None:
    for _ in range(3):
        assert house.check().status == 200
    assert house.told() == {CHECKS["found", "none"]: 3}


def test_a_scanned_symbol_is_told_apart_from_a_typed_number(house: CountingHouse) -> None:
    house.ask(Request(f"/c/{IDENTIFIER}", f"k={CODE}"))
    house.ask(Request(f"/c/{IDENTIFIER}", f"k={CODE}"))
    house.ask(Request(f"/api/v1/authenticity/{IDENTIFIER}", f"k={CODE}"))
    assert house.told() == {CHECKS["found", "qr"]: 2, CHECKS["found", "none"]: 1}


def test_what_was_not_found_is_counted_as_such(house: CountingHouse) -> None:
    house.check("number=JL-NONE&code=K7QM3XRD9FWTP")
    house.ask(Request(f"/c/{IDENTIFIER}", "k=wrong"))
    assert house.told() == {CHECKS["not_found", "none"]: 1, CHECKS["not_found", "qr"]: 1}


def test_an_answer_that_was_compared_with_the_table_is_counted_once(house: CountingHouse) -> None:
    house.check()
    house.watch.seconds += TRUSTED_SECONDS + 0.1
    house.check()
    assert house.told() == {CHECKS["found", "none"]: 2}


def test_what_could_not_be_answered_is_not_counted(house: CountingHouse) -> None:
    house.reader.broken = True
    assert house.check().status == 503
    assert house.told() == {}


def test_what_is_handed_over_is_not_counted_here(house: CountingHouse) -> None:
    house.ask(Request("/instruments/", ""))
    house.ask(Request("/check", ""))
    assert house.told() == {}


def test_counts_are_written_down_every_second_by_the_servers_loop(house: CountingHouse) -> None:
    async def served() -> None:
        loop = asyncio.get_running_loop()
        house.front.__rsgi_init__(loop)
        await asyncio.sleep(0)
        house.front.__rsgi_del__(loop)

    asyncio.run(served())
    (path,) = house.folder.iterdir()
    log = read_log(path.read_bytes())
    assert log.closed == int(NOON)


def test_a_front_without_a_folder_counts_nothing_and_answers_all_the_same() -> None:
    house = House()
    assert house.check(BY_NUMBER).status == 200
