"""What a `kubernetes` directive may be given, and what CoreDNS says of the whole (setup.go)."""

from __future__ import annotations

from typing import Any

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
    Word,
    Zone,
    Zones,
)
from ...world.selectors import Selector
from ._names import is_reverse
from ._rules import KubernetesRules
from ._types import RATE, TTL, kubeconfig_of, limit, pause, resolvers_of, selector_of, transfer_of

MODES = OneOf(
    "disabled",
    "verified",
    "insecure",
    located=False,
    error="wrong value for pods: {},  must be one of: disabled, verified, insecure",
)
EMPTY_SERVICE = OneOf("empty_service", located=False, error="unable to parse ignore value: '{}'")


def _flat(value: tuple[tuple[str, ...], ...] | None) -> tuple[str, ...]:
    return tuple(zone for zones in value or () for zone in zones)


SELECTOR = Rest("selector", Word("selector", example="app=web"), required=True)


class Config(Declaration):
    """`None` stands for what is not given."""

    zones: tuple[str, ...] = Zones(doc="the cluster's zone and reverse zones; default: the server block's zones")
    endpoint_pod_names: bool = Line(doc="name endpoints by their pods where they have no hostname")
    pods: str = Line(
        Arg("mode", MODES),
        default="disabled",
        doc="which pods have a name: none, those that exist, or whatever looks like an address",
    )
    namespaces: frozenset[str] = Line(
        Rest("namespaces", required=True), repeat="join", build=frozenset, doc="the only namespaces that are seen"
    )
    endpoint: tuple[str, ...] = Line(
        Rest("urls", required=True), default=(), doc="the API server, outside of a cluster"
    )
    tls: tuple[str, str, str] | None = Line(
        Arg("cert"), Arg("key"), Arg("ca"), doc="files for the connection to `endpoint`"
    )
    kubeconfig: tuple[str, str | None] | None = Line(
        Arg("file"), Opt("context"), since="1.2.3", read=kubeconfig_of, doc="the API server, as kubectl finds it"
    )
    resyncperiod: float | None = Line(
        Arg("duration", pause("unable to parse resync duration value: '{}': {go}")),
        removed="1.6.0",
        extra="ignore",
        doc="how often everything is read again; without effect on answers",
    )
    resyncperiod_alone: bool = Line(
        name="resyncperiod",
        since="1.6.0",
        removed="1.7.0",
        extra="lines",
        doc="does nothing; a value is taken for the next property",
    )
    labels: Selector | None = Line(SELECTOR, read=selector_of, doc="only objects with such labels are seen")
    namespace_labels: Selector | None = Line(
        SELECTOR, read=selector_of, since="1.5.0", doc="only namespaces with such labels are seen"
    )
    fallthrough: Fall = Fallthrough(zones="1.0.3")
    upstream: tuple[str, ...] | None = Line(
        Rest("addresses", Word("address", example="10.0.0.53")),
        read=resolvers_of,
        removed="1.7.0",
        doc="where ExternalName is resolved; alone: by the server itself. Since 1.4.0 always that",
    )
    ttl: int = Line(Arg("seconds", TTL), default=5, extra="ignore", doc="TTL of all answers; until 1.3.0, 5 at least")
    transfer: tuple[tuple[str, tuple[str, ...]], ...] = Line(
        Arg("direction", brace=True),
        Rest("to"),
        kinds=("to", "from"),
        read=transfer_of,
        since="1.0.6",
        removed="1.8.0",
        instead="delete it, and add the directive `transfer` to the server block, with `{rest}` in its braces",
        repeat="all",
        doc="`to` whom the zone may be transferred (until 1.3.0: to anyone)",
    )
    noendpoints: bool = Line(since="1.0.6", doc="do not watch endpoints: headless services have no answers")
    zonal: bool = Line(since="1.14.7", doc="names of endpoints by their topology zone")
    ignore: bool = Line(
        Opt("what", EMPTY_SERVICE),
        since="1.1.3",
        repeat="all",
        build=any,
        extra="ignore",
        doc="`empty_service`: NXDOMAIN for services without endpoints",
    )
    multicluster: tuple[str, ...] = Line(
        Rest("zones", Zone()), since="1.12.2", build=_flat, doc="zones whose names are those of ServiceImports"
    )
    startup_timeout: float = Line(
        Arg("duration", pause("failed to parse startup_timeout: {}, {go}")),
        since="1.12.3",
        default=5.0,
        extra="ignore",
        doc="how long to wait for the API server before starting without it",
    )
    apiserver_qps: float | None = Line(Arg("rate", RATE), since="1.14.0", doc="requests per second to the API server")
    apiserver_burst: int | None = Line(Arg("count", limit("apiserver_burst")), since="1.14.0", doc="requests at once")
    apiserver_max_inflight: int | None = Line(
        Arg("count", limit("apiserver_max_inflight")), since="1.14.0", doc="requests under way"
    )


