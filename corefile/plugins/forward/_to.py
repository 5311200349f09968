"""What TO of `forward` may be besides addresses and files: names, and names in certificates (`9.9.9.9%dns.quad9.net`).

Source: plugin/forward/setup.go and resolve.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...chain.query import Context
from ...chain.types import Invalid
from ...dns.codes import AAAA, IN, A
from ...dns.message import Msg, Question
from ...dns.names import fqdn
from ...golang.addresses import is_host_name, join_port
from ...golang.domains import is_domain_name
from ...golang.quoting import quote
from ...language.words import decode
from ...world.files import STAND_IN
from .._backend import (
    PORTS,
    Link,
    NoNameservers,
    NotAnAddress,
    aside,
    destinations,
    is_ip,
    nameservers,
    split_port,
    split_transport,
)

if TYPE_CHECKING:
    from ...chain.setup import Setup

WAIT = 2.0


def split_server_name(text: str, setup: Setup) -> tuple[str, str]:
    """An address without the part behind `%`, and that part; the port stays with the address."""
    bracketed = setup.release >= "1.14.2"
    lead, found, host = text.partition("://")
    if not found or not bracketed:
        lead, host = "", text
    name = ""
    if "%" in host:
        host, _, name = host.rpartition("%")
        if host.startswith("[") and bracketed:
            host += "]"
        if ":" in name:
            name, _, port = name.rpartition(":")
            host += ":" + port
            name = name.removesuffix("]") if bracketed else name
    return (f"{lead}://{host}" if lead else host), name


def before_1_2_3(words: tuple[str, ...], setup: Setup) -> list[str]:
    """The addresses, for the releases whose files and addresses knew no transport: that of a word goes to the address
    at the word's place, and port 53 becomes 853. Raises Invalid."""
    split = [_known(word) for word in words]
    out = []
    for i, address in enumerate(destinations(tuple(rest for _, rest in split), setup)):
        if i < len(split) and split[i][0] == "tls":
            host, port = split_port(address) or (address, "")
            address = f"tls://{join_port(host, '853' if port == '53' else port)}"
        out.append(address)
    return out


def _known(word: str) -> tuple[str, str]:
    name, found, rest = word.partition("://")
    return (name, rest) if found and name in ("dns", "tls") else ("dns", word)


def checked(addresses: list[str], server_name: str | None, setup: Setup) -> list[str]:
    """The addresses without names of certificates, each of a transport that `forward` speaks. Raises Invalid."""
    release = setup.release
    spoken = ("dns", "tls", "https") if release >= "1.14.5" else ("dns", "tls")
    out = []
    for address in addresses:
        host, name = split_server_name(address, setup) if release >= "1.13.2" else (address, "")
        transport, _ = split_transport(host, release)
        if transport not in spoken and release >= "1.7.0":
            raise Invalid(
                f"`forward` does not speak {transport}",
                located=False,
                hint="`grpc` asks servers over gRPC" if transport == "grpc" else "",
                coredns=f"'{transport}' is not supported as a destination protocol in forward: {host}",
            )
        if transport not in spoken and release >= "1.6.8":
            raise Invalid(
                f"`forward` does not speak {transport}",
                located=False,
                coredns="runtime error: invalid memory address or nil pointer dereference",
            )
        if transport == "tls" and name and server_name:
            raise Invalid(
                f"the certificate of {host} cannot be for both {server_name} and {name}",
                located=False,
                hint="remove `tls_servername` or the name behind `%`",
                coredns=f"both forward ('{server_name}') and proxy level ('{name}') TLS servernames are set "
                f"for upstream proxy '{host}'",
            )
        out.append(host)
    return out


