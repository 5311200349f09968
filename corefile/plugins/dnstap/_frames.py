"""The frames of one `dnstap`."""

from __future__ import annotations

from collections import deque
from ipaddress import ip_address

from ...chain.headers import Named
from ...dns import dnstap, wire
from ...dns.errors import WireError
from ...golang.addresses import EVERYWHERE
from ...plugin import Msg, Query, Setup
from .._format import EMPTY, VALUES, Format, LogLine, parse
from ._rules import DnstapRules

KEPT = 10_000
"""Frames that are kept, as many as CoreDNS has waiting for a slow collector."""

_UNKNOWN = (VALUES["{rsize}"], VALUES["{duration}"])


class Frames:
    """The frames that were sent to one endpoint, the last 10,000 of them."""

    def __init__(self, setup: Setup, full: bool, identity: str | None, version: str | None, extra: str | None) -> None:
        self.rules = rules = DnstapRules.of(setup.release)
        self.full = full
        self.kept: deque[bytes] = deque(maxlen=KEPT)
        self.identity = self.version = None
        if rules.identity:
            self.identity = (setup.world.hostname if identity is None else identity).encode()
            self.version = (f"CoreDNS-{setup.release}" if version is None else version).encode()
        self.extra: Format | None = None
        if extra:
            found = parse(extra, setup.release)
            assert isinstance(found, Format)
            self.extra = found

    def client_query(self, query: Query, began: float) -> None:
        """A client has asked."""
        raw = self._raw(query.msg)
        if self.rules.fails_unpacked and self.full and raw is None:
            return
        message = self._of_client(query)._replace(query_time=self._time(began), query=raw)
        self._send(query, message)

    def client_response(self, query: Query, began: float, reply: Msg) -> None:
        """A reply was sent."""
        message = self._of_client(query)._replace(
            type=dnstap.CLIENT_RESPONSE,
            query_time=self._time(began) if self.rules.both_times else None,
            response_time=self._time(query.ctx.now()),
            response=self._raw(reply),
        )
        self._send(query, message)

    def asked(
        self,
        query: Query,
        server: tuple[str, int],
        own: tuple[str, int] | None,
        proto: str,
        began: float,
        reply: Msg | None,
    ) -> None:
        """Another server was asked, from the socket `own` (None where none was open), and has answered, or has not."""
        rules = self.rules
        host, at = server
        address = ip_address(host.partition("%")[0])
        where = address.packed
        if address.version == 4 and not rules.short_names:
            where = _mapped(where)
        about = dnstap.Message(
            dnstap.FORWARDER_QUERY,
            dnstap.INET if address.version == 4 else dnstap.INET6,
            dnstap.TCP if proto == "tcp" else dnstap.UDP,
            response_address=where,
            response_port=at,
            query_time=self._time(began),
            query=self._raw(query.msg),
        )
        if rules.own_socket:
            if own is not None:
                about = about._replace(query_address=ip_address(own[0].partition("%")[0]).packed, query_port=own[1])
        elif not rules.as_query_address:
            about = about._replace(query_address=self._client(query), query_port=query.ctx.client_port)
        elif rules.both_times:
            about = about._replace(query_address=where, query_port=at, response_address=None, response_port=None)
        self._send(query, about)
        if reply is not None:
            answered = about._replace(
                type=dnstap.FORWARDER_RESPONSE,
                query=None,
                query_time=about.query_time if rules.both_times else None,
                response_time=self._time(query.ctx.now()),
                response=self._raw(reply),
            )
            self._send(query, answered)

    # -- parts --------------------------------------------------------------------------------------------------------

    def _send(self, query: Query, message: dnstap.Message) -> None:
        extra = None if self.extra is None else self._extra(self.extra, query).encode()
        self.kept.append(dnstap.frame(message, self.identity, self.version, extra))

    def _of_client(self, query: Query) -> dnstap.Message:
        ctx = query.ctx
        if isinstance(ctx.client, Named):  # which is no address of a socket
            return dnstap.Message(dnstap.CLIENT_QUERY)
        return dnstap.Message(
            dnstap.CLIENT_QUERY,
            dnstap.INET if ctx.family == 1 else dnstap.INET6,
            dnstap.TCP if ctx.proto == "tcp" else dnstap.UDP,
            query_address=self._client(query),
            query_port=ctx.client_port,
        )

    def _client(self, query: Query) -> bytes:
        """The client's address, as a socket that is open to all addresses has it, and the server of HTTPS."""
        ctx = query.ctx
        octets = ip_address(ctx.client.partition("%")[0]).packed
        if len(octets) == 4 and not self.rules.short_addresses:
            host = ctx.server.rpartition("//")[2].rpartition(":")[0].strip("[]")
            return _mapped(octets) if host in EVERYWHERE or ctx.transport == "https" else octets
        return octets

    def _raw(self, msg: Msg) -> bytes | None:
        """The octets of a message, where these are told; None for one that has no wire form."""
        try:
            return wire.pack(msg) if self.full else None
        except WireError:
            return None

    def _time(self, seconds: float) -> dnstap.Time:
        time = dnstap.Time.of(seconds)
        return time if self.rules.nanoseconds else dnstap.Time(time.seconds)

    @staticmethod
    def _extra(format: Format, query: Query) -> str:
        """The further text. Nothing has been written, as far as it knows."""
        line = LogLine(format, query, None, 0, 0.0, False)
        values = query.ctx.metadata or {}
        line.fields = [values[name]() if name in values else EMPTY for name in format.metadata]
        return "".join(
            part
            if isinstance(part, str)
            else line.fields[part]
            if isinstance(part, int)
            else EMPTY
            if part in _UNKNOWN
            else part(line)
            for part in format.parts
        )


def _mapped(octets: bytes) -> bytes:
    return bytes(10) + b"\xff\xff" + octets


__all__ = ["KEPT", "Frames"]
