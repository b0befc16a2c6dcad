"""Exporting the list of identifiers on screen: what the filter leaves, for whom, and back through the import page."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jialiang.formats.identifier_tables import KINDS, read_table
from jialiang.functions.identifier_exports import MEDIA_TYPES
from jialiang.security.audit.models import AuditRecord
from tests.console.registers.identifier_desk import GIAI, NAME, browser_of, page_of
from tests.console.whole import faults_of

WORDS = {"zh-hans": "导出这 3 个标识", "en": "Export these 3 identifiers"}


def export(desk, person="operator", **filters):
    return browser_of(desk, person).post(reverse("identifiers_export"), {"kind": "ndjson", **filters})


def names_in(answer, kind="ndjson"):
    assert answer.status_code == 200
    return sorted(row.name for row in read_table(io.BytesIO(answer.getvalue()), kind))


@pytest.mark.parametrize("language", WORDS)
def test_the_list_offers_its_export_with_the_filter_that_it_has(identifier_desk, language):
    text = page_of(identifier_desk, "operator", "identifiers", language=language)
    assert WORDS[language] in text
    assert faults_of(text, language) == []
    browser = browser_of(identifier_desk, "operator", language)
    text = browser.get(reverse("identifiers"), {"q": "88.101.5/T", "state": "reserved"}).content.decode()
    assert '<input type="hidden" name="q" value="88.101.5/T">' in text
    assert '<input type="hidden" name="state" value="reserved">' in text
    empty = browser.get(reverse("identifiers"), {"q": "nothing"}).content.decode()
    assert reverse("identifiers_export") not in empty


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_exported_on_screen_is_imported_on_screen_and_nothing_is_to_be_written(identifier_desk, kind):
    answer = export(identifier_desk, kind=kind)
    assert answer["Content-Type"] == MEDIA_TYPES[kind]
    assert answer["Content-Disposition"] == f'attachment; filename="identifiers.{kind}"'
    data = answer.getvalue()
    for mode in ("create", "update"):
        body = {"file": SimpleUploadedFile(f"again.{kind}", data), "mode": mode}
        tried = browser_of(identifier_desk, "operator").post(reverse("identifiers_import"), body)
        assert tried.context["counts"] | {"refused": tried.context["refused"]} == {
            "created": 0,
            "updated": 0,
            "unchanged": 3,
            "refused": 0,
        }


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [NAME, "88.101.5/T-2", "88.102/U-1"]),
        ({"q": "88.101.5/t"}, [NAME, "88.101.5/T-2"]),
        ({"q": "T-2", "prefix": "88.101.5"}, ["88.101.5/T-2"]),
        ({"q": GIAI}, [NAME]),
        ({"prefix": "88.102"}, ["88.102/U-1"]),
        ({"state": "reserved"}, ["88.101.5/T-2"]),
        ({"state": "no such state"}, []),
    ],
)
def test_the_export_holds_what_the_list_shows(identifier_desk, filters, expected):
    assert names_in(export(identifier_desk, **filters)) == expected


def test_a_customer_gets_the_own_ones_by_a_deed_and_no_mere_look(identifier_desk):
    assert names_in(export(identifier_desk, "mill")) == ["88.102/U-1"]
    assert names_in(export(identifier_desk, "dairy")) == [NAME, "88.101.5/T-2"]
    assert browser_of(identifier_desk, "dairy").get(reverse("identifiers_export")).status_code == 405


def test_who_may_not_export_is_refused_and_a_kind_that_there_is_not_is_a_csv(identifier_desk):
    assert export(identifier_desk, "nobody").status_code == 403
    answer = export(identifier_desk, kind="pdf")
    assert answer["Content-Type"] == MEDIA_TYPES["csv"]
    assert len(names_in(answer, "csv")) == 3


def test_each_export_is_on_record(identifier_desk):
    assert names_in(export(identifier_desk, "auditor", prefix="88.102")) == ["88.102/U-1"]
    act = AuditRecord.objects.order_by("-seq").first()
    assert (act.action, act.door, act.detail["rows"]) == ("identifier.export", "console", 1)
    assert act.detail["wanted"] == {"prefix": "88.102"}
    assert act.actor_id == identifier_desk.people["auditor"].id
