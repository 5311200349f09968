"""What the plugins that serve zones make of a look-up. A plugin on top of it says which zones there are (`serves`), and
what looks after them (`Served`); everything else is here.

Source: plugin/file (file.go) of each release.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..dns.names import parent, suffixes
from ..plugin import (
    AXFR,
    IXFR,
    NO_FALL,
    NOTIFY,
    NXDOMAIN,
    REFUSED,
    SERVFAIL,
    Flag,
    Landmark,
    Outcome,
    Query,
    Reason,
    Result,
    Scope,
    Why,
    dns,
    failed,
    fallthrough,
    since,
    until,
)
from ._places import Place
from ._transfers import Served, Transferring, TransferRules
from ._zone import DELEGATION, NAME_ERROR, NO_DATA, SERVER_FAILURE, SUCCESS, Found, Zone, zone_landmarks

LAST = Reason("outside-and-last", "{} is in none of its zones, and no plugin stands behind it")
NO_TRANSFER = Reason("no-transfer", "`{}` transfers nothing itself; that is what `transfer` is for")
EXISTS = Reason("exists", "{}; `fallthrough` is for names that the zone does not have, so the chain ends here")
EXPIRED = Reason("zone-expired", "zone {} is expired: its primaries have not answered for too long")
ENDS = Reason("not-passed-on", "{}; {}")


class AuthorityRules(TransferRules):
    """What differs between releases."""

    sets_ra = until("1.3.1", "replies have RA set")
    refuses_transfers = since("1.8.4", "a transfer that comes as far as here is refused")
    answers_failure = since("1.8.5", "a target that fails leaves the alias in the answer, with SERVFAIL")
    refuses_others = since("1.12.3", "as the last plugin, it refuses names in none of its zones")
    falls = since("1.12.2", "there is `fallthrough`")
    aa_of_alias = since("1.14.7", "an alias that leads below a cut is an authoritative answer")


class Authority(Transferring):
    """A plugin that answers from zones. `prepare()` names them, by `serves`."""

    Rules = AuthorityRules
    FLAGS = ("type AXFR", "type IXFR")
    rules: AuthorityRules
    fall = NO_FALL
    hears_notifies = True
    """Whether a NOTIFY is more than a question."""

    def serves(self, *zones: Served) -> None:
        """From now on, these are the zones, and no others."""
        self.served = {served.origin: served for served in zones}
        self.scope = Scope(self.served)

    def start(self) -> None:
        """Tell the secondaries, and begin to look after the zones."""
        for served in self.served.values():
            self.notify(served, changed=False)
            served.start(self)

    def stop(self) -> None:
        """Look after them no more."""
        super().stop()
        for served in self.served.values():
            served.stop()

    def place_of(self, rr: dns.RR) -> Place | None:
        """Where a record stands, if it is a zone's own and so part of all answers with it (see cache and rewrite)."""
        for served in self.served.values():
            place = served.zone.place_of(rr)
            if place is not None:
                return place
        return None

    def outside(self, query: Query) -> Outcome:
        """The next plugin is asked, unless there is none."""
        if self.rules.refuses_others and self.is_last:
            return failed(REFUSED, None, LAST(query.name))
        return super().outside(query)

    def answer(self, query: Query, zone: str) -> Outcome:
        """What the zone has."""
        served, rules = self.served[zone], self.rules
        if query.type in (AXFR, IXFR) and rules.refuses_transfers:
            return failed(REFUSED, None, NO_TRANSFER(self.name))
        if query.msg.opcode == NOTIFY and self.hears_notifies:
            return self.notified(query, served)
        if served.expired:
            self.note("ERROR", f"Zone {zone} is expired")
            return failed(SERVFAIL, None, EXPIRED(zone))
        if query.type in (AXFR, IXFR) and rules.transfers:
            return self.transfer(query, served)
        upstream = served.upstream
        found = served.zone.lookup(
            query, lambda name, type: None if upstream is None else upstream.lookup(query, name, type)
        )
        answer, _, _, result, why = found
        if not answer and result in (NAME_ERROR, SUCCESS) and self.fall.through(query.name):
            return fallthrough(why)
        return self._reply(query, found, served.zone)

    def _reply(self, query: Query, found: Found, zone: Zone) -> Result:
        answer, ns, extra, result, why = found
        if result == SERVER_FAILURE and not (answer and self.rules.answers_failure):
            return failed(SERVFAIL, None, why)
        reply = query.msg.reply()
        reply.aa = result != DELEGATION or (self.rules.aa_of_alias and bool(answer))
        reply.ra = self.rules.sets_ra
        reply.answer, reply.ns, reply.extra = list(answer), list(ns), list(extra)
        if result == NAME_ERROR:
            reply.rcode = NXDOMAIN
        elif result == SERVER_FAILURE:
            reply.rcode = SERVFAIL
        return self.write(query, reply, why if answer else self._why(found))

    def _why(self, found: Found) -> Why:
        """Why there is no answer, with what became of `fallthrough` where it could matter."""
        if found.result == NO_DATA and self.fall.given:
            return EXISTS(found.why)
        waits = self.rules.falls and not self.is_last
        if found.result in (NAME_ERROR, SUCCESS) and (self.fall.given or waits):
            return ENDS(found.why, self.fall.ends())
        return found.why

    def landmarks(self) -> Iterator[Landmark]:
        """All names, below which there may be wildcards, cuts and DNAME records; types that are looked up otherwise."""
        yield from zone_landmarks(served.zone for served in self.served.values())
        if self.hears_notifies:
            yield Flag("opcode NOTIFY")

    def image(self, name: str, client: str) -> tuple[str, ...]:
        """What DNAME records make of a name; see `capabilities.Images`."""
        return tuple(
            name[: -len(above)] + str(rr[4][0])
            for served in self.served.values()
            if served.zone.has_dname
            for above in suffixes(parent(name))
            if (node := served.zone.search(above)) is not None
            for rr in node.types.get(dns.DNAME, ())
        )


__all__ = ["Authority", "AuthorityRules", "Served"]
