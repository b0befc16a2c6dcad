"""Certificates and records written straight to the tables: what evidence and queues are made from, without the work."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from jialiang.base.calibrations.models import Calibration, CalibrationStandard, CalibrationStep
from jialiang.base.certificates.models import Certificate
from jialiang.base.commissions.selectors import items_of
from jialiang.base.identifiers.services import mint
from jialiang.base.readings.models import ReadingSet
from jialiang.base.traceability.services import record_instrument_evidence
from jialiang.kernel.ids import new_id

_serial = count(1)


def record(world, instrument, *, commission=None, item=None, state="draft", **members):
    """A record of an instrument, in a commission of its own."""
    now, serial = world.now, next(_serial)
    if item is None:
        item = items_of((commission or world.commission(instrument)).id)[0]
    readings = ReadingSet.objects.create(id=new_id(now), instrument=instrument, created_at=now)
    columns = {
        "number": f"R-{serial:04d}", "item": item, "kind": "calibration", "state": state, "created_at": now,
        "procedure": "thermometer_line", "method_zh": "比较法", "reading_set": readings, **members,
    }  # fmt: skip
    return Calibration.objects.create(id=new_id(now), **columns)


def use(calibration, standard, certificate, now):
    """The record uses a standard with its certificate."""
    return CalibrationStandard.objects.create(
        id=new_id(now), calibration=calibration, standard_id=standard.id, certificate_id=certificate.id
    )


def sent_back(calibration, now, reason="读数有误"):
    """The record was returned by somebody."""
    return CalibrationStep.objects.create(
        id=new_id(now), calibration=calibration, at=now, action="calibration.return", from_state="in_review",
        to_state="draft", person_name="乙", reason=reason,
    )  # fmt: skip


def certificate(world, instrument, *, state="in_force", calibration=None, **members):
    """A certificate of an instrument."""
    now, serial = world.now, next(_serial)
    calibration = calibration or record(world, instrument, state="approved")
    own_id = new_id(now)
    code = mint(suffix=f"c{serial}", subject_kind="certificate", subject_id=own_id, now=now)
    columns = {
        "number": f"YZ-2026-C-{serial:06d}", "kind": "calibration", "state": state, "calibration": calibration,
        "customer_id": instrument.owner_id, "instrument": instrument, "identifier": code, "check_code": "0" * 13,
        "content": "{}", "content_digest": "0" * 64, "issue_date": now.date(), "signing_time": now,
        "numbered_at": now, "status_since": now, **members,
    }  # fmt: skip
    return Certificate.objects.create(id=own_id, **columns)


def evidence(world, instrument, valid_from, valid_until, *, conformity="pass", state="in_force", ended=None, why=""):
    """Evidence of an instrument, with its certificate; ``ended`` is a number of days before now."""
    issued = certificate(world, instrument, state=state)
    for entry in issued.calibration.item.commission.items.all():
        entry.custody = "returned"
        entry.save()
    row = record_instrument_evidence(
        instrument_id=instrument.id, certificate_id=issued.id, conformity=conformity, valid_from=valid_from,
        valid_until=valid_until, now=world.now,
    )  # fmt: skip
    if ended is not None:
        row.ended_at, row.end_reason = world.now - timedelta(days=ended), why
        row.save()
    return row
