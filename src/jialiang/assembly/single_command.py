"""What every command of the command line has: its words, ``--json``, ``--lang`` and the meaning of its exit status."""

from __future__ import annotations

import argparse
from typing import TypeAlias

EXIT_CODES = "exit status: 0 it holds or is done, 1 it does not hold, 2 cannot be read or wrong use"
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add(commands: Commands, name: str, words: str) -> argparse.ArgumentParser:
    """Add a command with its words and the options that all have."""
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=words, description=words, epilog=EXIT_CODES
    )
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.add_argument("--lang", choices=("zh", "en"), help="language of the text (default: from LANG)")
    return command
