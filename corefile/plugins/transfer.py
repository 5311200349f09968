"""transfer - hands whole zones to other servers, and tells them of changes.

Description: answers AXFR and IXFR questions over TCP with the zones of `file`, `auto`, `kubernetes`, `k8s_external` in the
same server block, for the addresses that it names. Of several lines for a name the one with the longest zone counts. These
addresses are told (NOTIFY) when a zone is loaded and when it has changed.

Syntax:

    transfer [ZONES...] {
        to ADDRESS...
        source ADDRESS
    }

Examples: `transfer example.org { to * }` lets everybody fetch example.org; `transfer { to 10.0.0.2 10.0.0.3:5353 }`
allows two servers the zones of the server block, and notifies them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import groupby
from typing import Any

from ..dns import wire
from ..dns.codes import rcode_name
from ..dns.errors import WireError
from ..dns.rdata.codec import pack
from ..language.keys import must_normalize
from ..plugin import (
    AXFR,
    IN,
    IXFR,
    NEXT,
    NOTIFY,
    REFUSED,
    SERVFAIL,
    SOA,
    Answerer,
    Below,
    Client,
    Declaration,
    Invalid,
    Ip,
    Landmark,
    Line,
    Msg,
    Next,
    Origins,
    Outcome,
    Panic,
    Query,
    Question,
    Reads,
    Reason,
    Release,
    ReleaseRules,
    Rest,
    Result,
    changed,
    dns,
    failed,
    longest_match,
    quote,
    since,
    until,
)
from ._backend import Link, aside, is_ip, split_port
from ._observer import debugging
from ._transfers import TRIES, WAIT, Peer, leaving
from ._zone.data import fallible

RECORDS = 500
"""Records after which a message ends, where their number counts."""
OCTETS = 63_000
"""Octets of records that fit a message, where their size counts."""
BAD_NAME = "bad rdata"
"""What the library says of a name that has no wire form."""
NOT_TCP = Reason("transfer-not-over-tcp", "a transfer is refused over anything but TCP")
NO_ZONE = Reason("transfer-outside", "{} is in none of the zones of `transfer`")
NOT_ALLOWED = Reason("transfer-not-allowed", "`to` does not name {}")
NO_SERIAL = Reason("ixfr-without-serial", "an IXFR question needs the SOA record that the client has")
NOT_LOADED = Reason("transfer-not-loaded", "the zone {} is not loaded")
NO_SOURCE = Reason("nothing-to-transfer", "no plugin of the server block has a zone {}")
UP_TO_DATE = Reason("transfer-up-to-date", "the client has the zone {} already")
TRANSFER = Reason("transfer", "{} records of the zone {}")
UNSENDABLE = Reason("transfer-unsendable", "a record of the zone has no wire form: {}")


class Served(Origins):
    """The zones; until 1.8.4 what is no zone was refused."""

    def convert(self, text: str, release: Release) -> tuple[str, ...]:
        """The names. Raises Invalid."""
        if not TransferRules.of(release).refuses_zones:
            return super().convert(text, release)
        try:
            return must_normalize(text, release)[:1]
        except ValueError as e:
            raise Invalid(f"`{text}` is not a zone: {e}", coredns=str(e), located=False) from None


class TransferRules(ReleaseRules):
    """What differs between releases."""

    serves = since("1.8.0", "zones are transferred and servers notified; before, no plugin had anything to transfer")
    sources_by_chance = until("1.11.4", "of several plugins that have a zone, one gives it that is drawn at the start")
    last_wins = until("1.8.0", "of several lines for a name the last one counts, and not that with the longest zone")
    compares_texts = until("1.14.3", "the longest zone is the last in the order of their texts")
    writes_refusal = since("1.8.0", "a refusal is written, so that logs show it; before, the server made it")
    one_soa = since("1.8.0", "an IXFR question has one record, or fails; before, one without any was a panic")
    only_tcp = since("1.8.2", "transfers are refused over anything but TCP")
    fails = since("1.8.1", "a message that cannot be sent is answered with SERVFAIL")
    by_size = since("1.14.3", "messages end by their size, and not by the number of records")
    any_case = since("1.14.3", "the case of the question's name does not matter")
    refuses_zones = until("1.8.4", "what is no zone is refused; later, it is ignored")
    refuses_unknown = until("1.11.0", "zones without a `transfer` line are an error where a change is told")
    names_cause = since("1.13.0", "the error of a server that does not answer a notify is told")
    all_errors = since("1.14.7", "the errors of all servers are told, and not that of the last one")


class Transfer(Answerer):
    """Transfers zones of the plugins behind it."""

    class Config(Declaration):
        zones: tuple[str, ...] = Rest(Served(), doc="the zones; without them, those of the server block")
        to: tuple[str, ...] = Line(
            Rest("addresses", Peer(), required=True),
            repeat="join",
            required=changed(
                "plugin/transfer: 'to' is required%!(EXTRA string={})",
                {"1.6.8": "plugin/transfer: 'to' is required"},
            ),
            hint="write `to *` for everybody",
            doc="who may have them, and is notified; * for all",
        )
        source: str | None = Line(
            Ip("address", error="plugin/transfer: invalid source address {quoted}"),
            since="1.14.5",
            repeat="once",
            twice="plugin/transfer: source already specified",
            doc="the address that notifies are sent from",
        )

    Rules = TransferRules
    READS = Reads(
        several="all",
        unknown=changed(
            "plugin/transfer: unknown property '{}'",
            {"1.8.0": "plugin/transfer: unknown property {quoted}"},
            "what CoreDNS says of an unknown property",
        ),
    )
    FLAGS = ("type AXFR", "type IXFR", "tcp")
    config: tuple[Config, ...]
    rules: TransferRules

    def start(self) -> None:
        """Find the plugins that have zones, in the order in which they are asked (Go's for maps, in old releases)."""
        sources = self.setup.site.registered("transfer_records") if self.rules.serves else []
        self.sources: list[Any] = sources if not self.rules.sources_by_chance else []
        while len(self.sources) < len(sources):
            left = [source for source in sources if source not in self.sources]
            self.sources.append(self.setup.world.choose(left, "which plugin is asked first for a zone"))

    # -- transfers ----------------------------------------------------------------------------------------------------

    def answer(self, query: Query, zone: str) -> Outcome:
        """The whole zone, or the one record that says that there is nothing new."""
        rules = self.rules
        if query.type not in (AXFR, IXFR):
            return NEXT
        if rules.only_tcp and query.ctx.proto != "tcp":
            return failed(REFUSED, None, NOT_TCP())
        config = self._line(query.name)
        if config is None:
            return Next(NO_ZONE(query.name))
        client = query.ctx.client
        if not any(to == "*" or (split_port(to) or ("",))[0] == client for to in config.to):
            if rules.writes_refusal:
                return self.write(query, query.msg.reply(REFUSED), NOT_ALLOWED(client))
            return failed(REFUSED, None, NOT_ALLOWED(client))
        serial = 0
        if query.type == IXFR:
            theirs = query.msg.ns
            if not theirs and not rules.one_soa:
                raise Panic("runtime error: index out of range [0] with length 0")
            if (len(theirs) != 1 and rules.one_soa) or theirs[0][1] != SOA:
                return failed(SERVFAIL, None, NO_SERIAL())
            serial = theirs[0][4][2]
        name = query.name if rules.any_case else query.qname
        for handler in self.sources:
            records = handler.transfer_records(name, serial)
            if records is not None:
                if not records:
                    return failed(SERVFAIL, "no SOA", NOT_LOADED(name))
                return self._send(query, records, getattr(handler, "transfers_by_name", False))
        return Next(NO_SOURCE(name))

    def _line(self, name: str) -> Config | None:
        """The line that counts for a name."""
        found, best = None, ""
        for config in self.config:
            zone = longest_match(config.zones, name)
            if zone is None:
                continue
            if self.rules.last_wins:
                found = config
            elif zone > best if self.rules.compares_texts else (len(zone), zone) > (len(best), best):
                found, best = config, zone
        return found

    def _send(self, query: Query, records: list[dns.RR], by_name: bool) -> Result:
        """The messages, and the line that tells of them."""
        soa, client = records[0], query.ctx.client
        parts, rest = self._by_size(records) if self.rules.by_size else _by_count(records, by_name)
        serial = soa[4][2]
        if len(rest) == 1:  # nothing new; so it looks, too, where the last SOA record of a transfer is left over
            said = "noop, incremental transfer for up to date zone {} to {} for {} SOA serial"
            why = TRANSFER(len(records), query.qname) if parts else UP_TO_DATE(query.qname)
        else:
            said = f"transfer of {len(records)} records of zone {{}} to {{}} for {{}} SOA serial"
            why = TRANSFER(len(records), query.qname)
        messages: list[Msg] = []
        for number, part in enumerate((*parts, rest)):
            reply = query.msg.reply()
            reply.aa = number < len(parts) or len(rest) > 1
            reply.answer = [soa] if not reply.aa else part
            named, other = wire.unsendable(reply), next(filter(None, map(_why, part)), "")
            if named or other:
                return self._broken(query, reply, messages, named or other, BAD_NAME if named else other)
            messages.append(reply)
        line = partial(_line, f"[INFO] plugin/transfer: Outgoing {said}", query, client, serial)
        leaving(query, [message for message in messages if message.aa], line, self.setup)
        result = self.write(query, messages[0], why, sizes=False, scrubs=False)
        result.later = tuple(messages[1:])
        return result

    def _broken(self, query: Query, reply: Msg, before: list[Msg], wrong: str, error: str) -> Result:
        """What is sent of a transfer with a message that has no wire form: the messages before it. wrong: with the message.
        error: what the library says of that."""
        messages = before or [reply]
        result = self.write(query, messages[0], UNSENDABLE(wrong), sizes=False, scrubs=False)
        result.later = tuple(messages[1:])
        if self.rules.fails:
            result.rcode, result.error = SERVFAIL, f"dns: {error}"
        return result

    def _by_size(self, records: list[dns.RR]) -> tuple[list[list[dns.RR]], list[dns.RR]]:
        """The records of all messages but the last, and those of the last."""
        parts: list[list[dns.RR]] = []
        part: list[dns.RR] = []
        size = 0
        for rr in records:
            length = wire.record_length(rr)
            if part and size + length > OCTETS:
                parts.append(part)
                part, size = [], 0
            part.append(rr)
            size += length
        return parts, part

    # -- notifies -----------------------------------------------------------------------------------------------------

    def transfer_notify(self, zone: str) -> str:
        """Tell the other servers that `zone` has changed. What CoreDNS says of those that do not take it; '' where all do."""
        rules, setup = self.rules, self.setup
        if not rules.serves:
            return ""
        config = self._line(zone)
        if config is None:
            return f"no such zone registred in the transfer plugin: {zone}" if rules.refuses_unknown else ""
        errors = []
        for address in config.to:
            error = "" if address == "*" else self._notify(zone, Link("dns", address, setup, config.source))
            if error:
                errors.append(f'notify for zone {quote(zone)} was not accepted by "{address}": {error}')
        if debugging(setup.instance):
            setup.log(f"[DEBUG] plugin/transfer: Sent notifies for zone {quote(zone)} to [{' '.join(config.to)}]")
        return "\n".join(errors if rules.all_errors else errors[-1:])

    def _notify(self, zone: str, link: Link) -> str:
        """Tell one server; what went wrong the last time that it was tried, '' where it took it."""
        world, error, rcode = self.setup.world, "", SERVFAIL
        msg = Msg(Question(zone, SOA, IN), id=1)
        msg.opcode, msg.aa = NOTIFY, True
        for _ in range(TRIES):
            response = link.ask(msg, aside(world, world.clock.now), "udp", WAIT)
            error = response.error
            if response.reply is not None:
                rcode = response.reply.rcode
                if rcode == dns.NOERROR:
                    return ""
        if error and self.rules.names_cause:
            return quote(error)
        return f'rcode was "{rcode_name(rcode)}"'

    def landmarks(self) -> Iterable[Landmark]:
        """Its zones, and who asks."""
        yield from (Below(zone) for config in self.config for zone in config.zones)
        hosts = ((split_port(to) or ("",))[0] for config in self.config for to in config.to)
        yield from (Client(f"{host}/{128 if ':' in host else 32}") for host in hosts if is_ip(host))


def _line(words: str, query: Query, client: str, serial: int) -> str:
    """A line of the log about a transfer, once it has been sent: with the zone that the request names by then."""
    return words.format(quote(query.final.qname), client, serial)


def _by_count(records: list[dns.RR], by_name: bool) -> tuple[list[list[dns.RR]], list[dns.RR]]:
    """The records of all messages but the last, and those of the last. by_name: records of one name stay together."""
    parts: list[list[dns.RR]] = []
    part: list[dns.RR] = []
    for _, together in groupby(enumerate(records), lambda pair: pair[1][0] if by_name else pair[0]):
        part += [rr for _, rr in together]
        if len(part) > RECORDS:
            parts.append(part)
            part = []
    return parts, part


def _why(rr: dns.RR) -> str:
    """Why a record has no wire form; '' where it has one."""
    if rr[1] in fallible():
        try:
            pack(rr[1], rr[4])
        except WireError as e:
            return str(e)
    return ""


__all__ = ["Transfer", "TransferRules"]
