"""Under which prefix who may write: the holder of a prefix owns what is registered under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from jialiang.base.identifiers.counting import registered_under
from jialiang.base.identifiers.errors import PrefixForbids
from jialiang.base.prefixes.errors import QuotaReached
from jialiang.base.prefixes.selectors import prefix_by_text
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import PrefixState, label


@dataclass(frozen=True, slots=True)
class HeldPrefix:
    """A prefix that records may be written under, and the organization that holds it (None: the institute).

    ``quota`` is how many names may ever be registered under it, None for no limit.
    """

    prefix: str
    organization_id: UUID | None
    quota: int | None = None


def open_prefix(prefix: str) -> HeldPrefix:
    """Return the prefix with its holder. Raises PrefixForbids where nothing may be written under it.

    Under the installation's own prefix, which its institutes share, a record belongs to the institute.
    """
    found = prefix_by_text(prefix)
    if found is None:
        raise PrefixForbids(prefix=prefix[:80], reason=Text("本平台不管理该前缀", "it is not kept here"))
    if found.state != PrefixState.ACTIVE:
        word = label(PrefixState(found.state))
        raise PrefixForbids(prefix=found.text, reason=Text(f"前缀状态为“{word.zh}”", f"it is “{word.en}”"))
    return HeldPrefix(found.text, None if found.shared else found.holder_id, found.quota)


def require_room(held: HeldPrefix, *, adding: int, now: datetime) -> None:
    """Let ``adding`` further names pass under a prefix. Raises QuotaReached."""
    if held.quota is not None:
        require_room_beside(held, used=registered_under(held.prefix, now), adding=adding)


def require_room_beside(held: HeldPrefix, *, used: int, adding: int) -> None:
    """Let ``adding`` further names pass beside those ``used``. Raises QuotaReached."""
    if held.quota is not None and used + adding > held.quota:
        raise QuotaReached(prefix=held.prefix, quota=held.quota, used=used, adding=adding)
