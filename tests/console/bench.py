"""An institute at work, looked at through the console: who signs in, in which language, and what a page says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.test import Client

from jialiang.functions import calibrations
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.accounts.models import Person
from jialiang.security.accounts.services import create_person, grant_role
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from tests.functions import record_world
from tests.functions.record_world import World, build_world

HOSTILE = "<script>alert(1)</script>\"'&"
LANGUAGES = ("zh-hans", "en")


@dataclass
class Bench:
    """The world of the main job, and clients for its people."""

    world: World
    things: int = 0

    def client(self, role: str, language: str = "en") -> Client:
        client = Client()
        client.force_login(Person.objects.get(pk=self.world.people[role].person_id))
        client.cookies["jialiang_language"] = language
        return client

    def stranger_with(self, role: str, *, organization_id: UUID | None = None) -> Client:
        """Somebody of the institute who is none of the people of the main job."""
        with scope(self.world.tenant.id):
            person = create_person(
                tenant_id=self.world.tenant.id,
                username=f"other-{role.replace('_', '-')}",
                password=record_world.PASSWORD,
                name=Text("别人", "Somebody Else"),
                organization_id=organization_id,
                now=utc_now(),
            )
            grant_role(
                person_id=person.id,
                role=role,
                valid_from=utc_now().date() - timedelta(days=1),
                granted_by_id=None,
                now=utc_now(),
            )
        client = Client()
        client.force_login(person)
        client.cookies["jialiang_language"] = "en"
        return client

    def item(self) -> UUID:
        """Another thermometer of the customer, received."""
        self.things += 1
        thing = record_world.another_thermometer(self.world, f"T-{self.things:04d}")
        return record_world.open_item(self.world, instrument_id=thing)

    def draft(self) -> UUID:
        return record_world.start_record(self.world, self.item())

    def submitted(self) -> UUID:
        record_id = self.draft()
        record_world.fill_record(self.world, record_id)
        calibrations.submit(
            actor=self.world.people["technician"], calibration_id=record_id, now=self.world.now
        )
        return record_id

    def reviewed(self) -> UUID:
        record_id = self.submitted()
        record_world.pass_review(self.world, record_id)
        return record_id


def bench_of(tenant: Tenant) -> Bench:
    """Build the institute as it stands today, its standard in force for most of a year."""
    now = utc_now()
    return Bench(build_world(tenant, now, valid_until=now.date() + timedelta(days=300)))


def filled_form(**changes: str) -> dict[str, str]:
    """The form of a record with the readings of GUM H.3 as a browser sends it."""
    form = {f"c-{cell.row}-{cell.column}": cell.text for cell in record_world.h3_cells()}
    form |= {
        "temperature-minimum": "22.9",
        "temperature-maximum": "23.3",
        "humidity-minimum": "43",
        "humidity-maximum": "47",
        "begin_date": "2026-06-16",
        "end_date": "2026-06-16",
    }
    return form | changes


def text_of(response: object) -> str:
    return response.content.decode()
