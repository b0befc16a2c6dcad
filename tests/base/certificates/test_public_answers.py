"""What a stranger is told of a certificate, and until when it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from tests.formats.sample_content import sample_content, sample_table

from jialiang.base.certificates.models import Certificate, CertificateFile
from jialiang.base.certificates.public_answers import (
    Standing,
    answer_of,
    content_of,
    end_of_validity,
    public_certificate_of,
    standing_now,
    standing_of,
    status_checks,
)
from jialiang.formats.canonical import canonical_json, to_plain
from jialiang.formats.content import Column, ResultTable
from jialiang.kernel.text import Text

SINCE = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)
DUE = date(2027, 6, 14)
WHY, NOTHING = Text("量值有误", "a value is wrong"), Text()


def certificate(*, state="in_force", due_date=DUE, since=SINCE, reason=NOTHING, **content):
    """A certificate that is in no database."""
    written = sample_content(due_date=due_date.isoformat() if due_date else "", **content)
    return Certificate(
        id=UUID(int=1), number=written.number, state=state, due_date=due_date, status_since=since,
        status_reason_zh=reason.zh, status_reason_en=reason.en, content=canonical_json(to_plain(written)).decode(),
    )  # fmt: skip


def test_frozen_content_is_read_back_as_it_was():
    assert content_of(certificate()) == sample_content(due_date="2027-06-14")


# time zone, due date, the first moment after it (UTC)
ENDS = [
    ("Asia/Shanghai",    date(2027, 6, 14),  datetime(2027, 6, 14, 16, 0, tzinfo=UTC)),
    ("UTC",              date(2027, 6, 14),  datetime(2027, 6, 15, 0, 0, tzinfo=UTC)),
    ("America/New_York", date(2027, 6, 14),  datetime(2027, 6, 15, 4, 0, tzinfo=UTC)),
    ("America/New_York", date(2027, 3, 13),  datetime(2027, 3, 14, 5, 0, tzinfo=UTC)),   # clocks change that night
    ("Asia/Shanghai",    date(2027, 12, 31), datetime(2027, 12, 31, 16, 0, tzinfo=UTC)),
    ("Asia/Kathmandu",   date(2028, 2, 29),  datetime(2028, 2, 29, 18, 15, tzinfo=UTC)),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "due", "end"), ENDS)
def test_validity_ends_with_the_day_of_the_institutes_own_calendar(zone, due, end):
    row = certificate(due_date=due, time_zone=zone)
    found = end_of_validity(row, content_of(row))
    assert found == end
    assert found.tzinfo is UTC
    assert standing_now(row, None, end).verdict == "expired"
    assert standing_now(row, None, datetime.fromtimestamp(end.timestamp() - 1, UTC)).verdict == "genuine"


def test_without_a_due_date_validity_never_ends():
    row = certificate(due_date=None)
    assert end_of_validity(row, content_of(row)) is None
    assert standing_now(row, None, datetime(2099, 1, 1, tzinfo=UTC)).verdict == "genuine"


# state, day asked about: verdict
STANDINGS = [
    ("in_force",   date(2027, 6, 14), "genuine"),
    ("in_force",   date(2027, 6, 15), "expired"),
    ("in_force",   None,              "genuine"),
    ("superseded", date(2027, 6, 15), "superseded"),
    ("superseded", None,              "superseded"),
    ("withdrawn",  date(2027, 6, 15), "withdrawn"),
    ("withdrawn",  date(2020, 1, 1),  "withdrawn"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "on", "verdict"), STANDINGS)
def test_how_a_certificate_stands(state, on, verdict):
    found = standing_of(certificate(state=state, reason=WHY), None, on)
    assert found.verdict == verdict
    if verdict == "expired":
        assert (found.since, found.reason) == ("2027-06-14", Text())
    else:
        assert (found.since, found.reason) == ("2026-06-16T15:47:30+08:00", WHY)


@pytest.mark.parametrize("state", ["issuing", "void"])
def test_of_what_is_not_out_nothing_is_said(state):
    with pytest.raises(KeyError):
        standing_of(certificate(state=state), None, None)


def test_a_superseded_certificate_names_its_successor_and_where_it_is_checked():
    successor = certificate(number="JZ2026-000200", check_url="https://check.institute.example/c/200")
    found = standing_of(certificate(state="superseded", reason=WHY), successor, None)
    assert (found.successor_number, found.successor_url) == (
        "JZ2026-000200",
        "https://check.institute.example/c/200",
    )


# verdict, has a due date: [(check, outcome)], and a word of the evidence of the last one
CHECKS = [
    ("genuine",    True,  [("status", "ok"), ("validity", "ok")], "2027-06-14"),
    ("genuine",    False, [("status", "ok"), ("validity", "ok")], ""),
    ("expired",    True,  [("status", "ok"), ("validity", "warning")], "2027-06-14"),
    ("superseded", True,  [("status", "warning")], "2026-06-16"),
    ("superseded", False, [("status", "warning"), ("validity", "ok")], ""),
    ("withdrawn",  True,  [("status", "failed")], "2026-06-16"),
    ("withdrawn",  False, [("status", "failed"), ("validity", "ok")], ""),
]  # fmt: skip


@pytest.mark.parametrize(("verdict", "is_limited", "checks", "evidence"), CHECKS)
def test_status_and_validity_are_checks_of_their_own(verdict, is_limited, checks, evidence):
    content = sample_content(due_date="2027-06-14" if is_limited else "")
    found = list(status_checks(content, Standing(verdict, since="2026-06-16T15:47:30+08:00")))
    assert [(check.name, check.outcome) for check in found] == checks
    assert evidence in found[-1].evidence.en
    assert all(check.text.zh and check.text.en for check in found)


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        ("genuine", "in_force"),
        ("expired", "in_force"),
        ("superseded", "superseded"),
        ("withdrawn", "withdrawn"),
    ],
)
def test_the_answer_says_the_status_and_that_the_paper_was_not_looked_at(verdict, status):
    standing = Standing(verdict, "2026-06-16T15:47:30+08:00", WHY, "JZ2026-000200", "https://c.example/200")
    found = answer_of(sample_content(), [], standing)
    assert (found.verdict, found.status) == (verdict, status)
    assert (found.since, found.reason) == (standing.since, WHY)
    assert (found.superseded_by_number, found.superseded_by_url) == ("JZ2026-000200", "https://c.example/200")
    assert (found.checks[0].name, found.checks[0].outcome) == ("register", "ok")
    assert found.checks[0].evidence.zh == "JZ2026-000123"
    assert (found.checks[-1].name, found.checks[-1].outcome) == ("paper", "not_checked")
    assert found.domain == "check.institute.example"
    assert found.differences == ()


def test_the_page_shows_what_stands_on_the_paper_and_nothing_of_the_customer():
    files = [
        CertificateFile(kind=kind, sha256=letter * 64, size=9)
        for kind, letter in (("xml", "a"), ("pdf_zh", "b"))
    ]
    content = sample_content()
    shown = public_certificate_of(content, files)
    assert (shown.number, shown.serial_number, shown.model) == ("JZ2026-000123", "A-1987-003", "WLB-11")
    assert (shown.begin_date, shown.end_date, shown.issue_date) == ("2026-06-15", "2026-06-15", "2026-06-16")
    assert (shown.due_date, shown.claimed_signing_time) == ("2027-06-14", "2026-06-16T07:47:30Z")
    assert [(f.name.zh, f.path) for f in shown.files] == [
        ("数字证书（XML）", f"/files/{'a' * 64}"), ("中文版（PDF）", f"/files/{'b' * 64}"),
    ]  # fmt: skip
    told = canonical_json(to_plain(shown)).decode()
    for secret in (
        content.customer.name.zh,
        content.customer.name.en,
        content.check_code,
        content.customer.credit_code,
    ):
        assert secret not in told


def test_results_stand_with_u_beside_the_column_that_it_belongs_to():
    results = public_certificate_of(sample_content(), []).results
    assert [heading.en for heading in results.headings] == [
        "Reference temperature", "Indication", "Correction", "U (k = 2.00)",
    ]  # fmt: skip
    assert results.units == ("\\degreecelsius",) * 4
    assert len(results.rows) == 11
    assert results.rows[0] == ("21.350", "21.521", "-0.171", "0.018")
    assert results.rows[-1] == ("26.351", "26.511", "-0.160", "0.018")


def column(name, *values, uncertainties=(), factors=()):
    return Column(
        "x",
        Text(name, name),
        "\\kelvin",
        values,
        expanded_uncertainties=uncertainties,
        coverage_factors=factors,
    )


@pytest.mark.parametrize(
    ("columns", "headings"),
    [
        ([column("a", "1", "2")], ["a"]),
        ([column("a", "1", "2", uncertainties=("3", "4"), factors=("2", "2"))], ["a", "U (k = 2)"]),
        ([column("a", "1", "2", uncertainties=("3", "4"), factors=("2", "2.1"))], ["a", "U"]),
        ([column("a", "1", "2", uncertainties=("3", "4"))], ["a", "U"]),
        (
            [column("a", "1", "2", uncertainties=("3", "4"), factors=("2", "2")),
             column("b", "5", "6", uncertainties=("7", "8"), factors=("2", "2"))],
            ["a", "U (a)", "b", "U (b)"],
        ),
    ],
)  # fmt: skip
def test_the_heading_of_u_names_k_where_it_is_one_and_the_column_where_there_are_several(columns, headings):
    table = ResultTable(Text("表", "table"), tuple(columns))
    results = public_certificate_of(sample_content(results=(table,)), []).results
    assert [heading.en for heading in results.headings] == headings
    assert len(results.rows) == 2
    assert all(len(row) == len(headings) for row in results.rows)


def test_a_certificate_without_results_shows_none_and_only_the_first_table_is_shown():
    assert public_certificate_of(sample_content(results=()), []).results is None
    second = replace(sample_table(), name=Text("乙", "B"), columns=(column("z", "1"),))
    shown = public_certificate_of(sample_content(results=(sample_table(), second)), []).results
    assert len(shown.headings) == 4
