"""Labels of identifiers and instruments: what stands on each is read from its record and its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from jialiang.base.identifiers.errors import IdentifierUnknown
from jialiang.base.identifiers.records import StoredRecord
from jialiang.base.identifiers.selectors import identifier_texts, records_named
from jialiang.base.instruments.selectors import Instrument, instrument, instruments_by_id
from jialiang.base.organizations.selectors import organization
from jialiang.formats.handle.names import folded
from jialiang.formats.labels.contents import LONGEST, LabelContent, content_of
from jialiang.formats.labels.errors import BadLabelValue
from jialiang.formats.labels.laying import lay_label
from jialiang.formats.labels.pages import label_pictures, labels_pdf
from jialiang.formats.labels.zpl import DOTS_PER_MM, zpl_of_pictures
from jialiang.functions.certificate_files import font_folders
from jialiang.functions.deed import permit
from jialiang.functions.identifier_template_rules import Templates
from jialiang.functions.label_templates import Printable, printable
from jialiang.information.status import Fitness, fitness_of_many
from jialiang.kernel.text import is_one_line
from jialiang.security.actor import Actor
from jialiang.security.tenancy.calendar import today
from jialiang.vocabulary.statuses import FitnessForUse

MEMBERS = {
    "name": "name_zh", "name_zh": "name_zh", "name_en": "name_en", "model": "model", "serial": "serial",
    "serial_number": "serial", "due_date": "due",
}  # fmt: skip
"""Which member of a label a public value of a type fills; types compare without regard to case."""


MM_PER_INCH = 25.4
STATUSES = {
    FitnessForUse.FIT: "qualified", FitnessForUse.LIMITED: "limited", FitnessForUse.OUT_OF_USE: "stopped",
}  # fmt: skip
"""The status on a label by fitness for use; an instrument without evidence gets no coloured label."""


class Paper(NamedTuple):
    """What labels are printed on: a sheet (empty: the template's) with used places, or a label printer."""

    sheet: str
    language: str
    start: int = 0
    dots_per_inch: int = 0


def print_labels(
    *,
    actor: Actor,
    names: Iterable[str],
    template: str,
    sheet: str,
    language: str,
    start: int = 0,
    status: str = "",
    dots_per_inch: int = 0,
    now: datetime,
) -> bytes:
    """Return the labels of up to 2 000 identifiers as PDF, or as ZPL with ``dots_per_inch``, in the order of the names.

    Needs ``identifier.read`` on each. Raises IdentifierUnknown, UnknownTemplate, LabelTemplateWithdrawn, UnknownSheet,
    NothingToPrint and what keeps a label from being laid.
    """
    permit(actor, "identifier.read")
    wanted = list(dict.fromkeys(names))
    records = records_named(wanted)
    found = {folded(record.name) for record in records}
    missing = next((name for name in wanted if folded(name) not in found), None)
    if missing is not None:
        raise IdentifierUnknown(identifier=missing[:80])
    for record in records:
        permit(actor, "identifier.read", record)
    shape, holders = printable(template), _holders(records)
    templates = Templates()
    contents = [label_content(record, templates, holders, status) for record in records]
    return written_labels(contents, shape, Paper(sheet, language, start, dots_per_inch), now)


def print_instrument_labels(
    *,
    actor: Actor,
    instrument_ids: Sequence[UUID],
    template: str,
    sheet: str,
    language: str,
    start: int = 0,
    dots_per_inch: int = 0,
    now: datetime,
) -> bytes:
    """Return the labels of instruments as PDF, or as ZPL with ``dots_per_inch``, in the order of the ids.

    Certificate, dates and status come from the evidence of the day, nobody enters them. Needs ``instrument.read`` on
    each. Raises InstrumentUnknown, BadLabelValue for an instrument without an identifier, and as
    :func:`print_labels` does.
    """
    wanted = list(dict.fromkeys(instrument_ids))
    held = instruments_by_id(wanted)
    rows = [held.get(each) or instrument(each) for each in wanted]
    for row in rows:
        permit(actor, "instrument.read", row)
    names = identifier_texts("instrument", [row.id for row in rows])
    judged = fitness_of_many({row.id: row for row in rows}, today(now))
    contents = [instrument_content(row, names.get(row.id, ""), judged[row.id]) for row in rows]
    shape = printable(template)
    return written_labels(contents, shape, Paper(sheet, language, start, dots_per_inch), now)


def instrument_content(row: Instrument, identifier: str, fitness: Fitness) -> LabelContent:
    """Return what stands on the label of an instrument: its ledger record and its latest certificate.

    The due date is on it only where the certificate itself states one (ISO/IEC 17025, 7.8.4.3).
    """
    if not identifier:
        raise BadLabelValue(member="identifier", given="")
    due = fitness.due.date if fitness.due.basis == "certificate" else None
    members = {
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "model": row.model,
        "serial": row.serial_number,
        "organization": row.owner.name.zh or row.owner.name.en,
        "certificate": fitness.certificate_number,
        "done": _done(fitness),
        "due": due.isoformat() if due else "",
        "status": STATUSES.get(fitness.state, ""),
    }
    bounded = {name: text[:LONGEST] for name, text in members.items()}
    return content_of(identifier, settings.JIALIANG.public_url, bounded)


def _done(fitness: Fitness) -> str:
    """Return the day of the evidence that stands, empty where nothing stands."""
    stands = fitness.since and fitness.state in (FitnessForUse.FIT, FitnessForUse.LIMITED)
    return fitness.since.isoformat() if stands and fitness.since else ""


def written_labels(
    contents: Sequence[LabelContent], printed: Printable, paper: Paper, now: datetime
) -> bytes:
    """Return labels on paper: PDF, or ZPL as graphics, which carries Chinese and logos to every printer."""
    labels = [lay_label(printed.shape, content, paper.language) for content in contents]
    if paper.dots_per_inch:
        exact = DOTS_PER_MM[paper.dots_per_inch] * MM_PER_INCH
        drawn = label_pictures(
            labels, language=paper.language, font_folders=font_folders(), dots_per_inch=exact, logo=printed.logo
        )
        return zpl_of_pictures(drawn)
    return labels_pdf(
        labels,
        sheet=paper.sheet or printed.sheet,
        language=paper.language,
        font_folders=font_folders(),
        moment=now,
        start=paper.start,
        logo=printed.logo,
    )


def label_content(
    record: StoredRecord, templates: Templates, holders: Mapping[str, str], status: str = ""
) -> LabelContent:
    """Return what stands on the label of a record: its public values by their types, and its holder's name."""
    members = {"organization": holders.get(str(record.organization_id), ""), "status": status}
    for value in templates.shown(record).public().values:
        member, text = MEMBERS.get(folded(value.type)), value.text
        if member and text and member not in members and len(text) <= LONGEST and is_one_line(text):
            members[member] = text
    return content_of(record.name, settings.JIALIANG.public_url, members)


def _holders(records: Iterable[StoredRecord]) -> dict[str, str]:
    ids = {record.organization_id for record in records if record.organization_id}
    rows = [organization(each) for each in ids]
    return {str(row.id): (row.name.zh or row.name.en)[:LONGEST] for row in rows}
