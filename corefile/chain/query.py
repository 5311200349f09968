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

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeAlias

from ..dns.codes import FORMERR, NOERROR, NOTIMP, REFUSED, SERVFAIL
from ..dns.message import FirstQuestion, Msg, Question
from ..findings import Span
from ..light import NamedTuple
from ..world import World

if TYPE_CHECKING:
    from ..golang.x509 import Certificate

Why: TypeAlias = "str | tuple[Any, ...]"

SERVER_WRITES = frozenset((SERVFAIL, REFUSED, FORMERR, NOTIMP))
NO_DEADLINE = float("inf")


class Reason:
    """Why a plugin does what it does: a branch of its code, with a name that tests, coverage and comparisons use. `text` is
    a template for the arguments that stand behind it in a `Why`.

    >>> NO_ENTRY = Reason("no-entry", "no entry for {}")
    >>> words((NO_ENTRY, "a.example.")), name_of((NO_ENTRY, "a.example."))
    ('no entry for a.example.', 'no-entry')
    """

    __slots__ = ("name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text

    def __call__(self, *arguments: Any) -> Why:
        """This reason with its arguments."""
        return (self, *arguments)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Reason {self.name}>"

    def __deepcopy__(self, memo: object) -> Reason:
        return self  # it never changes

    def __reduce__(self) -> tuple[Any, ...]:
        return Reason, (self.name, self.text)

    def __eq__(self, other: object) -> bool:
        return self.name == other.name if isinstance(other, Reason) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.name)


def words(why: Why) -> str:
    """`why` as text. A reason may be among the arguments of another one."""
    if isinstance(why, str):
        return why
    return str(why[0]).format(*(words(x) if isinstance(x, tuple) and name_of(x) else x for x in why[1:]))


def name_of(why: Why) -> str:
    """The name of the reason, '' where it has none."""
    return why[0].name if why and isinstance(why, tuple) and isinstance(why[0], Reason) else ""


class Panic(Exception):
    """What a Go panic in a plugin is: the server answers SERVFAIL and logs the text."""


class PanicAside(Panic):
    """A Go panic in a goroutine that a plugin has started: nothing catches it, and the process ends."""


class Endless(Exception):
    """A plugin waits for what never comes, so that a query gets no answer, and no plugin in front of it sees a result."""


class Recorder(Protocol):
    """What keeps the trace of an exchange: a question goes to a server block and through its chain, and each plugin that is
    asked may ask questions of its own before it answers."""

    def chose(self, query: Query, server: dict[str, Any]) -> None:
        """Record which server block `query` goes to: its `site` (None where there is none), `zone`, and so on."""

    def behind(self, query: Query) -> None:
        """Record that the plugin at hand asks those behind it."""

    def enter(self, handler: Handler, query: Query) -> Any:
        """Record that `handler` is asked; what comes back is handed to `leave`, `again` and `back`."""

    def leave(self, hop: Any, handler: Handler, outcome: Outcome | None) -> None:
        """Record what `handler` said; None where it broke off."""

    def again(self, hop: Any) -> None:
        """Record that the plugin of `hop` sees the result."""

    def back(self, hop: Any, before: Result, after: Result) -> None:
        """Record what the plugin of `hop` made of the result on the way back."""

    def note(self, why: Why) -> None:
        """A remark of the plugin at hand, on the way in or back, or to the whole."""

    def used(self, handler: Handler, number: int, rule: str = "", *, passed: bool = False) -> None:
        """Record that the rule `number` of a handler (see `Handler.RULES`) fits the query, or has passed it on; or what a
        rule in its block has decided (see `Property.rule`)."""

    def finish(self, rcode: int | None, why: Why = "") -> None:
        """Record what came of the question at hand (None: no reply), and why, where no plugin had the last word."""


Sent: TypeAlias = "Callable[[tuple[Msg, ...]], None]"
"""Is called with what was written, as it left the server; with nothing where that has no wire form."""


