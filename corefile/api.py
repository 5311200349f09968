"""Load a Corefile, send it queries, read why it answers so."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from threading import RLock
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from . import releases
from .chain.instance import Instance
from .chain.listener import Listener
from .chain.network import split_address
from .chain.process import Process
from .chain.process import build as compile_source
from .chain.query import Context, Recorder, Why
from .chain.reply import Reply
from .chain.trace import Trace
from .chain.transports import (
    OVER_TCP,
    OVER_UDP,
    PORTS,
    TRANSPORTS,
    Received,
    Via,
    exchange,
    heard,
    in_the_clear,
    mismatch,
)
from .dns import codes, convert
from .dns.message import Edns, Msg, Question
from .dns.names import parse_name
from .findings import Finding, Source, Span
from .golang.addresses import EVERYWHERE, join_port, parse_ip
from .light import NamedTuple
from .plugins import find, with_plugins
from .world import World
from .world.given import read, reads

if TYPE_CHECKING:
    import dnslib

    from .dns.tsig import Key

Transport = Literal["udp", "tcp", "tls", "https", "https3", "quic", "grpc"]

LATEST = str(releases.LATEST)
WAIT = 8.0
"""Seconds that a client waits for a reply unless told otherwise."""
QUERY_ID = 4242
"""The ID of a query, where its transport lets it have one."""
UDP_SIZE = 1232
"""The UDP buffer of a query with the DO bit and no `edns` of its own, in octets; what dig sends."""

SCHEMES = ("dns", "tls", "https", "https3", "quic", "grpc")
"""The transports that a server's address may begin with."""

FLAGS = ("qr", "aa", "tc", "rd", "ra", "z", "ad", "cd")

MOST_WAYS = 1024
"""How many combinations of `to`, `client` and `transport` a server keeps in mind."""


NOTHING = Received(None)


class Way(NamedTuple):
    """Who asks and who is asked, and how. It holds for one instance, and for what the machine's addresses are.
    listener: None where nothing listens. plain: whether the DNS library reads the messages, which have nothing in front
    of them. zero_id: whether they have ID 0, as RFC 9250 and RFC 8484 want it. why_not: why the listener does not
    understand the client."""

    instance: Instance
    addresses: tuple[str, ...]
    ip: str
    port: int
    client_ip: str
    client_port: int
    listener: Listener | None
    via: Via
    proto: str
    plain: bool
    zero_id: bool
    why_not: Why | None = None


class Asked(Protocol):
    """A question as a value, such as `Question`: it has the arguments of `Server.query`."""

    def arguments(self) -> dict[str, Any]:
        """The arguments by name."""


