"""The certificates that a chain may run through: by number and by recomputed digest."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from jialiang.formats.canonical import sha256_hex
from jialiang.formats.dcc.chain.model import ChainCertificate
from jialiang.formats.dcc.digests import Procedure, digest_of
from jialiang.formats.dcc.profile import RECALIBRATION
from jialiang.formats.dcc.reading_parts import all_of, party_of, plain, text_of
from jialiang.formats.dcc.rules.document import date_of
from jialiang.kernel.text import Text

_PERIOD = re.compile(r"P(?:([0-9]{1,3})Y)?(?:([0-9]{1,3})M)?(?:([0-9]{1,4})D)?")
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class ChainFile:
    """A certificate file: its bytes, the tree of its XML, and what the chain shows of it."""

    data: bytes
    tree: etree._ElementTree
    certificate: ChainCertificate


@dataclass
class ChainFiles:
    """All files at hand; digests are computed once a file and procedure."""

    files: tuple[ChainFile, ...]
    _by_digest: dict[Procedure, dict[bytes, ChainFile]] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Iterable[tuple[str, bytes, etree._ElementTree]]) -> ChainFiles:
        """Take files as (name, bytes, tree); copies of one file count once."""
        found: dict[str, ChainFile] = {}
        for name, data, tree in given:
            digest = sha256_hex(data)
            found.setdefault(digest, ChainFile(data, tree, _certificate(name, digest, tree)))
        return cls(tuple(found.values()))

    def with_digest(self, digest: bytes, procedure: Procedure) -> ChainFile | None:
        """Return the file whose recomputed digest this is."""
        if procedure not in self._by_digest:
            computed = ((digest_of(each.data, each.tree, procedure), each) for each in self.files)
            self._by_digest[procedure] = {made: each for made, each in computed if made is not None}
        return self._by_digest[procedure].get(digest)

    def with_number(self, number: str) -> ChainFile | None:
        """Return the first file with this certificate number."""
        return next((each for each in self.files if number and each.certificate.number == number), None)


def _certificate(name: str, digest: str, tree: etree._ElementTree) -> ChainCertificate:
    root, core = tree.getroot(), "administrativeData/coreData"
    laboratories = all_of(root, "administrativeData/calibrationLaboratory")
    items = all_of(root, "administrativeData/items/item")
    performed = date_of(plain(root, f"{core}/endPerformanceDate"))
    return ChainCertificate(
        key=digest[:16], file=name, number=plain(root, f"{core}/uniqueIdentifier"),
        laboratory=party_of(laboratories[0] if laboratories else None).name,
        item=text_of(items[0], "name") if items else Text(), performed=performed,
        valid_until=_valid_until(root, performed), sha256=digest,
    )  # fmt: skip


def _valid_until(root: etree._Element, performed: date | None) -> date | None:
    """Return the last day of validity: the date of recalibration stated, or the work plus the period stated."""
    for statement in all_of(root, "administrativeData/statements/statement"):
        if RECALIBRATION not in statement.get("refType", "").split():
            continue
        day = date_of(plain(statement, "date"))
        later = _plus(performed, plain(statement, "period")) if performed is not None else None
        if day is not None or later is not None:
            return day or later
    return None


def _plus(day: date, period: str) -> date | None:
    match = _PERIOD.fullmatch(period)
    if match is None or not any(match.groups()):
        return None
    years, months, days = (int(part or 0) for part in match.groups())
    month = day.month - 1 + months + _MONTHS * years
    year, month = day.year + month // _MONTHS, month % _MONTHS + 1
    try:
        last = calendar.monthrange(year, month)[1]
        return date.fromordinal(date(year, month, min(day.day, last)).toordinal() + days)
    except (ValueError, OverflowError, calendar.IllegalMonthError):
        return None
