"""Moments, days, digests and DIDs of conformity credentials at their edges: one second, one day, one letter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.test_credential_rules import NOW, A, S, edit, found_in, small

from jialiang.formats.credential.codec import plain_credential, typed_credential
from jialiang.formats.credential.dids import did_web, is_did, method_of
from jialiang.formats.credential.errors import IssuerNotADid
from jialiang.formats.credential.rules.times import day_of, moment_of


def rules_of(document, **asked):
    return {each.rule for each in found_in(document, **asked)}


MOMENTS = [
    ("2026-06-16T00:00:00Z", datetime(2026, 6, 16, tzinfo=UTC)),
    ("2026-06-16T08:00:00+08:00", datetime(2026, 6, 16, tzinfo=UTC)),
    ("2026-06-15T20:00:00-04:00", datetime(2026, 6, 16, tzinfo=UTC)),
    ("2026-06-15T24:00:00Z", datetime(2026, 6, 16, tzinfo=UTC)),
    ("2026-12-31T24:00:00+08:00", datetime(2026, 12, 31, 16, tzinfo=UTC)),
    ("2024-02-29T23:59:59Z", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
    ("2026-06-16T00:00:00.5Z", datetime(2026, 6, 16, microsecond=500_000, tzinfo=UTC)),
    ("2026-06-16T00:00:00.123456789Z", datetime(2026, 6, 16, microsecond=123_456, tzinfo=UTC)),
    ("2026-06-16T00:00:00.000001Z", datetime(2026, 6, 16, microsecond=1, tzinfo=UTC)),
]


@pytest.mark.parametrize(("text", "moment"), MOMENTS)
def test_moments_are_read_to_the_microsecond_in_one_zone(text, moment):
    assert moment_of(text) == moment
    assert moment_of(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "soon",
        "2026-02-30T00:00:00Z",
        "2026-06-16T25:00:00Z",
        "9999-12-31T24:00:00Z",
        "26-06-16T00:00:00Z",
    ],
)
def test_what_is_no_moment(text):
    assert moment_of(text) is None


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_a_moment_is_the_same_in_every_zone(moment, minutes):
    utc = moment.replace(tzinfo=UTC)
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    shifted = (moment + timedelta(minutes=minutes)).isoformat()
    assert moment_of(f"{shifted}{sign}{hours:02d}:{rest:02d}") == utc


@given(st.dates())
def test_every_day_of_the_calendar_is_one_and_nothing_around_it_is(day):
    assert day_of(str(day)) == day
    for text in (f" {day}", f"{day} ", f"{day}Z", str(day).replace("-", ""), str(day)[2:]):
        assert day_of(text) is None


# seconds between the end or beginning and the check; five minutes of grace for clocks that go wrong
ENDS = [(0, False), (-1, True), (1, False), (-86_400, True), (86_400, False)]
BEGINS = [(0, False), (299, False), (300, False), (301, True), (-86_400, False)]


@pytest.mark.parametrize(("seconds", "is_over"), ENDS)
def test_a_credential_is_over_the_moment_it_ends(seconds, is_over):
    until = (NOW + timedelta(seconds=seconds)).isoformat()
    assert ("CREDENTIAL-EXPIRED" in rules_of(edit("/validUntil", until))) is is_over


@pytest.mark.parametrize(("seconds", "is_early"), BEGINS)
def test_a_credential_that_begins_in_five_minutes_holds_already(seconds, is_early):
    begins = (NOW + timedelta(seconds=seconds)).isoformat()
    assert ("CREDENTIAL-NOT-YET-VALID" in rules_of(edit("/validFrom", begins))) is is_early


@pytest.mark.parametrize(
    ("begins", "until", "is_reversed"),
    [
        ("2026-06-16T00:00:00Z", "2026-06-16T00:00:00Z", False),
        ("2026-06-16T00:00:01Z", "2026-06-16T00:00:00Z", True),
        ("2026-06-16T00:00:00Z", "2026-06-16T07:59:59+08:00", True),
        ("2026-06-16T08:00:00+08:00", "2026-06-16T00:00:00Z", False),
        ("2026-06-15T24:00:00Z", "2026-06-16T00:00:00Z", False),
    ],
)
def test_beginning_and_end_are_compared_as_moments_not_as_texts(begins, until, is_reversed):
    document = edit("/validFrom", begins) | {"validUntil": until}
    assert ("CREDENTIAL-DATES-REVERSED" in rules_of(document, now=None)) is is_reversed


@pytest.mark.parametrize(
    ("assessed", "is_late"),
    [("2026-06-15", False), ("2026-06-16", False), ("2026-06-17", False), ("2026-06-18", True)],
)
def test_an_assessment_may_be_a_day_after_for_the_zone_is_not_known(assessed, is_late):
    assert ("CREDENTIAL-ASSESSED-LATER" in rules_of(edit(f"{A}/assessmentDate", assessed))) is is_late


DIGEST = f"{S}/conformityCertificate"


@pytest.mark.parametrize(
    ("digest", "method", "expected"),
    [
        ("ab" * 32, "SHA-256", set()),
        ("AB" * 32, "SHA-256", set()),
        ("ab" * 31, "SHA-256", {"CREDENTIAL-HASH-MALFORMED"}),
        ("ab" * 32 + "a", "SHA-256", {"CREDENTIAL-HASH-MALFORMED"}),
        ("g" + "a" * 63, "SHA-256", {"CREDENTIAL-HASH-MALFORMED"}),
        ("ab" * 20, "SHA-256", {"CREDENTIAL-HASH-MALFORMED"}),
        ("ab" * 20, "SHA-1", {"CREDENTIAL-HASH-WEAK"}),
        ("ab" * 32, "SHA-1", {"CREDENTIAL-HASH-WEAK", "CREDENTIAL-HASH-MALFORMED"}),
        ("١" * 64, "SHA-256", {"CREDENTIAL-HASH-MALFORMED"}),
    ],
)
def test_a_digest_has_the_letters_of_its_method(digest, method, expected):
    link = {"linkURL": "https://body.example/c.xml", "hashDigest": digest, "hashMethod": method}
    found = {rule for rule in rules_of(edit(DIGEST, link)) if rule.startswith("CREDENTIAL-HASH")}
    assert found == expected


@pytest.mark.parametrize(
    ("accuracy", "is_wrong"),
    [(0, False), (1, False), (0.5, False), (1.0001, True), (-0.0001, True), (5, True)],
)
@pytest.mark.parametrize("place", ["assessmentCriteria/0/thresholdValue", "declaredValue/0"])
def test_an_accuracy_is_a_fraction_wherever_it_stands(accuracy, is_wrong, place):
    metric = {"metricName": "E", "metricValue": {"value": 1, "unit": "KGM"}, "accuracy": accuracy}
    document = edit(f"{A}/declaredValue", [metric])
    if place.startswith("assessment"):
        document = edit(f"{A}/{place}", metric)
    found = [each for each in found_in(document) if each.rule == "CREDENTIAL-ACCURACY-RANGE"]
    assert [each.path for each in found] == ([f"{A}/{place}/accuracy"] if is_wrong else [])


def test_a_criterion_far_below_is_looked_at_with_its_place():
    document = small()
    criterion = document["credentialSubject"]["assessment"][0]["assessmentCriteria"][0]
    metric = criterion["thresholdValue"] | {"accuracy": 7}
    below = {name: value for name, value in criterion.items() if name != "thresholdValue"}
    criterion["subCriterion"] = [dict(below), below | {"subCriterion": [below | {"thresholdValue": metric}]}]
    (found,) = [each for each in found_in(document) if each.rule == "CREDENTIAL-ACCURACY-RANGE"]
    assert found.path == f"{A}/assessmentCriteria/0/subCriterion/1/subCriterion/0/thresholdValue/accuracy"


MISSING = [
    (("assessedProduct",), "CREDENTIAL-ASSESSED-MISSING"),
    (("referenceStandard", "referenceRegulation", "assessmentCriteria"), "CREDENTIAL-REFERENCE-MISSING"),
]


@pytest.mark.parametrize(("members", "rule"), MISSING)
def test_of_what_may_stand_in_for_one_another_one_is_enough(members, rule):
    for kept in (*members, ""):
        document = small()
        assessment = document["credentialSubject"]["assessment"][0]
        for name in members:
            if name != kept:
                del assessment[name]
        assert (rule in rules_of(document)) is (kept == "")


DIDS = [
    ("body.example", (), "did:web:body.example"),
    ("body.example:8443", (), "did:web:body.example%3A8443"),
    ("body.example", ("labs", "1"), "did:web:body.example:labs:1"),
    ("body.example", ("a b",), "did:web:body.example:a%20b"),
    ("xn--fiqs8s.example", (), "did:web:xn--fiqs8s.example"),
]


@pytest.mark.parametrize(("domain", "path", "did"), DIDS)
def test_a_domain_and_a_path_as_did(domain, path, did):
    assert did_web(domain, *path) == did
    assert is_did(did)
    assert method_of(did) == "web"


@pytest.mark.parametrize(
    "text",
    [
        "did:web:",
        "did::a",
        "DID:web:a",
        "did:Web:a",
        "did:web:a/b",
        "did:web:a?x",
        "did:web:a#k",
        "did:web:%4",
        "",
    ],
)
def test_what_is_no_did(text):
    assert not is_did(text)


def test_a_did_without_a_domain_is_refused_in_words():
    with pytest.raises(IssuerNotADid) as refused:
        did_web("")
    assert refused.value.what.zh
    assert refused.value.way_out.en


@pytest.mark.parametrize("member", ["/validUntil", f"{A}/assessedProduct", f"{A}/assessmentDate", f"{S}/scope"])
def test_typed_and_back_a_member_that_is_not_there_stays_away(member):
    document = edit(member)
    assert plain_credential(typed_credential(document)) == document
    assert plain_credential(typed_credential(small())) == small()


@pytest.mark.parametrize("today", [date(2026, 6, 16), date(2036, 6, 15)])
def test_on_its_first_and_on_its_last_day_the_small_one_has_no_fault(today):
    assert rules_of(small(), now=datetime(today.year, today.month, today.day, 12, tzinfo=UTC)) == set()
