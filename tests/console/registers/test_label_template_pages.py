"""The designer of labels on screen: what is seen is what prints, in both languages, and who may do it."""

from __future__ import annotations

import base64
import io

import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from jialiang.base.label_templates.selectors import label_template_by_code, label_templates
from jialiang.formats.labels.templates import template_from_bytes, templates
from tests.console.registers.identifier_desk import NAME, browser_of
from tests.console.whole import faults_of
from tests.formats.labels.test_logos import SVG

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
NEW = "/label-templates/new"


def said(**more):
    return {
        "code": "gauge", "name_zh": "压力表标签", "name_en": "Gauge label", "width": "50", "height": "30",
        "symbol": "qr", "line_1": "name", "line_2": "serial", "line_3": "due", "language": "zh", "letters": "7",
        "sheet": "a4",
        "grid": "",
    } | more  # fmt: skip


def saved(desk, **more):
    answer = browser_of(desk, "operator").post(NEW, said(**more))
    assert answer.status_code == 302, answer.context["form"].errors
    return label_template_by_code(more.get("code", "gauge"))


def drawn(answer):
    picture = base64.b64decode(answer.context["picture"].partition(",")[2])
    return Image.open(io.BytesIO(picture)).convert("L")


@LANGUAGES
def test_the_pages_are_whole_in_both_languages(identifier_desk, language):
    row = saved(identifier_desk, band="on", height="40")
    browser = browser_of(identifier_desk, "operator", language)
    for path in (
        reverse("label_templates"), NEW, reverse("label_template", args=[row.id]),
        reverse("label_template_change", args=[row.id]), reverse("label_template_shipped", args=["status-60x40"]),
    ):  # fmt: skip
        answer = browser.get(path)
        assert answer.status_code == 200
        assert faults_of(answer.content.decode(), language) == [], path


def test_the_empty_designer_shows_a_label_that_a_camera_reads(identifier_desk):
    answer = browser_of(identifier_desk, "operator").get(NEW)
    [found] = zxingcpp.read_barcodes(drawn(answer))
    assert found.text == "https://id.example.org/88.101.5/01kv7pcmjge008hyt4erc3x68q"


def test_a_preview_follows_what_is_typed_and_stores_nothing(identifier_desk):
    browser = browser_of(identifier_desk, "operator")
    small = browser.post(
        NEW, said(preview="1", code="", name_zh="", symbol="data_matrix"), headers={"HX-Request": "true"}
    )
    assert small.status_code == 200
    assert b"<html" not in small.content
    assert [found.format.name for found in zxingcpp.read_barcodes(drawn(small))] == ["DataMatrix"]
    assert label_templates().rows == ()


@pytest.mark.parametrize(
    ("more", "words"),
    [({"letters": "20"}, "JL-LAB-013"), ({"width": "x"}, "JL-LBT-002"), ({"width": ""}, "required")],
)
def test_a_preview_that_cannot_be_drawn_says_why(identifier_desk, more, words):
    answer = browser_of(identifier_desk, "operator").post(
        NEW, said(preview="1", **more), headers={"HX-Request": "true"}
    )
    assert (answer.status_code, answer.context["picture"]) == (200, "")
    assert words in answer.content.decode()


@LANGUAGES
@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"code": "X Y"}, "code"), ({"code": "small-20x12"}, "code"), ({"width": "1000"}, "width"),
        ({"letters": "99"}, "letters"), ({"letters": "20"}, "letters"), ({"sheet": "a4-65"}, "sheet"),
        ({"sheet": "a4:", "grid": "3x7"}, "grid"), ({"sheet": "a4:", "grid": ""}, "grid"),
        ({"logo": SimpleUploadedFile("x.svg", b"<svg/>")}, "logo"), ({"name_zh": ""}, "name_zh"),
    ],
)  # fmt: skip
def test_what_cannot_be_saved_is_explained_beside_the_field(identifier_desk, more, field, language):
    if "logo" in more:
        more["logo"].seek(0)
    answer = browser_of(identifier_desk, "operator", language).post(NEW, said(**more))
    assert answer.status_code in (409, 422)
    assert set(answer.context["form"].errors) == {field}
    assert faults_of(answer.content.decode(), language) == []


