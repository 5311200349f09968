"""What stands in the block of etcd, and what CoreDNS refuses of it (plugin/etcd/setup.go)."""

from __future__ import annotations

from ...golang.durations import parse_duration
from ...golang.errors import GoError
from ...golang.numbers import to_uint
from ...golang.urls import parse_error
from ...plugin import (
    Arg,
    Declaration,
    Fall,
    Fallthrough,
    Given,
    Invalid,
    Line,
    Release,
    Rest,
    Setup,
    Type,
    Zones,
    quote,
    wrong_count,
)
from ...world.upstreams import Fault
from .._backend import TlsFiles, read_tls
from .._backend.destinations import destinations
from ._rules import EtcdRules

LEAST, MOST = 30, 86400
"""The TTLs between which those of leases are."""


POINTER = "0xc000000000"
"""An address in memory, which is another one in each run."""


class LeaseTtl(Type):
    """Seconds, as a number or as one of Go's durations."""

    label = "TTL"
    example = "60"

    def convert(self, text: str, release: Release) -> int:
        """The seconds. Raises Invalid."""
        text = text.strip()
        try:
            seconds = parse_duration(text + "s" * (to_uint(text, 64) is not None)) if text else 0.0
        except GoError:
            raise self._wrong(
                f"`{text}` is no TTL", "invalid TTL format, use format like '30', '30s', '5m', '1h', or '2h30m'"
            ) from None
        if seconds < 0:
            raise self._wrong(f"`{text}` is less than nothing", "TTL must be non-negative")
        if seconds > 0xFFFFFFFF:
            raise self._wrong(f"`{text}` is too long", "TTL too large, maximum is 4294967295 seconds")
        return int(seconds)

    def _wrong(self, message: str, words: str) -> Invalid:
        return Invalid(message, hint="such as 30, 30s or 5m", coredns=f"invalid {self.label} value: {words}")


def _credentials(line: Given, setup: Setup) -> tuple[str, ...]:
    """User name and password. Raises Invalid."""
    words: tuple[str, ...] = line.value
    count = len(words)
    if count != 2:
        raise Invalid(
            f"`credentials` takes a user name and a password, not {count} word{'s' * (count != 1)}",
            hint="write `credentials USERNAME PASSWORD`",
            at=line.span,
            coredns="credentials requires 2 arguments, username and password" if count else wrong_count(line.name),
        )
    return words


def _upstream(line: Given, setup: Setup) -> tuple[str, ...]:
    """The addresses, where the release looks at them. Raises Invalid."""
    rules, words = EtcdRules.of(setup.release), line.value
    if not rules.upstream_elsewhere:
        return tuple(words)
    if rules.upstream_needs_address and not words:
        raise Invalid("`upstream` needs an address before CoreDNS 1.2.6", coredns=wrong_count(line.name))
    return tuple(destinations(words, setup, line.words)) if words else ()


def _tls(line: Given, setup: Setup) -> TlsFiles:
    """The files. Raises Invalid."""
    if len(line.words) > 3:
        words = f"maximum of three arguments allowed for TLS config, found {len(line.words)}"
        said = f"`tls` takes at most three files, not {len(line.words)}"
        raise Invalid(said, located=False, coredns=words, at=line.span)
    return read_tls(line, setup)


def _zones(line: Given, setup: Setup) -> object:
    """Early releases read what stands behind `fallthrough` as a property. Raises Invalid."""
    if line.words and not EtcdRules.of(setup.release).fallthrough_zones:
        word = line.words[0]
        words = f"unknown property '{word.text}'"
        raise Invalid("`fallthrough` takes no zones before CoreDNS 1.0.3", at=word, coredns=words)
    return line.value


