"""Verbs on templates of identifier records, and the template by which a record is registered.

``check_values``, ``unique_data`` and ``readable_values`` are pure: whoever registers or reads a record calls them with
what :func:`template_for` returns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction

from jialiang.base.identifier_templates import services
from jialiang.base.identifier_templates.errors import TemplateUnknown, TemplateValuesRepeat
from jialiang.base.identifier_templates.facts import TemplateFacts
from jialiang.base.identifier_templates.selectors import (
    IdentifierTemplate,
    identifier_template,
    record_template,
    template_by_code,
)
from jialiang.base.identifiers.unique_values import Repeat, follow_items
from jialiang.base.organizations.selectors import own_organization
from jialiang.formats.identifier_templates.checking import (
    TemplateFinding,
    check_values,
    unique_data,
    unique_items,
)
from jialiang.formats.identifier_templates.items import RecordTemplate, TemplateItem, readable_values
from jialiang.functions.deed import permit, put_on_record
from jialiang.functions.identifier_rights import may_read_all
from jialiang.functions.identifier_unique_values import UNTOLD
from jialiang.governance.data_elements import Difference
from jialiang.security.actor import Actor
from jialiang.security.policy import OwnedBy
from jialiang.vocabulary.statuses import IdentifierTemplateState

MOST_EXAMPLES = 5
__all__ = [
    "TemplateFinding",
    "change",
    "check_values",
    "create",
    "publish",
    "readable_values",
    "template_for",
    "unique_data",
    "withdraw",
]


@transaction.atomic
def create(
    *, actor: Actor, facts: TemplateFacts, items: Sequence[TemplateItem] = (), now: datetime
) -> IdentifierTemplate:
    """Draft a template under a prefix of the own organization. Event ``identifier_template.created``.

    Without an organization it is the actor's own, the institute's for its people; it is derived only from a template
    that the actor may read. Raises TemplateExists,
    TemplateIncomplete, TemplateMember, BadTemplateItem, PrefixUnknown, PrefixOfAnother, PrefixStateForbids.
    """
    permit(actor, "identifier_template.create")
    owner = facts.organization_id or actor.organization_id or own_organization().id
    permit(actor, "identifier_template.create", OwnedBy(owner))
    if facts.derived_from_id:
        permit(actor, "identifier_template.read", identifier_template(facts.derived_from_id))
    row = services.create(facts, items, organization_id=owner, now=now)
    _follow_unique(actor, row, frozenset(), now)
    told = _told(row)
    put_on_record(
        actor,
        "identifier_template.create",
        row,
        now,
        event="identifier_template.created",
        data=told,
        **told,
        indexes=[item["index"] for item in row.items],
    )
    return row


@transaction.atomic
def change(
    *,
    actor: Actor,
    template_id: UUID,
    changes: Mapping[str, Any],
    items: Sequence[TemplateItem] = (),
    expected_version: int,
    now: datetime,
) -> tuple[IdentifierTemplate, Difference]:
    """Change members and items from the version that was read. Event ``identifier_template.changed``.

    A change that changes nothing leaves neither a version nor a record. Raises TemplateChanged, TemplateItemFixed,
    TemplateStateForbids, BadTemplateItem, TemplateMember.
    """
    old = identifier_template(template_id)
    permit(actor, "identifier_template.change", old)
    row, altered = services.change(template_id, changes, items, expected_version=expected_version)
    if altered:
        _follow_unique(actor, row, unique_items(record_template(old)), now)
        told = _told(row) | {"members": sorted(altered.new)}
        put_on_record(
            actor,
            "identifier_template.change",
            row,
            now,
            event="identifier_template.changed",
            data=told,
            old=altered.old,
            new=altered.new,
        )
    return row, altered


@transaction.atomic
def publish(
    *, actor: Actor, template_id: UUID, expected_version: int | None = None, now: datetime
) -> IdentifierTemplate:
    """Let records be registered by a template. Event ``identifier_template.published``. Raises TemplateIncomplete."""
    permit(actor, "identifier_template.publish", identifier_template(template_id))
    row = services.publish(template_id, expected_version=expected_version, now=now)
    _follow_unique(actor, row, frozenset(), now)
    told = _told(row)
    put_on_record(
        actor,
        "identifier_template.publish",
        row,
        now,
        event="identifier_template.published",
        data=told,
        **told,
    )
    return row


@transaction.atomic
def withdraw(*, actor: Actor, template_id: UUID, reason: str, now: datetime) -> IdentifierTemplate:
    """Register nothing more by a template, with a reason. Event ``identifier_template.withdrawn``."""
    permit(actor, "identifier_template.withdraw", identifier_template(template_id))
    row = services.withdraw(template_id, reason=reason, now=now)
    told = _told(row) | {"reason": row.state_reason}
    put_on_record(
        actor,
        "identifier_template.withdraw",
        row,
        now,
        event="identifier_template.withdrawn",
        data=told,
        **told,
    )
    return row


def template_for(prefix: str, code: str, *, registering: bool = True) -> RecordTemplate:
    """Return the template of a version under a prefix: one query. ``registering`` by it needs a published one.

    Raises TemplateUnknown.
    """
    row = template_by_code(prefix, code)
    if row is None or (registering and row.state != IdentifierTemplateState.PUBLISHED):
        raise TemplateUnknown(wanted=f"{prefix} {code}"[:120])
    return record_template(row)


def _follow_unique(
    actor: Actor, row: IdentifierTemplate, before: frozenset[tuple[int, bool]], now: datetime
) -> None:
    """Let stored records that name a template hold what is unique in it. Raises TemplateValuesRepeat.

    Records name a version before it is kept here where they came with it from elsewhere.
    """
    template = record_template(row)
    after = unique_items(template)
    added, gone = ({index for index, _ in items} for items in (after - before, before - after))
    repeats = follow_items(template, gone=frozenset(gone), added=frozenset(added), now=now)
    first = next(repeats, None)
    if first is None:
        return
    told = [first, *islice(repeats, MOST_EXAMPLES - 1)]
    count = len(told) + sum(1 for _ in repeats)
    raise TemplateValuesRepeat(
        code=row.code, count=count, examples="；".join(_example(actor, repeat) for repeat in told)
    )


def _example(actor: Actor, repeat: Repeat) -> str:
    names = (one.name if may_read_all(actor, one) else UNTOLD for one in (repeat.first, repeat.second))
    return f"{repeat.index}: {' = '.join(names)}"


def _told(row: IdentifierTemplate) -> dict[str, Any]:
    return {"prefix": row.prefix, "code": row.code, "organization_id": row.organization_id}
