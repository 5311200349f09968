"""Servers that fail, for a real CoreDNS."""

from __future__ import annotations

import socket

import pytest

from corefile.api import message
from corefile.dns import wire
from corefile.testing.real import upstreams
from corefile.testing.real.process import CannotRun
from corefile.testing.real.upstreams import Failing, Upstreams

QUERY = wire.pack(message("a.test", "A"))


@pytest.fixture
def port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        found: int = sock.getsockname()[1]
    return found


def over_udp(port: int) -> bytes | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.5)
        sock.sendto(QUERY, ("127.0.0.1", port))
        try:
            return sock.recv(4096)
        except TimeoutError:
            return None


def test_a_response_code(port: int) -> None:
    server = Failing("127.0.0.1", port, {"rcode": "SERVFAIL"})
    reply = over_udp(port)
    assert reply is not None
    assert (wire.unpack(reply).rcode, wire.unpack(reply).qr) == (2, True)
    with socket.create_connection(("127.0.0.1", port), timeout=2) as sock:
        sock.sendall(len(QUERY).to_bytes(2, "big") + QUERY)
        assert sock.recv(4096)[2:] == reply
    server.stop()


def test_truncated_and_silent(port: int) -> None:
    server = Failing("127.0.0.1", port, {"fault": "truncated"})
    reply = over_udp(port)
    assert reply is not None
    assert wire.unpack(reply).tc
    server.stop()
    server = Failing("127.0.0.1", port, {"fault": "timeout"})
    assert over_udp(port) is None
    server.stop()


def test_without_other_machines_a_fault_is_said_to_be_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than asked of CoreDNS itself."""
    added: list[str] = []

    def machine(address: str, source: str) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(upstreams, "Machine", machine)
    monkeypatch.setattr(upstreams, "add_address", added.append)
    with pytest.raises(CannotRun, match="takes a virtual Ethernet \\(Operation not supported\\)"):
        Upstreams("coredns", ()).change({"10.0.0.53": None})
    Upstreams("coredns", ["10.0.0.53"]).change({"10.0.0.53": None})
    assert added == ["10.0.0.53"]
