"""What a scanned or typed text may be: an address of ours, a Handle name, a GS1 key, or a number on a plate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from jialiang.formats.codes.digital_link import DigitalLink
from jialiang.formats.codes.element_strings import SYMBOLOGIES, link_of, parse_element_string
from jialiang.formats.codes.gs1_keys import gtin_of_14_digits
from jialiang.formats.codes.gs1_paths import whole_link
from jialiang.formats.codes.handles import parse_handle
from jialiang.formats.codes.verdicts import CodeRefused
from jialiang.kernel.text import is_one_line

ScannedKind = Literal["certificate", "page", "handle", "gs1", "address", "number", "nothing"]
LONGEST = 4096
LONGEST_NUMBER = 100
SERIAL, CHECK_PAGE = "21", "c"
SERIALS = (SERIAL, "8004", "8003")  # serial number, individual asset, returnable asset
HANDLE_PROXIES = ("hdl.handle.net", "doi.org", "dx.doi.org")
_PREFIX = re.compile(r"[0-9]+(?:\.[0-9A-Za-z]+)*", re.ASCII)
_ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_OWN_PAGE = re.compile(rf"/(instruments|certificates|standards|identifiers)/({_ID})(?:/|$)")
_PAGE_NOUNS = {
    "instruments": "instrument",
    "certificates": "certificate",
    "standards": "measurement_standard",
    "identifiers": "identifier",
}
_ADDRESS = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_SCHEMES = ("hdl:", "info:hdl/", "urn:hdl:")
_OTHER_USES = re.compile(
    r"(?:wifi|mailto|tel|sms|smsto|geo|begin|mecard|weixin|alipays?|javascript|data|file|ftp|otpauth|upi|bitcoin):",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"(?:(?:S/?N|Serial(?: No| number)?|No|Nr)(?:\.|\s*[:：#]|\s)\s*"
    r"|(?:出厂|产品|资产|管理|证书)?编号\s*[:：#]?\s*)(\S.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ScannedText:
    """A text taken apart.

    ``kind`` is ``certificate`` (check address; ``name`` is the identifier), ``page`` (of this console: ``noun`` and
    ``name``, its id), ``handle`` (``name``), ``gs1`` (``path`` without the first slash), ``address`` (of somebody
    else), ``number``, or ``nothing``. ``words`` are what a ledger may know it by: the text and the serial number in
    it. ``host`` is that of an address of somebody else.
    """

    text: str
    kind: ScannedKind
    name: str = ""
    noun: str = ""
    path: str = ""
    words: tuple[str, ...] = ()
    host: str = ""


def scanned_text(text: str, public_url: str) -> ScannedText:
    """Say what a text may be; ``public_url`` is the address of this installation. It never raises."""
    whole = text.strip(" \t\r\n\ufeff\u3000")
    if not whole or len(whole) > LONGEST or not is_one_line(whole.replace("\x1d", "")):
        return ScannedText(whole[:LONGEST], "nothing")
    if _ADDRESS.fullmatch(whole):
        return _address(whole, public_url)
    for scheme in _SCHEMES:
        if whole.lower().startswith(scheme):
            return _named(whole, unquote(whole[len(scheme) :]))
    return _elements(whole) or _handle(whole) or _key(whole) or _number(whole)


def _number(whole: str) -> ScannedText:
    """Return what stands on a plate, with and without ``S/N``, ``No.``, ``出厂编号`` before it."""
    if len(whole) > LONGEST_NUMBER or _OTHER_USES.match(whole):
        return ScannedText(whole, "nothing")
    labelled = _LABELLED.fullmatch(whole)
    return ScannedText(whole, "number", words=(whole, labelled[1]) if labelled else (whole,))


def _address(whole: str, public_url: str) -> ScannedText:
    try:
        found, own = urlsplit(whole), urlsplit(public_url)
        host, ours = found.hostname or "", (found.hostname, found.port) == (own.hostname, own.port)
    except ValueError:
        return ScannedText(whole, "address", words=(whole,))
    path = found.path.removeprefix(own.path.rstrip("/")) if ours else found.path
    known = _own(whole, path) if ours else None
    if known is not None:
        return known
    foreign = "" if ours else host
    linked = _link(whole)
    if linked is not None:
        return ScannedText(whole, "gs1", path=linked[0], words=linked[1], host=foreign)
    named = _handle(unquote(path.strip("/"))) if ours or host in HANDLE_PROXIES else None
    if named is not None:
        return ScannedText(whole, "handle", name=named.name, host=foreign)
    return ScannedText(whole, "address", words=(whole,), host=foreign)


def _own(whole: str, path: str) -> ScannedText | None:
    """Return a check address or a page of the console."""
    first, _, rest = path.lstrip("/").partition("/")
    if first == CHECK_PAGE and _handle(unquote(rest.rstrip("/"))):
        prefix, suffix = unquote(rest).split("/")[:2]
        return ScannedText(whole, "certificate", name=f"{prefix}/{suffix}")
    page = _OWN_PAGE.match(path.lower())
    return ScannedText(whole, "page", name=page[2], noun=_PAGE_NOUNS[page[1]]) if page else None


def _named(whole: str, name: str) -> ScannedText:
    found = _handle(name)
    return ScannedText(whole, "handle", name=found.name) if found else _number(whole)


def _handle(text: str) -> ScannedText | None:
    """Return a name whose prefix is one of numbers, as all prefixes in use are; ``A/17`` is a serial number."""
    try:
        parts = parse_handle(text).parts
    except CodeRefused:
        return None
    if not _PREFIX.fullmatch(parts["prefix"]) or not parts["suffix"]:
        return None
    return ScannedText(text, "handle", name=text, words=(text,))


def _elements(whole: str) -> ScannedText | None:
    """Return an element string, printed or with its symbology identifier or separators, or the path of a link."""
    if whole.startswith("/"):
        linked = _link(whole)
        return ScannedText(whole, "gs1", path=linked[0], words=linked[1]) if linked else None
    if not (whole.startswith(("(", *SYMBOLOGIES, "\x1d")) or "\x1d" in whole):
        return None
    try:
        path, words = _filed(link_of(whole))
    except CodeRefused:
        return _keyless(whole)
    return ScannedText(whole, "gs1", path=path, words=words)


def _keyless(whole: str) -> ScannedText | None:
    """Return the serial number of an element string that has no one primary key."""
    try:
        serial = parse_element_string(whole).get(SERIAL)
    except CodeRefused:
        return None
    return ScannedText(whole, "number", words=(serial,)) if serial else None


def _key(whole: str) -> ScannedText | None:
    """Return a bare GTIN, which may be a serial number of digits as well."""
    gtin = gtin_of_14_digits(whole)
    return ScannedText(whole, "gs1", path=f"01/{gtin}", words=(whole,)) if gtin else None


def _link(address: str) -> tuple[str, tuple[str, ...]] | None:
    try:
        return _filed(whole_link(address))
    except CodeRefused:
        return None


def _filed(link: DigitalLink) -> tuple[str, tuple[str, ...]]:
    words = tuple(link.elements[ai] for ai in SERIALS if ai in link.elements)
    return link.path.removeprefix("/"), words
