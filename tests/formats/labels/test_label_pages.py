"""Printed pages: every symbol on every sheet is read by zxing-cpp, colours and words are where they belong."""

import dataclasses
import re

import pytest
from tests.formats.labels.label_samples import (
    BASE,
    GTIN,
    content,
    fonts,
    laid,
    pdf_of,
    pictures,
    read_all,
    read_at,
    words_of,
)

from jialiang.formats.labels.contents import statuses
from jialiang.formats.labels.errors import LabelTooLarge, NothingToPrint, UnknownSheet
from jialiang.formats.labels.laying import lay_label
from jialiang.formats.labels.pages import MOST_LABELS, label_pictures
from jialiang.formats.labels.sheets import ROLL, sheet_for, sheet_names
from jialiang.formats.labels.templates import template_named, template_of, templates
from jialiang.formats.pdf.errors import CharacterUnprintable, TypesettingFailed

CARRIED = {
    "instrument-50x30": ("QRCode", f"{BASE}/88.101.5/ins-{{:07d}}"),
    "status-60x40": ("QRCode", f"{BASE}/88.101.5/ins-{{:07d}}"),
    "small-20x12": ("DataMatrix", "88.101.5/ins-{:07d}"),
    "asset-70x25": ("Code128", "88.101.5/ins-{:07d}"),
    "gs1-45x30": ("DataMatrix", f"(01){GTIN}(21)S-{{:04d}}"),
}


def carried(name, number):
    kind, text = CARRIED[name]
    return (kind, text.format(number))


def test_every_template_is_tried():
    assert set(CARRIED) == set(templates())


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(CARRIED))
def test_every_symbol_of_a_full_sheet_is_read_at_its_place(name, language, tmp_path):
    template = template_named(name)
    sheet = sheet_for("a4", template)
    count = len(sheet.corners)
    (page,) = pictures(pdf_of(laid(name, count, language, status="qualified"), language=language), tmp_path)
    for number, corner in enumerate(sheet.corners, 1):
        assert read_at(page, template, corner) == [carried(name, number)]


@pytest.mark.parametrize("dots_per_inch", [203, 300, 600])
@pytest.mark.parametrize("name", sorted(CARRIED))
def test_every_page_of_a_roll_is_read_at_the_resolution_of_label_printers(name, dots_per_inch, tmp_path):
    pages = pictures(pdf_of(laid(name, 3), ROLL), tmp_path, dots_per_inch)
    assert [read_all(page) for page in pages] == [[carried(name, number)] for number in (1, 2, 3)]
    template = template_named(name)
    for page in pages:
        assert abs(page.width - template.width / 25.4 * dots_per_inch) <= 2
        assert abs(page.height - template.height / 25.4 * dots_per_inch) <= 2


