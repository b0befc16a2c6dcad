"""The command ``jialiang``: picks the module of a command, starts Django where it is needed, prints errors."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Sequence

import django
from django.db import DatabaseError

from jialiang.assembly.archive_errors import DatabaseNotReady
from jialiang.assembly.arguments import parser
from jialiang.assembly.settings import current_settings
from jialiang.kernel.errors import JialiangError

MODULES = "jialiang.assembly.commands.{}"
WITHOUT_DJANGO = {"certificate", "demo", "serve"}
CANNOT = 2


def main(words: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 (holds, done), 1 (does not hold) or 2 (cannot be read, wrong use)."""
    arguments = parser().parse_args(words)
    try:
        if arguments.command not in WITHOUT_DJANGO:
            start_django()
        command = importlib.import_module(
            f"jialiang.assembly.commands.{arguments.command.replace('import', 'import_')}"
        )
        status: int = command.run(arguments)
    except JialiangError as problem:
        print_problem(problem, arguments)
        return CANNOT
    except DatabaseError as problem:
        print_problem(DatabaseNotReady(reason=str(problem).strip().split("\n")[0]), arguments)
        return CANNOT
    except KeyboardInterrupt:
        return CANNOT
    return status


def start_django() -> None:
    """Check the settings and load the apps."""
    current_settings()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jialiang.assembly.django_settings")
    django.setup()


def print_problem(problem: JialiangError, arguments: argparse.Namespace) -> None:
    """Print what, which rule and the way out, in the language asked for."""
    if getattr(arguments, "json", False):
        sys.stdout.write(json.dumps({"error": problem.to_json()}, ensure_ascii=False) + "\n")
        return
    chosen = language(arguments)
    lines = (f"{problem.code}  {problem.what.in_language(chosen)}", problem.rule.in_language(chosen))
    way_out = problem.way_out.in_language(chosen)
    sys.stderr.write("\n  ".join((*lines, way_out)).rstrip() + "\n")


def language(arguments: argparse.Namespace) -> str:
    """Return ``zh`` or ``en``: what was asked for, else what LANG says."""
    named: str | None = getattr(arguments, "lang", None)
    return named or ("zh" if os.environ.get("LANG", "").lower().startswith("zh") else "en")


if __name__ == "__main__":
    sys.exit(main())
