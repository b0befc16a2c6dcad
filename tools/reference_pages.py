"""Write the reference pages that follow from the code and from data.

Errors, settings, commands, endpoints, events, permissions, findings, topics of measurement science, requirements,
and the pages of formats.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jialiang.formats.rule_catalogue import DocumentRule

import format_pages

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
PACKAGE = ROOT / "src" / "jialiang"
os.environ |= {
    "JIALIANG_DEMO": "1",
    "DJANGO_SETTINGS_MODULE": "jialiang.assembly.django_settings",
    "COLUMNS": "100",  # the pages do not depend on the terminal
}

REQUIREMENT_STATES = ("answered", "partly", "open")
SETTING_WORDS = {
    "data_dir": "Folder of database, files and keys.",
    "database_url": "`postgresql://user:password@host:port/name`; empty: SQLite (WAL) in the data folder.",
    "secret_key": "Signs sessions and tokens; at least 32 characters; no default outside the demo.",
    "key_passphrase": "Unlocks the encrypted key files; at least 32 characters; no default outside the demo.",
    "public_url": "The address under which everyone reaches this installation; stands in QR codes.",
    "identifier_prefix": "Prefix of the identifiers that certificates get.",
    "host": "Address that `serve` listens on.",
    "port": "Port that `serve` listens on.",
    "demo": "`1`: demonstration secrets and any host name; never for real work.",
    "web_processes": "Processes of the control plane (Django under WSGI).",
    "front_processes": "Processes of the public front; each holds its own memory of answers.",
    "front_connections": "Connections that a process of the front holds open; those beyond wait to be taken.",
    "control_plane": "Address of the installation that a front alone hands everything else over to, such as "
    "`http://10.0.0.5:8000`; empty: the control plane is started here.",
    "answer_memory_bytes": "Memory of one front process for published answers, in bytes; the least recently asked go.",
    "identifier_memory_bytes": "Memory of one front process for published records of identifiers, in bytes.",
    "unresolved_per_minute": "Identifiers that are not there which one IPv4 address or IPv6 /64 may ask for a minute, "
    "and as many at once; at least 1.",
    "region_header": "Header in which a trusted proxy names country or region of the client (`CN`, `CN-37`); empty: "
    "not known. Used for locations by country and for statistics.",
    "client_certificate_header": "Header in which a trusted proxy that ends TLS passes the client's certificate on, as "
    "PEM and percent-encoded; empty: none is accepted. Taken away from everybody else.",
    "misses_per_minute": "Checks without a result that one IPv4 address or IPv6 /64 may make a minute, and as many "
    "at once; at least 1.",
    "native_port": "Port of the native Handle protocol, TCP and UDP; known clients refuse ports above 9999; "
    "0: not served.",
    "native_hosts": "Addresses that the native protocol listens on, separated by commas, such as `0.0.0.0,::`; empty: "
    "that of `JIALIANG_HOST`.",
    "native_addresses": "IP addresses under which others reach the native protocol, separated by commas; empty: each "
    "client is told the address that it reached.",
    "native_parent": "`host:port` of the server above, which names of others are asked for at (recursive resolution); "
    "empty: only delegated prefixes are followed.",
    "native_memory_bytes": "Memory of the native server for records and for answers of other servers, in bytes.",
    "trusted_proxies": "Addresses whose `X-Forwarded-For` is believed, separated by commas.",
    "max_upload_bytes": "Largest upload in bytes.",
    "session_idle_minutes": "Minutes without a request after which a session ends.",
    "upper_node": "Address of the node above that this one reports to, such as `https://node.example.cn`; `http` only "
    "on this machine; empty: reports are made and kept, and not sent.",
    "upper_node_token": "Token by which this node reports, given by the operator of the node above. Never shown.",
    "upper_node_account_token": "Token of the enterprise's account at the node above, by which it applies for a "
    "prefix; empty: the token by which it reports. Never shown.",
    "node_prefix": "Prefix by which this node is known to the one above; empty: `JIALIANG_IDENTIFIER_PREFIX`.",
    "node_addresses": "IP addresses at which this node answers, separated by commas, told to the node above with the "
    "ports of the native protocol and of `JIALIANG_PUBLIC_URL`; empty: those of `JIALIANG_NATIVE_ADDRESSES`.",
    "node_report_kinds": "Kinds of reports made of each day, separated by commas; empty: none.",
    "node_report_hour": "Hour of the local day, 0 to 23, from which the day before is reported.",
    "schemas": "Folder of official schemas of the DCC, for `jialiang dcc check --second-opinion`; none come with the "
    "product.",
    "font_dir": "Folder of the TrueType fonts for certificates; empty: the ones that the package carries.",
}


def errors_page() -> str:
    """One heading per error code, with its words in both languages."""
    lines = ["# Errors", "", "Every error has a code, and says what happened, which rule, and the way out.", ""]
    for file in sorted((PACKAGE / "kernel" / "error_texts").glob("*.json")):
        for code, words in sorted(json.loads(file.read_text(encoding="utf-8")).items()):
            lines += [f"### {code}", ""]
            for member in ("what", "rule", "way_out"):
                label = member.replace("_", " ")
                lines += [f"- *{label}*: {words[member]['en']} / {words[member]['zh']}"]
            lines.append("")
    return "\n".join(lines)


def settings_page() -> str:
    """One heading per setting."""
    from jialiang.kernel.settings import Settings

    lines = ["# Settings", "", "Read once from the environment when a process starts, and checked: an unknown name"]
    lines += ["or a value that cannot be used stops the start with `JL-SET-001`, which says what to write.", ""]
    for field in fields(Settings):
        heading = f"### JIALIANG_{field.name.upper()}"
        lines += [heading, "", SETTING_WORDS[field.name], "", f"Default: {shown_default(field.default)}.", ""]
    return "\n".join(lines)


def shown_default(default: object) -> str:
    """Return a default as one would write it into the environment."""
    if isinstance(default, bool):
        return f"`{int(default)}`"
    return "none" if default in (MISSING, None, "", ()) else f"`{default}`"


def commands_page() -> str:
    """One heading per command, with its usage."""
    from jialiang.assembly.arguments import parser

    lines = ["# Commands", "", "`jialiang COMMAND …`; `--json` prints one JSON document everywhere.", ""]
    lines += ["Exit status: 0 it holds or is done, 1 it does not hold, 2 cannot be read or wrong use.", ""]
    for name, command in subcommands(parser()):
        lines += [f"### jialiang {name}", "", "```", command.format_help().strip(), "```", ""]
    return "\n".join(lines)


def subcommands(top: argparse.ArgumentParser, before: str = "") -> Iterable[tuple[str, argparse.ArgumentParser]]:
    """Return every command with its parser, in the order of the help page."""
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                deeper = list(subcommands(command, f"{before}{name} "))
                yield from deeper or [(f"{before}{name}", command)]


def permissions_page() -> str:
    """One row per action: which roles may do it."""
    matrix = json.loads((PACKAGE / "security" / "data" / "permissions.json").read_text(encoding="utf-8"))
    lines = ["# Permissions", "", "One action, one permission of the same name, one entry in the audit record.", ""]
    lines += ["| action | roles |", "|---|---|"]
    rows = matrix.get("actions", matrix)
    return "\n".join([*lines, *(f"| `{action}` | {', '.join(rows[action])} |" for action in sorted(rows)), ""])


def endpoints_page() -> str:
    """One heading per endpoint of the REST door, from its OpenAPI document."""
    import django

    django.setup()
    from jialiang.integration.api.door import api

    document = api.get_openapi_schema()
    lines = ["# Endpoints", "", "The OpenAPI 3.1 document is served at `/api/v1/openapi.json`.", ""]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            words = operation.get("description") or operation.get("summary") or ""
            lines += [f"### {method.upper()} {path}", "", words.strip(), ""]
    return "\n".join(lines)


def events_page() -> str:
    """One heading per event."""
    events = json.loads((PACKAGE / "vocabulary" / "data" / "events.json").read_text(encoding="utf-8"))
    lines = ["# Events", "", "Facts, published once after the change is committed, in order per subject.", ""]
    for name, words in sorted(events.items()):
        lines += [f"### {name}", "", f"{words['en']} / {words['zh']}", ""]
    return "\n".join(lines)


def findings_page() -> str:
    """One heading per finding of ``jialiang check``."""
    lines = ["# Findings", "", "What `jialiang check` may find, and how to mend it. With `--json` each finding has"]
    lines += ["its `key`, a `severity` (`error`: the check ends with 1; `warning`: it does not), and these words.", ""]
    found = json.loads((PACKAGE / "assembly" / "findings.json").read_text(encoding="utf-8"))
    for key, words in sorted(found.items()):
        what, mend = words["what"], words["mend"]
        lines += [f"### {key}", "", f"- *what*: {what['en']} / {what['zh']}"]
        lines += [f"- *mend*: {mend['en']} / {mend['zh']}", ""]
    return "\n".join(lines)


def requirements_page() -> str:
    """One row per requirement: its state, what answers it, where it stands and which tests hold it."""
    with (REFERENCE / "requirements.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = ["# Requirements", "", "What of the sources is answered, and by what; kept in `requirements.csv`.", ""]
    lines += ["| state | requirements |", "|---|---|"]
    lines += [f"| {state} | {sum(row['state'] == state for row in rows)} |" for state in REQUIREMENT_STATES]
    for state in REQUIREMENT_STATES:
        lines += ["", f"## {state.capitalize()}", "", "| id | answer | where | tests |", "|---|---|---|---|"]
        chosen = [row for row in rows if row["state"] == state]
        lines += [f"| {r['id']} | {r['answer']} | {codes(r['where'])} | {codes(r['tests'])} |" for r in chosen]
    return "\n".join(lines)


def metrology_topics_page() -> str:
    """One heading per topic of ``jialiang metrology``: source, members in and members out."""
    from jialiang.science.topics.registry import topics

    lines = ["# Topics of measurement science", ""]
    lines += [
        "`jialiang metrology TOPIC FILE|- --json` reads one JSON object and prints one. Numbers are JSON numbers or",
        "decimal text such as `\"10.000\"`; both are taken digit for digit. null counts as not given. Quantities have",
        "the unit of the caller, the same for all members of one kind. Positions count from 0. Members that a topic",
        "does not know are listed under `ignored`; one that looks like a documented one, misspelt, is an error. Exit",
        "status: 0 evaluated, 2 wrong input. Members are needed unless a default stands in parentheses, they belong",
        "to an alternative, or the text says otherwise.",
        "",
    ]
    for topic in topics().values():
        lines += [f"### {topic.name}", "", f"{topic.title}.", "", f"Source: {topic.source}.", ""]
        for heading, members in (("in", topic.takes), ("out", topic.gives)):
            lines += [f"| {heading} | meaning |", "|---|---|"]
            escaped = {name: meaning.replace("|", "\\|") for name, meaning in members.items()}
            lines += [f"| `{name}` | {meaning} |" for name, meaning in escaped.items()]
            lines.append("")
    return "\n".join(lines)


def codes(names: str) -> str:
    """Return names separated by spaces as code."""
    return " ".join(f"`{name}`" for name in names.split()) or "–"


def certificate_rules_page() -> str:
    """One heading per rule of good practice for certificates, with severity, words and PTB's pattern."""
    from jialiang.formats.dcc.rules.catalogue import rules

    lines = ["# Rules of good practice for certificates", ""]
    lines += ["What `jialiang dcc check` finds beside the structure. *error*: the certificate breaks a rule that it"]
    lines += ["must keep; *warning*: a reader is misled; *hint*: it could be better. PTB's 14 Schematron patterns are"]
    lines += ["counted from 1 in the order of dcclib 0.4.0; where ours says more or less than theirs,"]
    lines += ["[the how-to](../howto/check-certificates.md) says why.", ""]
    lines += ["| rule | severity | PTB's pattern |", "|---|---|---|"]
    for rule in rules().values():
        lines.append(f"| [`{rule.id}`](#{rule.id.lower()}) | {rule.severity} | {rule.ptb or '–'} |")
    return "\n".join([*lines, *rule_sections(rules().values())])


