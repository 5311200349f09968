"""Names of services, endpoints and pods (parse.go)."""

from __future__ import annotations

from ...golang.addresses import IP4, IP6
from ...light import NamedTuple
from ...plugin import labels
from ...world.cluster import Address
from ._rules import KubernetesRules

NS = "ns.dns."


def is_reverse(name: str) -> bool:
    """Whether `name` lies below (not at) one of the reverse trees."""
    return name.endswith((IP4, IP6))


def hostname(address: Address, pod_names: bool, rules: KubernetesRules) -> str:
    """The label that an endpoint has below its service."""
    if address.hostname:
        return address.hostname.lower() if rules.hostname_lower else address.hostname
    if pod_names and address.pod and not (rules.pod_name_is_a_label and len(address.pod) > 63):
        return address.pod
    ip = address.ip
    if "." in ip:
        return ip.replace(".", "-")
    if ":" in ip:
        name = ip.replace(":", "-")
        if rules.hostname_lower:
            return name.lower()
        return name + "0" if rules.ipv6_hostname_ends_in_0 and name.endswith("-") else name
    return ""


class Request(NamedTuple):
    """What a name below the zone asks for. `kind` is 'svc', 'pod' or '' (the apex); `port` and `protocol` are
    `rules.any_port` where the name has none; `topology` is the zone of a zonal name, which `prefers` it or pins it."""

    kind: str = ""
    namespace: str = ""
    service: str = ""
    endpoint: str = ""
    port: str = ""
    protocol: str = ""
    cluster: str = ""
    topology: str = ""
    prefers: bool = False


APEX = Request()
_DIRECTIVES = {"pin": False, "prefer": True}


def trim_zone(name: str, zone: str) -> str:
    """`name` without `zone` and the dot before it; '' at the zone's apex."""
    if zone == ".":
        return name[:-1]
    return name[: -len(zone) - 1]


def last_label(name: str) -> str:
    """What CoreDNS takes for the zone where it knows none: miekg/dns counts one label in an empty name."""
    parts = labels(name)
    return f"{parts[-1]}." if parts else "."


def parse(
    name: str, zone: str, rules: KubernetesRules, *, multicluster: bool = False, zonal: bool = False
) -> Request | None:
    """The request of `name` (lower case) in `zone`, or None for a name that cannot exist."""
    base = trim_zone(name, zone)
    free = rules.any_port
    unset = "" if rules.short_names_are_empty else "*"
    if not base or (rules.apex_is_empty and base in ("svc", "pod")):
        return APEX if rules.apex_is_empty else Request("", unset, unset, "", free, free)
    parts = base.split(".") if "\\" not in base else labels(base)
    count = len(parts)
    kind = parts[-1]
    if kind not in ("svc", "pod"):
        return None
    if count < 3:
        return Request(kind, parts[-2] if count == 2 else unset, unset, "", free, free)
    if count == 3:
        return Request(kind, parts[1], parts[0], "", free, free)
    if count == 4:
        return Request(kind, parts[2], parts[1], parts[0], free, free)
    if count == 5:
        first, second = parts[0], parts[1]
        if multicluster and not first.startswith("_") and not second.startswith("_"):
            return Request(kind, parts[3], parts[2], endpoint=first, cluster=second)
        return Request(kind, parts[3], parts[2], "", strip(first), strip(second))
    if not zonal or multicluster or parts[-4] != "_zone" or kind != "svc" or parts[-5] not in _DIRECTIVES:
        return None
    return Request(kind, parts[-2], parts[-3], topology=".".join(parts[:-5]), prefers=_DIRECTIVES[parts[-5]])


def strip(label: str) -> str:
    """`label` without a leading underscore."""
    return label[1:] if label.startswith("_") else label


__all__ = ["APEX", "NS", "Request", "hostname", "is_reverse", "last_label", "parse", "strip", "trim_zone"]
