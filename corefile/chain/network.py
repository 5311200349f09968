"""Who answers at which address: the world's upstreams, the machine's own servers, and nobody else.

An address that is neither an upstream nor the machine's own cannot be reached at all; one of the machine's own at
which nothing listens refuses the connection. A server that is asked here answers like one that a client asks, so a
Corefile that forwards to itself loops for real, until `MAX_DEPTH` servers are waiting for each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from ..diagnostics import CorefileError
from . import rdata, wire
from .message import Msg
from .query import Context
from .server import MAX_DEPTH, Instance, Listener

if TYPE_CHECKING:
    from .world import World

Build = Callable[[str, "World", "str | None", "Network"], Instance]

DEFAULT_SOA = ". 3600 IN SOA ns.invalid. hostmaster.invalid. 1 7200 3600 1209600 300"
"""The SOA record of an upstream given as records without one."""

NEVER = 3600.0
"""Seconds that stand for an answer that does not come."""


class Fault(NamedTuple):
    """An upstream that misbehaves. kind: 'timeout' (no answer), 'refused' (connection refused), 'unreachable',
    'truncated' (every UDP answer is empty with TC set; TCP times out) or 'rcode' with the code's name."""

    kind: str
    rcode: str = "SERVFAIL"


class Answer(NamedTuple):
    """What came back: a reply, or a fault ('timeout', 'refused', 'unreachable'). `elapsed` is in seconds."""

    reply: Msg | None
    elapsed: float = 0.0
    fault: str = ""


def split_address(text: str, default_port: int = 53) -> tuple[str, int]:
    """Host and port of `ADDRESS`, `ADDRESS:PORT`, `[IPv6]:PORT` or bare IPv6."""
    m = re.fullmatch(r"\[([^\]]+)\](?::(\d+))?|([^:\[\]]*):(\d+)|([^\[\]]+)", text)
    if not m:
        raise ValueError(f"not an address: {text!r}")
    return m[1] or m[3] or m[5] or "127.0.0.1", int(m[2] or m[4] or default_port)


