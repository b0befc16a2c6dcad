"""Questions of science by REST: the JSON of the command line, bounded, and errors that name their place."""

import json
from urllib.parse import urlencode

import jsonschema_rs
import pytest
from tests.formats.sample_content import sample_content

from jialiang.assembly.cli import main
from jialiang.formats.budget_exchange.exchange import read_budget, write_budget
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.information.science_questions import MOST_BYTES
from jialiang.integration.api.science_documents import DECISION, RADIATION
from jialiang.science.topics.registry import topics
from jialiang.science.topics.units import AS_GIVEN, unit_of

UNCERTAINTY = "/science/uncertainty"
X = {"name": "x", "mean": 2, "u": 1}


def one(**members):
    return {"model": {"expr": {"y": "2*x"}}, "inputs": [X], **members}


@pytest.fixture
def asks(program):
    return program("technician")


def refused(response):
    assert response.status_code == 422, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    told = response.json()
    return told["code"], [error["member"] for error in told.get("errors", [])]


def by_command(tmp_path, capsys, *words, body):
    file = tmp_path / "body.json"
    file.write_text(json.dumps(body), encoding="utf-8")
    assert main([*words, str(file), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


VECTORS = [
    "ea-4-02-s2-weight-10kg", "gum-h1-first-order", "gum-h2-simultaneous", "gum-h3-thermometer-line",
    "gums1-9-3-mass-calibration", "gums1-9-4-comparison-loss-x1_0.010-r_0.9", "gums1-9-5-gauge-block",
    "gums2-9-3-mag-phase-x_0.010-r_0.9", "nist-num-10-stefan-boltzmann", "nist-tn1900-e3-viscometer",
    "nist-tn1900-e11-step-attenuator", "quam-a1-cd-standard",
]  # fmt: skip


@pytest.mark.parametrize("name", VECTORS)
def test_a_budget_has_the_digits_of_the_command_line(name, asks, oracles, tmp_path, capsys):
    body = json.loads((oracles / "uncertainty" / f"{name}.json").read_text(encoding="utf-8"))
    body["settings"] = {"draws": 20_000, "seed": 3}
    assert asks.done(UNCERTAINTY, body) == by_command(tmp_path, capsys, "uncertainty", "evaluate", body=body)


def test_words_of_the_address_go_before_the_settings(asks, tmp_path, capsys):
    body = RADIATION | {"settings": {"method": "lpu", "probability": 0.9, "draws": 50_000, "seed": 1}}
    address = f"{UNCERTAINTY}?method=mc&draws=20000&seed=5&probability=0.99&digits=1"
    found = asks.done(address, body)
    assert (found["method"], found["draws"], found["seed"], found["probability"]) == ("mc", 20_000, 5, 0.99)
    words = ["uncertainty", "evaluate", "--method", "mc", "--draws", "20000", "--seed", "5"]
    assert found == by_command(tmp_path, capsys, *words, "--probability", "0.99", "--digits", "1", body=body)


def test_adaptive_draws_may_be_asked_for_and_stop_at_the_bound(asks):
    body = RADIATION | {"settings": {"method": "mc", "draws": 20_000}}
    found = asks.done(f"{UNCERTAINTY}?draws=adaptive&digits=2", body)
    assert found["simulation"]["adaptive"]
    assert 65_536 <= found["draws"] <= 1_000_000


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        ([], "JL-UNC-013", []),
        ({}, "JL-UNC-013", ["body.model.expr"]),
        (one(inputs=[X, {"name": "z", "mean": 1, "distribution": "round"}]), "JL-UNC-010", ["body.inputs[1]"]),
        (one(inputs=[{"name": "x", "mean": 1, "distribution": "normal"}]), "JL-UNC-013", ["body.inputs[0].u"]),
        (one(inputs=[{"name": "x", "mean": "1,5", "u": 1}]), "JL-UNC-013", ["body.inputs[0].mean"]),
        (one(inputs=[{"name": "x", "mean": 1, "u": -1}]), "JL-UNC-009", ["body.inputs[0]"]),
        (one(inputs=[X, X]), "JL-EXPR-013", ["body.model.expr"]),
        (one(model={"expr": {"y": "2*"}}), "JL-EXPR-001", ["body.model.expr"]),
        (one(model={"expr": {"y": "2*w"}}), "JL-EXPR-004", ["body.model.expr"]),
        (one(model={"expr": {"y": "x+1'm'"}}, inputs=[X | {"unit": "s"}]), "JL-EXPR-010", ["body.model.expr"]),
        (one(correlation=[["x", "x"]]), "JL-UNC-013", ["body.correlation[0]"]),
        (one(settings={"method": "guess"}), "JL-UNC-013", ["body.settings.method (lpu, lpu2, mc)"]),
        (one(settings={"draws": 1_000_001}), "JL-SCI-001", ["body.settings.draws"]),
        (one(settings={"probability": 0.999}), "JL-SCI-001", ["body.settings.probability"]),
        (one(inputs=[X | {"name": f"x{k}"} for k in range(201)], model={"expr": {"y": "x0"}}),
         "JL-SCI-001", ["body.inputs"]),
        (one(model={"expr": {f"y{k}": "x" for k in range(21)}}), "JL-SCI-001", ["body.model.outputs"]),
        (one(model={"expr": {"y": "+".join(["x"] * 5_000)}}), "JL-EXPR-002", ["body.model.expr"]),
        (one(inputs=[X | {"name": f"x{k}"} for k in range(61)], model={"expr": {"y": "x0"}},
             settings={"method": "lpu2"}), "JL-SCI-001", ["body.inputs"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_budget_is_told_with_its_place(asks, body, code, place):
    assert refused(asks.post(UNCERTAINTY, body)) == (code, place)


@pytest.mark.parametrize(
    ("query", "member"),
    [
        ("draws=-1", "query.draws"), ("draws=many", "query.draws"), ("method=guess", "query.method"),
        ("probability=1.5", "query.probability"), ("probability=nan", "query.probability"),
        ("seed=-1", "query.seed"), ("digits=3", "query.digits"), ("drawz=1", "query.drawz"),
    ],
)  # fmt: skip
def test_a_wrong_word_in_the_address_is_named(asks, query, member):
    assert refused(asks.post(f"{UNCERTAINTY}?{query}", one())) == ("JL-API-001", [member])


@pytest.mark.parametrize("path", [UNCERTAINTY, "/science/topics/repeatability"])
@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (b"{", {(422, "JL-BUD-001"), (422, "JL-MET-009")}),
        (b"\xff\xfe", {(422, "JL-BUD-001"), (422, "JL-MET-009")}),
        (b"", {(422, "JL-BUD-001"), (422, "JL-MET-009")}),
        (b'{"model": "\\ud800"}', {(400, "JL-API-002")}),
        (b'{"model": "\\u0000"}', {(400, "JL-API-002")}),
        (b'{"data": ' + b"[" * 40 + b"]" * 40 + b"}", {(400, "JL-API-002")}),
        (b'{"data": ' + b"[" * 90_000 + b"]" * 90_000 + b"}", {(422, "JL-BUD-001"), (422, "JL-MET-009")}),
        (b'"' + b"x" * MOST_BYTES + b'"', {(413, "JL-API-007")}),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem_and_no_fault(asks, path, body, codes):
    response = asks.client.post(f"/api/v1{path}", body, content_type="application/json", headers=asks.headers)
    assert (response.status_code, response.json()["code"]) in codes


@pytest.mark.parametrize(
    ("topic", "body", "code", "place"),
    [
        ("decision", {"mpe": 1}, "JL-MET-004", ["body.rule"]),
        ("decision", {"rule": "hope", "mpe": 1, "y": 1}, "JL-MET-006", ["body.rule"]),
        ("decision", {"rule": "simple", "mpe": 1, "limits": [0, 1], "y": 1}, "JL-MET-005", []),
        ("decision", {"rulle": "simple", "mpe": 1, "y": 1}, "JL-MET-008", ["body.rulle"]),
        ("horoscope", {}, "JL-MET-007", []),
        ("repeatability", {"data": [1] * 20_001}, "JL-SCI-001", ["body.data"]),
        ("anova", {"data": [[1] * 200] * 101}, "JL-SCI-001", ["body.data"]),
        ("interval-s2", {"times": [1] * 301, "n": [1], "in_tolerance": [1], "target": 0.9},
         "JL-SCI-001", ["body.times"]),
        ("key-comparison", {"x": [1] * 61, "u": [1] * 61}, "JL-SCI-001", ["body.x"]),
        ("key-comparison", {"x": [1, 2], "u": [1, 1], "method": "median", "draws": 100_001},
         "JL-SCI-001", ["body.draws"]),
        ("allan", {"phase": [1] * 500, "taus": list(range(1, 202))}, "JL-SCI-001", ["body.taus"]),
        ("calibration-curve", {"x": [1, 2], "y": [1, 2], "order": 10}, "JL-SCI-001", ["body.order"]),
        ("calibration-curve", {"x": [1, 2], "y": [1, 2], "order": "many"}, "JL-UNC-002", []),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_question_is_told_with_its_place(asks, topic, body, code, place):
    assert refused(asks.post(f"/science/topics/{topic}", body)) == (code, place)


def test_digits_of_a_question_are_read_as_written(asks):
    """0.1 + 0.2 as text and as number: the limit is kept in decimal arithmetic."""
    for given in ("0.3", 0.3):
        found = asks.done("/science/topics/decision", {"rule": "simple", "mpe": "0.3", "error": given})
        assert found["statement"] == "pass"
    assert asks.done("/science/topics/decision", DECISION)["statement"] == "pass"


def test_all_topics_are_listed_with_members_and_units(asks):
    listed = {topic["name"]: topic for topic in asks.read("/science/topics")}
    assert list(listed) == list(topics())
    members = {m["name"]: m["unit"] for m in listed["interval-a3"]["takes"]}
    assert (members["interval_days"], members["target"], members["two_sided"]) == ("d", "1", "")
    assert {m["name"]: m["unit"] for m in listed["allan"]["takes"]}["tau0"] == "s"
    assert all(m["meaning"] for topic in listed.values() for m in topic["takes"] + topic["gives"])


@pytest.mark.parametrize(
    ("topic", "member", "unit"),
    [
        ("scores", "x", AS_GIVEN), ("scores", "en", "1"), ("interval-a3", "unbounded", "d"),
        ("interval-staircase", "unbounded", AS_GIVEN), ("gauge-study", "days", "1"), ("drift", "days", "d"),
        ("ewma", "target", AS_GIVEN), ("interval-s2", "target", "1"), ("value-on-day", "u_rate", "as given, a day"),
        ("decision", "statement", ""), ("intermediate-check", "deviations", AS_GIVEN), ("allan", "deviations", ""),
    ],
)  # fmt: skip
def test_units_of_members_may_differ_from_topic_to_topic(topic, member, unit):
    assert unit_of(topic, member) == unit


def test_the_schema_of_budget_documents_is_served_and_admits_the_example(asks):
    response = asks.get("/science/budget-document.schema.json")
    assert response["Content-Type"] == "application/schema+json"
    validator = jsonschema_rs.Draft202012Validator(response.json())
    assert not list(validator.iter_errors(RADIATION))
    assert list(validator.iter_errors({"inputs": []}))


def test_examples_of_the_document_are_answered(asks, anyone):
    paths = anyone.read("/openapi.json")["paths"]
    for path, thing in (("/science/uncertainty", ""), ("/science/topics/{topic}", "decision")):
        told = paths[f"/api/v1{path}"]["post"]["requestBody"]["content"]["application/json"]["examples"]
        for example in told.values():
            assert asks.done(path.format(topic=thing), example["value"])


@pytest.mark.parametrize("role", ["customer", "auditor", "receptionist", "system_administrator"])
def test_everybody_who_is_signed_in_may_ask(program, role):
    assert program(role).done("/science/topics/repeatability", {"data": [1, 2, 3]})["mean"] == 2


def test_strangers_may_not_ask(anyone):
    for path in (UNCERTAINTY, "/science/topics/repeatability"):
        assert anyone.post(path, {}).status_code == 401


# --- budgets in other notations


def converted(asks, to, body, status=200):
    response = asks.post(f"{UNCERTAINTY}/convert?to={to}", body)
    assert response.status_code == status, response.content.decode()
    return response


@pytest.mark.parametrize(
    ("to", "media", "name"),
    [
        ("json", "application/json", "budget.json"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "budget.xlsx"),
        ("gtc", "application/json", "budget.gtc.json"),
        ("dcc", "application/xml", "budget.dcc.xml"),
    ],
)
def test_a_budget_is_converted_as_by_the_command_line(asks, to, media, name):
    response = converted(asks, to, RADIATION)
    assert response["Content-Type"] == media
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Cache-Control"] == "no-store"
    if to == "gtc":
        assert response.content == write_budget(RADIATION, "gtc")
    else:
        assert read_budget(response.content)["inputs"] == RADIATION["inputs"]


def test_an_archive_is_told_by_its_content_and_becomes_a_document(asks):
    archive = json.loads(write_budget(one(), "gtc"))
    document = json.loads(converted(asks, "json", archive).content)
    assert document["inputs"][0] == {"name": "x", "mean": 2.0, "distribution": "normal", "u": 1.0}
    assert asks.done(UNCERTAINTY, document)["outputs"]["y"]["u"] == 2


def test_a_conversion_of_what_cannot_be_said_names_the_reason(asks):
    inputs = [{"name": n, "mean": 1, "u": 1, "dof": 4, "distribution": "t"} for n in "xz"]
    body = {"model": {"expr": {"y": "x+z"}}, "inputs": inputs, "correlation": [["x", "z", 0.5]]}
    assert refused(converted(asks, "gtc", body, 422))[0] == "JL-BEX-002"
    assert refused(converted(asks, "json", {"CLASS": "Archive", "leaf_nodes": {}}, 422))[0] == "JL-BEX-001"


def test_an_archive_of_more_inputs_than_one_request_may_ask_is_refused(asks):
    inputs = [{"name": f"x{k}", "mean": 1, "u": 1} for k in range(201)]
    body = {"model": {"expr": {"y": "x0"}}, "inputs": inputs}
    assert refused(converted(asks, "gtc", body, 422))[0] == "JL-SCI-001"
    assert converted(asks, "xlsx", body).content.startswith(b"PK")


def test_an_unknown_notation_is_refused(asks):
    assert asks.post(f"{UNCERTAINTY}/convert?to=pdf", RADIATION).status_code == 422
    assert asks.post(f"{UNCERTAINTY}/convert", RADIATION).status_code == 422


# --- certificates


def sent(caller, path, xml, media="application/xml"):
    return caller.client.post(f"/api/v1{path}", xml, content_type=media, headers=caller.headers)


@pytest.fixture(scope="module")
def certificate():
    return dcc_xml(sample_content())


VALUES, INPUT = f"{UNCERTAINTY}/certificate-values", f"{UNCERTAINTY}/certificate-input"


def test_the_values_of_a_certificate_are_listed_with_the_input_that_each_becomes(asks, certificate):
    response = sent(asks, VALUES, certificate)
    assert response.status_code == 200, response.content.decode()
    assert response["Cache-Control"] == "no-store"
    found = response.json()
    assert len(found) == 11
    assert found[0]["names"] == {"zh": "修正值", "en": "Correction"}
    assert (found[0]["input"]["U"], found[0]["input"]["k"]) == ("0.018", "2.00")


def test_a_value_is_taken_as_by_the_command_line(asks, certificate, tmp_path, capsys):
    file = tmp_path / "c.xml"
    file.write_bytes(certificate)
    reference = sent(asks, VALUES, certificate).json()[2]["reference"]
    taken = sent(asks, f"{INPUT}?{urlencode({'quantity': reference, 'name': 'b'})}", certificate)
    assert main(["uncertainty", "input", str(file), "--quantity", reference, "--name", "b"]) == 0
    assert taken.json() == json.loads(capsys.readouterr().out)
    budget = {"model": {"expr": {"y": "2*b"}}, "inputs": [taken.json()]}
    assert asks.done(UNCERTAINTY, budget)["outputs"]["y"]["u"] == pytest.approx(0.018)


def test_a_refused_certificate_says_what_is_wrong(asks, certificate):
    assert refused(sent(asks, VALUES, b"<a/>"))[0] == "JL-DCC-001"
    assert refused(sent(asks, f"{INPUT}?quantity=nothing&name=x", certificate))[0] == "JL-BEX-004"
    assert refused(sent(asks, f"{INPUT}?quantity=basic_referenceValue%231&name=x", certificate))[0] == "JL-BEX-005"
    assert sent(asks, INPUT, certificate).status_code == 422
    assert sent(asks, VALUES, b" " * (MOST_BYTES + 1)).status_code == 413


def test_a_certificate_is_sent_as_xml(asks, certificate):
    assert sent(asks, VALUES, certificate, "text/xml").status_code == 200
    assert sent(asks, VALUES, certificate, "application/json").status_code == 415
    assert sent(asks, f"{UNCERTAINTY}/convert?to=json", b"a", "text/plain").status_code == 415


def test_a_budget_travels_in_a_certificate_and_back(asks):
    part = converted(asks, "dcc", RADIATION).content
    back = sent(asks, f"{UNCERTAINTY}/convert?to=json", part)
    assert back.json() == RADIATION
    workbook = converted(asks, "xlsx", RADIATION).content
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert sent(asks, f"{UNCERTAINTY}/convert?to=json", workbook, media).json()["inputs"] == RADIATION["inputs"]


def test_strangers_may_not_read_certificates_here(anyone, certificate):
    for path in (VALUES, f"{INPUT}?quantity=a&name=x"):
        assert sent(anyone, path, certificate).status_code == 401
