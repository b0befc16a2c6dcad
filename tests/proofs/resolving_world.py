"""What is resolved and registered under load, made before the clock starts, and what is examined afterwards.

Run in a process of its own with Django set up, so that the clients' process knows nothing but HTTP.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from tests.functions.prefix_verbs import add_prefix, customer
from tests.ledger import build_world

from jialiang.assembly.collecting import collect_counts
from jialiang.assembly.founding import migrate, publish_unknown_answers
from jialiang.base.identifiers.selectors import is_taken, number_registered
from jialiang.formats.handle.published import record_key
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import handle_identities
from jialiang.functions.identifier_batches import BatchItem, register_many
from jialiang.governance.publication.selectors import answer
from jialiang.governance.resolution_counts.selectors import gaps, sums
from jialiang.integration.snms.sessions import token_by_secret
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

PREFIX = "88.101.5"
IDENTITY = f"300:{PREFIX}/load"
AT_ONCE = 2000
CERTIFICATES = 200


def prepare(identifiers: int) -> dict[str, Any]:
    """Found an institute whose dairy holds a prefix with so many identifiers; publish some certificates' answers."""
    migrate()
    now = utc_now()
    publish_unknown_answers(now)
    tenant = create_tenant(slug="load", name=Text("云泽市计量测试院", "Yunze"), now=now)
    with scope(tenant.id):
        world = build_world(tenant.id, now)
        add_prefix(world, PREFIX)
        dairy = customer(world)
        for start in range(0, identifiers, AT_ONCE):
            items = [_item(serial) for serial in range(start, min(start + AT_ONCE, identifiers))]
            register_many(actor=dairy, items=items, mode="create", now=now)
        made = handle_identities.add_secret(
            actor=dairy, identity=IDENTITY, organization_id=world.dairy_id, now=now
        )
    from benchmarks import register  # it sets Django up itself, which must have happened before

    for serial in range(CERTIFICATES):
        register.issue(serial)
    return {
        "prefix": PREFIX,
        "token": token_by_secret(IDENTITY, made.secret, utc_now()),
        "certificates": [register.address(serial) for serial in range(CERTIFICATES)],
        "registered_before": number_registered(now - timedelta(days=1), now + timedelta(days=1)),
    }


def examine(told: dict[str, Any]) -> dict[str, Any]:
    """Return what the installation counted and kept, of what the clients were told."""
    collect_counts(Path(settings.JIALIANG.count_dir))
    now = utc_now()
    since, until = now - timedelta(days=1), now + timedelta(days=1)
    totals = {"/".join(total.by): total.number for total in sums(since, until, ("kind", "outcome"))}
    lost = [name for name in told["acknowledged"] if not is_taken(name)]
    unpublished = [name for name in told["acknowledged"] if answer(record_key(name)) is None]
    return {
        "counted": totals,
        "gaps": len(gaps(since, until)),
        "registered": number_registered(since, until),
        "lost": lost[:20],
        "unpublished": unpublished[:20],
    }


def _item(serial: int) -> BatchItem:
    values = (
        HandleValue(1, "URL", f"https://dairy.example/{serial}".encode()),
        HandleValue(2000, "name", "玻璃液体温度计".encode()),
    )
    return BatchItem(f"{PREFIX}/t{serial}", values)


def main(words: Sequence[str]) -> None:
    """Run the step named first; what it needs comes as JSON, what it found goes out as JSON."""
    given = json.loads(sys.stdin.read() or "null")
    found = prepare(int(words[1])) if words[0] == "prepare" else examine(given)
    sys.stdout.write(json.dumps(found, ensure_ascii=False))
