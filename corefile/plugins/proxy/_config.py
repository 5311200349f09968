"""What `proxy` may be given (plugin/proxy/upstream.go)."""

from __future__ import annotations

from ...golang.addresses import split_host_port
from ...golang.errors import GoError
from ...plugin import (
    WRONG_COUNT,
    Arg,
    Declaration,
    Duration,
    Given,
    Int,
    Invalid,
    Line,
    OneOf,
    Opt,
    Release,
    Rest,
    Setup,
    Type,
    Word,
)
from .._backend import FirstZone, From, tls_files
from ._rules import ProxyRules


class Policy(OneOf):
    """How a server is chosen."""

    def __init__(self) -> None:
        policies = ProxyRules.declared["policies"].steps[-1][1]
        super().__init__(*policies, error=WRONG_COUNT)

    def convert(self, text: str, release: Release) -> str:
        """The policy. Raises Invalid."""
        policy = super().convert(text, release)
        if policy not in ProxyRules.of(release).policies:
            raise self.bad(text, f"CoreDNS {release} has no policy `{text}` yet")
        return policy


class HealthPage(Type):
    """A path and a port: `/health:8080`."""

    label = "path:port"
    example = "/health:8080"

    def convert(self, text: str, release: Release) -> tuple[str, str]:
        """Path and port. Raises Invalid."""
        try:
            return split_host_port(text)
        except GoError as error:
            raise Invalid(
                f"`{text}` is no path with a port", hint="such as `/health:8080`", coredns=error.text, located=False
            ) from None


def protocol_of(line: Given, setup: Setup) -> tuple[str, bool]:
    """In which transport servers are asked, and whether always over TCP. Raises Invalid."""
    protocol, *options = line.value
    rules = ProxyRules.of(setup.release)
    if protocol == "dns":
        if options and options[0] != "force_tcp":
            raise Invalid(
                f"`protocol dns` has no option `{options[0]}`",
                hint="it has `force_tcp`",
                choices=("force_tcp",),
                coredns="only force_tcp allowed as parameter to dns",
                located=False,
                at=line.words[1],
            )
        return "dns", bool(options)
    if protocol == "grpc":
        if len(options) > 3:
            own = f"maximum of three arguments allowed for TLS config, found {len(options)}"
            raise Invalid("`protocol grpc` takes at most three files", located=False, coredns=own)
        if options != ["insecure"]:
            tls_files(line.words[1:], setup)
        return "grpc", False
    if protocol != "https_google" or not rules.https_google:
        raise Invalid(
            f"there is no protocol `{protocol}`",
            hint="there are `dns` and `grpc`",
            choices=("dns", "grpc"),
            located=False,
            coredns=f"invalid protocol: {protocol}",
            at=line.words[0],
        )
    if rules.asks_google:
        setup.notice("not-simulated", "`https_google` is not simulated: plain DNS is asked", line.span)
    return "dns", False


class ProxyConfig(Declaration):
    """What one `proxy` was given. Times are in seconds."""

    zone: str = Arg(FirstZone(), brace=True, doc="the zone whose questions are sent; `.` for all")
    to: tuple[str, ...] = Rest(Word("address"), required=True, doc="the servers: addresses, files like resolv.conf")
    policy: str = Line(Arg("policy", Policy()), default="random", extra="lines", doc="how a server is chosen")
    fail_timeout: float = Line(
        Arg("time", Duration(located=False)), default=5.0, extra="lines", doc="how long a failure counts"
    )
    max_fails: int = Line(
        Arg("number", Int(located=False)),
        default=3,
        extra="lines",
        doc="failures with which a server is down; 0 for never",
    )
    health_check: tuple[tuple[str, str], float] = Line(
        Arg("page", HealthPage()),
        Opt("interval", Duration(located=False), default=4.0),
        default=(("", ""), 4.0),
        extra="lines",
        doc="a page of each server that answers with 200 to 399 while it is fine",
    )
    ignored: tuple[tuple[str, ...], ...] = Line(
        Rest("zones", From(), required=True),
        name="except",
        default=(),
        rule="zone",
        doc="zones whose questions are not sent",
    )
    spray: bool = Line(extra="lines", doc="when all servers are down, ask any of them")
    protocol: tuple[str, bool] = Line(
        Rest("words", required=True), default=("dns", False), read=protocol_of, doc="`dns` or `grpc`, and its options"
    )


__all__ = ["ProxyConfig"]
