"""Both readers against a real database: the same behaviour, seen through the same tests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo
from tests.integration.resolver.tables import HEADERS, PostgresTable, SqliteTable

from jialiang.governance.publication.models import PublishedAnswer
from jialiang.integration.resolver import postgres_reader, sqlite_reader
from jialiang.integration.resolver.postgres_reader import PostgresReader
from jialiang.integration.resolver.reader import (
    TABLE,
    UNCHANGED,
    AnswerReader,
    AnswersUnavailable,
    Row,
    Unchanged,
)
from jialiang.integration.resolver.sqlite_reader import SqliteReader, seconds

Table = SqliteTable | PostgresTable
Found = Row | Unchanged | None


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Table]:
    if request.param == "sqlite":
        made: Table = SqliteTable(tmp_path / "answers.sqlite3")
    else:
        made = PostgresTable(request.getfixturevalue("postgres_address"))
    yield made
    made.close()


def run(table: Table, work: Callable[[AnswerReader], Awaitable[object]]) -> object:
    async def working() -> object:
        reader: AnswerReader = (
            SqliteReader(table.path) if isinstance(table, SqliteTable) else PostgresReader(table.address)
        )
        try:
            return await work(reader)
        finally:
            await reader.close()

    return asyncio.run(working())


def test_a_row_comes_as_it_was_written(table: Table) -> None:
    table.put("a:1:zh", 7, b"\x00\xff bytes", not_after="2027-01-01 00:00:00.500000")
    row = run(table, lambda reader: reader.read("a:1:zh", None))
    assert isinstance(row, Row)
    assert (row.body, row.headers) == (b"\x00\xff bytes", HEADERS)
    assert row.not_after == datetime(2027, 1, 1, 0, 0, 0, 500000, tzinfo=UTC).timestamp()


def test_what_is_not_there_is_none_with_and_without_a_stamp(table: Table) -> None:
    async def twice(reader: AnswerReader) -> list[Found]:
        return [await reader.read("nothing", None), await reader.read("nothing", "1 2026")]

    assert run(table, twice) == [None, None]


def test_the_same_stamp_brings_no_body_and_another_one_does(table: Table) -> None:
    table.put("a", 1, b"one")

    async def change(reader: AnswerReader) -> list[Found]:
        first = await reader.read("a", None)
        assert isinstance(first, Row)
        again = await reader.read("a", first.stamp)
        table.put("a", 2, b"two")
        changed = await reader.read("a", first.stamp)
        table.remove("a")
        return [again, changed, await reader.read("a", first.stamp)]

    again, changed, removed = run(table, change)
    assert again is UNCHANGED
    assert isinstance(changed, Row)
    assert changed.body == b"two"
    assert removed is None


def test_a_version_that_returns_with_another_time_is_another_row(table: Table) -> None:
    table.put("a", 1, b"one")
    row = run(table, lambda reader: reader.read("a", "1 2020-01-01 00:00:00"))
    assert isinstance(row, Row)


def test_many_at_once_each_get_their_own(table: Table) -> None:
    for number in range(40):
        table.put(f"k{number}", number, b"%d" % number)

    async def gather(reader: AnswerReader) -> list[Found]:
        return await asyncio.gather(*(reader.read(f"k{number % 50}", None) for number in range(200)))

    found = run(table, gather)
    assert [row and row.body for row in found] == [
        b"%d" % (number % 50) if number % 50 < 40 else None for number in range(200)
    ]


def test_quotes_and_odd_keys_are_only_keys(table: Table) -> None:
    table.put("a", 1, b"one")
    assert run(table, lambda reader: reader.read("' OR 1=1 --", None)) is None


def test_a_missing_table_is_an_outage_that_passes(table: Table) -> None:
    async def lose_and_find(reader: AnswerReader) -> Found:
        table._connection.execute(f"ALTER TABLE {TABLE} RENAME TO away")
        with pytest.raises(AnswersUnavailable) as outage:
            await reader.read("a", None)
        assert TABLE in str(outage.value.facts["reason"])
        table._connection.execute(f"ALTER TABLE away RENAME TO {TABLE}")
        table.put("a", 1, b"back")
        return await reader.read("a", None)

    row = run(table, lose_and_find)
    assert isinstance(row, Row)
    assert row.body == b"back"


def test_the_reader_cannot_write(table: Table) -> None:
    async def write(reader: AnswerReader) -> None:
        await reader.read("a", None)
        if isinstance(reader, SqliteReader):
            reader._connected().execute(f"DELETE FROM {TABLE}")
        else:
            await reader._connection.execute(f"DELETE FROM {TABLE}")

    with pytest.raises(Exception, match=r"read-?only"):
        run(table, write)


def test_the_table_and_its_columns_are_those_of_the_model() -> None:
    assert PublishedAnswer._meta.db_table == TABLE
    columns = {field.column for field in PublishedAnswer._meta.concrete_fields}
    assert columns >= {"key", "version", "body", "headers", "not_after", "changed_at"}


def test_no_file_is_an_outage(tmp_path: Path) -> None:
    with pytest.raises(AnswersUnavailable):
        asyncio.run(SqliteReader(tmp_path / "none.sqlite3").read("a", None))


def test_a_restored_file_is_noticed(tmp_path: Path) -> None:
    old, new = SqliteTable(tmp_path / "answers.sqlite3"), SqliteTable(tmp_path / "restored.sqlite3")
    old.put("a", 1, b"old")
    new.put("a", 1, b"restored")
    new._connection.execute("PRAGMA journal_mode=DELETE")
    new.close()
    now = [0.0]

    async def restore() -> bytes:
        reader = SqliteReader(old.path, monotonic=lambda: now[0])
        await reader.read("a", None)
        old.close()
        for companion in ("-wal", "-shm"):  # left behind, they would be read as the new file's
            Path(f"{old.path}{companion}").unlink(missing_ok=True)
        (tmp_path / "restored.sqlite3").replace(old.path)
        now[0] = 0.6
        row = await reader.read("a", None)
        await reader.close()
        return row.body

    assert asyncio.run(restore()) == b"restored"


def test_a_stored_time_without_zone_is_utc() -> None:
    assert seconds("2026-06-16 07:47:30") == datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC).timestamp()
    assert seconds(None) is None


@pytest.mark.postgres
def test_a_server_that_comes_back_is_found_again(postgres_address: str) -> None:
    table = PostgresTable(postgres_address)
    table.put("a", 1, b"one")

    async def cut(reader: AnswerReader) -> Found:
        await reader.read("a", None)
        table._connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        with pytest.raises(AnswersUnavailable):
            await reader.read("a", None)
        return await reader.read("a", None)

    assert isinstance(run(table, cut), Row)
    table.close()


def test_no_server_is_an_outage(tmp_path: Path) -> None:
    with pytest.raises(AnswersUnavailable):
        asyncio.run(PostgresReader(f"host={tmp_path} user=x dbname=x").read("a", None))


def test_readers_open_from_the_description_django_uses(tmp_path: Path) -> None:
    lite = sqlite_reader.opened({"NAME": str(tmp_path / "a.sqlite3")})
    assert lite._path == tmp_path / "a.sqlite3"
    described = {
        "NAME": "jl",
        "USER": "u",
        "PASSWORD": "p w",
        "HOST": "h",
        "PORT": "",
        "OPTIONS": {"sslmode": "require"},
    }
    expected = make_conninfo(dbname="jl", user="u", password="p w", host="h", sslmode="require")
    assert postgres_reader.opened(described)._address == expected


def test_the_newest_row_and_what_is_newer_are_told(table: Table) -> None:
    async def look(reader: AnswerReader) -> list[object]:
        empty = await reader.pulse()
        table.put("h:1", 7, b"one")
        table.put("h:2", 9, b"two")
        newest = await reader.pulse()
        table.put("h:1", 12, b"again")
        return [
            empty,
            newest,
            await reader.pulse(),
            await reader.changed_after(7, 10),
            await reader.changed_after(0, 1),
        ]

    empty, newest, newer, changed, first = run(table, look)
    assert (empty.version, newest.version, newer.version) == (0, 9, 12)
    assert newest.history == newer.history
    assert newest.changed_at
    assert changed == ["h:2", "h:1"]
    assert first == ["h:2"]


def test_a_table_written_anew_is_another_history(table: Table) -> None:
    table.put("h:1", 7, b"one")

    async def look(reader: AnswerReader) -> list[object]:
        before = await reader.pulse()
        if isinstance(table, SqliteTable):
            table.path.rename(table.path.with_suffix(".old"))
            other = SqliteTable(table.path)
            other.put("h:1", 7, b"two")
            other.close()
            await asyncio.sleep(sqlite_reader.LOOK_FOR_ANOTHER_FILE + 0.05)
        else:
            table._connection.execute(f"TRUNCATE {TABLE}")
            table.put("h:1", 7, b"two")
        return [before, await reader.pulse()]

    before, after = run(table, look)
    assert before.version == after.version
    assert before.history != after.history


def test_a_table_that_cannot_be_asked_for_its_newest_row_is_unavailable(tmp_path: Path) -> None:
    reader = SqliteReader(tmp_path / "none.sqlite3")
    for asked in (reader.pulse, lambda: reader.changed_after(0, 1)):
        with pytest.raises(AnswersUnavailable):
            asyncio.run(asked())


@pytest.mark.postgres
def test_a_server_that_cannot_be_asked_for_its_newest_row_is_unavailable(tmp_path: Path) -> None:
    async def ask() -> None:
        reader = PostgresReader(make_conninfo(host=str(tmp_path), dbname="none"))
        with pytest.raises(AnswersUnavailable):
            await reader.pulse()
        with pytest.raises(AnswersUnavailable):
            await reader.changed_after(0, 1)

    asyncio.run(ask())
