"""Asks a real server over the network, and describes what came as tests do."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import struct
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from ...api import message
from ...chain.network import split_address
from ...chain.reply import Reply
from ...chain.transports import PATH
from ...dns import wire
from ...dns.errors import WireError
from ...golang.addresses import join_port
from ...releases import Release
from ..certificates import CERT, KEY
from ..format import seconds
from ..observe import describe, edns_of, key_of
from .isolation import add_address

WAIT = 8.0
"""Seconds to wait for a reply, unless a step says otherwise."""
CLIENT_PORT = 40212
MESSAGE = "application/dns-message"
NEEDS = {"grpc": "h2", "quic": "aioquic", "https3": "aioquic"}
"""The package that a transport takes."""


class NotAsked(Exception):
    """Why a step is not asked, in words."""


def query(step: dict[str, Any], client: str, release: Release) -> dict[str, Any]:
    """What a server answers to a step's query, in the shape of `expect`. Raises NotAsked."""
    transport = str(step.get("transport") or "udp")
    package = NEEDS.get(transport)
    if package is not None and find_spec(package) is None:
        raise NotAsked(f"asking over {transport} takes the package {package}: pip install 'corefile[against]'")
    words = str(step["query"]).split()
    given = step.get("edns")
    option = None if given is None or given is False else edns_of({} if given is True else given)
    key = key_of(step)
    msg = message(
        words[0],
        words[-1] if len(words) > 1 else "A",
        words[1] if len(words) == 3 else "IN",
        edns=option,
        flags=str(step.get("flags") or "rd"),
        opcode=str(step.get("opcode") or "QUERY"),
        key=key,
        now=time.time(),
        id=0 if transport in ("quic", "https3") else None,
    )
    host, port = split_address(str(step.get("to") or "127.0.0.1:53"))
    text = str(step.get("from") or client)
    source, source_port = split_address(text, CLIENT_PORT)
    if ":" in host and ":" not in source:
        source = "::1"
    add_address(source)
    beside: dict[str, Any] = {}
    try:
        octets = _exchange(step, transport, wire.pack(msg), (host, port), (source, source_port), beside)
    except (OSError, EOFError, http.client.HTTPException):
        octets = None
    if octets is None:
        return beside or {"reply": "none"}
    try:
        reply = wire.unpack(octets)
    except (WireError, ValueError):
        return {"wire": octets.hex(), **beside}
    out = describe(Reply(reply, 0.0, [], None, release), str(step["query"]))
    if key is not None:
        out["tsig"] = key.check_all([octets], key.asked)[0]
    for section in ("answer", "authority"):
        if section in out:
            out[section] = [_without_now(line) for line in out[section]]
    return {**out, **beside}


def _without_now(line: str) -> str:
    """A record, with `<now>` as the serial of an SOA record that is the time."""

    def serial(m: re.Match[str]) -> str:
        return f"{m[1]}<now> " if abs(int(m[2]) - time.time()) < 86400 else m[0]

    return re.sub(r"( SOA \S+ \S+ )(\d+) ", serial, line)


def _exchange(
    step: dict[str, Any],
    transport: str,
    octets: bytes,
    server: tuple[str, int],
    client: tuple[str, int],
    beside: dict[str, Any],
) -> bytes | None:
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    with socket.socket(family, kind_of(transport)) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if kind_of(transport) == socket.SOCK_STREAM:
            # Closed at once, so that the next question can come from the same port.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.bind(client)
        return carry(step, transport, octets, sock, server, beside)


def kind_of(transport: str) -> socket.SocketKind:
    """The kind of a transport's sockets."""
    return socket.SOCK_DGRAM if transport in ("udp", "quic", "https3") else socket.SOCK_STREAM


def carry(
    step: dict[str, Any],
    transport: str,
    octets: bytes,
    sock: socket.socket,
    server: tuple[str, int],
    beside: dict[str, Any],
) -> bytes | None:
    """Ask over a socket that is not connected yet. The message that came back, if one did; `beside` has what the
    transport says. Raises OSError, EOFError, HTTPException."""
    sock.settimeout(seconds(step.get("timeout") or WAIT))
    sock.connect(server)
    if transport == "udp":
        sock.send(octets)
        return sock.recv(65535)
    if transport in ("quic", "https3"):
        return _over_quic(step, octets, sock, server, beside)
    with secured(step, transport, sock) as stream:
        if transport == "grpc":
            from .http2 import exchange

            return exchange(octets, stream, join_port(*server), beside)
        if transport == "https":
            return _over_http(step, octets, stream, beside)
        stream.sendall(struct.pack("!H", len(octets)) + octets)
        return read(stream, struct.unpack("!H", read(stream, 2))[0])


