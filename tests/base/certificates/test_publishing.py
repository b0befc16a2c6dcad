"""The published answers: every key, every form, what takes over when the due date has passed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.base.certificates.certificate_rows import CODE

from jialiang.base.certificates import services
from jialiang.base.certificates.publishing import missing_answers, publish_unknown
from jialiang.formats.public_keys import (
    CHECKED_AT_MARKER,
    FORMS,
    after_key,
    key_by_identifier,
    key_by_number,
    unknown_key,
)
from jialiang.governance.publication.selectors import answer, answer_at, latest_version
from jialiang.governance.publication.services import retire
from jialiang.kernel.text import Text

DUE = date(2027, 6, 15)
END = datetime(2027, 6, 15, 16, 0, tzinfo=UTC)  # the day ends in Shanghai


def keys_of(row):
    """Both keys of each form."""
    return {
        form: (key_by_number(row.number, CODE, form), key_by_identifier(row.identifier.text, CODE, form))
        for form in FORMS
    }


def body(key, at):
    return answer_at(key, at).body.decode()


def test_every_form_is_published_by_number_and_by_identifier(office):
    row = office.issued()
    for form, keys in keys_of(row).items():
        for key in keys:
            found = answer(key)
            assert CHECKED_AT_MARKER in found.body
            assert found.not_after is None
            kind = "application/json" if form == "json" else "text/html"
            assert found.headers["content-type"] == f"{kind}; charset=utf-8"
            assert found.headers["cache-control"] == "no-store"
            assert found.headers["x-content-type-options"] == "nosniff"
            assert (
                found.headers.get("content-language", "") == {"zh": "zh-Hans", "en": "en", "json": ""}[form]
            )


def test_pages_run_no_script_and_load_nothing_from_elsewhere(office):
    row = office.issued()
    for form in ("zh", "en"):
        policy = answer(keys_of(row)[form][0]).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert "<script" not in body(keys_of(row)[form][0], office.now)


@pytest.mark.parametrize(("form", "other"), [("zh", "en"), ("en", "zh")])
def test_a_page_leads_to_the_same_question_in_the_other_language(office, form, other):
    row = office.issued()
    by_number, by_identifier = keys_of(row)[form]
    assert f"/check?number={row.number}&amp;code={CODE}&amp;lang={other}" in body(by_number, office.now)
    assert f"/c/{row.identifier.text}?k={CODE}&amp;lang={other}" in body(by_identifier, office.now)


def test_with_the_end_of_the_due_date_the_answer_becomes_expired_by_itself(office):
    row = office.issued(due_date=DUE)
    for keys in keys_of(row).values():
        for key in keys:
            assert answer(key).not_after == END
    key = keys_of(row)["json"][0]
    assert json.loads(body(key, END - timedelta(seconds=1)))["verdict"] == "genuine"
    assert json.loads(body(key, END))["verdict"] == "expired"
    assert answer(after_key(key)).not_after is None


def test_without_a_due_date_nothing_takes_over(office):
    row = office.issued()
    for keys in keys_of(row).values():
        for key in keys:
            assert answer(after_key(key)) is None


def test_a_withdrawn_certificate_stays_withdrawn_after_its_due_date(office):
    row = office.issued(due_date=DUE)
    services.withdraw(row.id, Text("量值有误", "a value is wrong"), actor=office.signatory, now=office.now)
    for form, keys in keys_of(row).items():
        for key in keys:
            assert answer(key).not_after is None, form
    long_after = body(keys_of(row)["json"][0], END + timedelta(days=400))
    assert json.loads(long_after)["verdict"] == "withdrawn"


def test_each_publication_has_a_later_version_so_that_readers_see_it(office):
    row = office.issued()
    before = latest_version()
    services.withdraw(row.id, Text("量值有误"), actor=office.signatory, now=office.now)
    versions = {answer(key).version for keys in keys_of(row).values() for key in keys}
    assert min(versions) > before


def test_a_missing_answer_is_named(office):
    row = office.issued()
    assert missing_answers(row) == []
    gone = [keys_of(row)["zh"][1], keys_of(row)["json"][0]]
    for key in gone:
        retire(key)
    assert set(missing_answers(row)) == set(gone)


def test_what_is_not_out_lacks_all_its_answers(office):
    assert len(missing_answers(office.numbered())) == 6


def test_there_is_one_answer_to_everything_unknown_in_every_form(office):
    publish_unknown("check.institute.example", office.now)
    for form in FORMS:
        assert answer(unknown_key(form)) is not None
    told = json.loads(answer(unknown_key("json")).body)
    assert told["verdict"] == "unknown"
    assert told.get("certificate") is None
