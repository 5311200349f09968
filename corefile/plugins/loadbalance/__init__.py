"""loadbalance - puts the addresses of an answer in another order each time.

Description: many clients take the first address of an answer, so its place decides who gets the load. `round_robin`
(the default) shuffles A and AAAA records among each other, and MX records; aliases come first. `weighted` puts one
address first, chosen with the weights of a file, and leaves the others in their order. `prefer` moves the addresses of
these networks to the front, those of the first network first of all. Only answers without an error are touched, and no
zone transfer.

Syntax:
    loadbalance [round_robin | weighted WEIGHTFILE] {
        reload DURATION
        prefer CIDR...
    }

A weight file has a domain name on a line of its own, and below it lines of `ADDRESS WEIGHT` (1 to 255); what it does
not name has weight 1. It is read again every DURATION (30 s; 0 for never). `reload` belongs to `weighted`, `prefer` to
`round_robin`. Up to 1.12.3 `round_robin` did not look at its block, and up to 1.1.4 nothing behind `loadbalance` was
looked at.

Examples: `loadbalance`; `loadbalance weighted /etc/coredns/weights { reload 10s }`;
`loadbalance { prefer 10.1.0.0/16 }` for those who want the addresses nearby first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ...chain.declare import Arg, Given, Opt, Property, Reads, Rest
from ...chain.query import Next, Outcome, Panic, Query, Result, Why
from ...chain.rules import since
from ...chain.setup import Setup
from ...chain.shapes import Plugin
from ...chain.types import Duration, Invalid, Type
from ...dns.codes import AAAA, AXFR, CNAME, IXFR, MX, NOERROR, SRV, A
from ...dns.rr import RR
from ...golang.durations import duration_text
from ...golang.quoting import quote
from ...language.words import decode
from ...world import Weighted
from ...world.clock import Timer
from .._paths import below_root
from ._weights import BadWeights, Weights, parse

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    from ...language.expand import Token
    from ...releases import Release


class Cidr(Type):
    """A network as Go's net.ParseCIDR reads it."""

    label = "network"
    example = "10.0.0.0/8"

    def convert(self, text: str, release: Release) -> IPv4Network | IPv6Network:
        """The network. Raises Invalid."""
        from ipaddress import ip_network

        if re.fullmatch(r"[0-9a-fA-F.:]+/[0-9]{1,3}", text):
            try:
                return ip_network(text, strict=False)
            except ValueError:
                pass
        raise Invalid(
            f"`{text}` is not a network",
            hint="such as `10.0.0.0/8`",
            coredns=f"invalid CIDR {quote(text)}: invalid CIDR address: {text}",
        )


class Config(NamedTuple):
    """weighted: the policy. file: of the weights, kept where a later line has the other policy. reload: seconds between
    two looks at it, or 0. prefer: networks whose addresses come first. surplus: the last word of an occurrence that
    says nothing because it says too much."""

    weighted: bool = False
    file: str | None = None
    reload: float = 30.0
    prefer: tuple[IPv4Network | IPv6Network, ...] = ()
    surplus: Token | None = None


def _far(words: tuple[str, ...], block: bool, release: Release) -> str:
    """Only 1.12.4 and later read all there is. From 1.2.0 to 1.10.0 an occurrence with several arguments led on to
    the next one, for which any word was taken, and there had to be one with less."""
    if release < "1.2.0":
        return "line"
    if release < "1.10.1":
        return "line" if len(words) < 2 else "all"
    if release < "1.12.4":
        return "block" if words[:1] == ("weighted",) else "line"
    return "all"


