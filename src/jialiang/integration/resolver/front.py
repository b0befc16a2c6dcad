"""The front: one RSGI application that answers the public itself and hands everything else over."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from jialiang.formats.handle.count_log import Counted
from jialiang.formats.public_keys import Form, unknown_key
from jialiang.integration.resolver.addresses import PAGE, Question, chosen_language, prefers_json, question
from jialiang.integration.resolver.answers import Answer, Answers, Headers
from jialiang.integration.resolver.clients import Address, TrustedProxies, household, parsed_peer
from jialiang.integration.resolver.control_plane import ControlPlaneDown
from jialiang.integration.resolver.counting import Counts
from jialiang.integration.resolver.handed_headers import Origin
from jialiang.integration.resolver.handle_reads import HANDLES, OPEN
from jialiang.integration.resolver.handover import ClientGone, Handover, HttpProtocol, Scope
from jialiang.integration.resolver.identifiers import Identifiers
from jialiang.integration.resolver.misses import MissLimit
from jialiang.integration.resolver.problems import SAFE_HEADERS, AnswerUnknown, problem
from jialiang.integration.resolver.reader import AnswersUnavailable
from jialiang.kernel.errors import JialiangError

log = logging.getLogger(__name__)

HEALTH = "/healthz"
COUNT_SECONDS = 1.0
READING = frozenset({"GET", "HEAD"})
CHECKS = {
    (outcome, carrier): Counted("authenticity", outcome, carrier)
    for outcome in ("found", "not_found")
    for carrier in ("qr", "none")
}
"""What a check of a certificate is counted as; the address that begins with ``/c/`` is the one in the symbol."""


class Front:
    """Answers questions out of ``answers``; without a ``handover`` everything else is not found here."""

    def __init__(
        self,
        answers: Answers,
        misses: MissLimit,
        proxies: TrustedProxies,
        handover: Handover | None,
        identifiers: Identifiers | None = None,
        *,
        counts: Counts | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._answers = answers
        self._misses = misses
        self._proxies = proxies
        self._handover = handover
        self._identifiers = identifiers
        self._counts = counts
        self._clock = clock
        self._second = -1
        self._moment = b""

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin writing down the counts; the server calls it once its event loop is there."""
        self._write_counts(loop)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the log of counts in order; the server calls it when it stops."""
        if self._counts is not None:
            self._counts.close()

    def _write_counts(self, loop: asyncio.AbstractEventLoop) -> None:
        # In the event loop, where counting happens too: a thread of its own could lose a count in between.
        if self._counts is None:
            return
        try:
            self._counts.write_down()
        except OSError as problem:
            log.warning("counts stay in memory: %s", problem)
        loop.call_later(COUNT_SECONDS, self._write_counts, loop)

    async def __call__(self, scope: Scope, protocol: HttpProtocol) -> None:
        """Answer one request, whatever happens."""
        path, identifiers = scope.path, self._identifiers
        if identifiers is not None and path.startswith(HANDLES):
            if not identifiers.answered_at_once(path, scope, protocol):
                await self._identifier(identifiers, path, scope, protocol)
            return
        asked = question(path, scope.query_string) if scope.method in READING else None
        if asked is None:
            if identifiers is not None and identifiers.takes(path):
                await self._identifier(identifiers, path, scope, protocol)
            else:
                await self._other(scope, protocol)
            return
        form = _form(asked, scope)
        now = self._clock()
        answer = self._answers.at_hand(asked.key(form), now)
        if answer is not None:
            protocol.response_bytes(200, answer.headers, answer.body_at(self._moment_of(now)))
            self._count_check("found", path)
            return
        try:
            await self._look_up(asked.key(form), form, scope, protocol)
        except JialiangError as error:
            self._refuse(error, protocol, form)

    async def _identifier(
        self, identifiers: Identifiers, path: str, scope: Scope, protocol: HttpProtocol
    ) -> None:
        try:
            answered = await identifiers.answered(path, scope, protocol)
        except JialiangError as error:
            self._refuse(error, protocol, "json" if path.startswith(HANDLES) else _page_form(scope), [OPEN])
            return
        if answered:
            return
        try:
            await self._other(scope, protocol)
        finally:
            if scope.method not in READING:
                identifiers.written()

    async def _look_up(self, key: str, form: Form, scope: Scope, protocol: HttpProtocol) -> None:
        now = self._clock()
        if self._answers.holds(key):
            answer = await self._answers.find(key, now)
        else:
            asker = household(self._client(scope))
            self._misses.admit(asker)
            answer = await self._answers.find(key, now)
            if answer is None:
                self._misses.charge(asker)
        status = 200
        if answer is None:
            status = 404
            answer = await self._unknown(form, now)
        protocol.response_bytes(status, answer.headers, answer.body_at(self._moment_of(now)))
        self._count_check("found" if status == 200 else "not_found", scope.path)

    def _count_check(self, outcome: str, path: str) -> None:
        if self._counts is not None:
            self._counts.count(CHECKS[outcome, "qr" if path.startswith(PAGE) else "none"])

    async def _unknown(self, form: Form, now: float) -> Answer:
        answer = await self._answers.find(unknown_key(form), now)
        if answer is None:
            raise AnswerUnknown()
        return answer

    async def _other(self, scope: Scope, protocol: HttpProtocol) -> None:
        if scope.path == HEALTH and scope.method in READING:
            await self._health(protocol)
            return
        try:
            if self._handover is None:
                raise ControlPlaneDown(reason="no control plane is set")
            await self._handover(scope, protocol, self._origin(scope))
        except JialiangError as error:
            form: Form = "json" if scope.path.startswith("/api/") else _page_form(scope)
            self._refuse(error, protocol, form)
        except ClientGone:
            log.info("a client broke off: %s", scope.method)

    async def _health(self, protocol: HttpProtocol) -> None:
        state, status = "ready", 200
        try:
            await self._answers.find(unknown_key("json"), self._clock())
        except AnswersUnavailable as error:
            state, status = "answers unavailable", 503
            log.warning("not ready: %s", error.facts.get("reason"))
        body = json.dumps(
            {"status": state, "code": "" if status == 200 else AnswersUnavailable.code}
        ).encode()
        protocol.response_bytes(status, [*SAFE_HEADERS, ("content-type", "application/json")], body)

    def _refuse(self, error: JialiangError, protocol: HttpProtocol, form: Form, more: Headers | None = None) -> None:
        if error.http_status >= 500:
            log.warning("%s: %s", error.code, error.facts.get("reason", ""))
        language = "en" if form == "en" else "zh"
        status, headers, body = problem(error, as_json=form == "json", language=language)
        protocol.response_bytes(status, [*headers, *(more or [])], body)

    def _origin(self, scope: Scope) -> Origin:
        scheme, by_proxy = scope.scheme, self._proxies.trust(parsed_peer(scope.client))
        if by_proxy:
            named = scope.headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
            scheme = named if named in {"http", "https"} else scheme
        host = scope.headers.get("host", "") or getattr(scope, "authority", None) or "localhost"
        return Origin(str(self._client(scope)), scheme, host, by_proxy)

    def _client(self, scope: Scope) -> Address:
        return self._proxies.client(parsed_peer(scope.client), scope.headers.get("x-forwarded-for", ""))

    def _moment_of(self, now: float) -> bytes:
        second = int(now)
        if second != self._second:
            self._second = second
            self._moment = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        return self._moment


def _form(asked: Question, scope: Scope) -> Form:
    if asked.json_only:
        return "json"
    headers = scope.headers
    if prefers_json(headers.get("accept", "")):
        return "json"
    if asked.language in {"zh", "en"}:
        return "en" if asked.language == "en" else "zh"
    return _language(scope)


def _page_form(scope: Scope) -> Form:
    return "json" if prefers_json(scope.headers.get("accept", "")) else _language(scope)


def _language(scope: Scope) -> Form:
    headers = scope.headers
    chosen = chosen_language(headers.get("cookie", ""), headers.get("accept-language", ""))
    return "en" if chosen == "en" else "zh"
