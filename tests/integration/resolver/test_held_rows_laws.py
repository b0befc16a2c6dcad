"""Whatever is written and asked for in whichever order: what is given is what the table holds, in bounded room."""

from __future__ import annotations

import asyncio
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.resolver.fakes import FedReader, Watch

from jialiang.integration.resolver import table_feed
from jialiang.integration.resolver.held_rows import OVERHEAD, HeldRows, row_number
from jialiang.integration.resolver.table_feed import COMPARE_ALL_SECONDS, LOOK_SECONDS, TableFeed

NAMES = ["one", "two", "three"]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(NAMES), st.binary(max_size=30)),
        st.tuples(st.just("close"), st.sampled_from(NAMES), st.sampled_from([404, 410])),
        st.tuples(st.just("prefix"), st.none(), st.none()),
        st.tuples(st.just("history"), st.none(), st.none()),
        st.tuples(st.just("wait"), st.none(), st.sampled_from([0.1, LOOK_SECONDS, 1.0, COMPARE_ALL_SECONDS])),
        st.tuples(st.just("doubt"), st.none(), st.none()),
        st.tuples(st.just("ask"), st.sampled_from(NAMES), st.none()),
    ),
    max_size=40,
)


def key(name: str) -> str:
    return f"h:{name}"


@given(STEPS, st.sampled_from([0, 400, 900, 100_000]))
def test_after_the_time_of_trust_the_row_given_is_that_of_the_table(steps: list[tuple], limit: int) -> None:
    reader, watch = FedReader(), Watch()
    feed = TableFeed(reader, monotonic=watch)
    held = HeldRows(reader, feed, key, limit_bytes=limit)

    async def run() -> None:
        for kind, name, more in steps:
            if kind == "write":
                reader.write(key(name), more)
            elif kind == "close":
                reader.write(key(name), b"closed", more)
            elif kind == "prefix":
                reader.prefix("88.101.5", "suspended")
            elif kind == "history":
                reader.history += "'"
            elif kind == "wait":
                watch.seconds += more
            elif kind == "doubt":
                feed.doubt()
            else:
                await held.find(name)
            assert held.bytes_held <= limit
        watch.seconds += LOOK_SECONDS
        for name in NAMES:
            row, found = reader.rows.get(key(name)), await held.find(name)
            if row is None or not row.body:
                assert found is None
                continue
            assert found is not None
            assert found[:2] == (row.body, row_number(row.stamp))
            assert found[2] == (int(row.headers.partition('":status": "')[2][:3] or 200))

    asyncio.run(run())


@given(st.lists(st.sampled_from(NAMES), max_size=30))
def test_without_a_change_each_row_is_read_once_however_often_it_is_asked_for(asked: list[str]) -> None:
    reader, watch = FedReader(), Watch()
    held = HeldRows(reader, TableFeed(reader, monotonic=watch), key, limit_bytes=100_000)
    for name in NAMES:
        reader.write(key(name), name.encode())

    async def run() -> None:
        for name in asked:
            watch.seconds += LOOK_SECONDS
            assert (await held.find(name) or (b"",))[0] == name.encode()

    asyncio.run(run())
    assert len(reader.asked) == len(set(asked))
    assert len(held) == len(set(asked))


@pytest.mark.parametrize(("spare", "is_held"), [(-1, False), (0, True), (1, True)])
def test_a_row_that_fills_half_the_memory_is_held_and_one_byte_more_is_not(spare: int, is_held: bool) -> None:
    reader, watch = FedReader(), Watch()
    body = b"x" * 100
    size = OVERHEAD + len(body) + 20 + len("one")
    held = HeldRows(reader, TableFeed(reader, monotonic=watch), key, limit_bytes=2 * (size + spare))
    reader.write(key("one"), body)
    found = asyncio.run(held.find("one"))
    assert found is not None
    assert (len(held), held.bytes_held) == ((1, size) if is_held else (0, 0))


@pytest.mark.parametrize(
    ("stamp", "number"),
    [("1 x", 1 << 32 | crc32(b"x")), ("7", 7 << 32 | crc32(b"")), ("9223372036854775807 2026-06-16 04:07:30",
      (2**63 - 1) << 32 | crc32(b"2026-06-16 04:07:30"))],
)  # fmt: skip
def test_the_number_of_a_row_is_its_version_before_the_sum_of_its_moment(stamp: str, number: int) -> None:
    assert row_number(stamp) == number
    assert number < 1 << 96, "twelve bytes hold it"


def test_a_write_during_a_look_is_not_trusted_to_have_been_seen() -> None:
    reader, watch = FedReader(), Watch()
    feed = TableFeed(reader, monotonic=watch)

    async def run() -> None:
        look = asyncio.ensure_future(feed.look())
        while not reader.looks:
            await asyncio.sleep(0)
        feed.doubt()
        await look
        assert reader.looks == 2
        assert feed.trusted_until == watch() + LOOK_SECONDS

    asyncio.run(run())


@pytest.mark.parametrize(("changes", "touches_all"), [(20, False), (21, True)])
def test_as_many_changes_as_are_remembered_are_told_apart(
    changes: int, touches_all: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_feed, "MOST_REMEMBERED", 20)
    reader, watch = FedReader(), Watch()
    feed = TableFeed(reader, monotonic=watch)

    async def run() -> None:
        mark = await feed.look()
        for at in range(changes):
            reader.write(key(str(at)), b"x")
        watch.seconds += LOOK_SECONDS
        await feed.look()
        assert feed.is_touched(key, "0", mark)
        assert feed.is_touched(key, "another", mark) is touches_all

    asyncio.run(run())
