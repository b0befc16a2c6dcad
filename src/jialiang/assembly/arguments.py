"""The words of the command line, in one place: a documented public interface."""

from __future__ import annotations

import argparse
from pathlib import Path

from jialiang import __version__
from jialiang.assembly.conformity_arguments import add_conformity_commands
from jialiang.assembly.document_arguments import add_document_commands
from jialiang.assembly.identifier_arguments import add_identifier_commands
from jialiang.assembly.node_arguments import add_node_commands
from jialiang.assembly.single_command import EXIT_CODES, Commands
from jialiang.assembly.single_command import add as _add
from jialiang.formats.budget_exchange.notations import NOTATIONS


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    top = argparse.ArgumentParser(
        prog="jialiang", description="Jialiang 嘉量, the open metrology cloud", epilog=EXIT_CODES
    )
    top.add_argument("--version", action="version", version=f"jialiang {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _installation(commands)
    _processes(commands)
    _moving(commands)
    _certificate(commands)
    _uncertainty(commands)
    _science(commands)
    add_document_commands(commands)
    add_conformity_commands(commands)
    add_identifier_commands(commands)
    add_node_commands(commands)
    return top


def _installation(commands: Commands) -> None:
    init = _add(commands, "init", "create tables, keys and the first institute of an installation")
    init.add_argument(
        "--institute-zh", required=True, metavar="NAME", help="name of the institute in Chinese"
    )
    init.add_argument("--institute-en", default="", metavar="NAME", help="name of the institute in English")
    init.add_argument("--credit-code", required=True, metavar="CODE", help="its unified social credit code")
    init.add_argument(
        "--short-code", required=True, metavar="CODE", help="what its certificate numbers begin with"
    )
    init.add_argument(
        "--slug", metavar="NAME", help="short name of the tenant (default: made from the short code)"
    )
    init.add_argument("--time-zone", default="Asia/Shanghai", metavar="ZONE", help="IANA time zone")
    init.add_argument(
        "--admin", default="admin", metavar="LOGIN", help="sign-in name of the first administrator"
    )
    init.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        help="file whose first line is the password (default: asked for)",
    )
    _token(commands)
    check = _add(commands, "check", "tell what is wrong with this installation and how to mend it")
    check.add_argument("--quick", action="store_true", help="leave out the digests of all stored files")
    upgrade = _add(commands, "upgrade", "bring the tables to this version, after a backup")
    upgrade.add_argument("--no-backup", action="store_true", help="do not make a backup first")


def _token(commands: Commands) -> None:
    group = commands.add_parser("token", help="give a person an API token, the first one for instance")
    deeds = group.add_subparsers(dest="deed", required=True, metavar="DEED")
    create = _add(deeds, "create", "make an API token for a person and print it once")
    create.add_argument("--tenant", required=True, metavar="NAME", help="short name of the tenant")
    create.add_argument("--person", required=True, metavar="LOGIN", help="sign-in name of the person")
    create.add_argument("--name", required=True, metavar="WHERE", help="where it is used, at most 60 letters")
    create.add_argument("--days", type=int, default=90, metavar="N", help="how long it lasts (default: 90)")
    create.add_argument(
        "--role",
        action="append",
        default=[],
        metavar="ROLE",
        help="narrow it to this role; may be repeated (default: all that the person holds)",
    )


def _processes(commands: Commands) -> None:
    serve = _add(commands, "serve", "serve console, interface and public checker on one address")
    serve.add_argument(
        "--front-only", action="store_true", help="only the public front, on a machine of its own"
    )
    _resolver(commands)
    worker = _add(commands, "worker", "finish certificates, deliver events, keep the timetable")
    worker.add_argument("--once", action="store_true", help="work until nothing is due, then exit")
    demo = _add(commands, "demo", "run the main job on fresh embedded data and serve it")
    demo.add_argument("--once", action="store_true", help="exit instead of serving")
    demo.add_argument(
        "--out", type=Path, default=Path("build/demo"), metavar="DIR", help="where the files go"
    )


def _resolver(commands: Commands) -> None:
    group = commands.add_parser("resolver", help="resolve identifiers on a machine of its own")
    deeds = group.add_subparsers(dest="deed", required=True, metavar="DEED")
    serve = _add(deeds, "serve", "serve what is published and nothing else, from a replica of the database")
    serve.add_argument(
        "--http", metavar="HOST:PORT", help="address of HTTP; named alone, the native protocol is left out"
    )
    serve.add_argument(
        "--native", metavar="HOST:PORT", help="address of the native Handle protocol; named alone, HTTP is left out"
    )


