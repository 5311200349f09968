"""From a question to the services, pods or addresses that it is about (kubernetes.go, reverse.go)."""

from __future__ import annotations

from ...chain.capabilities import CNAME, ServiceRecord
from ...dns.codes import NS, SRV, TXT, A
from ...dns.names import count_labels
from ...golang.addresses import from_reverse
from ._ask import Ask, Failure, Found, Missing
from ._names import NS as NS_NAME
from ._names import is_reverse, parse
from ._pods import find_pods
from ._servers import name_servers
from ._services import find_imports, find_services
from ._view import View


class Finder(View):
    """Looks up what is asked for. Only the wildcards of old releases go through all services."""

    def services(self, ask: Ask) -> Found:
        """What the question is about, for every type but TXT and PTR."""
        if ask.type == NS:
            return name_servers(self, ask)
        name, zone = ask.name, ask.zone
        if name.startswith(NS_NAME) and name.find(zone) == len(NS_NAME):
            if self.rules.name_servers:
                return name_servers(self, ask, ask.qname)
            if ask.type == A:
                return name_servers(self, ask)
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
            return Missing(self.hidden(namespace))
        if request.kind == "pod":
            return find_pods(self, request, ask.zone)
        if multicluster:
            return find_imports(self, request, ask.zone)
        return find_services(self, request, ask.zone)

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
        given_only = self.rules.reverse_needs_hostname
        for item in self.endpoints_at(ip):
            if limited and not self.exposed(item.namespace):
                continue
            names = [
                e.given_hostname if given_only else e.hostname
                for endpoints, _ in item.subsets
                for e in endpoints
                if e.ip == ip and (e.given_hostname or not given_only)
            ]
            for name in names if self.rules.reverse_of_all_endpoints else names[:1]:
                out.append(ServiceRecord(f"{name}.{item.key}.svc.{zone}", 0, "", CNAME, ttl))
        if len(out) > 1 and not self.rules.reverse_of_all_endpoints:
            self.chose = True
            out = [self.world.choose(out, f"which of the endpoints with the address {ip} its name is of")]
        if not out and self.rules.reverse_unknown_is_nxdomain:
            return Missing(("no service and no endpoint has the address {}", ip))
        return out


__all__ = ["Finder"]
