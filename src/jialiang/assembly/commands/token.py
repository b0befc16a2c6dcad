"""``jialiang token create``: a person's API token, made by whoever works on the machine."""

from __future__ import annotations

import argparse

from jialiang.assembly.founding import founder
from jialiang.assembly.saying import say
from jialiang.functions.tokens import NewToken, create_for_another
from jialiang.kernel.clock import iso_seconds, utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import tenant_by_slug

ONCE = Text("令牌只显示这一次，系统只保存其摘要。", "It is shown this once; only its digest is kept.")


def run(arguments: argparse.Namespace) -> int:
    """Make a token and print it. Returns 0."""
    tenant = tenant_by_slug(arguments.tenant)
    with scope(tenant.pk):
        made = create_for_another(
            actor=founder(tenant),
            username=arguments.person,
            name=arguments.name,
            days=arguments.days,
            roles=arguments.role,
            now=utc_now(),
        )
    say(arguments, _document(made, arguments.person), [Text(made.text, made.text), _until(made), ONCE])
    return 0


def _document(made: NewToken, person: str) -> dict[str, object]:
    row = made.row
    return {
        "token": made.text,
        "id": str(row.pk),
        "person": person,
        "name": row.name,
        "roles": row.roles,
        "expires_at": iso_seconds(row.expires_at),
    }


def _until(made: NewToken) -> Text:
    until = iso_seconds(made.row.expires_at)
    return Text(f"有效至 {until}。", f"It ends on {until}.")
