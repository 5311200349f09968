"""What `grpc` may be given (plugin/grpc/setup.go)."""

from __future__ import annotations

from ...golang.urls import parse_error
from ...plugin import (
    Arg,
    Declaration,
    Fall,
    Fallthrough,
    Given,
    Invalid,
    Line,
    OneOf,
    Opt,
    Rest,
    Setup,
    Type,
    Word,
    quote,
)
from .._backend import Except, FirstZone, TlsFiles, check_count, destinations, read_tls
from ._rules import GrpcRules


class Servers(Type):
    """TO: addresses, and files like resolv.conf."""

    label = "address"
    example = "10.0.0.53"

    def settle(self, value: tuple[str, ...], given: Given, setup: Setup) -> tuple[str, ...]:
        """The addresses (see `Grpc.opening`), once the whole block has been read. Raises Invalid."""
        for address in value:
            _check_url(address, setup)
        check_count(len(value))
        return value


def _check_url(address: str, setup: Setup) -> None:
    """Whether it can be read as the library for gRPC reads it. Raises Invalid."""
    rules = GrpcRules.of(setup.release)
    if not rules.reads_url:
        return
    place = setup.place_of(address)
    target = f"{rules.url}:///{address}"
    if wrong := parse_error(target, setup.release):
        raise Invalid(
            f"`{address}` has a zone, which `grpc` cannot read",
            located=False,
            at=place,
            hint="an address of another scope than the link's needs none",
            coredns=f"parse {quote(target)}: {wrong}",
        )
    if rules.url == "passthrough" and address.startswith("dns://"):
        raise Invalid(
            f"`{address}` is read as a name at a server for names, and there is no name",
            located=False,
            at=place,
            hint=f"write `{address.removeprefix('dns://')}`",
            coredns=f"{rules.bad_url}: dns resolver: missing address",
        )


def read(given: Given, setup: Setup) -> tuple[str, ...]:
    """The addresses that TO stands for. Raises Invalid."""
    return tuple(destinations(given.values["to"], setup, given.words[1:]))


class GrpcConfig(Declaration):
    """What one `grpc` was given."""

    zone: str = Arg(FirstZone(), brace=True, doc="the zone whose questions are sent; `.` for all")
    to: tuple[str, ...] = Rest(Servers(), required=True, doc="the servers: addresses, files like resolv.conf")
    ignored: tuple[tuple[tuple[str, ...], ...], ...] = Line(
        Rest("zones", Except(), required=True), name="except", repeat="all", rule="zone", doc="zones that are not sent"
    )
    files: TlsFiles | None = Line(
        Opt("cert", Word("file")),
        Opt("key", Word("file")),
        Opt("ca", Word("file")),
        name="tls",
        default=None,
        read=read_tls,
        doc="ask over TLS; files: none, CA, CERT KEY or CERT KEY CA",
    )
    tls_servername: str = Line(
        Arg("name", Word()), default="", extra="lines", doc="ask over TLS; the name in the servers' certificate"
    )
    policy: str = Line(
        Arg("policy", OneOf("random", "round_robin", "sequential", error="unknown policy '{}'")),
        default="random",
        extra="lines",
        doc="the order in which servers are asked",
    )
    fallthrough: Fall = Fallthrough(since="1.12.3", doc="pass on what does not exist, or what no server answers")


__all__ = ["GrpcConfig", "read"]
