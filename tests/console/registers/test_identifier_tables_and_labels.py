"""Importing a table of two thousand instruments on screen, and printing their labels: what a browser sends and gets."""

from __future__ import annotations

import io

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from jialiang.base.identifiers import selectors
from jialiang.base.identifiers.models import Identifier
from jialiang.console.identifiers import tables
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifier_labels, identifiers
from jialiang.functions.identifier_template_rules import Templates
from jialiang.functions.identifiers import BatchItem
from jialiang.kernel.clock import utc_now
from jialiang.vocabulary.statuses import IdentifierState
from tests.console.registers.identifier_desk import GIAI, NAME, browser_of
from tests.console.whole import faults_of
from tests.functions.prefix_verbs import customer, operator

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
HEAD = ("标识", "状态", "模板", "代码:GIAI", "2000:SERIAL", "2001:MADE_ON")
BAD = {
    100: (0, ""), 200: (0, "88.101.5"), 300: (0, "88..5/x"), 400: (0, "88.102/mine"), 500: (0, "88.101.5/W-498"),
    600: (0, NAME), 700: (1, "废弃"), 800: (2, "0.9-draft"), 900: (3, "4012 3459"), 1000: (3, GIAI),
    1100: (4, ""), 1200: (4, "x" * 300), 1300: (5, "16.6.2026"), 1400: (5, "2026-02-30"),
}  # fmt: skip


