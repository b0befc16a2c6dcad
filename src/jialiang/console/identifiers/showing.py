"""The list of identifiers, and the page of one: values, codes, history, how often it is resolved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop

from jialiang.base.identifier_templates.selectors import template_by_code
from jialiang.base.identifiers.records import PastVersion, StoredRecord
from jialiang.base.identifiers.selectors import count_records, history, record_by_id, records
from jialiang.base.organizations.selectors import organization as organization_row
from jialiang.base.prefixes.selectors import prefix_by_text, tree
from jialiang.console.asking import chosen, listed, wanted_text
from jialiang.console.identifiers.changing import DEEDS
from jialiang.console.identifiers.filtering import looked_for
from jialiang.console.identifiers.signing import shown_signature
from jialiang.console.noun_forms import options
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may, own_or_all
from jialiang.console.shell import page
from jialiang.formats.handle.names import folded
from jialiang.formats.handle.values import ADMIN_READ, ADMIN_WRITE, PUBLIC_READ, PUBLIC_WRITE, HandleValue
from jialiang.formats.identifier_tables import KINDS
from jialiang.functions import identifiers as verbs
from jialiang.functions.deed import permit
from jialiang.functions.resolution_statistics import read_statistics
from jialiang.kernel.clock import utc_now
from jialiang.security.actor import Actor
from jialiang.security.policy import allowed
from jialiang.vocabulary.statuses import IdentifierState

READ = "identifier.read"
COUNTED_DAYS = 7
SECRETS = ("HS_SECKEY",)
TOKENS = ("HS_SIGNATURE", "HS_CERT")
LONGEST_TOKEN_SHOWN = 40
DONE = {
    "identifier.register": gettext_noop("Registered"),
    "identifier.change": gettext_noop("Values changed"),
    "identifier.activate": gettext_noop("Activated"),
    "identifier.suspend": gettext_noop("Suspended"),
    "identifier.resume": gettext_noop("Resumed"),
    "identifier.retire": gettext_noop("Retired"),
    "identifier.sign": gettext_noop("Signed"),
}
RIGHTS = (
    (PUBLIC_READ, gettext_noop("everyone reads")),
    (PUBLIC_WRITE, gettext_noop("everyone writes")),
    (ADMIN_READ, gettext_noop("administrators read")),
    (ADMIN_WRITE, gettext_noop("administrators write")),
)


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A value as the page tells it; ``secret`` says that its data are not shown, ``octets`` that they are no text."""

    value: HandleValue
    text: str
    octets: int
    secret: bool
    rights: list[str]
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """An entry of the history: which values it added, changed and took out, by their indexes."""

    version: PastVersion
    deed: str
    added: list[int]
    changed: list[int]
    removed: list[int]


@login_required
def identifiers(request: HttpRequest) -> HttpResponse:
    """List identifiers, newest first: by the beginning of the name, or by a code where no prefix is told."""
    actor = who(request)
    own = own_or_all(actor, READ)
    states = dict(options(IdentifierState))
    prefixes = [row.text for row in tree(only_holder=own)]
    state, prefix = chosen(request, "state", states), chosen(request, "prefix", prefixes)
    text = wanted_text(request)
    wanted: dict[str, Any] = {"organization_id": own, "state": state, **looked_for(text, prefix)}
    rows = records(**wanted, after=request.GET.get("after", ""))
    context = {
        "list_page": listed(request, rows, count_records(**wanted)),
        "states": states, "state": state, "prefixes": prefixes, "prefix": prefix, "text": text,
        "may_register": may(actor, "identifier.register"), "may_export": allowed(actor, "identifier.export"),
        "kinds": {kind: kind.upper() for kind in KINDS},
    }  # fmt: skip
    return page(request, "identifiers/list.html", context)


@login_required
def identifier(request: HttpRequest, identifier_id: UUID) -> HttpResponse:
    """Show one identifier."""
    actor, record = who(request), record_by_id(identifier_id)
    permit(actor, READ, record)
    head = record.name.partition("/")[0]
    context = {
        "record": record,
        "values": [shown(value) for value in verbs.as_read_by(actor, record).record.values],
        "history": shown_history(history(record.name)),
        "holder": organization_row(record.organization_id) if record.organization_id else None,
        "prefix": prefix_by_text(head),
        "template": template_by_code(head, record.template) if record.template else None,
        "public_page": public_page(record),
        "signature": shown_signature(actor, record) if record.state == IdentifierState.ACTIVE else None,
        "deeds": [
            deed
            for deed, (states, *_) in DEEDS.items()
            if record.state in states and may(actor, f"identifier.{deed}", record)
        ],
        "may_change": record.state != IdentifierState.RETIRED and may(actor, "identifier.change", record),
        "resolved": _resolved(actor, head),
        "counted_days": COUNTED_DAYS,
    }
    return page(request, "identifiers/one.html", context)


def shown(value: HandleValue) -> ShownValue:
    """Return a value as the page tells it."""
    secret = any(value.has_type(kind) for kind in SECRETS)
    text = "" if secret else _told(value)
    moment = datetime.fromtimestamp(value.timestamp, UTC) if value.timestamp else None
    rights = [gettext(words) for bit, words in RIGHTS if value.permissions & bit]
    octets = len(value.data) if value.text is None and not secret else 0
    return ShownValue(value, text, octets, secret, rights, moment)


def shown_history(versions: list[PastVersion]) -> list[ShownVersion]:
    """Return versions, newest first, each with what it made of the one before."""
    older = [*versions[1:], None]
    return [_shown_version(now, before) for now, before in zip(versions, older, strict=True)]


def public_page(record: StoredRecord) -> str:
    """Return the address at which everyone finds a record."""
    return f"{settings.JIALIANG.public_url}/{quote(record.name, safe='/:')}"


def _told(value: HandleValue) -> str:
    """Return the data of a value as text, of a token no more than its beginning."""
    text = value.text or ""
    is_token = any(value.has_type(kind) for kind in TOKENS)
    return f"{text[:LONGEST_TOKEN_SHOWN]}…" if is_token and len(text) > LONGEST_TOKEN_SHOWN else text


def _shown_version(now: PastVersion, before: PastVersion | None) -> ShownVersion:
    new = {value.index: value for value in now.record.record.values}
    old = {value.index: value for value in before.record.record.values} if before else new
    deed = gettext(DONE[now.action]) if now.action in DONE else now.action
    return ShownVersion(
        now,
        deed,
        added=sorted(new.keys() - old.keys()),
        changed=sorted(index for index in new.keys() & old.keys() if new[index] != old[index]),
        removed=sorted(old.keys() - new.keys()),
    )


def _resolved(actor: Actor, prefix: str) -> int | None:
    """Return how often names under a prefix were resolved of late, None for those who may not know."""
    if not may(actor, "resolution_statistics.read"):
        return None
    until = utc_now()
    found = read_statistics(actor=actor, since=until - timedelta(days=COUNTED_DAYS), until=until, by=("prefix",))
    return sum(total.number for total in found.totals if total.by == (folded(prefix),))