class Server:
    """A simulated CoreDNS: a Corefile, compiled for one release, in its world. `load` and `loads` make one.

    >>> server = loads(".:53 {\\n hosts {\\n  10.0.0.1 a.example.org\\n }\\n whoami\\n}")
    >>> server
    <Server 1.14.7, 1 server block, :53>
    >>> server.query("a.example.org").answer
    [<Record a.example.org. 3600 IN A 10.0.0.1>]

    Its methods may be called from several threads; they run one after another.

    process: the CoreDNS process behind it, for those who write plugins. Internal: it may change in any version.
    """

    _observe: ClassVar[Callable[[Server, Trace | None], Recorder] | None] = None
    """What looks on beside the traces of all servers, where something does; see `testing.coverage`."""

    def __init__(self, source: Source, release: releases.Release, world: World) -> None:
        self._set_up(Process(source, release, world, find))

    def _set_up(self, process: Process) -> None:
        self.process = process
        self._lock = RLock()
        self._began = process.world.clock.now
        self._ways: dict[tuple[str | None, str, str | Via | None], Way] = {}  # by `to`, `client` and `transport`

    @property
    def source(self) -> Source:
        """The Corefile."""
        return self.process.source

    @property
    def release(self) -> releases.Release:
        """The CoreDNS release."""
        return self.process.release

    @property
    def world(self) -> World:
        """Everything outside the Corefile: files, cluster, upstreams, clock and so on."""
        return self.process.world

    @property
    def findings(self) -> list[Finding]:
        """What CoreDNS's setup finds wrong, its own first error first, with notices of what is assumed or not
        simulated, and what has ended CoreDNS since. `check` leaves out what only follows from an earlier error, and has
        rules besides."""
        return self.process.findings

    @property
    def address(self) -> str:
        """The address that a query without `to` is sent to, as `IP:PORT`: 127.0.0.1:53, or the only port that serves
        plain DNS, or an address that the Corefile binds to. Without plain DNS, it begins with a transport:
        tls://127.0.0.1:853."""
        listeners = self.process.instance.listeners
        kinds = {x.transport for x in listeners}
        if not kinds or "dns" in kinds:
            return self.address_of("dns")
        found = next(x for x in TRANSPORTS if x in kinds)
        return f"{found}://{self.address_of(found)}"

    def address_of(self, transport: str) -> str:
        """The address that a query is sent to that gives its transport alone, as `IP:PORT`. transport: as
        `Server.query` takes it; udp and tcp are plain DNS."""
        transport = transport if transport in SCHEMES else "dns"
        listeners = [x for x in self.process.instance.listeners if x.transport == transport]
        ports = {x.port for x in listeners}
        port = min(ports) if len(ports) == 1 else PORTS[transport]
        hosts = {x.host for x in listeners if x.port == port}
        return join_port("127.0.0.1" if not hosts or hosts & {"127.0.0.1", *EVERYWHERE} else min(hosts), port)

    def start(self) -> None:
        """Start CoreDNS; `load`, `loads` and the first query do, too. Raises CorefileError if it would refuse to start,
        or would end right after its start, as by `loop`."""
        with self._lock:
            self.process.start()

    def query(
        self,
        name: str | Asked,
        type: str | int = "A",
        cls: str | int = "IN",
        *,
        do: bool = False,
        edns: Edns | None = None,
        flags: str | Iterable[str] = "rd",
        opcode: str | int = "QUERY",
        id: int | None = None,
        client: str | None = None,
        to: str | None = None,
        transport: Transport | Via | None = None,
        timeout: float = WAIT,
        wait: bool = True,
        trace: bool = True,
        key: Key | None = None,
    ) -> Reply:
        """Send one query and return the reply.

        name: a domain name, with or without its last dot, in the escapes of zone files (`\\DDD`, RFC 1035 §5.1). Or a
            `Question`, which has the other arguments, too; beside it only `timeout`, `wait` and `trace` count.
        type, cls: mnemonics (`AAAA`, `TYPE65`; `CH`) or numbers.
        do: set the DO bit (RFC 4035 §3.2.1), as a client that wants DNSSEC records does.
        edns: the OPT record (RFC 6891); unless given, there is none, or with `do` one of 1232 octets.
        flags: the header flags to set, words of `qr aa tc rd ra z ad cd` in one text or several; `none` for none.
        opcode, id: of the message's header. Unless given, the ID is 4242, and 0 over QUIC and HTTP/3, as RFC 9250
            and RFC 8484 want it.
        client: the source address, `IP` or `IP:PORT`; unless given, the world's `client`.
        to: the server's address, `IP` or `IP:PORT`; unless given, `address`. It may begin with a transport as in a
            Corefile (`tls://127.0.0.1`, `https://10.0.0.53:8443`); the query then uses TLS if the server has a
            certificate.
        transport: `udp`, `tcp`, `tls`, `https`, `https3`, `quic` or `grpc`, or a `Via` for other requests of these;
            unless given, that of `to`, or `udp`.
        timeout: simulated seconds that the client waits for the reply.
        wait: whether time passes until the reply is there (or the client has given up): the world's clock then moves on
            by the reply's `elapsed`. Without, the next query is asked at the same moment.
        trace: whether to keep a trace; a query without one is a little faster.
        key: the TSIG key that signs the query (RFC 8945).

        Raises ValueError for an argument that means nothing (BadName for a name), CorefileError if CoreDNS does not
        start.

        >>> server = loads(".:53 {\\n hosts {\\n  10.0.0.1 a.example.org\\n }\\n}")
        >>> server.query("a.example.org", "AAAA", client="10.0.0.9").rcode
        'NOERROR'
        """
        if not isinstance(name, str):
            if not hasattr(name, "arguments"):
                raise TypeError(f"a domain name is a str, and a question a `Question`; this is {name!r:.60}")
            return self.query(**name.arguments(), timeout=timeout, wait=wait, trace=trace)
        now = self.world.clock.now if key is not None else 0.0
        msg = message(name, type, cls, do=do, edns=edns, flags=flags, opcode=opcode, id=id, key=key, now=now)
        return self._exchange(msg, client, to, transport, timeout, wait, trace, any_id=id is None)

    def ask(
        self,
        message: dnslib.DNSRecord | Msg,
        *,
        client: str | None = None,
        to: str | None = None,
        transport: Transport | Via | None = None,
        timeout: float = WAIT,
        wait: bool = True,
        trace: bool = False,
    ) -> Reply:
        """Send a message of one's own and return the reply. The message is not changed; the other arguments are those
        of `query`. Unlike there, no trace is kept unless `trace` says so.

        >>> import dnslib
        >>> loads(".:53 {\\n whoami\\n}").ask(dnslib.DNSRecord.question("example.org")).rcode
        'NOERROR'
        """
        if not isinstance(message, Msg):
            if not hasattr(message, "pack"):
                raise TypeError(f"a message is a `dnslib.DNSRecord`, not {message!r:.60}; `query` takes a name")
            message = convert.from_dnslib(message)
        return self._exchange(message, client, to, transport, timeout, wait, trace)

    def send(
        self,
        octets: bytes | bytearray,
        *,
        client: str | None = None,
        to: str | None = None,
        transport: Transport | Via | None = None,
        timeout: float = WAIT,
        wait: bool = True,
        trace: bool = False,
    ) -> Reply:
        """Send the octets of a message, however malformed, and return the reply. octets: without the two octets of the
        length that TCP puts before them. The other arguments are those of `query`. Unlike there, no trace is kept
        unless `trace` says so.

        >>> loads(".:53 {\\n whoami\\n}").send(b"\\x00\\x01").received
        False
        """
        if not isinstance(octets, bytes | bytearray):
            raise TypeError(f"octets are bytes, not {octets!r:.60}")
        return self._exchange(bytes(octets), client, to, transport, timeout, wait, trace)

    def _exchange(
        self,
        msg: Msg | bytes,
        client: str | None,
        to: str | None,
        transport: Transport | Via | None,
        timeout: float,
        wait: bool,
        trace: bool,
        *,
        any_id: bool = False,
    ) -> Reply:
        with self._lock:
            process = self.process
            if not process.started:
                process.start()
            instance, world = process.instance, process.world
            way = self._resolved(to, client, transport)
            _, _, ip, port, client_ip, client_port, listener, via, proto, plain, zero_id, why_not = way
            if not (isinstance(timeout, (float, int)) and timeout > 0):  # a union would be made anew for each query
                raise (ValueError if isinstance(timeout, float | int) else TypeError)(
                    f"`timeout` is a number of seconds above 0, not {timeout!r:.60}"
                )
            kept = Trace() if trace else None
            if listener is None or why_not is not None or instance.ended is not None:
                if kept is not None:
                    kept.note(why_not or self._why_not(way))
                refusal = in_the_clear(listener, via) if listener is not None and instance.ended is None else None
                if refusal is not None:
                    return self._over(refusal, 0.0, wait, kept, ())
                return self._over(NOTHING, timeout, wait, kept, ())
            if any_id and zero_id and isinstance(msg, Msg):
                msg.id = 0
            over = listener.transport
            observe = Server._observe
            recorder = kept if observe is None else observe(self, kept)
            ctx = Context(world, client_ip, client_port, listener.label, ip, port, proto, over, recorder)
            left_out = ctx.left_out
            if kept is not None:
                kept.left_out = left_out
            if not plain or isinstance(msg, bytes):
                received = exchange(instance, listener, msg, ctx, via)
                if received == NOTHING or ctx.elapsed > timeout:
                    return self._over(NOTHING, timeout, wait, kept, left_out)
                return self._over(received, ctx.elapsed, wait, kept, left_out, _transferred(ctx, received.msg))
            reply = instance.exchange(msg, ctx, listener)
            elapsed = ctx.elapsed
            if reply is None or elapsed > timeout:
                return self._over(NOTHING, timeout, wait, kept, left_out)
            if elapsed or ctx.later:
                return self._over(Received(reply), elapsed, wait, kept, left_out, _transferred(ctx, reply))
            log, instance.pending = instance.pending, []
            return Reply(reply, 0.0, log, kept, process.release, left_out)

    def _over(
        self,
        received: Received,
        elapsed: float,
        wait: bool,
        trace: Trace | None,
        left_out: Sequence[tuple[str, Span]],
        later: Sequence[Msg] = (),
    ) -> Reply:
        """What the client has after `elapsed` seconds."""
        if wait and elapsed:
            self.world.clock.advance(elapsed)
        instance = self.process.instance
        log, instance.pending = instance.pending, []
        msg, http, grpc = received
        return Reply(msg, elapsed, log, trace, self.release, left_out, http, grpc, later)

    def _resolved(self, to: str | None, client: str | None, transport: Transport | Via | None) -> Way:
        """Who asks and who is asked, for these arguments of `query`. Raises ValueError."""
        process = self.process
        key = (to, client or process.world.client, transport)
        way = self._ways.get(key)
        if way is None or way[0] is not process.instance or way[1] is not process.world.addresses:
            way = self._way(key, process.instance, process.world)
        return way

    def _way(self, key: tuple[str | None, str, str | Via | None], instance: Instance, world: World) -> Way:
        """Work out who asks and who is asked. Raises ValueError."""
        to, client, transport = key
        if to is None:
            name = transport.transport if isinstance(transport, Via) else transport
            to = self.address if name is None else self.address_of(name)
        scheme, found, rest = str(to).partition("://")
        if found and scheme not in SCHEMES:
            raise ValueError(f"`to` begins with one of {', '.join(SCHEMES)}, not `{scheme}`")
        named = scheme if found and scheme != "dns" else None
        via = transport if isinstance(transport, Via) else Via(transport or named or "udp")
        if via.transport not in TRANSPORTS:
            raise ValueError(f"`transport` is one of {', '.join(TRANSPORTS)}, not `{via.transport}`")
        ip, port = _address(rest or to, PORTS[named or via.transport], "`to`")
        client_ip, client_port = _address(client, 40212, "`client`")
        if ":" in ip and ":" not in client_ip:
            client_ip = "::1"
        listener = heard(instance, ip, port, via)
        if listener is not None and listener.host != ip and not world.is_own_address(ip):
            listener = None
        if listener is not None and named and transport is None:  # with a certificate or in the clear, as the server is
            via = via._replace(tls=listener.encryption is not None)
        why_not = None if listener is None else mismatch(listener, via)
        if len(self._ways) >= MOST_WAYS:
            self._ways.clear()
        way = self._ways[key] = Way(
            instance,
            world.addresses,
            ip,
            port,
            client_ip,
            client_port,
            listener,
            via,
            via.proto,
            listener is not None and listener.transport in ("dns", "tls") and listener.headers is None,
            via.transport in ("quic", "https3"),
            why_not,
        )
        return way

    def _why_not(self, way: Way) -> str:
        """Why no server was asked."""
        instance, ip, port = self.process.instance, way.ip, way.port
        if instance.fatal is not None:
            return f"CoreDNS has ended: {instance.fatal}"
        listening = ", ".join(sorted({x.label.removeprefix("dns://") for x in instance.listeners})) or "no address"
        if heard(instance, ip, port, way.via) is None:
            other = instance.reached(ip, port, "dns", (*OVER_UDP, *OVER_TCP))
            over = "" if other is None else f" over {way.proto.upper()}"
            return f"nothing listens at {join_port(ip, port)}{over}; this Corefile listens at {listening}"
        return f"{ip} is not an address of CoreDNS's machine; World(addresses=[...]) says which it has"

    def get(self, url: str) -> tuple[int, str]:
        """Status and body of an HTTP GET of an endpoint of CoreDNS, such as `:8080/health`.

        url: with or without `http://`; without a host it is 127.0.0.1. Raises ConnectionRefusedError if nothing listens
        there, with the ports that are open; ValueError for what is no such address.

        >>> loads(".:53 {\\n health\\n}").get("http://127.0.0.1:8080/health")
        (200, 'OK')
        """
        if not isinstance(url, str):
            raise TypeError(f"`url` is a str such as :8080/health, not {url!r:.60}")
        m = re.fullmatch(r"(http://)?(\[[^\]]*\]|[^:/\[\]]*)(?::(\d+))?(/.*)?", url)
        if m is None or not (m[3] or (m[1] and m[2])) or int(m[3] or 80) > 65535:
            raise ValueError(f"`{url}` is not an HTTP address such as :8080/health or http://127.0.0.1:9153/metrics")
        host, port, path = m[2] or "127.0.0.1", int(m[3] or 80), m[4] or "/"
        with self._lock:
            self.process.start()
            instance = self.process.instance
            status, body = instance.http_get(f"{host}:{port}{path}")
            if status is None:
                ports = sorted(join_port(*at) for at in instance.endpoints)
                are = f"{' and '.join(ports)} {'is' if len(ports) == 1 else 'are'} open"
                here = are if ports else "this Corefile opens no port for HTTP"
                raise ConnectionRefusedError(f"nothing listens at {m[2]}:{port}; {here}")
            return status, body

    def samples(self, names: str | Iterable[str] | None = None, at: str = ":9153") -> list[str]:
        """Samples of these metrics, or of all, as the `prometheus` endpoint at `at` has them, one line each.

        names: a metric's name, or several. Raises ConnectionRefusedError if nothing listens there.

        >>> server = loads(".:53 {\\n prometheus\\n whoami\\n}")
        >>> server.query("example.org").rcode, server.samples("coredns_panics_total")
        ('NOERROR', ['coredns_panics_total 0'])
        """
        status, body = self.get(at + "/metrics")
        lines = [line for line in body.splitlines() if line and not line.startswith("#")] if status == 200 else []
        if names is None:
            return lines
        wanted = {names} if isinstance(names, str) else set(names)
        return [x for x in lines if x.split("{")[0].split(" ")[0] in wanted]

    def dnstap(self, endpoint: str | None = None) -> list[bytes]:
        """The dnstap frames that CoreDNS has sent since its start or its last reload, directive by directive, the last
        10,000 of each: octets of protocol buffers.

        endpoint: only those that were sent there, written as in the Corefile. `corefile.dns.dnstap.stream` makes a file
        of frames that dnstap's tools read."""
        with self._lock:
            handlers = self.process.instance.find("frames")
            chosen = [h for h in dict.fromkeys(handlers) if endpoint is None or h.endpoint == endpoint]
            return [one for h in chosen for one in h.frames.kept]

    def advance(self, seconds: float) -> None:
        """Let simulated time pass, in seconds: caches expire, and what CoreDNS does from time to time happens. Raises
        ValueError for a negative amount, TypeError for what is no number."""
        with self._lock:
            self.world.clock.advance(seconds)

    def take_log(self) -> list[str]:
        """The lines that CoreDNS has logged by itself since the last reply, without date and time; the first time,
        those of its start, too. Those that belong to a query are its reply's `log`."""
        with self._lock:
            return self.process.take_log()

    def copy(self) -> Server:
        """An independent server in the same state (cache, counters, log, time), with a world of its own.

        The functions of the world (`choose`, upstreams that are functions) and its cluster are shared.
        """
        with self._lock:
            from copy import deepcopy

            return deepcopy(self)

    def reset(self) -> None:
        """Start anew: caches, counters and the log are empty, and the clock is where it was when the server was made.

        Files, cluster and upstreams of the world stay as they are now. All timers of the world's clock are dropped, so
        do not reset a server whose world other servers share.
        """
        with self._lock:
            old = self.process
            if old.started:
                old.instance.stop()
            self.world.clock.restart(self._began)
            self.process = Process(old.first_source, old.release, old.world, old.registry)
            self.process.start()

    def __repr__(self) -> str:
        blocks = len(self.process.instance.sites)
        listening = sorted({x.label.removeprefix("dns://") for x in self.process.instance.listeners})
        count = f"{blocks} server block{'' if blocks == 1 else 's'}"
        return f"<Server {', '.join([str(self.release), count, *(listening or ['refused' if self.process.instance.errors else 'nothing listens'])])}>"

    def __copy__(self) -> Server:
        return self.copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> Server:
        from copy import deepcopy

        other = memo[id(self)] = Server.__new__(type(self))
        other.__dict__.update(process=deepcopy(self.process, memo), _began=self._began, _lock=RLock(), _ways={})
        return other

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError(
            "a server cannot be pickled: have `load` or `loads` make one in the other process; replies, traces, findings and "
            "records can be"
        )


