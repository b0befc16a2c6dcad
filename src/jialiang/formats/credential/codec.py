"""Typed credentials from JSON and back, by the models that also check the structure."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, TypeVar

from jialiang.formats.credential import model
from jialiang.formats.json_documents.models import JsonModels, MemberModel, json_models

CREDENTIAL = "DigitalConformityCredential"
T = TypeVar("T", bound=model.CredentialPart)

_SPELLED = {"@context": "context", "IDverifiedByCAB": "id_verified"}
_CLASSES: dict[str, type[model.CredentialPart]] = {
    CREDENTIAL: model.ConformityCredential, "CredentialIssuer": model.CredentialIssuer,
    "Party": model.IdentifiedParty, "DescribedParty": model.IdentifiedParty,
    "ConformityAttestation": model.ConformityAttestation, "Endorsement": model.Endorsement,
    "BinaryFile": model.BinaryFile, "Link": model.CredentialLink, "SecureLink": model.CredentialLink,
    "ConformityScheme": model.ConformityScheme, "ConformityAssessment": model.ConformityAssessment,
    "Standard": model.ReferenceStandard, "Regulation": model.ReferenceRegulation, "Criterion": model.Criterion,
    "Metric": model.CredentialMetric, "Measure": model.CredentialMeasure, "Classification": model.Classification,
    "ProductVerification": model.AssessedProduct, "Product": model.AssessedProductId,
    "FacilityVerification": model.AssessedFacility,
}  # fmt: skip


def credential_models() -> JsonModels:
    """Return the models of all objects of a credential."""
    return json_models("jialiang.formats.credential", "models.json")


def typed_credential(document: dict[str, Any]) -> model.ConformityCredential:
    """Return a document whose structure holds as typed values; nothing of it is lost."""
    found: model.ConformityCredential = _typed(document, CREDENTIAL)
    return found


def plain_credential(credential: model.ConformityCredential) -> dict[str, Any]:
    """Return a credential ready for JSON, members in the order of the vocabulary."""
    return _plain(credential, CREDENTIAL)


def _typed(data: dict[str, Any], kind: str) -> Any:
    members = credential_models().objects[kind].members
    values = {
        _attribute(name): _value(data[name], member) for name, member in members.items() if name in data
    }
    extra = {name: value for name, value in data.items() if name not in members}
    return _CLASSES[kind](**values, extra=extra)


def _value(data: Any, member: MemberModel) -> Any:
    if member.type in _CLASSES:
        return (
            tuple(_typed(each, member.type) for each in data)
            if member.is_array
            else _typed(data, member.type)
        )
    return tuple(data) if isinstance(data, list) else data


def _plain(value: model.CredentialPart, kind: str) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, member in credential_models().objects[kind].members.items():
        found = getattr(value, _attribute(name))
        if found is not None:
            plain[name] = _written(found, member)
    return plain | value.extra


def _written(value: Any, member: MemberModel) -> Any:
    if member.type in _CLASSES:
        return (
            [_plain(each, member.type) for each in value] if member.is_array else _plain(value, member.type)
        )
    return list(value) if isinstance(value, tuple) else value


@cache
def _attribute(name: str) -> str:
    return _SPELLED.get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
