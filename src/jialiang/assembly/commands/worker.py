"""``jialiang worker``: until it is told to stop, or once."""

from __future__ import annotations

import argparse
import json
import logging
import signal
import sys
import threading

from jialiang.assembly.duties import worker


def run(arguments: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT; with ``--once`` until nothing is due. Returns 0."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    busy = worker()
    if arguments.once:
        turns = busy.drain()
        sys.stdout.write((json.dumps({"turns": turns}) if arguments.json else f"{turns}") + "\n")
        return 0
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    busy.run(stop.is_set, stop.wait)
    return 0
