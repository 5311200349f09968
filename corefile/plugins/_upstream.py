"""Names that a plugin resolves through the server that runs it, or (`upstream ADDRESS...`, up to 1.3.1) elsewhere.

Source: plugin/pkg/upstream of each release. A lookup through the server goes its whole way again: server block, chain,
log lines, cache.
"""

from __future__ import annotations

from ..chain.instance import MAX_DEPTH
from ..dns.escapes import is_spelled_otherwise, printed_name
from ..plugin import Panic, Query, ReleaseRules, Setup, between, changed, dns, since, until

TRY_FOR = 16.0
"""Seconds that `proxy` tries its hosts for."""
PATIENCE = 5.0
"""Seconds that it waits for one answer."""

SECURE = frozenset(("tls", "https", "grpc"))
"""Transports whose servers did not put themselves into the context of a query up to 1.5.0."""

PANIC = "runtime error: invalid memory address or nil pointer dereference"
"""What Go says where a plugin uses an answer that is not there."""


class Failed(Exception):
    """The lookup came back with an error."""


class UpstreamRules(ReleaseRules):
    """The history of CoreDNS's look-ups."""

    alone_is_itself = since("1.0.6", "`upstream` without addresses means the server itself")
    always_itself = since("1.4.0", "names are always looked up through the server; `upstream` has no effect")
    nothing_is_an_error = until("1.0.6", "without `upstream` a look-up fails")
    nothing_is_empty = until("1.1.4", "without `upstream` a look-up has an empty reply; later none at all")
    no_edns = between("1.1.4", "1.7.1", "the question to the server itself has no EDNS; before, that of the request")
    always_edns = between("1.7.1", "1.8.5", "the question has EDNS, with the client's size and DO bit")
    elsewhere = changed(
        "interface conversion: interface {} is nil, not *dnsserver.Server",
        {"1.4.0": "", "1.5.1": None},
        "what happens over TLS, HTTPS and gRPC, where a look-up does not find the server: a panic, an error, nothing",
    )
    own_message = since("1.8.5", "the question is the client's own message with another name and type")


class Upstream:
    """Where a plugin resolves names. `addresses` are those of `upstream`, () for `upstream` alone, None without it."""

    def __init__(self, setup: Setup, addresses: tuple[str, ...] | None = None) -> None:
        self.rules = rules = UpstreamRules.of(setup.release)
        self.setup = setup
        self.instance = setup.instance
        self.addresses = addresses or ()
        self.itself = rules.always_itself or (addresses == () and rules.alone_is_itself)

    def lookup(self, query: Query, name: str, type: int) -> dns.Msg | None:
        """The reply for `name` (with its trailing dot); None where none came. Raises Failed for an error."""
        if is_spelled_otherwise(name):
            name = printed_name(name)  # what plugins see of a question's name (request.Name)
        if self.itself:
            return self._ask_itself(query, self._message(query, name, type))
        if self.addresses:
            return self._ask_others(query, self._message(query, name, type))
        if self.rules.nothing_is_an_error:
            raise Failed
        return dns.Msg() if self.rules.nothing_is_empty else None

    def _message(self, query: Query, name: str, type: int) -> dns.Msg:
        question = dns.Question(name, type, dns.IN)
        if self.rules.own_message:
            msg = query.msg.copy()
            msg.question = question
            return msg
        edns = query.msg.edns
        if self.rules.always_edns:
            edns = dns.Edns(query.size & 0xFFFF, query.do)
        elif self.rules.no_edns and not self.addresses:
            edns = None
        return dns.Msg(question, id=query.msg.id, rd=True, edns=edns)

    def _ask_itself(self, query: Query, msg: dns.Msg) -> dns.Msg | None:
        ctx, elsewhere = query.ctx, self.rules.elsewhere
        if elsewhere is not None and ctx.transport in SECURE:
            if elsewhere:
                raise Panic(elsewhere)
            raise Failed
        listener = next((x for x in self.instance.listeners if x.label == ctx.server), None)
        if listener is None or (ctx.depth >= MAX_DEPTH and ctx.depth > ctx.entries):  # it sees to its own rounds itself
            return None
        kept = ctx.site, ctx.view, ctx.metadata
        ctx.depth += 1
        ctx.entries += 1
        try:
            return self.instance.exchange(msg, ctx, listener)
        finally:
            ctx.depth -= 1
            ctx.entries -= 1
            ctx.site, ctx.view, ctx.metadata = kept

    def forward(self, query: Query, msg: dns.Msg) -> dns.Msg:
        """The reply of one of the other servers to a message as it is. Raises Failed."""
        return self._ask_others(query, msg)

    def _ask_others(self, query: Query, msg: dns.Msg) -> dns.Msg:
        ctx, network = query.ctx, self.instance.network
        if network is None:
            raise Failed
        failures = dict.fromkeys(self.addresses, 0)
        began = ctx.elapsed
        while failures and ctx.elapsed - began < TRY_FOR:
            address = ctx.world.choose(tuple(failures), "which of the upstreams is asked")
            answer = network.exchange(address, msg, ctx)
            if answer.reply is not None and answer.elapsed <= PATIENCE:
                ctx.elapsed += answer.elapsed
                return answer.reply
            if answer.fault in ("refused", "unreachable"):
                failures[address] += 1
                if failures[address] >= 3:
                    del failures[address]
            else:
                ctx.elapsed += PATIENCE
        raise Failed


__all__ = ["PANIC", "Failed", "Upstream", "UpstreamRules"]
