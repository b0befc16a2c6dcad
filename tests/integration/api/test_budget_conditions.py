"""Budgets by REST: a change starts from the version read, by If-Match or in the body; refusals say what to do."""

from __future__ import annotations

import pytest

from jialiang.information.budget_templates.shipped_templates import shipped_template

CELSIUS = "\\degreecelsius"
BUDGETS = "/uncertainty-budgets"


def document(half_width: str = "0.005"):
    """The template of thermometers, quick to try out."""
    found = shipped_template("thermometer_line")
    found["inputs"][-1]["half_width"] = half_width
    return found | {"settings": found["settings"] | {"validate": False, "draws": "10000"}}


def body(**changes):
    return {"unit": CELSIUS, "document": document()} | changes


@pytest.fixture
def writer(program):
    return program("technician")


@pytest.fixture
def begun(writer):
    """A budget with its draft: its id and the id of its version."""
    new = body(name={"zh": "温度计", "en": "Thermometers"}, procedure="thermometer_line")
    answer = writer.post(BUDGETS, new)
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert answer["Location"].endswith(said["id"])
    return said["id"], said["versions"][0]["id"]


def test_the_tag_of_a_version_is_where_a_change_starts(writer, begun):
    budget, version = begun
    read = writer.get(f"/budget-versions/{version}")
    tag = read["ETag"]
    assert tag.startswith('"1.')
    changed = writer.post(f"{BUDGETS}/{budget}/versions", body(maximum="90"), headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["version"], changed.json()["maximum"]) == (200, 2, "90")
    again = writer.post(f"{BUDGETS}/{budget}/versions", body(maximum="80"), headers={"If-Match": tag})
    assert again.status_code == 412
    assert writer.get(f"/budget-versions/{version}").json()["maximum"] == "90"


def test_a_passed_version_in_the_body_is_refused_by_the_verb_with_its_words(writer, begun):
    budget, version = begun
    writer.post(f"{BUDGETS}/{budget}/versions", body(maximum="90", version=1))
    for path, given in (
        (f"{BUDGETS}/{budget}/versions", body(maximum="80", version=1)),
        (f"/budget-versions/{version}/submission", {"version": 1}),
    ):
        refused = writer.post(path, given)
        assert (refused.status_code, refused.json()["code"]) == (409, "JL-UBG-007")
    assert writer.get(f"/budget-versions/{version}").json()["state"] == "draft"


def test_who_names_no_version_writes_over_what_stands(writer, begun):
    budget, _ = begun
    for maximum, number in (("90", 2), ("80", 3)):
        said = writer.post(f"{BUDGETS}/{budget}/versions", body(maximum=maximum)).json()
        assert (said["maximum"], said["version"], said["number"]) == (maximum, number, 1)


def test_a_submission_starts_from_the_tag_that_was_read(writer, begun):
    budget, version = begun
    tag = writer.get(f"/budget-versions/{version}")["ETag"]
    writer.post(f"{BUDGETS}/{budget}/versions", body(maximum="90"))
    refused = writer.post(f"/budget-versions/{version}/submission", {}, headers={"If-Match": tag})
    assert refused.status_code == 412
    tag = writer.get(f"/budget-versions/{version}")["ETag"]
    sent = writer.post(f"/budget-versions/{version}/submission", {}, headers={"If-Match": tag})
    assert (sent.status_code, sent.json()["state"]) == (200, "in_review")


def test_a_reader_who_has_the_version_is_told_so(writer, begun):
    budget, version = begun
    tag = writer.get(f"/budget-versions/{version}")["ETag"]
    assert writer.get(f"/budget-versions/{version}", headers={"If-None-Match": tag}).status_code == 304
    writer.post(f"{BUDGETS}/{budget}/versions", body(maximum="90"))
    assert writer.get(f"/budget-versions/{version}", headers={"If-None-Match": tag}).status_code == 200


