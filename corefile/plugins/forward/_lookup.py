"""The addresses of a server that is given by name: asked of `resolver`, or of the system as Go's own resolver does."""

from __future__ import annotations

from ...golang.addresses import is_host_name
from ...language.words import decode
from ...plugin import Context, Setup, dns, fqdn, join_port
from .._backend import Link, aside, nameservers, split_port

WAIT = 2.0
"""Seconds for which one server is asked."""


def _ask(address: str, name: str, setup: Setup, ctx: Context) -> tuple[list[str], str, bool]:
    """A server's addresses for a name, the error if one question failed, and whether that was the second."""
    link = Link("dns", address, setup)
    ips: list[str] = []
    for type in (dns.A, dns.AAAA):
        msg = dns.Msg(dns.Question(fqdn(name), type, dns.IN), id=1, rd=True)
        response = link.ask(msg, ctx, "udp", WAIT, 512)
        ctx.elapsed += response.took
        if response.reply is None:
            return ips, response.error, type == dns.AAAA
        ips += [str(rr.data[0]) for rr in response.reply.answer if rr.type == type]
    return ips, "", False


def from_resolvers(name: str, resolvers: tuple[str, ...], setup: Setup) -> tuple[list[str], str]:
    """The addresses of `name`, and why there are none, asked of each of `resolvers` until one has some."""
    last = ""
    ctx = aside(setup.world, setup.world.clock.now)
    for resolver in resolvers:
        ips, error, second = _ask(resolver if split_port(resolver) else join_port(resolver, "53"), name, setup, ctx)
        if ips and (not error or second):
            return ips, ""
        last = error or last
    return [], f'no addresses found for "{name}"' + (f": {last}" if last else "")


def from_system(name: str, setup: Setup) -> tuple[list[str], str]:
    """The addresses of `name`, and why there are none, by /etc/hosts and /etc/resolv.conf."""
    files = setup.world.files
    hosts = decode(files.read("/etc/hosts") or b"127.0.0.1 localhost\n::1 localhost\n")
    wanted = name.rstrip(".").lower()
    rows = [line.partition("#")[0].split() for line in hosts.splitlines()]
    ips = [row[0] for row in rows if row and wanted in (w.rstrip(".").lower() for w in row[1:])]
    if ips:
        return ips, ""
    if not is_host_name(name):
        return [], f"lookup {name}: no such host"
    conf = decode(files.read("/etc/resolv.conf") or b"")
    servers = nameservers(conf) or ["127.0.0.1", "::1"]
    search = next(
        (line.split()[1:] for line in reversed(conf.splitlines()) if line.split()[:1] in (["search"], ["domain"])), []
    )
    names = [name] if name.endswith(".") else [name + "."] + [f"{name}.{s.rstrip('.')}." for s in search]
    if "." not in wanted and not name.endswith("."):
        names = [*names[1:], names[0]]
    reason = "no such host"
    ctx = aside(setup.world, setup.world.clock.now)
    server = join_port(servers[0], "53")
    for full in names:
        for server in (join_port(s, "53") for s in servers):
            ips, error, _ = _ask(server, full, setup, ctx)
            if ips:
                return ips, ""
            if not error:
                break
            reason = error
    return [], f"lookup {name} on {server}: {reason}"


__all__ = ["from_resolvers", "from_system"]
