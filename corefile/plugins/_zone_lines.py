"""Lines that stand in the blocks of several plugins with zones: `reload`, `upstream`, `transfer`.

Source: plugin/file (setup.go), plugin/auto (setup.go) and plugin/pkg/parse (transfer.go) of each release.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..plugin import (
    Duration,
    Given,
    Invalid,
    Line,
    Lines,
    Opt,
    Property,
    Release,
    ReleaseRules,
    Rest,
    Setup,
    changed,
    until,
    wrong_count,
)
from ._backend import destinations
from ._transfers import Peer

INSTEAD = "delete it, and add the directive `transfer` to the server block, with `{rest}` in its braces"
"""What takes the place of the property `transfer`."""


class ZoneLineRules(ReleaseRules):
    """What differs between releases."""

    needs_address = until("1.0.6", "`upstream` needs an address")
    reads_upstream = until("1.4.0", "`upstream` says where targets of aliases are looked up")
    no_interval = changed(
        "panic: runtime error: index out of range",
        {"1.8.7": "reload duration value is expected"},
        "what CoreDNS says of `reload` alone",
    )


class Interval(Duration):
    """The interval of `reload`; errors name `file`, whatever the plugin is."""

    def convert(self, text: str, release: Release) -> float:
        """Seconds."""
        try:
            return super().convert(text, release)
        except Invalid as e:
            raise Invalid(e.message, hint=e.hint, coredns=f"plugin/file: {e.coredns}", located=False) from None


def interval_of(line: Given, setup: Setup) -> float | None:
    """The seconds of `reload`, which has an interval; its absence is a panic in the older releases."""
    if line.value is None:
        words = ZoneLineRules.of(setup.release).no_interval
        setup.error(
            "argument-count",
            "`reload` needs a duration",
            line.span,
            hint="write `reload 30s`, or `reload 0` for never",
            coredns=words,
            located=False,
            prefix=not words.startswith("panic"),
        )
    seconds: float | None = line.value
    return seconds


def upstream_of(line: Given, setup: Setup, rules_of: type[ZoneLineRules] = ZoneLineRules) -> tuple[str, ...] | None:
    """Whom `upstream` names, () for the server itself; None where the release takes no notice of it. Raises Invalid."""
    rules = rules_of.of(setup.release)
    if not rules.reads_upstream:
        return None
    if not line.value and rules.needs_address:
        raise Invalid(
            f"`upstream` needs an address in CoreDNS {setup.release}",
            coredns=wrong_count("upstream"),
        )
    return tuple(destinations(line.value, setup, line.words)) if line.value else ()


def transfer_to(line: Given, setup: Setup) -> tuple[str, ...]:
    """Whom `transfer to` names. Raises Invalid."""
    direction = line.values["direction"]
    if direction is None:
        raise Invalid(
            "`transfer` needs `to` and addresses",
            coredns=wrong_count(line.span.text),
        )
    if direction == "from":
        raise Invalid(
            f"`{setup.name}` reads its zones from files; they cannot be transferred from elsewhere",
            located=False,
            hint="`secondary` does that",
            coredns="can't use `transfer from` when not being a secondary",
        )
    if direction != "to":
        return ()
    return tuple(Peer().each(line.words[1:], setup.release))


def Upstreams(rules: type[ZoneLineRules] = ZoneLineRules, *, removed: str | None = None) -> Any:
    """The property `upstream [ADDRESS...]`: where targets of aliases are looked up; see `upstream_of`."""
    doc = "where targets of aliases are resolved; since 1.4.0 always by the server itself"
    read = partial(upstream_of, rules_of=rules)
    return Line(Rest("addresses"), default=None, read=read, removed=removed, name="upstream", doc=doc)


def TransferTo(doc: str) -> Any:
    """The property `transfer to ADDRESS...`, whose value is the addresses of all lines."""
    return Line(
        Opt("direction", brace=True),
        Rest("to"),
        name="transfer",
        removed="1.8.0",
        instead=INSTEAD,
        repeat="join",
        kinds=("to", "from"),
        read=transfer_to,
        doc=doc,
    )


def Intervals(files: str, read: Callable[[Given, Setup], object] = interval_of) -> Any:
    """The properties `reload [INTERVAL]` and `no_reload`, of which the last one counts: seconds, None without them. files: which
    are looked at. read: what makes seconds of the first one's line."""
    reload = Property(
        "reload",
        Opt("interval", Interval()),
        since="1.2.3",
        extra="ignore",
        read=read,
        doc=f"how often {files} looked at; 0 for never",
    )
    never = Property(
        "no_reload",
        removed="1.5.0",
        write="reload 0",
        extra="lines",
        read=lambda line, setup: 0.0,
        doc="never look again",
    )
    return Lines(reload, never)


__all__ = [
    "INSTEAD",
    "Interval",
    "Intervals",
    "TransferTo",
    "Upstreams",
    "ZoneLineRules",
    "interval_of",
    "transfer_to",
    "upstream_of",
]
