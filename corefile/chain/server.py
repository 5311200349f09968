"""From a `Program` to running servers: compile once, then answer.

`compile_program` makes an `Instance`: for each server block a chain of handlers in the release's plugin.cfg order, and
for each listening address the zones that are served there. Nothing is parsed after that.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .. import keys
from ..diagnostics import Finding, Span
from ..expand import Program, Token
from . import scrub
from .declare import Given, Plugin, read
from .message import BADVERS, CH, DS, FORMERR, IN, NOERROR, NOTIFY, NOTIMP, QUERY, REFUSED, SERVFAIL, Edns, Msg
from .metrics import WRITERS, Metrics, count_panic, report
from .names import next_label
from .query import SERVER_WRITES, Context, Next, Query, Result
from .trace import Trace
from .types import Invalid

if TYPE_CHECKING:
    from ..releases import Release
    from .network import Network
    from .world import World

Registry = Callable[[str], "type[Plugin] | None"]

CHAOS = frozenset(("chaos", "forward", "proxy"))
"""The plugins whose presence lets class CH (and any other) into a server (core/dnsserver, EnableChaos)."""

MAX_DEPTH = 40
"""How many servers deep a question may travel before it counts as lost in a loop."""


class Panic(Exception):
    """What a Go panic in a plugin is: the server answers SERVFAIL and logs the text."""


class Site:
    """One server block: its zones, its chain, and what directives set for it."""

    def __init__(self, index: int, zones: tuple[keys.Zone, ...], span: Span) -> None:
        self.index = index
        self.keys = zones
        self.zones = tuple(z.zone for z in zones)
        self.span = span
        self.handlers: list[Plugin] = []
        self.chain: Chain | None = None
        self.listen_hosts: list[str] = [""]
        self.root = ""
        self.debug = False
        self.stacktrace = False
        self.view_name = ""
        self.filters: list[Callable[[Query], bool]] = []
        self.collect: Callable[[Query], None] | None = None  # set by `metadata`
        self.extra: dict[str, Any] = {}  # what further directives leave for others, by directive

    def find(self, capability: str) -> list[Any]:
        """The handlers of this block that have an attribute of that name, in chain order."""
        return [h for h in self.handlers if hasattr(h, capability)]

    def handler(self, name: str) -> Any:
        """The block's handler of that directive, or None."""
        return next((h for h in self.handlers if h.name == name), None)


