"""Which server answers at which address: the world's upstreams and the machine's own servers.

To those who connect, the address that stands for all of a machine's is its loopback address. An address that is neither
an upstream nor the machine's own cannot be reached at all; one of the machine's own at
which nothing listens refuses the connection. A server that is asked here answers like one that a client asks, so a
Corefile that forwards to itself loops for real: when a server waits for itself to answer the same question for the
`MAX_ROUNDS`th time, that question counts as lost, and no server on the way gets an answer to it in time; so do all
questions that wait where one has travelled more than `MAX_DEPTH` servers. (A real CoreDNS
then asks itself ever more often until it runs out of sockets; its client gets SERVFAIL in both cases.)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..dns import codes, wire
from ..dns.errors import WireError
from ..dns.message import Msg, Question
from ..findings import CorefileError, Source
from ..golang.addresses import LOOPBACK, join_port
from ..world.upstreams import Fault, whole_zone, wrong_zone
from . import accept
from .instance import MAX_DEPTH, Instance
from .listener import Listener
from .query import Answer, Context, Reached, Reason
from .transports import OVER_TCP, OVER_UDP, Via, accepted, mismatch

if TYPE_CHECKING:
    from ..golang.x509 import Certificate
    from ..world import World

Build = Callable[[Source, "World", "str | None", "Network"], Instance]

NEVER = 3600.0
"""Seconds that stand for an answer that does not come."""

MAX_ROUNDS = 5
"""How often a question may be on its way to the same server before it counts as lost in a loop."""

MAX_ASKED = 1000
"""How many questions servers may ask each other for one query before all further ones count as lost: where each tries again
for a while, a row of them asks as often as a number to its power."""

EXCHANGE = 20
"""As so many timers counts a question that a server answers, where the clock has a limit of these."""

SOURCES = ("198.51.100.1", "2001:db8::1")
"""Addresses for documentation (RFC 5737, RFC 3849) that stand for the machine's own where the world names none."""

ENCRYPTED_PORTS = frozenset((443, 853))
"""Ports at which an upstream that is given as zone text speaks whatever transport it is asked in."""

TRANSFERS = (codes.AXFR, codes.IXFR)
TRANSFER_RECORDS = 100
"""Records in each message of a transfer from an upstream that is given as zone text."""


