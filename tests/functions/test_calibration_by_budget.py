"""A calibration evaluates itself by the budget in force: chosen by point, kept with it, and computed again alike."""

from __future__ import annotations

import copy

import pytest
from tests.functions import record_world
from tests.functions.budget_world import in_force, put_into_force, version_facts, with_bath
from tests.functions.record_world import build_world

from jialiang.base.calibrations.models import Calibration
from jialiang.base.calibrations.selectors import calibration
from jialiang.base.measurement_standards.facts import CertificateFacts
from jialiang.formats.canonical import canonical_json, sha256_hex
from jialiang.functions import measurement_standards
from jialiang.functions import uncertainty_budgets as verbs
from jialiang.information.budget_export import budget_document
from jialiang.information.evaluation import evaluate
from jialiang.information.evaluation_task import task_as_evaluated, task_of
from jialiang.information.recomputation import is_recomputed_alike
from jialiang.information.record_view import record_view
from jialiang.information.science_questions import evaluate_budget
from jialiang.kernel.text import Text

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(in_tenant, now):
    return build_world(in_tenant, now)


def evaluated(world):
    record_id = record_world.submitted_record(world)
    return calibration(record_id)


def test_without_a_budget_the_record_has_no_word_of_templates(world):
    record = evaluated(world)
    assert "templates" not in record.evaluation["inputs"]
    assert all("template" not in point for point in record.evaluation["points"])


def test_the_record_names_version_engine_seed_and_draws(world):
    version = in_force(world)
    record = evaluated(world)
    named = {"id": str(version.id), "code": version.budget.code, "version": 1, "digest": version.digest}
    assert record.evaluation["inputs"]["templates"] == [named]
    for point in record.evaluation["points"]:
        assert point["template"] == named
        drawn = point["monte_carlo"]
        assert drawn["draws"] == 200_000
        assert drawn["seed"] == int(record.evaluation["readings_digest"][:8], 16)
        assert "numpy" in drawn["engine"]


def test_the_digits_are_those_of_the_procedure_when_the_shipped_template_is_in_force(world):
    by_procedure = evaluated(world).evaluation
    in_force(world)
    item = record_world.open_item(world, instrument_id=record_world.another_thermometer(world, "T-2"))
    record_id = record_world.start_record(world, item)
    record_world.fill_record(world, record_id)
    by_budget = evaluate(task_of(record_id))
    assert len(by_budget["points"]) == len(by_procedure["points"]) == 3
    for one, other in zip(by_procedure["points"], by_budget["points"], strict=True):
        assert "template" in other
        for member in ("deviation_exact", "combined_standard_uncertainty", "expanded_uncertainty_exact",
                       "coverage_factor", "degrees_of_freedom", "deviation", "expanded_uncertainty"):  # fmt: skip
            assert one[member] == other[member]


def test_another_budget_changes_the_uncertainty_and_says_why(world):
    in_force(world, document=with_bath("0.05"))
    point = evaluated(world).evaluation["points"][0]
    bath = next(row for row in point["contributions"] if row["symbol"] == "delta_bath")
    assert float(bath["standard_uncertainty"]) == pytest.approx(0.05 / 3**0.5)
    assert float(bath["share"]) > 95
    assert point["origins"]["delta_bath"] == {"kind": "constant", "common": "false"}
    assert point["origins"]["delta_standard"]["certificate"] == "GJ-2026-C-000312"


def test_each_point_is_evaluated_by_the_budget_of_its_interval(world):
    """22 and 24 by the first, 26 by the procedure: no budget covers it."""
    version = in_force(world, minimum="0", maximum="24")
    record = evaluated(world)
    by_whom = [point.get("template", {}).get("id") for point in record.evaluation["points"]]
    assert by_whom == [str(version.id), str(version.id), None]
    assert is_recomputed_alike(record, task_as_evaluated(record.id))


def test_two_budgets_share_a_record(world):
    low, high = in_force(world, maximum="23"), in_force(world, minimum="23", document=with_bath("0.05"))
    points = evaluated(world).evaluation["points"]
    assert [point["template"]["code"] for point in points] == [low.budget.code, high.budget.code, high.budget.code]
    assert float(points[1]["expanded_uncertainty_exact"]) > 5 * float(points[0]["expanded_uncertainty_exact"])


def test_a_budget_in_another_unit_does_not_hold_for_the_record(world):
    in_force(world, unit="\\kelvin")
    assert all("template" not in point for point in evaluated(world).evaluation["points"])


def test_a_draft_shows_the_budget_at_once_and_no_draws(world):
    version = in_force(world)
    record_id = record_world.start_record(world, record_world.open_item(world))
    record_world.fill_record(world, record_id)
    points = record_view(record_id, world.now.date()).evaluation["points"]
    assert {point["template"]["id"] for point in points} == {str(version.id)}
    assert {point["monte_carlo"] for point in points} == {None}


