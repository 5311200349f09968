"""Fetching a zone from other servers, and keeping it up to date by its SOA record.

Source: plugin/file (secondary.go) and plugin/secondary (setup.go) of each release, and the DNS library's xfr.go.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from ..golang.durations import duration_text
from ..plugin import AXFR, IN, NOERROR, SOA, Msg, Question, ReleaseRules, Setup, Timer, dns, quote, since, until
from ._backend import Link, aside
from ._transfers import Served, Transferring
from ._upstream import Upstream
from ._zone import LoadError, Zone

WAIT = 2.0
"""Seconds that the DNS library waits for a message."""
MESSAGE = 0.001
"""Seconds that stand for what each further message of a transfer takes."""
FIRST_RETRY, LAST_RETRY = 0.25, 10.0
"""Seconds from one try of the first transfer to the next: they double."""
HOUR = 3600.0


class Follower(Protocol):
    """What looks at a zone's records before they are served, and at the zone afterwards."""

    def refuses(self, zone: Fetched, records: list[dns.RR]) -> str:
        """What is wrong with the records; '' where they are to be taken."""

    def taken(self, zone: Fetched) -> None:
        """The zone has been taken."""


class FetchRules(ReleaseRules):
    """What differs between releases."""

    tries_again = since("1.8.5", "a first transfer that fails is tried again")
    clamps = until("1.0.5", "refresh and retry take an hour at least, and a day or half of one at most")
    never_updates = until("1.0.5", "a zone that has changed is fetched only where asking for its serial failed, too")
    restarts_always = since("1.2.0", "a check without errors begins the intervals anew, also where nothing has changed")
    at_least_a_second = since("1.14.7", "intervals of 0 are a second; before, a panic")
    fresh_each = since("1.14.7", "what a server has sent before it failed is forgotten; before, it stayed in the zone")
    notifies = since("1.14.3", "servers are notified of a zone that was fetched")


def newer(ours: int, theirs: int) -> bool:
    """Whether their serial is newer (RFC 1982)."""
    return 0 < (theirs - ours) % 2**32 <= 2**31 - 1 or (ours > theirs and ours - theirs > 2**31 - 1)


