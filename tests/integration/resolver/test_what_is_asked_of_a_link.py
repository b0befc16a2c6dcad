"""What a request for a GS1 Digital Link asks for, and what is written into the answer's header fields."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.resolver.node import ROOT, Node

from jialiang.formats.codes.compression import compress
from jialiang.formats.codes.digital_link import parse_digital_link
from jialiang.formats.gs1.choosing import LinkWishes
from jialiang.formats.gs1.links import Gs1Link
from jialiang.integration.resolver.gs1_files import (
    CONTEXT,
    DESCRIPTION,
    linkset_context,
    resolver_description,
)
from jialiang.integration.resolver.gs1_questions import gs1_question, with_query
from jialiang.integration.resolver.gs1_reads import is_digital_link

GTIN = "01/09506000134352"
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


def link(href: str, *, passes_query: bool = True) -> Gs1Link:
    return Gs1Link("gs1:pip", href, "t", is_default=True, passes_query=passes_query)


# --- wishes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "accept", "languages", "region", "wishes"),
    [
        ("", "", "", "", LinkWishes()),
        ("linkType=gs1:pip", "", "", "", LinkWishes("gs1:pip")),
        ("linkType=https%3A%2F%2Fgs1.org%2Fvoc%2Fpip", "", "", "", LinkWishes("gs1:pip")),
        ("linkType=pip", "", "", "", LinkWishes("pip")),  # no link has it: 404, not a fault
        ("linkType=", "", "", "", LinkWishes()),
        ("", "application/pdf, */*", "", "", LinkWishes("", ("application/pdf",))),
        ("", "*/*", "en-GB,en;q=0.5", "", LinkWishes("", (), ("en-gb", "en"))),
        ("", "", "", "CN-37", LinkWishes(contexts=("CN-37",))),
        ("lang=en", "", "", "", LinkWishes(languages=("en",), explicit=True)),
        ("mediaType=application/pdf", "", "", "", LinkWishes("", ("application/pdf",), explicit=True)),
        ("context=DE", "", "", "", LinkWishes(contexts=("DE",), explicit=True)),
        ("mediaType=undefined", "", "", "", LinkWishes("", ("",), explicit=True)),
        ("lang=", "", "zh", "", LinkWishes(languages=("zh",))),
        ("LANG=en", "", "", "", LinkWishes()),
    ],
)
def test_wishes_are_read_from_query_and_headers(
    query: str, accept: str, languages: str, region: str, wishes: LinkWishes
) -> None:
    assert gs1_question(query, accept, languages, region).wishes == wishes


def test_what_the_query_says_shuts_out_what_every_browser_sends() -> None:
    wishes = gs1_question("lang=fr&linkType=gs1:pip", BROWSER, "zh-CN", "CN").wishes
    assert wishes == LinkWishes("gs1:pip", (), ("fr",), (), explicit=True)


@pytest.mark.parametrize(
    ("query", "accept", "form"),
    [
        ("", "", ""),
        ("", BROWSER, ""),
        ("", "application/json", ""),  # the target speaks for itself
        ("", "application/linkset+json", "linkset"),
        ("", "text/html, application/linkset+json;q=0.1", "linkset"),
        ("", "application/linkset+json;q=0", ""),
        ("linkType=linkset", "", "linkset"),
        ("linkType=all", "", "linkset"),
        ("linkType=linkset", "*/*", "linkset"),
        ("linkType=linkset", BROWSER, "html"),
        ("linkType=linkset", "application/json", "json"),
        ("linkType=linkset", "application/ld+json", "ld"),
        ("linkType=linkset", "application/json;q=0.5, text/html;q=0.6", "html"),
        ("linkType=linkset", "application/json, application/linkset+json;q=0.9", "json"),
        ("linkType=linkset", "image/png", "linkset"),
        ("linkType=gs1:pip", "application/linkset+json", "linkset"),
        ("linkType=LINKSET", "", ""),
    ],
)
def test_the_linkset_itself_is_given_only_to_who_asks_for_it(query: str, accept: str, form: str) -> None:
    assert gs1_question(query, accept, "", "").form == form


# --- the query behind the address of a link --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "passed_on"),
    [
        ("", ""),
        ("a=1", "a=1"),
        ("a=1&linkType=gs1:pip&b=2&lang=en&mediaType=x&context=y", "a=1&b=2"),
        ("a=1&a=2", "a=1&a=2"),
        ("a", "a"),
        ("&&a=&&", "a="),
        ("linkTypes=1", "linkTypes=1"),
        ("a=%20%26", "a=%20%26"),  # as the client wrote it
        ("linkType", ""),
    ],
)
def test_what_is_no_instruction_is_passed_on_as_it_was_written(query: str, passed_on: str) -> None:
    assert gs1_question(query, "", "", "").passed_on == passed_on


@pytest.mark.parametrize(
    ("href", "query", "target"),
    [
        ("https://a.example", "", "https://a.example"),
        ("https://a.example", "x=1", "https://a.example?x=1"),
        ("https://a.example/p?y=2", "x=1", "https://a.example/p?y=2&x=1"),
        ("https://a.example/p#part", "x=1", "https://a.example/p?x=1#part"),
        ("https://a.example/p?y=2#part", "x=1&x=2", "https://a.example/p?y=2&x=1&x=2#part"),
        ("https://a.example/%E8%AF%81", "", "https://a.example/%E8%AF%81"),
        ("https://a.example/证书", "", "https://a.example/%E8%AF%81%E4%B9%A6"),
        ("https://a.example/p?n=证", "x=1", "https://a.example/p?n=%E8%AF%81&x=1"),
        ("https://a.example/\x01\x7f", "", "https://a.example/%01%7F"),
        ("https://[2001:db8::7]:8443/p", "x=1", "https://[2001:db8::7]:8443/p?x=1"),
    ],
)
def test_the_query_goes_behind_that_of_the_link_in_letters_a_header_can_hold(
    href: str, query: str, target: str
) -> None:
    assert with_query(link(href), query) == target


def test_a_link_that_wants_no_query_gets_none() -> None:
    assert with_query(link("https://a.example/p?y=2", passes_query=False), "x=1") == "https://a.example/p?y=2"
    assert (
        with_query(link("https://a.example/证", passes_query=False), "x=1") == "https://a.example/%E8%AF%81"
    )


@given(
    st.text(min_size=1, max_size=20).filter(lambda text: not set(text) & set("%?#") and text.isprintable()),
    st.dictionaries(st.text("abc", min_size=1), st.text("xyz&=#", max_size=5), min_size=1, max_size=3),
)
def test_whatever_the_link_the_target_is_plain_and_means_the_same(path: str, query: dict[str, str]) -> None:
    raw = "&".join(
        f"{name}={''.join(f'%{ord(letter):02X}' for letter in text)}" for name, text in query.items()
    )
    target = with_query(link(f"https://a.example/p/{path}"), raw)
    parts = urlsplit(target)
    assert target.isascii()
    assert target.isprintable()
    assert parts.netloc == "a.example"
    assert unquote(parts.path) == f"/p/{path}"
    assert dict(parse_qsl(parts.query, keep_blank_values=True)) == query


# --- header fields of answers ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def node() -> Node:
    node = Node(per_minute=10_000)
    node.links(
        GTIN,
        link("https://lab.example.cn/证书\x01"),
        Gs1Link("gs1:certificationInfo", "https://b.example", "证"),
    )
    return node


def test_a_redirect_to_an_address_with_other_letters_can_be_sent(node: Node) -> None:
    reply = node.open(f"/{GTIN}")
    assert reply.status == 307
    assert reply.headers["location"] == "https://lab.example.cn/%E8%AF%81%E4%B9%A6%01"


@pytest.mark.parametrize("lot", ["a>b", 'say"so"', "a&b=c", "50%", "x?y", "<a>,<b>"])
def test_the_whole_form_of_a_compressed_link_can_be_read_out_of_its_header(node: Node, lot: str) -> None:
    encoded = "".join(f"%{ord(letter):02X}" for letter in lot)
    long = f"{ROOT}/{GTIN}?240={encoded}"
    headers = node.open(urlsplit(compress(parse_digital_link(long))).path).headers["link"]
    same = headers.split(", ")[-1]
    assert same.endswith('>; rel="owl:sameAs"')
    told = same[1:].partition(">")[0]
    assert parse_digital_link(told).attributes == parse_digital_link(long).attributes


@pytest.mark.parametrize(
    "query", ["", "linkType=linkset", "linkType=gs1:certificationInfo", "linkType=gs1:none"]
)
@pytest.mark.parametrize(
    "accept", ["", BROWSER, "application/json", "application/ld+json", "application/linkset+json"]
)
def test_every_header_field_of_every_answer_is_printable_ascii(node: Node, query: str, accept: str) -> None:
    for path in (f"/{GTIN}", f"/{GTIN}/21/7", "/01/09506000134376", "/01/证", "/414/\x01"):
        for name, content in node.open(path, query, ("accept", accept)).headers.items():
            assert content.isascii(), (path, name)
            assert content.isprintable(), (path, name)


@pytest.mark.parametrize("accept", ["application/json", "application/linkset+json", "application/ld+json"])
def test_what_was_refused_is_told_to_machines_as_a_problem_that_nobody_keeps(node: Node, accept: str) -> None:
    for path, query, status, title in (
        ("/01/1", "", 400, "bad_link"),
        ("/01/09506000134376", "", 404, "not_found"),
        (f"/{GTIN}", "linkType=gs1:none", 404, "no_link"),
    ):
        reply = node.open(path, query, ("accept", accept))
        if accept == "application/linkset+json" and title == "no_link":
            assert reply.status == 200  # the linkset was asked for
            continue
        said = json.loads(reply.body)
        assert (reply.status, said["status"], said["title"]) == (status, status, title)
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.headers["cache-control"] == "no-store"


# --- what is meant as a Digital Link ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        (f"/{GTIN}", True),
        ("/01/", True),  # and refused with its reason
        ("/01/nonsense", True),
        ("/01", False),
        ("/8004/x", True),
        ("/02/09506000134352", False),  # no primary key
        ("/88.101.5/01/09506000134352", False),
        ("/", False),
        ("//01/1", False),
        ("/verify", False),
        ("/gtin/09506000134352", False),
    ],
)
def test_a_path_that_begins_with_a_primary_key_is_meant_as_a_link(path: str, meant: bool) -> None:
    assert is_digital_link(path) is meant


# --- what a resolver says of itself ----------------------------------------------------------------------------


def test_the_description_leads_to_the_context_and_both_are_there(node: Node) -> None:
    description = json.loads(node.open(DESCRIPTION).body)
    assert description == resolver_description(ROOT, "Jialiang")
    assert description["jsonLdContextLocation"] == ROOT + CONTEXT
    assert json.loads(node.open(CONTEXT).body) == linkset_context(ROOT)
    assert node.open(CONTEXT).headers["content-type"] == "application/ld+json"


def test_a_linkset_reads_as_statements_with_the_context_alone() -> None:
    terms = linkset_context("https://id.example.cn")["@context"]
    assert terms["@base"] == "https://id.example.cn/"
    assert (terms["linkset"], terms["anchor"], terms["href"]) == ("@graph", "@id", "@id")
    assert terms["fwqs"] is None  # how to go there is no statement about the thing
    written = link("https://a.example", passes_query=False).metadata() | {"href": "", "title": ""}
    assert set(written) <= set(terms)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_the_files_are_for_reading(node: Node, method: str) -> None:
    assert node.open(DESCRIPTION, method=method).status == 405
    assert node.open(DESCRIPTION, method="OPTIONS").status == 204
