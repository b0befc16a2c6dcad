"""The command ``jialiang``: picks the module of a command, starts Django where it is needed, prints errors."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from types import ModuleType

from jialiang.assembly.arguments import parser
from jialiang.assembly.command_errors import PartMissing
from jialiang.kernel.errors import JialiangError

WITHOUT_DJANGO = {
    "certificate", "credential", "dcc", "dcoc", "demo", "drmd", "dsi", "identifiers_check", "identifiers_label",
    "metrology", "ofd", "resolver", "serve", "uncertainty",
}  # fmt: skip
MODULE_FOR_EACH_DEED = {"identifiers", "node"}  # groups of which some deeds need an installation and others do not
CANNOT = 2


def main(words: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 (holds, done), 1 (does not hold) or 2 (cannot be read, wrong use)."""
    arguments = parser().parse_args(words)
    try:
        status: int = _runner(_module_name(arguments))(arguments)
    except JialiangError as problem:
        print_problem(problem, arguments)
        return CANNOT
    except KeyboardInterrupt:
        return CANNOT
    return status


def _module_name(arguments: argparse.Namespace) -> str:
    """Return the name of the module that runs a command: its own, or that of its deed."""
    command: str = arguments.command
    return f"{command}_{arguments.deed}" if command in MODULE_FOR_EACH_DEED else command


def _runner(command: str) -> Callable[[argparse.Namespace], int]:
    """Return what runs a command; only commands that need an installation import Django."""
    module = f"jialiang.assembly.commands.{command.replace('import', 'import_')}"
    if command in WITHOUT_DJANGO:
        plain: Callable[[argparse.Namespace], int] = _imported(module, command).run
        return plain
    run_with_django = _imported("jialiang.assembly.django_start", command).run_with_django
    return lambda arguments: int(run_with_django(module, arguments))


def _imported(module: str, command: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as problem:
        if (problem.name or "").split(".")[0] == "jialiang":
            raise
        raise PartMissing(command=command, library=problem.name or "") from problem


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
