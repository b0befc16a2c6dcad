"""The second confirmation of a weighty act: the own password or a one-time code, once more.

A refused try has to be remembered although the act is rolled back. So a try is written as failed in a transaction
of its own *before* the secret is looked at, and marked as succeeded afterwards; a hundred tries at once are then
counted like a hundred in a row.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from jialiang.kernel.clock import utc_now
from jialiang.kernel.ids import new_id
from jialiang.security.accounts.errors import ConfirmationLocked, ConfirmationRefused
from jialiang.security.accounts.models import ConfirmationAttempt, Person
from jialiang.security.actor import Actor
from jialiang.security.tenancy.scope import scope

Method = Literal["password", "totp"]
MOST_FAILURES = 5
WINDOW = timedelta(minutes=15)


def confirm(*, actor: Actor, password: str = "", totp: str = "", now: datetime | None = None) -> Method:
    """Return what confirmed the act: the one-time code if one is given, else the password.

    Call it before the verb's transaction opens (inside one it raises RuntimeError, as the try could not be kept).
    One-time codes follow the machine's clock, and so does the lock-out unless ``now`` is given.
    Raises :class:`ConfirmationRefused`, and :class:`ConfirmationLocked` after five failures in fifteen minutes.
    """
    if actor.person_id is None or not (password or totp):
        raise ConfirmationRefused(actor=actor.name)
    method: Method = "totp" if totp else "password"
    with scope(actor.tenant_id):
        person, attempt_id = _count_try(actor.person_id, method, now or utc_now())
        holds = _totp_holds(person, totp) if totp else _password_holds(person, password)
        if not (holds and person.is_active):
            raise ConfirmationRefused(actor=actor.name)
        ConfirmationAttempt.objects.filter(pk=attempt_id).update(succeeded=True)
    return method


@transaction.atomic(durable=True)
def _count_try(person_id: UUID, method: Method, now: datetime) -> tuple[Person, UUID]:
    person = Person.objects.select_for_update().get(pk=person_id)
    tries = ConfirmationAttempt.objects.filter(person=person, at__gt=now - WINDOW).order_by("-at", "-id")
    outcomes = list(tries.values_list("succeeded", "at")[:MOST_FAILURES])
    if len(outcomes) == MOST_FAILURES and not any(succeeded for succeeded, _ in outcomes):
        until = outcomes[-1][1] + WINDOW
        raise ConfirmationLocked(
            actor=person.name, failures=MOST_FAILURES, until=f"{until:%Y-%m-%d %H:%M:%S} UTC"
        )
    attempt = ConfirmationAttempt.objects.create(id=new_id(now), person=person, at=now, method=method)
    return person, attempt.id


def _password_holds(person: Person, password: str) -> bool:
    try:
        password.encode()
    except UnicodeEncodeError:  # half letters, as JSON may carry them, are nobody's password
        return False
    return person.check_password(password)


def _totp_holds(person: Person, code: str) -> bool:
    authenticator = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    return authenticator is not None and authenticator.wrap().validate_code(code)
