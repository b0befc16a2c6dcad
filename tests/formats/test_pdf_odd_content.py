"""Odd numbers, moments and texts on pages: a page, or an error of ours that names what cannot be set."""

import dataclasses
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import absent
from tests.formats.made_up_content import contents, made_up
from tests.formats.pdf_content import NODE_MODULES, XML, XML_NAME, certificate_content

from jialiang.formats.content import Column
from jialiang.formats.dsi.decimals import celsius_to_kelvin, is_decimal
from jialiang.formats.pdf.chart import Chart, chart_of
from jialiang.formats.pdf.errors import ContentUnsuitable
from jialiang.formats.pdf.figures import local_moment, shown_number
from jialiang.formats.pdf.font_files import find_font_folders
from jialiang.formats.pdf.reading import embedded_files
from jialiang.formats.pdf.rendering import PdfRenderer
from jialiang.formats.pdf.structure import structure_findings
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text

FLOATS = st.floats(allow_nan=False, allow_infinity=False).map(repr)
READINGS = st.integers(-(10**6), 10**6).map(lambda n: f"{n / 1000:.3f}")
EDGES = st.sampled_from(
    ["1E999", "-1E999", "1E-999", "5e-324", "0", "-0.000", "1e30", "1e-30", "NaN", "sNaN", "inf"]
)
NUMBERS = FLOATS | READINGS | EDGES
UNCERTAINTIES = NUMBERS.map(lambda text: text.lstrip("-"))


def chart(xs, ys, us=()) -> Chart | None:
    reference = Column("basic_referenceValue", Text("参考"), "", tuple(xs))
    return chart_of(reference, Column("basic_measurementError", Text("误差"), "", tuple(ys), tuple(us)))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(NUMBERS, NUMBERS, UNCERTAINTIES), min_size=1, max_size=5))
def test_a_graph_of_any_numbers_is_none_or_one_that_can_be_drawn(rows):
    drawn = chart(*zip(*rows, strict=True))
    if drawn is None:
        return
    for mark in drawn.marks:
        assert 0 <= mark.x <= 1
        assert 0 <= mark.low <= mark.y <= mark.high <= 1
    for ticks in (drawn.x_ticks, drawn.y_ticks):
        assert 2 <= len(ticks) <= 14
        assert all(-0.001 <= tick.at <= 1.001 for tick in ticks)
        assert [tick.at for tick in ticks] == sorted({tick.at for tick in ticks})
        assert len({tick.label for tick in ticks}) == len(ticks)


@given(st.lists(READINGS, min_size=2, max_size=6, unique=True), st.data())
def test_marks_stand_in_the_order_of_their_numbers(xs, data):
    ys = data.draw(st.lists(READINGS, min_size=len(xs), max_size=len(xs)))
    drawn = chart(xs, ys)
    assert drawn is not None
    by_x = sorted(zip(map(Decimal, xs), (m.x for m in drawn.marks), strict=True))
    assert [x for _, x in by_x] == sorted(x for _, x in by_x)
    by_y = sorted(zip(map(Decimal, ys), (m.y for m in drawn.marks), strict=True))
    assert [y for _, y in by_y] == sorted(y for _, y in by_y)


@pytest.mark.parametrize(
    ("xs", "ys"),
    [(("1", "1"), ("0", "1")), (("1",), ("0",)), (("0", "5e-324"), ("0", "1")), (("-1e308", "1e308"), ("0", "1")),
     (("1", "1.0000000000001"), ("0", "1")), (("1", "2"), ("0", "1e31")), (("1", "2"), ("—", "1")),
     (("1", "2"), ("1", "1.00000000000001"))],
)  # fmt: skip
def test_what_no_axis_holds_apart_has_no_graph(xs, ys):
    assert chart(xs, ys) is None


@pytest.mark.parametrize(("low", "high"), [("0", "1e-28"), ("-1e29", "1e29"), ("1", "1.000000001")])
def test_small_and_large_spans_that_can_be_told_apart_have_one(low, high):
    assert chart((low, high), ("0", "1")) is not None


# --- figures -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "zone", "member"),
    [("9999-12-31T23:59:59Z", "Asia/Shanghai", "signing_time"),
     ("0001-01-01T00:00:00Z", "America/New_York", "signing_time"),
     ("2026-06-16T07:47:30Z", "Asia", "time_zone"), ("2026-06-16T07:47:30Z", "../../etc/passwd", "time_zone"),
     ("2026-06-16T07:47:30Z", "", "time_zone"), ("2026-06-16T07:47:30Z", "A" * 300, "time_zone"),
     ("2026-06-16T07:47:30Z", "\x00", "time_zone")],
)  # fmt: skip
def test_moments_and_zones_that_do_not_exist_are_refused_by_the_name_of_the_member(moment, zone, member):
    with pytest.raises(ContentUnsuitable) as refused:
        local_moment(moment, zone)
    assert refused.value.facts["member"] == member


@pytest.mark.parametrize(
    "text", ["1e" + "9" * 5000, "1e1234567890", "1" * 5000, "0x1F", "1e", "--1", "1 2", "²"]
)
def test_what_no_reading_looks_like_is_printed_as_it_stands_or_grouped(text):
    assert "".join(c for c in shown_number(text) if c.isalnum()) == "".join(c for c in text if c.isalnum())


@given(st.text(max_size=30))
def test_any_text_in_a_cell_is_printed(text):
    assert isinstance(shown_number(text), str)


@given(st.integers(-999, 999), st.text("0123456789", min_size=1, max_size=60))
def test_no_digit_is_lost_between_celsius_and_kelvin_however_many_there_are(exponent, digits):
    celsius = f"{digits}E{exponent}"
    assert is_decimal(celsius)
    assert Fraction(celsius_to_kelvin(celsius)) - Fraction(celsius) == Fraction(27315, 100)


# --- embedded files ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def font_folders():
    if not NODE_MODULES.is_dir():
        absent("fonts", "run npm ci --ignore-scripts")
    return find_font_folders(NODE_MODULES)


def rendered(content, folders, language="zh"):
    return PdfRenderer().render(content, language=language, xml=XML, xml_name=XML_NAME, font_folders=folders)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_made_up_certificates_are_set_as_sound_files(font_folders, language):
    for seed in range(4):
        pdf = rendered(made_up(seed), font_folders, language)
        assert structure_findings(pdf) == ()
        (file,) = embedded_files(pdf)
        assert (file.name, file.data) == (XML_NAME, XML)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(contents(), st.sampled_from(["zh", "en"]))
def test_any_made_up_certificate_is_set(font_folders, content, language):
    assert rendered(content, font_folders, language).startswith(b"%PDF-")


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=20))
def test_any_text_at_all_is_set_or_the_letter_that_cannot_be_is_named(font_folders, text):
    content = dataclasses.replace(certificate_content(), conclusion=Text(text, text))
    try:
        assert rendered(content, font_folders).startswith(b"%PDF-")
    except JialiangError as problem:
        assert problem.code == "JL-PDF-001"
        assert problem.facts["code_point"].startswith("U+")


def test_a_certificate_without_anything_optional_is_still_a_page(font_folders):
    bare = dataclasses.replace(
        certificate_content(), methods=(), equipment=(), conditions=(), statements=(), receipt_date="", due_date="",
        performance_address=Text(), conclusion=Text(),
    )  # fmt: skip
    assert structure_findings(rendered(bare, font_folders)) == ()
