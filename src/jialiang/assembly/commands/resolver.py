"""``jialiang resolver serve``: a read replica of the data plane, for a machine of its own."""

from __future__ import annotations

import argparse
import logging
import sys
from dataclasses import replace

from jialiang.assembly.cli import language
from jialiang.assembly.native import DEFAULT_PORT
from jialiang.assembly.serving import serve_replica
from jialiang.assembly.settings import current_settings
from jialiang.assembly.socket_addresses import host_and_port
from jialiang.kernel.settings import Settings

HTTP_PORT = 8000


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT. Returns 0. Without an address both are served where the settings say."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    words = "解析服务已就绪：{}" if language(arguments) == "zh" else "Resolving on {}"
    settings = asked_settings(current_settings(), arguments.http, arguments.native)
    http = bool(arguments.http or not arguments.native)
    serve_replica(settings, http=http, ready=lambda address: _say(words.format(address)))
    return 0


def asked_settings(settings: Settings, http: str | None, native: str | None) -> Settings:
    """Return the settings with the addresses asked for. Raises ``BadSocketAddress``."""
    if http:
        host, port = host_and_port(http, HTTP_PORT)
        settings = replace(settings, host=host, port=port)
    if native:
        host, port = host_and_port(native, DEFAULT_PORT)
        settings = replace(settings, native_hosts=(host,), native_port=port)
    elif http:
        settings = replace(settings, native_port=0)
    return settings


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
