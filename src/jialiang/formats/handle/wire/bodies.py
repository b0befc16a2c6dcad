"""Bodies of messages. Each knows its bytes; what reads them is chosen by operation and response in ``conversation``."""

from __future__ import annotations

from dataclasses import dataclass

from jialiang.formats.handle.octets import Octets, block_octets, text_octets, uint32_octets
from jialiang.formats.handle.sites import Site, site_from_octets
from jialiang.formats.handle.values import HandleRecord, HandleValue
from jialiang.formats.handle.wire.value_octets import read_record, record_octets


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty body."""

    def octets(self) -> bytes:
        """Return no bytes."""
        return b""


@dataclass(frozen=True, slots=True)
class Question:
    """A resolution: a name and which values of it; all where neither indexes nor types are named."""

    handle: str
    indexes: tuple[int, ...] = ()
    types: tuple[str, ...] = ()

    def octets(self) -> bytes:
        """Return the body."""
        types = b"".join(map(text_octets, self.types))
        return text_octets(self.handle) + _numbers(self.indexes) + uint32_octets(len(self.types)) + types


@dataclass(frozen=True, slots=True)
class Record:
    """A name and values: what was found, or what to create, add or modify."""

    record: HandleRecord

    def octets(self) -> bytes:
        """Return the body."""
        return record_octets(self.record)


@dataclass(frozen=True, slots=True)
class Name:
    """A name alone: to delete, to list below, to home; or the name that was created."""

    handle: str

    def octets(self) -> bytes:
        """Return the body."""
        return text_octets(self.handle)


@dataclass(frozen=True, slots=True)
class Removal:
    """The indexes to remove from a record."""

    handle: str
    indexes: tuple[int, ...]

    def octets(self) -> bytes:
        """Return the body."""
        return text_octets(self.handle) + _numbers(self.indexes)


@dataclass(frozen=True, slots=True)
class Login:
    """An identity that wants to log in."""

    handle: str
    index: int

    def octets(self) -> bytes:
        """Return the body."""
        return text_octets(self.handle) + uint32_octets(self.index)


@dataclass(frozen=True, slots=True)
class ChallengeAnswer:
    """The answer to a challenge: ``kind`` is HS_PUBKEY or HS_SECKEY, ``proof`` what the key made of it."""

    kind: str
    handle: str
    index: int
    proof: bytes

    def octets(self) -> bytes:
        """Return the body."""
        identity = text_octets(self.handle) + uint32_octets(self.index)
        return text_octets(self.kind) + identity + block_octets(self.proof)


@dataclass(frozen=True, slots=True)
class Verification:
    """Another server asks whether the secret of an identity that is kept here made this proof."""

    handle: str
    index: int
    nonce: bytes
    digest: bytes
    proof: bytes

    def octets(self) -> bytes:
        """Return the body."""
        identity = text_octets(self.handle) + uint32_octets(self.index)
        return identity + b"".join(map(block_octets, (self.nonce, self.digest, self.proof)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the proof was right."""

    is_valid: bool

    def octets(self) -> bytes:
        """Return the body."""
        return bytes([self.is_valid])


@dataclass(frozen=True, slots=True)
class Challenge:
    """Sixteen bytes of chance to be signed together with the digest of the request."""

    nonce: bytes

    def octets(self) -> bytes:
        """Return the body."""
        return block_octets(self.nonce)


@dataclass(frozen=True, slots=True)
class Names:
    """A list of names."""

    handles: tuple[str, ...]

    def octets(self) -> bytes:
        """Return the body."""
        return uint32_octets(len(self.handles)) + b"".join(map(text_octets, self.handles))


@dataclass(frozen=True, slots=True)
class Complaint:
    """What went wrong, in words."""

    text: str

    def octets(self) -> bytes:
        """Return the body."""
        return text_octets(self.text)


