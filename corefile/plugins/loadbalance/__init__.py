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

from collections.abc import Iterator
from typing import Any

from ...dns.rr import NIL
from ...golang import addresses
from ...language.words import Token
from ...plugin import (
    Cidr,
    Declaration,
    Duration,
    Exact,
    Filter,
    Flag,
    Given,
    Invalid,
    Landmark,
    Line,
    Opt,
    Panic,
    Query,
    Reads,
    Reason,
    Rest,
    Result,
    Setup,
    Type,
    dns,
    since,
    wrong_count,
)
from ...world import Weighted
from .._paths import below_root
from ._rules import FAR, LoadbalanceRules
from ._weights import WeightFile

SHUFFLED = Reason("order-changed", "the order of the records is changed")
WEIGHED = Reason("heaviest-first", "of the addresses of {}, {} comes first (its weight is {} of {})")


class Behind(Type):
    """What stands behind the policy: tokens, none of a line behind which nothing is read."""

    def settle(self, value: Any, given: Given, setup: Setup) -> tuple[Token, ...]:
        """The tokens."""
        return () if given.unread and LoadbalanceRules.of(setup.release).one_argument else given.words[1:]


def _weighted(words: tuple[str, ...]) -> bool:
    """Whether the policy is that of weights, which has properties of its own."""
    return words[:1] == ("weighted",)


