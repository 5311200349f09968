"""local - answers questions about the machine itself, which should never have left it.

Description: answers for `localhost.` (127.0.0.1 and ::1), for `0.in-addr.arpa.`, `127.in-addr.arpa.` and `255.in-addr.arpa.`,
and for 1.0.0.127.in-addr.arpa. A name that begins with the label `localhost` is answered like localhost, too: resolvers
that add a search domain make such names. Since 1.14.5 names below `localhost.` are, as well (RFC 6761), and `localhost_prefix off`
ends the other habit.

Syntax:

    local {
        localhost_prefix on|off
    }

Examples: `.:53 { local  forward . 10.0.0.53 }` keeps `localhost.example.org` from being forwarded.
"""

from __future__ import annotations

from ..dns.codes import type_name
from ..plugin import (
    Answerer,
    Below,
    Declaration,
    Landmark,
    Line,
    Next,
    OneOf,
    Outcome,
    Pattern,
    Query,
    Reads,
    Reason,
    ReleaseRules,
    changed,
    dns,
    is_subdomain,
    longest_match,
    since,
)
from ._observer import debugging

ZONES = ("localhost.", "0.in-addr.arpa.", "127.in-addr.arpa.", "255.in-addr.arpa.")
POINTER = "1.0.0.127.in-addr.arpa."
TTL = 604800

LOOPBACK = Reason("localhost-label", "{} is taken for localhost")
OWN = Reason("local-name", "{} is a name of the machine itself")
NO_SUCH = Reason("no-such-local-name", "there is no {}")
OTHER = Reason("not-local", "{} is no name of the machine itself")


class Local(Answerer):
    """Answers for localhost and its reverse names."""

    class Config(Declaration):
        localhost_prefix: str = Line(
            OneOf("on", "off", error="localhost_prefix expects 'on' or 'off', got \"{}\""),
            default="on",
            since="1.14.5",
            doc="whether names that begin with the label `localhost` are answered",
        )

    class Rules(ReleaseRules):
        names_below = since("1.14.5", "names below localhost. are answered like it")

    FLAGS = ("type A", "type AAAA", "type NS", "type SOA", "type PTR")
    READS = Reads(
        far=changed("line", {"1.14.4": "block", "1.14.5": "all"}),
        surplus=changed("ignore", {"1.14.4": "first", "1.14.5": "error"}),
    )
    config: Config
    rules: Rules

    def answer(self, query: Query, zone: str) -> Outcome:
        """The machine's own names."""
        name = query.name
        below = self.rules.names_below and name != "localhost." and is_subdomain("localhost.", name)
        if below or (self.config.localhost_prefix == "on" and name != "localhost." and name.startswith("localhost.")):
            return self._loopback(query)
        own = longest_match(ZONES, name)
        if own is None:
            return Next(OTHER(query.qname))
        reply = query.msg.reply()
        apex = query.qname[len(query.qname) - len(own) :]
        if name == own:
            reply.answer = self._at_apex(query)
            reply.ns = [] if reply.answer else [_soa(query.qname)]
        elif name == POINTER:
            if query.type == dns.PTR:
                reply.answer = [dns.RR(query.qname, dns.PTR, dns.IN, TTL, ("localhost.",))]
            else:
                reply.ns = [_soa(apex)]
        else:
            reply.ns = [_soa(apex)]
            reply.rcode = dns.NXDOMAIN
            return self.write(query, reply, NO_SUCH(query.qname))
        return self.write(query, reply, OWN(query.qname))

    def _at_apex(self, query: Query) -> list[dns.RR]:
        if query.type in (dns.A, dns.AAAA):
            return _addresses(query) if query.name == "localhost." else []
        if query.type == dns.SOA:
            return [_soa(query.qname)]
        if query.type == dns.NS:
            return [dns.RR(query.qname, dns.NS, dns.IN, TTL, ("localhost.",))]
        return []

    def _loopback(self, query: Query) -> Outcome:
        setup, release = self.setup, self.setup.release
        setup.instance.metrics.inc("coredns_local_localhost_requests_total", ())
        if debugging(setup.instance):
            what = f'"{query.name}" {type_name(query.type, release)}, from {query.ctx.client}'
            setup.log(f"[DEBUG] plugin/local: Intercepting localhost query for {what}")
        reply = query.msg.reply()
        reply.answer = _addresses(query)
        reply.ns = [] if reply.answer else [_soa(query.qname)]
        return self.write(query, reply, LOOPBACK(query.qname))

    def landmarks(self) -> list[Landmark]:
        """The zones, the one pointer, and names that begin with `localhost`."""
        return [*map(Below, (*ZONES, POINTER)), Pattern(".", r"^localhost\.")]


def _addresses(query: Query) -> list[dns.RR]:
    address = {dns.A: "127.0.0.1", dns.AAAA: "::1"}.get(query.type)
    return [] if address is None else [dns.RR(query.qname, query.type, dns.IN, TTL, (address,))]


def _soa(origin: str) -> dns.RR:
    return dns.RR(origin, dns.SOA, dns.IN, TTL, ("localhost.", "root.localhost.", 1, 0, 0, 0, TTL))
