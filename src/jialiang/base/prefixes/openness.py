"""Whether identifiers may be registered under a prefix."""

from __future__ import annotations

from uuid import UUID

from jialiang.base.prefixes.errors import PrefixOfAnother, PrefixStateForbids, QuotaReached
from jialiang.base.prefixes.models import Prefix
from jialiang.vocabulary.statuses import PrefixState, label


def require_open(prefix: Prefix, holder_id: UUID | None = None) -> None:
    """Let registering under a prefix pass: it is active and, where ``holder_id`` is given, held by that organization.

    The installation's own prefix is open to every organization. Raises PrefixStateForbids, PrefixOfAnother.
    """
    if prefix.state != PrefixState.ACTIVE:
        state = label(PrefixState(prefix.state))
        raise PrefixStateForbids(prefix=prefix.text, state=state, allowed=label(PrefixState.ACTIVE))
    if holder_id is not None and not prefix.shared and prefix.holder_id != holder_id:
        raise PrefixOfAnother(prefix=prefix.text)


def require_room(prefix: Prefix, *, used: int, adding: int = 1) -> None:
    """Let ``adding`` further identifiers pass beside the ``used`` ones. Raises :class:`QuotaReached`."""
    if prefix.quota is not None and used + adding > prefix.quota:
        raise QuotaReached(prefix=prefix.text, quota=prefix.quota, used=used, adding=adding)
