"""Words about a directive that a release does not have."""

from __future__ import annotations

from collections.abc import Sequence

from ..releases import Release, directive_history

# What took over from a directive that a release removed.
_SUCCESSORS = {
    "proxy": "use `forward . /etc/resolv.conf`, which takes the same addresses",
    "federation": "its function ended with Kubernetes federation v1; delete it",
    "reverse": "use `template`, which makes such answers from a pattern",
    "startup": "use `on startup`",
    "shutdown": "use `on shutdown`",
}


def unknown_directive(name: str, arguments: Sequence[str], release: Release) -> tuple[str, str, str]:
    """Code, message and hint for a directive with these arguments."""
    first, gone = directive_history(name)
    if first is None:
        return "unknown-directive", f"CoreDNS {release} has no directive `{name}`", _nearest(name, release)
    if gone is not None and release >= gone:
        return "removed-directive", f"`{name}` was removed in CoreDNS {gone}", _successor(name, arguments, release)
    return "newer-directive", f"`{name}` came with CoreDNS {first}; CoreDNS {release} does not have it", ""


def _successor(name: str, arguments: Sequence[str], release: Release) -> str:
    if name == "proxy" and release.has("forward") and len(arguments) > 1:
        return f"use `forward {' '.join(arguments)}`, which takes the same arguments here"
    return _SUCCESSORS.get(name, "")


def _nearest(name: str, release: Release) -> str:
    if name and name in "{}":
        return "a `{` belongs behind the word that it is for"
    bare = name.rstrip("{}")
    if bare != name and release.has(bare):
        return f"put a space before the `{name[len(bare)]}`"
    if name.lower() != name and release.has(name.lower()):
        return f"directives are in lower case: `{name.lower()}`"
    from difflib import get_close_matches

    close = get_close_matches(name, release.order, 1, 0.6)
    return f"did you mean `{close[0]}`?" if close else ""
