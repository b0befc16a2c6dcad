"""What higher layers see of a standard and of the certificate that carries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from jialiang.formats.content import CertificateReference, MeasuringEquipment
from jialiang.kernel.text import Text
from jialiang.science.units import display_unit

DigestProcedure = Literal["sha256", "c14n-sha256", "analogue"]


@dataclass(frozen=True, slots=True)
class StandardCertificateView:
    """A certificate of a standard: what it says, how long, and how it can be recognized again."""

    id: UUID
    standard_id: UUID
    number: str
    issuer: Text
    form: str
    digest_procedure: DigestProcedure
    digest: str
    stored_digest: str
    expanded_uncertainty: str
    coverage_factor: str
    unit: str
    measured_values: tuple[dict[str, str], ...]
    valid_from: date
    valid_until: date
    upward: CertificateReference | None
    signature_findings: dict[str, Any]

    def is_valid_on(self, day: date) -> bool:
        """Tell whether a day lies within the validity, both ends included."""
        return self.valid_from <= day <= self.valid_until

    def reference(self, on: date) -> CertificateReference:
        """Return the reference to this certificate as it stands on certificates below it, with the link upward."""
        return CertificateReference(
            referral=self.issuer,
            number=self.number,
            procedure=self.digest_procedure,
            digest=self.digest,
            valid_until=self.valid_until.isoformat(),
            in_validity=self.is_valid_on(on),
            linked=self.upward,
        )


@dataclass(frozen=True, slots=True)
class StandardView:
    """A measurement standard, as it is named on certificates and drawn in chains."""

    id: UUID
    code: str
    name: Text
    level: str
    manufacturer: Text
    model: str
    serial_number: str
    inventory_number: str
    quantity: Text
    unit: str
    measuring_interval: Text
    drift_half_width: str
    state: str
    state_reason: str

    def equipment(
        self, key: str, certificate: StandardCertificateView, on: date, *, is_reference: bool = True
    ) -> MeasuringEquipment:
        """Return the standard with its certificate as a certificate's content lists it; ``key`` links results."""
        said = f"U = {certificate.expanded_uncertainty}", f"k = {certificate.coverage_factor}"
        return MeasuringEquipment(
            key=key,
            name=self.name,
            manufacturer=self.manufacturer,
            model=self.model,
            serial_number=self.serial_number,
            inventory_number=self.inventory_number,
            measuring_interval=self.measuring_interval,
            uncertainty_statement=_statement(said, certificate.unit),
            certificate=certificate.reference(on),
            is_reference=is_reference,
        )


def _statement(said: tuple[str, str], dsi: str) -> Text:
    spread, factor = said
    printed = {language: f"{spread} {display_unit(dsi, language)}".strip() for language in ("zh", "en")}
    return Text(f"{printed['zh']}，{factor}", f"{printed['en']}, {factor}")
