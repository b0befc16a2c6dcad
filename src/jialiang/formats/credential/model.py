"""A conformity credential of UNTP as typed values: a class for each object of its vocabulary.

Attributes are the members in the spelling of this house (``issuedToParty`` is ``issued_to_party``); None is a member
that is not there, ``extra`` keeps members that the vocabulary does not have, so that nothing is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Extra = dict[str, Any]
Types = tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialPart:
    """What all objects have: their types, and members beyond the vocabulary."""

    type: Types = None
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifiedParty(CredentialPart):
    """An organization, facility or person: its IRI, its name, its number in a register."""

    id: str
    name: str
    registered_id: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialIssuer(CredentialPart):
    """Who issues the credential, named by a DID, and the other registers it stands in."""

    id: str
    name: str
    issuer_also_known_as: tuple[IdentifiedParty, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BinaryFile(CredentialPart):
    """A file in Base64."""

    file_name: str | None = None
    file_type: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialLink(CredentialPart):
    """A link to a document; a secure one has the digest of its bytes, in hexadecimal."""

    link_url: str | None = None
    link_name: str | None = None
    link_type: str | None = None
    hash_digest: str | None = None
    hash_method: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement(CredentialPart):
    """The authority under which is attested: an accreditation, say."""

    id: str
    name: str
    issuing_authority: IdentifiedParty
    trustmark: BinaryFile | None = None
    endorsement_evidence: CredentialLink | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformityScheme(CredentialPart):
    """The scheme of the assessment, its version, the day since which that holds, and its owner."""

    id: str
    name: str
    description: str
    version: str
    valid_from: str
    owner: IdentifiedParty
    trustmark: BinaryFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceStandard(CredentialPart):
    """A normative document."""

    issuing_party: IdentifiedParty
    id: str | None = None
    name: str | None = None
    issue_date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceRegulation(CredentialPart):
    """A regulation, the country in which it holds (ISO 3166-1), and who administers it."""

    administered_by: IdentifiedParty
    id: str | None = None
    name: str | None = None
    jurisdiction_country: str | None = None
    effective_date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialMeasure(CredentialPart):
    """A number with the digits that it was written with, and its unit, a code of UNECE Recommendation 20."""

    value: int | Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialMetric(CredentialPart):
    """A declared or limiting value; ``accuracy`` is a fraction of it."""

    metric_name: str
    metric_value: CredentialMeasure
    score: str | None = None
    accuracy: int | Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification(CredentialPart):
    """A class of a classification scheme."""

    id: str
    name: str
    code: str | None = None
    scheme_id: str | None = None
    scheme_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(CredentialPart):
    """What is required, its topic, and whether it is in force."""

    id: str
    name: str
    description: str
    conformity_topic: str
    status: str
    sub_criterion: tuple[Criterion, ...] | None = None
    threshold_value: CredentialMetric | None = None
    performance_level: str | None = None
    category: tuple[Classification, ...] | None = None
    tag: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedProductId(CredentialPart):
    """A product, its number in a register, and of which series or batch it is."""

    id: str
    name: str
    registered_id: str | None = None
    serial_number: str | None = None
    batch_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedProduct(CredentialPart):
    """A product that was assessed, and whether the body has verified which one it is."""

    product: AssessedProductId | None = None
    id_verified: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedFacility(CredentialPart):
    """A facility that was assessed, and whether the body has verified which one it is."""

    facility: IdentifiedParty | None = None
    id_verified: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformityAssessment(CredentialPart):
    """One assessment: what was assessed, against what, and whether it conforms."""

    id: str
    conformity_topic: str
    conformance: bool
    name: str | None = None
    description: str | None = None
    assessment_date: str | None = None
    reference_standard: ReferenceStandard | None = None
    reference_regulation: ReferenceRegulation | None = None
    assessment_criteria: tuple[Criterion, ...] | None = None
    declared_value: tuple[CredentialMetric, ...] | None = None
    assessed_product: tuple[AssessedProduct, ...] | None = None
    assessed_facility: tuple[AssessedFacility, ...] | None = None
    assessed_organisation: IdentifiedParty | None = None
    auditor: IdentifiedParty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformityAttestation(CredentialPart):
    """What is attested to whom, under which scheme and authority."""

    id: str
    assessor_level: str
    assessment_level: str
    attestation_type: str
    issued_to_party: IdentifiedParty
    name: str | None = None
    description: str | None = None
    authorisation: tuple[Endorsement, ...] | None = None
    conformity_certificate: CredentialLink | None = None
    auditable_evidence: CredentialLink | None = None
    scope: ConformityScheme | None = None
    assessment: tuple[ConformityAssessment, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformityCredential(CredentialPart):
    """The credential: who says it, from when until when it holds (RFC 3339), and the attestation."""

    context: tuple[str, ...]
    id: str
    issuer: CredentialIssuer
    valid_from: str | None = None
    valid_until: str | None = None
    credential_subject: ConformityAttestation | None = None