@dataclass(frozen=True, slots=True)
class Referral:
    """Who answers instead: a record to look at, and its values where they are at hand."""

    handle: str
    values: tuple[HandleValue, ...] | None = None

    def octets(self) -> bytes:
        """Return the body."""
        if self.values is None:
            return text_octets(self.handle)
        return record_octets(HandleRecord(self.handle, self.values))


@dataclass(frozen=True, slots=True)
class SiteBody:
    """The site of a server."""

    site: Site

    def octets(self) -> bytes:
        """Return the body."""
        return self.site.octets()


@dataclass(frozen=True, slots=True)
class Unread:
    """The body of an operation that is not understood here, as it came."""

    data: bytes

    def octets(self) -> bytes:
        """Return the body."""
        return self.data


Body = (
    Nothing | Question | Record | Name | Removal | Login | ChallengeAnswer | Verification | Verdict | Challenge
    | Names | Complaint | Referral | SiteBody | Unread
)  # fmt: skip


def read_question(octets: Octets) -> Question:
    """Read a :class:`Question`."""
    handle, indexes = octets.text("name"), _read_numbers(octets)
    types = range(octets.count("number of types", least=4))
    return Question(handle, indexes, tuple(octets.text("type") for _ in types))


def read_record_body(octets: Octets) -> Record:
    """Read a :class:`Record`."""
    return Record(read_record(octets))


def read_name(octets: Octets) -> Name:
    """Read a :class:`Name`."""
    return Name(octets.text("name"))


def read_name_if_any(octets: Octets) -> Name | Nothing:
    """Read a :class:`Name`, or nothing where the body is empty."""
    return read_name(octets) if octets.left else Nothing()


def read_removal(octets: Octets) -> Removal:
    """Read a :class:`Removal`."""
    return Removal(octets.text("name"), _read_numbers(octets))


def read_login(octets: Octets) -> Login:
    """Read a :class:`Login`."""
    return Login(octets.text("name of the identity"), octets.uint32("index of the identity"))


def read_challenge_answer(octets: Octets) -> ChallengeAnswer:
    """Read a :class:`ChallengeAnswer`."""
    kind, handle = octets.text("kind of authentication"), octets.text("name of the identity")
    return ChallengeAnswer(kind, handle, octets.uint32("index of the identity"), octets.block("proof"))


def read_verification(octets: Octets) -> Verification:
    """Read a :class:`Verification`."""
    handle, index = octets.text("name of the identity"), octets.uint32("index of the identity")
    return Verification(handle, index, octets.block("nonce"), octets.block("digest"), octets.block("proof"))


def read_verdict(octets: Octets) -> Verdict:
    """Read a :class:`Verdict`."""
    return Verdict(octets.uint8("verdict") != 0)


def read_challenge(octets: Octets) -> Challenge:
    """Read a :class:`Challenge`."""
    return Challenge(octets.block("nonce"))


def read_names(octets: Octets) -> Names:
    """Read :class:`Names`."""
    return Names(tuple(octets.text("name") for _ in range(octets.count("number of names", least=4))))


def read_complaint(octets: Octets) -> Complaint:
    """Read a :class:`Complaint`; what some servers add behind it is passed over."""
    text = octets.text("message") if octets.left else ""
    octets.at = octets.end
    return Complaint(text)


def read_referral(octets: Octets) -> Referral:
    """Read a :class:`Referral`."""
    start = octets.at
    handle = octets.text("name")
    if not octets.left:
        return Referral(handle)
    octets.at = start
    return Referral(handle, read_record(octets).values)


def read_site_body(octets: Octets) -> SiteBody:
    """Read a :class:`SiteBody`."""
    return SiteBody(site_from_octets(octets))


def read_nothing(octets: Octets) -> Nothing:
    """Read an empty body; a body where none is meant is refused by who calls."""
    return Nothing()


def _numbers(numbers: tuple[int, ...]) -> bytes:
    return uint32_octets(len(numbers)) + b"".join(map(uint32_octets, numbers))


def _read_numbers(octets: Octets) -> tuple[int, ...]:
    return tuple(octets.uint32("index") for _ in range(octets.count("number of indexes", least=4)))
