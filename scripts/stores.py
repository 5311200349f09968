"""Stores that the differential serves for a CoreDNS: what its clients ask of an etcd, a Nomad and Route 53, and no more.

Each answers at a port of 127.0.0.1 until `close`, with what the simulator has as the store of that name.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from corefile.dns.dnstap import varint


class Server(Protocol):
    """A store at work."""

    def close(self) -> None:
        """Stop."""


class HttpServer:
    """A store that answers GET at a port of 127.0.0.1, until `close`. given: what is in it."""

    kind: ClassVar[str]
    """The Content-Type of its answers."""

    def __init__(self, given: Any, port: int) -> None:
        self.given = given
        self.server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"store": self}))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, url: SplitResult) -> str:
        """What is at an address."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop."""
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: ClassVar[HttpServer]

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        """What the store answers."""
        octets = self.store.answer(urlsplit(self.path)).encode()
        self.send_response(200)
        self.send_header("Content-Type", self.store.kind)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)


class NomadServer(HttpServer):
    """The services of a Nomad, each as `/v1/service/NAME` lists it."""

    kind = "application/json"

    def answer(self, url: SplitResult) -> str:
        """The services of a name, or that Nomad is there."""
        space = parse_qs(url.query).get("namespace", ["default"])[0]
        name = unquote(url.path.removeprefix("/v1/service/"))
        found = [x for x in self.given if (x["ServiceName"], x["Namespace"]) == (name, space)]
        return json.dumps({} if url.path == "/v1/agent/self" else found)


class Route53Server(HttpServer):
    """Hosted zones of Route 53, by ID, each as `aws route53 list-resource-record-sets` prints it."""

    kind = "text/xml"

    def answer(self, url: SplitResult) -> str:
        """The record sets of a hosted zone, or that there are zones."""
        words = url.path.strip("/").split("/")
        kind, inner = "ListHostedZonesByName", "<HostedZones></HostedZones>"
        if words[1] == "hostedzone":
            kind = "ListResourceRecordSets"
            found = "".join(map(_record_set, self.given[words[2]]["ResourceRecordSets"]))
            inner = f"<ResourceRecordSets>{found}</ResourceRecordSets>"
        rest = "<IsTruncated>false</IsTruncated><MaxItems>1000</MaxItems>"
        space = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"'
        return f"<?xml version='1.0'?><{kind}Response {space}>{inner}{rest}</{kind}Response>"


def _record_set(given: Mapping[str, Any]) -> str:
    values = (r["Value"] for r in given.get("ResourceRecords", ()))
    records = "".join(f"<ResourceRecord><Value>{escape(value)}</Value></ResourceRecord>" for value in values)
    ttl = f"<TTL>{given['TTL']}</TTL>" if "TTL" in given else ""
    records = f"<ResourceRecords>{records}</ResourceRecords>" if records else ""
    head = f"<Name>{escape(given['Name'])}</Name><Type>{given['Type']}</Type>"
    return f"<ResourceRecordSet>{head}{ttl}{records}</ResourceRecordSet>"


# -- etcd, over gRPC ---------------------------------------------------------------------------------------------------


def field(number: int, value: int | bytes) -> bytes:
    """A field of a message: a number, or octets."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def fields(octets: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message that has numbers and octets."""

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            octet = octets[at]
            at, value, shift = at + 1, value | (octet & 0x7F) << shift, shift + 7
            if octet < 0x80:
                return value

    at = 0
    while at < len(octets):
        key = number()
        if key & 7 == 0:
            yield key >> 3, number()
        else:
            size = number()
            yield key >> 3, octets[at : at + size]
            at += size


