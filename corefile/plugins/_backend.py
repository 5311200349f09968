"""What the plugins that ask other servers share (`forward`, `proxy`, `grpc`): their destinations, how asking one of
them ends, and what happens beside the queries (health checks, failures that are forgotten after a while).

Source: plugin/pkg/parse, plugin/pkg/dnsutil, plugin/pkg/tls and Go's package net, of each release.
"""

from __future__ import annotations

import heapq
import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from ..chain.network import NEVER
from ..chain.query import Answer, Context
from ..chain.types import Invalid, Type
from ..dns import wire
from ..dns.message import Msg
from ..dns.names import is_subdomain
from ..golang.addresses import join_port, parse_ip, split_host_port
from ..golang.errors import GoError
from ..golang.quoting import quote
from ..language.keys import must_normalize, normalize
from ..language.words import decode
from ._paths import Root

if TYPE_CHECKING:
    from ..chain.setup import Setup
    from ..language.expand import Token
    from ..releases import Release
    from ..world import World

MAX_DESTINATIONS = 15
LOCAL_PORT = 40000
"""Stands for the port that a socket of ours gets from the system."""

PORTS = {"dns": "53", "tls": "853", "quic": "853", "grpc": "443", "https": "443"}
_SINCE = {
    "dns": "1.2.3",
    "tls": "1.2.3",
    "grpc": "1.2.3",
    "https": "1.2.3",
    "quic": "1.11.0",
    "unix": "1.11.0",
    "https3": "1.13.2",
}


# -- destinations -----------------------------------------------------------------------------------------------------


class From(Type):
    """The zone that is forwarded: zone names, a network being its reverse zones. Empty where it is no zone."""

    label = "zone"
    example = "example.org"

    def convert(self, text: str, release: Release) -> tuple[str, ...]:
        """The zones."""
        return normalize(text, release)


class Except(Type):
    """A zone that is left out. What is no zone leaves out nothing, and everything before 1.8.4."""

    label = "zone"
    example = "internal.example.org"

    def convert(self, text: str, release: Release) -> tuple[str, ...]:
        """The zones."""
        try:
            return must_normalize(text, release)
        except ValueError:
            return () if release >= "1.8.4" else (".",)


def split_transport(text: str, release: Release) -> tuple[str, str]:
    """The transport that a destination names (`dns` if it names none), and the rest."""
    name, found, rest = text.partition("://")
    if found and name in _SINCE and release >= _SINCE[name]:
        return name, rest
    return "dns", text


def is_ip(text: str) -> bool:
    """Go's net.ParseIP takes it: an address without a zone."""
    return parse_ip(text) is not None


def split_port(text: str) -> tuple[str, str] | None:
    """Host and port, or None where Go's net.SplitHostPort fails."""
    try:
        return split_host_port(text)
    except GoError:
        return None


def _without_zone(host: str) -> str:
    return host.rpartition("%")[0] if "%" in host else host


class NoNameservers(Invalid):
    """None of the destinations is one."""


class NotAnAddress(Invalid):
    """Neither an address nor a file."""


def destinations(words: tuple[str, ...], setup: Setup) -> list[str]:
    """Addresses with ports, perhaps with transports, for addresses and files like resolv.conf. Raises Invalid."""
    release = setup.release
    out: list[str] = []
    for word in words:
        transport, host = split_transport(word, release)
        if not host and release >= "1.11.0":
            raise Invalid(f"`{word}` has no address", coredns=f"invalid address: {quote(word)}", located=False)
        if transport == "unix":
            out.append(word)
            continue
        split = split_port(host)
        zones = release >= "1.6.7"
        if split is not None:
            address = split[0]
            if is_ip(_without_zone(address) if zones else address):
                out.append(word)
                continue
        else:
            if release >= "1.14.2":
                host = host.strip("[]")
            if is_ip(_without_zone(host) if zones else host):
                text = join_port(host, PORTS.get(transport, ""))
                out.append(text if transport == "dns" else f"{transport}://{text}" if transport in PORTS else "")
                continue
        out += _from_file(host, setup)
    if not out and release >= "1.6.8":
        raise NoNameservers(
            "there is no nameserver among these",
            coredns="no nameservers found",
            located=False,
            hint="a file needs lines such as `nameserver 10.0.0.1`",
        )
    return out


