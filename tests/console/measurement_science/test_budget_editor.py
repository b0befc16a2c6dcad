"""The budget editor: examples with the literature's figures, wrong cells marked, files opened and kept."""

from __future__ import annotations

import io
import json
from importlib import resources

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jialiang.assembly.cli import main
from jialiang.console.measurement_science.worked_examples import ORDER, example_document
from jialiang.formats.budget_exchange.exchange import read_budget
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document
from tests.console.bench import HOSTILE
from tests.console.whole import faults_of

pytestmark = pytest.mark.django_db
EDITOR = "/science/budget"


def cells(*inputs: dict[str, str], formula: str = "2*x", unit: str = "", **more: str) -> dict[str, str]:
    """The form of one formula y and some inputs, as a browser sends it."""
    form = {"f-0-name": "y", "f-0-expression": formula, "f-0-unit": unit, "act": "evaluate"}
    for place, row in enumerate(inputs):
        whole = {
            "name": "",
            "value": "",
            "unit": "",
            "distribution": "normal",
            "parameters": "",
            "dof": "",
            "source": "",
        }
        form |= {f"i-{place}-{name}": text for name, text in (whole | row).items()}
    return (
        form
        | {"method": "lpu", "probability": "", "digits": "", "seed": "", "correlation": "", "further": ""}
        | more
    )


X = {"name": "x", "value": "1.50", "parameters": "0.10", "source": "certificate 7"}


# --- whole pages


@pytest.mark.parametrize("address", ["/science/", EDITOR, *(f"{EDITOR}?example={key}" for key in ORDER)])
def test_pages_are_whole_and_in_one_language(desk_in, language, address):
    page = desk_in.get(address)
    assert faults_of(page.text, language) == []


@pytest.mark.parametrize(
    "role", ["technician", "reviewer", "signatory", "standards_keeper", "quality_manager", "auditor"]
)
def test_the_desk_stands_in_the_navigation_of_those_who_measure(signed_in, role):
    client = signed_in(role, language="en")
    assert 'href="/science/"' in client.get("/science/").content.decode()


@pytest.mark.parametrize("role", ["receptionist", "system_administrator", "regulator"])
def test_others_are_not_led_to_it_but_may_calculate(signed_in, role):
    client = signed_in(role, language="en")
    shown = client.get("/science/").content.decode()
    assert '<a href="/science/"' not in shown.partition("<main")[0]


@pytest.mark.parametrize("address", ["/science/", EDITOR, "/science/risk", "/science/charts/shewhart"])
def test_strangers_are_asked_to_sign_in(client, address):
    response = client.get(address)
    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/sign-in/")


@pytest.mark.parametrize(
    "address", [f"{EDITOR}?example=no", "/science/charts/no", "/science/intervals/shewhart"]
)
def test_what_is_not_there_is_said_so(desk, address):
    desk.get(address, 404)


# --- examples are the literature's


EXPECTED = {
    # name: what the page says, with the figures that the source prints
    "gum-h1": ["50000838 nm", "16.8", "2.921", "92 nm"],
    "gum-h2": ["127.73", "219.85", "254.26", "0.07107", "0.2956", "0.2363"],
    "gum-h3": ["−0.1494", "0.004139", "−0.1712", "0.002878", "0.0006679"],
    "gum-s1-9-3": ["1.23 mg", "0.05385", "not validated by Monte Carlo", "u by Monte Carlo 0.075"],
    "nist-e3": ["5.8 mPa·s", "1.1", "mu_M = 5.8"],
    "nist-e11": ["30.043 dB", "0.0224"],
}


@pytest.mark.parametrize("key", ORDER)
def test_an_example_shows_the_figures_of_its_source(desk, key):
    words = desk.get(EDITOR, example=key).words
    for figure in EXPECTED[key]:
        assert figure in words, figure


def test_what_dominates_and_what_halving_brings_is_said(desk):
    page = desk.get(EDITOR, example="gum-s1-9-3")
    assert "What dominates: m_R" in page.words
    assert "What an improvement would bring" in page.words
    # halving m_R: sqrt(0.025² + 0.02²) · 1.96 = 0.0627
    assert "0.0627" in page.words


