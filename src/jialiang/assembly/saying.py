"""What commands print: one JSON document, or lines in the language asked for."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Any

from jialiang.assembly.cli import language
from jialiang.kernel.text import Text


def say(arguments: argparse.Namespace, document: dict[str, Any], lines: Iterable[Text]) -> None:
    """Print ``document`` with ``--json``, else the lines."""
    if arguments.json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
        return
    chosen = language(arguments)
    sys.stdout.writelines(line.in_language(chosen) + "\n" for line in lines)


def counted(rows: dict[str, int]) -> Text:
    """Return one line on how many rows of how many tables."""
    total, tables = sum(rows.values()), sum(1 for count in rows.values() if count)
    return Text(f"{tables} 张表，{total} 行", f"{total} rows of {tables} tables")
