"""Thousands of changes to an issued certificate: none is genuine, each gets an answer, nothing crashes."""

import random
from collections import Counter

from lxml import etree
from tests.formats.sample_keys import CHECK_TIME, anchors, signed_sample

from jialiang.formats.authenticity.examination import content_digest_of, examine
from jialiang.formats.authenticity.facts import RegisterFacts
from jialiang.formats.authenticity.verdict import judge
from jialiang.formats.canonical import sha256_hex
from jialiang.kernel.errors import InvalidInput

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/-. 中量"


def register():
    xml = signed_sample()
    return RegisterFacts(
        "in_force", issued_digests=(sha256_hex(xml),), issued_content_digest=content_digest_of(xml)
    )


def verdict_on(data, facts):
    return judge(examine(data, trusted=anchors(), at=CHECK_TIME), facts, CHECK_TIME)


def with_one_character_changed(rng):
    """The sample after one character of one text or attribute value became another one."""
    tree = etree.fromstring(signed_sample())
    places = [(e, None) for e in tree.iter(etree.Element) if (e.text or "").strip()]
    places += [(e, name) for e in tree.iter(etree.Element) for name in e.attrib]
    element, name = rng.choice(places)
    text = element.text if name is None else element.get(name)
    at = rng.randrange(max(len(text), 1))
    letter = rng.choice([c for c in LETTERS if c != text[at : at + 1]])
    changed = text[:at] + letter + text[at + 1 :]
    if name is None:
        element.text = changed
    else:
        element.set(name, changed)
    # Written as this house writes, so that nothing but the one character differs.
    return as_written_here(tree)


def as_written_here(tree):
    return (
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        + etree.tostring(tree, encoding="unicode").encode()
        + b"\n"
    )


def test_the_way_of_changing_changes_nothing_else():
    assert as_written_here(etree.fromstring(signed_sample())) == signed_sample()


def test_200_one_character_changes_of_texts_and_attributes_are_all_altered():
    rng = random.Random(20260616)
    facts = register()
    for number in range(200):
        changed = with_one_character_changed(rng)
        for known in (None, facts) if number % 4 == 0 else (None,):
            verdict = verdict_on(changed, known)
            assert verdict.verdict == "altered", (number, verdict.reason)


def test_every_character_of_the_signature_counts():
    """The signature itself is the part that no digest of the content covers: every ninth letter is tried."""
    issued = signed_sample()
    start = issued.index(b"<ds:Signature ")
    survivors = []
    for at in range(start, len(issued) - 1, 9):
        replacement = b"A" if issued[at : at + 1] != b"A" else b"B"
        changed = issued[:at] + replacement + issued[at + 1 :]
        if verdict_on(changed, None).is_genuine:
            survivors.append(at)
    assert survivors == []


def test_1000_random_byte_changes_are_never_genuine_and_never_a_traceback():
    rng = random.Random(20260617)
    issued, facts = signed_sample(), register()
    seen = Counter()
    for number in range(1000):
        at = rng.randrange(len(issued))
        byte = rng.choice([b for b in range(256) if b != issued[at]])
        changed = issued[:at] + bytes([byte]) + issued[at + 1 :]
        for known in (None, facts) if number % 4 == 0 else (None,):
            try:
                verdict = verdict_on(changed, known)
            except InvalidInput as unreadable:
                assert unreadable.what.zh
                seen["exit 2"] += 1
                continue
            assert verdict.verdict == "altered", (at, byte, verdict.reason)
            seen[verdict.reason] += 1
            if verdict.reason == "same_content":
                named = next(check for check in verdict.checks if check.name == "bytes")
                assert "bytes differ, signed content the same" in named.text.en
    assert seen["content_changed"] > 100
    assert seen["unreadable"] > 100


def test_200_changes_of_several_bytes_and_200_cuts_are_never_genuine():
    rng = random.Random(20260618)
    issued = signed_sample()
    for _ in range(200):
        at, length = rng.randrange(len(issued)), rng.randint(1, 400)
        for changed in (
            issued[:at] + rng.randbytes(length) + issued[at:],
            issued[:at] + issued[at + length :],
        ):
            try:
                assert not verdict_on(changed, None).is_genuine
            except InvalidInput as unreadable:
                assert unreadable.code
