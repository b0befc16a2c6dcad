"""One certificate as a library sees it: read the bytes, ask for quantities, look them up, take tables away."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from lxml import etree

from jialiang.formats.dcc.errors import NotACertificate
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.model import Formula, MeasurementResult
from jialiang.formats.dcc.quantities.reading import formulas, quantities
from jialiang.formats.dcc.reading_parts import plain
from jialiang.formats.dcc.versions import version_of
from jialiang.formats.xml.parsing import parse_xml


@dataclass(frozen=True)
class Certificate:
    """A DCC of any version; ``source`` are the bytes it was read from, empty where it came as a tree."""

    tree: etree._ElementTree
    source: bytes = field(default=b"", repr=False, compare=False)

    @classmethod
    def read(cls, data: bytes) -> Certificate:
        """Read the XML of a certificate. Raises the errors of ``formats.xml`` and NotACertificate."""
        return replace(cls.of(parse_xml(data)), source=data)

    @classmethod
    def of(cls, tree: etree._ElementTree) -> Certificate:
        """Take a tree that is parsed already. Raises NotACertificate."""
        root = tree.getroot()
        name = etree.QName(root)
        if name.namespace != DCC or name.localname != "digitalCalibrationCertificate":
            raise NotACertificate(root=name.localname[:80], line=root.sourceline)
        return cls(tree)

    @property
    def xml(self) -> bytes:
        """The file itself: the very bytes that were read, else the tree written in UTF-8."""
        written: bytes = self.source or etree.tostring(self.tree, encoding="UTF-8", xml_declaration=True)
        return written

    @property
    def version(self) -> str:
        """The version that the certificate says it is of."""
        return version_of(self.tree)

    @property
    def number(self) -> str:
        """The unique identifier."""
        return plain(self.tree.getroot(), "administrativeData/coreData/uniqueIdentifier")

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the certificate says it is written in, those it must be read in first."""
        core = f"{{{DCC}}}administrativeData/{{{DCC}}}coreData/{{{DCC}}}"
        root = self.tree.getroot()
        named = [
            *root.findall(f"{core}mandatoryLangCodeISO639_1"),
            *root.findall(f"{core}usedLangCodeISO639_1"),
        ]
        return tuple(dict.fromkeys((each.text or "").strip() for each in named))

    def quantities(self) -> tuple[MeasurementResult, ...]:
        """Return every quantity, in document order; read once."""
        return self._quantities

    def formulas(self) -> tuple[Formula, ...]:
        """Return every formula, in document order."""
        return formulas(self.tree)

    def find(
        self, *, ref_type: str = "", name: str = "", language: str = ""
    ) -> tuple[MeasurementResult, ...]:
        """Return the quantities with a refType and a name (in one language, or in any if none is given)."""
        found = self._quantities
        if ref_type:
            found = tuple(each for each in found if ref_type in each.ref_type)
        if name:
            found = tuple(each for each in found if _is_called(each, name, language))
        return found

    @cached_property
    def _quantities(self) -> tuple[MeasurementResult, ...]:
        return quantities(self.tree)


def _is_called(result: MeasurementResult, name: str, language: str) -> bool:
    wanted = name.strip().casefold()
    return any(text.casefold() == wanted and language in ("", tag) for tag, text in result.name)
