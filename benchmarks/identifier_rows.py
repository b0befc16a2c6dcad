"""Bulk-made published rows of identifiers, as the verbs would write them, in a database with nothing else in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from jialiang.formats.handle.json_values import answer_body
from jialiang.formats.handle.published import PublishedPrefix, prefix_key, record_key
from jialiang.formats.handle.values import HandleRecord, HandleValue
from jialiang.integration.resolver.reader import TABLE

PREFIX = "88.101.5"
HEADERS = '{"content-type": "application/json;charset=UTF-8"}'
MOMENT = "2026-06-16 07:47:30.123456"
SQLITE = (
    f"CREATE TABLE {TABLE} (key varchar(200) PRIMARY KEY, version bigint NOT NULL UNIQUE, body BLOB NOT NULL,"
    " headers text NOT NULL, not_after datetime NULL, changed_at datetime NOT NULL)"
)
POSTGRES = (
    f"CREATE TABLE {TABLE} (key varchar(200) PRIMARY KEY, version bigint NOT NULL UNIQUE, body bytea NOT NULL,"
    " headers text NOT NULL, not_after timestamptz NULL, changed_at timestamptz NOT NULL)"
)
Row = tuple[str, int, bytes, str, None, str]


def rows(count: int) -> Iterator[Row]:
    """Yield the prefix and ``count`` records of the usual size: an address, a name and a serial number."""
    yield prefix_key(PREFIX), 1, PublishedPrefix(PREFIX, "active").body(), HEADERS, None, MOMENT
    marked = record("@@").split(b"@@")
    for number in range(count):
        body = str(number).encode().join(marked)  # the same bytes as record(str(number)), made faster
        yield record_key(f"{PREFIX}/ins-{number}"), number + 2, body, HEADERS, None, MOMENT


def record(number: str) -> bytes:
    """Return the published body of one record."""
    values = (
        HandleValue(1, "URL", f"https://lab.example.cn/instruments/{number}".encode(), timestamp=1781596050),
        HandleValue(2, "NAME", "数字式温度计".encode(), timestamp=1781596050),
        HandleValue(3, "SERIAL", f"S-{number}".encode(), timestamp=1781596050),
    )
    return answer_body(HandleRecord(f"{PREFIX}/ins-{number}", values))


def filled_sqlite(path: Path, count: int) -> None:
    """Make a database file with the rows."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    quick = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-200000")
    for statement in (*quick, SQLITE, "BEGIN"):
        connection.execute(statement)
    # In the order of the keys: ten million rows in random order would write every page of the tree many times.
    ordered = sorted(rows(count)) if count <= 1_000_000 else rows(count)
    connection.executemany(f"INSERT INTO {TABLE} VALUES (?, ?, ?, ?, ?, ?)", ordered)
    connection.execute("COMMIT")
    connection.close()


def filled_postgres(address: str, count: int) -> str:
    """Make the table in an empty PostgreSQL database and return its address as the settings want it."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP TABLE IF EXISTS {TABLE}")
        connection.execute(POSTGRES)
        with connection.cursor().copy(f"COPY {TABLE} FROM STDIN") as copy:
            for row in rows(count):
                copy.write_row(row)
        connection.execute(f"ANALYZE {TABLE}")
    given = conninfo_to_dict(address)
    user, name = given.get("user", "postgres"), given.get("dbname", "postgres")
    password = f":{quote(str(given['password']), safe='')}" if given.get("password") else ""
    host = quote(str(given.get("host", "127.0.0.1")), safe="")
    return f"postgresql://{user}{password}@{host}:{given.get('port', 5432)}/{name}"


def postgres_bytes(address: str) -> int:
    """Return how much the table and its keys take of a PostgreSQL database."""
    with psycopg.connect(address, autocommit=True) as connection:
        row = connection.execute("SELECT pg_total_relation_size(%s)", [TABLE]).fetchone()
    return int(row[0]) if row else 0
