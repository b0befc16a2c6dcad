"""``jialiang serve``: one command, one address, and behind it the front, the control plane and the worker.

                      ┌ front    granian RSGI, never Django      answers the public from ready bytes
    serve (this) ─────┼ native   asyncio, TCP and UDP, no Django  the same answers in the native Handle protocol
                      ├ control  granian WSGI on a Unix socket   Django: console, API, forms
                      └ worker   leases jobs from the database   signs, renders, publishes

A front alone on another machine reads a replica of the database and hands everything else over to
``JIALIANG_CONTROL_PLANE``, the address of the installation, which in turn names that machine a trusted proxy.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from types import FrameType

from jialiang.assembly.front import BadServerSetting, control_plane_address, trusted_proxies
from jialiang.assembly.native import native_hosts, own_site, parent_address
from jialiang.assembly.run_files import control_socket, prepare
from jialiang.assembly.supervision import Program, Supervisor
from jialiang.integration.resolver.native_server import bound_pair
from jialiang.kernel.errors import Conflict, Unavailable
from jialiang.kernel.settings import Settings

SERVERS = "jialiang.assembly.servers"
NATIVE = "jialiang.assembly.native"
FRONT = "jialiang.assembly.front:application"
REPLICA = "jialiang.assembly.front:replica"
CONTROL = "jialiang.assembly.wsgi:served"
WORKER = ("jialiang.assembly.cli", "worker")
WORKER_NICENESS = 10  # typesetting must not make strangers wait for an answer
READY_SECONDS = 60.0


class AddressInUse(Conflict):
    """The address cannot be listened on."""

    code = "JL-SRV-007"


class NotReady(Unavailable):
    """The processes started, but nothing answered."""

    code = "JL-SRV-008"


def serve(
    settings: Settings,
    *,
    front_only: bool = False,
    worker: Sequence[str] = WORKER,
    control: str = CONTROL,
    ready: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve until SIGTERM or SIGINT; call ``ready`` with the address once it answers. Runs in the main thread.

    ``worker`` is a module with its arguments, empty for none; ``control`` names the factory of the WSGI application.
    Raises :class:`AddressInUse`, :class:`NotReady` and
    :class:`~jialiang.assembly.front.BadServerSetting`.
    """
    if front_only and not settings.control_plane:
        raise BadServerSetting(name="CONTROL_PLANE", found="''")
    trusted_proxies(settings)
    control_plane_address(settings)
    check_address(settings)
    check_native(settings)
    if not front_only:
        prepare(control_socket(settings))
    running = front_programs(settings) if front_only else programs(settings, worker=worker, control=control)
    _supervise(running, settings, _Readiness(settings, not front_only, ready))


def serve_replica(
    settings: Settings, *, http: bool, ready: Callable[[str], None] = lambda address: None
) -> None:
    """Serve what is published and nothing else until a signal ends it: HTTP where it is wished, and natively.

    Port 0 of the native protocol leaves it out. Raises :class:`AddressInUse` and :class:`NotReady`.
    """
    running = []
    if http:
        check_address(settings)
        running.append(Program("front", SERVERS, ("front", REPLICA)))
    check_native(settings)
    if settings.native_port:
        running.append(Program("native", NATIVE, ("replica",)))
    _supervise(running, settings, _Readiness(_told_of(settings, http=http), with_control=False, ready=ready))


def _told_of(settings: Settings, *, http: bool) -> Settings:
    """Return the settings with the address that is looked at until it answers, and told, as that of the front."""
    if http:
        return replace(settings, public_url=f"http://{settings.host}:{settings.port}")
    host, port = native_hosts(settings)[0], settings.native_port
    return replace(settings, host=host, port=port, public_url=f"{host}:{port}")


def _supervise(running: list[Program], settings: Settings, each_time: Callable[[], None]) -> None:
    supervisor = Supervisor(running, environment(settings))
    stop = _StopSignal()
    with stop:
        supervisor.run(lambda: stop.given, each_time)


def front_programs(settings: Settings) -> list[Program]:
    """Return what runs on a machine that is a front alone."""
    running = [Program("front", SERVERS, ("front", FRONT))]
    if settings.native_port:
        running.append(Program("native", NATIVE))
    return running


def programs(settings: Settings, *, worker: Sequence[str] = WORKER, control: str = CONTROL) -> list[Program]:
    """Return everything of an installation; a control plane at another address is not started here."""
    running = front_programs(settings)
    if not settings.control_plane:
        running.append(Program("control", SERVERS, ("control", control)))
    if worker:
        running.append(Program("worker", worker[0], tuple(worker[1:]), WORKER_NICENESS))
    return running


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment that makes a process read exactly ``settings`` again."""
    others = {name: text for name, text in os.environ.items() if not name.startswith("JIALIANG_")}
    return others | {
        f"JIALIANG_{field.name.upper()}": _written(getattr(settings, field.name))
        for field in fields(settings)
        if getattr(settings, field.name) is not None
    }


def _written(setting: object) -> str:
    if isinstance(setting, bool):
        return "1" if setting else "0"
    return ",".join(setting) if isinstance(setting, tuple) else str(setting)


def check_address(settings: Settings) -> None:
    """Try whether the address is free. Raises :class:`AddressInUse`.

    granian shares a port with any other process that shares it; two installations would take turns answering.
    """
    try:
        family, kind, *_, target = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(target)
            trial.listen(1)
    except OSError as problem:
        reason = "EADDRINUSE" if problem.errno == errno.EADDRINUSE else (problem.strerror or str(problem))
        raise AddressInUse(address=f"{settings.host}:{settings.port}", reason=reason) from problem


def check_native(settings: Settings) -> None:
    """Try whether the port of the native protocol is free. Raises :class:`AddressInUse` and BadServerSetting."""
    own_site(settings)
    parent_address(settings)
    if not settings.native_port:
        return
    for host in native_hosts(settings):
        try:
            for made in bound_pair(host, settings.native_port):
                made.close()
        except OSError as problem:
            reason = "EADDRINUSE" if problem.errno == errno.EADDRINUSE else (problem.strerror or str(problem))
            raise AddressInUse(address=f"{host}:{settings.native_port}", reason=reason) from problem


class _StopSignal:
    """Notes SIGTERM and SIGINT while it is entered."""

    given = False

    def __enter__(self) -> None:
        self._before = {
            number: signal.signal(number, self._note) for number in (signal.SIGTERM, signal.SIGINT)
        }

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.given = True


class _Readiness:
    """Looks until the address (and the control plane's socket) takes connections, then tells it once."""

    def __init__(self, settings: Settings, with_control: bool, ready: Callable[[str], None]) -> None:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 compared
        self._address = (host, settings.port)
        self._socket = str(control_socket(settings)) if with_control and not settings.control_plane else ""
        self._url = settings.public_url
        self._ready = ready
        self._told = False
        self._deadline = time.monotonic() + READY_SECONDS

    def __call__(self) -> None:
        if self._told:
            return
        missing = self._missing()
        if not missing:
            self._told = True
            self._ready(self._url)
        elif time.monotonic() > self._deadline:
            raise NotReady(seconds=int(READY_SECONDS), reason=missing)

    def _missing(self) -> str:
        try:
            socket.create_connection(self._address, timeout=1).close()
        except OSError as problem:
            return f"front: {problem}"
        if self._socket:
            with socket.socket(socket.AF_UNIX) as trial:
                try:
                    trial.connect(self._socket)
                except OSError as problem:
                    return f"control plane: {problem}"
        return ""