@pytest.mark.parametrize("key", ORDER)
def test_drawings_are_well_formed_with_labelled_axes(desk_in, language, key):
    drawings = desk_in.get(EDITOR, example=key).drawings()
    outputs = len(example_document(key)["model"]["expr"]) if key != "gum-h3" else 3
    assert len(drawings) == 2 * outputs
    for bars, histogram in zip(drawings[::2], drawings[1::2], strict=True):
        caption = "Contribution |c| u" if language == "en" else "不确定度分量 |c| u"
        assert any((t.text or "").startswith(caption) for t in bars.iter("text"))
        assert bars.get("aria-label")
        assert len(list(histogram.iter("rect"))) == 48
        assert any("curve" in (p.get("class") or "") for p in histogram.iter("path"))


# --- round trips


@pytest.mark.parametrize("key", ORDER)
def test_a_document_that_is_kept_has_the_digits_of_the_one_opened(desk, key, tmp_path, capsys):
    upload = SimpleUploadedFile("b.json", json.dumps(example_document(key)).encode(), "application/json")
    opened = desk.post(EDITOR, {"act": "open", "file": upload})
    kept = desk.client.post(EDITOR, opened.form() | {"act": "download"})
    assert kept["Content-Type"] == "application/json"
    assert kept["Content-Disposition"] == f'attachment; filename="{key}.json"'
    results = []
    own = (resources.files("jialiang.science.documents") / "examples" / f"{key}.json").read_bytes()
    for name, content in (("own", own), ("kept", kept.content)):
        file = tmp_path / f"{name}.json"
        file.write_bytes(content)
        assert main(["uncertainty", "evaluate", str(file), "--json"]) == 0
        results.append(json.loads(capsys.readouterr().out))
    for result in results:
        del result["title"]
        for rows in result["contributions"].values():
            for row in rows:
                del row["source"]  # kept in the language of the page
    assert results[0] == results[1]


def test_digits_stay_as_typed_in_the_file(desk):
    form = cells(X | {"value": "10.000", "parameters": "u = 0.050"}, act="download", title="Mass/../ of <a>")
    response = desk.client.post(EDITOR, form)
    assert json.loads(response.content)["inputs"] == [
        {"name": "x", "distribution": "normal", "mean": "10.000", "u": "0.050", "source": "certificate 7"}
    ]
    assert response["Content-Disposition"] == 'attachment; filename="Mass-..-of-a.json"'


def test_what_has_no_row_is_kept_as_it_is(desk):
    document = {
        "id": "odd",
        "model": {"expr": "y = k*x[0] + z", "constants": {"k": 2}},
        "inputs": [
            {"name": "x", "mean": [1, 2], "u": 0.1},
            {"name": "z", "readings": [1.0, 1.1, 1.2, 1.3], "label": {"en": "zero"}},
        ],
        "common_influences": [],
        "settings": {"seed": 3, "rounding_rule": "up", "validate": False},
    }
    upload = SimpleUploadedFile("b.json", json.dumps(document).encode())
    form = desk.post(EDITOR, {"act": "open", "file": upload}).form()
    assert form["i-0-parameters"] == 'readings = [1.0, 1.1, 1.2, 1.3], label = {"en": "zero"}'
    kept = json.loads(desk.client.post(EDITOR, form | {"act": "download"}).content)
    assert kept["settings"] == {"method": "lpu", "seed": "3", "rounding_rule": "up", "validate": False}
    assert kept["inputs"][1] == document["inputs"][0]
    assert kept["model"] == {"expr": {"y": "k*x[0] + z"}, "constants": {"k": 2}}


# --- calculation and marks


def test_a_budget_typed_by_hand_is_evaluated(desk):
    words = desk.post(EDITOR, cells(X, unit="mm") | {"i-0-unit": "mm"}).words
    assert "y = (3.00 ± 0.39) mm" in words  # U = 1.96 · 0.2
    assert "certificate 7" in words


