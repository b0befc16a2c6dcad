"""Values of a certificate as rows of the budget editor: offered by name and figures, taken with their source."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jialiang.formats.budget_exchange.certificate_part import attached_budget
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document
from tests.console.measurement_science.test_budget_editor import EDITOR, X, cells
from tests.console.whole import faults_of
from tests.formats.sample_content import sample_content

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def certificate():
    """Eleven corrections with U = 0.018 K and k = 2.00."""
    return dcc_xml(sample_content())


def asked(desk, xml, status=200, **more):
    upload = SimpleUploadedFile("c.xml", xml, "application/xml")
    return desk.post(EDITOR, cells(X, act="certificate") | {"certificate": upload} | more, status)


def offered(page):
    return page.root.xpath("//input[@name='taken']/@value")


def test_the_values_are_offered_in_the_language_of_the_page(desk_in, language, certificate):
    page = asked(desk_in, certificate)
    assert faults_of(page.text, language) == []
    assert len(offered(page)) == 11
    assert ("Correction #1" if language == "en" else "修正值 #1") in page.words
    assert "U = 0.018" in page.words
    assert page.form()["i-0-value"] == "1.50"


def test_a_chosen_value_becomes_a_row_with_its_source(desk, certificate):
    chosen = offered(asked(desk, certificate))[1]
    page = desk.post(EDITOR, cells(X, act="take") | {"taken": [chosen]})
    form = page.form()
    made = json.loads(chosen)
    assert (form["i-0-name"], form["i-1-name"]) == ("x", "x1")
    assert form["i-1-value"] == made["mean"]
    assert form["i-1-unit"] == "\\kelvin"
    assert "U = 0.018" in form["i-1-parameters"]
    assert "k = 2.00" in form["i-1-parameters"]
    kept = json.loads(desk.client.post(EDITOR, form | {"act": "download"}).content)
    assert kept["inputs"][1] == {**made, "name": "x1"}
    assert kept["inputs"][1]["source"]["certificate"] == "JZ2026-000123"


def test_the_row_enters_the_budget(desk, certificate):
    chosen = offered(asked(desk, certificate))[0]
    form = desk.post(EDITOR, cells(act="take", formula="x1", unit="K") | {"taken": [chosen]}).form()
    kept = json.loads(desk.client.post(EDITOR, form | {"act": "download"}).content)
    found = evaluate_document(read_document(kept)).outputs["y"]
    assert found.standard_uncertainty == pytest.approx(0.009)


def test_several_are_taken_under_names_of_their_own(desk, certificate):
    chosen = offered(asked(desk, certificate))[:3]
    form = desk.post(EDITOR, cells(X | {"name": "x2"}, act="take") | {"taken": chosen}).form()
    assert [form[f"i-{n}-name"] for n in range(4)] == ["x2", "x1", "x3", "x4"]


@pytest.mark.parametrize("taken", [["no JSON"], ["[]"], ["1"], ['{"mean": ' + "[" * 3000 + "}"], ['{"x": 1', "{}"]])
def test_what_was_not_offered_is_refused(desk, taken):
    page = desk.post(EDITOR, cells(X, act="take") | {"taken": taken}, 422)
    assert "What was chosen is no value of a certificate." in page.words
    assert page.form()["i-0-value"] == "1.50"


def test_too_many_are_refused(desk):
    page = desk.post(EDITOR, cells(X, act="take") | {"taken": ["{}"] * 99}, 422)
    assert "There is no room for so many inputs." in page.words


def test_nothing_chosen_and_nothing_sent(desk):
    assert "Choose at least one value." in desk.post(EDITOR, cells(X, act="take"), 422).words
    assert "Choose a file first." in desk.post(EDITOR, cells(X, act="certificate"), 422).words


@pytest.mark.parametrize(("content", "code"), [
    (b"", "JL-XML"), (b"<a/>", "JL-DCC-001"), (b"{}", "JL-XML"), (b"<" * (1 << 20) + b"<", "JL-BUD-002"),
])  # fmt: skip
def test_a_file_that_is_no_certificate_is_refused_and_the_form_kept(desk, content, code):
    page = asked(desk, content or b" ", 422)
    assert code in page.words
    assert page.form()["i-0-value"] == "1.50"


def test_a_certificate_without_uncertainties_says_so(desk):
    plain = sample_content()
    table = plain.results[0]
    bare = sample_content(results=(type(table)(table.name, table.columns[:2]),))
    assert "No value of the certificate has an uncertainty." in asked(desk, dcc_xml(bare), 422).words


def test_a_budget_is_kept_as_a_result_of_a_certificate_and_opened_again(desk):
    kept = desk.client.post(EDITOR, cells(X, act="download-dcc", title="Mass"))
    assert kept["Content-Type"] == "application/xml"
    assert kept["Content-Disposition"] == 'attachment; filename="Mass.dcc.xml"'
    assert attached_budget(kept.content)["inputs"][0]["mean"] == "1.50"
    form = desk.post(EDITOR, {"act": "open", "file": SimpleUploadedFile("m.xml", kept.content)}).form()
    assert (form["i-0-name"], form["i-0-value"], form["i-0-source"]) == ("x", "1.50", "certificate 7")
