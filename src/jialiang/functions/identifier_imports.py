"""Importing a table of identifiers: part by part, each row with its outcome, the bad ones explained by cell.

A part is a call of ``register_many`` and a transaction of its own. An import that broke off is simply run again: what
was written is ``unchanged``. A dry run says what would become of each row and writes nothing. A table has one content
for a name, in whichever parts its rows lie: a second row with another one is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from itertools import islice

from jialiang.base.identifier_templates.errors import TemplateUnknown
from jialiang.base.identifiers.code_claims import Claim, claims_of
from jialiang.base.identifiers.errors import (
    BadCode,
    BadValue,
    CodeTaken,
    GivenTwice,
    TemplateBroken,
    ValueRepeated,
)
from jialiang.base.identifiers.records import RecordCode
from jialiang.formats.handle.names import name_digest
from jialiang.formats.identifier_tables import CellFault, TableRow
from jialiang.functions.identifier_batches import BatchItem, ItemOutcome, content_of, register_many
from jialiang.functions.identifier_codes import known_codes
from jialiang.functions.identifier_unique_values import ValuesHeld
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import IdentifierState

AT_ONCE = 1000
MOST_FAULTS = 1000
MOST_COMPARED = 200_000
OUTCOMES = ("created", "updated", "deleted", "unchanged", "refused")


@dataclass(slots=True)
class ImportReport:
    """What became of the rows read so far, and the first :data:`MOST_FAULTS` faults in their order."""

    mode: str
    dry_run: bool
    rows: int = 0
    last_row: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[CellFault] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether every row was, or would be, taken."""
        return not self.counts["refused"]

    def to_json(self) -> dict[str, object]:
        """Return the report for JSON."""
        return {
            "mode": self.mode,
            "dry_run": self.dry_run,
            "rows": self.rows,
            "counts": {outcome: self.counts[outcome] for outcome in OUTCOMES if self.counts[outcome]},
            "faults": [fault.to_json() for fault in self.faults],
        }


@dataclass(slots=True)
class _Seen:
    """What is remembered of earlier rows: of a name its row and what this asked for; in a dry run also who has what."""

    names: dict[str, tuple[int, str]] = field(default_factory=dict)
    codes: dict[Claim, str] = field(default_factory=dict)
    values: ValuesHeld = field(default_factory=ValuesHeld)

    def remember(self, done: Iterable[tuple[TableRow, BatchItem]], mode: str) -> None:
        """Keep what rows asked for that were, or would be, written."""
        for row, item in done:
            if len(self.names) >= MOST_COMPARED:
                return
            self.names.setdefault(name_digest(row.name), (row.number, _asked(item, mode)))


def import_rows(
    *,
    actor: Actor,
    rows: Iterable[TableRow],
    mode: str,
    dry_run: bool = False,
    now: Callable[[], datetime],
    after_part: Callable[[ImportReport], object] = lambda report: None,
) -> ImportReport:
    """Write the records of a table, ``create``, ``update`` or ``delete``; ``now`` is asked once a part.

    ``after_part`` is told how far it is after each part. Raises what ``register_many`` raises for the whole call, and
    TableRefused where the file ends being a table; what was written before stays.
    """
    report = ImportReport(mode, dry_run)
    seen = _Seen()
    stream = iter(rows)
    while part := list(islice(stream, AT_ONCE)):
        _import_part(actor, part, report, seen, now())
        after_part(report)
    return report


def _import_part(
    actor: Actor,
    part: list[TableRow],
    report: ImportReport,
    seen: _Seen,
    now: datetime,
) -> None:
    right = [(row, _item(row)) for row in part if not row.faults]
    told = dict(_names_again(right, seen, report.mode))
    fresh = [(row, item) for row, item in right if row.number not in told]
    outcomes = register_many(
        actor=actor,
        items=[item for _, item in fresh],
        mode=report.mode,
        dry_run=report.dry_run,
        trial=seen.values,
        now=now,
    )
    numbers = [row.number for row, _ in fresh]
    told |= {number: _by_row(outcome, numbers) for number, outcome in zip(numbers, outcomes, strict=True)}
    done = [(row, item) for row, item in fresh if told[row.number].done]
    if report.dry_run and report.mode != "delete":
        told |= dict(_codes_again(done, seen))
    seen.remember([(row, item) for row, item in done if told[row.number].done], report.mode)
    _tell(part, told, report)


