"""Names of services, endpoints and pods, and addresses as Go reads them."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ...chain.message import AAAA, CNAME, A
from ...chain.names import is_sendable, labels

if TYPE_CHECKING:
    from ...chain.cluster import Address
    from ._rules import Rules

IP4 = ".in-addr.arpa."
IP6 = ".ip6.arpa."
NS = "ns.dns."
_IP4 = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?!$)|$)){4}")


@lru_cache(maxsize=65536)
def parse_ip(text: str) -> tuple[int, str] | None:
    """A or AAAA and the address as Go prints it (net.ParseIP); None for what is no address."""
    if ":" not in text:
        return (A, text) if _IP4.fullmatch(text) else None
    if "%" in text:
        return None
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped
    return (A, str(mapped)) if mapped is not None else (AAAA, address.compressed)


def host_type(text: str) -> tuple[int, str]:
    """A or AAAA and the address, or CNAME and the text where it is none (msg.Service.HostType)."""
    return parse_ip(text) or (CNAME, text)


def is_reverse(name: str) -> bool:
    """Whether `name` lies below (not at) one of the reverse trees."""
    return name.endswith((IP4, IP6))


def address_of(name: str) -> str:
    """The address in a reverse name (lower case), as Go prints it; '' where there is none."""
    if name.endswith(IP4):
        found = parse_ip(".".join(reversed(name[: -len(IP4)].split("."))))
        return found[1] if found is not None and found[0] == A else ""
    if name.endswith(IP6):
        nibbles = name[: -len(IP6)].split(".")[::-1]
        groups = ["".join(nibbles[i : i + 4]) for i in range(0, len(nibbles) // 4 * 4, 4)]
        found = parse_ip(":".join(groups))
        return found[1] if found is not None else ""
    return ""


def hostname(address: Address, pod_names: bool, rules: Rules) -> str:
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
    """What a name below the zone asks for. `kind` is 'svc', 'pod' or '' (the apex); `port` and `protocol` are '' where
    the name has none; `topology` is the zone of a zonal name, which `prefers` it or pins it."""

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


def parse(name: str, zone: str, rules: Rules, *, multicluster: bool = False, zonal: bool = False) -> Request | None:
    """The request of `name` (lower case) in `zone`, or None for a name that cannot exist. Source: parse.go."""
    base = trim_zone(name, zone)
    unset = "" if rules.short_names_are_empty else "*"
    if not base or (rules.apex_is_empty and base in ("svc", "pod")):
        return APEX if rules.apex_is_empty else Request("", unset, unset)
    parts = base.split(".") if "\\" not in base else labels(base)
    count = len(parts)
    kind = parts[-1]
    if kind not in ("svc", "pod"):
        return None
    if count < 3:
        return Request(kind, parts[-2] if count == 2 else unset, unset)
    if count == 3:
        return Request(kind, parts[1], parts[0])
    if count == 4:
        return Request(kind, parts[2], parts[1], parts[0])
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


__all__ = [
    "APEX",
    "NS",
    "Request",
    "address_of",
    "host_type",
    "hostname",
    "is_reverse",
    "is_sendable",
    "parse",
    "parse_ip",
    "strip",
    "trim_zone",
]
