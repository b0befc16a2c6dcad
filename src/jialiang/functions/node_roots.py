"""The root of a subordinate node: by its key the signatures of the node's reports are checked."""

from __future__ import annotations

import json

from jialiang.formats.handle.trust import (
    Root,
    certified_key,
    is_signed_by,
    issued_itself,
    published_root,
    token_facts,
)
from jialiang.formats.handle.values import parsed_identity
from jialiang.formats.node_report.examining import is_under
from jialiang.governance.subordinate_nodes.errors import BadNodeRoot
from jialiang.kernel.text import Text

LONGEST_ROOT = 20_000


def checked_root(given: str, prefix: str) -> str:
    """Return the root of a node as it is kept, empty for none.

    ``given`` is JSON ``{"identity", "publicKey"}``, or the certificate (HS_CERT) that the node issued itself. Raises
    :class:`BadNodeRoot`.
    """
    text = given.strip()
    if not text:
        return ""
    found = _of_json(text) if text.startswith("{") else _of_certificate(text)
    if found is None or len(text) > LONGEST_ROOT:
        raise BadNodeRoot(reason=Text("无法读出标识和公钥", "identity and public key cannot be read"))
    if not is_under(found.identity.handle.partition("/")[0], prefix):
        raise BadNodeRoot(
            reason=Text(f"标识不在前缀 {prefix} 之下", f"the identity does not stand under {prefix}")
        )
    return found.body().decode()


def kept_root(kept: str) -> Root | None:
    """Return the root that :func:`checked_root` gave, None where there is none."""
    return published_root(kept.encode()) if kept else None


def _of_json(text: str) -> Root | None:
    try:
        told = json.loads(text)
        return published_root(text.encode()) if isinstance(told, dict) else None
    except (ValueError, RecursionError):
        return None


def _of_certificate(text: str) -> Root | None:
    key, facts = certified_key(text), token_facts(text)
    if key is None or facts is None or not issued_itself(text) or not is_signed_by(text, key):
        return None
    identity = parsed_identity(facts.subject)
    return None if identity is None else Root(identity, key)
