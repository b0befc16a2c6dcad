"""The words of the commands for documents of conformity assessment."""

from __future__ import annotations

import argparse
from pathlib import Path

from jialiang.assembly.single_command import Commands, add

DCOC_FORMS = ("xml", "rdfxml", "jsonld", "json")
CREDENTIAL_FORMS = ("json", "jwt", "envelope")


def add_conformity_commands(commands: Commands) -> None:
    """Add ``dcoc`` and ``credential`` with their deeds."""
    dcoc = commands.add_parser("dcoc", help="check, convert and make digital certificates of conformity")
    deeds = dcoc.add_subparsers(dest="deed", required=True, metavar="DEED")
    check = add(
        deeds, "check", "check certificates of conformity: the 17 elements, dates, revisions, languages"
    )
    _files(check, "certificate of conformity (XML, RDF/XML, JSON-LD or JSON)")
    check.add_argument(
        "--trust", type=Path, action="append", default=[], metavar="PEM",
        help="a root to trust: the signature of the XML is checked too; may be repeated",
    )  # fmt: skip
    _dcoc_convert(deeds)
    made = add(deeds, "new", "make a certificate of conformity from data, if no rule is broken")
    made.add_argument(
        "--from", dest="data", type=Path, required=True, metavar="DATA", help="JSON (jialiang.dcoc/1)"
    )
    made.add_argument("--to", default="xml", choices=DCOC_FORMS, help="form to write (default: xml)")
    _out(made)
    credential = commands.add_parser("credential", help="check and convert conformity credentials (UNTP)")
    deeds = credential.add_subparsers(dest="deed", required=True, metavar="DEED")
    check = add(
        deeds, "check", "check conformity credentials: structure, rules and, with a key, the signature"
    )
    _files(check, "credential (JSON, vc+jwt token, or an object that envelops one)")
    check.add_argument(
        "--key", type=Path, metavar="PEM", help="public key of the issuer, or a certificate with it"
    )
    convert = add(deeds, "convert", "take a credential out of its token, or write the token otherwise")
    convert.add_argument("file", type=Path, help="the credential")
    convert.add_argument("--to", required=True, choices=CREDENTIAL_FORMS, help="form to write")
    _out(convert)


def _dcoc_convert(deeds: Commands) -> None:
    convert = add(deeds, "convert", "write a certificate of conformity in another form, or as a credential")
    convert.add_argument("file", type=Path, help="the certificate (XML, RDF/XML, JSON-LD or JSON)")
    convert.add_argument("--to", required=True, choices=(*DCOC_FORMS, "html", "pdf", "credential"),
                         help="form to write; labels of html and pdf follow --lang")  # fmt: skip
    convert.add_argument("--issuer", metavar="DID", help="credential: DID of the issuing body (did:web:…)")
    convert.add_argument(
        "--credential-id", default="", metavar="URI", help="credential: its id (default: derived)"
    )
    convert.add_argument("--assessment-level", default="Unspecified", metavar="LEVEL",
                         help="credential: Accredited, GovtApproval, GlobalMRA, Verified, Validated …")  # fmt: skip
    convert.add_argument(
        "--scheme-version", default="", metavar="TEXT", help="credential: version of the scheme"
    )
    convert.add_argument(
        "--scheme-valid-from",
        default="",
        metavar="DAY",
        help="credential: day since which that version holds",
    )
    _out(convert)


def _files(command: argparse.ArgumentParser, words: str) -> None:
    command.add_argument("files", type=Path, nargs="+", metavar="FILE", help=words)
    command.add_argument("--no-hints", action="store_true", help="leave out what could only be better")


def _out(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-o", "--out", type=Path, metavar="OUT", help="file to write (default: standard output)"
    )
