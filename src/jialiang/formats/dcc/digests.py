"""Digests by which one certificate names another: the procedures as people write them, and recomputing them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from lxml import etree

from jialiang.formats.xml.canonicalization import canonical_document
from jialiang.formats.xml.errors import NotCanonicalizable

ON_PAPER = "analogue"
NOT_NAMED = ""

_PLAIN = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True, slots=True)
class Procedure:
    """How a digest is made: the algorithm (``sha256`` …, ``analogue`` for paper, empty if unknown), and of what.

    ``canonical``: of the canonical XML (PTB's ``c14n-sha256``) instead of the bytes of the file.
    """

    algorithm: str
    canonical: bool = False

    @property
    def length(self) -> int:
        """The length of the digest in bytes; 0 where there is none."""
        lengths: dict[str, int] = _table()["procedures"]
        return lengths.get(self.algorithm, 0)

    @property
    def is_weak(self) -> bool:
        """Whether digests of the algorithm can be forged."""
        return self.algorithm in _table()["weak"]


def procedure_of(written: str) -> Procedure:
    """Read ``dcc:procedure`` as people write it: ``sha256``, ``SHA-256``, ``c14n-sha256``, an XML-DSig address …"""
    if written.strip().lower() in _table()["on_paper"]:
        return Procedure(ON_PAPER)
    plain = _PLAIN.sub("", written.strip().lower().rpartition("#")[2])
    canonical = "c14n" in plain
    plain = plain.replace("c14n", "").removeprefix("exc").removeprefix("xml")
    return Procedure(plain if plain in _table()["procedures"] else NOT_NAMED, canonical)


def digest_bytes(stated: str, procedure: Procedure) -> bytes | None:
    """Return a digest written in hexadecimal (any case, with colons or blanks) or Base64; None if it is neither."""
    text = re.sub(r"[\s:]", "", stated)
    with_bytes = _hexadecimal(text) if len(text) == 2 * procedure.length else _base64(text)
    return with_bytes if with_bytes is not None and len(with_bytes) == procedure.length else None


def digest_of(data: bytes, tree: etree._ElementTree | None, procedure: Procedure) -> bytes | None:
    """Return the digest of a file by a procedure; None where it cannot be made (paper, unknown, no XML)."""
    if procedure.algorithm in (ON_PAPER, NOT_NAMED):
        return None
    if procedure.canonical:
        if tree is None:
            return None
        try:
            data = canonical_document(tree)
        except NotCanonicalizable:
            return None
    name = re.sub(r"^sha3(?=\d{3}$)", "sha3_", procedure.algorithm)
    if name not in hashlib.algorithms_available:
        return None
    return hashlib.new(name, data).digest()


def _hexadecimal(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


def _base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


@cache
def _table() -> dict[str, Any]:
    file = resources.files("jialiang.formats.dcc") / "procedures.json"
    table: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return table
