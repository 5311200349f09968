"""Where answers are kept: 256 shards of bounded size, the shard chosen by the hash that the release uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...plugin import RR, Msg, World
from .._places import Place
from ._rules import CacheRules

SHARDS = 256
MOST_BEGUN = 1000
"""For how many combinations of type, class, DO and CD the beginning of a hash is kept."""

Key = tuple[Any, ...]
"""Name, then what the release tells answers apart by besides."""

KeyOf = Callable[[str, int, int, bool, bool], Key]
Keep = Callable[[Sequence[RR]], list[RR]]
Sections = tuple[Sequence[RR], Sequence[RR], Sequence[RR]]
"""The answer, authority and additional records of a message."""
Held = tuple[tuple[Place | None, ...], tuple[Place | None, ...], tuple[Place | None, ...]]
"""The places of these, where plugins behind keep them."""


KEYS: dict[tuple[str, ...], KeyOf] = {
    ("type",): lambda name, type, cls, do, cd: (name, type),
    ("do", "type"): lambda name, type, cls, do, cd: (name, do, type),
    ("do", "cd", "type"): lambda name, type, cls, do, cd: (name, do, cd, type),
    ("do", "cd", "type", "class"): lambda name, type, cls, do, cd: (name, do, cd, type, cls),
}
"""How a key is made of name, type, class, DO and CD, by what it tells apart."""


NO_RECORDS: Any = ((), (), ())
"""Three empty sections, before there are any: tuples, since copies of a server share them."""


class Item:
    """A stored answer. `stored` is in seconds since the epoch, `ttl` the seconds it is good for."""

    __slots__ = (
        "_keep",
        "_sections",
        "_ttl",
        "ad",
        "answer",
        "answering",
        "extra",
        "held",
        "hits",
        "last",
        "last_good",
        "ns",
        "ra",
        "rcode",
        "refreshing",
        "retry_after",
        "stored",
        "ttl",
        "wildcard",
    )

    def __init__(self, msg: Msg, now: float, ttl: int) -> None:
        self.rcode = msg.rcode
        self.ad = msg.ad
        self.ra = msg.ra
        self.answer = tuple(msg.answer)
        self.ns = tuple(msg.ns)
        self.extra = tuple(msg.extra)
        self.stored = now
        self.ttl = ttl
        self.hits = 0
        self.last = 0.0
        self.refreshing = False
        self.retry_after = 0.0
        self.answering = False
        self.last_good: Item | None = None
        self.wildcard = ""
        self.held: Held | None = None
        self._ttl: int | None = None  # that of `_sections`
        self._keep: Keep | None = None
        self._sections = NO_RECORDS

    def left(self, now: float) -> int:
        """Seconds until it expires; negative since it has."""
        return self.ttl - int(now - self.stored)

    def sections(self, ttl: int, keep: Keep | None = None) -> tuple[list[RR], list[RR], list[RR]]:
        """Answer, authority and additional with every TTL set to `ttl`, of what `keep` leaves; new lists each time.

        Within one second the records are made once.
        """
        if self._ttl != ttl or self._keep is not keep or self.held is not None:
            self._ttl, self._keep = ttl, keep
            a, n, e = (with_ttl(rrs if keep is None else keep(rrs), ttl) for rrs in self.shared())
            self._sections = a, n, e
        a, n, e = self._sections
        return a[:], n[:], e[:]

    def shared(self) -> Sections:
        """The records, those that plugins behind keep as they are by now."""
        sections = self.answer, self.ns, self.extra
        return sections if self.held is None else now_at(sections, self.held)

    def replace(self, old: RR, new: RR) -> None:
        """Put a record in the place of this very one."""
        self.answer, self.ns, self.extra = (
            tuple([new if rr is old else rr for rr in rrs]) for rrs in (self.answer, self.ns, self.extra)
        )
        self._ttl = None

    def seen(self, window: float, now: float) -> None:
        """Count a hit; hits further apart than `window` seconds start anew."""
        self.hits = 1 if self.last < now - window else self.hits + 1
        self.last = now


def now_at(sections: Sections, held: Held) -> Sections:
    """The records of a message, as they are by now where plugins behind keep them."""
    a, n, e = (
        [rr if place is None else place.rr for rr, place in zip(rrs, places, strict=True)]
        for rrs, places in zip(sections, held, strict=True)
    )
    return a, n, e


def with_ttl(rrs: Sequence[RR], ttl: int) -> list[RR]:
    """The records with another TTL."""
    return [rr if rr[3] == ttl else RR(rr[0], rr[1], rr[2], ttl, rr[4]) for rr in rrs] if rrs else []


class Store:
    """Answers by key, with a bounded number per shard; which one makes room is the world's choice."""

    __slots__ = ("_begun", "_offset", "_replaces", "_shards", "_times_prime", "items", "size", "world")

    def __init__(self, capacity: int, rules: CacheRules, world: World) -> None:
        self.size = max(_quotient(capacity), rules.smallest_shard)
        self.world = world
        self.items: dict[Key, Item] = {}
        self._replaces = rules.replaces
        self._shards: dict[int, dict[Key, None]] | None = None  # only once a shard may be full
        self._offset = 0x25 if rules.wide_hash else 0xC5  # of FNV-1
        self._begun: dict[Key, int] = {}  # the hash of what comes before the name
        prime = 0xB3 if rules.wide_hash else 0x93
        self._times_prime = bytes([h * prime & 255 for h in range(256)])

    def get(self, key: Key) -> Item | None:
        """The item stored under `key`, expired or not."""
        return self.items.get(key)

    def add(self, key: Key, item: Item) -> bool:
        """Store `item`; whether another one was evicted for it."""
        evicted = False
        if len(self.items) >= self.size:
            shards = self._shards
            if shards is None:
                shards = self._shards = {}
                for k in self.items:
                    shards.setdefault(self._shard(k), {})[k] = None
            shard = shards.setdefault(self._shard(key), {})
            if len(shard) >= self.size and not (self._replaces and key in shard):
                victim = self.world.choose(list(shard), "cache: which answer makes room in a full shard")
                del shard[victim]
                del self.items[victim]
                evicted = True
            shard[key] = None
        elif self._shards is not None:
            self._shards.setdefault(self._shard(key), {})[key] = None
        self.items[key] = item
        return evicted

    def remove(self, key: Key) -> None:
        """Forget `key`."""
        if self.items.pop(key, None) is not None and self._shards is not None:
            self._shards[self._shard(key)].pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        self.items.clear()
        self._shards = None

    def _shard(self, key: Key) -> int:
        # A key is (name, then what the release hashes before it: '0'/'1' for DO and CD, type and class as 16 bits).
        times_prime, parts = self._times_prime, key[1:]
        h = self._begun.get(parts)
        if h is None:
            h = self._offset
            for part in parts:
                if part is True or part is False:
                    h = times_prime[h] ^ (49 if part else 48)
                else:
                    h = times_prime[times_prime[h] ^ (part >> 8)] ^ (part & 255)
            if len(self._begun) < MOST_BEGUN:
                self._begun[parts] = h
        for octet in key[0].encode("latin-1", "replace"):
            h = times_prime[h] ^ octet
        return h


def _quotient(capacity: int) -> int:
    # Go's integer division truncates towards zero.
    return capacity // SHARDS if capacity >= 0 else -(-capacity // SHARDS)


__all__ = ["KEYS", "Held", "Item", "Keep", "Key", "KeyOf", "Sections", "Store", "now_at", "with_ttl"]
