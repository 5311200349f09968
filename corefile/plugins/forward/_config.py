"""What `forward` may be given (plugin/forward/setup.go)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...golang.domains import is_domain_name
from ...light import NamedTuple
from ...plugin import (
    Arg,
    Changing,
    Declaration,
    Duration,
    Given,
    Int,
    Invalid,
    Ip,
    Line,
    OneOf,
    Opt,
    Release,
    Rest,
    Setup,
    Type,
    Word,
    dns,
    fqdn,
    quote,
    wrong_count,
)
from .._backend import Except, FirstZone, Rcode, check_count, is_ip, split_port, tls_files
from . import _to
from ._rules import ForwardRules

if TYPE_CHECKING:
    from ...golang.x509 import Certificate

COUNT = Int(signed=False, bits=32, located=False)


class Servers(Type):
    """TO: addresses, files like resolv.conf, names."""

    label = "address"
    example = "10.0.0.53"

    def settle(self, value: tuple[str, ...], given: Given, setup: Setup) -> tuple[str, ...]:
        """The addresses, with ports and transports. Raises Invalid."""
        if ForwardRules.of(setup.release).to_before_block:
            addresses, entries = list(value), len(value)  # see `Forward.opening`
        else:
            addresses, entries = _to.resolved(given.words[1:], given.get("resolver", ()), setup)
        servers = _to.checked(addresses, given.get("tls_servername"), setup)
        check_count(entries)
        return tuple(servers)


class Policy(OneOf):
    """In which order the servers are asked."""

    def __init__(self) -> None:
        super().__init__("random", "round_robin", "sequential", error="unknown policy '{}'")

    def convert(self, text: str, release: Release) -> str:
        """The policy. Raises Invalid."""
        if text == "sequential" and not ForwardRules.of(release).sequential:
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
            raise Invalid(
                f"`{text}` is not an IP address",
                located=False,
                expected="address",
                coredns=f"resolver must be an IP address or IP:port: {quote(text)}",
            )
        return text


class Failure(Rcode):
    """The name of an rcode, but NOERROR."""

    def convert(self, text: str, release: Release) -> int:
        """The number. Raises Invalid."""
        own = "NoError cannot be used in failover"
        mixed = ForwardRules.of(release).failover_mixed
        try:
            code = super().convert(text, release)
        except Invalid as error:
            if not mixed:
                raise
            raise Invalid(error.message, coredns=own, located=False, expected=error.expected) from None
        if code == dns.NOERROR and not mixed:
            raise Invalid("NOERROR is no failure", coredns=own, located=False)
        return code


class Limit(Int):
    """A number, and how it was written, which CoreDNS repeats."""

    def settle(self, value: int, given: Given, setup: Setup) -> tuple[int, str]:
        """The number and the word."""
        return value, given.words[0].text


def _check(line: Given, setup: Setup) -> tuple[float, bool, str]:
    """The interval, and what the words behind it say: `no_rec`, or since 1.9.2 `domain` and a name. Raises Invalid."""
    rules = ForwardRules.of(setup.release)
    recursion, domain = True, "."
    left = iter(line.words[1:])
    for word in left:
        if word.text == "no_rec":
            recursion = False
        elif word.text == "domain" and rules.check_domain:
            name = next(left, None)
            if name is None:
                raise Invalid(
                    "`domain` needs a name", at=word, hint="write `domain NAME`", coredns=wrong_count("domain")
                )
            if rules.domain_checked and not is_domain_name(name.text, setup.release):
                raise Invalid(
                    f"`{name.text}` is not a domain name",
                    at=name,
                    located=False,
                    coredns=f"health_check: invalid domain name {name.text}",
                )
            domain = fqdn(name.text).lower() if rules.domain_checked else name.text
        else:
            raise Invalid(
                f"`health_check` has no option `{word.text}`",
                at=word,
                located=False,
                hint="it has `no_rec`" + (" and `domain NAME`" if rules.check_domain else ""),
                choices=("no_rec", "domain") if rules.check_domain else ("no_rec",),
                coredns=f"health_check: unknown option {word.text}",
            )
    return line.values["interval"], recursion, domain


def _authorities(line: Given, setup: Setup) -> tuple[Certificate, ...] | None:
    """Those that the files of `tls` hold, where there are such. Raises Invalid."""
    words = line.words
    if len(words) < 3 and not ForwardRules.of(setup.release).optional_tls:
        last = words[-1].text if words else line.name
        said = wrong_count(last)
        raise Invalid("`tls` takes three files before CoreDNS 1.1.2", coredns=said, at=line.span)
    files = tls_files(words, setup)
    return files.authorities if len(words) in (1, 3) else None


class HealthCheck(NamedTuple):
    """How a server that has failed is checked. interval: seconds between two checks."""

    interval: float = 0.5
    recursion: bool = True
    domain: str = "."

    @classmethod
    def of(cls, lines: tuple[tuple[float, bool, str], ...]) -> HealthCheck:
        """What all lines together say."""
        if not lines:
            return cls()
        interval, _, domain = lines[-1]
        return cls(interval, all(recursion for _, recursion, _ in lines), domain)


def _number(name: str) -> Int:
    return Int(min=0, located=False, range_error=f"{name} can't be negative: {{}}")


def _seconds(name: str) -> Duration:
    return Duration(min=0, range_error=f"{name} can't be negative: {{go}}", located=False)


def _value(argument: str, type: Type, /, *, doc: str, **options: Any) -> Any:
    """A property of one argument, behind which CoreDNS reads another property."""
    return Line(Arg(argument, type), extra="lines", doc=doc, **options)


class ForwardConfig(Declaration):
    """What one `forward` was given. Times are in seconds."""

    zone: str = Arg(FirstZone(), brace=True, doc="the zone whose questions are forwarded; `.` for all")
    to: tuple[str, ...] = Rest(Servers(), required=True, doc="the servers: addresses, files like resolv.conf, names")
    ignored: tuple[tuple[tuple[str, ...], ...], ...] = Line(
        Rest("zones", Except(), required=True),
        name="except",
        repeat="all",
        rule="zone",
        doc="zones that are not forwarded",
    )
    max_fails: int = _value(
        "number",
        Changing(_number("max_fails"), {"1.9.0": COUNT}),
        default=2,
        doc="failed checks after which a server counts as down; since 1.9.0, 0 for never, and no checks",
    )
    max_connect_attempts: int | None = _value(
        "number", COUNT, since="1.13.2", doc="failures after which a question is given up; 0 for no limit"
    )
    health_check: HealthCheck = Line(
        Arg("interval", Duration(min=0, range_error="health_check can't be negative: {ns}", located=False)),
        Rest("options", Word("option"), since="1.6.8"),
        repeat="all",
        read=_check,
        build=HealthCheck.of,
        extra="lines",
        doc="pause between checks of a failed server; `no_rec`, and since 1.9.2 `domain NAME`",
    )
    force_tcp: bool = Line(extra="first", doc="ask over TCP, whatever the client used")
    prefer_udp: bool = Line(extra="first", since="1.2.0", doc="ask over UDP, and over TCP where that is truncated")
    expire: float = _value("time", _seconds("expire"), default=10.0, doc="how long an unused connection is kept")
    max_age: float = _value(
        "time", _seconds("max_age"), default=0.0, since="1.14.3", doc="how long a connection is used; 0 for no limit"
    )
    max_idle_conns: int = _value(
        "number",
        _number("max_idle_conns"),
        default=0,
        since="1.14.1",
        doc="unused connections that are kept; 0 for no limit",
    )
    read_timeout: float = _value(
        "time",
        Duration(above=0, range_error="read_timeout must be positive: {go}", located=False),
        default=2.0,
        since="1.14.5",
        doc="how long a server has to answer",
    )
    doh_method: str = _value(
        "method",
        OneOf("POST", "GET", error="doh_method must be either POST or GET", located=False),
        default="POST",
        since="1.14.5",
        doc="the HTTP method for `https://` servers",
    )
    authorities: tuple[Certificate, ...] | None = Line(
        Opt("cert", Word("file")),
        Opt("key", Word("file")),
        Opt("ca", Word("file")),
        name="tls",
        default=None,
        read=_authorities,
        doc="files for `tls://` servers: none, CA, CERT KEY or CERT KEY CA; all three up to 1.1.1",
    )
    tls_servername: str | None = _value("name", Word(), doc="the name in the certificate of `tls://` servers")
    policy: str = _value("policy", Policy(), default="random", doc="the order in which servers are asked")
    max_concurrent: tuple[int, str] = _value(
        "number",
        Limit(min=0, located=False, range_error="max_concurrent can't be negative: {}"),
        default=(0, ""),
        since="1.6.8",
        doc="questions under way beyond which further ones are refused; 0 for no limit",
    )
    next: frozenset[int] = Line(
        Rest("rcodes", Rcode(), required=True),
        repeat="join",
        build=frozenset,
        since="1.11.4",
        doc="answers with these codes are left to the next `forward` of the block",
    )
    next_on_nodata: bool = Line(extra="first", since="1.14.4", doc="so are answers without records")
    failfast: bool = Line(
        name="failfast_all_unhealthy_upstreams",
        since="1.12.1",
        doc="when all servers are down, fail without trying one",
    )
    failover: frozenset[int] = Line(
        Rest("rcodes", Failure(), required=True),
        repeat="join",
        build=frozenset,
        since="1.13.0",
        doc="after answers with these codes the next server is asked",
    )
    resolver: tuple[str, ...] = Line(
        Rest("addresses", Resolver(), required=True),
        default=(),
        since="1.14.4",
        doc="servers that resolve the names among TO, instead of the system's",
    )
    source: str | None = _value(
        "address",
        Ip(error="invalid IP address: {}"),
        name="source_address",
        since="1.14.6",
        doc="the address to ask from",
    )


__all__ = ["ForwardConfig", "HealthCheck"]
