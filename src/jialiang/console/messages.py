"""Pages that say what happened, which rule, and the way out: refusals, errors, things not found.

The order is the same everywhere: what happened to which thing, the rule, what to do now, and the number of the
request for the administrator. Both languages are one click away, because the language switch stands on every page.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import (
    Conflict,
    Interlock,
    InvalidInput,
    JialiangError,
    NotAllowed,
    NotFound,
    TooMany,
    Unavailable,
)
from jialiang.kernel.ids import CROCKFORD, new_id
from jialiang.kernel.text import Text

log = logging.getLogger("jialiang.console")
FORM_PAGE = Text(zh="返回上一页", en="Back to the page before")
HOME_WAY = Text(zh="先做别的：看看等您处理的事", en="Do something else: see what waits for you")
HOME_VERB = Text(zh="回首页", en="Home")
RULE = Text(zh="依据的规则", en="The rule")
WAY_OUT = Text(zh="怎么办", en="The way out")
KINDS: dict[type[JialiangError], Text] = {
    Interlock: Text(zh="规则拦住了这项工作", en="A rule stops this work"),
    Conflict: Text(zh="事情的状态已经不同", en="Things stand otherwise by now"),
    NotAllowed: Text(zh="没有权限", en="Not allowed"),
    NotFound: Text(zh="没有找到", en="Not found"),
    TooMany: Text(zh="次数过多", en="Too often"),
    Unavailable: Text(zh="暂时不可用", en="Not available now"),
    InvalidInput: Text(zh="输入有问题", en="The input breaks a rule"),
}


class PageNotFound(NotFound):
    """There is no page at this address, or the thing belongs to another institute."""

    code = "JL-CON-001"


class PageRefused(NotAllowed):
    """The page is not for this person."""

    code = "JL-CON-002"


class FormNotTrusted(NotAllowed):
    """The form did not come from a page of ours, or its page was too old."""

    code = "JL-CON-003"


class UnexpectedFault(JialiangError):
    """Something failed that should not have."""

    code = "JL-CON-004"


class BadAddress(InvalidInput):
    """The request cannot be understood."""

    code = "JL-CON-005"
    http_status = 400


class TooManyAttempts(TooMany):
    """Too many tries at signing in or confirming."""

    code = "JL-CON-006"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a message: a label and a sentence."""

    label: Text
    words: Text


@dataclass(frozen=True, slots=True)
class Way:
    """One thing to do now, with its button."""

    label: Text
    url: str = ""
    verb: Text = HOME_VERB
    detail: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Message:
    """What a message page shows."""

    title: Text
    status: int = HTTPStatus.OK
    code: str = ""
    kind: Text = field(default_factory=Text)
    lead: Text = field(default_factory=Text)
    rows: tuple[Row, ...] = ()
    ways: tuple[Way, ...] = ()
    request_number: str = ""


def message_of(error: JialiangError, *, ways: tuple[Way, ...] = ()) -> Message:
    """Put an error of the house into the order of a message."""
    rows = tuple(Row(name, words) for name, words in ((RULE, error.rule), (WAY_OUT, error.way_out)) if words)
    kind = next((words for cls, words in KINDS.items() if isinstance(error, cls)), Text())
    home = Way(HOME_WAY, reverse("home"))
    number = _request_number()
    return Message(error.what, error.http_status, error.code, kind, Text(), rows, (*ways, home), number)


def show(request: HttpRequest, message: Message) -> HttpResponse:
    """Answer with the message: a page, or where htmx asked a fragment for the place of notices."""
    if request.headers.get("HX-Request"):
        response = render(request, "jialiang/parts/message.html", {"message": message}, status=message.status)
        response["HX-Retarget"] = "#notices"
        response["HX-Reswap"] = "innerHTML show:window:top"
        return response
    return render(request, "jialiang/message.html", {"message": message}, status=message.status)


def error_page(request: HttpRequest, error: JialiangError, *, ways: tuple[Way, ...] = ()) -> HttpResponse:
    """Answer an error of the house with its status, code, rule and way out."""
    message = message_of(error, ways=ways)
    log.info("%s %s %s: %s", message.request_number, request.method, request.path, error)
    return show(request, message)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address behind which there is nothing for this person."""
    return error_page(request, PageNotFound(address=request.path))


def page_refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a refusal that no verb explained."""
    return error_page(request, PageRefused(address=request.path))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that cannot be understood."""
    return error_page(request, BadAddress())


def form_not_trusted(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid token."""
    return error_page(request, FormNotTrusted(), ways=(Way(FORM_PAGE, request.path, FORM_PAGE),))


def too_many_attempts(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer the rate limits of sign-in."""
    return error_page(request, TooManyAttempts())


def unexpected_fault(request: HttpRequest) -> HttpResponse:
    """Answer a fault: it says nothing about its inside; the log has the trace beside the request's number."""
    message = message_of(UnexpectedFault())
    log.error("%s %s %s failed", message.request_number, request.method, request.path)
    return show(request, message)


def _request_number() -> str:
    """Return fourteen letters: 40 bits of milliseconds, so that numbers sort by time, and 30 bits of chance."""
    made = new_id(utc_now()).int
    value, letters = ((made >> 80) & (1 << 40) - 1) << 30 | made & (1 << 30) - 1, ""
    for _ in range(14):
        value, digit = divmod(value, len(CROCKFORD))
        letters = CROCKFORD[digit] + letters
    return letters
