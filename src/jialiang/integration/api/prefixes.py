"""Prefixes of identifiers: the tree, what is done to its nodes, and their history."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import Field

from jialiang.base.prefixes import selectors
from jialiang.base.prefixes.facts import PrefixFacts
from jialiang.functions import prefixes as verbs
from jialiang.integration.api.access import acting, narrowed, readable
from jialiang.integration.api.conditions import remember_version, version_read
from jialiang.integration.api.members import Body, Short, Version, View, facts_from
from jialiang.integration.api.paging import Listed, PageQuery, listed
from jialiang.kernel.clock import utc_now
from jialiang.vocabulary.statuses import PrefixState

router = Router(tags=["prefixes"])
READ = "prefix.read"
PREFIX = "/prefixes/{uuid:prefix_id}"
Quota = Annotated[
    int | None, Field(ge=1, le=2_000_000_000, description="Identifiers at the most; null: no limit.")
]


class NewPrefix(Body):
    """A prefix that the operator adds."""

    text: Annotated[str, Field(max_length=60)]
    holder_id: UUID
    quota: Quota = None


class PrefixReason(Body):
    """Why something is done to a prefix."""

    reason: Short


class PrefixRemark(Body):
    """What is said about a deed that needs no reason."""

    reason: Short = ""


class Delegation(Body):
    """The other server, as HS_SITE in its JSON form."""

    site: dict[str, Any]
    reason: Short = ""


class Transfer(Body):
    """The organization that gets the prefix, and why."""

    holder_id: UUID
    reason: Short


class QuotaChange(Body):
    """How many identifiers there may be, from the version that was read."""

    quota: Quota
    version: Version = None


class PrefixView(View):
    """A prefix; `site` is told of a delegated one only."""

    id: UUID
    text: str
    level: str
    parent_id: UUID | None
    holder_id: UUID
    shared: bool
    quota: int | None
    state: str
    state_reason: str
    state_since: datetime
    site: dict[str, Any] | None
    created_at: datetime
    version: int


class PrefixChangeView(View):
    """One deed on a prefix."""

    at: datetime
    deed: str
    old: dict[str, Any]
    new: dict[str, Any]
    reason: str
    person_name: str


class PrefixQuery(PageQuery):
    """What a list of prefixes is narrowed by; `text` is how they begin."""

    text: Annotated[str, Field(max_length=60)] = ""
    state: PrefixState | None = None


@router.get("/prefixes", response=Listed[PrefixView], summary="List prefixes")
def list_prefixes(request: HttpRequest, response: HttpResponse, query: Query[PrefixQuery]) -> Any:
    """Prefixes of the institute, newest first; a customer sees those of the own organization.

    Permission `prefix.read`.
    """
    found = selectors.prefixes(
        text=query.text,
        state=query.state or "",
        only_holder=narrowed(request, READ),
        after=query.after,
        size=query.limit,
    )
    return listed(request, response, found, PrefixView.of)


@router.post("/prefixes", response={201: PrefixView}, summary="Add a prefix")
def add_prefix(request: HttpRequest, response: HttpResponse, body: NewPrefix) -> Any:
    """Add a node of the tree without an application. Permission `prefix.add`."""
    row = verbs.add(actor=acting(request), facts=facts_from(PrefixFacts, body), now=utc_now())
    response["Location"] = f"{request.path}/{row.id}"
    return Status(201, PrefixView.of(row))


@router.get(PREFIX, response=PrefixView, summary="Read a prefix")
def read_prefix(request: HttpRequest, prefix_id: UUID) -> Any:
    """One prefix with its version. Permission `prefix.read`."""
    row = readable(request, READ, selectors.prefix(prefix_id))
    remember_version(request, row.version)
    return PrefixView.of(row)


@router.get(f"{PREFIX}/history", response=list[PrefixChangeView], summary="Read a prefix's history")
def read_prefix_history(request: HttpRequest, prefix_id: UUID) -> Any:
    """What was done to a prefix, oldest first. Permission `prefix.read`."""
    readable(request, READ, selectors.prefix(prefix_id))
    return [PrefixChangeView.of(row) for row in selectors.changes_of(prefix_id)]


@router.post(f"{PREFIX}/delegation", response=PrefixView, summary="Delegate a prefix")
def delegate_prefix(request: HttpRequest, prefix_id: UUID, body: Delegation) -> Any:
    """Let another server answer for a prefix. Permission `prefix.delegate`."""
    row = verbs.delegate(
        actor=acting(request), prefix_id=prefix_id, site=body.site, reason=body.reason, now=utc_now()
    )
    return PrefixView.of(row)


@router.post(f"{PREFIX}/suspension", response=PrefixView, summary="Suspend a prefix")
def suspend_prefix(request: HttpRequest, prefix_id: UUID, body: PrefixReason) -> Any:
    """Stop resolving and registering under a prefix. Permission `prefix.suspend`."""
    row = verbs.suspend(actor=acting(request), prefix_id=prefix_id, reason=body.reason, now=utc_now())
    return PrefixView.of(row)


@router.post(f"{PREFIX}/resumption", response=PrefixView, summary="Resume a prefix")
def resume_prefix(request: HttpRequest, prefix_id: UUID, body: PrefixRemark) -> Any:
    """End a suspension, or take a delegated prefix back. Permission `prefix.resume`."""
    row = verbs.resume(actor=acting(request), prefix_id=prefix_id, reason=body.reason, now=utc_now())
    return PrefixView.of(row)


@router.post(f"{PREFIX}/transfer", response=PrefixView, summary="Transfer a prefix")
def transfer_prefix(request: HttpRequest, prefix_id: UUID, body: Transfer) -> Any:
    """Give a prefix with its templates to another organization. Permission `prefix.transfer`."""
    row = verbs.transfer(
        actor=acting(request),
        prefix_id=prefix_id,
        holder_id=body.holder_id,
        reason=body.reason,
        now=utc_now(),
    )
    return PrefixView.of(row)


@router.patch(f"{PREFIX}/quota", response=PrefixView, summary="Change the quota of a prefix")
def change_quota(request: HttpRequest, prefix_id: UUID, body: QuotaChange) -> Any:
    """Change how many identifiers a prefix may have, from the version that was read (`If-Match` or `version`).

    Permission `prefix.set_quota`.
    """
    stored = readable(request, "prefix.set_quota", selectors.prefix(prefix_id))
    row = verbs.set_quota(
        actor=acting(request),
        prefix_id=prefix_id,
        quota=body.quota,
        expected_version=version_read(request, body.version, stored.version) or 0,
        now=utc_now(),
    )
    return PrefixView.of(row)


@router.post(f"{PREFIX}/recall", response=PrefixView, summary="Take a prefix back")
def withdraw_prefix(request: HttpRequest, prefix_id: UUID, body: PrefixReason) -> Any:
    """Take a prefix back for good. Permission `prefix.withdraw`."""
    row = verbs.withdraw(actor=acting(request), prefix_id=prefix_id, reason=body.reason, now=utc_now())
    return PrefixView.of(row)
