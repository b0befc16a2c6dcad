"""``jialiang serve``: console, interface and public checker on one address."""

from __future__ import annotations

import argparse
import logging
import sys

from jialiang.assembly.cli import language
from jialiang.assembly.serving import serve
from jialiang.assembly.settings import current_settings


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT. Returns 0."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    words = "服务已就绪：{}" if language(arguments) == "zh" else "Serving on {}"
    serve(
        current_settings(),
        front_only=arguments.front_only,
        ready=lambda address: _say(words.format(address)),
    )
    return 0


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