class Fetched(Served):
    """A zone from other servers. primaries: their addresses with ports, in the order in which they are asked.

    expired: whether it is too old to be served. follower: see there.
    """

    def __init__(self, origin: str, primaries: tuple[str, ...], setup: Setup) -> None:
        super().__init__(origin, Zone(origin, setup.release), Upstream(setup))
        self.zone.missing = "it has not been transferred yet"
        self.primaries = primaries
        self.setup = setup
        self.rules = FetchRules.of(setup.release)
        self.expired = False
        self.follower: Follower | None = None
        self.plugin: Transferring
        self._timers: list[Timer] = []
        self._stopped = False
        self._retrying = False
        self._busy = False
        self._waiting: list[str] = []

    # -- fetching -----------------------------------------------------------------------------------------------------

    def start(self, plugin: Transferring) -> None:
        """Fetch it, and look after it."""
        self.plugin = plugin
        if self.primaries:
            self._first(FIRST_RETRY)

    def stop(self) -> None:
        """Look after it no more."""
        self._stopped = True
        self._cancel()

    def _first(self, wait: float) -> None:
        self.fetch(partial(self._first_done, wait))

    def _first_done(self, wait: float, error: str) -> None:
        if error and self.rules.tries_again:
            said = f"All '{self.origin}' masters failed to transfer, retrying in {duration_text(wait)}: {error}"
            self.setup.log(f"[WARNING] plugin/secondary: {said}")
            self._later(wait, partial(self._first, min(wait * 2, LAST_RETRY)))
        else:
            self._watch()

    def fetch(self, then: Callable[[str], None]) -> None:
        """Fetch the zone; once that is done, `then` is called with the error, '' without one."""
        took, error = 0.0, ""
        log: list[str] = []
        zone, records, server = Zone(self.origin, self.setup.release), list[dns.RR](), ""
        for server in self.primaries:
            if self.rules.fresh_each:
                zone, records = Zone(self.origin, self.setup.release), []
            (said, error), seconds = self._ask(server, zone, records)
            took += seconds
            if not error:
                break
            log.append(f"Failed to {said}: {error}")
        self._later(took, partial(self._take, zone, records, server, error, log, then))

    def _take(
        self, zone: Zone, records: list[dns.RR], server: str, error: str, log: list[str], then: Callable[[str], None]
    ) -> None:
        """Serve what has been fetched, unless there is an error."""
        for said in log:
            self.plugin.note("ERROR", said)
        if not error and self.follower is not None:
            error = self.follower.refuses(self, records)
        if not error:
            self.zone, self.expired = zone, False
            self.plugin.note("INFO", f"Transferred: {self.origin} from {server}")
            if self.rules.notifies:
                self.plugin.notify(self)
            if self.follower is not None:
                self.follower.taken(self)
        then(error)

    def _ask(self, server: str, zone: Zone, records: list[dns.RR]) -> tuple[tuple[str, str], float]:
        """Fetch from one server. What CoreDNS says that it failed to do, the error ('' without one), and the seconds."""
        world = self.setup.world
        where = quote(server)
        question = Msg(Question(self.origin, AXFR, IN), id=1)
        link = Link("dns", server, self.setup)
        got = link.ask(question, aside(world, world.clock.now), "tcp", WAIT)
        failed = f"transfer `{self.origin}' from {where}"
        if got.reply is None:
            if got.error.startswith("dial "):
                return (f"setup transfer `{self.origin}' with `{where}'", got.error), got.took
            return (failed, got.error), got.took
        messages = [got.reply, *got.later]
        if got.reply.rcode != NOERROR:
            return (failed, f"dns: bad xfr rcode: {got.reply.rcode}"), got.took
        if not got.reply.answer or got.reply.answer[0][1] != SOA:
            return (failed, "dns: no SOA"), got.took
        for number, message in enumerate(messages):
            for rr in message.answer:
                try:
                    zone.insert(rr)
                except LoadError as e:
                    return (f"parse transfer `{self.origin}' from: {where}", str(e)), got.took
                records.append(rr)
            last = bool(message.answer) and message.answer[-1][1] == SOA
            if last and not (number == 0 and len(message.answer) == 1):
                return ("", ""), got.took + number * MESSAGE
        return (failed, link.late()), got.took + WAIT

    def check(self) -> tuple[bool, str, float]:
        """Whether a server has a newer zone, what went wrong ('' for nothing), and the seconds that it took."""
        world, took, error = self.setup.world, 0.0, ""
        msg = Msg(Question(self.origin, SOA, IN), id=1, rd=True)
        for server in self.primaries:
            got = Link("dns", server, self.setup).ask(msg, aside(world, world.clock.now), "tcp", WAIT)
            took += got.took
            error = got.error if got.reply is None else ""
            if got.reply is None or got.reply.rcode != NOERROR:
                continue
            theirs = next((rr for rr in got.reply.answer if rr[1] == SOA), None)
            if theirs is not None:
                ours = self.zone.soa
                return ours is None or newer(ours[4][2], theirs[4][2]), "", took
        return False, error, took

    # -- looking after it ---------------------------------------------------------------------------------------------

    def _later(self, seconds: float, run: Callable[[], None]) -> None:
        """Do something in a while, unless it is stopped by then."""
        if seconds <= 0:
            run()
            return
        self.setup.world.clock.call_in(seconds, partial(self._run, run))

    def _run(self, run: Callable[[], None]) -> None:
        if not self._stopped:
            run()

    def _cancel(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers, self._waiting = [], []

    def _watch(self) -> None:
        """Begin the three intervals of the SOA record."""
        self._cancel()
        self._retrying = self._busy = False
        soa, rules = self.zone.soa, self.rules
        if soa is None:
            self.setup.world.clock.spend(1)  # there may be thousands of such zones
            self._later(1.0, self._watch)
            return
        refresh, retry, expire = (float(x) for x in soa[4][3:6])
        if rules.clamps:
            refresh, retry = min(max(refresh, HOUR), 24 * HOUR), min(max(retry, HOUR), 12 * HOUR)
        if rules.at_least_a_second:
            refresh, retry, expire = max(refresh, 1.0), max(retry, 1.0), max(expire, 1.0)
        if not (refresh and retry and expire):
            self.setup.dies(
                "coredns-panics",
                f"the SOA record of {self.origin} has an interval of 0, on which CoreDNS panics",
                "panic: non-positive interval for NewTicker",
                hint="since 1.14.7 it counts as a second",
            )
            return
        every = self.setup.world.clock.every
        self._timers = [
            every(expire, partial(self._tick, "expire")),
            every(retry, partial(self._tick, "retry")),
            every(refresh, partial(self._tick, "refresh")),
        ]

    def _tick(self, kind: str) -> None:
        if self._busy:
            if kind not in self._waiting:
                self._waiting.append(kind)
        elif kind == "expire":
            self.expired = self.expired or self._retrying
        elif kind == "refresh" or self._retrying:
            self._busy = True
            seconds = tuple(float(x) for x in range(5 if kind == "refresh" else 2))
            wait = self.setup.world.choose(seconds, f"how long {self.origin} waits until it asks for the serial")
            self._later(wait, partial(self._check, kind))

    def _check(self, kind: str) -> None:
        ok, error, took = self.check()
        self._later(took, partial(self._checked, kind, ok, error))

    def _checked(self, kind: str, ok: bool, error: str) -> None:
        rules = self.rules
        if error:
            if not rules.never_updates:
                self.plugin.note("WARNING", f"Failed {kind} check {error}")
            self._retrying = self._retrying or kind == "refresh"
        elif ok and not rules.never_updates:
            self.fetch(partial(self._fetched, kind))
            return
        elif rules.never_updates and kind == "refresh":
            self._retrying = False
        elif rules.restarts_always:
            self._watch()
            return
        self._go_on()

    def _fetched(self, kind: str, error: str) -> None:
        if error:
            self._retrying = self._retrying or kind == "refresh"
            self._go_on()
        else:
            self._watch()

    def _go_on(self) -> None:
        """Take up what has come meanwhile."""
        self._busy = False
        waiting, self._waiting = self._waiting, []
        for kind in waiting:
            self._tick(kind)


__all__ = ["FetchRules", "Fetched", "newer"]
