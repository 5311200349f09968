"""From a question to the services, pods or addresses that it is about (plugin/kubernetes: kubernetes.go, reverse.go,
ns.go)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...chain.addresses import from_reverse, parse_ip
from ...chain.capabilities import ServiceRecord
from ...chain.message import AAAA, CNAME, IN, NS, RR, SRV, TXT, A
from ...chain.names import count_labels, is_subdomain
from ...chain.query import Why
from ...chain.server import Panic
from .._upstream import PANIC
from ._index import NO_PORT
from ._names import NS as NS_NAME
from ._names import Request, host_type, is_reverse, parse

if TYPE_CHECKING:
    from ...chain.cluster import Pod, Port, ServiceImport
    from ...chain.query import Query
    from ...chain.world import World
    from ._index import Endpoints, Index
    from ._rules import Rules

NIL = "<nil>"
"""How Go prints an address that is none."""

INVALID = "invalid query name"
"""CoreDNS's word for a name that cannot be that of a service or pod."""


class Ask:
    """One question of the client, or one that it leads to. `zone` is in the spelling of the question, and `name` is the
    question's in lower case; `own` tells whether it is the client's."""

    __slots__ = ("name", "own", "qname", "query", "type", "zone")

    def __init__(self, query: Query, qname: str, name: str, type: int, zone: str, own: bool = True) -> None:
        self.query = query
        self.qname = qname
        self.name = name
        self.type = type
        self.zone = zone
        self.own = own


class Missing(NamedTuple):
    """The name does not exist, because of `why`."""

    why: Why


class Failure(NamedTuple):
    """The look-up ends in an error."""

    error: str


Found = list[ServiceRecord] | Missing | Failure


class Settings(NamedTuple):
    """What of the plugin's options decides over answers."""

    namespaces: frozenset[str]
    pods: str
    ttl: int
    ignore_empty: bool
    zonal: bool
    multicluster: tuple[str, ...]
    primary_zone: str


