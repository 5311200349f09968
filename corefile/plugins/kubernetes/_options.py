"""The words of the `kubernetes` block, and what they come to."""

from __future__ import annotations

from typing import NamedTuple

from ...chain.declare import Arg, Opt, Property, Rest
from ...chain.fall import FALLTHROUGH
from ...chain.types import OneOf, Zone
from ._selector import Selector
from ._types import Limit, Pause, Rate, Ttl

MODES = ("disabled", "verified", "insecure")
ARGUMENT_ERROR = "Wrong argument count or unexpected line ending after '{}'"

PROPERTIES = (
    Property("endpoint_pod_names", doc="name endpoints by their pods where they have no hostname"),
    Property(
        "pods",
        Arg(
            "mode",
            OneOf(
                *MODES, located=False, error="wrong value for pods: {},  must be one of: disabled, verified, insecure"
            ),
        ),
        default="disabled",
        doc="which pods have a name: none, those that exist, or whatever looks like an address",
    ),
    Property("namespaces", Rest("namespaces", required=True), repeat="all", doc="the only namespaces that are seen"),
    Property("endpoint", Rest("urls", required=True), doc="the API server, outside of a cluster"),
    Property("tls", Arg("cert"), Arg("key"), Arg("ca"), doc="files for the connection to `endpoint`"),
    Property("kubeconfig", Arg("file"), Opt("context"), since="1.2.3", doc="the API server, as kubectl finds it"),
    Property(
        "resyncperiod",
        Arg("duration", Pause("unable to parse resync duration value: '{0}': {1}")),
        removed="1.6.0",
        extra="ignore",
        doc="how often everything is read again; without effect on answers",
    ),
    Property(
        "resyncperiod",
        since="1.6.0",
        removed="1.7.0",
        extra="lines",
        doc="does nothing; a value is taken for the next property",
    ),
    Property("labels", Rest("selector", required=True), doc="only objects with such labels are seen"),
    Property(
        "namespace_labels",
        Rest("selector", required=True),
        since="1.5.0",
        doc="only namespaces with such labels are seen",
    ),
    FALLTHROUGH,
    Property(
        "upstream",
        Rest("addresses"),
        removed="1.7.0",
        doc="where ExternalName is resolved; alone: by the server itself. Since 1.4.0 always that",
    ),
    Property("ttl", Arg("seconds", Ttl()), default=5, extra="ignore", doc="TTL of all answers"),
    Property(
        "transfer",
        Arg("direction"),
        Rest("to"),
        since="1.0.6",
        removed="1.8.0",
        doc="`to` whom the zone may be transferred (until 1.3.0: to anyone)",
    ),
    Property("noendpoints", since="1.0.6", doc="do not watch endpoints: headless services have no answers"),
    Property("zonal", since="1.14.7", doc="names of endpoints by their topology zone"),
    Property(
        "ignore",
        Opt("what", OneOf("empty_service", located=False, error="unable to parse ignore value: '{}'")),
        since="1.1.3",
        repeat="all",
        extra="ignore",
        doc="`empty_service`: NXDOMAIN for services without endpoints",
    ),
    Property(
        "multicluster", Rest("zones", Zone()), since="1.12.2", doc="zones whose names are those of ServiceImports"
    ),
    Property(
        "startup_timeout",
        Arg("duration", Pause("failed to parse startup_timeout: {0}, {1}")),
        since="1.12.3",
        default=5.0,
        extra="ignore",
        doc="how long to wait for the API server before starting without it",
    ),
    Property("apiserver_qps", Arg("rate", Rate()), since="1.14.0", doc="requests per second to the API server"),
    Property("apiserver_burst", Arg("count", Limit("apiserver_burst")), since="1.14.0", doc="requests at once"),
    Property(
        "apiserver_max_inflight",
        Arg("count", Limit("apiserver_max_inflight")),
        since="1.14.0",
        doc="requests under way",
    ),
)


class Options(NamedTuple):
    """The options of a `kubernetes` block; `None` stands for what is not given."""

    zones: tuple[str, ...]
    pods: str = "disabled"
    pod_names: bool = False
    namespaces: frozenset[str] = frozenset()
    labels: Selector | None = None
    namespace_labels: Selector | None = None
    fall: tuple[tuple[str, ...], ...] | None = None
    upstream: tuple[str, ...] | None = None
    ttl: int = 5
    transfer_to: tuple[str, ...] = ()
    endpoints: bool = True
    zonal: bool = False
    ignore_empty: bool = False
    multicluster: tuple[str, ...] = ()
    startup_timeout: float = 5.0
    server: tuple[str, tuple[str, str, str] | None, tuple[str, str] | None] = ("", None, None)
    reachable: bool = True


__all__ = ["ARGUMENT_ERROR", "PROPERTIES", "Options"]
