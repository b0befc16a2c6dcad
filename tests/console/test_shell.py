"""The frame of every page: navigation by role, languages, headers, forms, weight."""

import gzip
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from jialiang.console import shell
from jialiang.console.shell import NavEntry, Waiting
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.tenancy.models import Tenant

pytestmark = pytest.mark.django_db
PAGES = (
    "/",
    "/_components",
    "/search",
    "/search?q=T2104",
    "/account/security/",
    "/account/password/",
    "/nothing",
)
STRANGERS = ("/sign-in/", "/nothing")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"[a-z]{3,} [a-z]{2,}")


class Outline(HTMLParser):
    """What a page holds: its texts by language, links, forms, headings, and what a strict policy forbids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html_attributes: dict[str, str | None] = {}
        self.addresses: list[str] = []
        self.forbidden: list[str] = []
        self.posted: list[bool] = []
        self.headings: list[str] = []
        self.words: list[tuple[str, str]] = []
        self._languages: list[tuple[str, str]] = []
        self._silent = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.html_attributes = given
        if tag not in {"meta", "link", "input", "br", "img", "hr", "path", "circle", "rect"}:
            self._languages.append(
                (tag, given.get("lang") or (self._languages[-1][1] if self._languages else ""))
            )
        self.addresses += [
            v or "" for k, v in attrs if k in {"href", "src", "action", "formaction", "hx-get", "hx-post"}
        ]
        self.forbidden += [f"{tag} {k}" for k, _ in attrs if k == "style" or k.startswith("on")]
        if tag == "style" or (
            tag == "script" and "src" not in given and given.get("type") != "application/json"
        ):
            self.forbidden.append(tag)
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self.posted.append(False)
        if tag == "input" and given.get("name") == "csrfmiddlewaretoken" and self.posted:
            self.posted[-1] = True
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        self._silent = tag if tag in {"script", "style"} else self._silent
        language = self._languages[-1][1] if self._languages else ""
        self.words += [
            (language, v) for k, v in attrs if v and k in {"aria-label", "placeholder", "alt", "title"}
        ]

    def handle_endtag(self, tag: str) -> None:
        self._silent = "" if tag == self._silent else self._silent
        while self._languages and tag in {name for name, _ in self._languages}:
            if self._languages.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._silent:
            self.words.append((self._languages[-1][1] if self._languages else "", data.strip()))


@pytest.fixture
def entries() -> Iterator[dict[str, NavEntry]]:
    """The registered entries, put back as they were afterwards."""
    kept = dict(shell._entries)
    yield shell._entries
    shell._entries.clear()
    shell._entries.update(kept)


def actor(tenant: Tenant, *roles: str) -> Actor:
    return Actor(None, tenant.id, Text("李小量", "Li Xiaoliang"), frozenset(roles), None, "console")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_one_h1_a_skip_link_landmarks_and_a_title(
    signed_in: Callable[..., Client], address: str
) -> None:
    html = signed_in("technician").get(address).content.decode()
    outline = Outline(html)
    assert outline.headings.count("h1") == 1
    assert outline.addresses.index("#main") < outline.addresses.index("/")
    assert html.count("<main ") == 1
    assert '<nav class="jl-side" aria-label=' in html
    assert re.search(r"<title>[^·<]+ · 嘉量</title>", html)


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(("language", "tag"), [("zh-hans", "zh-Hans"), ("en", "en")])
def test_a_page_is_in_the_language_asked_for(
    signed_in: Callable[..., Client], address: str, language: str, tag: str
) -> None:
    outline = Outline(signed_in("technician", language=language).get(address).content.decode())
    assert outline.html_attributes["lang"] == tag
    if language == "en":
        foreign = [t for spoken, t in outline.words if not spoken.startswith("zh") and CHINESE.search(t)]
        assert [t for t in foreign if t.strip(" ·") and not t.rstrip().endswith("嘉量")] == []


def test_chinese_pages_have_no_english_sentence(signed_in: Callable[..., Client]) -> None:
    client = signed_in("technician")
    for address in PAGES:
        outline = Outline(client.get(address).content.decode())
        english = [t for spoken, t in outline.words if spoken.startswith("zh") and SENTENCE.search(t)]
        assert english == [], address


@pytest.mark.parametrize("address", PAGES)
def test_nothing_inline_and_nothing_from_outside(signed_in: Callable[..., Client], address: str) -> None:
    response = signed_in("technician").get(address)
    outline = Outline(response.content.decode())
    assert outline.forbidden == []
    assert [a for a in outline.addresses if "//" in a] == []
    assert not re.search(r"https?://(?!testserver/|www\.w3\.org/2000/svg)", response.content.decode())


@pytest.mark.parametrize("address", PAGES)
def test_every_form_that_writes_carries_a_token(signed_in: Callable[..., Client], address: str) -> None:
    outline = Outline(signed_in("technician").get(address).content.decode())
    assert outline.posted
    assert all(outline.posted)


@pytest.mark.parametrize("address", [*PAGES, "/static/jialiang/jialiang.css"])
def test_every_answer_carries_the_strict_policy(client: Client, address: str) -> None:
    response = client.get(address)
    response.close()
    headers = response.headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:;"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_pages_of_a_signed_in_person_are_never_stored(signed_in: Callable[..., Client]) -> None:
    assert signed_in("technician").get("/").headers["Cache-Control"] == "no-store"


def test_a_stranger_is_led_to_the_sign_in_and_back(client: Client) -> None:
    response = client.get("/search?q=a")
    assert response.status_code == 302
    assert response.url == "/sign-in/?next=/search%3Fq%3Da"


def test_htmx_may_neither_evaluate_nor_write_styles(signed_in: Callable[..., Client]) -> None:
    html = signed_in("technician").get("/").content.decode()
    assert '"includeIndicatorStyles":false' in html
    assert '"allowEval":false' in html


def test_the_navigation_shows_what_the_roles_allow(tenant: Tenant, entries: dict, now: datetime) -> None:
    entries.clear()
    shell.register(NavEntry("Home", "home", "home", "work", 0))
    shell.register(NavEntry("Search", "search", "search", "business", 1, roles=frozenset({"signatory"})))
    assert [e.url_name for e in shell.entries_for(actor(tenant, "technician"))] == ["home"]
    assert [e.url_name for e in shell.entries_for(actor(tenant, "technician", "signatory"))] == [
        "home",
        "search",
    ]


def test_an_entry_may_ask_of_the_person_whether_it_opens(tenant: Tenant, entries: dict) -> None:
    entries.clear()
    asked: list[str] = []

    def opens(person: Actor) -> bool:
        asked.append(person.name.en)
        return "signatory" in person.roles

    roles = frozenset({"technician", "signatory"})
    shell.register(NavEntry("Home", "home", "home", "work", 0))
    shell.register(NavEntry("Search", "search", "search", "business", 1, roles=roles, opens=opens))
    assert [e.url_name for e in shell.entries_for(actor(tenant, "technician"))] == ["home"]
    assert [e.url_name for e in shell.entries_for(actor(tenant, "signatory"))] == ["home", "search"]
    assert len(asked) == 2
    assert [e.url_name for e in shell.entries_for(actor(tenant, "reviewer"))] == ["home"]
    assert len(asked) == 2  # whom the roles keep out is not asked for


def test_the_order_of_the_navigation_is_not_the_order_of_imports(tenant: Tenant, entries: dict) -> None:
    entries.clear()
    shell.register(NavEntry("Search", "search", "search", "business", 5))
    shell.register(NavEntry("Security", "mfa_index", "key", "work", 9))
    shell.register(NavEntry("Home", "home", "home", "work", 0))
    assert [e.url_name for e in shell.entries_for(actor(tenant))] == ["home", "mfa_index", "search"]


def test_an_entry_counts_what_waits_and_says_when_it_stops_work(
    signed_in: Callable[..., Client], entries: dict
) -> None:
    shell.register(
        NavEntry(
            "Search", "search", "search", "business", 1, count=lambda _actor, _now: Waiting(3, stops=True)
        )
    )
    html = signed_in("technician", language="en").get("/").content.decode()
    assert '<span class="n n-stop">3<span class="jl-vh"> stop work</span></span>' in html


def test_the_entry_one_is_in_is_marked_by_the_longest_address(
    tenant: Tenant, entries: dict, now: datetime
) -> None:
    entries.clear()
    shell.register(NavEntry("Home", "home", "home", "work", 0))
    shell.register(NavEntry("Security", "mfa_index", "key", "work", 1))
    ((_, links),) = shell.navigation(actor(tenant), "/account/security/totp/activate/", now)
    assert [link.current for link in links] == [False, True]
    ((_, links),) = shell.navigation(actor(tenant), "/unknown", now)
    assert [link.current for link in links] == [False, False]


def test_a_group_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no group 'toys'"):
        shell.register(NavEntry("Toys", "home", "home", "toys", 0))


def test_everyone_arrives_where_the_work_of_the_role_is(tenant: Tenant, entries: dict) -> None:
    shell.register(NavEntry("Search", "search", "search", "business", 1, home_of=frozenset({"receptionist"})))
    assert shell.landing_url(actor(tenant, "receptionist")) == reverse("search")
    assert shell.landing_url(actor(tenant, "technician")) == reverse("home")


def test_a_phone_reaches_the_search_with_the_thumb(tenant: Tenant, entries: dict, now: datetime) -> None:
    for number in range(6):
        shell.register(NavEntry(f"E{number}", "mfa_index", "key", "work", number, thumb="Key"))
    shell.register(NavEntry("Home", "home", "home", "work", 0, thumb="Home"))
    links = shell.thumb_links(shell.navigation(actor(tenant), "/search", now), "/search")
    assert len(links) <= 4
    assert [link.current for link in links if link.url == "/search"] == [True]


def test_a_fragment_carries_no_frame(signed_in: Callable[..., Client], rf) -> None:
    request = rf.get("/", headers={"HX-Request": "true"})
    request.actor = request.tenant = None
    response = shell.page(request, "search/search.html", {"hits": []}, fragment="home/empty.html")
    assert b"<html" not in response.content
    assert "HX-Request" in response["Vary"]


def test_a_page_weighs_less_than_the_budget(signed_in: Callable[..., Client]) -> None:
    client = signed_in("technician")
    html = client.get("/_components").content
    assert len(gzip.compress(html)) < 10_000
    names = re.findall(r'(?:href|src)="/static/([^"?]+)', html.decode())
    assert {"vendor/tabler/tabler.min.css", "jialiang/jialiang.css", "django_htmx/htmx-2.min.js"} <= set(
        names
    )
    files = [Path(finders.find(name)) for name in [*names, "vendor/alpine/alpine-csp.min.js"]]
    font = Path(finders.find("vendor/inter/inter-latin.woff2")).stat().st_size
    compressed = sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)
    assert len(gzip.compress(html)) + compressed + font < 200_000


def test_the_frame_asks_the_database_little(
    signed_in: Callable[..., Client], django_assert_max_num_queries: Callable
) -> None:
    client = signed_in("technician")
    client.get("/search")
    with django_assert_max_num_queries(9):
        client.get("/search")