def workbook(rows: int = 2000) -> bytes:
    """A table of the dairy with fourteen bad rows; a version that no template here has is a label, so row 800 is bad
    for its state as well."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEAD)
    for number in range(2, rows + 2):
        row = [f"88.101.5/W-{number}", "有效", "1.0", f"40123459{number:04}8", f"S{number}", "2026-06-16"]
        if number in BAD:
            column, cell = BAD[number]
            row[column] = cell
            row[1] = "作废" if number == 800 else row[1]
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(desk, data, name="器具.xlsx", person="dairy", language="en", mode="create"):
    body = {"file": SimpleUploadedFile(name, data), "mode": mode}
    return browser_of(desk, person, language).post(reverse("identifiers_import"), body)


def confirmed(desk, tried, person="dairy", language="en"):
    body = {"digest": tried.context["table"].digest, "mode": tried.context["report"].mode}
    return browser_of(desk, person, language).post(reverse("identifiers_import"), body)


@LANGUAGES
def test_two_thousand_rows_with_fourteen_bad_ones_are_tried_explained_and_written(identifier_desk, language):
    tried = upload(identifier_desk, workbook(), language=language)
    assert tried.status_code == 200
    assert faults_of(tried.content.decode(), language) == []
    report = tried.context["report"]
    assert (report.rows, tried.context["good"], tried.context["refused"]) == (2000, 1986, 14)
    assert sorted({fault.row for fault in report.faults}) == sorted(BAD)
    assert all(fault.reason.zh and fault.reason.en for fault in report.faults)
    assert all(fault.remedy.zh and fault.remedy.en for fault in report.faults)
    columns = {fault.row: fault.column for fault in report.faults}
    assert [columns[row] for row in (100, 700, 900, 1000)] == ["标识", "状态", "代码:GIAI", "代码:GIAI"]
    assert Identifier.objects.count() == 3
    written = confirmed(identifier_desk, tried, language=language)
    assert faults_of(written.content.decode(), language) == []
    assert (written.context["counts"]["created"], written.context["refused"]) == (1986, 14)
    assert Identifier.objects.filter(prefix="88.101.5").count() == 2 + 1986
    assert selectors.record("88.101.5/W-2001").organization_id == identifier_desk.world.dairy_id


def small(*rows: str) -> bytes:
    return "\n".join(["identifier,1:URL", *rows]).encode()


def test_a_table_is_written_once_however_often_it_is_confirmed(identifier_desk):
    tried = upload(identifier_desk, small("88.101.5/a,https://a.example", "88.101.5/b,"), "t.csv")
    assert "Write 2 rows" in tried.content.decode()
    first, second = (confirmed(identifier_desk, tried) for _ in range(2))
    assert (first.context["counts"]["created"], second.context["counts"]["created"]) == (2, 0)
    assert second.context["counts"]["unchanged"] == 2
    again = upload(identifier_desk, small("88.101.5/a,https://a.example", "88.101.5/b,"), "t.csv")
    assert "Write " not in again.content.decode()


def test_existing_ones_are_changed_by_a_table(identifier_desk):
    confirmed(identifier_desk, upload(identifier_desk, small("88.101.5/a,https://a.example"), "t.csv"))
    tried = upload(identifier_desk, small("88.101.5/a,https://b.example", "88.101.5/zz,x"), "t.csv", mode="update")
    assert (tried.context["counts"]["updated"], tried.context["refused"]) == (1, 1)
    confirmed(identifier_desk, tried)
    assert selectors.record("88.101.5/a").record.values[0].text == "https://b.example"


def test_ndjson_is_a_table_too(identifier_desk):
    tried = upload(identifier_desk, b'{"handle": "88.101.5/j"}\n{"handle": "nothing"}\n', "t.ndjson")
    assert (tried.context["good"], tried.context["refused"]) == (1, 1)


@LANGUAGES
@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("t.pdf", b"x", ".csv"), ("t.csv", b"a,b\n1,2\n", "JL-IDT-001"), ("t.xlsx", b"no workbook", "xlsx"),
        ("t.csv", b"", ""), ("t.csv", b"identifier,identifier\n", "JL-IDT-001"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_explained_beside_the_file(identifier_desk, name, data, told, language):
    answer = upload(identifier_desk, data, name, language=language)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"file"}
    assert told in str(answer.context["form"].errors)
    assert faults_of(answer.content.decode(), language) == []


def test_a_table_too_large_or_too_long_is_refused(identifier_desk, monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 1)
    assert "divide it" in upload(identifier_desk, small("88.101.5/a,", "88.101.5/b,"), "t.csv").content.decode()
    monkeypatch.setattr(tables, "LARGEST", 10)
    assert "10 MB" in upload(identifier_desk, small("88.101.5/a,"), "t.csv").content.decode()


@LANGUAGES
def test_a_table_that_is_no_longer_kept_or_is_another_ones_is_not_written(identifier_desk, language):
    tried = upload(identifier_desk, small("88.101.5/a,"), "t.csv")
    foreign = confirmed(identifier_desk, tried, person="operator", language=language)
    cache.clear()
    gone = confirmed(identifier_desk, tried, language=language)
    for answer in (foreign, gone):
        assert answer.status_code == 409
        assert faults_of(answer.content.decode(), language) == []
    assert Identifier.objects.count() == 3


def test_a_later_table_takes_the_place_of_the_one_that_was_tried(identifier_desk):
    first = upload(identifier_desk, small("88.101.5/a,"), "t.csv")
    upload(identifier_desk, small("88.101.5/b,"), "t.csv")
    assert confirmed(identifier_desk, first).status_code == 409


def test_rows_under_the_prefix_of_another_are_refused_one_by_one(identifier_desk):
    tried = upload(identifier_desk, small("88.101.5/a,", "88.102/a,"), "t.csv")
    assert (tried.context["good"], [fault.row for fault in tried.context["report"].faults]) == (1, [3])


@pytest.mark.parametrize("person", ["auditor", "technician", "nobody"])
def test_who_may_not_register_may_not_try_either(identifier_desk, person):
    assert upload(identifier_desk, small("88.101.5/a,"), "t.csv", person=person).status_code == 403
    assert browser_of(identifier_desk, person).get(reverse("identifiers_import")).status_code == 403


# labels


def asked(**members):
    return {
        "names": NAME, "template": "instrument-50x30", "sheet": "a4-24", "language": "zh", "status": "", "start": "0",
    } | members  # fmt: skip


def printed(desk, person="dairy", language="en", **members):
    return browser_of(desk, person, language).post(reverse("identifier_labels"), asked(**members))


@LANGUAGES
def test_the_pages_of_importing_and_printing_are_whole(identifier_desk, language):
    browser = browser_of(identifier_desk, "dairy", language)
    for path in (reverse("identifiers_import"), reverse("identifier_labels"), reverse("identifiers")):
        assert faults_of(browser.get(path).content.decode(), language) == [], path


def test_what_was_chosen_in_the_list_stands_in_the_form_and_what_is_anothers_does_not(identifier_desk):
    ids = [selectors.record(name).id for name in (NAME, "88.102/U-1")]
    query = "&".join(f"id={one}" for one in [*ids, "nonsense", "018f0000-0000-7000-8000-000000000000"])
    form = browser_of(identifier_desk, "dairy").get(f"{reverse('identifier_labels')}?{query}").context["form"]
    assert form.initial["names"] == NAME


def test_the_table_that_was_imported_stands_in_the_form_without_its_bad_rows(identifier_desk):
    data = small("88.101.5/a,", "88.101.5,", "88.101.5/b,")
    confirmed(identifier_desk, tried := upload(identifier_desk, data, "t.csv"))
    path = f"{reverse('identifier_labels')}?table={tried.context['table'].digest}"
    assert browser_of(identifier_desk, "dairy").get(path).context["form"].initial["names"] == "88.101.5/a\n88.101.5/b"


def test_labels_are_handed_out_as_a_pdf(identifier_desk):
    answer = printed(identifier_desk, names=f"{NAME}\n88.101.5/T-2\n{NAME}\n")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert "labels.pdf" in answer["Content-Disposition"]


def test_on_a_label_stand_public_values_and_the_holder_and_nothing_hidden(identifier_desk, now, settings):
    actor = operator(identifier_desk.world)
    values = [HandleValue(3, "MODEL", b"WLB-21"), HandleValue(4, "NAME", b"Secret", permissions=0b1100)]
    record = identifiers.add_values(actor=actor, name=NAME, values=values, now=now)
    holders = {str(record.organization_id): "乳品厂"}
    content = identifier_labels.label_content(record, Templates(), holders, "qualified")
    assert (content.identifier, content.serial, content.model, content.name_zh) == (NAME, "ST-1", "WLB-21", "")
    assert (content.organization, content.status) == ("乳品厂", "qualified")
    assert content.address == f"{settings.JIALIANG.public_url}/{NAME}"


@LANGUAGES
@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"names": ""}, "names"), ({"names": "88.101.5/none"}, "names"), ({"template": "none"}, "template"),
        ({"sheet": "a9"}, "sheet"), ({"start": "-1"}, "start"), ({"start": "24"}, "start"),
        ({"template": "gs1-45x30"}, "template"), ({"template": "status-60x40", "sheet": "a4-65"}, "sheet"),
    ],
)  # fmt: skip
def test_labels_that_cannot_be_printed_are_explained_beside_the_field(identifier_desk, members, field, language):
    answer = printed(identifier_desk, language=language, **members)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert faults_of(answer.content.decode(), language) == []


def test_more_labels_than_two_thousand_are_refused(identifier_desk):
    answer = printed(identifier_desk, names="\n".join(f"88.101.5/{n}" for n in range(2001)))
    assert "At most 2000 labels" in answer.content.decode()


def test_labels_of_others_are_refused(identifier_desk):
    assert printed(identifier_desk, names="88.102/U-1").status_code == 403
    assert printed(identifier_desk, person="nobody").status_code == 403


def test_two_thousand_labels_are_one_pdf(identifier_desk):
    actor = customer(identifier_desk.world)
    items = [BatchItem(f"88.101.5/L{n}", state=IdentifierState.ACTIVE) for n in range(2000)]
    identifiers.register_many(actor=actor, items=items, mode="create", now=utc_now())
    answer = printed(identifier_desk, names="\n".join(item.name for item in items), template="small-20x12")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    assert len(answer.content) > 500_000  # two thousand different symbols
