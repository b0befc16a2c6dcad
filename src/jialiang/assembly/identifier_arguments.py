"""The words of ``jialiang identifiers …``: codes, labels, and what becomes of identifiers."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from pathlib import Path

from jialiang.assembly.single_command import Commands
from jialiang.assembly.single_command import add as _add

RULES = ("sequence", "check_digit", "uuid", "template")


def add_identifier_commands(commands: Commands) -> None:
    """Add the group; every deed has a module of its own, ``commands/identifiers_<deed>.py``."""
    words = "check codes, print labels; register, resolve, retire, import and export identifiers"
    group = commands.add_parser("identifiers", help=words)
    deeds = group.add_subparsers(dest="deed", required=True, metavar="DEED")
    _check(deeds)
    _label(deeds)
    _register(deeds)
    _resolve(deeds)
    _retire(deeds)
    _import(deeds)
    _export(deeds)


def _check(deeds: Commands) -> None:
    check = _add(deeds, "check", "check a code by the rules of its system, without an installation")
    check.add_argument(
        "system", metavar="SYSTEM", help="GTIN-13, GIAI, GS1-Digital-Link, USCC, OID, Handle …"
    )
    check.add_argument("value", metavar="CODE", help="the code as it was typed or scanned")


def _register(deeds: Commands) -> None:
    register = _of_a_tenant(deeds, "register", "register an identifier with its values and codes")
    register.add_argument("name", metavar="NAME", help="prefix/suffix; with --mint the prefix alone")
    register.add_argument(
        "--value", action="append", default=[], metavar="[INDEX:]TYPE=DATA", help="a value; may be repeated"
    )
    register.add_argument(
        "--code", action="append", default=[], metavar="SYSTEM=CODE", help="a code; the first is the primary one"
    )
    register.add_argument("--mint", choices=RULES, help="take the next free name under the prefix by a rule")
    register.add_argument("--pattern", metavar="TEXT", help="for --mint template: 870101.{year}.{sequence:06}")
    register.add_argument("--reserved", action="store_true", help="keep the name without publishing it yet")
    register.add_argument("--overwrite", action="store_true", help="replace the record if it is there")


def _resolve(deeds: Commands) -> None:
    resolve = _of_a_tenant(deeds, "resolve", "show the record of an identifier")
    resolve.add_argument("name", metavar="NAME", help="prefix/suffix")
    resolve.add_argument("--index", action="append", type=int, default=[], help="only the value of this index")
    resolve.add_argument("--type", action="append", default=[], help="only the values of this type")
    resolve.add_argument("--at", metavar="MOMENT", help="as it stood then: 2026-06-16T12:00:00+08:00")
    resolve.add_argument(
        "--verify", action="store_true", help="check the signature of its values now, up to the root"
    )


def _retire(deeds: Commands) -> None:
    retire = _of_a_tenant(deeds, "retire", "retire an identifier for good")
    retire.add_argument("name", metavar="NAME", help="prefix/suffix")
    retire.add_argument("--reason", required=True, metavar="TEXT", help="why, in one line")


def _import(deeds: Commands) -> None:
    import_ = _of_a_tenant(deeds, "import", "register, update or retire the identifiers of a table")
    import_.add_argument("file", type=Path, metavar="FILE", help="CSV, Excel workbook (.xlsx) or NDJSON")
    import_.add_argument(
        "--mode", choices=("create", "update", "delete"), default="create", help="default: %(default)s"
    )
    import_.add_argument("--dry-run", action="store_true", help="say what would become of each row, write nothing")


def _export(deeds: Commands) -> None:
    export = _of_a_tenant(deeds, "export", "write identifiers into a table that import takes back")
    export.add_argument("file", type=Path, metavar="FILE", help="a new file: .csv, .xlsx or .ndjson")
    export.add_argument("--prefix", default="", metavar="PREFIX", help="only those under this prefix")
    export.add_argument(
        "--state", choices=("reserved", "active", "suspended", "retired"), default="", help="only those in this state"
    )
    export.add_argument(
        "--beginning", default="", metavar="TEXT", help="only names that begin so: 88.101.5/WLB-"
    )


def _of_a_tenant(deeds: Commands, name: str, words: str) -> argparse.ArgumentParser:
    deed = _add(deeds, name, words)
    deed.add_argument("--tenant", required=True, metavar="NAME", help="short name of the tenant")
    return deed


def _label(deeds: Commands) -> None:
    label = _add(deeds, "label", "print labels of identifiers as PDF or ZPL, without an installation")
    label.add_argument(
        "identifiers", nargs="*", metavar="ID", help="Handle name, GS1 element string, path or address"
    )
    label.add_argument(
        "-o", "--out", type=Path, required=True, metavar="FILE", help="file to write: .pdf or .zpl"
    )
    label.add_argument(
        "--base", required=True, metavar="URL", help="address of the resolver that the symbols open"
    )
    label.add_argument(
        "--data",
        type=Path,
        metavar="FILE.csv",
        help="one label a row; columns: identifier, name_zh, serial, due …",
    )
    label.add_argument(
        "--template",
        default="instrument-50x30",
        metavar="NAME",
        help="a template, or a file (.json) with one",
    )
    label.add_argument("--sheet", default="a4", metavar="NAME", help="sheet for PDF, or roll (default: a4)")
    label.add_argument(
        "--start", type=int, default=0, metavar="N", help="places of the first sheet to leave free"
    )
    label.add_argument(
        "--words", choices=("zh", "en"), default="zh", help="language of the labels (default: zh)"
    )
    label.add_argument(
        "--logo", type=Path, metavar="FILE.svg", help="logo for templates that have a place for it"
    )
    _common(label)
    _printer(label)


def _common(label: ArgumentParser) -> None:
    """What all labels of a run say, where the table says nothing else."""
    label.add_argument("--status", choices=("qualified", "limited", "stopped"), help="metrological status")
    label.add_argument("--name-zh", default="", metavar="NAME", help="name of the things in Chinese")
    label.add_argument("--name-en", default="", metavar="NAME", help="name of the things in English")
    label.add_argument("--organization", default="", metavar="NAME", help="whose labels these are")
    label.add_argument("--done", default="", metavar="DATE", help="date of the calibration or verification")
    label.add_argument("--due", default="", metavar="DATE", help="date until which it holds")


def _printer(label: ArgumentParser) -> None:
    label.add_argument(
        "--dpi",
        type=int,
        choices=(203, 300, 600),
        default=203,
        help="dots per inch of the printer (default: 203)",
    )
    label.add_argument(
        "--commands", action="store_true", help="ZPL in commands of the printer instead of graphics"
    )
    label.add_argument(
        "--printer-font", default="", metavar="NAME", help="Chinese font in the printer, such as E:SIMSUN.TTF"
    )