class Network:
    """The reachable servers of one world. `build` compiles an upstream's Corefile."""

    def __init__(self, world: World, build: Build) -> None:
        self.world = world
        self.build = build
        self.own: Instance | None = None
        self._upstreams: dict[tuple[str, int], Any] | None = None
        self._servers: list[Instance] = []

    def _start(self) -> dict[tuple[str, int], Any]:
        """Build the upstreams that are servers; the others stand as they were given."""
        found: dict[tuple[str, int], Any] = {}
        self._upstreams = found
        for where, spec in self.world.upstreams.items():
            ip, port = split_address(str(where))
            if isinstance(spec, str):
                zone = spec if re.search(r"\bSOA\b", spec) else f"{DEFAULT_SOA}\n{spec}"
                text = f".:{port} {{\n bind {ip}\n file zone .\n}}\n"
                spec = self._server(str(where), text, {"zone": zone + "\n"}, None)
            elif isinstance(spec, dict):
                spec = self._mapping(str(where), spec)
            found[ip, port] = spec
        return found

    def _mapping(self, where: str, spec: dict[str, Any]) -> Any:
        if "corefile" in spec:
            release = spec.get("coredns")
            return self._server(where, spec["corefile"], spec.get("files") or {}, str(release) if release else None)
        if "fault" in spec:
            return Fault(spec["fault"])
        if "rcode" in spec:
            return Fault("rcode", spec["rcode"])
        if "istio" in spec:
            from .istio import Istio

            options = spec["istio"] if isinstance(spec["istio"], dict) else {}
            return Istio(self.world, default=options.get("default"))
        raise ValueError(f"upstream {where}: one of corefile, fault, rcode or istio is needed, not {sorted(spec)}")

    def _server(self, where: str, corefile: str, files: dict[str, str], release: str | None) -> Instance:
        instance = self.build(corefile, self.world.beside(files=files), release, self)
        if instance.errors:
            raise CorefileError(tuple(instance.errors))
        self._servers.append(instance)
        instance.start()
        return instance

    def is_local(self, ip: str) -> bool:
        """Whether `ip` is the machine's own: loopback, the world's addresses, and those of upstreams."""
        if self.world.is_own_address(ip):
            return True
        return any(ip == at for at, _ in (self._upstreams if self._upstreams is not None else self._start()))

    def exchange(self, address: str, msg: Msg, ctx: Context, *, proto: str = "udp", client: str | None = None,
                 transport: str = "dns") -> Answer:  # fmt: skip
        """Send `msg` to `address` (`ip:port`) and wait for as long as it takes.

        `ctx` is the exchange that asks (for its depth and trace); the answer's `elapsed` is not added to it.
        """
        ip, port = split_address(address)
        upstreams = self._upstreams if self._upstreams is not None else self._start()
        target = upstreams.get((ip, port))
        if target is None:
            target = self._listening(ip, port, transport)
        if target is None:
            return Answer(None, 0.0, "refused" if self.is_local(ip) else "unreachable")
        if isinstance(target, Fault):
            return _misbehave(target, msg, proto)
        if isinstance(target, (Instance, Listener)):
            return self._ask_server(target, ip, port, msg, ctx, proto, client or self.source_for(ip), transport)
        return _ask_callable(target, msg)

    def source_for(self, ip: str) -> str:
        """The address that the machine sends from to reach `ip`."""
        if ip.startswith("127."):
            return "127.0.0.1"
        return ip

    def _listening(self, ip: str, port: int, transport: str) -> Instance | None:
        if not self.is_local(ip):
            return None
        servers = ([self.own] if self.own is not None else []) + self._servers
        for exact in (True, False):
            for instance in servers:
                for listener in instance.listeners:
                    if listener.port == port and listener.transport == transport:
                        if listener.host == ip if exact else listener.host in ("", "::", "0.0.0.0"):
                            return instance
        return None

    def _ask_server(self, instance: Any, ip: str, port: int, msg: Msg, ctx: Context, proto: str, client: str,
                    transport: str) -> Answer:  # fmt: skip
        if ctx.depth >= MAX_DEPTH:
            return Answer(None, NEVER, "timeout")
        listener = next((x for x in instance.listeners if x.transport == transport and x.port == port
                         and x.host == ip), None) or instance.listener(ip, port)  # fmt: skip
        if listener is None:
            return Answer(None, 0.0, "refused")
        inner = Context(instance.world, client=client, client_port=40000, server=listener.label, server_ip=ip,
                        server_port=port, proto=proto, transport=transport, depth=ctx.depth + 1)  # fmt: skip
        inner.elapsed = ctx.elapsed
        reply = instance.exchange(msg, inner, listener)
        elapsed = inner.elapsed - ctx.elapsed
        if instance is not self.own:
            instance.pending.clear()
        if reply is None:
            return Answer(None, NEVER, "timeout")
        return Answer(reply, elapsed)


def _misbehave(fault: Fault, msg: Msg, proto: str) -> Answer:
    if fault.kind == "timeout":
        return Answer(None, NEVER, "timeout")
    if fault.kind in ("refused", "unreachable"):
        return Answer(None, 0.0, fault.kind)
    if fault.kind == "truncated":
        if proto != "udp":
            return Answer(None, NEVER, "timeout")
        reply = msg.reply()
        reply.tc = True
        return Answer(reply)
    if fault.kind == "rcode":
        return Answer(msg.reply(rdata.rcode_number(fault.rcode)))
    raise ValueError(f"no such fault: {fault.kind!r} (timeout, refused, unreachable, truncated, rcode)")


def _ask_callable(target: Callable[[Any], Any], msg: Msg) -> Answer:
    if getattr(target, "speaks_msg", False):
        said = target(msg)
    else:
        said = target(wire.to_dnslib(msg))
    if said is None:
        return Answer(None, NEVER, "timeout")
    if isinstance(said, Fault):
        return _misbehave(said, msg, "udp")
    return Answer(said if isinstance(said, Msg) else wire.from_dnslib(said))
