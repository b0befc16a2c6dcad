"""What a certificate says, as read from any DCC 3.x: for people and for the checker, not for writing it again.

Decimal texts are as in the file. Members that a file does not have are empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jialiang.formats.canonical import to_plain
from jialiang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class IdentificationView:
    """A number by which something is known."""

    issuer: str
    number: str
    name: Text = Text()
    ref_type: str = ""


@dataclass(frozen=True, slots=True)
class PartyView:
    """An organization: name, address on one line, ways to reach it, accreditation code."""

    name: Text = Text()
    address: Text = Text()
    email: str = ""
    phone: str = ""
    website: str = ""
    laboratory_code: str = ""


@dataclass(frozen=True, slots=True)
class ItemView:
    """An instrument that was calibrated; ``said`` are its described properties by refType."""

    name: Text
    manufacturer: Text
    model: str
    identifications: tuple[IdentificationView, ...]
    said: tuple[tuple[str, Text], ...] = ()

    @property
    def serial_number(self) -> str:
        """The manufacturer's number, or the first there is."""
        by_maker = [i.number for i in self.identifications if i.issuer == "manufacturer"]
        return next(iter(by_maker or [i.number for i in self.identifications]), "")


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """A reference to another certificate (``dcc:hashType``)."""

    referral: Text
    number: str
    procedure: str
    digest: str
    in_validity: bool | None = None
    traceable: bool | None = None
    linked: ReferenceView | None = None


@dataclass(frozen=True, slots=True)
class EquipmentView:
    """A measuring equipment and the certificate that carries it."""

    id: str
    name: Text
    model: str
    ref_type: str
    identifications: tuple[IdentificationView, ...]
    certificate: ReferenceView | None = None


@dataclass(frozen=True, slots=True)
class QuantityView:
    """One column of a table: a decimal text (or words) a row, in the first unit that people read.

    ``expanded_uncertainties`` and ``coverage_factors`` are empty or have an entry a row; of a hybrid quantity the
    form in degrees Celsius is taken before that in kelvin.
    """

    ref_type: str
    name: Text
    unit: str
    quantity_values: tuple[str, ...]
    expanded_uncertainties: tuple[str, ...] = ()
    coverage_factors: tuple[str, ...] = ()
    coverage_probability: str = ""
    distribution: str = ""
    conformities: tuple[str, ...] = ()
    ref_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableView:
    """One list of quantities, or quantities that stand alone in a result."""

    name: Text
    quantities: tuple[QuantityView, ...]
    note: Text = Text()


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement of the certificate."""

    ref_type: str
    name: Text
    declaration: Text
    norms: tuple[str, ...] = ()
    reference: str = ""
    convention: str = ""
    date: str = ""
    conformity: str = ""


@dataclass(frozen=True, slots=True)
class PersonView:
    """A responsible person, and whether that person signs."""

    name: Text
    role: Text
    ref_type: str
    main_signer: bool = False
    seals: bool = False
    signs: bool = False


@dataclass(frozen=True, slots=True)
class MethodView:
    """A method that was used."""

    name: Text
    norms: tuple[str, ...]
    ref_type: str = ""


@dataclass(frozen=True, slots=True)
class ConditionView:
    """An influence condition with its quantities."""

    name: Text
    ref_type: str
    quantities: tuple[QuantityView, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One text or attribute of the file: where it stands, what people call it, what it says."""

    path: str
    name: Text
    said: str


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate as read; ``canonical_xml`` is all of it, for comparing what no other member shows."""

    schema_version: str
    number: str
    languages: tuple[str, ...]
    institute: PartyView
    customer: PartyView
    items: tuple[ItemView, ...]
    identifications: tuple[IdentificationView, ...]
    receipt_date: str
    begin_date: str
    end_date: str
    issue_date: str
    performance_location: str
    replaces: str
    results: tuple[TableView, ...]
    statements: tuple[StatementView, ...]
    methods: tuple[MethodView, ...]
    equipment: tuple[EquipmentView, ...]
    conditions: tuple[ConditionView, ...]
    persons: tuple[PersonView, ...]
    software: tuple[str, ...]
    institute_seals: bool
    canonical_xml: bytes = field(default=b"", repr=False)

    def identified_as(self, ref_type: str) -> str:
        """Return the identification of the certificate with this refType, or nothing."""
        return next((i.number for i in self.identifications if i.ref_type == ref_type), "")

    def stated(self, ref_type: str) -> StatementView | None:
        """Return the first statement with this refType."""
        return next((s for s in self.statements if s.ref_type == ref_type), None)

    def to_json(self) -> dict[str, Any]:
        """Return everything that people read, ready for JSON; empty members are left out."""
        said: dict[str, Any] = {k: v for k, v in to_plain(self).items() if k != "canonical_xml"}
        derived = {"identifier": self.identifier, "kind": self.kind, "due_date": self.due_date}
        return said | {name: text for name, text in derived.items() if text}

    @property
    def identifier(self) -> str:
        """The identifier ``prefix/suffix``, if the certificate is one of this house."""
        return self.identified_as("jl_identifier")

    @property
    def check_code(self) -> str:
        """The check code, if the certificate is one of this house."""
        return self.identified_as("jl_checkCode")

    @property
    def check_url(self) -> str:
        """The address of the authenticity check, if the certificate is one of this house."""
        return self.identified_as("jl_checkUrl")

    @property
    def kind(self) -> str:
        """``calibration``, ``legal_verification`` or ``testing``; nothing where a file does not say."""
        stated = self.stated("jl_kind")
        return stated.convention if stated else ""

    @property
    def due_date(self) -> str:
        """The date until which the certificate holds or a recalibration was agreed; ISO 8601 or nothing."""
        return next((s.date for s in self.statements if s.ref_type == "basic_recalibration" and s.date), "")

    @property
    def time_zone(self) -> str:
        """The time zone in which the dates are meant; UTC where a file does not say."""
        stated = self.stated("jl_performancePlace")
        return (stated.convention if stated else "") or "UTC"
