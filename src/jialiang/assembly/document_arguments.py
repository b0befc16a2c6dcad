"""The words of the commands for documents: files in, files out, no installation."""

from __future__ import annotations

import argparse
from pathlib import Path

from jialiang.assembly.drmd_arguments import add_drmd_command
from jialiang.assembly.single_command import Commands, add

_MOST_WORKERS = 256


def add_document_commands(commands: Commands) -> None:
    """Add ``dcc``, ``drmd``, ``dsi`` and ``ofd`` with their deeds."""
    dcc = commands.add_parser("dcc", help="check, read, convert and compare digital calibration certificates")
    deeds = dcc.add_subparsers(dest="deed", required=True, metavar="DEED")
    _checking(deeds)
    _reading(deeds)
    _changing(deeds)
    _making(deeds)
    dsi = commands.add_parser("dsi", help="check D-SI elements in XML files")
    check = add(dsi.add_subparsers(dest="deed", required=True, metavar="DEED"), "check",
                "check every D-SI quantity of the files: structure and plausibility")  # fmt: skip
    _files(check, "XML file that holds si: elements")
    check.add_argument(
        "--version", dest="dsi_version", metavar="X.Y.Z", help="version of the D-SI (default: latest)"
    )
    add_drmd_command(commands)
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
    _files(
        check,
        "certificate (XML, lossless JSON, CBOR, MessagePack, PDF that embeds one), folder, or ZIP archive",
    )
    check.add_argument(
        "--workers", type=_count, metavar="N", help="processes that check (default: one for each core)"
    )
    check.add_argument(
        "--summary",
        choices=("csv", "json"),
        help="write a table with a row for each document instead of all findings",
    )
    check.add_argument(
        "-o",
        "--out",
        type=Path,
        metavar="OUT",
        help="with --summary: file to write (default: standard output)",
    )
    _read_as(check)
    check.add_argument("--no-hints", action="store_true", help="leave out what could only be better")
    _second_opinion(check)
    check.add_argument(
        "--profile", choices=("cn",), help="check the Chinese profile too where a certificate does not claim it"
    )
    chain = add(deeds, "chain", "recompute the traceability chain through certificate files")
    _read_as(chain)
    _files(chain, "certificate; those of the standards may be among them")
    chain.add_argument(
        "--store", nargs="?", type=Path, const=Path(), metavar="FOLDER",
        help="also look for certificates in this folder (without a name: the store of this installation)",
    )  # fmt: skip
    chain.add_argument("--svg", type=Path, metavar="OUT", help="draw the chain into this file")
    difference = add(deeds, "diff", "compare two certificates: values with E_n, and all other changes")
    _read_as(difference)
    difference.add_argument("first", type=Path, help="the earlier certificate")
    difference.add_argument("second", type=Path, help="the later certificate")


def _second_opinion(check: argparse.ArgumentParser) -> None:
    check.add_argument(
        "--second-opinion",
        action="store_true",
        help="also ask the official schemas that JIALIANG_SCHEMAS or --schemas name, and say whether they agree",
    )
    check.add_argument(
        "--schemas", type=Path, metavar="DIR", help="folder of official schemas for the second opinion"
    )


def _reading(deeds: Commands) -> None:
    quantities = add(deeds, "quantities", "print every quantity of a certificate, with exact texts")
    _read_as(quantities)
    quantities.add_argument("file", type=Path, help="the certificate")
    quantities.add_argument(
        "--ref-type", default="", metavar="NAME", help="only quantities with this refType"
    )
    quantities.add_argument("--name", default="", metavar="TEXT", help="only quantities with this name")


def _changing(deeds: Commands) -> None:
    convert = add(deeds, "convert", "write a certificate in another notation, or lossless data as XML again")
    _read_as(convert)
    convert.add_argument("file", type=Path, help="certificate (XML, or lossless .json, .cbor, .msgpack)")
    convert.add_argument(
        "--to", required=True, metavar="NOTATION",
        help="json (lossless), data-json, cbor, msgpack, csv, xlsx, parquet, xml, html, pdf, ofd, ttl, jsonld, "
        "or one that a package adds",
    )  # fmt: skip
    convert.add_argument("--typed", action="store_true", help="cbor, msgpack: typed data instead of lossless")
    convert.add_argument(
        "--encoding", default="utf-8", metavar="NAME", help="xml, csv, json: utf-8, utf-16, gb18030 or gbk"
    )
    convert.add_argument(
        "-o", "--out", type=Path, metavar="OUT", help="file to write (default: standard output)"
    )
    migrate = add(
        deeds, "migrate", "bring a certificate of version 2.2.0 or later to 3.3.0, and say what changed"
    )
    _read_as(migrate)
    migrate.add_argument("file", type=Path, help="the certificate")
    migrate.add_argument(
        "-o", "--out", type=Path, metavar="OUT", help="file to write (default: standard output)"
    )


def _making(deeds: Commands) -> None:
    new = add(deeds, "new", "make a certificate (DCC 3.3.0) of a JSON document or a filled workbook")
    new.add_argument(
        "--from", dest="source", type=Path, metavar="FILE", help="document (.json) or workbook (.xlsx)"
    )
    new.add_argument(
        "--template", metavar="NAME",
        help="temperature, mass, table, one of the Chinese kinds (verification-certificate-cn, verification-notice-cn, "
        "calibration-certificate-cn, test-report-cn, type-evaluation-report-cn), or the file of a template of your own",
    )  # fmt: skip
    new.add_argument("-o", "--out", type=Path, metavar="OUT", help="file to write (default: standard output)")
    new.add_argument(
        "--sign", nargs=2, metavar=("KEY", "CERT"),
        help="sign with this PEM key (P-256) and its PEM certificate; the passphrase is asked for, or taken from "
        "SIGNING_KEY_PASSPHRASE",
    )  # fmt: skip
    new.add_argument("--example", choices=("json", "xlsx"), help="write a filled example instead")
    new.add_argument("--empty", action="store_true", help="with --example: nothing filled in")
    new.add_argument("--schema", action="store_true", help="write the JSON Schema of the document instead")


def _read_as(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--read-as", default="", metavar="ENCODING",
        help="read the XML in this encoding, whatever it declares: utf-8, utf-16, gb18030, gbk",
    )  # fmt: skip


def _files(command: argparse.ArgumentParser, words: str) -> None:
    command.add_argument("files", type=Path, nargs="+", metavar="FILE", help=words)


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= _MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"from 1 to {_MOST_WORKERS}")
    return number
