"""The table of published answers as the two databases hold it, written as the control plane would."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg

from jialiang.integration.resolver.reader import TABLE

SQLITE = (
    f"CREATE TABLE {TABLE} (key varchar(200) PRIMARY KEY, version bigint NOT NULL UNIQUE, body BLOB NOT NULL,"
    " headers text NOT NULL, not_after datetime NULL, changed_at datetime NOT NULL)"
)
POSTGRES = (
    f"CREATE TABLE {TABLE} (key varchar(200) PRIMARY KEY, version bigint NOT NULL UNIQUE, body bytea NOT NULL,"
    " headers text NOT NULL, not_after timestamptz NULL, changed_at timestamptz NOT NULL)"
)
HEADERS = '{"Content-Type": "application/json"}'


class SqliteTable:
    """A database file with the table; what is put is committed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute(SQLITE)

    def put(
        self, key: str, version: int, body: bytes, not_after: str | None = None, headers: str = HEADERS
    ) -> None:
        row = (key, version, body, headers, not_after, "2026-06-16 07:47:30.123456")
        self._connection.execute(f"INSERT OR REPLACE INTO {TABLE} VALUES (?, ?, ?, ?, ?, ?)", row)

    def remove(self, key: str) -> None:
        self._connection.execute(f"DELETE FROM {TABLE} WHERE key = ?", (key,))

    def close(self) -> None:
        self._connection.close()


class PostgresTable:
    """A database with the table; what is put is committed."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._connection = psycopg.connect(address, autocommit=True)
        self._connection.execute(f"DROP TABLE IF EXISTS {TABLE}")
        self._connection.execute(POSTGRES)

    def put(
        self, key: str, version: int, body: bytes, not_after: str | None = None, headers: str = HEADERS
    ) -> None:
        zoned = None if not_after is None else f"{not_after}+00"
        row = (key, version, body, headers, zoned, "2026-06-16 07:47:30.123456+00")
        self._connection.execute(
            f"INSERT INTO {TABLE} VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO UPDATE SET"
            " version = excluded.version, body = excluded.body, headers = excluded.headers,"
            " not_after = excluded.not_after, changed_at = excluded.changed_at",
            row,
        )

    def remove(self, key: str) -> None:
        self._connection.execute(f"DELETE FROM {TABLE} WHERE key = %s", (key,))

    def close(self) -> None:
        self._connection.close()
