"""The published answer of a prefix, which the public front reads and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from jialiang.base.prefixes.models import Prefix
from jialiang.formats.handle import published
from jialiang.governance.publication.answers import Answer
from jialiang.governance.publication.services import publish, retire
from jialiang.vocabulary.statuses import PrefixState

HEADERS = {"content-type": "application/json"}


def publish_prefix(prefix: Prefix, now: datetime) -> None:
    """Write what the public side knows of a prefix; of a withdrawn one, nothing."""
    key = published.prefix_key(prefix.text)
    if prefix.state == PrefixState.WITHDRAWN:
        retire(key)
        return
    state = cast(published.PrefixState, str(prefix.state))
    site = prefix.site if prefix.state == PrefixState.DELEGATED else None
    body = published.PublishedPrefix(prefix.text, state, site).body()
    publish([Answer(key, body, HEADERS)], now)
