"""What a certificate says, as one frozen value: the source of its XML, its pages and its public answer.

All numbers are decimal text as reported, rounded once (``science.rounding``); all units are D-SI strings
(``\\degreecelsius``); all dates are ISO 8601. ``to_plain``/``from_plain`` of :mod:`formats.canonical` write it to
JSON and back without loss; the SHA-256 of its canonical JSON is frozen when the number is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jialiang.kernel.text import Text

CertificateKind = Literal["calibration", "legal_verification", "testing", "type_evaluation"]
Conformity = Literal["pass", "fail", "conditionalPass", "conditionalFail", "noPass", "noFail"]
Issuer = Literal["manufacturer", "calibrationLaboratory", "customer", "owner", "other"]


@dataclass(frozen=True, slots=True)
class Identification:
    """A number by which something is known, and who gave it."""

    issuer: Issuer
    value: str
    name: Text = Text()


@dataclass(frozen=True, slots=True)
class Address:
    """A place that a letter reaches; ``country_code`` is ISO 3166-1 alpha-2, ``region_code`` GB/T 2260."""

    city: Text = Text()
    street: Text = Text()
    postal_code: str = ""
    country_code: str = "CN"
    region_code: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """An organization as it stands on a certificate."""

    name: Text
    address: Address
    credit_code: str = ""
    gln: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    laboratory_code: str = ""
    fictional: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """The instrument that was calibrated."""

    name: Text
    manufacturer: Text
    model: str
    identifications: tuple[Identification, ...]
    serial_number: str
    measuring_interval: Text = Text()
    accuracy_class: str = ""
    condition_on_receipt: Text = Text()


@dataclass(frozen=True, slots=True)
class CertificateReference:
    """The certificate that carries a measurement standard; ``digest`` is hexadecimal, recomputable by ``procedure``.

    ``procedure``: ``sha256`` (bytes of the file), ``c14n-sha256`` (canonical XML) or ``analogue`` (paper).
    """

    referral: Text
    number: str
    procedure: Literal["sha256", "c14n-sha256", "analogue"]
    digest: str
    valid_until: str = ""
    in_validity: bool = True
    linked: CertificateReference | None = None


@dataclass(frozen=True, slots=True)
class MeasuringEquipment:
    """A measurement standard or other equipment that was used; ``key`` links results to it."""

    key: str
    name: Text
    manufacturer: Text
    model: str
    serial_number: str
    inventory_number: str = ""
    measuring_interval: Text = Text()
    uncertainty_statement: Text = Text()
    certificate: CertificateReference | None = None
    is_reference: bool = True


@dataclass(frozen=True, slots=True)
class Method:
    """A method that was used; ``norm`` is the number of the document (``JJG 130-2011``)."""

    key: str
    name: Text
    norm: str = ""
    description: Text = Text()
    is_uncertainty_method: bool = False


@dataclass(frozen=True, slots=True)
class InfluenceCondition:
    """A condition during the work, as the interval in which it stayed."""

    quantity: Literal["temperature", "humidityRelative", "pressure", "other"]
    name: Text
    minimum: str
    maximum: str
    unit: str


@dataclass(frozen=True, slots=True)
class Column:
    """One quantity of a result table: a decimal text per row, and U, k, p where it has an uncertainty.

    ``ref_type`` is PTB's (``basic_referenceValue``, ``basic_measuredValue``, ``basic_measurementError`` …).
    ``expanded_uncertainties`` and ``coverage_factors`` have one entry per row; ``coverage_probability`` is e.g. 0.95.
    ``covariances`` is the covariance matrix of the rows in the square of the unit, column by column, and
    ``region_factor`` is k of the ellipsoid that holds all rows at once with that probability.
    """

    ref_type: str
    name: Text
    unit: str
    quantity_values: tuple[str, ...]
    expanded_uncertainties: tuple[str, ...] = ()
    coverage_factors: tuple[str, ...] = ()
    coverage_probability: str = ""
    distribution: str = ""
    conformities: tuple[Conformity, ...] = ()
    equipment_keys: tuple[str, ...] = ()
    method_keys: tuple[str, ...] = ()
    covariances: tuple[tuple[str, ...], ...] = ()
    region_factor: str = ""


@dataclass(frozen=True, slots=True)
class ResultTable:
    """A table of results: columns of equal length."""

    name: Text
    columns: tuple[Column, ...]
    ref_type: str = "gp_table1"
    note: Text = Text()
    adjustment: Literal["", "beforeAdjustment", "afterAdjustment"] = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the certificate (traceability, decision rule, conformity, recalibration …)."""

    ref_type: str
    name: Text
    declaration: Text
    norm: str = ""
    reference: str = ""
    conformity: Conformity | None = None
    date: str = ""


@dataclass(frozen=True, slots=True)
class ResponsiblePerson:
    """A person who answers for the certificate, and what for."""

    name: Text
    role: Text
    duty: Literal["calibrated", "reviewed", "approved"]
    main_signer: bool = False


@dataclass(frozen=True, slots=True)
class Trust:
    """What a reader needs to trust the file: whose key signs, and under which authority."""

    signer: Text
    signer_kind: Literal["institute_seal", "person_in_role"]
    authority: Text
    authority_fingerprint: str
    domain: str


@dataclass(frozen=True, slots=True)
class CertificateContent:
    """Everything that a certificate says; see the module's first lines for the conventions."""

    kind: CertificateKind
    number: str
    identifier: str
    check_code: str
    check_url: str
    institute: Party
    customer: Party
    items: tuple[Item, ...]
    commission_number: str
    record_number: str
    begin_date: str
    end_date: str
    issue_date: str
    signing_time: str
    time_zone: str
    performance_location: Literal["laboratory", "customer", "laboratoryBranch", "customerBranch", "other"]
    performance_address: Text
    methods: tuple[Method, ...]
    equipment: tuple[MeasuringEquipment, ...]
    conditions: tuple[InfluenceCondition, ...]
    results: tuple[ResultTable, ...]
    statements: tuple[Statement, ...]
    persons: tuple[ResponsiblePerson, ...]
    trust: Trust
    software_name: str
    software_release: str
    receipt_date: str = ""
    due_date: str = ""
    languages: tuple[str, ...] = ("zh", "en")
    supersedes_number: str = ""
    supersedes_identifier: str = ""
    amendment_reason: Text = Text()
    conclusion: Text = Text()
    schema: str = "jialiang.certificate-content/1"
