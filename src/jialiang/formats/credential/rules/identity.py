"""Who says it, of which type it is, and whether addresses are addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jialiang.formats.credential.codec import plain_credential
from jialiang.formats.credential.dids import USUAL_METHODS, is_did, method_of
from jialiang.formats.credential.model import ConformityCredential
from jialiang.formats.credential.rules.catalogue import finding
from jialiang.formats.findings import DocumentFinding

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\x7f]+")
_ADDRESSES = ("id", "linkURL", "schemeID")
_SHOWN = 80


def types_and_subject(credential: ConformityCredential) -> Iterator[DocumentFinding]:
    """Yield a missing type or subject, which VC 2.0 wants and the schema of UNTP leaves free."""
    if credential.type is None:
        yield finding("CREDENTIAL-TYPE-MISSING", "")
    if credential.credential_subject is None:
        yield finding("CREDENTIAL-SUBJECT-MISSING", "")


def issuer_named(credential: ConformityCredential) -> Iterator[DocumentFinding]:
    """Yield issuers that are not named by a DID, or by one of a method that is not usual in UNTP."""
    did = credential.issuer.id
    if not is_did(did):
        yield finding("CREDENTIAL-ISSUER-NOT-DID", "/issuer/id", value=did[:_SHOWN])
    elif method_of(did) not in USUAL_METHODS:
        yield finding("CREDENTIAL-ISSUER-METHOD", "/issuer/id", method=method_of(did))
    if not credential.issuer.name.strip():
        yield finding("CREDENTIAL-ISSUER-NAMELESS", "/issuer/name")


def addresses_formed(credential: ConformityCredential) -> Iterator[DocumentFinding]:
    """Yield identifiers and links that are no URIs."""
    if _URI.fullmatch(credential.id) is None:
        yield finding("CREDENTIAL-ID-NOT-URI", "/id", value=credential.id[:_SHOWN])
    for path, name, value in _texts(plain_credential(credential)):
        if name in _ADDRESSES and path != "/id" and _URI.fullmatch(value) is None:
            yield finding("CREDENTIAL-URI-FORMAT", path, value=value[:_SHOWN])


def _texts(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Give every text with its JSON Pointer and the name of its member."""
    pending: list[tuple[str, str, Any]] = [("", "", document)]
    while pending:
        path, name, value = pending.pop()
        if isinstance(value, dict):
            pending += [(f"{path}/{_escaped(key)}", key, each) for key, each in reversed(value.items())]
        elif isinstance(value, list):
            pending += [(f"{path}/{at}", name, value[at]) for at in range(len(value) - 1, -1, -1)]
        elif isinstance(value, str):
            yield path, name, value


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