def _from_file(path: str, setup: Setup) -> list[str]:
    text = setup.world.files.read(path) if path else None
    if text is not None:
        strip = setup.release >= "1.11.3"
        servers = nameservers(decode(text))
        return [join_port(_without_zone(s) if strip else s, "53") for s in servers]
    if path and setup.world.files.is_dir(path):
        return []
    own = f"not an IP address or file: {quote(path)}"
    if setup.release >= "1.14.5":
        missing = f'failed to open file "{path}": "open {path}: no such file or directory"'
        own = f'not an IP address or file "{path}": {missing}'
    raise NotAnAddress(
        f"`{path}` is neither an IP address nor a file that exists",
        coredns=own,
        located=False,
        hint="such as `10.0.0.53`, `10.0.0.53:5353` or `/etc/resolv.conf`",
    )


def nameservers(resolv_conf: str) -> list[str]:
    """The nameservers of a file like resolv.conf, in order."""
    lines = [line.split() for line in resolv_conf.splitlines()]
    return [words[1] for words in lines if len(words) > 1 and words[0] == "nameserver"]


def tls_files(words: tuple[Token, ...], setup: Setup) -> None:
    """Check the files of `tls [CERT KEY] [CA]` as CoreDNS reads them at once. Raises Invalid with its words."""
    root = setup.site.get(Root).path if setup.release >= "1.11.3" else ""
    paths = [w.text if w.text.startswith("/") or not root else posixpath.join(root, w.text) for w in words]
    pair, ca = (paths[:2], paths[2:]) if len(paths) > 1 else ([], paths)
    for path in pair:
        content = setup.world.files.read(path)
        if content is None:
            raise Invalid(
                f"there is no file `{path}`",
                located=False,
                coredns=f"could not load TLS cert: open {path}: no such file or directory",
            )
        if b"-----BEGIN" not in content:
            kind = "certificate" if path == pair[0] else "key"
            own = f"could not load TLS cert: tls: failed to find any PEM data in {kind} input"
            raise Invalid(f"`{path}` holds no {kind}", located=False, coredns=own)
    for path in ca:
        content = setup.world.files.read(path)
        if content is None:
            raise Invalid(
                f"there is no file `{path}`",
                located=False,
                coredns=f"error reading {path}: open {path}: no such file or directory",
            )
        if b"-----BEGIN CERTIFICATE" not in content:
            raise Invalid(
                f"`{path}` holds no certificate", located=False, coredns="could not read root certs: %!s(<nil>)"
            )


# -- asking -----------------------------------------------------------------------------------------------------------


class Said(NamedTuple):
    """How asking ended: a reply, or the error as Go words it. `timeout`: whether that error is a timeout. `took`:
    seconds. `again`: a second reply that came after the first."""

    reply: Msg | None
    error: str = ""
    timeout: bool = False
    took: float = 0.0
    again: Msg | None = None


