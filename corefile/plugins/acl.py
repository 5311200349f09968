"""acl - decides by client and type who may ask for which names.

Description: for a name in ZONES the lines of the block are looked through, and the first one that the client's address and the
question's type fit decides: `allow` lets the query on, `block` answers REFUSED, `filter` answers without records, `drop` does not
answer. Several `acl` are looked through in turn; `allow` ends that. A query that no line fits goes on. Since 1.9.4 the replies say
why with an extended DNS error (RFC 8914).

Syntax:

    acl [ZONES...] {
        ACTION [type QTYPE...] [net SOURCE...]
    }

ACTION is `allow`, `block`, `filter` (since 1.8.2) or `drop` (since 1.10.1). SOURCE is a network or an address; `*` stands for any
type or source, and so does a section that is left out.

Examples: `acl { allow net 10.0.0.0/8  block }` answers only clients inside; `acl example.org { filter type AAAA }` hides IPv6
addresses.
"""

from __future__ import annotations

from itertools import takewhile

from ..dns.codes import type_name
from ..golang.addresses import Network, number_of, parse_cidr, with_prefix
from ..light import NamedTuple
from ..plugin import (
    NEXT,
    Client,
    Declaration,
    Flag,
    Gate,
    Given,
    Invalid,
    Landmark,
    Lines,
    Next,
    Outcome,
    Property,
    Query,
    Reads,
    Reason,
    RecordType,
    Release,
    ReleaseRules,
    Rest,
    Setup,
    Type,
    Zones,
    changed,
    dns,
    failed,
    longest_match,
    quote,
    since,
)

SECTIONS = ("type", "net")
EXTENDED_ERROR = 15
"""The EDNS option of extended DNS errors (RFC 8914)."""
CODES = {"block": 15, "filter": 17}
"""Its codes `Blocked` and `Filtered`."""
VERBS = {"block": "blocked", "filter": "filtered", "drop": "dropped"}

EVERY_CLIENT = (Network(0, 0, 32), Network(0, 0, 128))

QTYPE = RecordType(error="unexpected token {quoted}; expect legal QTYPE")

DECIDED = Reason("decided", "{} asks for {} {}: `{}`")
NOT_NAMED = Reason("no-line-fits", "no line fits {} asking for {}")


class Policy(NamedTuple):
    """A line. types: numbers, None for all. networks: of clients."""

    action: str
    types: frozenset[int] | None
    networks: tuple[Network, ...]


class _Network(Type):
    """An address or a network."""

    def convert(self, text: str, release: Release) -> Network:
        """The network. Raises Invalid."""
        found = parse_cidr(with_prefix(text))
        if found is None:
            raise Invalid(
                f"`{text}` is neither an address nor a network",
                hint="such as 10.0.0.0/8 or 2001:db8::1",
                coredns=f"illegal CIDR notation {quote(with_prefix(text))}",
            )
        return found


NETWORK = _Network()


def _policy(line: Given, setup: Setup) -> Policy:
    """The line's sections. Raises Invalid in CoreDNS's words."""
    words = list(line.words)
    types: set[int] | None = None
    networks: list[Network] | None = None
    every = False
    while words:
        head = words.pop(0)
        section = head.text
        if section.lower() not in SECTIONS:
            raise Invalid(
                f"`{section}` is neither `type` nor `net`",
                hint=f"write `{line.name} net {section}`" if parse_cidr(with_prefix(section)) else "",
                coredns=f"unexpected token {quote(section)}; expect 'type | net'",
                at=head.span,
            )
        section = section.lower()
        given = list(takewhile(lambda word: word.text.lower() not in SECTIONS, words))
        del words[: len(given)]
        if not given:
            said = f'no token specified in "{section}" section'
            raise Invalid(f"`{section}` names nothing", coredns=said, at=head.span)
        star = next((at for at, word in enumerate(given) if word.text == "*"), None)
        kind = QTYPE if section == "type" else NETWORK
        found = kind.each(given[:star], setup.release)  # no further than to a `*`
        if section == "type":
            every = every or star is not None
            types = {*(types or ()), *found}
        else:
            # The tree that CoreDNS has them in takes an IPv4 network inside IPv6 for one of IPv6 (go-trees, iptree.go).
            own = [network for network in found if network.unmapped() is network]
            networks = [*(networks or ()), *own] if star is None else list(EVERY_CLIENT)
    kept = None if types is None or every else frozenset(types)
    return Policy(line.name, kept, EVERY_CLIENT if networks is None else tuple(networks))


