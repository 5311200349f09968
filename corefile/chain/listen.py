"""Where the server blocks listen, and what CoreDNS refuses about that.

Source: core/dnsserver (register.go, address.go, server_quic.go, server_https3.go) of each release. Up to 1.8.3 a network that
ends between two labels of its zone is one zone that is too wide; names beyond the network go to the zone above.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..findings import Finding, Span
from ..golang.addresses import EVERYWHERE, join_port, parse_port
from ..language.keys import Zone
from ..light import NamedTuple
from ..releases.rules import ReleaseRules, between, changed, since, until
from ..releases.rules import at as value_in
from .encryption import Encryption
from .instance import Instance
from .listener import Listener, Running
from .site import Site
from .slots import Endpoints

ANOTHER = "give one of them another zone, port or bind address"


class ListenRules(ReleaseRules):
    """What differs between releases."""

    refuses_keys = until("1.1.0", "the same zone twice is refused as the keys are read, whatever the addresses")
    overlaps = changed(
        "",
        {"1.1.0": "before ports", "1.10.0": "after certificates"},
        "when the same zone at the same address, or at one and at all addresses, is refused once everything is set up",
    )
    first_zone_only = between(
        "1.8.5", "1.10.0", "this comes before the first zone's addresses are made those of the others of its block"
    )
    several_blocks = since("1.10.0", "a block with a `view` may share a zone with another one that has a view")
    shares_with_all = since("1.14.3", "also with one that has none")
    shares_plain = since(
        "1.2.3", "two servers of plain DNS share a port (SO_REUSEPORT); before, addresses may not overlap"
    )
    shares_ports = since("1.6.6", "all share ports, endpoints of plugins, too")
    names_call = since("1.4.0", "an error of the kernel comes with the call that failed")
    https_needs = between("1.8.0", "1.8.7", "a server for HTTPS needs a certificate")
    https3_needs = since("1.13.2", "so does one for HTTP/3")
    quic_needs = since("1.11.0", "so does one for QUIC, which shows once the others have started")


def zones_twice(instance: Instance) -> None:
    """Refuse, before anything is set up, what the release does then."""
    if not ListenRules.of(instance.release).refuses_keys:
        return
    seen: dict[tuple[str, str, str], Span] = {}
    for site in instance.sites:
        for key, span in zip(site.keys, site.key_spans, strict=True):
            name = (key.transport, key.zone, key.port)
            if name in seen:
                _refuse(
                    instance,
                    "zone-defined-twice",
                    f"`{key}` is served twice",
                    span,
                    f"cannot serve {key} - zone already defined for {key}",
                    seen[name],
                )
            seen.setdefault(name, span)


def listen(instance: Instance) -> None:
    """Make the listeners, with findings in CoreDNS's order."""
    rules = ListenRules.of(instance.release)
    if rules.overlaps == "before ports":
        _overlaps(instance)
    _group(instance)
    if rules.https_needs:
        _need_certificates(instance, "https", "DoH requires TLS to be configured, see the tls plugin")
    if rules.https3_needs:
        _need_certificates(instance, "https3", "DoH3 requires TLS, no TLS config found")
    if rules.overlaps == "after certificates":
        _overlaps(instance)


def started(instance: Instance) -> None:
    """What fails once everything else has started."""
    rules = ListenRules.of(instance.release)
    failures: list[_Failure] = []
    if instance.world.listenable is not None:
        failures += _not_local(instance, instance.world.listenable)
    if not rules.shares_ports:
        failures += _endpoints_in_the_way(instance)
        failures += _ports_in_use(instance)
    if failures:
        _fail(instance, failures)
    if rules.quic_needs:
        _need_certificates(instance, "quic", "ListenPacket: quic: tls.Config not set")


class _Failure(NamedTuple):
    """Why servers cannot listen. servers: those of which one says so. why: in the words of the kernel."""

    servers: tuple[Listener, ...]
    code: str
    message: str
    span: Span
    why: str
    hint: str
    other: Span | None = None


def _fail(instance: Instance, failures: list[_Failure]) -> None:
    """Tell why servers cannot listen. CoreDNS ends with the first one that fails, in the order of a map of Go, which has
    none."""
    labels = tuple(dict.fromkeys(one.label for failure in failures for one in failure.servers))
    first = instance.world.choose(labels, "which server is the first that cannot listen")
    for failure in sorted(failures, key=lambda failure: all(one.label != first for one in failure.servers)):
        named = next((one for one in failure.servers if one.label == first), failure.servers[0])
        over_udp = named.transport in ("quic", "https3")
        call = ("ListenPacket: " if over_udp else "Listen: ") if ListenRules.of(instance.release).names_call else ""
        address = join_port(named.host, named.port)
        coredns = f"{call}listen {'udp' if over_udp else 'tcp'} {address}: bind: {failure.why}"
        _refuse(instance, failure.code, failure.message, failure.span, coredns, failure.other, failure.hint)


