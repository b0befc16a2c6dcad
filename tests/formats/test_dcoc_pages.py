"""Certificates of conformity as pages: all that one says stands there, in either language, with the XML inside."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from tests.formats.dcoc_samples import CERTIFICATES, SAMPLE
from tests.formats.number_readers import numbers_in
from tests.formats.sample_keys import institute

from jialiang.assembly.document_files import page_fonts
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.dcoc.conversion import NOTATIONS, convert
from jialiang.formats.dcoc.documents import FORMS, read_dcoc, write_dcoc
from jialiang.formats.dcoc.errors import NotACertificateOfConformity, UnknownForm
from jialiang.formats.dcoc.model import CertificateOfConformity, Contact, Named, Validity, texts
from jialiang.formats.dcoc.reading_page import conformity_view
from jialiang.formats.dcoc.xml_form import write_xml
from jialiang.formats.pdf.reading import embedded_files
from jialiang.formats.pdf.structure import structure_findings
from jialiang.formats.reading_view.blocks import Facts, Group, Paragraph, Table
from jialiang.formats.reading_view.texts import lines_of as lines_said
from jialiang.formats.xades.signing import sign_enveloped

XML = write_xml(SAMPLE)
FONTS = page_fonts()
SIGNED_AT = datetime(2026, 6, 17, 8, 0, tzinfo=UTC)
LANGUAGES = ("zh", "en")


def lines_of(block):
    """Every line of a block, what is in it included."""
    if isinstance(block, Paragraph):
        yield from block.said.lines
    elif isinstance(block, Facts):
        for each in block.facts:
            yield from (*each.label.lines, *each.said.lines)
    elif isinstance(block, Table):
        for column in block.columns:
            yield from column.name.lines
        for row in block.rows:
            for cell in row:
                yield from cell.lines
    elif isinstance(block, Group):
        yield from block.heading.lines
        for each in block.blocks:
            yield from lines_of(each)


def shown(certificate, language, **more):
    """All lines of a view as one text."""
    view = conformity_view(certificate, language, **more)
    return "\n".join([view.title, view.number, *(line for each in view.sections for line in lines_of(each))])


def said_by(value, language):
    """Every text of a certificate: words as they are, texts in one language."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from said_by(getattr(value, each.name), language)
    elif isinstance(value, tuple) and value and all(isinstance(e, tuple) for e in value):
        yield dict(value)[language]
    elif isinstance(value, tuple):
        for each in value:
            yield from said_by(each, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_it_says_is_there_in_the_language(language):
    page = shown(SAMPLE, language)
    for text in filter(None, said_by(SAMPLE, language)):
        assert text in page, text
    other = {"zh": "en", "en": "zh"}[language]
    assert dict(SAMPLE.statement)[other] not in page


@settings(max_examples=60, deadline=None)
@given(certificate=CERTIFICATES, language=st.sampled_from(LANGUAGES))
def test_every_word_of_every_certificate_is_on_its_page(certificate, language):
    page = re.sub(r"\s+", "", shown(certificate, language))
    named = [certificate.body, certificate.manufacturer, *certificate.responsibles]
    words = [certificate.number, certificate.revision, certificate.date, certificate.identifier]
    words += [each for contact in named for each in (contact.identifier, contact.email, contact.phone, contact.url)]
    words += [each.identifier for each in (certificate.scheme, *certificate.objects, *certificate.criteria)]
    for word in words:
        assert re.sub(r"\s+", "", " ".join(lines_said(word))) in page


def test_labels_follow_the_reader_and_texts_stay_what_they_are():
    only_english = replace(
        SAMPLE, statement=texts({"en": "The types conform."}), languages=("en",),
        body=Contact(name=texts({"en": "Centre"})), modifications=(),
        manufacturer=Contact(name=texts({"de": "Werk"})),
    )  # fmt: skip
    view = conformity_view(only_english, "zh")
    assert view.title == "数字合格证书"
    (notice,) = view.notices
    assert "英文（en）" in notice.said.text
    (statement,) = next(each for each in view.sections if each.key == "statements").blocks
    assert (statement.said.text, statement.said.language) == ("The types conform.", "en")
    assert conformity_view(SAMPLE, "zh").notices == ()


def test_what_it_does_not_say_has_no_empty_place():
    view = conformity_view(CertificateOfConformity(number="C-1"), "en")
    assert [each.key for each in view.sections] == ["identity", "file"]
    assert view.number == "C-1"
    page = shown(CertificateOfConformity(number="C-1"), "en")
    assert "Valid until" not in page


def test_a_validity_without_an_end_says_so():
    unlimited = replace(SAMPLE, validity=Validity(begins="2026-06-16"))
    assert "Valid until\nnot limited" in shown(unlimited, "en")
    assert "有效期至\n未限定" in shown(unlimited, "zh")


def test_a_column_that_is_empty_everywhere_is_left_out():
    objects = (Named(identifier="S-30"), Named(identifier="S-15"))
    view = conformity_view(replace(SAMPLE, objects=objects), "en")
    (table,) = next(each for each in view.sections if each.key == "items").blocks
    assert [column.name.text for column in table.columns] == ["No.", "Number"]
    assert [[cell.text for cell in row] for row in table.rows] == [["1", "S-30"], ["2", "S-15"]]


@pytest.mark.parametrize("signed", [True, False])
def test_a_signature_is_told_and_not_vouched_for(signed):
    data = sign_enveloped(XML, institute(), (), SIGNED_AT) if signed else XML
    page = html.document_fromstring(convert(data, "html", Wish("en")).data.decode()).text_content()
    wanted = "carries an electronic signature; this page has not checked it" if signed else "no electronic signature"
    assert wanted in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_html_page_is_one_file_without_script_or_outside_reference(language):
    page = convert(XML, "html", Wish(language)).data.decode()
    read = html.document_fromstring(page)
    assert read.get("lang") == {"zh": "zh-Hans", "en": "en"}[language]
    assert not read.xpath("//script | //link | //img[@src] | //*[@href]")
    for text in filter(None, said_by(SAMPLE, language)):
        assert text in read.text_content()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_pdf_a_3_with_the_very_xml_inside(language):
    data = sign_enveloped(XML, institute(), (), SIGNED_AT)
    made = convert(data, "pdf", Wish(language, fonts=FONTS)).data
    assert structure_findings(made) == ()
    ((name, inside),) = [(each.name, each.data) for each in embedded_files(made)]
    assert (name, inside) == ("C-2026-7.xml", data)
    assert made == convert(data, "pdf", Wish(language, fonts=FONTS)).data


@pytest.mark.parametrize("form", [form for form in FORMS if form != "xml"])
def test_the_pdf_of_another_notation_carries_it_as_xml(form):
    made = convert(write_dcoc(SAMPLE, form), "pdf", Wish("en", fonts=FONTS)).data
    ((inside),) = [each.data for each in embedded_files(made)]
    assert read_dcoc(inside).certificate == SAMPLE


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("source", FORMS)
def test_every_number_of_it_is_in_every_form(notation, source, tmp_path):
    exact = replace(SAMPLE, statement=texts({"zh": "示值误差不超过 0.200 ℃。", "en": "Errors stay within 0.200 °C."}))
    data = write_dcoc(exact, source)
    made = convert(data, notation, Wish("en", fonts=FONTS)).data
    if notation == source:
        assert made == data
    elif notation in FORMS:
        assert read_dcoc(made).certificate == exact
    else:
        assert {"0.200"} <= numbers_in(made, tmp_path)
        plain = re.sub(r"\s", "", made.decode()) if notation == "html" else ""
        assert notation == "pdf" or all(day in plain for day in (exact.date, exact.validity.until))


def test_control_characters_and_turning_marks_reach_no_page():
    odd = replace(SAMPLE, number="C\u202e7", statement=texts({"en": "safe\u2066\u202etext"}))
    page = shown(odd, "en")
    assert "\u202e" not in page
    assert "C[U+202E]7" in page


def test_a_certificate_full_of_markup_is_shown_as_text():
    odd = replace(SAMPLE, statement=texts({"en": "<script>alert(1)</script>", "zh": "</style><b>"}))
    page = convert(write_xml(odd), "html", Wish("en")).data.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_other_words_are_refused():
    with pytest.raises(UnknownForm):
        convert(XML, "docx")
    with pytest.raises(NotACertificateOfConformity):
        convert(b"<a/>", "html")


def test_the_day_of_the_pdf_is_that_of_the_certificate_unless_it_has_none():
    without = write_xml(replace(SAMPLE, date="soon"))
    for data, day in ((XML, b"20260616"), (without, b"19700101")):
        assert day in convert(data, "pdf", Wish("en", fonts=FONTS)).data