class Context:
    """What belongs to one exchange with a client, shared by all queries that it leads to.

    `elapsed` is the time in seconds that answering has taken so far in the simulated world (waiting for an upstream,
    a delay of `erratic`); the clock itself moves only when the caller moves it.
    """

    __slots__ = (
        "afterwards",
        "again",
        "arrived",
        "asked",
        "client",
        "client_port",
        "deadline",
        "depth",
        "elapsed",
        "entries",
        "family",
        "later",
        "left_out",
        "loop",
        "metadata",
        "proto",
        "request",
        "server",
        "server_ip",
        "server_port",
        "site",
        "trace",
        "transport",
        "unsent",
        "view",
        "world",
        "written",
    )

    def __init__(
        self,
        world: World,
        client: str,
        client_port: int,
        server: str,
        server_ip: str,
        server_port: int,
        proto: str = "udp",
        transport: str = "dns",
        trace: Recorder | None = None,
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
        self.deadline = NO_DEADLINE  # `elapsed` at which the query is given up (Go's context)
        self.asked: list[int] | None = None  # how many servers were asked for it, those that they asked counted, too
        self.entries = 0  # how often the server has asked itself on the way here
        self.loop = 0  # how many aliases on the way here were looked up through the server itself
        self.again: Msg | None = None  # what the server sends after the reply: plugin and server both wrote one
        self.later: tuple[Msg, ...] = ()  # what the server sends after the reply: the rest of a zone transfer
        self.arrived: Msg | None = None  # the request as it came, where the server looks at its signature
        self.request: Msg | None = None  # the request as plugins have left it, where they have written no reply
        self.unsent: Msg | None = None  # the reply that HTTPS or gRPC has taken, and that has no wire form
        self.site: Any = None
        self.view = ""
        self.left_out: list[tuple[str, Span]] = []  # directives of the blocks on the way that are not simulated
        self.metadata: dict[str, Callable[[], str]] | None = None
        # What is done once the reply is written, unless that panics; None beside an exchange, where nothing is written.
        self.afterwards: tuple[Callable[[], None], ...] | None = ()
        self.written: tuple[Sent, ...] = ()  # who wants to know what has been sent, once the chain is through

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
        other.deadline = self.deadline
        other.afterwards = None
        other.left_out = self.left_out
        other.metadata = None if self.metadata is None else dict(self.metadata)
        return other

    def doubt(self, left_out: Iterable[tuple[str, Span]]) -> None:
        """Note that directives that are not simulated had a part in the answer."""
        self.left_out += [x for x in left_out if x not in self.left_out]

    def now(self) -> float:
        """The time at this point of the exchange: seconds since the epoch."""
        return self.world.clock.now + self.elapsed


class Query:
    """One question on its way through a chain. Never changed: `asking()` gives a changed copy.

    `name` is lower case with a trailing dot; `qname` is in the asker's spelling. `type` and `cls` are numbers. `msg` is the
    message, of which `msg.reply()` makes a reply, and `do` whether its DO bit is set. `ctx` is the exchange, which knows the
    client's address (`ctx.client`). `size` is the advertised buffer in octets, as CoreDNS normalises it. `began` is
    `ctx.elapsed` when it was asked. `became` is the query that a plugin behind passed on in its place: CoreDNS's plugins
    change the one request that all of them hold, so a plugin that looks at it on the way back sees `final`.
    """

    __slots__ = ("became", "began", "cls", "ctx", "do", "msg", "name", "qname", "size", "type")

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
        self.began = ctx.elapsed
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
        if msg is self.msg:
            return self._again()
        if msg is None:
            msg, asked = self.msg.copy(), self.msg.question
            question = Question(self.qname if name is None else name, self.type if type is None else type, self.cls)
            msg.question = FirstQuestion.of([question, *asked.others]) if isinstance(asked, FirstQuestion) else question
        return Query(msg, self.ctx, self.size)

    def _again(self) -> Query:
        """The same question, asked by a plugin of its own accord."""
        query = Query.__new__(Query)
        query.msg, query.ctx, query.qname, query.name = self.msg, self.ctx, self.qname, self.name
        query.type, query.cls, query.do, query.size = self.type, self.cls, self.do, self.size
        query.began, query.became = self.ctx.elapsed, None
        return query

    def matches(self, reply: Msg, *, cls: bool = False) -> bool:
        """Whether a message is a reply to this question; with `cls`, also to its class (request.Match). Of a question
        that was changed since, the type and class count, but not the name."""
        question, final = reply.question, self if self.became is None else self.final
        return (
            question is not None
            and reply.qr
            and question[1] == final.type
            and question[0].lower() == self.name
            and (not cls or question[2] == final.cls)
        )

    def beside(self, ctx: Context) -> Query:
        """The same question asked in another context."""
        return Query(self.msg, ctx, 65535 if ctx.proto == "tcp" else self.size)


class Result:
    """The end of a chain: a reply was written, or the plugin failed. See the module's docstring. Results compare by value.

    reply: what was written. rcode: what CoreDNS's `ServeDNS` returns. error: the Go error's text, which `errors` logs.
    later: what was written to the client after `reply`: the rest of a zone transfer, or a second reply. plugin: who
    wrote it, where the chain keeps count. request: the query's message as it stood while the reply was written, where a
    plugin has put parts of it back for as long.
    """

    __slots__ = ("error", "kind", "later", "plugin", "rcode", "reply", "request", "why")

    def __init__(
        self,
        reply: Msg | None,
        rcode: int = NOERROR,
        error: str | None = None,
        why: Why = "",
        plugin: str = "",
        later: tuple[Msg, ...] = (),
        request: Msg | None = None,
    ) -> None:
        self.reply = reply
        self.request = request
        self.later = later
        self.rcode = rcode
        self.error = error
        self.why = why
        self.plugin = plugin
        self.kind = "handled" if reply is not None else "failed"

    @property
    def server_writes(self) -> bool:
        """Whether the server (or the first observer on the way back) has to write the reply for `rcode`."""
        return self.rcode in SERVER_WRITES

    def replying(self, reply: Msg, why: Why = "", *, rcode: int | None = None, error: str | None = None) -> Result:
        """This result with another reply, and with another rcode or an error where one is given; all else as it is."""
        return Result(
            reply,
            self.rcode if rcode is None else rcode,
            self.error if error is None else error,
            why or self.why,
            self.plugin,
            self.later,
            self.request,
        )

    def answered(self, reply: Msg, plugin: str) -> Result:
        """This result with a reply that was written for it on the way back, behind what had been written before: nothing
        is left for the server to write."""
        first, *later = (*(() if self.reply is None else (self.reply, *self.later)), reply)
        return Result(
            first,
            NOERROR,
            self.error,
            self.why,
            self.plugin or plugin,
            later=tuple(later),
            request=self.request,
        )

    def last_message(self) -> Result:
        """This result as who keeps only the last message that was written has it (plugin/pkg/nonwriter)."""
        if not self.later:
            return self
        return Result(self.later[-1], self.rcode, self.error, self.why, self.plugin, request=self.request)

    def withdrawn(self) -> Result:
        """This result without its reply: the rcode and the error are handed on."""
        return Result(None, self.rcode, self.error, self.why, self.plugin)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Result):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Result {self.kind} rcode={self.rcode}{f' {words(self.why)!r}' if self.why else ''}>"


