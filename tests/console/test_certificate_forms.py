"""Every form of an issued certificate on its page: offered, handed out, and only to whoever may read it."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from lxml import html

from jialiang.base.certificates import selectors
from jialiang.formats.conversion.registry import notations
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.documents.notations import notation
from jialiang.functions import certificates
from jialiang.governance.storage.current import current_store
from jialiang.kernel.clock import utc_now
from tests.console.bench import Bench, bench_of, text_of
from tests.functions import record_world

pytestmark = pytest.mark.django_db
MADE = [name for name in notations() if name not in ("xml", "pdf")]


@pytest.fixture
def bench(in_tenant) -> Bench:
    return bench_of(in_tenant)


@pytest.fixture
def issued(bench):
    """A certificate in force."""
    numbered = record_world.approve(bench.world, bench.reviewed())
    return certificates.finish(actor=bench.world.worker(), certificate_id=numbered.id, now=utc_now())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_offers_every_form_in_words(bench, issued, language: str) -> None:
    page = text_of(bench.client("reviewer", language).get(f"/certificates/{issued.id}/"))
    links = [str(each) for each in html.fromstring(page).xpath("//details//a[contains(@href, '/forms/')]/@href")]
    for name in MADE:
        offered = [link for link in links if f"/forms/{name}" in link]
        assert len(offered) >= (2 if notation(name).takes_language else 1), name
        assert notation(name).text.in_language(language[:2]) in html.fromstring(page).text_content()
    assert not [link for link in links if link.endswith(("/forms/xml", "/forms/pdf"))]


def test_every_form_is_an_attachment_made_from_the_issued_xml(bench, issued) -> None:
    client = bench.client("reviewer")
    for name in MADE:
        answer = client.get(f"/certificates/{issued.id}/forms/{name}?language=zh")
        assert answer.status_code == 200, name
        expected = f'attachment; filename="{issued.number}{notation(name).suffix}"'
        assert answer["Content-Disposition"].startswith(expected)
    told = json.loads(client.get(f"/certificates/{issued.id}/forms/data-json?language=en").content)
    assert issued.number in json.dumps(told)


def test_xml_and_pages_are_the_issued_bytes(bench, issued) -> None:
    client = bench.client("reviewer")
    for form, kind in (("xml", "xml"), ("pdf?language=zh", "pdf_zh"), ("pdf?language=en", "pdf_en")):
        stored = current_store().get(selectors.file_of(issued.id, kind).sha256)
        assert client.get(f"/certificates/{issued.id}/forms/{form}").content == stored


def test_another_encoding_holds_the_same_certificate(bench, issued) -> None:
    answer = bench.client("reviewer").get(f"/certificates/{issued.id}/forms/json")
    assert b"jialiang.lossless-xml/1" in answer.content
    stored = current_store().get(selectors.file_of(issued.id, "xml").sha256)
    assert Certificate.read(stored).number == issued.number


def test_an_unknown_form_is_not_there(bench, issued) -> None:
    answer = bench.client("reviewer").get(f"/certificates/{issued.id}/forms/docx")
    assert answer.status_code == 404
    assert "JL-CNV-001" in text_of(answer)


def test_a_stranger_is_sent_to_sign_in(issued) -> None:
    answer = Client().get(f"/certificates/{issued.id}/forms/json")
    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]


def test_a_certificate_that_is_not_there_has_no_forms(bench) -> None:
    nobody = "0" * 8 + "-0000-4000-8000-" + "0" * 12
    assert bench.client("reviewer").get(f"/certificates/{nobody}/forms/json").status_code == 404


def test_a_customer_of_somebody_else_gets_no_form(bench, issued) -> None:
    foreign = bench.stranger_with("customer", organization_id=bench.world.site_id)
    for name in ("xml", "pdf", *MADE):
        assert foreign.get(f"/certificates/{issued.id}/forms/{name}").status_code == 403
