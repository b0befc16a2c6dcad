"""Records at the bench for tests of the base: made by the services alone, without verbs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from uuid import UUID

from tests.ledger import PAPER, World

from jialiang.base.calibrations import services
from jialiang.base.calibrations.models import Calibration
from jialiang.base.calibrations.services import NewRecord
from jialiang.base.commissions.selectors import items_of
from jialiang.base.measurement_standards.selectors import certificates_of
from jialiang.base.readings.services import create_reading_set
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor

LAYOUT = {
    "columns": [
        {"key": "indication", "name": {"zh": "示值", "en": "Indication"}, "unit": "\\degreecelsius"},
        {"key": "correction", "name": {"zh": "修正值", "en": "Correction"}, "unit": "\\degreecelsius"},
    ],
    "rows": 3,
}
_serial = count(1)


@dataclass(frozen=True)
class Bench:
    """A world of ledgers with a technician and a standard that has a certificate."""

    world: World
    technician: Actor
    standard_id: UUID
    certificate_id: UUID

    def new(self, **members: Any) -> NewRecord:
        """What a record is opened with, on an instrument of its own unless ``item_id`` is given."""
        serial = next(_serial)
        if "item_id" not in members:
            instrument = self.world.instrument(serial_number=f"b-{serial}")
            members["item_id"] = items_of(self.world.commission(instrument).id)[0].id
        given = {
            "number": f"JL-2026-{serial:06d}",
            "kind": "calibration",
            "procedure": "thermometer_line",
            "reading_set_id": self.readings(),
            "method": Text("比较法", "comparison"),
            "method_norm": "YZ-TM-07",
            "site_id": None,
            "points": ("22", "24.0"),
            "parameters": {"rows": "3"},
            "standards": ((self.standard_id, self.certificate_id, True),),
        }
        return NewRecord(**(given | members))

    def readings(self) -> UUID:
        """An empty table of readings."""
        instrument = self.world.instrument(serial_number=f"r-{next(_serial)}")
        return create_reading_set(instrument_id=instrument.id, layout=LAYOUT, now=self.world.now).id

    def record(
        self, *, state: str = "draft", actor: Actor | None = None, now: Any = None, **members: Any
    ) -> Calibration:
        """A record, put into a state as it stands."""
        row = services.open_record(
            self.new(**members), actor=actor or self.technician, now=now or self.world.now
        )
        if state != "draft":
            Calibration.objects.filter(pk=row.id).update(state=state)
            row.refresh_from_db()
        return row


def build_bench(world: World) -> Bench:
    """Set up the bench in the world in scope."""
    standard = world.standard(PAPER)
    (certificate,) = certificates_of(standard.id)
    return Bench(world, world.person("technician"), standard.id, certificate.id)


def another_standard(bench: Bench, serial_number: str, **certificate: Any) -> tuple[UUID, UUID]:
    """One more standard with one certificate: their ids."""
    standard = bench.world.standard(replace(PAPER, **certificate), serial_number=serial_number)
    return standard.id, certificates_of(standard.id)[0].id