def message(
    name: str,
    type: str | int = "A",
    cls: str | int = "IN",
    *,
    do: bool = False,
    edns: Edns | None = None,
    flags: str | Iterable[str] = "rd",
    opcode: str | int = "QUERY",
    id: int | None = None,
    key: Key | None = None,
    now: float = 0.0,
) -> Msg:
    """The message that `Server.query` sends; `now` is when it is signed. Raises ValueError."""
    question = Question(parse_name(name), *_type_and_class(type, cls))
    if do:
        edns = Edns(UDP_SIZE, True) if edns is None else edns._replace(do=True)
    if edns is not None:
        _check_edns(edns)
    msg = Msg(question, id=QUERY_ID if id is None else _within(id, 65535, "`id`"), edns=edns)
    if flags == "rd":
        msg.rd = True
    elif flags != "none":
        for flag in flags.lower().split() if isinstance(flags, str) else flags:
            if flag not in FLAGS:
                hint = "; `do=True` sets it" if flag == "do" else ""
                raise ValueError(f"`flags` has words of {', '.join(FLAGS)} or is none, not `{flag}`{hint}")
            setattr(msg, flag, True)
    if opcode != "QUERY":
        msg.opcode = _number(opcode, codes.opcode_number, codes.OPCODES.values(), 15, "opcode")
    if key is not None:
        if not hasattr(key, "signs"):
            raise TypeError(f"`key` is a `corefile.Key`, not {key!r:.60}")
        msg = key.signs(msg, now)
    return msg


