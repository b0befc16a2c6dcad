"""The words of ``jialiang drmd``: reference material documents as files."""

from __future__ import annotations

import argparse
from pathlib import Path

from jialiang.assembly.single_command import Commands, add


def add_drmd_command(commands: Commands) -> None:
    """Add ``drmd`` with its deeds."""
    drmd = commands.add_parser("drmd", help="check, convert and make digital reference material documents")
    deeds = drmd.add_subparsers(dest="deed", required=True, metavar="DEED")
    check = add(deeds, "check", "check reference material documents: structure and rules")
    check.add_argument("files", type=Path, nargs="+", metavar="FILE",
                       help="document (XML, or lossless JSON, CBOR, MessagePack)")  # fmt: skip
    check.add_argument("--no-hints", action="store_true", help="leave out what could only be better")
    convert = add(deeds, "convert", "write a document in another notation, or lossless data as XML again")
    convert.add_argument("file", type=Path, help="document (XML, or lossless .json, .cbor, .msgpack)")
    convert.add_argument("--to", required=True, metavar="NOTATION",
                         help="json (lossless), data-json, cbor, msgpack, csv or xml")  # fmt: skip
    convert.add_argument("--typed", action="store_true", help="cbor, msgpack: typed data instead of lossless")
    convert.add_argument(
        "--encoding", default="utf-8", metavar="NAME", help="xml, csv: utf-8, gb18030 or gbk"
    )
    _out(convert)
    new = add(deeds, "new", "make a document from plain data, such as convert --to data-json gives")
    source = new.add_mutually_exclusive_group(required=True)
    source.add_argument("--from", dest="source", type=Path, metavar="DATA", help="JSON file with the data")
    source.add_argument(
        "--template", action="store_true", help="write data to begin with instead of a document"
    )
    _out(new)


def _out(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-o", "--out", type=Path, metavar="OUT", help="file to write (default: standard output)"
    )
