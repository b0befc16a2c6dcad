"""The label and the marks of the demonstration: what somebody sees who opens them for the first time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.ledger import build_world

from jialiang.base.instrument_marks.selectors import identity_checks, marks_of
from jialiang.base.label_templates.facts import sample_content, shape_of
from jialiang.base.label_templates.selectors import label_template_by_code
from jialiang.business.demonstration.cast import Institute, add_person
from jialiang.business.demonstration.data import world as texts
from jialiang.business.demonstration.labels import lay_label_template, lay_marks
from jialiang.formats.labels.laying import lay_label
from jialiang.kernel.text import Text
from jialiang.security.actor import system_actor
from jialiang.security.audit.models import AuditRecord


@pytest.fixture
def institute(in_tenant, now):
    """An institute with the two people who do these things."""
    founder = system_actor(in_tenant.id, Text("安装程序", "Installer"), "cli")
    everybody = {entry["username"]: entry for people in texts()["people"].values() for entry in people}
    hired = {
        name: add_person(founder, everybody[name], now - timedelta(days=430))
        for name in ("identifiers", "technician")
    }
    return Institute(in_tenant.id, hired)


def test_the_label_of_the_institute_has_its_logo_and_all_that_its_design_says(institute, now):
    lay_label_template(institute, now)
    row = label_template_by_code("yunze-60x40")
    shape = shape_of(row)
    assert [each.kind for each in shape.elements].count("words") == 5
    assert {"band", "logo", "symbol"} <= {each.kind for each in shape.elements}
    assert bytes(row.logo).startswith(b"<svg")
    said = [each.text for each in lay_label(shape, sample_content(shape, "limited"), "zh").drawn]
    assert "准用 LIMITED USE" in said


def test_the_broken_seal_was_found_replaced_and_found_right(institute, in_tenant, now):
    world = build_world(in_tenant.id, now)
    row = world.instrument(serial_number="T2104-0388")
    lay_marks(institute, row.id, now)
    after, before = identity_checks(row.id)
    assert [each["outcome"] for each in before.findings] == ["agrees"] * 3 + ["differs"]
    assert after.agrees and not before.agrees
    assert after.at > before.at
    seals = [each for each in marks_of(row.id) if each.role == "seal"]
    assert [(each.code, each.state) for each in seals] == [("F 004598", "in_place"), ("F 004517", "removed")]
    assert {each.role for each in marks_of(row.id)} == {"production", "repair", "verification", "seal"}
    deeds = AuditRecord.objects.filter(action__startswith="instrument_mark.").values_list("action", flat=True)
    assert sorted(deeds) == ["instrument_mark.check"] * 2 + ["instrument_mark.record"] * 5 + [
        "instrument_mark.remove"
    ]
