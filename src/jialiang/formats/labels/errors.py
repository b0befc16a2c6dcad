"""What may go wrong with labels; the words stand in ``kernel/error_texts/lab.json``."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, NotFound


class BadTemplate(InvalidInput):
    """A template cannot be used; facts: ``template``, ``place``, ``reason``."""

    code = "JL-LAB-001"


class UnknownTemplate(NotFound):
    """There is no template of this name; facts: ``template``, ``known``."""

    code = "JL-LAB-002"


class SymbolTooFine(InvalidInput):
    """The modules of a symbol would be finer than a printer draws; facts: ``text``, ``module``, ``least`` (mm)."""

    code = "JL-LAB-003"


class UnknownSheet(NotFound):
    """There is no sheet of this name; facts: ``sheet``, ``known``."""

    code = "JL-LAB-004"


class LabelTooLarge(InvalidInput):
    """The label does not fit the places of the sheet; facts: ``template``, ``label``, ``sheet``, ``place`` (mm)."""

    code = "JL-LAB-005"


class NeedsGraphics(InvalidInput):
    """A label printer's own font cannot draw this; facts: ``text``."""

    code = "JL-LAB-006"


class BadLabelValue(InvalidInput):
    """What should stand on a label cannot; facts: ``member``, ``given``."""

    code = "JL-LAB-007"


class NothingToPrint(InvalidInput):
    """No label was asked for, or more than can be set at once; facts: ``count``, ``most``."""

    code = "JL-LAB-008"


class BadLabelData(InvalidInput):
    """A table of labels cannot be read; facts: ``place``, ``reason``."""

    code = "JL-LAB-010"


class UnknownLabelFormat(InvalidInput):
    """The name of the file does not say how labels are written; facts: ``file``."""

    code = "JL-LAB-011"


class LabelTextTooLong(InvalidInput):
    """Words do not fit their box even in the smallest letters; facts: ``text``."""

    code = "JL-LAB-012"


class DesignTooFull(InvalidInput):
    """A design asks for more than fits on its label; facts: ``lines``, ``needed``, ``room`` (mm)."""

    code = "JL-LAB-013"


class BadLogo(InvalidInput):
    """A picture cannot be the logo of labels; facts: ``reason``."""

    code = "JL-LAB-014"


class BadGrid(InvalidInput):
    """A grid of labels on A4 cannot be read or does not lie on the sheet; facts: ``given``."""

    code = "JL-LAB-015"
