"""Published answers from PostgreSQL: what many requests miss at the same moment is asked in one query."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from jialiang.integration.resolver.reader import TABLE, UNCHANGED, AnswersUnavailable, Row, Unchanged
from jialiang.integration.resolver.table_feed import Pulse

PATIENCE = 2.0  # seconds for connecting and for one query
QUERY = f"""
    SELECT wanted.key, wanted.known, answer.stamp,
           CASE WHEN answer.stamp = wanted.known THEN NULL ELSE answer.body END,
           answer.headers, extract(epoch FROM answer.not_after)::float8
    FROM unnest(%s::text[], %s::text[]) AS wanted (key, known)
    JOIN (SELECT key, version || ' ' || changed_at::timestamptz AS stamp, body, headers, not_after FROM {TABLE})
         AS answer USING (key)
"""  # noqa: S608 a constant
NEWEST = f"""
    SELECT pg_relation_filenode('{TABLE}')::text, version, changed_at::text FROM {TABLE} ORDER BY version DESC LIMIT 1
"""  # noqa: S608 a constant
NEWER = f"SELECT key FROM {TABLE} WHERE version > %s ORDER BY version LIMIT %s"  # noqa: S608

Wanted = tuple[str, str | None]


def opened(described: Mapping[str, Any]) -> PostgresReader:
    """Make the reader of a database described as in Django's DATABASES."""
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {parameter: described[name] for parameter, name in names.items() if described.get(name)}
    return PostgresReader(make_conninfo(**given, **described.get("OPTIONS", {})))


class PostgresReader:
    """An :class:`~jialiang.integration.resolver.reader.AnswerReader` of the database at ``address`` (libpq form)."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: psycopg.AsyncConnection | None = None
        self._connections = 0
        self._connecting = asyncio.Lock()
        self._waiting: dict[Wanted, asyncio.Future[Row | Unchanged | None]] = {}
        self._work: asyncio.Task[None] | None = None

    async def read(self, key: str, known_stamp: str | None) -> Row | Unchanged | None:
        """Join the next query: one is under way at a time, and each takes along all that has gathered."""
        wanted = (key, known_stamp)
        future = self._waiting.get(wanted)
        if future is None:
            future = self._waiting[wanted] = asyncio.get_running_loop().create_future()
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._ask_while_anything_waits())
        return await asyncio.shield(future)

    async def pulse(self) -> Pulse:
        """Return the newest row; a table written anew and a new connection are another history."""
        newest = await self._rows(NEWEST, ())
        file, version, changed_at = newest[0] if newest else ("", 0, "")
        return Pulse(f"{self._connections} {file}", version, changed_at)

    async def changed_after(self, version: int, limit: int) -> list[str]:
        """Return the keys of at most ``limit`` rows above ``version``."""
        return [row[0] for row in await self._rows(NEWER, (version, limit))]

    async def close(self) -> None:
        """End the running query and close the connection."""
        if self._work is not None:
            self._work.cancel()
        await self._drop()

    async def _ask_while_anything_waits(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, {}
            try:
                async with asyncio.timeout(PATIENCE):
                    found = await self._ask(list(batch))
            except (psycopg.Error, OSError, TimeoutError) as problem:
                await self._drop()
                for future in batch.values():
                    future.set_exception(AnswersUnavailable(reason=str(problem) or type(problem).__name__))
                    future.exception()  # seen, even when the one who asked has gone
            else:
                for wanted, future in batch.items():
                    future.set_result(found.get(wanted))

    async def _rows(self, query: str, given: tuple[int, ...]) -> list[tuple[Any, ...]]:
        try:
            async with asyncio.timeout(PATIENCE):
                connection = await self._connected()
                return await (await connection.execute(query, given)).fetchall()
        except (psycopg.Error, OSError, TimeoutError) as problem:
            await self._drop()
            raise AnswersUnavailable(reason=str(problem) or type(problem).__name__) from problem

    async def _connected(self) -> psycopg.AsyncConnection:
        async with self._connecting:
            if self._connection is None:
                self._connection = await psycopg.AsyncConnection.connect(
                    self._address,
                    autocommit=True,
                    options="-c default_transaction_read_only=on -c timezone=UTC",
                )
                self._connections += 1
            return self._connection

    async def _ask(self, wanted: list[Wanted]) -> dict[Wanted, Row | Unchanged]:
        keys, stamps = [key for key, _ in wanted], [stamp for _, stamp in wanted]
        cursor = await (await self._connected()).execute(QUERY, (keys, stamps), binary=True)
        return {
            (key, known): UNCHANGED if body is None else Row(stamp, bytes(body), headers, not_after)
            async for key, known, stamp, body, headers, not_after in cursor
        }

    async def _drop(self) -> None:
        if self._connection is not None:
            await self._connection.close()
        self._connection = None
