"""What GS1-Conformant resolver 1.2 asks for, each statement asked of a running node over a real socket.

Every key has links of its own shape; what holds for every resolver is asked of every key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest
from tests.formats.test_gs1_links import schema  # noqa: F401 the fixture of the published schema
from tests.integration.resolver.served import LINKSET, ROOT, ServedNode

from jialiang.formats.codes.compression import compress
from jialiang.formats.codes.digital_link import parse_digital_link
from jialiang.formats.gs1.links import DEFAULT, DEFAULT_MULTI, Gs1Link

VOC = "https://ref.gs1.org/voc/"
PAGE, PDF = "text/html", "application/pdf"
CONTEXT_REL = "http://www.w3.org/ns/json-ld#context"


def link(kind: str, name: str, *languages: str, media: str = "", context: str = "") -> Gs1Link:
    contexts = (context,) if context else ()
    return Gs1Link(kind, f"https://lab.example.cn/{name}", f"Title of {name}", languages, media, contexts)


def default(name: str) -> Gs1Link:
    return Gs1Link(DEFAULT, f"https://lab.example.cn/{name}", f"Title of {name}", is_default=True)


GTIN, SERIAL = "01/09506000134352", "01/09506000134352/21/7"
SHADES, DEFAULTS, LONE = "01/09506000134376", "01/09506000134383", "01/09506000134390"
OTHER_LETTERS, EQUAL, UPPER = "01/09506000134406", "01/09506000134413", "01/09506000134420"
LOWER = f"{UPPER}/21/9"
ASSET, PLACE = "8004/9506000134352ABC", "414/9506000134352"
LINKSETS = {
    GTIN: [
        Gs1Link("gs1:pip", "https://lab.example.cn/pip", "Calliper", ("en",), PAGE, is_default=True),
        link("gs1:certificationInfo", "certificate?no=7", "zh", media=PDF),
    ],
    SERIAL: [Gs1Link("gs1:masterData", "https://lab.example.cn/7", "No. 7", is_default=True)],
    SHADES: [
        default("home"),
        link("gs1:pip", "any", media=PAGE),
        link("gs1:pip", "fr", "fr", media=PAGE),
        link("gs1:certificationInfo", "en", "en", media=PDF),
        link("gs1:certificationInfo", "en-lk", "en", media=PDF, context="LK"),
        link("gs1:instructions", "untyped"),
        link("gs1:instructions", "untyped-de", "de"),
    ],
    DEFAULTS: [
        default("home"),
        link(DEFAULT_MULTI, "multi-zh", "zh", media=PAGE),
        link(DEFAULT_MULTI, "multi-en", "en", media=PAGE),
        link("gs1:pip", "pip-zh", "zh", media=PAGE),
    ],
    LONE: [default("home"), link(DEFAULT_MULTI, "lone-zh", "zh", media=PAGE)],
    OTHER_LETTERS: [
        Gs1Link("gs1:pip", "https://lab.example.cn/计量/证书?号=7", "证书", is_default=True),
        link("gs1:certificationInfo", "a|b/%E8%AF%81/c'd"),
    ],
    EQUAL: [default("home"), link("gs1:review", "one", "zh", media=PAGE), link("gs1:review", "two", "zh", media=PAGE)],
    UPPER: [default("home"), link("gs1:pip", "all-zh", "zh", media=PAGE), link("gs1:pip", "all-en", "en", media=PAGE)],
    LOWER: [default("nine"), link("gs1:pip", "n-zh", "zh", media=PAGE), link("gs1:pip", "n-en", "en", media=PAGE)],
    ASSET: [default("asset"), link("gs1:certificationInfo", "of-asset")],
    PLACE: [default("place")],
    "8003/09506000134352R1": [default("crate")],
    "253/9506000134352C7": [default("document")],
    "00/395060001343520018": [default("parcel")],
    "8018/950600013435200176": [default("service")],
}  # fmt: skip
KEYS = sorted(LINKSETS)
every_key = pytest.mark.parametrize("key", KEYS)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedNode]:
    served = ServedNode(tmp_path_factory.mktemp("resolver"), LINKSETS)
    yield served
    served.end()


def kinds(level: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The targets of a level by link type, the default aside."""
    return {
        kind: targets
        for kind, targets in level.items()
        if kind not in {"anchor", "itemDescription", f"{VOC}defaultLink"}
    }