def check(given: Given, config: Config, setup: Setup) -> None:
    """What CoreDNS looks at when it has read the whole block. Raises Invalid."""
    rules = KubernetesRules.of(setup.release)

    def error(code: str, message: str, coredns: str, hint: str = "", about: str = "") -> None:
        span = given.end.span if given.end is not None else given.span
        span = next((other.span for other in given.lines if other.name == about), span)
        setup.error(code, message, span, coredns=coredns, token=given.end, hint=hint)

    if config.namespaces and config.namespace_labels is not None:
        error(
            "exclusive-properties",
            "`namespaces` and `namespace_labels` exclude each other",
            "namespaces and namespace_labels cannot both be set",
            hint="keep one of them",
            about="namespace_labels",
        )
    for zone in config.multicluster:
        if zone not in config.zones:
            error(
                "zone-not-served",
                f"the multi-cluster zone {zone} is none of the plugin's zones",
                f"is not authoritative for the multicluster zone {zone}"
                + f" (authoritative zones: [{' '.join(config.zones)}])" * rules.names_own_zones,
                hint=f"add `{zone.rstrip('.')}` to the zones of `kubernetes`",
            )
    if config.zonal and config.noendpoints:
        error(
            "exclusive-properties",
            "`zonal` needs endpoints, and `noendpoints` leaves them out",
            "zonal requires the endpoint cache; remove noendpoints",
            hint="remove one of them",
            about="noendpoints",
        )
    if len(config.endpoint) > 1 and not setup.failed:
        _several_endpoints(config.endpoint, rules, given, setup)


def _several_endpoints(urls: tuple[str, ...], rules: KubernetesRules, given: Given, setup: Setup) -> None:
    bad = next((u for u in urls if "://" in u and not u.startswith("http://")), None)
    if rules.several_http_endpoints and bad is not None:
        raise Invalid(
            "several endpoints have to be http",
            coredns=f"multiple endpoints can only accept http, found: {bad}",
            located=False,
        )
    if rules.one_endpoint:
        words = [word for line in given.all("endpoint") for word in line.words]
        said = f"only the first endpoint, {urls[0]}, is used"
        setup.warn("deprecated-argument", said, words[1].span if words[1:] else None, hint="remove the others")
        setup.log(
            "[WARNING] plugin/kubernetes: Multiple endpoints have been deprecated, only the first specified endpoint "
            f"'{urls[0]}' is used"
        )


def primary_zone(zones: tuple[str, ...], rules: KubernetesRules) -> str | None:
    """The first zone that is no reverse zone: names of addresses are in it."""
    if rules.reverse_zones_end_so:
        return next((z for z in zones if not z.endswith(("in-addr.arpa.", "ip6.arpa."))), None)
    return next((z for z in zones if not is_reverse(z)), None)


def transfer_to(transfer: tuple[tuple[str, tuple[Any, ...]], ...]) -> tuple[str, ...]:
    """The addresses that may have a transfer; `*` is any."""
    to: tuple[str, ...] = next((words for direction, words in reversed(transfer) if direction == "to"), ())
    return tuple(w if w == "*" or w.count(":") != 1 else w.partition(":")[0] for w in to)


__all__ = [
    "Config",
    "check",
    "primary_zone",
    "transfer_to",
]
