"""The words of the commands for documents: files in, files out, no installation."""

from __future__ import annotations

import argparse
from pathlib import Path

from jialiang.assembly.single_command import Commands, add


def add_document_commands(commands: Commands) -> None:
    """Add ``dcc``, ``dsi`` and ``ofd`` with their deeds."""
    dcc = commands.add_parser("dcc", help="check, read, convert and compare digital calibration certificates")
    deeds = dcc.add_subparsers(dest="deed", required=True, metavar="DEED")
    _checking(deeds)
    _reading(deeds)
    _changing(deeds)
    dsi = commands.add_parser("dsi", help="check D-SI elements in XML files")
    check = add(dsi.add_subparsers(dest="deed", required=True, metavar="DEED"), "check",
                "check every D-SI quantity of the files: structure and plausibility")  # fmt: skip
    _files(check, "XML file that holds si: elements")
    check.add_argument(
        "--version", dest="dsi_version", metavar="X.Y.Z", help="version of the D-SI (default: latest)"
    )
    _ofd(commands)


def _ofd(commands: Commands) -> None:
    ofd = commands.add_parser("ofd", help="look at OFD files and take their attachments out")
    deeds = ofd.add_subparsers(dest="deed", required=True, metavar="DEED")
    _files(
        add(deeds, "check", "check the structure of OFD files and list what is in them"), "OFD of any maker"
    )
    extract = add(deeds, "extract", "write the attachments of an OFD and the texts of its pages to a folder")
    extract.add_argument("file", type=Path, help="the OFD")
    extract.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder, made where it is missing"
    )


def _checking(deeds: Commands) -> None:
    check = add(deeds, "check", "check certificates of any version: structure and good practice")
    _files(check, "certificate (XML, or lossless JSON, CBOR, MessagePack)")
    check.add_argument("--no-hints", action="store_true", help="leave out what could only be better")
    chain = add(deeds, "chain", "recompute the traceability chain through certificate files")
    _files(chain, "certificate; those of the standards may be among them")
    chain.add_argument(
        "--store", nargs="?", type=Path, const=Path(), metavar="FOLDER",
        help="also look for certificates in this folder (without a name: the store of this installation)",
    )  # fmt: skip
    chain.add_argument("--svg", type=Path, metavar="OUT", help="draw the chain into this file")
    difference = add(deeds, "diff", "compare two certificates: values with E_n, and all other changes")
    difference.add_argument("first", type=Path, help="the earlier certificate")
    difference.add_argument("second", type=Path, help="the later certificate")


def _reading(deeds: Commands) -> None:
    quantities = add(deeds, "quantities", "print every quantity of a certificate, with exact texts")
    quantities.add_argument("file", type=Path, help="the certificate")
    quantities.add_argument(
        "--ref-type", default="", metavar="NAME", help="only quantities with this refType"
    )
    quantities.add_argument("--name", default="", metavar="TEXT", help="only quantities with this name")


def _changing(deeds: Commands) -> None:
    convert = add(deeds, "convert", "write a certificate in another notation, or lossless data as XML again")
    convert.add_argument("file", type=Path, help="certificate (XML, or lossless .json, .cbor, .msgpack)")
    convert.add_argument(
        "--to", required=True, metavar="NOTATION",
        help="json (lossless), data-json, cbor, msgpack, csv, xlsx, parquet, xml, html, pdf, ofd, or a package's own",
    )  # fmt: skip
    convert.add_argument("--typed", action="store_true", help="cbor, msgpack: typed data instead of lossless")
    convert.add_argument(
        "--encoding", default="utf-8", metavar="NAME", help="xml, csv: utf-8, gb18030 or gbk"
    )
    convert.add_argument(
        "-o", "--out", type=Path, metavar="OUT", help="file to write (default: standard output)"
    )
    migrate = add(
        deeds, "migrate", "bring a certificate of version 2.2.0 or later to 3.3.0, and say what changed"
    )
    migrate.add_argument("file", type=Path, help="the certificate")
    migrate.add_argument(
        "-o", "--out", type=Path, metavar="OUT", help="file to write (default: standard output)"
    )


def _files(command: argparse.ArgumentParser, words: str) -> None:
    command.add_argument("files", type=Path, nargs="+", metavar="FILE", help=words)
