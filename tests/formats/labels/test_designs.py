"""Labels that people design: every symbol at every size is read back, and nothing lies on anything else."""

import subprocess
from dataclasses import replace
from itertools import combinations

import pytest
from lxml import html
from tests.formats.labels.label_samples import content, pdf_of, pictures, program, read_all

from jialiang.formats.labels.contents import content_of
from jialiang.formats.labels.designs import FIELDS, LANGUAGES, LabelDesign, template_of_design
from jialiang.formats.labels.errors import DesignTooFull, LabelTextTooLong, SymbolTooFine
from jialiang.formats.labels.laying import lay_label
from jialiang.formats.labels.sheets import ROLL
from jialiang.formats.labels.template_files import template_file
from jialiang.formats.labels.templates import template_from_bytes
from jialiang.kernel.text import Text

FOUR = ("name", "model", "serial", "due")
DESIGN = LabelDesign("own", Text("自有标签", "Own label"), 50, 30, "qr", FOUR)
SIZES = {
    "qr": [(50, 30), (60, 40), (40, 25), (25, 25), (100, 60)],
    "data_matrix": [(20, 12), (30, 15), (50, 30)],
    "code_128": [(60, 25), (70, 25), (100, 40)],
    "gs1_data_matrix": [(30, 20), (45, 30)],
    "gs1_128": [(80, 30), (100, 40)],
}
CASES = [(symbol, *size) for symbol, sizes in SIZES.items() for size in sizes]
FORMATS = {
    "qr": "QRCode", "data_matrix": "DataMatrix", "code_128": "Code128", "gs1_data_matrix": "DataMatrix",
    "gs1_128": "Code128",
}  # fmt: skip


def laid_out(design, language="zh", **more):
    gs1 = design.symbol.startswith("gs1")
    return lay_label(template_of_design(design), content(gs1=gs1, **more), language)


def boxes_of(pdf, folder):
    """Every word on the page with its box in millimetres, as poppler measures it."""
    (folder / "measured.pdf").write_bytes(pdf)
    told = subprocess.run(
        [program("pdftotext"), "-bbox", str(folder / "measured.pdf"), "-"], check=True, capture_output=True
    )
    scale = 25.4 / 72
    return [
        (word.text, *(float(word.get(side)) * scale for side in ("xmin", "ymin", "xmax", "ymax")))
        for word in html.fromstring(told.stdout, parser=html.HTMLParser(encoding="utf-8")).iter("word")
    ]


@pytest.mark.parametrize(("symbol", "width", "height"), CASES)
def test_every_symbol_is_read_at_every_size(symbol, width, height, tmp_path):
    fields = () if height < 20 else FOUR[:3]
    letters = 5 if min(width, height) < 26 else 7
    design = replace(DESIGN, symbol=symbol, width=width, height=height, fields=fields, letters=letters)
    label = laid_out(design)
    [page] = pictures(pdf_of([label], ROLL), tmp_path)
    carried = next(each.symbol.text for each in label.drawn if each.symbol)
    [(kind, read)] = read_all(page)
    assert kind.replace(" ", "") == FORMATS[symbol]
    assert read.replace("\x1d", "") == carried or symbol.startswith("gs1") and "09506000134352" in read


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("band", [False, True])
@pytest.mark.parametrize("symbol", ["", "qr", "code_128"])
def test_words_stay_inside_the_label_and_off_the_symbol(symbol, band, language, tmp_path):
    design = replace(
        DESIGN,
        width=80,
        height=50,
        symbol=symbol,
        band=band,
        language=language,
        fields=tuple(FIELDS),
        letters=5,
    )
    label = laid_out(design, status="qualified", certificate="YZ2026-01234")
    words = boxes_of(pdf_of([label], ROLL), tmp_path)
    assert len(words) >= len(FIELDS)
    places = [each.element for each in label.drawn if each.element.kind == "symbol"]
    for text, left, top, right, foot in words:
        assert -0.1 <= left < right <= 80.1, text
        assert -0.1 <= top < foot <= 50.1, text
        for place in places:
            apart = right <= place.x + 0.1 or left >= place.x + place.width - 0.1
            assert apart or foot <= place.y + 0.1 or top >= place.y + place.height - 0.1, text


@pytest.mark.parametrize("logo", [False, True])
@pytest.mark.parametrize("band", [False, True])
@pytest.mark.parametrize("symbol", ["", *SIZES])
@pytest.mark.parametrize("size", [(60, 40), (100, 60), (80, 45)])
def test_no_element_lies_on_another_and_none_leaves_the_label(size, symbol, band, logo):
    design = replace(DESIGN, width=size[0], height=size[1], symbol=symbol, band=band, logo=logo, letters=4)
    template = template_of_design(design)
    solid = [each for each in template.elements if each.colour != "on_status"]
    for one in template.elements:
        assert one.x >= 0 and one.y >= 0
        assert one.x + one.width <= size[0] + 1e-6
        assert one.y + one.height <= size[1] + 1e-6
    for one, other in combinations(solid, 2):
        apart = one.x + one.width <= other.x + 1e-6 or other.x + other.width <= one.x + 1e-6
        assert apart or one.y + one.height <= other.y + 1e-6 or other.y + other.height <= one.y + 1e-6


