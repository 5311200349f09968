"""The question that `loop` asks its own server: when it came.

`loop` sends it from a goroutine that starts before the server listens. So the first one is refused in some runs, and the next
one is sent a second later: in the midst of a test, with its line in the log. Here the loopback interface is listened to until
each has come in, and a test begins then. Sources: plugin/loop/setup.go of CoreDNS, packet(7), RFC 792, RFC 1035 §4.1,
RFC 4443 §3.1, RFC 8200 §3.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable

from ...light import regex

MOST = 4.0
"""Seconds to wait at most."""
TRIES = 2
"""How often a probe is refused at a server that does not speak plain DNS: the second one, at the latest, finds a server at work."""
SOON, GIVEN_UP = 0.5, 2.2
"""Seconds in which most probes are answered, and those after which CoreDNS waits for no answer any more (2, and some). Releases
before 1.13 try an upstream that cannot be reached for a second or two."""
_ALL = 3  # ETH_P_ALL of linux/if_ether.h
_OUTGOING = 4  # PACKET_OUTGOING of linux/if_packet.h: on the loopback interface, each packet is seen a second time
_PROBE = regex(rb"(?s)(.).\x00\x01.{6}((?:[\x0f-\x13][0-9]{15,19}){2}[^\x00]*)\x00\x00\x0d")
"""A DNS message that asks for the HINFO record of a name that begins with two long numbers: the octet that says whether it is an
answer, and the name, both behind the ID."""
_REFUSED = regex(rb"(?s)\x45.{8}\x01.{10}\x03\x03|[\x60-\x6f].{5}\x3a.{33}\x01\x04")
"""How an ICMP packet begins that says that nobody listens at a port, of IPv4 and of IPv6. The packet that was refused follows."""


class Probes:
    """Listens for them, from now on."""

    def __init__(self) -> None:
        self.sent: dict[bytes, float] = {}
        self.answered: set[bytes] = set()
        self.refused: dict[bytes, int] = {}
        self.socket: socket.socket | None = None
        with contextlib.suppress(OSError):  # some containers forbid it, and the wait is the longest
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ALL))
            self.socket.bind(("lo", _ALL))

    def wait(self, number: int, has_ended: Callable[[], bool], slow: float) -> float:
        """Wait until that many have come in, and are answered or were sent that many seconds ago; or until the server has ended.
        How many seconds ago the last one was sent that has no answer; 0 where all have."""
        end = time.monotonic() + MOST
        while (now := time.monotonic()) < end and self._come(now, slow) < number and not has_ended():
            if self.socket is None:
                time.sleep(0.01)
                continue
            self.socket.settimeout(0.02)
            with contextlib.suppress(TimeoutError):
                octets, (_, _, kind, *_) = self.socket.recvfrom(65536)
                if kind != _OUTGOING:
                    self._seen(octets)
        return now - max((at for name, at in self.sent.items() if name not in self.answered), default=now)

    def _come(self, now: float, slow: float) -> int:
        sent = (name for name, at in self.sent.items() if now - at > slow)
        return len(self.answered.union(sent, (name for name, times in self.refused.items() if times >= TRIES)))

    def _seen(self, octets: bytes) -> None:
        """A packet, which may be any."""
        found = _PROBE.search(octets)
        if found is None:
            return
        flags, name = found.groups()
        if _REFUSED.match(octets):
            self.sent.pop(name, None)
            self.refused[name] = self.refused.get(name, 0) + 1
        elif flags >= b"\x80":
            self.answered.add(name)
        else:
            self.sent.setdefault(name, time.monotonic())

    def close(self) -> None:
        """Listen no more."""
        if self.socket is not None:
            self.socket.close()


__all__ = ["Probes"]
