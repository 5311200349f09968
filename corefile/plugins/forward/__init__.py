"""forward - has other servers answer.

Description: sends a question whose name lies in FROM to one of the servers TO, and the answer back as it is. A server
that fails is left for the next one while there is time (5 s), and is asked every half second whether it is back; after
more than `max_fails` failed checks it is passed over. Questions outside FROM, or within an EXCEPT zone, go on to the
next plugin. `forward` may be given several times, since 1.9.4.

Syntax:

    forward FROM TO... {
        except ZONES...
        policy random|round_robin|sequential
        ...
    }

TO is an address, perhaps with a port and a transport (`tls://9.9.9.9`, since 1.14.5 also `https://`), a file like
resolv.conf, or since 1.14.4 a name. The properties are below.

Examples: `forward . /etc/resolv.conf` asks the servers of the machine; `forward . 8.8.8.8 9.9.9.9 { policy sequential }`
asks the second one only while the first fails; `forward . tls://9.9.9.9 { tls_servername dns.quad9.net }` encrypts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ...chain.declare import Arg, Argument, Given, Plugin, Property, Rest
from ...chain.message import FORMERR, NOERROR, REFUSED, SERVFAIL, Msg
from ...chain.names import fqdn, is_subdomain
from ...chain.query import Next, Outcome, Query, failed
from ...chain.rdata import rcode_name
from ...chain.server import Panic
from ...chain.types import Duration, Int, Invalid, OneOf, Type, Word, go_duration_text
from ...keys import is_domain_name
from .. import _backend
from .._backend import Except, From, Rcode, Schedule, destinations, excepted, is_ip, split_port, split_transport
from . import _to
from ._peers import Peer

if TYPE_CHECKING:
    from ...chain.server import Setup
    from ...releases import Release

DEADLINE = 5.0
"""Seconds after which no further server is tried."""

TRIES_EACH = 2
"""How often each server may fail for one question, since 1.14.7, unless `max_connect_attempts` is given."""

PATIENCE = 20
"""Rounds without any time passing after which nothing will change but by time."""


class Policy(OneOf):
    """In which order the servers are asked."""

    def __init__(self) -> None:
        super().__init__("random", "round_robin", "sequential", error="unknown policy '{}'")

    def convert(self, text: str, release: Release) -> str:
        """The policy. Raises Invalid."""
        if text == "sequential" and release < "1.1.2":
            raise self.bad(text, "the policy `sequential` came with CoreDNS 1.1.2")
        return super().convert(text, release)


class Resolver(Type):
    """An IP address, perhaps with a port."""

    label = "address"
    example = "10.0.0.10"

    def convert(self, text: str, release: Release) -> str:
        """The address as written. Raises Invalid."""
        split = split_port(text)
        if not is_ip(split[0] if split else text):
            raise Invalid(f"`{text}` is not an IP address", located=False,
                          coredns=f'resolver must be an IP address or IP:port: "{text}"')  # fmt: skip
        return text


class Address(Type):
    """An IP address."""

    label = "address"
    example = "10.0.0.7"

    def convert(self, text: str, release: Release) -> str:
        """The address. Raises Invalid."""
        if not is_ip(text):
            raise Invalid(f"`{text}` is not an IP address", coredns=f"invalid IP address: {text}")
        return text


class Failure(Rcode):
    """The name of an rcode, but NOERROR."""

    def convert(self, text: str, release: Release) -> int:
        """The number. Raises Invalid."""
        own = "NoError cannot be used in failover"
        try:
            code = super().convert(text, release)
        except Invalid as error:
            # 1.13.0 and 1.13.1 mixed up the two.
            raise error if release >= "1.13.2" else Invalid(error.message, coredns=own, located=False) from None
        if code == NOERROR and release >= "1.13.2":
            raise Invalid("NOERROR is no failure", coredns=own, located=False)
        return code


class Config(NamedTuple):
    """What one `forward` was given. Times are in seconds."""

    zone: str
    to: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    policy: str = "random"
    max_fails: int = 2
    max_connect_attempts: int | None = None
    interval: float = 0.5
    recursion: bool = True
    domain: str = "."
    force_tcp: bool = False
    prefer_udp: bool = False
    expire: float = 10.0
    max_age: float = 0.0
    max_idle_conns: int = 0
    read_timeout: float = 2.0
    doh_method: str = "POST"
    max_concurrent: int = 0
    limit: str = ""
    next: frozenset[int] = frozenset()
    next_on_nodata: bool = False
    failover: frozenset[int] = frozenset()
    failfast: bool = False
    source: str | None = None


def _seconds(name: str) -> Duration:
    return Duration(min=0, range_error=f"{name} can't be negative: {{go}}", located=False)


class Forward(Plugin):
    """Sends questions to other servers."""

    since = "1.0.6"
    ONCE = "1.9.4"
    EACH = True
    Config = Config
    ARGUMENTS = (
        Arg("zone", From(), doc="the zone whose questions are forwarded; `.` for all"),
        Rest("to", Word("address"), required=True, doc="the servers: addresses, files like resolv.conf, names"),
    )
    PROPERTIES = (
        Property("except", Rest("zones", Except(), required=True), repeat="all", doc="zones that are not forwarded"),
        Property("max_fails", Arg("number", Int(min=0, located=False, range_error="max_fails can't be negative: {}")),
                 default=2, removed="1.9.0", extra="lines", doc="failed checks after which a server counts as down"),
        Property("max_fails", Arg("number", Int(signed=False, bits=32, located=False)), default=2, since="1.9.0",
                 extra="lines", doc="failed checks after which a server counts as down; 0 for never, and no checks"),
        Property("max_connect_attempts", Arg("number", Int(signed=False, bits=32, located=False)), since="1.13.2",
                 extra="lines", doc="failures after which a question is given up; 0 for no limit"),
        Property("health_check",
                 Arg("interval", Duration(min=0, range_error="health_check can't be negative: {ns}", located=False)),
                 Argument("options", Word(), required=False, many=True, default=(), since="1.6.8"), extra="lines",
                 doc="pause between checks of a failed server; `no_rec`, and since 1.9.2 `domain NAME`"),
        Property("force_tcp", extra="first", doc="ask over TCP, whatever the client used"),
        Property("prefer_udp", extra="first", since="1.2.0", doc="ask over UDP, and again over TCP where that is truncated"),
        Property("expire", Arg("time", _seconds("expire")), default=10.0, extra="lines",
                 doc="how long an unused connection is kept"),
        Property("max_age", Arg("time", _seconds("max_age")), default=0.0, since="1.14.3", extra="lines",
                 doc="how long a connection is used; 0 for no limit"),
        Property("max_idle_conns", Arg("number", Int(min=0, located=False, range_error="max_idle_conns can't be negative: {}")),
                 default=0, since="1.14.1", extra="lines", doc="unused connections that are kept; 0 for no limit"),
        Property("read_timeout",
                 Arg("time", Duration(above=0, range_error="read_timeout must be positive: {go}", located=False)),
                 default=2.0, since="1.14.5", extra="lines", doc="how long a server has to answer"),
        Property("doh_method", Arg("method", OneOf("POST", "GET", error="doh_method must be either POST or GET", located=False)),
                 default="POST", since="1.14.5", extra="lines", doc="the HTTP method for `https://` servers"),
        Property("tls", Arg("cert", Word("file")), Arg("key", Word("file")), Arg("ca", Word("file")), removed="1.1.2",
                 doc="files of certificate, key and authorities for `tls://` servers"),
        Property("tls", Rest("files", Word("file")), since="1.1.2",
                 doc="files for `tls://` servers: none, CA, CERT KEY or CERT KEY CA"),
        Property("tls_servername", Arg("name"), extra="lines", doc="the name in the certificate of `tls://` servers"),
        Property("policy", Arg("policy", Policy()), default="random", extra="lines", doc="the order in which servers are asked"),
        Property("max_concurrent", Arg("number", Int(min=0, located=False, range_error="max_concurrent can't be negative: {}")),
                 since="1.6.8", extra="lines", doc="questions under way beyond which further ones are refused; 0 for no limit"),
        Property("next", Rest("rcodes", Rcode(), required=True), repeat="all", since="1.11.4",
                 doc="answers with these codes are left to the next `forward` of the block"),
        Property("next_on_nodata", extra="first", since="1.14.4", doc="so are answers without records"),
        Property("failfast_all_unhealthy_upstreams", since="1.12.1", doc="when all servers are down, fail without trying one"),
        Property("failover", Rest("rcodes", Failure(), required=True), repeat="all", since="1.13.0",
                 doc="after answers with these codes the next server is asked"),
        Property("resolver", Rest("addresses", Resolver(), required=True), since="1.14.4",
                 doc="servers that resolve the names among TO, instead of the system's"),
        Property("source_address", Arg("address", Address()), since="1.14.6", extra="lines", doc="the address to ask from"),
    )  # fmt: skip

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """FROM is a zone; up to 1.14.3, TO comes before the block."""
        text = given.words[0].text
        if not given.values["zone"]:
            own = f"unable to normalize '{text}'"
            if setup.release < "1.9.1":
                own = "runtime error: index out of range [0] with length 0"
            raise Invalid(f"`{text}` is not a domain name", coredns=own, located=False)
        if setup.release < "1.14.4":
            given.values["addresses"] = destinations(given.values["to"], setup)

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """The rules across properties."""
        release = setup.release
        found = cls.fields(given, setup)
        zones = found["zone"]
        if len(zones) > 1:
            setup.warn("only-first-zone", f"{given.words[0].text} is several reverse zones, and only {zones[0]} is forwarded",
                       given.words[0].span, hint="write a `forward` for each of them")  # fmt: skip
        options = _health(given, setup)
        ignored = found["except"][-1:] if release < "1.8.4" else found["except"]
        for line in given.all("tls"):
            if len(line.words) > 3:
                setup.error("argument-count", f"`tls` takes at most 3 files, not {len(line.words)}", line.words[3].span,
                            hint="write `tls CERT KEY CA`", token=line.words[-1],
                            coredns=f"Wrong argument count or unexpected line ending after '{line.words[-1].text}'")  # fmt: skip
            else:
                _backend.tls_files(line.words, setup)
        if 0 < found["max_age"] < found["expire"]:
            raise Invalid("connections cannot be too old before they are idle for too long", located=False,
                          hint="raise `max_age` or lower `expire`",
                          coredns=f"max_age ({go_duration_text(found['max_age'])}) must not be less than "
                          f"expire ({go_duration_text(found['expire'])})")  # fmt: skip
        resolver = found["resolver"] or ()
        addresses = found.get("addresses")
        if addresses is None:
            addresses, entries = _to.resolved(found["to"], resolver, setup)
        else:
            entries = len(addresses)
        servers = _to.checked(addresses, found["tls_servername"], setup)
        if entries > _backend.MAX_DESTINATIONS:
            raise Invalid(f"{entries} servers are too many", hint=f"keep {_backend.MAX_DESTINATIONS} of them", located=False,
                          coredns=f"more than {_backend.MAX_DESTINATIONS} TOs configured: {entries}")  # fmt: skip
        concurrent = given.all("max_concurrent")
        return Config(
            zone=zones[0], to=tuple(servers), ignored=tuple(z for line in ignored for word in line for z in word),
            # 1.6.7 to 1.6.9 handed its policies one list in place of the servers in it.
            policy="sequential" if "1.6.7" <= release < "1.7.0" else found["policy"],
            max_fails=found["max_fails"], max_connect_attempts=found["max_connect_attempts"], force_tcp=found["force_tcp"],
            prefer_udp=found["prefer_udp"], expire=found["expire"], max_age=found["max_age"],
            max_idle_conns=found["max_idle_conns"], read_timeout=found["read_timeout"], doh_method=found["doh_method"],
            max_concurrent=found["max_concurrent"] or 0, limit=concurrent[-1].words[0].text if concurrent else "",
            next=frozenset(code for line in found["next"] for code in line), next_on_nodata=bool(found["next_on_nodata"]),
            failover=frozenset(code for line in found["failover"] for code in line),
            failfast=bool(found["failfast_all_unhealthy_upstreams"]), source=found["source_address"], **options,
        )  # fmt: skip

    def __init__(self, config: Config, setup: Setup) -> None:
        super().__init__(config, setup)
        release = setup.release
        self.schedule = Schedule(setup.world)
        self.peers = [Peer(address, config, setup, self.schedule) for address in config.to]
        self.robin = 0
        self.concurrent = 0
        self.followed = False
        self.checks_match = release >= "1.1.1"
        self.checks_class = release >= "1.14.7"
        self.retries_tc = release < "1.3.0" or release >= "1.6.2"
        self.failfast = config.failfast
        self.counts_failover = release >= "1.14.7"
        self.once_round = release < "1.1.2"
        self.limit_rcode = REFUSED if release >= "1.8.1" else SERVFAIL
        self.tells_upstream = release >= "1.8.4"
        self.tries = config.max_connect_attempts
        if self.tries is None:
            self.tries = TRIES_EACH * len(self.peers) if release >= "1.14.7" else 0
        count = release >= "1.7.0"
        metrics = setup.instance.metrics
        # Counters without labels are there from the start; these two were not registered before.
        broken, rejects = "healthcheck_broken", "max_concurrent_reject"
        cell = metrics.cell if release >= "1.7.1" else metrics.lazy
        self.broken = cell(f"coredns_forward_{broken}{'_total' if count else '_count_total'}", ())
        if release < "1.7.1":
            self.broken = [0.0]
        self.rejects = [0.0]
        if release >= "1.6.8":
            self.rejects = metrics.cell(f"coredns_forward_{rejects}{'s_total' if count else '_count_total'}", ())

    def start(self) -> None:
        """Look whether the next plugin is another `forward`."""
        handlers = self.setup.site.handlers
        at = handlers.index(self)
        self.followed = at + 1 < len(handlers) and handlers[at + 1].name == self.name

    def stop(self) -> None:
        """Stop checking."""
        self.schedule.stop()

    # -- answering ------------------------------------------------------------------------------------------------

    def serve(self, query: Query) -> Outcome:
        """The answer of one of the servers."""
        config = self.config
        zone, name = config.zone, query.name
        if zone != "." and not is_subdomain(zone, name):
            return Next(("{} is not within {}, which is forwarded", name, zone))
        if config.ignored:
            other = excepted(name, zone, config.ignored)
            if other is not None:
                return Next(("{} is within {}, which `except` keeps from being forwarded", name, other))
        if not config.max_concurrent:
            return self._forward(query)
        self.concurrent += 1
        try:
            if self.concurrent > config.max_concurrent:
                self.rejects[0] += 1
                return failed(self.limit_rcode, f"concurrent queries exceeded maximum {config.limit}")
            return self._forward(query)
        finally:
            self.concurrent -= 1

    def _forward(self, query: Query) -> Outcome:
        config, ctx, peers = self.config, query.ctx, self.peers
        clock = self.setup.world.clock
        count = len(peers)
        end = ctx.elapsed + DEADLINE
        rest = self._start_of_list()
        order: list[Peer] = []
        at = fails = attempts = failovers = idle = 0
        error = ""
        said_before: list[str] = []
        mark = ctx.elapsed
        while ctx.elapsed < end and (not self.tries or attempts < self.tries):
            if at >= count:
                if self.once_round:
                    break
                if not count:
                    raise Panic("runtime error: index out of range [0] with length 0")
                at = fails = 0
                idle = idle + 1 if ctx.elapsed == mark else 0
                if idle > PATIENCE:  # CoreDNS asks thousands of times until time brings something new
                    ctx.elapsed = min(end, max(self.schedule.next() - clock.now, ctx.elapsed))
                mark = ctx.elapsed
            if at == len(order):
                order.append(self._next_of(rest))
            peer = order[at]
            at += 1
            if config.max_fails and peer.is_down(config.max_fails, ctx.now()):
                fails += 1
                if fails < count:
                    continue
                self.broken[0] += 1
                if self.failfast:
                    break
                peer = self.setup.world.choose(peers, "all servers are down: which one is asked")
            if self.tells_upstream and ctx.metadata is not None:
                ctx.metadata["forward/upstream"] = peer.addr_text
            reply, error = self._connect(peer, query)
            if reply is None:
                said_before.append(f"{peer.link.address}: {error}")
                if config.max_fails:
                    peer.healthcheck(ctx.now())
                attempts += 1
                if self.tries and attempts >= self.tries:
                    break
                if fails < count:
                    continue
                break
            if self.checks_match and not self._matches(query, reply):
                formerr = query.msg.reply(FORMERR)
                return self.write(query, formerr, f"{peer.link.address} answered another question: FORMERR",
                                  sizes=False, scrubs=False)  # fmt: skip
            if config.failover and reply.rcode in config.failover:
                failovers += 1
                if (failovers if self.counts_failover else fails) < count:
                    said_before.append(f"{peer.link.address}: {rcode_name(reply.rcode)}, which `failover` names")
                    if not self.counts_failover:
                        fails += 1
                    continue
            if self.followed:
                if reply.rcode in config.next:
                    return Next(("{}: {}, which `next` leaves to the next `forward`", peer.link.address, rcode_name(reply.rcode)))
                if config.next_on_nodata and reply.rcode == NOERROR and not reply.answer:
                    return Next(("{}: no records, which `next_on_nodata` leaves to the next `forward`", peer.link.address))
            why: Any = ("{}: {}", peer.link.address, rcode_name(reply.rcode))
            if said_before:
                why = f"{_tried(said_before)}; {peer.link.address}: {rcode_name(reply.rcode)}"
            return self.write(query, reply, why, sizes=False)
        if self.once_round:
            error = "no healthy proxies or upstream error"
        return failed(SERVFAIL, error or "no healthy proxies", _tried(said_before) or "all servers are down")

    def _connect(self, peer: Peer, query: Query) -> tuple[Msg | None, str]:
        config = self.config
        proto = "tcp" if config.force_tcp else "udp" if config.prefer_udp else query.ctx.proto
        reply, error = peer.connect(query, proto)
        if reply is not None and reply.tc and config.prefer_udp and not config.force_tcp and self.retries_tc:
            reply, error = peer.connect(query, "tcp")
        return reply, error

    def _matches(self, query: Query, reply: Msg) -> bool:
        question = reply.question
        return (question is not None and reply.qr and question[1] == query.type and question[0].lower() == query.name
                and (not self.checks_class or question[2] == query.cls))  # fmt: skip

    def _start_of_list(self) -> list[Peer]:
        """The servers in the order in which they are asked; with the policy `random`, one is yet to be chosen from
        them each time."""
        peers = self.peers
        if self.config.policy == "round_robin" and peers:
            self.robin = (self.robin + 1) % (1 << 32)
            first = self.robin % len(peers)
            return [peers[first], *peers[:first], *peers[first + 1 :]]
        return peers[:]

    def _next_of(self, rest: list[Peer]) -> Peer:
        if self.config.policy == "random" and len(rest) > 1:
            peer = self.setup.world.choose(rest, "which server is asked")
            rest.remove(peer)
            return peer
        return rest.pop(0)


def _tried(said: list[str]) -> str:
    """Who failed, for a trace: each once."""
    return "; ".join(dict.fromkeys(said))


def _health(given: Given, setup: Setup) -> dict[str, Any]:
    """The fields that `health_check` sets. Its options are words of their own and words in pairs."""
    out: dict[str, Any] = {"recursion": True, "domain": "."}
    for line in given.all("health_check"):
        out["interval"], out["domain"] = line.values["interval"], "."
        words = iter(line.words[1:])
        for word in words:
            if word.text == "no_rec":
                out["recursion"] = False
            elif word.text == "domain" and setup.release >= "1.9.2":
                name = next(words, None)
                if name is None:
                    setup.error("argument-count", "`domain` needs a name", word.span, token=word, hint="write `domain NAME`",
                                coredns="Wrong argument count or unexpected line ending after 'domain'")  # fmt: skip
                elif setup.release < "1.9.4":
                    out["domain"] = name.text
                elif is_domain_name(name.text, setup.release):
                    out["domain"] = fqdn(name.text).lower()
                else:
                    setup.error("invalid-argument", f"`{name.text}` is not a domain name", name.span, located=False,
                                coredns=f"health_check: invalid domain name {name.text}")  # fmt: skip
            else:
                setup.error("unknown-property", f"`health_check` has no option `{word.text}`", word.span, located=False,
                            hint="it has `no_rec`" + (" and `domain NAME`" if setup.release >= "1.9.2" else ""),
                            coredns=f"health_check: unknown option {word.text}")  # fmt: skip
                break
    return out
