"""A compiled Corefile in its world: it starts, stops, and makes of each message the reply."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from typing import Any, TypeVar

from ..dns import wire
from ..dns.codes import BADVERS, IN, REFUSED, SERVFAIL, class_name, rcode_name, type_name
from ..dns.errors import NilRecord
from ..dns.message import Edns, Msg, Question
from ..findings import Finding, Span
from ..golang.addresses import EVERYWHERE, bracketed
from ..releases import Release
from ..releases.rules import ReleaseRules, between, changed, since, until
from ..world import World
from . import accept, scrub
from .listener import Listener
from .metrics import Metrics, count_panic, report
from .query import SERVER_WRITES, Asks, Context, Endless, Handler, Panic, PanicAside, Query, Reason, Result, Why
from .select import select
from .site import Site
from .slots import Slots

T = TypeVar("T")

MAX_DEPTH = 40
"""How many servers deep a question may travel before it counts as lost in a loop."""

MAX_ENTRIES = 10
"""How often a server may ask itself on the way to one answer, where that is limited."""
ONE_MESSAGE = frozenset(("https", "https3", "grpc"))
"""Transports whose answer is one message: the last one that was written."""
MOST_DOUBTFUL = 100_000
"""How many questions are remembered as doubtful."""
ENDLESS = 64
"""How often a server may ask itself before the question counts as lost: CoreDNS goes on until its stack overflows, unless
names that grow get too long first, as labels do with 63 octets."""


NO_QUERY = Reason("no-query", "a message with QR set is no query: it is dropped")
NOT_TAKEN = Reason("message-not-taken", "the DNS library refuses such a message before any plugin is asked")
NO_QUESTION = Reason("no-question", "the message has no question")
OTHER_CLASS = Reason("other-class", "class is not IN, and none of chaos, forward and proxy is in this server")
OTHER_VERSION = Reason("other-edns-version", "EDNS version {} is not known")
ASKS_ITSELF = Reason("asks-itself-too-often", "the server has asked itself {} times on the way to this answer")
ENDLESS_LOOP = Reason("asks-itself-without-end", "the server asks itself without end, so no answer comes")
NO_BLOCK = Reason("no-server-block", "no server block takes this question")
NO_PLUGINS = Reason("no-plugins", "this server block has no plugin that answers")
PANICKED = Reason("panicked", "a plugin panics ({}), and the server answers in its place")
CRASHED = Reason("crashed", "a plugin panics ({}), and with `debug` CoreDNS ends")
WAITS = Reason("waits-without-end", "a plugin waits without end, so no answer comes")
NO_REPLY = Reason("no-reply-written", "{} was returned without a reply, for which the server writes none")
UNSENDABLE = Reason("no-wire-form", "the reply has no wire form, so it is not sent: {}")


class ServerRules(ReleaseRules):
    """What differs between releases."""

    logs_no_zone = until("1.1.0", "a question that no server block takes is logged")
    limits_entries = between("1.0.6", "1.5.0", "a server may ask itself ten times on the way to one answer")
    scrubs = since("1.2.3", "the server fits replies to the client; before, every plugin fits its own")
    counts_errors = until(
        "1.5.0", "the server of a question is known once its zone is found, and errors of the chain count for `dropped`"
    )
    logs_panics = since("1.6.1", "a panic that is caught is logged")
    names_panics = since("1.8.7", "with what it says")
    refuses_empty = since("1.8.0", "a zone without plugins is refused; before, it was a nil pointer")
    sets_up_zones = until("1.8.5", "each zone of a server block is set up for itself")
    leading_dots = until("1.9.4", "names that begin with a dot are sent (miekg/dns before 1.1.50)")
    knows_keys = since("1.9.4", "TSIG is looked at over plain DNS")
    checks_all = since("1.14.3", "TSIG is looked at over all transports")
    signing = changed(("dns",), {"1.14.3": ("dns", "tls")}, "transports over which it is filled in")
    bare_badvers = until("1.10.1", "BADVERS comes without the question")
    unchecked = changed(
        frozenset(("https", "https3", "grpc", "quic")),
        {"1.14.7": frozenset()},
        "transports of servers that take messages past what the DNS library refuses",
    )


class Lost(Exception):
    """The server asks itself without end, and nothing answers."""


class Instance:
    """A compiled Corefile in its world. `findings` tell what is wrong with it; with an error among them it does not
    start. `pending` holds the log lines that have not been taken yet. `slots`: what directives leave for others of the
    instance; `process`: what they leave for instances after a reload, too. `doubtful`: questions that went through server
    blocks with directives that are not simulated, and these directives: a plugin may have kept the answers."""

    def __init__(
        self, release: Release, world: World, network: Asks | None, metrics: Metrics, process: Slots | None = None
    ) -> None:
        self.release = release
        self.rules = ServerRules.of(release)
        self.world = world
        self.network = network
        self.metrics = metrics
        self.findings: list[Finding] = []
        self.sites: list[Site] = []
        self.listeners: list[Listener] = []
        self._by_port: dict[int, list[Listener]] = {}
        self._counted = 0  # of the listeners, those that are in `_by_port`
        self.endpoints: dict[tuple[str, int], dict[str, Callable[[], tuple[int, str]]]] = {}
        self.pending: list[Any] = []
        self.slots = Slots()
        # The last exchange whose reply a goroutine of a plugin has written, and the line of the log about it. A panic in
        # that exchange comes in the goroutine, before the line.
        self.aside: tuple[Context, Any] | None = None
        self.process = process or Slots()
        self.options = self.process.get(scrub.SupportedOptions)
        self.once_started: list[Callable[[], None]] = []  # what handlers want to do when all of them have started
        self.ended: Finding | None = None  # why CoreDNS has ended after it had started
        self.doubtful: dict[tuple[str, int], tuple[tuple[str, Span], ...]] = {}

    def get(self, kind: type[T]) -> T:
        """What directives of the instance have in common, by its type; see `Slots.get`."""
        return self.slots.get(kind)

    # -- starting and stopping --------------------------------------------------------------------------------------

    @property
    def errors(self) -> list[Finding]:
        """The findings that keep CoreDNS from starting, CoreDNS's own first."""
        return [f for f in self.findings if f.severity == "error"]

    @property
    def fatal(self) -> str | None:
        """CoreDNS's last line, where it has ended after it had started."""
        return None if self.ended is None else self.ended.coredns

    def end(self, finding: Finding) -> None:
        """CoreDNS ends, for the first reason that is given."""
        if self.ended is None:
            self.ended = finding

    def crash(self, words: str, panic: str, span: Span | None = None) -> None:
        """CoreDNS ends with a panic; nothing listens any more."""
        self.end(Finding("coredns-panics", words, span, coredns=f"panic: {panic}"))
        self.listeners.clear()
        self.endpoints.clear()

    def start(self) -> None:
        """Run every handler's `start`, block by block in chain order."""
        for handler in self.handlers():
            handler.start()
        waiting, self.once_started = self.once_started, []
        for run in waiting:
            run()

    def stop(self) -> None:
        """Run every handler's `stop`."""
        for handler in self.handlers():
            handler.stop()

    def handlers(self) -> Iterator[Handler]:
        """All handlers, block by block in chain order."""
        for site in self.sites:
            yield from site.handlers
            for other in site.by_key.values():
                yield from (h for h in other.handlers if h.setup.site is other)

    def find(self, capability: str) -> list[Any]:
        """The handlers of all blocks that have an attribute of that name, also those that further zones have for themselves."""
        return [handler for handler in self.handlers() if hasattr(handler, capability)]

    def log(self, line: Any) -> None:
        """Add a line to CoreDNS's output, unless it has ended."""
        if self.ended is None:
            self.pending.append(line)

    def take_log(self) -> list[str]:
        """The lines since the last call."""
        lines, self.pending = self.pending, []
        return [line if isinstance(line, str) else line() for line in lines]

    def listen_http(self, address: str, path: str, answer: Callable[[], tuple[int, str]]) -> None:
        """Have `answer()` give status and body of an HTTP GET of `path` at `address` (`host:port`). A path that ends in `*`
        stands for all that begin so and are not there by themselves."""
        host, _, port = address.rpartition(":")
        self.endpoints.setdefault((host.strip("[]"), int(port)), {})[path] = answer

    def http_get(self, url: str) -> tuple[int | None, str]:
        """Status and body of an HTTP GET, such as `:8080/health`; (None, '') where nothing listens."""
        m = re.fullmatch(r"(?:http://)?(\[[^\]]*\]|[^:/]*):(\d+)(/.*)?", url)
        if not m:
            raise ValueError(f"not an address with a port: {url!r}")
        host, port, path = m[1].strip("[]") or "127.0.0.1", int(m[2]), (m[3] or "/").partition("?")[0]
        places = [(host, port), ("", port), ("0.0.0.0", port), ("::", port)]
        places += [("localhost", port)] * (host == "127.0.0.1")
        pages = next((self.endpoints[at] for at in places if at in self.endpoints), None)
        if pages is None:
            return None, ""
        answer = pages.get(path) or next((pages[x] for x in pages if x[-1] == "*" and path.startswith(x[:-1])), None)
        return answer() if answer else (404, "404 page not found\n")

    # -- answering --------------------------------------------------------------------------------------------------

    def at_port(self, port: int) -> list[Listener]:
        """The listeners of a port."""
        if self._counted != len(self.listeners):
            self._by_port = {}
            for listener in self.listeners:
                self._by_port.setdefault(listener.port, []).append(listener)
            self._counted = len(self.listeners)
        return self._by_port.get(port, [])

    def reached(self, ip: str, port: int, via: str, over: Container[str]) -> Listener | None:
        """The listener, of one of the transports in `over`, that a packet to `ip`:`port` reaches: one of `via` where several
        share the port."""
        found = None
        for listener in self.at_port(port):
            if listener.transport not in over:
                continue
            if listener.host == ip or listener.host in EVERYWHERE:
                rank = (listener.host == ip, listener.transport == via)
                if found is None or rank > (found.host == ip, found.transport == via):
                    found = listener
        return found

    def exchange(self, msg: Msg, ctx: Context, listener: Listener) -> Msg | None:
        """The reply to `msg` as it leaves the server, or None where the client is left waiting."""
        asked, question, edns, rules = msg, msg.question, msg.edns, self.rules
        if (
            msg.qr
            or msg.opcode
            or msg.z
            or msg.tc
            or question.__class__ is not Question  # none, or several of them
            or question[2] != IN
            or msg.answer
            or msg.ns
            or msg.extra
            or ctx.entries
            or (edns is not None and (edns.version or edns.options))
        ):
            taken, reply = self._unusual(msg, ctx, listener)
            if not taken or reply is None:
                return reply
            msg = reply
        if listener.secrets is not None and not ctx.entries:
            ctx.arrived = asked
        size = scrub.edns_size(ctx.proto, edns.udp if edns is not None else 0)
        query = Query(msg, ctx, size)
        site = select(query, listener, rules.refuses_empty)
        if site is None:
            if rules.logs_no_zone:
                self._no_such_zone(query, ctx, listener)
            _end(ctx, REFUSED, (NO_BLOCK,))
            return self._dropped(msg, ctx, listener, REFUSED)
        if self.doubtful:
            ctx.doubt(self.doubtful.get((query.name, query.type), ()))
        if site.in_doubt:
            ctx.doubt(site.in_doubt)
        chain = site.chain
        if chain is None and rules.refuses_empty:
            _end(ctx, REFUSED, (NO_PLUGINS,))
            return self._dropped(msg, ctx, listener, REFUSED)
        try:
            if chain is None:
                raise Panic("runtime error: invalid memory address or nil pointer dereference")
            result = chain.run(query)
        except (Panic, NilRecord) as panic:
            return self._recover(panic, query.final.msg, ctx, listener)
        except Endless:
            _end(ctx, None, (WAITS,))
            return None
        except Lost:
            if ctx.entries:
                raise
            _end(ctx, None, (ENDLESS_LOOP,))
            return None
        if ctx.left_out and len(self.doubtful) < MOST_DOUBTFUL:
            self.doubtful[query.name, query.type] = tuple(ctx.left_out)
        if query.became is not None:  # the server holds the one request that plugins have changed
            query = query.final
            msg = query.msg
        writes = result.rcode in SERVER_WRITES
        if writes and rules.counts_errors:
            self._dropped(msg, ctx, listener, result.rcode, ctx.server)
        reply_msg = result.reply
        if reply_msg is None:
            if not writes:
                _finish(ctx)
                _end(ctx, None, (NO_REPLY, rcode_name(result.rcode)))
                ctx.request = query.final.msg
                return None
            reply_msg = msg.reply(result.rcode)
            if not rules.scrubs:
                scrub.size_and_do(msg, reply_msg, self.release)
        elif writes and ctx.transport in ONE_MESSAGE and not ctx.entries:
            reply_msg = msg.reply(result.rcode)  # of what plugin and server write, the last one is sent
            if not rules.scrubs:
                scrub.size_and_do(msg, reply_msg, self.release)
        elif writes and ctx.depth:
            ctx.again = msg.reply(result.rcode)
            scrub.size_and_do(msg, ctx.again, self.release, self.options.codes)
        elif result.later:
            if ctx.entries or ctx.transport in ONE_MESSAGE:
                reply_msg = result.later[-1]
            elif ctx.depth:
                ctx.again = result.later[0]
                scrub.size_and_do(msg, ctx.again, self.release, self.options.codes)
        if result.request is not None:
            msg = result.request
        sound = rules.scrubs and scrub.finish(msg, query, reply_msg, ctx, self.release, True, self.options.codes)
        if ctx.afterwards:
            _finish(ctx)
        if ctx.entries:
            if ctx.written:
                _tell(ctx, result, True, False)
            return reply_msg
        if result.later:
            ctx.later = result.later
            for more in result.later if rules.scrubs else ():
                scrub.finish(msg, query, more, ctx, self.release, True, self.options.codes)
        unsendable = "" if sound else wire.unsendable(reply_msg, rules.leading_dots)
        signs = listener.secrets is not None and ctx.transport in rules.signing
        if ctx.written:
            _tell(ctx, result, not unsendable, signs)
        if unsendable:
            _end(ctx, None, (UNSENDABLE, unsendable))
            if ctx.transport in ONE_MESSAGE:  # which take it, and pack it when the chain is through
                ctx.unsent = reply_msg
                return None
            if result.later:
                return result.later[-1]
            second = self._second(msg, query, result.rcode, ctx) if writes else None
            return None if second is None or wire.unsendable(second, rules.leading_dots) else second
        if signs:
            return self._signed(reply_msg, ctx, listener, asked)
        return wire.as_read(reply_msg) if rules.leading_dots else reply_msg

    def wrong_signature(self, msg: Msg, ctx: Context) -> int:
        """What the server finds wrong with the signature of a request, see `tsig.wrong`; 0 also where it does not look. It
        looks before any plugin has changed the request."""
        if not (self.rules.checks_all or (self.rules.knows_keys and ctx.transport == "dns")):
            return 0
        from ..dns import tsig

        listener = next(x for x in self.listeners if x.label == ctx.server)
        msg = ctx.arrived or msg
        found = tsig.signature(msg)
        assert found is not None
        return tsig.wrong(msg, (listener.secrets or {}).get(found.name), ctx.now())

    def _signed(self, reply: Msg, ctx: Context, listener: Listener, asked: Msg) -> Msg:
        """The reply with its MAC, where it has a TSIG record; and those that come after it. asked: the request as it came."""
        from ..dns import tsig

        found = tsig.signature(reply)
        if found is None:
            return reply
        secret = (listener.secrets or {}).get(found.name)
        theirs = tsig.signature(asked)
        reply, mac = tsig.signed(reply, secret, ctx.now(), b"" if theirs is None else tsig.fields(theirs).mac)
        later = []
        for more in ctx.later:
            more, mac = tsig.signed(more, secret, ctx.now(), mac, timers_only=True)
            later.append(more)
        ctx.later = tuple(later)
        return reply

    def _second(self, msg: Msg, query: Query, rcode: int, ctx: Context) -> Msg:
        """What the server writes for an rcode, whatever a plugin has written before."""
        reply = msg.reply(rcode)
        if self.rules.scrubs:
            scrub.finish(msg, query, reply, ctx, self.release, True, self.options.codes)
        else:
            scrub.size_and_do(msg, reply, self.release)
        return reply

    def _unusual(self, msg: Msg, ctx: Context, listener: Listener) -> tuple[bool, Msg | None]:
        """Whether the server goes on with a message that is more than a plain question; with which one, or the reply."""
        rules = self.rules
        if ctx.entries:
            if ctx.entries > ENDLESS:
                raise Lost
            if rules.limits_entries and ctx.entries > MAX_ENTRIES:
                _end(ctx, SERVFAIL, (ASKS_ITSELF, ctx.entries))
                return False, self._dropped(msg, ctx, listener, SERVFAIL)
        else:
            refused = False if ctx.transport in rules.unchecked else accept.refuse(msg, self.release)
            if refused is not False:
                reply = refused if isinstance(refused, Msg) else None
                _end(ctx, None if reply is None else reply.rcode, (NO_QUERY if reply is None else NOT_TAKEN,))
                return False, reply
            msg = accept.as_read(msg, self.release)
        if msg.question is None:
            _end(ctx, SERVFAIL, (NO_QUESTION,))
            return False, self._dropped(msg, ctx, listener, SERVFAIL)
        if msg.question[2] != IN and not listener.any_class:
            _end(ctx, REFUSED, (OTHER_CLASS,))
            return False, self._dropped(msg, ctx, listener, REFUSED)
        if msg.edns is not None and msg.edns.version != 0:
            reply = msg.reply(BADVERS)
            reply.edns = Edns(0)
            if rules.bare_badvers:
                reply.question = None
            _end(ctx, BADVERS, (OTHER_VERSION, msg.edns.version))
            return False, reply
        return True, msg

    def _recover(self, panic: Exception, msg: Msg, ctx: Context, listener: Listener) -> Msg | None:
        """What a Go panic leads to. With `debug`, or in a goroutine, it is not caught: the process ends."""
        ctx.afterwards = ctx.afterwards and ()
        aside = isinstance(panic, PanicAside)
        if self.aside is not None and self.aside[0] is ctx and not ctx.entries:
            aside = True
            self.pending = [line for line in self.pending if self.aside[1] is not line]
        if listener.debug or aside:
            why = "in a goroutine of its own" if aside else "since `debug` is given"
            self.crash(
                f"a panic that is not caught, {why}", str(panic), ctx.site.span if ctx.site is not None else None
            )
            _end(ctx, None, (CRASHED, panic))
            return None
        if self.rules.logs_panics:
            text = f'[ERROR] Recovered from panic in server: "{listener.label}"'
            self.log(text + (f" {panic}" if self.rules.names_panics else ""))
        count_panic(self.metrics, self.release)
        reply = self._dropped(msg, ctx, listener, SERVFAIL, ctx.server)
        # Its question may be what a plugin was about to ask.
        unsendable = wire.unsendable(reply, self.rules.leading_dots)
        if unsendable:
            _end(ctx, None, (UNSENDABLE, unsendable))
            if ctx.transport in ONE_MESSAGE:
                ctx.unsent = reply
            return None
        _end(ctx, SERVFAIL, (PANICKED, panic))
        return reply

    def _no_such_zone(self, query: Query, ctx: Context, listener: Listener) -> None:
        what = f'"{type_name(query.type, self.release)} {class_name(query.cls)} {query.qname}"'
        client = bracketed(ctx.client)
        self.log(f"[INFO] {what} - No such zone at {listener.label} (Remote: {client}:{ctx.client_port})")

    def _dropped(self, msg: Msg, ctx: Context, listener: Listener, rcode: int, server: str = "") -> Msg:
        """A reply that no chain had a part in; metrics count it under the zone `dropped`.

        Up to 1.5.0 they knew the server only once a zone was found (`server`), and counted the errors that the server
        writes for a chain here, too.
        """
        reply = msg.reply(rcode)
        msg = scrub.as_answered(msg, reply, self.release, self.options.codes)
        scrub.size_and_do(msg, reply, self.release, self.options.codes)
        label = server if self.rules.counts_errors else listener.label
        report(self.metrics, self.release, ctx, msg, label, "dropped", "", rcode, "", reply)
        return reply


def _finish(ctx: Context) -> None:
    """Do what plugins do once the reply is written."""
    waiting = ctx.afterwards or ()
    ctx.afterwards = ctx.afterwards and ()
    for run in waiting:
        run()


def _tell(ctx: Context, result: Result, sendable: bool, signs: bool) -> None:
    """Tell those that want to know what was written, as it left the server: where that `signs`, it has taken the TSIG record
    out of the message, and puts the one with the MAC into the octets."""
    waiting, ctx.written = ctx.written, ()
    replies = (result.reply, *result.later) if sendable and result.reply is not None else ()
    if signs:
        from ..dns import tsig

        replies = tuple(tsig.without(reply) if tsig.signature(reply) is not None else reply for reply in replies)
    for sent in waiting:
        sent(replies)


def _end(ctx: Context, rcode: int | None, why: Why) -> None:
    """Have a trace say what came of the question where no plugin had the last word."""
    if ctx.trace is not None:
        ctx.trace.finish(rcode, why)


__all__ = ["MAX_DEPTH", "Instance", "Lost"]
