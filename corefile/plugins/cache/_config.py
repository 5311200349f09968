"""What `cache` may be given, and what CoreDNS's setup makes of it (plugin/cache/setup.go)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ...chain.declare import Arg, Given, Maybe, Opt, Property, Rest
from ...chain.types import Duration, Int, Invalid, Name, OneOf, Type, Word, Zone
from ...golang.durations import parse_duration
from ...golang.errors import GoError

if TYPE_CHECKING:
    from ...chain.setup import Setup
    from ...releases import Release

HOUR = 3600.0
SHORT = 5.0
"""Seconds: the least that an answer is good for by default, and what a failure is."""

NOT_POSITIVE = "cache TTL can not be zero or negative: {}"


class Percentage(Type):
    """`10%` to `90%`."""

    label = "percentage"
    example = "20%"

    def convert(self, text: str, release: Release) -> int:
        """The number before the sign."""
        if not text.endswith("%"):
            last = text[-1:] or ""
            raise Invalid(
                f"`{text}` has no percent sign",
                hint=f"write `{text}%`",
                located=False,
                coredns=f"last character of percentage should be `%`, but is: '{last}'",
            )
        return Int(min=10, max=90, range_error="percentage should fall in range [10, 90]: {}", located=False).convert(
            text[:-1], release
        )


class Settings(NamedTuple):
    """What a `cache` directive says; times are in seconds."""

    zones: tuple[str, ...]
    success: int = 10000
    success_ttl: float = HOUR
    success_min: float = SHORT
    denial: int = 10000
    denial_ttl: float = HOUR / 2
    denial_min: float = SHORT
    servfail: float = SHORT
    prefetch: int = 0
    window: float = 60.0
    percentage: int = 10
    stale: float = 0.0
    verify: bool = False
    verify_timeout: float = 0.0
    stale_ttl: int = 0
    recheck: float = 0.0
    prefer_positive: bool = False
    no_success: tuple[str, ...] = ()
    no_denial: tuple[str, ...] = ()
    keepttl: bool = False


def _bounds(name: str, doc: str) -> Property:
    return Property(
        name,
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
        extra="ignore",
        doc=doc,
    )


ARGUMENTS = (
    Maybe(
        "ttl",
        Int(min=1, range_error=NOT_POSITIVE, located=False),
        doc="the most that any answer is good for, in seconds",
    ),
    Rest("zones", Zone(), doc="the zones to keep answers for; without them, those of the server block"),
)
PROPERTIES = (
    _bounds("success", "the cache of positive answers"),
    _bounds("denial", "the cache of denials and failures"),
    Property(
        "prefetch",
        Arg(
            "amount",
            Int(min=0, range_error="prefetch amount should be positive: {}", located=False),
            doc="hits it takes",
        ),
        Opt("duration", Duration(located=False), default=60.0, doc="how far apart hits may be"),
        Opt("percentage", Percentage(), default=10, doc="how much of the TTL has to be left at most"),
        doc="fetch a popular answer again before it expires",
    ),
    Property(
        "serve_stale",
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
            Word(),
            since="1.14.4",
            doc="with verify, how long to wait for the source; else the TTL of stale answers",
        ),
        Opt("fourth", Word(), since="1.14.7", doc="with verify, the TTL of stale answers; else RECHECK"),
        Opt("fifth", Word(), since="1.14.7", doc="how long not to ask again after a failure"),
        since="1.6.6",
        doc="serve expired answers while the source is asked again",
    ),
    Property(
        "serve_stale_policy",
        Arg("policy", OneOf("prefer_positive", fold=True, located=False, error="invalid serve_stale_policy: {}")),
        since="1.14.7",
        repeat="once",
        twice="serve_stale_policy can only be specified once",
        located=False,
        doc="let a stale positive answer win over a denial",
    ),
    Property(
        "servfail",
        Arg("duration", Duration(min=0, range_error="invalid negative ttl for servfail", located=False)),
        since="1.9.4",
        doc="how long a failure is kept; at most five minutes",
    ),
    Property(
        "disable",
        Arg(
            "type",
            OneOf("success", "denial", located=False, error='cache type for disable must be "success" or "denial"'),
        ),
        Rest("zones", Name()),
        since="1.9.4",
        repeat="all",
        doc="keep no answers of this kind for these zones",
    ),
    Property("keepttl", since="1.10.1", doc="serve the TTL that was stored, without counting it down"),
)


def accept_line(line: Given) -> None:
    """What no argument's type can say."""
    if line.name == "servfail" and line.values["duration"] > 300:
        raise Invalid(
            "failures may be kept for five minutes at most (RFC 2308)",
            located=False,
            coredns="caching SERVFAIL responses over 5 minutes is not permitted",
        )
    if line.name == "serve_stale":
        _serve_stale(line.values)


