"""The record as the chain handles it."""

from __future__ import annotations

from typing import Any

from ..light import NamedTuple
from .codes import class_name, type_name
from .errors import NilRecord


class RR(NamedTuple):
    """One resource record. `data` holds the RDATA's fields in order, as `rdata` describes them for each type.

    A and AAAA: `('192.0.2.1',)`; NS, CNAME, PTR, DNAME: `('target.',)`; MX: `(10, 'mail.')`;
    SRV: `(priority, weight, port, 'target.')`; TXT: a tuple of `bytes`; SOA: `(mname, rname, serial, refresh, retry,
    expire, minimum)`. `ttl` is in seconds.
    """

    name: str
    type: int
    cls: int
    ttl: int
    data: tuple[Any, ...]

    def __repr__(self) -> str:
        return f"<RR {self.name} {self.ttl} {class_name(self.cls)} {type_name(self.type)} {self.data!r}>"

    def with_ttl(self, ttl: int) -> RR:
        """The same record with another TTL, in seconds."""
        return RR(self[0], self[1], self[2], ttl, self[4])

    def with_name(self, name: str) -> RR:
        """The same record under another owner name."""
        return RR(name, self[1], self[2], self[3], self[4])

    def __deepcopy__(self, memo: object) -> RR:
        return self  # it never changes


def _nil(*_: Any) -> Any:
    raise NilRecord("runtime error: invalid memory address or nil pointer dereference")


class _Nil(RR):
    """Whoever reads a field of it, or goes over them, raises NilRecord."""

    __slots__ = ()
    __getitem__ = __iter__ = _nil
    name = type = cls = ttl = data = property(_nil)

    def with_ttl(self, ttl: int) -> RR:
        """Raises NilRecord."""
        return RR(*self)

    def with_name(self, name: str) -> RR:
        """Raises NilRecord."""
        return RR(*self)

    def __repr__(self) -> str:
        return "<RR nil>"


NIL = _Nil("", 0, 0, 0, ())
"""What CoreDNS has in a message where a text that is to make a record has none in it (Go's nil). Such a message has a
length, but no wire form."""
