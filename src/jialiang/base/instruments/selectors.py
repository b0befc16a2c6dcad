"""Reading instruments and their history, of the institute in scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from jialiang.base.instruments.errors import InstrumentUnknown
from jialiang.base.instruments.facts import InstrumentFacts
from jialiang.base.instruments.models import Instrument as Instrument
from jialiang.base.instruments.models import InstrumentChange as InstrumentChange
from jialiang.governance.data_elements import facts_of
from jialiang.security.tenancy.paging import DEFAULT_SIZE, Page, page
from jialiang.vocabulary.statuses import InstrumentState

CHUNK = 500
MOST_MODELS = 200
MOST_ALIKE = 1000


@dataclass(frozen=True, slots=True)
class InstrumentFilter:
    """What a list of instruments is narrowed by; empty members do not narrow."""

    text: str = ""
    owner_id: UUID | None = None
    state: str = ""
    purpose: str = ""
    compulsory: bool | None = None


def instrument(instrument_id: UUID) -> Instrument:
    """Return one instrument with its owner: one query by primary key. Raises :class:`InstrumentUnknown`."""
    found = Instrument.objects.select_related("owner").filter(pk=instrument_id).first()
    if found is None:
        raise InstrumentUnknown(wanted=str(instrument_id))
    return found


def instruments(
    wanted: InstrumentFilter = InstrumentFilter(), *, after: str = "", size: int = DEFAULT_SIZE
) -> Page[Instrument]:
    """Return a page of instruments with their owners, newest first: one query on the primary key."""
    return page(_matching(wanted).select_related("owner"), after=after, size=size)


def count_instruments(wanted: InstrumentFilter = InstrumentFilter()) -> int:
    """Count what :func:`instruments` lists: one query."""
    return _matching(wanted).count()


def counts_by_state(owner_id: UUID | None = None) -> dict[str, int]:
    """Return how many instruments are in each state, all states named: one query."""
    rows = _matching(InstrumentFilter(owner_id=owner_id)).order_by().values_list("state").annotate(Count("id"))
    return {state.value: 0 for state in InstrumentState} | dict(rows)


def instruments_by_serial(serial_number: str, owner_id: UUID | None = None) -> list[Instrument]:
    """Return the instruments with a serial number: one query by ``instrument_serial``."""
    rows = _matching(InstrumentFilter(owner_id=owner_id)).filter(serial_number=serial_number.strip())
    return list(rows.select_related("owner").order_by("-id"))


def instruments_numbered(number: str) -> list[Instrument]:
    """Return the instruments whose serial or inventory number is ``number``, in its capitals or in one case.

    Newest first: one query by ``instrument_serial`` and the tenant.
    """
    written = {number, number.upper(), number.lower()}
    rows = Instrument.objects.filter(Q(serial_number__in=written) | Q(inventory_number__in=written))
    return list(rows.select_related("owner").order_by("-id")[:MOST_ALIKE])


def instruments_by_id(ids: Iterable[UUID]) -> dict[UUID, Instrument]:
    """Return instruments with their owners by id: one query; unknown ids are left out."""
    return {row.id: row for row in Instrument.objects.select_related("owner").filter(pk__in=list(ids))}


def working_instruments(owner_id: UUID | None = None) -> Iterator[Instrument]:
    """Return every instrument that is not scrapped, oldest first, with its owner: one query, read in pieces."""
    rows = _matching(InstrumentFilter(owner_id=owner_id)).exclude(state=InstrumentState.RETIRED)
    return rows.select_related("owner").order_by("id").iterator(chunk_size=CHUNK)


@dataclass(frozen=True, slots=True)
class LedgerModel:
    """A model in the ledger: its maker, its name, and how many instruments there are of it."""

    manufacturer: str
    model: str
    count: int


def models_in_ledger(owner_id: UUID | None = None) -> list[LedgerModel]:
    """Return the models in the ledger, the most frequent first, at most 200: one query over the ledger."""
    rows = _matching(InstrumentFilter(owner_id=owner_id)).order_by().values_list("manufacturer_zh", "model")
    counted = rows.annotate(number=Count("id")).order_by("-number", "manufacturer_zh", "model")
    return [LedgerModel(*row) for row in counted[:MOST_MODELS]]


def instruments_of_maker(
    manufacturer: str, model: str = "", *, owner_id: UUID | None = None
) -> list[Instrument]:
    """Return the oldest 1000 instruments of a maker, or of one of its models, with owners: one query."""
    rows = _matching(InstrumentFilter(owner_id=owner_id)).filter(manufacturer_zh=manufacturer)
    if model:
        rows = rows.filter(model=model)
    return list(rows.select_related("owner").order_by("id")[:MOST_ALIKE])


def history(instrument_id: UUID) -> list[InstrumentChange]:
    """Return every change of an instrument, latest first: one query by foreign key."""
    return list(InstrumentChange.objects.filter(instrument_id=instrument_id).order_by("-at", "-id"))


def ledger_facts(instrument_id: UUID) -> InstrumentFacts:
    """Return the ledger record as facts, as a form needs them: one query. Raises :class:`InstrumentUnknown`."""
    return facts_of(InstrumentFacts, instrument(instrument_id))


def _matching(wanted: InstrumentFilter) -> QuerySet[Instrument]:
    rows = Instrument.objects.all()
    exact = {"owner_id": wanted.owner_id, "state": wanted.state, "purpose": wanted.purpose}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.compulsory is not None:
        rows = rows.filter(compulsory=wanted.compulsory)
    if text := wanted.text.strip():
        rows = rows.filter(
            Q(name_zh__icontains=text)
            | Q(name_en__icontains=text)
            | Q(model__icontains=text)
            | Q(serial_number__icontains=text)
            | Q(inventory_number__icontains=text)
        )
    return rows