class Finder:
    """Looks up what is asked for. All look-ups by key or address take constant time; only the wildcards of old
    releases go through all services."""

    def __init__(
        self, index: Index, settings: Settings, rules: Rules, world: World, local_ips: tuple[str, ...]
    ) -> None:
        self.index = index
        self.settings = settings
        self.rules = rules
        self.world = world
        self.local_ips = local_ips
        self.portless_asked: set[str] = set()
        """Services without ports that somebody asked for."""
        self.chose = False
        """Whether an answer depended on a choice since this was last set to False."""

    # -- what exists ----------------------------------------------------------------------------------------------

    def wildcard(self, label: str) -> bool:
        """Whether the label stands for any (until 1.9.0)."""
        return label in ("*", "any") and self.rules.wildcards

    def matches(self, asked: str, given: str) -> bool:
        """Whether a label of the question fits a name."""
        if asked == given or asked.lower() == given.lower():
            return True
        return self.rules.wildcards and (asked in ("*", "any") or given in ("*", "any"))

    def exposed(self, namespace: str) -> bool:
        """Whether the options let the namespace be seen; since 1.5.0 it has to exist, too."""
        namespaces = self.settings.namespaces
        if namespaces and namespace not in namespaces:
            return False
        return not self.rules.namespace_must_exist or namespace in self.index.namespaces

    def exists(self, namespace: str) -> bool:
        """Whether the namespace exists; since 1.5.0 also whether it is exposed."""
        return self.exposed(namespace) if self.rules.namespace_must_exist else namespace in self.index.namespaces

    def is_multicluster(self, zone: str) -> bool:
        """Whether the names of the zone are those of imports."""
        zones = self.settings.multicluster
        return bool(zones) and any(is_subdomain(z, zone.lower()) for z in zones)

    def endpoints(self, key: str) -> list[Endpoints]:
        """The endpoints of a service."""
        self._need_endpoints(self.rules.endpoints_are_needed and not self.rules.empty_endpoints_suffice)
        return self.index.endpoints_by_key.get(key, [])

    def all_endpoints(self) -> list[Endpoints]:
        """The endpoints of all services."""
        self._need_endpoints(self.rules.endpoints_are_needed and not self.rules.empty_endpoints_suffice)
        return self.index.endpoints

    def endpoints_at(self, ip: str) -> list[Endpoints]:
        """The endpoints that have the address."""
        self._need_endpoints(self.rules.endpoints_are_needed)
        return self.index.endpoints_by_ip.get(ip, [])

    def _need_endpoints(self, needed: bool) -> None:
        if needed and not self.index.seen.endpoints:
            raise Panic(PANIC)

    def pod_at(self, ip: str) -> Pod | None:
        """The pod with that address."""
        if not self.index.seen.pods:
            if self.rules.pods_are_needed:
                raise Panic(PANIC)
            return None
        pods = self.index.pods.get(ip)
        if not pods:
            return None
        if len(pods) > 1:
            self.chose = True
        return self.world.choose(pods, f"which of the pods at {ip} is meant")

    # -- services -------------------------------------------------------------------------------------------------

    def services(self, ask: Ask) -> Found:
        """What the question is about, for every type but TXT and PTR."""
        if ask.type == NS:
            return self.name_servers(ask)
        name, zone = ask.name, ask.zone
        if name.startswith(NS_NAME) and name.find(zone) == len(NS_NAME):
            if self.rules.name_servers:
                return self.name_servers(ask, ask.qname)
            if ask.type == A:
                return self.name_servers(ask)
        found = self.records(ask)
        if ask.type == SRV and found.__class__ is list:
            return [s for s in found if s.type != CNAME]
        return found

    def text(self, ask: Ask) -> Found:
        """The text of dns-version, or what any other name is for TXT."""
        zone = ask.zone
        labels = "" if len(ask.name) <= len(zone) else ask.name[: -len(zone) - 1] if zone != "." else ask.name[:-1]
        if labels == "dns-version":
            return [ServiceRecord(self.rules.version, 0, ask.qname, TXT, 28800)]
        if self.rules.text_elsewhere_exists_or_not:
            found = self.records(ask)
            if found.__class__ is list:
                if found:
                    return []
                if self.settings.zonal:
                    request = parse(ask.name, zone, self.rules, multicluster=self.is_multicluster(zone), zonal=True)
                    if request is not None and request.topology:
                        return []
                return Missing("of TXT records there is only dns-version")
            return found
        if self.rules.text_elsewhere_fails and count_labels(labels) != 1:
            return Failure(f"kubernetes: TXT query can only be for dns-version: {ask.qname}")
        return []

    def records(self, ask: Ask) -> Found:
        """The services or pods of a name."""
        rules, settings = self.rules, self.settings
        multicluster = bool(settings.multicluster) and self.is_multicluster(ask.zone)
        request = parse(ask.name, ask.zone, rules, multicluster=multicluster, zonal=settings.zonal)
        if request is None:
            return Missing("that is not the form of a name of a service or pod")
        if not request.kind and rules.apex_is_empty:
            return []
        if rules.no_reverse_records and is_reverse(ask.name):
            return Missing("a reverse name has no such records")
        namespace = request.namespace
        if not self.wildcard(namespace) and not self.exposed(namespace):
            return Missing(self._hidden(namespace))
        if request.kind == "pod":
            return self.find_pods(request, ask.zone)
        if multicluster:
            return self.find_imports(request, ask.zone)
        return self.find_services(request, ask.zone)

    def _hidden(self, namespace: str) -> Why:
        namespaces = self.settings.namespaces
        if namespaces and namespace not in namespaces:
            return ("`namespaces` leaves out the namespace {}", namespace)
        if self.index.seen.namespace_labels is not None:
            return ("there is no namespace {} that `namespace_labels` selects", namespace)
        return ("there is no namespace {}", namespace)

    def _empty(self, namespace: str) -> Found:
        """What the name of the namespace itself has."""
        return [] if self.exists(namespace) or self.wildcard(namespace) else Missing(self._hidden(namespace))

    def find_pods(self, r: Request, zone: str) -> Found:
        """The pods of a name such as 10-0-0-7.default.pod."""
        rules, mode = self.rules, self.settings.pods
        if mode == "disabled":
            return Missing("`pods` is disabled, so no pod has a name")
        namespace, name = r.namespace, r.service
        if not name:
            return self._empty(namespace)
        ip = name.replace("-", "." if name.count("-") == 3 and "--" not in name else ":")
        record = ServiceRecord("", 0, f"{name}.{namespace}.pod.{zone if zone != '.' else ''}", CNAME, self.settings.ttl)
        if mode == "insecure":
            if rules.pod_must_be_an_address:
                if not self.wildcard(namespace) and not self.exists(namespace):
                    return Missing(self._hidden(namespace))
                if parse_ip(ip) is None:
                    return Missing(("{} is not an address with dashes", name))
            type, address = host_type(ip)
            return [record._replace(host=address, type=type)]
        pods = []
        for pod in self.index.pods.get(ip, ()):
            if self.wildcard(namespace) and not self.exposed(pod.namespace):
                continue
            if pod.deleting and rules.deleted_pods_have_no_name:
                continue
            if self.matches(namespace, pod.namespace):
                type, address = host_type(ip)
                pods.append(record._replace(host=address, type=type))
        if pods or (self.wildcard(name) and not self.wildcard(namespace) and self.exists(namespace)):
            return pods
        return Missing(("namespace {} has no pod with the address {}", namespace, ip))

    def find_services(self, r: Request, zone: str) -> Found:
        """The services of a name."""
        rules = self.rules
        namespace, name = r.namespace, r.service
        if not name:
            return self._empty(namespace)
        any_namespace, any_name = self.wildcard(namespace), self.wildcard(name)
        missing = not (
            any_name and not any_namespace and rules.wildcard_service_knows_namespace and self.exists(namespace)
        )
        everything = any_namespace or any_name
        key = f"{name}.{namespace}"
        services = self.index.services if everything else self.index.by_key.get(key, ())
        suffix = f".svc.{zone}" if zone != "." else ".svc."
        ttl = self.settings.ttl
        port, protocol = r.port, r.protocol
        plain = port == protocol == rules.any_port
        out: list[ServiceRecord] = []
        for service in services:
            if not self.matches(namespace, service.namespace) or not self.matches(name, service.name):
                continue
            if any_namespace and not self.exposed(service.namespace):
                continue
            external = service.type == "ExternalName"
            if self.settings.ignore_empty and not service.headless and (not external or rules.ignores_empty_external):
                given = self.all_endpoints() if everything else self.endpoints(key)
                if not any(subset.endpoints for item in given for subset in item.subsets):
                    continue
            if r.topology and not service.headless:
                continue
            if external and (rules.external_first or not (service.headless or r.endpoint)):
                if r.endpoint and rules.external_has_no_endpoints:
                    continue
                if not plain and rules.external_has_no_ports:
                    continue
                if parse_ip(service.external_name) is None:
                    missing = False
                    out.append(ServiceRecord(service.external_name, 0, service.key + suffix, CNAME, ttl))
                continue
            base = service.key + suffix
            if service.headless or r.endpoint:
                if r.topology:
                    missing = False
                given = self.endpoints(service.key)
                count = len(out)
                self._add_endpoints(r, given, base, out, r.topology)
                if len(out) == count and r.prefers:
                    self._add_endpoints(r, given, base, out, "")
                missing = missing and len(out) == count
                continue
            if service.ports[:1] == (NO_PORT,):
                self.portless_asked.add(service.key)
            for p in service.ports:
                if not plain and not self.fits(port, protocol, p):
                    continue
                missing = False
                for type, address in service.addresses:
                    out.append(ServiceRecord(address, p.port, base, type, ttl))
        return Missing(self._no_service(r, bool(services))) if missing else out

    def fits(self, port: str, protocol: str, given: Port) -> bool:
        """Whether a port fits the question's. What is empty fits any; before 1.9.0 only what has no name."""
        empty_fits = not self.rules.wildcards
        return ((empty_fits and not port) or self.matches(port, given.name)) and (
            (empty_fits and not protocol) or self.matches(protocol, given.protocol)
        )

    def _add_endpoints(
        self, r: Request, given: list[Endpoints], base: str, out: list[ServiceRecord], topology: str
    ) -> None:
        ttl = self.settings.ttl
        plain = r.port == r.protocol == self.rules.any_port
        for item in given:
            for endpoints, ports in item.subsets:
                for e in endpoints:
                    if topology and e.zone != topology:
                        continue
                    if r.endpoint and not self.matches(r.endpoint, e.hostname):
                        continue
                    for p in ports:
                        if plain or self.fits(r.port, r.protocol, p):
                            out.append(ServiceRecord(e.address, p.port, f"{e.hostname}.{base}", e.type, ttl))

    def _no_service(self, r: Request, known: bool) -> Why:
        if not known:
            return ('namespace {} has no service "{}"', r.namespace, r.service)
        what = f"{r.service} in namespace {r.namespace}"
        if r.endpoint:
            return ('service {} has no endpoint "{}"', what, r.endpoint)
        if r.port or r.protocol:
            return ("service {} has no port {} over {}", what, r.port, r.protocol)
        return ("service {} has nothing to answer with (no ready endpoint, or no name)", what)

    def find_imports(self, r: Request, zone: str) -> Found:
        """The imported services of a name in a multi-cluster zone."""
        namespace, name = r.namespace, r.service
        if not name:
            return self._empty(namespace)
        key = f"{name}.{namespace}"
        imports: list[ServiceImport] = self.index.imports.get(key, [])
        given = self.index.imported_endpoints.get(key, [])
        base = f"{key}.svc.{zone if zone != '.' else ''}"
        ttl = self.settings.ttl
        out: list[ServiceRecord] = []
        missing = True
        for service in imports:
            headless = service.type == "Headless"
            if self.settings.ignore_empty and not headless and not any(s.endpoints for e in given for s in e.subsets):
                continue
            if headless or r.endpoint:
                for item in given:
                    if r.endpoint and not self.matches(r.cluster, item.cluster):
                        continue
                    self._add_endpoints(r, [item], f"{item.cluster}.{base}", out, "")
                continue
            for p in service.ports:
                if self.fits(r.port, r.protocol, p):
                    missing = False
                    for ip in service.ips:
                        type, address = host_type(ip)
                        out.append(ServiceRecord(address, p.port, base, type, ttl))
        if out or not missing:
            return out
        return Missing(('namespace {} imports no service "{}" that fits', namespace, name))

    # -- reverse --------------------------------------------------------------------------------------------------

    def reverse(self, ask: Ask) -> Found:
        """The names of an address; `host` is the name."""
        ip = from_reverse(ask.name)
        if not ip:
            if not self.rules.reverse_of_a_name_is_a_lookup:
                return []
            found = self.records(ask)
            return [] if found.__class__ is list else found
        zone, ttl = self.settings.primary_zone, self.settings.ttl
        limited = bool(self.settings.namespaces)
        services = [s for s in self.index.by_ip.get(ip, ()) if not limited or self.exposed(s.namespace)]
        if services:
            if len(services) > 1:
                self.chose = True
            service = self.world.choose(services, f"which of the services with the address {ip} its name is of")
            return [ServiceRecord(f"{service.key}.svc.{zone}", 0, "", CNAME, ttl)]
        out = []
        for item in self.endpoints_at(ip):
            if limited and not self.exposed(item.namespace):
                continue
            for endpoints, _ in item.subsets:
                for e in endpoints:
                    if e.ip == ip and not (self.rules.reverse_needs_hostname and not e.given_hostname):
                        name = e.given_hostname if self.rules.reverse_needs_hostname else e.hostname
                        out.append(ServiceRecord(f"{name}.{item.key}.svc.{zone}", 0, "", CNAME, ttl))
                        if not self.rules.reverse_of_all_endpoints:
                            return out
        if not out and self.rules.reverse_unknown_is_nxdomain:
            return Missing(("no service and no endpoint has the address {}", ip))
        return out

    # -- the server itself ----------------------------------------------------------------------------------------

    def name_servers(self, ask: Ask, name: str | None = None) -> list[ServiceRecord]:
        """The addresses of this server as the cluster sees it, each named like its service or, where it has none, and
        for `name` given, like that. For a zone's NS records the names are ns.dns.ZONE until 1.6.3."""
        ttl = self.settings.ttl if self.rules.ns_ttl else 0
        if self.rules.name_servers:
            found = self.ns_addresses(ask.zone, nil=True)
            if name is not None:
                found = [rr for rr in found if rr[1] == ask.type]
            return [ServiceRecord(rr[4][0], 0, name or rr[0], CNAME if rr[4][0] == NIL else rr[1], ttl) for rr in found]
        type, address = host_type(self._ns_address())
        own = name or (ask.qname if ask.name.startswith(NS_NAME) else self._join(NS_NAME.rstrip("."), ask.zone))
        return [ServiceRecord(address, 0, own, type, ttl)]

    @staticmethod
    def _join(label: str, zone: str) -> str:
        return f"{label}." if zone == "." else f"{label}.{zone}"

    def _ns_address(self) -> str:
        """Until 1.6.2: the cluster IP of the service that this server's first IPv4 address is an endpoint of, or that
        address."""
        local = next((ip for ip in self.local_ips if ":" not in ip), NIL)
        found = self.endpoints_at(local)
        if not found:
            return local
        for service in self.index.by_key.get(found[0].key, ()):
            if service.headless:
                return local
            address = parse_ip(service.addresses[0][1])
            return address[1] if address else NIL
        return local

    def ns_addresses(self, zone: str, *, external: bool = False, headless: bool = False, nil: bool = False) -> list[RR]:
        """A and AAAA records of the services that this server is an endpoint of, or of its own addresses where it is
        none (ns.go, nsAddrs). TTLs are 0. What is no address is left out, or with `nil` an AAAA record of that."""
        rules = self.rules
        out: list[tuple[str, tuple[int, str]]] = []
        found = False
        local_ips = self.local_ips if rules.ns_of_all_addresses else self.local_ips[:1]
        for ip in local_ips:
            for item in self.endpoints_at(ip):
                found = True
                for service in self.index.by_key.get(item.key, ()):
                    base = service.key if external else f"{service.key}.svc"
                    name = self._join(base, zone)
                    if service.headless and (not external or headless):
                        for subset in item.subsets:
                            out += [(f"{e.hostname}.{name}", (e.type, e.address)) for e in subset.endpoints]
                    elif external:
                        out += [(name, x) for x in service.external_ips]
                    else:
                        out += [(name, x) for x in service.addresses]
        if not (out if rules.ns_of_all_addresses and not rules.ns_fallback_unless_found else found):
            out = [(self._join(NS_NAME.rstrip("."), zone), host_type(ip)) for ip in local_ips]
        if nil:
            out = [(name, x if x[0] in (A, AAAA) else (AAAA, NIL)) for name, x in out]
        return [RR(name, type, IN, 0, (address,)) for name, (type, address) in out if type in (A, AAAA)]

    def local_node(self) -> str:
        """The node that this server runs on, by its endpoint; '' where that is not known."""
        for ip in self.local_ips:
            for item in self.endpoints_at(ip):
                for subset in item.subsets:
                    for e in subset.endpoints:
                        if e.ip == ip:
                            return e.node
        return ""


__all__ = ["INVALID", "Ask", "Failure", "Finder", "Found", "Missing", "Settings"]
