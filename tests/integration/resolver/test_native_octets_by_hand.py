"""Answers of the native protocol byte for byte: frames, digests by version, the hint to TCP, the bound on datagrams."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.wire.codes import OpCode, OpFlag
from jialiang.formats.handle.wire.messages import Envelope, Header, Message
from jialiang.integration.resolver import native_datagrams
from jialiang.integration.resolver.clients import parsed_address
from jialiang.integration.resolver.native_datagrams import AMPLIFICATION, Datagrams, hint
from jialiang.integration.resolver.native_door import HandedReply, HandedRequest, opened_request, seal
from jialiang.integration.resolver.native_frames import ANSWERS_LAST, Asked, Said, complaint
from jialiang.integration.resolver.native_peers import Peer
from jialiang.integration.resolver.native_service import malformed
from jialiang.integration.resolver.native_site import OwnSite, site_record

NOW = 1_781_582_850.9
QUESTION = "00000003 612f62 00000000 00000000"
CLIENT = parsed_address("203.0.113.9")


def octets(text: str) -> bytes:
    return bytes.fromhex(text)


def asked(minor: int = 10, *, flags: int = 0, op: int = OpCode.RESOLVE, **envelope: int) -> Asked:
    own = Envelope(0, 7, 5, minor=minor, suggested_minor=minor)
    header = Header(op, flags=flags, recursions=3, site_serial=9, expiration=2_000_000_000)
    return Asked(Message(replace(own, **envelope), header, octets(QUESTION)), NOW)


# frames


def test_an_answer_is_laid_out_by_hand():
    expiry = f"{int(NOW) + 12 * 3600:08x}"
    assert Said(1, b"\xbe\xef").frame(asked()) == octets(
        "02 0a 02 0a 00000005 00000007 00000000 0000001e"
        f"00000001 00000001 00000000 0001 03 00 {expiry} 00000002 beef 00000000"
    )
    assert ANSWERS_LAST == 43200


def test_what_is_said_otherwise_stands_in_the_frame():
    frame = Said(402, op=100, session=0xFFFFFFFF, more_flags=1).frame(asked(3, flags=0x80000001))
    assert frame[:8] == octets("02 03 02 0a ffffffff")
    assert frame[20:32] == octets("00000064 00000192 80000001")
    assert frame[16:20] == octets("0000001c")


def test_a_client_cannot_have_its_own_word_for_trust_repeated():
    assert Said(1).frame(asked(flags=int(OpFlag.TRUSTED_QUERY | OpFlag.TRUSTED_RESULT)))[28:32] == octets("00000002")


@pytest.mark.parametrize(
    ("major", "minor", "told"), [(2, 0, "0200"), (2, 10, "020a"), (2, 255, "02ff"), (1, 7, "020a"), (3, 0, "020a")]
)
def test_a_version_that_is_spoken_is_repeated_and_another_answered_in_ours(major: int, minor: int, told: str):
    assert Said(1).frame(asked(minor, major=major))[:4] == octets(f"{told} 02 0a")


DIGESTED = octets(f"00000001 00000000 00800000 0009 03 00 77359400 0000000f {QUESTION}")
"""Header and body of the question, over which the digest is taken."""


@pytest.mark.parametrize(
    ("flags", "suggested", "kind", "name"),
    [(2, 10, 3, "sha256"), (2, 3, 3, "sha256"), (2, 2, 2, "sha1"), (2, 0, 2, "sha1"), (1, 255, 2, "sha1"),
     (3, 0, 3, "sha256"), (0, 10, 3, "sha256")],
)  # fmt: skip
def test_the_digest_of_a_request_is_sha256_from_version_2_3_on(flags: int, suggested: int, kind: int, name: str):
    request = asked(flags=int(OpFlag.RETURN_DIGEST))
    envelope = replace(request.message.envelope, flags=flags, suggested_minor=suggested)
    request = Asked(replace(request.message, envelope=envelope), NOW)
    expected = bytes([kind]) + hashlib.new(name, DIGESTED).digest()
    assert request.digest == expected
    frame = Said(100, b"\1").frame(request)
    assert frame[44:] == expected + b"\1" + bytes(4)
    assert int.from_bytes(frame[40:44], "big") == len(expected) + 1
    assert int.from_bytes(frame[16:20], "big") == 24 + len(expected) + 1 + 4


def test_a_challenge_has_the_digest_whether_wished_or_not():
    frame = Said(402, with_digest=True).frame(asked())
    assert frame[28:32] == octets("00800000")
    assert frame[44] == 3
    assert len(frame) == 44 + 33 + 4


@pytest.mark.parametrize(("expiration", "is_over"), [(0, False), (int(NOW) - 1, True), (int(NOW), True),
                                                     (int(NOW) + 1, False), (1, True)])  # fmt: skip
def test_a_request_runs_out_after_its_moment_and_never_without_one(expiration: int, is_over: bool):
    request = asked()
    message = replace(request.message, header=replace(request.message.header, expiration=expiration))
    assert Asked(message, NOW).has_run_out is is_over


def test_a_complaint_is_a_text_in_utf_8():
    assert complaint(100, "无").body == octets("00000003 e697a0")


def test_a_message_without_a_header_is_answered_with_operation_0():
    from_nowhere = malformed(Envelope(3, 7, 5), b"\1\2\3", _fault(), NOW)
    assert from_nowhere[20:28] == octets("00000000 00000004")
    assert from_nowhere[8:12] == octets("00000007")


def test_a_malformed_response_is_not_answered():
    content = octets("00000001 00000001") + bytes(16)
    assert malformed(Envelope(24, 7), content, _fault(), NOW) == b""


def _fault() -> native_datagrams.BadOctets:
    try:
        native_datagrams.read_envelope(b"")
    except native_datagrams.BadOctets as fault:
        return fault
    raise AssertionError


# datagrams


class Wire:
    """Takes what is sent; knows its own address."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def get_extra_info(self, _: str) -> tuple[str, int]:
        return "127.0.0.1", 2641

    def sendto(self, data: bytes, _: tuple[str, int]) -> None:
        self.sent.append(data)


