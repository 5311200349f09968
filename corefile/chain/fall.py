"""What `fallthrough` means, for every plugin that has it (plugin/pkg/fall)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..dns.names import is_subdomain
from .declare import Line, Rest
from .types import Zone


class Fall:
    """The zones in which a plugin passes on what it does not find; none without `fallthrough`."""

    __slots__ = ("given", "zones")

    def __init__(self, value: tuple[tuple[str, ...], ...] | None) -> None:
        """`value` is that of the property: None where it is absent, an empty tuple where it names no zone."""
        self.given = value is not None
        if value is None:
            self.zones: tuple[str, ...] = ()
        else:
            self.zones = tuple(z for zones in value for z in zones) if value else (".",)

    @classmethod
    def last(cls, falls: Iterable[Fall]) -> Fall:
        """That of the last of several occurrences that gives it."""
        found = [fall for fall in falls if fall.given]
        return found[-1] if found else NO_FALL

    def through(self, name: str) -> bool:
        """Whether `name` (lower case) may pass on."""
        for zone in self.zones:
            if zone == "." or is_subdomain(zone, name):
                return True
        return False

    def ends(self) -> str:
        """Why the chain ends here, for a trace."""
        if not self.given:
            return "`fallthrough` is not given, so the chain ends here"
        return f"`fallthrough` is given only for {' and '.join(self.zones)}, so the chain ends here"

    def __eq__(self, other: object) -> bool:
        return (self.given, self.zones) == (other.given, other.zones) if isinstance(other, Fall) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.given, self.zones))

    def __repr__(self) -> str:
        return f"Fall({' '.join(self.zones)})" if self.given else "Fall(not given)"


NO_FALL = Fall(None)


def Fallthrough(*, since: str | None = None, zones: str | None = None, doc: str = "", **options: Any) -> Any:
    """The property `fallthrough [ZONES...]`; its value in `Config` is a `Fall`. `zones`: the release since which it takes zones,
    if they came later."""
    doc = doc or "pass on names that are not found, in these zones or in all"
    return Line(Rest("zones", Zone(), since=zones), name="fallthrough", build=Fall, since=since, doc=doc, **options)


__all__ = ["NO_FALL", "Fall", "Fallthrough"]