class Next:
    """The plugin passes on to the one behind it. See the module's docstring. Outcomes compare by value."""

    __slots__ = ("changed", "kind", "query", "then", "why")

    def __init__(
        self,
        why: Why = "",
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

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Next):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Next {self.kind}{f' {words(self.why)!r}' if self.why else ''}>"


Outcome: TypeAlias = "Next | Result"
Then: TypeAlias = "Callable[[Result], Result]"

NEXT = Next()


def failed(rcode: int, error: str | None, why: Why = "") -> Result:
    """No reply was written; the server makes one of `rcode`."""
    return Result(None, rcode, error, why or error or "")


def fallthrough(why: Why = "", *, query: Query | None = None, then: Then | None = None) -> Next:
    """The plugin owns the zone, has no answer, and its `fallthrough` covers the name."""
    return Next(why, query, then, "fallthrough")


def hint(why: Why = "", *, query: Query | None = None, then: Then | None = None, changed: Why = "") -> Next:
    """Something was added or changed for the plugins behind: a rewritten question, metadata."""
    return Next(why, query, then, "hint", changed)


Within: TypeAlias = "tuple[Callable[[Query, str], Outcome], Callable[[Query], str | None] | None]"


class Handler:
    """A directive of a server block, set up, as the chain sees it; `Plugin` says what each attribute means."""

    name: ClassVar[str] = ""
    STATE: ClassVar[str] = ""
    ANY_CLASS: ClassVar[bool] = False
    WRITER: ClassVar[bool] = False
    SHOWS_WRITER: ClassVar[bool] = False
    COPIES: ClassVar[bool] = False
    IN_CHAIN: ClassVar[bool] = True
    PASSES: ClassVar[str] = "passes on"
    CALLED: ClassVar[str] = ""
    RULES: ClassVar[bool] = False
    SIMULATED: ClassVar[bool] = True
    config: Any
    setup: Any
    span: Span
    order: int
    rest: Any = None
    """Set by the chain: `rest(query) -> Result` runs the plugins behind this one."""
    always_back: bool = False
    """Whether it is a filter of everything, which need not be asked on the way in."""

    def __repr__(self) -> str:
        return f"<{self.name} at line {self.span.line}>" if hasattr(self, "span") else f"<{self.name}>"

    def serve(self, query: Query) -> Outcome:
        """What becomes of `query` here."""
        return NEXT

    def outside(self, query: Query) -> Outcome:
        """What becomes of a query outside of the scope."""
        return NEXT

    def within(self) -> Within | None:
        """Where all that `serve` does is to find the question's zone and call a function with both: that function, and
        what finds the zone (None where it is always the root). Else None."""
        return None

    def back(self, query: Query, result: Result) -> Result:
        """What becomes of `result`, the answer to `query`, on the way back."""
        return result

    @property
    def registered_as(self) -> str:
        """The name by which others of its block find it (see `Site.registered`)."""
        return self.name

    def as_last(self, query: Query) -> str:
        """What CoreDNS calls it in the error that no plugin is behind it."""
        return self.CALLED or self.name

    def check(self) -> None:
        """Called once when all chains are built, in plugin.cfg order: the place for findings of what would fail only
        when CoreDNS starts (an error returned by its OnStartup). Nothing is set going here."""

    def start(self) -> None:
        """Called once when all chains are built, in chain order (CoreDNS's OnStartup)."""

    def restart(self) -> float:
        """A reload begins (CoreDNS's OnRestart); returns the seconds that it has to wait."""
        return 0.0

    def restarting(self) -> None:
        """The wait is over, and the new Corefile is about to be compiled."""

    def restart_failed(self) -> None:
        """The new Corefile was refused, and the old one goes on (CoreDNS's OnRestartFailed)."""

    def renew(self) -> None:
        """Forget what queries have left behind (see STATE): the next one is answered as the first one was."""

    def stop(self) -> None:
        """Called when a reload replaces the instance (CoreDNS's OnShutdown)."""