def _tell(part: list[TableRow], told: dict[int, ItemOutcome], report: ImportReport) -> None:
    """Add the rows of a part to the report."""
    for row in part:
        outcome = told.get(row.number)
        faults = row.faults if outcome is None else tuple(_faults(row, outcome))
        report.counts["refused" if faults else outcome.outcome if outcome else "refused"] += 1
        report.faults += faults[: max(0, MOST_FAULTS - len(report.faults))]
    report.rows += len(part)
    report.last_row = part[-1].number


def _item(row: TableRow) -> BatchItem:
    codes = tuple(RecordCode(code.system, code.code, code.primary) for code in row.codes)
    return BatchItem(row.name, row.values, codes, row.template, IdentifierState(row.state))


def _names_again(
    right: list[tuple[TableRow, BatchItem]], seen: _Seen, mode: str
) -> Iterator[tuple[int, ItemOutcome]]:
    """Yield how rows fare whose name a row of an earlier part has; they are not written once more."""
    for row, item in right:
        first = seen.names.get(name_digest(row.name))
        if first is None:
            continue
        number, asked = first
        same = asked == _asked(item, mode)
        twice = None if same else _TwiceInTable(identifier=row.name, place=number)
        yield row.number, ItemOutcome(0, row.name, "unchanged" if same else "refused", twice)


def _codes_again(done: list[tuple[TableRow, BatchItem]], seen: _Seen) -> Iterator[tuple[int, ItemOutcome]]:
    """Yield how rows of a dry run fare whose code an earlier row has: what a real run would find written."""
    for row, item in done:
        if len(seen.codes) >= MOST_COMPARED:
            return
        for claim, code in claims_of(known_codes(item.codes)).items():
            other = seen.codes.setdefault(claim, row.name)
            if name_digest(other) != name_digest(row.name):
                taken = CodeTaken(system=code.system, given=code.code, identifier=other)
                yield row.number, ItemOutcome(0, row.name, "refused", taken)


def _by_row(outcome: ItemOutcome, numbers: list[int]) -> ItemOutcome:
    """Return an outcome whose error names rows of the table instead of items of the call."""
    if not isinstance(outcome.error, GivenTwice):
        return outcome
    first = numbers[int(str(outcome.error.facts["place"])) - 1]
    return replace(outcome, error=_TwiceInTable(identifier=outcome.name, place=first))


def _asked(item: BatchItem, mode: str) -> str:
    """Return a digest of what a row asks for; whoever retires a record asks for nothing else."""
    return "" if mode == "delete" else sha256(content_of(item).encode("utf-8", "surrogatepass")).hexdigest()


def _faults(row: TableRow, outcome: ItemOutcome) -> Iterator[CellFault]:
    """Yield what is wrong in a row, each fault below its heading."""
    problem = outcome.error
    if isinstance(problem, TemplateBroken) and problem.findings:
        for finding in problem.findings:
            heading = row.headings.get(str(finding.index), str(finding.index))
            yield CellFault(row.number, heading, _sentence(finding.message), finding.remedy)
        return
    if problem is not None:
        yield CellFault(row.number, _column(row, problem), problem.what, problem.way_out)


class _TwiceInTable(GivenTwice):
    """Two rows of a table have one name with different contents; facts: ``identifier``, ``place``, the row."""

    code = "JL-IDT-002"


def _column(row: TableRow, problem: JialiangError) -> str:
    """Return the heading below which a row is wrong, or the member where it has no headings."""
    if isinstance(problem, BadCode | CodeTaken):
        key = f"code:{problem.facts['system']}"
    elif isinstance(problem, TemplateBroken | TemplateUnknown):
        key = "template"
    elif isinstance(problem, BadValue | ValueRepeated):
        key = str(problem.facts["index"])
    else:
        return row.headings.get("name", "identifier")
    return row.headings.get(key, key)


def _sentence(told: Text) -> Text:
    return Text(f"{told.zh}。", f"{told.en}.")
