"""One server block of a running CoreDNS."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from ..findings import Span
from ..language import keys
from .encryption import Encryption
from .handlers import Chain
from .query import Handler, Query
from .slots import Slots

if TYPE_CHECKING:
    from .headers import Headers

T = TypeVar("T")


class Site:
    """One server block: its zones, its chain, and what directives set for it.

    keys: its zones as written. zones: their names. by_key: the sites of further keys that have handlers of their own
    (up to 1.8.4; see `Plugin.STATE`), by the key's place. handlers: all handlers in chain order, those without a place
    in the chain included. chain: None where there are none. listen_hosts: the addresses to listen on, "" for all.
    left_out: the directives that are not simulated. in_doubt: those that any answer of the block may depend on. slots:
    what directives leave for others of the block.
    """

    def __init__(self, index: int, zones: tuple[keys.Zone, ...], span: Span) -> None:
        self.index = index
        self.keys = zones
        self.zones = tuple(z.zone for z in zones)
        self.span = span
        self.key_spans: tuple[Span, ...] = (span,) * len(zones)
        self.by_key: dict[int, Site] = {}
        self.has_tls = False  # whether there is a certificate
        self.encryption: Encryption | None = None  # what `tls` has set up
        self.headers: Headers | None = None  # what `proxyproto` has set up
        self.has_view = False  # whether it may share its zones with other blocks
        self.handlers: list[Handler] = []
        self._found: dict[str, tuple[int, list[Any]]] = {}  # what `find` has found, and among how many handlers
        self._last: tuple[int, dict[str, Handler]] = (0, {})
        self.chain: Chain | None = None
        self.listen_hosts: list[str] = [""]
        self.debug = False
        self.stacktrace = False
        self.view_name = ""
        self.filters: list[Callable[[Query], bool]] = []
        self.collect: Callable[[Query], None] | None = None  # what collects metadata before a view is chosen
        self.left_out: list[tuple[str, Span]] = []
        self.in_doubt: list[tuple[str, Span]] = []
        self.slots = Slots()

    def get(self, kind: type[T]) -> T:
        """What a directive has left for others of the block, by its type; see `Slots.get`."""
        return self.slots.get(kind)

    def of_key(self, number: int) -> Site:
        """The site that serves a key, by its place among the block's."""
        return self.by_key.get(number, self)

    def may_have(self, directive: str) -> bool:
        """Whether the block may have a directive that has no handler in it: one that is not simulated, or that an import
        which is not here may bring."""
        return any(name in ("import", directive) for name, _ in self.left_out)

    def find(self, capability: str) -> list[Any]:
        """The handlers of this block that have an attribute of that name, in chain order."""
        count, found = self._found.get(capability, (0, []))
        if count < len(self.handlers):
            found = found + [h for h in self.handlers[count:] if hasattr(h, capability)]
            self._found[capability] = len(self.handlers), found
        return found

    def registered(self, capability: str) -> list[Any]:
        """Those of them that CoreDNS finds in its register, which has one handler of a name, the first."""
        first = {h.registered_as: h for h in reversed(self.handlers)}
        return [h for h in self.find(capability) if first[h.registered_as] is h]

    def handler(self, name: str) -> Any:
        """The block's handler of that directive, None where there is none or it is not simulated."""
        return next((h for h in self.handlers if h.name == name and h.SIMULATED), None)

    def last(self, name: str) -> Any:
        """The last of the handlers of a directive, or None."""
        if self._last[0] != len(self.handlers):
            self._last = len(self.handlers), {h.name: h for h in self.handlers}
        return self._last[1].get(name)

    def copy_for_key(self, number: int) -> Site:
        """A site for another key of the block: the same but for `handlers` and `chain`, which are yet to be set."""
        other = self.by_key[number] = Site.__new__(Site)
        vars(other).update(vars(self))
        other.handlers = []
        other._found, other._last = {}, (0, {})
        return other


__all__ = ["Site"]
