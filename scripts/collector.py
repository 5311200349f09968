"""What `dnstap` sends: a collector of its frames, and what is in one."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

from listening import Listener, fields

from corefile.dns import dnstap, wire
from corefile.plugins._backend import LOCAL_PORT
from corefile.testing.observe import PROBE

TYPES = {
    dnstap.CLIENT_QUERY: "client query",
    dnstap.CLIENT_RESPONSE: "client response",
    dnstap.FORWARDER_QUERY: "forwarder query",
    dnstap.FORWARDER_RESPONSE: "forwarder response",
}
READY, ACCEPT, FINISH = 4, 1, 5
"""Control frames of a frame stream (fstrm) that a collector has to do with."""
SIZED = re.compile(r"^\d+ (?=\S+ IN$)")
"""The size of a probe in an `extra`: its name has any length."""
FLUSH = 1.4
"""Seconds in which CoreDNS has sent what it has to tell."""


class Collector(Listener):
    """Takes frames at a port of 127.0.0.1, until `close`. frames: those that have come."""

    def __init__(self, port: int) -> None:
        self.frames: list[bytes] = []
        super().__init__(port, self._read)

    def _read(self, sock: socket.socket) -> None:
        with sock, sock.makefile("rb") as file:
            while len(size := file.read(4)) == 4:
                if any(size):
                    self.frames.append(file.read(*struct.unpack("!I", size)))
                    continue
                control = file.read(*struct.unpack("!I", file.read(4)))
                if control[:4] == struct.pack("!I", READY):
                    sock.sendall(struct.pack("!II", 0, len(control)) + struct.pack("!I", ACCEPT) + control[4:])


def told(frame: bytes, own_port: bool) -> dict[str, Any]:
    """What a frame says, with which times it has in place of the times. own_port: whether CoreDNS says from which port
    it asks."""
    outer = fields(frame)
    found = fields(outer[14])
    kind = TYPES[found[1]]
    out: dict[str, Any] = {"type": kind, "family": found.get(2), "protocol": found.get(3)}
    out |= {"times": sorted({8, 9, 12, 13} & set(found))}
    for name, number in (("identity", 1), ("version", 2), ("extra", 3)):
        text = outer.get(number)
        out[name] = None if text is None else PROBE.sub("<probe>.", text.decode("latin-1"))
    for name, number in (("query address", 4), ("response address", 5)):
        out[name] = str(ip_address(found[number])) if number in found else None
    for name, number in (("query port", 6), ("response port", 7)):
        out[name] = found.get(number)
    if own_port and kind.startswith("forwarder"):
        del out["query port"]
    for name, number in (("query", 10), ("response", 14)):
        out[name] = None if number not in found else shown(found[number])
    return out


def shown(octets: bytes) -> str:
    """A message in short, without its id: CoreDNS draws those of its own questions."""
    try:
        msg = wire.unpack(octets)
    except ValueError:
        return octets.hex()
    counts = len(msg.answer), len(msg.ns), len(msg.extra)
    words = f"{wire.flags_of(msg):#x} {msg.question} {counts} {msg.edns}"
    return PROBE.sub("<probe>.", words)


def on_one_port(sent: Sequence[dict[str, Any]], made: Sequence[dict[str, Any]]) -> None:
    """Give all questions that CoreDNS asks itself the port that those of the simulator come from: in each of the frames that
    were `sent` by CoreDNS, and in its `extra`. Questions of clients come from the ports that are in those `made` by the
    simulator, too."""
    known = {frame.get("query port") for frame in made}
    own = {frame.get("query port") for frame in sent} - known - {None}
    for frame in sent:
        if frame.get("query port") in own:
            frame["query port"] = LOCAL_PORT
        for port in own if frame["extra"] else ():
            frame["extra"] = frame["extra"].replace(str(port), str(LOCAL_PORT))
    for frame in (*sent, *made):
        if frame.get("query port") == LOCAL_PORT and frame["extra"]:
            frame["extra"] = SIZED.sub("<size> ", frame["extra"])


def clients(frames: Sequence[dict[str, Any]], loop: bool) -> int:
    """How many frames are about clients. loop: whether the probes of `loop` are none: where one is not answered, it comes
    again, and how often is up to the time."""
    return sum(x["type"].startswith("client") and not (loop and x["query port"] == LOCAL_PORT) for x in frames)


__all__ = ["FLUSH", "Collector", "clients", "on_one_port", "told"]