@pytest.mark.parametrize("sheet", [name for name in sheet_names() if name != "a4-65"])
def test_every_sheet_carries_labels_over_several_pages(sheet, tmp_path):
    template = template_named("instrument-50x30")
    places = len(sheet_for(sheet, template).corners)
    count = places + 2
    pages = pictures(pdf_of(laid("instrument-50x30", count), sheet), tmp_path)
    assert len(pages) == -(-count // places)
    found = sorted(text for page in pages for text in read_all(page))
    assert found == sorted(carried("instrument-50x30", number) for number in range(1, count + 1))


def test_65_small_labels_on_a_sheet_are_read(tmp_path):
    template = template_named("small-20x12")
    (page,) = pictures(pdf_of(laid("small-20x12", 65), "a4-65"), tmp_path)
    for number, corner in enumerate(sheet_for("a4-65", template).corners, 1):
        assert read_at(page, template, corner) == [carried("small-20x12", number)]


def test_places_that_were_used_stay_free(tmp_path):
    template = template_named("instrument-50x30")
    sheet = sheet_for("a4-24", template)
    first, second = pictures(pdf_of(laid("instrument-50x30", 5), "a4-24", start=22), tmp_path)
    assert all(read_at(first, template, corner) == [] for corner in sheet.corners[:22])
    assert [read_at(first, template, corner) for corner in sheet.corners[22:]] == [
        [carried("instrument-50x30", 1)],
        [carried("instrument-50x30", 2)],
    ]
    assert len(read_all(second)) == 3


@pytest.mark.parametrize(("status", "dominant"), [("qualified", 1), ("limited", None), ("stopped", 0)])
def test_the_band_has_the_colour_of_the_status_and_its_words(status, dominant, tmp_path):
    for language in ("zh", "en"):
        pdf = pdf_of(laid("status-60x40", 1, language, status=status), ROLL, language)
        (page,) = pictures(pdf, tmp_path)
        expected = statuses()[status].colour
        pixel = page.getpixel((10, page.height // 8))
        assert "#{:02x}{:02x}{:02x}".format(*pixel) == expected
        if dominant is not None:
            assert pixel[dominant] == max(pixel)
        assert statuses()[status].words.in_language(language) in words_of(pdf, tmp_path)


def test_green_yellow_and_red_are_told_apart_in_grey_too():
    def grey(colour):
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    shades = sorted(grey(status.colour) for status in statuses().values())
    assert shades[2] - shades[1] > 80
    for status in statuses().values():
        assert abs(grey(status.colour) - grey(status.on)) > 100


def test_without_a_status_there_is_no_band(tmp_path):
    (page,) = pictures(pdf_of(laid("status-60x40"), ROLL), tmp_path)
    assert page.getpixel((10, page.height // 8)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("language", "there", "not_there"),
    [
        ("zh", ["精密压力表", "型号 YB-150A", "编号 P-2026-0001", "云泽计量院"], ["Precision", "Model"]),
        ("en", ["Precision pressure gauge", "Model YB-150A", "No. P-2026-0001"], ["精密压力表", "型号"]),
    ],
)
def test_words_are_in_the_language_asked_for(language, there, not_there, tmp_path):
    text = words_of(pdf_of(laid("instrument-50x30", 1, language), ROLL, language), tmp_path)
    assert all(word in text for word in there)
    assert not any(word in text for word in not_there)


def test_long_words_shrink_into_their_box_and_disturb_no_symbol(tmp_path):
    long = {"name_zh": "高精度数字式绝对压力与差压综合测量仪表" * 2, "serial": "X" * 24, "model": "M" * 18}
    pdf = pdf_of(laid("instrument-50x30", 1, "zh", **long), ROLL)
    (page,) = pictures(pdf, tmp_path)
    assert read_all(page) == [carried("instrument-50x30", 1)]
    margin = page.crop((page.width - 12, 0, page.width, page.height))
    assert margin.getextrema() == ((255, 255), (255, 255), (255, 255))


def test_words_without_content_are_left_out(tmp_path):
    bare = dataclasses.replace(content(), serial="", model="", organization="")
    pdf = pdf_of([lay_label(template_named("instrument-50x30"), bare, "zh")], ROLL)
    text = words_of(pdf, tmp_path)
    assert "编号" not in text
    assert "型号" not in text
    assert "精密压力表" in text


LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path fill="#0000ff" d="M0 0h10v10H0z"/></svg>'
WITH_LOGO = template_of(
    "with-logo",
    {
        "width": 40,
        "height": 20,
        "elements": [
            {"kind": "logo", "x": 1, "y": 1, "width": 8, "height": 8},
            {
                "kind": "symbol",
                "symbol": "qr",
                "text": "{address}",
                "x": 20,
                "y": 1,
                "width": 18,
                "height": 18,
            },
        ],
    },
)


def test_a_logo_stands_in_its_place(tmp_path):
    labels = [lay_label(WITH_LOGO, content(), "zh")]
    (page,) = pictures(pdf_of(labels, ROLL, logo=LOGO), tmp_path)
    assert page.getpixel((page.width // 8, page.height // 4)) == (0, 0, 255)
    (without,) = pictures(pdf_of(labels, ROLL), tmp_path)
    assert without.getpixel((page.width // 8, page.height // 4)) == (255, 255, 255)
    assert read_all(page) == read_all(without)


def test_a_logo_that_is_no_svg_is_refused():
    with pytest.raises(TypesettingFailed):
        pdf_of([lay_label(WITH_LOGO, content(), "zh")], ROLL, logo=b"no picture")


def test_a_letter_that_no_font_has_is_named():
    with pytest.raises(CharacterUnprintable) as refused:
        pdf_of(laid("instrument-50x30", 1, "zh", name_zh="\U0001f600"), ROLL)
    assert "1F600" in str(refused.value.facts)


@pytest.mark.parametrize("sheet", ["a4", ROLL])
def test_the_same_labels_give_the_same_bytes(sheet):
    first, again = (pdf_of(laid("status-60x40", 3, status="limited"), sheet) for _ in range(2))
    assert first == again
    assert first.startswith(b"%PDF-1.")
    assert re.search(rb"pdfaid:part\S*3", first)


@pytest.mark.parametrize(
    ("count", "start"),
    [(0, 0), (MOST_LABELS + 1, 0), (1, -1), (1, 24)],
    ids=["none", "too many", "before", "behind"],
)
def test_no_label_too_many_or_a_place_that_is_not_there_is_refused(count, start):
    labels = laid("instrument-50x30") * count
    with pytest.raises(NothingToPrint):
        pdf_of(labels, "a4-24", start=start)


def test_an_unknown_sheet_and_a_label_that_does_not_fit_are_refused():
    with pytest.raises(UnknownSheet) as unknown:
        pdf_of(laid("instrument-50x30"), "letter")
    assert "a4-24" in unknown.value.rule.zh
    with pytest.raises(LabelTooLarge) as large:
        pdf_of(laid("status-60x40"), "a4-65")
    assert "60×40" in large.value.what.en
    assert "38.1×21.2" in large.value.what.zh


def test_pictures_for_graphic_printers_have_a_dot_for_each_of_the_printer():
    png, _ = label_pictures(
        laid("instrument-50x30", 2), language="zh", font_folders=fonts(), dots_per_inch=8 * 25.4
    )
    assert (int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (400, 240)
