"""Stores that the differential serves for a CoreDNS: what its clients ask of an etcd and a Nomad, and no more. Those of
clouds are in stores_clouds.py.

Each answers at a port of 127.0.0.1 until `close`, with what the simulator has as the store of that name.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import ceil
from typing import Any, ClassVar, NamedTuple, Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from listening import Listener, fields

from corefile.dns.dnstap import varint


class Server(Protocol):
    """A store at work. env: what CoreDNS needs in its environment to find it, beside what the Corefile says."""

    env: Mapping[str, str]

    def close(self) -> None:
        """Stop."""


class Answer(NamedTuple):
    """What a store says over HTTP. kind: its Content-Type."""

    text: str
    kind: str = "application/json"
    status: int = 200


class HttpServer:
    """A store over HTTP, at a port of 127.0.0.1 until `close`. given: what is in it."""

    env: Mapping[str, str] = {}

    def __init__(self, given: Any, port: int) -> None:
        self.given = given
        self.server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (self.handler(),), {"store": self}))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def handler(self) -> type[HttpHandler]:
        """What reads requests."""
        return HttpHandler

    def answer(self, url: SplitResult) -> Answer:
        """What is at an address."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop."""
        self.server.shutdown()
        self.server.server_close()


class HttpHandler(BaseHTTPRequestHandler):
    """Reads requests, and sends what the store answers."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in two parts is 40 ms late
    scheme = "http"
    store: ClassVar[Any]

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""

    def do_GET(self) -> None:
        """What the store answers."""
        found: Answer = self.store.answer(urlsplit(f"{self.scheme}://{self.headers['Host']}{self.path}"))
        octets = found.text.encode()
        self.send_response(found.status)
        self.send_header("Content-Type", found.kind)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def do_POST(self) -> None:
        """The same, whatever is sent."""
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.do_GET()


class NomadServer(HttpServer):
    """The services of a Nomad, each as `/v1/service/NAME` lists it."""

    def answer(self, url: SplitResult) -> Answer:
        """The services of a name, or that Nomad is there."""
        space = parse_qs(url.query).get("namespace", ["default"])[0]
        name = unquote(url.path.removeprefix("/v1/service/"))
        found = [x for x in self.given if (x["ServiceName"], x["Namespace"]) == (name, space)]
        return Answer(json.dumps({} if url.path == "/v1/agent/self" else found))


# -- etcd, over gRPC, or the HTTP of its version 2 ---------------------------------------------------------------------


def field(number: int, value: int | bytes) -> bytes:
    """A field of a message: a number, or octets."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


class EtcdServer(Listener):
    """The keys of an etcd. documents: as `etcdctl get -w json` and `etcdctl lease timetolive -w json` print them."""

    env: Mapping[str, str] = {}

    def __init__(self, documents: Sequence[Mapping[str, Any]], port: int) -> None:
        pairs = [pair for document in documents for pair in document.get("kvs", ())]
        self.pairs = sorted((b64decode(p["key"]), b64decode(p["value"]), int(p.get("lease", 0))) for p in pairs)
        self.leases = {int(d["id"]): int(d["ttl"]) for d in documents if "ttl" in d}
        self.began = time.monotonic()
        self.methods: dict[str, Callable[[Mapping[int, Any]], bytes]] = {
            "/etcdserverpb.KV/Range": self.range,
            "/etcdserverpb.Lease/LeaseTimeToLive": self.time_to_live,
        }
        super().__init__(port, self._converse)

    def range(self, asked: Mapping[int, Any]) -> bytes:
        """RangeResponse of a RangeRequest."""
        first, end = asked.get(1, b""), asked.get(2, b"")
        passed = time.monotonic() - self.began
        there = [p for p in self.pairs if self.leases.get(p[2], passed + 1) > passed]  # its lease takes a key with it
        found = [p for p in there if (first <= p[0] < end if end else p[0] == first)]
        pairs = [field(1, k) + field(5, v) + (field(6, lease) if lease else b"") for k, v, lease in found]
        return b"".join(field(2, pair) for pair in pairs) + (field(4, len(found)) if found else b"")

    def time_to_live(self, asked: Mapping[int, Any]) -> bytes:
        """LeaseTimeToLiveResponse of a LeaseTimeToLiveRequest. A lease that is not there has -1 left."""
        given = self.leases.get(asked.get(1, 0))
        left = -1 if given is None else int(given - (time.monotonic() - self.began))
        return field(2, asked.get(1, 0)) + field(3, left % (1 << 64)) + field(4, max(left, 0))

    def node(self, key: str) -> tuple[int, dict[str, Any]]:
        """What version 2 has at a key, and below: a status of HTTP and the document. Keys are files in folders."""
        passed = time.monotonic() - self.began
        files: dict[str, dict[str, Any]] = {}
        for name, value, lease in self.pairs:
            left = self.leases.get(lease, 0) - passed
            if left > 0 or lease not in self.leases:
                ttl = {"ttl": ceil(left)} if lease in self.leases else {}
                files[name.decode()] = {"key": name.decode(), "value": value.decode(), **ttl}
        above = key.split("/")
        for at in ("/".join(above[:count]) for count in range(2, len(above))):
            if at in files:
                return 403, {"errorCode": 104, "message": "Not a directory", "cause": at, "index": len(self.pairs)}
        if any(name.decode().startswith(f"{key}/") for name, _, _ in self.pairs):  # which stays when its files are gone
            return 200, {"action": "get", "node": {"key": key, "dir": True, "nodes": self._folder(files, key)}}
        if key in files:
            return 200, {"action": "get", "node": files[key]}
        return 404, {"errorCode": 100, "message": "Key not found", "cause": key, "index": len(self.pairs)}

    def _folder(self, files: Mapping[str, dict[str, Any]], key: str) -> list[dict[str, Any]]:
        below = dict.fromkeys(name[len(key) + 1 :].partition("/")[0] for name in files if name.startswith(f"{key}/"))
        out = []
        for at in (f"{key}/{name}" for name in below if name[:1] != "_"):
            out += [files[at]] if at in files else []
            out += [{"key": at, "dir": True, "nodes": inside}] if (inside := self._folder(files, at)) else []
        return out

    def _converse(self, sock: socket.socket) -> None:
        """Answer what comes over one connection, whichever version it is for."""
        with sock:
            (self._call if sock.recv(4, socket.MSG_PEEK) == b"PRI " else self._get)(sock)

    def _get(self, sock: socket.socket) -> None:
        """Answer the requests of one connection of HTTP/1.1."""
        with sock.makefile("rb") as reader:
            while line := reader.readline().decode():
                while reader.readline().strip():
                    pass
                path = urlsplit(line.split()[1]).path
                status, document = self.node(unquote(path.removeprefix("/v2/keys")))
                body = json.dumps(document).encode()
                sock.sendall(
                    f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: application/json\r\n"
                    f"X-Etcd-Index: {len(self.pairs)}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )

    def _call(self, sock: socket.socket) -> None:
        """Answer the calls of one connection of HTTP/2."""
        import h2.config
        import h2.connection
        import h2.events

        connection: Any = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        connection.initiate_connection()
        calls: dict[int, tuple[str, bytes]] = {}
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
            said = method(fields(data[5:]))
            connection.send_data(stream, struct.pack("!BI", 0, len(said)) + said)
        connection.send_headers(stream, [("grpc-status", "0" if method else "12")], end_stream=True)


__all__ = ["Answer", "EtcdServer", "HttpHandler", "HttpServer", "NomadServer", "Server"]
