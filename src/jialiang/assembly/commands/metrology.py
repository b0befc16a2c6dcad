"""``jialiang metrology TOPIC FILE|-``: one calculation of measurement science, JSON in and JSON out."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from jialiang.assembly.command_errors import FileUnreadable
from jialiang.science.topics.reading import MAX_BYTES, read_object
from jialiang.science.topics.registry import evaluate_topic

DONE = 0


def run(arguments: argparse.Namespace) -> int:
    """Evaluate one topic. Returns 0 when it was evaluated, whatever it says."""
    answer = evaluate_topic(arguments.topic, read_object(_input(arguments.file)))
    if arguments.json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        sys.stdout.write("".join(f"{name}: {_shown(value)}\n" for name, value in answer.items()))
    return DONE


def _input(file: str) -> bytes:
    try:
        if file == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with open(file, "rb") as source:  # noqa: PTH123 /dev/stdin and pipes are files too
            return source.read(MAX_BYTES + 1)
    except OSError as problem:
        raise FileUnreadable(file=file, reason=problem.strerror or str(problem)) from problem


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
