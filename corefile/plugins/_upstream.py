"""Names that a plugin resolves through the server that runs it, or (`upstream ADDRESS...`, up to 1.3.1) elsewhere.

Source: plugin/pkg/upstream of each release. A lookup through the server goes its whole way again: server block, chain,
log lines, cache. What changed when:

* to 1.0.5: `upstream` needs addresses; without it nothing is resolved.
* 1.0.6: `upstream` alone means the server itself; the request's EDNS goes with the question.
* 1.1.4: it does not any more; without `upstream` there is no answer at all (nil, where there was an empty one).
* 1.4.0: always the server itself; `upstream` is read without effect, and gone in 1.7.0.
* 1.7.1: every lookup has EDNS, with the client's size and DO bit.
* 1.8.5: the lookup is the client's own message with another question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..chain.instance import MAX_DEPTH
from ..dns.codes import IN
from ..dns.escapes import printed_name
from ..dns.message import Edns, Msg, Question

if TYPE_CHECKING:
    from ..chain.query import Query
    from ..chain.setup import Setup

TRY_FOR = 16.0  # seconds that `proxy` tries its hosts for
PATIENCE = 5.0  # seconds that it waits for one answer

PANIC = "runtime error: invalid memory address or nil pointer dereference"
"""What Go says where a plugin uses an answer that is not there."""


class Failed(Exception):
    """The lookup came back with an error."""


class Upstream:
    """Where a plugin resolves names. `addresses` are those of `upstream`, () for `upstream` alone, None without it."""

    def __init__(self, setup: Setup, addresses: tuple[str, ...] | None = None) -> None:
        release = setup.release
        self.instance = setup.instance
        self.addresses = addresses or ()
        self.itself = release >= "1.4.0" or (addresses == () and release >= "1.0.6")
        self.nothing_is_an_error = release < "1.0.6"
        self.nothing_is_empty = release < "1.1.4"
        self.with_edns = release < "1.1.4" or release >= "1.7.1"
        self.always_edns = release >= "1.7.1" and release < "1.8.5"
        self.own_message = release >= "1.8.5"

    def lookup(self, query: Query, name: str, type: int) -> Msg | None:
        """The reply for `name` (with its trailing dot); None where none came. Raises Failed for an error."""
        if "\\" in name:
            name = printed_name(name)  # what plugins see of a question's name (request.Name)
        if self.itself:
            return self._ask_itself(query, self._message(query, name, type))
        if self.addresses:
            return self._ask_others(query, self._message(query, name, type))
        if self.nothing_is_an_error:
            raise Failed
        return Msg() if self.nothing_is_empty else None

    def _message(self, query: Query, name: str, type: int) -> Msg:
        if self.own_message:
            msg = query.msg.copy()
            msg.question = Question(name, type, IN)
            return msg
        edns = query.msg.edns
        if self.always_edns:
            edns = Edns(query.size & 0xFFFF, query.do)
        elif not (self.with_edns or self.addresses):
            edns = None
        return Msg(Question(name, type, IN), id=query.msg.id, rd=True, edns=edns)

    def _ask_itself(self, query: Query, msg: Msg) -> Msg | None:
        ctx = query.ctx
        listener = next((x for x in self.instance.listeners if x.label == ctx.server), None)
        if listener is None or ctx.depth >= MAX_DEPTH:
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

    def _ask_others(self, query: Query, msg: Msg) -> Msg | None:
        ctx, network = query.ctx, self.instance.network
        if network is None:
            raise Failed
        up = dict.fromkeys(self.addresses, 0)
        began = ctx.elapsed
        while up and ctx.elapsed - began < TRY_FOR:
            address = ctx.world.choose(tuple(up), "which of the upstreams is asked")
            answer = network.exchange(address, msg, ctx)
            if answer.reply is not None and answer.elapsed <= PATIENCE:
                ctx.elapsed += answer.elapsed
                return answer.reply
            if answer.fault in ("refused", "unreachable"):
                up[address] += 1
                if up[address] >= 3:
                    del up[address]
            else:
                ctx.elapsed += PATIENCE
        raise Failed


__all__ = ["PANIC", "Failed", "Upstream"]
