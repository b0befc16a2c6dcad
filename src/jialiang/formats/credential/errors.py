"""What can be wrong with a conformity credential before its content is looked at."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, JialiangError, Unreadable


class NotACredential(InvalidInput):
    """The document is no verifiable credential; facts: found."""

    code = "JL-VC-001"


class NotAToken(Unreadable):
    """The token that envelops a credential cannot be read; facts: reason."""

    code = "JL-VC-002"


class IssuerNotADid(InvalidInput):
    """The issuer is not named by a DID; facts: issuer."""

    code = "JL-VC-003"


class TokenProblem(InvalidInput):
    """Why the signature of a token does not hold: the root of all reasons."""


class AlgorithmRefused(TokenProblem):
    """The token is signed with an algorithm that is not accepted; facts: algorithm."""

    code = "JL-VC-004"


class TokenAltered(TokenProblem):
    """The signature does not fit the token and the key."""

    code = "JL-VC-005"


class UnfitTokenKey(TokenProblem):
    """The key is not on the curve P-256, so ES256 cannot be made or checked with it."""

    code = "JL-VC-006"


class TokenSigningFailed(JialiangError):
    """What the signer returned does not fit its certificate."""

    code = "JL-VC-007"


class MissingForCredential(InvalidInput):
    """The certificate lacks what a credential must say; facts: element."""

    code = "JL-VC-008"


class NotEnveloped(InvalidInput):
    """A token is asked for, but the credential is not enveloped in one."""

    code = "JL-VC-009"


class NotAPublicKey(InvalidInput):
    """A file that should hold the issuer's public key, or a certificate with it, holds neither."""

    code = "JL-VC-010"


class KeyNotCarried(InvalidInput):
    """A token names its key but does not carry its certificate, so nothing offline tells who signed; facts: key."""

    code = "JL-VC-011"