def drmd_rules_page() -> str:
    """One heading per rule for reference material documents."""
    from jialiang.formats.drmd.rules import rules

    lines = ["# Rules for reference material documents", ""]
    lines += ["What `jialiang drmd check` finds beside the structure and the quantities. Rules with a *role* are the"]
    lines += ["business rules of the DRMD, under their own ids; their clauses of ISO 33401:2024 are cited as they cite"]
    lines += ["them. The others are ours. *error*: must be mended; *warning*: needed where it applies, or misleading;"]
    lines += ["*hint*: recommended.", "", "| rule | severity | role | holds for |", "|---|---|---|---|"]
    for rule in rules().values():
        held = rule.of or {"RMC": "referenceMaterialCertificate", "PIS": "productInformationSheet"}.get(rule.id[:3])
        lines.append(f"| [`{rule.id}`](#{rule.id.lower()}) | {rule.severity} | {rule.role or '–'} | {held or 'both'} |")
    return "\n".join([*lines, *rule_sections(rules().values())])


def chinese_rules_page() -> str:
    """The kinds and fields of the Chinese profile as a table, and one heading per rule."""
    from jialiang.formats.dcc.chinese_profile.catalogue import fields, kinds, profile_rules

    every = list(kinds().values())
    lines = ["# Fields and rules of the Chinese profile", ""]
    lines += ["[The profile](chinese-profile.md) says what it is for. *error*, *warning*, *hint*: how grave it is if a"]
    lines += ["certificate of the kind lacks the field; *never*: the kind must not have it; –: it may go without.", ""]
    lines += [f"| field | place in the DCC | {' | '.join(kind.name.zh for kind in every)} |", "|---" * 7 + "|"]
    for field in fields().values():
        cells = ["*never*" if k.id in field.never else field.levels.get(k.id, "–") for k in every]
        places = "<br>".join(f"`{place.removeprefix('.//')}`" for place in field.places)
        lines.append(f"| `{field.id}` {field.name.zh} / {field.name.en} | {places} | {' | '.join(cells)} |")
    lines += ["", "| rule | severity |", "|---|---|"]
    lines += [f"| [`{rule.id}`](#{rule.id.lower()}) | {rule.severity} |" for rule in profile_rules().values()]
    return "\n".join([*lines, *rule_sections(profile_rules().values())])


