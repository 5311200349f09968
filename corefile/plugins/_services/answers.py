"""From services to resource records (plugin/backend_lookup.go)."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor

from ...dns.codes import rcode_name
from ...dns.rdata.spelling import spelt
from ...plugin import Panic, Reason, Release, World, dns, fqdn, is_subdomain, parse_ip
from .._upstream import PANIC, Failed, Upstream
from .ask import Answered, Ask, Backend, Failure, Found, Missing, Records, Unordered
from .record import ServiceRecord, stripped
from .rules import LookupRules

LOOKED_UP = Reason("alias-looked-up", "an alias for {}, which the server asked itself for: {}, {} record{}")
NO_REPLY = Reason("alias-without-reply", "an alias for {}, which the server asked itself for; nothing came back")
IN_ZONE = Reason("alias-followed", "an alias for {} in the same zone: {} record{}")
NO_TARGET = Reason("alias-to-nothing", "an alias for {} in the same zone, which does not exist: {}")
LOOP = Reason("alias-loop", "an alias for {}, which leads back here")
TOO_LONG = Reason("alias-chain-too-long", "an alias for {}, one too many in a row")


class Answers:
    """Makes records of what `backend` finds. Names outside of the zone are looked up through `upstream`."""

    def __init__(self, backend: Backend, upstream: Upstream, world: World, release: Release) -> None:
        self.backend = backend
        self.upstream = upstream
        self.world = world
        self.rules = LookupRules.of(release)

    def to(self, ask: Ask) -> Answered:
        """What a question of any type but SOA is answered with."""
        type = ask.type
        if type in (dns.A, dns.AAAA):
            return self.addresses(ask, type)
        if type == dns.SRV:
            return self.ports(ask)
        if type == dns.PTR:
            return self.pointers(ask)
        if type == dns.TXT:
            return self.texts(ask)
        if type == dns.CNAME:
            return self.alias(ask)
        if type == dns.MX:
            return self.mail(ask)
        if type == dns.NS and ask.name == ask.zone:
            return self.name_servers(ask)
        return self.nothing(ask)

    def nothing(self, ask: Ask) -> Answered:
        """No records, but whether the name exists: for the types that no service has."""
        found = self.addresses(ask, dns.A)
        return Records(varies=found.varies) if isinstance(found, Records) else found

    # -- addresses and texts, with aliases ----------------------------------------------------------------------------

    def addresses(self, ask: Ask, want: int, before: tuple[str, ...] = ()) -> Answered:
        """Records of type `want`, A or AAAA, with the aliases that lead there; `before` are the targets so far."""
        found: Found = self._at_apex(ask) if ask.name == ask.zone else self.backend.services(ask, False)
        if not isinstance(found, list):
            return found
        out = Records()
        answer, qname, once = out.answer, ask.qname, self.rules.records_once
        seen = set()
        for s in found:
            type, host = s.type, s.host
            if type == want:
                if host not in seen or not once:
                    seen.add(host)
                    answer.append(dns.RR(qname, type, dns.IN, s.ttl, (host,)))
            elif type == dns.CNAME and not (s.text and self.rules.text_alone):
                self._follow(ask, want, before, s, out)
        return out

    def _at_apex(self, ask: Ask) -> Found:
        """The zone's own addresses."""
        if self.rules.apex_records:
            found = self.backend.services(ask.about(below("apex.dns.", ask.zone), own=ask.own), False)
            if isinstance(found, list):
                return found
        return self.backend.services(ask, False)

    def texts(self, ask: Ask, before: tuple[str, ...] = ()) -> Answered:
        """TXT records, and since 1.6.7 the aliases that lead there."""
        rules = self.rules
        found = self.backend.services(ask, rules.text_is_exact)
        if not isinstance(found, list):
            return found
        out = Records()
        seen = set()
        for s in found:
            if not rules.text_follows_aliases:
                if s.text or rules.empty_texts:
                    out.answer.append(_text(ask, s))
            elif s.type == dns.CNAME and not s.text:
                self._follow(ask, dns.TXT, before, s, out)
            elif s.type not in (dns.A, dns.AAAA) and s.text not in seen:
                seen.add(s.text)
                out.answer.append(_text(ask, s))
                if rules.one_text:
                    break
        return out

    def _follow(self, ask: Ask, want: int, before: tuple[str, ...], s: ServiceRecord, out: Records) -> None:
        rules, target = self.rules, fqdn(s.host)
        lower = target.lower()
        if is_subdomain(ask.name, lower) or target in before:
            out.aliases.append((LOOP, target))
            return
        if len(before) > rules.chain_limit:
            out.aliases.append((TOO_LONG, target))
            return
        alias = dns.RR(ask.qname, dns.CNAME, dns.IN, s.ttl, (target,))
        in_zone = is_subdomain(ask.zone.lower(), lower)
        if in_zone or rules.targets_anywhere:
            inner_ask, before = ask.about(target), (*before, target)
            inner = self.texts(inner_ask, before) if want == dns.TXT else self.addresses(inner_ask, want, before)
            if isinstance(inner, Records):
                if inner.answer:
                    out.answer += (alias, *inner.answer)
                out.truncated = out.truncated or inner.truncated
                out.varies = out.varies or inner.varies
                out.aliases += ((IN_ZONE, target, *counted(inner.answer)), *inner.aliases)
                return
            if in_zone and not (want == dns.AAAA and rules.aaaa_in_zone_elsewhere):
                why = inner.why if isinstance(inner, Missing) else inner.error
                out.aliases.append((NO_TARGET, target, why))
                return
        msg = self._lookup(ask, target, ask.type, out)
        if msg is None:
            out.aliases.append((NO_REPLY, target))
            return
        out.truncated = out.truncated or (msg.tc and rules.passes_truncation_on and want != dns.TXT)
        out.answer += (alias, *msg.answer)
        out.aliases.append((LOOKED_UP, target, rcode_name(msg.rcode), *counted(msg.answer)))

    def _lookup(self, ask: Ask, target: str, type: int, out: Records) -> dns.Msg | None:
        """The reply for a name elsewhere, None where none came."""
        out.varies = True
        if not ask.own and self.rules.inner_lookup_panics and self.upstream.itself:
            raise Panic(PANIC)
        try:
            found = self.upstream.lookup(ask.query, target, type)
        except Failed:
            return None
        if found is None and not self.rules.survives_no_reply:
            raise Panic(PANIC)
        return found

    # -- ports and mail -----------------------------------------------------------------------------------------------

    def ports(self, ask: Ask) -> Answered:
        """SRV records, and the addresses of their targets."""
        found = self.backend.services(ask, False)
        if not isinstance(found, list):
            return found
        out = Records()
        pointed_to: set[tuple[str, int | str]] = set()
        for s, weight in zip(found, weights(found, self.rules), strict=True):
            if s.port == -1 and self.rules.portless_left_out:
                continue
            target, port = self._points_to(s), s.port & 0xFFFF
            if target is not None:
                data = s.priority & 0xFFFF, weight, port, target
                self._point(ask, s, dns.RR(ask.qname, dns.SRV, dns.IN, s.ttl, data), port, target, pointed_to, out)
        return out

    def mail(self, ask: Ask) -> Answered:
        """MX records, and the addresses of their targets."""
        found = self.backend.services(ask, False)
        if not isinstance(found, list):
            return found
        out = Records()
        pointed_to: set[tuple[str, int | str]] = set()
        for s in found:
            target, preference = self._points_to(s) if s.mail else None, s.priority & 0xFFFF
            if target is not None:
                mx = dns.RR(ask.qname, dns.MX, dns.IN, s.ttl, (preference, target))
                self._point(ask, s, mx, preference, s.name, pointed_to, out)
        return out

    def _points_to(self, s: ServiceRecord) -> str | None:
        """The name that SRV and MX records of a service point to; None for what is nothing but text."""
        if s.type != dns.CNAME:
            return stripped(s.name, s.strip)
        return None if s.text and self.rules.text_alone else stripped(fqdn(s.host), s.strip)

    def _point(
        self,
        ask: Ask,
        s: ServiceRecord,
        rr: dns.RR,
        number: int,
        owner: str,
        pointed_to: set[tuple[str, int | str]],
        out: Records,
    ) -> None:
        """Add a record that points to a service, and what is known of the target: of an address, the address under the
        name `owner`. `number` tells records of one target apart; `pointed_to` are those that have been added."""
        target = rr.data[-1]
        if s.type == dns.CNAME:
            out.answer.append(rr)
            if (target, "") not in pointed_to:
                pointed_to.add((target, ""))
                self._target(ask, target, out)
            return
        once = self.rules.records_once
        if not once or (target, number) not in pointed_to:
            pointed_to.add((target, number))
            out.answer.append(rr)
        if not once or (owner, s.host) not in pointed_to:
            pointed_to.add((owner, s.host))
            out.extra.append(dns.RR(owner, s.type, dns.IN, s.ttl, (s.host,)))

    def _target(self, ask: Ask, target: str, out: Records) -> None:
        """Add the addresses of a name that records point to."""
        if is_subdomain(ask.zone.lower(), target.lower()):
            inner = self.addresses(ask.about(target, type=dns.A), dns.A)
            if isinstance(inner, Records):
                out.extra += inner.answer
                out.varies = out.varies or inner.varies
            return
        for type in (dns.A, dns.AAAA):
            msg = self._lookup(ask, target, type, out)
            if msg is not None:
                out.extra += [rr for rr in msg.answer if type == dns.A or rr.type != dns.CNAME]

    # -- one record each ----------------------------------------------------------------------------------------------

    def alias(self, ask: Ask) -> Answered:
        """The CNAME record of a name that stands for another one."""
        found = self.backend.services(ask, True)
        if not isinstance(found, list):
            return found
        out = Records()
        for s in self._first(found, out):
            if parse_ip(s.host) is None:
                out.answer.append(dns.RR(ask.qname, dns.CNAME, dns.IN, s.ttl, (fqdn(s.host),)))
        return out

    def _first(self, found: list[ServiceRecord], out: Records) -> list[ServiceRecord]:
        """The first record, or any where there is no order."""
        if not isinstance(found, Unordered):
            return found[:1]
        out.varies = out.varies or len(found) > 1
        return [self.world.choose(found, found.why)]

    def pointers(self, ask: Ask) -> Answered:
        """The PTR records of an address."""
        found = self.backend.reverse(ask)
        if not isinstance(found, list):
            return found
        out = Records()
        seen = set()
        for s in self._first(found, out) if isinstance(found, Unordered) else found:
            if parse_ip(s.host) is None and (s.host not in seen or not self.rules.records_once):
                seen.add(s.host)
                out.answer.append(dns.RR(ask.qname, dns.PTR, dns.IN, s.ttl, (fqdn(s.host),)))
        return out

    def name_servers(self, ask: Ask) -> Answered:
        """The zone's NS records, and the addresses of the servers: what there is under ns.dns below the zone."""
        asked = "" if self.rules.question_kept else below(self.rules.servers_asked, ask.zone)
        try:
            found = self.backend.services(ask.about(below("ns.dns.", ask.zone), own=ask.own), False)
        except Panic:
            ask.query.became = ask.query.asking(asked) if asked else None
            raise
        if not isinstance(found, list):
            return found._replace(asked=asked)
        out = Records()
        seen = set()
        for s in found:
            if s.type == dns.CNAME:
                if s.text and self.rules.text_alone:
                    continue
                return Failure(f"NS record must be an IP address: {s.host}")
            server = stripped(s.name, s.strip)
            owner = server if self.rules.servers_stripped else s.name
            out.extra.append(dns.RR(owner, s.type, dns.IN, s.ttl, (s.host,)))
            if server not in seen or not self.rules.servers_once:
                seen.add(server)
                out.answer.append(dns.RR(ask.qname, dns.NS, dns.IN, s.ttl, (server,)))
        return out


