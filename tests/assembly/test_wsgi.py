"""The control plane behind the front."""

import io
from typing import Any

import pytest

from jialiang.assembly.wsgi import PART, behind_the_front, taking_bodies_whole


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


class Input(io.BytesIO):
    """A request's body that notes how much of it was read at once at most."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.most = 0

    def read(self, size: int | None = -1) -> bytes:
        part = super().read(size)
        self.most = max(self.most, len(part))
        return part


@pytest.mark.parametrize("taken", [0, 1, 70_000, 200_000])
def test_what_was_left_of_a_body_is_read_before_the_answer(taken: int) -> None:
    body = Input(b"x" * 200_000)

    def application(environ: dict[str, Any], start_response: object) -> list[bytes]:
        environ["wsgi.input"].read(taken)
        body.most = 0
        return [b"refused"]

    assert list(taking_bodies_whole(application)({"wsgi.input": body}, print)) == [b"refused"]
    assert body.tell() == 200_000
    assert body.most <= PART


def test_an_answer_in_pieces_is_handed_on_as_it_is() -> None:
    pieces = iter([b"a", b"b"])
    answer = taking_bodies_whole(lambda environ, start_response: pieces)({"wsgi.input": Input(b"")}, print)
    assert answer is pieces
