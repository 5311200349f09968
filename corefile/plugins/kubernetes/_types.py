"""Types of words in the `kubernetes` block."""

from __future__ import annotations

from typing import Any

from ...plugin import Changing, Duration, Float, Given, Int, Invalid, Setup, wrong_count
from ...world.selectors import Selector
from .._backend import destinations
from ._rules import KubernetesRules


def _ttl(least: int) -> Int:
    words = f"ttl must be in range [{least}, 3600]: {{}}"
    return Int("seconds", min=least, max=3600, located=False, range_error=words, range_located=True)


def pause(words: str) -> Duration:
    """A duration, with the plugin's own words for a word that is no duration."""
    return Duration(error=words, located=False)


def _not_negative(name: str) -> dict[str, Any]:
    return {"min": 0, "error": f"invalid {name} {{quoted}}: {{go}}", "range_error": f"{name} must be >= 0"}


def limit(name: str) -> Int:
    """A whole number that is not negative."""
    return Int(**_not_negative(name))


TTL = Changing(_ttl(5), {"1.3.0": _ttl(0)})
RATE = Float(bits=32, **_not_negative("apiserver_qps"))
"""Queries per second."""


def selector_of(line: Given, setup: Setup) -> Selector:
    """The words of a label selector. Raises Invalid with CoreDNS's words."""
    text, what = " ".join(line.value), line.name.removesuffix("s")
    try:
        return Selector.parse(text, KubernetesRules.of(setup.release).selector_words)
    except ValueError as error:
        raise Invalid(
            f"`{text}` is not a label selector: {error}",
            hint="such as `app=web, stage in (qa, prod)`",
            coredns=f"unable to parse {what} selector value: '{text}': {error}",
            located=False,
        ) from None


def resolvers_of(line: Given, setup: Setup) -> tuple[str, ...] | None:
    """Addresses of servers that resolve names, with their ports; None since they have no effect any more. Raises Invalid."""
    if not line.words and not KubernetesRules.of(setup.release).upstream_alone:
        _miscounted(line, setup, "`upstream` needs an address before CoreDNS 1.0.6")
    if not KubernetesRules.of(setup.release).upstream_elsewhere:
        return None
    return tuple(destinations(line.value, setup, line.words))


def kubeconfig_of(line: Given, setup: Setup) -> tuple[str, str | None]:
    """The file and the context."""
    if len(line.words) < 2 and not KubernetesRules.of(setup.release).kubeconfig_alone:
        _miscounted(line, setup, "`kubeconfig` needs a context before CoreDNS 1.8.2")
    file, context = line.value
    return file, context


def _miscounted(line: Given, setup: Setup, message: str) -> None:
    """CoreDNS refuses a line for the number of its words."""
    last = line.words[-1] if line.words else None
    setup.error("argument-count", message, line.span, coredns=wrong_count(line.last), token=last)


def transfer_of(line: Given, setup: Setup) -> tuple[str, tuple[str, ...]]:
    """The direction and the addresses. Raises Invalid."""
    direction, addresses = line.value
    if direction == "from":
        raise Invalid(
            "the zone of `kubernetes` cannot be transferred from elsewhere",
            located=False,
            coredns="can't use `transfer from` when not being a secondary",
        )
    return direction, addresses


__all__ = ["RATE", "TTL", "kubeconfig_of", "limit", "pause", "resolvers_of", "selector_of", "transfer_of"]
