"""The history of CoreDNS's etcd (plugin/etcd)."""

from __future__ import annotations

from ...plugin import ReleaseRules, between, since, until


class EtcdRules(ReleaseRules):
    """The rules of one release."""

    # -- reading
    reads_on = until("1.5.0", "behind a block all that follows is read as a part of it, another `etcd` too")
    upstream_elsewhere = until("1.4.0", "`upstream` may name servers")
    upstream_needs_address = until("1.2.6", "`upstream` needs an address")
    fallthrough_zones = since("1.0.3", "`fallthrough` takes zones")
    waits_for_login = since("1.6.3", "with `credentials` CoreDNS does not start until etcd answers; before, it ended")
    parses_endpoint = since("1.9.3", "the first endpoint has to be a part of a URL")
    # -- stub zones
    stub_zones = until("1.4.0", "`stubzones` has other servers asked")
    names_plugin = since("1.1.2", "its warnings begin with its name")
    recursion_available = until("1.3.1", "replies of stub zones have RA set")
    # -- the store
    folders = until("1.2.0", "the store is etcd's version 2, where keys are files in folders, in no order")
    exact_is_exact = since("1.2.6", "what is looked up exactly is nothing below the name; before, all of it")
    # -- records
    needs_host = since("1.4.0", "what has no host is there for TXT alone")
    text_only = between("1.4.0", "1.6.7", "TXT is answered with what has text alone")
    lease_number = between("1.2.0", "1.12.4", "a lease counts for as many seconds as its number says")
    domain_without_end = since("1.9.0", "a slash at the end of a key is no label of its name")


__all__ = ["EtcdRules"]
