"""What travels through a chain, and what a plugin can say about it.

A plugin's `serve(query)` returns one of these values:

* `Next` (kind *next*, *fallthrough* or *hint*): the next plugin is asked. `query` replaces the query for those behind;
  `then` sees their result on the way back and returns the one to use instead.
* `Result` (kind *handled* or *failed*): the chain ends here. `reply` is the message that was written, if any; `rcode`
  is what CoreDNS's `ServeDNS` returns: for SERVFAIL, REFUSED, FORMERR and NOTIMP the server writes the reply itself
  (plugin/plugin.go, `ClientWrite`), for every other code it believes that one was written.

`why` is text, or a tuple `(template, *arguments)` that is formatted only where a trace is read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from ..dns.message import FORMERR, NOERROR, NOTIMP, REFUSED, SERVFAIL, Msg, Question

if TYPE_CHECKING:
    from ..world import World
    from .trace import Trace

Why: TypeAlias = "str | tuple[Any, ...]"

SERVER_WRITES = frozenset((SERVFAIL, REFUSED, FORMERR, NOTIMP))


def words(why: Why) -> str:
    """`why` as text."""
    return why if isinstance(why, str) else str(why[0]).format(*why[1:])


class Context:
    """What belongs to one exchange with a client, shared by all queries that it leads to.

    `elapsed` is the time in seconds that answering has taken so far in the simulated world (waiting for an upstream,
    a delay of `erratic`); the clock itself moves only when the caller moves it.
    """

    __slots__ = (
        "again",
        "client",
        "client_port",
        "depth",
        "elapsed",
        "entries",
        "family",
        "loop",
        "metadata",
        "proto",
        "server",
        "server_ip",
        "server_port",
        "site",
        "trace",
        "transport",
        "view",
        "world",
    )

    def __init__(
        self,
        world: World,
        *,
        client: str,
        client_port: int,
        server: str,
        server_ip: str,
        server_port: int,
        proto: str = "udp",
        transport: str = "dns",
        trace: Trace | None = None,
        depth: int = 0,
    ) -> None:
        self.world = world
        self.client = client
        self.client_port = client_port
        self.server = server  # as metrics name it: `dns://:53`
        self.server_ip = server_ip
        self.server_port = server_port
        self.proto = proto  # 'udp' or 'tcp'
        self.transport = transport
        self.family = 2 if ":" in client else 1
        self.trace = trace
        self.depth = depth
        self.elapsed = 0.0
        self.entries = 0  # how often the server has asked itself on the way here
        self.loop = 0  # how many aliases on the way here were looked up through the server itself
        self.again: Msg | None = None  # what the server sends after the reply: plugin and server both wrote one
        self.site: Any = None
        self.view = ""
        self.metadata: dict[str, Callable[[], str]] | None = None

    def beside(self, proto: str | None = None) -> Context:
        """A context for work beside the exchange: the same client and server, its own waiting, no trace."""
        other = Context(
            self.world,
            client=self.client,
            client_port=self.client_port,
            server=self.server,
            server_ip=self.server_ip,
            server_port=self.server_port,
            proto=proto or self.proto,
            transport=self.transport,
            depth=self.depth,
        )
        other.elapsed, other.site, other.view, other.loop = self.elapsed, self.site, self.view, self.loop
        other.metadata = None if self.metadata is None else dict(self.metadata)
        return other

    def now(self) -> float:
        """The time at this point of the exchange: seconds since the epoch."""
        return self.world.clock.now + self.elapsed


class Query:
    """One question on its way through a chain. Never changed: `asking()` gives a changed copy.

    `name` is lower case with a trailing dot; `qname` is in the asker's spelling. `size` is the advertised buffer in
    octets, as CoreDNS normalises it. `became` is the query that a plugin behind passed on in its place: CoreDNS's
    plugins change the one request that all of them hold, so whoever looks at it on the way back sees `final`.
    """

    __slots__ = ("became", "cls", "ctx", "do", "msg", "name", "qname", "size", "type")

    def __init__(self, msg: Msg, ctx: Context, size: int = 512) -> None:
        question = msg.question
        assert question is not None
        self.msg = msg
        self.ctx = ctx
        self.qname = question[0]
        self.name = question[0].lower()
        self.type = question[1]
        self.cls = question[2]
        self.do = msg.edns is not None and msg.edns.do
        self.size = size
        self.became: Query | None = None

    @property
    def final(self) -> Query:
        """The query as the plugins behind have left it."""
        query = self
        while query.became is not None:
            query = query.became
        return query

    def asking(self, name: str | None = None, type: int | None = None, *, msg: Msg | None = None) -> Query:
        """The same query with another question, or with another message altogether."""
        if msg is None:
            msg = self.msg.copy()
            msg.question = Question(self.qname if name is None else name, self.type if type is None else type, self.cls)
        return Query(msg, self.ctx, self.size)

    def beside(self, ctx: Context) -> Query:
        """The same question asked in another context."""
        return Query(self.msg, ctx, 65535 if ctx.proto == "tcp" else self.size)


class Result:
    """The end of a chain: a reply was written, or the plugin failed. See the module's docstring."""

    __slots__ = ("error", "kind", "later", "plugin", "rcode", "reply", "unsendable", "why")

    def __init__(
        self, reply: Msg | None, rcode: int = NOERROR, error: str | None = None, why: Why = "", plugin: str = ""
    ) -> None:
        self.reply = reply
        self.unsendable = False  # whether `reply` has a name with no wire form: all see it but the client
        self.later: tuple[Msg, ...] = ()  # what was written to the client after `reply`: the rest of a zone transfer
        self.rcode = rcode
        self.error = error  # the Go error's text, which `errors` logs
        self.why = why
        self.plugin = plugin
        self.kind = "handled" if reply is not None else "failed"

    @property
    def server_writes(self) -> bool:
        """Whether the server (or the first observer on the way back) has to write the reply for `rcode`."""
        return self.rcode in SERVER_WRITES


class Next:
    """The plugin passes on to the one behind it. See the module's docstring."""

    __slots__ = ("changed", "kind", "query", "then", "why")

    def __init__(
        self,
        why: Why = "",
        *,
        query: Query | None = None,
        then: Then | None = None,
        kind: str = "next",
        changed: Why = "",
    ) -> None:
        self.why = why
        self.query = query
        self.then = then
        self.kind = kind
        self.changed = changed


Outcome: TypeAlias = "Next | Result"
Then: TypeAlias = "Callable[[Result], Result]"

NEXT = Next()


def failed(rcode: int, error: str | None, why: Why = "") -> Result:
    """No reply was written; the server makes one of `rcode`."""
    return Result(None, rcode, error, why or error or "")


def fallthrough(why: Why = "", *, query: Query | None = None, then: Then | None = None) -> Next:
    """The plugin owns the zone, has no answer, and its `fallthrough` covers the name."""
    return Next(why, query=query, then=then, kind="fallthrough")


def hint(why: Why = "", *, query: Query | None = None, then: Then | None = None, changed: Why = "") -> Next:
    """Something was added or changed for the plugins behind: a rewritten question, metadata."""
    return Next(why, query=query, then=then, kind="hint", changed=changed)
