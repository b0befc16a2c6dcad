"""One search over everything that has a number or a name, narrowed to what the person may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from jialiang.base.calibrations.selectors import calibrations
from jialiang.base.certificates.selectors import certificates
from jialiang.base.commissions.selectors import CommissionFilter, commissions
from jialiang.base.comparison_rounds.selectors import comparison_rounds
from jialiang.base.identifiers.errors import BadIdentifier, IdentifierUnknown
from jialiang.base.identifiers.selectors import identifier
from jialiang.base.instruments.selectors import InstrumentFilter, instruments, instruments_by_id
from jialiang.base.measurement_standards.selectors import standards
from jialiang.base.organizations.selectors import organizations
from jialiang.base.uncertainty_budgets.selectors import uncertainty_budgets
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.policy import allowed, limit

MOST_OF_A_NOUN = 10
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that fits: its noun and id, what it is called, a line about it, and whether its number was given."""

    noun: str
    id: UUID
    title: Text
    detail: Text
    exact: bool = False


Finder = Callable[[str, UUID | None], Iterator[Found]]


def search(actor: Actor, text: str) -> tuple[Found, ...]:
    """Return what fits ``text``, things whose number or identifier was given first: at most twelve queries.

    ``text`` is a number, serial number, credit code, identifier or a part of a name; of each noun at most
    :data:`MOST_OF_A_NOUN`. Nouns that the actor may not read are left out; who may read the own only, finds those.
    """
    wanted = " ".join(text.split())
    if len(wanted) < SHORTEST:
        return ()
    found = [*_by_identifier(actor, wanted)]
    for noun, finder in _FINDERS.items():
        if allowed(actor, f"{noun}.read"):
            narrowed = limit(actor, f"{noun}.read")
            if narrowed is None or narrowed.organization_id is not None:
                found += finder(wanted, narrowed.organization_id if narrowed else None)
    once: dict[tuple[str, UUID], Found] = {}
    for hit in sorted(found, key=lambda hit: not hit.exact):
        once.setdefault((hit.noun, hit.id), hit)
    return tuple(once.values())


def _by_identifier(actor: Actor, text: str) -> Iterator[Found]:
    try:
        code = identifier(text)
    except (BadIdentifier, IdentifierUnknown):
        return
    if code.subject_id is None or not allowed(actor, f"{code.subject_kind}.read"):
        return
    narrowed = limit(actor, f"{code.subject_kind}.read")
    owner = narrowed.organization_id if narrowed else None
    if narrowed is not None and owner is None:
        return
    if code.subject_kind == "instrument":
        row = instruments_by_id([code.subject_id]).get(code.subject_id)
        if row is not None and (narrowed is None or row.owner_id == owner):
            yield Found("instrument", row.id, row.name, _serial(row.model, row.serial_number), exact=True)
    elif code.subject_kind == "certificate":
        rows = certificates(customer_id=owner) if narrowed else certificates()
        certificate = rows.filter(pk=code.subject_id).first()
        if certificate is not None:
            yield Found("certificate", certificate.id, _plain(certificate.number), _plain(code.text), exact=True)


def _certificates(text: str, owner: UUID | None) -> Iterator[Found]:
    for row in certificates(customer_id=owner, search=text)[:MOST_OF_A_NOUN]:
        detail = _serial(row.instrument.name.zh, row.instrument.serial_number)
        yield Found("certificate", row.id, _plain(row.number), detail, exact=_same(row.number, text))


def _commissions(text: str, owner: UUID | None) -> Iterator[Found]:
    for row in commissions(CommissionFilter(text=text, customer_id=owner), size=MOST_OF_A_NOUN):
        yield Found("commission", row.id, _plain(row.number), row.customer.name, exact=_same(row.number, text))


def _instruments(text: str, owner: UUID | None) -> Iterator[Found]:
    for row in instruments(InstrumentFilter(text=text, owner_id=owner), size=MOST_OF_A_NOUN):
        exact = _same(row.serial_number, text) or _same(row.inventory_number, text)
        yield Found("instrument", row.id, row.name, _serial(row.model, row.serial_number), exact=exact)


def _standards(text: str, owner: UUID | None) -> Iterator[Found]:
    if owner is None:
        for row in standards(text=text, size=MOST_OF_A_NOUN):
            exact = _same(row.serial_number, text) or _same(row.code, text)
            detail = _serial(row.model, row.serial_number)
            yield Found("measurement_standard", row.id, row.name, detail, exact=exact)


def _calibrations(text: str, owner: UUID | None) -> Iterator[Found]:
    if owner is None:
        for row in calibrations(search=text).order_by("-created_at", "-id")[:MOST_OF_A_NOUN]:
            detail = _serial(row.item.instrument.name.zh, row.item.instrument.serial_number)
            yield Found("calibration", row.id, _plain(row.number), detail, exact=_same(row.number, text))


def _organizations(text: str, owner: UUID | None) -> Iterator[Found]:
    for row in organizations(text=text, only_id=owner, size=MOST_OF_A_NOUN):
        yield Found("organization", row.id, row.name, _plain(row.credit_code), exact=_same(row.credit_code, text))


def _comparison_rounds(text: str, owner: UUID | None) -> Iterator[Found]:
    if owner is None:
        for row in comparison_rounds(text=text, size=MOST_OF_A_NOUN):
            yield Found("comparison_round", row.id, row.name, _plain(row.number), exact=_same(row.number, text))


def _uncertainty_budgets(text: str, owner: UUID | None) -> Iterator[Found]:
    if owner is None:
        for row in uncertainty_budgets(text=text, size=MOST_OF_A_NOUN):
            yield Found("uncertainty_budget", row.id, row.name, _plain(row.code), exact=_same(row.code, text))


_FINDERS: dict[str, Finder] = {
    "certificate": _certificates,
    "commission": _commissions,
    "instrument": _instruments,
    "measurement_standard": _standards,
    "calibration": _calibrations,
    "organization": _organizations,
    "comparison_round": _comparison_rounds,
    "uncertainty_budget": _uncertainty_budgets,
}


def _same(number: str, text: str) -> bool:
    return bool(number) and number.casefold() == text.casefold()


def _plain(text: str) -> Text:
    return Text(text, text)


def _serial(model: str, serial_number: str) -> Text:
    return _plain(" · ".join(part for part in (model, serial_number) if part))
