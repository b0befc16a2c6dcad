"""The words of ``jialiang node …``: what this node reports to the one above, and its application there."""

from __future__ import annotations

from pathlib import Path

from jialiang.assembly.single_command import Commands
from jialiang.assembly.single_command import add as _add
from jialiang.formats.node_report.header import KINDS


def add_node_commands(commands: Commands) -> None:
    """Add the group; every deed has a module of its own, ``commands/node_<deed>.py``."""
    words = "report to the upper node, apply there for a prefix, take reports of subordinate nodes"
    group = commands.add_parser("node", help=words)
    deeds = group.add_subparsers(dest="deed", required=True, metavar="DEED")
    reports = _add(deeds, "reports", "list the reports of the last days and what became of them")
    reports.add_argument("--days", type=int, default=31, metavar="N", help="how many days (default: 31)")
    _report(deeds)
    _add(deeds, "send", "send everything outstanding now, and say whether the upper node answers")
    _apply(deeds)
    _receive(deeds)
    _add(deeds, "applications", "say what became of the applications at the upper node")


def _report(deeds: Commands) -> None:
    report = _add(deeds, "report", "make the reports of a day and write them as files")
    report.add_argument("--day", required=True, metavar="DATE", help="the day, such as 2026-11-21")
    report.add_argument(
        "--kind", action="append", default=[], choices=KINDS, help="only this kind; may be repeated"
    )
    report.add_argument(
        "-o", "--out", type=Path, metavar="DIR", help="folder for the files (default: none are written)"
    )


def _apply(deeds: Commands) -> None:
    apply = _add(deeds, "apply", "apply for a prefix at the upper node")
    apply.add_argument("--parent", required=True, metavar="PREFIX", help="prefix below which, such as 88.111")
    apply.add_argument("--purpose", required=True, metavar="TEXT", help="what the prefix is for")
    apply.add_argument("--code", default="", metavar="CODE", help="the code wished for (default: the next free one)")
    words = "documents, such as the business licence (PDF, PNG, JPEG)"
    apply.add_argument("documents", nargs="+", type=Path, metavar="FILE", help=words)


def _receive(deeds: Commands) -> None:
    receive = _add(deeds, "receive", "take the report of a subordinate node that came as a file")
    receive.add_argument("file", type=Path, metavar="FILE", help="the report, such as 88.111.5_…_r1.ndjson.gz")
    receive.add_argument(
        "--signature", type=Path, metavar="FILE", help="its signature (default: FILE.jwt if that is there)"
    )