def _check_edns(edns: Edns) -> None:
    """Whether an OPT record can be sent. Raises TypeError or ValueError."""
    if not isinstance(edns, Edns):
        raise TypeError(f"`edns` is a `corefile.Edns`, such as Edns(4096), not {edns!r:.60}")
    _within(edns.udp, 65535, "`udp` of `edns`")
    _within(edns.version, 255, "`version` of `edns`")
    for option in edns.options:
        if not isinstance(option, tuple | list) or len(option) != 2:
            raise TypeError(
                f"`options` of `edns` are pairs of a code and bytes, such as ((3, b''),), not {edns.options!r:.60}"
            )
        code, octets = option
        _within(code, 65535, "the code of an option of `edns`")
        if not isinstance(octets, bytes):
            raise TypeError(f"an option of `edns` is a code and bytes, not {octets!r:.60}")


def _address(text: str, port: int, what: str) -> tuple[str, int]:
    try:
        host, port = split_address(text, port)
    except (ValueError, TypeError):
        host = ""
    if parse_ip(host.partition("%")[0]) is None or port > 65535:
        given = f"`{text}`" if isinstance(text, str) else f"{text!r:.60}, which is no str"
        raise ValueError(f"{what} is an IP address, with a port or without (10.0.0.53, [fd00::1]:5353), not {given}")
    return host, port


