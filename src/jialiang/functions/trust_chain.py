"""The chain over which values of identifiers are signed, as records that everyone can resolve.

    <installation's prefix>/0.0              HS_CERT 400: the authority of the installation, issued by itself
    <installation's prefix>/seal.<institute> HS_CERT 400: the institute's seal in force, issued by the authority

They are the platform's own records: they are published by the first signature that needs them and anew with a new
seal, whatever the state of the prefix, and taken back when a seal is revoked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from jialiang.base.identifiers import services
from jialiang.base.identifiers.errors import IdentifierTaken
from jialiang.base.identifiers.public_reads import record_anywhere
from jialiang.base.identifiers.rows_read import stored
from jialiang.base.identifiers.services import Edit, NewRecord
from jialiang.base.prefixes.selectors import tree
from jialiang.formats.handle.trust import (
    CERTIFICATE_TYPE,
    DERIVED,
    EVERYTHING,
    FIRST_INDEX,
    ROOT_KEY,
    UNDER,
    Permission,
    Root,
    Sign,
    Validity,
    certificate_claims,
    certificate_in,
    certified_key,
    certified_permissions,
    key_to_json,
    raw_es256,
    token,
)
from jialiang.formats.handle.values import HandleReference, HandleValue
from jialiang.functions.deed import put_on_record
from jialiang.functions.identifier_answers import Changed, changed, publish_records
from jialiang.governance.publication.answers import Answer
from jialiang.governance.publication.selectors import answer
from jialiang.governance.publication.services import publish
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor, system_actor
from jialiang.security.keys.current import current_key_store
from jialiang.security.keys.selectors import AuthorityView, SealView, authority, authority_row, has_authority
from jialiang.security.tenancy.selectors import tenant

ALGORITHM = "ES256"
ROOT_SUFFIX = "0.0"
SEAL_SUFFIX = "seal."
SIGNER = Text("嘉量", "Jialiang")


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who certifies: identity, key and how it signs."""

    identity: HandleReference
    key: ec.EllipticCurvePublicKey
    sign: Sign


def root_of(view: AuthorityView) -> Root:
    """Return the root of this installation as signatures are judged by it."""
    return Root(reference(ROOT_SUFFIX), _p256(view.certificate.public_key()))


def seal_reference(tenant_id: UUID) -> HandleReference:
    """Return the identity under which the certificate of an institute's seal stands (one query)."""
    return reference(f"{SEAL_SUFFIX}{tenant(tenant_id).slug}")


def reference(suffix: str) -> HandleReference:
    """Return the identity of a certificate under the installation's own prefix."""
    return HandleReference(FIRST_INDEX, f"{settings.JIALIANG.identifier_prefix}/{suffix}")


def seal_issuer(actor: Actor, seal: SealView) -> Issuer:
    """Return the seal as issuer of signatures."""
    key = _p256(seal.certificate.public_key())
    return Issuer(seal_reference(actor.tenant_id), key, lambda data: raw_es256(seal.signer.sign(data)))


def publish_chain(actor: Actor, issuer: Issuer, seal: SealView, now: datetime) -> None:
    """Publish the certificates of the seal and of the authority where they are not yet. Raises AuthorityMissing.

    Six queries where there is nothing to do.
    """
    view = authority()
    root = _root_issuer(view)
    publish_root(view, now)
    begins, ends = view.certificate.not_valid_before_utc, view.certificate.not_valid_after_utc
    lasting = Validity(int(begins.timestamp()), int(ends.timestamp()), int(begins.timestamp()))
    _publish(actor, root, root, (Permission(EVERYTHING),), lasting, now)
    begins, ends = seal.certificate.not_valid_before_utc, seal.certificate.not_valid_after_utc
    in_force = Validity(int(begins.timestamp()), int(ends.timestamp()), int(now.timestamp()))
    _publish(actor, issuer, root, _institute_permissions(), in_force, now)


