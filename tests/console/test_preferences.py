"""Language and theme are kept in cookies that the server reads."""

from collections.abc import Callable

import pytest
from django.test import Client

from jialiang.security.accounts.models import Person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chosen_theme_is_written_by_the_server(client: Client, theme: str) -> None:
    response = client.post("/preferences/theme", {"theme": theme, "next": "/sign-in/"})
    assert response.url == "/sign-in/"
    assert response.cookies["jialiang_theme"]["httponly"]
    assert f'data-bs-theme="{theme}"' in client.get("/sign-in/").content.decode()


def test_until_chosen_the_theme_follows_the_system(client: Client) -> None:
    assert "data-bs-theme" not in client.get("/sign-in/").content.decode()
    client.post("/preferences/theme", {"theme": "dark"})
    client.post("/preferences/theme", {"theme": "system"})
    assert "data-bs-theme" not in client.get("/sign-in/").content.decode()


def test_a_forged_theme_is_not_written_into_the_page(client: Client) -> None:
    client.cookies["jialiang_theme"] = '"><script>'
    assert "data-bs-theme" not in client.get("/sign-in/").content.decode()


def test_the_chosen_language_holds_on_the_next_page(client: Client) -> None:
    client.post("/preferences/language", {"language": "en", "next": "/sign-in/"})
    html = client.get("/sign-in/", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert '<html lang="en"' in html


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    assert not client.post("/preferences/language", {"language": "tlh"}).cookies


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_the_way_back_never_leaves_the_house(client: Client, elsewhere: str) -> None:
    assert client.post("/preferences/theme", {"theme": "dark", "next": elsewhere}).url == "/"


def test_preferences_change_by_form_only(client: Client) -> None:
    assert client.get("/preferences/theme").status_code == 405


def test_a_person_reads_in_the_own_language_until_a_cookie_says_otherwise(
    client: Client, add_person: Callable[..., Person]
) -> None:
    person = add_person("wang", "customer")
    person.language = "en"
    person.save(update_fields=["language"])
    client.force_login(person)
    assert '<html lang="en"' in client.get("/", headers={"Accept-Language": "zh-CN"}).content.decode()
    client.cookies["jialiang_language"] = "zh-hans"
    assert '<html lang="zh-Hans"' in client.get("/").content.decode()