def weights(found: list[ServiceRecord], rules: LookupRules) -> list[int]:
    """The weights of SRV records: the shares, in hundredths, that each has among those of its priority."""
    whole: dict[int, int] = {}
    for s in found:
        whole[s.priority] = whole.get(s.priority, 0) + (s.weight or 100)
    least = 1 if rules.least_weight_is_one else 0
    shares = ((whole[s.priority], s.weight or 100) for s in found)
    return [max(floor(100.0 / all_of_it * own) & 0xFFFF if all_of_it else 0, least) for all_of_it, own in shares]


def below(labels: str, zone: str) -> str:
    """`labels` (with their last dot) and the zone behind them."""
    return labels if zone == "." else labels + zone


def counted(records: Iterable[dns.RR]) -> tuple[int, str]:
    """How many records that are, and the ending of the word for them."""
    number = len(list(records))
    return number, "" if number == 1 else "s"


def _text(ask: Ask, s: ServiceRecord) -> dns.RR:
    octets = s.text.encode("utf-8", "surrogateescape")
    parts = [octets[i : i + 255] for i in range(0, len(octets) + 1, 255)]
    strings = tuple(spelt(part.decode("latin-1")) for part in parts)  # miekg/dns takes them for those of a master file
    return dns.RR(ask.qname, dns.TXT, dns.IN, s.ttl, strings)


__all__ = ["Answers", "below", "counted", "weights"]
