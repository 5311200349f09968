"""A query while rules change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...chain.scrub import edns_size
from ...dns.escapes import is_spelled_otherwise, printed_name
from ...dns.wire import ends_signed
from ...golang.domains import lower
from ...plugin import Edns, Msg, Query, Question, dns
from ._rules import RewriteRules

if TYPE_CHECKING:
    from ._reply import ReplyRule

SIZE = 4096
"""Octets that a query without EDNS advertises once a rule about EDNS was tried on it."""


def printed(name: str) -> str:
    """A name as plugins see it, which may have been put together of any words."""
    return printed_name(name) if is_spelled_otherwise(name) else name


class Local(bytes):
    """The data of an option that a `local` rule has added: rules about options of its code that are known do not see it."""

    __slots__ = ()


class Added(bytes):
    """The data of an option of a known kind that a rule has added, and not the client."""

    __slots__ = ()


class Request:
    """The question and the OPT record as the rules before have left them. ctx: of the exchange."""

    __slots__ = ("_query", "cls", "ctx", "edns", "qname", "rules", "type")

    def __init__(self, query: Query, rules: RewriteRules) -> None:
        self._query = query
        self.rules = rules
        self.ctx = query.ctx
        self.qname = query.qname
        self.type = query.type
        self.cls = query.cls
        self.edns = query.msg.edns

    def as_it_is(self) -> Request:
        """The same, apart from what rules behind do to it."""
        other = Request(self._query, self.rules)
        other.qname, other.type, other.cls, other.edns = self.qname, self.type, self.cls, self.edns
        return other

    @property
    def name(self) -> str:
        """The name that rules look at."""
        return lower(printed(self.qname)) if self.rules.folds else self.qname

    def opt(self) -> Edns:
        """The OPT record, which from now on there is."""
        if self.edns is None:
            self.edns = Edns(SIZE, self.rules.sets_do, last=ends_signed(self._query.msg))
        return self.edns

    def message(self) -> Msg:
        """The message as it is now."""
        msg = self._query.msg.copy()
        msg.question = Question(printed(self.qname), self.type, self.cls)
        msg.edns = self.edns
        return msg

    @property
    def changed(self) -> bool:
        """Whether it differs from the query."""
        query = self._query
        now = (self.qname, self.type, self.cls, self.edns)
        return now != (query.qname, query.type, query.cls, query.msg.edns)


class Rewritten(Query):
    """The query that goes on. original: the client's question. reply_rules: what is changed in its replies, in the order of
    the rules. stopped: whether a rule has ended the list."""

    __slots__ = ("original", "reply_rules", "stopped")

    def __init__(self, query: Query, request: Request, reply_rules: list[ReplyRule], *, stopped: bool) -> None:
        size = query.size
        if request.edns is not query.msg.edns and request.edns is not None:
            size = edns_size(query.ctx.proto, request.edns.udp)
        super().__init__(request.message() if request.changed else query.msg, query.ctx, size)
        self.began = query.began
        self.original = dns.Question(query.qname, query.type, query.cls)
        self.reply_rules = reply_rules
        self.stopped = stopped


__all__ = ["Added", "Local", "Request", "Rewritten", "printed"]
