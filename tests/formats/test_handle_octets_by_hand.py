"""Octets of the Handle System laid out by hand: every body, frames at their limits, keys and sites at theirs."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.keys import LARGEST_KEY_BITS, DsaKey, RsaKey, key_from_json, read_public_key
from jialiang.formats.handle.octets import (
    BadOctets,
    Octets,
    block_octets,
    numbers_octets,
    text_octets,
    uint32_octets,
)
from jialiang.formats.handle.sites import Site, SiteInterface, SiteServer, address_octets, read_site
from jialiang.formats.handle.structures import data_from_json, data_to_json
from jialiang.formats.handle.values import HandleRecord, HandleReference, HandleValue
from jialiang.formats.handle.wire import bodies
from jialiang.formats.handle.wire.bodies import Body
from jialiang.formats.handle.wire.codes import HashCode, OpCode, OpFlag
from jialiang.formats.handle.wire.conversation import Answered, RequestDigest, read_request, read_response
from jialiang.formats.handle.wire.messages import (
    LONGEST_MESSAGE,
    Envelope,
    Header,
    Message,
    read_content,
    read_envelope,
    read_message,
)
from jialiang.formats.handle.wire.value_octets import MOST_VALUES, read_record, read_value, value_octets

A_B = "00000003 612f62"
"""The text a/b with its length."""
VALUE = "00000001 00000000 00 00015180 0e 00000003 55524c 00000001 61 00000000"
"""Index 1, no timestamp, relative, a day, 1110, URL, the letter a, no references."""


def octets(text: str) -> bytes:
    return bytes.fromhex(text)


REQUESTS: list[tuple[int, Body, str]] = [
    (OpCode.RESOLVE, bodies.Question("a/b"), f"{A_B} 00000000 00000000"),
    (OpCode.RESOLVE, bodies.Question("a/b", (1, 2**32 - 1)), f"{A_B} 00000002 00000001 ffffffff 00000000"),
    (OpCode.RESOLVE, bodies.Question("济/1", (), ("URL", "")),
     "00000005 e6b58e2f31 00000000 00000002 00000003 55524c 00000000"),
    (OpCode.CREATE, bodies.Record(HandleRecord("a/b", ())), f"{A_B} 00000000"),
    (OpCode.ADD_VALUES, bodies.Record(HandleRecord("a/b", (HandleValue(1, "URL", b"a"),))), f"{A_B} 00000001 {VALUE}"),
    (OpCode.MODIFY_VALUES, bodies.Record(HandleRecord("a/b", (HandleValue(1, "URL", b"a"),) * 2)),
     f"{A_B} 00000002 {VALUE} {VALUE}"),
    (OpCode.DELETE, bodies.Name("a/b"), A_B),
    (OpCode.LIST_HANDLES, bodies.Name(""), "00000000"),
    (OpCode.HOME_PREFIX, bodies.Name("0.NA/7"), "00000006 302e4e412f37"),
    (OpCode.REMOVE_VALUES, bodies.Removal("a/b", ()), f"{A_B} 00000000"),
    (OpCode.REMOVE_VALUES, bodies.Removal("a/b", (7, 256)), f"{A_B} 00000002 00000007 00000100"),
    (OpCode.LOGIN_ID_SYSTEM, bodies.Login("a/b", 300), f"{A_B} 0000012c"),
    (OpCode.CHALLENGE_ANSWER, bodies.ChallengeAnswer("HS_PUBKEY", "a/b", 300, b"\xff\x00"),
     f"00000009 48535f5055424b4559 {A_B} 0000012c 00000002 ff00"),
    (OpCode.VERIFY_CHALLENGE, bodies.Verification("a/b", 1, b"\1", b"", b"\3"),
     f"{A_B} 00000001 00000001 01 00000000 00000001 03"),
]  # fmt: skip


@pytest.mark.parametrize(("op", "body", "laid_out"), REQUESTS)
def test_the_body_of_a_request_is_laid_out_by_hand(op: int, body: Body, laid_out: str):
    assert body.octets() == octets(laid_out)
    assert read_request(Message(Envelope(0, 1), Header(op), octets(laid_out))) == body


@pytest.mark.parametrize(("op", "body", "laid_out"), REQUESTS)
def test_a_body_cut_anywhere_or_with_a_byte_more_is_refused(op: int, body: Body, laid_out: str):
    whole = octets(laid_out)
    for changed in [*(whole[:at] for at in range(len(whole))), whole + b"\0"]:
        with pytest.raises(BadOctets) as caught:
            read_request(Message(Envelope(0, 1), Header(op), changed))
        assert 0 <= int(str(caught.value.facts["offset"])) <= len(changed)


RESPONSES: list[tuple[int, int, Body, str]] = [
    (OpCode.RESOLVE, 1, bodies.Record(HandleRecord("a/b", (HandleValue(1, "URL", b"a"),))), f"{A_B} 00000001 {VALUE}"),
    (OpCode.CREATE, 1, bodies.Nothing(), ""),
    (OpCode.CREATE, 1, bodies.Name("a/b"), A_B),
    (OpCode.DELETE, 1, bodies.Nothing(), ""),
    (OpCode.LIST_HANDLES, 1, bodies.Names(()), "00000000"),
    (OpCode.LIST_PREFIXES, 1, bodies.Names(("a/b", "")), f"00000002 {A_B} 00000000"),
    (OpCode.VERIFY_CHALLENGE, 1, bodies.Verdict(True), "01"),
    (OpCode.VERIFY_CHALLENGE, 1, bodies.Verdict(False), "00"),
    (OpCode.CREATE, 402, bodies.Challenge(bytes(range(16))), "00000010 000102030405060708090a0b0c0d0e0f"),
    (OpCode.RESOLVE, 302, bodies.Referral("a/b"), A_B),
    (OpCode.RESOLVE, 303, bodies.Referral("a/b", ()), f"{A_B} 00000000"),
    (OpCode.RESOLVE, 303, bodies.Referral("a/b", (HandleValue(1, "URL", b"a"),)), f"{A_B} 00000001 {VALUE}"),
    (OpCode.RESOLVE, 100, bodies.Complaint("no"), "00000002 6e6f"),
    (OpCode.LIST_HANDLES, 400, bodies.Complaint("无"), "00000003 e697a0"),
]  # fmt: skip
DIGESTS = [(HashCode.MD5, 16), (HashCode.SHA1, 20), (HashCode.SHA256, 32)]


@pytest.mark.parametrize(("op", "response", "body", "laid_out"), RESPONSES)
def test_the_body_of_a_response_is_laid_out_by_hand(op: int, response: int, body: Body, laid_out: str):
    assert body.octets() == octets(laid_out)
    assert read_response(Message(Envelope(0, 1), Header(op, response), octets(laid_out))) == Answered(body)


@pytest.mark.parametrize(("kind", "length"), DIGESTS)
@pytest.mark.parametrize(("op", "response", "body", "laid_out"), RESPONSES)
def test_before_it_stands_the_digest_where_the_flag_says_so(
    op: int, response: int, body: Body, laid_out: str, kind: HashCode, length: int
):
    digest = RequestDigest(kind, bytes(range(length)))
    whole = bytes([kind, *range(length)]) + octets(laid_out)
    assert Answered(body, digest).octets() == whole
    header = Header(op, response, int(OpFlag.RETURN_DIGEST))
    assert read_response(Message(Envelope(0, 1), header, whole)) == Answered(body, digest)


@pytest.mark.parametrize("kind", [0, 4, 0x12, 0x13, 0x22, 255])
def test_a_digest_of_another_kind_is_refused_where_it_stands(kind: int):
    header = Header(OpCode.RESOLVE, 1, int(OpFlag.RETURN_DIGEST))
    with pytest.raises(BadOctets) as caught:
        read_response(Message(Envelope(0, 1), header, bytes([kind]) + bytes(80)))
    assert (caught.value.facts["place"], caught.value.facts["offset"]) == ("kind of the digest", 0)


def test_any_verdict_but_zero_is_a_yes():
    for byte in range(256):
        answered = read_response(Message(Envelope(0, 1), Header(OpCode.VERIFY_CHALLENGE, 1), bytes([byte])))
        assert answered.body == bodies.Verdict(byte != 0)


FLAGS = {
    OpFlag.AUTHORITATIVE: 31, OpFlag.CERTIFY: 30, OpFlag.ENCRYPT: 29, OpFlag.RECURSIVE: 28, OpFlag.CACHE_CERTIFY: 27,
    OpFlag.CONTINUED: 26, OpFlag.KEEP_ALIVE: 25, OpFlag.PUBLIC_ONLY: 24, OpFlag.RETURN_DIGEST: 23,
    OpFlag.OVERWRITE: 22, OpFlag.MINT_SUFFIX: 21, OpFlag.DO_NOT_REFER: 20, OpFlag.TRUSTED_QUERY: 1,
    OpFlag.TRUSTED_RESULT: 0,
}  # fmt: skip


def test_each_wish_has_its_bit_and_none_is_left_out():
    assert {flag: 1 << bit for flag, bit in FLAGS.items()} == {flag: int(flag) for flag in OpFlag}


FRAME = (
    "02 0a 02 0a 00000005 00000007 00000000 0000001e"  # envelope: 24 + 2 + 4 bytes follow
    "00000001 00000000 01000000 0003 04 00 00000009 00000002"  # resolve, public only, serial 3, recursions 4, expiry 9
    "beef 00000000"
)


def test_a_frame_is_laid_out_by_hand():
    header = Header(OpCode.RESOLVE, flags=int(OpFlag.PUBLIC_ONLY), site_serial=3, recursions=4, expiration=9)
    message = Message(Envelope(0x1E, 7, session=5), header, b"\xbe\xef")
    assert message.octets() == octets(FRAME)
    assert read_message(octets(FRAME)) == message
    assert message.digested == octets(FRAME)[20:-4]
    assert message.content == octets(FRAME)[20:]


def test_a_message_without_a_credential_lacks_its_length_too():
    cut = octets(FRAME)[:-4]
    message = read_content(read_envelope(cut), cut[20:])
    assert message.credential is None
    assert message.content == cut[20:]
    assert int.from_bytes(message.octets()[16:20], "big") == 26


def test_a_credential_is_kept_byte_for_byte():
    message = replace(read_message(octets(FRAME)), credential=b"\1\2\3")
    assert message.octets()[-7:] == b"\0\0\0\3\1\2\3"
    assert read_message(message.octets()).credential == b"\1\2\3"


@pytest.mark.parametrize(("length", "is_taken"), [(0, True), (LONGEST_MESSAGE, True), (LONGEST_MESSAGE + 1, False),
                                                  (2**32 - 1, False)])  # fmt: skip
def test_an_envelope_may_claim_the_longest_message_and_no_more(length: int, is_taken: bool):
    data = octets("020a020a 00000000 00000001 00000000") + uint32_octets(length)
    if is_taken:
        assert read_envelope(data).length == length
        return
    with pytest.raises(BadOctets) as caught:
        read_envelope(b"\0" * 5 + data, 5)
    assert caught.value.facts["offset"] == 21


@pytest.mark.parametrize(
    ("major", "minor", "flags", "suggested", "version"),
    [
        (2, 10, 2, 10, (2, 10)),  # as we write it
        (2, 1, 2, 10, (2, 10)),  # an old frame by somebody who knows more
        (2, 10, 2, 3, (2, 3)),  # a new frame by somebody who suggests less
        (2, 8, 0, 0, (2, 8)),  # no suggestion
        (2, 8, 0x20, 11, (2, 8)),  # one of several datagrams is no suggestion
        (2, 8, 0x21, 7, (1, 7)),
        (2, 10, 3, 255, (3, 255)),
    ],
)
def test_the_version_is_the_suggested_one_or_else_that_of_the_frame(
    major: int, minor: int, flags: int, suggested: int, version: tuple[int, int]
):
    data = bytes([major, minor, flags, suggested]) + bytes(16)
    envelope = read_envelope(data)
    assert envelope.version == version
    assert envelope.is_truncated is bool(flags & 0x20)
    assert envelope.octets() == data


# values


def test_a_value_is_laid_out_by_hand():
    value = HandleValue(
        2**32 - 1, "DESC.短", b"\0\xff", 1, True, 0x01020304, 15, (HandleReference(300, "a/b"), HandleReference(0, ""))
    )
    laid_out = (
        "ffffffff 01020304 01 00000001 0f 00000008 444553432ee79fad 00000002 00ff"
        f"00000002 {A_B} 0000012c 00000000 00000000"
    )
    assert value_octets(value) == octets(laid_out)
    assert read_value(Octets(octets(laid_out))) == value


@pytest.mark.parametrize(("at", "byte", "place"), [
    (8, 0, ""), (8, 1, ""), (8, 2, "kind of the time to live"), (8, 255, "kind of the time to live"),
    (13, 0, ""), (13, 15, ""), (13, 16, "permissions of a value"), (13, 255, "permissions of a value"),
])  # fmt: skip
def test_kind_and_permissions_of_a_value_have_their_limits(at: int, byte: int, place: str):
    data = bytearray(octets(VALUE))
    data[at] = byte
    if not place:
        assert value_octets(read_value(Octets(bytes(data)))) == data
        return
    with pytest.raises(BadOctets) as caught:
        read_value(Octets(b"\0\0" + bytes(data), at=2))
    assert (caught.value.facts["place"], caught.value.facts["offset"]) == (place, at + 2)


@pytest.mark.parametrize(("number", "is_taken"), [(MOST_VALUES, True), (MOST_VALUES + 1, False)])
def test_a_record_has_at_most_2048_values(number: int, is_taken: bool):
    data = octets(A_B) + uint32_octets(number) + bytes(26) * number
    if is_taken:
        assert len(read_record(Octets(data)).values) == 2048
        return
    with pytest.raises(BadOctets, match="2048"):
        read_record(Octets(data))


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(0, 60))
def test_a_count_is_believed_exactly_if_that_many_could_follow(number: int, least: int, left: int):
    octets_ = Octets(uint32_octets(number) + bytes(left))
    if number * least <= left:
        assert octets_.count("things", least) == number
        return
    with pytest.raises(BadOctets) as caught:
        octets_.count("things", least)
    assert caught.value.facts["offset"] == 0


@given(st.lists(st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), st.binary(max_size=8),
                          st.integers(0, 2**32 - 1)), max_size=8))  # fmt: skip
def test_what_is_written_piece_by_piece_is_read_piece_by_piece(pieces: list[object]):
    written = {str: text_octets, bytes: block_octets, int: uint32_octets}
    place = Octets(b"".join(written[type(piece)](piece) for piece in pieces))
    read = {str: place.text, bytes: place.block, int: place.uint32}
    assert [read[type(piece)]("piece") for piece in pieces] == pieces
    place.finish("all")
    assert place.left == 0


def test_numbers_stand_without_padding():
    assert numbers_octets("BIH", 1, 2, 3) == octets("01 00000002 0003")


# sites

SITE = (
    "0001 02 0a 0007 c0 01 00000002 abcd"  # serial 7, primary, one of several, by the prefix
    "00000001 00000004 64657363 00000003 e98791"  # desc 金
    "00000002"
    "00000001 20010db8000000000000000000000007 00000000 00000002 02 00 00000a51 03 03 000001bb"
    "00000002 00000000000000000000ffffc0000207 00000001 ff 00000001 01 02 0000ffff"
)


def test_a_site_of_two_servers_is_laid_out_by_hand():
    site = Site(
        (
            SiteServer(1, address_octets("2001:db8::7"), (SiteInterface("UDP", 2641, admin=False),
                                                          SiteInterface("HTTPS", 443))),
            SiteServer(2, address_octets("192.0.2.7"), (SiteInterface("HTTP", 65535, query=False),), b"\xff"),
        ),
        serial=7, multi_primary=True, hash_option=1, hash_filter=b"\xab\xcd", attributes=(("desc", "金"),),
    )  # fmt: skip
    assert site.octets() == octets(SITE)
    assert read_site(octets(SITE)) == site
    assert [server.address_text for server in site.servers] == ["2001:db8::7", "192.0.2.7"]


@pytest.mark.parametrize(("port", "is_taken"), [(0, False), (1, True), (65535, True), (65536, False)])
def test_a_port_is_from_1_to_65535_in_octets_and_in_json(port: int, is_taken: bool):
    data = octets(SITE)[:-4] + uint32_octets(port)
    rows = [{"admin": True, "protocol": "http", "port": port}]
    member = {"format": "site", "value": {"servers": [{"address": "::1", "interfaces": rows}]}}
    if is_taken:
        assert read_site(data).servers[1].interfaces[0].port == port
        assert read_site(data_from_json("HS_SITE", member)).servers[0].interfaces[0].port == port
        return
    with pytest.raises(BadOctets, match="port"):
        read_site(data)
    with pytest.raises(Exception, match=re.escape("value.servers[0].interfaces[0].port")):
        data_from_json("HS_SITE", member)


@pytest.mark.parametrize(
    ("text", "version"),
    [("2.10", (2, 10)), ("0.0", (0, 0)), ("255.255", (255, 255)), ("002.001", (2, 1)), ("256.0", None), ("2.256", None),
     ("2.", None), (".1", None), ("2.1.1", None), ("２.1", None), ("-1.0", None), (2.1, None), ("0002.1", None)],
)  # fmt: skip
def test_a_version_of_the_protocol_is_two_numbers_of_a_byte(text: object, version: tuple[int, int] | None):
    member = {"format": "site", "value": {"protocolVersion": text}}
    if version:
        assert read_site(data_from_json("HS_SITE", member)).protocol_version == version
        return
    with pytest.raises(Exception, match="protocolVersion"):
        data_from_json("HS_SITE", member)


# keys


@pytest.mark.parametrize(
    ("number", "laid_out"),
    [(1, "00000001 01"), (127, "00000001 7f"), (128, "00000002 0080"), (255, "00000002 00ff"), (256, "00000002 0100"),
     (32767, "00000002 7fff"), (32768, "00000003 008000")],
)  # fmt: skip
def test_a_number_of_a_key_has_a_zero_byte_before_a_first_bit_of_one(number: int, laid_out: str):
    head = "0000000b 5253415f5055425f4b4559 0000"
    key = RsaKey(number, 3)
    assert key.octets() == octets(f"{head} 00000001 03 {laid_out} 00000000")
    assert read_public_key(key.octets()) == key
    assert read_public_key(key.octets()[:-4]) == key, "some writers leave the last four bytes out"


@pytest.mark.parametrize("bits", [LARGEST_KEY_BITS - 1, LARGEST_KEY_BITS])
def test_a_key_of_the_largest_size_survives_octets_and_json(bits: int):
    for key in (RsaKey(2**bits - 1, 65537), DsaKey(2**bits - 1, 7, 2, 3)):
        assert read_public_key(key.octets()) == key
        assert key_from_json(key.to_json()) == key
        shown = data_to_json("HS_PUBKEY", key.octets())
        assert shown["format"] == "key"
        assert data_from_json("HS_PUBKEY", shown) == key.octets()


def test_a_key_one_bit_larger_is_taken_in_no_form():
    key = RsaKey(2**LARGEST_KEY_BITS, 65537)
    with pytest.raises(BadOctets) as caught:
        read_public_key(key.octets())
    assert caught.value.facts["place"] == "modulus"
    assert key_from_json(key.to_json()) is None
    assert data_to_json("HS_PUBKEY", key.octets())["format"] == "base64"


@given(st.integers(1, 2**70), st.integers(0, 9))
def test_zero_bytes_before_a_number_change_nothing(number: int, zeros: int):
    octets_ = number.to_bytes(9, "big").lstrip(b"\0")
    data = text_octets("RSA_PUB_KEY") + b"\0\0" + block_octets(b"\3") + block_octets(bytes(zeros) + octets_)
    assert read_public_key(data) == RsaKey(number, 3)
    text = urlsafe_b64encode(bytes(zeros) + octets_).decode().rstrip("=")
    assert key_from_json({"kty": "RSA", "n": text, "e": "Aw"}) == RsaKey(number, 3)
