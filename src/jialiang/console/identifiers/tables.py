"""The table that somebody is about to import: kept for an hour between the trial and the import itself."""

from __future__ import annotations

import io
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from django.core.cache import cache

from jialiang.formats.identifier_tables import TableRefused, TableRow, kind_of_name, read_table
from jialiang.formats.identifier_tables.reading import Kind
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor

LARGEST = 10 * 1024 * 1024
MOST_ROWS = 20_000
KEPT_SECONDS = 3600


class KeptTable(NamedTuple):
    """A file with its name and kind; ``digest`` tells it from one that was uploaded later."""

    name: str
    kind: Kind
    data: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes."""
        return sha256(self.data).hexdigest()


def keep(actor: Actor, name: str, data: bytes) -> KeptTable:
    """Keep the one table of a person. Raises TableRefused for a name that tells no kind, and for a file too large."""
    if len(data) > LARGEST:
        raise TableRefused(reason=Text("文件大于 10 MB", "the file is larger than 10 MB"))
    table = KeptTable(name, kind_of_name(name), data)
    cache.set(_key(actor), tuple(table), KEPT_SECONDS)
    return table


def kept(actor: Actor, digest: str) -> KeptTable | None:
    """Return the table of a person if it still is the one of this digest."""
    found = cache.get(_key(actor))
    table = KeptTable(*found) if found else None
    return table if table and table.digest == digest else None


def rows_of(table: KeptTable) -> Iterator[TableRow]:
    """Yield the rows of a table. Raises TableRefused where it is none, or has more than 20 000 rows."""
    for number, row in enumerate(read_table(io.BytesIO(table.data), table.kind), 1):
        if number > MOST_ROWS:
            why = Text(f"多于 {MOST_ROWS} 行，请拆分", f"it has more than {MOST_ROWS} rows: divide it")
            raise TableRefused(reason=why)
        yield row


def _key(actor: Actor) -> str:
    return f"identifier-table:{actor.tenant_id}:{actor.person_id}"
