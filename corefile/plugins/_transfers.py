"""What the plugins that serve zones have to do with other servers of the same zone: transfers to them, and notifies.

Source: plugin/file (xfr.go, notify.go) and plugin/pkg/parse (transfer.go) of each release.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..chain.scrub import record_length
from ..dns import wire
from ..dns.codes import rcode_name
from ..plugin import (
    IN,
    NOERROR,
    NOTIFY,
    SERVFAIL,
    SOA,
    Answerer,
    Invalid,
    Msg,
    PanicAside,
    Query,
    Question,
    Reason,
    Release,
    ReleaseRules,
    Result,
    Setup,
    Type,
    changed,
    dns,
    failed,
    join_port,
    since,
    until,
)
from ._backend import Link, aside, is_ip, split_port
from ._backend.destinations import without_zone
from ._keys import set_up_for
from ._upstream import PANIC, Upstream
from ._zone import Zone

OCTETS = 1000
"""Octets of records after which a transfer goes on in another message, where their size counts."""
RECORDS = 500
"""Records after which it does, where their number counts."""
TRIES = 3
"""How often a notify is sent to a server that does not accept it."""
WAIT = 2.0
"""Seconds that it waits for an answer."""

NOT_LOADED = Reason("transfer-not-loaded", "zone {} is not loaded: {}")
NOT_ALLOWED = Reason("transfer-not-allowed", "`transfer to` does not name {}")
UP_TO_DATE = Reason("transfer-up-to-date", "the client has serial {} already")
TRANSFER = Reason("transfer", "a transfer of {} records")
NOTIFY_DROPPED = Reason("notify-dropped", "{} is no secondary zone: the notify is dropped without an answer")


class TransferRules(ReleaseRules):
    """What differs between releases."""

    transfers = until("1.8.0", "zones are transferred by the plugin that has them; since then, `transfer` does it")
    counts_records = since("1.6.3", "messages end after so many records, and not after so many octets")
    answers_ixfr = since("1.6.3", "a client with the zone's serial gets nothing but the SOA record")
    notifies_as_one = since("1.6.3", "one line tells of all notifies, also where there is nothing to notify")
    said_of_transfer = changed(
        " started", {"1.6.0": " started with {} SOA serial", "1.6.3": " done with {} SOA serial"}, "how its line ends"
    )
    scoped = since("1.14.5", "an address may have a zone, such as `%eth0`")
    names_plugin = since("1.1.2", "log lines begin with the plugin's name")


class OutRules(ReleaseRules):
    """What differs between releases as a transfer leaves."""

    ends_over_https = until("1.11.0", "one over HTTPS ends the process, for its writer cannot sign")


def leaving(query: Query, replies: Sequence[Msg], line: str | Callable[[], str], setup: Setup) -> None:
    """Messages of a transfer leave, in a goroutine of their own, and then the log has a `line` about it. Raises
    PanicAside."""
    if replies:
        _library(query, replies, setup)
        setup.instance.aside = query.ctx, line
    setup.log(line)


def _library(query: Query, replies: Sequence[Msg], setup: Setup) -> None:
    """What the DNS library does to the messages: it signs them if the query still has a signature, which is right or has
    not been checked. Raises PanicAside."""
    instance, ctx = setup.instance, query.ctx
    if ctx.transport == "https" and OutRules.of(setup.release).ends_over_https:
        raise PanicAside(PANIC)
    found = wire.signature(query.msg)
    if found is None or instance.wrong_signature(query.msg, ctx):
        return
    from ..dns import tsig  # with OpenSSL's hash functions, which a zone alone does not need

    asked = tsig.fields(found)
    now = int(ctx.now())
    for reply in replies:
        signature = tsig.record(found.name, asked.algorithm, id=query.msg.id, time=now, fudge=asked.fudge)
        reply.extra = [*reply.extra, signature]


class Peer(Type):
    """An address that a zone is transferred to or from: with its port, which is 53 unless it is given."""

    label = "address"
    example = "10.0.0.1"

    def convert(self, text: str, release: Release) -> str:
        """The address with a port, or `*`."""
        if text == "*":
            return text
        host, port = split_port(text) or (text, "")
        if not is_ip(without_zone(host) if TransferRules.of(release).scoped else host):
            raise Invalid(
                f"`{host}` is not an IP address",
                coredns=f"must specify an IP address: `{host}'",
                located=False,
                expected="address",
            )
        return join_port(host, port or "53")


class Served:
    """A zone that is served: its records, which are replaced as a whole, and what is set for it.

    upstream: where targets of aliases are looked up. transfer_to: the addresses of its secondaries.
    """

    def __init__(
        self, origin: str, zone: Zone, upstream: Upstream | None = None, transfer_to: tuple[str, ...] = ()
    ) -> None:
        self.origin = origin
        self.zone = zone
        self.upstream = upstream
        self.transfer_to = transfer_to

    expired = False
    """Whether it is too old to be served."""

    def start(self, plugin: Transferring) -> None:
        """Begin to look after it."""

    def stop(self) -> None:
        """Look after it no more."""


class Transferring(Answerer):
    """A plugin with zones that other servers may have, too. `served`: the zones by origin."""

    Rules = TransferRules
    rules: TransferRules
    served: dict[str, Served]
    transfers_by_name = True
    """See `capabilities.Transfer`."""

    def note(self, level: str, text: str) -> None:
        """A log line about a zone."""
        self.setup.log(self.noted(level, text))

    def noted(self, level: str, text: str) -> str:
        """The line. It names `file`, whose code looks after the zones of all plugins."""
        return f"[{level}] {'plugin/file: ' if self.rules.names_plugin else ''}{text}"

    def note_of_each(self, level: str, text: str) -> None:
        """A log line of each plugin that the server block has of this directive: up to 1.8.4 one for each of its keys.
        Of those with a `STATE` there is a handler for each, which says it for itself."""
        for _ in set_up_for(self.setup)[: 1 if self.STATE else None]:
            self.note(level, text)

    # -- notifies -----------------------------------------------------------------------------------------------------

    def notified(self, query: Query, served: Served) -> Result:
        """What a NOTIFY does: nothing, for a zone that is not transferred from elsewhere. There is no answer."""
        self.note("INFO", f"Dropping notify from {query.ctx.client} for {served.origin}")
        return Result(None, NOERROR, None, NOTIFY_DROPPED(served.origin))

    def notify(self, served: Served, *, changed: bool = True) -> None:
        """Tell the secondaries of the zone: that it has changed, or at the start, when errors are not told."""
        for handler in self.setup.site.find("transfer_notify"):
            error = handler.transfer_notify(served.origin)
            if error and changed:
                self.note_of_each("WARNING", f"Failed sending notifies: {error}")
        if not self.rules.transfers:
            return
        origin, together = served.origin, self.rules.notifies_as_one
        for address in served.transfer_to:
            if address != "*":
                rcode = self._notify(origin, address)
                if rcode != NOERROR:
                    refusal = f'was not accepted by "{address}": rcode was "{rcode_name(rcode)}"'
                    self.note_of_each("ERROR", f'notify for zone "{origin}" {refusal}')
                elif not together:
                    self.note_of_each("INFO", f'Sent notify for zone "{origin}" to "{address}"')
        if together:
            self.note_of_each("INFO", f'Sent notifies for zone "{origin}" to [{" ".join(served.transfer_to)}]')

    def _notify(self, origin: str, address: str) -> int:
        """The rcode of a server's answer to a notify."""
        world, link = self.setup.world, Link("dns", address, self.setup)
        msg = Msg(Question(origin, SOA, IN), id=1)
        msg.opcode, msg.aa = NOTIFY, True
        rcode = SERVFAIL
        for _ in range(TRIES):
            reply = link.ask(msg, aside(world, world.clock.now), "udp", WAIT).reply
            if reply is not None:
                rcode = reply.rcode
                if rcode == NOERROR:
                    break
        return rcode

    # -- transfers ----------------------------------------------------------------------------------------------------

    def transfer_records(self, zone: str, serial: int) -> list[dns.RR] | None:
        """See `capabilities.Transfer`; empty where the zone is not loaded."""
        served = self.served.get(zone)
        if served is None:
            return None
        soa = served.zone.soa
        if soa is None:
            return []
        if serial and soa[4][2] == serial:
            return [soa]
        return [*served.zone.records(), soa]

    def transfer(self, query: Query, served: Served) -> Result:
        """A transfer by the plugin itself, to the clients that `transfer to` names."""
        client, zone, rules = query.ctx.client, served.zone, self.rules
        if not any(to == "*" or (split_port(to) or ("",))[0] == client for to in served.transfer_to):
            return failed(SERVFAIL, None, NOT_ALLOWED(client))
        if zone.soa is None:
            return failed(SERVFAIL, None, NOT_LOADED(served.origin, zone.missing))
        serial = zone.soa[4][2]
        if query.type == dns.IXFR and rules.answers_ixfr:
            theirs = [rr for rr in query.msg.ns if rr[1] == SOA and rr[4][2] == serial]
            if len(query.msg.ns) == 1 and theirs:
                reply = query.msg.reply()
                reply.answer = theirs
                return self.write(query, reply, UP_TO_DATE(serial))
        records = [*zone.records(), zone.soa]
        written = []
        for part in _by_count(zone, records) if rules.counts_records else _by_size(records, self.setup.release):
            reply = query.msg.reply()
            reply.aa = True
            reply.answer = part
            written.append(reply)
        text = f"Outgoing transfer of {len(records)} records of zone {served.origin} to {client}"
        leaving(query, written, self.noted("INFO", text + rules.said_of_transfer.format(serial)), self.setup)
        result = self.write(query, written[0], TRANSFER(len(records)), sizes=False, scrubs=False)
        result.later = tuple(written[1:])
        return result


def _by_size(records: list[dns.RR], release: Release) -> list[list[dns.RR]]:
    parts, begin, size = [], 0, 0
    for i, rr in enumerate(records):
        size += record_length(rr, release)
        if size > OCTETS:
            parts.append(records[begin:i])
            size, begin = 0, i
    return [*parts, records[begin:]]


def _by_count(zone: Zone, records: list[dns.RR]) -> list[list[dns.RR]]:
    apex = 1 + len(zone.soa_signatures) + len(zone.ns) + len(zone.ns_signatures)
    parts, part = [records[:apex]], []
    for rr in records[apex:-1]:
        part.append(rr)
        if len(part) > RECORDS:
            parts.append(part)
            part = []
    return [*parts, *([part] if part else []), records[-1:]]


__all__ = ["Peer", "Served", "TransferRules", "Transferring", "leaving"]
