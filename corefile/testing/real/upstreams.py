"""Upstreams of a test for a real CoreDNS: CoreDNS with a zone or a Corefile, servers that fail, or nothing."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from ipaddress import ip_address
from typing import Any

from ...chain.network import SOURCES, split_address
from ...dns import wire
from ...dns.codes import rcode_number
from ...dns.errors import WireError
from ...light import regex
from ...world.cluster import Cluster
from ...world.upstreams import Fault, whole_zone
from .isolation import add_address, remove_address
from .kubernetes import ACCOUNT, ApiServer, objects_of
from .machines import Machine
from .process import CannotRun, Process

LOOKS_AT_IT = regex(r"\b(kubernetes|k8s_external|federation)\b")
"""Directives that ask the API server."""


class Upstreams:
    """What answers at the addresses of a test's upstreams, started and stopped as steps say. Each runs on a machine of its
    own, which is asked from the address that the simulation shows, unless its address is one of CoreDNS's own machine, or of
    a client.

    own: these. sources: the machine's addresses that others are asked from. cluster: the one that they are in; apis: the API
    servers of those that look at it.
    """

    def __init__(
        self, binary: str, own: Iterable[str], sources: Iterable[str] = (), cluster: Cluster | None = None
    ) -> None:
        self.binary = binary
        self.cluster = cluster
        self.apis: list[ApiServer] = []
        self.own = frozenset(own)
        self.sources = (*sources, *SOURCES)
        self.running: dict[str, Process | Failing] = {}
        self.machines: dict[str, Machine] = {}
        self.lacking = ""

    def change(self, given: Mapping[str, Any]) -> None:
        """Put something else at some addresses. Raises CannotRun."""
        for where, spec in given.items():
            if where in self.running:
                self.running.pop(where).stop()
            host, port = split_address(where)
            machine = self._machine(host)
            if spec is None:
                spec = {"fault": "refused"}
            if isinstance(spec, Fault):
                spec = {"rcode": spec.code} if spec.kind == "rcode" else {"fault": spec.kind}
            fault = spec.get("fault") if isinstance(spec, dict) else None
            if fault == "unreachable":
                if machine is not None:
                    machine.leave()
                elif host not in self.own:
                    remove_address(host)
                continue
            if machine is not None:
                machine.join()
            elif fault in ("refused", "timeout") and host not in self.own:
                why = (
                    f"takes a virtual Ethernet ({self.lacking})"
                    if self.lacking
                    else "takes an address of another machine"
                )
                raise CannotRun(f"the upstream {host} has the fault `{fault}`, which {why}")
            else:
                add_address(host)
            if fault == "refused":
                continue
            self.running[where] = self._start(machine, host, port, spec)

    def _machine(self, host: str) -> Machine | None:
        """The machine that has an address; None for this one's, and where the system has no others."""
        if host not in self.machines and host not in self.own and not self.lacking:
            ip = ip_address(host)
            if ip.is_loopback:
                return None
            source = next(own for own in self.sources if ip_address(own).version == ip.version)
            try:
                self.machines[host] = Machine(host, source)
            except OSError as e:
                self.lacking = e.strerror or str(e)
        return self.machines.get(host)

    def _start(self, machine: Machine | None, host: str, port: int, spec: Any) -> Process | Failing:
        if isinstance(spec, dict) and ("fault" in spec or "rcode" in spec):
            with machine.inside() if machine is not None else nullcontext():
                return Failing(host, port, spec)
        environment = {"HOSTNAME": "oracle"}
        if isinstance(spec, dict):
            if "corefile" not in spec:
                raise CannotRun(f"the upstream {host} is no server that can be started here")
            if spec.get("coredns"):
                raise CannotRun(f"the upstream {host} is of a release of its own, and there is one binary")
            files = {name: str(text).encode() for name, text in (spec.get("files") or {}).items() if text is not None}
            text = str(getattr(spec["corefile"], "text", spec["corefile"]))
            if self.cluster is not None and spec.get("cluster", True) and LOOKS_AT_IT.search(text):
                with machine.inside() if machine is not None else nullcontext():
                    api = ApiServer(objects_of(self.cluster), tls=True)
                self.apis.append(api)
                environment |= api.environment
                files |= ACCOUNT
        else:
            files = {"zone": f"{whole_zone(str(spec))}\n".encode()}
            text = f".:{port} {{\n    bind {host}\n    file zone .\n}}\n"
        process = Process(self.binary, {**files, "Corefile": text.encode()}, environment, machine)
        if process.error is not None:
            process.stop()
            raise CannotRun(f"the upstream {host} does not start: {process.error}")
        return process

    def stop(self) -> None:
        """Stop all."""
        for server in self.running.values():
            server.stop()
        for api in self.apis:
            api.close()
        for machine in self.machines.values():
            machine.stop()


class Failing:
    """A server that is silent (`timeout`), answers over UDP with nothing but TC (`truncated`), or with one response code."""

    def __init__(self, host: str, port: int, spec: Mapping[str, Any]) -> None:
        self.fault = spec.get("fault")
        self.rcode = rcode_number(str(spec["rcode"])) if "rcode" in spec else 0
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.sockets = []
        for kind, serve in ((socket.SOCK_DGRAM, self._datagrams), (socket.SOCK_STREAM, self._streams)):
            sock = socket.socket(family, kind)
            for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
                sock.setsockopt(socket.SOL_SOCKET, option, 1)
            sock.bind((host, port))
            if kind == socket.SOCK_STREAM:
                sock.listen(16)
            self.sockets.append(sock)
            threading.Thread(target=serve, args=(sock,), daemon=True).start()

    def reply(self, octets: bytes) -> bytes | None:
        """The reply to a query; None for silence."""
        if self.fault == "timeout":
            return None
        try:
            out = wire.unpack(octets).copy()
        except (WireError, ValueError):
            return None
        out.qr, out.answer, out.ns, out.extra, out.edns = True, [], [], [], None
        out.ad = False
        if self.fault == "truncated":
            out.tc = True
        else:
            out.rcode = self.rcode
        return wire.pack(out)

    def _datagrams(self, sock: socket.socket) -> None:
        try:
            while True:
                octets, client = sock.recvfrom(65535)
                reply = self.reply(octets)
                if reply is not None:
                    sock.sendto(reply, client)
        except OSError:  # stopped
            return

    def _streams(self, sock: socket.socket) -> None:
        try:
            while True:
                connection = sock.accept()[0]
                self.sockets.append(connection)
                if self.fault is None:
                    threading.Thread(target=self._stream, args=(connection,), daemon=True).start()
        except OSError:
            return

    def _stream(self, connection: socket.socket) -> None:
        try:
            with connection.makefile("rwb") as stream:
                while True:
                    reply = self.reply(stream.read(int.from_bytes(stream.read(2), "big")))
                    if reply is None:
                        return
                    stream.write(len(reply).to_bytes(2, "big") + reply)
                    stream.flush()
        except OSError:
            return

    def stop(self) -> None:
        """Close its sockets."""
        for sock in self.sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits on it
            sock.close()


__all__ = ["Failing", "Upstreams"]
