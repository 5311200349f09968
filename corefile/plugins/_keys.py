"""Which keys of a server block a directive is set up for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..plugin import ReleaseRules, Setup, since

if TYPE_CHECKING:
    from ..language import keys


class KeyRules(ReleaseRules):
    """What differs between releases."""

    first_zone = since("1.8.5", "directives are set up for the block's first zone alone (coredns/caddy 1.1.1)")


def set_up_for(setup: Setup) -> tuple[keys.Zone, ...]:
    """The zones of the server block that a directive is set up for."""
    zones = setup.site.keys
    return zones[:1] if KeyRules.of(setup.release).first_zone else zones


__all__ = ["KeyRules", "set_up_for"]
