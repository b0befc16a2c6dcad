"""The first page: the queue in groups, counts that lead to it, what blocks, and the empty state."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from jialiang.console import home
from jialiang.information.queue import Queue, QueueEntry
from jialiang.kernel.text import Text

pytestmark = pytest.mark.django_db
SINCE = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


def entry(title: str, state: str, due: date | None = None, blocked: str = "") -> QueueEntry:
    return QueueEntry(
        kind="calibration.record",
        title=Text(f"{title}中", title),
        subject=Text("温度计（T1）", "Thermometer (T1)"),
        url_name="mfa_index",
        url_args=(),
        state=state,
        due=due,
        waiting_since=SINCE,
        blocked_by=Text("标准过期", blocked) if blocked else None,
    )


QUEUE = Queue(
    (
        entry("Late one", "overdue", date(2026, 6, 2), blocked="The standard has expired"),
        entry("Sent back", "returned", date(2026, 6, 30)),
        entry("Soon one", "soon", date(2030, 1, 1)),
        entry("Some day", "waiting"),
    )
)


@pytest.fixture
def with_queue(monkeypatch: pytest.MonkeyPatch, signed_in: Callable[..., Client]) -> Client:
    monkeypatch.setattr(home, "queue_for", lambda _actor, _now: QUEUE)
    return signed_in("technician", language="en")


def test_the_overdue_stand_first(with_queue: Client) -> None:
    html = with_queue.get("/").content.decode()
    places = [html.index(f">{title}</a>") for title in ("Late one", "Sent back", "Soon one", "Some day")]
    assert places == sorted(places)
    assert "days late" in html
    assert "no date" in html


def test_counts_lead_to_their_entries_and_back(with_queue: Client) -> None:
    html = with_queue.get("/?state=returned").content.decode()
    table = html[html.index("<table") : html.index("</table>")]
    assert "Sent back" in table
    assert "Late one" not in table
    assert 'aria-current="true"' in html
    assert [count.number for count in home.counts(QUEUE)] == [1, 1, 1, 1, 1]


def test_an_unknown_count_shows_everything() -> None:
    assert [group.state for group in home.groups(QUEUE, "toys")] == ["overdue", "returned", "soon", "waiting"]


def test_what_blocks_is_said_in_the_list_already(with_queue: Client) -> None:
    html = with_queue.get("/?state=blocked").content.decode()
    assert "The standard has expired" in html[html.index("<table") : html.index("</table>")]
    assert "What blocks me" in html
    assert "Sent back" not in html


def test_an_entry_without_a_page_is_shown_without_a_link() -> None:
    lone = QueueEntry("x", Text("事"), Text("物"), "no_such_page", ("1",), "waiting", None, None)
    assert home.groups(Queue((lone,)))[0].tasks[0].url == ""


def test_an_empty_queue_says_what_will_stand_here(signed_in: Callable[..., Client]) -> None:
    html = signed_in("technician", language="en").get("/").content.decode()
    assert "Nothing waits for you" in html
    assert "<table" not in html


def test_a_queue_that_is_cut_says_so(
    monkeypatch: pytest.MonkeyPatch, signed_in: Callable[..., Client]
) -> None:
    monkeypatch.setattr(home, "queue_for", lambda _actor, _now: Queue(QUEUE.entries, cut=True))
    assert "More waits than is shown" in signed_in("technician", language="en").get("/").content.decode()