def test_a_saved_template_comes_back_as_it_was_typed(identifier_desk):
    grid = "a4:3x7:10,10:5,5"
    row = saved(identifier_desk, sheet="a4:", grid=grid, logo=SimpleUploadedFile("l.svg", SVG))
    assert (row.fields, row.sheet, bytes(row.logo)) == (["name", "serial", "due"], grid, SVG)
    form = (
        browser_of(identifier_desk, "operator")
        .get(reverse("label_template_change", args=[row.id]))
        .context["form"]
    )
    assert [form.initial[f"line_{n}"] for n in (1, 2, 3)] == ["name", "serial", "due"]
    assert (form.initial["sheet"], form.initial["grid"]) == ("a4:", grid)


def changed(desk, row, **more):
    body = said(version=str(row.version)) | more
    body.pop("code")
    return browser_of(desk, "operator").post(reverse("label_template_change", args=[row.id]), body)


def test_a_change_keeps_the_logo_until_it_is_taken_away(identifier_desk):
    row = saved(identifier_desk, logo=SimpleUploadedFile("l.svg", SVG))
    assert changed(identifier_desk, row, letters="6").status_code == 302
    row = label_template_by_code("gauge")
    assert (row.letters, bytes(row.logo)) == (6, SVG)
    assert changed(identifier_desk, row, letters="6", without_logo="on").status_code == 302
    assert label_template_by_code("gauge").logo_digest == ""


def test_a_change_of_what_somebody_else_changed_is_refused(identifier_desk):
    row = saved(identifier_desk)
    changed(identifier_desk, row, letters="6")
    answer = changed(identifier_desk, row, letters="5")
    assert answer.status_code == 409
    assert "JL-LBT-409" in answer.content.decode()


def test_the_file_of_a_template_is_what_the_command_line_takes(identifier_desk):
    row = saved(identifier_desk)
    answer = browser_of(identifier_desk, "technician").get(reverse("label_template_file", args=[row.id]))
    assert template_from_bytes("gauge", answer.content).width == 50
    assert "gauge.json" in answer["Content-Disposition"]


def test_labels_are_printed_by_it_until_it_is_withdrawn(identifier_desk):
    row = saved(identifier_desk, sheet="a4:", grid="3x7:10,10:5,5")
    asked = {"names": NAME, "template": "gauge", "sheet": "", "language": "zh", "status": "", "start": "20"}
    browser = browser_of(identifier_desk, "dairy")
    assert browser.post(reverse("identifier_labels"), asked).content.startswith(b"%PDF-")
    zpl = browser.post(reverse("identifier_labels"), asked | {"dots_per_inch": "203"})
    assert (zpl.content[:9], "labels.zpl" in zpl["Content-Disposition"]) == (b"^XA^PW400", True)
    withdrawn = browser_of(identifier_desk, "operator").post(
        reverse("label_template_withdraw", args=[row.id])
    )
    assert withdrawn.status_code == 302
    answer = browser.post(reverse("identifier_labels"), asked)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"template"})


@pytest.mark.parametrize("person", ["technician", "auditor"])
def test_who_keeps_no_labels_reads_the_templates_and_designs_none(identifier_desk, person):
    row = saved(identifier_desk)
    browser = browser_of(identifier_desk, person)
    page = browser.get(reverse("label_template", args=[row.id]))
    assert page.status_code == 200
    assert not page.context["may_change"] and not page.context["may_withdraw"]
    for path in (NEW, reverse("label_template_change", args=[row.id])):
        assert browser.get(path).status_code == 403
    assert browser.post(reverse("label_template_withdraw", args=[row.id])).status_code == 403
    for outside in ("nobody", "dairy"):
        assert browser_of(identifier_desk, outside).get(reverse("label_templates")).status_code == 403


def test_a_built_in_template_that_is_not_there_is_not_found(identifier_desk):
    browser = browser_of(identifier_desk, "operator")
    assert browser.get(reverse("label_template_shipped", args=["none"])).status_code == 404
    assert all(
        browser.get(reverse("label_template_shipped", args=[name])).status_code == 200 for name in templates()
    )
