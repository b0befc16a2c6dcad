"""Pages as conversions: by name, in the language asked for, with the fonts and the date that the wish gives."""

import builtins
import importlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from tests.conftest import absent
from tests.formats.dcc_samples import SAMPLES, sample, sample_certificate
from tests.formats.pdf_content import NODE_MODULES
from tests.formats.reading_pieces import bare

from jialiang.formats.conversion import libraries
from jialiang.formats.conversion.converters import Wish, certificate_day
from jialiang.formats.conversion.errors import LibraryMissing
from jialiang.formats.conversion.registry import convert, notations
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.html_page.page import html_of
from jialiang.formats.pdf.errors import FontsMissing
from jialiang.formats.pdf.font_files import find_font_folders
from jialiang.formats.pdf.reading import embedded_files
from jialiang.formats.pdf.reading_rendering import render_reading
from jialiang.formats.reading_view.building import reading_view


@pytest.fixture(scope="module")
def fonts():
    if not NODE_MODULES.is_dir():
        absent("fonts", "run npm ci --ignore-scripts")
    return find_font_folders(NODE_MODULES)


def test_pages_are_among_the_notations():
    assert {"html", "pdf"} <= set(notations())


@pytest.mark.parametrize(
    ("language", "page"),
    [("zh", "zh"), ("en", "en"), ("zh-Hans", "zh"), ("ZH", "zh"), ("de", "en"), ("", "en")],
)
def test_pages_come_in_the_language_of_the_wish(oracles, language, page):
    certificate = sample_certificate(oracles, SAMPLES[2])
    made = convert(certificate, "html", Wish(language))
    assert made.data == html_of(reading_view(certificate, page))
    assert made.unmapped == ()


def test_without_a_wish_pages_are_english(oracles):
    assert b'<html lang="en">' in convert(sample_certificate(oracles, SAMPLES[2]), "html").data


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", SAMPLES)
def test_the_pdf_has_the_bytes_that_were_read(oracles, fonts, name, language):
    made = convert(sample_certificate(oracles, name), "pdf", Wish(language, fonts=fonts)).data
    assert [each.data for each in embedded_files(made)] == [sample(oracles, name)]


def test_a_certificate_that_came_as_a_tree_is_written_and_embedded(oracles, fonts):
    certificate = Certificate.of(sample_certificate(oracles, SAMPLES[2]).tree)
    (inside,) = embedded_files(convert(certificate, "pdf", Wish(fonts=fonts)).data)
    assert Certificate.read(inside.data).number == certificate.number
    assert inside.data == certificate.xml


def test_the_date_is_the_one_that_the_wish_gives(oracles, fonts):
    certificate = sample_certificate(oracles, SAMPLES[2])
    moment = datetime(2026, 5, 4, 3, 2, 1, 999, tzinfo=timezone(timedelta(hours=8)))
    made = convert(certificate, "pdf", Wish("zh", fonts=fonts, made_at=moment)).data
    view = reading_view(certificate, "zh")
    assert made == render_reading(view, xml=certificate.xml, font_folders=fonts, made_at=moment)
    assert b"20260503190201" in made


def test_without_a_date_the_same_certificate_gives_the_same_bytes(oracles, fonts):
    wish = Wish("en", fonts=fonts)
    first, second = (convert(sample_certificate(oracles, SAMPLES[2]), "pdf", wish).data for _ in range(2))
    assert first == second
    assert b"20170425000000" in first


CORE = "<dcc:coreData>{}</dcc:coreData>"


@pytest.mark.parametrize(
    ("inside", "day"),
    [
        ("<dcc:issueDate>2026-03-04</dcc:issueDate><dcc:endPerformanceDate>2026-03-01</dcc:endPerformanceDate>",
         (2026, 3, 4)),
        ("<dcc:endPerformanceDate>2026-03-01</dcc:endPerformanceDate>", (2026, 3, 1)),
        ("<dcc:beginPerformanceDate>2026-02-28</dcc:beginPerformanceDate>", (2026, 2, 28)),
        ("<dcc:endPerformanceDate>2026-03-01+08:00</dcc:endPerformanceDate>", (2026, 3, 1)),
        ("<dcc:issueDate>soon</dcc:issueDate><dcc:endPerformanceDate>2026-03-01</dcc:endPerformanceDate>",
         (2026, 3, 1)),
        ("<dcc:issueDate>2026-02-30</dcc:issueDate>", (1970, 1, 1)),
        ("<dcc:issueDate>-0044-03-15</dcc:issueDate>", (1970, 1, 1)),
        ("<dcc:issueDate>12026-03-15</dcc:issueDate>", (1970, 1, 1)),
        ("", (1970, 1, 1)),
    ],
)  # fmt: skip
def test_the_day_of_a_certificate_is_its_last(inside, day):
    certificate = Certificate.read(bare(CORE.format(inside)))
    assert certificate_day(certificate) == datetime(*day, tzinfo=UTC)


def test_without_fonts_the_pdf_is_refused(oracles, tmp_path):
    with pytest.raises(FontsMissing) as caught:
        convert(sample_certificate(oracles, SAMPLES[2]), "pdf", Wish(fonts=(tmp_path,)))
    assert "Inter" in caught.value.facts["missing"]


def test_without_the_typesetter_the_pdf_names_what_to_install(oracles, monkeypatch):
    usual = importlib.import_module

    def refuse(name):
        if name == "typst":
            raise ImportError(name)
        return usual(name)

    monkeypatch.setattr(libraries.importlib, "import_module", refuse)
    with pytest.raises(LibraryMissing) as caught:
        convert(sample_certificate(oracles, SAMPLES[2]), "pdf", Wish())
    assert caught.value.facts == {"library": "typst", "extra": "pdf"}


def test_html_needs_nothing_but_the_core(oracles, monkeypatch):
    usual = builtins.__import__

    def core_only(name, *arguments, **options):
        if name.split(".")[0] in ("jinja2", "django", "typst", "pikepdf", "markupsafe"):
            raise ImportError(name)
        return usual(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", core_only)
    module = importlib.reload(importlib.import_module("jialiang.formats.html_page.pieces"))
    assert module.text_html(reading_view(sample_certificate(oracles, SAMPLES[0]), "en").laboratory)


def test_one_certificate_says_the_same_numbers_in_every_form(oracles):
    """The page, the table and the data give the same exact texts."""
    certificate = sample_certificate(oracles, "v3.1.2_gp_humidity")
    page = convert(certificate, "html", Wish("zh")).data.decode()
    for row in convert(certificate, "csv", Wish("zh")).data.decode("utf-8-sig").splitlines()[1:]:
        number = row.split(",")[8]
        assert (
            f">{number}<" in page
            or f">{number} " in page
            or f"{number}\u202f" in page
            or f"{number}<" in page
        )
