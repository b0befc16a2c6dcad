"""What a kind of document is: how it is known, checked and described, and what else it is good for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.encodings import Encoded
from jialiang.formats.dcc.quantities.model import MeasurementResult
from jialiang.formats.documents.parts import Part
from jialiang.formats.findings import DocumentFinding
from jialiang.kernel.text import Text

Check = Callable[[Part, date | None], list[DocumentFinding]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a list of documents says about each; ``laboratory`` is whoever issued it, of whatever kind it is."""

    version: str = ""
    number: str = ""
    laboratory: Text = Text()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document; ``deeds`` are those of the tools beside checking that it is good for.

    ``quantities`` reads the quantities of a kind that is good for that deed; ``notations`` tells the notations that
    one good for ``convert`` is written in, and ``convert`` writes it in one of them.
    """

    name: str
    text: Text
    fits: Callable[[Part], bool]
    check: Check
    facts: Callable[[Part], Facts]
    deeds: frozenset[str] = frozenset()
    quantities: Callable[[Part], Sequence[MeasurementResult]] = lambda part: ()
    notations: Callable[[], tuple[str, ...]] = tuple
    convert: Callable[[Part, str, Wish], Encoded] = lambda part, notation, wish: Encoded(part.data)
