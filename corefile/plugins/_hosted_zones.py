"""Zones that a cloud's API hands out: `route53`, `azure` and `clouddns` fetch all records of a zone, and again from time to
time, and answer from them as `file` does.

Source: plugin/route53, plugin/azure and plugin/clouddns of each release. A name may have several hosted zones, which are
looked at in turn, until one of them knows the name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import permutations
from typing import TYPE_CHECKING, Any, ClassVar

from ..plugin import (
    NO_FALL,
    NXDOMAIN,
    SERVFAIL,
    Answerer,
    Given,
    Invalid,
    Landmark,
    Next,
    Outcome,
    Query,
    Reason,
    ReleaseRules,
    Result,
    Scope,
    Setup,
    dns,
    failed,
    fallthrough,
    quote,
    since,
)
from ..world import Fault
from ._places import Place
from ._upstream import Upstream
from ._zone import DELEGATION, NAME_ERROR, NO_DATA, SERVER_FAILURE, Found, Zone, zone_landmarks

if TYPE_CHECKING:
    from ..world.stores import HostedZone

MINUTE = 60.0
MOST_GROUPS = 6
"""Of how many groups of zones all orders are options."""
NOT_GIVEN = Reason("store-not-given", "the records of {} are not given, so what it would answer is not known")
PASSED_ON = Reason("passed-on", "{}; `fallthrough` covers the name")
NOT_PASSED_ON = Reason("not-passed-on", "{}; {}")
EXISTS = Reason("exists", "{}; `fallthrough` is for names that no hosted zone has, so the chain ends here")


class HostedRules(ReleaseRules):
    """What differs between releases."""

    sets_ra = False
    takes_no_data = True
    """Whether a name without records of the type is an answer, and no other zone is asked."""
    names_zones = since("1.8.1", "the log line of a failed update names the zones")


def store_of(setup: Setup, *ids: str) -> str | None:
    """The key of the store that one of these hosted zones is given as: its own, or the directive's name where there is
    only one zone. None where none is given."""
    stores = setup.world.stores
    own = next((key for id in ids if (key := f"{setup.name}@{id}") in stores), None)
    return own or (setup.name if len(ids) == 1 and setup.name in stores else None)


def fault_of(setup: Setup, id: str) -> Fault | None:
    """Why a hosted zone cannot be fetched, if it is given as one that cannot."""
    found = setup.world.stores.get(f"{setup.name}@{id}", setup.world.stores.get(setup.name))
    return found if isinstance(found, Fault) else None


def fault_text(fault: Fault) -> str:
    """What a fault stands for."""
    return "there is none of that name" if fault.kind == "refused" else "the cloud is out of reach"


def in_any_order(setup: Setup, zones: Iterable[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """The names and ids of zones that are given as (group, name, id). CoreDNS has the groups in a map, so their order
    differs from start to start, which shows where two of them have a zone of one name."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for group, name, id in zones:
        groups.setdefault(group, []).append((name, id))
    having = Counter(name for own in groups.values() for name in {name.lower() for name, _ in own})
    alike = [group for group, own in groups.items() if any(having[name.lower()] > 1 for name, _ in own)]
    if 1 < len(alike) <= MOST_GROUPS:
        orders = {tuple(id for group in order for _, id in groups[group]): order for order in permutations(alike)}
        alike = list(orders[setup.world.choose(tuple(orders), "in which order the hosted zones are looked at")])
    return [zone for group in dict.fromkeys((*alike, *groups)) for zone in groups[group]]


class Hosted:
    """A hosted zone. id: what it is called in `World.stores`, behind the directive's name. key: under which its store
    is given; None where it is not."""

    def __init__(self, name: str, id: str, setup: Setup) -> None:
        self.id = id
        self.key: str | None = None
        self.zone = Zone(name, setup.release)
        self.setup = setup

    def fetch(self) -> HostedZone | Fault | None:
        """What is in the store; a `Fault` where it is out of reach or has no such zone, None where nothing is given."""
        found: HostedZone | Fault | None = None if self.key is None else self.setup.world.stores[self.key]
        return found


