"""proxy - has other servers answer (up to CoreDNS 1.4.0; `forward` took over).

Description: sends a question to one of the servers TO of the `proxy` whose FROM is the longest that the name lies in,
and the answer back as it is. A server that fails counts one failure for `fail_timeout`; with `max_fails` of them it is
down and passed over. When all are down the question fails at once, unless `spray` is given. A server that does not
answer in 5 s has not failed by this: another is asked, or the same again, for up to 16 s.

Syntax:

    proxy FROM TO... {
        policy random|least_conn|round_robin|first|sequential
        fail_timeout DURATION
        max_fails NUMBER
        health_check PATH:PORT [DURATION]
        except ZONES...
        spray
        protocol dns [force_tcp]|grpc [insecure|CA|CERT KEY [CA]]
    }

TO is an address, perhaps with a port, or a file like resolv.conf.

Examples: `proxy . /etc/resolv.conf` asks the servers of the machine; `proxy global 172.19.10.196` has one server answer
for a zone of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ...chain.declare import Arg, Given, Opt, Property, Rest
from ...chain.metrics import time_buckets
from ...chain.query import Next, Outcome, Query, failed
from ...chain.shapes import Plugin
from ...chain.types import Duration, Int, Invalid, OneOf, Type, Word
from ...dns.codes import FORMERR, SERVFAIL
from ...dns.message import Msg
from ...dns.names import is_subdomain
from ...golang.addresses import split_host_port
from ...golang.errors import GoError
from .. import _backend
from .._backend import From, destinations, excepted
from ._pool import Host, Pool

if TYPE_CHECKING:
    from ...chain.setup import Setup
    from ...releases import Release

TRY_FOR = 16.0
"""Seconds for which servers are tried."""

WAIT = 5.0
FAIL_TIMEOUT = 2.0
"""What `fail_timeout 0` stands for."""

PATIENCE = 50
"""Failures without any time passing after which nothing will change but by time."""

POLICIES = {"random": "1.0.0", "least_conn": "1.0.0", "round_robin": "1.0.0", "first": "1.0.6", "sequential": "1.1.2"}


class Policy(OneOf):
    """How a server is chosen."""

    def __init__(self) -> None:
        super().__init__(*POLICIES, error="Wrong argument count or unexpected line ending after '{}'")

    def convert(self, text: str, release: Release) -> str:
        """The policy. Raises Invalid."""
        if text in POLICIES and release < POLICIES[text]:
            raise self.bad(text, f"the policy `{text}` came with CoreDNS {POLICIES[text]}")
        return super().convert(text, release)


class HealthPage(Type):
    """A path and a port: `/health:8080`."""

    label = "path:port"
    example = "/health:8080"

    def convert(self, text: str, release: Release) -> tuple[str, str]:
        """Path and port. Raises Invalid."""
        try:
            return split_host_port(text)
        except GoError as e:
            raise Invalid(
                f"`{text}` is no path with a port", hint="such as `/health:8080`", coredns=e.text, located=False
            ) from None


class Config(NamedTuple):
    """What one `proxy` was given. Times are in seconds."""

    zone: str
    to: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    policy: str = "random"
    fail_timeout: float = 5.0
    max_fails: int = 3
    page: tuple[str, str] = ("", "")
    interval: float = 4.0
    spray: bool = False
    protocol: str = "dns"
    force_tcp: bool = False


class Proxy(Plugin):
    """Sends questions to other servers."""

    removed = "1.5.0"
    STATE = "which hosts are down, and whose turn it is"
    ANY_CLASS = True
    ARGUMENTS = (
        Arg("zone", From(), brace=True, doc="the zone whose questions are sent; `.` for all"),
        Rest("to", Word("address"), required=True, doc="the servers: addresses, files like resolv.conf"),
    )
    PROPERTIES = (
        Property("policy", Arg("policy", Policy()), default="random", extra="lines", doc="how a server is chosen"),
        Property(
            "fail_timeout",
            Arg("time", Duration(located=False)),
            default=5.0,
            extra="lines",
            doc="how long a failure counts",
        ),
        Property(
            "max_fails",
            Arg("number", Int(located=False)),
            default=3,
            extra="lines",
            doc="failures with which a server is down; 0 for never",
        ),
        Property(
            "health_check",
            Arg("page", HealthPage()),
            Opt("interval", Duration(located=False), default=4.0),
            extra="lines",
            doc="a page of each server that answers with 200 to 399 while it is fine",
        ),
        Property("except", Rest("zones", From(), required=True), default=(), doc="zones whose questions are not sent"),
        Property("spray", extra="lines", doc="when all servers are down, ask any of them"),
        Property(
            "protocol",
            Rest("words", Word("word"), required=True),
            default=("dns",),
            doc="`dns` or `grpc`, and its options",
        ),
    )

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """TO comes before the block."""
        addresses = given.values["addresses"] = tuple(destinations(given.values["to"], setup))
        count, most = len(addresses), _backend.MAX_DESTINATIONS
        if count > most and setup.release >= "1.0.3":
            raise Invalid(
                f"{count} servers are too many",
                hint=f"keep {most} of them",
                located=False,
                coredns=f"more than {most} TOs configured: {count}",
            )

    @classmethod
    def accept_line(cls, line: Given, setup: Setup) -> None:
        """The protocol and its options."""
        if line.name != "protocol":
            return
        protocol, *options = line.value
        if protocol == "dns":
            if options and options[0] != "force_tcp":
                own = "only force_tcp allowed as parameter to dns"
                raise Invalid(
                    f"`protocol dns` has no option `{options[0]}`",
                    hint="it has `force_tcp`",
                    coredns=own,
                    located=False,
                    at=line.words[1],
                )
        elif protocol == "grpc":
            if len(options) > 3:
                own = f"maximum of three arguments allowed for TLS config, found {len(options)}"
                raise Invalid("`protocol grpc` takes at most three files", located=False, coredns=own)
            if options != ["insecure"]:
                _backend.tls_files(line.words[1:], setup)
        elif protocol != "https_google" or setup.release >= "1.2.0":
            raise Invalid(
                f"there is no protocol `{protocol}`",
                hint="there are `dns` and `grpc`",
                located=False,
                coredns=f"invalid protocol: {protocol}",
                at=line.words[0],
            )

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """The rules across arguments."""
        found = cls.fields(given, setup)
        page, interval = found["health_check"] or (("", ""), 4.0)
        if page[0] and interval <= 0:
            raise Invalid(
                "health checks need a pause between them",
                located=False,
                coredns="panic: non-positive interval for NewTicker",
            )
        protocol, force_tcp = "dns", False
        for line in given.all("protocol"):
            protocol, *options = line.value
            force_tcp = protocol == "dns" and bool(options)
            if protocol == "https_google" and setup.release < "1.1.4":
                setup.notice("not-simulated", "`https_google` is not simulated: plain DNS is asked", line.span)
        return Config(
            zone=found["zone"][0],
            to=found["addresses"],
            ignored=tuple(z for zones in found["except"] for z in zones),
            policy=found["policy"],
            fail_timeout=found["fail_timeout"],
            max_fails=found["max_fails"],
            page=page,
            interval=interval,
            spray=bool(found["spray"]),
            force_tcp=force_tcp,
            protocol="grpc" if protocol == "grpc" else "dns",
        )

    @classmethod
    def merge(cls, configs: list[Config], setup: Setup) -> tuple[Config, ...]:
        """All of them: each is for a zone of its own."""
        return tuple(configs)

    def __init__(self, config: tuple[Config, ...], setup: Setup) -> None:
        super().__init__(config, setup)
        self.pools = [Pool(c, setup) for c in config]
        release = setup.release
        self.checks_match = release >= "1.1.1"
        self.names_server = release >= "1.1.2"
        self.milliseconds = release < "1.0.2"
        self._counted: dict[tuple[str, ...], Any] = {}

    def start(self) -> None:
        """Begin to check the servers' pages."""
        for pool in self.pools:
            pool.start()

    def stop(self) -> None:
        """Stop that."""
        for pool in self.pools:
            pool.stop()

    def forwarded(self) -> tuple[str, ...]:
        """See `capabilities.Forwards`."""
        return tuple(pool.config.zone for pool in self.pools)

    # -- answering ------------------------------------------------------------------------------------------------

    def serve(self, query: Query) -> Outcome:
        """The answer of one of the servers."""
        pool = self._pool(query.name)
        if pool is None:
            zones = " or ".join(p.config.zone for p in self.pools)
            return Next(("{} is not within {}, or `except` names it", query.name, zones))
        ctx = query.ctx
        config = pool.config
        end = ctx.elapsed + TRY_FOR
        error, idle = "", 0
        tried: list[str] = []
        while ctx.elapsed < end:
            host = pool.select(ctx.now())
            if host is None:
                why = "; ".join(dict.fromkeys(tried)) or f"no server for {config.zone} is up"
                return failed(SERVFAIL, "unreachable backend: no upstream host", why)
            before = ctx.elapsed
            reply, error, timeout = self._ask(pool, host, query)
            if reply is not None:
                return self._answer(query, host, reply, tried)
            tried.append(f"{host.name} failed: {error}")
            if not timeout:
                host.failed(ctx.now(), config.fail_timeout or FAIL_TIMEOUT)
            idle = idle + 1 if ctx.elapsed == before else 0
            if idle > PATIENCE:  # CoreDNS asks thousands of times until time brings something new
                ctx.elapsed = min(end, max(pool.schedule.next() - self.setup.world.clock.now, ctx.elapsed))
        return failed(SERVFAIL, f"unreachable backend: {error}", "; ".join(dict.fromkeys(tried)))

    def _pool(self, name: str) -> Pool | None:
        """The pool with the longest zone that takes the name."""
        found: Pool | None = None
        for pool in self.pools:
            zone = pool.config.zone
            if found is not None and len(zone) <= len(found.config.zone):
                continue
            if (zone == "." or is_subdomain(zone, name)) and excepted(name, zone, pool.config.ignored) is None:
                found = pool
        return found

    def _ask(self, pool: Pool, host: Host, query: Query) -> tuple[Msg | None, str, bool]:
        ctx, config = query.ctx, pool.config
        key = (ctx.server, ctx.proto, config.protocol, str(ctx.family), host.name)
        counted = self._counted.get(key)
        if counted is None:
            counted = self._counted[key] = self._series(key)
        counted[0][0] += 1
        advertised = query.msg.edns.udp if query.msg.edns is not None else 0
        host.connections += 1
        proto = "tcp" if config.force_tcp else ctx.proto
        said = host.link.ask(query.msg, ctx, proto, WAIT, max(advertised, 512))
        host.connections -= 1
        ctx.elapsed += said.took
        host.took = said.took * 1000 // 1 if self.milliseconds else said.took
        return said.reply, said.error, said.timeout

    def _answer(self, query: Query, host: Host, reply: Msg, tried: list[str]) -> Outcome:
        ctx = query.ctx
        question = reply.question
        if self.checks_match and (
            question is None or not reply.qr or question[1] != query.type or question[0].lower() != query.name
        ):
            formerr = query.msg.reply(FORMERR)
            return self.write(
                query, formerr, f"{host.name} answered another question: FORMERR", sizes=False, scrubs=False
            )
        self._counted[ctx.server, ctx.proto, host.protocol, str(ctx.family), host.name][1].observe(host.took)
        reply.id = query.msg.id
        why: Any = ("{} answered", host.name)
        if tried:
            why = f"{'; '.join(dict.fromkeys(tried))}; {host.name} answered"
        return self.write(query, reply, why, sizes=False, scrubs=host.protocol == "dns")

    def _series(self, key: tuple[str, ...]) -> tuple[list[float], Any]:
        """The two series of one server, protocol and family."""
        labels = tuple(zip(("server", "proto", "proxy_proto", "family", "to"), key, strict=True))
        if not self.names_server:
            labels = labels[1:]
        metrics = self.setup.instance.metrics
        bounds = time_buckets(self.setup.release)
        return (
            metrics.cell("coredns_proxy_request_count_total", labels),
            LateHistogram(metrics, "coredns_proxy_request_duration_seconds", labels, bounds),
        )


class LateHistogram:
    """A histogram that exists only once something was observed."""

    def __init__(self, metrics: Any, *series: Any) -> None:
        self.metrics = metrics
        self.series = series

    def observe(self, value: float) -> None:
        """Count a value."""
        self.metrics.histogram(*self.series).observe(value)