@pytest.mark.parametrize(
    ("row", "u"),
    [
        ({"parameters": "0.1"}, "0.2000"),
        ({"parameters": "０．１"}, "0.2000"),  # full-width digits
        ({"parameters": "U = 0.2，k = 2"}, "0.2000"),  # a full-width comma
        ({"distribution": "rectangular", "parameters": "0.3"}, "0.3464"),
        ({"distribution": "triangular", "parameters": "0.3"}, "0.2449"),
        ({"distribution": "arcsine", "parameters": "half_width = 0.3"}, "0.4243"),
        ({"distribution": "rectangular", "value": "", "parameters": "low = 1.2; high = 1.8"}, "0.3464"),
        ({"distribution": "t", "parameters": "0.1", "dof": "10"}, "0.2000"),
        ({"distribution": "readings", "value": "", "parameters": "[1.4, 1.5, 1.6]"}, "0.1155"),
        ({"distribution": "constant", "parameters": ""}, "0"),
    ],
)
def test_a_number_alone_is_the_usual_parameter_of_its_distribution(desk, row, u):
    words = desk.post(EDITOR, cells(X | row)).words
    assert f"u = {u}" in words, words[-1500:]


def test_htmx_gets_the_answer_alone_and_caches_keep_them_apart(desk):
    fragment = desk.post(EDITOR, cells(X), **{"HX-Request": "true"})
    assert fragment.root.xpath("//*[@id='answer']")
    assert "<html" not in fragment.text
    assert "HX-Request" in fragment.response["Vary"]


@pytest.mark.parametrize(
    ("form", "where"),
    [
        (cells(X | {"value": "1,5"}), "i-0-value"),
        (cells(X | {"value": "much"}), "i-0-value"),
        (cells(X | {"dof": "ten"}), "i-0-dof"),
        (cells(X | {"parameters": "u = 0.1, u = 0.2"}), "i-0-parameters"),
        (cells(X | {"parameters": "u ="}), "i-0-parameters"),
        (cells(X | {"parameters": "[1, 2"}), "i-0-parameters"),
        (cells(X | {"parameters": ""}), "i-0-parameters"),
        (cells(X | {"parameters": "-1"}), "i-0-parameters"),
        (cells(X, X | {"name": "z", "distribution": "round"}), "i-1-distribution"),
        (cells(X, formula="2*"), "f-0-expression"),
        (cells(X, formula="2*w"), "f-0-expression"),
        (cells(X, formula="sine(x)"), "f-0-expression"),
    ],
)
def test_a_wrong_cell_is_marked_and_told(desk_in, language, form, where):
    page = desk_in.post(EDITOR, form, 422)
    assert page.wrong() == [where]
    assert page.root.xpath(f"//*[@id='{where}-error']")
    assert page.root.xpath(f"//*[@id='answer']//a[@href='#{where}']")
    assert faults_of(page.text, language) == []


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"correlation": "x, z"}, "correlation"),
        ({"correlation": "x, z, half"}, "correlation"),
        ({"further": "{"}, "further"),
        ({"further": "[]"}, "further"),
        ({"further": '{"model": 7}'}, "further"),
        ({"probability": "95 %"}, "probability"),
        ({"probability": "1.5"}, "probability"),
        ({"probability": "0.9999"}, "probability"),
        ({"seed": "one"}, "seed"),
        ({"method": "guess"}, "method"),
    ],
)
def test_what_is_wrong_beside_the_tables_is_told_with_a_link(desk, more, where):
    page = desk.post(EDITOR, cells(X, **more), 422)
    assert page.root.xpath(f"//*[@id='answer']//a[@href='#{where}']"), page.words[-600:]


def test_a_mistake_of_units_names_the_term_inside_its_formula(desk_in):
    rows = [X | {"unit": "mm"}, {"name": "t", "value": "3", "unit": "s", "parameters": "0.1"}]
    form = cells(*rows, formula="x*x + 2*x*t") | {"f-1-name": "w", "f-1-expression": "x", "f-1-unit": ""}
    page = desk_in.post(EDITOR, form, 422)
    (marked,) = page.root.xpath("//*[@id='answer']//mark")
    assert marked.text in ("x*x", "2*x*t")
    assert page.wrong() == ["f-0-expression"]
    assert "mm" in page.words


def test_the_second_formula_is_marked_where_the_mistake_is_there(desk):
    form = cells(X) | {"f-1-name": "w", "f-1-expression": "x + q", "f-1-unit": ""}
    page = desk.post(EDITOR, form, 422)
    assert page.wrong() == ["f-1-expression"]
    assert page.root.xpath("//mark")[0].text == "q"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b'{"model": []}', b'{"inputs": 3, "model": {"expr": "x"}}', b"\xff"]
)
def test_a_file_that_is_no_budget_is_refused_and_the_form_kept(desk, content):
    upload = SimpleUploadedFile("b.json", content)
    page = desk.post(EDITOR, cells(X) | {"act": "open", "file": upload}, 422)
    assert page.root.xpath("//*[@id='answer']//a[@href='#file']")
    assert page.form()["i-0-value"] == "1.50"