class Link:
    """The way to one destination. `address` is `host:port`; `source` the address to send from, where it is set;
    `method` that of DNS over HTTPS."""

    __slots__ = ("address", "broken", "method", "setup", "source", "target", "transport", "truncates", "wrong_id_waits")

    def __init__(
        self, transport: str, address: str, setup: Setup, source: str | None = None, method: str = "POST"
    ) -> None:
        self.transport = transport
        self.method = method
        self.address = address
        self.setup = setup
        self.source = source
        self.wrong_id_waits = setup.release >= "1.4.0"
        host, port = split_port(address) or (address, "")
        self.broken = self._bad(host, port)
        self.target = join_port(_without_zone(host), port or "0")
        self.truncates = setup.release >= "1.11.3"  # a datagram that does not fit the buffer counts as truncated

    def _bad(self, host: str, port: str) -> str:
        if "://" in self.address or not is_ip(_without_zone(host)):
            return f"address {self.address}: too many colons in address"
        if port and not port.isdigit():
            return f"lookup {{}}/{port}: unknown port"
        if port and int(port) > 65535:
            return f"address {port}: invalid port"
        return ""

    def ask(self, msg: Msg, ctx: Context, proto: str, wait: float, size: int = 65535) -> Said:
        """Send `msg` over udp or tcp (or in the destination's own transport) and wait up to `wait` seconds. `size`:
        octets that fit the buffer for a datagram. Time is not added to `ctx`."""
        setup, transport = self.setup, self.transport
        net = "udp" if transport == "dns" and proto == "udp" else "tcp"
        if self.broken:
            return Said(None, f"dial {net}: {self.broken.format(net)}")
        network = setup.instance.network
        if network is None:
            return Said(None, f"dial {net} {self.address}: connect: network is unreachable")
        source = self.source
        if source is not None and not network.is_local(source):
            return Said(None, self._dial(net, "bind: cannot assign requested address"))
        answer: Answer = network.exchange(self.target, msg, ctx, proto=net, client=source, transport=transport)
        reply, took, fault, again = answer
        if reply is None:
            return self._failed(fault, net, wait, msg)
        if took >= wait or (reply.id != msg.id and self.wrong_id_waits):
            return self._failed("timeout", net, wait, msg)
        if net == "udp" and wire.length(reply) > size:
            return self._overflow(reply, took)
        reply.compress = False  # whatever the sender did, that is gone when the message is read
        return Said(reply, "", False, took, again)

    def _overflow(self, reply: Msg, took: float) -> Said:
        if not self.truncates:
            return Said(None, "dns: overflow unpacking uint32", False, took)
        empty = reply.copy()
        empty.answer, empty.ns, empty.extra, empty.edns, empty.tc = [], [], [], None, True
        return Said(empty, "", False, took)

    def _dial(self, net: str, words: str) -> str:
        source = f"{join_port(self.source, '0')}->" if self.source is not None else ""
        return f"dial {net} {source}{self.address}: {words}"

    def _failed(self, fault: str, net: str, wait: float, msg: Msg) -> Said:
        if self.transport == "https":
            return self._https_failed(fault, wait, msg)
        if self.transport == "grpc":
            dialing = f'desc = "transport: Error while dialing {self._dial("tcp", _WORDS[fault])}"'
            return Said(
                None,
                "rpc error: code = Unavailable desc = all SubConns are in TransientFailure, "
                f"latest connection error: connection error: {dialing}",
            )
        if fault == "mismatch":
            return Said(None, "EOF" if self.transport == "tls" else "dns: short read")
        if fault == "unreachable" or (fault == "refused" and net == "tcp"):
            return Said(None, self._dial(net, _WORDS[fault]))
        network = self.setup.instance.network
        assert network is not None
        local = self.source or network.source_for(_without_zone((split_port(self.target) or ("", ""))[0]))
        both = f"{join_port(local, str(LOCAL_PORT))}->{self.address}"
        if fault == "refused":
            return Said(None, f"read udp {both}: read: connection refused")
        return Said(None, f"read {net} {both}: i/o timeout", True, wait)

    def _https_failed(self, fault: str, wait: float, msg: Msg) -> Said:
        verb, query = "Post", ""
        if self.method == "GET":
            from base64 import urlsafe_b64encode

            bare = msg.copy()
            bare.id = 0
            verb, query = "Get", "?dns=" + urlsafe_b64encode(wire.pack(bare)).decode().rstrip("=")
        lead = f'{verb} "https://{self.address}/dns-query{query}": '
        if fault in ("refused", "unreachable"):
            return Said(None, lead + self._dial("tcp", _WORDS[fault]))
        # A server that speaks plain DNS waits for the rest of what it takes for a long message.
        return Said(
            None, f"{lead}context deadline exceeded (Client.Timeout exceeded while awaiting headers)", True, wait
        )


