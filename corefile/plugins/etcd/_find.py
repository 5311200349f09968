"""What etcd has below a name (plugin/etcd/etcd.go, plugin/etcd/msg/path.go)."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from posixpath import normpath
from typing import TYPE_CHECKING

from ...golang.errors import GoError
from ...golang.jsontext import into_struct
from ...plugin import Reason, Setup, dns, fqdn, labels
from ...world.upstreams import Fault
from .._services import Ask, Failure, Found, Missing, ServiceRecord, Unordered, host_type, of_one_group
from ._config import LEAST, MOST, Config, host_of
from ._rules import EtcdRules

if TYPE_CHECKING:
    from ...world.stores.etcd import Entry, Etcd

NO_KEY = Reason("no-key", "etcd has no key {}, and none below it")
PATIENCE = 5.0
"""Seconds that CoreDNS waits for etcd."""
WILD = ("*", "any")
SERVICE = {
    "host": "string",
    "port": "int",
    "priority": "int",
    "weight": "int",
    "text": "string",
    "mail": "bool",
    "ttl": "uint32",
    "targetstrip": "int",
    "group": "string",
}
"""The fields of a value, and their types in Go."""
PRIORITY, TTL = 10, 300


class Finder:
    """Looks into the store of the world."""

    def __init__(self, config: Config, rules: EtcdRules, setup: Setup) -> None:
        self.config = config
        self.rules = rules
        self.world = setup.world
        self.name = setup.name

    def path(self, parts: Iterable[str]) -> str:
        """The key of a name whose labels these are, the last one first."""
        return "/" + normpath("/".join(("/", self.config.path, *parts))).lstrip("/")

    def services(self, ask: Ask, exact: bool) -> Found:
        """What there is under the name and, unless `exact`, below it; `*` and `any` stand for any label."""
        parts = labels(ask.name)[::-1]
        wild = next((i for i, label in enumerate(parts) if label in WILD), len(parts))
        start = self.path(parts[:wild])
        stores = self.world.stores
        key = stores.at(self.name, *self.config.endpoint)
        store: Etcd | Fault = Fault.refused() if key is None else stores[key]
        if key is None or isinstance(store, Fault):
            return self._out_of_reach(ask, refused=store == Fault.refused())
        after = ask.query.ctx.now() - stores.since[key]
        file = self._file_above(store, after, start) if self.rules.folders else ""
        if file:
            return Failure(f"104: Not a directory ({file}) [{len(store.entries)}]")
        found = self._found(store, after, start, exact)
        if found is None:
            return Missing((NO_KEY, start))
        form = self.path(parts).split("/") if wild < len(parts) else None
        if self.rules.folders and list(found) == [start]:
            form = None
        out: list[ServiceRecord] = []
        for at, entry in found.items():
            if form is not None and not _fits(form, at.split("/")):
                continue
            try:
                service = self._service(at, entry, store, after)
            except GoError as e:
                return Failure(f"{at}: {e.text}")
            if self._counts(service, ask.type):
                out.append(service)
        out = of_one_group(out)
        in_no_order = self.rules.folders and ask.type == dns.CNAME and len(out) > 1
        return Unordered(out, "which of the keys of etcd comes first") if in_no_order else out

    def now(self, name: str) -> dict[str, Entry]:
        """The entries below a name, as of now."""
        stores = self.world.stores
        key = stores.at(self.name, *self.config.endpoint)
        store = None if key is None else stores[key]
        if key is None or isinstance(store, Fault | None):
            return {}
        after = self.world.clock.now - stores.since[key]
        return self._found(store, after, self.path(labels(name)[::-1]), False) or {}

    def reverse(self, ask: Ask) -> Found:
        """The name of an address has keys as any other."""
        return self.services(ask, True)

    def _out_of_reach(self, ask: Ask, *, refused: bool) -> Failure:
        if refused and self.rules.folders:
            tried = (
                f"error #{i}: dial tcp {host_of(url)}: connect: connection refused\n"
                for i, url in enumerate(self.config.endpoint)
            )
            return Failure("client: etcd cluster is unavailable or misconfigured; " + "; ".join(tried))
        ask.query.ctx.elapsed += PATIENCE
        return Failure("context deadline exceeded")

    def _found(self, store: Etcd, after: float, start: str, exact: bool) -> dict[str, Entry] | None:
        """The entries below a key or, where there are none, at it; None where there is nothing."""
        rules = self.rules
        folder = f"{start.rstrip('/')}/"
        below = {} if exact and rules.exact_is_exact else store.below(folder, after)
        if rules.folders and (below or store.below(folder, -1.0)):  # it stays when all that is in it has gone
            if exact:
                return {}
            return {key: e for key, e in below.items() if not any(x[:1] == "_" for x in key[len(folder) :].split("/"))}
        own = store.at(start, after)
        return below or ({start: own} if own is not None else None)

    def _file_above(self, store: Etcd, after: float, start: str) -> str:
        """The key above `start` that is a file, where nothing can be below; '' for none."""
        parts = start.split("/")
        above = ("/".join(parts[:count]) for count in range(2, len(parts)))
        return next((key for key in above if store.at(key, after) is not None), "")

    def _service(self, key: str, entry: Entry, store: Etcd, after: float) -> ServiceRecord:
        given = into_struct(entry.value, "Service", SERVICE, "msg")
        type, host = host_type(given["host"])
        return ServiceRecord(
            host,
            given["port"],
            self.domain(key),
            type,
            self._ttl(given["ttl"], entry, store, after),
            given["targetstrip"],
            given["priority"] or PRIORITY,
            given["weight"],
            given["text"],
            given["mail"],
            given["group"],
        )

    def domain(self, key: str) -> str:
        """The domain name of a key."""
        parts = key.split("/")
        if not parts[-1] and self.rules.domain_without_end:
            parts.pop()
        return fqdn(".".join(parts[:1:-1]))

    def _ttl(self, own: int, entry: Entry, store: Etcd, after: float) -> int:
        """The less of the value's TTL and of its lease's."""
        rules, left = self.rules, store.leases.get(entry.lease, 0) - after
        if rules.folders:
            lease = max(ceil(left), 0)
        elif rules.lease_number:
            lease = entry.lease & 0xFFFFFFFF
        else:
            least, most = self.config.min_lease_ttl or LEAST, self.config.max_lease_ttl or MOST
            lease = 0 if left < 1 else least if left < least else min(int(left), most)
        return min(own, lease) if own and lease else own or lease or TTL

    def _counts(self, service: ServiceRecord, type: int) -> bool:
        if type == dns.TXT and (self.rules.text_only or service.text):
            return bool(service.text)
        return bool(service.host) or not self.rules.needs_host


def _fits(form: list[str], key: list[str]) -> bool:
    """Whether a key is that of a name with wildcards, or below it."""
    return len(form) <= len(key) and all(f in (*WILD, k) for f, k in zip(form, key, strict=False))


__all__ = ["Finder"]
