"""From a request to a question: which published answer is asked for, and in which form.

| address                                           | asked by   | form                                        |
|---------------------------------------------------|------------|---------------------------------------------|
| ``/c/<prefix>/<suffix>?k=<code>``                 | identifier | page, or JSON with Accept: application/json |
| ``/check?number=<number>&code=<code>``            | number     | page, or JSON with Accept: application/json |
| ``/api/v1/authenticity/<prefix>/<suffix>?k=…``    | identifier | JSON                                        |
| ``/api/v1/authenticity?number=…&code=…``          | number     | JSON                                        |

An address without its code is no question: it goes to the control plane, which shows the form to fill in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from jialiang.formats.public_keys import Form, key_by_identifier, key_by_number

PAGE = "/c/"
CHECK = "/check"
API = "/api/v1/authenticity"
LANGUAGE_COOKIE = "jialiang_language"
LONGEST_ADDRESS = (
    1024  # a longer one asks for nothing that was ever issued; keeps the remembered questions small
)


@dataclass(frozen=True, slots=True)
class Question:
    """The three keys that may answer, whether JSON is the only form, and the language asked for in the address."""

    json_key: str
    zh_key: str
    en_key: str
    json_only: bool
    language: str

    def key(self, form: Form) -> str:
        """Return the key of the answer in ``form``."""
        if form == "json":
            return self.json_key
        return self.en_key if form == "en" else self.zh_key


def question(path: str, query: str) -> Question | None:
    """Read a decoded path and a raw query string; None means: not for the data plane. Never raises."""
    if not path.startswith((PAGE, CHECK, API)):
        return None
    if len(path) + len(query) > LONGEST_ADDRESS:
        return _question("", "", "", path.startswith(API)) if query else None
    return _remembered(path, query)


@lru_cache(maxsize=16384)
def _remembered(path: str, query: str) -> Question | None:
    given = dict(parse_qsl(query, errors="replace", max_num_fields=None))
    api = path.startswith(API)
    language = given.get("lang", "")[:2].lower()
    if path in {CHECK, API}:
        number, code = given.get("number", ""), given.get("code", "")
        return _question(number, code, language, api) if number.strip() and code.strip() else None
    stem = API + "/" if api else PAGE
    prefix, _, suffix = path.removeprefix(stem).partition("/")
    if not path.startswith(stem) or not prefix or not suffix or not given.get("k", "").strip():
        return None
    return _question(f"{prefix}/{suffix}", given["k"], language, api, by_identifier=True)


def _question(name: str, code: str, language: str, api: bool, *, by_identifier: bool = False) -> Question:
    make = key_by_identifier if by_identifier else key_by_number
    return Question(make(name, code, "json"), make(name, code, "zh"), make(name, code, "en"), api, language)


@lru_cache(maxsize=4096)
def chosen_language(cookie: str, accept_language: str) -> str:
    """Return ``zh`` or ``en``: the person's cookie first, then the browser's wish, then Chinese."""
    for part in cookie.split(";"):
        name, _, wish = part.strip().partition("=")
        if name == LANGUAGE_COOKIE and wish[:2].lower() in {"zh", "en"}:
            return wish[:2].lower()
    best, language = 0.0, "zh"
    for part in accept_language.split(","):
        wish, weight = part.strip()[:2].lower(), _weight(part)
        if wish in {"zh", "en"} and weight > best:
            best, language = weight, wish
    return language


@lru_cache(maxsize=1024)
def prefers_json(accept: str) -> bool:
    """Say whether an Accept header asks for JSON rather than for a page (RFC 9110, 12.5.1)."""
    weights = {part.partition(";")[0].strip().lower(): _weight(part) for part in accept.split(",")}
    json = max(weights.get("application/json", 0.0), weights.get("application/problem+json", 0.0))
    page = max(weights.get("text/html", 0.0), weights.get("application/xhtml+xml", 0.0))
    return json > page


def _weight(part: str) -> float:
    _, found, text = part.replace(" ", "").lower().partition(";q=")
    if not found:
        return 1.0
    digits = text.partition(";")[0]
    return float(digits) if digits.replace(".", "", 1).isdecimal() and digits.isascii() else 0.0
