"""Keys of the published answers: what a stranger types or scans, folded into one unguessable name.

    a:<sha256 of "number|code">:<form>          asked by certificate number and check code
    i:<sha256 of "prefix/suffix|code">:<form>   asked by identifier and check code (the QR symbol)
    unknown:<form>                              the one answer to every question that has none
    <key>#after                                 what holds at and after the row's ``not_after``

The table holds no numbers in clear text and whoever reads it cannot list certificates. A wrong code and a number
that was never given lead to the same absence, so that the reader does the same work for both.
"""

from __future__ import annotations

import unicodedata
from hashlib import sha256
from typing import Literal

from jialiang.kernel.ids import normalized_code

Form = Literal["json", "zh", "en"]
FORMS: tuple[Form, ...] = ("json", "zh", "en")

CHECKED_AT_MARKER = b"@@CHECKED-AT-UTC--@@"
"""Stands in a published body where the front writes the moment of the check, ``2026-06-16T07:47:30Z``: 20 bytes."""


def normalized_number(number: str) -> str:
    """Undo how people type a certificate number: full-width letters, case and white space."""
    return "".join(unicodedata.normalize("NFKC", number).upper().split())


def key_by_number(number: str, code: str, form: Form) -> str:
    """Return the key of the answer about a certificate number with its check code."""
    return _key("a", normalized_number(number), code, form)


def key_by_identifier(identifier: str, code: str, form: Form) -> str:
    """Return the key of the answer about an identifier ``prefix/suffix`` with its check code."""
    return _key("i", normalized_number(identifier), code, form)


def unknown_key(form: Form) -> str:
    """Return the key of the answer for whatever is not known here."""
    return f"unknown:{form}"


def after_key(key: str) -> str:
    """Return the key of the answer that takes over when ``key`` has reached its ``not_after``."""
    return f"{key}#after"


def _key(kind: str, name: str, code: str, form: Form) -> str:
    # The normalized code holds letters and digits only: the last bar separates, whatever the name contains.
    digest = sha256(f"{name}|{normalized_code(code)}".encode()).hexdigest()
    return f"{kind}:{digest}:{form}"
