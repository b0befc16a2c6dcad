"""Signed values at their edges: hostile claims, moments to the second, chains of the longest length, the way up."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.trust import (
    CERTIFICATE_TYPE,
    LONGEST_CHAIN,
    LONGEST_TOKEN,
    Permission,
    Root,
    TrustReport,
    Validity,
    best,
    certificate_claims,
    certificate_in,
    certified_key,
    certified_permissions,
    chain_of,
    issued_itself,
    issuer_of,
    judged,
    key_to_json,
    published_root,
    raw_es256,
    signature_claims,
    signatures_in,
    token,
    value_digest,
)
from jialiang.formats.handle.trust_reports import Finding
from jialiang.formats.handle.values import HandleReference, HandleValue

NAME = "88.101.5/ins-7"
VALUES = (HandleValue(1, "URL", b"https://example.org"), HandleValue(2, "CERT_NO", b"7"))
ALWAYS = Validity(0, 2**40, 0)
EVERYTHING = (Permission("everything"),)
NOW = 1_781_582_850
KEYS = [ec.derive_private_key(21 + at, ec.SECP256R1()) for at in range(LONGEST_CHAIN + 2)]
IDS = [HandleReference(400, f"88.101/{at}") for at in range(LONGEST_CHAIN + 2)]


def signed(claims: dict[str, Any], key: ec.EllipticCurvePrivateKey, algorithm: str = "ES256") -> str:
    return token(claims, algorithm, lambda data: raw_es256(key.sign(data, ec.ECDSA(hashes.SHA256()))))


@cache
def certificate(subject: int, issuer: int, validity: Validity = ALWAYS, permissions: Any = EVERYTHING) -> str:
    """The certificate of one of KEYS, issued by another; number 0 signs records, the last of a chain is its root."""
    public = KEYS[subject].public_key()
    return signed(certificate_claims(IDS[subject], public, permissions, IDS[issuer], validity), KEYS[issuer])


@cache
def chain(length: int) -> tuple[str, ...]:
    last = length - 1
    return tuple(certificate(at, min(at + 1, last)) for at in range(length))


def root(length: int) -> Root:
    return Root(IDS[length - 1], KEYS[length - 1].public_key())


def claims(values: Any = VALUES, validity: Validity = ALWAYS) -> dict[str, Any]:
    return signature_claims(NAME, values, IDS[0], validity)


def report(own: dict[str, Any] | str, *, length: int = 2, now: int = NOW, values: Any = VALUES) -> TrustReport:
    text = own if isinstance(own, str) else signed(own, KEYS[0])
    return judged(NAME, values, text, chain(length), root=root(length), now=now)


@pytest.mark.parametrize("length", range(1, LONGEST_CHAIN + 1))
def test_a_chain_of_every_length_up_to_the_longest_is_trusted(length: int):
    assert report(claims(), length=length) == TrustReport((), verified=(1, 2))


def test_a_chain_one_certificate_longer_is_not():
    found = report(claims(), length=LONGEST_CHAIN + 1)
    assert found.findings == (Finding("chain_too_long"),)
    assert found.verified == (1, 2), "what the values say is still compared"


@pytest.mark.parametrize("at", range(4))
def test_one_certificate_of_another_key_breaks_the_chain_at_its_place(at: int):
    broken = list(chain(4))
    other = KEYS[7].public_key()
    above = min(at + 1, 3)
    broken[at] = signed(certificate_claims(IDS[at], other, EVERYTHING, IDS[above], ALWAYS), KEYS[above])
    found = judged(NAME, VALUES, signed(claims(), KEYS[0]), broken, root=root(4), now=NOW)
    assert not found.is_trusted
    assert found.findings[0] == Finding("not_signed_by_key", at + 1)


@pytest.mark.parametrize(
    ("now", "is_trusted"), [(NOW - 1, False), (NOW, True), (NOW + 9, True), (NOW + 10, False), (NOW + 11, False)]
)
def test_from_its_first_second_to_before_its_last(now: int, is_trusted: bool):
    span = Validity(NOW, NOW + 10, NOW)
    assert report(claims(validity=span), now=now).is_trusted is is_trusted
    links = (certificate(0, 1, span), certificate(1, 1))
    found = judged(NAME, VALUES, signed(claims(), KEYS[0]), links, root=root(2), now=now)
    assert found.findings == (() if is_trusted else (Finding("certificate_not_in_force", 1),))


@pytest.mark.parametrize(
    "changes", [{"exp": None}, {"exp": str(NOW + 9)}, {"exp": NOW + 0.5}, {"nbf": "0"}, {"nbf": None}, {"exp": []}]
)
def test_a_moment_that_is_no_whole_number_is_never_now(changes: dict[str, Any]):
    assert report(claims() | changes).findings == (Finding("signature_not_in_force"),)


def test_without_a_beginning_it_is_in_force_from_ever():
    own = claims()
    del own["nbf"]
    assert report(own).is_trusted


@pytest.mark.parametrize(
    "digests",
    [None, [], "SHA-256", {}, {"alg": "SHA-256"}, {"digests": []}, {"alg": "SHA-256", "digests": {}},
     {"alg": "MD5", "digests": []}, {"alg": "sha-256", "digests": []}, {"alg": ["SHA-256"], "digests": []},
     {"alg": {"SHA-256": 1}, "digests": []}, {"alg": None, "digests": []}],
)  # fmt: skip
def test_without_a_list_of_digests_nothing_is_signed(digests: Any):
    found = report(claims() | {"digests": digests})
    assert found == TrustReport((Finding("no_digests"),))


@pytest.mark.parametrize(
    "row",
    [7, None, [], {}, {"index": [1]}, {"index": {"1": 1}}, {"index": "1"}, {"index": 1.0}, {"index": None},
     {"index": True}],
)  # fmt: skip
def test_a_row_without_the_number_of_a_value_signs_nothing(row: Any):
    digest = value_digest(VALUES[0])
    rows = [row | {"digest": digest} if isinstance(row, dict) else row]
    found = report(claims() | {"digests": {"alg": "SHA-256", "digests": rows}})
    assert (found.findings, found.unsigned, found.verified, found.missing) == ((), (1, 2), (), ())
    assert not found.is_trusted


@pytest.mark.parametrize("digest", [None, 7, [], {}, "", "AAAA", True])
def test_a_digest_that_is_none_is_a_changed_value(digest: Any):
    rows = [{"index": 1, "digest": digest}, {"index": 2, "digest": value_digest(VALUES[1])}]
    found = report(claims() | {"digests": {"alg": "SHA-256", "digests": rows}})
    assert (found.changed, found.verified) == ((1,), (2,))


@pytest.mark.parametrize("algorithm", ["SHA-256", "SHA-384", "SHA-512"])
def test_each_algorithm_of_the_family_is_understood(algorithm: str):
    rows = [{"index": value.index, "digest": value_digest(value, algorithm)} for value in VALUES]
    assert report(claims() | {"digests": {"alg": algorithm, "digests": rows}}).is_trusted


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["index", "digest", "alg"]), inner),
    max_leaves=6,
)


CLAIMS = st.sampled_from(["digests", "perms", "publicKey", "iss", "sub", "exp"])


@given(ANYTHING, st.lists(ANYTHING, max_size=4), CLAIMS)
def test_whatever_a_signer_writes_into_a_claim_is_judged(anything: Any, rows: list[Any], name: str):
    for changed in ({name: anything}, {"digests": {"alg": "SHA-256", "digests": rows}}, {"perms": rows}):
        payload = base64.urlsafe_b64encode(json.dumps(claims() | changed).encode()).decode().rstrip("=")
        text = f"e30.{payload}.AAAA"
        found = judged(NAME, VALUES, text, (text, *chain(2)), root=root(2), now=NOW)
        assert not found.is_trusted
        assert isinstance(certified_permissions(text), tuple)
        assert certified_key(text) is None


@given(st.lists(st.sampled_from([1, 2, 3, 4]), unique=True), st.lists(st.sampled_from([1, 2, 3, 4]), unique=True),
       st.sets(st.sampled_from([1, 2, 3, 4])))  # fmt: skip
def test_every_value_is_in_exactly_one_of_the_four_lists(there: list[int], covered: list[int], altered: set[int]):
    def made(index: int, data: bytes) -> HandleValue:
        return HandleValue(index, "URL", data)

    own = claims([made(index, b"signed") for index in covered])
    now_there = [made(index, b"altered" if index in altered else b"signed") for index in there]
    found = report(own, values=now_there)
    both = set(there) & set(covered)
    assert set(found.verified) == both - altered
    assert set(found.changed) == both & altered
    assert set(found.missing) == set(covered) - set(there)
    assert set(found.unsigned) == set(there) - set(covered)
    assert found.is_trusted is (set(there) == set(covered) and not both & altered)


# tokens


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c.d", "....", "é.é.é", "e30.e30", "e30.W10.AA", "e30.MQ.AA"])
def test_what_is_no_token_names_nobody_and_permits_nothing(text: str):
    assert issuer_of(text) is None
    assert certified_key(text) is None
    assert certified_permissions(text) == ()
    assert not issued_itself(text)
    assert report(text).findings == (Finding("no_token"),)


def test_the_longest_token_is_read_and_one_letter_more_is_not():
    def of_length(length: int) -> str:
        head = "e30." + base64.urlsafe_b64encode(b'{"iss":"1:a/b"}').decode().rstrip("=") + "."
        return head + "A" * (length - len(head))

    lengths = [length for length in range(LONGEST_TOKEN - 4, LONGEST_TOKEN + 1) if issuer_of(of_length(length))]
    assert LONGEST_TOKEN in lengths or LONGEST_TOKEN - 1 in lengths
    assert all(issuer_of(of_length(length)) is None for length in range(LONGEST_TOKEN + 1, LONGEST_TOKEN + 6))


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(65), b"\xff" * 64])
def test_a_signature_of_another_length_or_of_nothing_does_not_hold(signature: bytes):
    text = token(claims(), "ES256", lambda _: signature)
    assert Finding("not_signed_by_key", 1) in report(text).findings


def test_one_bit_of_any_part_of_a_token_is_enough_to_be_refused():
    header, payload, proof = signed(claims(), KEYS[0]).split(".")
    for at, part in enumerate((header, payload, proof)):
        data = bytearray(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        data[len(data) // 2] ^= 1
        parts = [header, payload, proof]
        parts[at] = base64.urlsafe_b64encode(bytes(data)).decode().rstrip("=")
        assert not report(".".join(parts)).is_trusted


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256", "es256", "ES384", ""])
def test_another_algorithm_than_that_of_the_key_is_refused_though_the_numbers_are_right(algorithm: str):
    text = signed(claims(), KEYS[0], algorithm)
    assert report(text).findings == (Finding("not_signed_by_key", 1),)


@pytest.mark.parametrize(
    "change",
    [{"kty": "OKP"}, {"crv": "P-384"}, {"x": "AQ"}, {"x": None}, {"y": 7}, {"x": "A" * 200}, {"kty": ["EC"]},
     {"y": "é"}],
)  # fmt: skip
def test_a_point_that_is_none_is_no_key(change: dict[str, Any]):
    own = certificate_claims(IDS[0], KEYS[0].public_key(), EVERYTHING, IDS[1], ALWAYS)
    own["publicKey"] = own["publicKey"] | change
    text = signed(own, KEYS[1])
    assert certified_key(text) is None
    found = judged(NAME, VALUES, signed(claims(), KEYS[0]), (text, certificate(1, 1)), root=root(2), now=NOW)
    assert found.findings == (Finding("certificate_unreadable", 1),)


# the way up


def climbed(signature: str, kept: dict[str, str]) -> tuple[list[str], tuple[str, ...]]:
    """Go the way up with what ``kept`` gives; return whose certificates were wanted, and the chain."""
    steps, wanted = chain_of(signature), []
    try:
        reference = next(steps)
        while True:
            wanted.append(reference.text)
            reference = steps.send(kept.get(reference.text))
    except StopIteration as end:
        return wanted, end.value


@pytest.mark.parametrize("length", range(1, LONGEST_CHAIN + 1))
def test_the_way_up_finds_the_chain_and_stops_at_the_root(length: int):
    links = chain(length)
    kept = {IDS[at].text: text for at, text in enumerate(links)}
    wanted, found = climbed(signed(claims(), KEYS[0]), kept)
    assert (wanted, found) == ([IDS[at].text for at in range(length)], links)


def test_the_way_up_ends_where_a_certificate_is_missing():
    kept = {IDS[0].text: chain(3)[0]}
    assert climbed(signed(claims(), KEYS[0]), kept) == ([IDS[0].text, IDS[1].text], chain(3)[:1])


def test_a_ring_of_issuers_comes_to_an_end_and_is_not_trusted():
    kept = {IDS[0].text: certificate(0, 1), IDS[1].text: certificate(1, 0)}
    wanted, found = climbed(signed(claims(), KEYS[0]), kept)
    assert len(found) == LONGEST_CHAIN + 1
    assert len(wanted) <= LONGEST_CHAIN + 1
    assert not judged(NAME, VALUES, signed(claims(), KEYS[0]), found, root=root(2), now=NOW).is_trusted


def test_the_way_up_from_nothing_asks_nobody():
    assert climbed("no token", {}) == ([], ())


# what stands in records


def test_a_certificate_is_the_value_of_its_index_and_type_and_no_other():
    values = (
        HandleValue(400, "HS_SIGNATURE", b"one"), HandleValue(401, "hs_cert", b"two"),
        HandleValue(402, "HS_CERT", b"three"), HandleValue(403, CERTIFICATE_TYPE, b"\xff"),
    )  # fmt: skip
    assert [certificate_in(values, index) for index in (400, 401, 402, 403, 404)] == [None, "two", "three", None, None]
    assert signatures_in(values) == ["one"]
    assert signatures_in((HandleValue(1, "HS_SIGNATURE", b"\xff"),)) == [""]


def test_the_best_report_is_one_that_may_be_trusted_else_the_first():
    good, bad, worse = TrustReport(()), TrustReport((Finding("no_chain"),)), TrustReport((Finding("no_token"),))
    assert best([bad, good, worse]) is good
    assert best([bad, worse]) is bad
    assert best([]).findings == (Finding("no_signature"),)


@pytest.mark.parametrize("member", ["changed", "missing", "unsigned"])
def test_one_value_that_is_not_as_signed_is_enough(member: str):
    assert TrustReport((), verified=(1,)).is_trusted
    assert not TrustReport((), verified=(1,), **{member: (2,)}).is_trusted


@pytest.mark.parametrize(
    "told", [{}, {"identity": "400:88.101/0.0"}, {"identity": "x", "publicKey": key_to_json(KEYS[0].public_key())},
             {"identity": "400:88.101/0.0", "publicKey": {"kty": "EC"}}]
)  # fmt: skip
def test_a_published_root_without_identity_or_key_is_none(told: dict[str, Any]):
    assert published_root(json.dumps(told).encode()) is None