class Answer(NamedTuple):
    """What came back from a server that was asked: a reply, or a fault: 'timeout', 'refused', 'unreachable', or 'mismatch'
    where a server of another transport listens. `elapsed` is in seconds. `again` is a second reply, which a client that
    keeps the connection reads before the next one; `later` is the rest of a zone transfer. `error` is what a server says
    over gRPC in place of a reply."""

    reply: Msg | None
    elapsed: float = 0.0
    fault: str = ""
    again: Msg | None = None
    later: tuple[Msg, ...] = ()
    error: str = ""


class Reached(NamedTuple):
    """Who took a connection. fault: '', 'refused', 'unreachable', or 'silent' where it is taken and nothing comes.
    who: stays the same one as long as the connection does. listener: None where any transport is understood."""

    fault: str = ""
    who: object = None
    listener: Any = None


class Asks(Protocol):
    """The network as a server sees it."""

    def exchange(
        self,
        address: str,
        msg: Msg,
        ctx: Context,
        *,
        proto: str = "udp",
        client: str | None = None,
        transport: str = "dns",
    ) -> Answer:
        """Send `msg` to `address` (`ip:port`) and wait for as long as it takes."""

    def certificate(self, address: str, transport: str) -> Certificate | None:
        """What the server at `address` shows to a client of a transport; None where nothing is known of it."""

    def reach(self, address: str) -> Reached:
        """Who would take a connection to `address`, whatever transport it is for."""

    def get(self, address: str, path: str) -> tuple[int | None, str]:
        """Status of an HTTP GET of `path` at `address`, and the fault where there is none."""

    def is_local(self, ip: str) -> bool:
        """Whether `ip` is the machine's own."""

    def source_for(self, ip: str) -> str:
        """The address that the machine sends from to reach `ip`."""