class Loadbalance(Plugin):
    """Changes the order of records on the way back."""

    ARGUMENTS = (Opt("policy", doc="`round_robin` or `weighted`"), Rest("file", doc="the weight file of `weighted`"))
    PROPERTIES = (
        Property(
            "reload",
            Arg("duration", Duration(error="invalid reload duration '{}'")),
            default=30.0,
            since="1.10.1",
            arity=("reload duration value is missing", "unexpected argument"),
            doc="how often to look at the weight file again; 0 for never",
        ),
        Property(
            "prefer", Rest("networks", Cidr()), repeat="all", since="1.12.4", doc="networks whose addresses come first"
        ),
    )
    READS = Reads(block=since("1.10.1"), far=_far)
    WRITER = True
    PASSES = "passes on, and shuffles the answer on its way back"

    def __init__(self, config: Config, setup: Setup) -> None:
        super().__init__(config, setup)
        self.weights: Weights = {}
        self.seen: bytes | None = None
        self.timer: Timer | None = None
        self.ranks: dict[str, int] = {}
        self.skips_transfers = setup.release >= "1.3.0"
        self.path = below_root(setup.site, config.file or "")
        self.next = Next(then=self.reordered)

    # -- the Corefile ---------------------------------------------------------------------------------------------

    @classmethod
    def properties(cls, words: tuple[str, ...], release: Release) -> dict[str, Property]:
        """Each policy has its own."""
        own = "reload" if words[:1] == ("weighted",) else "prefer"
        return {name: p for name, p in super().properties(words, release).items() if name == own}

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """Which policies there are, and what stands behind them (before 1.10.1 see `merge`)."""
        policy, more = given.values["policy"] or "round_robin", given.values["file"]
        if setup.release < "1.10.1":
            if policy != "round_robin" and not more and setup.release >= "1.2.0":
                raise _no_policy(policy, setup.release)
        elif policy == "weighted":
            if len(more) != 1:
                raise Invalid(
                    "`weighted` takes one argument",
                    hint="write `loadbalance weighted WEIGHTFILE`",
                    coredns="unexpected argument(s)" if more else "missing weight file argument",
                )
        elif policy != "round_robin":
            raise _no_policy(policy, setup.release)
        elif more:
            raise Invalid(
                "`round_robin` takes no argument",
                hint="write `loadbalance round_robin`",
                coredns="unknown property for round_robin",
            )

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """One occurrence."""
        policy, more = given.values["policy"] or "round_robin", given.values["file"]
        if setup.release < "1.10.1":
            return Config(surplus=given.words[-1] if more and not given.unread else None)
        weighted = policy == "weighted"
        prefer = tuple(network for line in given.all("prefer") for network in line.values["networks"])
        return Config(weighted, more[0] if weighted else None, given.get("reload", 30.0), prefer)

    @classmethod
    def merge(cls, configs: list[Config], setup: Setup) -> Config:
        """A line with `weighted` replaces what stands before it; one without changes the policy and adds networks."""
        surplus = configs[-1].surplus
        if surplus is not None:
            raise Invalid(
                "`loadbalance` takes one argument",
                hint="write `loadbalance round_robin`",
                at=surplus,
                coredns=f"Wrong argument count or unexpected line ending after '{surplus.text}'",
            )
        out = Config()
        for config in configs:
            out = config if config.weighted else out._replace(weighted=False, prefer=out.prefer + config.prefer)
        return out

    # -- the weight file ------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Complain of a weight file with which CoreDNS does not start."""
        if self.config.file is None:
            return
        data = self.setup.world.files.read(self.path)
        if data is None and self.config.reload:
            self.setup.warn(
                "missing-file",
                f"there is no weight file `{self.path}`",
                hint="until there is one, all addresses have the same weight",
            )
        elif data is None:
            self.setup.error(
                "missing-file",
                f"there is no weight file `{self.path}`",
                None,
                coredns=self._missing(),
                located=False,
                hint="create it, or give `reload` a duration",
            )
        else:
            try:
                parse(decode(data), self.path, self.setup.release, {})
            except BadWeights as bad:
                self.setup.error(
                    "weight-file", f"{self.path}, line {bad.line}: {bad}", None, coredns=str(bad), located=False
                )

    def start(self) -> None:
        """Read the weights, and again whenever it is time to."""
        if self.config.file is None:
            return
        error = self._load()
        if error:
            self.setup.log(
                f"[WARNING] plugin/loadbalance: Failed to open weight file:{error}. "
                f"Will try again in {duration_text(self.config.reload)}"
            )
        if self.config.reload < 0:
            self.setup.dies(
                "coredns-panics",
                "CoreDNS ends: `reload` takes no negative duration",
                "panic: non-positive interval for NewTicker",
            )
        elif self.config.reload:
            self.timer = self.setup.world.clock.every(self.config.reload, self._reload)

    def stop(self) -> None:
        """Look no more."""
        if self.timer is not None:
            self.timer.cancel()

    def _reload(self) -> None:
        error = self._load()
        if error:
            self.setup.log(f"[ERROR] plugin/loadbalance: {error}")

    def _load(self) -> str:
        """Take the weights of the file if it has changed; CoreDNS's error, or ''."""
        data = self.setup.world.files.read(self.path)
        if data is None:
            return self._missing()
        if data == self.seen:
            return ""
        self.seen = data
        weights: Weights = {}
        if self.setup.release < "1.11.0":
            self.weights = weights  # a file with an error then counts up to the error
        try:
            parse(decode(data), self.path, self.setup.release, weights)
        except BadWeights as bad:
            return str(bad)
        self.weights = weights
        self.setup.log(f"[INFO] plugin/loadbalance: Successfully reloaded weight file {self.path}")
        return ""

    def _missing(self) -> str:
        return f"{'weight' if self.setup.release >= '1.12.2' else 'Weight'} file open error"

    # -- answers --------------------------------------------------------------------------------------------------

    def serve(self, query: Query) -> Outcome:
        """Pass on, and see the answer on its way back."""
        return self.next

    def reordered(self, result: Result) -> Result:
        """The result with its records in another order."""
        msg = result.reply
        if msg is None or msg.rcode != NOERROR or msg.question is None:
            return result
        if len(msg.answer) < 2 and len(msg.extra) < 2 and len(msg.ns) < 2 and not self.config.weighted:
            return result
        kind = msg.question[1]
        if self.skips_transfers and kind in (AXFR, IXFR):
            return result
        answer, ns, extra = msg.answer, msg.ns, msg.extra
        why: Why = "the order of the records is changed"
        if not self.config.weighted:
            answer, ns, extra = self._shuffled(answer), self._shuffled(ns), self._shuffled(extra)
            if self.config.prefer:
                answer, extra = self._nearest(answer), self._nearest(extra)
        elif kind in (A, AAAA, SRV):
            answer, extra = self._heaviest(answer), self._heaviest(extra)
        if answer == msg.answer and ns == msg.ns and extra == msg.extra:
            return result
        reply = msg.copy()
        reply.answer, reply.ns, reply.extra = answer, ns, extra
        return Result(reply, result.rcode, result.error, why, result.plugin)

    def _shuffled(self, rrs: list[RR]) -> list[RR]:
        if len(rrs) < 2:
            return rrs
        aliases, addresses, mx, rest = _sorted(rrs)
        return aliases + rest + self._drawn(addresses) + self._drawn(mx)

    def _drawn(self, rrs: list[RR]) -> list[RR]:
        """Any order, each as likely as the others; as they are if the first is chosen each time. (Up to 1.8.6 some
        orders of three and more were a little likelier than others.)"""
        world = self.setup.world
        for i in range(len(rrs) - 1):
            left = rrs[i:]
            if left.count(left[0]) == len(left):
                break
            at = rrs.index(world.choose(left, f"loadbalance: which of {len(left)} records comes next"), i)
            rrs[i], rrs[at] = rrs[at], rrs[i]
        return rrs

    def _heaviest(self, rrs: list[RR]) -> list[RR]:
        aliases, addresses, mx, rest = _sorted(rrs)
        if not addresses:
            return rrs
        weighed = sorted(((self._weight(rr), i) for i, rr in enumerate(addresses)), key=lambda x: -x[0])
        weighed = [(weight, i) for weight, i in weighed if weight]
        if not weighed:
            raise Panic("invalid argument to Intn")
        if addresses.count(addresses[0]) < len(addresses):
            options = Weighted((addresses[i] for _, i in weighed), (weight for weight, _ in weighed))
            at = addresses.index(self.setup.world.choose(options, "loadbalance: which address comes first"))
            addresses[0], addresses[at] = addresses[at], addresses[0]
        return aliases + rest + addresses + mx

    def _weight(self, rr: RR) -> int:
        return self.weights.get(rr[0], {}).get(rr[4][0], 1)

    def _nearest(self, rrs: list[RR]) -> list[RR]:
        aliases, addresses, mx, rest = _sorted(rrs)
        return aliases + sorted(addresses, key=self._rank) + mx + rest

    def _rank(self, rr: RR) -> int:
        text = rr[4][0]
        rank = self.ranks.get(text)
        if rank is None:
            from ipaddress import ip_address

            ip = ip_address(text)
            rank = next((i for i, net in enumerate(self.config.prefer) if ip in net), len(self.config.prefer))
            self.ranks[text] = rank
        return rank


def _no_policy(policy: str, release: Release) -> Invalid:
    known = "`round_robin`" if release < "1.10.1" else "`round_robin` and `weighted`"
    return Invalid(
        f"there is no policy `{policy}`",
        hint=f"CoreDNS {release} has {known}",
        coredns=f"unknown policy: {policy}",
        located=False,
    )


def _sorted(rrs: list[RR]) -> tuple[list[RR], list[RR], list[RR], list[RR]]:
    """Aliases, addresses, MX records and the rest."""
    aliases: list[RR] = []
    addresses: list[RR] = []
    mx: list[RR] = []
    rest: list[RR] = []
    of = {CNAME: aliases, A: addresses, AAAA: addresses, MX: mx}
    for rr in rrs:
        of.get(rr[1], rest).append(rr)
    return aliases, addresses, mx, rest


__all__ = ["Config", "Loadbalance"]
