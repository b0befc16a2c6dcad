"""Following the references of certificates through the files at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from lxml import etree

from jialiang.formats.dcc.chain.files import ChainFile, ChainFiles
from jialiang.formats.dcc.chain.model import CertificateChain, CertificateLink, LinkState
from jialiang.formats.dcc.digests import ON_PAPER, digest_bytes, digest_of, procedure_of
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.reading_parts import all_of, plain, text_of
from jialiang.formats.xml.places import Places, line_of

_HOLDERS = ("measuringEquipment", "influenceCondition")
_DEEPEST = 50
_FALSE = ("false", "0")


class _Judged(NamedTuple):
    state: LinkState
    reason: str
    file: ChainFile | None
    computed: str


def follow_chain(given: Iterable[tuple[str, bytes, etree._ElementTree]], starts: int = 0) -> CertificateChain:
    """Follow the chain of certificates through files given as (name, bytes, tree).

    ``starts`` is how many of the first files one asks about (0: all); of the others only those that are referred to
    are shown. Each reference is judged for the day on which the referring certificate ends its work; a
    ``linkedReport`` for the day of the certificate it hangs on, if that file is here.
    """
    listed = list(given)
    files = ChainFiles.of(listed)
    asked = ChainFiles.of(listed[: starts or len(listed)])
    met = {each.certificate.key: each for each in asked.files}
    links = _followed(met, files)
    referred = {link.upper for link in links if link.lower != link.upper}
    beginnings = [key for key in met if key not in referred] or list(met)[:1]
    return CertificateChain(tuple(beginnings), tuple(each.certificate for each in met.values()), tuple(links))


def _followed(met: dict[str, ChainFile], files: ChainFiles) -> list[CertificateLink]:
    """Return the links of all files met, and of those that are met on the way, which are added."""
    links: list[CertificateLink] = []
    waiting = list(met.values())
    while waiting:
        for link, upper in _references(waiting.pop(0), files):
            links.append(link)
            if upper is not None and upper.certificate.key not in met:
                met[upper.certificate.key] = upper
                waiting.append(upper)
    return links


def _references(file: ChainFile, files: ChainFiles) -> Iterator[tuple[CertificateLink, ChainFile | None]]:
    places = Places()
    for holder in file.tree.getroot().iter(*(f"{{{DCC}}}{name}" for name in _HOLDERS)):
        for reference in all_of(holder, "certificate"):
            day, depth, at = file.certificate.performed, 0, reference
            while depth < _DEEPEST:
                judged = _judged(at, files, day)
                yield _link(file, holder, at, judged, (day, depth), places), judged.file
                day = judged.file.certificate.performed if judged.file is not None else day
                linked = all_of(at, "linkedReport")
                if not linked:
                    break
                at, depth = linked[0], depth + 1


def _link(
    file: ChainFile, holder: etree._Element, reference: etree._Element, judged: _Judged,
    use: tuple[date | None, int], places: Places,
) -> CertificateLink:  # fmt: skip
    return CertificateLink(
        lower=file.certificate.key,
        upper=judged.file.certificate.key if judged.file is not None else "",
        equipment=text_of(holder, "name"),
        number=_number(reference),
        procedure=plain(reference, "procedure"),
        stated_digest=plain(reference, "value"),
        computed_digest=judged.computed,
        state=judged.state,
        reason=judged.reason,
        used_on=use[0],
        depth=use[1],
        line=line_of(reference),
        path=places.path(reference),
    )


def _number(reference: etree._Element) -> str:
    return plain(reference, "referralID") or plain(reference, "referenceID")


def _judged(reference: etree._Element, files: ChainFiles, day: date | None) -> _Judged:
    procedure, number = procedure_of(plain(reference, "procedure")), _number(reference)
    named = files.with_number(number)
    if procedure.algorithm == ON_PAPER:
        return _Judged("analogue", "paper", named, "")
    digest = digest_bytes(plain(reference, "value"), procedure) or b""
    found = files.with_digest(digest, procedure)
    if found is not None:
        if number not in ("", found.certificate.number):
            return _Judged("broken", "number_differs", found, digest.hex())
        state, reason = _validity(reference, found, day)
        return _Judged(state, reason, found, digest.hex())
    if named is None:
        return _Judged("missing", "not_here", None, "")
    made = digest_of(named.data, named.tree, procedure) or b""
    return _Judged("broken", "digest_differs" if digest and made else "digest_unusable", named, made.hex())


def _validity(reference: etree._Element, found: ChainFile, day: date | None) -> tuple[LinkState, str]:
    """Return whether the certificate meant held on a day, as far as anything is stated, and why not."""
    if plain(reference, "inValidityRange") in _FALSE:
        return "expired", "stated_invalid"
    until, performed = found.certificate.valid_until, found.certificate.performed
    if day is not None and until is not None and until < day:
        return "expired", "out_of_validity"
    if day is not None and performed is not None and performed > day:
        return "expired", "not_yet"
    return "intact", "digest_equal"