def test_a_file_that_is_too_large_or_missing_is_refused(desk):
    upload = SimpleUploadedFile("b.json", b" " * (1 << 20) + b"{}")
    assert "JL-BUD-002" in desk.post(EDITOR, {"act": "open", "file": upload}, 422).words
    assert "Choose a file first." in desk.post(EDITOR, {"act": "open"}, 422).words


def test_a_file_with_wrong_cells_is_not_handed_out(desk):
    page = desk.post(EDITOR, cells(X | {"value": "1,5"}, act="download"), 422)
    assert page.wrong() == ["i-0-value"]


def test_more_rows_are_given_without_script_and_nothing_is_lost(desk):
    before = desk.post(EDITOR, cells(X, act="rows")).form()
    assert before["i-0-source"] == "certificate 7"
    assert "i-6-name" in before


def test_nothing_typed_is_no_mistake(desk):
    assert "the result stands here" in desk.post(EDITOR, {"act": "evaluate"}).words


def test_hostile_text_is_shown_and_never_run(desk):
    row = X | {"source": HOSTILE, "unit": HOSTILE[:20]}
    page = desk.post(EDITOR, cells(row, title=HOSTILE))
    assert HOSTILE not in page.text
    assert "alert(1)" in page.text
    page = desk.post(EDITOR, cells(row, formula=HOSTILE), 422)
    assert HOSTILE not in page.text


def test_no_number_of_rows_holds_up_the_page(desk):
    rows = [X | {"name": f"x{k}"} for k in range(120)]
    page = desk.post(EDITOR, cells(*rows, formula="x0"))
    form = page.form()
    assert form["i-99-name"] == "x99"
    assert form["i-101-name"] == ""


# --- other notations


@pytest.mark.parametrize(("act", "suffix"), [("download-xlsx", ".xlsx"), ("download-gtc", ".gtc.json")])
def test_a_budget_kept_in_another_notation_can_be_opened_again(desk, act, suffix):
    kept = desk.client.post(EDITOR, cells(X, act=act, title="Mass"))
    assert kept["Content-Disposition"] == f'attachment; filename="Mass{suffix}"'
    upload = SimpleUploadedFile(f"Mass{suffix}", kept.content)
    form = desk.post(EDITOR, {"act": "open", "file": upload}).form()
    assert form["i-0-name"] == "x"
    again = desk.client.post(EDITOR, form | {"act": "download"})
    before = desk.client.post(EDITOR, cells(X, act="download"))
    results = []
    for response in (before, again):
        evaluation = evaluate_document(read_document(json.loads(response.content)))
        found = evaluation.outputs["y"]
        results.append((found.value, found.standard_uncertainty, found.degrees_of_freedom))
    assert results[0] == pytest.approx(results[1])


def test_a_workbook_keeps_the_digits_as_typed(desk):
    kept = desk.client.post(EDITOR, cells(X | {"value": "10.000", "parameters": "u = 0.050"}, act="download-xlsx"))
    assert read_budget(kept.content)["inputs"] == [
        {"name": "x", "distribution": "normal", "mean": "10.000", "u": "0.050", "source": "certificate 7"}
    ]


def test_a_workbook_with_a_formula_is_refused_with_its_cell(desk):
    book = openpyxl.load_workbook(io.BytesIO(desk.client.post(EDITOR, cells(X, act="download-xlsx")).content))
    book["inputs"]["A2"].value = "=1+1"
    buffer = io.BytesIO()
    book.save(buffer)
    upload = SimpleUploadedFile("b.xlsx", buffer.getvalue())
    page = desk.post(EDITOR, {"act": "open", "file": upload}, 422)
    assert "inputs!A2" in page.text


def test_a_budget_that_no_archive_can_say_is_shown_with_the_reason(desk):
    rows = [X | {"distribution": "t", "dof": "4"}, X | {"name": "z", "distribution": "t", "dof": "4"}]
    page = desk.post(EDITOR, cells(*rows, formula="x+z", correlation="x, z, 0.5", act="download-gtc"), 422)
    assert "GTC" in page.text.partition('id="answer"')[2]
