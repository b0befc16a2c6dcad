"""One document: its name and bytes, parsed once when somebody asks."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from lxml import etree

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.json_documents.reading import read_json
from jialiang.formats.xml.parsing import DEFAULT_LIMITS, XmlLimits, parse_xml

T = TypeVar("T")
_MARK_WITHIN = 1024


@dataclass(frozen=True)
class Part:
    """A document as it lies in a file, or in an archive or PDF (``name`` is then ``archive.zip/file.xml``).

    ``around`` is a wrapping that is itself checked, with the first of the documents in it; ``is_opened`` marks such
    a wrapping, so that it is not opened again. ``weight`` are bytes unpacked for it beyond its own.
    """

    name: str
    data: bytes = field(repr=False)
    limits: XmlLimits = DEFAULT_LIMITS
    around: Part | None = field(default=None, repr=False)
    is_opened: bool = False
    weight: int = 0
    _read: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def tree(self) -> etree._ElementTree:
        """The XML tree. Raises the errors of ``formats.xml``."""
        return parse_xml(self.data, self.limits)

    @property
    def root(self) -> etree.QName:
        """Namespace and name of the root element. Raises the errors of ``formats.xml``."""
        return etree.QName(self.tree.getroot())

    @cached_property
    def certificate(self) -> Certificate:
        """The certificate. Raises NotACertificate and the errors of ``formats.xml``."""
        return Certificate.of(self.tree)

    @property
    def is_json(self) -> bool:
        """Whether it begins as a JSON object or array does."""
        return _begins(self.data).startswith((b"{", b"["))

    @property
    def is_xml(self) -> bool:
        """Whether it begins as XML in an encoding that keeps ASCII does."""
        return _begins(self.data).startswith(b"<")

    @cached_property
    def json(self) -> Any:
        """The value that it holds as JSON. Raises the errors of ``formats.json_documents``."""
        return read_json(self.data)

    def once(self, read: Callable[[bytes], T]) -> T:
        """Return what ``read`` makes of the bytes, and read only once. Raises what ``read`` raises."""
        if read not in self._read:
            self._read[read] = read(self.data)
        found: T = self._read[read]
        return found


def _begins(data: bytes) -> bytes:
    return data[:_MARK_WITHIN].lstrip(codecs.BOM_UTF8 + b" \t\r\n")
