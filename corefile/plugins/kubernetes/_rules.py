"""What each release of `kubernetes` does otherwise. What it shares with other directories is in `_services/rules.py`."""

from __future__ import annotations

from ...plugin import ReleaseRules, between, changed, since, until


class KubernetesRules(ReleaseRules):
    """The rules of one release."""

    # -- reading the Corefile
    upstream_alone = since("1.0.6", "`upstream` may have no address")
    upstream_elsewhere = until("1.4.0", "`upstream` says where names outside of the zone are looked up")
    kubeconfig_alone = since("1.8.2", "`kubeconfig` may have no context")
    reverse_zones_end_so = until("1.1.0", "a reverse zone is one whose name ends like in-addr.arpa, or is that")
    several_http_endpoints = between("1.3.1", "1.4.0", "of several endpoints all have to be http")
    one_endpoint = since("1.4.0", "only the first endpoint is used")
    names_own_zones = since("1.14.4", "the zones are told where a multi-cluster zone is none of them")
    selector_words = changed(0, {"1.5.0": 1, "1.8.4": 2}, "which words the Kubernetes library complains of labels in")
    # -- starting without an API server
    starts_alone = since("1.2.5", "CoreDNS starts without an API server after a while")
    waits_aloud = since("1.9.1", "CoreDNS says twice a second that it waits")
    warns_unsynced = since("1.8.4", "CoreDNS warns that it starts without")
    servfail_until_synced = since("1.2.5", "without an API server, names that are not known are SERVFAIL")
    # -- messages
    keeps_case_of_zone = since("1.3.1", "the zone of SOA is in the spelling of the question")
    soa_at_apex_only = since("1.8.4", "names below the zone have no SOA record")
    minimum_is_ttl = since("1.3.1", "the minimum of SOA is `ttl`; before, 30 s")
    serial_is_now = until("1.0.6", "the serial of SOA is the time")
    serial_is_none = between("1.4.0", "1.5.0", "the serial of SOA is 0")
    other_types_ask_for_a = since("1.6.2", "types that no service has are looked up as A")
    # -- transfers by the plugin itself
    transfers = between("1.0.6", "1.8.0", "`kubernetes` transfers its zone itself")
    transfers_below_apex = between("1.0.6", "1.6.2", "NS below the zone is answered with a transfer, by a slip in Go")
    transfers_portless_once_asked = until(
        "1.2.3",
        "a service without ports is transferred only after somebody has asked for it: that left its port behind",
    )
    transfer_acl = since("1.3.0", "`transfer to` limits who gets the zone")
    transfer_names_plugin = since("1.1.2", "the log line of a transfer names the plugin")
    transfer_hides_namespaces = since("1.2.1", "services of hidden namespaces are not transferred")
    transfer_address_once = since("1.6.4", "a service's address is transferred once, not once for each port")
    transfer_least_weight_is_one = since("1.7.0", "the weight of SRV is at least 1")
    transfer_is_sorted = since("1.8.0", "services are transferred in the order of their names")
    transfer_knows_name_servers = since("1.8.5", "NS records are transferred")
    transfer_of_own_zones = since("1.8.5", "other zones than the plugin's are not transferred")
    transfer_name_servers_once = since("1.14.5", "addresses of name servers are transferred once")
    transfer_for_each_address = between(
        "1.12.2",
        "1.14.5",
        "a transfer is made once for each address of a name server: without any it never ends, and a second one ends CoreDNS",
    )
    refuses_transfer = since("1.8.4", "AXFR and IXFR are refused")
    # -- names
    version = changed("1.0.1", {"1.6.7": "1.1.0"}, "the text of dns-version")
    text_elsewhere_fails = until("1.3.0", "TXT of other names but one label is an error")
    text_elsewhere_exists_or_not = since("1.10.1", "TXT of other names tells whether they exist")
    wildcards = until("1.9.0", "`*` and `any` stand for any label")
    any_port = changed("*", {"1.9.0": ""}, "what stands for a port or protocol that is not given")
    apex_is_empty = since("1.1.2", "the zone itself, svc and pod have no records, but exist")
    short_names_are_empty = since("1.2.1", "a namespace's own name has no records, but exists")
    no_reverse_records = since("1.1.0", "names in reverse zones have PTR records only")
    inner_zone_lost = until("1.2.1", "of an alias's target, the last label is taken for the zone")
    namespace_must_exist = since("1.5.0", "namespaces that do not exist are not shown, even if `namespaces` has them")
    wildcard_service_knows_namespace = since("1.2.3", "a wildcard in a namespace without services exists")
    pod_must_be_an_address = since("1.0.3", "`pods insecure` takes nothing but addresses")
    portless = since("1.2.1", "services without ports are answered, too")
    external_first = since("1.8.1", "ExternalName is looked at before whether a service is headless")
    external_has_no_endpoints = since("1.10.1", "names below an ExternalName service do not exist")
    external_has_no_ports = since("1.11.0", "ports of an ExternalName service do not exist")
    ignores_empty_external = until("1.5.1", "`ignore empty_service` hides ExternalName services, too")
    dual_stack = since("1.8.1", "services have all of their addresses; before, the first")
    hostname_lower = until("1.2.3", "names of endpoints are in lower case")
    ipv6_hostname_ends_in_0 = since("1.12.3", "a name that is made of an IPv6 address never ends in a dash")
    pod_name_is_a_label = since("1.8.6", "a pod's name that is too long for a label names no endpoint")
    # -- reverse
    reverse_unknown_is_nxdomain = since("1.0.6", "addresses of nothing do not exist; before, they have no records")
    reverse_of_a_name_is_a_lookup = since("1.1.0", "PTR of a name that is no address tells whether it exists")
    reverse_of_all_endpoints = since("1.6.8", "an address has the names of all its endpoints; before, of any of them")
    reverse_needs_hostname = between(
        "1.11.4", "1.12.1", "only endpoints with a hostname of their own have a reverse name"
    )
    reverse_knows_external_ips = between("1.3.0", "1.9.4", "external addresses lead to their services, too")
    # -- the server's own addresses
    ns_is_a_name = since("1.5.1", "ns.dns exists for all types, and has one address of whichever family")
    name_servers = since("1.6.3", "ns.dns has the addresses of the server's services")
    ns_of_all_addresses = since("1.6.4", "all addresses of the machine count, not only the first")
    ns_ttl = since("1.4.0", "records of name servers have the TTL `ttl`; before, 0")
    ns_fallback_unless_found = since("1.9.1", "the machine's addresses stand in only where no service's are found")
    # -- what is watched
    slices = since("1.8.1", "EndpointSlices are read, and no Endpoints")
    unready_left_out = since("1.8.4", "endpoints that are not ready are left out")
    finished_pods_left_out = since("1.5.1", "pods that have finished are left out")
    deleted_pods_left_out = changed(
        False,
        {"1.5.1": True, "1.7.0": False, "1.8.1": True},
        "pods that are being deleted are left out; from 1.7.0 on CoreDNS looked too late",
    )
    deleted_pods_have_no_name = between("1.1.0", "1.5.1", "pods that are being deleted have no name")
    labels_select_namespaces = between("1.0.6", "1.5.0", "`labels` selects namespaces, too")
    ingress_hostnames = since("1.7.0", "load balancers known by a name are seen")
    endpoints_are_needed = between("1.0.6", "1.11.0", "a look-up of endpoints panics where `noendpoints` left them out")
    empty_endpoints_suffice = until("1.2.3", "such a look-up by a service's name does not panic")
    pods_are_needed = between("1.2.3", "1.7.0", "a look-up of a client's pod panics without `pods verified`")
    deleted_pods_stay = between("1.5.1", "1.7.0", "a pod that ended slowly, and is gone, is still known")
    # -- what changes the serial
    serial_knows_services = since("1.9.1", "of a service that changes, external addresses, ports and its alias count")
    serial_knows_pods = since("1.14.7", "of a pod that changes, its address counts")
    serial_knows_topology = since("1.14.7", "with `zonal`, zones of endpoints count")
    # -- what is offered to others
    autopath_needs_verified = since("1.3.0", "`autopath @kubernetes` does nothing without `pods verified`")
    metadata = since("1.5.1", "there is metadata")
    metadata_of_client_always = since("1.7.0", "metadata of the client is there for every name")
    metadata_knows_zone = since("1.6.8", "metadata is that of names in the zones")
    metadata_labels = since("1.11.3", "there is metadata of the labels of the client's pod")
    federation_needs_topology = since("1.2.3", "nodes without a zone and a region are in no federation")
    external_knows_ptr = since("1.9.4", "`k8s_external` is told the services of an address")
    external_knows_endpoints = since("1.9.4", "`k8s_external` is told endpoints of headless services by their names")


__all__ = ["KubernetesRules"]