IN_A_LOOP = Reason("in-a-loop", "waits for an answer to its own question, which goes round in a loop")()


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
        self._own: Instance | None = None
        self._bound: frozenset[str] = frozenset()  # the addresses that the server binds to
        self._sources: dict[str, Any] = {}  # those that were sent from, by destination; by '' what they were found with
        self._upstreams: dict[tuple[str, int], Any] = {}
        self._given: dict[str, Any] | None = None  # what they were made of; None before the first packet
        self._version = 0
        self._plain: set[Instance] = set()  # upstreams given as zone text
        self._servers: list[Instance] = []
        self._found: dict[tuple[str, str, str], tuple[Any, str, int]] = {}  # see `_target`
        self._rounds: dict[tuple[Instance, Question | None], int] = {}  # how often a server waits for an answer
        self._lost: set[tuple[Instance, Question | None]] = set()  # in a loop, for the query at hand
        self.rounds = 0  # how many questions servers have asked each other so far
        # Addresses that lead to the server itself, and the ports at which it is asked there.
        self.services: dict[str, str] = {}
        self.seen: Callable[[str, Msg], object] | None = None  # called with each packet and the address it is sent to

    @property
    def own(self) -> Instance | None:
        """The server that the world is about."""
        return self._own

    @own.setter
    def own(self, instance: Instance | None) -> None:
        self._own = instance
        self._bound = frozenset() if instance is None else frozenset(one.host for one in instance.listeners)
        self._sources = {}
        self._found.clear()

    def settle(self) -> None:
        """Take the world's upstreams as they are now: build those that are servers, stop what is no more. The others stand
        as they were given. Raises CorefileError and ValueError for a server that cannot be."""
        given, had = self.world.upstreams, self._given or {}
        if self._given is not None and given.version == self._version:
            return
        self._given, self._version = dict(given), given.version
        found = self._upstreams
        for where, spec in had.items():
            if given.get(where) is not spec:
                self._stop(found.pop(split_address(where), None))
        for where, spec in given.items():
            if had.get(where) is not spec:
                try:
                    found[split_address(where)] = self._built(where, spec)
                except (CorefileError, ValueError):
                    del self._given[where]  # the next packet finds the same error
                    self._version = -1
                    raise
        self._found.clear()

    def _built(self, where: str, spec: Any) -> Any:
        if isinstance(spec, str):
            return self._zone(where, *split_address(where), spec)
        return self._mapping(where, spec) if isinstance(spec, dict) else spec

    def _stop(self, upstream: Any) -> None:
        if isinstance(upstream, Instance):
            upstream.stop()
            self._servers.remove(upstream)
            self._plain.discard(upstream)

    def _zone(self, where: str, ip: str, port: int, given: str) -> Instance:
        """A server for zone text. Raises ValueError for text that is no zone, with the place in it."""
        zone = whole_zone(given)
        text = f".:{port} {{\n bind {ip}\n file zone .\n}}\n"
        try:
            server = self._server(Source("Corefile", text), self.world.beside(files={"zone": zone + "\n"}), None)
        except CorefileError:
            wrong = wrong_zone(given)
            if wrong is None:
                raise
            raise ValueError(f"upstream {where}: {wrong}") from None
        self._plain.add(server)
        return server

    def _mapping(self, where: str, spec: dict[str, Any]) -> Any:
        if "corefile" in spec:
            release = spec.get("coredns")
            beside = self.world.beside(
                files=spec.get("files") or {},
                root=spec.get("root"),
                same_cluster=bool(spec.get("cluster", True)),
            )
            corefile = spec["corefile"]
            if not isinstance(corefile, Source):
                corefile = Source(f"<upstream {where}>", corefile)
            return self._server(corefile, beside, str(release) if release else None)
        if "fault" in spec:
            return Fault(spec["fault"])
        if "rcode" in spec:
            return Fault("rcode", spec["rcode"])
        if "istio" in spec:
            from ..world.istio import Istio

            options = spec["istio"] if isinstance(spec["istio"], dict) else {}
            return Istio(self.world, default=options.get("default"))
        raise ValueError(f"upstream {where}: one of corefile, fault, rcode or istio is needed, not {sorted(spec)}")

    def _server(self, corefile: Source, world: World, release: str | None) -> Instance:
        instance = self.build(corefile, world, release, self)
        if instance.errors:
            raise CorefileError(tuple(instance.errors))
        self._servers.append(instance)
        self._found.clear()
        instance.start()
        return instance

    def servers(self) -> list[Instance]:
        """The upstreams that are servers. Raises as `settle` does."""
        self.settle()
        return self._servers[:]

    @property
    def unreachable(self) -> list[str]:
        """The addresses (`ip:port`) that have been asked and that the world knows nothing about."""
        asked = (join_port(ip, port) for found, ip, port in self._found.values() if found == "unreachable")
        return list(dict.fromkeys(asked))

    @property
    def lost(self) -> bool:
        """Whether a question went round in a loop, for the query that came last."""
        return bool(self._lost)

    def _is_own(self, ip: str) -> bool:
        """Whether it is an address of the machine that the server runs on."""
        return self.world.is_own_address(ip) or ip in self._bound

    def is_local(self, ip: str) -> bool:
        """Whether `ip` is the machine's own: loopback, the world's addresses, those that the server binds to, and those of
        upstreams."""
        if self._is_own(ip):
            return True
        if self._given is None:
            self.settle()
        return any(ip == at for at, _ in self._upstreams)

    def _is_there(self, ip: str, port: int) -> bool:
        """Whether something may answer at an address that no upstream has."""
        return self.is_local(ip) or join_port(ip, port) in self.services

    def exchange(
        self,
        address: str,
        msg: Msg,
        ctx: Context,
        *,
        proto: str = "udp",
        client: str | None = None,
        transport: str = "dns",
    ) -> Answer:
        """Send `msg` to `address` (`ip:port`) and wait for as long as it takes.

        `ctx` is the exchange that asks (for its depth and the time); the answer's `elapsed` is not added to it. `proto`
        matters for the transport dns alone. `client` is the source address, where the asker sets it.
        """
        if self.seen is not None:
            self.seen(address, msg)
        if ctx.depth == 0 and self._lost:
            self._lost.clear()
        target, ip, port = self._target(address, proto, transport)
        if target.__class__ is str:
            return Answer(None, 0.0, target)
        if isinstance(target, Fault):
            return _misbehave(target, msg, proto)
        ctx.world.clock.spend(EXCHANGE)
        if msg.question is not None and msg.question[0][:1] == "." != msg.question[0]:
            read = wire.as_read(msg)
            if read is msg:  # it cannot be read at all
                refused = msg.reply(codes.FORMERR)
                refused.question = None
                return Answer(refused)
            msg = read
        if msg.answer or msg.ns or msg.extra:  # a record without data is sent with fields that may not be read as such
            octets = wire.pack(msg)
            try:
                if target.__class__ is tuple and transport in ("dns", "tls"):
                    msg = accept.read(octets, target[0].release, "tcp" if transport == "tls" else proto)
                else:
                    msg = wire.unpack_header(octets)
                    wire.unpack_sections(msg, octets, checked=False)
            except accept.Unreadable as unreadable:
                return Answer(None, NEVER, "timeout") if unreadable.reply is None else Answer(unreadable.reply)
            except WireError:
                refused = msg.reply(codes.FORMERR)
                refused.rd, refused.question = msg.rd, msg.question
                return Answer(refused)
        if target.__class__ is tuple:
            instance, listener = target
            return self._ask_server(
                instance, listener, ip, port, msg, ctx, proto, client or self.source_for(ip), transport
            )
        return _ask_callable(target, msg, address)

    def certificate(self, address: str, transport: str) -> Certificate | None:
        """What the server at `address` (`ip:port`) shows to a client of a transport; None where nothing is known of it."""
        target, _, _ = self._target(address, "tcp", transport)
        if target.__class__ is not tuple or target[0] in self._plain or target[1].encryption is None:
            return None
        shown: Certificate | None = target[1].encryption.certificate
        return shown

    def reach(self, address: str) -> Reached:
        """Who would take a connection to `address` (`ip:port`), whatever transport it is for."""
        self.settle()
        ip, port = self._connected(*split_address(address))
        given = self._upstreams.get((ip, port))
        if given is not None and not isinstance(given, Instance):
            if isinstance(given, Fault):
                return Reached(given.kind if given.kind in ("refused", "unreachable") else "silent", given)
            return Reached("" if callable(given) else str(given), given)
        if given is None and not self._is_there(ip, port):
            return Reached("unreachable")
        found = self._listening(ip, port, OVER_TCP, given)
        if found is None:
            return Reached("refused")
        instance, listener = found
        if instance in self._plain and port in ENCRYPTED_PORTS:
            return Reached("", listener)
        return Reached("", listener, listener)

    def get(self, address: str, path: str) -> tuple[int | None, str]:
        """Status of an HTTP GET of `path` at `address` (`ip:port`), and the fault where there is none."""
        ip, port = self._connected(*split_address(address, 80))
        if not self.is_local(ip):
            return None, "unreachable"
        for instance in self._all():
            for host in (ip, "", "::", "0.0.0.0"):
                answers = instance.endpoints.get((host, port))
                if answers is not None:
                    answer = answers.get(path)
                    return (answer()[0] if answer else 404), ""
        return None, "refused"

    def source_for(self, ip: str) -> str:
        """The address that the machine sends from to reach `ip`: the kernel takes one of its own itself, but for those of
        127.0.0.0/8 the first one. To reach others it takes the first of the world's addresses of the same family."""
        addresses = self.world.addresses
        if self._sources.get("") is not addresses:
            self._sources = {"": addresses}
        source: str | None = self._sources.get(ip)
        if source is None:
            family = ":" in ip
            if ip.startswith("127.") or ip in LOOPBACK:
                source = LOOPBACK.get(ip, "127.0.0.1")
            elif self._is_own(ip):
                source = ip
            else:
                source = next((own for own in addresses if (":" in own) == family), SOURCES[family])
            self._sources[ip] = source
        return source

    def _connected(self, ip: str, port: int) -> tuple[str, int]:
        """Where a connection to `ip` ends: the address that stands for all of them is loopback, unless an upstream has it."""
        return (LOOPBACK[ip], port) if ip in LOOPBACK and (ip, port) not in self._upstreams else (ip, port)

    def _all(self) -> list[Instance]:
        self.settle()
        return ([self._own] if self._own is not None else []) + self._servers

    def _target(self, address: str, proto: str, transport: str) -> tuple[Any, str, int]:
        """Who would get a packet to `address` (see `_find`), with the host and port in it; it is kept."""
        if self._given is None or self.world.upstreams.version != self._version:
            self.settle()
        key = (address, proto, transport)
        target = self._found.get(key)
        if target is None:
            ip, port = self._connected(*split_address(address))
            target = self._found[key] = (self._find(ip, port, proto, transport), ip, port)
        return target

    def _find(self, ip: str, port: int, proto: str, transport: str) -> Any:
        """Who would get a packet: (instance, listener), a callable, a `Fault`, or the name of a fault."""
        given = self._upstreams.get((ip, port))
        if given is not None and not isinstance(given, Instance):
            return given
        if given is None and not self._is_there(ip, port):
            return "unreachable"
        occupying = OVER_UDP if (transport == "dns" and proto == "udp") or transport in ("quic", "https3") else OVER_TCP
        found = self._listening(ip, port, occupying, given)
        if found is None:
            return "refused"
        instance, listener = found
        fits = instance in self._plain and port in ENCRYPTED_PORTS
        if listener.transport == transport == "grpc":
            return found  # who asks has looked at the encryption (see `reach`)
        if fits or mismatch(listener, Via(proto if transport == "dns" else transport)) is None:
            return found
        return "mismatch"

    def _listening(
        self, ip: str, port: int, occupying: frozenset[str], given: Instance | None
    ) -> tuple[Instance, Listener] | None:
        """Whose listener takes packets to an address; `given` is the upstream there, where there is one."""
        wildcards = ("", "::") if ":" in ip else ("", "::", "0.0.0.0")
        inside = self.services.get(join_port(ip, port)) if given is None and self.services else None
        if inside is not None:
            own = self._own
            at = [] if own is None else [one for one in own.at_port(int(inside)) if one.transport in occupying]
            taken = next((one for one in at if not one.host.startswith("127.") and one.host != "::1"), None)
            return None if own is None or taken is None else (own, taken)
        servers = self._all() if given is None else [given]
        if given is None and not self._is_own(ip):  # another machine, with what runs there
            there = [one for (at, _), one in self._upstreams.items() if at == ip]
            servers = [server for server in servers if server in there]
        for hosts in ((ip,), wildcards):
            for instance in servers:
                for listener in instance.at_port(port):
                    if listener.host in hosts and listener.transport in occupying:
                        return instance, listener
        return None

    def _ask_server(
        self,
        instance: Instance,
        listener: Listener,
        ip: str,
        port: int,
        msg: Msg,
        ctx: Context,
        proto: str,
        client: str,
        transport: str,
    ) -> Answer:
        plain = instance in self._plain
        trace, depth = None if plain else ctx.trace, ctx.depth + 1
        inner = Context(instance.world, client, 40000, listener.label, ip, port, proto, transport, trace, depth)
        inner.elapsed, inner.left_out = ctx.elapsed, ctx.left_out
        if transport == "grpc":
            try:
                accepted(msg, instance.release)
            except ValueError as error:
                return Answer(None, error=str(error))
        if plain:  # it asks no other server, so nothing comes round
            if proto == "tcp" and msg.question is not None and (ctx.server_port == 0 or msg.question.type in TRANSFERS):
                transferred = _of_zone(instance, msg)
                if transferred is not None:
                    return Answer(transferred[0], later=tuple(transferred[1:]))
            reply = instance.exchange(msg, inner, listener)
        else:
            if ctx.asked is None:
                ctx.asked = [0]
            inner.asked = ctx.asked
            reply = self._round(instance, listener, msg, inner)
        if instance is not self._own:
            instance.pending.clear()
        if reply is None:
            if transport == "grpc" and (instance, msg.question) not in self._lost:
                return Answer(msg.copy(), inner.elapsed - ctx.elapsed)  # see transports: the question comes back
            return Answer(None, NEVER, "timeout")
        return Answer(reply, inner.elapsed - ctx.elapsed, "", inner.again, inner.later)

    def _round(self, instance: Instance, listener: Listener, msg: Msg, ctx: Context) -> Msg | None:
        """The answer of a server that may ask others; None where the question has come round too often."""
        self.rounds += 1
        asked = (instance, msg.question)
        rounds = self._rounds.get(asked, 0)
        if rounds >= MAX_ROUNDS or ctx.depth > MAX_DEPTH:
            if ctx.trace is not None and asked not in self._lost:
                ctx.trace.note(IN_A_LOOP)
            self._lost.add(asked)
            if ctx.depth > MAX_DEPTH:
                self._lost.update(self._rounds)
        if ctx.asked is not None:
            ctx.asked[0] += 1
            if ctx.asked[0] > MAX_ASKED:
                return None
        if asked in self._lost:
            return None
        self._rounds[asked] = rounds + 1
        try:
            return instance.exchange(msg, ctx, listener)
        finally:
            if rounds:
                self._rounds[asked] = rounds
            else:
                del self._rounds[asked]


