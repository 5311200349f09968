"""How the differential asks a binary: the message of a step, its way in each transport, and what comes back.

A step is as in a test file (docs/testing.md). What a test cannot say:

    id: 7                       the ID of the message
    serial: 7                   of the SOA record that an IXFR has
    spoilt: {mac: true, ...}    what is wrong with its signature, see `signed`
    octets: 00ff...             the message as it is sent, in hex, whatever `query` says
    port: tls                   the server that is asked, by its transport, where that is not the step's own
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from corefile import api
from corefile.dns import codes, tsig, wire
from corefile.dns.message import Msg
from corefile.dns.rr import RR
from corefile.testing.observe import edns_of, key_of
from corefile.testing.real.asking import carry, kind_of, read, secured

PATIENCE = 4.0
"""Seconds to wait for a reply, or for a binary to say something."""
BRIEF = 0.4
"""Seconds to wait where no reply is expected."""
WITHOUT_ID = frozenset(("quic", "https3"))
"""Transports whose messages have ID 0."""


def message(step: dict[str, Any]) -> Msg:
    """The query of a step, without its signature."""
    name, *rest = step["query"].split()
    msg = api.message(
        name,
        rest[-1],
        rest[0] if len(rest) == 2 else "IN",
        edns=edns_of(step["edns"]) if "edns" in step else None,
        flags=str(step.get("flags", "rd")),
        opcode=step.get("opcode", "QUERY"),
        id=step.get("id", 0 if step.get("transport") in WITHOUT_ID else None),
    )
    if "serial" in step:
        msg.ns = [RR(name, codes.SOA, codes.IN, 0, ("ns.", "host.", step["serial"], 1, 1, 1, 1))]
    return msg


def signed(step: dict[str, Any], key: tsig.Key) -> Msg:
    """The query of a step with its signature. `spoilt` in a step: `seconds` by which it is late, whether its `mac` is
    wrong, the octets that a `cut` leaves of it, the `id` that it says the message has, another `fudge`, or a record
    `behind` it."""
    spoilt = step.get("spoilt", {})
    msg = key.signs(message(step), time.time() - spoilt.get("seconds", 0))
    name, was = msg.extra[-1].name, tsig.fields(msg.extra[-1])
    has = {"time": was.time, "fudge": spoilt.get("fudge", was.fudge), "id": spoilt.get("id", was.id)}
    msg.extra[-1] = tsig.record(name, was.algorithm, **has)
    with contextlib.suppress(tsig.BadSecret):
        key.mac = tsig.mac_of(msg, key.secret)
    key.mac = bytes((key.mac[0] ^ spoilt.get("mac", False), *key.mac[1:]))[: spoilt.get("cut")]
    msg.extra[-1] = tsig.record(name, was.algorithm, mac=key.mac, **has)
    if spoilt.get("behind"):
        msg.extra.append(RR("a.", codes.A, codes.IN, 0, ("10.0.0.1",)))
    return msg


class Answer(NamedTuple):
    """What came back: messages in octets, of which a transfer has several, and what the transport says beside them."""

    messages: list[bytes]
    beside: dict[str, Any]


class Client:
    """A socket of its own for the query of a step. port: where the query comes from. server: its address and port.
    octets: what is sent. key: what it is signed with."""

    def __init__(self, step: dict[str, Any], port: int) -> None:
        self.step = step
        self.transport = str(step.get("transport") or "udp")
        self.key = key_of(step)
        if "octets" in step:
            self.octets = bytes.fromhex(step["octets"])
        else:
            self.octets = wire.pack(message(step) if self.key is None else signed(step, self.key))
        self.server = (str(step.get("to") or "127.0.0.1"), port)
        family = socket.AF_INET6 if ":" in self.server[0] else socket.AF_INET
        self.socket = socket.socket(family, kind_of(self.transport))
        self.address = str(step.get("from") or ("::1" if family == socket.AF_INET6 else "127.0.0.1"))
        self.socket.bind((self.address, 0))
        self.port: int = self.socket.getsockname()[1]

    @property
    def streams(self) -> bool:
        """Whether several messages may come back."""
        return self.transport in ("tcp", "tls")

    def ask(self, patience: float, messages: int = 1) -> Answer:
        """What comes back; no more than so many messages."""
        beside: dict[str, Any] = {}
        out: list[bytes] = []
        with self.socket as sock, contextlib.suppress(OSError, EOFError, struct.error, http.client.HTTPException):
            if self.streams and messages > 1:
                sock.settimeout(patience)
                sock.connect(self.server)
                with secured(self.step, self.transport, sock) as stream:
                    self._converse(stream, messages, out)
            else:
                step = {**self.step, "timeout": patience}
                came = carry(step, self.transport, self.octets, sock, self.server, beside)
                out += [came] if came else []
        return Answer(out, beside)

    def _converse(self, stream: socket.socket, messages: int, out: list[bytes]) -> None:
        stream.sendall(struct.pack("!H", len(self.octets)) + self.octets)
        while len(out) < messages:
            out.append(read(stream, struct.unpack("!H", read(stream, 2))[0]))
            stream.settimeout(BRIEF)
            if complete(out):
                break


def complete(octets: list[bytes]) -> bool:
    """Whether nothing more comes of a transfer."""
    try:
        found = [rr for one in octets for rr in wire.unpack(one).answer]
    except ValueError:
        return True
    return not found or (len(found) > 1 and found[-1].type == codes.SOA)


def joined(octets: list[bytes]) -> Msg:
    """A transfer as one message: where one ends and the next begins follows from the order of records, which is free.
    Raises ValueError."""
    messages = [wire.unpack(one) for one in octets]
    messages[0].answer = [rr for message in messages for rr in message.answer]
    return messages[0]


def verdict(octets: Sequence[bytes], key: tsig.Key) -> str:
    """What a client says to the signatures of an answer, message by message, each word once."""
    return " ".join(dict.fromkeys(key.check_all(octets, time.time())))


__all__ = ["BRIEF", "PATIENCE", "Answer", "Client", "complete", "joined", "message", "signed", "verdict"]
