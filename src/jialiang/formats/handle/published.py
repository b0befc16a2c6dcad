"""Keys under which records, prefixes and GS1 keys stand among the published answers.

    h:<digest>    a record by its name; the body is the Handle JSON answer with the public values
    p:<digest>    a prefix served or delegated here; the body is a :class:`PublishedPrefix` as JSON
    g:<digest>    a GS1 key by its canonical path (``01/09506000134352/21/7``); the body is the linkset

``<digest>`` is :func:`jialiang.formats.handle.names.name_digest`. A body is given as it stands; the member
``:status`` of a row's headers, where there is one, is the HTTP status (``404`` suspended, ``410`` retired).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from jialiang.formats.handle.names import name_digest

PrefixState = Literal["active", "suspended", "delegated"]
STATUS_HEADER = ":status"


@dataclass(frozen=True, slots=True)
class PublishedPrefix:
    """What the public side knows of a prefix.

    ``site`` is the HS_SITE in its JSON form of the server that answers for a delegated prefix, else None.
    """

    prefix: str
    state: PrefixState
    site: dict[str, Any] | None = None

    def body(self) -> bytes:
        """Return the bytes to publish."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode()


def record_key(name: str) -> str:
    """Return the key of a record's answer."""
    return f"h:{name_digest(name)}"


def prefix_key(prefix: str) -> str:
    """Return the key of a prefix's answer."""
    return f"p:{name_digest(prefix)}"


def gs1_key(canonical_path: str) -> str:
    """Return the key of the linkset of a GS1 key, ``01/09506000134352`` or with qualifiers. Case counts in GS1 keys."""
    # name_digest folds case, which GS1 serial numbers must not: capitals are marked before.
    marked = "".join(f"^{letter}" if letter.isupper() or letter == "^" else letter for letter in canonical_path)
    return f"g:{name_digest(marked)}"


def published_prefix(body: bytes) -> PublishedPrefix:
    """Return the prefix that was published as ``body``."""
    return PublishedPrefix(**json.loads(body))
