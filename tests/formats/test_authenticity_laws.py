"""Laws of the verdict: more that is wrong never makes it better, and the register never makes a bad file good."""

import itertools
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.sample_content import sample_content
from tests.formats.sample_keys import CHECK_TIME, anchors, institute, issuing, root, signed, signed_sample
from tests.formats.test_authenticity_rules import every_combination
from tests.formats.test_authenticity_verdicts import edited, facts, verdict_on

from jialiang.formats.authenticity.examination import content_digest_of, examine
from jialiang.formats.authenticity.facts import RegisterFacts
from jialiang.formats.authenticity.rules import RULES, Findings, decide
from jialiang.formats.authenticity.verdict import due_date_of, findings_of, judge
from jialiang.formats.canonical import sha256_hex
from jialiang.kernel.text import Text

# From what one wishes for to what one fears; words beside each other in a tuple are not compared.
WORSE = {
    "readable": ("yes", "other_version", "no"),
    "integrity": ("ok", "absent", "failed"),
    "chain": ("ok", "not_checked", "failed"),
    "time": ("ok", "warning", "not_checked", "failed"),
    "revocation": ("ok", "not_checked", "warning", "failed"),
    "bytes": ("as_issued", "not_checked", "unprovable", "rewritten", "differ"),
    "status": ("in_force", "not_checked", "superseded", "withdrawn", "not_registered"),
    "due": ("none", "ahead", "passed"),
}
ISSUED_ONCE = ("genuine", "expired", "superseded", "withdrawn")


def worsened(findings):
    """Every finding that is worse in exactly one member."""
    for member, order in WORSE.items():
        at = order.index(getattr(findings, member))
        for word in order[at + 1 :]:
            yield member, replace(findings, **{member: word})


def test_the_orders_hold_every_word_of_the_table():
    assert set(WORSE) == {f.name for f in fields(Findings)}


def test_nothing_becomes_genuine_by_getting_worse():
    for findings in every_combination():
        if decide(findings).verdict == "genuine":
            continue
        for member, worse in worsened(findings):
            assert decide(worse).verdict != "genuine", (findings, member)


def test_a_file_whose_signature_does_not_hold_is_never_said_to_be_of_the_institute():
    for findings in every_combination():
        bad = (
            findings.readable != "yes"
            or findings.integrity != "ok"
            or findings.chain != "ok"
            or findings.time in ("failed", "not_checked")
            or findings.revocation == "failed"
        )
        if bad:
            assert decide(findings).verdict in ("altered", "unknown"), findings


def test_of_two_reasons_against_a_certificate_in_force_the_graver_one_is_told():
    whole = Findings(bytes="as_issued", status="in_force")
    order = ("content_changed", "signer_not_trusted", "time_does_not_fit", "signer_revoked", "not_registered",
             "not_as_issued", "withdrawn", "superseded", "expired", "same_content")  # fmt: skip
    spoilt = {
        "content_changed": {"integrity": "failed"}, "signer_not_trusted": {"chain": "failed"},
        "time_does_not_fit": {"time": "failed"}, "signer_revoked": {"revocation": "failed"},
        "not_registered": {"status": "not_registered"}, "not_as_issued": {"bytes": "differ"},
        "withdrawn": {"status": "withdrawn"}, "superseded": {"status": "superseded"}, "expired": {"due": "passed"},
        "same_content": {"bytes": "rewritten"},
    }  # fmt: skip
    for (first, a), (second, b) in itertools.product(spoilt.items(), repeat=2):
        if set(a) & set(b):
            continue
        expected = min(first, second, key=order.index)
        assert decide(replace(whole, **a, **b)).reason == expected


def test_every_rule_but_the_last_has_a_condition_and_no_two_have_the_same():
    assert RULES[-1].when == {}
    conditions = [tuple(sorted(rule.when.items())) for rule in RULES]
    assert len(set(conditions)) == len(conditions)


# --- on real files -------------------------------------------------------------------------------------------

STATUSES = st.sampled_from(["in_force", "superseded", "withdrawn", "not_registered"])
DIGESTS = st.sampled_from([(), ("00" * 32,), (sha256_hex(signed_sample()),)])
DUES = st.sampled_from(["", "2026-06-30", "2026-07-01", "2027-06-14"])
REGISTERS = st.none() | st.builds(
    RegisterFacts, STATUSES, due_date=DUES, time_zone=st.sampled_from(["", "Asia/Shanghai", "Mars/Olympus"]),
    issued_digests=DIGESTS, issued_content_digest=st.sampled_from(["", "00" * 32, content_digest_of(signed_sample())]),
    reason=st.sampled_from([Text(), Text("原因", "reason")]),
)  # fmt: skip
CHANGED = edited(lambda root, signature: root.find(".//{*}uniqueIdentifier").__setattr__("text", "JZ-9"))


@settings(max_examples=50, deadline=None)
@given(REGISTERS)
def test_no_word_of_a_register_makes_a_changed_file_good(register):
    assert verdict_on(CHANGED, register).verdict == "altered"


@settings(max_examples=50, deadline=None)
@given(REGISTERS)
def test_the_issued_file_is_genuine_only_if_the_register_says_nothing_against_it(register):
    verdict = verdict_on(signed_sample(), register)
    if register is None:
        expected = "genuine"
    elif register.status == "not_registered":
        expected = "unknown"
    elif register.issued_digests and sha256_hex(signed_sample()) not in register.issued_digests:
        same = register.issued_content_digest == content_digest_of(signed_sample())
        states = {"withdrawn": "withdrawn", "superseded": "superseded"}
        late = "expired" if register.due_date == "2026-06-30" else "altered"
        expected = states.get(register.status, late) if same else "altered"
    elif register.status in ("withdrawn", "superseded"):
        expected = register.status
    else:
        expected = "expired" if register.due_date == "2026-06-30" else "genuine"
    assert verdict.verdict == expected
    assert verdict.is_genuine is (expected == "genuine")


