"""Directives that look into a store of the world."""

from __future__ import annotations

from ..plugin import Setup


def notice_without(setup: Setup, name: str, *addresses: str) -> None:
    """Say that nothing is known of what is in the store `name` at these addresses, and how it can be given."""
    if setup.world.stores.at(name, *addresses) is None:
        setup.notice(
            "store-not-given",
            f"what is in the store of `{name}` is not known, so it is out of reach",
            hint=f"--store {name}=FILE gives it",
        )


__all__ = ["notice_without"]
