"""API tokens: what a program shows instead of signing in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from jialiang.functions import tokens as verbs
from jialiang.integration.api.access import acting
from jialiang.integration.api.members import Body, Short, View
from jialiang.kernel.clock import utc_now

router = Router(tags=["tokens"])


class NewToken(Body):
    """A token to be made: where it is used, for how many days, with which of the own roles (none: all of them)."""

    name: Short
    days: Annotated[int, Field(ge=1, le=366)] = 90
    roles: tuple[Short, ...] = ()
    password: Annotated[str, Field(max_length=200, json_schema_extra={"format": "password"})] = ""
    totp: Annotated[str, Field(max_length=12)] = ""


class TokenView(View):
    """A token without its secret; `prefix` is what it begins with after `jl_`."""

    id: UUID
    name: str
    prefix: str
    roles: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class MadeToken(TokenView):
    """A token just made; `token` is told this once."""

    token: str


@router.get("/tokens", response=list[TokenView], summary="List the own tokens")
def list_tokens(request: HttpRequest) -> Any:
    """The tokens of whoever asks, newest first. Permission `token.create`."""
    return [TokenView.of(row) for row in verbs.own(actor=acting(request))]


@router.post("/tokens", response={201: MadeToken}, summary="Make a token")
def create_token(request: HttpRequest, body: NewToken) -> Any:
    """Make a token of one's own, confirmed by the password or a one-time code; its text is told once.

    An Idempotency-Key is not used here, because the answer would have to be kept. Permission `token.create`.
    """
    made = verbs.create(
        actor=acting(request),
        name=body.name,
        days=body.days,
        roles=body.roles,
        password=body.password,
        totp=body.totp,
        now=utc_now(),
    )
    return Status(201, MadeToken.of(made.row, token=made.text))


@router.delete("/tokens/{uuid:token_id}", response=TokenView, summary="Revoke a token")
def revoke_token(request: HttpRequest, token_id: UUID) -> Any:
    """End a token at once: one's own, or as system administrator anybody's. Permission `token.revoke`."""
    return TokenView.of(verbs.revoke(actor=acting(request), token_id=token_id, now=utc_now()))
