"""The history of CoreDNS's look-ups in directories of services (plugin/backend_lookup.go)."""

from __future__ import annotations

from ...plugin import ReleaseRules, between, changed, since, until


class LookupRules(ReleaseRules):
    """The rules of one release."""

    denials_compressed = until(
        "1.1.3", "names in replies without an answer are compressed, though no limit asks for it"
    )
    recursion_available = until("1.3.1", "replies have RA set")
    records_once = since("1.1.4", "records with the same address or target come once; before, the same records")
    # -- aliases
    targets_anywhere = until("1.2.1", "a target is looked for in the directory first, and there in no zone")
    chain_limit = changed(7, {"1.12.1": 10}, "how many aliases are followed, but for the first")
    survives_no_reply = since("1.12.4", "a look-up elsewhere without any reply is no panic")
    inner_lookup_panics = until("1.5.0", "what an alias in the zone leads to is looked up elsewhere without a context")
    passes_truncation_on = since("1.9.1", "a truncated reply that was looked up elsewhere truncates the reply")
    aaaa_in_zone_elsewhere = between(
        "1.1.4", "1.2.1", "for AAAA, a target in the zone that is not there is looked up through the server"
    )
    # -- the zone itself
    apex_records = since("1.1.3", "the zone's own addresses are those of apex.dns below it")
    soa_ttl_follows_minimum = since("1.3.0", "the TTL of SOA is its minimum, up to 300 s; before, always 300 s")
    servers_once = since("1.6.4", "each name server comes once, though it has several addresses")
    servers_stripped = since("1.8.4", "addresses of name servers have the names that NS records point to")
    question_kept = since("1.12.2", "a failing look-up of name servers leaves the question as it was")
    servers_asked = changed("ns.dns.", {"1.7.1": "ns.dns.."}, "... where it leaves this in front of the zone's name")
    # -- SRV
    portless_left_out = since("1.2.1", "what declares no port has no SRV record")
    least_weight_is_one = since("1.7.0", "the weight of SRV is at least 1")
    # -- TXT
    text_alone = since("1.6.7", "what has text, and for a host no address, is nothing but text")
    text_follows_aliases = since("1.6.7", "aliases are followed for TXT, too")
    text_is_exact = between("1.6.7", "1.9.2", "TXT records are those of the name alone, none of those below it")
    one_text = between("1.6.7", "1.9.2", "of several TXT records the first one is the answer")
    empty_texts = between("1.4.0", "1.6.7", "what has no text has an empty TXT record")


__all__ = ["LookupRules"]
