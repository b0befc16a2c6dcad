"""The public answer as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jialiang.kernel.text import Text

VerdictName = Literal["genuine", "expired", "superseded", "withdrawn", "altered", "unknown"]
Outcome = Literal["ok", "failed", "warning", "not_checked"]


@dataclass(frozen=True, slots=True)
class PublicCheck:
    """One thing that was checked, and how it came out; ``evidence`` is a date, a name or a digest."""

    name: str
    outcome: Outcome
    text: Text
    evidence: Text = Text()


@dataclass(frozen=True, slots=True)
class PublicDifference:
    """One thing that differs: as issued, and as presented."""

    name: Text
    issued: str
    presented: str


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file as issued, to be fetched from ``path``."""

    name: Text
    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class PublicResults:
    """The main results: one heading per column, with its D-SI unit, and decimal text per row."""

    headings: tuple[Text, ...]
    units: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PublicCertificate:
    """What the page shows for comparison with the paper in hand."""

    number: str
    identifier: str
    kind: str
    instrument: Text
    model: str
    serial_number: str
    institute: Text
    institute_phone: str
    begin_date: str
    end_date: str
    issue_date: str
    due_date: str
    signer: Text
    authority: Text
    authority_fingerprint: str
    claimed_signing_time: str
    results: PublicResults | None = None
    files: tuple[PublicFile, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """Verdict, what it rests on, and what to compare.

    ``since`` is ISO 8601 in the institute's time zone; ``reason`` belongs to a withdrawal or an amendment.
    """

    verdict: VerdictName
    status: str
    checks: tuple[PublicCheck, ...]
    certificate: PublicCertificate | None = None
    since: str = ""
    reason: Text = Text()
    superseded_by_number: str = ""
    superseded_by_url: str = ""
    differences: tuple[PublicDifference, ...] = ()
    presented_file: str = ""
    presented_size: int = 0
    presented_sha256: str = ""
    domain: str = ""
    queried_number: str = ""
