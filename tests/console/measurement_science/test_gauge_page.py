"""The page of gauge studies: its example, own readings pasted or from a file, faults at fields, both languages."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from openpyxl import Workbook

from jialiang.console.measurement_science.gauge_result import finding, hints
from jialiang.console.measurement_science.worked_examples import gauge_example
from jialiang.formats.gauge_tables import readings_of_text
from jialiang.science.topics.registry import evaluate_topic
from tests.console.bench import HOSTILE
from tests.console.whole import faults_of

PATH = "/science/gauge"
# two parts (0 and 10), two operators (0 and 2), trials ±1: GRR² = 3.2, parts² = 49.6
PENCIL = "\n".join(
    f"P{part};{operator};{place + up}"
    for part, place in ((1, 0), (2, 10))
    for operator, up in (("A", -1), ("A", 1), ("B", 1), ("B", 3))
)
FORM = {"quantity": "Length", "unit": "mm", "readings": PENCIL}


def rows(page):
    """Source → cells of the table of components."""
    table = page.root.xpath("//table[.//th[contains(., '%')]]")[0]
    cells = ([" ".join(td.text_content().split()) for td in tr.xpath("td")] for tr in table.xpath(".//tbody/tr"))
    return {row[0]: [cell.replace("\u202f", "") for cell in row[1:]] for row in cells}


@pytest.mark.django_db
def test_the_example_is_answered_whole(desk_in, language):
    page = desk_in.get(PATH)
    assert faults_of(page.text, language) == []
    assert len(page.drawings()) == 2
    for drawing in page.drawings():
        assert "GRR" in drawing.get("aria-label")
    assert ("直径 / mm" if language != "en" else "Diameter / mm") in page.words
    assert ("标准偏差 s / mm" if language != "en" else "Standard deviation s / mm") in page.words


@pytest.mark.django_db
def test_the_example_says_what_the_topic_says(desk):
    example = gauge_example()
    told = evaluate_topic(
        "gauge-study",
        {"readings": readings_of_text(example["readings"]), "tolerance": example["tolerance"]},
    )
    page = desk.get(PATH)
    assert f"{100 * told['grr_share']:.1f} % of the study variation" in page.words
    assert f"{100 * told['share_of_tolerance']:.1f} % of the tolerance" in page.words
    assert f"{told['ndc']} categories of parts can be told apart" in page.words


@pytest.mark.django_db
def test_a_study_with_a_pencil(desk):
    page = desk.post(PATH, FORM)
    table = rows(page)
    assert table["Repeatability and reproducibility (GRR)"][:3] == ["1.789", "6.1", "24.6"]
    assert table["Parts"][:3] == ["7.043", "93.9", "96.9"]
    assert table["Total"][1:3] == ["100.0", "100.0"]
    assert "5 categories of parts can be told apart." in page.words
    assert "of the tolerance / %" not in page.words
    assert "Operators × parts is not significant" in page.words
    assert page.figures()["Effective degrees of freedom of GRR"] == "2.39"


@pytest.mark.django_db
def test_every_reading_stands_in_the_drawing(desk):
    drawing = desk.post(PATH, FORM).drawings()[1]
    dots = [circle for circle in drawing.iter() if circle.tag.endswith("circle")]
    assert len(dots) == 8
    heights = sorted(float(dot.get("cy")) for dot in dots)
    across = sorted({float(dot.get("cx")) for dot in dots})
    assert len(across) == 4
    # readings -1 … 13: their places are a straight line of their values
    low, high = heights[-1], heights[0]
    by_value = sorted([-1, 1, 1, 3, 9, 11, 11, 13], reverse=True)
    assert heights == pytest.approx([low + (high - low) * (v + 1) / 14 for v in by_value], abs=0.11)
    lines = [path for path in drawing.iter() if path.tag.endswith("path") and path.get("class") == "curve"]
    assert len(lines) == 2


@pytest.mark.django_db
def test_a_tolerance_adds_its_column(desk):
    page = desk.post(PATH, FORM | {"tolerance": "60"})
    assert rows(page)["Repeatability and reproducibility (GRR)"][-1] == "17.9"
    assert "17.9 % of the tolerance" in page.words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"readings": ""}, "id_readings", ""),
        ({"readings": "P1;A"}, "id_readings", "Line 1"),
        ({"readings": "P1;A;1,5"}, "id_readings", "comma"),
        ({"readings": PENCIL + "\nP2;B;4"}, "id_readings", "JL-MET-010"),
        ({"readings": "P1;A;1\nP1;A;2"}, "id_readings", "JL-UNC"),
        ({"readings": PENCIL.replace("P2", "P1")}, "id_readings", "JL-"),
        ({"tolerance": "-1"}, "id_tolerance", "> 0"),
        ({"tolerance": "wide"}, "id_tolerance", "not a number"),
        ({"alpha": "2"}, "id_alpha", "0 … 1"),
        ({"confidence": "95"}, "id_confidence", "0 < p < 1"),
    ],
)
def test_what_is_wrong_stands_at_its_field(desk, change, field, said):
    page = desk.post(PATH, FORM | change, 422)
    assert page.wrong() == [field]
    assert said in page.words
    assert page.root.xpath(f"//*[@id='answer']//a[@href='#{field}']")


@pytest.mark.django_db
def test_a_fault_is_told_in_the_language_of_the_page(desk_in, language):
    page = desk_in.post(PATH, FORM | {"readings": PENCIL + "\nP2;B;4"}, 422)
    told = {"en": "Part P1, operator A: 2 readings, not 3", "zh-hans": "零件 P1、测量人 A：有 2 个读数，应有 3 个"}
    assert told[language] in page.words


def uploaded(data, name="study.csv"):
    return SimpleUploadedFile(name, data)


@pytest.mark.django_db
def test_a_csv_file_fills_the_field(desk):
    data = ("part,operator,value\n" + PENCIL.replace(";", ",")).encode()
    page = desk.post(PATH, {"unit": "mm", "readings": "", "act": "open", "file": uploaded(data)})
    assert rows(page)["Parts"][0] == "7.043"
    assert "P2,B,13" in page.root.xpath("//textarea[@id='id_readings']")[0].text_content()


@pytest.mark.django_db
def test_a_workbook_fills_the_field(desk):
    book = Workbook()
    for line in ["零件;测量人;测得值", *PENCIL.splitlines()]:
        book.active.append([float(c) if c.lstrip("-").isdigit() else c for c in line.split(";")])
    held = io.BytesIO()
    book.save(held)
    page = desk.post(PATH, {"act": "open", "file": uploaded(held.getvalue(), "study.xlsx")})
    assert rows(page)["Parts"][0] == "7.043"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Choose a file first."),
        ({"file": uploaded(b"PK\x03\x04 broken", "study.xlsx")}, "JL-MET-012"),
        ({"file": uploaded(b"1" * ((1 << 20) + 1))}, "JL-MET-012"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_at_its_field(desk, form, said):
    page = desk.post(PATH, FORM | {"act": "open"} | form, 422)
    assert "file" in page.wrong()
    assert said in page.words


@pytest.mark.django_db
def test_htmx_gets_the_answer_alone_and_hostile_names_are_harmless(desk):
    form = FORM | {"quantity": HOSTILE[:60], "unit": HOSTILE[:30], "readings": PENCIL.replace("A", "<b>x</b>")}
    page = desk.post(PATH, form, **{"HX-Request": "true"})
    assert page.root.get("id") == "answer"
    assert "<b>x" not in page.text
    assert len(page.drawings()) == 2


@pytest.mark.django_db
def test_more_readings_than_one_request_may_send_are_refused(desk):
    many = "\n".join(f"P{n};A;1;{n}" for n in range(5001))
    page = desk.post(PATH, FORM | {"readings": many}, 422)
    assert page.wrong() == ["id_readings"]
    assert "20000" in page.words


@pytest.mark.django_db
def test_nobody_asks_without_signing_in(client):
    assert client.get(PATH).status_code == 302


@pytest.mark.django_db
def test_the_desk_leads_to_the_page(desk):
    assert desk.get("/science/").root.xpath("//main//a[@href='/science/gauge']")


def told(**changes):
    effects = [{"source": name, "p": p} for name, p in (("operators", 0.5), ("interaction", 0.9))]
    answer = {
        "grr_share": 0.2,
        "ndc": 6,
        "repeatability": 2.0,
        "reproducibility": 1.0,
        "interaction": 0.0,
        "interaction_pooled": False,
        "table": effects,
    }
    return answer | changes


@translation.override("en")
def test_the_finding_names_what_dominates():
    assert "Most of it is repeatability" in finding(told())
    assert "Most of it is reproducibility" in finding(told(reproducibility=3.0))
    assert finding(told(ndc=1)).count("cannot be told apart") == 1


@translation.override("en")
def test_hints_follow_the_analysis_of_variance():
    assert hints(told()) == []
    assert "single parts" in hints(told(interaction=1.0))[0]
    certain = [{"source": "operators", "p": 0.00001}]
    assert "p = < 0.0001" in hints(told(table=certain))[0]
    assert hints(told(table=[{"source": "operators", "p": None}])) == []
