"""Documents and members of an application, sites and codes, each at the limit of its rule and one beyond."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.functions.prefix_verbs import LICENCE, SITE

from jialiang.base.prefixes.errors import ApplicationIncomplete, BadDocument, BadPrefix, BadSite, PrefixMember
from jialiang.base.prefixes.facts import (
    LARGEST_DOCUMENT,
    MOST_DOCUMENTS,
    ApplicationFacts,
    UploadedDocument,
    checked_application,
    checked_documents,
    media_type,
)
from jialiang.base.prefixes.sites import LARGEST_SITE, MOST_SERVERS, checked_site
from jialiang.base.prefixes.texts import checked_code, checked_prefix, next_code

NOBODY = UUID(int=1)
FACTS = ApplicationFacts(organization_id=NOBODY, parent_id=NOBODY, purpose="乳品温度计")


# --- documents ------------------------------------------------------------------------------------------------

KINDS = [
    (b"%PDF-1.7", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"),
    (b"\xff\xd8\xff", "image/jpeg"), (b"%PDF", ""), (b" %PDF-1.7", ""), (b"%pdf-1.7", ""), (b"\x89PNG\n\x1a\n", ""),
    (b"\xff\xd8", ""), (b"", ""), (b"GIF89a", ""), (b"PK\x03\x04", ""), (b"<html>%PDF-", ""),
    (b"\xef\xbb\xbf%PDF-", ""),
]  # fmt: skip


@pytest.mark.parametrize(("data", "kind"), KINDS)
def test_a_document_is_known_by_its_first_bytes_and_by_nothing_else(data: bytes, kind: str):
    assert media_type(data) == kind
    assert media_type(data + b"anything") == kind or kind == ""


@given(st.binary(max_size=40))
def test_what_is_taken_begins_as_one_of_three_kinds_do(data: bytes):
    taken = data.startswith((b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))
    assert bool(media_type(data)) is taken


AT_THE_LIMIT = {
    "ten of them": [LICENCE] * MOST_DOCUMENTS,
    "ten mebibytes": [replace(LICENCE, data=b"%PDF-".ljust(LARGEST_DOCUMENT, b"\0"))],
    "a name of 120 letters": [replace(LICENCE, name="照" * 120)],
    "a name with blanks around": [replace(LICENCE, name=" " + "x" * 120 + "\n")],
    "two of one name": [LICENCE, LICENCE],
}


@pytest.mark.parametrize("what", AT_THE_LIMIT)
def test_documents_at_the_limit_are_taken(what: str):
    checked_documents(AT_THE_LIMIT[what])


BEYOND = {
    "eleven of them": ([LICENCE] * (MOST_DOCUMENTS + 1), "10"),
    "a byte too many": ([replace(LICENCE, data=b"%PDF-".ljust(LARGEST_DOCUMENT + 1, b"\0"))], "10485761"),
    "a name of 121 letters": ([replace(LICENCE, name="照" * 121)], "1 to 120"),
    "half a letter": ([replace(LICENCE, name="\ud800.pdf")], "1 to 120"),
    "a zero byte in the name": ([replace(LICENCE, name="a\0.pdf")], "1 to 120"),
    "the last of three": ([LICENCE, LICENCE, UploadedDocument("c.exe", b"MZ")], "PDF, PNG or JPEG"),
}


@pytest.mark.parametrize("what", BEYOND)
def test_the_first_document_that_will_not_do_is_named_with_its_reason(what: str):
    documents, told = BEYOND[what]
    with pytest.raises(BadDocument) as refused:
        checked_documents(documents)
    assert told in refused.value.facts["reason"].en
    assert refused.value.facts["reason"].zh
    refused.value.facts["name"].encode()
    assert len(refused.value.facts["name"]) <= 80


def test_a_document_does_not_show_its_bytes_where_it_is_printed():
    assert "PDF-1.7" not in repr(LICENCE)


# --- members --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"purpose": "温" * 400}, None), ({"purpose": "温" * 401}, PrefixMember), ({"purpose": "a \n\t b"}, None),
        ({"purpose": "\u3000\n"}, ApplicationIncomplete), ({"purpose": "a\0b"}, PrefixMember),
        ({"purpose": "\ud800"}, PrefixMember), ({"wished_code": "x" * 20}, None), ({"wished_code": " 5 "}, None),
        ({"wished_code": "x" * 21}, PrefixMember), ({"wished_code": "\ud800"}, PrefixMember),
    ],
)  # fmt: skip
def test_an_application_holds_a_purpose_of_400_letters_and_a_code_of_twenty(members, error):
    facts = replace(FACTS, **members)
    if error is None:
        written = checked_application(facts)
        assert written == {"purpose": " ".join(facts.purpose.split()), "wished_code": facts.wished_code.strip()}
    else:
        with pytest.raises(error) as refused:
            checked_application(facts)
        str(refused.value).encode()


# --- codes ----------------------------------------------------------------------------------------------------

CODES = [
    ("0", True), ("00", True), ("a", True), ("A-b_9", True), ("1--2", True), ("x" * 20, True), (" 7 ", True),
    ("", False), ("-", False), ("_a", False), ("a_", False), ("a b", False), ("a.b", False), ("a/b", False),
    ("é", False), ("٣", False), ("a\n", True), ("a\0", False), ("x" * 21, False), ("a%", False), ("0.NA", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "holds"), CODES)
def test_a_code_begins_and_ends_with_a_letter_or_digit_of_ascii(text: str, holds: bool):
    if holds:
        assert checked_code(text) == text.strip()
        assert checked_prefix(f"88.{text.strip()}") == f"88.{text.strip()}"
    else:
        with pytest.raises(BadPrefix):
            checked_code(text)


@given(st.lists(st.integers(0, 10**18).map(str), min_size=1, max_size=6))
def test_the_next_number_is_greater_than_every_number_before(taken: list[str]):
    following = int(next_code(taken))
    assert following == max(map(int, taken)) + 1


# --- sites ----------------------------------------------------------------------------------------------------


def with_server(**members) -> dict:
    return {"servers": [SITE["servers"][0] | members]}


def with_interface(**members) -> dict:
    return with_server(interfaces=[{"protocol": "TCP", "port": 2641} | members])


def nested(deep: int) -> dict:
    inner: dict = {}
    for _ in range(deep):
        inner = {"a": inner}
    return SITE | {"x": inner}


TAKEN = {
    "port 1": with_interface(port=1), "port 65535": with_interface(port=65535),
    "thirty-two servers": {"servers": SITE["servers"] * MOST_SERVERS},
    "HTTPS": with_interface(protocol="HTTPS"), "HTTP": with_interface(protocol="HTTP"),
    "UDP": with_interface(protocol="UDP"), "a mapped address": with_server(address="::ffff:203.0.113.7"),
    "the word u0000": SITE | {"x": "\\u0000"}, "a few levels": nested(20),
}  # fmt: skip


@pytest.mark.parametrize("what", TAKEN)
def test_a_site_at_the_limit_is_taken_whole(what: str):
    assert checked_site(TAKEN[what]) == TAKEN[what]


REFUSED = {
    "thousands of levels": (nested(100_000), "JSON cannot"),
    "a zero character": (SITE | {"x": "a\0b"}, "U+0000"),
    "a zero character after a backslash": (SITE | {"x": "\\\0"}, "U+0000"),
    "a zero character in a name": (SITE | {"x": [{"\0": 1}]}, "U+0000"),
    "half a letter": (SITE | {"x": "\ud800"}, "JSON cannot"),
    "infinity": (SITE | {"x": float("inf")}, "JSON cannot"),
    "a circle": ((lambda own: own.update(x=own) or own)(dict(SITE)), "JSON cannot"),
    "no number of a port": (with_interface(port=None), "port"),
    "a port with a point": (with_interface(port=2641.0), "port"),
    "a protocol in small letters": (with_interface(protocol="tcp"), "protocol"),
    "a list as protocol": (with_interface(protocol=["TCP"]), "protocol"),
    "an address with a port": (with_server(address="203.0.113.7:2641"), "address"),
    "a number as address": (with_server(address=5), "address"),
    "a net": (with_server(address="203.0.113.0/24"), "address"),
    "an interface that is a text": (with_server(interfaces=["TCP"]), "interfaces[0]"),
    "the second interface": (with_server(interfaces=[{"protocol": "TCP", "port": 1}, {}]), "interfaces[1]"),
    "the second server": ({"servers": [*SITE["servers"], {}]}, "servers[1].address"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_site_that_no_database_or_client_could_use_is_refused_with_its_place(what: str):
    site, told = REFUSED[what]
    with pytest.raises(BadSite) as refused:
        checked_site(site)
    assert told in refused.value.facts["reason"].en


def test_a_site_has_sixteen_kibibytes_and_not_one_byte_more():
    room = LARGEST_SITE - len(json.dumps(SITE | {"x": ""}, ensure_ascii=False).encode())
    assert checked_site(SITE | {"x": "x" * room})
    with pytest.raises(BadSite, match="16385"):
        checked_site(SITE | {"x": "x" * (room + 1)})
