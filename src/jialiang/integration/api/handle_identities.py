"""Identities ``index:handle`` by which programs of the Handle System write."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from jialiang.base.handle_identities import selectors
from jialiang.base.organizations.selectors import own_organization
from jialiang.functions import handle_identities as verbs
from jialiang.integration.api.access import acting, narrowed, readable
from jialiang.integration.api.members import Body, Short, View
from jialiang.integration.api.paging import Listed, PageQuery, listed
from jialiang.integration.api.prefixes import PrefixRemark
from jialiang.kernel.clock import utc_now
from jialiang.vocabulary.statuses import HandleIdentityState

router = Router(tags=["handle identities"])
READ = "handle_identity.read"


class NewIdentity(Body):
    """An identity: `public_key` is PEM or a JWK as text; without one a secret is made.

    Without `organization_id` it is the own organization's, the institute's for its people.
    """

    identity: Annotated[str, Field(max_length=300)]
    public_key: Annotated[str, Field(max_length=20_000)] = ""
    note: Short = ""
    organization_id: UUID | None = None


class IdentityView(View):
    """An identity without its secret; `public_key_pem` is empty where it has a secret."""

    id: UUID
    identity: str
    organization_id: UUID
    kind: str
    public_key_pem: str
    note: str
    state: str
    created_by_name: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    revoke_reason: str


class MadeIdentity(IdentityView):
    """An identity just made; `secret` is told this once, empty where a public key was given."""

    secret: str


class IdentityQuery(PageQuery):
    """What a list of identities is narrowed by."""

    state: HandleIdentityState | None = None


@router.get("/handle-identities", response=Listed[IdentityView], summary="List identities")
def list_identities(request: HttpRequest, response: HttpResponse, query: Query[IdentityQuery]) -> Any:
    """Identities, newest first; a customer sees those of the own organization. Permission `handle_identity.read`."""
    found = selectors.handle_identities(
        state=query.state or "",
        only_organization=narrowed(request, READ),
        after=query.after,
        size=query.limit,
    )
    return listed(request, response, found, lambda row: IdentityView.of(row, identity=row.text))


@router.post("/handle-identities", response={201: MadeIdentity}, summary="Add an identity")
def add_identity(request: HttpRequest, response: HttpResponse, body: NewIdentity) -> Any:
    """Add an identity with the public half of its key, or with a secret that is made here and told once.

    An Idempotency-Key is not used here, because the answer would have to be kept. Permission `handle_identity.add`.
    """
    actor = acting(request)
    whose = body.organization_id or actor.organization_id or own_organization().id
    given: dict[str, Any] = {
        "actor": actor,
        "identity": body.identity,
        "organization_id": whose,
        "note": body.note,
    }
    if body.public_key.strip():
        made = verbs.add_key(**given, public_key=body.public_key, now=utc_now())
    else:
        made = verbs.add_secret(**given, now=utc_now())
    response["Location"] = f"{request.path}/{made.row.id}"
    return Status(201, MadeIdentity.of(made.row, identity=made.row.text, secret=made.secret))


@router.get("/handle-identities/{uuid:identity_id}", response=IdentityView, summary="Read an identity")
def read_identity(request: HttpRequest, identity_id: UUID) -> Any:
    """One identity. Permission `handle_identity.read`."""
    row = readable(request, READ, selectors.handle_identity(identity_id))
    return IdentityView.of(row, identity=row.text)


@router.post(
    "/handle-identities/{uuid:identity_id}/revocation", response=IdentityView, summary="Revoke an identity"
)
def revoke_identity(request: HttpRequest, identity_id: UUID, body: PrefixRemark) -> Any:
    """End an identity at once and for good. Permission `handle_identity.revoke`."""
    row = verbs.revoke(actor=acting(request), identity_id=identity_id, reason=body.reason, now=utc_now())
    return IdentityView.of(row, identity=row.text)
