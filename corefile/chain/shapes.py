"""The shapes of a plugin. What a plugin can do to a query is plain from the shape that it has:

* `Setting` sets something up and never sees a query.
* `Filter` sees results on the way back.
* `Answerer` answers what lies in its scope, or passes on.
* `Gate` decides who goes on, and as what.

A plugin may be an `Answerer` or a `Gate` and a `Filter` at once: its method of the way in then decides whether the way
back is of interest, by `Next(then=...)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, ClassVar

from ..dns.codes import NOERROR, type_name
from ..dns.message import Msg
from ..dns.names import is_subdomain, longest_match
from ..findings import Span
from ..releases import Release
from ..releases.rules import ReleaseRules
from ..world.clock import Timer
from . import scrub
from .declare import Argument, Declaration, Given, Property, Reads
from .fall import Fall
from .landmarks import Below, Flag, Landmark
from .query import Handler, Next, Outcome, Query, Reason, Result, Why, Within
from .setup import Setup
from .site import Site

OUTSIDE = Reason("outside-its-zones", "{} is in none of its zones")


class Scope:
    """The questions that a plugin is for.

    zones: lower case, with their trailing dots. minus: zones that are left out, but for the names of `zones` themselves.
    any_name: types whose names are not looked at.
    """

    __slots__ = ("_only", "any_name", "everything", "minus", "zones")

    def __init__(
        self, zones: Iterable[str] = (".",), *, minus: Iterable[str] = (), any_name: Iterable[int] = ()
    ) -> None:
        self.zones = tuple(zones)
        self.minus = tuple(minus)
        self.any_name = frozenset(any_name)
        self._only = self.zones[0] if len(self.zones) == 1 else None
        self.everything = "." in self.zones and len(self.zones) == 1 and not self.minus

    def zone_of(self, query: Query) -> str | None:
        """The longest of the zones that the name lies in; None where the question is outside."""
        name, zone = query.name, self._only
        if query.type in self.any_name:
            return longest_match(self.zones, name) or "."
        if zone is None:
            zone = longest_match(self.zones, name)
        elif not is_subdomain(zone, name):
            return None
        if zone is None or not self.minus or zone == name or longest_match(self.minus, name) is None:
            return zone
        return None

    @property
    def finder(self) -> Callable[[Query], str | None] | None:
        """`zone_of`; None where every question lies in the root's zone."""
        return None if self.everything else self.zone_of

    def longest(self, name: str) -> str | None:
        """The longest of the zones that a name (lower case) lies in, whatever is left out."""
        return longest_match(self.zones, name)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scope):
            return NotImplemented
        return (self.zones, self.minus, self.any_name) == (other.zones, other.minus, other.any_name)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Scope({', '.join(self.zones)}{f' minus {self.minus}' if self.minus else ''})"


EVERYTHING = Scope()


def is_own(module: str) -> bool:
    """Whether a module is one of corefile's own."""
    return module.partition(".")[0] == __name__.partition(".")[0]


