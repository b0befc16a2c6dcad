"""Procedures of digests as people write them, and how long the digests are."""

import hashlib

import pytest

from jialiang.formats.dcc.digests import NOT_NAMED, ON_PAPER, Procedure, digest_bytes, digest_of, procedure_of
from jialiang.formats.xml.parsing import parse_xml

WRITTEN = {
    "sha256": ("sha256", False), "SHA-256": ("sha256", False), " Sha 256 ": ("sha256", False),
    "SHA_512": ("sha512", False), "c14n-sha256": ("sha256", True), "C14N SHA256": ("sha256", True),
    "sha3-384": ("sha3384", False), "SM3": ("sm3", False), "MD5": ("md5", False),
    "http://www.w3.org/2001/04/xmlenc#sha256": ("sha256", False), "analogue": (ON_PAPER, False),
    "Analog": (ON_PAPER, False), "paper": (ON_PAPER, False), "": (NOT_NAMED, False), "crc32": (NOT_NAMED, False),
    "sha": (NOT_NAMED, False), "c14n-crc32": (NOT_NAMED, True),
}  # fmt: skip


@pytest.mark.parametrize("written", WRITTEN)
def test_procedures_are_read_as_people_write_them(written):
    algorithm, canonical = WRITTEN[written]
    assert procedure_of(written) == Procedure(algorithm, canonical)


@pytest.mark.parametrize("name", ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sm3", "blake2b", "blake2s"])
def test_lengths_and_digests_are_those_of_the_algorithms(name):
    procedure = Procedure(name)
    if name not in hashlib.algorithms_available:
        pytest.skip(f"{name} is absent from this OpenSSL")
    made = hashlib.new(name, b"abc")
    assert procedure.length == made.digest_size
    assert digest_of(b"abc", None, procedure) == made.digest()
    assert digest_bytes(made.hexdigest(), procedure) == made.digest()


@pytest.mark.parametrize("bits", ["224", "256", "384", "512"])
def test_sha3_has_its_own_names(bits):
    made = hashlib.new(f"sha3_{bits}", b"abc").digest()
    assert digest_of(b"abc", None, procedure_of(f"SHA3-{bits}")) == made


def test_weak_algorithms_are_known_as_such():
    assert [name for name in ("md5", "sha1", "sha256", "sm3") if Procedure(name).is_weak] == ["md5", "sha1"]


def test_what_cannot_be_made_canonical_has_no_canonical_digest():
    relative = parse_xml(b'<a xmlns:p="relative/address"/>')
    assert digest_of(b"", relative, Procedure("sha256", canonical=True)) is None


def test_comments_do_not_count_in_canonical_digests():
    procedure = Procedure("sha256", canonical=True)
    one, other = parse_xml(b"<a><b/></a>"), parse_xml(b"<a><!-- note --><b></b></a>")
    assert digest_of(b"", one, procedure) == digest_of(b"", other, procedure)


@pytest.mark.parametrize("stated", ["", " ", "x", "ab" * 31, "ab" * 33, "-GP-Value-", "=" * 44, "é" * 64])
def test_what_is_no_digest_is_none(stated):
    assert digest_bytes(stated, Procedure("sha256")) is None


def test_digests_may_have_colons_and_line_breaks():
    text = ":".join(["ab"] * 16) + "\n  " + ":".join(["ab"] * 16)
    assert digest_bytes(text, Procedure("sha256")) == b"\xab" * 32