@pytest.mark.parametrize(
    ("language", "asked", "said"),
    [
        ("zh", "en", "编号 P-2026-0001"), ("en", "zh", "No. P-2026-0001"),
        ("both", "zh", "编号 No. P-2026-0001"), ("both", "en", "编号 No. P-2026-0001"),
    ],
)  # fmt: skip
def test_the_language_of_the_design_holds_whatever_is_asked(language, asked, said):
    label = laid_out(replace(DESIGN, language=language), asked)
    assert said in [each.text for each in label.drawn]


def test_in_both_languages_a_name_that_is_known_in_one_stands_once():
    design = replace(DESIGN, language="both", fields=("name",))
    assert [e.text for e in laid_out(design).drawn if e.element.kind == "words"] == [
        "精密压力表 Precision pressure gauge"
    ]
    assert [e.text for e in laid_out(design, name_en="").drawn if e.element.kind == "words"] == ["精密压力表"]


def test_the_lines_stand_in_the_order_that_was_chosen():
    template = template_of_design(replace(DESIGN, fields=("due", "serial", "name")))
    lines = [each for each in template.elements if each.kind == "words"]
    assert [each.text.zh for each in lines] == ["有效期至 {due}", "编号 {serial}", "{name_zh}"]
    assert [each.bold for each in lines] == [False, False, True]
    assert sorted(each.y for each in lines) == [each.y for each in lines]


@pytest.mark.parametrize(
    ("status", "colour"), [("qualified", "#0f8a3c"), ("limited", "#f6c700"), ("stopped", "#c81e1e")]
)
def test_the_band_has_the_colour_of_the_status(status, colour):
    label = laid_out(replace(DESIGN, band=True, height=40), status=status)
    assert [each.colour for each in label.drawn if each.element.kind == "band"] == [colour]


def test_without_a_status_the_band_stays_white():
    label = laid_out(replace(DESIGN, band=True, height=40))
    assert all(each.element.kind != "band" for each in label.drawn)


@pytest.mark.parametrize(
    "more",
    [
        {"height": 12, "letters": 8}, {"letters": 24}, {"height": 8, "band": True},
        {"fields": tuple(FIELDS), "letters": 12}, {"symbol": "code_128", "height": 8},
    ],
)  # fmt: skip
def test_more_than_fits_is_refused_with_what_it_would_need(more):
    with pytest.raises(DesignTooFull) as refused:
        template_of_design(replace(DESIGN, **more))
    assert float(str(refused.value.facts["needed"])) > 0


def test_a_symbol_that_no_camera_would_read_is_refused():
    with pytest.raises(SymbolTooFine):
        laid_out(replace(DESIGN, width=12, height=8, fields=()))


@pytest.mark.parametrize("symbol", ["", *SIZES])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_design_goes_into_a_file_and_comes_back_the_same(symbol, language):
    design = replace(
        DESIGN, width=90, height=50, symbol=symbol, language=language, band=True, logo=True, letters=6
    )
    template = template_of_design(design)
    back = template_from_bytes("own", template_file(template))
    assert replace(back, title=template.title) == template
    assert back.title == template.title


def test_words_that_fit_in_no_size_are_refused_and_not_cut_off():
    with pytest.raises(LabelTextTooLong) as refused:
        pdf_of([laid_out(DESIGN, serial="S" * 120)], ROLL)
    assert "编号 SSS" in str(refused.value.facts["text"])


def test_an_identifier_without_a_place_to_break_breaks_anywhere_and_keeps_all_its_letters(tmp_path):
    identifier = "88.101.5/01kv7pcmjge008hyt4erc3x68q"
    design = replace(DESIGN, fields=("identifier",))
    label = lay_label(template_of_design(design), content_of(identifier, "https://id.example.org"), "zh")
    words = boxes_of(pdf_of([label], ROLL), tmp_path)
    assert "".join(word for word, *_ in words).replace("\u200b", "") == identifier
    assert max(right for _, _, _, right, _ in words) <= 50.0


def test_words_too_long_for_a_line_break_into_lines(tmp_path):
    name = "带数字显示的精密压力表及其附件与全部备用零件一套"
    label = laid_out(replace(DESIGN, fields=("name", "serial")), name_zh=name)
    text = "".join(word for word, *_ in boxes_of(pdf_of([label], ROLL), tmp_path))
    assert name in text