class Plugin(Handler):
    """What all shapes share. Subclasses are found by their file's name, which is the directive's.

    Config: what the directive may be given. READS: how CoreDNS's setup reads it. Rules: what differs between releases.
    STATE: what changes answers between queries, in words ("the answers that it keeps"); '' where nothing does. Up to
        1.8.4 each key of a server block has a handler of its own, which can be seen where there is state.
    ANY_CLASS: whether a server with it takes questions of any class (by release; CoreDNS's EnableChaos).
    WRITER: whether it hands a writer of its own to the plugins behind it, so that what they write counts as its own.
    SHOWS_WRITER: whether it looks at `Result.plugin` on the way back (by release).
    COPIES: whether a query that it passes on in place of another one is a copy (by release). Most change the one
        request that all plugins of the chain hold, so that those before it see the change on the way back (see
        Query.final).
    IN_CHAIN: whether it has a place in the chain: all but settings.
    SIMULATED: whether it does what the directive does: all but what stands in the place of one of which nothing is known.
    PREFIX: what CoreDNS's messages about the directive begin with; `{}` is its name. May differ by release.
    PASSES: what a trace says where it passes on without a reason of its own.
    RULES: whether its occurrences in a server block are rules of one handler, of which it tells a trace which ones fit.
    FLAGS: what it tells apart of every query that it sees, besides names: words of a `Flag`. () says that there is nothing.
    CALLED: what CoreDNS calls it where there is no plugin behind it, if that is not its name.
    BEFORE: of a plugin that CoreDNS does not come with, the directive that it stands before; '' for the end.
    """

    Config: ClassVar[Any] = Declaration
    READS: ClassVar[Reads] = Reads()
    Rules: ClassVar[Any] = ReleaseRules
    ARGUMENTS: ClassVar[tuple[Argument, ...]] = ()
    PROPERTIES: ClassVar[tuple[Property, ...]] = ()
    PREFIX: ClassVar[str] = "plugin/{}: "
    FLAGS: ClassVar[tuple[str, ...]] = ()
    BEFORE: ClassVar[str] = ""
    setup: Setup
    scope: Scope = EVERYTHING
    """Of a plugin whose `Config` has `zones`, these zones."""
    fall: Fall
    """Of a plugin whose `Config` has `fallthrough`, where it passes on."""

    def __init_subclass__(cls) -> None:
        if not is_own(cls.__module__):
            from .foreign import guard

            guard(cls)
        config = vars(cls).get("Config")
        if config is not None:
            cls.ARGUMENTS, cls.PROPERTIES = config.ARGUMENTS, config.PROPERTIES

    def __init__(self, config: Any, setup: Setup) -> None:
        self.config = config
        self.setup = setup
        self.timers: list[Timer] = []
        self.span: Span = setup.span
        self.order = setup.order
        self.rules = self.Rules.of(setup.release)
        self.fits_own_replies = not setup.instance.rules.scrubs
        fall = getattr(config, "fallthrough", None)
        if isinstance(fall, Fall):
            self.fall = fall
        zones = getattr(config, "zones", None)
        if type(self).scope is EVERYTHING and isinstance(zones, tuple):
            self.scope = Scope(zones)
        self.prepare()
        self.always_back = type(self).serve is Filter.serve and self.scope.everything

    # -- what a plugin may override -------------------------------------------------------------------------------

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Any:
        """What one occurrence says. Overridden for rules across properties. Raises Invalid."""
        return cls.Config.of(given, setup)

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """Rules about an occurrence's arguments that CoreDNS applies before it reads the block. Raises Invalid."""

    @classmethod
    def properties(cls, words: tuple[str, ...], release: Release) -> dict[str, Property]:
        """The properties that there are below an occurrence with these arguments, by name."""
        return {n: p for n, p in _in_release(cls.PROPERTIES, release).items() if p.when is None or p.when(words)}

    @classmethod
    def merge(cls, configs: list[Any], setup: Setup) -> Any:
        """One configuration of all occurrences, where `READS.several` is 'last': by default that. Raises Invalid."""
        return configs[-1]

    def prepare(self) -> None:
        """Work out what can be known before the first query. Raises Invalid."""

    def landmarks(self) -> Iterable[Landmark]:
        """What it tells apart, besides the ends of its scope."""
        return ()

    @classmethod
    def declares_landmarks(cls) -> bool:
        """Whether it says what it tells apart, and be it nothing: whether it has `FLAGS` or `landmarks`, of its own or of a
        class that it derives from."""
        return any(
            not vars(base).keys().isdisjoint(("FLAGS", "landmarks")) for base in cls.__mro__ if base is not Plugin
        )

    def all_landmarks(self) -> list[Landmark]:
        """What it tells apart, the ends of its scope and of `fallthrough` included."""
        scope, fall = self.scope, getattr(self, "fall", None)
        ends: list[Landmark] = [] if scope.everything else [*map(Below, (*scope.zones, *scope.minus))]
        ends += [Flag(f"type {type_name(number)}") for number in scope.any_name]
        ends += [Below(zone) for zone in (fall.zones if fall is not None else ()) if zone != "."]
        return list(dict.fromkeys((*ends, *map(Flag, self.FLAGS), *self.landmarks())))

    # -- what a plugin may use ------------------------------------------------------------------------------------

    @property
    def is_last(self) -> bool:
        """Whether no plugin stands behind it."""
        chain = self.setup.site.chain
        return chain is not None and chain.handlers[-1] is self

    def every(self, seconds: float, run: Callable[[], None]) -> None:
        """Run something every so many seconds, until the plugin stops."""
        self.timers.append(self.setup.world.clock.every(seconds, run))

    def stop(self) -> None:
        """Stop what runs from time to time."""
        for timer in self.timers:
            timer.cancel()
        self.timers.clear()

    def outside(self, query: Query) -> Outcome:
        """What becomes of a query outside of the scope."""
        return Next((OUTSIDE, query.name))

    def write(
        self,
        query: Query,
        reply: Msg,
        why: Why = "",
        *,
        rcode: int = NOERROR,
        error: str | None = None,
        sizes: bool = True,
        scrubs: bool = True,
    ) -> Result:
        """The result of having written `reply` to the client.

        Up to 1.2.2 every plugin fitted its own replies to the client's buffer, or forgot to: `sizes` tells whether it
        called SizeAndDo, `scrubs` whether it called Scrub. Since 1.2.3 the server does both for all.
        """
        if self.fits_own_replies and (sizes or scrubs):
            scrub.by_plugin(query, reply, self.setup.release, sizes=sizes, scrubs=scrubs)
        return Result(reply, rcode, error, why)


