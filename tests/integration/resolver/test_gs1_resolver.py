"""The front as a GS1-conformant resolver: one test for each thing that such a resolver has to do."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
from django.urls import get_resolver
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.test_gs1_links import schema  # noqa: F401 the fixture of the published schema
from tests.integration.resolver.fakes import Reply
from tests.integration.resolver.node import ROOT, Node

from jialiang.formats.codes.application_identifiers import primary_keys
from jialiang.formats.codes.compression import compress
from jialiang.formats.codes.digital_link import parse_digital_link
from jialiang.formats.gs1.links import DEFAULT, DEFAULT_MULTI, Gs1Link
from jialiang.integration.resolver.gs1_reads import is_digital_link
from jialiang.integration.resolver.handle_reads import HANDLES

GTIN, SERIAL = "01/09506000134352", "01/09506000134352/21/7"
HOME = Gs1Link(
    "gs1:pip", "https://lab.example.cn/calliper", "Calliper", ("en",), "text/html", is_default=True
)
CERTIFICATE = Gs1Link(
    "gs1:certificationInfo", "https://lab.example.cn/certificate?no=7", "证书", ("zh",), "application/pdf"
)
LINKSET = ("accept", "application/linkset+json")
BROWSER = ("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")


@pytest.fixture
def node() -> Node:
    node = Node(per_minute=1000)
    node.links(GTIN, HOME, CERTIFICATE)
    node.links(
        SERIAL, Gs1Link(DEFAULT, "https://lab.example.cn/7", "No. 7", is_default=True), description="No. 7"
    )
    return node


def location(reply: Reply) -> str:
    assert reply.status == 307
    return reply.headers["location"]


def said(reply: Reply) -> Any:
    assert reply.status == 200
    return json.loads(reply.body)


# --- requests and methods ------------------------------------------------------------------------------------


def test_get_and_head_answer_alike(node: Node) -> None:
    for query in ("", "linkType=linkset", "linkType=gs1:none"):
        got, head = node.open(f"/{GTIN}", query), node.open(f"/{GTIN}", query, method="HEAD")
        assert (got.status, got.headers) == (head.status, head.headers)


def test_options_tells_the_methods_to_pages_of_any_origin(node: Node) -> None:
    reply = node.open(f"/{GTIN}", method="OPTIONS")
    assert reply.status == 204
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS" == reply.headers["allow"]


@pytest.mark.parametrize("query", ["", "linkType=linkset", "linkType=gs1:none"])
def test_every_answer_is_open_to_pages_of_any_origin(node: Node, query: str) -> None:
    for path in (f"/{GTIN}", "/01/09506000134376", "/01/1"):
        headers = node.open(path, query).headers
        assert headers["access-control-allow-origin"] == "*"
        assert headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", [GTIN, SERIAL, "01/1", "414/x", ".well-known/gs1resolver"])
def test_another_method_is_told_which_ones_there_are(node: Node, path: str, method: str) -> None:
    reply = node.open(f"/{path}", method=method)
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["content-type"] == "application/problem+json"
    assert json.loads(reply.body)["status"] == 405
    assert node.handed.seen == []


@pytest.mark.parametrize("path", ["sign-in/", "01", "88.101.5/Ins-7", "x/01/09506000134352"])
def test_another_method_on_any_other_path_is_for_the_console(node: Node, path: str) -> None:
    assert node.open(f"/{path}", method="POST").body == b"django"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("17=271231", 307),
        ("17=2712", 400),  # a date has six digits
        ("17=271331", 400),  # there is no thirteenth month
        ("foo=1&17=2712&bar=2", 400),
        ("linkType=linkset&17=2712", 400),
        ("99999=1", 400),  # a name of digits is an application identifier, and this is none
        ("17a=2712", 307),
        ("v17=2712", 307),
        ("=2712", 307),
        ("17x", 307),
    ],
)
def test_what_the_query_says_of_the_thing_has_to_be_right(node: Node, query: str, status: int) -> None:
    for path in (GTIN, SERIAL, f"{GTIN}/10/LOT7"):
        reply = node.open(f"/{path}", query)
        assert reply.status == status
        assert reply.headers["access-control-allow-origin"] == "*"
        if status == 307:
            assert reply.headers["location"].endswith(query)


# --- what is a Digital Link ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        f"/{GTIN}/foo",  # a key without a value
        "/01/9506000134352",  # thirteen digits
        "/01/09506000134353",  # wrong check digit
        f"/{GTIN}/99999/7",  # no such qualifier
        f"/{GTIN}/21/7/10/A",  # qualifiers in the wrong order
        f"/{GTIN}/21/{'x' * 21}",  # a serial number has at most twenty letters
        "/01/",
        "/8004/",
    ],
)
def test_what_is_no_digital_link_is_400_and_never_200(node: Node, path: str) -> None:
    for query in ("", "linkType=linkset"):
        reply = node.open(path, query)
        assert reply.status == 400, reply.headers
        assert reply.body


def test_a_fault_is_told_to_machines_and_people_in_their_form(node: Node) -> None:
    problem = node.open("/01/09506000134353", "", ("accept", "application/json"))
    assert problem.headers["content-type"] == "application/problem+json"
    assert set(json.loads(problem.body)["why"]) == {"zh", "en"}
    page = node.open("/01/09506000134353", "lang=en", BROWSER)
    assert page.headers["content-type"].startswith("text/html")
    assert b"Not a GS1 Digital Link" in page.body
    assert b"09506000134352" in page.body  # the check digit that belongs there


@pytest.mark.parametrize("path", ["/gtin/09506000134352", "/gtin/9506000134352", "/sscc/106141412345678908"])
def test_letters_in_place_of_keys_are_no_longer_links(node: Node, path: str) -> None:
    assert node.open(path).body == b"django"


def test_a_key_that_is_not_there_is_404(node: Node) -> None:
    for query in ("", "linkType=linkset", "linkType=gs1:pip"):
        assert node.open("/01/09506000134376", query).status == 404


# --- redirection ---------------------------------------------------------------------------------------------


def test_a_plain_request_is_redirected_to_the_default_link(node: Node) -> None:
    assert location(node.open(f"/{GTIN}")) == HOME.href


def test_without_any_header_the_default_link_answers_too(node: Node) -> None:
    assert location(node.open(f"/{GTIN}", "", ("accept-language", ""))) == HOME.href
    assert location(node.open(f"/{GTIN}", "", BROWSER, ("accept-language", "fr"))) == HOME.href


@pytest.mark.parametrize("written", ["gs1:certificationInfo", "https://gs1.org/voc/certificationInfo",
                                     "https%3A%2F%2Fref.gs1.org%2Fvoc%2FcertificationInfo"])  # fmt: skip
def test_a_link_type_that_is_asked_for_is_followed(node: Node, written: str) -> None:
    assert location(node.open(f"/{GTIN}", f"linkType={written}")) == CERTIFICATE.href


@pytest.mark.parametrize(
    "wanted", ["gs1:nosuchlt", "gs1:traceability", "nonsense", "https://voc.example.org/x"]
)
def test_a_link_type_that_is_not_there_is_404(node: Node, wanted: str) -> None:
    reply = node.open(f"/{GTIN}", f"linkType={wanted}")
    assert reply.status == 404
    assert 'rel="linkset"' in reply.headers["link"]


def test_a_trailing_slash_changes_nothing(node: Node) -> None:
    for path in (GTIN, SERIAL):
        without, slash = node.open(f"/{path}"), node.open(f"/{path}/")
        assert (without.status, without.headers["location"]) == (slash.status, slash.headers["location"])


@pytest.mark.parametrize("qualifier", ["10/KL8G", "21/KL8G", "22/A/10/B/21/C", "21/%"])
def test_a_qualifier_that_is_not_there_leads_to_the_level_above(node: Node, qualifier: str) -> None:
    assert location(node.open(f"/{GTIN}/{qualifier}")) == HOME.href


def test_an_extension_of_a_location_that_is_not_there_leads_to_the_location(node: Node) -> None:
    node.links("414/9506000134352", HOME)
    assert location(node.open("/414/9506000134352/254/KL8G")) == HOME.href


def test_the_most_specific_level_answers_and_the_others_stand_in(node: Node) -> None:
    assert location(node.open(f"/{SERIAL}")) == "https://lab.example.cn/7"
    assert location(node.open(f"/{SERIAL}", "linkType=gs1:certificationInfo")) == CERTIFICATE.href


@pytest.mark.parametrize(
    ("asked", "wanted", "found"),
    [
        ("foo=bar", "", "https://lab.example.cn/calliper?foo=bar"),
        ("17=271231&x=%E9%87%8F", "", "https://lab.example.cn/calliper?17=271231&x=%E9%87%8F"),
        ("foo=bar", "gs1:certificationInfo", "https://lab.example.cn/certificate?no=7&foo=bar"),
        ("", "gs1:certificationInfo", "https://lab.example.cn/certificate?no=7"),
        ("via=qr", "", "https://lab.example.cn/calliper?via=qr"),
    ],
)
def test_the_query_is_passed_on(node: Node, asked: str, wanted: str, found: str) -> None:
    query = "&".join(filter(None, [asked, f"linkType={wanted}" if wanted else ""]))
    assert location(node.open(f"/{GTIN}", query)) == found


def test_the_query_is_not_passed_on_where_the_link_says_so(node: Node) -> None:
    node.links(GTIN, Gs1Link(DEFAULT, "https://lab.example.cn/x", "x", is_default=True, passes_query=False))
    assert location(node.open(f"/{GTIN}", "foo=bar")) == "https://lab.example.cn/x"


def test_a_fragment_of_a_link_stays_behind_the_query(node: Node) -> None:
    node.links(GTIN, Gs1Link(DEFAULT, "https://lab.example.cn/x#part", "x", is_default=True))
    assert location(node.open(f"/{GTIN}", "a=1")) == "https://lab.example.cn/x?a=1#part"


# --- choosing ------------------------------------------------------------------------------------------------


def choice(
    name: str, *languages: str, media: str = "text/html", context: str = "", kind: str = "gs1:pip"
) -> Gs1Link:
    return Gs1Link(
        kind, f"https://lab.example.cn/{name}", name, languages, media, (context,) if context else ()
    )


@pytest.fixture
def choices(node: Node) -> Node:
    node.links(
        GTIN,
        Gs1Link(DEFAULT, "https://lab.example.cn/", "Home", is_default=True),
        choice("zh", "zh"), choice("en", "en"), choice("pdf", "en", media="application/pdf"),
        choice("de", "en", context="DE"), choice("one", kind="gs1:review"), choice("two", kind="gs1:review"),
    )  # fmt: skip
    return node


@pytest.mark.parametrize(
    ("query", "fields", "found"),
    [
        ("linkType=gs1:pip", [("accept-language", "zh-CN,en;q=0.5")], "zh"),
        ("linkType=gs1:pip", [("accept-language", "en-GB")], "en"),
        ("linkType=gs1:pip", [("accept-language", "en;q=0.1,zh;q=0.9")], "zh"),
        ("linkType=gs1:pip&lang=en", [("accept-language", "zh")], "en"),
        ("linkType=gs1:pip", [("accept-language", "en"), ("accept", "application/pdf")], "pdf"),
        ("linkType=gs1:pip&mediaType=application/pdf", [BROWSER], "pdf"),
        ("linkType=gs1:pip&context=DE", [("accept-language", "en")], "de"),
        ("mediaType=application/pdf", [], "pdf"),
        ("lang=zh", [], "zh"),
        ("mediaType=image/png", [], ""),
    ],
)
def test_language_media_type_and_context_choose_the_link(
    choices: Node, query: str, fields: list[tuple[str, str]], found: str
) -> None:
    assert location(choices.open(f"/{GTIN}", query, *fields)) == f"https://lab.example.cn/{found}"


def test_the_region_of_the_client_is_the_context_where_a_trusted_proxy_names_it(choices: Node) -> None:
    field, query = ("x-client-region", "DE"), "linkType=gs1:pip"
    fields = [field, ("accept-language", "en"), ("accept", "text/html")]
    assert location(choices.open(f"/{GTIN}", query, *fields, client="10.0.0.1:1")).endswith("/de")
    assert location(choices.open(f"/{GTIN}", query, *fields, client="203.0.113.1:1")).endswith("/en")


def test_several_that_fit_equally_well_are_300_with_all_of_them(choices: Node) -> None:
    reply = choices.open(f"/{GTIN}", "linkType=gs1:review", ("accept", "application/json"))
    assert reply.status == 300
    (context,) = json.loads(reply.body)["linkset"]
    assert [link["title"] for link in context["https://ref.gs1.org/voc/review"]] == ["one", "two"]
    page = choices.open(f"/{GTIN}", "linkType=gs1:review&lang=en", BROWSER)
    assert page.status == 300
    assert page.body.count(b"<li>") == 2


def test_a_default_in_several_languages_follows_accept_language(node: Node) -> None:
    home = Gs1Link(DEFAULT, "https://lab.example.cn/", "Home", is_default=True)
    node.links(GTIN, home, choice("zh", "zh", kind=DEFAULT_MULTI), choice("en", "en", kind=DEFAULT_MULTI))
    for language, found in (("zh", "zh"), ("en-US", "en"), ("fr", ""), ("", "")):
        assert (
            location(node.open(f"/{GTIN}", "", ("accept-language", language)))
            == f"https://lab.example.cn/{found}"
        )


def test_what_the_answer_depends_on_is_named(choices: Node) -> None:
    assert choices.open(f"/{GTIN}").headers["vary"] == "Accept, Accept-Language"


# --- the linkset ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["linkset", "all"])
def test_asking_for_the_linkset_never_redirects(node: Node, asked: str) -> None:
    for fields in ([], [LINKSET], [BROWSER], [("accept", "application/json")]):
        assert node.open(f"/{GTIN}", f"linkType={asked}", *fields).status == 200


def test_asking_for_its_media_type_is_asking_for_the_linkset(node: Node) -> None:
    reply = node.open(f"/{GTIN}", "", LINKSET)
    assert reply.headers["content-type"] == "application/linkset+json"
    assert said(reply)["linkset"][0]["anchor"] == f"{ROOT}/{GTIN}"


def test_the_linkset_is_valid_by_the_published_schema(node: Node, schema: dict[str, Any]) -> None:  # noqa: F811
    for path in (GTIN, SERIAL):
        jsonschema.validate(said(node.open(f"/{path}", "", LINKSET)), schema)


def test_anchors_are_whole_addresses(node: Node) -> None:
    for context in said(node.open(f"/{SERIAL}", "", LINKSET))["linkset"]:
        assert re.fullmatch(r"https://id\.example\.cn/01/\d{14}(/21/7)?", context["anchor"])


def test_the_links_of_every_level_up_to_the_key_are_told(node: Node) -> None:
    levels = [context["anchor"] for context in said(node.open(f"/{SERIAL}", "", LINKSET))["linkset"]]
    assert levels == [f"{ROOT}/{SERIAL}", f"{ROOT}/{GTIN}"]


def test_there_is_one_default_link_with_a_title_and_without_conditions(node: Node) -> None:
    for context in said(node.open(f"/{SERIAL}", "", LINKSET))["linkset"]:
        (default,) = context["https://ref.gs1.org/voc/defaultLink"]
        assert set(default) == {"href", "title"}


def test_every_link_has_address_type_and_title(node: Node) -> None:
    for context in said(node.open(f"/{SERIAL}", "", LINKSET))["linkset"]:
        for kind, links in context.items():
            if kind not in {"anchor", "itemDescription"}:
                assert kind.startswith("https://ref.gs1.org/voc/")
                assert all(link["href"] and link["title"] for link in links)


def test_the_linkset_comes_as_json_json_ld_and_a_page(node: Node) -> None:
    forms = {accept: node.open(f"/{GTIN}", "linkType=linkset", ("accept", accept)) for accept in (
        "application/json", "application/ld+json", "text/html",
    )}  # fmt: skip
    assert [forms[accept].headers["content-type"].partition(";")[0] for accept in forms] == list(forms)
    context = said(forms["application/ld+json"])["@context"]
    assert context == f"{ROOT}/.well-known/linkset-context.jsonld"
    page = forms["text/html"].body.decode()
    embedded = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert embedded
    assert json.loads(embedded[1])["@context"] == context
    assert CERTIFICATE.title in page


def test_a_text_cannot_end_the_data_in_the_page(node: Node) -> None:
    evil = "</script><script>alert(1)</script>"
    node.links(GTIN, Gs1Link(DEFAULT, "https://lab.example.cn/", evil, is_default=True), description=evil)
    page = node.open(f"/{GTIN}", "linkType=linkset", BROWSER).body
    assert page.count(b"<script") == 1
    assert b"alert(1)</script>" not in page


def test_the_linkset_is_not_sent_again_to_who_has_it(node: Node) -> None:
    tag = node.open(f"/{GTIN}", "", LINKSET).headers["etag"]
    reply = node.open(f"/{GTIN}", "", LINKSET, ("if-none-match", tag))
    assert (reply.status, reply.body) == (304, b"")
    node.links(GTIN, HOME)
    node.watch.seconds += 0.31
    assert node.open(f"/{GTIN}", "", LINKSET, ("if-none-match", tag)).status == 200


# --- headers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "linkType=gs1:certificationInfo", "linkType=linkset"])
def test_the_linkset_is_linked_to_also_on_a_redirect_and_single_links_are_not(node: Node, query: str) -> None:
    link = node.open(f"/{GTIN}", query).headers["link"]
    assert f'<{ROOT}/{GTIN}?linkType=linkset>; rel="linkset"; type="application/linkset+json"' in link
    assert "gs1:" not in link


def test_a_linkset_names_its_context(node: Node) -> None:
    link = node.open(f"/{GTIN}", "", LINKSET).headers["link"]
    found = re.search(
        r'<([^>]*)>; rel="http://www\.w3\.org/ns/json-ld#context"; type="application/ld\+json"', link
    )
    assert found
    context = said(node.open(found[1].removeprefix(ROOT)))["@context"]
    assert context["anchor"] == "@id"
    assert "json-ld#context" not in node.open(f"/{GTIN}").headers["link"]


# --- compression ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [GTIN, SERIAL])
def test_a_compressed_link_is_answered_like_the_one_it_stands_for(node: Node, path: str) -> None:
    whole = parse_digital_link(f"/{path}")
    for short in (compress(whole), compress(whole, keep_key=True)):
        compressed = "/" + short.split("/", 3)[-1] if "://" in short else short
        plain, reply = node.open(f"/{path}"), node.open(compressed)
        assert (reply.status, reply.headers["location"]) == (plain.status, plain.headers["location"])
        if path == SERIAL or "/" not in compressed[1:]:
            assert f'<{ROOT}/{path}>; rel="owl:sameAs"' in reply.headers["link"]
        linkset = said(node.open(compressed, "", LINKSET))["linkset"]
        assert linkset[0]["anchor"] == f"{ROOT}/{path}"


def test_a_link_that_is_not_compressed_is_not_said_to_be_the_same_as_itself(node: Node) -> None:
    assert "sameAs" not in node.open(f"/{GTIN}").headers["link"]


def test_a_known_compressed_link_of_another_resolver_is_read(node: Node) -> None:
    node.links("01/09506000134376", HOME)
    reply = node.open("/ARFKk4XB0CDKWcnpq")
    assert reply.headers["location"].startswith(HOME.href)
    assert f"<{ROOT}/01/09506000134376/10/LOT01" in reply.headers["link"]


# --- description ---------------------------------------------------------------------------------------------


def test_the_resolver_describes_itself(node: Node) -> None:
    description = said(node.open("/.well-known/gs1resolver"))
    assert description["resolverRoot"] == ROOT
    assert description["supportedPrimaryKeys"] == ["all"]
    assert {"namespace": "https://ref.gs1.org/voc/", "prefix": "gs1:"} in description["supportedLinkType"]
    assert description["name"]
    assert description["linkTypeDefaultCanBeLinkset"] is False
    assert node.open("/.well-known/gs1resolver").headers["content-type"] == "application/json"


@pytest.mark.parametrize("key", sorted(primary_keys()))
def test_every_primary_key_is_taken(key: str) -> None:
    assert is_digital_link(f"/{key}/anything")


# --- beside the console --------------------------------------------------------------------------------------


def test_no_address_of_the_control_plane_is_taken_for_a_link_or_a_name(node: Node) -> None:
    identifiers = node.front._identifiers
    assert identifiers is not None
    first = {re.sub(r"[^\w./-].*", "", str(part.pattern)).lstrip("^") for part in get_resolver().url_patterns}
    names = {
        segment.split("/")[0] for pattern in _patterns(get_resolver()) for segment in [pattern] if segment
    }
    assert len(names | first) > 20
    for name in names | {"static", "instruments", "certificates", "accounts", "measurement-standards"}:
        for path in (f"/{name}", f"/{name}/", f"/{name}/1", f"/{name}/88.101.5/x"):
            if not path.startswith(HANDLES[:-1]):
                assert not identifiers.takes(path), path


def _patterns(resolver: Any, before: str = "") -> list[str]:
    found = []
    for each in resolver.url_patterns:
        text = before + str(each.pattern).lstrip("^")
        found += _patterns(each, text) if hasattr(each, "url_patterns") else [re.split(r"[<(\\$]", text)[0]]
    return found


# --- counting and laws ---------------------------------------------------------------------------------------


def test_answers_are_counted_by_what_they_were(node: Node) -> None:
    node.open(f"/{GTIN}")
    node.open(f"/{GTIN}", "via=datamatrix")
    node.open(f"/{GTIN}", "linkType=linkset")
    node.open("/01/09506000134376")
    node.open("/01/1")
    assert [(each.kind, each.outcome, each.carrier, each.prefix) for each in node.counted] == [
        ("redirect", "found", "none", ""),
        ("redirect", "found", "datamatrix", ""),
        ("linkset", "found", "none", ""),
        ("page", "not_found", "none", ""),
        ("page", "refused", "none", ""),
    ]


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_asked_gets_an_answer(path: str, query: str, accept: str, language: str) -> None:
    node = Node(per_minute=1000)
    node.links(GTIN, HOME)
    for asked in (f"/{GTIN}/{path}", f"/01/{path}", f"/{path}"):
        reply = node.open(asked, query, ("accept", accept), ("accept-language", language))
        assert reply.status in {200, 300, 307, 400, 404} or reply.body == b"django"
