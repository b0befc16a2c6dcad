"""Where the processes of one installation meet on this machine."""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from jialiang.kernel.settings import Settings

LONGEST_SOCKET_PATH = 100  # sockaddr_un holds 108 bytes on Linux, 104 elsewhere


def control_socket(settings: Settings) -> Path:
    """Return the path of the control plane's Unix socket, the same in every process of the installation.

    It lies in the data folder; where that path is too long for a socket, in a folder of this user below ``/tmp``.
    """
    wanted = settings.data_dir.resolve() / "run" / "control-plane.sock"
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_PATH:
        return wanted
    name = sha256(os.fsencode(wanted)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"jialiang-{os.getuid()}-{name}" / "control-plane.sock"


def prepare(socket: Path) -> None:
    """Make the socket's folder, for this user alone, and clear a socket that a dead process left.

    Raises PermissionError when another user owns the folder.
    """
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if socket.parent.stat().st_uid != os.getuid():
        raise PermissionError(f"{socket.parent} belongs to another user")
    socket.parent.chmod(0o700)
    socket.unlink(missing_ok=True)
