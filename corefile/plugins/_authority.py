"""What the plugins that serve zones make of a look-up, and of transfers and notifies.

Source: plugin/file (file.go, xfr.go, notify.go) of each release.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..chain.fall import Fall
from ..chain.query import Outcome, Query, Result, Why, failed, fallthrough
from ..chain.shapes import Plugin
from ..chain.types import Invalid, Type
from ..dns import codes, rdata
from ..dns.codes import AXFR, IN, IXFR, NOERROR, NOTIFY, NXDOMAIN, REFUSED, SERVFAIL, SOA
from ..dns.message import Msg, Question
from ..dns.names import wire_length
from ..dns.rr import RR
from ..golang.addresses import join_port
from ._backend import aside, is_ip, split_port
from ._upstream import Upstream
from ._zone import DELEGATION, NAME_ERROR, SERVER_FAILURE, SUCCESS, Found, Zone

if TYPE_CHECKING:
    from ..chain.setup import Setup
    from ..releases import Release

CHUNK = 1000
"""Octets of records after which a transfer goes on in another message, up to 1.6.2; later it is 500 records."""


class Peer(Type):
    """An address that a zone is transferred to or from: with its port, which is 53 unless it is given."""

    label = "address"
    example = "10.0.0.1"

    def convert(self, text: str, release: Release) -> str:
        """The address with a port, or `*`."""
        if text == "*":
            return text
        host, port = split_port(text) or (text, "")
        if not is_ip(host):
            raise Invalid(
                f"`{host}` is not an IP address", coredns=f"must specify an IP address: `{host}'", located=False
            )
        return join_port(host, port or "53")


class Authority(Plugin):
    """A plugin that answers from zones. `zones` has what is loaded, by origin."""

    def __init__(self, config: object, setup: Setup) -> None:
        super().__init__(config, setup)
        release = setup.release
        self.zones: dict[str, Zone] = {}
        self.transfer_to: dict[str, tuple[str, ...]] = {}
        self.upstreams: dict[str, Upstream] = {}
        self.fall = Fall(None)
        self.ra = release < "1.3.1"
        self.transfers = release < "1.8.0"
        self.refuses_transfers = release >= "1.8.4"
        self.answers_with_failure = release >= "1.8.5"
        self.refuses_others = release >= "1.12.3"  # where it is the last plugin
        self.aa_of_alias = release >= "1.14.7"
        self.prefix = f"plugin/{self.name}: " if release >= "1.1.2" else ""

    def lasting_records(self) -> list[tuple[Zone, Callable[[], list[RR]]]]:
        """The zones, and what gives the records that all their answers share (see cache)."""
        return [(zone, zone.records) for zone in self.zones.values()]

    def note(self, level: str, text: str) -> None:
        """A log line of this plugin's."""
        self.setup.log(f"[{level}] {self.prefix}{text}")

    def refused_outside(self, query: Query, why: Why) -> Outcome | None:
        """What becomes of a name in none of the zones: None where the next plugin is asked."""
        chain = self.setup.site.chain
        if self.refuses_others and chain is not None and chain.handlers[-1] is self:
            return failed(REFUSED, None, why)
        return None

    def answer(self, query: Query, origin: str, zone: Zone) -> Outcome:
        """The answer to a question for a name in `zone`."""
        transfer = query.type in (AXFR, IXFR)
        if transfer and self.refuses_transfers:
            return failed(REFUSED, None, f"`{self.name}` transfers nothing itself; that is what `transfer` is for")
        if query.msg.opcode == NOTIFY:
            return self.notified(query, origin)
        if transfer and self.transfers:
            return self._transfer(query, origin, zone)
        upstream = self.upstreams[origin]
        found = zone.lookup(query, lambda name, type: upstream.lookup(query, name, type))
        if not found.answer and found.result in (NAME_ERROR, SUCCESS) and self.fall.through(query.name):
            return fallthrough(found.why)
        return self._reply(query, found, zone)

    def _reply(self, query: Query, found: Found, zone: Zone) -> Result:
        result, why = found.result, found.why
        if result == SERVER_FAILURE and not (found.answer and self.answers_with_failure):
            return failed(SERVFAIL, None, why)
        reply = query.msg.reply()
        reply.aa = result != DELEGATION or (self.aa_of_alias and bool(found.answer))
        reply.ra = self.ra
        reply.answer, reply.ns, reply.extra = list(found.answer), list(found.ns), list(found.extra)
        if result == NAME_ERROR:
            reply.rcode = NXDOMAIN
        elif result == SERVER_FAILURE:
            reply.rcode = SERVFAIL
        written = self.write(query, reply, why)
        if zone.unsendable and any(
            (rr[1], rr[4]) in zone.unsendable for rr in (*reply.answer, *reply.ns, *reply.extra)
        ):
            written.unsendable = True
            written.why = "a record was loaded from text that has no wire form, so nothing can be sent"
        return written

    # -- notifies -----------------------------------------------------------------------------------------------------

    def notified(self, query: Query, origin: str) -> Result:
        """What a NOTIFY does: nothing, for a zone that is not transferred from elsewhere. There is no answer."""
        self.note("INFO", f"Dropping notify from {query.ctx.client} for {origin}")
        return Result(None, NOERROR, None, f"{origin} is no secondary zone: the notify is dropped without an answer")

    def notify(self, origin: str) -> None:
        """Tell the secondaries that the zone has changed."""
        for handler in self.setup.site.find("transfer_notify"):
            handler.transfer_notify(origin)
        addresses = self.transfer_to.get(origin, ())
        release = self.setup.release
        if not self.transfers or (not addresses and release < "1.6.3"):
            return
        for address in addresses:
            if address != "*":
                rcode = self._notify(origin, address)
                if rcode != NOERROR:
                    self.note(
                        "ERROR",
                        f'notify for zone "{origin}" was not accepted by "{address}": '
                        f'rcode was "{codes.rcode_name(rcode)}"',
                    )
                elif release < "1.6.3":
                    self.note("INFO", f'Sent notify for zone "{origin}" to "{address}"')
        if release >= "1.6.3":
            self.note("INFO", f'Sent notifies for zone "{origin}" to [{" ".join(addresses)}]')

    def _notify(self, origin: str, address: str) -> int:
        network, world = self.setup.instance.network, self.setup.world
        msg = Msg(Question(origin, SOA, IN), id=1)
        msg.opcode, msg.aa = NOTIFY, True
        rcode = SERVFAIL
        for _ in range(3):
            said = network.exchange(address, msg, aside(world, world.clock.now)) if network is not None else None
            if said is not None and said.reply is not None:
                rcode = said.reply.rcode
                if rcode == NOERROR:
                    break
        return rcode

    # -- transfers ----------------------------------------------------------------------------------------------------

    def transfer_records(self, zone: str, serial: int) -> list[RR] | None:
        """See `capabilities.Transfer`; empty where the zone is not loaded."""
        found = self.zones.get(zone)
        if found is None:
            return None
        if found.soa is None:
            return []
        if serial and found.soa[4][2] == serial:
            return [found.soa]
        return [*found.records(), found.soa]

    def _transfer(self, query: Query, origin: str, zone: Zone) -> Result:
        """A transfer by the plugin itself (up to 1.7.1), to whom `transfer to` names."""
        allowed = self.transfer_to.get(origin, ())
        client = query.ctx.client
        if not any(to == "*" or (split_port(to) or ("",))[0] == client for to in allowed):
            return failed(SERVFAIL, None, f"`transfer to` does not name {client}")
        release = self.setup.release
        if zone.soa is None:
            return failed(SERVFAIL, None, f"zone {origin} is not loaded")
        serial = zone.soa[4][2]
        if query.type == IXFR and release >= "1.6.3":
            theirs = [rr for rr in query.msg.ns if rr[1] == SOA and rr[4][2] == serial]
            if len(query.msg.ns) == 1 and theirs:
                reply = query.msg.reply()
                reply.answer = theirs
                return self.write(query, reply, f"the client has serial {serial} already")
        records = [*zone.records(), zone.soa]
        text = f"Outgoing transfer of {len(records)} records of zone {origin} to {client}"
        if release >= "1.6.3":
            text += f" done with {serial} SOA serial"
        else:
            text += " started" + (f" with {serial} SOA serial" if release >= "1.6.0" else "")
        self.note("INFO", text)
        parts = _by_count(zone, records) if release >= "1.6.3" else _by_size(records)
        written = []
        for part in parts:
            reply = query.msg.reply()
            reply.aa = True
            reply.answer = part
            written.append(reply)
        result = self.write(query, written[0], f"a transfer of {len(records)} records", sizes=False, scrubs=False)
        result.later = tuple(written[1:])
        return result


def _by_size(records: list[RR]) -> list[list[RR]]:
    parts, begin, size = [], 0, 0
    for i, rr in enumerate(records):
        size += wire_length(rr[0]) + 10 + rdata.length(rr[1], rr[4])
        if size > CHUNK:
            parts.append(records[begin:i])
            size, begin = 0, i
    return [*parts, records[begin:]]


def _by_count(zone: Zone, records: list[RR]) -> list[list[RR]]:
    apex = 1 + len(zone.soa_signatures) + len(zone.ns) + len(zone.ns_signatures)
    parts, part = [records[:apex]], []
    for rr in records[apex:-1]:
        part.append(rr)
        if len(part) > 500:
            parts.append(part)
            part = []
    return [*parts, *([part] if part else []), records[-1:]]
