"""A label of the city institute's own design, and the codes and seals that one of the dairy's thermometers carries."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from jialiang.base.label_templates.facts import LabelTemplateFacts
from jialiang.business.demonstration.cast import Institute
from jialiang.business.demonstration.data import text, world
from jialiang.formats.codes.found_marks import CarriedCode
from jialiang.functions import instrument_marks, label_templates
from jialiang.kernel.clock import local_date

OPERATOR, TECHNICIAN = "identifiers", "technician"


def lay_label_template(institute: Institute, at: datetime) -> None:
    """Let the keeper of identifiers design the label that the institute's certificates come with."""
    design: dict[str, Any] = world()["label_template"]
    members = design | {"name": text(design["name"]), "fields": tuple(design["fields"])}
    members["logo"] = design["logo"].encode()
    label_templates.create(actor=institute.actor(OPERATOR, at), facts=LabelTemplateFacts(**members), now=at)


def lay_marks(institute: Institute, instrument_id: UUID, now: datetime) -> None:
    """Record the codes and seals of an instrument, replace a broken seal, and check its identity before and after."""
    told: dict[str, Any] = world()["instrument_marks"]
    long_ago, lately = now - timedelta(days=402), now - timedelta(days=2)
    marks = [_recorded(institute, instrument_id, entry, long_ago) for entry in told["carried"]]
    technician = institute.actor(TECHNICIAN, lately)
    seen = [CarriedCode(each["role"], each["code"]) for each in told["found"]]
    instrument_marks.check_identity(
        actor=technician, instrument_id=instrument_id, found=seen, now=lately - timedelta(minutes=20)
    )
    instrument_marks.remove(actor=technician, mark_id=marks[-1], reason=told["removed_because"], now=lately)
    _recorded(institute, instrument_id, told["replaced_by"], lately)
    instrument_marks.check_identity(actor=technician, instrument_id=instrument_id, found=seen, now=lately)


def _recorded(institute: Institute, instrument_id: UUID, entry: dict[str, str], at: datetime) -> UUID:
    put_on = date.fromisoformat(entry["put_on"]) if "put_on" in entry else local_date(at, "Asia/Shanghai")
    facts = instrument_marks.MarkFacts(
        role=entry["role"], code=entry["code"], put_by=entry["put_by"], put_on=put_on
    )
    return instrument_marks.record(
        actor=institute.actor(TECHNICIAN, at), instrument_id=instrument_id, facts=facts, now=at
    ).id