def _action(name: str, *, since: str | None = None, doc: str) -> Property:
    return Property(name, Rest("words"), repeat="all", read=_policy, rule="line", since=since, doc=doc)


class Acl(Gate):
    """Blocks, filters or drops queries."""

    class Config(Declaration):
        zones: tuple[str, ...] = Zones()
        policies: tuple[Policy, ...] = Lines(
            _action("allow", doc="let the query on"),
            _action("block", doc="answer REFUSED"),
            _action("filter", since="1.8.2", doc="answer without records"),
            _action("drop", since="1.10.1", doc="do not answer"),
        )

    class Rules(ReleaseRules):
        says_why = since("1.9.4", "replies have an OPT record with an extended DNS error, whatever the client sent")
        scoped_clients = since("1.9.3", "an address with a zone (`fe80::1%eth0`) is read without it")
        counts = changed(
            ("coredns_dns_request_", "_count_total"),
            {"1.7.0": ("coredns_acl_", "_requests_total")},
            "names of counters",
        )
        verbs = since(
            "1.7.0", "counters are called after what happened (`blocked`), before that after the action (`block`)"
        )
        view = since("1.10.0", "counters have the label `view`")

    READS = Reads(
        several="all",
        fold=True,
        unknown=changed(
            "unexpected token {quoted}; expect 'allow' or 'block'",
            {
                "1.8.2": "unexpected token {quoted}; expect 'allow', 'block', or 'filter'",
                "1.10.1": "unexpected token {quoted}; expect 'allow', 'block', 'filter' or 'drop'",
            },
        ),
    )
    config: tuple[Config, ...]
    rules: Rules

    def admit(self, query: Query, zone: str) -> Outcome:
        """What the first line that fits says."""
        ctx = query.ctx
        client = number_of(ctx.client.partition("%")[0] if self.rules.scoped_clients else ctx.client)
        for number, config in enumerate(self.config):
            own = longest_match(config.zones, query.name)
            if own is None:
                continue
            policy = _decide(config.policies, client, query.type)
            if policy is None:
                continue
            if ctx.trace is not None:
                alike = [other for other in config.policies if other.action == policy.action]
                ctx.trace.used(self, number, f"{policy.action} {alike.index(policy)}")
            if policy.action == "allow":
                break
            return self._refuse(query, policy.action, own)
        self._count("allow", query)
        return NEXT if ctx.trace is None else Next(NOT_NAMED(ctx.client, query.qname))

    def as_last(self, query: Query) -> str:
        """CoreDNS has the question's name there."""
        return query.name

    def _refuse(self, query: Query, action: str, zone: str) -> Outcome:
        self._count(action, query, zone)
        why = DECIDED(query.ctx.client, query.qname, type_name(query.type), action)
        if action == "drop":
            return failed(dns.NOERROR, None, why)
        reply = query.msg.reply(dns.REFUSED if action == "block" else dns.NOERROR)
        if self.rules.says_why:
            reply.edns = dns.Edns(4096, True, 0, ((EXTENDED_ERROR, CODES[action].to_bytes(2, "big")),))
        return self.write(query, reply, why)

    def _count(self, action: str, query: Query, zone: str = "") -> None:
        head, tail = self.rules.counts
        word = VERBS.get(action, "allowed") if self.rules.verbs else action
        labels = [("server", query.ctx.server), *([("zone", zone)] if zone else [])]
        if self.rules.view:
            labels.append(("view", query.ctx.view))
        self.setup.instance.metrics.inc(f"{head}{word}{tail}", tuple(labels))

    def landmarks(self) -> list[Landmark]:
        """The networks and types of its lines; what says why is put into the OPT record."""
        policies = [policy for config in self.config for policy in config.policies]
        clients = [Client(str(network)) for policy in policies for network in policy.networks]
        flags = [f"type {type_name(t)}" for policy in policies for t in policy.types or ()]
        return [*clients, *map(Flag, (*flags, *(("do", "edns") if self.rules.says_why else ())))]


def _decide(policies: tuple[Policy, ...], client: tuple[int, int] | None, type: int) -> Policy | None:
    for policy in policies:
        if policy.types is None or type in policy.types:
            for network in policy.networks:
                if network.holds(client):
                    return policy
    return None
