"""``python -m tests.integration.handle_api.founding``: founds a whole installation for clients that nobody here wrote.

Reads the settings from the environment as every process of the house does, and says as JSON which secret the identity
has. Under the prefix that pyhandle's tests are written for stand the records that they read.
"""

# ruff: noqa: E402 Django is set up before anything of it is imported

from __future__ import annotations

import json
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jialiang.assembly.django_settings")

import django

django.setup()

from django.core.management import call_command
from tests.functions.prefix_verbs import add_prefix
from tests.ledger import build_world

from jialiang.formats.handle.admins import AdminPermission, AdminRecord
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import handle_identities, identifiers
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.actor import system_actor
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

PREFIX, USER = "21.T14999", "B2HANDLE_INTEGRATION_TESTS"
LOCATIONS = (
    b'<locations chooseby="locatt,weighted"><location weight="1" href="http://foo.bar"/>'
    b'<location http_role="conneg" weight="0" href="http://foo.foo"/></locations>'
)


def main() -> None:
    """Found the institute, the prefix with its identity, and the records."""
    call_command("migrate", verbosity=0)
    now = utc_now()
    tenant = create_tenant(slug="yunze", name=Text("云泽市计量测试院", "Yunze Institute"), now=now)
    with scope(tenant.id):
        world = build_world(tenant.id, now)
        actor = system_actor(tenant.id, Text("系统", "system"), "cli")
        add_prefix(world, PREFIX)
        made = handle_identities.add_secret(
            actor=actor, identity=f"300:{PREFIX}/{USER}", organization_id=world.dairy_id, now=now
        )
        admin = AdminRecord(f"{PREFIX}/{USER}", 300, AdminPermission(0b011111110011)).octets()
        shared = [HandleValue(100, "HS_ADMIN", admin)]
        tested = [
            (111, "TEST1", b"val1"),
            (2222, "TEST2", b"val2"),
            (333, "TEST3", b"val3"),
            (4, "TEST4", b"val4"),
        ]
        values = [HandleValue(index, kind, data) for index, kind, data in tested]
        records = {
            USER: [],
            "for_reading": values,
            "with_locations": [*values, HandleValue(2, "10320/LOC", LOCATIONS)],
            "to_be_modified": values,
            "found_by_url": [HandleValue(1, "URL", b"https://www.dkrz.de/calliper")],
        }
        for suffix, own in records.items():
            identifiers.register(actor=actor, name=f"{PREFIX}/{suffix}", values=[*shared, *own], now=now)
    print(json.dumps({"secret": made.secret}))


if __name__ == "__main__":
    main()
