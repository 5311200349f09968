"""secondary - serves zones that it fetches from other servers.

Description: transfers each zone (AXFR) from the first of its primaries that has it, and is authoritative for it as
`file` is. It asks for the zone's serial as often as the SOA record says, and at once where a primary sends a NOTIFY; a
zone that could not be refreshed for too long is not served any more.

Syntax:

    secondary [ZONES...] {
        transfer from ADDRESS...
        transfer to ADDRESS...
        upstream [ADDRESS...]
        fallthrough [ZONES...]
        catalog [ZONES...]
    }

Examples: `secondary example.org { transfer from 10.0.0.1 10.0.0.2:5353 }` fetches example.org from one of two servers.
"""

from __future__ import annotations

from functools import partial

from ...language.keys import normalize
from ...plugin import (
    NOERROR,
    Declaration,
    Fall,
    Fallthrough,
    Given,
    Invalid,
    Line,
    Opt,
    Outcome,
    Query,
    Reads,
    Reason,
    Rest,
    Result,
    Setup,
    Zones,
    changed,
    dns,
    longest_match,
    quote,
    wrong_count,
)
from .._authority import Authority
from .._backend import split_port
from .._transfers import Peer, Served
from .._upstream import Upstream
from .._zone import LoadError
from .._zone_file import ZoneBudget
from .._zone_lines import Upstreams
from .._zone_transfer import Fetched
from ._catalog import Member, members
from ._rules import SecondaryRules

NOTIFIED = Reason("notified", "a primary says that zone {} has changed: its serial is asked for")


def _transfer(line: Given, setup: Setup) -> tuple[str, tuple[str, ...]]:
    """The direction, `from`, `to` or '' for neither, and the addresses of a `transfer` line. Raises Invalid."""
    direction, addresses = line.values["direction"], line.values["addresses"]
    more = SecondaryRules.of(setup.release).transfers_to
    if direction is None:
        raise Invalid("`transfer` needs `from` and addresses", coredns=wrong_count("transfer"))
    if direction not in ("from", *(("to",) * more)):
        if not more:
            said = f"unknown property {direction}"
            raise Invalid(
                f"`{direction}` is not `from`",
                hint="write `from`",
                choices=("from",),
                at=line.words[0],
                coredns=said,
            )
        return "", ()
    if not addresses and not more:
        raise Invalid("`transfer from` needs addresses", coredns=wrong_count("from"))
    if direction == "from" and "*" in addresses:
        Peer().each(line.words[1 : 1 + addresses.index("*")], setup.release)
        raise Invalid("a zone cannot be fetched from `*`", coredns="can't use '*' in transfer from", located=False)
    return direction, tuple(Peer().each(line.words[1:], setup.release))


def _members(line: Given, setup: Setup) -> tuple[str, ...]:
    """The zones that may be members of a catalog, () for all. Raises Invalid."""
    words: tuple[str, ...] = line.values["members"]
    if words and not SecondaryRules.of(setup.release).names_members:
        said = wrong_count(words[-1])
        raise Invalid("`catalog` takes no argument before 1.14.7", coredns=said, at=line.span)
    zones: list[str] = []
    for token in line.words:
        found = normalize(token.text, setup.release)
        if not found:
            said = f"invalid catalog member zone {quote(token.text)}"
            raise Invalid(f"`{token.text}` is not a zone", coredns=said, located=False, at=token.span)
        zones += found
    return tuple(zones)


class _Member:
    """A zone that is served since a catalog names it."""

    def __init__(self, catalog: str, id: str) -> None:
        self.catalog = catalog
        self.id = id


