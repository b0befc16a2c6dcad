"""What the check of a signature found, as words and as a document."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.test_handle_trust import NAME, NOW, OTHER_KEY, SEAL, SEAL_KEY, VALUES, report, signature

from jialiang.formats.handle.trust import says, still_covers, token, token_facts
from jialiang.formats.handle.trust_documents import moment, signed_by, trust_document
from jialiang.formats.handle.trust_reports import VERDICTS, Finding, TrustReport, _words, verdict_words
from jialiang.formats.handle.values import HandleValue

CODES = sorted(_words()["findings"])


@pytest.mark.parametrize("code", CODES)
def test_every_finding_has_words_in_both_languages_and_a_verdict(code: str):
    finding = Finding(code, 3)
    assert finding.text.zh
    assert finding.text.en
    assert finding.text.zh != finding.text.en
    assert "{" not in finding.text.zh + finding.text.en
    assert ("3" in finding.text.en) == ("3" in finding.text.zh)
    assert finding.verdict in VERDICTS
    assert TrustReport((finding,), verified=(1,)).verdict == finding.verdict
    assert not TrustReport((finding,)).is_trusted


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_says_what_to_do(verdict: str):
    words = verdict_words(verdict)
    for text in (words.title, words.remedy):
        assert text.zh
        assert text.en
    assert words.tone in {"ok", "warn", "stop", "idle"}
    assert words.shape in {"tick", "question", "bar", "clock"}
    assert (words.tone == "ok") == (verdict == "holds"), "nothing but a good signature looks like one"


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (TrustReport(()), "holds"),
        (TrustReport((), unsigned=(1,)), "partly"),
        (TrustReport((), unsigned=(1,), changed=(2,)), "changed"),
        (TrustReport((), missing=(2,)), "changed"),
        (TrustReport((Finding("signature_not_in_force"),), changed=(2,)), "not_in_force"),
        (TrustReport((Finding("certificate_not_in_force", 1), Finding("foreign_root"))), "unknown_root"),
        (TrustReport((Finding("foreign_root"), Finding("not_signed_by_key", 1))), "chain_broken"),
        (TrustReport((Finding("no_signature"),)), "not_signed"),
    ],
)
def test_the_gravest_finding_is_the_verdict(found: TrustReport, verdict: str):
    assert found.verdict == verdict
    assert found.is_trusted == (verdict == "holds")


def test_a_document_tells_who_signed_until_when_and_over_which_chain():
    told = trust_document(report())
    assert (told["verdict"], told["trusted"], told["findings"]) == ("holds", True, [])
    assert (told["signed_by"], told["verified"]) == ("400:88.101/institute", [1, 2])
    assert told["signed_at"] == moment(NOW - 10)
    assert told["expires"] == moment(NOW + 1000)
    assert [(step["subject"], step["issuer"]) for step in told["chain"]] == [
        ("400:88.101/institute", "400:88.101/0.0"),
        ("400:88.101/0.0", "400:88.101/0.0"),
    ]
    assert json.loads(json.dumps(told)) == told


def test_a_document_names_every_finding_with_the_certificate_it_is_about():
    told = trust_document(report(signed=signature(signer=OTHER_KEY)))
    assert [(one["code"], one["certificate"]) for one in told["findings"]] == [("not_signed_by_key", 1)]
    assert told["findings"][0]["zh"] == "应由第 1 张证书签署的内容验签不通过"
    assert told["title"] == {"zh": "证书链断开", "en": "The chain is broken"}


def test_a_record_without_a_signature_has_a_document_too():
    told = trust_document(TrustReport((Finding("no_signature"),)))
    assert (told["verdict"], told["signed_by"], told["expires"], told["chain"]) == ("not_signed", "", "", [])
    assert signed_by(TrustReport(())) == ""


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, ""), (-1, ""), (1, "1970-01-01T00:00:01Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
     (253_402_300_800, ""), (10**30, "")],
)  # fmt: skip
def test_a_moment_that_no_calendar_holds_is_left_out(seconds: int, told: str):
    assert moment(seconds) == told


def test_facts_of_a_token_are_read_without_trusting_it():
    facts = token_facts(SEAL)
    assert facts is not None
    assert (facts.issuer, facts.subject) == ("400:88.101/0.0", "400:88.101/institute")
    odd = token_facts(token({"iss": 7, "exp": "soon", "nbf": True}, "ES256", lambda _: b""))
    assert odd is not None
    assert (odd.issuer, odd.subject, odd.not_before, odd.expires) == ("7", "", 0, 0)
    assert token_facts("x") is None


@given(st.text(max_size=40))
def test_whatever_stands_for_a_token_has_a_document(text: str):
    told = trust_document(report(signed=text))
    assert not told["trusted"]
    assert trust_document(TrustReport((), signature=text, chain=(text,)))["signed_by"] == ""


def test_a_signature_still_covers_exactly_what_it_says():
    key, signed = SEAL_KEY.public_key(), signature()
    assert still_covers(NAME, VALUES, signed, key, NOW)
    assert still_covers(NAME.upper(), VALUES, signed, key, NOW)
    assert says(NAME, VALUES, signed)
    for name, values, by, now in (
        ("88.101.5/other", VALUES, key, NOW),
        (NAME, VALUES[:1], key, NOW),
        (NAME, (*VALUES, HandleValue(9, "NOTE", b"x")), key, NOW),
        (NAME, VALUES, OTHER_KEY.public_key(), NOW),
        (NAME, VALUES, key, NOW + 1000),
        (NAME, VALUES, key, NOW - 11),
    ):
        assert not still_covers(name, values, signed, by, now)
    assert not says(NAME, VALUES[:1], signed)
    assert not says("88.101.5/other", VALUES, signed)
    assert not says(NAME, VALUES, "x")
    assert not still_covers(NAME, VALUES, "x", key, NOW)