def rule_sections(rules: Iterable[Any]) -> list[str]:
    """Return a heading with severity and words for each rule."""
    lines = []
    for rule in rules:
        lines += ["", f"### {rule.id}", "", f"*{rule.severity}*: {rule.title.en} / {rule.title.zh}", ""]
        lines += [f"- *says*: {rule.text.en} / {rule.text.zh}", f"- *why*: {rule.why.en} / {rule.why.zh}"]
    return lines


def rule_page(title: str, opening: list[str], rules: Mapping[str, DocumentRule]) -> str:
    """One heading per rule, with severity and words."""
    lines = [f"# {title}", "", *opening, "", "| rule | severity |", "|---|---|"]
    lines += [f"| [`{rule.id}`](#{rule.id.lower()}) | {rule.severity} |" for rule in rules.values()]
    return "\n".join([*lines, *rule_sections(rules.values())])


def dcoc_rules_page() -> str:
    """The rules for certificates of conformity."""
    from jialiang.formats.dcoc.rules.catalogue import rules

    opening = ["What `jialiang dcoc check` finds beside the structure of the notation, in all of them alike.",
               "See [certificates of conformity](dcoc.md)."]  # fmt: skip
    return rule_page("Rules for certificates of conformity", opening, rules())


def credential_rules_page() -> str:
    """The rules for conformity credentials."""
    from jialiang.formats.credential.rules.catalogue import rules

    opening = ["What `jialiang credential check` finds beside the structure. See [credentials](credential.md)."]
    return rule_page("Rules for conformity credentials", opening, rules())


PAGES = format_pages.PAGES | {
    "certificate-rules.md": certificate_rules_page,
    "chinese-profile-rules.md": chinese_rules_page,
    "credential-rules.md": credential_rules_page,
    "dcoc-rules.md": dcoc_rules_page,
    "drmd-rules.md": drmd_rules_page,
    "errors.md": errors_page,
    "settings.md": settings_page,
    "commands.md": commands_page,
    "permissions.md": permissions_page,
    "endpoints.md": endpoints_page,
    "events.md": events_page,
    "findings.md": findings_page,
    "requirements.md": requirements_page,
    "metrology-topics.md": metrology_topics_page,
}


def main() -> int:
    """Write all pages; with ``--check`` only say which are out of date."""
    stale = []
    for name, page in PAGES.items():
        text = page().rstrip() + "\n"
        target = REFERENCE / name
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                target.write_text(text, encoding="utf-8")
    print("\n".join(stale) or "all reference pages are up to date")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
