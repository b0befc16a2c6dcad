"""``python -m jialiang.assembly.servers front|control TARGET``: one granian server with its processes."""

from __future__ import annotations

import resource
import sys

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from jialiang.assembly.run_files import control_socket, prepare
from jialiang.assembly.settings import current_settings
from jialiang.kernel.settings import Settings

GRACE_SECONDS = 5
WAITING_CONNECTIONS = 4096  # Linux cuts it to its net.core.somaxconn
OTHER_FILES = 256  # what a process of the front opens besides its connections
RESPAWN_SECONDS = 0.5
CONTROL_THREADS = (
    4  # Django holds the interpreter lock for most of a request; the rest waits for the database
)


def front_server(settings: Settings, target: str) -> MPServer:
    """Return the server of the public address: RSGI, HTTP/1 (what proxies speak), one event loop a process."""
    return MPServer(
        target,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        workers=settings.front_processes,
        http=HTTPModes.http1,
        websockets=False,
        backlog=WAITING_CONNECTIONS,
        backpressure=settings.front_connections,
        factory=True,
        respawn_failed_workers=True,
        respawn_interval=RESPAWN_SECONDS,
        workers_kill_timeout=GRACE_SECONDS,
        log_level=LogLevels.warning,
    )


def control_server(settings: Settings, target: str) -> MPServer:
    """Return the server of the control plane: WSGI on a Unix socket that only this user may open."""
    socket = control_socket(settings)
    prepare(socket)
    return MPServer(
        target,
        uds=socket,
        uds_permissions=0o600,
        interface=Interfaces.WSGI,
        workers=settings.web_processes,
        blocking_threads=CONTROL_THREADS,
        http=HTTPModes.http1,
        websockets=False,
        factory=True,
        respawn_failed_workers=True,
        respawn_interval=RESPAWN_SECONDS,
        workers_kill_timeout=GRACE_SECONDS,
        log_level=LogLevels.warning,
    )


def allow_files(wanted: int) -> int:
    """Raise this process's limit of open files to ``wanted`` as far as the system lets it; return what it is now."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    may = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    if now != resource.RLIM_INFINITY and now < may:
        resource.setrlimit(resource.RLIMIT_NOFILE, (may, most))
        return may
    return now


def main(arguments: list[str]) -> None:
    """Serve until a signal ends it: the kind of server and the factory of the application (``module:name``)."""
    kind, target = arguments
    settings = current_settings()
    if kind == "front":
        allow_files(settings.front_connections + OTHER_FILES)
    make = {"front": front_server, "control": control_server}[kind]
    make(settings, target).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
