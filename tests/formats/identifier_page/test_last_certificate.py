"""The last certificate on the public page of an identifier: its verdict, and whether it is of this instrument."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.identifier_page.test_identifier_page import (
    CHINESE,
    ENGLISH,
    TODAY,
    Page,
    closed,
    said,
    value,
)

from jialiang.formats.identifier_page.page import (
    CertificateSeen,
    PageFrame,
    certificate_link,
    page_words,
    record_page,
)
from jialiang.formats.public_page.page import verdict_title

LINK = "https://id.example.cn/c/88.101.5/ins-9?k=M3306WZ4X355F"
CERTIFICATE, SERIAL = value(1, "CERTIFICATE", LINK.encode()), value(2000, "SERIAL", b"T2104-0387")
VERDICTS = ("genuine", "expired", "superseded", "withdrawn", "altered", "unknown")


def shown(seen: CertificateSeen | None, *values, frame: PageFrame = ENGLISH) -> Page:
    return Page(record_page(said(*(values or (CERTIFICATE, SERIAL))), frame, today=TODAY, certificate=seen))


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("frame", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_every_verdict_is_told_in_the_words_of_the_check_with_its_shape(verdict: str, frame: PageFrame) -> None:
    page = shown(CertificateSeen(verdict, "YZ-2026-C-000004", "T2104-0387", "2027-06-15"), frame=frame)
    assert verdict_title(verdict).in_language(frame.language) in page.text
    assert f"jl-{page_words()['certificates'][verdict]['tone']}" in page.body
    assert page.after({"zh": "证书编号", "en": "Certificate number"}[frame.language]) == "YZ-2026-C-000004"
    assert page.after({"zh": "有效期至", "en": "Due on"}[frame.language]) == "2027-06-15"
    assert LINK.replace("&", "&amp;") in page.body


@pytest.mark.parametrize("verdict", VERDICTS)
def test_red_is_only_for_withdrawn_and_altered(verdict: str) -> None:
    assert (page_words()["certificates"][verdict]["tone"] == "stop") == (verdict in {"withdrawn", "altered"})


@pytest.mark.parametrize(
    ("registered", "certified", "warns"),
    [
        (b"T2104-0387", "T2104-0387", False),
        (b" T2104-0387 ", "T2104-0387", False),
        (b"T2104-0388", "T2104-0387", True),
        (b"t2104-0387", "T2104-0387", True),
        (b"T2104-0387", "", False),
    ],
)
def test_a_certificate_of_another_serial_number_is_told(registered: bytes, certified: str, warns: bool) -> None:
    page = shown(CertificateSeen("genuine", "N", certified), CERTIFICATE, value(2000, "SERIAL", registered))
    assert ("of another instrument" in page.text) == warns


def test_without_a_serial_number_nothing_is_compared() -> None:
    assert "of another instrument" not in shown(CertificateSeen("genuine", "N", "T-1"), CERTIFICATE).text


@pytest.mark.parametrize(("frame", "words"), [(CHINESE, "未查验"), (ENGLISH, "Not issued here and not checked")])
def test_a_certificate_that_was_not_checked_is_no_genuine_one(frame: PageFrame, words: str) -> None:
    page = shown(None, frame=frame)
    assert words in page.text
    assert verdict_title("genuine").in_language(frame.language) not in page.text
    assert LINK in page.links


def test_a_record_without_certificate_says_nothing_of_one() -> None:
    page = shown(None, SERIAL)
    assert "Last certificate" not in page.text
    assert "Not issued here" not in page.text


@pytest.mark.parametrize("state", ["suspended", "retired"])
def test_what_is_not_in_force_names_no_certificate(state: str) -> None:
    page = Page(record_page(closed(state), ENGLISH, today=TODAY))
    assert "Last certificate" not in page.text
    assert certificate_link(closed(state)) == ""


@pytest.mark.parametrize(
    ("values", "link"),
    [
        ((CERTIFICATE,), LINK),
        ((value(1, "certificate", LINK.encode()),), LINK),
        ((value(1, "CERTIFICATE_URL", LINK.encode()),), LINK),
        ((value(1, "CERTIFICATE", b"YZ-2026-C-000004"),), ""),
        ((value(1, "CERTIFICATE", b"javascript:alert(1)"),), ""),
        ((value(2, "CERTIFICATE", b"https://b.example"), value(1, "CERTIFICATE", b"https://a.example")), "https://a.example"),
        ((), ""),
    ],
)  # fmt: skip
def test_the_last_certificate_is_the_first_address_of_its_type(values, link: str) -> None:
    ordered = sorted(values, key=lambda each: each.index)
    assert certificate_link(said(*ordered)) == link


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=12))
def test_what_a_check_told_is_never_markup(number: str, serial: str, due: str) -> None:
    page = shown(CertificateSeen("genuine", f"<b>{number}", f"<i>{serial}", f"<u>{due}"))
    assert not {"i", "u"} & set(page.tags)


@pytest.mark.parametrize(("frame", "code"), [(CHINESE, "zh"), (ENGLISH, "en")])
def test_a_fake_is_reported_by_the_identifier_in_the_language_of_the_page(frame: PageFrame, code: str) -> None:
    link = next(link for link in shown(None, frame=frame).links if link.startswith("/check/report"))
    assert link == f"/check/report?identifier=88.101.5/ins-7&lang={code}"
