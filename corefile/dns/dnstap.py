"""dnstap messages: protocol buffers (https://dnstap.info, dnstap.proto), and the frame streams that carry them (fstrm).

Only what a sender needs: fields in the order of their numbers, as protocol buffers are written by Go and others.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

from ..light import NamedTuple

CLIENT_QUERY, CLIENT_RESPONSE, FORWARDER_QUERY, FORWARDER_RESPONSE = 5, 6, 7, 8
INET, INET6 = 1, 2
UDP, TCP = 1, 2
CONTENT_TYPE = b"protobuf:dnstap.Dnstap"
_MESSAGE = 1
_START, _STOP, _READY = 2, 3, 4


class Time(NamedTuple):
    """A moment: seconds since the epoch, and nanoseconds, where they are told."""

    seconds: int
    nanoseconds: int | None = None

    @classmethod
    def of(cls, seconds: float) -> Time:
        """The moment, to the microsecond."""
        micros = round(seconds * 1_000_000)
        return cls(micros // 1_000_000, micros % 1_000_000 * 1000)


class Message(NamedTuple):
    """What is told of one DNS message. Addresses are octets as they are written; what is None is left out."""

    type: int
    family: int | None = None
    protocol: int | None = None
    query_address: bytes | None = None
    response_address: bytes | None = None
    query_port: int | None = None
    response_port: int | None = None
    query_time: Time | None = None
    query: bytes | None = None
    response_time: Time | None = None
    response: bytes | None = None

    def pack(self) -> bytes:
        """The octets."""
        parts = [_number(1, self.type), _number(2, self.family), _number(3, self.protocol)]
        parts += [_octets(4, self.query_address), _octets(5, self.response_address)]
        parts += [_number(6, self.query_port), _number(7, self.response_port)]
        parts += [_time(8, self.query_time), _octets(10, self.query)]
        parts += [_time(12, self.response_time), _octets(14, self.response)]
        return b"".join(parts)


def frame(
    message: Message, identity: bytes | None = None, version: bytes | None = None, extra: bytes | None = None
) -> bytes:
    """A frame: a message, and which server tells of it.

    >>> frame(Message(CLIENT_QUERY, query_port=40212), identity=b"ns1").hex(" ")
    '0a 03 6e 73 31 72 06 08 05 30 94 ba 02 78 01'
    """
    lead = _octets(1, identity) + _octets(2, version) + _octets(3, extra)
    return lead + _octets(14, message.pack()) + _number(15, _MESSAGE)


def stream(frames: Iterable[bytes], *, ready: bool = False) -> bytes:
    """A stream of frames, as a file has it. ready: as a collector gets it, which is asked first whether it takes this
    content."""
    out = [_control(_READY, CONTENT_TYPE)] if ready else []
    out.append(_control(_START, CONTENT_TYPE))
    out += [struct.pack(">I", len(one)) + one for one in frames]
    return b"".join((*out, _control(_STOP)))


def _control(kind: int, content: bytes = b"") -> bytes:
    body = struct.pack(">I", kind) + (struct.pack(">II", 1, len(content)) + content if content else b"")
    return struct.pack(">II", 0, len(body)) + body


def varint(number: int) -> bytes:
    """A number as protocol buffers write it."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _number(field: int, value: int | None) -> bytes:
    return b"" if value is None else varint(field << 3) + varint(value)


def _octets(field: int, value: bytes | None) -> bytes:
    return b"" if value is None else varint(field << 3 | 2) + varint(len(value)) + value


def _time(field: int, value: Time | None) -> bytes:
    """Seconds, and in the field behind them the nanoseconds, in four octets."""
    if value is None:
        return b""
    seconds = _number(field, value.seconds)
    if value.nanoseconds is None:
        return seconds
    return seconds + varint((field + 1) << 3 | 5) + struct.pack("<I", value.nanoseconds)


__all__ = [
    "CLIENT_QUERY",
    "CLIENT_RESPONSE",
    "CONTENT_TYPE",
    "FORWARDER_QUERY",
    "FORWARDER_RESPONSE",
    "INET",
    "INET6",
    "TCP",
    "UDP",
    "Message",
    "Time",
    "frame",
    "stream",
    "varint",
]
