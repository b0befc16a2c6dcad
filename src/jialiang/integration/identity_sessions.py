"""Tokens of identities ``index:handle`` at doors that log in once: the moment and the name, signed.

Nothing is stored: the signature is made with the secret of the installation, and an identity that was revoked is
refused at its next request, whatever its token says. Tokens of one door do not open another.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer

from jialiang.functions.handle_identities import actor_by_key
from jialiang.kernel.errors import NotAllowed
from jialiang.security.actor import Actor

LIFE = timedelta(hours=24)


class IdentitySessions:
    """The tokens of one door, which live for 24 hours; ``door`` is its name."""

    def __init__(self, door: str) -> None:
        self._signer = Signer(salt=f"jialiang.integration.{door}")

    def token(self, identity: str, now: datetime) -> str:
        """Return a token for an identity that has shown who it is."""
        return self._signer.sign(f"{int(now.timestamp())} {identity}")

    def actor(self, token: str, now: datetime) -> Actor | None:
        """Return who acts by a token, None where it opens nothing."""
        try:
            moment, _, identity = self._signer.unsign(token).partition(" ")
            made = datetime.fromtimestamp(int(moment), UTC)
            if not timedelta(seconds=-1) <= now - made < LIFE:
                return None
            return actor_by_key(identity, now)
        except (BadSignature, NotAllowed):
            return None