def secured(step: dict[str, Any], transport: str, sock: socket.socket) -> socket.socket:
    """A connected socket with TLS on it, where the step has TLS. Raises OSError."""
    with_tls = step.get("tls")
    if not (transport in ("tls", "https") if with_tls is None else with_tls):
        return sock
    context = _context(step)
    if transport == "grpc":
        context.set_alpn_protocols(["h2"])
    return context.wrap_socket(sock, server_hostname="dns.example")


def _over_quic(
    step: dict[str, Any], octets: bytes, sock: socket.socket, server: tuple[str, int], beside: dict[str, Any]
) -> bytes | None:
    from .quic import over_http3, over_quic

    timeout = seconds(step.get("timeout") or WAIT)
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(CERT + KEY)
        file.flush()
        shown = file.name if step.get("certificate") else ""
        if step["transport"] == "quic":
            return over_quic(octets, sock, server, certificate=shown, timeout=timeout)
        request = (_method(step), _path(step), _type(step))
        status, headers, content = over_http3(octets, sock, server, request, certificate=shown, timeout=timeout)
    return _of_http(status, headers, content, beside)


def _method(step: dict[str, Any]) -> str:
    return str(step.get("method") or "POST")


def _path(step: dict[str, Any]) -> str:
    return str(step.get("path") or PATH)


def _type(step: dict[str, Any]) -> str:
    return str(step.get("type") or MESSAGE)


def _of_http(status: int, headers: Mapping[str, str], content: bytes, beside: dict[str, Any]) -> bytes | None:
    """The DNS message of a response, if it has one; `beside` has what else HTTP says. headers: by names in lower case."""
    said: dict[str, Any] = {"status": status}
    if "cache-control" in headers:
        said["cache-control"] = headers["cache-control"]
    beside["http"] = said
    if headers.get("content-type") == MESSAGE:
        return content
    text = content.decode("utf-8", "replace").strip()
    if text:
        said["body"] = text
    return None


def _context(step: dict[str, Any]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if step.get("certificate"):
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
            file.write(CERT + KEY)
            file.flush()
            context.load_cert_chain(file.name)
    return context


def read(sock: socket.socket, count: int) -> bytes:
    """So many octets. Raises OSError, EOFError where fewer come."""
    out = b""
    while len(out) < count:
        more = sock.recv(count - len(out))
        if not more:
            raise EOFError
        out += more
    return out


def _over_http(step: dict[str, Any], octets: bytes, sock: socket.socket, beside: dict[str, Any]) -> bytes | None:
    import base64

    method, path = _method(step), _path(step)
    connection = http.client.HTTPConnection("dns.example")
    connection.sock = sock
    headers = {"Accept": MESSAGE}
    body = None
    if method == "GET" and "?" not in path:
        path += "?dns=" + base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
    if method != "GET":
        headers["Content-Type"] = _type(step)
        body = octets
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    said = {key.lower(): value for key, value in response.getheaders()}
    return _of_http(response.status, said, response.read(), beside)


def get(url: str) -> tuple[int | None, str]:
    """Status and body of an HTTP GET; (None, '') where nothing listens. url: as a test has it, such as `:8080/health` and
    `10.0.0.7:8181/ready`."""
    if "://" not in url:
        url = f"http://{'127.0.0.1' * url.startswith(':')}{url}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=WAIT) as response:
            return response.status, response.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode("utf-8", "replace")
    except OSError:
        return None, ""


def samples(names: list[str], at: str) -> list[str]:
    """The samples of some series that are read at an address."""
    _, body = get(f"{at}/metrics")
    lines = [line for line in body.splitlines() if not line.startswith("#")]
    return sorted(line for line in lines if re.split(r"[{ ]", line)[0] in names)


__all__ = ["NotAsked", "carry", "get", "kind_of", "query", "read", "samples", "secured"]