class Service:
    """Answers with a body of so many bytes, at once or after a while."""

    def __init__(self, length: int, *, at_once: bool) -> None:
        self.length, self.is_quick = length, at_once
        self.peers: list[Peer] = []

    def now(self) -> float:
        return NOW

    def at_once(self, data: bytes, _at: int, peer: Peer) -> bytes | None:
        self.peers.append(peer)
        return self._said(Envelope(0, 7), data[20:]) if self.is_quick else None

    async def answer(self, envelope: Envelope, content: bytes, peer: Peer) -> bytes:
        self.peers.append(peer)
        return self._said(envelope, content)

    def _said(self, envelope: Envelope, content: bytes) -> bytes:
        return Said(1, bytes(self.length)).frame(Asked(native_datagrams.read_content(envelope, content), NOW))


def received(service: Service, *data: bytes, sender: tuple[str, int] = ("203.0.113.9", 4711)) -> list[bytes]:
    async def run() -> list[bytes]:
        wire, protocol = Wire(), Datagrams(service)
        protocol.connection_made(wire)
        for datagram in data:
            protocol.datagram_received(datagram, sender)
        for _ in range(5):
            await asyncio.sleep(0)
        assert protocol.working == 0
        return wire.sent

    return asyncio.run(run())


ASKED = asked().message.octets()  # 63 bytes: at most 189 come back


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize(("length", "is_sent"), [(0, True), (141, True), (142, False), (5000, False)])
def test_an_answer_of_exactly_thrice_the_length_is_sent_and_a_byte_more_is_a_hint(
    length: int, is_sent: bool, at_once: bool
):
    assert len(ASKED) == 63
    (sent,) = received(Service(length, at_once=at_once), ASKED)
    assert len(sent) <= AMPLIFICATION * len(ASKED)
    if is_sent:
        assert sent[2] == 2
        assert len(sent) == 48 + length
    else:
        assert sent[2] == 0x22
        assert sent[24:28] == octets("00000003")
        assert sent[48:-4] == b"ask over TCP"


def test_a_hint_repeats_number_and_operation_of_the_question():
    content = asked(op=OpCode.SITE_INFO).message.content
    told = hint(Envelope(len(content), 0x01020304, 9), content, NOW)
    assert (told[4:12], told[20:24]) == (octets("00000009 01020304"), octets("00000002"))
    assert hint(Envelope(3, 7), b"\0\0\0", NOW) == b""


@given(st.binary(max_size=120), st.integers(0, 400))
def test_no_bytes_of_chance_bring_back_more_than_thrice_their_length(data: bytes, length: int):
    for datagram in (data, octets("020a020a 00000001 00000002 00000000") + len(data).to_bytes(4, "big") + data):
        sent = received(Service(length, at_once=False), datagram)
        assert sum(map(len, sent)) <= AMPLIFICATION * len(datagram)


