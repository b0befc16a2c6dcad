"""Words of the checker: every outcome has them, in both languages, filled, and none lies unused."""

import json
import re
from dataclasses import fields
from datetime import UTC, datetime
from importlib import resources

import pytest
from tests.formats.sample_content import sample_content
from tests.formats.sample_keys import CHECK_TIME, anchors, signed, signed_sample

from jialiang.formats.authenticity import rules
from jialiang.formats.authenticity.checks import checks_of, words
from jialiang.formats.authenticity.examination import examine
from jialiang.formats.authenticity.facts import RegisterFacts
from jialiang.formats.authenticity.rules import RULES, Findings
from jialiang.formats.authenticity.verdict import findings_of, judge
from jialiang.formats.xades import errors as signature_errors
from jialiang.formats.xades.findings import NOT_CHECKED, OK, Finding, SignatureFindings, failed
from jialiang.kernel.text import Text

ALL = json.loads(
    (resources.files("jialiang.formats.authenticity") / "words.json").read_text(encoding="utf-8")
)
SINCE = datetime(2026, 6, 20, tzinfo=UTC)


@pytest.mark.parametrize("key", ALL)
def test_words_are_in_both_languages_with_the_same_placeholders(key):
    text = words(key)
    assert re.search("[\u4e00-\u9fff]", text.zh), key
    assert not re.search("[\u4e00-\u9fff]", text.en), key
    assert set(re.findall(r"{(\w+)}", text.zh)) == set(re.findall(r"{(\w+)}", text.en)), key


def test_every_reason_of_the_table_has_words_and_every_word_of_a_verdict_a_reason():
    reasons = {rule.reason for rule in RULES} | {"page_not_as_issued", "genuine_without_register"}
    assert {key.removeprefix("verdict.") for key in ALL if key.startswith("verdict.")} == reasons


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [("bytes", {*rules.BYTES, "page", "page_embedded_genuine"}), ("register", set(rules.STATUS)),
     ("due_date", set(rules.DUE))],
)  # fmt: skip
def test_every_word_of_the_table_has_words_for_people(prefix, expected):
    assert {key.removeprefix(f"{prefix}.") for key in ALL if key.startswith(f"{prefix}.")} == expected


@pytest.mark.parametrize("status", ["in_force", "superseded", "withdrawn", "not_registered"])
@pytest.mark.parametrize("at", [CHECK_TIME, datetime(2027, 12, 1, tzinfo=UTC)])
def test_no_answer_leaves_a_placeholder_or_an_empty_word(status, at):
    register = RegisterFacts(status, since=SINCE, reason=Text("更正", "corrected"), superseded_by="JZ-2")
    for data in (signed_sample(), signed_sample().replace(b"WLB", b"WLC"), signed_sample()[:-30]):
        for known in (register, RegisterFacts(status), None):
            verdict = judge(examine(data, trusted=anchors(), at=at), known, at)
            for text in (verdict.text, *(check.text for check in verdict.checks)):
                assert text.zh
                assert text.en
                assert "{" not in text.zh + text.en


def test_the_checks_have_always_the_same_names_in_the_same_order():
    whole = judge(examine(signed_sample(), trusted=anchors(), at=CHECK_TIME), None, CHECK_TIME)
    broken = judge(examine(signed_sample()[:-30], trusted=anchors(), at=CHECK_TIME), None, CHECK_TIME)
    assert [c.name for c in whole.checks] == [c.name for c in broken.checks]
    assert {c.outcome for c in broken.checks if c.name in ("integrity", "chain", "time")} == {"not_checked"}


@pytest.mark.parametrize("data", [signed_sample()[:-30], signed_sample().replace(b"WLB", b"WLC")])
def test_a_reader_can_tell_the_checks_apart_that_were_not_done(data: bytes):
    checks = judge(examine(data, trusted=anchors(), at=CHECK_TIME), None, CHECK_TIME).checks
    left_out = [check for check in checks if check.outcome == "not_checked"]
    assert len(left_out) >= 4
    assert len({check.text.zh for check in left_out}) == len({check.text.en for check in left_out}) == len(left_out)


