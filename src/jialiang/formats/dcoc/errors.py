"""What can be wrong with a certificate of conformity before its content is looked at."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, NotFound


class NotACertificateOfConformity(InvalidInput):
    """The document is no certificate of conformity in a notation that is read here; facts: found, line."""

    code = "JL-COC-001"


class ForeignContext(InvalidInput):
    """A JSON-LD document refers to a context elsewhere, which is never fetched; facts: context."""

    code = "JL-COC-002"


class NotRdf(InvalidInput):
    """The document is no RDF that can be read; facts: detail (of the parser, English)."""

    code = "JL-COC-003"


class SeveralCertificates(InvalidInput):
    """The RDF describes several certificates, or none; facts: count."""

    code = "JL-COC-004"


class UnfitText(InvalidInput):
    """A text holds a character that not every notation can carry; facts: path, character."""

    code = "JL-COC-005"


class UnfitIdentifier(InvalidInput):
    """The identifier of the certificate is no IRI, so nothing can be said about it in RDF; facts: identifier."""

    code = "JL-COC-006"


class UnknownForm(NotFound):
    """A certificate of conformity is not written in this form; facts: form, known."""

    code = "JL-COC-007"


class MissingElement(InvalidInput):
    """What is to be made needs something that the data lack; facts: element."""

    code = "JL-COC-008"


class NotConforming(InvalidInput):
    """The certificate states no conformity, or states non-conformity; facts: number."""

    code = "JL-COC-009"


class UnfitLanguage(InvalidInput):
    """A tag of a language is not formed as one, so RDF cannot carry the text; facts: path, tag."""

    code = "JL-COC-010"
