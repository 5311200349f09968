"""What the plugins that ask other servers share (`forward`, `proxy`, `grpc`): their destinations, how asking one of
them ends, and what happens beside the queries.

Source: plugin/pkg/parse, plugin/pkg/dnsutil, plugin/pkg/tls and Go's package net, of each release.
"""

from __future__ import annotations

from .attempts import FAILED, TIME_IS_UP, WRONG_ANSWER, Attempts
from .destinations import (
    MOST_NAMESERVERS,
    PORTS,
    Except,
    FirstZone,
    From,
    NoNameservers,
    NotAnAddress,
    TlsFiles,
    check_count,
    destinations,
    is_ip,
    nameservers,
    read_tls,
    split_port,
    split_transport,
    tls_files,
)
from .forwarding import Forwarding, turned
from .link import LOCAL_PORT, NOT_PACKED, Link, Response, Trust, aside, rcode_label
from .rcodes import RCODE_NAMES, Rcode
from .rules import BackendRules
from .schedule import Schedule

__all__ = [
    "FAILED",
    "LOCAL_PORT",
    "MOST_NAMESERVERS",
    "NOT_PACKED",
    "PORTS",
    "RCODE_NAMES",
    "TIME_IS_UP",
    "WRONG_ANSWER",
    "Attempts",
    "BackendRules",
    "Except",
    "FirstZone",
    "Forwarding",
    "From",
    "Link",
    "NoNameservers",
    "NotAnAddress",
    "Rcode",
    "Response",
    "Schedule",
    "TlsFiles",
    "Trust",
    "aside",
    "check_count",
    "destinations",
    "is_ip",
    "nameservers",
    "rcode_label",
    "read_tls",
    "split_port",
    "split_transport",
    "tls_files",
    "turned",
]
