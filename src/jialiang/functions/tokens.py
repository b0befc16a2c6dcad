"""Verbs on the tokens by which programs act for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from jialiang.functions.deed import permit, put_on_record
from jialiang.security.accounts.selectors import actor_of, person_by_username
from jialiang.security.accounts.services import confirm
from jialiang.security.actor import Actor
from jialiang.security.policy import allowed
from jialiang.security.tenancy.calendar import today
from jialiang.security.tokens import services
from jialiang.security.tokens.errors import TokenUnknown
from jialiang.security.tokens.selectors import ApiToken, token, tokens_of

REVOKE_OTHERS = "token.revoke_others"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made; ``text`` is shown to its person once and kept nowhere."""

    row: ApiToken
    text: str


def create(
    *,
    actor: Actor,
    name: str,
    days: int,
    roles: Sequence[str] = (),
    password: str = "",
    totp: str = "",
    now: datetime,
) -> NewToken:
    """Make a token of one's own, confirmed by password or one-time code (``token.created``).

    The confirmation keeps a stolen token from making its successor. Raises ConfirmationRefused, BadTokenName,
    BadTokenPeriod, TokenRolesNotHeld.
    """
    permit(actor, "token.create")
    confirmed_by = confirm(actor=actor, password=password, totp=totp, now=now)
    with transaction.atomic():
        row, text = services.create_token(actor=actor, name=name, days=days, roles=roles, now=now)
        _made(actor, "token.create", row, now, confirmed_by=confirmed_by)
    return NewToken(row, text)


@transaction.atomic
def create_for_another(
    *, actor: Actor, username: str, name: str, days: int, roles: Sequence[str] = (), now: datetime
) -> NewToken:
    """Make a token for a person of the institute, at the command line of its machine (``token.created``).

    Nobody confirms by password: whoever works there reads the database anyway. The person's roles bound the token.
    Raises PersonNotFound, AccountClosed, BadTokenName, BadTokenPeriod, TokenRolesNotHeld.
    """
    permit(actor, "token.create_for_another")
    holder = actor_of(person_by_username(username).pk, today(now), "api")
    row, text = services.create_token(actor=holder, name=name, days=days, roles=roles, now=now)
    _made(actor, "token.create_for_another", row, now, person=username)
    return NewToken(row, text)


@transaction.atomic
def revoke(*, actor: Actor, token_id: UUID, now: datetime) -> ApiToken:
    """End a token: one's own, or as administrator anybody's (``token.revoked``). Raises TokenUnknown."""
    permit(actor, "token.revoke")
    row = token(token_id)
    if row.person_id != actor.person_id and not allowed(actor, REVOKE_OTHERS):
        raise TokenUnknown(token=str(token_id))
    was_open = row.revoked_at is None
    row = services.revoke_token(token_id, now=now)
    if was_open:
        put_on_record(
            actor,
            "token.revoke",
            row,
            now,
            event="token.revoked",
            data={"prefix": row.prefix},
            prefix=row.prefix,
        )
    return row


def own(*, actor: Actor) -> list[ApiToken]:
    """Return the actor's own tokens, newest first, without their secrets, which nobody knows."""
    permit(actor, "token.create")
    return tokens_of(actor.person_id) if actor.person_id else []


def _made(actor: Actor, action: str, row: ApiToken, now: datetime, **detail: str) -> None:
    known = {"name": row.name, "prefix": row.prefix, "roles": row.roles, "expires_at": row.expires_at}
    put_on_record(
        actor, action, row, now, event="token.created", data={"prefix": row.prefix}, **known, **detail
    )