def _of_zone(instance: Instance, msg: Msg) -> list[Msg] | None:
    """What a server of zone text says to one that wants to have the zone: its serial, or all of it. None where that is not
    what is asked, or the zone is another one: it is the zone of the SOA record in the text."""
    question = msg.question
    assert question is not None
    if question.type not in (*TRANSFERS, codes.SOA):
        return None
    records = next(iter(instance.sites[0].find("transfer_records"))).transfer_records(".", 0)
    if not records or records[0].name != question.name.lower():
        return None
    messages = []
    for start in range(0, 1 if question.type == codes.SOA else len(records), TRANSFER_RECORDS):
        reply = msg.reply()
        reply.aa = True
        reply.answer = records[start : start + TRANSFER_RECORDS] if question.type in TRANSFERS else records[:1]
        messages.append(reply)
    return messages


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
        return Answer(msg.reply(codes.rcode_number(fault.code)))
    raise ValueError(f"no such fault: {fault.kind!r} (timeout, refused, unreachable, truncated, rcode)")


def _ask_callable(target: Callable[[Any], Any], msg: Msg, address: str) -> Answer:
    from ..dns import convert

    if getattr(target, "speaks_msg", False):
        said = target(msg)
    else:
        said = target(convert.to_dnslib(msg))
    if said is None:
        return Answer(None, NEVER, "timeout")
    if isinstance(said, Fault):
        return _misbehave(said, msg, "udp")
    if not isinstance(said, Msg) and not hasattr(said, "header"):
        raise TypeError(
            f"upstream {address}: its function gave {said!r:.40}, where a dnslib.DNSRecord, a Fault or None is needed"
        )
    reply = said.copy() if isinstance(said, Msg) else convert.from_dnslib(said)
    reply.compress = True  # as servers do, so that more fits a datagram
    return Answer(reply)
