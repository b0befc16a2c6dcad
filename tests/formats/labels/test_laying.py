"""Templates filled with content: languages, colours of the status, what is left out, symbols that would be too fine."""

import pytest
from tests.formats.labels.label_samples import GTIN, content, laid

from jialiang.formats.codes.verdicts import CodeRefused
from jialiang.formats.labels.contents import LabelContent, statuses
from jialiang.formats.labels.errors import BadLabelValue, SymbolTooFine
from jialiang.formats.labels.laying import LEAST_MODULE_MM, lay_label
from jialiang.formats.labels.templates import template_named, template_of
from jialiang.formats.symbols import SymbolTextUnsuitable


def of(kind, **members):
    element = {"kind": kind, "x": 0, "y": 0, "width": 40, "height": 20} | members
    return template_of("own", {"width": 40, "height": 20, "elements": [element]})


def drawn(template, given=None, language="zh"):
    return lay_label(template, given or content(), language).drawn


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh", "编号 P-2026-0001"), ("en", "No. P-2026-0001"), ("zh-hans", "编号 P-2026-0001")],
)
def test_words_are_filled_in_the_language(language, text):
    (words,) = drawn(of("words", text={"zh": "编号 {serial}", "en": "No. {serial}"}), language=language)
    assert words.text == text


def test_a_template_in_one_language_serves_both():
    (words,) = drawn(of("words", text={"zh": "编号 {serial}"}), language="en")
    assert words.text == "编号 P-2026-0001"


@pytest.mark.parametrize(
    ("text", "left"),
    [("{model}", 0), ("型号 {model}", 0), ("{model} {serial}", 1), ("固定文字", 1), (" ", 0)],
)
def test_words_whose_members_are_all_empty_are_left_out(text, left):
    bare = LabelContent("88.1/x", serial="7")
    assert len(drawn(of("words", text=text), bare)) == left


@pytest.mark.parametrize("status", ["qualified", "limited", "stopped"])
def test_bands_and_the_words_on_them_have_the_colours_of_the_status(status):
    (band,) = drawn(of("band", colour="{status}"), content(status=status))
    (words,) = drawn(of("words", text="{serial}", colour="on_status"), content(status=status))
    assert (band.colour, words.colour) == (statuses()[status].colour, statuses()[status].on)


def test_without_status_there_is_no_band_and_words_are_black():
    assert drawn(of("band", colour="{status}")) == ()
    (words,) = drawn(of("words", text="{serial}", colour="on_status"))
    assert words.colour == "#000000"


def test_a_band_of_a_fixed_colour_stays():
    (band,) = drawn(of("band", colour="#123456"))
    assert band.colour == "#123456"


def test_a_symbol_carries_its_filled_text():
    (symbol,) = drawn(of("symbol", symbol="qr", text="{address}"))
    assert symbol.symbol.kind == "qr"
    assert symbol.text == symbol.symbol.text == "https://id.example.org/88.101.5/ins-0000001"


def test_a_symbol_with_nothing_to_carry_is_an_error_not_a_label_without_symbol():
    with pytest.raises(BadLabelValue) as refused:
        lay_label(template_named("gs1-45x30"), content(), "zh")
    assert refused.value.facts["member"] == "elements"


def test_what_a_symbol_cannot_hold_is_refused():
    with pytest.raises(SymbolTextUnsuitable):
        drawn(of("symbol", symbol="code_128", text="{name_zh}"))
    with pytest.raises(CodeRefused):
        drawn(of("symbol", symbol="gs1_128", text="{serial}"))


@pytest.mark.parametrize(("side", "fits"), [(20, True), (8, True), (7, False), (5, False)])
def test_a_symbol_that_would_be_too_fine_is_refused(side, fits):
    # 44 letters need version 4 at level M: 33 modules and a quiet zone of 8
    template = of("symbol", symbol="qr", text="{address}", width=side, height=side)
    if fits:
        (symbol,) = drawn(template)
        assert side / len(symbol.symbol.modules) >= LEAST_MODULE_MM
    else:
        with pytest.raises(SymbolTooFine) as refused:
            drawn(template)
        assert float(refused.value.facts["module"]) < LEAST_MODULE_MM


def test_bars_that_would_be_too_thin_are_refused():
    with pytest.raises(SymbolTooFine):
        drawn(of("symbol", symbol="code_128", text="{address}", width=40))
    assert drawn(of("symbol", symbol="code_128", text="{serial}", width=40))


def test_labels_of_gs1_carry_their_elements():
    (label,) = laid("gs1-45x30")
    symbol = next(each for each in label.drawn if each.symbol)
    assert symbol.symbol.text == f"(01){GTIN}(21)S-0001"
    assert [each.text for each in label.drawn if each.text.startswith("(01)")] == [symbol.text] * 2