class HostedZones(Answerer):
    """Answers from zones of a cloud's API.

    prepare() of a plugin on top of it calls `serves`. `take` puts records in a zone, `interval` is how often they are
    fetched, and `COMMAND` what prints them (`{}` stands for the zone).
    """

    Rules = HostedRules
    STATE = "the records that it has fetched"
    COMMAND: ClassVar[str] = ""
    rules: HostedRules
    fall = NO_FALL
    interval = MINUTE
    upstream: Upstream | None = None

    def serves(self, zones: Iterable[tuple[str, str]]) -> None:
        """The hosted zones by name and id, in the order in which they are looked at."""
        self.hosted: dict[str, list[Hosted]] = {}
        for name, id in zones:
            self.hosted.setdefault(name, []).append(Hosted(name, id, self.setup))
        self.upstream = self.upstream or Upstream(self.setup)
        self.spelled = {name.lower(): name for name in reversed(self.hosted)}
        self.scope = Scope(self.spelled)
        everything = list(self.all_hosted())
        for hosted in everything:
            hosted.key = store_of(self.setup, hosted.id)
            if hosted.key == self.name and len(everything) > 1:
                hosted.key = None
            if hosted.key is None:
                self._not_given(hosted)
        self.update()

    def all_hosted(self) -> Iterator[Hosted]:
        """All hosted zones."""
        for several in self.hosted.values():
            yield from several

    def _not_given(self, hosted: Hosted) -> None:
        self.setup.notice(
            "store-not-given",
            f"{self.name}: the records of {hosted.id} are not given, so answers are those of the chain without it",
            hint=f"--store {self.name}@{hosted.id}=FILE gives them, as `{self.COMMAND.format(*hosted.id.split(':'))}` prints them",
        )

    # -- fetching -----------------------------------------------------------------------------------------------------

    def take(self, zone: Zone, store: HostedZone, hosted: Hosted) -> None:
        """Put the records of a store into a zone."""
        raise NotImplementedError

    def failure(self, hosted: Hosted, fault: Fault) -> str:
        """CoreDNS's words for a zone that cannot be fetched."""
        raise NotImplementedError

    def failed_to_fetch(self, hosted: Hosted) -> bool:
        """Whether the zones of its name behind it are fetched where one cannot be; it keeps its records."""
        return False

    def start(self) -> None:
        """Fetch from time to time."""
        self.every(self.interval, self.look)

    def look(self) -> None:
        """Fetch all zones, and tell what fails."""
        errors = self.update()
        if errors and self.setup.instance.ended is None:
            names = f" [{' '.join(self.zone_names())}]" if self.rules.names_zones else ""
            self.note("ERROR", f"Failed to update zones{names}: errors updating zones: [{' '.join(errors)}]")

    def zone_names(self) -> list[str]:
        """The names of the zones in the log."""
        return list(self.hosted)

    def update(self) -> list[str]:
        """Fetch all zones; CoreDNS's words for what fails."""
        errors = []
        for several in self.hosted.values():
            for hosted in several:
                store = hosted.fetch()
                if store is None:
                    continue
                if isinstance(store, Fault):
                    errors.append(self.failure(hosted, store))
                    if not self.failed_to_fetch(hosted):
                        break
                else:
                    fresh = Zone(hosted.zone.origin, self.setup.release)
                    fresh.missing = "its hosted zone has no SOA record"
                    self.take(fresh, store, hosted)
                    hosted.zone = fresh
        return errors

    def note(self, level: str, text: str) -> None:
        """A log line."""
        self.setup.log(f"[{level}] plugin/{self.name}: {text}")

    # -- answering ----------------------------------------------------------------------------------------------------

    def answer(self, query: Query, zone: str) -> Outcome:
        """What the first of the hosted zones has that knows the name, or else the last one."""
        upstream, rules = self.upstream, self.rules
        found: Found | None = None
        for hosted in self.hosted[self.spelled[zone]]:
            if hosted.key is None:
                return self.unknown(query, hosted)
            found = hosted.zone.lookup(
                query, lambda name, type: upstream.lookup(query, name, type) if upstream else None
            )
            if found.answer or (found.result == NO_DATA and rules.takes_no_data):
                break
        assert found is not None
        denied = not found.answer and not (found.result == NO_DATA and rules.takes_no_data)
        if denied and self.fall.through(query.name):
            return fallthrough(PASSED_ON(found.why))
        why = found.why
        if denied:
            why = NOT_PASSED_ON(found.why, self.fall.ends())
        elif not found.answer and self.fall.given:
            why = EXISTS(found.why)
        return self._reply(query, found._replace(why=why))

    def unknown(self, query: Query, hosted: Hosted) -> Outcome:
        """What becomes of a question for a hosted zone that is not given."""
        query.ctx.doubt([(self.name, self.span)])
        return Next(NOT_GIVEN(hosted.id))

    def _reply(self, query: Query, found: Found) -> Result:
        if found.result == SERVER_FAILURE:
            return failed(SERVFAIL, None, found.why)
        reply = query.msg.reply()
        reply.aa = found.result != DELEGATION
        reply.ra = self.rules.sets_ra
        reply.answer, reply.ns, reply.extra = list(found.answer), list(found.ns), list(found.extra)
        if found.result == NAME_ERROR:
            reply.rcode = NXDOMAIN
        return self.write(query, reply, found.why)

    def place_of(self, rr: dns.RR) -> Place | None:
        """Where a record stands, if it is a zone's own (see `Authority`)."""
        places = (hosted.zone.place_of(rr) for hosted in self.all_hosted())
        return next((place for place in places if place is not None), None)

    def landmarks(self) -> Iterable[Landmark]:
        """Those of the zones (see `_zone`)."""
        return zone_landmarks([hosted.zone for hosted in self.all_hosted()])


