"""Found the demonstration's two institutes, let the scenario play, and leave its files."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from jialiang.assembly.demo_report import leave
from jialiang.assembly.duties import worker
from jialiang.assembly.founding import Institute, found
from jialiang.assembly.static_files import collect
from jialiang.base.organizations.facts import OrganizationFacts
from jialiang.business.demonstration.data import PASSWORD, text, world
from jialiang.business.demonstration.scenario import play
from jialiang.kernel.clock import local_date, utc_now
from jialiang.kernel.text import Text
from jialiang.security.accounts.selectors import actor_of
from jialiang.security.actor import Actor
from jialiang.vocabulary.roles import role_name

__all__ = ["PASSWORD", "ready_to_serve", "run", "sign_ins"]


def run(folder: Path) -> dict[str, Any]:
    """Run the main job in a fresh installation and return the report that is also left in ``folder``."""
    begun = time.perf_counter()
    now = utc_now()
    long_ago = now - timedelta(days=431)
    national, city = (_administrator(key, long_ago) for key in ("gj", "yz"))
    played = play(national, city, now, _finish_waiting)
    return leave(folder, played, now, time.perf_counter() - begun)


def ready_to_serve() -> None:
    """Collect and compress what browsers fetch."""
    collect(settings.STATIC_ROOT)


def sign_ins() -> Iterator[tuple[str, Text]]:
    """Return who may sign in at the city institute, with the names of their roles."""
    yield "yz-admin", role_name("system_administrator")
    for entry in (*world()["people"]["yz"], world()["customer"]["user"]):
        names = [role_name(role) for role in entry["roles"]]
        yield entry["username"], Text("、".join(n.zh for n in names), ", ".join(n.en for n in names))


def _administrator(key: str, at: datetime) -> Actor:
    data = world()["institutes"][key]
    facts = OrganizationFacts(
        name=text(data["name"]),
        kind=data["kind"],
        credit_code=data["credit_code"],
        short_code=data["short_code"],
        laboratory_code=data["laboratory_code"],
        region_code=data["region_code"],
        city=text(data["city"]),
        street=text(data["street"]),
        postal_code=data["postal_code"],
        phone=data["phone"],
        email=data["email"],
        website=data["website"],
        fictional=True,
    )
    institute = Institute(slug=data["slug"], facts=facts)
    founded = found(institute, username=f"{key}-admin", password=lambda: PASSWORD, now=at)
    return actor_of(founded.administrator.pk, local_date(at, founded.tenant.time_zone), "cli")


def _finish_waiting(at: datetime) -> None:
    worker(lambda: at).drain()
