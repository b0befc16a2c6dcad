"""NFC: a URI as an NDEF record (NFC Forum, record type ``U``), and as it lies in the memory of a type 2 tag."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, Unreadable
from jialiang.kernel.text import storable

LONGEST = 4096
_BEGIN_END_SHORT, _BEGIN_END, _SHORT, _WELL_KNOWN = 0xD1, 0xC1, 0x10, 0x01
_TYPE = b"U"
_ABBREVIATIONS = (
    "", "http://www.", "https://www.", "http://", "https://", "tel:", "mailto:", "ftp://anonymous:anonymous@",
    "ftp://ftp.", "ftps://", "sftp://", "smb://", "nfs://", "ftp://", "dav://", "news:", "telnet://", "imap:", "rtsp://",
    "urn:", "pop:", "sip:", "sips:", "tftp:", "btspp://", "btl2cap://", "btgoep://", "tcpobex://", "irdaobex://",
    "file://", "urn:epc:id:", "urn:epc:tag:", "urn:epc:pat:", "urn:epc:raw:", "urn:epc:", "urn:nfc:",
)  # fmt: skip
_MESSAGE_TLV, _TERMINATOR_TLV, _LONG_LENGTH = 0x03, 0xFE, 0xFF


class UriUnsuitable(InvalidInput):
    """The URI is empty, too long, or has a character that no URI has; facts: ``uri``."""

    code = "JL-CAR-001"


class NotAnNdefUri(Unreadable):
    """The bytes are not one NDEF record with a URI; facts: ``reason``."""

    code = "JL-CAR-002"


def uri_message(uri: str) -> bytes:
    """Return an NDEF message of one URI record; its beginning is abbreviated. Raises UriUnsuitable."""
    if not uri or len(uri.encode("utf-8", "replace")) > LONGEST or not uri.isprintable() or " " in uri:
        raise UriUnsuitable(uri=storable(uri, 80))
    known = [i for i, begin in enumerate(_ABBREVIATIONS) if begin and uri.startswith(begin)]
    code = max(known, key=lambda i: len(_ABBREVIATIONS[i]), default=0)
    payload = bytes([code]) + uri[len(_ABBREVIATIONS[code]) :].encode()
    if len(payload) < 256:
        return bytes([_BEGIN_END_SHORT, len(_TYPE), len(payload)]) + _TYPE + payload
    return bytes([_BEGIN_END, len(_TYPE)]) + len(payload).to_bytes(4) + _TYPE + payload


def uri_of(message: bytes) -> str:
    """Return the URI of an NDEF message that :func:`uri_message` could have written. Raises NotAnNdefUri."""
    if len(message) < 5 or message[0] not in (_BEGIN_END_SHORT, _BEGIN_END) or message[1] != len(_TYPE):
        raise NotAnNdefUri(reason="header")
    size = 1 if message[0] & _SHORT else 4
    begin = 2 + size
    length = int.from_bytes(message[2:begin])
    payload = message[begin + len(_TYPE) :]
    if message[begin : begin + len(_TYPE)] != _TYPE or len(payload) != length or not payload:
        raise NotAnNdefUri(reason="length")
    if payload[0] >= len(_ABBREVIATIONS):
        raise NotAnNdefUri(reason="abbreviation")
    try:
        return _ABBREVIATIONS[payload[0]] + payload[1:].decode()
    except UnicodeDecodeError as problem:
        raise NotAnNdefUri(reason="UTF-8") from problem


def type_2_memory(message: bytes) -> bytes:
    """Return a message as it is written to the user memory of a type 2 tag: block of its length, message, end."""
    length = (
        bytes([len(message)])
        if len(message) < _LONG_LENGTH
        else bytes([_LONG_LENGTH]) + len(message).to_bytes(2)
    )
    return bytes([_MESSAGE_TLV]) + length + message + bytes([_TERMINATOR_TLV])
