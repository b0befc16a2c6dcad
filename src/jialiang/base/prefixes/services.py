"""Writing prefixes: each deed leaves its change in the history. Publishing and permissions are up to the verbs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from jialiang.base.organizations.selectors import organization
from jialiang.base.prefixes.errors import (
    BadPrefix,
    BadQuota,
    PrefixChanged,
    PrefixHasChildren,
    PrefixMember,
    PrefixReasonMissing,
    PrefixStateForbids,
    PrefixTaken,
    PrefixUnknown,
)
from jialiang.base.prefixes.facts import PrefixFacts
from jialiang.base.prefixes.models import Prefix, PrefixChange
from jialiang.base.prefixes.selectors import is_prefix_given, prefix_by_text
from jialiang.base.prefixes.sites import checked_site
from jialiang.base.prefixes.texts import above, checked_code, checked_prefix, level_of, next_code
from jialiang.formats.handle.names import folded
from jialiang.governance import data_elements as elements
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text, storable
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import PrefixState, label

MOST_IDENTIFIERS = 2_000_000_000
NOT_WITHDRAWN = (PrefixState.ACTIVE, PrefixState.SUSPENDED, PrefixState.DELEGATED)


def add(facts: PrefixFacts, *, shared: bool = False, actor: Actor, now: datetime) -> Prefix:
    """Store a new prefix below the one it continues, if that is of this institute, and take what continues it.

    Of two who add it at once the database lets one. Raises BadPrefix, BadQuota, PrefixTaken, PrefixStateForbids (the
    one above is not in use), OrganizationUnknown.
    """
    text = checked_prefix(facts.text)
    parent = prefix_by_text(above(text)) if above(text) else None
    if parent is not None and parent.state == PrefixState.WITHDRAWN:
        raise _forbidden(parent, NOT_WITHDRAWN)
    row = Prefix(
        id=new_id(now),
        text=text,
        folded=folded(text),
        level=level_of(text),
        parent=parent,
        holder=organization(facts.holder_id),
        shared=shared,
        quota=_checked_quota(facts.quota, 0),
        state_since=now,
        created_at=now,
    )
    _insert(row)
    for below in Prefix.objects.filter(parent=None, folded__startswith=f"{row.folded}."):
        if above(below.folded) == row.folded:
            below.parent = row
            below.save(update_fields=["parent"])
    first = {"holder_id": str(row.holder_id), "state": row.state, "quota": row.quota}
    _history(row, "add", {}, first, "", actor, now)
    return row


def mint(
    parent_id: UUID,
    holder_id: UUID,
    *,
    wished_code: str = "",
    quota: int | None = None,
    actor: Actor,
    now: datetime,
) -> Prefix:
    """Store the prefix with the wished code below another one, or with the next number that is free.

    Raises PrefixUnknown, PrefixStateForbids (the one above is not active), and what :func:`add` raises.
    """
    parent = locked(parent_id)
    if parent.state != PrefixState.ACTIVE:
        raise _forbidden(parent, [PrefixState.ACTIVE])
    code = checked_code(wished_code) if wished_code.strip() else _free_code(parent)
    facts = PrefixFacts(text=f"{parent.text}.{code}", holder_id=holder_id, quota=quota)
    return add(facts, actor=actor, now=now)


def delegate(prefix_id: UUID, *, site: object, reason: str = "", actor: Actor, now: datetime) -> Prefix:
    """Let another server answer for a prefix, or change which. Raises BadSite, PrefixStateForbids, PrefixUnknown."""
    row, text = locked(prefix_id), _reason(reason, needed=False)
    _require(row, PrefixState.ACTIVE, PrefixState.DELEGATED)
    _refuse_shared(row)
    written = {"state": PrefixState.DELEGATED, "state_reason": text, "site": checked_site(site)}
    return _change(row, "delegate", written, text, actor, now)


def suspend(prefix_id: UUID, *, reason: str, actor: Actor, now: datetime) -> Prefix:
    """Stop resolving and registering under a prefix. Raises PrefixReasonMissing, PrefixStateForbids."""
    row, text = locked(prefix_id), _reason(reason, needed=True)
    _require(row, PrefixState.ACTIVE, PrefixState.DELEGATED)
    _refuse_shared(row)
    written = {"state": PrefixState.SUSPENDED, "state_reason": text}
    return _change(row, "suspend", written, text, actor, now)


def resume(prefix_id: UUID, *, reason: str = "", actor: Actor, now: datetime) -> Prefix:
    """Answer for a prefix here again: after a suspension, or taken back from the server it was delegated to."""
    row, text = locked(prefix_id), _reason(reason, needed=False)
    _require(row, PrefixState.SUSPENDED, PrefixState.DELEGATED)
    written = {"state": PrefixState.ACTIVE, "state_reason": "", "site": None}
    return _change(row, "resume", written, text, actor, now)


def transfer(prefix_id: UUID, *, holder_id: UUID, reason: str, actor: Actor, now: datetime) -> Prefix:
    """Give a prefix to another organization. Raises PrefixReasonMissing, PrefixStateForbids, OrganizationUnknown."""
    row, text = locked(prefix_id), _reason(reason, needed=True)
    _require(row, *NOT_WITHDRAWN)
    _refuse_shared(row)
    return _change(row, "transfer", {"holder_id": organization(holder_id).id}, text, actor, now)


def set_quota(
    prefix_id: UUID,
    *,
    quota: int | None,
    used: int = 0,
    expected_version: int | None = None,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> Prefix:
    """Change how many identifiers a prefix may have, None for no limit; never fewer than the ``used`` ones.

    Raises BadQuota, PrefixChanged (another version was read), PrefixStateForbids.
    """
    row, text = locked(prefix_id), _reason(reason, needed=False)
    if expected_version not in (None, row.version):
        raise PrefixChanged(what=row.text, read=expected_version, stored=row.version)
    _require(row, *NOT_WITHDRAWN)
    return _change(row, "set_quota", {"quota": _checked_quota(quota, used)}, text, actor, now)


def withdraw(prefix_id: UUID, *, reason: str, actor: Actor, now: datetime) -> Prefix:
    """Take a prefix back for good; it is never given again.

    Raises PrefixReasonMissing, PrefixStateForbids, PrefixHasChildren while prefixes below it are in use.
    """
    row, text = locked(prefix_id), _reason(reason, needed=True)
    _require(row, *NOT_WITHDRAWN)
    _refuse_shared(row)
    below = row.children.exclude(state=PrefixState.WITHDRAWN).count()
    if below:
        raise PrefixHasChildren(prefix=row.text, count=below)
    written = {"state": PrefixState.WITHDRAWN, "state_reason": text, "site": None}
    return _change(row, "withdraw", written, text, actor, now)


def locked(prefix_id: UUID) -> Prefix:
    """Return a prefix that nobody else changes until the transaction ends. Raises :class:`PrefixUnknown`."""
    row = Prefix.objects.select_for_update(of=("self",)).filter(pk=prefix_id).first()
    if row is None:
        raise PrefixUnknown(wanted=str(prefix_id))
    return row


def _free_code(parent: Prefix) -> str:
    taken = [row.text.rpartition(".")[2] for row in parent.children.all()]
    code = next_code(taken)
    while is_prefix_given(f"{parent.text}.{code}"):  # another institute of the installation has it
        code = str(int(code) + 1)
    return code


def _insert(row: Prefix) -> None:
    if prefix_by_text(row.text) is not None or is_prefix_given(row.text, but_shared=row.shared):
        raise PrefixTaken(prefix=row.text)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as problem:  # somebody took it in the meantime
        raise PrefixTaken(prefix=row.text) from problem


def _change(
    row: Prefix, deed: str, written: Mapping[str, Any], reason: str, actor: Actor, now: datetime
) -> Prefix:
    altered = elements.difference(row, written)
    if not altered:
        return row
    for name, value in written.items():
        setattr(row, name, value)
    if "state" in altered.new:
        row.state_since = now
    row.version += 1
    row.save()
    _history(row, deed, altered.old, altered.new, reason, actor, now)
    return row


def _history(
    row: Prefix,
    deed: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    PrefixChange.objects.create(
        id=new_id(now),
        prefix=row,
        at=now,
        deed=deed,
        old=dict(old),
        new=dict(new),
        reason=reason,
        person_id=actor.person_id,
        person_name=(actor.name.zh or actor.name.en)[:100],
    )


def _require(row: Prefix, *states: PrefixState) -> None:
    if row.state not in states:
        raise _forbidden(row, states)


def _refuse_shared(row: Prefix) -> None:
    if row.shared:
        raise BadPrefix(given=row.text, reason=elements.reason("own_prefix_stays"))


def _forbidden(row: Prefix, allowed: Collection[PrefixState]) -> PrefixStateForbids:
    names = [label(state) for state in allowed]
    return PrefixStateForbids(
        prefix=row.text,
        state=label(PrefixState(row.state)),
        allowed=Text("、".join(n.zh for n in names), ", ".join(n.en for n in names)),
    )


def _reason(reason: str, *, needed: bool) -> str:
    text = " ".join(reason.split())
    if needed and not text:
        raise PrefixReasonMissing()
    why = elements.refusal(Prefix, "state_reason", text)
    if why:
        name = elements.element_name("prefix", "state_reason")
        raise PrefixMember(member=name, given=storable(text, 80), reason=why)
    return text


def _checked_quota(quota: object, used: int) -> int | None:
    if quota is None:
        return None
    if not isinstance(quota, int) or isinstance(quota, bool) or not max(used, 1) <= quota <= MOST_IDENTIFIERS:
        raise BadQuota(given=storable(str(quota), 40), least=max(used, 1), most=MOST_IDENTIFIERS)
    return quota