def test_the_checks_carry_the_evidence_that_a_sceptic_asks_for():
    verdict = judge(examine(signed_sample(), trusted=anchors(), at=CHECK_TIME), None, CHECK_TIME)
    evidence = {check.name: dict(check.evidence) for check in verdict.checks}
    assert evidence["readable"]["number"] == "JZ2026-000123"
    assert len(evidence["readable"]["sha256"]) == 64
    assert evidence["signer"]["subject"] == "CN=Sample Institute of Metrology"
    assert len(evidence["signer"]["fingerprint_sha256"]) == 64
    assert evidence["chain"]["path"].endswith("CN=Jialiang test root")
    assert evidence["time"]["signing_time"] == "2026-06-16T07:47:30Z"
    assert evidence["revocation"]["code"] == "JL-SIG-052"


def test_findings_are_words_of_the_table_whatever_the_file():
    known = {"readable": rules.READABLE, "integrity": rules.INTEGRITY, "chain": rules.CHAIN, "time": rules.TIME,
             "revocation": rules.REVOCATION, "bytes": rules.BYTES, "status": rules.STATUS,
             "due": rules.DUE}  # fmt: skip
    files = (signed_sample(), signed_sample()[:-9], signed(sample_content(due_date="")))
    registers = (None, RegisterFacts("in_force"), RegisterFacts("withdrawn", issued_digests=("00",)))
    for data in files:
        for register in registers:
            findings = findings_of(examine(data, trusted=anchors(), at=CHECK_TIME), register, CHECK_TIME)
            for field in fields(Findings):
                assert getattr(findings, field.name) in known[field.name]


def test_a_register_that_hands_out_no_digests_does_not_make_a_file_differ():
    verdict = judge(
        examine(signed_sample(), trusted=anchors(), at=CHECK_TIME), RegisterFacts("in_force"), CHECK_TIME
    )
    assert verdict.verdict == "genuine"
    assert next(c.outcome for c in verdict.checks if c.name == "bytes") == "not_checked"


def all_problems(cls=signature_errors.SignatureProblem):
    return [each for child in cls.__subclasses__() for each in (child, *all_problems(child))]


FACTS = {
    "count": 2, "line": 3, "part": "ds:Object", "algorithm": "sha1", "uri": "#x", "subject": "CN=a", "issuer": "CN=b",
    "signing_time": "2026", "start": "2025", "end": "2027", "at": "2026", "revoked_at": "2026",
}  # fmt: skip


@pytest.mark.parametrize("problem", all_problems(), ids=lambda p: p.code)
def test_every_problem_of_a_signature_can_be_told_with_its_facts(problem):
    told = problem(**FACTS)
    for text in (told.what, told.rule, told.way_out):
        assert "{" not in text.zh + text.en
        assert text.zh != text.en
    assert told.to_json()["code"] == problem.code


def test_a_warning_holds_and_a_failure_does_not():
    warning = Finding("warning", signature_errors.SignerNotBound())
    assert SignatureFindings(integrity=OK, chain=OK, time=warning).holds
    assert not SignatureFindings(integrity=OK, chain=OK, time=NOT_CHECKED).holds
    assert not SignatureFindings(integrity=OK, chain=failed(signature_errors.NotSigned()), time=OK).holds
    revoked = failed(signature_errors.CertificateRevoked(subject="CN=a", revoked_at="2026"))
    assert not SignatureFindings(integrity=OK, chain=OK, time=OK, revocation=revoked).holds


def test_checks_of_a_file_without_findings_need_no_register():
    examination = examine(signed_sample()[:-9], trusted=anchors(), at=CHECK_TIME)
    findings = findings_of(examination, None, CHECK_TIME)
    assert len(checks_of(examination, findings, None, "")) == 9
