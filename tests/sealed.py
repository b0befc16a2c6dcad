"""No network: whoever tries to reach an address, or to ask for one by name, fails the test that did it."""

import socket
from collections.abc import Iterator

import pytest

CUT = ("connect", "connect_ex", "sendto", "bind")
ASKED = ("getaddrinfo", "gethostbyname", "create_connection")


class Reached(AssertionError):
    """Somebody tried to reach the network."""


def refused(*_: object, **__: object) -> object:
    """Stand in for everything that leads out of the machine."""
    raise Reached("the network was asked for, and nothing here may")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Block sockets of this process for the length of a test; sockets between its own threads stay."""
    for name in CUT:
        monkeypatch.setattr(socket.socket, name, refused)
    for name in ASKED:
        monkeypatch.setattr(socket, name, refused)
    yield
