"""The question that `loop` asks its own server: when it came.

`loop` sends it from a goroutine that starts before the server listens. So the first one is refused in some runs, and the next
one is sent a second later: in the midst of a test, with its line in the log. Here the loopback interface is listened to until
each has come in, and a test begins then. Sources: plugin/loop/setup.go of CoreDNS, packet(7), RFC 768, RFC 792, RFC 1035 §4.1,
RFC 4443 §3.1, RFC 8200 §3.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from collections.abc import Callable

from ..observe import PROBE

MOST = 4.0
"""Seconds to wait at most."""
TRIES = 2
"""How often a probe is refused at a server that does not speak plain DNS: the second one, at the latest, finds a server at work."""
SOON, GIVEN_UP = 0.5, 2.2
"""Seconds in which most probes are answered, and those after which CoreDNS waits for no answer any more (2, and some). Releases
before 1.13 try an upstream that cannot be reached for a second or two."""
_ALL = 3  # ETH_P_ALL of linux/if_ether.h
_OUTGOING = 4  # PACKET_OUTGOING of linux/if_packet.h: on the loopback interface, each packet is seen a second time
_ICMP, _UDP, _ICMP6 = 1, 17, 58
_NO_PORT = ((_ICMP, b"\3\3"), (_ICMP6, b"\1\4"))
_HINFO = 13


class Probes:
    """Listens for them, from now on."""

    def __init__(self) -> None:
        self.sent: dict[str, float] = {}
        self.answered: set[str] = set()
        self.refused: dict[str, int] = {}
        self.socket: socket.socket | None = None
        with contextlib.suppress(
            OSError
        ):  # some containers do not let one listen; then the wait is as long as it may be
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
        kind, rest = _content(octets)
        refused = False
        if (kind, rest[:2]) in _NO_PORT:  # the packet that was refused follows
            kind, rest = _content(rest[8:])
            refused = True
        name, is_answer = _question(rest[8:]) if kind == _UDP else ("", False)
        if not PROBE.match(name):
            return
        if refused:
            self.sent.pop(name, None)
            self.refused[name] = self.refused.get(name, 0) + 1
        elif is_answer:
            self.answered.add(name)
        else:
            self.sent.setdefault(name, time.monotonic())

    def close(self) -> None:
        """Listen no more."""
        if self.socket is not None:
            self.socket.close()


def _content(octets: bytes) -> tuple[int, bytes]:
    """The protocol of an IP packet's content, and the content. Packets in pieces, or with extensions, are no probes."""
    if octets[:1] and octets[0] >> 4 == 4 and len(octets) >= 20:
        return octets[9], octets[(octets[0] & 15) * 4 :]
    if octets[:1] and octets[0] >> 4 == 6 and len(octets) >= 40:
        return octets[6], octets[40:]
    return 0, b""


def _question(octets: bytes) -> tuple[str, bool]:
    """The name that a DNS message asks for a HINFO record of, '' where it asks for something else; and whether it is an
    answer."""
    labels: list[str] = []
    at = 12
    while at < len(octets) and 0 < octets[at] < 64:
        labels.append(octets[at + 1 : at + 1 + octets[at]].decode("latin-1"))
        at += 1 + octets[at]
    if at + 3 > len(octets) or octets[at] or struct.unpack_from("!H", octets, at + 1)[0] != _HINFO:
        return "", False
    return ".".join([*labels, ""]), bool(octets[2] & 0x80)


__all__ = ["Probes"]