def publish_root(view: AuthorityView, now: datetime) -> None:
    """Publish the key that chains of this installation lead to, where it is not yet: one query."""
    if answer(ROOT_KEY) is None:
        publish([Answer(ROOT_KEY, root_of(view).body())], now)


def republish_root(now: datetime) -> None:
    """Publish that key anew where something was signed: an import brings the records of a chain, not its root."""
    signed = record_anywhere(f"{settings.JIALIANG.identifier_prefix}/{ROOT_SUFFIX}") is not None
    if signed and has_authority():
        publish_root(authority(), now)


def withdraw_certificate(actor: Actor, key: object, now: datetime) -> None:
    """Take the certificate of a seal out of its record, if it is of this key: signatures by it hold no longer."""
    name = seal_reference(actor.tenant_id).handle
    found = record_anywhere(name)
    text = certificate_in(found.record.values, FIRST_INDEX) if found else None
    known = certified_key(text) if text else None
    if found is not None and known is not None and key_to_json(known) == key_to_json(_p256(key)):
        kept = tuple(value for value in found.record.values if value.index != FIRST_INDEX)
        _change(system_actor(actor.tenant_id, SIGNER, actor.door), name, kept, now)


def _institute_permissions() -> tuple[Permission, ...]:
    """Return what a seal may sign: what is under and derived from the prefixes of its institute and the shared one."""
    own = tree()
    below = {row.pk for row in own}
    tops = {row.text for row in own if row.parent_id not in below} | {settings.JIALIANG.identifier_prefix}
    return tuple(Permission(perm, f"0.NA/{text}") for text in sorted(tops) for perm in (UNDER, DERIVED))


def _root_issuer(view: AuthorityView) -> Issuer:
    key_name = authority_row().key_name
    root = root_of(view)
    key = _p256(root.key)
    return Issuer(root.identity, key, lambda data: raw_es256(current_key_store().sign(key_name, data)))


def _publish(
    actor: Actor,
    subject: Issuer,
    issuer: Issuer,
    permissions: tuple[Permission, ...],
    validity: Validity,
    now: datetime,
) -> None:
    """Put the certificate of a key into its record, unless one of this key with these permissions is there."""
    name = subject.identity.handle
    found = record_anywhere(name)
    text = certificate_in(found.record.values, FIRST_INDEX) if found else None
    key = certified_key(text) if text else None
    same_key = key is not None and key_to_json(key) == key_to_json(subject.key)
    if text and same_key and certified_permissions(text) == permissions:
        return
    claims = certificate_claims(subject.identity, subject.key, permissions, issuer.identity, validity)
    value = HandleValue(FIRST_INDEX, CERTIFICATE_TYPE, token(claims, ALGORITHM, issuer.sign).encode())
    itself = system_actor(actor.tenant_id, SIGNER, actor.door)
    if found is None:
        _register(itself, name, value, now)
        return
    kept = (other for other in found.record.values if other.index != FIRST_INDEX)
    _change(itself, name, (value, *kept), now)


def _register(actor: Actor, name: str, value: HandleValue, now: datetime) -> None:
    try:
        row = services.register(NewRecord(name, (value,)), actor=actor, now=now)
    except IdentifierTaken:  # another signature published it at the same time
        return
    publish_records([Changed(stored(row))], now)
    data = {"identifier": name, "state": row.state}
    put_on_record(
        actor, "identifier.register", row, now, event="identifier.registered", data=data, identifier=name
    )


def _change(actor: Actor, name: str, values: tuple[HandleValue, ...], now: datetime) -> None:
    row = services.locked(name)
    before = stored(row)
    if not services.change(row, Edit(values=values), action="identifier.change", actor=actor, now=now):
        return
    publish_records([changed(before, stored(row))], now)
    data = {"identifier": name, "state": row.state, "version": row.version}
    put_on_record(
        actor, "identifier.change", row, now, event="identifier.changed", data=data, identifier=name
    )


def _p256(key: object) -> ec.EllipticCurvePublicKey:
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise TypeError("keys of this installation are on P-256")
    return key