@lru_cache(maxsize=1024)
def _in_release(properties: tuple[Property, ...], release: Release) -> dict[str, Property]:
    return {p.name: p for p in properties if p.in_release(release)}


class Setting(Plugin):
    """Sets something up for its server block, or opens an endpoint. It never sees a query."""

    IN_CHAIN = False

    def __init__(self, config: Any, setup: Setup) -> None:
        super().__init__(config, setup)
        self.apply(setup.site)

    def apply(self, site: Site) -> None:
        """Set it up for `site`. Raises Invalid."""


class Answerer(Plugin):
    """Answers what lies in its scope, or passes on."""

    def serve(self, query: Query) -> Outcome:
        """The answer, if the question lies in the scope."""
        if self.scope.everything:
            return self.answer(query, ".")
        zone = self.scope.zone_of(query)
        return self.outside(query) if zone is None else self.answer(query, zone)

    def answer(self, query: Query, zone: str) -> Outcome:
        """The answer to a question inside of `zone`, the longest of the scope's that its name lies in."""
        raise NotImplementedError

    def within(self) -> Within | None:
        """What `serve` does, for the chain's loop."""
        return (self.answer, self.scope.finder) if type(self).serve is Answerer.serve else None


class Gate(Plugin):
    """Decides who goes on, and as what."""

    def serve(self, query: Query) -> Outcome:
        """The decision, if the question lies in the scope."""
        if self.scope.everything:
            return self.admit(query, ".")
        zone = self.scope.zone_of(query)
        return self.outside(query) if zone is None else self.admit(query, zone)

    def admit(self, query: Query, zone: str) -> Outcome:
        """`NEXT`, a `Next` with a changed query, or the result that keeps it from going on. `zone`: see `Answerer`."""
        raise NotImplementedError

    def within(self) -> Within | None:
        """What `serve` does, for the chain's loop."""
        return (self.admit, self.scope.finder) if type(self).serve is Gate.serve else None


class Filter(Plugin):
    """Sees the results of its scope's questions on the way back."""

    def serve(self, query: Query) -> Outcome:
        """Passes on; the chain calls `back` with the result."""
        if self.scope.everything or self.scope.zone_of(query) is not None:
            return Next(then=lambda result: self.back(query, result))
        return self.outside(query)

    def back(self, query: Query, result: Result) -> Result:
        """The result to use instead: `result` itself, `result.replying(...)` or `result.answered(...)`, which keep
        everything else of it."""
        raise NotImplementedError


__all__ = ["EVERYTHING", "OUTSIDE", "Answerer", "Filter", "Gate", "Plugin", "Scope", "Setting", "is_own"]