def configure(given: Given, setup: Setup) -> Settings:
    """Check what belongs together, and apply the release's defaults."""
    release = setup.release
    values: dict[str, Any] = {"zones": _zones(given.values["zones"], setup)}
    low = 0.0 if release == "1.2.4" or release < "1.2.3" else SHORT
    values["success_min"] = values["denial_min"] = low
    if given.values["ttl"] is not None:
        values["success_ttl"] = values["denial_ttl"] = float(given.values["ttl"])
    for line in given.lines:
        v, name = line.values, line.name
        setup.span = line.span
        if name in ("success", "denial"):
            values[name] = v["capacity"]
            if v["ttl"] is not None:
                values[f"{name}_ttl"] = float(v["ttl"])
            if v["minttl"] is not None:
                values[f"{name}_min"] = float(v["minttl"])
        elif name == "prefetch":
            values |= {"prefetch": v["amount"], "window": v["duration"], "percentage": v["percentage"]}
        elif name == "serve_stale":
            values |= _serve_stale(v)
        elif name == "servfail":
            values["servfail"] = v["duration"]
        elif name == "disable":
            values[f"no_{v['type']}"] = v["zones"] or (".",)
        elif name == "keepttl":
            values["keepttl"] = True
    policies = given.all("serve_stale_policy")
    if policies and not given.all("serve_stale"):
        setup.span = policies[0].span
        raise Invalid(
            "`serve_stale_policy` has no effect without `serve_stale`",
            hint="add `serve_stale`",
            located=False,
            coredns="serve_stale_policy requires serve_stale",
        )
    values["prefer_positive"] = bool(policies)
    return Settings(**values)


def _zones(given: tuple[tuple[str, ...], ...], setup: Setup) -> tuple[str, ...]:
    if setup.release >= "1.8.4" or not given:
        return setup.origins(given)
    # Until 1.8.3 the zones given replaced as many of the server block's, and no more.
    named = [zone for zones in given[: len(setup.zones)] for zone in zones[:1]]  # what is no zone takes a place, too
    return (*named, *setup.zones[len(given) :])


def _serve_stale(v: dict[str, Any]) -> dict[str, Any]:
    verify = v["mode"] == "verify"
    rest = [v["third"], v["fourth"], v["fifth"]]
    out: dict[str, Any] = {
        "stale": v["duration"],
        "verify": verify,
        "verify_timeout": 0.0,
        "stale_ttl": 0,
        "recheck": 0.0,
    }
    if verify and rest[0] is not None:
        out["verify_timeout"] = _time(rest.pop(0), "verify timeout", "invalid negative timeout for serve_stale verify")
    elif not verify and rest[2] is not None:
        raise Invalid(
            "`serve_stale ... immediate` takes a TTL and a recheck time at most",
            coredns=f"Wrong argument count or unexpected line ending after '{rest[2]}'",
        )
    if rest[0] is not None:
        ttl = _time(rest[0], "response TTL", "invalid negative response TTL for serve_stale")
        if ttl != int(ttl):
            raise Invalid(
                f"`{rest[0]}` is not a whole number of seconds",
                located=False,
                coredns="serve_stale response TTL must be a whole number of seconds",
            )
        if ttl > 0xFFFFFFFF:
            raise Invalid(
                f"`{rest[0]}` is more than a TTL can hold",
                located=False,
                coredns="serve_stale response TTL exceeds the DNS TTL range",
            )
        out["stale_ttl"] = int(ttl)
    if rest[1] is not None:
        out["recheck"] = _time(rest[1], "failure recheck", "invalid negative failure recheck for serve_stale")
        if out["recheck"] > 300:
            raise Invalid(
                "the recheck time may be five minutes at most",
                located=False,
                coredns="serve_stale failure recheck cannot exceed 5 minutes",
            )
    return out


def _time(text: str, what: str, negative: str) -> float:
    try:
        value = parse_duration(text)
    except GoError as e:
        raise Invalid(e.message, hint=e.hint, coredns=f"invalid serve_stale {what}: {e.text}", located=False) from None
    if value < 0:
        raise Invalid(f"`{text}` is negative", located=False, coredns=negative)
    return value
