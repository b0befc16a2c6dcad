"""The control plane behind the front."""

from typing import Any

from jialiang.assembly.wsgi import behind_the_front


def seen_by_django(**environ: Any) -> dict[str, Any]:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: object) -> list[bytes]:
        seen.update(environ)
        return []

    behind_the_front(application)({"REMOTE_ADDR": "", "wsgi.url_scheme": "http", **environ}, print)
    return seen


def test_django_sees_the_clients_address_and_scheme() -> None:
    seen = seen_by_django(
        HTTP_X_FORWARDED_FOR="203.0.113.9", HTTP_X_FORWARDED_PROTO="https", HTTP_X_FORWARDED_HOST="x"
    )
    assert seen == {"REMOTE_ADDR": "203.0.113.9", "wsgi.url_scheme": "https"}


def test_a_request_from_this_machine_has_its_address() -> None:
    assert seen_by_django() == {"REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http"}
