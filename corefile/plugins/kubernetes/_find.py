"""From a question to the services, pods or addresses that it is about (kubernetes.go, reverse.go)."""

from __future__ import annotations

from ...plugin import Reason, count_labels, dns, from_reverse
from .._services import Ask, Failure, Found, Missing, ServiceRecord, Unordered
from ._names import NS, is_reverse, last_label, parse
from ._pod import find_pods
from ._servers import name_servers
from ._svc import find_imports, find_services
from ._view import View

NO_SUCH_TEXT = Reason("no-such-text", "of TXT records there is only dns-version")
NO_FORM = Reason("not-a-service-name", "that is not the form of a name of a service or pod")
REVERSE_NAME = Reason("reverse-name", "a reverse name has no such records")
NO_ADDRESS = Reason("no-such-address", "no service and no endpoint has the address {}")


class Finder(View):
    """Looks up what is asked for. Only the wildcards of old releases go through all services."""

    def services(self, ask: Ask, exact: bool) -> Found:
        """What the question is about."""
        if ask.type == dns.NS:
            return name_servers(self, ask)
        if ask.type == dns.TXT:
            return self.text(ask)
        name, zone = ask.name, ask.zone
        if name.startswith(NS) and name.find(zone) == len(NS) and self._knows_zone(ask):
            if self.rules.name_servers:
                return name_servers(self, ask, ask.qname)
            if self.rules.ns_is_a_name:
                own = name_servers(self, ask)
                return own if ask.type == (dns.A if own[0].type == dns.A else dns.AAAA) else []
            if ask.type == dns.A:
                return name_servers(self, ask)
        found = self.records(ask)
        if isinstance(found, list):
            if ask.type == dns.SRV:
                return [s for s in found if s.type != dns.CNAME]
            if ask.type == dns.CNAME and len(found) > 1:
                return _alias_of(found)
        return found

    def text(self, ask: Ask) -> Found:
        """The text of dns-version, or what any other name is for TXT."""
        zone = ask.zone
        labels = "" if len(ask.name) <= len(zone) else ask.name[: -len(zone) - 1] if zone != "." else ask.name[:-1]
        if labels == "dns-version":
            return [ServiceRecord("", 0, ask.qname, dns.CNAME, 28800, text=self.rules.version)]
        if self.rules.text_elsewhere_exists_or_not:
            found = self.records(ask)
            if not isinstance(found, list):
                return found
            if found:
                return []
            if self.config.zonal:
                request = parse(ask.name, zone, self.rules, multicluster=self.is_multicluster(zone), zonal=True)
                if request is not None and request.topology:
                    return []
            return Missing(NO_SUCH_TEXT())
        if self.rules.text_elsewhere_fails and count_labels(labels) != 1:
            return Failure(f"kubernetes: TXT query can only be for dns-version: {ask.qname}")
        return []

    def _knows_zone(self, ask: Ask) -> bool:
        return ask.own or not self.rules.inner_zone_lost

    def records(self, ask: Ask) -> Found:
        """The services or pods of a name."""
        rules, config = self.rules, self.config
        zone = ask.zone if self._knows_zone(ask) else last_label(ask.name)
        multicluster = bool(config.multicluster) and self.is_multicluster(zone)
        request = parse(ask.name, zone, rules, multicluster=multicluster, zonal=config.zonal)
        if request is None:
            return Missing(NO_FORM())
        if not request.kind and rules.apex_is_empty:
            return []
        if rules.no_reverse_records and is_reverse(ask.name):
            return Missing(REVERSE_NAME())
        namespace = request.namespace
        if not self.wildcard(namespace) and not self.exposed(namespace):
            return Missing(self.hidden(namespace))
        if request.kind == "pod":
            return find_pods(self, request, zone)
        if multicluster:
            return find_imports(self, request, zone)
        return find_services(self, request, zone)

    def reverse(self, ask: Ask) -> Found:
        """The names of an address; `host` is the name."""
        ip = from_reverse(ask.name)
        if not ip:
            if not self.rules.reverse_of_a_name_is_a_lookup:
                return []
            found = self.records(ask)
            return [] if isinstance(found, list) else found
        zone, ttl = self.primary_zone, self.ttl
        limited = bool(self.config.namespaces)
        services = [s for s in self.index.by_ip.get(ip, ()) if not limited or self.exposed(s.namespace)]
        if services:
            names = (ServiceRecord(f"{s.key}.svc.{zone}", 0, "", dns.CNAME, ttl) for s in services)
            return Unordered(names, f"which of the services with the address {ip} its name is of")
        out = []
        given_only = self.rules.reverse_needs_hostname
        for item in self.endpoints_at(ip):
            if limited and not self.exposed(item.namespace):
                continue
            hostnames = [
                e.given_hostname if given_only else e.hostname
                for endpoints, _ in item.subsets
                for e in endpoints
                if e.ip == ip and (e.given_hostname or not given_only)
            ]
            for name in hostnames if self.rules.reverse_of_all_endpoints else hostnames[:1]:
                out.append(ServiceRecord(f"{name}.{item.key}.svc.{zone}", 0, "", dns.CNAME, ttl))
        if not out and self.rules.reverse_unknown_is_nxdomain:
            return Missing((NO_ADDRESS, ip))
        if out and not self.rules.reverse_of_all_endpoints:
            return Unordered(out, f"which of the endpoints with the address {ip} its name is of")
        return out


def _alias_of(found: list[ServiceRecord]) -> Found:
    """What of several services, which a wildcard finds in no order, may be the alias: one of those that differ."""
    options: dict[ServiceRecord | None, ServiceRecord] = {}
    for s in found:
        options.setdefault(s if s.type == dns.CNAME else None, s)
    return Unordered(options.values(), "which of the services that a wildcard finds is the alias")


__all__ = ["Finder"]
