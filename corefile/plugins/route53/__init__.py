"""route53 - answers from hosted zones of AWS Route 53.

Description: fetches all records of each hosted zone, and again every minute, and answers from them as `file` does.
Several hosted zones of one name are looked at in turn. Alias records, which Route 53 resolves itself, are not known to
CoreDNS; records with weights or places are all given together. ZONE is written with a dot behind it: without one, no
question matches it.

Syntax:

    route53 [ZONE:HOSTED_ZONE_ID...] {
        aws_access_key ID SECRET
        aws_endpoint URL
        credentials PROFILE [FILE]
        refresh DURATION
        fallthrough [ZONES...]
        upstream [ADDRESS...]
    }

Examples: `route53 example.org.:Z1Z2Z3Z4DZ5Z6Z7 { fallthrough }` passes on the names that the hosted zone does not have.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from ...language.keys import normalize
from ...plugin import (
    AAAA,
    PTR,
    SERVFAIL,
    A,
    Arg,
    Changing,
    Computed,
    Declaration,
    Duration,
    Fall,
    Fallthrough,
    Flag,
    Given,
    Invalid,
    Landmark,
    Line,
    Next,
    Opt,
    Outcome,
    Query,
    Reads,
    Reason,
    Release,
    Rest,
    Setup,
    changed,
    failed,
    wrong_count,
)
from ...world import Fault
from ...world.stores import HostedZone
from .._backend.destinations import destinations
from .._hosted_zones import MINUTE, Hosted, HostedZones, Refused, fault_of, fault_text, in_any_order, parts_of, store_of
from .._upstream import Upstream
from .._zone import Zone
from ._aws import Aws
from ._records import asked, place_of, take
from ._rules import Route53Rules
from ._words import NO_ENDPOINT, NO_PROFILE, NO_REGION, no_credentials, not_fetched, of_fault, of_zones, refused

SHAPE = "ZONE:ID", "example.org:Z1Z2Z3Z4DZ5Z6Z7"
FOUND = Reason("found", "hosted zone {} has {}, or what comes next to it")
NOTHING = Reason("nothing-found", "hosted zone {} gives no record for {}")
OUT_OF_REACH = Reason("out-of-reach", "Route 53 does not answer: {}")


REFRESH = Changing(
    Duration(
        above=0,
        bare_seconds=True,
        error="Unable to parse duration: '{go}'",
        range_error="refresh interval must be greater than 0: {}",
    ),
    {
        "1.7.1": Duration(
            above=0,
            bare_seconds=True,
            error="Unable to parse duration: {go}",
            range_error="refresh interval must be greater than 0: {quoted}",
        )
    },
)
"""How often records are fetched: a duration, or a number of seconds."""


def _access_key(line: Given, setup: Setup) -> object:
    """The ID of a key and its secret. Raises Invalid."""
    if len(line.words) < 2:
        colon = ":" * Route53Rules.of(setup.release).newer_words
        words = f"invalid access key{colon} '[{' '.join(line.value)}]'"
        raise Invalid("`aws_access_key` takes the ID of a key and its secret", coredns=words, at=line.span)
    return line.value


def _credentials(line: Given, setup: Setup) -> object:
    """A profile, and the file that has it. Raises Invalid."""
    if not line.words:
        raise Invalid("`credentials` needs a profile", coredns=wrong_count(line.name), prefix="")
    return line.value


def _upstream(line: Given, setup: Setup) -> tuple[str, ...]:
    """The addresses, where the release looks at them. Raises Invalid."""
    rules = Route53Rules.of(setup.release)
    if not rules.reads_upstream:
        return ()
    if not line.value and rules.needs_upstream:
        words = "local upstream not supported. please provide upstream endpoint"
        raise Invalid("`upstream` needs an address before CoreDNS 1.2.6", coredns=words)
    try:
        return tuple(destinations(line.value, setup, line.words))
    except Invalid as error:
        said = f"invalid upstream: {error.coredns}"
        raise Invalid(error.message, hint=error.hint, coredns=said, at=error.at, expected=error.expected) from None


class Route53(HostedZones):
    """Answers from hosted zones of Route 53."""

    class Config(Declaration):
        zones: tuple[str, ...] = Rest(doc="the zones, each with the ID of a hosted zone")
        aws_access_key: tuple[str, ...] = Line(
            Rest("key"), default=(), read=_access_key, doc="the ID of an access key, and its secret"
        )
        aws_endpoint: str | None = Line(
            Arg("url"),
            since="1.8.7",
            extra="lines",
            doc="where Route 53's API is; since 1.12.3 CoreDNS takes the block's last word for it, and does not start",
        )
        upstream: tuple[str, ...] | None = Line(
            Rest("addresses"),
            default=None,
            since="1.2.3",
            read=_upstream,
            doc="where targets of aliases are resolved; since 1.4.0 always by the server itself",
        )
        credentials: tuple[Any, ...] = Line(
            Opt("profile"),
            Opt("file"),
            default=(None, None),
            read=_credentials,
            since="1.2.3",
            extra="lines",
            doc="whose credentials are used",
        )
        fallthrough: Fall = Fallthrough(since="1.2.3")
        refresh: float = Line(
            Arg("interval", REFRESH),
            default=MINUTE,
            since="1.6.2",
            extra="lines",
            doc="how often records are fetched",
        )
        zones_and_ids: tuple[tuple[str, str], ...] = ()
        end: Any = None

    Rules = Route53Rules
    READS = Reads(
        several=changed("all", {"1.6.0": "each"}),
        unknown=changed("unknown property '{}'", {"1.7.1": "unknown property {quoted}"}),
    )
    COMMAND = "aws route53 list-resource-record-sets --hosted-zone-id {}"
    rules: Route53Rules

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """The hosted zones. Raises Invalid."""
        rules = Route53Rules.of(setup.release)
        setup.prefix = rules.prefix
        if rules.asks_each_time:
            _older_zones(given, setup)
            return
        seen = setup.get(Seen)
        parts_of(given, SHAPE, of_zones(rules), seen.pairs if rules.together else set())

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """With what the last word is, which errors of the start name."""
        config: Route53.Config = super().configure(given, setup)
        zones = tuple((name, id) for name, id in (word.split(":", 1) for word in config.zones))
        config = config.replace(zones_and_ids=zones, end=given.end)
        if not setup.failed and not Route53Rules.of(setup.release).together:
            try:
                cls.begin((config,), setup)
            except Refused as refusal:
                refusal.tell(setup)
        return config

    @classmethod
    def begin(cls, configs: tuple[Config, ...], setup: Setup) -> None:
        """What CoreDNS does before it fetches anything: look for a region, a profile and credentials. Raises Refused."""
        rules, end = Route53Rules.of(setup.release), configs[-1].end
        zones = [zone for config in configs for zone in config.zones_and_ids]
        profile, file = next((c.credentials for c in reversed(configs) if c.credentials[0]), (None, None))
        aws = Aws(setup, profile, file, any(c.aws_access_key for c in configs))
        given = store_of(setup, *(id for _, id in zones)) is not None
        if rules.second_sdk:
            if not aws.has_profile:
                refusal = Refused(
                    "no-credentials",
                    f"there is no profile `{profile}` for AWS",
                    coredns=NO_PROFILE.format(profile),
                    hint=f"since 1.12.3 it is a section `[profile {profile}]` of {file or '~/.aws/config'}",
                    last=end,
                )
                if aws.has_files:
                    raise refusal
                refusal.unless_assumed(setup)
            if not aws.has_region and not given:
                Refused(
                    "no-credentials",
                    "there is no region for AWS, and no machine of AWS's that would tell one",
                    coredns=NO_REGION,
                    hint="--env AWS_REGION=VALUE gives one"
                    + (f"; --store route53@{zones[0][1]}=FILE gives the records themselves" if zones else ""),
                    last=end,
                ).unless_assumed(setup)
            if zones and any(c.aws_endpoint is not None for c in configs):
                raise Refused(
                    "aws-endpoint",
                    "`aws_endpoint` does not work since CoreDNS 1.12.3, which takes the last word of the block for it",
                    coredns=refused(rules, NO_ENDPOINT.format(*zones[0])),
                    hint="take it out, and set AWS_ENDPOINT_URL_ROUTE_53 in CoreDNS's environment",
                    last=end,
                )
        if zones and not given and not aws.has_credentials:
            Refused(
                "no-credentials",
                "there are no credentials for AWS, and no machine of AWS's that would have some",
                coredns=refused(rules, no_credentials(rules)),
                hint=f"--env AWS_ACCESS_KEY_ID=VALUE and AWS_SECRET_ACCESS_KEY do, or --store route53@{zones[0][1]}=FILE "
                "for the records themselves",
                last=end,
            ).unless_assumed(setup)
        for name, id in zones:
            fault = fault_of(setup, id)
            if fault is not None:
                raise Refused(
                    "no-hosted-zone",
                    f"hosted zone {id} cannot be fetched: {fault_text(fault)}",
                    coredns=not_fetched(rules, of_fault(rules, name, id, fault)),
                    last=end,
                )

    def prepare(self) -> None:
        """The zones of all lines that are one plugin."""
        setup, rules = self.setup, self.rules
        configs = self.config if rules.together else (self.config,)
        setup.prefix = rules.prefix
        if rules.together:
            try:
                self.begin(configs, setup)
            except Refused as refusal:
                refusal.tell(setup)
                return
        self.fall = Fall.last(c.fallthrough for c in configs)
        self.interval = configs[-1].refresh
        if rules.reads_upstream:
            self.upstream = Upstream(setup, next((c.upstream for c in reversed(configs) if c.upstream is not None), ()))
        zones = [zone for config in configs for zone in config.zones_and_ids]
        if rules.asks_each_time:
            zones = list(
                {_normal(name, setup.release): (_normal(name, setup.release), id) for name, id in zones}.values()
            )
        else:
            for name, id in zones:
                self._look_for_dot(name, id)
            zones = in_any_order(setup, ((name, name, id) for name, id in zones))
        self.serves(zones)

    def _look_for_dot(self, name: str, id: str) -> None:
        if not name.endswith("."):
            self.setup.warn(
                "zone-without-dot",
                f"route53: no question matches `{name}`, which has no dot behind it",
                hint=f"write `{name}.:{id}`",
            )

    def take(self, zone: Zone, store: HostedZone, hosted: Hosted) -> None:
        """The records, as text of a master file."""
        for error in () if self.rules.asks_each_time else take(zone, store, self.setup.release):
            self.note("WARNING", f"Failed to process resource record set: {error}")

    def failure(self, hosted: Hosted, fault: Fault) -> str:
        """CoreDNS's words."""
        return of_fault(self.rules, hosted.zone.origin, hosted.id, fault)

    def start(self) -> None:
        """Fetch from time to time, where the release does."""
        if not self.rules.asks_each_time:
            super().start()

    def answer(self, query: Query, zone: str) -> Outcome:
        """From the records; up to 1.2.2, what Route 53 says to this question."""
        if not self.rules.asks_each_time:
            return super().answer(query, zone)
        hosted = self.hosted[zone][-1]
        store = hosted.fetch()
        if store is None:
            return self.unknown(query, hosted)
        if isinstance(store, Fault):
            return failed(SERVFAIL, of_fault(self.rules, zone, hosted.id, store), OUT_OF_REACH(fault_text(store)))
        types = (A, AAAA, PTR) if self.rules.answers_ptr else (A, AAAA)
        answer = asked(store, query.name, query.type, self.setup.release) if query.type in types else []
        if not answer:
            return Next(NOTHING(hosted.id, query.name))
        reply = query.msg.reply()
        reply.aa = reply.ra = True
        reply.answer = answer
        return self.write(query, reply, FOUND(hosted.id, query.name))

    def landmarks(self) -> Iterable[Landmark]:
        """All names; up to 1.2.2 those of the record sets, which answer for the names before them, too."""
        if not self.rules.asks_each_time:
            return super().landmarks()
        stores = [hosted.fetch() for hosted in self.all_hosted()]
        there = [store for store in stores if isinstance(store, HostedZone)]
        names = [s.name.lower() for store in there for s in store.sets]
        near = tuple(f"{label}{name}" for name in names for label in ("", "0.", "z.", "0"))
        order = [Computed(".", partial(place_of, store), near) for store in there]
        return [*order, *(Flag(f"type {kind}") for kind in ("A", "AAAA", "PTR"))]


class Seen:
    """The zones of the lines so far: each with its ID, and, up to 1.2.2, the ID by zone."""

    def __init__(self) -> None:
        self.pairs: set[str] = set()
        self.ids: dict[str, str] = {}


def _normal(name: str, release: Release) -> str:
    found = normalize(name, release)
    return found[0] if found else ""


def _older_zones(given: Given, setup: Setup) -> None:
    """The hosted zones up to 1.2.2, one for each name. Raises Invalid."""
    ids = setup.get(Seen).ids
    for word in given.words:
        ((name, id),) = parts_of(given._replace(words=(word,)), SHAPE, ("invalid zone '{}'", ""), set())
        zone = _normal(name, setup.release)
        if ids.setdefault(zone, id) != id:
            words = f"conflict zone '{zone}' ('{ids[zone]}' vs. '{id}')"
            raise Invalid(f"{zone} has two hosted zones, {ids[zone]} and {id}", coredns=words, at=word)


__all__ = ["Route53"]
