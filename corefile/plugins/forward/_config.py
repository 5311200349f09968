"""What `forward` may be given, and what CoreDNS's setup makes of it (plugin/forward/setup.go)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ...chain.declare import Arg, Argument, Given, Opt, Property, Rest
from ...chain.types import Duration, Int, Invalid, OneOf, Type, Word
from ...dns.codes import NOERROR
from ...dns.names import fqdn
from ...golang.domains import is_domain_name
from ...golang.durations import duration_text
from ...golang.quoting import quote
from .. import _backend
from .._backend import Except, From, Rcode, destinations, is_ip, split_port
from . import _to

if TYPE_CHECKING:
    from ...chain.setup import Setup
    from ...releases import Release


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
            raise Invalid(
                f"`{text}` is not an IP address",
                located=False,
                coredns=f"resolver must be an IP address or IP:port: {quote(text)}",
            )
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


ARITY = "Wrong argument count or unexpected line ending"


def _number(name: str) -> Int:
    return Int(min=0, located=False, range_error=f"{name} can't be negative: {{}}")


def _seconds(name: str) -> Duration:
    return Duration(min=0, range_error=f"{name} can't be negative: {{go}}", located=False)


ARGUMENTS = (
    Arg("zone", From(), brace=True, doc="the zone whose questions are forwarded; `.` for all"),
    Rest("to", Word("address"), required=True, doc="the servers: addresses, files like resolv.conf, names"),
)
PROPERTIES = (
    Property("except", Rest("zones", Except(), required=True), repeat="all", doc="zones that are not forwarded"),
    Property(
        "max_fails",
        Arg("number", _number("max_fails")),
        default=2,
        removed="1.9.0",
        extra="lines",
        doc="failed checks after which a server counts as down",
    ),
    Property(
        "max_fails",
        Arg("number", Int(signed=False, bits=32, located=False)),
        default=2,
        since="1.9.0",
        extra="lines",
        doc="failed checks after which a server counts as down; 0 for never, and no checks",
    ),
    Property(
        "max_connect_attempts",
        Arg("number", Int(signed=False, bits=32, located=False)),
        since="1.13.2",
        extra="lines",
        doc="failures after which a question is given up; 0 for no limit",
    ),
    Property(
        "health_check",
        Arg("interval", Duration(min=0, range_error="health_check can't be negative: {ns}", located=False)),
        Argument("options", Word(), required=False, many=True, default=(), since="1.6.8"),
        extra="lines",
        doc="pause between checks of a failed server; `no_rec`, and since 1.9.2 `domain NAME`",
    ),
    Property("force_tcp", extra="first", doc="ask over TCP, whatever the client used"),
    Property("prefer_udp", extra="first", since="1.2.0", doc="ask over UDP, and over TCP where that is truncated"),
    Property(
        "expire",
        Arg("time", _seconds("expire")),
        default=10.0,
        extra="lines",
        doc="how long an unused connection is kept",
    ),
    Property(
        "max_age",
        Arg("time", _seconds("max_age")),
        default=0.0,
        since="1.14.3",
        extra="lines",
        doc="how long a connection is used; 0 for no limit",
    ),
    Property(
        "max_idle_conns",
        Arg("number", _number("max_idle_conns")),
        default=0,
        since="1.14.1",
        extra="lines",
        doc="unused connections that are kept; 0 for no limit",
    ),
    Property(
        "read_timeout",
        Arg("time", Duration(above=0, range_error="read_timeout must be positive: {go}", located=False)),
        default=2.0,
        since="1.14.5",
        extra="lines",
        doc="how long a server has to answer",
    ),
    Property(
        "doh_method",
        Arg("method", OneOf("POST", "GET", error="doh_method must be either POST or GET", located=False)),
        default="POST",
        since="1.14.5",
        extra="lines",
        doc="the HTTP method for `https://` servers",
    ),
    Property(
        "tls",
        Arg("cert", Word("file")),
        Arg("key", Word("file")),
        Arg("ca", Word("file")),
        removed="1.1.2",
        doc="files of certificate, key and authorities for `tls://` servers",
    ),
    Property(
        "tls",
        Opt("cert", Word("file")),
        Opt("key", Word("file")),
        Opt("ca", Word("file")),
        since="1.1.2",
        doc="files for `tls://` servers: none, CA, CERT KEY or CERT KEY CA",
    ),
    Property("tls_servername", Arg("name"), extra="lines", doc="the name in the certificate of `tls://` servers"),
    Property(
        "policy", Arg("policy", Policy()), default="random", extra="lines", doc="the order in which servers are asked"
    ),
    Property(
        "max_concurrent",
        Arg("number", _number("max_concurrent")),
        since="1.6.8",
        extra="lines",
        doc="questions under way beyond which further ones are refused; 0 for no limit",
    ),
    Property(
        "next",
        Rest("rcodes", Rcode(), required=True),
        repeat="all",
        since="1.11.4",
        doc="answers with these codes are left to the next `forward` of the block",
    ),
    Property("next_on_nodata", extra="first", since="1.14.4", doc="so are answers without records"),
    Property(
        "failfast_all_unhealthy_upstreams", since="1.12.1", doc="when all servers are down, fail without trying one"
    ),
    Property(
        "failover",
        Rest("rcodes", Failure(), required=True),
        repeat="all",
        since="1.13.0",
        doc="after answers with these codes the next server is asked",
    ),
    Property(
        "resolver",
        Rest("addresses", Resolver(), required=True),
        since="1.14.4",
        doc="servers that resolve the names among TO, instead of the system's",
    ),
    Property("source_address", Arg("address", Address()), since="1.14.6", extra="lines", doc="the address to ask from"),
)


def opening(given: Given, setup: Setup) -> None:
    """FROM is a zone; up to 1.14.3, TO comes before the block."""
    text = given.words[0].text
    if not given.values["zone"] and "1.6.5" <= setup.release < "1.8.4":
        given.values["zone"] = (".",)  # an empty name, above which everything stands
    elif not given.values["zone"]:
        own = f"unable to normalize '{text}'"
        if setup.release < "1.9.1":
            own = "runtime error: index out of range [0] with length 0"
        raise Invalid(f"`{text}` is not a domain name", coredns=own, located=False)
    if setup.release < "1.14.4":
        read = destinations if setup.release >= "1.2.3" else _to.before_1_2_3
        given.values["addresses"] = addresses = read(given.values["to"], setup)
        if setup.release < "1.13.2":
            _to.checked(addresses, None, setup)


def accept_line(line: Given, setup: Setup) -> None:
    """Files and options."""
    if line.name == "tls":
        _backend.tls_files(line.words, setup)
    elif line.name == "health_check":
        _health(line, setup.release)


def configure(given: Given, found: dict[str, Any], setup: Setup) -> Config:
    """The rules across properties. `found`: the values by property."""
    release = setup.release
    zones = found["zone"]
    if len(zones) > 1:
        setup.warn(
            "only-first-zone",
            f"{given.words[0].text} is several zones, and only {zones[0]} is forwarded",
            given.words[0].span,
            hint="write a `forward` for each of them",
        )
    options: dict[str, Any] = {"recursion": True, "domain": "."}
    for line in given.all("health_check"):
        options |= _health(line, release)
    ignored = found["except"][-1:] if release < "1.8.4" else found["except"]
    if 0 < found["max_age"] < found["expire"]:
        raise Invalid(
            "connections cannot be too old before they are idle for too long",
            located=False,
            hint="raise `max_age` or lower `expire`",
            coredns=f"max_age ({duration_text(found['max_age'])}) must not be less than "
            f"expire ({duration_text(found['expire'])})",
        )
    resolver = found["resolver"] or ()
    addresses = found.get("addresses")
    if addresses is None:
        addresses, entries = _to.resolved(found["to"], resolver, setup)
    else:
        entries = len(addresses)
    servers = _to.checked(addresses, found["tls_servername"], setup)
    if entries > _backend.MAX_DESTINATIONS:
        most = _backend.MAX_DESTINATIONS
        raise Invalid(
            f"{entries} servers are too many",
            hint=f"keep {most} of them",
            located=False,
            coredns=f"more than {most} TOs configured: {entries}",
        )
    concurrent = given.all("max_concurrent")
    return Config(
        zone=zones[0],
        to=tuple(servers),
        ignored=tuple(z for line in ignored for word in line for z in word),
        # 1.6.7 to 1.6.9 handed its policies one list in place of the servers in it.
        policy="sequential" if "1.6.7" <= release < "1.7.0" else found["policy"],
        max_fails=found["max_fails"],
        max_connect_attempts=found["max_connect_attempts"],
        force_tcp=found["force_tcp"],
        prefer_udp=found["prefer_udp"],
        expire=found["expire"],
        max_age=found["max_age"],
        max_idle_conns=found["max_idle_conns"],
        read_timeout=found["read_timeout"],
        doh_method=found["doh_method"],
        max_concurrent=found["max_concurrent"] or 0,
        limit=concurrent[-1].words[0].text if concurrent else "",
        next=frozenset(code for line in found["next"] for code in line),
        next_on_nodata=bool(found["next_on_nodata"]),
        failover=frozenset(code for line in found["failover"] for code in line),
        failfast=bool(found["failfast_all_unhealthy_upstreams"]),
        source=found["source_address"],
        **options,
    )


def _health(line: Given, release: Release) -> dict[str, Any]:
    """The fields that a `health_check` sets. Its options are words of their own and words in pairs. Raises Invalid."""
    out: dict[str, Any] = {"interval": line.values["interval"], "domain": "."}
    words = iter(line.words[1:])
    for word in words:
        if word.text == "no_rec":
            out["recursion"] = False
        elif word.text == "domain" and release >= "1.9.2":
            name = next(words, None)
            if name is None:
                raise Invalid(
                    "`domain` needs a name", at=word, hint="write `domain NAME`", coredns=f"{ARITY} after 'domain'"
                )
            if release >= "1.9.4" and not is_domain_name(name.text, release):
                raise Invalid(
                    f"`{name.text}` is not a domain name",
                    at=name,
                    located=False,
                    coredns=f"health_check: invalid domain name {name.text}",
                )
            out["domain"] = name.text if release < "1.9.4" else fqdn(name.text).lower()
        else:
            raise Invalid(
                f"`health_check` has no option `{word.text}`",
                at=word,
                located=False,
                hint="it has `no_rec`" + (" and `domain NAME`" if release >= "1.9.2" else ""),
                coredns=f"health_check: unknown option {word.text}",
            )
    return out
