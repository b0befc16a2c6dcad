"""The public side: no login, no script, small, and nothing to enumerate."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jialiang.base.certificates import selectors
from jialiang.base.certificates.models import FakeReport
from jialiang.functions import certificates
from jialiang.governance.storage.current import current_store
from jialiang.kernel.clock import utc_now
from tests.console.bench import HOSTILE, Bench, bench_of, text_of
from tests.functions import record_world

pytestmark = pytest.mark.django_db
LARGEST_PAGE = 50_000


@pytest.fixture
def bench(in_tenant) -> Bench:
    return bench_of(in_tenant)


@pytest.fixture
def issued(bench):
    """A certificate in force."""
    numbered = record_world.approve(bench.world, bench.reviewed())
    return certificates.finish(actor=bench.world.worker(), certificate_id=numbered.id, now=utc_now())


def xml_of(issued) -> bytes:
    return current_store().get(selectors.file_of(issued.id, "xml").sha256)


def hand_in(data: bytes, name: str = "certificate.xml", **headers: str):
    client = Client(enforce_csrf_checks=True)
    return client.post("/check/file?lang=en", {"file": SimpleUploadedFile(name, data)}, headers=headers)


@pytest.mark.parametrize(("language", "words"), [("zh", "查验证书"), ("en", "Check a certificate")])
@pytest.mark.parametrize("address", ["/check", "/check/report", "/c/88.999.1/x"])
def test_forms_are_small_and_set_no_cookie_where_none_is_needed(client, db, address, language, words) -> None:
    answer = client.get(f"{address}?lang={language}")
    page = text_of(answer)
    assert answer.status_code == 200
    assert len(answer.content) < LARGEST_PAGE
    assert "<script" not in page
    assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in page
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    if address != "/check/report":
        assert words in page
        assert not answer.cookies


def test_number_and_code_give_the_verdict_and_a_wrong_code_the_same_as_no_number(client, issued) -> None:
    right = client.get("/check", {"number": issued.number, "code": issued.check_code, "lang": "en"})
    assert right.status_code == 200
    assert "Genuine and in force" in text_of(right)
    wrong = client.get("/check", {"number": issued.number, "code": "0000000000000", "lang": "en"})
    never = client.get("/check", {"number": "YZ-1999-C-000001", "code": "0000000000000", "lang": "en"})
    assert wrong.status_code == never.status_code == 404
    blank = re.compile(r'value="[^"]*"|datetime="[^"]*"|>[^<]*Z<|href="[^"]*"')
    assert blank.sub("", text_of(wrong)) == blank.sub("", text_of(never))


def test_the_address_of_the_symbol_answers_as_page_and_as_json(client, issued) -> None:
    address = f"/c/{issued.identifier.text}?k={issued.check_code}"
    assert "真实，且有效" in text_of(client.get(address + "&lang=zh"))
    said = client.get(address, headers={"Accept": "application/json"}).json()
    assert said["verdict"] == "genuine"


def test_an_issued_file_is_genuine_and_an_altered_one_is_not(issued) -> None:
    xml = xml_of(issued)
    assert "Genuine and in force" in text_of(hand_in(xml))
    altered = xml.replace(b"<dcc:model>TDX-200", b"<dcc:model>TDX-900")
    assert altered != xml
    answer = text_of(hand_in(altered))
    assert "Altered. Do not trust" in answer
    assert "TDX-900" in answer


def test_nothing_of_a_file_that_was_handed_in_is_kept(issued) -> None:
    before = set(current_store().all_digests())
    hand_in(xml_of(issued) + b"\n<!-- mine -->")
    assert set(current_store().all_digests()) == before


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 broken", b"<a/>", HOSTILE.encode(), b"\x00" * 100])
def test_whatever_is_handed_in_gets_an_answer_in_words(db, data) -> None:
    answer = hand_in(data, name=f"{HOSTILE}.xml")
    assert answer.status_code in {200, 404, 422}
    assert "<script>alert" not in text_of(answer)


def test_a_form_without_file_and_a_file_too_large_are_refused_with_the_rule(
    db, settings, monkeypatch
) -> None:
    nothing = Client().post("/check/file?lang=en")
    assert nothing.status_code == 422
    assert "JL-SCR-001" in text_of(nothing)
    monkeypatch.setattr("jialiang.console.authenticity.checking.settings", _small(settings))
    large = hand_in(b"x" * 2048)
    assert large.status_code == 413
    assert "JL-SCR-002" in text_of(large)


def _small(settings):
    from types import SimpleNamespace

    return SimpleNamespace(JIALIANG=SimpleNamespace(max_upload_bytes=1024, domain=settings.JIALIANG.domain))


def test_files_are_limited_by_address(db, monkeypatch) -> None:
    monkeypatch.setattr("jialiang.console.authenticity.checking.FILES_A_MINUTE", 2)
    monkeypatch.setattr("jialiang.console.authenticity.limits.MINUTE", 60)
    answers = [hand_in(b"<a/>").status_code for _ in range(4)]
    assert 429 in answers
    assert hand_in(b"<a/>", **{"X-Forwarded-For": "203.0.113.9"}).status_code != 429


def test_a_fake_is_reported_once_the_form_is_ours_and_not_empty(issued) -> None:
    client = Client(enforce_csrf_checks=True)
    page = text_of(client.get(f"/check/report?number={issued.number}&lang=en"))
    assert f'value="{issued.number}"' in page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    form = {"number": issued.number, "description": HOSTILE, "contact": "", "csrfmiddlewaretoken": token}
    assert client.post("/check/report", form | {"csrfmiddlewaretoken": "x"}).status_code == 403
    assert client.post("/check/report?lang=en", form).status_code == 200
    assert FakeReport.objects.get().certificate_id == issued.id
    empty = client.post("/check/report?lang=en", {"csrfmiddlewaretoken": token})
    assert empty.status_code == 422
    assert "JL-CER-011" in text_of(empty)


def test_reports_are_limited_by_address(issued, monkeypatch) -> None:
    monkeypatch.setattr("jialiang.console.authenticity.reporting.REPORTS_AN_HOUR", 1)
    answers = [Client().post("/check/report?lang=en", {"number": "X"}).status_code for _ in range(3)]
    assert answers[0] == 200
    assert 429 in answers


@pytest.mark.parametrize(("kind", "ending"), [("xml", ".xml"), ("zh.pdf", ".zh.pdf"), ("en.pdf", ".en.pdf")])
def test_issued_files_need_the_check_code(client, issued, kind, ending) -> None:
    address = f"/c/{issued.identifier.text}/{kind}"
    answer = client.get(f"{address}?k={issued.check_code}")
    assert answer.status_code == 200
    assert issued.number + ending in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"{address}?k=0000000000000").status_code == 404
    assert client.get(address).status_code == 404


def test_an_issued_file_is_found_by_its_digest_and_nothing_else_is(client, issued) -> None:
    digest = selectors.file_of(issued.id, "xml").sha256
    assert client.get(f"/files/{digest}").content == xml_of(issued)
    assert client.get(f"/files/{'0' * 64}").status_code == 404
    assert client.get("/files/../../etc/passwd").status_code == 404


def test_trust_anchors_are_what_openssl_reads(client, bench) -> None:
    from cryptography import x509

    root = x509.load_pem_x509_certificate(client.get("/trust/ca.pem").content)
    answer = client.get("/trust/crl")
    revoked = x509.load_der_x509_crl(answer.content)
    assert revoked.issuer == root.subject
    assert revoked.is_signature_valid(root.public_key())
    assert answer.headers["Content-Type"] == "application/pkix-crl"


def test_without_an_authority_there_is_nothing_to_trust(client, db) -> None:
    assert client.get("/trust/ca.pem").status_code == 404
    assert client.get("/trust/crl").status_code == 404


def test_a_pdf_is_checked_by_the_xml_in_it(issued) -> None:
    pdf = current_store().get(selectors.file_of(issued.id, "pdf_en").sha256)
    assert "Genuine and in force" in text_of(hand_in(io.BytesIO(pdf).read(), name="certificate.pdf"))