class Refused(Invalid):
    """Why CoreDNS does not start, though what is written is right: no credentials, no zone."""

    code: str

    def __init__(self, code: str, message: str, **more: Any) -> None:
        super().__init__(message, **more)
        self.code = code

    def unless_assumed(self, setup: Setup) -> None:
        """Raise it where the world is all there is. Any other machine is taken to have what CoreDNS looks for there."""
        if not setup.world.assume:
            raise self
        setup.world.note_assumed("credentials")

    def tell(self, setup: Setup) -> None:
        """Make it a finding about the directive."""
        setup.invalid(self, code=self.code)


def parts_of(
    given: Given, shape: tuple[str, str], words: tuple[str, str], taken: set[str], key: Callable[[str], str] = str
) -> list[list[str]]:
    """The arguments of an occurrence, each as its parts between colons. shape: the parts, and an example. words:
    CoreDNS's about an argument that has other parts, and about one whose `key` is `taken`; `{quoted}` stands for it in
    quotes. Raises Invalid for the first that is wrong."""
    out, count = [], shape[0].count(":") + 1
    write = "write `{}`, such as `{}`".format(*shape)
    for word in given.words:
        text = word.text
        parts = text.split(":", count - 1)
        for wrong, said, form, hint in (
            (len(parts) != count or not all(parts), f"is no zone of `{given.name}`", words[0], write),
            (key(text) in taken, "is given twice", words[1], ""),
        ):
            if wrong:
                raise Invalid(f"`{text}` {said}", hint=hint, coredns=form.format(text, quoted=quote(text)), at=word)
        taken.add(key(text))
        out.append(parts)
    return out


__all__ = [
    "Hosted",
    "HostedRules",
    "HostedZones",
    "Refused",
    "fault_of",
    "fault_text",
    "in_any_order",
    "parts_of",
    "store_of",
]