def _spans(instance: Instance) -> dict[tuple[str, int], Span]:
    """The last key that asks for a port, by its transport and the port."""
    return {
        (key.transport, parse_port(key.port, "tcp") or 0): span
        for site in instance.sites
        for key, span in zip(site.keys, site.key_spans, strict=True)
    }


def _not_local(instance: Instance, listenable: frozenset[str]) -> Iterator[_Failure]:
    """Addresses that the machine lacks, as the kernel refuses them."""
    from ipaddress import ip_address

    spans = _spans(instance)
    for one in instance.listeners:
        if not one.host or one.host.startswith("127.") or one.host in listenable:
            continue
        address = ip_address(one.host)
        if address.is_unspecified or address.is_loopback:
            continue
        why = "cannot assign requested address"
        if address.version == 6 and (address.is_link_local or address.is_multicast):
            why = "invalid argument"  # it would take a zone with it
        elif address.is_multicast or one.host == "255.255.255.255":
            continue
        message, hint = f"the machine has no address {one.host}", "`addresses` of a test names the machine's own"
        yield _Failure((one,), "address-not-local", message, spans[one.transport, one.port], why, hint)


IN_USE = "address already in use"


def _endpoints_in_the_way(instance: Instance) -> Iterator[_Failure]:
    """HTTP endpoints of plugins have taken ports by now."""
    spans = _spans(instance)
    taken: dict[int, list[str]] = {}
    for host, port in instance.get(Endpoints).addresses:
        taken.setdefault(port, []).append(host)
    for one in instance.listeners:
        if any(host == one.host or host in EVERYWHERE or one.host in EVERYWHERE for host in taken.get(one.port, ())):
            message, hint = f"`{one.label}` needs the port of an HTTP endpoint", "give the endpoint another port"
            yield _Failure((one,), "address-in-use", message, spans[one.transport, one.port], IN_USE, hint)


def _ports_in_use(instance: Instance) -> Iterator[_Failure]:
    """Servers that need what others have: of two at one port, one address is for all or both are the same, since a server
    has each address but once. Those that run before a reload hand over their sockets where the new ones are named alike,
    and keep the others until the new ones listen."""
    shared = ListenRules.of(instance.release).shares_plain
    spans = _spans(instance)
    running = instance.process.get(Running)
    before: dict[int, dict[str, list[Listener]]] = {}  # by port and host
    for old in running.values():
        before.setdefault(old.port, {}).setdefault(old.host, []).append(old)
    for one in instance.listeners:
        if one.label in running or not one.port:
            continue
        hosts = before.setdefault(one.port, {})
        in_the_way = hosts if one.host in EVERYWHERE else dict.fromkeys((one.host, *EVERYWHERE))
        for other in (x for host in in_the_way for x in hosts.get(host, ())):
            if shared and one.transport == other.transport == "dns":
                continue
            span = spans[one.transport, one.port]
            if other.label in running:
                message = f"`{one.label}` needs the port that `{other.label}` has until the reload is over"
                yield _Failure((one,), "address-in-use", message, span, IN_USE, ANOTHER)
                continue
            message = f"`{one.label}` and `{other.label}` need the same port"
            both = (one, other) if one.host in EVERYWHERE else (other, one)
            theirs = spans[other.transport, other.port]
            yield _Failure(both, "address-in-use", message, span, IN_USE, ANOTHER, theirs)
        hosts.setdefault(one.host, []).append(one)


