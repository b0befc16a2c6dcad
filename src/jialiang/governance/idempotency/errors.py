"""Errors of idempotency keys."""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, InvalidInput


class KeyReused(InvalidInput):
    """The key came before with another request; facts: ``key``."""

    code = "JL-API-011"


class KeyInUse(Conflict):
    """The request with this key is still being worked on; facts: ``key``, ``seconds``."""

    code = "JL-API-012"
