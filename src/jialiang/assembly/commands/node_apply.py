"""``jialiang node apply``: apply for a prefix at the node above, with documents."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from jialiang.assembly.document_files import bytes_of
from jialiang.assembly.node_lines import application_lines, as_operator
from jialiang.assembly.saying import say
from jialiang.functions.upper_node import apply
from jialiang.governance.node_reports.port import OutgoingDocument
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text

NEXT = Text(
    "上级节点的运营者审核后，用 jialiang node applications 查看结果。",
    "The operator of the upper node decides; see what became of it with jialiang node applications.",
)


def run(arguments: argparse.Namespace) -> int:
    """Hand in the application. Returns 0."""
    documents = [OutgoingDocument(file.name, bytes_of(file)) for file in arguments.documents]
    row = as_operator(
        lambda actor: apply(
            actor=actor,
            parent=arguments.parent,
            purpose=arguments.purpose,
            wished_code=arguments.code,
            documents=documents,
            now=utc_now(),
        )
    )
    say(arguments, asdict(row), [*application_lines([row]), NEXT])
    return 0