class Secondary(Authority):
    """Answers from zones of other servers."""

    class Config(Declaration):
        zones: tuple[str, ...] = Zones(doc="the zones; or those of the server block")
        transfer: tuple[tuple[str, tuple[str, ...]], ...] = Line(
            Opt("direction", brace=True),
            Rest("addresses"),
            repeat="all",
            kinds=changed(("from", "to"), {"1.8.0": ()}),
            read=_transfer,
            required=changed("", {"1.12.2": "secondary zones require a transfer from property"}),
            hint="write `transfer from 10.0.0.1`",
            doc="from whom they are fetched, which has to be there since 1.12.2 (`to`: who may have them)",
        )
        upstream: tuple[str, ...] | None = Upstreams(removed="1.8.0")
        fallthrough: Fall = Fallthrough(since="1.14.4")
        catalog: tuple[tuple[str, ...], ...] = Line(
            Rest("members"),
            since="1.14.5",
            repeat="all",
            read=_members,
            doc="they are catalogs (RFC 9432), for these zones or for all",
        )

        def peers(self, direction: str) -> tuple[str, ...]:
            """From whom, or `to` whom, the zones are transferred."""
            return tuple(x for own, addresses in self.transfer if own == direction for x in addresses)

    Rules = SecondaryRules
    READS = Reads(several="all", named=True)
    STATE = "the zones that it has fetched"
    CALLED = "file"
    config: tuple[Config, ...]
    rules: SecondaryRules

    def prepare(self) -> None:
        """The zones; of several lines for a zone the last one counts."""
        self.fall = Fall.last(c.fallthrough for c in self.config)
        self.catalogs: dict[str, tuple[str, ...]] = {}
        self.members: dict[str, _Member] = {}
        self.read: dict[str, list[Member]] = {}
        self.listed: dict[str, list[Member]] = {}
        self.known: dict[str, tuple[str, ...]] = {}
        zones: dict[str, Fetched] = {}
        upstream = None
        for config in self.config:
            upstream = upstream if config.upstream is None else config.upstream
            ZoneBudget.of(self.setup).take_zones(len(config.zones))
            for origin in config.zones:
                zone = zones[origin] = Fetched(origin, config.peers("from"), self.setup)
                zone.transfer_to, zone.upstream = config.peers("to"), Upstream(self.setup, upstream)
                if config.catalog:
                    all_of_them = any(not allowed for allowed in config.catalog)
                    several = self.catalogs.get(origin)
                    allowed = () if all_of_them else tuple(x for found in config.catalog for x in found)
                    self.catalogs[origin] = () if several == () else (*(several or ()), *allowed) if allowed else ()
        for origin in self.catalogs:
            zones[origin].follower = self
        self.serves(*zones.values())

    @property
    def registered_as(self) -> str:
        """Its own name, once it has one."""
        return "file" if self.rules.called_file else self.name

    def start(self) -> None:
        """Fetch the zones."""
        for served in list(self.served.values()):
            served.start(self)

    # -- notifies -----------------------------------------------------------------------------------------------------

    def answer(self, query: Query, zone: str) -> Outcome:
        """What the zone has. In metrics it is `file`, whose code it is, that has written the reply."""
        found = super().answer(query, zone)
        if isinstance(found, Result) and found.reply is not None:
            found.plugin = "file"
        return found

    def notified(self, query: Query, served: Served) -> Result:
        """A NOTIFY of a primary: it is answered, and the serial asked for."""
        client, origin, rules = query.ctx.client, served.origin, self.rules
        if not isinstance(served, Fetched) or not any((split_port(p) or ("",))[0] == client for p in served.primaries):
            return super().notified(query, served)
        said = f"Notify from {client} for {origin}: "
        self.note("INFO", f"{said}checking transfer")
        changed, error, _ = served.check()
        if changed:
            served.fetch(partial(self._notified_done, said))
        else:
            self.note("INFO", f"{said}no {'SOA ' if rules.says_soa_serial else ''}serial increase seen")
        if error:
            self.note("WARNING", f"{said}failed primary check: {error}")
        reply = query.msg.reply()
        reply.aa, reply.ra = True, rules.sets_ra
        return self.write(query, reply, NOTIFIED(origin), rcode=NOERROR)

    def _notified_done(self, said: str, error: str) -> None:
        if error and self.rules.tells_failed_transfer:
            self.note("WARNING", f"{said}transfer failed: {error}")

    # -- catalogs -----------------------------------------------------------------------------------------------------

    def refuses(self, zone: Fetched, records: list[dns.RR]) -> str:
        """What is wrong with a catalog that has been fetched."""
        try:
            self.read[zone.origin] = members(zone.origin, records)
        except LoadError as error:
            return str(error)
        return ""

    def taken(self, zone: Fetched) -> None:
        """A catalog has been fetched: look at its members."""
        found = self.listed[zone.origin] = self.read[zone.origin]
        if self.rules.fetches_members:
            self._apply(zone, found)
        self._say("INFO", f"Parsed catalog zone {zone.origin} with {len(found)} member zones")

    def _apply(self, catalog: Fetched, found: list[Member]) -> None:
        """Serve the members of a catalog, and those no more that it does not name any more."""
        origin, allowed = catalog.origin, self.catalogs[catalog.origin]
        named: list[str] = []
        fresh: list[Fetched] = []
        rejected = 0
        for member in found:
            if allowed and longest_match(allowed, member.zone) is None:
                rejected += 1
                continue
            named.append(member.zone)
            zone = self._take(catalog, member) if member.zone in self.served else self._add(catalog, member)
            if zone is not None:
                fresh.append(zone)
        for name in self.known.get(origin, ()):
            if name not in named and name in self.members and self.members[name].catalog == origin:
                self.served[name].stop()
                del self.served[name], self.members[name]
                self._say("INFO", f"Removed catalog member zone {name} from catalog {origin}")
        self.known[origin] = tuple(named)
        self.serves(*self.served.values())
        if rejected:
            said = f"Skipped {rejected} member zones from catalog {origin}: outside configured member zones"
            self._say("WARNING", said)
        for zone in fresh:
            zone.start(self)

    def _add(self, catalog: Fetched, member: Member) -> Fetched:
        self._say("INFO", f"Added catalog member zone {member.zone} from catalog {catalog.origin}")
        return self._replace(catalog, member)

    def _take(self, catalog: Fetched, member: Member) -> Fetched | None:
        """What becomes of a member whose zone is served already."""
        origin, known = catalog.origin, self.members.get(member.zone)
        if known is not None and known.catalog == origin:
            if known.id == member.id or not self.rules.tells_members_apart:
                return None
            said = f"after member ID changed from {known.id} to {member.id}"
            self._say("INFO", f"Reset catalog member zone {member.zone} from {origin} {said}")
            return self._replace(catalog, member)
        listed = self.listed.get(known.catalog, []) if known is not None else []
        source = next((m for m in listed if m.zone == member.zone), None)
        if known is None or not self.rules.tells_members_apart or source is None or source.owner != origin:
            self._say("WARNING", f"Skipping catalog member zone {member.zone} from {origin}: zone already exists")
            return None
        said = f"Migrated catalog member zone {member.zone} from catalog {known.catalog} to {origin}"
        old = self.served[member.zone]
        zone = self._replace(catalog, member)
        if known.id == source.id == member.id:
            zone.zone, zone.expired = old.zone, old.expired
            self._say("INFO", f"{said}, preserving state for member ID {source.id}")
        else:
            self._say("INFO", f"{said} with state reset after member identity changed from {source.id} to {member.id}")
        return zone

    def _replace(self, catalog: Fetched, member: Member) -> Fetched:
        if member.zone in self.served:
            self.served[member.zone].stop()
        zone = Fetched(member.zone, catalog.primaries, self.setup)
        self.served[member.zone] = zone
        self.members[member.zone] = _Member(catalog.origin, member.id)
        return zone

    def _say(self, level: str, text: str) -> None:
        self.setup.log(f"[{level}] plugin/secondary: {text}")


__all__ = ["Secondary"]
