"""One call of a server over gRPC: `coredns.dns.DnsService/Query`, as a client of HTTP/2 (package h2, of the extra `against`)."""

from __future__ import annotations

import socket
import struct
from typing import Any

import h2.connection
import h2.events
import h2.exceptions

from ...dns.dnstap import varint

PATH = "/coredns.dns.DnsService/Query"
FIELD = b"\x0a"
"""The head of a DnsPacket's one field: number 1, octets."""


def exchange(octets: bytes, sock: socket.socket, authority: str, beside: dict[str, Any]) -> bytes | None:
    """The message that came back; where the call failed None, and `beside` has its status. Raises OSError, EOFError."""
    packet = FIELD + varint(len(octets)) + octets
    connection: Any = h2.connection.H2Connection()
    connection.initiate_connection()
    stream: int = connection.get_next_available_stream_id()
    headers = {
        ":method": "POST",
        ":scheme": "http",
        ":path": PATH,
        ":authority": authority,
        "content-type": "application/grpc",
        "te": "trailers",
    }
    connection.send_headers(stream, list(headers.items()))
    connection.send_data(stream, struct.pack("!BI", 0, len(packet)) + packet, end_stream=True)
    said: dict[str, str] = {}
    data = b""
    while True:
        sock.sendall(connection.data_to_send())
        received = sock.recv(65535)
        if not received:
            raise EOFError
        try:
            events = connection.receive_data(received)
        except h2.exceptions.ProtocolError:
            raise EOFError from None
        for event in events:
            if isinstance(event, h2.events.ResponseReceived | h2.events.TrailersReceived):
                said |= {_text(key): _text(value) for key, value in event.headers or ()}
            elif isinstance(event, h2.events.DataReceived):
                data += event.data or b""
                connection.acknowledge_received_data(event.flow_controlled_length or 0, stream)
            elif isinstance(event, h2.events.StreamReset | h2.events.ConnectionTerminated):
                raise EOFError
            elif isinstance(event, h2.events.StreamEnded):
                return _message(said, data, beside)


def _message(said: dict[str, str], data: bytes, beside: dict[str, Any]) -> bytes | None:
    from urllib.parse import unquote

    status = int(said.get("grpc-status", "2"))
    if status:
        beside["grpc"] = {"status": status, "message": unquote(said.get("grpc-message", ""))}
        return None
    packet = data[5:]
    if not packet.startswith(FIELD):
        return b""
    at = 1
    while packet[at] & 0x80:
        at += 1
    return packet[at + 1 :]


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


__all__ = ["exchange"]
