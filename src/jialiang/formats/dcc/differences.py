"""What differs between the issued certificate and the one that was presented, as far as it can be said."""

from __future__ import annotations

from dataclasses import dataclass

from jialiang.formats.dcc.leaves import leaves_of
from jialiang.formats.dcc.view import CertificateView, Leaf
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.text import Text

LIMIT = 100
"""More differences than this are no list any more but another certificate."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: where, what people call it, what was issued (None: added) and is presented (None: gone)."""

    path: str
    name: Text
    issued: str | None
    presented: str | None


def difference(issued: CertificateView, presented: CertificateView) -> tuple[Difference, ...]:
    """Compare two certificates leaf by leaf, in the order of the issued one; at most :data:`LIMIT` differences.

    Names are those of the issued certificate: a changed label must not name the change.
    """
    then = {leaf.path: leaf for leaf in leaves_of_view(issued)}
    now = {leaf.path: leaf for leaf in leaves_of_view(presented)}
    changed = [_changed(leaf, now.get(path)) for path, leaf in then.items()]
    added = [Difference(path, leaf.name, None, leaf.said) for path, leaf in now.items() if path not in then]
    return tuple([each for each in changed if each is not None] + added)[:LIMIT]


def leaves_of_view(view: CertificateView) -> tuple[Leaf, ...]:
    """Return every text and attribute of a certificate, with its name."""
    return leaves_of(parse_xml(view.canonical_xml).getroot()) if view.canonical_xml else ()


def _changed(leaf: Leaf, presented: Leaf | None) -> Difference | None:
    if presented is None:
        return Difference(leaf.path, leaf.name, leaf.said, None)
    if presented.said != leaf.said:
        return Difference(leaf.path, leaf.name, leaf.said, presented.said)
    return None
