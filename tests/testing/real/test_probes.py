"""When the probes of `loop` have come: what is seen on the loopback interface, as packets."""

from __future__ import annotations

import struct
import time

import pytest

from corefile.api import message
from corefile.dns import wire
from corefile.dns.names import fqdn
from corefile.testing.real.probes import MOST, SOON, Probes

ONE, OTHER = "5577006791947779410.8674665223082153551.", "4037200794235010051.6129484611666145821.a.example."


def datagram(name: str, kind: str = "HINFO", *, answer: bool = False, ipv6: bool = False) -> bytes:
    msg = message(fqdn(name), kind)
    msg.qr = answer
    octets = wire.pack(msg)
    return packet(17, struct.pack("!HHHH", 40000, 53, 8 + len(octets), 0) + octets, ipv6=ipv6)


def packet(protocol: int, content: bytes, *, ipv6: bool = False) -> bytes:
    if ipv6:
        return struct.pack("!IHBB", 6 << 28, len(content), protocol, 64) + bytes(32) + content
    return struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(content), 0, 0, 64, protocol, 0) + bytes(8) + content


def refusal(of: bytes, *, ipv6: bool = False) -> bytes:
    head = bytes((1, 4)) if ipv6 else bytes((3, 3))
    return packet(58 if ipv6 else 1, head + bytes(6) + of, ipv6=ipv6)


def waits(probes: Probes, number: int) -> bool:
    """Whether there is more to wait for; the process that is asked has ended otherwise."""
    asked = []
    probes.wait(number, lambda: bool(asked.append(1)) or len(asked) > 1, SOON)
    return bool(asked)


@pytest.mark.parametrize("ipv6", [False, True])
def test_a_probe_that_is_refused_is_waited_for_until_the_next_one_is_answered(ipv6: bool) -> None:
    """The kind: a question that CoreDNS asks itself before it listens, and once more a second later."""
    probes = Probes()
    sent = datagram(ONE, ipv6=ipv6)
    for octets in (sent, refusal(sent, ipv6=ipv6), sent):
        probes._seen(octets)
        assert waits(probes, 1)
    probes._seen(datagram(ONE, answer=True, ipv6=ipv6))
    assert not waits(probes, 1)
    assert waits(probes, 2)
    probes._seen(datagram(OTHER, answer=True))
    assert not waits(probes, 2)
    probes.close()


def test_a_server_without_plain_dns_refuses_each() -> None:
    probes = Probes()
    for expected in (True, False):
        probes._seen(datagram(ONE))
        probes._seen(refusal(datagram(ONE)))
        assert waits(probes, 1) is expected
    probes.close()


def test_a_slow_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    probes = Probes()
    probes._seen(datagram(ONE))
    assert waits(probes, 1)
    monkeypatch.setattr("corefile.testing.real.probes.time.monotonic", lambda: now + 1)
    assert not waits(probes, 1)
    assert SOON < probes.wait(1, lambda: False, SOON) <= 1
    probes._seen(datagram(ONE, answer=True))
    assert probes.wait(1, lambda: False, SOON) == 0
    probes.close()


def test_other_packets_are_none() -> None:
    probes = Probes()
    for octets in (datagram("www.example."), datagram(ONE, "A"), datagram(ONE)[:45], b"", b"\x45", packet(6, b"x")):
        probes._seen(octets)
    assert (probes.sent, probes.answered) == ({}, set())
    probes.close()


def test_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    probes = Probes()
    probes.close()
    probes.socket = None
    now = time.monotonic()
    times = iter((now, now, now + MOST + 1))
    monkeypatch.setattr("corefile.testing.real.probes.time.monotonic", lambda: next(times))
    assert probes.wait(1, lambda: False, SOON) == 0
