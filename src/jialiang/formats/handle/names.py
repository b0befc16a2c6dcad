"""Names ``prefix/suffix`` of the Handle System.

The first ``/`` splits a name. A prefix is one or more non-empty parts joined with dots; a suffix is any text, may hold
further ``/`` and may be empty. Names are compared without regard to the case of ASCII letters, and only of those.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text

LONGEST_NAME = 2048  # bytes of UTF-8
DIGEST_LETTERS = 32
_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


class BadHandle(InvalidInput):
    """The text is not a name ``prefix/suffix``; facts: ``given``, ``fault`` (one of :data:`FAULTS`), ``why``."""

    code = "JL-HDL-001"


FAULTS = {
    "no slash": Text("缺少斜杠", "no slash"),
    "empty prefix": Text("前缀为空", "empty prefix"),
    "empty prefix segment": Text("前缀中有空段", "empty prefix segment"),
    "control character": Text("含有控制字符", "control character"),
    "blank at an end": Text("首尾有空白", "blank at an end"),
    "length": Text("过长", "too long"),
}


@dataclass(frozen=True, slots=True)
class HandleName:
    """A name as it was written: ``prefix`` and ``suffix`` (which may be empty)."""

    prefix: str
    suffix: str

    @property
    def text(self) -> str:
        """``prefix/suffix`` as written."""
        return f"{self.prefix}/{self.suffix}"

    @property
    def folded(self) -> str:
        """The form by which names are compared: ASCII letters in lower case."""
        return folded(self.text)


def parsed_handle(text: str) -> HandleName:
    """Return the name in ``text``, which is taken as it is. Raises :class:`BadHandle`."""
    fault = _fault(text)
    if fault:
        raise BadHandle(given=text[:80], fault=fault, why=FAULTS[fault])
    prefix, _, suffix = text.partition("/")
    return HandleName(prefix, suffix)


def folded(text: str) -> str:
    """Return ``text`` with the ASCII letters A to Z in lower case and everything else as it is."""
    return text.translate(_ASCII_LOWER)


def name_digest(text: str) -> str:
    """Return 32 URL-safe letters that stand for a name in the keys of published answers: 192 bits of SHA-256.

    Two spellings of one name (see :func:`folded`) have one digest.
    """
    digest = sha256(folded(text).encode("utf-8", "surrogatepass")).digest()
    return urlsafe_b64encode(digest[:24]).decode("ascii")


def _fault(text: str) -> str:
    prefix, slash, _ = text.partition("/")
    if not slash:
        return "no slash"
    if not prefix:
        return "empty prefix"
    if any(not part for part in prefix.split(".")):
        return "empty prefix segment"
    if any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 or 0xD800 <= ord(letter) < 0xE000 for letter in text):
        return "control character"
    if text != text.strip():
        return "blank at an end"
    return "length" if len(text.encode()) > LONGEST_NAME else ""
