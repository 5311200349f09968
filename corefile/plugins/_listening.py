"""Addresses that Go's net.Listen refuses, whoever else listens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..chain.types import is_host_name, split_host_port
from ..quoting import quote
from ..words import decode
from ._backend import is_ip

if TYPE_CHECKING:
    from ..chain.world import World

SERVICES = frozenset(("domain", "ftp", "gopher", "http", "https", "imap2", "imap3", "imaps", "ldap", "ldaps", "pop3",
                      "pop3s", "smtp", "ssh", "telnet"))  # fmt: skip
"""The names of TCP ports that Go knows without /etc/services."""


def refused(address: str, world: World) -> str | None:
    """Go's error for an address `host:port`. Names that would be looked up, and addresses of a machine that is not
    known, are taken for good."""
    host, port = split_host_port(address)
    if re.fullmatch("[+-]?[0-9]*", port):
        if not 0 <= int(port or 0) <= 65535:
            return f"listen tcp: address {port}: invalid port"
    elif port not in SERVICES and not _in_services(port, world):
        return f"listen tcp: lookup tcp/{port}: unknown port"
    bare = host.partition("%")[0]
    if host and not is_ip(bare):
        return None if is_host_name(host) else f"listen tcp: lookup {host}: no such host"
    local = world.listenable
    if local is None or not host or bare in local or bare in ("0.0.0.0", "::", "::1") or bare.startswith("127."):
        return None
    return f"listen tcp {address}: bind: cannot assign requested address"


def _in_services(name: str, world: World) -> bool:
    text = decode(world.files.read("/etc/services") or b"")
    rows = (line.partition("#")[0].split() for line in text.splitlines())
    return any(name in (row[0], *row[2:]) and row[1].endswith("/tcp") for row in rows if len(row) > 1)


def refused_as_url(address: str) -> str | None:
    """The error of Go's url.Parse for `http://` and an address."""
    host, colon, port = address.rpartition(":")
    why = ""
    if not re.fullmatch("[0-9]*", port):
        why = f"invalid port {quote(colon + port)} after host"
    elif "%" in host:
        why = f"invalid URL escape {quote(host[host.index('%') :].rstrip(']')[:3])}"
    elif host.startswith("[") and ":" not in host:
        why = "invalid IP-literal"
    elif found := re.search(r"[ \\^`{|}]", host):
        why = f"invalid character {quote(found[0])} in host name"
    return f"parse {quote('http://' + address)}: {why}" if why else None


__all__ = ["refused", "refused_as_url"]
