"""The first page: what waits for me, what blocks me, and where everything is."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext, gettext_noop

from jialiang.console.requests import who
from jialiang.console.shell import NavEntry, page, register, thing_url
from jialiang.information.queue import Queue, QueueEntry, queue_for
from jialiang.kernel.clock import utc_now

register(NavEntry(gettext_noop("Home"), "home", "home", "work", 0, thumb=gettext_noop("Home")))

STATES = {
    "overdue": gettext_noop("Overdue"),
    "returned": gettext_noop("Returned to me"),
    "soon": gettext_noop("Due soon"),
    "waiting": gettext_noop("Waiting"),
}
BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Task:
    """An entry of the queue and the page that opens it, empty where there is none."""

    entry: QueueEntry
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """Entries in one state, under their heading."""

    state: str
    label: str
    tasks: list[Task]


@dataclass(frozen=True, slots=True)
class Count:
    """How many entries are in a state; it leads to them."""

    state: str
    label: str
    number: int
    current: bool


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show the person's own queue, the overdue first; ``?state=`` narrows it to one count."""
    queue = queue_for(who(request), utc_now())
    chosen = request.GET.get("state", "")
    context = {
        "queue": queue,
        "counts": counts(queue, chosen),
        "groups": groups(queue, chosen),
        "blocked": [_task(entry) for entry in queue.blocked],
        "chosen": chosen,
    }
    return page(request, "home/home.html", context)


def groups(queue: Queue, chosen: str = "") -> list[Group]:
    """Return the entries by state in the order of urgency, only those of the count that was chosen."""
    shown = [entry for entry in queue.entries if _fits(entry, chosen)]
    made = [
        Group(state, gettext(label), [_task(entry) for entry in shown if entry.state == state])
        for state, label in STATES.items()
    ]
    return [group for group in made if group.tasks]


def counts(queue: Queue, chosen: str = "") -> list[Count]:
    """Return how many entries are in each state, and how many are blocked in whatever state."""
    numbers = {state: sum(entry.state == state for entry in queue.entries) for state in STATES}
    labels = STATES | {BLOCKED: gettext_noop("Blocked")}
    numbers[BLOCKED] = len(queue.blocked)
    return [
        Count(state, gettext(labels[state]), number, state == chosen) for state, number in numbers.items()
    ]


def _fits(entry: QueueEntry, chosen: str) -> bool:
    if chosen == BLOCKED:
        return entry.blocked_by is not None
    return chosen not in STATES or entry.state == chosen


def _task(entry: QueueEntry) -> Task:
    return Task(entry, thing_url(entry.url_name, *entry.url_args))


urlpatterns = [path("", home, name="home")]