class Config(Declaration):
    """What stands in the block."""

    zones: tuple[str, ...] = Zones()
    path: str = Line(
        Arg("path", brace=True), default="skydns", extra="lines", doc="where the keys are; default: /skydns"
    )
    endpoint: tuple[str, ...] = Line(
        Rest("urls", required=True), default=("http://localhost:2379",), doc="where etcd listens"
    )
    credentials: tuple[str, ...] = Line(
        Rest("words"), since="1.4.0", default=(), read=_credentials, doc="user name and password"
    )
    tls: TlsFiles | None = Line(
        Rest("files"), default=None, read=_tls, doc="certificate, key and authorities, or the latter alone"
    )
    min_lease_ttl: int = Line(
        Arg("ttl", LeaseTtl("min-lease-ttl"), brace=True),
        name="min-lease-ttl",
        since="1.12.4",
        default=LEAST,
        extra="lines",
        doc="the least TTL that a lease makes",
    )
    max_lease_ttl: int = Line(
        Arg("ttl", LeaseTtl("max-lease-ttl"), brace=True),
        name="max-lease-ttl",
        since="1.12.4",
        default=MOST,
        extra="lines",
        doc="the greatest TTL that a lease makes",
    )
    fallthrough: Fall = Fallthrough(read=_zones)
    upstream: tuple[str, ...] | None = Line(
        Rest("addresses"),
        default=None,
        read=_upstream,
        doc="where names outside of the zones are looked up; alone: by the server itself. Since 1.4.0 always that",
    )
    stubzones: bool = Line(ignored="1.4.0", extra="lines", doc="ask the servers that are registered below stub.dns")
    debug: bool = Line(extra="lines", doc="nothing")


def far(words: tuple[str, ...], block: bool, release: Release) -> str:
    """How far CoreDNS reads: see `Reads`."""
    return "all" if block and EtcdRules.of(release).reads_on else "block"


class Opened:
    """How often the directive has been read in a server block."""

    def __init__(self) -> None:
        self.count = 0


def open_once(setup: Setup) -> None:
    """Count the directive. Raises Invalid where one is read as a line of another one's block."""
    opened = setup.get(Opened)
    opened.count += 1
    if opened.count > 1:
        raise Invalid(
            f"`{setup.name}` is given twice in this server block",
            hint="keep one of them: CoreDNS reads the second one as a line of the first one's block",
            coredns=f"unknown property '{setup.name}'",
        )


def check(config: Config, setup: Setup) -> None:
    """What CoreDNS does once it has read all: it makes a client, and logs in. Raises Invalid."""
    if EtcdRules.of(setup.release).parses_endpoint:
        _parse(config.endpoint[0], setup.release)
    _log_in(config, setup)


def _parse(endpoint: str, release: Release) -> None:
    """The client makes a URL of the first endpoint, with the address of a structure of its own in it. Raises Invalid."""
    where = f"passthrough:///etcd-endpoints://{POINTER}/{endpoint.partition('://')[2] or endpoint}"
    if wrong := parse_error(where, release):
        raise Invalid(
            f"{quote(endpoint)} is no URL",
            hint="is a quote missing at its end?" if "\n" in endpoint else "such as http://10.0.0.1:2379",
            coredns=f"parse {quote(where)}: {wrong}",
            located=False,
        )


def host_of(url: str) -> str:
    """The address that an endpoint leads to."""
    host = url.partition("://")[2].rstrip("/") or url
    return host.replace("localhost", "127.0.0.1")


def _log_in(config: Config, setup: Setup) -> None:
    """CoreDNS shows its credentials before it starts. Raises Invalid where etcd is known to be out of reach."""
    key = setup.world.stores.at(setup.name, *config.endpoint)
    if len(config.credentials) < 2 or not all(config.credentials) or key is None:
        return
    if isinstance(setup.world.stores[key], Fault):
        waits = EtcdRules.of(setup.release).waits_for_login
        own = "CoreDNS does not start: it waits for etcd, which is to look at its credentials"
        words = f'"transport: Error while dialing dial tcp {host_of(config.endpoint[-1])}: connect: connection refused"'
        ends = "rpc error: code = Unavailable desc = all SubConns are in TransientFailure, latest connection error: "
        raise Invalid(
            "etcd is out of reach, and has to look at the credentials before CoreDNS starts",
            coredns=own if waits else f"{ends}connection error: desc = {words}",
            located=False,
            prefix="" if waits else None,
        )


__all__ = ["LEAST", "MOST", "Config", "check", "far", "host_of", "open_once"]
