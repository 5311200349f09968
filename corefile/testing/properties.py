"""Properties that a Corefile has to have for all queries and all histories of a server: each is a line in a test.

>>> from corefile import World, loads
>>> server = loads(".:53 {\\n forward . 10.0.0.53 10.0.0.54\\n}\\n", world=World(upstreams={"10.0.0.53": "", "10.0.0.54": ""}))
>>> holds(server, no_leaks("corp.example", allowed=["10.0.0.0/8"]), examples=10)

`holds` runs histories (see `strategies.histories`) against copies of the server, and looks at each reply; `machine` gives the
same as a state machine of Hypothesis, for rules of one's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as Settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from ..api import Server
from ..chain.reply import Reply
from ..classes import Question
from ..dns.codes import type_number
from ..dns.message import Msg
from ..dns.names import fqdn, is_subdomain, parse_name
from ..dns.record import Record
from ..golang.addresses import number_of, parse_cidr, split_host_port, with_prefix
from .given import the_server
from .strategies import histories as _histories
from .strategies.histories import Ask, Rename, Step, Wait, any_step
from .strategies.names import queries_about

MOST_WAYS = 256
"""How many combinations of random choices are enumerated for one question."""

PHASES = tuple(phase for phase in Phase if phase is not Phase.explain)
"""What `holds` has Hypothesis do: it need not look for lines of Python that explain a failure, as the trace does."""

CACHED = ("hit", "stale")
"""The reasons that a cache gives for an answer that it kept."""


@dataclass(frozen=True)
class Packet:
    """A question that the server sent to an upstream. address: `IP:PORT`. type: its number."""

    address: str
    name: str
    type: int


@dataclass(frozen=True)
class Exchange:
    """A question that was asked, with the reply, the packets that it caused, and the time in seconds since the
    epoch."""

    question: Question
    reply: Reply
    packets: tuple[Packet, ...]
    at: float


class Broken(AssertionError):
    """A property does not hold: with what happened before, and the trace of the reply."""


class Walk:
    """A server to which one thing happens after the other, and what was seen on the way.

    server: a copy of the server that was given. steps: what has happened. exchanges: all questions with their replies.
    changed: when something else than time and questions happened last, in seconds.
    """

    def __init__(self, server: Server, properties: Sequence[Property]) -> None:
        self.server = server.copy()
        self.server.start()
        self.properties = [one.fresh() for one in properties]
        self.steps: list[Step] = []
        self.exchanges: list[Exchange] = []
        self.changed = float("-inf")
        self._first = dict(self.server.world.upstreams)
        self._fresh: dict[bool, Server] = {}
        self._packets: list[Packet] = []
        self.server.process.network.seen = self._see

    def _see(self, address: str, msg: Msg) -> None:
        if msg.question is not None:
            self._packets.append(Packet(address, msg.question.name, msg.question.type))

    @property
    def now(self) -> float:
        """The time, in seconds."""
        return self.server.world.clock.now

    def do(self, step: Step) -> None:
        """Have something happen. Raises Broken where a property does not hold any more."""
        __tracebackhide__ = True
        for one in self.properties:
            one.before(self, step)
        self.steps.append(step)
        if isinstance(step, Ask):
            at = self.now
            self._packets = []
            reply = step.question.ask(self.server, wait=True)
            exchange = Exchange(step.question, reply, tuple(self._packets), at)
            for one in self.properties:
                said: object = self._looked_at(one, exchange)
                if said is not None:
                    raise TypeError(
                        f"`asked` of {type(one).__name__} returns {said!r:.40}: where the property does not hold, it raises "
                        "`walk.broken('what is wrong', exchange.reply)`"
                    )
            self.exchanges.append(exchange)
            return
        step.do(self.server)
        if not isinstance(step, Wait):
            self.changed = self.now
            self._fresh.clear()

    def _looked_at(self, one: Property, exchange: Exchange) -> object:
        """What a property returns for a reply. An `assert` of its own fails with what happened, too."""
        __tracebackhide__ = True
        try:
            return one.asked(self, exchange)  # type: ignore[func-returns-value]
        except Broken:
            raise
        except AssertionError as e:
            raise self.broken(str(e) or f"{type(one).__name__} does not hold", exchange.reply) from e

    def copy(self) -> Server:
        """An independent copy of the server, as it is now."""
        network = self.server.process.network
        seen, network.seen = network.seen, None
        try:
            return self.server.copy()
        finally:
            network.seen = seen

    def fresh(self, question: Question, *, at: float, choose: Any = None, healthy: bool = False) -> Reply:
        """What a server without memory answers: as it is now or, with `healthy`, with all upstreams as they were at first."""
        server = self._fresh.get(healthy)
        if server is None:
            server = self._fresh[healthy] = self.copy()
            if healthy:
                server.world.upstreams = self._first
        process = server.process
        server.world.clock.now = at
        for instance in (process.instance, *process.network.servers()):
            for handler in instance.handlers():
                if handler.STATE:
                    handler.renew()
        server.world.choose_index = choose or _first_option
        return question.ask(server, wait=False)

    def broken(self, what: str, reply: Reply | None = None) -> Broken:
        """The error for a property that does not hold."""
        steps = "\n".join(f"  {number}. {step}" for number, step in enumerate(self.steps, 1))
        trace = "" if reply is None else f"\n\n{reply}\n{reply.trace}"
        return Broken(f"{what}\n\nwhat happened:\n{steps or '  nothing'}{trace}")


def _first_option(options: Sequence[Any], why: str) -> int:
    return 0


class Property:
    """Something that has to hold, for `holds` and `machine`. Subclasses override `asked` or `before`, and raise
    `walk.broken(...)` where it does not.

    zones: the names that it is about. They, the names below that the server knows, and any others below are asked for,
        too.
    """

    zones: Sequence[str] = ()

    def fresh(self) -> Property:
        """The property for another walk; one that remembers something returns a new one."""
        return self

    def asked(self, walk: Walk, exchange: Exchange) -> None:
        """Look at a reply."""

    def before(self, walk: Walk, step: Step) -> None:
        """Look at what is about to happen."""


class _NoLeaks(Property):
    def __init__(self, names: Iterable[str], allowed: Iterable[str]) -> None:
        self.zones = [parse_name(fqdn(name)).lower() for name in names]
        if not self.zones:
            raise ValueError("no_leaks: which names are internal? `no_leaks('corp.example')`")
        self.networks = []
        if isinstance(allowed, str):
            raise TypeError(f"no_leaks: `allowed` is a list: [{allowed!r}]")
        for text in allowed:
            network = parse_cidr(with_prefix(text))
            if network is None:
                raise ValueError(f"no_leaks: `{text}` is no address or network, such as 10.0.0.0/8")
            self.networks.append(network)

    def asked(self, walk: Walk, exchange: Exchange) -> None:
        __tracebackhide__ = True
        for packet in exchange.packets:
            zone = next((z for z in self.zones if is_subdomain(z, packet.name.lower())), None)
            if zone is not None and not (self._is_allowed(packet.address) or _is_itself(walk.server, packet.address)):
                raise walk.broken(
                    f"a question for {packet.name}, which is internal ({zone}), was sent to {packet.address}",
                    exchange.reply,
                )

    def _is_allowed(self, address: str) -> bool:
        number = number_of(split_host_port(address)[0].partition("%")[0])
        return any(network.holds(number) for network in self.networks)


def _is_itself(server: Server, address: str) -> bool:
    """Whether a server listens there itself: what it sends to itself, as `loop` does, leaves for nowhere."""
    process = server.process
    who = process.network.reach(address).who
    return who is not None and any(who is listener for listener in process.instance.listeners)


def no_leaks(*names: str, allowed: Iterable[str] = ()) -> Property:
    """No question for one of these names, or a name below, is sent to an upstream, unless the upstream is `allowed`: an
    address or a network. Raises ValueError for no names, and for what is no network."""
    return _NoLeaks(names, allowed)


class _NeverServfail(Property):
    def __init__(self, zones: tuple[str, ...]) -> None:
        self.zones = [parse_name(fqdn(zone)).lower() for zone in zones]

    def asked(self, walk: Walk, exchange: Exchange) -> None:
        __tracebackhide__ = True
        reply, question = exchange.reply, exchange.question
        if reply.received and reply.rcode != "SERVFAIL":
            return
        if question.opcode != "QUERY" or not any(
            is_subdomain(z, parse_name(question.name).lower()) for z in self.zones or (".",)
        ):
            return
        good = walk.fresh(question, at=exchange.at, healthy=True)
        if good.rcode == "NOERROR" and good.answer:
            got = reply.rcode or "no reply"
            raise walk.broken(
                f"{question.name} {question.type} exists ({good.answer[0]}), and the answer is {got}", reply
            )


def never_servfail(*zones: str) -> Property:
    """A name that exists is never answered with SERVFAIL, or not at all. zones: where; unless given, everywhere. A name exists
    where a server without memory has records for it when no upstream fails. What `histories` has fail is the user's to
    choose: with `faults=False` nothing does."""
    return _NeverServfail(zones)


class _NoLoops(Property):
    def asked(self, walk: Walk, exchange: Exchange) -> None:
        __tracebackhide__ = True
        if walk.server.process.network.lost:
            raise walk.broken(f"a question for {exchange.question.name} goes round in a loop", exchange.reply)
        if walk.server.process.instance.fatal is not None:
            raise walk.broken(f"CoreDNS has ended: {walk.server.process.instance.fatal}", exchange.reply)


def no_loops() -> Property:
    """No question comes back to a server that waits for its answer, and `loop` never ends the process."""
    return _NoLoops()


def _records(reply: Reply, *, ttl: bool = False) -> tuple[object, ...]:
    sections = (reply.answer, reply.authority, reply.additional)
    return (reply.rcode, *(frozenset(_record(rr, ttl) for rr in section) for section in sections))


def _record(rr: Record, ttl: bool) -> tuple[object, ...]:
    return (rr.name.lower(), rr.cls, rr.type, _stable(rr), rr.ttl if ttl else None)


def _stable(rr: Record) -> object:
    """The data of a record, without what says when it was made (an SOA's serial, a signature)."""
    if rr.type == "SOA":
        return tuple(rr.rdata.split()[:2])
    return rr.rdata.split()[0] if rr.type == "RRSIG" else rr.rdata


class _FreshAnswers(Property):
    def __init__(self, settles: float) -> None:
        if settles < 0:
            raise ValueError(f"cached_is_fresh: `settles` is a number of seconds, not {settles}")
        self.settles = settles

    def asked(self, walk: Walk, exchange: Exchange) -> None:
        __tracebackhide__ = True
        if not _from_cache(exchange.reply) or exchange.at - walk.changed < self.settles:
            return
        good = walk.fresh(exchange.question, at=exchange.at)
        if _records(good) != _records(exchange.reply):
            raise walk.broken(
                f"the cached answer is not what a server without cache says, which is {good}", exchange.reply
            )


def cached_is_fresh(settles: float = 7200) -> Property:
    """What the cache answers is what a server without memory would, but for TTLs and the order of records. settles: how many
    seconds after a change (of the cluster, of an upstream, a reload) nothing is said."""
    return _FreshAnswers(settles)


def _from_cache(reply: Reply) -> bool:
    return any(hop.plugin == "cache" and hop.reason in CACHED for hop in reply.trace.hops)


class _TtlsNeverGrow(Property):
    def __init__(self) -> None:
        self.last: dict[Question, Exchange] = {}

    def fresh(self) -> Property:
        return _TtlsNeverGrow()

    def asked(self, walk: Walk, exchange: Exchange) -> None:
        __tracebackhide__ = True
        question, reply = replace(exchange.question, name=exchange.question.name.lower()), exchange.reply
        last = self.last.get(question)
        self.last[question] = exchange
        if last is None or last.at < walk.changed:
            return
        passed = exchange.at - last.at
        kept = [_stored(hop.why) for hop in reply.trace.hops if hop.plugin == "cache" and hop.reason in CACHED]
        if not kept or kept[0] < passed - 1:
            return  # it was fetched again in the meantime
        before = {_record(rr, False): rr.ttl for rr in last.reply.answer}
        for rr in reply.answer:
            had = before.get(_record(rr, False))
            if had is not None and passed <= had and rr.ttl > had - passed + 1:
                raise walk.broken(f"`{rr}` was good for {had} s more {passed:g} s ago, from the same cache", reply)


def _stored(why: str) -> float:
    """How many seconds ago the cache has stored what it answers; 0 where it does not say."""
    found = re.search(r"stored (\d+) s ago", why)
    return float(found[1]) if found is not None else 0.0


def ttls_never_grow() -> Property:
    """A cache counts down: asked again while it keeps an answer, no record has a longer TTL than it had, less the seconds that
    have passed. One that it has fetched again begins anew."""
    return _TtlsNeverGrow()


class _AnswersMatch(Property):
    def asked(self, walk: Walk, exchange: Exchange) -> None:
        __tracebackhide__ = True
        question, reply = exchange.question, exchange.reply
        if not reply.received or question.opcode != "QUERY" or reply.rcode in ("FORMERR", "NOTIMP", "BADVERS"):
            return
        name, kind = parse_name(question.name), question.type
        echoed = reply.question.split()
        if not echoed or echoed[0].lower() != name.lower() or echoed[1] != question.cls:
            raise walk.broken(f"the reply is to {reply.question or 'no question'}, not to {name} {kind}", reply)
        if kind in ("ANY", "AXFR", "IXFR"):
            return
        chain, wanted = {name.lower()}, type_number(kind)
        for rr in reply.answer:
            if rr.type == "CNAME" and rr.name.lower() in chain:
                chain.add(rr.data[0].lower())
            elif rr.type == "DNAME":
                chain |= {one for one in chain if is_subdomain(rr.name.lower(), one)}
        for rr in reply.answer:
            at_place = rr.name.lower() in chain or (
                rr.type == "DNAME" and any(is_subdomain(rr.name.lower(), one) for one in chain)
            )
            if not at_place or (type_number(rr.type) != wanted and rr.type not in ("CNAME", "DNAME", "RRSIG")):
                raise walk.broken(f"`{rr}` is no answer to {name} {kind}", reply)


def answers_match() -> Property:
    """A reply repeats its question, and its answer has records of the name that was asked for, or of what this is an alias
    of, and of the type that was asked for: resolvers throw away any other."""
    return _AnswersMatch()


class _RenamesAreSeen(Property):
    def __init__(self, within: float, zone: str) -> None:
        if within < 0:
            raise ValueError(f"renames_are_seen: `within` is a number of seconds, not {within}")
        self.within = within
        self.zone = parse_name(fqdn(zone))

    def before(self, walk: Walk, step: Step) -> None:
        __tracebackhide__ = True
        if not isinstance(step, Rename):
            return
        server = walk.copy()
        old, new = (f"{name}.{step.namespace}.svc.{self.zone}" for name in (step.old, step.new))
        server.query(old, wait=False)
        server.query(new, wait=False)
        was = walk.fresh(Question(old), at=walk.now)  # a cache may have what is no more
        if was.rcode != "NOERROR" or not was.answer:
            return
        walk.steps.append(step)
        step.do(server)
        server.advance(self.within)
        now, gone = server.query(new, wait=False), server.query(old, wait=False)
        wanted = {rr.rdata for rr in was.answer if rr.type == "A"}
        if {rr.rdata for rr in now.answer if rr.type == "A"} != wanted:
            raise walk.broken(f"{self.within:g} s after the Service was renamed, {new} is {now.rcode}", now)
        if gone.answer and gone.rcode == "NOERROR":
            raise walk.broken(
                f"{self.within:g} s after the Service was renamed, {old} still has {gone.answer[0]}", gone
            )
        walk.steps.pop()


def renames_are_seen(within: float, zone: str = "cluster.local") -> Property:
    """A Service that is renamed is found by its new name, and no more by the old one, `within` seconds later; both names were
    asked for just before. zone: of the cluster."""
    return _RenamesAreSeen(within, zone)


class _NoChoice(Property):
    def asked(self, walk: Walk, exchange: Exchange) -> None:
        __tracebackhide__ = True
        if exchange.question.opcode != "QUERY":
            return
        first: Reply | None = None
        for choose in _ways():
            reply = walk.fresh(exchange.question, at=exchange.at, choose=choose)
            if first is None:
                first = reply
            elif _records(reply, ttl=True) != _records(first, ttl=True):
                which = "; ".join(f"{why}: {taken}" for taken, why in choose.taken) or "none"
                raise walk.broken(f"the answer depends on a choice ({which}): it is {first}, or {reply}", reply)


def nothing_depends_on_choice() -> Property:
    """Whatever a server may choose by chance (which upstream, which order), the answer is the same but for the order of its
    records. All choices are enumerated, up to 256 combinations for a question, of a server without memory."""
    return _NoChoice()


class _Choice:
    """A `choose` that takes given options, and the first one behind these. taken: which, and why."""

    def __init__(self, given: tuple[int, ...]) -> None:
        self.given = given
        self.sizes: list[int] = []
        self.taken: list[tuple[Any, str]] = []

    def __call__(self, options: Sequence[Any], why: str) -> int:
        at = len(self.sizes)
        self.sizes.append(len(options))
        index = min(self.given[at], len(options) - 1) if at < len(self.given) else 0
        self.taken.append((options[index], why))
        return index


def _ways() -> Iterable[_Choice]:
    """All ways to choose, one after the other: each is known once the one before has been used."""
    waiting: list[tuple[int, ...]] = [()]
    for _ in range(MOST_WAYS):
        if not waiting:
            return
        given = waiting.pop()
        choice = _Choice(given)
        yield choice
        for at in range(len(given), len(choice.sizes)):
            waiting += [(*given, *(0,) * (at - len(given)), index) for index in range(1, choice.sizes[at])]


# -- running ----------------------------------------------------------------------------------------------------------


def _checked(who: str, server: Server, properties: Sequence[Property]) -> None:
    """Raises TypeError for what is no server or no property."""
    the_server(who, server)
    for one in properties:
        if not isinstance(one, Property):
            name = getattr(one, "__name__", "")
            hint = f": `{name}()` with its arguments is one" if name else ""
            raise TypeError(f"{who}: {name or repr(one)} is no property{hint}")
        if isinstance(one.zones, str):
            raise TypeError(f"{who}: `zones` of {type(one).__name__} is a list of names: [{one.zones!r}]")
        if type(one).asked is Property.asked and type(one).before is Property.before:
            raise TypeError(f"{who}: {type(one).__name__} looks at nothing: it has neither `asked` nor `before`")


def _questions(server: Server, properties: Sequence[Property]) -> st.SearchStrategy[Question]:
    """Questions about the zones of properties, or all names, beside those that `histories` draws."""
    zones = sorted({zone for property in properties for zone in property.zones if zone != "."})
    return queries_about(server, zones)


def holds(
    server: Server,
    *properties: Property,
    examples: int = 100,
    steps: int = 10,
    faults: bool = True,
    cluster: bool = True,
    reload: bool = True,
    questions: st.SearchStrategy[Question] | None = None,
    settings: Settings | None = None,
) -> None:
    """Check that properties hold for a server in all histories: each is a list of steps, and runs on a copy of the
    server.

    examples: how many histories are tried. steps: the most steps of each. faults, cluster, reload, questions: what may
    happen, see `strategies.histories`. settings: Hypothesis', in place of `examples`.

    Raises Broken, an AssertionError, with the shortest history that was found and the trace of the reply; ValueError and
    TypeError without a property, and for what is none.
    """
    __tracebackhide__ = True  # of a failure, the test and what the message says are shown
    if not properties:
        raise ValueError("holds: which property? `holds(server, no_loops())`")
    _checked("holds", server, properties)
    if steps < 1:
        raise ValueError(f"holds: with {steps} steps nothing is asked")
    if settings is not None and not isinstance(settings, Settings):
        raise TypeError(f"holds: `settings` are Hypothesis', such as settings(max_examples=50), not {settings!r:.40}")
    chosen = settings or Settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES
    )
    near = _questions(server, properties) if questions is None else questions
    drawn = _histories(server, most=steps, faults=faults, cluster=cluster, reload=reload, questions=near)

    @chosen
    @given(drawn)
    def run(history: list[Step]) -> None:
        __tracebackhide__ = True
        walk = Walk(server, properties)
        for step in history:
            walk.do(step)

    run()


