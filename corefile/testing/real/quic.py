"""DNS over QUIC (RFC 9250) and over HTTP/3 (RFC 9114): package aioquic, of the extra `against`."""

from __future__ import annotations

import base64
import socket
import ssl
import struct
import time
from typing import Any

import aioquic.h3.connection
import aioquic.h3.events
import aioquic.quic.configuration
import aioquic.quic.connection
import aioquic.quic.events

MESSAGE = "application/dns-message"


class _Link:
    """A connection over a UDP socket that is connected to the server. end: when no more is waited, of `time.monotonic`."""

    def __init__(self, sock: socket.socket, server: tuple[str, int], alpn: str, certificate: str, wait: float) -> None:
        configuration: Any = aioquic.quic.configuration.QuicConfiguration(
            is_client=True, alpn_protocols=[alpn], server_name="dns.example", verify_mode=ssl.CERT_NONE
        )
        if certificate:
            configuration.load_cert_chain(certificate)
        self.connection: Any = aioquic.quic.connection.QuicConnection(configuration=configuration)
        self.sock = sock
        self.server = server
        self.end = time.monotonic() + wait
        self.connection.connect(server, now=time.monotonic())

    def wait(self) -> list[Any]:
        """Send what there is to send, and give what happens next. Raises TimeoutError, EOFError where it is over."""
        for octets, _ in self.connection.datagrams_to_send(now=time.monotonic()):
            self.sock.send(octets)
        events = self._events()
        if events:
            return events
        now = time.monotonic()
        if now >= self.end:
            raise TimeoutError
        timer = self.connection.get_timer()
        self.sock.settimeout(max(0.001, min(self.end, self.end if timer is None else timer) - now))
        try:
            self.connection.receive_datagram(self.sock.recv(65535), self.server, now=time.monotonic())
        except TimeoutError:
            if timer is not None and time.monotonic() >= timer:
                self.connection.handle_timer(now=time.monotonic())
        return self._events()

    def _events(self) -> list[Any]:
        out = []
        while (event := self.connection.next_event()) is not None:
            if isinstance(event, aioquic.quic.events.ConnectionTerminated):
                raise EOFError
            out.append(event)
        return out

    def start(self) -> None:
        """Wait until the connection is there."""
        while not any(isinstance(event, aioquic.quic.events.HandshakeCompleted) for event in self.wait()):
            pass

    def close(self) -> None:
        """Say that it is over."""
        self.connection.close()
        for octets, _ in self.connection.datagrams_to_send(now=time.monotonic()):
            self.sock.send(octets)


def over_quic(
    octets: bytes, sock: socket.socket, server: tuple[str, int], *, certificate: str, timeout: float
) -> bytes | None:
    """The message that came back. Raises OSError, EOFError."""
    link = _Link(sock, server, "doq", certificate, timeout)
    link.start()
    stream = link.connection.get_next_available_stream_id()
    link.connection.send_stream_data(stream, struct.pack("!H", len(octets)) + octets, end_stream=True)
    data = b""
    while True:
        for event in link.wait():
            if isinstance(event, aioquic.quic.events.StreamReset):
                raise EOFError
            if isinstance(event, aioquic.quic.events.StreamDataReceived):
                data += event.data
                if event.end_stream or (len(data) > 2 and len(data) >= 2 + int.from_bytes(data[:2], "big")):
                    link.close()
                    return data[2:] if len(data) > 2 else None


def over_http3(
    octets: bytes,
    sock: socket.socket,
    server: tuple[str, int],
    request: tuple[str, str, str],
    *,
    certificate: str,
    timeout: float,
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content of the response. request: its method, its path, and the type of what it sends. Raises
    OSError, EOFError."""
    method, path, kind = request
    link = _Link(sock, server, "h3", certificate, timeout)
    link.start()
    http: Any = aioquic.h3.connection.H3Connection(link.connection)
    stream = link.connection.get_next_available_stream_id()
    if method == "GET" and "?" not in path:
        path += "?dns=" + base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
    headers = {":method": method, ":scheme": "https", ":authority": "dns.example", ":path": path, "accept": MESSAGE}
    if method != "GET":
        headers |= {"content-type": kind, "content-length": str(len(octets))}
    http.send_headers(stream, [(k.encode(), v.encode()) for k, v in headers.items()], end_stream=method == "GET")
    if method != "GET":
        http.send_data(stream, octets, end_stream=True)
    said: dict[str, str] = {}
    data = b""
    while True:
        for event in (made for raw in link.wait() for made in http.handle_event(raw)):
            if isinstance(event, aioquic.h3.events.HeadersReceived):
                said |= {key.decode(): value.decode("utf-8", "replace") for key, value in event.headers}
            elif isinstance(event, aioquic.h3.events.DataReceived):
                data += event.data
            if getattr(event, "stream_ended", False):
                link.close()
                return int(said[":status"]), said, data


__all__ = ["over_http3", "over_quic"]
