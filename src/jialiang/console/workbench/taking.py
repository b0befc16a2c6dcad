"""What comparison and chain are taken away as: JSON for programs, SVG for reports."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from jialiang.console.wording import reading_language
from jialiang.console.workbench.documents import Document
from jialiang.console.workbench.errors import NothingHandedIn
from jialiang.console.workbench.results import difference_of, drawing_of
from jialiang.formats.dcc.chain.drawing import chain_svg
from jialiang.formats.dcc.chain.model import CertificateChain
from jialiang.formats.documents import deeds

Taken = tuple[str, bytes]
_SVG = "http://www.w3.org/2000/svg"
_NAMED = re.compile(r"<svg[^>]*\sxmlns=")


def _difference_json(documents: list[Document]) -> Taken:
    _, difference = difference_of(documents)
    return "difference.json", _json(difference.to_json(reading_language()))


def _difference_svg(documents: list[Document]) -> Taken:
    _, difference = difference_of(documents)
    drawn = drawing_of(difference)
    if drawn is None:
        raise NothingHandedIn()
    return "difference.svg", _alone(str(drawn))


def _chain_json(documents: list[Document]) -> Taken:
    return "chain.json", _json(_chain(documents).to_json())


def _chain_svg(documents: list[Document]) -> Taken:
    return "chain.svg", _alone(chain_svg(_chain(documents), reading_language()))


def _chain(documents: list[Document]) -> CertificateChain:
    return deeds.chained([each.part for each in documents if each.part is not None])


def _json(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _alone(drawing: str) -> bytes:
    """Return a drawing as a file of its own: on a page an SVG needs no namespace, by itself it does."""
    if _NAMED.search(drawing) is None:
        drawing = drawing.replace("<svg", f'<svg xmlns="{_SVG}"', 1)
    return drawing.encode()


TAKEN: Mapping[str, Callable[[list[Document]], Taken]] = {
    "difference-json": _difference_json,
    "difference-svg": _difference_svg,
    "chain-json": _chain_json,
    "chain-svg": _chain_svg,
}
"""Each of what is taken away, from the documents at hand to the name and bytes of a file."""
