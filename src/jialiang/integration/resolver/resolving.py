"""From a name to what may be said of it in public: the record, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jialiang.formats.handle.json_values import compact, refusal_json
from jialiang.formats.handle.names import BadHandle, parsed_handle
from jialiang.formats.handle.published import (
    PublishedPrefix,
    gs1_key,
    prefix_key,
    published_prefix,
    record_key,
)
from jialiang.formats.handle.values import ResponseCode
from jialiang.integration.resolver.held_rows import HeldRow, HeldRows
from jialiang.integration.resolver.table_feed import FeedReader, TableFeed

PREFIX_RECORDS = "0.NA"
"""Under this prefix stand the records of prefixes themselves: ``0.NA/88.101.5``."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a name has no values here; ``site`` is the server that has them, in its JSON form."""

    code: ResponseCode
    status: int
    name: str
    message: str
    outcome: str
    site: dict[str, Any] | None = None

    def body(self) -> bytes:
        """Return it as Handle JSON."""
        told = refusal_json(self.code, self.name, self.message)
        if self.outcome == "suspended":
            told["state"] = self.outcome
        return compact(told)


class Resolver:
    """Finds records, prefixes and linksets by their names."""

    def __init__(self, reader: FeedReader, feed: TableFeed, *, limit_bytes: int) -> None:
        """``limit_bytes`` bounds what is held: 7/8 for records, 1/16 each for linksets and prefixes."""
        self.feed = feed
        self._records = HeldRows(reader, feed, record_key, limit_bytes=limit_bytes // 8 * 7)
        self._linksets = HeldRows(reader, feed, gs1_key, limit_bytes=limit_bytes // 16)
        self._prefixes = HeldRows(reader, feed, prefix_key, limit_bytes=limit_bytes // 16)

    @property
    def bytes_held(self) -> int:
        """The memory taken, estimated."""
        return self._records.bytes_held + self._linksets.bytes_held + self._prefixes.bytes_held

    def at_hand(self, name: str) -> HeldRow | None:
        """Return the record's row if memory alone may give it; its prefix is then in force as well."""
        return self._records.at_hand(name)

    async def record(self, name: str) -> HeldRow | Refusal:
        """Return the row of a record: status 200 with values, or another status with a body that says why."""
        try:
            parsed = parsed_handle(name)
        except BadHandle as problem:
            return Refusal(ResponseCode.INVALID_HANDLE, 400, name[:200], problem.what.en, "refused")
        of_prefix = parsed.suffix if parsed.prefix.upper() == PREFIX_RECORDS else parsed.prefix
        refused = _refused(name, await self.prefix(of_prefix))
        if refused is not None:
            return refused
        row = await self._records.find(name)
        return row or Refusal(ResponseCode.HANDLE_NOT_FOUND, 404, name, "Identifier not found", "not_found")

    async def prefix(self, prefix: str) -> PublishedPrefix | None:
        """Return what is published of a prefix, None where it is not served here."""
        row = await self._prefixes.find(prefix)
        return None if row is None else published_prefix(row[0])

    async def linkset(self, path: str) -> HeldRow | None:
        """Return the row of the linkset of a GS1 key by its canonical path, ``01/09506000134352``."""
        return await self._linksets.find(path)


def _refused(name: str, prefix: PublishedPrefix | None) -> Refusal | None:
    if prefix is None:
        message = "This server is not responsible for the prefix"
        return Refusal(ResponseCode.SERVER_NOT_RESPONSIBLE, 400, name, message, "refused")
    if prefix.state == "suspended":
        return Refusal(ResponseCode.HANDLE_NOT_FOUND, 404, name, "The prefix is suspended", "suspended")
    if prefix.state == "delegated":
        message = "Another server is responsible for the prefix"
        return Refusal(ResponseCode.PREFIX_REFERRAL, 400, name, message, "refused", prefix.site)
    return None