@settings(max_examples=50, deadline=None)
@given(REGISTERS)
def test_every_verdict_says_words_in_both_languages_without_a_gap(register):
    verdict = verdict_on(signed_sample(), register)
    told = verdict.to_json()
    assert told["text"]["zh"]
    assert told["text"]["en"]
    for language in ("zh", "en"):
        assert "{" not in told["text"][language]
        assert all(check["text"][language] and "{" not in check["text"][language] for check in told["checks"])


@pytest.mark.parametrize(
    ("zone", "last"),
    [("Asia/Shanghai", datetime(2026, 6, 30, 15, 59, 59, tzinfo=UTC)),
     ("UTC", datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC)),
     ("America/New_York", datetime(2026, 7, 1, 3, 59, 59, tzinfo=UTC)),
     ("no/zone", datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC))],
)  # fmt: skip
def test_a_certificate_holds_to_the_last_second_of_its_last_day_where_the_institute_is(zone, last):
    register = facts(due_date="2026-06-30", time_zone=zone)
    assert verdict_on(signed_sample(), register, at=last).verdict == "genuine"
    assert verdict_on(signed_sample(), register, at=last + timedelta(seconds=1)).verdict == "expired"


def test_the_register_decides_on_the_due_date_unless_it_does_not_know_the_certificate():
    examination = examine(signed_sample(), trusted=anchors(), at=CHECK_TIME)
    assert due_date_of(examination, None) == "2027-06-14"
    assert due_date_of(examination, facts(due_date="")) == ""
    assert due_date_of(examination, facts(due_date="2026-01-01")) == "2026-01-01"
    assert due_date_of(examination, RegisterFacts("not_registered", due_date="2026-01-01")) == "2027-06-14"


def test_without_a_register_the_zone_of_the_file_ends_the_day():
    file = signed(sample_content(due_date="2026-06-30"))
    late = datetime(2026, 6, 30, 16, 0, 0, tzinfo=UTC)
    assert verdict_on(file, at=late - timedelta(seconds=1)).verdict == "genuine"
    assert verdict_on(file, at=late).verdict == "expired"


def test_a_moment_behind_a_date_does_not_lengthen_the_day():
    register = facts(due_date="2026-06-30T00:00:00+08:00")
    assert (
        verdict_on(signed_sample(), register, at=datetime(2026, 6, 30, 12, 0, tzinfo=UTC)).verdict
        == "genuine"
    )


@pytest.mark.parametrize("status", ["superseded", "withdrawn"])
def test_a_changed_copy_of_a_certificate_out_of_force_is_called_changed(status):
    assert verdict_on(CHANGED, facts(status)).verdict == "altered"


def test_a_register_that_hands_out_the_issued_file_needs_no_digest_of_its_content():
    rewritten = signed_sample().replace(b"?>\n", b"?>\n\n", 1)
    register = facts(issued_content_digest="")
    assert verdict_on(rewritten, register).reason == "same_content"
    other = facts(issued_content_digest="", issued_xml=signed(sample_content(number="JZ-2")))
    assert verdict_on(rewritten, other).reason == "not_as_issued"


def test_differences_are_named_only_where_something_was_altered():
    assert verdict_on(signed_sample(), facts("withdrawn")).differences == ()
    assert [d.presented for d in verdict_on(CHANGED, facts()).differences] == ["JZ-9"]
    assert verdict_on(CHANGED, facts(issued_xml=None)).differences == ()
    assert verdict_on(CHANGED, facts(issued_xml=b"<broken")).differences == ()


@pytest.mark.parametrize("status", ["in_force", "superseded", "withdrawn", "not_registered"])
def test_what_is_found_in_a_file_does_not_depend_on_the_moment_but_for_the_due_date(status):
    examination = examine(signed_sample(), trusted=anchors(), at=CHECK_TIME)
    later = datetime(2030, 1, 1, tzinfo=UTC)
    early, late = (findings_of(examination, facts(status), at) for at in (CHECK_TIME, later))
    assert (early.due, late.due) == ("ahead", "passed")
    assert replace(early, due="passed") == late


def test_judging_twice_gives_the_same_verdict():
    examination = examine(CHANGED, trusted=anchors(), at=CHECK_TIME)
    assert judge(examination, facts(), CHECK_TIME) == judge(examination, facts(), CHECK_TIME)


def test_the_evidence_names_signer_and_root_by_their_own_fingerprints():
    checks = {check.name: dict(check.evidence) for check in verdict_on(signed_sample()).checks}
    fingerprints = [
        each.fingerprint(hashes.SHA256()).hex()
        for each in (institute().certificate, issuing().certificate, root().certificate)
    ]
    assert len(set(fingerprints)) == 3
    assert checks["signer"]["fingerprint_sha256"] == fingerprints[0]
    assert checks["chain"]["root_fingerprint_sha256"] == fingerprints[2]
    assert checks["signer"]["serial"] == f"{institute().certificate.serial_number:x}"
    steps = checks["chain"]["path"].split(" → ")
    assert steps == [
        f"CN={n}" for n in ("Sample Institute of Metrology", "Jialiang test issuing CA", "Jialiang test root")
    ]
    assert checks["time"] == {"signing_time": "2026-06-16T07:47:30Z"}
