"""Every page of records, certificates and chains in both languages: labelled, linked, guarded, in one language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.console.bench import filled_form
from tests.console.records.conftest import Standing
from tests.console.whole import faults_of

PAGES = {
    "list": ("technician", "calibrations", ""),
    "list of nothing": ("technician", "calibrations", "?q=nothing"),
    "choose an item": ("technician", "calibration_start", ""),
    "start": ("technician", "calibration_start", "?item={item}"),
    "start of another procedure": (
        "technician",
        "calibration_start",
        "?item={item}&procedure=mass_comparison",
    ),
    "draft": ("technician", "calibration:draft", ""),
    "submitted": ("technician", "calibration:submitted", ""),
    "record that is read": ("auditor", "calibration:issued_record", ""),
    "review": ("reviewer", "calibration_review:submitted", ""),
    "approval": ("signatory", "calibration_approval:reviewed", ""),
    "uncertainty": ("auditor", "calibration_uncertainty:submitted", ""),
    "uncertainty of nothing": ("auditor", "calibration_uncertainty:draft", ""),
    "certificates": ("auditor", "certificates", ""),
    "certificates of nothing": ("auditor", "certificates", "?q=nothing"),
    "certificate": ("signatory", "certificate:issued", ""),
    "progress": ("signatory", "certificate_issuing:issuing", ""),
    "amend": ("signatory", "certificate_amend:issued", ""),
    "attestation": ("signatory", "certificate_attest:issued", ""),
    "withdraw": ("signatory", "certificate_withdraw:issued", ""),
    "void": ("signatory", "certificate_void:issuing", ""),
    "numbers": ("auditor", "numbers", ""),
    "chains": ("auditor", "traceability", "?q=T2104-0387"),
    "chain": ("auditor", "certificate_chain:issued", ""),
    "home of a technician": ("technician", "home", ""),
    "home of a reviewer": ("reviewer", "home", ""),
    "search": ("auditor", "search", "?q=T-0"),
}


def address(house: Standing, name: str, query: str) -> str:
    page, _, thing = name.partition(":")
    return reverse(page, args=[getattr(house, thing)] if thing else []) + query.format(item=house.item)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_owes_its_readers_nothing(
    house: Standing, as_: Callable[..., Client], page: str, language: str
) -> None:
    role, name, query = PAGES[page]
    answer = as_(role, language).get(address(house, name, query))
    assert answer.status_code == 200
    assert faults_of(answer.content.decode(), language) == []


REFUSED: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "record": ("technician", "calibration:draft", filled_form(act="save", **{"c-2-indication": "1,5"}), 422),
    "stale record": ("technician", "calibration:draft", filled_form(act="save", version="0"), 409),
    "unfinished record": ("technician", "calibration:draft", {"act": "submit"}, 422),
    "amendment": ("technician", "calibration_amend:submitted", {"cell": "1-correction", "text": "x"}, 422),
    "return": ("reviewer", "calibration_review:submitted", {"act": "return"}, 422),
    "review": ("reviewer", "calibration_review:submitted", {"act": "pass", "seen": "0"}, 409),
    "approval": ("signatory", "calibration_approval:reviewed", {"act": "approve", "password": "x"}, 422),
    "attestation refused": ("signatory", "certificate_attest:issued", {"password": "x"}, 422),
    "withdrawal": ("signatory", "certificate_withdraw:issued", {"password": "x"}, 422),
    "void": ("signatory", "certificate_void:issued", {"reason_zh": "误"}, 409),
    "forbidden": ("auditor", "certificate_withdraw:issued", {}, 403),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", REFUSED)
def test_a_page_that_refuses_is_as_whole_as_one_that_shows(
    house: Standing, as_: Callable[..., Client], page: str, language: str
) -> None:
    role, name, sent, status = REFUSED[page]
    answer = as_(role, language).post(address(house, name, ""), sent)
    assert answer.status_code == status
    assert faults_of(answer.content.decode(), language) == []
