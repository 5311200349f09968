"""What the servers of the differential share: connections at a port of 127.0.0.1, and messages of protocol buffers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any


class Listener:
    """A port of 127.0.0.1 until `close`. converse: called with each connection, in a thread of its own."""

    def __init__(self, port: int, converse: Callable[[socket.socket], None]) -> None:
        self.converse = converse
        self.listening = socket.create_server(("127.0.0.1", port), backlog=16)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self.listening.shutdown(socket.SHUT_RDWR)  # which wakes `accept`
        self.listening.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self.converse, args=(sock,), daemon=True).start()


_given: set[int] = set()


def free_port() -> int:
    """A port of 127.0.0.1 where nothing listens, over UDP and TCP, and which this has not given before."""
    while True:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        ):
            tcp.bind(("127.0.0.1", 0))
            port: int = tcp.getsockname()[1]
            try:
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            if port not in _given:
                _given.add(port)
                return port


def fields(octets: bytes) -> dict[int, Any]:
    """The fields of a message of protocol buffers, by their numbers: numbers and octets."""
    out: dict[int, Any] = {}
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            octet = octets[at]
            at, value, shift = at + 1, value | (octet & 0x7F) << shift, shift + 7
            if octet < 0x80:
                return value

    while at < len(octets):
        key = number()
        size = {0: 0, 1: 8, 5: 4}.get(key & 7)
        if size is None:
            size = number()
        out[key >> 3] = number() if key & 7 == 0 else octets[at : at + size]
        at += size
    return out


__all__ = ["Listener", "fields", "free_port"]
