"""One search: a number opens its thing, words list what fits, nothing says what to do."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from jialiang.console import search
from jialiang.information.search import Found
from jialiang.kernel.text import Text

pytestmark = pytest.mark.django_db
ID = UUID(int=7)
THERMOMETER = Found(
    "instrument", ID, Text("数字温度计", "Digital thermometer"), Text("T2104-0387", "T2104-0387")
)
EXACT = Found("instrument", ID, Text("数字温度计"), Text(), exact=True)


@pytest.fixture
def finds(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Let the search find given things at addresses of their own; returns what it is asked for."""

    def set_up(*things: Found) -> list[str]:
        asked: list[str] = []
        monkeypatch.setattr(search, "find", lambda _actor, text: asked.append(text) or things)
        monkeypatch.setattr(search, "thing_url", lambda noun, _id: f"/{noun}/7")
        return asked

    return set_up


def test_the_number_of_one_thing_opens_it(signed_in: Callable[..., Client], finds: Callable) -> None:
    asked = finds(EXACT, THERMOMETER)
    assert signed_in("technician").get("/search?q=+T2104-0387+").url == "/instrument/7"
    assert asked == ["T2104-0387"]


def test_words_list_what_fits(signed_in: Callable[..., Client], finds: Callable) -> None:
    finds(THERMOMETER)
    html = signed_in("technician", language="en").get("/search?q=thermo").content.decode()
    assert "Digital thermometer" in html
    assert 'href="/instrument/7"' in html


def test_two_things_with_the_same_number_are_listed_not_guessed(
    signed_in: Callable[..., Client], finds: Callable
) -> None:
    finds(EXACT, Found("commission", ID, Text("委托"), Text(), exact=True))
    html = signed_in("technician").get("/search?q=7").content.decode()
    assert 'href="/instrument/7"' in html
    assert 'href="/commission/7"' in html


def test_without_a_hit_the_page_says_what_to_do(signed_in: Callable[..., Client]) -> None:
    html = signed_in("technician", language="en").get("/search?q=%3Cscript%3Enothing").content.decode()
    assert "Nothing of yours fits." in html
    assert 'href="/check"' in html
    assert "<script>" not in html


def test_an_empty_search_asks_nobody(signed_in: Callable[..., Client], finds: Callable) -> None:
    asked = finds()
    assert signed_in("technician").get("/search?q=%20").status_code == 200
    assert asked == []


def test_a_very_long_text_is_cut(signed_in: Callable[..., Client], finds: Callable) -> None:
    asked = finds()
    signed_in("technician").get("/search?q=" + "9" * 5000)
    assert [len(text) for text in asked] == [200]


def test_every_noun_that_can_be_found_has_an_icon() -> None:
    assert set(search.ICONS) >= {
        "certificate",
        "commission",
        "instrument",
        "measurement_standard",
        "calibration",
    }
