"""Asking one destination, and how that ends (Go's package net, the DNS library, and the transports' clients)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...chain.accept import TOO_SMALL, as_read, unreadable, words
from ...chain.encryption import signed_by_one_of
from ...dns import wire
from ...dns.errors import WireError
from ...golang.addresses import LOOPBACK, join_port, parse_port
from ...light import NamedTuple, regex
from ...plugin import Answer, Context, Msg, Release, Setup, World, quote
from .._observer import rcode_text
from .destinations import is_ip, split_port, without_zone
from .rules import BackendRules

if TYPE_CHECKING:
    from ...golang.x509 import Certificate

LOCAL_PORT = 40000
"""Stands for the port that a socket of ours gets from the system."""


class Response(NamedTuple):
    """How asking ended: a reply, or the error as Go words it. `timeout`: whether that error is a timeout. `took`:
    seconds. `again`: a second reply that came after the first; `later`: the rest of a zone transfer."""

    reply: Msg | None
    error: str = ""
    timeout: bool = False
    took: float = 0.0
    again: Msg | None = None
    later: tuple[Msg, ...] = ()


class Trust(NamedTuple):
    """What a server's certificate has to be: for `name` ('' for its address), and from one of `authorities` (None:
    those of the system)."""

    name: str = ""
    authorities: tuple[Certificate, ...] | None = None


NOT_PACKED = "dns: bad rdata"
"""What the library says of a query that it cannot send."""
LINK_LOCAL = 0xFE80 >> 6
"""The first ten bits of addresses that need a zone (fe80::/10)."""
NO_SECRETS = "dns: no secrets defined"
"""What the DNS library says of a message with a TSIG record (RFC 8945), since no directive gives it keys for servers."""
SIGNED_OVER = ("dns", "tls")
"""Transports over which the library signs such messages, and checks them; the others hand them on."""


SYSTEM = "/etc/ssl/certs/ca-certificates.crt"
"""The authorities of the system, where the world has this file; else it knows none."""


NUMBER = regex("[0-9]*")
NET = "\0net\0"
"""Stands for `udp` or `tcp`; no word of a Corefile has it."""


class Link:
    """The way to one destination. `address` is `host:port` as it is written; `source` the address to send from, where it
    is set; `method` that of DNS over HTTPS. shown: the address as Go prints it; target: without its zone, too."""

    __slots__ = ("address", "broken", "method", "rules", "setup", "shown", "source", "target", "transport", "trust")

    def __init__(
        self, transport: str, address: str, setup: Setup, source: str | None = None, method: str = "POST"
    ) -> None:
        self.transport = transport
        self.method = method
        self.address = address
        self.setup = setup
        self.source = source
        self.trust: Trust | None = None
        self.rules = BackendRules.of(setup.release)
        host, port = split_port(address) or (address, "")
        number = parse_port(port, "udp" if transport == "dns" else "tcp")
        if transport == "https" and not port:
            number = 443
        self.broken = self._bad(host, port, number)
        self.shown = join_port(host, number or 0)
        self.target = join_port(without_zone(host), number or 0)

    def _bad(self, host: str, port: str, number: int | None) -> str:
        if "://" in self.address or not is_ip(without_zone(host)):
            return f"address {self.address}: too many colons in address"
        if "%" in host and ":" not in host:  # IPv4 has no zones: Go takes it for a name, which it cannot be
            return f"lookup {host}: no such host"
        if number is None or (self.transport == "https" and not NUMBER.fullmatch(port)):
            return f"lookup {NET}/{port}: unknown port"
        if not 0 <= number <= 65535:
            return f"address {port}: invalid port"
        return ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """What is asked: `ip:port`, nothing where the address is not fit for that."""
        return () if self.broken else (self.target,)

    def refusal(self, net: str) -> str:
        """CoreDNS's error about an address that it cannot connect to as it is written."""
        return f"dial {net}: {self.broken.replace(NET, net)}"

    def ask(self, msg: Msg, ctx: Context, proto: str, wait: float, size: int = 65535) -> Response:
        """Send `msg` over udp or tcp (or in the destination's own transport) and wait up to `wait` seconds. `size`:
        octets that fit the buffer for a datagram. Time is not added to `ctx`."""
        setup, transport = self.setup, self.transport
        net = "udp" if transport == "dns" and proto == "udp" else "tcp"
        if self.broken:
            return Response(None, self._not_requested(msg) if transport == "https" else self.refusal(net))
        network = setup.instance.network
        if network is None:
            return Response(None, f"dial {net} {self.shown}: connect: network is unreachable")
        source = self.source
        if source is not None and not network.is_local(source):
            return Response(None, self.dial(net, "bind: cannot assign requested address"))
        wrong = self._wrong_certificate() if self.trust is not None and transport in ("tls", "https") else ""
        if wrong:
            lead = self._request(msg) if transport == "https" else ""
            return Response(None, f"{lead}tls: failed to verify certificate: {wrong}")
        if not self.packs(msg):
            return Response(None, NOT_PACKED)
        sent = msg
        if msg.extra and transport in SIGNED_OVER:
            signature = wire.signature(msg)
            if signature is not None:
                fault = network.reach(self.target).fault if net == "tcp" else ""
                if fault in ("refused", "unreachable"):
                    return self._failed(fault, net, wait, msg)
                from ...dns import tsig

                if not (self.rules.drops_signature and tsig.fields(signature).error in tsig.UNSIGNED):
                    return Response(None, NO_SECRETS)
                sent = tsig.signed(msg, None, 0)[0]
        answer: Answer = network.exchange(self.target, sent, ctx, proto=net, client=source, transport=transport)
        reply, took, fault, again, later, _ = answer
        if reply is None:
            return self._failed(fault, net, wait, msg)
        if took >= wait or (reply.id != msg.id and self.rules.waits_for_id) or sent is not msg:
            return self._failed("timeout", net, wait, msg)  # it went out with the ID of its signature: no reply fits
        if reply.extra and transport in SIGNED_OVER and wire.signature(reply) is not None:
            return Response(None, NO_SECRETS, False, took)
        if net == "udp" and wire.length(reply) > size:
            try:
                reply = _cut(reply, size)
            except WireError as error:
                return self._overflow(reply, words(error, setup.release), took)
        if reply.edns is not None and reply.edns.options:
            wrong = unreadable(reply, setup.release)
            if wrong == f"dns: {TOO_SMALL}" and net == "udp" and self.rules.truncates:
                return self._overflow(reply, wrong, took)
            if wrong:
                return Response(None, wrong, False, took)
            reply = as_read(reply, setup.release)
        reply.compress = False  # whatever the sender did, that is gone when the message is read
        return Response(reply, "", False, took, again, later)

    def packs(self, msg: Msg) -> bool:
        """Whether a query that plugins may have changed can be sent."""
        question = msg.question
        if question is None or wire.has_wire_form(question[0]):
            return True
        return not wire.unsendable(msg, self.setup.instance.rules.leading_dots)

    def late(self) -> str:
        """What Go says where nothing more comes over a TCP connection."""
        return self._failed("timeout", "tcp", 0.0, Msg()).error

    def _overflow(self, reply: Msg, error: str, took: float) -> Response:
        if not self.rules.truncates:
            return Response(None, error, False, took)
        empty = reply.copy()
        empty.answer, empty.ns, empty.extra, empty.edns, empty.tc = [], [], [], None, True
        return Response(empty, "", False, took)

    def dial(self, net: str, words: str) -> str:
        """Go's error where a connection cannot be made."""
        source = f"{join_port(self.source, '0')}->" if self.source is not None else ""
        return f"dial {net} {source}{self.shown}: {words}"

    def _failed(self, fault: str, net: str, wait: float, msg: Msg) -> Response:
        if self.transport == "https":
            return self._https_failed(fault, wait, msg)
        if self.transport == "grpc":
            dialing = f'desc = "transport: Error while dialing {self.dial("tcp", _WORDS[fault])}"'
            return Response(
                None,
                "rpc error: code = Unavailable desc = all SubConns are in TransientFailure, "
                f"latest connection error: connection error: {dialing}",
            )
        if fault == "mismatch":
            return Response(None, "EOF")
        if fault == "unreachable" or (fault == "refused" and net == "tcp"):
            return Response(None, self.dial(net, _WORDS[fault]))
        both = self.both_ends()
        if fault == "refused":
            return Response(None, f"read udp {both}: read: connection refused")
        return Response(None, f"read {net} {both}: i/o timeout", True, wait)

    def both_ends(self) -> str:
        """A socket's address and that of the server, as Go writes them."""
        network = self.setup.instance.network
        assert network is not None
        host = (split_port(self.target) or ("", ""))[0]
        local = self.source or network.source_for(host)
        loses_zone = "%" in self.address and int(host.partition(":")[0] or "0", 16) >> 6 != LINK_LOCAL
        remote = self.target if loses_zone else self.shown
        if host in LOOPBACK:
            remote = join_port(LOOPBACK[host], remote.rpartition(":")[2])
        return f"{join_port(local, str(LOCAL_PORT))}->{remote}"

    def _wrong_certificate(self) -> str:
        network = self.setup.instance.network
        return self.distrusts(network.certificate(self.target, self.transport) if network is not None else None)

    def distrusts(self, shown: Certificate | None) -> str:
        """Go's error for a certificate that is not trusted; '' where it is, or where nothing is known of one."""
        if shown is None or self.trust is None:
            return ""
        wrong = shown.wrong_name(self.trust.name or (split_port(self.target) or ("", ""))[0])
        known = self.trust.authorities
        if known is None:
            from ...golang.x509 import pool

            known = pool(self.setup.world.files.read(SYSTEM) or b"")
        if wrong or signed_by_one_of(known, shown):
            return wrong
        return "x509: certificate signed by unknown authority"

    def _https_failed(self, fault: str, wait: float, msg: Msg) -> Response:
        lead = self._request(msg)
        if fault in ("refused", "unreachable"):
            return Response(None, lead + self.dial("tcp", _WORDS[fault]))
        # A server that speaks plain DNS waits for the rest of what it takes for a long message.
        return Response(
            None, f"{lead}context deadline exceeded (Client.Timeout exceeded while awaiting headers)", True, wait
        )

    def _not_requested(self, msg: Msg) -> str:
        """Go's error about a request to an address that it cannot connect to as it is written."""
        _, port = split_port(self.address) or ("", "")
        if not NUMBER.fullmatch(port):
            return f"parse {quote(self._url(msg))}: invalid port {quote(f':{port}')} after host"
        return f"{self._request(msg)}{self.refusal('tcp')}"

    def _request(self, msg: Msg) -> str:
        """How Go names a request."""
        return f"{self.method.capitalize()} {quote(self._url(msg))}: "

    def _url(self, msg: Msg) -> str:
        """What is requested."""
        query = ""
        if self.method == "GET":
            from base64 import urlsafe_b64encode

            bare = msg.copy()
            bare.id = 0
            query = "?dns=" + urlsafe_b64encode(wire.pack(bare)).decode().rstrip("=")
        return f"https://{self.address.removesuffix(':')}/dns-query{query}"


def _cut(reply: Msg, size: int) -> Msg:
    """A datagram as it is read into a buffer that it does not fit. What ends with a record is read without complaint, however
    many records its header tells of. Raises WireError where a record is broken."""
    octets = wire.pack(reply)[:size]
    read = wire.unpack_header(octets)
    wire.unpack_sections(read, octets, checked=False)
    return read


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


def rcode_label(rcode: int, release: Release) -> str:
    """An rcode as the releases' metrics name it: a number where the DNS library has no name."""
    return rcode_text(rcode, release) or str(rcode)


__all__ = ["LOCAL_PORT", "NOT_PACKED", "Link", "Response", "Trust", "aside", "rcode_label"]