def _group(instance: Instance) -> None:
    rules = ListenRules.of(instance.release)
    by_address: dict[tuple[str, str, int], Listener] = {}
    offers: dict[Listener, dict[Encryption | None, Span]] = {}
    for site in instance.sites:
        for number, (key, span) in enumerate(zip(site.keys, site.key_spans, strict=True)):
            served = site.of_key(number)
            for host in site.listen_hosts:
                port = parse_port(key.port, "tcp")
                if port is None or not 0 <= port <= 65535:
                    _refuse(
                        instance,
                        "invalid-port",
                        f"`{key.port}` is not a port",
                        span,
                        f"address {key.port}: invalid port",
                        None,
                        "a port is a number from 0 to 65535",
                    )
                    continue
                if key.transport == "unix":  # is taken, and never served
                    continue
                at = (key.transport, _plain(host), port)
                listener = by_address.get(at)
                if listener is None:
                    listener = by_address[at] = Listener(*at)
                    instance.listeners.append(listener)
                if rules.several_blocks:
                    listener.zones.setdefault(key.zone, []).append(served)
                else:
                    listener.zones[key.zone] = [served]
                if key.network is not None:
                    listener.networks[key.zone] = key.network
                if key.transport != "dns":
                    listener.encryption = site.encryption
                    offers.setdefault(listener, {}).setdefault(site.encryption, span)
                listener.headers = site.headers or listener.headers
                listener.debug = listener.debug or site.debug
                listener.stacktrace = site.stacktrace
                listener.any_class = listener.any_class or any(
                    value_in(h.ANY_CLASS, instance.release) for h in site.handlers
                )
    for listener in instance.listeners:
        everything = listener.zones.get(".", ())
        if len(listener.zones) == len(everything) == 1 and not listener.networks:
            listener.sole = everything[0]
    _choose_encryption(instance, offers)


def _choose_encryption(instance: Instance, offers: dict[Listener, dict[Encryption | None, Span]]) -> None:
    """A server has what one of its blocks says: CoreDNS takes the last one of a map of Go, which has no order."""
    for listener, found in offers.items():
        if len(found) < 2:
            continue
        first, second = list(found.values())[:2]
        instance.findings.append(
            Finding(
                code="tls-differs",
                message=f"the blocks of `{listener.label}` differ in `tls`, and which one counts is left to chance",
                span=second,
                hint="give them the same `tls`, or other ports",
                severity="warning",
                related=((first, "the first one"),),
            )
        )
        listener.encryption = instance.world.choose(tuple(found), f"whose `tls` counts at {listener.label}")


def _plain(host: str) -> str:
    """An address as Go prints it."""
    if ":" not in host:
        return host
    from ipaddress import IPv6Address, ip_address

    try:
        address = ip_address(host)
    except ValueError:
        return host
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped if mapped is not None else address)


def _need_certificates(instance: Instance, transport: str, coredns: str) -> None:
    for site in instance.sites:
        for key, span in zip(site.keys, site.key_spans, strict=True):
            if key.transport == transport and not site.has_tls and site.listen_hosts:
                _refuse(
                    instance,
                    "no-certificate",
                    f"`{key}` needs a certificate",
                    span,
                    coredns,
                    None,
                    "add `tls CERT KEY` to the server block",
                )


def _overlaps(instance: Instance) -> None:
    registered: dict[tuple[str, str, str, str], Span] = {}
    unbound: dict[tuple[str, str, str], tuple[str, Span]] = {}
    first_only = ListenRules.of(instance.release).first_zone_only
    for site in instance.sites:
        for number, (key, span) in enumerate(zip(site.keys, site.key_spans, strict=True)):
            for host in [""] if first_only and number else site.listen_hosts:
                _overlap(instance, site, key, host, span, registered, unbound)


def _overlap(
    instance: Instance,
    site: Site,
    key: Zone,
    host: str,
    span: Span,
    registered: dict[tuple[str, str, str, str], Span],
    unbound: dict[tuple[str, str, str], tuple[str, Span]],
) -> None:
    def text(address: str) -> str:
        return f"{key.transport}://{key.zone}:{key.port}" + (f" on {address}" if address else "")

    exact, loose = (key.transport, key.zone, key.port, host), (key.transport, key.zone, key.port)
    if exact in registered:
        if site.has_view and ListenRules.of(instance.release).shares_with_all:
            return
        _refuse(
            instance,
            "zone-defined-twice",
            f"`{text(host)}` is served by another server block already",
            span,
            f"cannot serve {text(host)} - it is already defined",
            registered[exact],
        )
    elif loose in unbound and (not host or (*loose, "") in registered):
        address, other = ("", registered[(*loose, "")]) if host else unbound[loose]
        _refuse(
            instance,
            "zone-overlap",
            f"`{text(host)}` and `{text(address)}` would listen on the same address",
            span,
            f"cannot serve {text(host)} - zone overlap listener capacity with {text(address)}",
            other,
        )
    elif not site.has_view:
        registered[exact] = span
        unbound[loose] = (host, span)


def _refuse(
    instance: Instance,
    code: str,
    message: str,
    span: Span,
    coredns: str,
    other: Span | None,
    hint: str = ANOTHER,
) -> None:
    related = ((other, "the other one"),) if other is not None else ()
    instance.findings.append(
        Finding(code=code, message=message, span=span, coredns=coredns, related=related, hint=hint)
    )


__all__ = ["ListenRules", "listen", "started", "zones_twice"]
