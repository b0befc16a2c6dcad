"""Certificates on screen: the paper with its evidence, issuing, changing, files, and the account of numbers."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from jialiang.base.certificates import selectors
from jialiang.formats.canonical import sha256_hex
from jialiang.functions import certificates
from jialiang.kernel.clock import utc_now
from tests.console.bench import HOSTILE, LANGUAGES, Bench, bench_of, text_of
from tests.functions import record_world
from tests.functions.record_world import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def bench(in_tenant) -> Bench:
    return bench_of(in_tenant)


@pytest.fixture
def numbered(bench):
    """A certificate that has its number and waits for the worker."""
    return record_world.approve(bench.world, bench.reviewed())


@pytest.fixture
def issued(bench, numbered):
    """A certificate in force."""
    return certificates.finish(actor=bench.world.worker(), certificate_id=numbered.id, now=utc_now())


def at(certificate, name="certificate", *more) -> str:
    return reverse(name, args=[certificate.id, *more])


@pytest.mark.parametrize("language", LANGUAGES)
def test_paper_evidence_files_and_code_stand_on_one_page(bench, issued, language) -> None:
    page = text_of(bench.client("signatory", language).get(at(issued)))
    assert page.count('<article class="jl-sheet') == 2
    for file in selectors.files_of(issued.id):
        assert file.sha256 in page
    assert issued.check_code[:4] + "-" + issued.check_code[4:8] in page
    assert ("The content is as issued" if language == "en" else "内容与签发时相同") in page
    assert 'class="jl-seal' in page


@pytest.mark.parametrize("kind", ["xml", "pdf_zh", "pdf_en"])
def test_a_file_is_handed_out_byte_for_byte_as_an_attachment(bench, issued, kind) -> None:
    answer = bench.client("receptionist").get(at(issued, "certificate_file", kind))
    file = selectors.file_of(issued.id, kind)
    assert sha256_hex(answer.content) == file.sha256
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{file.file_name}"')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_certificate_that_is_being_issued_shows_its_progress_until_it_is_done(bench, numbered) -> None:
    signatory = bench.client("signatory")
    assert signatory.get(at(numbered)).headers["Location"] == at(numbered, "certificate_issuing")
    running = signatory.get(at(numbered, "certificate_issuing"), headers={"HX-Request": "true"})
    assert "<html" not in text_of(running)
    assert "Step 3 of 5" in text_of(running)
    certificates.finish(actor=bench.world.worker(), certificate_id=numbered.id, now=utc_now())
    done = text_of(signatory.get(at(numbered, "certificate_issuing"), headers={"HX-Request": "true"}))
    assert "every 1s" not in done
    assert "The certificate is in force" in done


def test_a_withdrawal_asks_why_and_for_the_password(bench, issued) -> None:
    signatory = bench.client("signatory")
    assert "withdrawn, do not use" in text_of(signatory.get(at(issued, "certificate_withdraw")))
    empty = signatory.post(at(issued, "certificate_withdraw"), {"password": PASSWORD})
    assert empty.status_code == 422
    assert 'aria-invalid="true"' in text_of(empty)
    wrong = signatory.post(at(issued, "certificate_withdraw"), {"reason_zh": "读数有误", "password": "wrong"})
    assert wrong.status_code == 422
    assert selectors.certificate(issued.id).state == "in_force"
    right = {"reason_zh": "读数有误", "reason_en": HOSTILE, "password": PASSWORD}
    assert signatory.post(at(issued, "certificate_withdraw"), right).status_code == 302
    page = text_of(signatory.get(at(issued)))
    assert selectors.certificate(issued.id).state == "withdrawn"
    assert "Withdrawn. Do not use." in page
    assert "<script>alert" not in page


def test_an_amendment_opens_a_record_and_is_named_on_the_certificate(bench, issued) -> None:
    signatory = bench.client("signatory")
    done = signatory.post(at(issued, "certificate_amend"), {"reason_zh": "客户名称有误"})
    assert done.status_code == 302
    assert "This record amends a certificate." in text_of(
        bench.client("technician").get(done.headers["Location"])
    )
    assert "An amending record is under way." in text_of(signatory.get(at(issued)))
    again = signatory.post(at(issued, "certificate_amend"), {"reason_zh": "再改"})
    assert again.status_code == 409
    assert "JL-CER-006" in text_of(again)


def test_a_number_that_is_voided_stays_in_the_account_with_its_reason(bench, numbered) -> None:
    signatory = bench.client("signatory")
    form = {"reason_zh": "签名设备故障", "reason_en": "the key store failed"}
    assert signatory.post(at(numbered, "certificate_void"), form).status_code == 302
    page = text_of(signatory.get("/numbers/"))
    assert numbered.number in page
    assert "the key store failed" in page
    assert re.search(r"Unaccounted for</dt><dd><span[^>]*>.*?none", page, re.S)


def test_a_customer_sees_the_own_certificates_only(bench, issued) -> None:
    own = bench.stranger_with("customer", organization_id=bench.world.customer_id)
    assert issued.number in text_of(own.get("/certificates/"))
    assert own.get(at(issued)).status_code == 200
    assert "Amend…" not in text_of(own.get(at(issued)))
    assert own.post(at(issued, "certificate_withdraw"), {"reason_zh": "x"}).status_code == 403
    assert own.get("/numbers/").status_code == 403


def test_a_customer_of_somebody_else_sees_nothing(bench, issued) -> None:
    own_institute = (
        record_world.calibrations
    )  # any other organization: the institute itself is none of the customer
    assert own_institute is not None
    foreign = bench.stranger_with("customer", organization_id=bench.world.site_id)
    assert issued.number not in text_of(foreign.get("/certificates/"))
    assert foreign.get(at(issued)).status_code == 403
    assert foreign.get(at(issued, "certificate_file", "xml")).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chain_is_drawn_and_told_as_a_table(bench, issued, language) -> None:
    technician = bench.client("technician", language)
    for address in (
        at(issued, "certificate_chain"),
        reverse("instrument_chain", args=[issued.instrument_id]),
        reverse("standard_chain", args=[bench.world.standard_id]),
    ):
        page = text_of(technician.get(address))
        assert 'class="jl-chart jl-chain' in page
        assert "GJ-2026-C-000312" in page
        assert "GJ-2026-C-000007" in page
        assert "&lt;rect" not in page


def test_a_day_after_the_end_of_validity_breaks_the_chain(bench, issued) -> None:
    page = text_of(bench.client("technician").get(at(issued, "certificate_chain") + "?on=2033-01-01"))
    assert "Does not hold" in page
    assert text_of(bench.client("technician").get(at(issued, "certificate_chain") + "?on=nonsense"))


def test_what_rests_on_a_certificate_of_a_standard_is_listed(bench, issued) -> None:
    chain = text_of(bench.client("standards_keeper").get(at(issued, "certificate_chain")))
    address = re.search(r'href="(/standards/certificates/[^"]+/affected)"', chain)[1]
    assert issued.number in text_of(bench.client("standards_keeper").get(address))


def test_the_traceability_page_finds_what_has_a_chain(bench, issued) -> None:
    page = text_of(bench.client("technician").get(f"/traceability/?q={issued.number}"))
    assert at(issued, "certificate_chain") in page
    assert reverse("standard_chain", args=[bench.world.standard_id]) in page


@pytest.mark.parametrize("state", ["", "in_force", "withdrawn", "unheard-of"])
def test_the_list_is_narrowed_by_state(bench, issued, state) -> None:
    page = text_of(bench.client("receptionist").get(f"/certificates/?state={state}"))
    assert (issued.number in page) is (state != "withdrawn")