def _moving(commands: Commands) -> None:
    export = _add(commands, "export", "write a whole tenant as files")
    export.add_argument("tenant", help="short name of the tenant")
    export.add_argument("archive", type=Path, help="the archive to write (.tar.gz)")
    export.add_argument(
        "--with-keys",
        action="store_true",
        help="add the encrypted signing keys, second factors and API tokens, which are left out otherwise",
    )
    import_ = _add(commands, "import", "read a tenant that export wrote, into this version of the program")
    import_.add_argument("archive", type=Path, help="the archive to read")
    import_.add_argument("--dry-run", action="store_true", help="read and check everything, write nothing")
    backup = _add(commands, "backup", "write database, files and keys into one archive")
    backup.add_argument("archive", type=Path, help="the archive to write (.tar.gz)")
    restore = _add(commands, "restore", "put an archive of backup back into an empty installation")
    restore.add_argument("archive", type=Path, help="the archive to read")


def _certificate(commands: Commands) -> None:
    group = commands.add_parser(
        "certificate", help="verify or show a certificate file, without an installation"
    )
    deeds = group.add_subparsers(dest="deed", required=True, metavar="DEED")
    verify = _add(deeds, "verify", "say whether a certificate file is genuine")
    verify.add_argument("file", type=Path, help="the XML or PDF")
    verify.add_argument(
        "--trust",
        type=Path,
        action="append",
        default=[],
        metavar="CA.pem",
        help="a root to trust; may be repeated",
    )
    verify.add_argument("--at", metavar="TIME", help="the moment to judge at, ISO 8601 (default: now)")
    verify.add_argument(
        "--status",
        metavar="URL",
        help="ask this installation for the status in the register and for its revocation list",
    )
    show = _add(deeds, "show", "print what a certificate file says")
    show.add_argument("file", type=Path, help="the XML or PDF")


def _uncertainty(commands: Commands) -> None:
    group = commands.add_parser("uncertainty", help="evaluate an uncertainty budget, without an installation")
    deeds = group.add_subparsers(dest="deed", required=True, metavar="DEED")
    evaluate = _add(deeds, "evaluate", "evaluate a budget document (JSON)")
    evaluate.add_argument("file", help="the document; - reads standard input")
    evaluate.add_argument(
        "--method",
        choices=("lpu", "lpu2", "mc"),
        help="law of propagation of first or second order, or Monte Carlo (default: what the document says, else lpu)",
    )
    evaluate.add_argument(
        "--draws",
        metavar="N",
        help="number of draws, or adaptive (default: what the document says, else adaptive)",
    )
    evaluate.add_argument("--seed", type=int, metavar="N", help="seed of the draws (default: 1)")
    evaluate.add_argument(
        "--probability", type=float, metavar="P", help="coverage probability (default: 0.95)"
    )
    evaluate.add_argument(
        "--digits", type=int, choices=(1, 2), help="digits of u that draws and validation keep"
    )
    convert = _add(deeds, "convert", "convert a budget: JSON, Excel, GTC archive, result of a DCC")
    convert.add_argument("file", help="the budget; - reads standard input")
    convert.add_argument("--to", required=True, choices=NOTATIONS, help="notation to write")
    convert.add_argument(
        "--from",
        dest="notation",
        choices=NOTATIONS,
        help="notation of the file (default: told from its content)",
    )
    convert.add_argument("--out", type=Path, metavar="FILE", help="where to (default: standard output)")
    taken = _add(deeds, "input", "take one value of a certificate (DCC) as an input")
    taken.add_argument("file", help="the XML; - reads standard input")
    taken.add_argument(
        "--quantity", required=True, metavar="REF", help="id, refType or path; REF#3 is the third of a list"
    )
    taken.add_argument("--name", required=True, metavar="NAME", help="symbol of the input in the model")


def _science(commands: Commands) -> None:
    metrology = _add(commands, "metrology", "one calculation of measurement science, JSON in and out")
    metrology.add_argument("topic", help="what to calculate, see docs/reference/metrology-topics.md")
    metrology.add_argument("file", metavar="FILE", help="JSON object with the input, - for standard input")