def visible(levels: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The targets of every link type where it stands first, going up from the thing that was asked for."""
    found: dict[str, list[dict[str, Any]]] = {}
    for level in levels:
        for kind, targets in kinds(level).items():
            found.setdefault(kind, targets)
    return found


def by_conditions(target: dict[str, Any]) -> str:
    """The query that names the conditions of a link and not its type; what it does not name is 'undefined'."""
    said = [f"mediaType={target.get('type', 'undefined')}"]
    said += [f"lang={target['hreflang'][0]}"] if "hreflang" in target else []
    return "&".join(said + ([f"context={target['context'][0]}"] if "context" in target else []))


# --- the connection ------------------------------------------------------------------------------------------


def test_http_is_spoken_in_version_1_1(node: ServedNode) -> None:
    for path, method in (("/", "HEAD"), ("/", "GET"), (f"/{GTIN}", "GET")):
        assert node.ask(path, method=method).version >= 11


@every_key
def test_pages_of_any_origin_may_ask_and_are_told_the_methods(node: ServedNode, key: str) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        headers = node.ask(f"/{key}", method=method, Origin="https://shop.example.org").headers
        assert headers["access-control-allow-origin"] == "*"
        assert {"GET", "HEAD", "OPTIONS"} <= set(headers["access-control-allow-methods"].split(", "))
        assert {"Link", "Location"} <= set(headers["access-control-expose-headers"].split(", "))


@every_key
@pytest.mark.parametrize("query", ["", "linkType=linkset", "linkType=gs1:nosuchlt"])
def test_head_answers_like_get_without_a_body(node: ServedNode, key: str, query: str) -> None:
    got, head = node.ask(f"/{key}", query), node.ask(f"/{key}", query, method="HEAD")
    assert (head.status, head.body) == (got.status, b"")
    own = {"link", "location", "content-type", "access-control-allow-origin"}
    assert {name: got.headers.get(name) for name in own} == {name: head.headers.get(name) for name in own}


# --- the description of the resolver ---------------------------------------------------------------------------


def test_the_description_has_what_must_be_in_it_and_every_member_its_form(node: ServedNode) -> None:
    reply = node.ask("/.well-known/gs1resolver", Accept="application/json")
    said = reply.json()
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert said["resolverRoot"] == ROOT
    assert said["supportedPrimaryKeys"] == ["all"]
    assert isinstance(said["linkTypeDefaultCanBeLinkset"], bool)
    assert {"namespace": VOC, "prefix": "gs1:"} in said["supportedLinkType"]
    assert all(
        re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*:", each["prefix"]) for each in said["supportedLinkType"]
    )
    assert said["jsonLdContextLocation"].startswith(f"{ROOT}/")


def test_the_context_it_names_can_be_fetched(node: ServedNode) -> None:
    where = urlsplit(node.ask("/.well-known/gs1resolver").json()["jsonLdContextLocation"]).path
    reply = node.ask(where)
    assert reply.headers["content-type"] == "application/ld+json"
    assert reply.json()["@context"]["linkset"] == "@graph"


# --- what is no Digital Link -----------------------------------------------------------------------------------


@every_key
def test_a_link_with_a_loose_end_is_400(node: ServedNode, key: str) -> None:
    for query in ("", "linkType=linkset", "foo=bar"):
        assert node.ask(f"/{key}/foo", query).status == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("01/09506000134353", 400),  # check digit
        ("01/9506000134352", 400),  # thirteen digits
        ("414/9506000134353", 400),
        ("8003/09506000134353R1", 400),
        ("253/9506000134353C7", 400),
        ("00/395060001343520019", 400),
        ("8018/950600013435200177", 400),
        (f"{GTIN}/21/7/22/A", 400),  # qualifiers in the wrong order
        (f"{GTIN}/254/A", 400),  # no qualifier of this key
        (f"{GTIN}/21/%FF", 400),  # no UTF-8
        ("01/09506000134437", 404),  # right, and nobody's
        ("8004/9506000134352NOBODY", 404),
    ],
)
def test_a_fault_is_never_200(node: ServedNode, path: str, status: int) -> None:
    for query, accept in (("", "*/*"), ("", LINKSET), ("linkType=linkset", "*/*"), ("", PAGE)):
        reply = node.ask(f"/{path}", query, Accept=accept)
        assert reply.status == status
        assert reply.body
        assert reply.headers["access-control-allow-origin"] == "*"


# --- redirects -------------------------------------------------------------------------------------------------


@every_key
def test_a_plain_request_goes_to_the_one_default_link(node: ServedNode, key: str) -> None:
    level = node.levels(key)[0]
    (target,) = level[f"{VOC}defaultLink"]
    assert set(target) == {"href", "title"}  # it stands for everybody
    assert target["title"]
    assert node.ask(f"/{key}").location == target["href"]
    assert node.ask(f"/{key}", Accept="text/html,*/*;q=0.8", Accept_Language="fr").location == target["href"]


@every_key
def test_a_slash_at_the_end_changes_nothing(node: ServedNode, key: str) -> None:
    for query in ("", "linkType=gs1:nosuchlt", "foo=bar"):
        plain, slash = node.ask(f"/{key}", query), node.ask(f"/{key}/", query)
        assert (plain.status, plain.headers.get("location")) == (slash.status, slash.headers.get("location"))


@every_key
@pytest.mark.parametrize("query", ["foo=bar", "17=271231&foo=%E9%87%8F", "a=1&a=2"])
def test_pairs_that_mean_nothing_here_are_passed_on(node: ServedNode, key: str, query: str) -> None:
    plain, asked = node.ask(f"/{key}").location, node.ask(f"/{key}", query).location
    assert asked == f"{plain}{'&' if '?' in plain else '?'}{query}"


@every_key
def test_every_link_type_with_one_link_leads_to_it_however_the_type_is_written(
    node: ServedNode, key: str
) -> None:
    for kind, targets in visible(node.levels(key)).items():
        if len(targets) == 1:
            name = kind.removeprefix(VOC)
            for written in (f"gs1:{name}", f"gs1%3A{name}", kind, f"https://gs1.org/voc/{name}"):
                assert node.ask(f"/{key}", f"linkType={written}").location == targets[0]["href"]


@pytest.mark.parametrize("key", [key for key in KEYS if key != EQUAL])
def test_a_link_among_several_of_its_type_is_found_by_its_conditions(node: ServedNode, key: str) -> None:
    for kind, targets in visible(node.levels(key)).items():
        for target in targets if len(targets) > 1 else ():
            conditions = by_conditions(target)
            assert node.ask(f"/{key}", conditions).location == target["href"], kind
            if kind != f"{VOC}defaultLinkMulti":
                assert node.ask(f"/{key}", f"linkType={kind}&{conditions}").location == target["href"]


@every_key
def test_a_link_type_that_is_not_there_is_404_and_the_linkset_is_named(node: ServedNode, key: str) -> None:
    reply = node.ask(f"/{key}", "linkType=gs1:nosuchlt")
    assert reply.status == 404
    assert 'rel="linkset"' in reply.headers["link"]


@pytest.mark.parametrize("conditions", ["", "mediaType=text/html&lang=zh", "lang=zh"])
def test_links_that_differ_in_nothing_are_offered_with_300(node: ServedNode, conditions: str) -> None:
    query = "&".join(filter(None, ["linkType=gs1:review", conditions]))
    page = node.ask(f"/{EQUAL}", query)
    assert (page.status, page.body.count(b"Title of ")) == (300, 2)
    reply = node.ask(f"/{EQUAL}", query, Accept="application/json")
    assert reply.status == 300
    (level,) = json.loads(reply.body)["linkset"]
    assert [target["title"] for target in level[f"{VOC}review"]] == ["Title of one", "Title of two"]
    assert reply.headers["content-type"] == LINKSET


def test_links_that_differ_in_nothing_are_offered_without_their_type_too(node: ServedNode) -> None:
    assert node.ask(f"/{EQUAL}", "mediaType=text/html&lang=zh").status == 300


@pytest.mark.parametrize(
    ("key", "query", "found"),
    [
        (SHADES, "mediaType=text/html", "any"),  # not the one for readers of French
        (SHADES, "mediaType=text/html&lang=fr", "fr"),
        (SHADES, "mediaType=application/pdf&lang=en", "en"),  # not the one for Sri Lanka
        (SHADES, "mediaType=application/pdf&lang=en&context=LK", "en-lk"),
        (SHADES, "mediaType=undefined", "untyped"),
        (SHADES, "mediaType=undefined&lang=de", "untyped-de"),
        (SHADES, "mediaType=undefined&lang=fr", "fr"),  # none of the untyped ones is French
        (SHADES, "mediaType=image/png", "home"),
        (DEFAULTS, "mediaType=text/html&lang=zh", "multi-zh"),  # before the page of a type nobody asked for
        (DEFAULTS, "lang=en", "multi-en"),
        (DEFAULTS, "linkType=gs1:pip&lang=en", "pip-zh"),
        (DEFAULTS, "lang=fr", "home"),
        (LONE, "lang=zh", "lone-zh"),
        (LONE, "mediaType=undefined", "home"),
        (LOWER, "lang=zh", "n-zh"),  # not that of the level above as well
        (LOWER, "mediaType=text/html&lang=en", "n-en"),
        (UPPER, "lang=zh", "all-zh"),
    ],
)
def test_a_request_without_a_link_type_is_answered_by_one_link(
    node: ServedNode, key: str, query: str, found: str
) -> None:
    assert node.ask(f"/{key}", query).location == f"https://lab.example.cn/{found}"


@pytest.mark.parametrize(
    ("languages", "found"), [("zh-CN,en;q=0.5", "multi-zh"), ("en", "multi-en"), ("fr", "home")]
)
def test_a_browser_is_led_by_its_language(node: ServedNode, languages: str, found: str) -> None:
    reply = node.ask(f"/{DEFAULTS}", Accept_Language=languages)
    assert reply.location == f"https://lab.example.cn/{found}"
    assert reply.headers["vary"] == "Accept, Accept-Language"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (f"{GTIN}/10/KL8G", "pip"),
        (f"{GTIN}/21/8", "pip"),
        (f"{SERIAL}", "7"),
        (f"{PLACE}/254/KL8G", "place"),
        (f"{ASSET}", "asset"),
        (f"{GTIN}/22/A/10/B/21/C", "pip"),
    ],
)
def test_a_qualifier_nobody_described_leads_to_the_level_above(
    node: ServedNode, path: str, found: str
) -> None:
    assert node.ask(f"/{path}").location == f"https://lab.example.cn/{found}"
    assert node.ask(f"/{path}", "linkType=linkset").status == 200


# --- the linkset -----------------------------------------------------------------------------------------------


@every_key
def test_the_linkset_is_answered_at_once(node: ServedNode, key: str) -> None:
    for query, accept in (("linkType=linkset", "*/*"), ("linkType=all", LINKSET), ("", LINKSET)):
        reply = node.ask(f"/{key}", query, Accept=accept)
        assert reply.headers["content-type"] == LINKSET
        assert reply.json()["linkset"][0]["anchor"] == f"{ROOT}/{key}"
    assert node.ask(f"/{key}", "linkType=all").status == 200
    for form in ("text/html", "application/json", "application/ld+json"):
        reply = node.ask(f"/{key}", "linkType=linkset", Accept=form)
        assert reply.headers["content-type"].partition(";")[0] == form


@every_key
def test_the_linkset_is_valid_and_every_target_is_an_address_with_a_title(
    node: ServedNode,
    schema: dict[str, Any],  # noqa: F811
    key: str,
) -> None:
    levels = node.levels(key)
    jsonschema.validate({"linkset": levels}, schema)
    for level in levels:
        assert level["itemDescription"]
        for kind, targets in kinds(level).items():
            assert kind.startswith(VOC)
            assert len(targets) != 1 or kind != f"{VOC}defaultLinkMulti"  # a choice of one is none
            for target in targets:
                assert target["title"].strip()
                assert re.fullmatch(r"https?://[!-~]+", target["href"])
                assert not set(target["href"]) & set(' "<>\\^`{|}')


@every_key
def test_a_link_to_the_linkset_comes_with_every_answer_and_single_links_do_not(
    node: ServedNode, key: str
) -> None:
    for query in ("", "linkType=linkset", "foo=bar"):
        told = node.ask(f"/{key}", query).headers["link"]
        found = re.search(r'<([^>]+)>; rel="linkset"; type="application/linkset\+json"', told)
        assert found
        assert 'rel="gs1:' not in told
        where = urlsplit(found[1])
        assert node.ask(unquote(where.path), where.query).json()["linkset"]


@every_key
def test_a_linkset_names_the_context_that_makes_it_linked_data(node: ServedNode, key: str) -> None:
    told = node.ask(f"/{key}", Accept=LINKSET).headers["link"]
    (one,) = [each for each in told.split(", <") if f'rel="{CONTEXT_REL}"' in each]
    assert 'type="application/ld+json"' in one
    address = one.lstrip("<").partition(">")[0]
    assert node.ask(urlsplit(address).path).status == 200
    assert node.ask(f"/{key}", "linkType=linkset", Accept="application/ld+json").json()["@context"] == address


def test_the_levels_go_up_to_the_key_and_name_the_uncompressed_link(node: ServedNode) -> None:
    assert [level["anchor"] for level in node.levels(SERIAL)] == [f"{ROOT}/{SERIAL}", f"{ROOT}/{GTIN}"]
    assert [level["anchor"] for level in node.levels(f"{GTIN}/10/LOT/21/7")] == [f"{ROOT}/{GTIN}"]


@pytest.mark.parametrize("kind", ["gs1:pip", "gs1:certificationInfo"])
def test_the_address_in_the_linkset_is_the_one_of_the_redirect_whatever_its_letters(
    node: ServedNode, kind: str
) -> None:
    (target,) = node.levels(OTHER_LETTERS)[0][VOC + kind.removeprefix("gs1:")]
    assert node.ask(f"/{OTHER_LETTERS}", f"linkType={kind}").location == target["href"]
    (written,) = (each.href for each in LINKSETS[OTHER_LETTERS] if each.link_type == kind)
    assert unquote(target["href"]) == unquote(written)


# --- compression -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [GTIN, SERIAL, ASSET, PLACE, "8003/09506000134352R1", "253/9506000134352C7"])
@pytest.mark.parametrize("query", ["", "foo=bar", "linkType=gs1:nosuchlt"])
def test_a_compressed_link_is_answered_like_its_whole_form_which_is_named(
    node: ServedNode, key: str, query: str
) -> None:
    short = urlsplit(compress(parse_digital_link(f"{ROOT}/{key}"))).path
    assert key not in short
    plain, reply = node.ask(f"/{key}", query), node.ask(short, query)
    assert (reply.status, reply.headers.get("location")) == (plain.status, plain.headers.get("location"))
    assert f'<{ROOT}/{key}>; rel="owl:sameAs"' in reply.headers["link"]
    assert node.ask(short, Accept=LINKSET).json()["linkset"][0]["anchor"] == f"{ROOT}/{key}"
