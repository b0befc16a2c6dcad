"""Reading identities: of the institute in scope, and by what a client shows."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.db.models import QuerySet

from jialiang.base.handle_identities.errors import IdentityLocked, IdentityUnknown
from jialiang.base.handle_identities.models import HandleIdentity as HandleIdentity
from jialiang.base.handle_identities.models import IdentityFailure
from jialiang.base.handle_identities.public_keys import pem_of
from jialiang.formats.handle.names import folded, name_digest
from jialiang.formats.handle.values import HandleReference, parsed_identity
from jialiang.kernel.text import is_one_line
from jialiang.security.keys.sealed_secrets import opened
from jialiang.security.tenancy.paging import DEFAULT_SIZE, Page, page
from jialiang.security.tenancy.scope import everywhere
from jialiang.vocabulary.statuses import HandleIdentityKind, HandleIdentityState, PrefixState

LARGEST_INDEX = 2_147_483_647
MOST_FAILURES = 5
WINDOW = timedelta(minutes=15)
NOBODYS_DIGEST = sha256(b"nobody").hexdigest()


@dataclass(frozen=True, slots=True)
class IdentityKey:
    """By what a signature or an answer to a challenge is checked: a public key as PEM, or a secret.

    For an identity that is not in force it is the key of nobody (``in_force`` is False), so that a door does the
    same work for both.
    """

    identity: str
    public_key_pem: str = ""
    secret: bytes = field(default=b"", repr=False)
    in_force: bool = True


def handle_identity(identity_id: UUID) -> HandleIdentity:
    """Return one identity with its organization: one query. Raises :class:`IdentityUnknown`."""
    found = HandleIdentity.objects.select_related("organization", "prefix").filter(pk=identity_id).first()
    if found is None:
        raise IdentityUnknown(wanted=str(identity_id))
    return found


def handle_identities(
    *, state: str = "", only_organization: UUID | None = None, after: str = "", size: int = DEFAULT_SIZE
) -> Page[HandleIdentity]:
    """Return a page of identities, newest first. One query by ``handle_identity_of`` for one organization."""
    rows: QuerySet[HandleIdentity] = HandleIdentity.objects.select_related("organization", "prefix")
    if not is_one_line(state):  # no database holds it
        return page(rows.none(), after=after, size=size)
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(organization_id=only_organization) if only_organization else rows
    return page(rows, after=after, size=size)


def identities_of_prefix(prefix_id: UUID) -> list[HandleIdentity]:
    """Return the identities in force under a prefix, by index: one query by foreign key."""
    rows = HandleIdentity.objects.filter(prefix_id=prefix_id, state=HandleIdentityState.ACTIVE)
    return list(rows.order_by("index", "id"))


def is_identity_given(handle: str, index: int) -> bool:
    """Tell whether an identity was ever given, in whichever institute: one query by ``handle_identity_once``."""
    with everywhere("an identity is given once on the whole installation"):
        return HandleIdentity.objects.filter(folded=folded(handle), index=index).exists()


def shown_identity(identity: str) -> HandleIdentity | None:
    """Return the identity in force under the name that a client shows, in whichever institute, None without one.

    In force is one that is not revoked, under a prefix that is neither suspended nor withdrawn, and whose holder is
    still that of the prefix (or which stands under the installation's own). One query by ``handle_identity_once``.
    """
    wanted = _wanted(identity)
    with everywhere("an identity tells which institute its holder belongs to"):
        rows = HandleIdentity.objects.select_related("prefix", "organization")
        found = rows.filter(folded=wanted.handle, index=wanted.index).first()
    if found is None or found.state != HandleIdentityState.ACTIVE:
        return None
    prefix = found.prefix
    open_states = (PrefixState.ACTIVE, PrefixState.DELEGATED)
    held = prefix.shared or prefix.holder_id == found.organization_id
    return found if prefix.state in open_states and held else None


def identity_with_key(handle: str) -> str | None:
    """Return the identity ``index:handle`` in force with a key pair under a handle, the lowest index of several.

    One query by ``handle_identity_once``; whether its prefix lets it act is told by :func:`shown_identity`.
    """
    with everywhere("an identity tells which institute its holder belongs to"):
        rows = HandleIdentity.objects.filter(
            folded=folded(handle), kind=HandleIdentityKind.PUBLIC_KEY, state=HandleIdentityState.ACTIVE
        )
        found = rows.order_by("index").first()
    return found.text if found is not None else None


def identity_by_secret(identity: str, secret: str) -> HandleIdentity | None:
    """Return the identity whose secret is shown, None for a wrong secret and an unknown name alike.

    Both cost one query and one comparison in constant time.
    """
    found = shown_identity(identity)
    digest = found.secret_digest if found is not None and found.secret_digest else NOBODYS_DIGEST
    holds = hmac.compare_digest(secret_digest(secret), digest)
    return found if holds and found is not None and found.kind == HandleIdentityKind.SECRET_KEY else None


def key_for(identity: str) -> IdentityKey:
    """Return by what an identity shows who it is; for one that is not in force, the key of nobody.

    Raises ``SecretLocked`` where the passphrase of the installation is another one than when it was made.
    """
    found = shown_identity(identity)
    if found is None:
        return IdentityKey(identity, nobodys_key(), in_force=False)
    if found.kind == HandleIdentityKind.PUBLIC_KEY:
        return IdentityKey(found.text, found.public_key_pem)
    return IdentityKey(found.text, secret=opened(found.secret_sealed, purpose_of(found)))


def require_unlocked(identity: str, now: datetime) -> None:
    """Let a try pass unless too many have failed under this name: one query by ``identity_failure_at``.

    Raises :class:`IdentityLocked`, for names that nobody has as for others.
    """
    failed = IdentityFailure.objects.filter(
        identity_digest=failure_key(identity), at__gt=now - WINDOW
    ).count()
    if failed >= MOST_FAILURES:
        raise IdentityLocked(failures=failed, minutes=WINDOW.seconds // 60)


def failure_key(identity: str) -> str:
    """Return under what failures of a name are counted: one for ``300:a/b`` and ``0300:A/B``."""
    reference = parsed_identity(identity)
    return name_digest((identity if reference is None else reference.text)[:2100])


def _wanted(identity: str) -> HandleReference:
    """Return what to look for; for what no database holds, a reference that nobody has."""
    reference = parsed_identity(identity)
    if reference is None or reference.index > LARGEST_INDEX or not is_one_line(reference.handle):
        return HandleReference(0, "")
    return HandleReference(reference.index, folded(reference.handle))


def secret_digest(secret: str) -> str:
    """Return what is compared of a secret; 256 random bits need no slow hash."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def purpose_of(identity: HandleIdentity) -> str:
    """Return what a sealed secret is for: this identity and no other."""
    return f"handle identity {identity.pk}"


@cache
def nobodys_key() -> str:
    """Return a public key whose private half was thrown away, one for each process."""
    return pem_of(ec.generate_private_key(ec.SECP256R1()).public_key())
