"""A credential from bytes: plain JSON, a token, or an object that envelops one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from jialiang.formats.credential.codec import CREDENTIAL, credential_models
from jialiang.formats.credential.errors import NotACredential
from jialiang.formats.credential.tokens import MEDIA_TYPE, Token, read_token
from jialiang.formats.findings import DocumentFinding
from jialiang.formats.json_documents.checking import check_json
from jialiang.formats.json_documents.exact import written_json
from jialiang.formats.json_documents.reading import DEFAULT_LIMITS, read_json

RULES = "CREDENTIAL-STRUCTURE"
Securing = Literal["none", "token", "proof"]
_ENVELOPE = f"data:{MEDIA_TYPE},"


@dataclass(frozen=True, slots=True)
class CredentialReading:
    """A credential as it was read: the document, how it is secured, the token if it was in one, its structure."""

    document: dict[str, Any]
    secured: Securing
    findings: tuple[DocumentFinding, ...]
    token: Token | None = None


def read_credential(data: bytes) -> CredentialReading:
    """Read a credential. Raises NotACredential, NotAToken and the errors of ``formats.json_documents``."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start not in (b"{", b"[", b'"') and len(data) <= 2 * DEFAULT_LIMITS.size and data.count(b".") >= 2:
        return _of_token(read_token(data.removeprefix(b"\xef\xbb\xbf").decode("ascii", "replace")))
    document = read_json(data, exact=True)
    if not isinstance(document, dict):
        raise NotACredential(found=type(document).__name__)
    named = document.get("id")
    if isinstance(named, str) and named.startswith(_ENVELOPE):
        return _of_token(read_token(named.removeprefix(_ENVELOPE)))
    return _of(document, "proof" if "proof" in document else "none", None)


def check_structure(document: Any) -> tuple[DocumentFinding, ...]:
    """Check the structure of a conformity credential; the verdict is that of the JSON Schema of UNTP."""
    return check_json(document, credential_models(), CREDENTIAL, RULES)


def write_json(document: dict[str, Any]) -> bytes:
    """Write a credential as JSON; its numbers have the digits with which they were read."""
    return (written_json(document, indent=2) + "\n").encode()


def _of_token(token: Token) -> CredentialReading:
    return _of(token.payload, "token", token)


def _of(document: dict[str, Any], secured: Securing, token: Token | None) -> CredentialReading:
    if "@context" not in document and "credentialSubject" not in document:
        raise NotACredential(found=", ".join(list(document)[:5])[:80] or "JSON")
    return CredentialReading(document, secured, check_structure(document), token)
