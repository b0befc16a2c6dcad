"""``jialiang node applications``: what became of the applications at the node above, and what to do next."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from jialiang.assembly.node_lines import application_lines, as_operator
from jialiang.assembly.saying import say
from jialiang.functions.upper_node import applications
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import PrefixApplicationState

GRANTED = Text(
    "获批后：把 JIALIANG_IDENTIFIER_PREFIX（或 JIALIANG_NODE_PREFIX）设为所授前缀，设置 JIALIANG_NODE_ADDRESSES，"
    "请上级节点的运营者把该前缀委派给本节点并签发上报令牌。",
    "Once granted: set JIALIANG_IDENTIFIER_PREFIX (or JIALIANG_NODE_PREFIX) to the prefix, and "
    "JIALIANG_NODE_ADDRESSES; ask the operator of the upper node to delegate the prefix to this node and to give it "
    "a token for reports.",
)


def run(arguments: argparse.Namespace) -> int:
    """List the applications. Returns 0."""
    rows = as_operator(lambda actor: applications(actor=actor))
    granted = any(row.state == PrefixApplicationState.APPROVED for row in rows)
    lines = [*application_lines(rows), *([GRANTED] if granted else [])]
    say(arguments, {"applications": [asdict(row) for row in rows]}, lines)
    return 0
