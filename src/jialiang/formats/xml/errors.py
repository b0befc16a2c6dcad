"""What can be wrong with XML before its meaning is looked at; every error says where."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, Unreadable


class XmlTooLarge(InvalidInput):
    """The document has more bytes than the limit allows; facts: size, limit."""

    code = "JL-XML-001"
    http_status = 413


class XmlNotWellFormed(Unreadable):
    """The bytes are no well-formed XML; facts: line, column, detail (of the parser, English)."""

    code = "JL-XML-002"


class DoctypeRefused(InvalidInput):
    """The document carries a DOCTYPE, and with it entities or outside files; facts: line, column."""

    code = "JL-XML-003"


class XmlTooDeep(InvalidInput):
    """Elements are nested deeper than the limit; facts: line, column, limit."""

    code = "JL-XML-004"


class TooManyAttributes(InvalidInput):
    """One element has more attributes than the limit; facts: line, column, limit."""

    code = "JL-XML-005"


class XIncludeRefused(InvalidInput):
    """The document asks for other files by XInclude; facts: line, column."""

    code = "JL-XML-006"


class ProcessingInstructionRefused(InvalidInput):
    """The document holds an instruction to programs; facts: line, column, target."""

    code = "JL-XML-007"


class EncodingRefused(Unreadable):
    """The document is in a character encoding that is not read here; facts: line, column, encoding."""

    code = "JL-XML-008"


class TooManyElements(InvalidInput):
    """The document has more elements than the limit; facts: line, column, limit."""

    code = "JL-XML-009"


class ForbiddenCharacter(InvalidInput):
    """A text holds a character that XML cannot carry; facts: character, text."""

    code = "JL-XML-010"


class NotCanonicalizable(InvalidInput):
    """Canonical XML knows no form of the document, for instance because a namespace is a relative address."""

    code = "JL-XML-012"


class TooManyNamespaces(InvalidInput):
    """The document declares so many namespaces that it is expensive to canonicalize; facts: prefixes, elements."""

    code = "JL-XML-011"


class EncodingMismatch(XmlNotWellFormed):
    """Bytes are not of the declared encoding; facts: line, column, byte, encoding, fitting (what would fit)."""

    code = "JL-XML-013"
