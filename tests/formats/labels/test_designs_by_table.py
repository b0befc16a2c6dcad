"""Designs by table: each size with each symbol is read by a camera or refused, and nothing is drawn outside."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.labels.designed_labels import (
    BARS,
    SQUARES,
    box_of,
    carried_by,
    designed,
    drawn_at,
    laid_design,
    margins,
    seen,
)
from tests.formats.labels.label_samples import content

from jialiang.formats.codes.element_strings import parse_element_string, scanned
from jialiang.formats.labels.designs import CARRIED, FIELDS, KINDS, LANGUAGES, template_of_design
from jialiang.formats.labels.errors import DesignTooFull, SymbolTooFine
from jialiang.formats.labels.laying import LEAST_BAR_MM, LEAST_MODULE_MM, lay_label
from jialiang.formats.labels.template_files import template_file
from jialiang.formats.labels.templates import MEMBERS, template_from_bytes

SIZES = ((20, 12), (25, 25), (30, 20), (40, 20), (50, 30), (60, 40), (80, 50), (100, 40))
READ_AS = {
    "qr": "QRCode", "data_matrix": "DataMatrix", "code_128": "Code128", "gs1_data_matrix": "DataMatrix",
    "gs1_128": "Code128",
}  # fmt: skip
REFUSED = {
    # too narrow for the bars, or for the square beside words: width, height
    ("code_128", False): {(20, 12), (25, 25), (30, 20), (40, 20)},
    ("gs1_128", False): {(20, 12), (25, 25), (30, 20), (40, 20)},
}
SLACK = 1e-6


def whole(text):
    """What a reader tells of an element string: the data without brackets."""
    return scanned(parse_element_string(text)).replace("\x1d", "")


def refusal_of(design):
    """The label, or the class of what refuses it."""
    try:
        return laid_design(design)
    except (DesignTooFull, SymbolTooFine) as problem:
        return type(problem)


@pytest.mark.parametrize("symbol", READ_AS)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("worded", [False, True], ids=["symbol alone", "with words"])
def test_a_symbol_that_is_drawn_is_read_whatever_the_size(symbol, size, worded):
    fields = ("serial", "due") if worded else ()
    design = designed(symbol=symbol, width=size[0], height=size[1], fields=fields)
    label = refusal_of(design)
    if isinstance(label, type):
        assert size[0] < 60 or symbol in BARS
        return
    [(kind, text)] = seen(drawn_at(label))
    carried = carried_by(label)
    assert kind == READ_AS[symbol]
    assert text in (carried, whole(carried) if symbol.startswith("gs1") else carried)


@pytest.mark.parametrize("symbol", READ_AS)
@pytest.mark.parametrize("size", [(80, 50), (100, 40), (100, 100), (150, 80)], ids=str)
@pytest.mark.parametrize("band", [False, True])
def test_a_large_label_is_never_refused(symbol, size, band):
    assert not isinstance(refusal_of(designed(symbol=symbol, width=size[0], height=size[1], band=band)), type)


@pytest.mark.parametrize(
    ("symbol", "size"), [(s, size) for (s, _), sizes in REFUSED.items() for size in sizes]
)
def test_bars_that_would_be_too_thin_are_refused_with_their_width(symbol, size):
    with pytest.raises((SymbolTooFine, DesignTooFull)) as refused:
        laid_design(designed(symbol=symbol, width=size[0], height=size[1], fields=()))
    if isinstance(refused.value, SymbolTooFine):
        assert 0 < float(str(refused.value.facts["module"])) < LEAST_BAR_MM
        assert float(str(refused.value.facts["least"])) == LEAST_BAR_MM


@pytest.mark.parametrize("symbol", SQUARES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_module_that_is_drawn_is_finer_than_a_printer_draws(symbol, size):
    label = refusal_of(designed(symbol=symbol, width=size[0], height=size[1], fields=()))
    if isinstance(label, type):
        return
    [drawn] = [each for each in label.drawn if each.symbol]
    modules = len(drawn.symbol.modules[0])
    assert min(drawn.element.width, drawn.element.height) / modules >= LEAST_MODULE_MM
    assert drawn.element.width == pytest.approx(drawn.element.height)


@pytest.mark.parametrize("symbol", KINDS)
@pytest.mark.parametrize("band", [False, True], ids=["plain", "band"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_drawn_keeps_off_the_edge_except_the_band(symbol, band, language):
    design = designed(symbol=symbol, band=band, language=language, width=90, height=50, fields=tuple(FIELDS))
    picture = drawn_at(laid_design(design, status="qualified" if band else ""), 200)
    left, above, right, below = margins(picture)
    least = 0 if band else round(0.9 / 25.4 * 200)
    assert (left == above == right == 0) if band else min(left, above, right) >= least
    assert below >= round(0.9 / 25.4 * 200)


@pytest.mark.parametrize("letters", [4, 5, 6, 8, 10, 12, 16, 24])
@pytest.mark.parametrize("count", [1, 2, 4, 8])
def test_lines_are_as_high_as_their_letters_or_refused(letters, count):
    fields = tuple(FIELDS)[:count]
    needed = count * letters * 25.4 / 72 * 1.3
    design = designed(symbol="", width=100, height=40, letters=letters, fields=fields)
    if needed > 40 - 3:
        with pytest.raises(DesignTooFull) as refused:
            template_of_design(design)
        assert float(str(refused.value.facts["needed"])) == pytest.approx(needed, abs=0.06)
        assert float(str(refused.value.facts["room"])) == pytest.approx(37, abs=0.06)
        assert refused.value.facts["lines"] == count
        return
    lines = [each for each in template_of_design(design).elements if each.kind == "words"]
    assert [line.size for line in lines] == [letters] * count
    assert all(line.height >= letters * 25.4 / 72 for line in lines)
    assert all(upper.y + upper.height <= lower.y + SLACK for upper, lower in pairwise(lines))


DESIGNS = st.builds(
    designed,
    symbol=st.sampled_from(KINDS),
    width=st.integers(50, 3000).map(lambda tenths: tenths / 10),
    height=st.integers(50, 3000).map(lambda tenths: tenths / 10),
    fields=st.lists(st.sampled_from(sorted(FIELDS)), unique=True).map(tuple),
    language=st.sampled_from(LANGUAGES),
    letters=st.integers(4, 24),
    band=st.booleans(),
    logo=st.booleans(),
).filter(lambda design: design.symbol or design.fields)


def made_or_none(design):
    try:
        return template_of_design(design)
    except DesignTooFull:
        return None


@settings(max_examples=200)
@given(DESIGNS)
def test_no_element_of_any_design_leaves_its_label_or_has_no_size(design):
    template = made_or_none(design)
    for one in template.elements if template else ():
        assert one.width > 0 and one.height > 0, one
        assert one.x >= 0 and one.y >= 0, one
        assert one.x + one.width <= design.width + SLACK, one
        assert one.y + one.height <= design.height + SLACK, one


@settings(max_examples=200)
@given(DESIGNS)
def test_no_two_elements_of_any_design_share_a_place(design):
    template = made_or_none(design)
    solid = [each for each in template.elements if each.colour != "on_status"] if template else []
    for one, other in combinations(solid, 2):
        beside = one.x + one.width <= other.x + SLACK or other.x + other.width <= one.x + SLACK
        below = one.y + one.height <= other.y + SLACK or other.y + other.height <= one.y + SLACK
        assert beside or below, (one, other)


@settings(max_examples=200)
@given(DESIGNS)
def test_any_design_has_one_element_for_each_thing_that_was_chosen(design):
    template = made_or_none(design)
    if template is None:
        return
    kinds = [each.kind for each in template.elements]
    assert kinds.count("symbol") == bool(design.symbol)
    assert kinds.count("logo") == design.logo
    assert kinds.count("band") == design.band
    assert kinds.count("words") == len(design.fields) + design.band


@settings(max_examples=150)
@given(DESIGNS)
def test_the_file_of_any_design_is_read_as_the_same_template(design):
    template = made_or_none(design)
    if template is not None:
        back = template_from_bytes(design.name, template_file(template))
        assert (back.elements, back.width, back.height) == (
            template.elements,
            template.width,
            template.height,
        )


@settings(max_examples=100)
@given(
    DESIGNS,
    st.text(
        st.characters(min_codepoint=33, max_codepoint=0x9FFF, blacklist_categories=("C", "Z")), max_size=40
    ),
)
def test_what_stands_on_a_label_is_what_the_record_says_and_never_a_pattern(design, words):
    template = made_or_none(design)
    if template is None or design.symbol:
        return
    label = laid_design(design, name_zh=words, name_en=words, status="limited")
    for drawn in label.drawn:
        if drawn.element.kind == "words":
            assert not any(f"{{{member}}}" in drawn.text.replace(words, "") for member in MEMBERS)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_whose_member_is_empty_is_left_out_with_its_words(field, language):
    member = {"name": ("name_zh", "name_en"), "serial": ("serial",), "identifier": ()}.get(field, (field,))
    empty = dict.fromkeys(member, "")
    label = laid_design(
        designed(symbol="", fields=(field,), language=language), **{"certificate": "YZ-1"} | empty
    )
    texts = [each.text for each in label.drawn]
    assert texts == ([] if member else ["88.101.5/ins-0000001"])


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(("language", "words"), [("zh", 0), ("en", 1)])
def test_a_line_of_one_language_has_no_word_of_the_other(field, language, words):
    label = laid_design(
        designed(symbol="", fields=(field,), language=language), certificate="YZ-1", organization="X"
    )
    [line] = label.drawn
    pattern = FIELDS[field][0]
    said, other = (pattern.zh, pattern.en) if language == "zh" else (pattern.en, pattern.zh)
    assert line.text.startswith(said.partition("{")[0])
    foreign = other.partition("{")[0].strip()
    assert not foreign or foreign not in line.text


@pytest.mark.parametrize("status", ["qualified", "limited", "stopped"])
@pytest.mark.parametrize("height", [30, 40, 60, 100])
def test_the_words_of_the_status_can_be_told_from_their_band(status, height):
    label = laid_design(designed(band=True, height=height, width=100, symbol=""), status=status)
    [band] = box_of(drawn_at(label), label, "band")
    colours = band.getcolors(maxcolors=band.width * band.height)
    light = [
        sum(c * w for c, w in zip(colour, (0.2126, 0.7152, 0.0722), strict=True)) for _, colour in colours
    ]
    assert max(light) - min(light) > 100
    assert 4.5 <= label.template.elements[0].height <= 11.0


@pytest.mark.parametrize("symbol", READ_AS)
def test_each_symbol_carries_what_its_reader_wants(symbol):
    label = laid_design(designed(symbol=symbol, width=120, height=60))
    wanted = {
        "{address}": "https://id.example.org/88.101.5/ins-0000001", "{identifier}": "88.101.5/ins-0000001",
        "{elements}": "(01)09506000134352(21)S-0001",
    }  # fmt: skip
    assert carried_by(label) == wanted[CARRIED[symbol]]


@pytest.mark.parametrize("dots_per_inch", [150, 203, 300, 600])
@pytest.mark.parametrize("symbol", [*SQUARES, "code_128"])
def test_a_symbol_is_read_at_the_resolution_of_every_printer(symbol, dots_per_inch):
    label = laid_design(designed(symbol=symbol, width=100, height=50))
    assert [kind for kind, _ in seen(drawn_at(label, dots_per_inch))] == [READ_AS[symbol]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_language_that_is_asked_changes_nothing_on_a_designed_label(language):
    design = designed(language="both", fields=tuple(FIELDS), height=60)
    first = laid_design(design, "zh", certificate="YZ-1")
    template = template_of_design(design)
    assert [each.text for each in laid_design(design, language, certificate="YZ-1").drawn] == [
        each.text for each in first.drawn
    ]
    assert lay_label(template, content(), language) == lay_label(template, content(), "zh")
