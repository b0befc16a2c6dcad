"""Names of the Handle System: the vectors, the comparison of names, and the digests that stand for them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.names import FAULTS, BadHandle, HandleName, folded, name_digest, parsed_handle
from jialiang.formats.handle.published import (
    PublishedPrefix,
    gs1_key,
    prefix_key,
    published_prefix,
    record_key,
)


def test_every_vector_of_handles_is_judged_as_it_says(oracles: Path) -> None:
    file = oracles / "identifiers" / "check_vectors.json"
    for vector in json.loads(file.read_text(encoding="utf-8"))["systems"]["Handle"]:
        text = str(vector["value"])
        if not vector["valid"]:
            with pytest.raises(BadHandle):
                parsed_handle(text)
            continue
        name = parsed_handle(text)
        assert name.text == text
        assert name == HandleName(str(vector.get("prefix", name.prefix)), str(vector.get("suffix", name.suffix)))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("88.101.5", "no slash"),
        ("", "no slash"),
        ("/abc", "empty prefix"),
        ("88..5/x", "empty prefix segment"),
        (".88/x", "empty prefix segment"),
        ("88./x", "empty prefix segment"),
        ("88.1/a\nb", "control character"),
        ("88.1/a\x85b", "control character"),
        ("88.1/\ud800", "control character"),
        ("88.1/x ", "blank at an end"),
        (" 88.1/x", "blank at an end"),
        ("88.1/" + "x" * 2044, "length"),
        ("88.1/" + "量" * 682, "length"),
    ],
)
def test_each_fault_is_told_by_its_name(text: str, fault: str) -> None:
    assert fault in FAULTS
    with pytest.raises(BadHandle) as caught:
        parsed_handle(text)
    assert caught.value.facts["fault"] == fault


def test_the_longest_name_is_2048_bytes() -> None:
    assert len(parsed_handle("88.1/" + "x" * 2043).text.encode()) == 2048
    assert len(parsed_handle("88.1/" + "量" * 681).text.encode()) == 2048


def test_a_suffix_may_hold_slashes_and_chinese() -> None:
    assert parsed_handle("88.101.5/a/b/压力表-№7") == HandleName("88.101.5", "a/b/压力表-№7")


def test_only_ascii_letters_are_compared_without_case() -> None:
    assert parsed_handle("0.na/ABC").folded == parsed_handle("0.NA/abc").folded
    assert folded("ÄÖ№\u212a") == "ÄÖ№\u212a"  # the last is the Kelvin sign, which str.lower would make a k
    assert parsed_handle("88.1/Ä").folded != parsed_handle("88.1/ä").folded


def test_a_digest_is_one_for_all_spellings_of_a_name() -> None:
    assert name_digest("88.101.5/INS-7") == name_digest("88.101.5/ins-7")
    assert name_digest("88.101.5/ins-7") != name_digest("88.101.5/ins-8")
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", name_digest("88.101.5/ins-7"))


def test_the_digest_of_a_name_never_changes() -> None:
    """Published rows are found by it: computed with ``openssl dgst`` and ``base64``."""
    assert name_digest("10.1000/182") == "y-CWWa7emAK1Of7yke6jC6yuGUKYHMco"


@given(st.text(min_size=1, max_size=60))
def test_whatever_is_given_is_a_name_or_a_refusal(text: str) -> None:
    try:
        name = parsed_handle(text)
    except BadHandle as refused:
        assert refused.facts["fault"] in FAULTS
        return
    assert name.text == text
    assert "/" not in name.prefix
    assert folded(name.folded) == name.folded
    assert name_digest(text) == name_digest(name.folded)


def test_the_keys_of_the_three_kinds_never_meet() -> None:
    keys = {record_key("88.1/x"), prefix_key("88.1/x"), gs1_key("88.1/x")}
    assert {key[:2] for key in keys} == {"h:", "p:", "g:"}
    assert all(len(key) == 34 for key in keys)


def test_case_counts_in_gs1_keys_and_not_in_names() -> None:
    assert gs1_key("01/09506000134352/21/a") != gs1_key("01/09506000134352/21/A")
    assert gs1_key("01/09506000134352/21/^a") != gs1_key("01/09506000134352/21/A")
    assert record_key("88.1/a") == record_key("88.1/A")


def test_a_prefix_comes_back_as_it_was_published() -> None:
    site = {"version": 1, "servers": [{"address": "127.0.0.1"}]}
    for prefix in (PublishedPrefix("88.101", "delegated", site), PublishedPrefix("88.101.5", "active")):
        assert published_prefix(prefix.body()) == prefix
    assert json.loads(PublishedPrefix("88.1", "suspended").body()) == {
        "prefix": "88.1",
        "state": "suspended",
        "site": None,
    }


@pytest.mark.parametrize("fault", FAULTS)
def test_a_refusal_says_why_in_the_language_of_its_sentence(fault: str) -> None:
    why = FAULTS[fault]
    refused = BadHandle(given="x", fault=fault, why=why)
    assert f"（{why.zh}）" in refused.what.zh
    assert f"({why.en})" in refused.what.en
    assert not any("a" <= letter <= "z" for letter in why.zh)