class Loadbalance(Filter):
    """Changes the order of records on the way back."""

    class Config(Declaration):
        policy: str = Opt(default="round_robin", doc="`round_robin` or `weighted`")
        file: tuple[Token, ...] = Rest(Behind(), doc="the weight file of `weighted`")
        reload: float = Line(
            Duration(error="invalid reload duration '{}'"),
            default=30.0,
            since="1.10.1",
            when=_weighted,
            arity=("reload duration value is missing", "unexpected argument"),
            doc="how often to look at the weight file again; 0 for never",
        )
        prefer: tuple[addresses.Network, ...] = Line(
            Rest("networks", Cidr(error="invalid CIDR {quoted}: invalid CIDR address: {}")),
            repeat="join",
            since="1.12.4",
            when=lambda words: not _weighted(words),
            doc="networks whose addresses come first",
        )

    Rules = LoadbalanceRules
    READS = Reads(block=since("1.10.1"), far=FAR)
    WRITER = True
    PASSES = "passes on, and shuffles the answer on its way back"
    config: Config
    rules: LoadbalanceRules

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """Which policies there are, and what stands behind them."""
        policy, more, rules = given.values["policy"], given.values["file"], cls.Rules.of(setup.release)
        if rules.one_argument and (more or not rules.checks_alone):
            return
        if policy not in rules.policies:
            raise Invalid(
                f"there is no policy `{policy}`",
                hint=f"CoreDNS {setup.release} has {' and '.join(f'`{p}`' for p in rules.policies)}",
                choices=tuple(rules.policies),
                at=given.words[0].span,
                coredns=f"unknown policy: {policy}",
                located=False,
            )
        if policy == "weighted" and len(more) != 1:
            raise Invalid(
                "`weighted` takes one argument",
                hint="write `loadbalance weighted WEIGHTFILE`",
                at=given.words[0].span,
                coredns="unexpected argument(s)" if more else "missing weight file argument",
            )
        if policy == "round_robin" and more:
            raise Invalid(
                "`round_robin` takes no argument",
                hint="write `loadbalance round_robin`",
                at=given.words[0].span,
                coredns="unknown property for round_robin",
            )

    @classmethod
    def merge(cls, configs: list[Config], setup: Setup) -> Config:
        """A line with `weighted` replaces what stands before it; one without changes the policy and adds networks."""
        if cls.Rules.of(setup.release).one_argument and configs[-1].file:
            surplus = configs[-1].file[-1]
            raise Invalid(
                "`loadbalance` takes one argument",
                hint="write `loadbalance round_robin`",
                at=surplus,
                coredns=wrong_count(surplus.text),
            )
        out = configs[0]
        for config in configs[1:]:
            weighted = config.policy == "weighted"
            out = config if weighted else out.replace(policy=config.policy, prefer=out.prefer + config.prefer)
        return out

    def prepare(self) -> None:
        """The weight file, which is read also where a later line has the other policy."""
        config = self.config
        self.weighted = config.policy == "weighted" and "weighted" in self.rules.policies  # once any word was taken
        self.weights: WeightFile | None = None
        if config.file and not self.rules.one_argument:
            word = config.file[0]
            path = below_root(self.setup.site, word.text)
            self.weights = WeightFile(path, config.reload, self.setup, word.span)
        self.ranks: dict[str, int] = {}

    def check(self) -> None:
        """Complain of a weight file with which CoreDNS does not start."""
        if self.weights is not None:
            self.weights.check()

    def start(self) -> None:
        """Read the weights, and again from time to time."""
        if self.weights is not None:
            self.weights.start()
            if self.weights.reload > 0:
                self.every(self.weights.reload, self.weights.look)

    # -- answers --------------------------------------------------------------------------------------------------

    def back(self, query: Query, result: Result) -> Result:
        """The result with its records in another order."""
        msg = result.reply
        if msg is None or msg.rcode != dns.NOERROR or msg.question is None:
            return result
        few = len(msg.answer) < 2 and len(msg.extra) < 2 and len(msg.ns) < 2
        if few and not self.weighted and NIL not in (*msg.answer, *msg.ns, *msg.extra):
            return result
        kind = msg.question[1]
        if self.rules.skips_transfers and kind in (dns.AXFR, dns.IXFR):
            return result
        answer, ns, extra, why = msg.answer, msg.ns, msg.extra, SHUFFLED()
        if not self.weighted:
            answer, ns, extra = self._shuffled(answer), self._shuffled(ns), self._shuffled(extra)
            if self.config.prefer:
                answer, extra = self._nearest(answer), self._nearest(extra)
        elif kind in (dns.A, dns.AAAA, dns.SRV):
            answer, extra = self._heaviest(answer), self._heaviest(extra)
            why = self._weighing(answer) or self._weighing(extra)
        if answer == msg.answer and ns == msg.ns and extra == msg.extra:
            return result
        reply = msg.copy()
        reply.answer, reply.ns, reply.extra = answer, ns, extra
        return result.replying(reply, why)

    def _shuffled(self, rrs: list[dns.RR]) -> list[dns.RR]:
        if len(rrs) < 2 and NIL not in rrs:  # which panics as it is looked at
            return rrs
        aliases, addresses, mx, rest = _sorted(rrs)
        return aliases + rest + self._drawn(addresses) + self._drawn(mx)

    def _drawn(self, rrs: list[dns.RR]) -> list[dns.RR]:
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

    def _heaviest(self, rrs: list[dns.RR]) -> list[dns.RR]:
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

    def _weight(self, rr: dns.RR) -> int:
        assert self.weights is not None
        return self.weights.weight(rr[0], rr[4][0])

    def _weighing(self, rrs: list[dns.RR]) -> Any:
        """Why the first of the addresses is the first; '' where there is none."""
        addresses = _sorted(rrs)[1]
        if not addresses:
            return ""
        weights = [self._weight(rr) for rr in addresses]
        return WEIGHED(addresses[0][0], addresses[0][4][0], weights[0], sum(weights))

    def _nearest(self, rrs: list[dns.RR]) -> list[dns.RR]:
        aliases, addresses, mx, rest = _sorted(rrs)
        return aliases + sorted(addresses, key=self._rank) + mx + rest

    def _rank(self, rr: dns.RR) -> int:
        text = rr[4][0]
        rank = self.ranks.get(text)
        if rank is None:
            number, prefer = addresses.number_of(text), self.config.prefer
            rank = self.ranks[text] = next((i for i, net in enumerate(prefer) if net.holds(number)), len(prefer))
        return rank

    def landmarks(self) -> Iterator[Landmark]:
        """The types that it looks at, and the names that have weights."""
        kinds = ("A", "AAAA", "SRV") if self.weighted else ()
        yield from (Flag(f"type {kind}") for kind in (*kinds, "AXFR", "IXFR"))
        if self.weights is not None:
            yield from (Exact(name.lower()) for name in self.weights.weights)


def _sorted(rrs: list[dns.RR]) -> tuple[list[dns.RR], list[dns.RR], list[dns.RR], list[dns.RR]]:
    """Aliases, addresses, MX records and the rest."""
    aliases: list[dns.RR] = []
    addresses: list[dns.RR] = []
    mx: list[dns.RR] = []
    rest: list[dns.RR] = []
    of = {dns.CNAME: aliases, dns.A: addresses, dns.AAAA: addresses, dns.MX: mx}
    for rr in rrs:
        of.get(rr[1], rest).append(rr)
    return aliases, addresses, mx, rest


__all__ = ["Loadbalance"]
