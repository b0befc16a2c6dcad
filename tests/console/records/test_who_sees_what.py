"""Records and certificates by role: which pages open, which are refused with the rule, which do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jialiang.base.identifiers.selectors import identifier_of
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.accounts.models import Person
from jialiang.security.accounts.services import create_person, grant_role
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant
from tests.console.records.conftest import Standing
from tests.functions.record_world import PASSWORD

STAFF = (
    "receptionist",
    "technician",
    "reviewer",
    "signatory",
    "standards_keeper",
    "instrument_manager",
    "quality_manager",
    "auditor",
    "regulator",
    "system_administrator",
)
READS_RECORDS = {
    "receptionist",
    "technician",
    "reviewer",
    "signatory",
    "standards_keeper",
    "quality_manager",
    "auditor",
    "regulator",
}
READS_NUMBERS = {
    "receptionist",
    "signatory",
    "quality_manager",
    "auditor",
    "regulator",
    "system_administrator",
}


def url(name: str, *args: Any) -> str:
    return reverse(name, args=args)


@pytest.mark.parametrize("role", [*STAFF, "customer"])
def test_pages_of_records_open_for_those_who_read_them(
    house: Standing, as_: Callable[..., Client], role: str
) -> None:
    client = as_(role)
    expected = 200 if role in READS_RECORDS else 403
    for address in (
        url("calibrations"),
        url("calibration", house.draft) + "?view=record",
        url("calibration", house.submitted) + "?view=record",
        url("calibration_uncertainty", house.submitted),
    ):
        answer = client.get(address)
        assert answer.status_code == expected, address
        if expected == 403:
            assert "JL-POL-001" in answer.content.decode()


@pytest.mark.parametrize("role", STAFF)
def test_pages_of_certificates_open_for_the_whole_house(
    house: Standing, as_: Callable[..., Client], role: str
) -> None:
    client = as_(role)
    for address in (
        url("certificates"),
        url("certificate", house.issued),
        url("certificate_issuing", house.issuing),
        url("certificate_file", house.issued, "xml"),
        url("certificate_chain", house.issued),
        url("traceability"),
    ):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("role", [*STAFF, "customer"])
def test_the_account_of_numbers_is_read_by_those_who_answer_for_it(
    as_: Callable[..., Client], role: str
) -> None:
    answer = as_(role).get(url("numbers"))
    assert answer.status_code == (200 if role in READS_NUMBERS else 403)


@pytest.mark.parametrize("role", [*STAFF, "customer"])
@pytest.mark.parametrize("deed", ["amend", "withdraw"])
def test_only_a_signatory_changes_a_certificate(
    house: Standing, as_: Callable[..., Client], role: str, deed: str
) -> None:
    client = as_(role, of_customer=True)
    address = url(f"certificate_{deed}", house.issued)
    allowed = role == "signatory"
    assert client.get(address).status_code == (200 if allowed else 403)
    page = client.get(url("certificate", house.issued)).content.decode()
    assert (address in page) is allowed


@pytest.mark.parametrize(
    ("role", "page", "status"),
    [
        ("technician", "calibration_review", 403),
        ("reviewer", "calibration_review", 200),
        ("signatory", "calibration_review", 403),
        ("auditor", "calibration_review", 403),
        ("technician", "calibration_approval", 403),
        ("reviewer", "calibration_approval", 403),
        ("receptionist", "calibration_approval", 403),
        ("signatory", "calibration_approval", 200),
    ],
)
def test_reviewing_and_approving_have_pages_of_their_own(
    house: Standing, as_: Callable[..., Client], role: str, page: str, status: int
) -> None:
    record = house.submitted if page == "calibration_review" else house.reviewed
    answer = as_(role).get(url(page, record))
    assert answer.status_code == status
    if status == 403:
        assert "JL-POL-001" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "record", "leads_to"),
    [
        ("technician", "draft", ""),
        ("technician", "submitted", ""),
        ("reviewer", "draft", ""),
        ("reviewer", "submitted", "calibration_review"),
        ("reviewer", "reviewed", ""),
        ("signatory", "submitted", ""),
        ("signatory", "reviewed", "calibration_approval"),
        ("auditor", "reviewed", ""),
        ("signatory", "issued_record", ""),
    ],
)
def test_a_record_leads_whoever_has_to_decide_to_the_decision(
    house: Standing, as_: Callable[..., Client], role: str, record: str, leads_to: str
) -> None:
    record_id = getattr(house, record)
    client = as_(role)
    answer = client.get(url("calibration", record_id))
    if leads_to:
        assert (answer.status_code, answer["Location"]) == (302, url(leads_to, record_id))
    else:
        assert answer.status_code == 200
    assert client.get(url("calibration", record_id) + "?view=record").status_code == 200


@pytest.mark.parametrize(
    ("role", "record", "entered", "amended"),
    [
        ("technician", "draft", True, False),
        ("technician", "submitted", False, True),
        ("technician", "reviewed", False, True),
        ("technician", "issued_record", False, False),
        ("auditor", "draft", False, False),
        ("quality_manager", "submitted", False, False),
    ],
)
def test_cells_are_fields_for_the_technician_of_a_draft_only(
    house: Standing, as_: Callable[..., Client], role: str, record: str, entered: bool, amended: bool
) -> None:
    record_id = getattr(house, record)
    page = as_(role).get(url("calibration", record_id) + "?view=record").content.decode()
    assert ('name="c-1-indication"' in page) is entered
    assert ("Submit for review" in page) is entered
    assert (url("calibration_amend", record_id) in page) is amended


def test_another_technician_reads_a_draft_and_enters_nothing(
    house: Standing, as_: Callable[..., Client]
) -> None:
    other = house.bench.stranger_with("technician")
    address = url("calibration", house.draft)
    assert 'name="c-1-indication"' not in other.get(address).content.decode()
    answer = other.post(address, {"act": "save", "c-1-indication": "21.5"})
    assert answer.status_code == 403
    assert "JL-CAL-" in answer.content.decode()


@pytest.mark.parametrize(
    ("of_customer", "status"), [(True, 200), (False, 403)], ids=["of the owner", "of nobody"]
)
def test_a_customer_opens_the_own_certificate_and_no_other(
    house: Standing, as_: Callable[..., Client], of_customer: bool, status: int
) -> None:
    client = as_("customer", of_customer=of_customer)
    for address in (
        url("certificate", house.issued),
        url("certificate_file", house.issued, "pdf_zh"),
        url("certificate_chain", house.issued),
    ):
        assert client.get(address).status_code == status, address
    listed = client.get(url("certificates")).context["list_page"].rows
    assert [row.certificate.id for row in listed if row.certificate.id == house.issued] == (
        [house.issued] if of_customer else []
    )


def test_a_customer_sees_neither_record_nor_standards_from_the_certificate(
    house: Standing, as_: Callable[..., Client]
) -> None:
    page = as_("customer", of_customer=True).get(url("certificate", house.issued)).content.decode()
    assert url("calibration", house.issued_record) not in page
    assert url("certificate_chain", house.issued) in page
    chain = as_("instrument_manager").get(url("certificate_chain", house.issued)).content.decode()
    assert url("measurement_standard", house.bench.world.standard_id) in chain


def test_the_same_page_shows_its_reader_the_ways_that_are_open(
    house: Standing, as_: Callable[..., Client]
) -> None:
    address = url("certificate", house.issued)
    assert url("calibration", house.issued_record) in as_("auditor").get(address).content.decode()
    assert (
        url("calibration", house.issued_record) not in as_("instrument_manager").get(address).content.decode()
    )


THINGS = {
    "calibration": "draft",
    "calibration_uncertainty": "submitted",
    "calibration_review": "submitted",
    "calibration_approval": "reviewed",
    "calibration_amend": "submitted",
    "certificate": "issued",
    "certificate_issuing": "issuing",
    "certificate_amend": "issued",
    "certificate_attest": "issued",
    "certificate_withdraw": "issued",
    "certificate_void": "issuing",
    "certificate_chain": "issued",
}


@pytest.fixture
def elsewhere(house: Standing) -> Client:
    """Somebody who may do everything, in another institute."""
    now = utc_now()
    other = create_tenant(
        slug="elsewhere", name=Text("别院", "Elsewhere"), time_zone="Asia/Shanghai", now=now
    )
    with scope(other.id):
        person: Person = create_person(
            tenant_id=other.id, username="else", password=PASSWORD, name=Text("别人", "Else"), now=now
        )
        for role in ("technician", "auditor"):
            grant_role(person_id=person.id, role=role, valid_from=now.date(), granted_by_id=None, now=now)
    client = Client()
    client.force_login(person)
    client.cookies["jialiang_language"] = "en"
    return client


@pytest.mark.parametrize("name", THINGS)
def test_another_institute_s_record_or_certificate_does_not_exist(
    house: Standing, elsewhere: Client, name: str
) -> None:
    address = url(name, getattr(house, THINGS[name]))
    answer = elsewhere.post(address, {}) if name == "calibration_amend" else elsewhere.get(address)
    refused = {"calibration_review", "calibration_approval", "certificate_amend"}
    refused |= {"certificate_attest", "certificate_withdraw"}
    assert answer.status_code in ({403, 404} if name in refused | {"certificate_void"} else {404})
    page = answer.content.decode()
    assert "Chenxing" not in page
    assert "T2104-0387" not in page


def test_a_customer_of_nobody_finds_no_certificate_by_its_identifier(
    house: Standing, as_: Callable[..., Client]
) -> None:
    found = identifier_of("certificate", house.issued)
    assert found is not None
    address, query = url("search"), {"q": found.text}
    nothing = as_("customer").get(address, query)
    assert nothing.status_code == 200
    assert nothing.context["hits"] == []
    assert as_("auditor").get(address, query)["Location"] == url("certificate", house.issued)


@pytest.mark.parametrize("name", ["calibrations", "certificates", "traceability"])
def test_another_institute_s_lists_are_empty(elsewhere: Client, name: str) -> None:
    for query in ("", "?q=T2104", "?view=all", "?q=Chenxing"):
        page = elsewhere.get(url(name) + query)
        assert page.status_code == 200
        assert "T2104-0387" not in page.content.decode()


def test_a_file_of_another_institute_is_not_handed_out(house: Standing, elsewhere: Client) -> None:
    for kind in ("xml", "pdf_zh", "pdf_en"):
        answer = elsewhere.get(url("certificate_file", house.issued, kind))
        assert answer.status_code == 404
        assert "Content-Disposition" not in answer


@pytest.mark.parametrize("name", [*THINGS, "calibrations", "calibration_start", "certificates", "numbers"])
def test_a_stranger_is_asked_to_sign_in_first(house: Standing, name: str) -> None:
    args = [getattr(house, THINGS[name])] if name in THINGS else []
    address = reverse(name, args=args)
    answer = Client().post(address) if name == "calibration_amend" else Client().get(address)
    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in/?next={address}"


@pytest.mark.parametrize(
    ("method", "name", "thing"),
    [
        ("post", "calibrations", ""),
        ("put", "calibration", "draft"),
        ("delete", "calibration", "draft"),
        ("get", "calibration_amend", "submitted"),
        ("post", "calibration_uncertainty", "submitted"),
        ("put", "calibration_review", "submitted"),
        ("delete", "calibration_approval", "reviewed"),
        ("post", "certificates", ""),
        ("post", "certificate", "issued"),
        ("post", "certificate_issuing", "issuing"),
        ("delete", "certificate_withdraw", "issued"),
        ("post", "numbers", ""),
        ("post", "traceability", ""),
        ("post", "certificate_chain", "issued"),
    ],
)
def test_a_page_answers_only_the_methods_it_has(
    house: Standing, as_: Callable[..., Client], method: str, name: str, thing: str
) -> None:
    args = [getattr(house, thing)] if thing else []
    answer = getattr(as_("signatory"), method)(reverse(name, args=args))
    assert answer.status_code == 405
