"""What a body means: by its operation in a request, by operation and response code in a response.

A response to a request that wished for it (flag RETURN_DIGEST), and every challenge, begins with the digest of the
request's header and body: one byte for the kind, then the digest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jialiang.formats.handle.octets import Octets
from jialiang.formats.handle.values import ResponseCode
from jialiang.formats.handle.wire import bodies
from jialiang.formats.handle.wire.bodies import Body
from jialiang.formats.handle.wire.codes import DIGEST_LENGTHS, HashCode, OpCode, OpFlag
from jialiang.formats.handle.wire.messages import Message
from jialiang.kernel.text import Text

UNKNOWN_DIGEST = Text(zh="未知的摘要种类", en="a kind of digest that is not known here")
_REQUESTS: dict[int, Callable[[Octets], Body]] = {
    OpCode.RESOLVE: bodies.read_question,
    OpCode.SITE_INFO: bodies.read_name_if_any,
    OpCode.CREATE: bodies.read_record_body,
    OpCode.DELETE: bodies.read_name,
    OpCode.ADD_VALUES: bodies.read_record_body,
    OpCode.REMOVE_VALUES: bodies.read_removal,
    OpCode.MODIFY_VALUES: bodies.read_record_body,
    OpCode.LIST_HANDLES: bodies.read_name,
    OpCode.CHALLENGE_ANSWER: bodies.read_challenge_answer,
    OpCode.VERIFY_CHALLENGE: bodies.read_verification,
    OpCode.HOME_PREFIX: bodies.read_name,
    OpCode.UNHOME_PREFIX: bodies.read_name,
    OpCode.LIST_PREFIXES: bodies.read_name,
    OpCode.SESSION_TERMINATE: bodies.read_name_if_any,
    OpCode.LOGIN: bodies.read_question,
    OpCode.LOGIN_ID_SYSTEM: bodies.read_login,
}
_RESPONSES: dict[int, Callable[[Octets], Body]] = {
    OpCode.RESOLVE: bodies.read_record_body,
    OpCode.SITE_INFO: bodies.read_site_body,
    OpCode.CREATE: bodies.read_name_if_any,
    OpCode.LIST_HANDLES: bodies.read_names,
    OpCode.LIST_PREFIXES: bodies.read_names,
    OpCode.VERIFY_CHALLENGE: bodies.read_verdict,
    OpCode.LOGIN: bodies.read_record_body,
}


@dataclass(frozen=True, slots=True)
class RequestDigest:
    """The digest of a request: its kind and its bytes."""

    kind: int
    digest: bytes

    def octets(self) -> bytes:
        """Return what stands before a body."""
        return bytes([self.kind]) + self.digest


@dataclass(frozen=True, slots=True)
class Answered:
    """The body of a response and the digest of the request before it, None where there is none."""

    body: Body
    digest: RequestDigest | None = None

    def octets(self) -> bytes:
        """Return the whole body."""
        return (b"" if self.digest is None else self.digest.octets()) + self.body.octets()


def read_request(message: Message) -> Body:
    """Return what a request asks; :class:`Unread` for operations that are not understood. Raises BadOctets."""
    reader = _REQUESTS.get(message.header.op)
    if reader is None:
        return bodies.Unread(message.body)
    return _whole(reader, Octets(message.body))


def read_response(message: Message) -> Answered:
    """Return what a response says. Raises BadOctets."""
    header, octets = message.header, Octets(message.body)
    digest = _digest(octets) if header.flags & OpFlag.RETURN_DIGEST else None
    if header.response == ResponseCode.SUCCESS:
        reader = _RESPONSES.get(header.op, bodies.read_nothing)
    elif header.response in (ResponseCode.SERVICE_REFERRAL, ResponseCode.PREFIX_REFERRAL):
        reader = bodies.read_referral
    elif header.response == ResponseCode.AUTHENTICATION_NEEDED:
        reader = bodies.read_challenge
    else:
        reader = bodies.read_complaint
    return Answered(_whole(reader, octets), digest)


def _whole(reader: Callable[[Octets], Body], octets: Octets) -> Body:
    body = reader(octets)
    octets.finish("body")
    return body


def _digest(octets: Octets) -> RequestDigest:
    kind = octets.uint8("kind of the digest")
    if kind not in (HashCode.MD5, HashCode.SHA1, HashCode.SHA256):
        raise octets.fault("kind of the digest", UNKNOWN_DIGEST, octets.at - 1)
    return RequestDigest(kind, octets.raw(DIGEST_LENGTHS[HashCode(kind)], "digest of the request"))
