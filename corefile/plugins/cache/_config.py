"""What `cache` may be given (plugin/cache/setup.go). Times are in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ...golang.durations import parse_duration
from ...golang.errors import GoError
from ...language.words import Token
from ...light import NamedTuple
from ...plugin import (
    Arg,
    Declaration,
    Duration,
    Given,
    Int,
    Invalid,
    Line,
    Maybe,
    Name,
    OneOf,
    Opt,
    Origins,
    Release,
    Rest,
    Setup,
    Type,
    changed,
    wrong_count,
)
from ._rules import HOUR, SHORT, CacheRules

NOT_POSITIVE = "cache TTL can not be zero or negative: {}"
LONGEST_FAILURE = 300.0


class Percentage(Type):
    """`10%` to `90%`."""

    label = "percentage"
    example = "20%"

    def convert(self, text: str, release: Release) -> int:
        """The number before the sign."""
        if not text.endswith("%"):
            if not text:  # whose last octet CoreDNS looks for, too
                panic = "panic: runtime error: index out of range [-1]"
                raise Invalid("the percentage is empty", hint="write `10%`", located=False, prefix="", coredns=panic)
            last = text[-1:]
            raise Invalid(
                f"`{text}` has no percent sign",
                hint=f"write `{text}%`",
                located=False,
                coredns=f"last character of percentage should be `%`, but is: '{last}'",
            )
        return Int(min=10, max=90, range_error="percentage should fall in range [10, 90]: {}", located=False).convert(
            text[:-1], release
        )


class CacheZones(Origins):
    """The zones to keep answers for."""

    def settle(self, value: tuple[tuple[str, ...], ...], given: Given, setup: Setup) -> tuple[str, ...]:
        """The zones' names."""
        if not CacheRules.of(setup.release).replaces_zones or not value:
            return super().settle(value, given, setup)
        # What is no zone takes a place, too.
        named = [zone for zones in value[: len(setup.zones)] for zone in zones[:1]]
        return (*named, *setup.zones[len(value) :])


class Bounds(NamedTuple):
    """How many answers of a kind are kept, and for how long; None for what is not given."""

    capacity: int = 10000
    most: int | None = None
    least: int | None = None

    @classmethod
    def of(cls, lines: tuple[tuple[int, int | None, int | None], ...]) -> Bounds:
        """What all lines together say."""
        bounds = cls()
        for capacity, most, least in lines:
            bounds = cls(capacity, bounds.most if most is None else most, bounds.least if least is None else least)
        return bounds


class Prefetch(NamedTuple):
    """After how many hits, not further apart than `window`, an answer is asked for again, and how much of its TTL is
    left then at most."""

    amount: int = 0
    window: float = 60.0
    percentage: int = 10

    @classmethod
    def of(cls, values: tuple[int, float, int] | None) -> Prefetch:
        """What a line says."""
        return cls() if values is None else cls(*values)


class Stale(NamedTuple):
    """For how long an expired answer is served, with which TTL, whether the source is asked before (`verify`, and how long
    that may take; 0 for as long as it does), and how long not to ask again after a failure."""

    duration: float = 0.0
    verify: bool = False
    timeout: float = 0.0
    ttl: int = 0
    recheck: float = 0.0

    @classmethod
    def read(cls, line: Given, setup: Setup) -> Stale:
        """What a line says. Raises Invalid."""
        duration, mode = line.value[:2]
        words = list(line.words[2:])
        stale = cls(duration, mode == "verify")
        if stale.verify and words:
            what, negative = "verify timeout", "invalid negative timeout for serve_stale verify"
            stale = stale._replace(timeout=_time(words.pop(0), what, negative))
        elif len(words) > 2:
            raise Invalid(
                "`serve_stale ... immediate` takes a TTL and a recheck time at most",
                coredns=wrong_count(words[2].text),
            )
        if words:
            stale = stale._replace(ttl=_ttl(words[0]))
        if len(words) > 1:
            what, negative = "failure recheck", "invalid negative failure recheck for serve_stale"
            stale = stale._replace(recheck=_time(words[1], what, negative))
            if stale.recheck > LONGEST_FAILURE:
                raise Invalid(
                    "the recheck time may be five minutes at most",
                    located=False,
                    coredns="serve_stale failure recheck cannot exceed 5 minutes",
                )
        return stale


def _ttl(word: Token) -> int:
    text, at = word.text, word.span
    ttl = _time(word, "response TTL", "invalid negative response TTL for serve_stale")
    if ttl != int(ttl):
        raise Invalid(
            f"`{text}` is not a whole number of seconds",
            located=False,
            at=at,
            coredns="serve_stale response TTL must be a whole number of seconds",
        )
    if ttl > 0xFFFFFFFF:
        raise Invalid(
            f"`{text}` is more than a TTL can hold",
            located=False,
            at=at,
            coredns="serve_stale response TTL exceeds the DNS TTL range",
        )
    return int(ttl)


def _time(word: Token, what: str, negative: str) -> float:
    at = word.span
    try:
        value = parse_duration(word.text)
    except GoError as e:
        said = f"invalid serve_stale {what}: {e.text}"
        raise Invalid(e.message, hint=e.hint, coredns=said, located=False, at=at) from None
    if value < 0:
        raise Invalid(f"`{word.text}` is negative", located=False, coredns=negative, at=at)
    return value


