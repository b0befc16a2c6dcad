"""Measurement standards on screen: what is urgent, certificates of paper and file, checks and their chart."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jialiang.base.measurement_standards.selectors import certificates_of, check_observations, standard
from jialiang.console.measurement_standards.listing import look
from jialiang.governance.storage.current import current_store
from jialiang.security.tenancy.scope import scope
from tests.console.ledgers.conftest import Things

pytestmark = pytest.mark.django_db
CERTIFICATE = {
    "number": "GJ-2027-C-000009",
    "issuer_zh": "国家示范计量院（虚构）",
    "valid_from": "2026-06-01",
    "valid_until": "2028-05-31",
    "expanded_uncertainty": "0.003",
    "coverage_factor": "2",
    "unit": "℃",
    "values": "0 0.001 0.003 2\n25 25.002 0.003 2",
}


@pytest.mark.parametrize(
    ("state", "ends", "expected"),
    [
        ("in_use", None, "unproven"),
        ("in_use", date(2026, 6, 15), "expired"),
        ("in_use", date(2026, 6, 16), "ending"),
        ("in_use", date(2026, 8, 15), "ending"),
        ("in_use", date(2026, 8, 16), "in_use"),
        ("suspended", date(2026, 6, 1), "suspended"),
    ],
)
def test_a_standard_looks_as_urgent_as_its_certificate(state: str, ends: date | None, expected: str) -> None:
    assert look(state, ends, date(2026, 6, 16)) == expected


def test_what_stops_work_stands_first(desk: Callable[..., Client], things: Things) -> None:
    with scope(things.world.tenant_id):
        bare = things.world.standard(serial_number="BARE-1")
    page = desk("standards_keeper").get("/standards/").context["list_page"]
    assert page.rows[0].row.id == bare.id
    assert page.rows[0].look == "unproven"


def test_a_standard_is_registered_and_told_that_it_carries_nothing_yet(
    desk: Callable[..., Client], things: Things
) -> None:
    client = desk("standards_keeper")
    typed = {
        "name_zh": "标准砝码", "level": "working", "model": "F1", "serial_number": "W-1", "quantity_zh": "质量",
        "unit": "mg", "measuring_interval_zh": "1 kg",
    }  # fmt: skip
    assert client.post("/standards/new", typed | {"level": ""}).status_code == 422
    answer = client.post("/standards/new", typed, follow=True)
    assert "No certificate carries this standard today" in answer.content.decode()
    assert client.post("/standards/new", typed).status_code == 409


def test_a_certificate_of_paper_is_kept_with_its_values(desk: Callable[..., Client], things: Things) -> None:
    client, url = desk("standards_keeper"), f"/standards/{things.standard.id}/certificate"
    assert client.post(url, CERTIFICATE).status_code == 302
    with scope(things.world.tenant_id):
        row = next(c for c in certificates_of(things.standard.id) if c.number == CERTIFICATE["number"])
    assert (row.form, row.unit, len(row.measured_values)) == ("paper", "\\degreecelsius", 2)
    assert row.measured_values[1]["measured"] == "25.002"
    assert client.post(url, CERTIFICATE).status_code == 409


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"values": "0 0.001 0.003"}, "values"),
        ({"valid_until": "2025-01-01"}, "valid_until"),
        ({"expanded_uncertainty": "0"}, "expanded_uncertainty"),
        ({"unit": "bogons"}, "unit"),
        ({"number": ""}, "number"),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field(
    desk: Callable[..., Client], things: Things, changed: dict[str, str], field: str
) -> None:
    answer = desk("standards_keeper").post(
        f"/standards/{things.standard.id}/certificate", CERTIFICATE | changed
    )
    assert answer.status_code == 422
    assert f'id="id_{field}-error"' in answer.content.decode()


def test_a_pdf_is_kept_by_its_digest(desk: Callable[..., Client], things: Things) -> None:
    pdf = SimpleUploadedFile("certificate.pdf", b"%PDF-1.7 fictional", content_type="application/pdf")
    answer = desk("standards_keeper").post(
        f"/standards/{things.standard.id}/certificate", CERTIFICATE | {"file": pdf}
    )
    assert answer.status_code == 302
    with scope(things.world.tenant_id):
        row = next(c for c in certificates_of(things.standard.id) if c.form == "pdf")
    assert current_store().get(row.stored_digest) == b"%PDF-1.7 fictional"


@pytest.mark.parametrize("xml", [b"no xml at all", b"<html/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_what_is_no_certificate_is_refused_and_nothing_is_kept(
    desk: Callable[..., Client], things: Things, xml: bytes
) -> None:
    with scope(things.world.tenant_id):
        before = len(certificates_of(things.standard.id))
    upload = SimpleUploadedFile("dcc.xml", xml, content_type="text/xml")
    answer = desk("standards_keeper").post(f"/standards/{things.standard.id}/dcc", {"file": upload})
    assert answer.status_code == 422
    assert "JL-" in answer.content.decode()
    with scope(things.world.tenant_id):
        assert len(certificates_of(things.standard.id)) == before


def test_a_check_is_recorded_with_all_its_digits(desk: Callable[..., Client], things: Things) -> None:
    client, url = desk("standards_keeper"), f"/standards/{things.standard.id}/check"
    checked = {"observed_on": "2026-06-10", "measured_value": "0.0100", "unit": "℃"}
    assert client.post(url, checked | {"measured_value": "ten"}).status_code == 422
    assert client.post(url, checked).status_code == 302
    with scope(things.world.tenant_id):
        assert [row.measured_value for row in check_observations(things.standard.id)] == ["0.0100"]


def test_ten_checks_make_a_chart_that_says_what_it_shows(
    desk: Callable[..., Client], checked: Things
) -> None:
    html = desk("standards_keeper").get(f"/standards/{checked.standard.id}/").content.decode()
    chart = html[
        html.index('<svg class="jl-chart') : html.index("</svg>", html.index('<svg class="jl-chart'))
    ]
    assert chart.count("<circle") + chart.count("pt-out") == 12
    assert chart.count('class="limit"') == 2
    assert "&lt;" not in chart
    assert "12 checks, 0 beyond" in html


def test_suspending_and_resuming_need_a_reason(desk: Callable[..., Client], things: Things) -> None:
    client, url = desk("standards_keeper"), f"/standards/{things.standard.id}/"
    assert client.post(f"{url}suspend", {"reason": ""}).status_code == 422
    assert client.post(f"{url}suspend", {"reason": "跌落"}).status_code == 302
    with scope(things.world.tenant_id):
        assert standard(things.standard.id).state == "suspended"
    assert "跌落" in client.get(url).content.decode()
    assert client.post(f"{url}resume", {"reason": "复核合格"}).status_code == 302
    assert client.post(f"{url}dance", {"reason": "x"}).status_code == 404


def test_findings_about_a_signature_are_told_in_plain_words(
    desk: Callable[..., Client], things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scope(things.world.tenant_id):
        row = certificates_of(things.standard.id)[0]
    findings = {
        "integrity": {"outcome": "failed", "code": "JL-SIG-001", "what": {"zh": "改动", "en": "It was altered"}},
        "time": {"outcome": "ok", "code": "", "what": {}},
    }  # fmt: skip
    row.signature_findings = findings
    monkeypatch.setattr("jialiang.console.measurement_standards.one.certificates_of", lambda _id: [row])
    html = desk("standards_keeper").get(f"/standards/{things.standard.id}/").content.decode()
    assert "It was altered" in html
    assert "It was valid when it signed" in html
