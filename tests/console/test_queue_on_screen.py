"""The first page: tasks by urgency, what blocks, where each leads; in both languages and without a task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from jialiang.console import home
from jialiang.console.home import BLOCKED, STATES, counts, groups
from jialiang.information.queue import Queue, QueueEntry
from jialiang.kernel.text import Text

SINCE = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)
KEY = "01900000-0000-7000-8000-000000000000"


def entry(state: str = "waiting", **members: Any) -> QueueEntry:
    known = {
        "kind": "review",
        "title": Text("核验记录", "Review a record"),
        "subject": Text("温度计 T-1", "Thermometer T-1"),
        "url_name": "calibration",
        "url_args": (KEY,),
        "due": date(2026, 6, 20),
        "waiting_since": SINCE,
    }
    return QueueEntry(state=state, **(known | members))


BLOCK = Text("标准器已过期", "The standard has expired")
QUEUE_OF = {
    "overdue": [entry("overdue")],
    "returned": [entry("returned"), entry("returned")],
    "soon": [],
    "waiting": [entry("waiting"), entry("waiting", blocked_by=BLOCK), entry("waiting", url_name="")],
}


def queue(*entries: QueueEntry) -> Queue:
    return Queue(entries or tuple(each for state in STATES for each in QUEUE_OF[state]))


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ("", [("overdue", 1), ("returned", 2), ("waiting", 3)]),
        ("overdue", [("overdue", 1)]),
        ("returned", [("returned", 2)]),
        ("soon", []),
        ("waiting", [("waiting", 3)]),
        (BLOCKED, [("waiting", 1)]),
        ("nonsense", [("overdue", 1), ("returned", 2), ("waiting", 3)]),
    ],
)
def test_tasks_stand_in_the_order_of_urgency_and_a_count_narrows_them(
    chosen: str, shown: list[tuple[str, int]]
) -> None:
    assert [(group.state, len(group.tasks)) for group in groups(queue(), chosen)] == shown


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("en", ["Overdue", "Returned to me", "Due soon", "Waiting", "Blocked"]),
        ("zh-hans", ["逾期", "退回给我", "即将到期", "待办", "受阻"]),
    ],
)
def test_counts_name_every_state_even_an_empty_one(language: str, labels: list[str]) -> None:
    with translation.override(language):
        found = counts(queue(), "returned")
    assert [count.label for count in found] == labels
    assert [count.number for count in found] == [1, 2, 0, 3, 1]
    assert [count.state for count in found if count.current] == ["returned"]


def test_a_task_leads_to_its_thing_and_one_without_a_page_nowhere() -> None:
    waiting = groups(queue(), "waiting")[0].tasks
    assert [task.url for task in waiting] == [f"/calibrations/{KEY}/", f"/calibrations/{KEY}/", ""]


@pytest.fixture
def shown(signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The first page with a queue: ``shown(queue(), language="en")``."""

    def show(told: Queue, *, query: str = "", language: str = "en") -> str:
        monkeypatch.setattr(home, "queue_for", lambda *_args: told)
        return signed_in("technician", language=language).get(f"/{query}").content.decode()

    return show


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Review a record", "What blocks me", "The standard has expired", "Overdue")),
        ("zh-hans", ("核验记录", "什么拦住了我", "标准器已过期", "逾期")),
    ],
)
def test_the_page_tells_tasks_and_what_blocks_them(
    shown: Callable[..., str], language: str, words: tuple[str, ...]
) -> None:
    page = shown(queue(), language=language)
    for word in words:
        assert word in page, word


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "words"),
    [("?state=soon", "Nothing of this kind now."), ("?state=blocked", "The standard has expired")],
)
def test_a_count_narrows_the_page(shown: Callable[..., str], query: str, words: str) -> None:
    assert words in shown(queue(), query=query)


@pytest.mark.django_db
def test_an_empty_queue_is_no_error(shown: Callable[..., str]) -> None:
    assert "Nothing waits for you" in shown(Queue(()))