class Disabled(NamedTuple):
    """The zones whose positive answers, and those whose denials are not kept. lines: which line of `disable` counts, by
    kind."""

    success: tuple[str, ...] = ()
    denial: tuple[str, ...] = ()
    lines: Mapping[str, int] = MappingProxyType({})

    @classmethod
    def of(cls, lines: tuple[tuple[str, tuple[str, ...]], ...]) -> Disabled:
        """What all lines together say: of each kind, the last one counts."""
        count = {kind: number for number, (kind, _) in enumerate(lines)}
        return cls(**{kind: zones or (".",) for kind, zones in lines}, lines=count)


def _bounds(doc: str) -> Any:
    return Line(
        Arg("capacity", Int(located=False), doc="how many answers are kept"),
        Opt(
            "ttl",
            Int(min=1, range_error=NOT_POSITIVE, located=False),
            doc="the most that an answer is good for, in seconds",
        ),
        Opt(
            "minttl",
            Int(min=0, range_error="cache min TTL can not be negative: {}", located=False),
            since="1.2.3",
            doc="the least that an answer is good for, in seconds",
        ),
        repeat="all",
        build=Bounds.of,
        extra="ignore",
        doc=doc,
    )


def _failures(line: Given, setup: Setup) -> float:
    """For how long failures are kept. Raises Invalid."""
    seconds: float = line.value
    if seconds > LONGEST_FAILURE:
        raise Invalid(
            "failures may be kept for five minutes at most (RFC 2308)",
            located=False,
            coredns="caching SERVFAIL responses over 5 minutes is not permitted",
        )
    return seconds


def _keepttl(line: Given, setup: Setup) -> bool:
    """That it is there. Raises Invalid where the first releases that have it refuse it: with zones."""
    if CacheRules.of(setup.release).keepttl_alone and setup.given.values["zones"]:
        raise Invalid(
            f"CoreDNS {setup.release} takes `keepttl` only where `cache` names no zones",
            hint="remove the zones: those of the server block are meant then",
            coredns=wrong_count(line.name),
        )
    return True


class CacheConfig(Declaration):
    """What a `cache` directive says."""

    ttl: int | None = Maybe(
        Int(min=1, range_error=NOT_POSITIVE, located=False), doc="the most that any answer is good for, in seconds"
    )
    zones: tuple[str, ...] = Rest(
        CacheZones(), doc="the zones to keep answers for; without them, those of the server block"
    )
    success: Bounds = _bounds("the cache of positive answers")
    denial: Bounds = _bounds("the cache of denials and failures")
    prefetch: Prefetch = Line(
        Arg(
            "amount",
            Int(min=0, range_error="prefetch amount should be positive: {}", located=False),
            doc="hits it takes",
        ),
        Opt("duration", Duration(located=False), default=60.0, doc="how far apart hits may be"),
        Opt("percentage", Percentage(), default=10, doc="how much of the TTL has to be left at most"),
        build=Prefetch.of,
        doc="fetch a popular answer again before it expires",
    )
    serve_stale: Stale = Line(
        Opt(
            "duration",
            Duration(min=0, range_error="invalid negative duration for serve_stale", located=False),
            default=HOUR,
            doc="for how long after it expired an answer is served",
        ),
        Opt(
            "mode",
            OneOf(
                "immediate",
                "verify",
                fold=True,
                located=False,
                error="invalid value for serve_stale refresh mode: {lower}",
            ),
            default="immediate",
            since="1.9.2",
            doc="serve first and ask then, or the other way round",
        ),
        Opt(
            "third",
            since="1.14.4",
            doc="with verify, how long to wait for the source; else the TTL of stale answers",
        ),
        Opt("fourth", since="1.14.7", doc="with verify, the TTL of stale answers; else RECHECK"),
        Opt("fifth", since="1.14.7", doc="how long not to ask again after a failure"),
        since="1.6.6",
        default=Stale(),
        read=Stale.read,
        doc="serve expired answers while the source is asked again",
    )
    serve_stale_policy: str | None = Line(
        Arg("policy", OneOf("prefer_positive", fold=True, located=False, error="invalid serve_stale_policy: {}")),
        since="1.14.7",
        repeat="once",
        twice="serve_stale_policy can only be specified once",
        needs=("serve_stale", "serve_stale_policy requires serve_stale"),
        located=False,
        doc="let a stale positive answer win over a denial",
    )
    servfail: float = Line(
        Arg("duration", Duration(min=0, range_error="invalid negative ttl for servfail", located=False)),
        default=SHORT,
        since="1.9.4",
        read=_failures,
        doc="how long a failure is kept; at most five minutes",
    )
    disable: Disabled = Line(
        Arg(
            "type",
            OneOf("success", "denial", located=False, error='cache type for disable must be "success" or "denial"'),
        ),
        Rest("zones", Name()),
        since="1.9.4",
        repeat="all",
        rule="line",
        build=Disabled.of,
        doc="keep no answers of this kind for these zones",
    )
    keepttl: bool = Line(
        since="1.10.1",
        extra=changed("lines", {"1.11.1": "error"}),
        read=_keepttl,
        doc="serve the TTL that was stored, without counting it down",
    )


__all__ = ["Bounds", "CacheConfig", "Prefetch", "Stale"]
