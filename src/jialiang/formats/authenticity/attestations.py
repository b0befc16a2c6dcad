"""What certificates of conformity and conformity credentials say of themselves: signature, number, whose they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from lxml import etree

from jialiang.formats.canonical import sha256_hex
from jialiang.formats.credential.documents import read_credential
from jialiang.formats.credential.errors import KeyNotCarried, NotEnveloped, TokenProblem
from jialiang.formats.credential.tokens import Token, certificates_of, signing_time_of, verify_token
from jialiang.formats.dcoc.xml_form import ROOT
from jialiang.formats.xades.findings import OK, SignatureFindings, failed
from jialiang.formats.xades.verification import TrustAnchors, with_trust

_CHECK_PATH = re.compile(r"/c/([^/]{1,80}/[^/]{1,120})")
_TOKEN = re.compile(rb"\s*ey[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\s*")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Claim:
    """Which certificate an attestation says it belongs to: its number and, of this house, identifier and check code."""

    number: str = ""
    identifier: str = ""
    check_code: str = ""


@dataclass(frozen=True, slots=True)
class TokenExamined:
    """A token: its digest as text, that of what was signed, what was found, and what it claims."""

    sha256: str
    content_digest: str
    findings: SignatureFindings
    claim: Claim


def is_dcoc(tree: etree._ElementTree) -> bool:
    """Tell whether a document is a certificate of conformity in the XML form."""
    return bool(tree.getroot().tag == ROOT)


def claim_of_dcoc(tree: etree._ElementTree) -> Claim:
    """Return what a certificate of conformity in XML claims to be."""
    root = tree.getroot()
    number = root.findtext(f"{{{etree.QName(ROOT).namespace}}}certNo") or ""
    return _claim(number, root.get("identifier", ""))


def is_token(data: bytes) -> bool:
    """Tell whether a file is a token, or a JSON object that envelops one."""
    is_object = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    return _TOKEN.fullmatch(data) is not None or (is_object and b"data:application/vc+jwt," in data)


def examined_token(data: bytes, trusted: TrustAnchors, at: datetime | None) -> TokenExamined:
    """Check a token by the certificates that it carries, at the moment ``at`` (aware).

    Raises NotACredential, NotAToken, NotEnveloped, KeyNotCarried (nothing offline can tell who signed) and the errors
    of ``formats.json_documents``.
    """
    token = read_credential(data).token
    if token is None:
        raise NotEnveloped()
    return TokenExamined(
        sha256=sha256_hex(token.text.encode()),
        content_digest=sha256_hex(token.signed),
        findings=_findings(token, trusted, at),
        claim=_claim_of_token(token),
    )


def _findings(token: Token, trusted: TrustAnchors, at: datetime | None) -> SignatureFindings:
    embedded = certificates_of(token)
    if not embedded:
        raise KeyNotCarried(key=str(token.header.get("kid", "–"))[:_LONGEST])
    try:
        verify_token(token, embedded[0].public_key())
    except TokenProblem as problem:
        return SignatureFindings(integrity=failed(problem))
    found = SignatureFindings(
        integrity=OK,
        signer=OK,  # the header that carries the certificates is itself signed
        signing_time=signing_time_of(token),
        signer_certificate=embedded[0],
        signed_content=token.signed,
    )
    return with_trust(found, embedded[0], embedded[1:], trusted, at)


def _claim_of_token(token: Token) -> Claim:
    link = _member(_member(token.payload, "credentialSubject"), "conformityCertificate")
    return _claim(_text(link, "linkName"), _text(link, "linkURL"))


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: Any, name: Literal["linkName", "linkURL"]) -> str:
    found = _member(value, name)
    return found if isinstance(found, str) else ""


def _claim(number: str, address: str) -> Claim:
    """Take identifier and check code out of the address of the check that stands in every attestation of this house."""
    number = number.strip()[:_LONGEST]
    try:
        parts = urlsplit(address)
        codes = parse_qs(parts.query).get("k", [])
    except ValueError:
        return Claim(number)
    path = _CHECK_PATH.fullmatch(unquote(parts.path))
    if path is None or len(codes) != 1:
        return Claim(number)
    return Claim(number, path[1], codes[0])
