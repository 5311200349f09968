"""etcd - answers with the services that are registered in an etcd, as SkyDNS has them.

Description: the labels of a name, the last one first, are a key below `path`: web.shop.example. is
/skydns/example/shop/web, and all keys below it count, too. Its value is JSON: `host` (an address, or a name that is an
alias), `port`, `priority`, `weight`, `ttl`, `text`, `mail`, `targetstrip` and `group`. `*` and `any` stand for any
label. The zone's name servers are below ns.dns.ZONE, its own addresses below apex.dns.ZONE. What etcd holds is that of
the world, as of the moment of the question: `--store etcd=FILE`, with what `etcdctl get --prefix /skydns` prints.

Syntax:

    etcd [ZONES...] {
        path PATH
        endpoint URL...
        credentials USERNAME PASSWORD
        tls CERT KEY CACERT
        min-lease-ttl TTL
        max-lease-ttl TTL
        fallthrough [ZONES...]
        upstream [ADDRESS...]
        stubzones
        debug
    }

Examples: `etcd skydns.local { path /skydns  endpoint http://10.0.0.1:2379 }`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ...plugin import Below, Given, Landmark, Outcome, Query, Reads, Setup, dns
from ...world.upstreams import Fault
from .._services import Answered, Answers, Ask, Directory, Failure, Records
from .._services.directory import FAILED
from .._stores import notice_without
from .._upstream import Upstream
from . import _config
from ._find import Finder
from ._rules import EtcdRules
from ._stub import EVERY, Stubs


class Etcd(Directory):
    """Answers for what is registered."""

    Config = _config.Config
    Rules = EtcdRules
    READS = Reads(far=_config.far)
    SOURCE = "etcd"
    STATE = "what is in etcd"
    config: _config.Config
    rules: EtcdRules

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """Another `etcd` is only ever read as a line of the block before it."""
        _config.open_once(setup)

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> _config.Config:
        """What the block says, after what CoreDNS does once it has read it: it makes a client, and logs in. Raises Invalid."""
        config: _config.Config = super().configure(given, setup)
        _config.check(config, setup)
        return config

    def prepare(self) -> None:
        """Nothing has been asked."""
        super().prepare()
        notice_without(self.setup, self.setup.name, *self.config.endpoint)
        self.finder = Finder(self.config, self.rules, self.setup)
        self.seen = 0
        stubs = self.config.stubzones and self.rules.stub_zones
        self.stubs = Stubs(self, self.config.zones, self.finder) if stubs else None

    def start(self) -> None:
        """Look for stub zones, and again from time to time."""
        if self.stubs is not None:
            self.stubs.look()
            self.every(EVERY, self.stubs.look)

    def outside(self, query: Query) -> Outcome:
        """Stub zones may lie anywhere."""
        found = None if self.stubs is None else self.stubs.answer(query)
        return super().outside(query) if found is None else found

    @cached_property
    def answers(self) -> Answers:
        """What makes records."""
        upstream = Upstream(self.setup, self.config.upstream)
        return Answers(self.finder, upstream, self.setup.world, self.setup.release)

    def serial(self, zone: str) -> int:
        """The time."""
        return int(self.setup.world.clock.now)

    def answer(self, query: Query, zone: str) -> Outcome:
        """Stub zones come first; nothing counts any more of what has been answered from another store."""
        stub = None if self.stubs is None else self.stubs.answer(query)
        if stub is not None:
            return stub
        stores = self.setup.world.stores
        if self.seen != stores.version:
            self.seen = stores.version
            self.forget()
        return super().answer(query, zone)

    def find(self, ask: Ask) -> Answered:
        """What has a lease changes by itself."""
        found = super().find(ask)
        store = self._store()
        if isinstance(found, Records) and store is not None and store.leases:
            found.varies = True
        return found

    def failure(self, query: Query, zone: str, found: Failure) -> Outcome:
        """CoreDNS writes SERVFAIL itself, with the zone's SOA record."""
        result = self.empty(query, zone, dns.SERVFAIL, (FAILED, found.error))
        result.error = found.error
        return result

    def _store(self) -> Any:
        """What there is in the store; None where it is out of reach."""
        stores = self.setup.world.stores
        found = stores.get(stores.at(self.setup.name, *self.config.endpoint) or "")
        return None if isinstance(found, Fault) else found

    def landmarks(self) -> list[Landmark]:
        """The name of each key and those above it, and whatever `*` and `any` find."""
        from ._landmarks import landmarks

        store = self._store()
        names = [] if store is None else [self.finder.domain(key) for key in store.entries]
        stubs = [] if self.stubs is None else [Below(zone) for zone in self.stubs.servers]
        return [*stubs, *landmarks(names, self.config.zones)]


__all__ = ["Etcd"]
