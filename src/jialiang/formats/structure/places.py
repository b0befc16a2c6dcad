"""Where an element stands in a document, written so that people and XPath both understand it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from lxml import etree


def path_of(element: etree._Element, prefixes: Mapping[str, str]) -> str:
    """Return ``/dcc:digitalCalibrationCertificate/dcc:measurementResults[1]``: positions among equal names.

    ``prefixes`` gives the prefix of a namespace; in others the prefix of the document stands.
    """
    steps: list[str] = []
    current: etree._Element | None = element
    while current is not None:
        parent = current.getparent()
        steps.append(_step(current, prefixes, is_root=parent is None))
        current = parent
    return "/" + "/".join(reversed(steps))


def name_of(tag: str, prefixes: Mapping[str, str], prefix: str | None = None) -> str:
    """Return a name as it is written: ``dcc:item`` for ``{https://ptb.de/dcc}item``."""
    namespace, _, local = tag.rpartition("}")
    known = prefixes.get(namespace[1:], prefix or "") if namespace else ""
    return f"{known}:{local}" if known else local


def _step(element: etree._Element, prefixes: Mapping[str, str], *, is_root: bool) -> str:
    name = name_of(str(element.tag), prefixes, element.prefix)
    if is_root:
        return name
    namespace, _, local = str(element.tag).rpartition("}")
    # Counted by the parser's library: a parent may have hundreds of thousands of children.
    step, names = (f"n:{local}", {"n": namespace[1:]}) if namespace else (local, None)
    before = cast("float", element.xpath(f"count(preceding-sibling::{step})", namespaces=names))
    return f"{name}[{int(before) + 1}]"
