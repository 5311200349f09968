"""What each release of the `kubernetes` plugin does otherwise, as named conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...releases import Release


class Rules:
    """The conditions of one release. Each says what holds when it is true."""

    def __init__(self, release: Release) -> None:
        r = release
        # -- messages
        self.recursion_available = r < "1.3.1"
        self.keeps_case_of_zone = r >= "1.3.1"
        self.soa_at_apex_only = r >= "1.8.4"
        self.soa_ttl_follows_minimum = r >= "1.3.0"
        self.minimum_is_ttl = r >= "1.3.1"
        self.serial_is_now = r < "1.0.6"
        self.name_servers_once = r >= "1.6.4"
        self.other_types_ask_for_a = r >= "1.6.2"
        self.chain_limit = 10 if r >= "1.12.1" else 7
        self.least_weight_is_one = r >= "1.7.0"
        self.survives_no_lookup = r >= "1.12.4"
        self.lookup_loses_context = r < "1.5.0"
        self.passes_truncation_on = r >= "1.9.1"
        self.servfail_until_synced = r >= "1.2.5"
        # -- transfers by the plugin itself
        self.transfers = r >= "1.0.6" and r < "1.8.0"
        self.transfers_below_apex = r >= "1.0.6" and r < "1.6.2"  # for NS, by a Go `fallthrough` into the next case
        # A service without ports is transferred since 1.2.3; before, once somebody had asked for it: the look-up left
        # the port that stands for none in the object itself.
        self.transfers_portless_once_asked = r < "1.2.3"
        self.transfer_acl = r >= "1.3.0"
        self.transfer_names_plugin = r >= "1.1.2"
        self.transfer_hides_namespaces = r >= "1.2.1"
        self.transfer_address_once = r >= "1.6.4"
        self.transfer_is_sorted = r >= "1.8.0"
        self.transfer_knows_name_servers = r >= "1.8.5"
        self.transfer_of_own_zones = r >= "1.8.5"
        self.transfer_name_servers_once = r >= "1.14.5"
        self.refuses_transfer = r >= "1.8.4"
        # -- names
        self.version = "1.1.0" if r >= "1.6.7" else "1.0.1"
        self.text_elsewhere_fails = r < "1.3.0"
        self.text_elsewhere_exists_or_not = r >= "1.10.1"
        self.wildcards = r < "1.9.0"
        self.any_port = "*" if self.wildcards else ""  # what stands for a port or protocol that is not given
        self.apex_is_empty = r >= "1.1.2"
        self.short_names_are_empty = r >= "1.2.1"
        self.no_reverse_records = r >= "1.1.0"
        self.namespace_must_exist = r >= "1.5.0"
        self.wildcard_service_knows_namespace = r >= "1.2.3"
        self.pod_must_be_an_address = r >= "1.0.3"
        self.portless = r >= "1.2.1"
        self.external_first = r >= "1.8.1"
        self.external_has_no_endpoints = r >= "1.10.1"
        self.external_has_no_ports = r >= "1.11.0"
        self.ignores_empty_external = r < "1.5.1"
        self.dual_stack = r >= "1.8.1"
        self.hostname_lower = r < "1.2.3"
        self.ipv6_hostname_ends_in_0 = r >= "1.12.3"
        self.pod_name_is_a_label = r >= "1.8.6"
        # -- reverse
        self.reverse_unknown_is_nxdomain = r >= "1.0.6"
        self.reverse_of_a_name_is_a_lookup = r >= "1.1.0"
        self.reverse_of_all_endpoints = r >= "1.6.8"
        self.reverse_needs_hostname = r >= "1.11.4" and r < "1.12.1"
        self.reverse_knows_external_ips = r >= "1.3.0" and r < "1.9.4"
        # -- the server's own addresses
        self.name_servers = r >= "1.6.3"
        self.ns_of_all_addresses = r >= "1.6.4"
        self.ns_ttl = r >= "1.4.0"
        self.ns_fallback_unless_found = r >= "1.9.1"
        # -- what is watched
        self.slices = r >= "1.8.1"
        self.unready_left_out = r >= "1.8.4"
        self.finished_pods_left_out = r >= "1.5.1"
        self.deleted_pods_left_out = r >= "1.5.1"
        self.deleted_pods_have_no_name = r >= "1.1.0"
        self.labels_select_namespaces = r >= "1.0.6" and r < "1.5.0"
        self.ingress_hostnames = r >= "1.7.0"
        self.endpoints_are_needed = r >= "1.0.6" and r < "1.11.0"  # panics where `noendpoints` left them out
        self.empty_endpoints_suffice = r < "1.2.3"  # ... except for the look-ups that checked
        self.pods_are_needed = r >= "1.2.3" and r < "1.7.0"
        # -- what is offered to others
        self.autopath_needs_verified = r >= "1.3.0"
        self.metadata = r >= "1.5.1"
        self.metadata_of_client_always = r >= "1.7.0"
        self.metadata_knows_zone = r >= "1.6.8"
        self.metadata_labels = r >= "1.11.3"
        self.federation_needs_topology = r >= "1.2.3"
        self.external_knows_ptr = r >= "1.9.4"
        self.external_knows_endpoints = r >= "1.9.4"


__all__ = ["Rules"]