def resolved(words: tuple[str, ...], resolvers: tuple[str, ...], setup: Setup) -> tuple[list[str], int]:
    """The addresses for TO, names resolved and doubles left out, and how many of the words counted. Raises Invalid."""
    release = setup.release
    for word in words:
        if release >= "1.14.5" and split_transport(word, release)[0] == "https" and "/" in word[8:]:
            raise Invalid(
                f"`{word}` has a path, which is always /dns-query",
                located=False,
                hint="remove the path",
                coredns="paths are not allowed in HTTPS upstream addresses (the /dns-query path is used by "
                f"default): {word}",
            )
    entries = [entry for word in words if (entry := _entry(word, setup)) is not None]
    found: dict[str, str] = {}
    for entry in entries:
        for address in entry if isinstance(entry, list) else _lookup(*entry, resolvers, setup):
            key = split_transport(split_server_name(address, setup)[0], release)[1]
            found.setdefault(key, address)
    if not found:
        raise Invalid(
            "there is no server to forward to",
            hint="a file needs lines such as `nameserver 10.0.0.1`",
            coredns="no valid upstream addresses found",
            located=False,
        )
    return list(found.values()), len(entries)


def _entry(word: str, setup: Setup) -> list[str] | tuple[str, str, str, str] | None:
    """Addresses, or transport, name, port and name of the certificate; None for a file without nameservers."""
    release = setup.release
    try:
        return destinations((word,), setup)
    except NoNameservers:
        if release >= "1.14.5":
            return None
        raise
    except NotAnAddress:
        pass
    clean, certificate = split_server_name(word, setup)
    transport, host = split_transport(clean, release)
    split = split_port(host)
    name = (split[0] if split else host).strip("[]")
    spoken = ("dns", "tls", "https") if release >= "1.14.7" else ("dns", "tls")
    if transport not in spoken or not name or is_ip(name) or not is_domain_name(name, release):
        raise Invalid(
            f"`{word}` is no IP address, no file that exists and no domain name",
            located=False,
            coredns=f"not an IP address, file, or valid domain: {quote(word)}",
        )
    return transport, name, split[1] if split else PORTS[transport], certificate


def _lookup(
    transport: str, name: str, port: str, certificate: str, resolvers: tuple[str, ...], setup: Setup
) -> list[str]:
    ips, reason = _from_resolvers(name, resolvers, setup) if resolvers else _from_system(name, setup)
    if not ips and f"on {STAND_IN}:53: " in reason and "/etc/resolv.conf" in setup.world.assumed:
        setup.notice(
            "name-not-known",
            f"whether `{name}` has an address is not known here",
            hint="/etc/resolv.conf is assumed: --file /etc/resolv.conf=FILE gives it, --upstream ADDR=FILE what answers there",
        )
        ips = [STAND_IN]
    if not ips:
        raise Invalid(
            f"`{name}` has no address", located=False, hint=reason, coredns=f"failed to resolve {quote(name)}: {reason}"
        )
    out = []
    for ip in ips:
        if transport == "dns":
            out.append(join_port(ip, port))
        elif certificate:
            out.append(
                f"{transport}://" + (f"[{ip}%{certificate}]" if ":" in ip else f"{ip}%{certificate}") + f":{port}"
            )
        else:
            out.append(f"{transport}://{join_port(ip, port)}")
    return out


def _ask(address: str, name: str, setup: Setup, ctx: Context) -> tuple[list[str], str, bool]:
    """A server's addresses for a name, the error if one question failed, and whether that was the second."""
    link = Link("dns", address, setup)
    ips: list[str] = []
    for type in (A, AAAA):
        msg = Msg(Question(fqdn(name), type, IN), id=1, rd=True)
        said = link.ask(msg, ctx, "udp", WAIT, 512)
        ctx.elapsed += said.took
        if said.reply is None:
            return ips, said.error, type == AAAA
        ips += [str(rr.data[0]) for rr in said.reply.answer if rr.type == type]
    return ips, "", False


def _from_resolvers(name: str, resolvers: tuple[str, ...], setup: Setup) -> tuple[list[str], str]:
    last = ""
    ctx = aside(setup.world, setup.world.clock.now)
    for resolver in resolvers:
        ips, error, second = _ask(resolver if split_port(resolver) else join_port(resolver, "53"), name, setup, ctx)
        if ips and (not error or second):
            return ips, ""
        last = error or last
    return [], f'no addresses found for "{name}"' + (f": {last}" if last else "")


def _from_system(name: str, setup: Setup) -> tuple[list[str], str]:
    """What Go's own resolver makes of /etc/hosts and /etc/resolv.conf."""
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
