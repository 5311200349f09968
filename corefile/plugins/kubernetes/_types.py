"""Types of words in the `kubernetes` block."""

from __future__ import annotations

from typing import Any

from ...plugin import Changing, Duration, Float, Given, Int, Invalid, Setup, Type
from ...world.selectors import Selector
from .._backend import destinations
from ._rules import KubernetesRules


def _ttl(least: int) -> Int:
    words = f"ttl must be in range [{least}, 3600]: {{}}"
    return Int("seconds", min=least, max=3600, located=False, range_error=words, range_located=True)


def pause(words: str) -> Duration:
    """A duration, with the plugin's own words for what is none."""
    return Duration(error=words, located=False)


def _not_negative(name: str) -> dict[str, Any]:
    return {"min": 0, "error": f"invalid {name} {{quoted}}: {{go}}", "range_error": f"{name} must be >= 0"}


def limit(name: str) -> Int:
    """A whole number that is not negative."""
    return Int(**_not_negative(name))


TTL = Changing(_ttl(5), {"1.3.0": _ttl(0)})
RATE = Float(bits=32, **_not_negative("apiserver_qps"))
"""Queries per second."""


class Labels(Type):
    """The words of a label selector."""

    label = "selector"
    example = "app=web"

    def settle(self, value: tuple[str, ...], given: Given, setup: Setup) -> Selector:
        """The selector. Raises Invalid with CoreDNS's words."""
        text, what = " ".join(value), given.name.removesuffix("s")
        try:
            return Selector.parse(text, KubernetesRules.of(setup.release).selector_words)
        except ValueError as error:
            raise Invalid(
                f"`{text}` is not a label selector: {error}",
                hint="such as `app=web, stage in (qa, prod)`",
                coredns=f"unable to parse {what} selector value: '{text}': {error}",
                located=False,
            ) from None


class Resolvers(Type):
    """Addresses of servers that resolve names."""

    label = "address"
    example = "10.0.0.53"

    def settle(self, value: tuple[str, ...], given: Given, setup: Setup) -> tuple[str, ...] | None:
        """The addresses with their ports; None since they have no effect any more. Raises Invalid."""
        if not KubernetesRules.of(setup.release).upstream_elsewhere:
            return None
        return tuple(destinations(value, setup))


__all__ = ["RATE", "TTL", "Labels", "Resolvers", "limit", "pause"]
