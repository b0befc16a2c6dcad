"""One document: its name and bytes, parsed once when somebody asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.xml.parsing import DEFAULT_LIMITS, XmlLimits, parse_xml


@dataclass(frozen=True)
class Part:
    """A document as it lies in a file, or in an archive or PDF (``name`` is then ``archive.zip/file.xml``)."""

    name: str
    data: bytes = field(repr=False)
    limits: XmlLimits = DEFAULT_LIMITS

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
