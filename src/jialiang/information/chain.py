"""The traceability chain of an instrument, a certificate or a standard, from the evidence of the base.

Going up: the instrument, by our certificate, to the standards that were used that day, each by its own certificate, and
from there along the references that this certificate carries, until they end. Where a standard's certificate names
nothing above it and the standard is no national one, the chain has a gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from jialiang.base.calibrations.selectors import standards_used
from jialiang.base.certificates.public_answers import content_of
from jialiang.base.certificates.selectors import Certificate, certificate
from jialiang.base.instruments.selectors import instrument
from jialiang.base.measurement_standards.selectors import (
    certificate_view,
    certificates_of,
    standard,
    standard_certificate,
)
from jialiang.base.measurement_standards.views import StandardCertificateView
from jialiang.base.organizations.selectors import has_own_organization, own_organization
from jialiang.base.traceability.selectors import (
    evidence_of_instrument,
    instrument_evidence_on,
    standard_evidence_on,
)
from jialiang.formats.content import CertificateReference
from jialiang.kernel.text import Text
from jialiang.science.chain import ChainExamination, ChainLink, ChainNode, examine_chain
from jialiang.science.rounding import as_decimal
from jialiang.vocabulary.statuses import StandardLevel, label

NodeKind = Literal["instrument", "standard", "reference"]


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One box of the drawing; ``thing_id`` is the instrument or standard, None for what other houses keep.

    ``certificate_id`` is our certificate or that of the standard; ``holder`` who keeps the thing, or who issued.
    """

    node: ChainNode
    kind: NodeKind
    holder: Text
    identity: str = ""
    thing_id: UUID | None = None
    certificate_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """Boxes, arrows (lower to upper) and what was found for the day ``on``."""

    steps: tuple[ChainStep, ...]
    links: tuple[ChainLink, ...]
    examination: ChainExamination

    @property
    def on(self) -> date:
        """The day for which the chain was examined."""
        return self.examination.on

    def level_of(self, key: str) -> int:
        """Return how many steps above the start a box stands."""
        return self.examination.steps_up.get(key, 0)


@dataclass(slots=True)
class _Draft:
    steps: dict[str, ChainStep] = field(default_factory=dict)
    links: list[ChainLink] = field(default_factory=list)

    def add(self, step: ChainStep, below: str = "") -> str:
        key = step.node.key
        self.steps.setdefault(key, step)
        link = ChainLink(below, key)
        if below and link not in self.links:
            self.links.append(link)
        return key


def chain_of_instrument(instrument_id: UUID, on: date) -> Chain:
    """Return the chain of an instrument by the certificate that proves it on a day, else by its latest one."""
    in_force = instrument_evidence_on(instrument_id, on)
    known = in_force or next(iter(evidence_of_instrument(instrument_id)), None)
    issued = certificate(known.certificate_id) if known is not None and known.certificate_id else None
    draft = _Draft()
    return _examined(draft, _instrument_step(draft, instrument_id, issued), on)


def chain_of_certificate(certificate_id: UUID, on: date) -> Chain:
    """Return the chain that carries one of our certificates."""
    issued = certificate(certificate_id)
    draft = _Draft()
    return _examined(draft, _instrument_step(draft, issued.instrument_id, issued), on)


def chain_of_standard(standard_id: UUID, on: date) -> Chain:
    """Return the chain of a measurement standard by the certificate in force on a day, else by its latest one."""
    draft = _Draft()
    return _examined(draft, _standard_step(draft, standard_id, _carrying(standard_id, on)), on)


def _instrument_step(draft: _Draft, instrument_id: UUID, issued: Certificate | None) -> str:
    thing = instrument(instrument_id)
    key = f"instrument:{thing.id}"
    uncertainty, unit = _largest_uncertainty(issued)
    node = ChainNode(
        key=key,
        name=thing.name,
        certificate_number=issued.number if issued else "",
        valid_from=issued.issue_date if issued else None,
        valid_until=issued.due_date if issued else None,
        expanded_uncertainty=uncertainty,
        unit=unit or thing.unit,
    )
    certificate_id = issued.id if issued else None
    step = ChainStep(node, "instrument", thing.owner.name, thing.serial_number, thing.id, certificate_id)
    draft.add(step)
    if issued is not None:
        for used in standards_used(issued.calibration_id):
            _standard_step(draft, used.standard_id, certificate_view(used.certificate), below=key)
    return key


def _standard_step(
    draft: _Draft, standard_id: UUID, carrying: StandardCertificateView | None, below: str = ""
) -> str:
    thing = standard(standard_id)
    national = thing.level == StandardLevel.NATIONAL
    node = ChainNode(
        key=f"standard:{thing.id}",
        name=thing.name,
        level=label(StandardLevel(thing.level)).zh,
        certificate_number=carrying.number if carrying else "",
        valid_from=carrying.valid_from if carrying else None,
        valid_until=carrying.valid_until if carrying else None,
        expanded_uncertainty=carrying.expanded_uncertainty if carrying else "",
        unit=carrying.unit if carrying else thing.unit,
        is_origin=national,
    )
    holder = own_organization().name if has_own_organization() else Text()
    certificate_id = carrying.id if carrying else None
    step = ChainStep(node, "standard", holder, thing.serial_number, thing.id, certificate_id)
    key = draft.add(step, below)
    lower = key
    for position, reference in enumerate(_upward(carrying)):
        last = reference.linked is None
        lower = draft.add(_reference_step(reference, key, position, is_origin=last), lower)
    return key


def _reference_step(
    reference: CertificateReference, of: str, position: int, *, is_origin: bool
) -> ChainStep:
    node = ChainNode(
        key=f"{of}/{position}:{reference.number}",
        name=reference.referral,
        certificate_number=reference.number,
        valid_until=date.fromisoformat(reference.valid_until) if reference.valid_until else None,
        is_origin=is_origin,
    )
    return ChainStep(node, "reference", reference.referral, reference.number)


def _upward(carrying: StandardCertificateView | None) -> Iterator[CertificateReference]:
    reference = carrying.upward if carrying else None
    while reference is not None:
        yield reference
        reference = reference.linked


def _carrying(standard_id: UUID, on: date) -> StandardCertificateView | None:
    evidence = standard_evidence_on(standard_id, on)
    if evidence is not None and evidence.standard_certificate_id is not None:
        return standard_certificate(evidence.standard_certificate_id)
    latest = certificates_of(standard_id)[:1]
    return certificate_view(latest[0]) if latest else None


def _largest_uncertainty(issued: Certificate | None) -> tuple[str, str]:
    """Return the largest U of a certificate with its unit: what holds wherever in the interval it is used."""
    if issued is None:
        return "", ""
    stated = [
        (uncertainty, column.unit)
        for table in content_of(issued).results
        for column in table.columns
        for uncertainty in column.expanded_uncertainties
        if uncertainty
    ]
    return max(stated, key=lambda pair: as_decimal(pair[0])) if stated else ("", "")


def _examined(draft: _Draft, start: str, on: date) -> Chain:
    steps = tuple(draft.steps.values())
    examination = examine_chain([step.node for step in steps], draft.links, start=start, on=on)
    return Chain(steps, tuple(draft.links), examination)
