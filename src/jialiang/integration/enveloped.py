"""Doors that answer every request in an envelope of their own: the method, the body, the token, and every error.

What differs from door to door stands in an :class:`Envelope`; who asks and what is open to strangers is the door's.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

from jialiang.integration.api.reading_json import require_texts
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text

BEARER = "bearer"
View = TypeVar("View")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A door's own words: its error for a bad request (facts ``place``, ``rule``), its answers, and where it logs."""

    bad_request: type[JialiangError]
    refusal: Callable[[JialiangError], HttpResponse]
    fault: Callable[[], HttpResponse]
    log: logging.Logger

    def guarded(self, request: HttpRequest, view: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
        """Answer by ``view``, with every error in the envelope."""
        try:
            return view(request)
        except JialiangError as error:
            return self.refusal(error)
        except Exception:  # noqa: BLE001 a client of such a door can read nothing but the envelope
            self.log.exception("%s %s failed", request.method, request.path)
            return self.fault()

    def body(self, request: HttpRequest) -> Any:
        """Return the JSON of a body, None of an empty one. Raises the door's bad request."""
        if not request.body:
            return None
        try:
            body = json.loads(request.body.decode())
            require_texts(body)
        except (ValueError, RecursionError) as problem:
            rule = Text(f"不是可读的 JSON（{problem}）", f"no JSON that can be read ({problem})")
            raise self.bad_request(place="body", rule=rule) from problem
        return body

    def view_of(self, views: Mapping[str, View], request: HttpRequest) -> View:
        """Return the view of the request's method. Raises the door's bad request, which names those there are."""
        view = views.get(request.method or "")
        if view is None:
            rule = Text(f"此地址只接受 {'、'.join(views)}", f"only {', '.join(views)} here")
            raise self.bad_request(place=str(request.method), rule=rule)
        return view


def bearer_token(request: HttpRequest) -> str | None:
    """Return the token of a request, which may be empty; None where it carries none of the kind ``Bearer``."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == BEARER else None
