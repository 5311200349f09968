"""What each release of `k8s_external` does otherwise."""

from __future__ import annotations

from ...plugin import ReleaseRules, since, until


class ExternalRules(ReleaseRules):
    """The rules of one release."""

    needs_kubernetes = since("1.11.0", "CoreDNS does not start without `kubernetes` in the server block")
    authoritative = since("1.9.2", "replies have AA set")
    fixed_serial = until("1.9.1", "the serial of SOA is 12345, and the zone is not transferred")
    server_name_asked = until("1.6.3", "the addresses of the name server have the name of the zone")
    blanks_question = until("1.11.3", "a reply is answered again, which loses the question (miekg/dns up to 1.1.55)")
    points_back = since("1.9.4", "addresses lead to services")
    names = since("1.7.0", "load balancers may be known by names")
    names_as_srv = since("1.8.7", "... and have SRV records")
    portless_panics = until("1.14.5", "a transfer with an endpoint without ports ends in a panic of `transfer`")
    passes_truncation_on = since("1.9.2", "a truncated reply that was looked up truncates the reply")


__all__ = ["ExternalRules"]
