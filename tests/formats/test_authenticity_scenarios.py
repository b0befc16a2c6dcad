"""Which verdict each file gets from each register at each moment, as a table that a lawyer can read."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest
from lxml import etree
from tests.formats.sample_content import sample_content
from tests.formats.sample_keys import CHECK_TIME, SIGNING_TIME, anchors, root, signed, signed_sample, stranger

from jialiang.formats.authenticity.examination import examine
from jialiang.formats.authenticity.facts import RegisterFacts
from jialiang.formats.authenticity.verdict import Verdict, judge
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.xades.names import ds
from jialiang.formats.xades.verification import TrustAnchors
from jialiang.kernel.text import Text

SINCE = datetime(2026, 6, 20, 1, 30, tzinfo=UTC)
BEFORE_DUE, AFTER_DUE = (
    CHECK_TIME,
    datetime(2027, 6, 14, 16, 0, tzinfo=UTC),
)  # midnight after the last day, in Shanghai


@cache
def file_of(name: str) -> bytes:
    """The file that is presented."""
    issued = signed_sample()
    if name == "changed":
        return issued.replace(b"WLB-11", b"WLB-12")
    if name == "rewritten":
        return issued.replace(b"?>\n<", b"?>\n<!-- copied --><", 1)
    if name == "unsigned":
        tree = etree.fromstring(issued)
        tree.remove(tree.find(ds("Signature")))
        return etree.tostring(tree, encoding="UTF-8", xml_declaration=True)
    if name == "by a stranger":
        authority, other = stranger()
        return signed(by=other, chain=[authority.certificate])
    if name == "cut":
        return issued[:-30]
    if name == "another of ours":
        return signed(sample_content(conclusion=Text("另一结论", "Another conclusion")))
    return issued


@cache
def register_of(name: str) -> RegisterFacts | None:
    """What the register says."""
    if name == "none asked":
        return None
    status, _, more = name.partition(", ")
    known = status != "not registered"
    facts = RegisterFacts(
        status.replace(" ", "_"), since=SINCE, reason=Text("标准器失准", "standard out of tolerance"),
        superseded_by="JZ2026-000999", due_date="2027-06-14" if known else "", time_zone="Asia/Shanghai",
        issued_digests=(sha256_hex(signed_sample()),) if known else (),
        issued_xml=signed_sample() if known else None,
    )  # fmt: skip
    if more == "no digests":
        return replace(facts, issued_digests=(), issued_xml=None)
    return replace(facts, due_date="") if more == "no due date" else facts


def verdict(
    file: str, register: str, at: datetime = BEFORE_DUE, trusted: TrustAnchors | None = None
) -> Verdict:
    return judge(examine(file_of(file), trusted=trusted or anchors(), at=at), register_of(register), at)


# file, register, before or after the due date: verdict, reason, status
TABLE = [
    # the file as issued
    ("issued", "none asked", "before", "genuine", "genuine", "not_checked"),
    ("issued", "none asked", "after", "expired", "expired", "not_checked"),
    ("issued", "in force", "before", "genuine", "genuine", "in_force"),
    ("issued", "in force", "after", "expired", "expired", "expired"),
    ("issued", "in force, no due date", "after", "genuine", "genuine", "in_force"),
    ("issued", "in force, no digests", "before", "genuine", "genuine", "in_force"),
    ("issued", "superseded", "before", "superseded", "superseded", "superseded"),
    ("issued", "superseded", "after", "superseded", "superseded", "superseded"),
    ("issued", "withdrawn", "before", "withdrawn", "withdrawn", "withdrawn"),
    ("issued", "withdrawn", "after", "withdrawn", "withdrawn", "withdrawn"),
    ("issued", "not registered", "before", "unknown", "not_registered", "not_registered"),
    # one letter changed: no register makes it good, none hides it
    ("changed", "none asked", "before", "altered", "content_changed", "not_checked"),
    ("changed", "in force", "before", "altered", "content_changed", "in_force"),
    ("changed", "in force", "after", "altered", "content_changed", "expired"),
    ("changed", "superseded", "before", "altered", "content_changed", "superseded"),
    ("changed", "withdrawn", "before", "altered", "content_changed", "withdrawn"),
    ("changed", "not registered", "before", "altered", "content_changed", "not_registered"),
    # the same content in other bytes
    ("rewritten", "none asked", "before", "altered", "same_content", "not_checked"),
    ("rewritten", "in force", "before", "altered", "same_content", "in_force"),
    ("rewritten", "in force, no digests", "before", "altered", "same_content", "in_force"),
    ("rewritten", "in force", "after", "expired", "expired", "expired"),
    ("rewritten", "superseded", "before", "superseded", "superseded", "superseded"),
    ("rewritten", "withdrawn", "before", "withdrawn", "withdrawn", "withdrawn"),
    ("rewritten", "not registered", "before", "unknown", "not_registered", "not_registered"),
    # the signature taken off
    ("unsigned", "none asked", "before", "altered", "content_changed", "not_checked"),
    ("unsigned", "in force", "before", "altered", "content_changed", "in_force"),
    ("unsigned", "not registered", "before", "altered", "content_changed", "not_registered"),
    # signed by somebody of the same name
    ("by a stranger", "none asked", "before", "unknown", "signer_not_trusted", "not_checked"),
    ("by a stranger", "in force", "before", "unknown", "signer_not_trusted", "in_force"),
    ("by a stranger", "withdrawn", "after", "unknown", "signer_not_trusted", "withdrawn"),
    # cut off at the end
    ("cut", "none asked", "before", "altered", "unreadable", "not_checked"),
    ("cut", "in force", "before", "altered", "unreadable", "in_force"),
    ("cut", "withdrawn", "before", "altered", "unreadable", "withdrawn"),
    # rightly signed by the institute, but not what the register says was issued
    ("another of ours", "none asked", "before", "genuine", "genuine", "not_checked"),
    ("another of ours", "in force", "before", "altered", "not_as_issued", "in_force"),
    ("another of ours", "withdrawn", "before", "altered", "not_as_issued", "withdrawn"),
    ("another of ours", "superseded", "after", "altered", "not_as_issued", "superseded"),
    ("another of ours", "in force, no digests", "before", "genuine", "genuine", "in_force"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "register", "when", "word", "reason", "status"),
    TABLE,
    ids=[" | ".join(row[:3]) for row in TABLE],
)
def test_each_file_gets_the_verdict_of_its_line(file, register, when, word, reason, status):
    found = verdict(file, register, BEFORE_DUE if when == "before" else AFTER_DUE)
    assert (found.verdict, found.reason, found.status) == (word, reason, status)
    assert found.is_genuine is (word == "genuine")


WITH_FILE = [
    register_of(name) for name in ("in force", "superseded", "withdrawn")
]  # registers that hand out the file


@pytest.mark.parametrize(("file", "register", "when", "word", "_", "__"), TABLE)
def test_every_line_is_said_in_both_languages_and_with_every_check(file, register, when, word, _, __):
    found = verdict(file, register, BEFORE_DUE if when == "before" else AFTER_DUE)
    assert [check.name for check in found.checks] == [
        "readable", "integrity", "signer", "chain", "time", "revocation", "bytes", "register", "due_date",
    ]  # fmt: skip
    for text in (found.text, *(check.text for check in found.checks)):
        assert text.zh
        assert text.en
        assert "{" not in text.zh + text.en
    told = word == "altered" and file in {"changed", "another of ours"}
    assert (found.differences != ()) is (told and register_of(register) in WITH_FILE)


@pytest.mark.parametrize(
    ("moment", "word"),
    [
        (datetime(2027, 6, 14, 15, 59, 59, tzinfo=UTC), "genuine"),
        (datetime(2027, 6, 14, 16, 0, 0, tzinfo=UTC), "expired"),
        (datetime(2027, 6, 15, 0, 0, 0, tzinfo=UTC), "expired"),
    ],
)
@pytest.mark.parametrize("register", ["none asked", "in force"])
def test_the_last_day_ends_at_midnight_where_the_institute_is(moment, word, register):
    assert verdict("issued", register, moment).verdict == word


@pytest.mark.parametrize("file", ["issued", "rewritten", "another of ours"])
def test_nobody_is_trusted_without_a_root(file):
    found = verdict(file, "in force", trusted=TrustAnchors(()))
    assert (found.verdict, found.reason) == ("unknown", "signer_not_trusted")


def test_a_check_before_the_signing_is_a_time_that_does_not_fit():
    earlier = datetime(2026, 6, 16, 7, 42, 29, tzinfo=UTC)  # five minutes and a second before
    assert (SIGNING_TIME - earlier).total_seconds() == 301
    found = verdict("issued", "in force", earlier)
    assert (found.verdict, found.reason) == ("unknown", "time_does_not_fit")
    assert verdict("issued", "in force", datetime(2026, 6, 16, 7, 42, 30, tzinfo=UTC)).verdict == "genuine"


SAID = [
    ("issued", "superseded", ("JZ2026-000123", "JZ2026-000999")),
    ("issued", "withdrawn", ("JZ2026-000123", "2026-06-20", "标准器失准")),
    ("issued", "in force", ("JZ2026-000123",)),
]


@pytest.mark.parametrize(("file", "register", "facts"), SAID)
def test_the_sentence_names_number_successor_day_and_reason(file, register, facts):
    said = verdict(file, register).text
    assert all(fact in said.zh for fact in facts)


def test_the_root_of_these_scenarios_is_the_one_that_is_trusted():
    assert anchors().roots == (root().certificate,)