@lru_cache(maxsize=1024, typed=True)
def _type_and_class(type: str | int, cls: str | int) -> tuple[int, int]:
    """The numbers of a type and a class. Raises ValueError."""
    return (
        _number(type, codes.type_number, codes.TYPES, 65535, "record type"),
        _number(cls, codes.class_number, codes.CLASSES, 65535, "class"),
    )


def _number(given: str | int, find: Callable[[str], int], names: Iterable[str], most: int, what: str) -> int:
    if isinstance(given, int):
        return _within(given, most, f"the number of {'an' if what[0] in 'aeiou' else 'a'} {what}")
    try:
        return find(given)
    except (ValueError, AttributeError):
        from difflib import get_close_matches

        near = get_close_matches(given.upper(), list(names), 1, 0.5) if isinstance(given, str) else []
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"`{given}` is no {what}{hint}") from None


def _within(number: int, most: int, what: str) -> int:
    if not isinstance(number, int):
        raise TypeError(f"{what} is a whole number, not {number!r:.60}")
    if not 0 <= number <= most:
        raise ValueError(f"{what} is from 0 to {most}, not {number}")
    return number


def _transferred(ctx: Context, reply: Msg | None) -> Sequence[Msg]:
    """What comes after the first message of a zone transfer; a client reads nothing more after any other reply."""
    question = None if reply is None else reply.question
    streams = ctx.proto == "tcp" and ctx.transport in ("dns", "tls")
    return ctx.later if streams and question is not None and question.type in (codes.AXFR, codes.IXFR) else ()


