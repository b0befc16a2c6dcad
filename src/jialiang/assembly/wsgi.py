"""The control plane as a WSGI application. It listens on the front's Unix socket and nowhere else.

Therefore the forwarded address and scheme may be believed: the front writes them itself and drops what clients sent.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from jialiang.assembly.guarded import end_with_parent

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
PART = 64 * 1024
WsgiApplication = Callable[[Environ, StartResponse], Iterable[bytes]]


def behind_the_front(application: WsgiApplication) -> WsgiApplication:
    """Give ``application`` the client's address and scheme where a directly connected server would have put them."""

    def forwarded(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = environ.pop("HTTP_X_FORWARDED_FOR", "127.0.0.1")
        environ["wsgi.url_scheme"] = environ.pop("HTTP_X_FORWARDED_PROTO", "http")
        environ.pop("HTTP_X_FORWARDED_HOST", None)
        return application(environ, start_response)

    return forwarded


def taking_bodies_whole(application: WsgiApplication) -> WsgiApplication:
    """Read what ``application`` left of a request's body before it is answered.

    A server that answers with a body unread closes the connection, and the answer is lost to who still sends.
    """

    def whole(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answer = application(environ, start_response)
        while environ["wsgi.input"].read(PART):
            continue
        return answer

    return whole


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jialiang.assembly.django_settings")
application = behind_the_front(taking_bodies_whole(get_wsgi_application()))


def served() -> WsgiApplication:
    """Return the application to granian's worker process, which shall end with its parent."""
    end_with_parent()
    return application
