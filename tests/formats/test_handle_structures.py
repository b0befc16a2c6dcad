"""Structures of the Handle System: bytes, values and JSON of HS_ADMIN, HS_VLIST, HS_SITE and keys."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, padding, rsa
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.handle_strategies import numbers32, references, sites, texts

from jialiang.formats.handle.octets import Octets
from jialiang.formats.handle.sites import address_octets
from jialiang.formats.handle.structures import (
    ALL_PERMISSIONS,
    AdminPermission,
    AdminRecord,
    BadOctets,
    BadStructure,
    DsaKey,
    RsaKey,
    Site,
    SiteInterface,
    SiteServer,
    data_from_json,
    data_to_json,
    key_of,
    permissions_of_digits,
    read_admin,
    read_public_key,
    read_site,
    read_value_list,
    value_list_octets,
)
from jialiang.formats.handle.values import HandleReference

ADMIN_HEX = "07ff0000000c302e4e412f34323633353337000000c8"
"""0.NA/4263537, index 200, everything but listing: the record that the reference shows, laid out by hand."""
SITE_HEX = (
    "0001020a000180020000000000000000000000010000000100000000000000000000ffff7f000001"
    "0000000000000001030100000a51"
)
"""A primary site of one server on 127.0.0.1, TCP 2641, accepted by a client in use."""

admins = st.builds(AdminRecord, texts, numbers32, st.integers(0, 4095).map(AdminPermission))


def test_an_administrator_is_read_as_laid_out_by_hand():
    admin = read_admin(bytes.fromhex(ADMIN_HEX))
    assert admin.identity == HandleReference(200, "0.NA/4263537")
    assert admin.digits == "011111111111"
    assert not admin.allows(AdminPermission.LIST_HANDLES)
    assert admin.allows(AdminPermission.ADD_HANDLE | AdminPermission.DELETE_HANDLE)
    assert admin.octets().hex() == ADMIN_HEX


def test_the_json_of_an_administrator_is_that_of_the_published_example():
    assert data_to_json("HS_ADMIN", bytes.fromhex(ADMIN_HEX)) == {
        "format": "admin",
        "value": {"handle": "0.NA/4263537", "index": 200, "permissions": "011111111111"},
    }


@pytest.mark.parametrize(
    ("permission", "bit"),
    [
        ("ADD_HANDLE", 0), ("DELETE_HANDLE", 1), ("ADD_DERIVED_PREFIX", 2), ("DELETE_DERIVED_PREFIX", 3),
        ("MODIFY_VALUE", 4), ("REMOVE_VALUE", 5), ("ADD_VALUE", 6), ("MODIFY_ADMIN", 7), ("REMOVE_ADMIN", 8),
        ("ADD_ADMIN", 9), ("READ_VALUE", 10), ("LIST_HANDLES", 11),
    ],
)  # fmt: skip
def test_each_permission_has_its_bit_and_its_digit_from_the_right(permission: str, bit: int):
    admin = AdminRecord("0.NA/1", 1, AdminPermission[permission])
    assert admin.octets()[:2] == (1 << bit).to_bytes(2, "big")
    assert admin.digits == "".join("1" if 11 - place == bit else "0" for place in range(12))
    assert permissions_of_digits(admin.digits) == AdminPermission[permission]


def test_the_usual_digits_mean_no_listing_and_no_derived_prefixes():
    usual = permissions_of_digits("011111110011")
    assert usual is not None
    lacking = (
        AdminPermission.LIST_HANDLES,
        AdminPermission.ADD_DERIVED_PREFIX,
        AdminPermission.DELETE_DERIVED_PREFIX,
    )
    assert ALL_PERMISSIONS & ~usual == lacking[0] | lacking[1] | lacking[2]


@pytest.mark.parametrize(
    "digits", ["", "0111", "01111111001", "0111111100112", "01111111001a", "０11111110011"]
)
def test_other_digits_are_no_permissions(digits: str):
    assert permissions_of_digits(digits) is None


def test_zeros_behind_an_administrator_are_an_old_form_and_anything_else_is_refused():
    data = bytes.fromhex(ADMIN_HEX)
    assert read_admin(data + b"\0\0") == read_admin(data)
    with pytest.raises(BadOctets) as caught:
        read_admin(data + b"\0\1")
    assert caught.value.facts["offset"] == len(data)


def test_bits_above_the_twelfth_are_dropped():
    assert read_admin(b"\xff\xff" + bytes.fromhex(ADMIN_HEX)[2:]).permissions == ALL_PERMISSIONS


@given(admins)
def test_an_administrator_survives_bytes_and_json(admin: AdminRecord):
    assert read_admin(admin.octets()) == admin
    assert data_from_json("HS_ADMIN", data_to_json("HS_ADMIN", admin.octets())) == admin.octets()


@given(st.lists(references, max_size=5).map(tuple))
def test_a_list_of_members_survives_bytes_and_json(members: tuple[HandleReference, ...]):
    data = value_list_octets(members)
    assert read_value_list(data) == members
    assert data_from_json("HS_VLIST", data_to_json("HS_VLIST", data)) == data


def test_a_list_is_laid_out_as_number_names_and_indexes():
    data = bytes.fromhex("0000000200000003612f620000012c00000003632f6400000001")
    assert read_value_list(data) == (HandleReference(300, "a/b"), HandleReference(1, "c/d"))
    assert data_to_json("hs_vlist", data) == {
        "format": "vlist",
        "value": [{"handle": "a/b", "index": 300}, {"handle": "c/d", "index": 1}],
    }


def test_a_number_of_members_beyond_the_bytes_is_refused_before_anything_is_made():
    with pytest.raises(BadOctets) as caught:
        read_value_list(bytes.fromhex("7fffffff") + bytes(64))
    assert caught.value.facts["offset"] == 0
    assert "count" in caught.value.what.en


def test_a_site_that_a_client_accepted_is_read_and_written_byte_for_byte():
    site = read_site(bytes.fromhex(SITE_HEX))
    assert (site.protocol_version, site.serial, site.primary, site.multi_primary) == ((2, 10), 1, True, False)
    (server,) = site.servers
    assert (server.server_id, server.address_text, server.public_key) == (1, "127.0.0.1", b"")
    assert server.interfaces == (SiteInterface("TCP", 2641, query=True, admin=True),)
    assert site.octets().hex() == SITE_HEX


def test_the_json_of_a_site_names_servers_keys_and_interfaces():
    key = RsaKey(3233 << 1000 | 1, 65537)
    site = read_site(bytes.fromhex(SITE_HEX))
    site = replace(
        site, servers=(replace(site.servers[0], public_key=key.octets()),), attributes=(("desc", "济南"),)
    )
    member = data_to_json("HS_SITE", site.octets())
    assert member["format"] == "site"
    assert member["value"] == {
        "version": 1,
        "protocolVersion": "2.10",
        "serialNumber": 1,
        "primarySite": True,
        "multiPrimary": False,
        "hashOption": 2,
        "attributes": [{"name": "desc", "value": "济南"}],
        "servers": [
            {
                "serverId": 1,
                "address": "127.0.0.1",
                "publicKey": {"format": "key", "value": key.to_json()},
                "interfaces": [{"query": True, "admin": True, "protocol": "TCP", "port": 2641}],
            }
        ],
    }
    assert data_from_json("HS_SITE", json.loads(json.dumps(member))) == site.octets()


@given(sites)
def test_a_site_survives_bytes(site: Site):
    assert read_site(site.octets()) == site


@given(sites)
def test_a_site_survives_json_but_for_the_wrapping_of_ipv4_addresses(site: Site):
    again = read_site(data_from_json("HS_SITE", data_to_json("HS_SITE", site.octets())))
    addresses = [server.address_text for server in site.servers]
    assert [server.address_text for server in again.servers] == addresses
    plain = [replace(server, address=address_octets(server.address_text)) for server in site.servers]
    assert replace(again, servers=()) == replace(site, servers=())
    shown = [
        data_to_json("HS_SITE", replace(site, servers=(one,)).octets()) for one in (*plain, *again.servers)
    ]
    assert shown[: len(plain)] == shown[len(plain) :]


@pytest.mark.parametrize(
    ("packed", "text"),
    [
        ("00000000000000000000ffffc0a80001", "192.168.0.1"),
        ("000000000000000000000000c0a80001", "192.168.0.1"),
        ("00000000000000000000000000000001", "::1"),
        ("00000000000000000000000000000000", "::"),
        ("20010db8000000000000000000000001", "2001:db8::1"),
    ],
)
def test_addresses_of_both_kinds_are_written_as_usual(packed: str, text: str):
    assert SiteServer(1, bytes.fromhex(packed), ()).address_text == text


def test_a_modern_rsa_key_is_laid_out_as_most_writers_do():
    key = RsaKey(0xC1, 3)
    expected = "0000000b" + b"RSA_PUB_KEY".hex() + "0000" + "0000000103" + "0000000200c1" + "00000000"
    assert key.octets().hex() == expected
    assert read_public_key(bytes.fromhex(expected)) == key
    assert read_public_key(bytes.fromhex(expected)[:-4]) == key, "without the zeros behind"
    assert key.to_json() == {"kty": "RSA", "n": "wQ", "e": "Aw"}


def test_a_dsa_key_has_its_numbers_in_the_order_q_p_g_y():
    key = DsaKey(p=0x17, q=0x0B, g=2, y=0x80)
    expected = "0000000b" + b"DSA_PUB_KEY".hex() + "0000" + "000000010b00000001170000000102000000020080"
    assert key.octets().hex() == expected
    assert read_public_key(bytes.fromhex(expected)) == key
    assert data_from_json("HS_PUBKEY", {"format": "key", "value": key.to_json()}) == key.octets()


def test_a_key_that_went_through_bytes_and_json_still_checks_a_signature():
    private = rsa.generate_private_key(65537, 2048)
    data = key_of(private.public_key()).octets()
    again = read_public_key(data_from_json("HS_PUBKEY", data_to_json("HS_PUBKEY", data)))
    signature = private.sign(b"nonce", padding.PKCS1v15(), hashes.SHA256())
    assert isinstance(again, RsaKey)
    again.loaded().verify(signature, b"nonce", padding.PKCS1v15(), hashes.SHA256())


def test_a_dsa_key_that_went_through_bytes_still_checks_a_signature():
    private = dsa.generate_private_key(1024)
    again = read_public_key(key_of(private.public_key()).octets())
    assert isinstance(again, DsaKey)
    again.loaded().verify(private.sign(b"nonce", hashes.SHA1()), b"nonce", hashes.SHA1())  # noqa: S303


@given(st.integers(1, 2**3000), st.integers(1, 2**64))
def test_a_key_survives_bytes_and_json(modulus: int, exponent: int):
    data = RsaKey(modulus, exponent).octets()
    assert read_public_key(data) == RsaKey(modulus, exponent)
    assert data_from_json("HS_PUBKEY", data_to_json("HS_PUBKEY", data)) == data


@pytest.mark.parametrize("number", ["00000000", "0000000100"])
def test_a_key_without_a_number_is_refused(number: str):
    with pytest.raises(BadOctets, match="modulus"):
        read_public_key(RsaKey(1, 3).octets().replace(bytes.fromhex("0000000101"), bytes.fromhex(number)))


def test_keys_of_unknown_kinds_are_kept_and_shown_as_base64():
    data = bytes.fromhex("0000000b") + b"SM2_PUB_KEY" + bytes(40)
    member = data_to_json("HS_PUBKEY", data)
    assert member["format"] == "base64"
    assert data_from_json("HS_PUBKEY", member) == data
    with pytest.raises(BadOctets, match="kind of key"):
        read_public_key(data)


@given(st.sampled_from(["URL", "EMAIL", "HS_SECKEY", "10320/loc", "x"]), st.binary(max_size=60))
def test_other_data_survive_json_whether_text_or_not(type_name: str, data: bytes):
    member = data_to_json(type_name, data)
    assert member["format"] in ("string", "base64")
    assert data_from_json(type_name, json.loads(json.dumps(member))) == data


@pytest.mark.parametrize(
    "type_name", ["HS_ADMIN", "HS_VLIST", "HS_SITE", "HS_NA_DELEGATE", "HS_PUBKEY", "hs_site"]
)
@given(data=st.binary(max_size=80))
def test_bytes_that_are_not_what_their_type_says_are_shown_and_no_more(type_name: str, data: bytes):
    assert data_to_json(type_name, data)["format"] in ("base64", "admin", "vlist", "site", "key")


def test_text_may_be_given_bare_and_in_hexadecimal():
    assert data_from_json("URL", "https://example.org/济") == "https://example.org/济".encode()
    assert data_from_json("x", {"value": "a"}) == b"a"
    assert data_from_json("x", {"format": "hex", "value": "00ff"}) == b"\0\xff"
    assert data_from_json("x", {"format": "base64", "value": "AP8=\n"}) == b"\0\xff"


ADMIN = {"handle": "0.NA/1", "index": 200, "permissions": "011111110011"}
SITE = {"servers": [{"address": "::1", "interfaces": [{"query": True, "protocol": "TCP", "port": 2641}]}]}


def _site(**changes: object) -> dict[str, object]:
    return {"format": "site", "value": SITE | changes}


def _server(**changes: object) -> dict[str, object]:
    return _site(servers=[SITE["servers"][0] | changes])


@pytest.mark.parametrize(
    ("type_name", "member", "place"),
    [
        ("URL", 7, "data"),
        ("URL", {"format": "string"}, "data"),
        ("URL", {"format": "rot13", "value": "x"}, "format"),
        ("URL", {"format": ["string"], "value": "x"}, "format"),
        ("URL", {"format": "string", "value": 7}, "value"),
        ("URL", "\ud800", "value"),
        ("URL", {"format": "base64", "value": "=="}, "value"),
        ("URL", {"format": "base64", "value": "济"}, "value"),
        ("URL", {"format": "hex", "value": "0"}, "value"),
        ("HS_ADMIN", "somebody", "data"),
        ("HS_VLIST", {"format": "base64", "value": "AAAA"}, "data"),
        ("HS_ADMIN", {"format": "admin", "value": []}, "value"),
        ("HS_ADMIN", {"format": "admin", "value": ADMIN | {"permissions": "1"}}, "value.permissions"),
        ("HS_ADMIN", {"format": "admin", "value": ADMIN | {"permissions": 7}}, "value.permissions"),
        ("HS_ADMIN", {"format": "admin", "value": ADMIN | {"index": 1 << 32}}, "value.index"),
        ("HS_ADMIN", {"format": "admin", "value": ADMIN | {"index": True}}, "value.index"),
        ("HS_ADMIN", {"format": "admin", "value": ADMIN | {"handle": None}}, "value.handle"),
        ("HS_VLIST", {"format": "vlist", "value": {}}, "value"),
        ("HS_VLIST", {"format": "vlist", "value": [{"handle": "a/b", "index": -1}]}, "value[0].index"),
        ("HS_PUBKEY", {"format": "key", "value": {"kty": "EC"}}, "value"),
        ("HS_PUBKEY", {"format": "key", "value": {"kty": ["RSA"]}}, "value"),
        ("HS_PUBKEY", {"format": "key", "value": {"kty": "RSA", "n": "AQ", "e": 3}}, "value"),
        ("HS_PUBKEY", {"format": "key", "value": {"kty": "RSA", "n": "x" * 9999, "e": "Aw"}}, "value"),
        ("HS_SITE", {"format": "site", "value": 1}, "value"),
        ("HS_SITE", _site(version=2), "value.version"),
        ("HS_SITE", _site(protocolVersion="2"), "value.protocolVersion"),
        ("HS_SITE", _site(protocolVersion="2." + "9" * 5000), "value.protocolVersion"),
        ("HS_SITE", _site(serialNumber=65536), "value.serialNumber"),
        ("HS_SITE", _site(primarySite="yes"), "value.primarySite"),
        ("HS_SITE", _site(hashFilter="?"), "value.hashFilter"),
        ("HS_SITE", _site(attributes={}), "value.attributes"),
        ("HS_SITE", _site(attributes=[{"name": "desc"}]), "value.attributes[0].value"),
        ("HS_SITE", _site(servers=[7]), "value.servers[0]"),
        ("HS_SITE", _server(address="nowhere"), "value.servers[0].address"),
        ("HS_SITE", _server(publicKey="x"), "value.servers[0].publicKey"),
        ("HS_SITE", _server(publicKey={"format": "key", "value": {}}), "value.servers[0].publicKey"),
        ("HS_SITE", _server(interfaces=7), "value.servers[0].interfaces"),
        ("HS_SITE", _server(interfaces=[7]), "value.servers[0].interfaces[0]"),
        (
            "HS_SITE",
            _server(interfaces=[{"query": True, "protocol": "SCTP"}]),
            "value.servers[0].interfaces[0].protocol",
        ),
        ("HS_SITE", _server(interfaces=[{"protocol": "TCP", "port": 1}]), "value.servers[0].interfaces[0]"),
        (
            "HS_SITE",
            _server(interfaces=[{"admin": True, "protocol": "udp", "port": 0}]),
            "value.servers[0].interfaces[0].port",
        ),
    ],
)
def test_a_wrong_member_is_named_in_both_languages(type_name: str, member: object, place: str):
    with pytest.raises(BadStructure) as caught:
        data_from_json(type_name, member)
    assert caught.value.facts["member"] == place
    assert place in caught.value.what.zh
    assert place in caught.value.what.en


@pytest.mark.parametrize(
    ("start", "changed", "place"),
    [
        (0, "0002", "version of the record"),
        (len(SITE_HEX) // 2 - 6, "00", "kind of an interface"),
        (len(SITE_HEX) // 2 - 6, "04", "kind of an interface"),
        (len(SITE_HEX) // 2 - 5, "04", "protocol of an interface"),
        (len(SITE_HEX) // 2 - 4, "00010000", "port of an interface"),
        (8, "00000200", "hash filter"),
    ],
)
def test_a_site_with_a_wrong_part_is_refused_at_that_part(start: int, changed: str, place: str):
    data = bytearray.fromhex(SITE_HEX)
    data[start : start + len(changed) // 2] = bytes.fromhex(changed)
    with pytest.raises(BadOctets) as caught:
        read_site(bytes(data))
    assert caught.value.facts["place"] == place


@given(st.data())
def test_a_site_cut_anywhere_is_refused_at_an_offset_within_it(data: st.DataObject):
    whole = bytes.fromhex(SITE_HEX)
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(BadOctets) as caught:
        read_site(whole[:cut])
    assert 0 <= int(str(caught.value.facts["offset"])) <= cut


def test_octets_keep_within_their_end():
    octets = Octets(b"\0\1\0\2", at=2, end=3)
    assert octets.left == 1
    with pytest.raises(BadOctets):
        octets.uint16("number")
    assert octets.uint8("number") == 0
    for read in (octets.uint8, octets.uint16, octets.uint32, octets.text):
        with pytest.raises(BadOctets, match="end here"):
            read("number")


def test_text_that_is_not_utf8_is_refused_where_it_begins():
    with pytest.raises(BadOctets) as caught:
        Octets(b"\0\0\0\1\xff").text("name")
    assert caught.value.facts["offset"] == 0
