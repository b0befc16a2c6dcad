"""Attesting conformity on screen: offered where it is possible, confirmed, refused in words, files on the page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from jialiang.base.certificates import selectors
from jialiang.formats.dcoc.documents import read_dcoc
from jialiang.functions import certificates
from jialiang.governance.storage.current import current_store
from jialiang.kernel.clock import utc_now
from tests.console.bench import LANGUAGES, Bench, bench_of, text_of
from tests.functions import record_world
from tests.functions.record_world import PASSWORD

pytestmark = pytest.mark.django_db
FILLED = {
    "scheme_number": "YZ-CS-02", "scheme_zh": "评定制度", "scheme_en": "Scheme", "scheme_version": "2",
    "scheme_valid_from": "2026-01-01", "category_zh": "数字温度计", "category_en": "Digital thermometers",
    "password": PASSWORD,
}  # fmt: skip


@pytest.fixture
def bench(in_tenant) -> Bench:
    return bench_of(in_tenant)


@pytest.fixture
def issued(bench):
    """A certificate in force that states conformity."""
    numbered = record_world.approve(bench.world, bench.reviewed())
    return certificates.finish(actor=bench.world.worker(), certificate_id=numbered.id, now=utc_now())


def at(certificate, name="certificate_attest", *more) -> str:
    return reverse(name, args=[certificate.id, *more])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_signatory_is_offered_it_and_sees_what_is_attested(bench, issued, language) -> None:
    signatory = bench.client("signatory", language)
    assert at(issued) in text_of(signatory.get(at(issued, "certificate")))
    page = text_of(signatory.get(at(issued)))
    assert ("What is attested" if language == "en" else "所证明的内容") in page
    assert ('value="Digital thermometer"') in page
    assert at(issued) not in text_of(bench.client("reviewer", language).get(at(issued, "certificate")))


def test_filled_and_confirmed_both_documents_are_issued_and_stand_among_the_files(bench, issued) -> None:
    signatory = bench.client("signatory", "en")
    done = signatory.post(at(issued), FILLED)
    assert (done.status_code, done["Location"]) == (302, at(issued, "certificate"))
    page = text_of(signatory.get(at(issued, "certificate")))
    assert "Certificate of conformity and credential are issued." in page
    for kind in ("dcoc", "credential"):
        file = selectors.file_of(issued.id, kind)
        assert file.sha256 in page
        handed = signatory.get(at(issued, "certificate_file", kind))
        assert handed.content == current_store().get(file.sha256)
        assert handed["Content-Disposition"].startswith(f'attachment; filename="{file.file_name}"')
    assert at(issued) not in page
    certificate = read_dcoc(current_store().get(selectors.file_of(issued.id, "dcoc").sha256)).certificate
    assert dict(certificate.category.title)["en"] == "Digital thermometers"


def test_the_token_is_handed_out_as_what_it_is(bench, issued) -> None:
    signatory = bench.client("signatory")
    signatory.post(at(issued), FILLED)
    assert signatory.get(at(issued, "certificate_file", "credential"))["Content-Type"] == "application/vc+jwt"


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"password": "wrong"}, 422, 'aria-invalid="true"'),
        ({"scheme_number": "", "scheme_zh": "", "scheme_en": ""}, 422, "JL-CER-015"),
        ({"scheme_uri": "no address"}, 422, "JL-CER-015"),
        ({"scheme_valid_from": "32.13.2026"}, 422, 'aria-invalid="true"'),
    ],
)
def test_what_does_not_fit_is_said_on_the_page_and_nothing_is_issued(bench, issued, changes, status, said) -> None:
    answer = bench.client("signatory").post(at(issued), FILLED | changes)
    assert answer.status_code == status
    assert said in text_of(answer)
    assert [file.kind for file in selectors.files_of(issued.id)] == ["xml", "pdf_zh", "pdf_en"]


def test_a_second_time_is_refused_on_the_page(bench, issued) -> None:
    signatory = bench.client("signatory")
    signatory.post(at(issued), FILLED)
    again = signatory.post(at(issued), FILLED)
    assert again.status_code == 409
    assert "JL-CER-013" in text_of(again)


@pytest.mark.parametrize("role", ["reviewer", "technician", "receptionist"])
def test_others_are_refused(bench, issued, role) -> None:
    client = bench.client(role)
    assert client.get(at(issued)).status_code == 403
    assert client.post(at(issued), FILLED).status_code == 403