class EtcdServer:
    """The keys of an etcd. documents: as `etcdctl get -w json` and `etcdctl lease timetolive -w json` print them."""

    def __init__(self, documents: Sequence[Mapping[str, Any]], port: int) -> None:
        pairs = [pair for document in documents for pair in document.get("kvs", ())]
        self.pairs = sorted((b64decode(p["key"]), b64decode(p["value"]), int(p.get("lease", 0))) for p in pairs)
        self.leases = {int(d["id"]): int(d["ttl"]) for d in documents if "ttl" in d}
        self.began = time.monotonic()
        self.listening = socket.create_server(("127.0.0.1", port), backlog=16)
        self.methods: dict[str, Callable[[Mapping[int, Any]], bytes]] = {
            "/etcdserverpb.KV/Range": self.range,
            "/etcdserverpb.Lease/LeaseTimeToLive": self.time_to_live,
        }
        threading.Thread(target=self._accept, daemon=True).start()

    def range(self, asked: Mapping[int, Any]) -> bytes:
        """RangeResponse of a RangeRequest."""
        first, end = asked.get(1, b""), asked.get(2, b"")
        found = [p for p in self.pairs if (first <= p[0] < end if end else p[0] == first)]
        pairs = [field(1, k) + field(5, v) + (field(6, lease) if lease else b"") for k, v, lease in found]
        return b"".join(field(2, pair) for pair in pairs) + (field(4, len(found)) if found else b"")

    def time_to_live(self, asked: Mapping[int, Any]) -> bytes:
        """LeaseTimeToLiveResponse of a LeaseTimeToLiveRequest. A lease that is not there has -1 left."""
        given = self.leases.get(asked.get(1, 0))
        left = -1 if given is None else int(given - (time.monotonic() - self.began))
        return field(2, asked.get(1, 0)) + field(3, left % (1 << 64)) + field(4, max(left, 0))

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
            threading.Thread(target=self._converse, args=(sock,), daemon=True).start()

    def _converse(self, sock: socket.socket) -> None:
        """Answer the calls of one connection of HTTP/2."""
        import h2.config
        import h2.connection
        import h2.events

        connection: Any = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        connection.initiate_connection()
        calls: dict[int, tuple[str, bytes]] = {}
        with sock:
            while True:
                try:
                    sock.sendall(connection.data_to_send())
                    received = sock.recv(65535)
                except OSError:
                    return
                if not received:
                    return
                for event in connection.receive_data(received):
                    if isinstance(event, h2.events.RequestReceived):
                        headers = {bytes(key): bytes(value) for key, value in event.headers or ()}
                        calls[event.stream_id or 0] = (headers[b":path"].decode(), b"")
                    elif isinstance(event, h2.events.DataReceived):
                        path, data = calls[event.stream_id]
                        calls[event.stream_id] = (path, data + (event.data or b""))
                        connection.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id)
                    elif isinstance(event, h2.events.StreamEnded):
                        self._answer(connection, event.stream_id, *calls.pop(event.stream_id))

    def _answer(self, connection: Any, stream: int, path: str, data: bytes) -> None:
        method = self.methods.get(path)
        connection.send_headers(stream, [(":status", "200"), ("content-type", "application/grpc")])
        if method is not None:
            said = method(dict(fields(data[5:])))
            connection.send_data(stream, struct.pack("!BI", 0, len(said)) + said)
        connection.send_headers(stream, [("grpc-status", "0" if method else "12")], end_stream=True)


SERVERS: Mapping[str, Callable[[Any, int], Server]] = {
    "nomad": NomadServer,
    "etcd": EtcdServer,
    "route53": Route53Server,
}
"""Stores that can be served, by the directive's name."""


def by_server(stores: Mapping[str, Any]) -> dict[str, Any]:
    """What each server has: of hosted zones, `route53@ID`, those of one directive together, by ID."""
    out: dict[str, Any] = {}
    for name, given in stores.items():
        kind, at, id = name.partition("@")
        if at:
            out.setdefault(kind, {})[id] = given
        else:
            out[kind] = given
    return out


__all__ = ["SERVERS", "EtcdServer", "HttpServer", "NomadServer", "Route53Server", "Server", "by_server"]