def test_a_budget_goes_by_programs_from_draft_into_force_and_out_of_it(writer, program, begun):
    budget, version = begun
    reviewer = program("reviewer")
    at = f"/budget-versions/{version}"
    assert writer.post(f"{at}/submission", {}).json()["state"] == "in_review"
    returned = reviewer.post(f"{at}/return", {"reason": "再想想"})
    assert (returned.status_code, returned.json()["state"]) == (200, "draft")
    digest = writer.post(f"{at}/submission", {}).json()["digest"]
    wrong = reviewer.post(f"{at}/release", {"seen_digest": "0" * 64})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "JL-UBG-007")
    held = reviewer.post(f"{at}/release", {"seen_digest": digest})
    assert (held.status_code, held.json()["state"]) == (200, "in_force")
    later = writer.post(
        f"{BUDGETS}/{budget}/versions", body(document=document("0.007"), change_note="换槽")
    ).json()
    assert (later["number"], later["state"]) == (2, "draft")
    (change,) = writer.get(f"/budget-versions/{later['id']}/difference").json()
    assert change == {"path": "inputs.delta_bath.half_width", "before": "0.005", "after": "0.007"}
    gone = reviewer.post(f"{at}/retraction", {"reason": "停用"})
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
    steps = writer.get(f"{BUDGETS}/{budget}/steps").json()
    assert [(step["number"], step["action"].partition(".")[2]) for step in steps] == [
        (1, "create"), (1, "submit"), (1, "return"), (1, "submit"), (1, "approve"), (2, "change"), (1, "withdraw")
    ]  # fmt: skip
    assert [step["reason"] for step in steps if step["reason"]] == ["再想想", "停用"]


def test_whoever_may_not_is_refused_by_every_deed(program, begun, writer):
    _, version = begun
    digest = writer.post(f"/budget-versions/{version}/submission", {}).json()["digest"]
    for role in ("technician", "signatory", "auditor"):
        caller = program(role)
        for deed, given in (
            ("release", {"seen_digest": digest}), ("return", {"reason": "x"}), ("retraction", {"reason": "x"})
        ):  # fmt: skip
            assert caller.post(f"/budget-versions/{version}/{deed}", given).status_code == 403, (role, deed)
    assert writer.get(f"/budget-versions/{version}").json()["state"] == "in_review"


def test_the_document_reads_back_as_it_was_sent_and_numbers_are_texts(writer, begun):
    budget, version = begun
    assert writer.get(f"/budget-versions/{version}").json()["document"] == document()
    binary = document()
    binary["inputs"][-1]["half_width"] = 0.0125
    assert writer.post(f"{BUDGETS}/{budget}/versions", body(document=binary)).status_code in (400, 422)
    assert writer.get(f"/budget-versions/{version}").json()["version"] == 1
    said = writer.post(f"{BUDGETS}/{budget}/versions", body(document=document("0.01250"))).json()
    assert said["document"] == document("0.01250")


BROKEN = [
    ({"unit": "\\furlong"}, "JL-UBG-005"),
    ({"minimum": "1,5"}, "JL-UBG-005"),
    ({"minimum": "2", "maximum": "1"}, "JL-UBG-005"),
    ({"quantity_kind": "mass"}, "JL-UBG-005"),
    ({"document": {"model": {"expr": "y = x"}, "inputs": [{"name": "x", "value": 1}]}}, ""),
    ({"document": {}}, ""),
]


@pytest.mark.parametrize(("changes", "code"), BROKEN)
def test_what_cannot_be_kept_is_refused_in_words_and_nothing_changes(writer, begun, changes, code):
    budget, version = begun
    refused = writer.post(f"{BUDGETS}/{budget}/versions", body(**changes))
    assert refused.status_code == 422, refused.content
    if code:
        assert refused.json()["code"] == code
    assert writer.get(f"/budget-versions/{version}").json()["version"] == 1


@pytest.mark.parametrize("reason", ["", "  ", "长" * 401])
def test_a_reason_is_needed_and_has_its_length(program, begun, writer, reason):
    _, version = begun
    writer.post(f"/budget-versions/{version}/submission", {})
    for deed in ("return", "retraction"):
        refused = program("reviewer").post(f"/budget-versions/{version}/{deed}", {"reason": reason})
        assert refused.status_code == 422
    assert writer.get(f"/budget-versions/{version}").json()["state"] == "in_review"
