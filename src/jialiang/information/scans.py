"""What somebody scanned, recognised: the things of the institute it belongs to, or why it leads to none.

Every text goes through :func:`recognise`, whether a camera, a hand-held scanner or a keyboard gave it. Only what the
actor may read is found; of another institute nothing is told but what its public page tells anyone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from uuid import UUID

from django.conf import settings

from jialiang.base.certificates.errors import CertificateUnknown
from jialiang.base.certificates.selectors import certificate, certificate_by_number
from jialiang.base.identifiers.code_claims import GS1_PLACE
from jialiang.base.identifiers.records import StoredRecord
from jialiang.base.identifiers.selectors import record_by_code, record_by_id, records_named
from jialiang.base.instrument_marks.selectors import carriers_of
from jialiang.base.instruments.selectors import instrument, instruments_by_id, instruments_numbered
from jialiang.base.measurement_standards.selectors import standard, standards_numbered
from jialiang.formats.carriers.photographs import FoundSymbol, read_photograph
from jialiang.formats.codes.gs1_paths import walk_up
from jialiang.formats.codes.scanned_texts import CHECK_PAGE, LONGEST, ScannedText, scanned_text
from jialiang.formats.handle.published import gs1_key, record_key
from jialiang.formats.public_keys import normalized_number
from jialiang.governance.publication.selectors import answer
from jialiang.information.search import Found
from jialiang.kernel.errors import InvalidInput, NotAllowed, NotFound
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.policy import require

MOST_FOUND = 20
Outcome = Literal["found", "public", "unknown", "foreign", "not_a_code"]


class NothingScanned(InvalidInput):
    """Neither a photograph nor a text was given, or the text is too long; facts: ``longest``."""

    code = "JL-SCN-004"


@dataclass(frozen=True, slots=True)
class Scan:
    """What one text led to.

    ``outcome`` is ``found`` (one or several things), ``public`` (nothing of the actor's, but ``public_url`` is open to
    anyone), ``foreign`` (an address of ``host``, not of this platform), ``unknown`` (a code that nothing here has) or
    ``not_a_code``. ``symbol`` is the kind of symbol that carried the text, empty for a typed one.
    """

    text: str
    outcome: Outcome
    symbol: str = ""
    found: tuple[Found, ...] = ()
    public_url: str = ""
    host: str = ""


def recognise(actor: Actor, text: str, symbol: str = "") -> Scan:
    """Recognise one text in the institute in scope. Raises NothingScanned.

    Four queries for each number in it (as written, labelled, serial), at most three each for record and public page.
    """
    if not text.strip() or len(text) > LONGEST:
        raise NothingScanned(longest=LONGEST)
    read = scanned_text(text, settings.JIALIANG.public_url)
    if read.kind == "nothing":
        return Scan(read.text, "not_a_code", symbol)
    found = _found(actor, read)
    if found:
        return Scan(read.text, "found", symbol, found)
    public_url = _public_url(read)
    if public_url:
        return Scan(read.text, "public", symbol, public_url=public_url)
    if read.host:
        return Scan(read.text, "foreign", symbol, host=read.host)
    return Scan(read.text, "unknown", symbol)


def recognise_photograph(actor: Actor, data: bytes) -> tuple[Scan, ...]:
    """Recognise every symbol of a photograph, from the top down.

    Raises NoPhotograph, PhotographTooLarge, NoSymbolFound.
    """
    symbols: tuple[FoundSymbol, ...] = read_photograph(data)
    return tuple(recognise(actor, symbol.text, symbol.kind) for symbol in symbols if symbol.text.strip())


def _found(actor: Actor, read: ScannedText) -> tuple[Found, ...]:
    once: dict[tuple[str, UUID], Found] = {}
    for hit in _hits(actor, read):
        once.setdefault((hit.noun, hit.id), hit)
        if len(once) == MOST_FOUND:
            break
    return tuple(once.values())


def _hits(actor: Actor, read: ScannedText) -> Iterator[Found]:
    if read.kind == "page":
        yield from _thing(actor, read.noun, UUID(read.name))
        return
    for record in _records(read):
        led = tuple(_thing(actor, record.subject_kind, record.subject_id)) if record.subject_id else ()
        yield from led or _thing(actor, "identifier", record.id)
    for number in dict.fromkeys((*read.words, read.text)):
        yield from _numbered(actor, number)


def _records(read: ScannedText) -> list[StoredRecord]:
    """Return the record of a name, or the most specific one that a GS1 resolver would answer with."""
    if read.name:
        return records_named([read.name])
    steps = walk_up(f"/{read.path}") if read.path else ()
    found = (record_by_code(GS1_PLACE, gs1_key(step.removeprefix("/"))) for step in steps)
    return [record for record in found if record is not None][:1]


def _numbered(actor: Actor, number: str) -> Iterator[Found]:
    """Yield what bears a number or carries a code on it."""
    for row in instruments_numbered(number):
        yield from _shown(actor, "instrument", row)
    for carriers in carriers_of([number]).values():
        for row in instruments_by_id(sorted(carriers)).values():
            yield from _shown(actor, "instrument", row)
    for standing in standards_numbered(number):
        yield from _shown(actor, "measurement_standard", standing)
    try:
        yield from _shown(actor, "certificate", certificate_by_number(normalized_number(number)))
    except CertificateUnknown:
        return


def _thing(actor: Actor, noun: str, thing_id: UUID) -> Iterator[Found]:
    if noun not in _READERS:
        return
    try:
        row = _READERS[noun](thing_id)
    except NotFound:
        return
    yield from _shown(actor, noun, row)


def _shown(actor: Actor, noun: str, row: Any) -> Iterator[Found]:
    try:
        require(actor, f"{noun}.read", row)
    except NotAllowed:
        return
    yield Found(noun, row.id, *_WORDS[noun](row), exact=True)


def _public_url(read: ScannedText) -> str:
    """Return the page that anyone may open: that which asks for a certificate's code, or a published record's."""
    home = settings.JIALIANG.public_url.rstrip("/")
    if read.kind == "certificate":
        code = parse_qs(urlsplit(read.text).query).get("k", [""])[0]
        query = f"?{urlencode({'k': code})}" if code else ""
        return f"{home}/{CHECK_PAGE}/{quote(read.name)}{query}"
    if read.name and _is_published(record_key(read.name)):
        return f"{home}/{quote(read.name)}"
    if read.path and any(_is_published(gs1_key(step.removeprefix("/"))) for step in walk_up(f"/{read.path}")):
        return f"{home}/{read.path}"
    return ""


def _is_published(key: str) -> bool:
    found = answer(key)
    return found is not None and bool(found.body)


def _plate(row: Any) -> Text:
    words = " · ".join(part for part in (row.model, row.serial_number) if part)
    return Text(words, words)


def _maker(row: Any) -> Text:
    """Return the plate of an instrument with its maker, by which equal serial numbers are told apart."""
    plate = _plate(row).zh
    makers = (row.manufacturer_zh or row.manufacturer_en, row.manufacturer_en or row.manufacturer_zh)
    zh, en = (" · ".join(part for part in (plate, maker) if part) for maker in makers)
    return Text(zh, en)


_READERS: dict[str, Callable[[UUID], Any]] = {
    "instrument": instrument,
    "certificate": certificate,
    "measurement_standard": standard,
    "identifier": record_by_id,
}
_WORDS: dict[str, Callable[[Any], tuple[Text, Text]]] = {
    "instrument": lambda row: (row.name, _maker(row)),
    "certificate": lambda row: (Text(row.number, row.number), row.instrument.name),
    "measurement_standard": lambda row: (row.name, _plate(row)),
    "identifier": lambda record: (Text(record.name, record.name), Text()),
}
