"""What the rules of all kinds of documents are for, by their ids."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from jialiang.formats.credential.rules import catalogue as credential
from jialiang.formats.dcc.rules import catalogue as dcc
from jialiang.formats.dcoc.rules import catalogue as dcoc
from jialiang.formats.drmd import rules as drmd
from jialiang.kernel.text import Text


def why_of(rule: str) -> Text:
    """Return what a rule is for and what to do; nothing for those of structure, which no catalogue holds."""
    return _reasons().get(rule, Text())


@cache
def _reasons() -> Mapping[str, Text]:
    catalogues = (dcc.rules(), drmd.rules(), dcoc.rules(), credential.rules())
    return {id_: rule.why for catalogue in catalogues for id_, rule in catalogue.items()}
