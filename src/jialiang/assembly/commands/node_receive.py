"""``jialiang node receive FILE``: take the report of a subordinate node that came as a file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from jialiang.assembly.node_lines import as_operator
from jialiang.assembly.saying import say
from jialiang.functions.received_reports import Receipt, receive
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text


def run(arguments: argparse.Namespace) -> int:
    """Take one report, whole or not at all. Returns 0, also where it was taken before."""
    signature = _signature(arguments)
    with Path(arguments.file).open("rb") as file:
        receipt = as_operator(
            lambda actor: receive(actor=actor, file=file, signature=signature, now=utc_now())
        )
    say(arguments, _document(receipt), _lines(receipt))
    return 0


def _signature(arguments: argparse.Namespace) -> str:
    """Return the signature that was named, else that beside the report, empty where there is none."""
    beside = Path(f"{arguments.file}.jwt")
    path = arguments.signature or (beside if beside.is_file() else None)
    return path.read_text("ascii", "replace") if path else ""


def _document(receipt: Receipt) -> dict[str, object]:
    row = receipt.report
    return {
        "id": str(row.id),
        "node": row.node.prefix,
        "kind": row.kind,
        "day": row.day.isoformat(),
        "revision": row.revision,
        "digest": f"sha-256:{row.sha256}",
        "lines": row.lines,
        "signature": row.signature,
        "new": receipt.is_new,
        "sums": row.sums,
        "findings": row.findings,
    }


def _lines(receipt: Receipt) -> Iterator[Text]:
    row = receipt.report
    named = f"{row.node.prefix} {row.day.isoformat()} {row.kind} r{row.revision}"
    if receipt.is_new:
        yield Text(f"已接受 {named}：{row.lines} 行", f"accepted {named}: {row.lines} lines")
    else:
        yield Text(f"以前已收到 {named}", f"received before: {named}")
    for told in row.findings:
        yield Text(f"  {told['zh']}", f"  {told['en']}")
