"""Which measurement result belongs to which part of a certificate, and which were shown already."""

from __future__ import annotations

from collections.abc import Iterable

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.model import MeasurementResult
from jialiang.formats.dcc.quantities.reading import QUANTITIES
from jialiang.formats.dcc.result_parts import QuantityPart
from jialiang.formats.xml.nodes import Node

_TAGS = frozenset(f"{{{DCC}}}{name}" for name in QUANTITIES)


class Results:
    """The quantities of one certificate by the element that they stand in."""

    def __init__(self, certificate: Certificate, root: Node) -> None:
        elements = [node for node in root.walk() if node.name in _TAGS]
        pairs = zip(elements, certificate.quantities(), strict=True)
        self._by_node = {id(node): (node, result) for node, result in pairs}
        self._shown: set[int] = set()
        self._by_id = {id_: node for node in root.walk() if (id_ := node.get("id")) is not None}

    def of(self, part: QuantityPart) -> MeasurementResult:
        """Return the measurement result of a part, which counts as shown from then on."""
        self._shown.add(id(part.node))
        return self._by_node[id(part.node)][1]

    def names_of(self, ids: Iterable[str]) -> list[Node]:
        """Return the names of the elements with these ids, as far as they have any."""
        found = (self._by_id.get(id_) for id_ in ids)
        names = (node.first("name") for node in found if node is not None)
        return [name for name in names if name is not None]

    def unshown(self) -> Iterable[MeasurementResult]:
        """Yield what no part was asked for yet, in the order of the file."""
        return (result for key, (_, result) in self._by_node.items() if key not in self._shown)