def test_recomputing_gives_identical_digits_whatever_came_into_force_since(world):
    first = in_force(world)
    record = evaluated(world)
    new = verbs.change(
        actor=world.people["technician"],
        budget_id=first.budget_id,
        facts=version_facts(document=with_bath("0.05")),
        now=world.now,
    )
    put_into_force(world, new.id)
    assert evaluate(task_of(record.id))["points"][0]["template"]["version"] == 2
    anew = evaluate(task_as_evaluated(record.id))
    assert canonical_json(anew) == canonical_json(record.evaluation)
    assert is_recomputed_alike(record, task_as_evaluated(record.id))
    verbs.withdraw(actor=world.people["reviewer"], version_id=new.id, reason="停用", now=world.now)
    assert is_recomputed_alike(record, task_as_evaluated(record.id))


def test_a_tampered_template_of_the_record_is_found(world):
    in_force(world)
    record = evaluated(world)
    tampered = copy.deepcopy(record.evaluation)
    tampered["points"][0]["document"]["inputs"][-1]["half_width"] = "0.0001"
    record.evaluation, record.evaluation_digest = tampered, sha256_hex(canonical_json(tampered))
    assert not is_recomputed_alike(record, task_as_evaluated(record.id))


def test_a_budget_changed_behind_the_back_of_the_verbs_is_found(world):
    version = in_force(world)
    record = evaluated(world)
    type(version).objects.filter(pk=version.id).update(document=with_bath("0.05"))
    assert not is_recomputed_alike(record, task_as_evaluated(record.id))


def test_the_stored_document_gives_the_digits_again_without_the_institute(world):
    in_force(world)
    record = evaluated(world)
    for point in record.evaluation["points"]:
        document = budget_document(point, number=record.number)
        assert document["id"] == f"{record.number}-{point['point']}"
        (output,) = evaluate_budget(document).outputs.values()
        assert repr(output.value) == point["deviation_exact"]
        assert repr(output.expanded_uncertainty) == point["expanded_uncertainty_exact"]


def test_the_certificate_is_issued_on_it(world):
    in_force(world, document=with_bath("0.05"))
    record = evaluated(world)
    record_world.pass_review(world, record.id)
    numbered = record_world.approve(world, record.id)
    assert numbered.number
    assert Calibration.objects.get(pk=record.id).state == "approved"


def value_of_standard():
    """The thermometer template with the standard's own deviation, carried to the day of use."""
    document = with_bath("0.002")
    document["model"]["expr"]["b"] += " + d_standard"
    value = {"name": "d_standard", "mean": "0", "u": "0.001", "from": {"source": "standard_value"}}
    document["inputs"].append(value)
    return document


def certified(world, number, year, measured):
    """One more certificate of the standard, with a value at 24 °C."""
    value = {"nominal": "24", "measured": measured, "expanded_uncertainty": "0.0020", "coverage_factor": "2"}
    facts = CertificateFacts(
        number=number,
        issuer=Text("国家示范计量院（虚构）"),
        expanded_uncertainty="0.0020",
        coverage_factor="2.00",
        unit=record_world.CELSIUS,
        valid_from=world.now.date().replace(year=year, month=3, day=1),
        valid_until=world.now.date().replace(year=year + 2, month=3, day=1),
        measured_values=(value,),
    )
    keeper = world.people["standards_keeper"]
    measurement_standards.add_certificate(actor=keeper, standard_id=world.standard_id, facts=facts, now=world.now)


def only_at_24(world):
    record_id = record_world.start_record(world, record_world.open_item(world), points=("24",))
    record_world.fill_record(world, record_id)
    return record_id


def test_the_standards_value_is_carried_to_the_day_by_the_line_through_its_certificates(world):
    """+0.001 °C a year, exactly: what is predicted lies on that line, with the u of the line."""
    year = world.now.year
    for number, back, measured in (("A", 4, "24.000"), ("B", 2, "24.002"), ("C", 0, "24.004")):
        certified(world, number, year - back, measured)
    in_force(world, document=value_of_standard())
    task = task_of(only_at_24(world))
    (facts,) = task.gathered.values()
    days = (world.now.date().replace(month=6, day=16) - world.now.date().replace(month=3, day=1)).days
    assert float(facts["value"]) == pytest.approx(0.004 + days * 0.004 / (4 * 365.25), abs=3e-6)
    assert facts["certificates"] == "A, B, C"
    point = evaluate(task)["points"][0]
    row = next(row for row in point["contributions"] if row["symbol"] == "d_standard")
    assert row["estimate"] == repr(float(facts["value"]))
    assert row["source"] == "A, B, C"


def test_with_fewer_certificates_the_last_one_alone_speaks(world):
    certified(world, "A", world.now.year, "24.0035")
    in_force(world, document=value_of_standard())
    (facts,) = task_of(only_at_24(world)).gathered.values()
    assert facts == {"value": "0.0035", "u": "0.001", "certificates": "A"}


def test_a_point_that_no_certificate_speaks_of_stops_the_evaluation_with_the_reason(world):
    in_force(world, document=value_of_standard())
    problem = record_view(only_at_24(world), world.now.date()).problem
    assert problem.en == "At 24 the input d_standard has nothing to come from: standard_value"