@pytest.mark.parametrize(
    ("host", "address"),
    [("203.0.113.9", "203.0.113.9"), ("::ffff:203.0.113.9", "203.0.113.9"), ("fe80::1%eth0", "fe80::1"),
     ("2001:db8::7", "2001:db8::7")],
)  # fmt: skip
def test_a_peer_is_known_by_its_address_without_wrapping_and_zone(host: str, address: str):
    service = Service(0, at_once=False)
    received(service, ASKED, sender=(host, 1))
    assert {str(peer.address) for peer in service.peers} == {address}
    assert {(peer.transport, peer.local, peer.key) for peer in service.peers} == {
        ("native_udp", "127.0.0.1", parsed_address(address))
    }


def test_a_sender_without_an_address_is_passed_over():
    service = Service(0, at_once=True)
    assert received(service, ASKED, sender=("nowhere", 1)) == []
    assert service.peers == []


# the door


@given(st.binary(max_size=40), st.text(max_size=20), st.binary(max_size=20))
def test_any_request_survives_the_door_under_its_seal_and_no_other(content: bytes, identity: str, nonce: bytes):
    request = HandedRequest(NOW, "203.0.113.9", content, identity, nonce, nonce[::-1], content * 2)
    body = request.to_json()
    own = seal("secret", body)
    assert opened_request("secret", body, own, NOW) == request
    assert opened_request("other", body, own, NOW) is None
    assert opened_request("secret", body + b" ", own, NOW) is None
    assert opened_request("secret", body, own[:-1], NOW) is None
    assert opened_request("secret", body, "", NOW) is None
    assert len(own) == 64


@pytest.mark.parametrize(("later", "is_opened"), [(60, True), (60.5, False), (-60, True), (-60.5, False)])
def test_a_sealed_request_is_believed_for_a_minute_on_either_side(later: float, is_opened: bool):
    body = HandedRequest(NOW, "::1", b"").to_json()
    assert (opened_request("s", body, seal("s", body), NOW + later) is not None) is is_opened


def test_a_reply_travels_as_json_with_its_body_in_base64():
    assert json.loads(json.dumps(HandedReply(1, b"\xff", "300:a/b").to_json())) == {
        "response": 1, "body": "/w==", "identity": "300:a/b",
    }  # fmt: skip


# the own site


@pytest.mark.parametrize(
    ("addresses", "local", "told"),
    [
        ((), "192.0.2.1", ["192.0.2.1"]),
        ((), "2001:db8::1", ["2001:db8::1"]),
        (("198.51.100.1",), "192.0.2.1", ["198.51.100.1"]),
        (("198.51.100.1", "2001:db8::9"), "0.0.0.0", ["198.51.100.1", "2001:db8::9"]),  # noqa: S104
    ],
)
def test_the_site_names_what_is_set_or_else_what_was_reached(addresses: tuple[str, ...], local: str, told: list[str]):
    site = OwnSite(addresses, 2641).site(local, CLIENT)
    assert [server.address_text for server in site.servers] == told
    assert [server.server_id for server in site.servers] == list(range(1, len(told) + 1))
    assert {(own.protocol, own.port, own.query, own.admin) for server in site.servers for own in server.interfaces} == {
        ("TCP", 2641, True, True), ("UDP", 2641, True, True),
    }  # fmt: skip


@pytest.mark.parametrize("address", ["", "nowhere", "192.0.2.256", "2001:db8::/32"])
def test_an_address_that_is_none_is_refused_at_the_start(address: str):
    with pytest.raises(ValueError, match="address"):
        OwnSite([address], 2641)


def test_the_record_of_a_site_is_one_value_laid_out_by_hand():
    site = OwnSite(["192.0.2.7"], 2641).site("192.0.2.7", CLIENT)
    data = (
        "0001 02 0a 0001 80 02 00000000 00000000 00000001"
        "00000001 00000000000000000000ffffc0000207 00000000 00000002 03 01 00000a51 03 00 00000a51"
    )
    length = len(octets(data))
    assert site_record("0.NA/7", site) == octets(
        "00000006 302e4e412f37 00000001 00000001 00000000 00 00015180 0e 00000007 48535f53495445"
        f"{length:08x} {data} 00000000"
    )