class Setup:
    """What a plugin sees while it is configured: the release, the world, its server block, and where to complain."""

    def __init__(self, name: str, order: int, site: Site, instance: Instance, span: Span) -> None:
        self.name = name
        self.order = order
        self.site = site
        self.instance = instance
        self.release: Release = instance.release
        self.world: World = instance.world
        self.span = span
        self.failed = False

    @property
    def zones(self) -> tuple[str, ...]:
        """The zones of the server block, normalised."""
        return self.site.zones

    def origins(self, given: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
        """The zones given as arguments (each may stand for several), or else those of the server block."""
        return tuple(z for zones in given for z in zones) if given else self.site.zones

    def error(self, code: str, message: str, span: Span | None, *, hint: str = "", coredns: str | None = None,
              token: Token | None = None, located: bool = True, prefix: bool = True, kind: str = "Error during parsing",
              related: tuple[tuple[Span, str], ...] = (), label: str = "") -> None:  # fmt: skip
        """A finding that keeps CoreDNS from starting. `coredns` is its message without prefix and position."""
        self.failed = True
        text = message if coredns is None else coredns
        if located:
            where = span or self.span
            file = token.file if token else where.source.name
            line = token.line if token else where.line
            text = f"{file}:{line} - {kind}: {text}"
        if prefix:
            text = f"plugin/{self.name}: {text}"
        self.instance.findings.append(
            Finding(code=code, message=message, span=span or self.span, hint=hint, coredns=text, related=related,
                    label=label))  # fmt: skip

    def invalid(self, error: Invalid, token: Token | None = None, *, code: str = "invalid-argument") -> None:
        """The finding for an `Invalid` about the word `token`."""
        self.error(code, f"{self.name}: {error.message}", token.span if token else self.span, hint=error.hint,
                   coredns=error.coredns, token=token, located=error.located)  # fmt: skip

    def warn(self, code: str, message: str, span: Span | None = None, *, hint: str = "") -> None:
        """A finding that does not keep CoreDNS from starting."""
        self.instance.findings.append(
            Finding(code=code, message=message, span=span or self.span, hint=hint, severity="warning")
        )

    def notice(self, code: str, message: str, span: Span | None = None, *, hint: str = "") -> None:
        """Something that is not modelled, or that the reader should know."""
        self.instance.findings.append(
            Finding(code=code, message=message, span=span or self.span, hint=hint, severity="notice")
        )

    def log(self, line: Any) -> None:
        """Add a line to CoreDNS's output: text such as `[INFO] ...`, or a callable that makes it when it is read."""
        self.instance.log(line)


class Chain:
    """The handlers of a server block in order, and the one loop that runs them."""

    __slots__ = ("handlers", "named", "serves")

    def __init__(self, handlers: list[Plugin]) -> None:
        self.handlers = handlers
        self.named = any(h.NAMES_WRITERS for h in handlers)
        self.serves = [h.serve for h in handlers]
        for i, h in enumerate(handlers):
            h.rest = lambda query, start=i + 1: self.run(query, start)

    def run(self, query: Query, start: int = 0) -> Result:
        """Ask the handlers from `start` on, and take the result back through those that want to see it."""
        if query.ctx.trace is not None or self.named:
            return self._traced(query, start, query.ctx.trace)
        thens = None
        serves = self.serves
        for i in range(start, len(serves)):
            outcome = serves[i](query)
            if outcome.__class__ is Next:
                if outcome.then is not None:  # type: ignore[union-attr]
                    if thens is None:
                        thens = [outcome.then]  # type: ignore[union-attr]
                    else:
                        thens.append(outcome.then)  # type: ignore[union-attr]
                if outcome.query is not None:  # type: ignore[union-attr]
                    if not self.handlers[i].COPIES:
                        query.became = outcome.query  # type: ignore[union-attr]
                    query = outcome.query  # type: ignore[union-attr]
                continue
            result = outcome
            break
        else:
            result = self.nobody(start)
        if thens is not None:
            while thens:
                result = thens.pop()(result)  # type: ignore[arg-type, assignment]
        return result  # type: ignore[return-value]

    def nobody(self, start: int) -> Result:
        """Every handler passed on: the last one fails with SERVFAIL (plugin/plugin.go, NextOrFailure)."""
        last = self.handlers[-1]
        return Result(None, SERVFAIL, f"plugin/{last.name}: no next plugin found",
                      f"{last.name} is the last plugin and passes on: nobody answers", last.name)  # fmt: skip

    def _traced(self, query: Query, start: int, trace: Trace | None) -> Result:
        """The same with a trace, and with `Result.plugin` set."""
        thens = []
        if trace is not None:
            trace.depth += start > 0
        result: Result
        for handler in self.handlers[start:]:
            outcome = handler.serve(query)
            hop = trace.hop(handler, outcome, query) if trace is not None else None
            if isinstance(outcome, Next):
                if outcome.then is not None:
                    thens.append((outcome.then, handler, hop))
                if outcome.query is not None:
                    if not handler.COPIES:
                        query.became = outcome.query
                    query = outcome.query
                continue
            outcome.plugin = outcome.plugin or handler.name
            result = outcome
            break
        else:
            result = self.nobody(start)
        while thens:
            then, handler, hop = thens.pop()
            before = result
            result = then(result)
            if result.reply is not None and handler.name in WRITERS:
                result.plugin = handler.name
            if trace is not None and hop is not None:
                trace.back(hop, before, result)
        if trace is not None:
            trace.depth -= start > 0
        return result


class Listener:
    """One address that is listened on, and the sites by zone there. `label` is what metrics call the server."""

    __slots__ = ("chaos", "debug", "host", "label", "port", "stacktrace", "transport", "zones")

    def __init__(self, transport: str, host: str, port: int) -> None:
        self.transport = transport
        self.host = host
        self.port = port
        self.label = f"{transport}://{f'[{host}]' if ':' in host else host}:{port}"
        self.zones: dict[str, list[Site]] = {}
        self.chaos = False
        self.debug = False
        self.stacktrace = False


class Instance:
    """A compiled Corefile in its world. `findings` tell what is wrong with it; with an error among them it does not
    start. `pending` holds the log lines that nobody has taken yet."""

    def __init__(self, release: Release, world: World, network: Network | None, metrics: Metrics) -> None:
        self.release = release
        self.scrubs = release >= "1.2.3"  # until then every plugin fits its own replies
        self.world = world
        self.network = network
        self.metrics = metrics
        self.findings: list[Finding] = []
        self.sites: list[Site] = []
        self.listeners: list[Listener] = []
        self.endpoints: dict[tuple[str, int], dict[str, Callable[[], tuple[int, str]]]] = {}
        self.pending: list[Any] = []
        self.shared: dict[str, Any] = {}  # what handlers of several blocks have in common, by directive
        self.once_started: list[Callable[[], None]] = []  # what handlers want to do when all of them have started
        self.fatal: str | None = None  # set when CoreDNS would exit after it has started (`loop`)
        self.counts_errors = release < "1.5.0"
        self._by_address: dict[tuple[str, int], Listener | None] = {}

    # -- starting and stopping --------------------------------------------------------------------------------------

    @property
    def errors(self) -> list[Finding]:
        """The findings that keep CoreDNS from starting, CoreDNS's own first."""
        return [f for f in self.findings if f.severity == "error"]

    def start(self) -> None:
        """Run every handler's `start`, block by block in chain order."""
        for site in self.sites:
            for handler in site.handlers:
                handler.start()
        waiting, self.once_started = self.once_started, []
        for run in waiting:
            run()

    def stop(self) -> None:
        """Run every handler's `stop`."""
        for site in self.sites:
            for handler in site.handlers:
                handler.stop()

    def log(self, line: Any) -> None:
        """Add a line to CoreDNS's output."""
        self.pending.append(line)

    def take_log(self) -> list[str]:
        """The lines since the last call."""
        lines, self.pending = self.pending, []
        return [line if isinstance(line, str) else line() for line in lines]

    def listen_http(self, address: str, path: str, answer: Callable[[], tuple[int, str]]) -> None:
        """Have `answer()` give status and body of an HTTP GET of `path` at `address` (`host:port`)."""
        host, _, port = address.rpartition(":")
        self.endpoints.setdefault((host.strip("[]"), int(port)), {})[path] = answer

    def get(self, url: str) -> tuple[int | None, str]:
        """Status and body of an HTTP GET, such as `:8080/health`; (None, '') where nothing listens."""
        m = re.fullmatch(r"(?:http://)?(\[[^\]]*\]|[^:/]*):(\d+)(/.*)?", url)
        if not m:
            raise ValueError(f"not an address with a port: {url!r}")
        host, port, path = m[1].strip("[]") or "127.0.0.1", int(m[2]), (m[3] or "/").partition("?")[0]
        for at in ((host, port), ("", port), ("0.0.0.0", port), ("::", port)):
            if at in self.endpoints:
                answer = self.endpoints[at].get(path)
                return answer() if answer else (404, "404 page not found\n")
        if host == "127.0.0.1" and ("localhost", port) in self.endpoints:
            answer = self.endpoints["localhost", port].get(path)
            return answer() if answer else (404, "404 page not found\n")
        return None, ""

    # -- answering --------------------------------------------------------------------------------------------------

    def listener(self, ip: str, port: int) -> Listener | None:
        """The plain-DNS listener that a packet to `ip`:`port` reaches: the one bound to the address, or to all."""
        key = (ip, port)
        try:
            return self._by_address[key]
        except KeyError:
            pass
        found = None
        for listener in self.listeners:
            if listener.transport == "dns" and listener.port == port:
                if listener.host == ip:
                    found = listener
                    break
                if listener.host in ("", "::") or (listener.host == "0.0.0.0" and ":" not in ip):
                    found = found or listener
        self._by_address[key] = found
        return found

    def exchange(self, msg: Msg, ctx: Context, listener: Listener) -> Msg | None:
        """The reply to `msg` as it leaves the server, or None where the client is left waiting."""
        question = msg.question
        refusal = self._refused_early(msg)
        if refusal is not None:
            return refusal if isinstance(refusal, Msg) else None
        if question is None:
            return self._dropped(msg, ctx, listener, SERVFAIL)
        if question[2] != IN and not listener.chaos:
            if ctx.trace is not None:
                ctx.trace.notes.append("class is not IN, and none of chaos, forward and proxy is in this server: REFUSED")
            return self._dropped(msg, ctx, listener, REFUSED)
        edns = msg.edns
        if edns is not None and edns.version != 0:
            reply = msg.reply(BADVERS)
            reply.edns = Edns(0)
            return reply
        size = scrub.edns_size(ctx.proto, edns.udp if edns is not None else 0)
        query = Query(msg, ctx, size)
        site = self._select(query, listener, ctx)
        if site is None:
            return self._dropped(msg, ctx, listener, REFUSED)
        chain = site.chain
        if chain is None and self.release >= "1.8.0":  # a zone without plugins
            return self._dropped(msg, ctx, listener, REFUSED)
        try:
            if chain is None:
                raise Panic("runtime error: invalid memory address or nil pointer dereference")
            result = chain.run(query)
        except Panic as panic:
            if listener.debug:
                raise
            if self.release >= "1.6.1":
                text = f"[ERROR] Recovered from panic in server: \"{listener.label}\""
                self.log(text + (f" {panic}" if self.release >= "1.8.7" else ""))
            count_panic(self.metrics, self.release)
            return self._dropped(msg, ctx, listener, SERVFAIL, ctx.server)
        if self.counts_errors and result.rcode in SERVER_WRITES:
            self._dropped(query.final.msg, ctx, listener, result.rcode, ctx.server)
        reply_msg = result.reply
        if reply_msg is None:
            if result.rcode not in SERVER_WRITES:
                return None
            reply_msg = msg.reply(result.rcode)
            if not self.scrubs:
                scrub.size_and_do(msg, reply_msg, self.release)
        elif ctx.depth and result.rcode in SERVER_WRITES:
            ctx.again = msg.reply(result.rcode)
            scrub.size_and_do(msg, ctx.again, self.release)
        if self.scrubs:
            scrub.finish(msg, query, reply_msg, ctx, self.release)
        if result.unsendable:
            return result.later[-1] if result.later else None
        return reply_msg

    def _refused_early(self, msg: Msg) -> Msg | bool | None:
        """What the DNS library itself refuses before any server sees it (miekg/dns, DefaultMsgAcceptFunc)."""
        if msg.qr:
            return False
        if msg.opcode not in (QUERY, NOTIFY):
            # The library answers with the bare header, whatever the packet held.
            reply = Msg(id=msg.id)
            reply.qr, reply.opcode, reply.rcode, reply.rd, reply.question = True, msg.opcode, NOTIMP, msg.rd, None
            return reply
        if msg.question is None or len(msg.answer) > 1 or len(msg.ns) > 1 or len(msg.extra) + (msg.edns is not None) > 2:
            reply = msg.reply(FORMERR)
            reply.question = None
            return reply
        return None

    def _dropped(self, msg: Msg, ctx: Context, listener: Listener, rcode: int, server: str = "") -> Msg:
        """A reply that no chain had a part in; metrics count it under the zone `dropped`.

        Up to 1.5.0 they knew the server only once a zone was found (`server`), and counted the errors that the server
        writes for a chain here, too.
        """
        reply = msg.reply(rcode)
        scrub.size_and_do(msg, reply, self.release)
        label = server if self.counts_errors else listener.label
        report(self.metrics, self.release, ctx, msg, label, "dropped", "", rcode, "", reply)
        return reply

    def _select(self, query: Query, listener: Listener, ctx: Context) -> Site | None:
        """The site for a question: the longest zone on label boundaries whose filters let it through; DS goes to the
        widest zone above the cut (core/dnsserver/server.go, ServeDNS)."""
        name, zones, offset = query.name, listener.zones, 0
        is_ds = query.type == DS
        ds_site: Site | None = None
        ctx.server = listener.label
        while True:
            sites = zones.get(name[offset:] if offset else name)
            if sites is not None:
                for site in sites:
                    if site.chain is None and not (is_ds and self.release < "1.8.0"):
                        self._chosen(ctx, listener, site, name[offset:])
                        return site
                    if self._passes(site, query, ctx):
                        if not is_ds:
                            self._chosen(ctx, listener, site, name[offset:])
                            return site
                        ds_site = site
            offset = next_label(name, offset)
            if offset < 0:
                break
        if is_ds and ds_site is not None and ds_site.chain is not None:
            self._chosen(ctx, listener, ds_site, ds_site.zones[0])
            return ds_site
        for site in zones.get(".", ()):
            if site.chain is not None and self._passes(site, query, ctx):
                self._chosen(ctx, listener, site, ".")
                return site
        self._chosen(ctx, listener, None, "")
        return None

    def _passes(self, site: Site, query: Query, ctx: Context) -> bool:
        if site.collect is not None:
            site.collect(query)
        ctx.view = ""
        for allows in site.filters:
            if not allows(query):
                return False
        ctx.view = site.view_name
        return True

    def _chosen(self, ctx: Context, listener: Listener, site: Site | None, zone: str) -> None:
        ctx.site = site
        if ctx.trace is not None and not ctx.trace.server:
            ctx.trace.server = {"listener": listener, "site": site, "zone": zone, "zones": sorted(listener.zones)}


def compile_program(program: Program, *, release: Release, world: World, registry: Registry,
                    network: Network | None = None, metrics: Metrics | None = None) -> Instance:  # fmt: skip
    """Compile `program` for `release` in `world`. Never raises for what the user wrote: see `Instance.findings`."""
    instance = Instance(release, world, network, metrics or Metrics())
    instance.findings.extend(program.findings)
    parsed = not instance.errors
    for index, block in enumerate(program.blocks):
        zones, findings = keys.server_keys(block.keys, release)
        instance.findings.extend(findings)
        instance.sites.append(Site(index, tuple(zones), block.span))
    for order, directive in enumerate(release.order, 1):
        for site, block in zip(instance.sites, program.blocks, strict=True):
            tokens = block.directives.get(directive)
            if tokens and (site.keys or not block.keys):
                _set_up(directive, order, site, instance, tokens, registry)
    for site in instance.sites:
        acting = [h for h in site.handlers if h.HANDLER]
        site.chain = Chain(acting) if acting else None
    if parsed:
        _listen(instance, program)
    if not instance.errors:
        for handler in sorted((h for site in instance.sites for h in site.handlers), key=lambda h: h.order):
            handler.check()
    return instance


def _set_up(directive: str, order: int, site: Site, instance: Instance, tokens: list[Token], registry: Registry) -> None:
    setup = Setup(directive, order, site, instance, tokens[0].span)
    cls = registry(directive)
    if cls is None:
        setup.notice("not-simulated", f"the effect of `{directive}` is not simulated yet", tokens[0].span,
                     hint="answers are those of the chain without it")  # fmt: skip
        return
    givens: list[Given] = read(cls, tokens, setup)
    configs: list[tuple[Any, Span]] = []
    for given in givens:
        setup.span = given.span
        try:
            configs.append((cls.configure(given, setup), given.span))
        except Invalid as error:
            setup.invalid(error)
    if setup.failed or not configs:
        return
    if not cls.EACH:
        configs = [(cls.merge([c for c, _ in configs], setup), configs[0][1])]
    for config, span in configs:
        setup = Setup(directive, order, site, instance, span)
        try:
            handler = cls(config, setup)
        except Invalid as error:
            setup.invalid(error)
            continue
        if not setup.failed:
            site.handlers.append(handler)


def _listen(instance: Instance, program: Program) -> None:
    """Group the sites by listening address, and refuse what CoreDNS refuses (register.go, MakeServers)."""
    registered: dict[tuple[str, str, str, str], Span] = {}
    unbound: dict[tuple[str, str, str], tuple[str, Span]] = {}
    by_address: dict[tuple[str, str, int], Listener] = {}
    for site, block in zip(instance.sites, program.blocks, strict=True):
        for key, token in zip(site.keys, block.keys or (None,) * len(site.keys), strict=False):
            span = token.span if token else block.span
            for host in site.listen_hosts:
                _overlap(instance, site, key, host, span, registered, unbound)
                if not key.port.isdigit() or int(key.port) > 65535:
                    instance.findings.append(
                        Finding(code="invalid-port", message=f"`{key.port}` is not a port", span=span,
                                hint="a port is a number from 0 to 65535",
                                coredns=f"address {key.port}: invalid port"))  # fmt: skip
                    continue
                at = (key.transport, host, int(key.port))
                listener = by_address.get(at)
                if listener is None:
                    listener = by_address[at] = Listener(*at)
                    instance.listeners.append(listener)
                listener.zones.setdefault(key.zone, []).append(site)
                listener.debug = listener.debug or site.debug
                listener.stacktrace = site.stacktrace
                listener.chaos = listener.chaos or any(h.name in CHAOS for h in site.handlers)


def _overlap(instance: Instance, site: Site, key: keys.Zone, host: str, span: Span,
             registered: dict[tuple[str, str, str, str], Span],
             unbound: dict[tuple[str, str, str], tuple[str, Span]]) -> None:  # fmt: skip
    def text(address: str) -> str:
        return f"{key.transport}://{key.zone}:{key.port}" + (f" on {address}" if address else "")

    exact, loose = (key.transport, key.zone, key.port, host), (key.transport, key.zone, key.port)
    other: Span | None = None
    if exact in registered:
        other, message = registered[exact], f"cannot serve {text(host)} - it is already defined"
        if site.filters:
            return
        code, words = "zone-defined-twice", f"`{text(host)}` is served by another server block already"
    elif loose in unbound and (not host or (*loose, "") in registered):
        address, other = ("", registered[(*loose, "")]) if host else unbound[loose]
        message = f"cannot serve {text(host)} - zone overlap listener capacity with {text(address)}"
        code = "zone-overlap"
        words = f"`{text(host)}` and `{text(address)}` would listen on the same address"
    if other is not None:
        instance.findings.append(
            Finding(code=code, message=words, span=span, coredns=message, related=((other, "the other one"),),
                    hint="give one of them another zone, port or bind address"))  # fmt: skip
    elif not site.filters:
        registered[exact] = span
        unbound[loose] = (host, span)


__all__ = ["CH", "NOERROR", "Chain", "Instance", "Listener", "Panic", "Registry", "Setup", "Site", "compile_program"]