def machine(
    server: Server,
    *properties: Property,
    faults: bool = True,
    cluster: bool = True,
    reload: bool = True,
    questions: st.SearchStrategy[Question] | None = None,
) -> type[RuleBasedStateMachine]:
    """The same as a state machine of Hypothesis, for pytest (`TestDNS = machine(server, no_loops()).TestCase`), or to derive
    one with rules of one's own from: `self.walk` is the `Walk`."""
    _checked("machine", server, properties)
    near = _questions(server, properties) if questions is None else questions
    step = any_step(server, faults=faults, cluster=cluster, reload=reload, questions=near)

    class Machine(RuleBasedStateMachine):
        """A server to which one thing happens after the other."""

        def __init__(self) -> None:
            super().__init__()
            self.walk = Walk(server, properties)

        @rule(step=step)
        def happens(self, step: Step) -> None:
            """One thing happens."""
            __tracebackhide__ = True
            self.walk.do(step)

        def __init_subclass__(cls) -> None:
            super().__init_subclass__()
            _without_explain(cls)

    _without_explain(Machine)
    return Machine


def _without_explain(machine: type[RuleBasedStateMachine]) -> None:
    """Leave out Hypothesis' last phase, as `holds` does: it runs the shortest history again and again with all lines of corefile
    traced, for minutes, to name those that only failures run."""
    case = machine.TestCase
    kept = tuple(phase for phase in case.settings.phases if phase in PHASES)
    case.settings = Settings(case.settings, phases=kept)


__all__ = [
    "Broken",
    "Exchange",
    "Packet",
    "Property",
    "Walk",
    "answers_match",
    "cached_is_fresh",
    "holds",
    "machine",
    "never_servfail",
    "no_leaks",
    "no_loops",
    "nothing_depends_on_choice",
    "renames_are_seen",
    "ttls_never_grow",
]
