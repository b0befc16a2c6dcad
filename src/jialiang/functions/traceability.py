"""Showing a traceability chain up to the national standard, and what rests on a certificate of a standard."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from jialiang.base.calibrations.selectors import records_using_certificate
from jialiang.base.certificates import selectors as certificates
from jialiang.base.instruments.selectors import instrument
from jialiang.base.measurement_standards.selectors import standard, standard_certificate
from jialiang.functions.deed import permit
from jialiang.information.chain import Chain, chain_of_certificate, chain_of_instrument, chain_of_standard
from jialiang.security.actor import Actor

READ = "traceability.read"


def chain_of(
    *,
    actor: Actor,
    on: date,
    instrument_id: UUID | None = None,
    certificate_id: UUID | None = None,
    standard_id: UUID | None = None,
) -> Chain:
    """Return the chain of exactly one thing, examined for the day ``on``; gaps and expired links are findings."""
    if instrument_id is not None:
        permit(actor, READ, instrument(instrument_id))
        return chain_of_instrument(instrument_id, on)
    if certificate_id is not None:
        permit(actor, READ, certificates.certificate(certificate_id))
        return chain_of_certificate(certificate_id, on)
    if standard_id is not None:
        permit(actor, READ, standard(standard_id))
        return chain_of_standard(standard_id, on)
    raise TypeError("chain_of() needs an instrument, a certificate or a standard")


def certificates_resting_on(*, actor: Actor, standard_certificate_id: UUID) -> list[certificates.Certificate]:
    """Return the certificates whose results rest on one certificate of a standard: what its revocation affects."""
    permit(actor, READ, standard(standard_certificate(standard_certificate_id).standard_id))
    records = records_using_certificate(standard_certificate_id).values_list("id", flat=True)
    return certificates.certificates_of_records(records)