def serving(process: Process) -> Server:
    """A process as a server that can be asked."""
    server = Server.__new__(Server)
    server._set_up(process)
    return server


def build(source: Source, release: releases.Release, world: World) -> Instance:
    """Compile a Corefile and do not start it: `findings` of the result tell what is wrong."""
    return compile_source(source, release, world, find)


def load(
    path: str | os.PathLike[str],
    *,
    release: str | releases.Release = LATEST,
    world: World | None = None,
    plugins: Iterable[str] = (),
) -> Server:
    """Start a server for the Corefile in a file, which may be Kubernetes YAML with a ConfigMap that holds it.

    path: of the file, as a str or a `pathlib.Path`.
    release: a version or an image name: `1.11.3`, `registry.k8s.io/coredns/coredns:v1.11.3`.
    world: everything outside the Corefile; unless given, the files beside it, and what every pod has (see `World`).
    plugins: directives that CoreDNS does not come with, each with the one that it stands before (`dnsredir:forward`).
        Without that, one has the place that its class or its documentation names, or the last (see
        `corefile.plugins.register`).

    Raises CorefileError for a Corefile that CoreDNS would refuse, OSError for a file that cannot be read, ValueError
    for a file without a Corefile, for text in place of a path, and (as UnknownRelease) for an unknown release.

    >>> load("examples/shop/coredns.yaml", release="v1.12.1")
    <Server 1.12.1, 2 server blocks, :53>
    """
    server = Server(*read(path, with_plugins(releases.find(release), plugins), world))
    server.start()
    return server


def loads(
    text: str | bytes | Source,
    *,
    release: str | releases.Release = LATEST,
    world: World | None = None,
    plugins: Iterable[str] = (),
) -> Server:
    """Start a server for a Corefile that is given as text, which may be Kubernetes YAML with a ConfigMap that holds it.

    The other arguments are those of `load`. Raises CorefileError for a Corefile that CoreDNS would refuse, ValueError
    for YAML without a Corefile, for a path in place of text, and (as UnknownRelease) for an unknown release.

    >>> loads(".:53 {\\n whoami\\n}", release="1.9.0")
    <Server 1.9.0, 1 server block, :53>
    """
    server = Server(*reads(text, with_plugins(releases.find(release), plugins), world))
    server.start()
    return server


__all__ = ["Server", "build", "load", "loads", "serving"]
