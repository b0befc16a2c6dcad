"""The signature of a record on its page: who signed, which values, the verdict, and signing it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from jialiang.base.identifiers.models import Identifier
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifiers
from jialiang.functions.identifier_trust import trust_report
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.keys import pkcs8, services
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import tenant
from tests.console.registers.identifier_desk import NAME, Desk, browser_of, page_of
from tests.console.whole import faults_of
from tests.functions.prefix_verbs import operator

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
DUE = HandleValue(2, "DUE_DATE", b"2027-06-15")


@pytest.fixture
def sealed(identifier_desk: Desk, monkeypatch) -> Desk:
    """The desk in an institute with a seal."""
    monkeypatch.setattr(pkcs8, "COST", 16)
    services.create_authority(utc_now())
    institute = tenant(identifier_desk.world.tenant_id)
    services.issue_seal(institute, Text("云泽院", "Yunze"), "12370000MB0000000X", utc_now())
    return identifier_desk


def date_it(desk: Desk, person: str = "operator") -> None:
    """Let the record speak of a calibration."""
    browser = browser_of(desk, person)
    with scope(desk.world.tenant_id):
        identifiers.add_values(actor=operator(desk.world), name=NAME, values=[DUE], now=utc_now())
    assert browser.get(reverse("identifier", args=[desk.record.id])).status_code == 200


def card(desk: Desk, language: str = "en", person: str = "operator") -> str:
    """The words of the card alone."""
    shown = page_of(desk, person, "identifier", desk.record.id, language=language)
    title = {"en": "Signature of the values", "zh-hans": "值的签名"}[language]
    part = shown[shown.index(title) :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part[: part.index("</section>")]))


def test_a_signed_record_tells_who_signed_which_values_over_which_chain(sealed: Desk):
    date_it(sealed)
    told = card(sealed)
    assert "The signature holds" in told
    assert "Signed and unchanged 2, 2000, 2001" in told
    assert "/seal.labels" in told
    assert "/0.0" in told
    assert "Sign the values" not in told, "nothing is to be done"


@LANGUAGES
@pytest.mark.parametrize("person", ["operator", "dairy", "auditor"])
def test_the_page_is_whole_with_and_without_a_signature(sealed: Desk, language: str, person: str):
    address = reverse("identifier", args=[sealed.record.id])
    assert faults_of(browser_of(sealed, person, language).get(address).content.decode(), language) == []
    date_it(sealed)
    assert faults_of(browser_of(sealed, person, language).get(address).content.decode(), language) == []
    asked = browser_of(sealed, "operator", language).get(reverse("identifier_sign", args=[sealed.record.id]))
    assert faults_of(asked.content.decode(), language) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Values changed since they were signed", "Changed since 2000")),
     ("zh-hans", ("签名后值有更改", "签名后更改 2000"))],
)  # fmt: skip
def test_a_value_changed_past_the_verbs_is_told_by_its_index(sealed: Desk, language: str, words: tuple[str, str]):
    date_it(sealed)
    with scope(sealed.world.tenant_id):
        row = Identifier.objects.get(pk=sealed.record.id)
        Identifier.objects.filter(pk=row.pk).update(values_text=row.values_text.replace("ST-1", "ST-2"))
    told = card(sealed, language)
    assert all(word in told for word in words), told
    assert {"en": "Sign the values", "zh-hans": "对值签名"}[language] in told


@pytest.mark.parametrize(("language", "words"), [("en", "Not signed"), ("zh-hans", "未签名")])
def test_an_unsigned_record_says_so_and_offers_signing_to_whoever_may(sealed: Desk, language: str, words: str):
    assert words in card(sealed, language)
    link = reverse("identifier_sign", args=[sealed.record.id])
    assert link in page_of(sealed, "operator", "identifier", sealed.record.id, language=language)
    assert link not in page_of(sealed, "dairy", "identifier", sealed.record.id, language=language)


def test_signing_on_the_page_makes_it_hold(sealed: Desk):
    browser = browser_of(sealed, "operator")
    address = reverse("identifier_sign", args=[sealed.record.id])
    assert browser.get(address).status_code == 200
    assert trust_report(NAME, utc_now()).verdict == "not_signed", "asking signs nothing"
    answer = browser.post(address, follow=True)
    assert "The public values are signed." in answer.content.decode()
    assert trust_report(NAME, utc_now()).is_trusted
    assert browser_of(sealed, "dairy").post(address).status_code == 403


def test_a_suspended_record_has_no_card(sealed: Desk):
    with scope(sealed.world.tenant_id):
        identifiers.suspend(actor=operator(sealed.world), name=NAME, reason="核查", now=utc_now())
    assert "Signature of the values" not in page_of(sealed, "operator", "identifier", sealed.record.id)


def test_an_institute_without_a_seal_shows_records_as_ever(identifier_desk: Desk):
    assert "Not signed" in card(identifier_desk)
    refused = browser_of(identifier_desk, "operator").post(
        reverse("identifier_sign", args=[identifier_desk.record.id])
    )
    assert refused.status_code == 503