_WORDS = {
    "refused": "connect: connection refused",
    "unreachable": "connect: network is unreachable",
    "timeout": "i/o timeout",
    "mismatch": "connection closed",
}


def aside(world: World, at: float) -> Context:
    """The context of a question that the server asks of its own accord at the time `at`."""
    ctx = Context(
        world, client="127.0.0.1", client_port=LOCAL_PORT, server="", server_ip="127.0.0.1", server_port=0, depth=1
    )
    ctx.elapsed = at - world.clock.now
    return ctx


# -- beside the queries -----------------------------------------------------------------------------------------------


class Schedule:
    """What is to happen at a time, whether the clock reaches it or a query waits until then."""

    __slots__ = ("_due", "_order", "stopped", "world")

    def __init__(self, world: World) -> None:
        self.world = world
        self._due: list[tuple[float, int, Callable[[float], None]]] = []
        self._order = 0
        self.stopped = False

    def at(self, when: float, run: Callable[[float], None]) -> None:
        """Have `run(when)` called when time has come to `when`."""
        if self.stopped:
            return
        self._order += 1
        heapq.heappush(self._due, (when, self._order, run))
        self.world.clock.call_at(when, lambda: self.until(when))

    def until(self, now: float) -> None:
        """Run what is due."""
        while self._due and self._due[0][0] <= now:
            when, _, run = heapq.heappop(self._due)
            run(when)

    def next(self) -> float:
        """When the next thing is due; `NEVER` from now if nothing is."""
        return self._due[0][0] if self._due else self.world.clock.now + NEVER

    def stop(self) -> None:
        """Forget everything."""
        self.stopped = True
        self._due.clear()


def rcode_label(rcode: int, release: Release) -> str:
    """An rcode as the releases' metrics name it: a number where the DNS library has no name."""
    if rcode == 4 and release < "1.3.0":
        return "NOTIMPL"
    from ._observer import rcode_text

    return rcode_text(rcode, release) or str(rcode)


RCODE_NAMES: dict[str, int] = {
    "NOERROR": 0,
    "FORMERR": 1,
    "SERVFAIL": 2,
    "NXDOMAIN": 3,
    "NOTIMP": 4,
    "REFUSED": 5,
    "YXDOMAIN": 6,
    "YXRRSET": 7,
    "NXRRSET": 8,
    "NOTAUTH": 9,
    "NOTZONE": 10,
    "DSOTYPENI": 11,
    "BADSIG": 16,
    "BADKEY": 17,
    "BADTIME": 18,
    "BADMODE": 19,
    "BADNAME": 20,
    "BADALG": 21,
    "BADTRUNC": 22,
    "BADCOOKIE": 23,
    "NOTIMPL": 4,
}
"""Names of rcodes that Corefiles may use (miekg/dns, StringToRcode)."""


class Rcode(Type):
    """The name of an rcode, in any case."""

    label = "rcode"
    example = "SERVFAIL"

    def convert(self, text: str, release: Release) -> int:
        """The number. Raises Invalid."""
        code = RCODE_NAMES.get(text.upper())
        if code is None:
            raise Invalid(
                f"`{text}` is no response code",
                hint="such as NXDOMAIN, SERVFAIL or REFUSED",
                coredns=f"{text} is not a valid rcode",
                located=False,
            )
        return code


def excepted(name: str, zone: str, ignored: tuple[str, ...]) -> str | None:
    """Which of `ignored` keeps `name` from being forwarded; the name of the zone itself is never kept."""
    if name == zone:
        return None
    for other in ignored:
        if is_subdomain(other, name):
            return other
    return None
