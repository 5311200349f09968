"""One CoreDNS process: a Corefile, compiled and running in its world, and what outlives a reload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings import CorefileError, Finding, Source, TooLarge, by_severity
from ..language.expand import Program, expand
from ..releases import LATEST, Release, find
from ..world import World
from .compile import Registry, compile_program
from .instance import Instance
from .listener import Running
from .metrics import Metrics
from .network import Network
from .query import Asks
from .slots import Hooks, Slots, Startup
from .watch import Watch

if TYPE_CHECKING:
    from ..world.node_cache import Filling

MARK = "__PILLAR__"
"""What the words begin with that NodeLocal DNSCache fills in."""


class Process:
    """A CoreDNS process.

    source: its Corefile; first_source: the one that it was started with. release, world: where it runs. registry: the
    plugins that it knows. metrics, slots: what outlives a reload. network: whom it can ask. instance: what was compiled
    of the Corefile, and runs once it is started.
    watch: what reloads it when its Corefile has changed. fillings: what NodeLocal DNSCache has put into the Corefile.
    """

    def __init__(
        self, source: Source, release: Release, world: World, registry: Registry, program: Program | None = None
    ) -> None:
        """program: what the Corefile says, if it has been read already."""
        self.fillings: tuple[Filling, ...] = ()
        self.first_source = source
        self.release = release
        self.world = world
        self.source = source = self.filled(source)
        self.registry = registry
        self.metrics = Metrics()
        self.slots = Slots()
        self.network = Network(world, self._upstream)
        self.instance = self._compile(source, program)
        self.network.own = self.instance
        if world.given_cluster is not None and world.given_cluster.services:
            from .services import own_services

            self.network.services = own_services(source, world)
        self.watch = Watch(self)
        self.started = False
        self._start_log: list[str] = []

    def _compile(self, source: Source, program: Program | None = None) -> Instance:
        return compile_program(
            program or _expanded(source, self.release, self.world),
            release=self.release,
            world=self.world,
            registry=self.registry,
            network=self.network,
            metrics=self.metrics,
            process=self.slots,
        )

    def filled(self, source: Source) -> Source:
        """A Corefile as CoreDNS reads it, some words of which NodeLocal DNSCache writes."""
        if MARK not in source.text:
            return source
        from ..world.node_cache import filled

        source, self.fillings = filled(source, self.world)
        return source

    def _upstream(self, source: Source, world: World, release: str | None, network: Network) -> Instance:
        """An upstream that is a CoreDNS of its own."""
        found = find(release) if release else LATEST
        return build(source, found, world, self.registry, network=network)

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with the Corefile: the errors, CoreDNS's own first, then warnings and notices."""
        ended = self.instance.ended
        found = self.instance.findings if ended is None else [ended, *self.instance.findings]
        if not found:
            return []
        from ..findings.terms import in_terms

        return in_terms(by_severity(found), self.world.terms)

    def start(self, *, watched: bool = True) -> None:
        """Start it. Raises CorefileError where CoreDNS would refuse to, or would end right after (see `loop`). Without
        `watched`, nothing looks whether the Corefile changes."""
        if self.instance.errors:
            raise CorefileError(tuple(self.findings))
        if not self.started:
            self.started = True
            self._listens()
            try:
                self.instance.start()
            except TooLarge as error:
                self.instance.end(Finding("too-large", error.message, hint=error.hint))
            if self.instance.ended is not None:
                raise CorefileError(tuple(self.findings))
            self.run_hooks()
            if watched:
                self.watch.begin()
            self.world.clock.advance(self.instance.get(Startup).seconds)
            self._start_log = self.instance.take_log()

    def run_hooks(self) -> None:
        """Tell what is run now that the instance has started."""
        hooks = self.slots.get(Hooks)
        hooks += self.instance.get(Startup).hooks
        for hook in hooks:
            self.instance.log(hook())

    def take_log(self) -> list[str]:
        """The lines since the last call that no reply has taken; the first time those of the start, too."""
        lines, self._start_log = self._start_log + self.instance.take_log(), []
        return lines

    def replace(self, source: Source) -> tuple[Finding, ...]:
        """What a reload does: compile `source` and swap it in, unless it is refused. The errors that refuse it."""
        instance, old = self._compile(source), self.instance
        old.pending += instance.pending
        if instance.errors:
            return tuple(instance.errors)
        instance.pending = old.pending
        self.source, self.instance, self.network.own = source, instance, instance
        instance.start()
        self._listens()
        old.stop()
        return ()

    def _listens(self) -> None:
        """Keep which addresses are listened on."""
        self.slots.put(Running((one.label, one) for one in self.instance.listeners))


def build(
    source: Source, release: Release, world: World, registry: Registry, *, network: Asks | None = None
) -> Instance:
    """Compile one Corefile."""
    program = _expanded(source, release, world)
    return compile_program(program, release=release, world=world, registry=registry, network=network)


def _expanded(source: Source, release: Release, world: World) -> Program:
    return expand(source, release=release, environ=world.env, files=world.files, limits=world.limits)


__all__ = ["Process", "build"]
