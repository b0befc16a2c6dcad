"""What can be wrong with a certificate as a DCC."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput


class NotACertificate(InvalidInput):
    """The XML is no digital calibration certificate; facts: root, line."""

    code = "JL-DCC-001"


class UnsupportedVersion(InvalidInput):
    """The certificate is of a version that is not read here; facts: version, line."""

    code = "JL-DCC-002"


class MissingContent(InvalidInput):
    """The content lacks something that a DCC must have; facts: place."""

    code = "JL-DCC-003"


class UnevenColumns(InvalidInput):
    """The columns of a result table, or the lists of a column, have different lengths; facts: table, column."""

    code = "JL-DCC-004"


class UnknownReference(InvalidInput):
    """A column names a method or an equipment that the content does not have; facts: table, column, key."""

    code = "JL-DCC-005"


class NotDecimalText(InvalidInput):
    """A number is not written as decimal text; facts: place, text."""

    code = "JL-DCC-006"


class CoverageNotAllowed(InvalidInput):
    """A coverage factor is below 1 or a probability above 1, which D-SI cannot say; facts: place, text."""

    code = "JL-DCC-007"


class CovarianceNotAllowed(InvalidInput):
    """The covariance matrix of a column is none, or cannot be said in D-SI; facts: place, reason."""

    code = "JL-DCC-008"


class UnknownVersion(InvalidInput):
    """The certificate states a version of the DCC that does not exist; facts: version, known, line."""

    code = "JL-DCC-011"
