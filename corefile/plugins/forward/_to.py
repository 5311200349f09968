"""What TO of `forward` may be besides addresses and files: names, and names in certificates (`9.9.9.9%dns.quad9.net`).

Source: plugin/forward/setup.go and resolve.go.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...chain.types import nearest
from ...golang.domains import is_domain_name
from ...language.words import Token
from ...plugin import Invalid, Setup, join_port, quote
from ...world.files import ASSUMED, STAND_IN
from .._backend import (
    MOST_NAMESERVERS,
    PORTS,
    NoNameservers,
    NotAnAddress,
    destinations,
    is_ip,
    split_port,
    split_transport,
)
from ._lookup import from_resolvers, from_system
from ._rules import ForwardRules


def split_server_name(text: str, setup: Setup) -> tuple[str, str]:
    """An address without the part behind `%`, and that part; the port stays with the address."""
    bracketed = ForwardRules.of(setup.release).certificate_brackets
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


def read(words: Sequence[Token], setup: Setup) -> list[str]:
    """The addresses that TO stands for where it has no names. Raises Invalid."""
    texts = [word.text for word in words]
    if not ForwardRules.of(setup.release).old_transports:
        return destinations(texts, setup, words)
    # Files and addresses know no transport: that of a word goes to the address at the word's place, and port 53 becomes 853.
    split = [_known(text) for text in texts]
    out = []
    for i, address in enumerate(destinations([rest for _, rest in split], setup, words)):
        if i < len(split) and split[i][0] == "tls":
            host, port = split_port(address) or (address, "")
            address = f"tls://{join_port(host, '853' if port == '53' else port)}"
        out.append(address)
    return out


def _known(word: str) -> tuple[str, str]:
    name, found, rest = word.partition("://")
    return (name, rest) if found and name in ("dns", "tls") else ("dns", word)


class Server(str):
    """An address, with the name that its certificate has to have; '' for that of all."""

    name: str

    def __new__(cls, address: str, name: str = "") -> Server:
        made = super().__new__(cls, address)
        made.name = name
        return made

    def __reduce__(self) -> tuple[type[Server], tuple[str, str]]:
        return Server, (str(self), self.name)


def checked(addresses: list[str], server_name: str | None, setup: Setup) -> list[Server]:
    """The addresses without names of certificates, each of a transport that `forward` speaks. Raises Invalid."""
    rules = ForwardRules.of(setup.release)
    out = []
    for address in addresses:
        host, name = split_server_name(address, setup) if rules.certificate_names else (address, "")
        transport, _ = split_transport(host, setup.release)
        if transport not in rules.transports and rules.other_transports != "ignored":
            own = f"'{transport}' is not supported as a destination protocol in forward: {host}"
            if rules.other_transports == "panic":
                own = "runtime error: invalid memory address or nil pointer dereference"
            raise Invalid(
                f"`forward` does not speak {transport}",
                located=False,
                hint="`grpc` asks servers over gRPC" if transport == "grpc" else "",
                coredns=own,
            )
        if transport == "tls" and name and server_name:
            raise Invalid(
                f"the certificate of {host} cannot be for both {server_name} and {name}",
                located=False,
                hint="remove `tls_servername` or the name behind `%`",
                coredns=f"both forward ('{server_name}') and proxy level ('{name}') TLS servernames are set "
                f"for upstream proxy '{host}'",
            )
        out.append(Server(host, name))
    return out


def resolved(words: Sequence[Token], resolvers: tuple[str, ...], setup: Setup) -> tuple[list[str], int]:
    """The addresses for TO, names resolved and doubles left out, and how many of the words counted. Raises Invalid."""
    release = setup.release
    for word in words:
        text = word.text
        if ForwardRules.of(release).no_paths and split_transport(text, release)[0] == "https" and "/" in text[8:]:
            raise Invalid(
                f"`{text}` has a path, which is always /dns-query",
                located=False,
                at=word,
                hint="remove the path",
                coredns="paths are not allowed in HTTPS upstream addresses (the /dns-query path is used by "
                f"default): {text}",
            )
    beyond = words[MOST_NAMESERVERS:]  # as many are refused in any case
    entries = [(word, entry) for word in words[:MOST_NAMESERVERS] if (entry := _entry(word, setup)) is not None]
    found: dict[str, str] = {}
    for word, entry in entries:
        for address in entry if isinstance(entry, list) else _resolved(word, *entry, resolvers, setup):
            key = split_transport(split_server_name(address, setup)[0], release)[1]
            found.setdefault(key, address)
    if not found:
        raise Invalid(
            "there is no server to forward to",
            hint="a file needs lines such as `nameserver 10.0.0.1`",
            coredns="no valid upstream addresses found",
            located=False,
            at=words[0].span if words else None,
        )
    return list(found.values()), len(entries) + len(beyond)


def _entry(word: Token, setup: Setup) -> list[str] | tuple[str, str, str, str] | None:
    """Addresses, or transport, name, port and name of the certificate; None for a file without nameservers."""
    release, rules = setup.release, ForwardRules.of(setup.release)
    try:
        return destinations((word.text,), setup, (word,))
    except NoNameservers:
        if rules.empty_files:
            return None
        raise
    except NotAnAddress:
        pass
    clean, certificate = split_server_name(word.text, setup)
    transport, host = split_transport(clean, release)
    split = split_port(host)
    name = (split[0] if split else host).strip("[]")
    if transport not in rules.name_transports or not name or is_ip(name) or not is_domain_name(name, release):
        raise Invalid(
            f"`{word.text}` is no IP address, no file that exists and no domain name",
            located=False,
            at=word,
            expected="server",
            coredns=f"not an IP address, file, or valid domain: {quote(word.text)}",
        )
    return transport, name, split[1] if split else PORTS[transport], certificate


def _resolved(
    word: Token, transport: str, name: str, port: str, certificate: str, resolvers: tuple[str, ...], setup: Setup
) -> list[str]:
    ips, reason = from_resolvers(name, resolvers, setup) if resolvers else from_system(name, setup)
    if not ips and f"on {STAND_IN}:53: " in reason and "/etc/resolv.conf" in setup.world.assumed:
        setup.notice(
            "name-not-known",
            f"whether `{name}` has an address is not known here",
            word.span,
            hint="/etc/resolv.conf is assumed: --file /etc/resolv.conf=FILE gives it, --upstream ADDR=FILE what answers there",
        )
        ips = [STAND_IN]
    if not ips:
        raise Invalid(
            f"`{name}` has no address",
            located=False,
            at=word,
            hint=reason,
            meant=nearest(name, set(ASSUMED)),
            expected="server",
            coredns=f"failed to resolve {quote(name)}: {reason}",
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


__all__ = ["Server", "checked", "read", "resolved"]
