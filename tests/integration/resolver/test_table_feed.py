"""The feed of changes: what was current stays so while nothing changed, and whatever changed is noticed in time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.integration.resolver.fakes import FedReader, Watch

from jialiang.integration.resolver import table_feed
from jialiang.integration.resolver.held_rows import HeldRows
from jialiang.integration.resolver.reader import AnswersUnavailable
from jialiang.integration.resolver.table_feed import COMPARE_ALL_SECONDS, LOOK_SECONDS, TableFeed


class Feed:
    """A feed of a table in hand, with a clock moved by hand."""

    def __init__(self) -> None:
        self.reader, self.watch = FedReader(), Watch()
        self.feed = TableFeed(self.reader, monotonic=self.watch)
        self.reader.write("h:one", b"1")

    def look(self, after: float = 0.0) -> int:
        self.watch.seconds += after
        return asyncio.run(self.feed.look())


@pytest.fixture
def feed() -> Feed:
    return Feed()


def test_nothing_that_was_held_before_the_first_look_is_current(feed: Feed) -> None:
    before = feed.feed.mark
    assert feed.look() > before
    assert feed.feed.is_touched(str, "h:one", before)


def test_within_its_time_no_question_is_asked(feed: Feed) -> None:
    feed.look()
    feed.look(LOOK_SECONDS - 0.01)
    assert feed.reader.looks == 1
    feed.look(0.01)
    assert feed.reader.looks == 2


def test_while_nothing_changes_the_mark_stays(feed: Feed) -> None:
    first = feed.look()
    assert [feed.look(1.0) for _ in range(5)] == [first] * 5
    assert not feed.feed.is_touched(str, "h:one", first)


def test_only_the_rows_that_changed_are_touched(feed: Feed) -> None:
    first = feed.look()
    feed.reader.write("h:two", b"2")
    second = feed.look(1.0)
    assert second > first
    assert feed.feed.is_touched(str, "h:two", first)
    assert not feed.feed.is_touched(str, "h:one", first)
    assert not feed.feed.is_touched(str, "h:two", second)


def test_a_prefix_touches_everything(feed: Feed) -> None:
    first = feed.look()
    feed.reader.prefix("88.101.5", "suspended")
    feed.look(1.0)
    assert feed.feed.is_touched(str, "h:one", first)


@pytest.mark.parametrize("history", ["file 2", "file 1"])
def test_another_table_under_the_name_touches_everything(feed: Feed, history: str) -> None:
    first = feed.look()
    feed.reader.history = history
    feed.reader.last -= 1 if history == "file 1" else 0  # a database put back runs backwards
    feed.look(1.0)
    assert feed.feed.is_touched(str, "h:one", first)


def test_more_changes_than_are_remembered_touch_everything(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_feed, "MOST_REMEMBERED", 3)
    first = feed.look()
    for number in range(2):
        feed.reader.write(f"h:{number}", b"x")
    feed.look(1.0)
    assert not feed.feed.is_touched(str, "h:one", first)
    for number in range(2, 4):
        feed.reader.write(f"h:{number}", b"x")
    feed.look(1.0)
    assert feed.feed.is_touched(str, "h:one", first)


def test_after_some_minutes_everything_is_compared_whatever_the_table_says(feed: Feed) -> None:
    first = feed.look()
    feed.look(COMPARE_ALL_SECONDS)
    assert feed.feed.is_touched(str, "h:one", first)


def test_many_who_ask_at_the_same_moment_wait_for_one_look(feed: Feed) -> None:
    async def many() -> list[int]:
        return await asyncio.gather(*(feed.feed.look() for _ in range(50)))

    assert len(set(asyncio.run(many()))) == 1
    assert feed.reader.looks == 1


def test_a_table_that_cannot_be_read_is_told_and_looked_at_again(feed: Feed) -> None:
    feed.look()
    feed.reader.broken = True
    for _ in range(2):
        with pytest.raises(AnswersUnavailable):
            feed.look(1.0)
    feed.reader.broken = False
    feed.look()
    assert feed.reader.looks == 4


def held(reader: FedReader, watch: Watch, limit: int = 1_000_000) -> HeldRows:
    return HeldRows(reader, TableFeed(reader, monotonic=watch), "h:{}".format, limit_bytes=limit)


def run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return asyncio.run(work())


def test_a_row_is_read_once_and_then_given_from_memory() -> None:
    reader, watch = FedReader(), Watch()
    reader.write("h:one", b"first")
    rows = held(reader, watch)
    assert rows.at_hand("one") is None
    found = run(lambda: rows.find("one"))
    assert found is not None
    assert found[0] == b"first"
    assert rows.at_hand("one") == found
    watch.seconds += 5
    assert run(lambda: rows.find("one"))[:3] == found[:3]
    assert [key for key, _ in reader.asked] == ["h:one"]


def test_a_changed_row_is_read_anew_and_its_number_is_another() -> None:
    reader, watch = FedReader(), Watch()
    reader.write("h:one", b"first")
    rows = held(reader, watch)
    first = run(lambda: rows.find("one"))
    reader.write("h:one", b"second", 410)
    watch.seconds += 1
    second = run(lambda: rows.find("one"))
    assert (second[0], second[2]) == (b"second", 410)
    assert second[1] != first[1]


def test_an_emptied_row_is_none_and_takes_no_memory() -> None:
    reader, watch = FedReader(), Watch()
    reader.write("h:one", b"first")
    rows = held(reader, watch)
    run(lambda: rows.find("one"))
    reader.write("h:one", b"")
    watch.seconds += 1
    assert run(lambda: rows.find("one")) is None
    assert (len(rows), rows.bytes_held) == (0, 0)


def test_headers_that_cannot_be_read_are_no_answer() -> None:
    reader, watch = FedReader(), Watch()
    reader.write("h:one", b"first")
    row = reader.rows["h:one"]
    for headers in ('{":status": "gone"}', '":status"', '{":status"'):
        reader.rows["h:one"] = type(row)(row.stamp, row.body, headers, None)
        with pytest.raises(AnswersUnavailable):
            run(lambda: held(reader, watch).find("one"))


def test_memory_is_bounded_and_keeps_what_is_asked_for() -> None:
    reader, watch = FedReader(), Watch()
    rows = held(reader, watch, limit=20_000)

    async def work() -> None:
        for number in range(200):
            reader.write(f"h:{number}", b"x" * 300)
        for number in range(200):
            await rows.find("0")
            await rows.find(f"{number}")
            assert rows.bytes_held <= 20_000

    run(work)
    assert rows.at_hand("0") is not None
    assert rows.at_hand("1") is None
    assert 10 < len(rows) < 40


def test_what_is_larger_than_the_room_is_given_and_not_held() -> None:
    reader, watch = FedReader(), Watch()
    reader.write("h:one", b"x" * 5000)
    rows = held(reader, watch, limit=8000)
    assert run(lambda: rows.find("one"))[0] == b"x" * 5000
    assert len(rows) == 0


class EveryChangeIsSeen(RuleBasedStateMachine):
    """Whatever is written, looked at and asked in whatever order: nothing older than a look is ever given."""

    def __init__(self) -> None:
        super().__init__()
        self.reader, self.watch = FedReader(), Watch()
        self.rows = held(self.reader, self.watch, limit=4000)

    @rule(key=st.sampled_from("abcde"), body=st.binary(max_size=40))
    def write(self, key: str, body: bytes) -> None:
        self.reader.write(f"h:{key}", body)

    @rule(seconds=st.sampled_from([0.1, LOOK_SECONDS, 1.0, COMPARE_ALL_SECONDS]))
    def wait(self, seconds: float) -> None:
        self.watch.seconds += seconds

    @rule(key=st.sampled_from("abcde"))
    def ask_after_the_time_has_run_out(self, key: str) -> None:
        self.watch.seconds += LOOK_SECONDS
        found = run(lambda: self.rows.find(key))
        row = self.reader.rows.get(f"h:{key}")
        assert (found[0] if found else b"") == (row.body if row else b"")

    @rule()
    def put_back(self) -> None:
        self.reader.history += "'"
        self.reader.last = 0

    @invariant()
    def memory_is_bounded(self) -> None:
        assert self.rows.bytes_held <= 4000
        assert (self.rows.bytes_held == 0) == (len(self.rows) == 0)


TestEveryChangeIsSeen = EveryChangeIsSeen.TestCase


def test_after_a_doubt_the_table_is_looked_at_again_even_while_a_look_is_under_way(feed: Feed) -> None:
    async def doubted() -> None:
        first = asyncio.create_task(feed.feed.look())
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # the look has asked the table
        feed.reader.write("h:two", b"2")
        feed.feed.doubt()
        await first

    feed.look()
    before = feed.feed.mark
    feed.watch.seconds += 1
    asyncio.run(doubted())
    assert feed.feed.is_touched(str, "h:two", before)
    feed.feed.doubt()
    looks = feed.reader.looks
    feed.look()
    assert feed.reader.looks == looks + 1
