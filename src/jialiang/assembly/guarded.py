"""``python -m jialiang.assembly.guarded MODULE ARGUMENT…``: runs a module that ends when its parent ends."""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

LOOK_SECONDS = 0.25
GRACE_SECONDS = 5.0


def end_with_parent() -> None:
    """Ask this process to stop as soon as its parent is gone, and end it if it does not.

    A supervisor that was killed cannot tell its children; without this they would keep the port and the database.
    """
    threading.Thread(target=_watch, args=(os.getppid(),), name="end-with-parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def main() -> None:
    """Run the module named first on the command line as ``__main__``."""
    end_with_parent()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
