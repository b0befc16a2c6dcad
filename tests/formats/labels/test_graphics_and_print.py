"""Graphics for label printers against the printed page: the same design gives the same dots, whoever draws it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.formats.labels.designed_labels import (
    SQUARES,
    box_of,
    carried_by,
    dark,
    designed,
    drawn_at,
    exact,
    laid_design,
    missing_share,
    printed_at,
    seen,
)
from tests.formats.labels.label_samples import fonts, pdf_of, pictures, words_of
from tests.formats.labels.test_logos import SVG, png
from tests.formats.labels.test_zpl import GRAPHIC
from tests.formats.labels.test_zpl import drawn as drawn_by_printer

from jialiang.formats.labels.designs import FIELDS
from jialiang.formats.labels.errors import LabelTextTooLong, NeedsGraphics, NothingToPrint
from jialiang.formats.labels.logos import drawing_of
from jialiang.formats.labels.pages import label_pictures
from jialiang.formats.labels.sheets import sheet_for
from jialiang.formats.labels.zpl import DOTS_PER_MM, zpl_of_labels, zpl_of_pictures

DPI = tuple(DOTS_PER_MM)


def zpl_of(labels, dots_per_inch, logo=b""):
    drawn = label_pictures(
        labels, language="zh", font_folders=fonts(), dots_per_inch=exact(dots_per_inch), logo=logo
    )
    return zpl_of_pictures(drawn)


DESIGNS = {
    "words and square": designed(),
    "bars": designed(symbol="code_128", width=80),
    "no symbol": designed(symbol="", fields=tuple(FIELDS)),
    "both languages": designed(language="both", fields=("name", "serial"), letters=6),
    "small": designed(symbol="data_matrix", width=20, height=12, fields=()),
}


@pytest.mark.parametrize("dots_per_inch", [203, 300])
@pytest.mark.parametrize("name", DESIGNS)
def test_a_printer_burns_the_dots_that_the_page_shows(name, dots_per_inch, tmp_path):
    label = laid_design(DESIGNS[name])
    [burnt] = drawn_by_printer(zpl_of([label], dots_per_inch))
    page = printed_at(label, tmp_path, exact(dots_per_inch))
    assert abs(burnt.width - page.width) <= 1 and abs(burnt.height - page.height) <= 1
    assert dark(burnt).sum() > 500
    assert missing_share(dark(burnt), dark(page)) < 0.005
    assert missing_share(dark(page), dark(burnt)) < 0.005


def test_two_labels_that_differ_are_told_apart_by_the_comparison():
    one, other = (dark(drawn_at(laid_design(designed(), number=number))) for number in (1, 2))
    assert missing_share(one, other) > 0.02


@pytest.mark.parametrize("dots_per_inch", DPI)
def test_the_fields_of_a_graphic_say_its_size_and_nothing_stands_beside_them(dots_per_inch):
    zpl = zpl_of([laid_design(designed(), number=n) for n in (1, 2, 3)], dots_per_inch).decode("ascii")
    found = list(GRAPHIC.finditer(zpl))
    assert "".join(each[0] for each in found) == zpl
    for each in found:
        width, height, total, again, row = (int(each[place]) for place in range(1, 6))
        assert abs(width - 60 * DOTS_PER_MM[dots_per_inch]) <= 1
        assert abs(height - 40 * DOTS_PER_MM[dots_per_inch]) <= 1
        assert (row, total, again) == ((width + 7) // 8, row * height, total)
        assert len(each[6]) == 2 * total


@pytest.mark.parametrize("width", [50, 50.1, 50.2, 50.4, 51])
def test_dots_that_fill_a_byte_in_part_stay_white(width):
    zpl = zpl_of([laid_design(designed(width=width))], 203)
    [found] = GRAPHIC.finditer(zpl.decode("ascii"))
    dots, row = int(found[1]), int(found[5])
    bits = np.unpackbits(np.frombuffer(bytes.fromhex(found[6]), np.uint8).reshape(-1, row), axis=1)
    assert not bits[:, dots:].any()
    assert bits[:, :dots].any()


@pytest.mark.parametrize("symbol", [*SQUARES, "code_128"])
@pytest.mark.parametrize("dots_per_inch", [203, 300])
def test_the_symbol_of_a_graphic_is_the_one_of_the_page(symbol, dots_per_inch, tmp_path):
    label = laid_design(designed(symbol=symbol, width=90, height=45))
    [burnt] = drawn_by_printer(zpl_of([label], dots_per_inch))
    twice = burnt.resize((burnt.width * 2, burnt.height * 2))
    page = printed_at(label, tmp_path)
    assert seen(twice) == seen(page) != []


def test_each_label_of_a_batch_is_burnt_in_its_order():
    labels = [laid_design(designed(), number=number) for number in range(1, 8)]
    burnt = list(drawn_by_printer(zpl_of(labels, 300)))
    assert [seen(each)[0][1] for each in burnt] == [carried_by(each) for each in labels]


@pytest.mark.parametrize("status", ["qualified", "limited", "stopped"])
def test_the_band_of_a_status_leaves_its_words_to_be_read_in_black_and_white(status):
    label = laid_design(designed(band=True, symbol="", height=50), status=status)
    [burnt] = drawn_by_printer(zpl_of([label], 300))
    [band] = box_of(burnt, label, "band")
    share = dark(band).mean()
    assert 0.03 < share < 0.97, "words and ground are told apart"
    assert bool(share < 0.5) is (status == "limited"), "yellow is light, green and red are dark"


@pytest.mark.parametrize("logo", [SVG, png(), png(mode="L", colour=0), png(mode="LA", colour=(0, 255))], ids=range(4))
def test_a_logo_is_burnt_in_its_own_place(logo):
    label = laid_design(designed(logo=True))
    [bare] = drawn_by_printer(zpl_of([label], 203))
    [marked] = drawn_by_printer(zpl_of([label], 203, logo))
    [before], [after] = list(box_of(bare, label, "logo")), list(box_of(marked, label, "logo"))
    assert not dark(before).any()
    assert dark(after).sum() > 500
    outside = dark(marked).sum() - dark(after).sum()
    assert abs(int(outside) - int(dark(bare).sum())) <= 0.02 * dark(bare).sum()


@pytest.mark.parametrize(("width", "height"), [(10, 1000), (1000, 10), (1, 1), (999, 1000)])
def test_a_logo_of_any_shape_keeps_its_shape_inside_its_place(width, height):
    label = laid_design(designed(symbol="", logo=True, fields=("serial",)))
    picture = drawn_at(label, logo=png(width, height, (0, 0, 0)))
    [place] = box_of(picture, label, "logo")
    rows, columns = np.nonzero(dark(place))
    high, wide = rows.max() - rows.min() + 1, columns.max() - columns.min() + 1
    assert wide <= place.width and high <= place.height
    assert abs(wide * height - high * width) <= 4 * max(width, height)
    assert f'viewBox="0 0 {width} {height}"'.encode() in drawing_of(png(width, height))


def test_commands_of_a_printer_cannot_carry_a_logo_or_chinese():
    with pytest.raises(NeedsGraphics):
        zpl_of_labels([laid_design(designed(logo=True))], 203)
    with pytest.raises(NeedsGraphics):
        zpl_of_labels([laid_design(designed())], 203)
    latin = laid_design(designed(language="en", symbol="code_128", width=80, fields=("serial", "due")))
    text = zpl_of_labels([latin], 203).decode()
    assert "^FDNo. P-2026-0001^FS" in text
    assert text.count("^BC") == 1


@pytest.mark.parametrize("count", [0, 2001])
def test_neither_nothing_nor_too_many_are_drawn(count):
    labels = [laid_design(designed(symbol="", fields=("serial",)))] * count
    with pytest.raises(NothingToPrint) as refused:
        zpl_of(labels, 203)
    assert (refused.value.facts["count"], refused.value.facts["most"]) == (count, 2000)


@pytest.mark.parametrize("member", ["serial", "model", "certificate", "organization"])
def test_words_for_which_there_is_no_size_are_named_by_page_and_graphic_alike(member):
    label = laid_design(designed(width=30, height=20, symbol="", fields=(member,)), **{member: "W" * 190})
    for draw in (lambda: pdf_of([label], "roll"), lambda: zpl_of([label], 203)):
        with pytest.raises(LabelTextTooLong) as refused:
            draw()
        assert "WWWW" in str(refused.value.facts["text"])


GRIDS = {"a4:3x6:10,12:4,5": 18, "a4:1x1:0,0:0,0": 1, "a4:2x7:20,8:10,0": 14}


@pytest.mark.parametrize(("grid", "per_page"), GRIDS.items())
@pytest.mark.parametrize("start", [0, 1])
def test_labels_fill_a_grid_of_ones_own_from_the_first_free_place(grid, per_page, start, tmp_path):
    if start >= per_page:
        pytest.raises(NothingToPrint, pdf_of, [laid_design(designed())], grid, start=start)
        return
    labels = [laid_design(designed(), number=number) for number in range(1, per_page + 2)]
    pages = pictures(pdf_of(labels, grid, start=start), tmp_path, 200)
    assert len(pages) == -(-(len(labels) + start) // per_page)
    first = sheet_for(grid, labels[0].template).corners[start:]
    found = sorted(text for _, text in seen(pages[0]))
    assert found == sorted(carried_by(label) for label in labels[: len(first)])


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_the_words_of_a_page_can_be_searched_and_copied(language, tmp_path):
    label = laid_design(designed(language=language, fields=("name", "serial", "due"), letters=6))
    text = words_of(pdf_of([label], "roll"), tmp_path)
    assert "P-2026-0001" in text and "2027-06-15" in text
    assert ("精密压力表" in text) is (language != "en")
    assert ("Precision pressure gauge" in " ".join(text.split())) is (language != "zh")


def test_the_same_labels_are_the_same_bytes_and_others_are_not():
    one, again, other = (pdf_of([laid_design(designed(), number=n)], "roll") for n in (1, 1, 2))
    assert one == again != other
