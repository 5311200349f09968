"""The words of the `kubernetes` block."""

from __future__ import annotations

import re
from math import inf
from typing import TYPE_CHECKING

from ...chain.declare import Arg, Opt, Property, Rest
from ...chain.types import Duration, Int, Invalid, OneOf, Type, Zone, go_duration
from ...quoting import quote
from .._fall import FALLTHROUGH

if TYPE_CHECKING:
    from ...releases import Release

MAX_FLOAT32 = 3.4028235677973366e38
MODES = ("disabled", "verified", "insecure")
ARGUMENT_ERROR = "Wrong argument count or unexpected line ending after '{}'"


class Ttl(Int):
    """Seconds, 0 to 3600; 5 at least before 1.3.0."""

    label = "seconds"
    example = "30"

    def convert(self, text: str, release: Release) -> int:
        """The number. Raises Invalid."""
        try:
            value = super().convert(text, release)
        except Invalid as error:
            error.located = False
            raise
        low = 0 if release >= "1.3.0" else 5
        if not low <= value <= 3600:
            raise Invalid(
                f"a TTL of {value} s is out of range: it has to be at least {low} and at most 3600",
                coredns=f"ttl must be in range [{low}, 3600]: {value}",
            )
        return value


class Startup(Duration):
    """How long to wait for the API server."""

    def convert(self, text: str, release: Release) -> float:
        """Seconds. Raises Invalid."""
        try:
            return go_duration(text)
        except Invalid as error:
            raise Invalid(
                error.message,
                hint=error.hint,
                located=False,
                coredns=f"failed to parse startup_timeout: {text}, {error.coredns}",
            ) from None


class Resync(Duration):
    """How often to read everything again; without effect on answers."""

    def convert(self, text: str, release: Release) -> float:
        """Seconds. Raises Invalid."""
        try:
            return go_duration(text)
        except Invalid as error:
            raise Invalid(
                error.message,
                hint=error.hint,
                located=False,
                coredns=f"unable to parse resync duration value: '{text}': {error.coredns}",
            ) from None


class Limit(Int):
    """A whole number that is not negative."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def convert(self, text: str, release: Release) -> int:
        """The number. Raises Invalid."""
        try:
            value = super().convert(text, release)
        except Invalid as error:
            raise Invalid(error.message, coredns=f"invalid {self.name} {quote(text)}: {error.coredns}") from None
        if value < 0:
            raise Invalid(f"`{self.name}` may not be negative", coredns=f"{self.name} must be >= 0")
        return value


class Rate(Type):
    """A number of queries per second, not negative."""

    label = "number"
    example = "12.5"

    def convert(self, text: str, release: Release) -> float:
        """The number. Raises Invalid."""
        problem = "invalid syntax"
        try:
            value = float.fromhex(text.replace("_", "")) if re.match(r"[+-]?0[xX]", text) else float(text)
            if MAX_FLOAT32 < abs(value) < inf:
                problem = "value out of range"
                raise ValueError
        except ValueError:
            raise Invalid(
                f"`{text}` is not a number",
                coredns=f"invalid apiserver_qps {quote(text)}: strconv.ParseFloat: parsing {quote(text)}: {problem}",
            ) from None
        if value < 0:
            raise Invalid("`apiserver_qps` may not be negative", coredns="apiserver_qps must be >= 0")
        return value


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
        Arg("duration", Resync()),
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
        Arg("duration", Startup()),
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

__all__ = ["ARGUMENT_ERROR", "PROPERTIES"]
