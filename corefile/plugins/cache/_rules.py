"""What each release of `cache` does otherwise."""

from __future__ import annotations

from ...plugin import ReleaseRules, between, changed, since, until

HOUR = 3600.0
SHORT = 5.0
"""Seconds: the least that an answer is good for by default, and what a failure is."""


class CacheRules(ReleaseRules):
    """The rules of one release."""

    # what it may be given
    least = changed(
        0.0, {"1.2.3": SHORT, "1.2.4": 0.0, "1.2.5": SHORT}, "the least TTL unless one is given, in seconds"
    )
    replaces_zones = until(
        "1.8.4", "zones that are given take the places of as many of the server block's, and no more"
    )

    keepttl_alone = between("1.10.1", "1.11.1", "`keepttl` is refused where zones are given")

    # what is kept, and where
    key = changed(
        ("do", "type"),
        {
            "1.7.1": ("type",),
            "1.10.1": ("do", "type"),
            "1.11.3": ("do", "cd", "type"),
            "1.14.7": ("do", "cd", "type", "class"),
        },
        "what tells the answers to one name apart",
    )
    do_of_reply = until("1.7.1", "of these, DO is that of the reply's OPT record")
    wide_hash = since("1.2.6", "the hash of which the lowest octet is the shard has 64 bits, not 32")
    smallest_shard = changed(512, {"1.2.2": 4}, "how many answers a shard holds at least")
    replaces = since("1.6.0", "an answer that replaces one of the same key evicts none")
    ttl_of_soa = until(
        "1.2.5", "a denial is good for the last field of its SOA record (RFC 2308 §5), whatever that one's TTL"
    )
    others_vanish = until("1.2.0", "referrals, transfers and errors are good for 0 seconds; since then for 5")
    empty_is_short = since("1.0.6", "an answer without records is good for 5 seconds; before, for as long as any")
    counts_additional = since("1.0.6", "TTLs of additional records count")
    first_soa = until("1.1.3", "of several SOA records the first counts")
    least_served = changed(5, {"1.0.5": 0}, "the least TTL of an answer that was kept")
    key_of_reply = until("1.1.1", "a reply is kept under its own question, whichever that is; since then, not at all")
    hour_at_most = until("1.14.4", "no answer is good for more than an hour, whatever is given")
    denial_needs_soa = since("1.14.5", "NXDOMAIN is kept with an SOA record alone: without one nothing bounds it")
    expired_hides = until(
        "1.2.0", "what has expired counts as a hit, and a denial that has expired hides a positive answer"
    )
    matches_class = since("1.14.7", "a reply of another class is none to the question")
    judges_answers = since(
        "1.14.7", "an answer that does not answer is NODATA where it has an SOA record, and else is not kept"
    )

    # on a query's way
    asks_do = between(
        "1.7.1", "1.10.1", "every question goes on with DO, and DNSSEC's records are taken out where it had none"
    )
    copies = since("1.8.0", "what the plugins behind do to the query is not seen by those before")
    keeps_first = until("1.8.0", "as many records as are not DNSSEC's are kept from the front, whichever these are")
    asks_ad = since("1.14.7", "every question goes on with AD")
    keeps_opt = until("1.8.0", "a reply keeps its OPT record")
    sets_aa = since("1.5.1", "what is served has AA set")
    hides_ad = since("1.8.5", "AD is hidden from clients that did not ask for it")
    hides_ad_first = between("1.12.3", "1.14.7", "before the answer is kept, so from later clients, too")
    shows_ad_to_ad = since("1.9.4", "a client asks for it with AD, too, not with DO alone")
    shows_ad_to_all = until("1.7.1", "AD is shown to all")
    failure_yields = since("1.14.4", "a kept failure yields to a positive answer")
    stale_below = changed(0, {"1.14.7": 1}, "an answer with less than so many seconds left is stale")
    shares_records = until("1.12.3", "TTLs are written into the very records that a plugin behind has answered with")
    hits_share = between("1.8.0", "1.12.3", "each time that an answer is served, too")

    # asking again
    refreshes_late = until(
        "1.0.5",
        "an answer is asked for again after more questions than `prefetch` says, with less left than the percentage",
    )
    one_refresh = since("1.14.3", "an answer is asked for again by one query at a time, and without a client's address")
    judges_refresh = since("1.14.7", "what came in the background has to be better than a stale answer")
    keeps_client_ad = since("1.14.7", "a client's AD counts while an answer is asked for again")
    serves_verified = since("1.14.7", "what was verified in time is served, not whatever is kept then")
    refresh_ends_denial = since("1.6.8", "a positive answer that came in the background ends a denial")

    # metrics
    zeros = changed(
        ("misses",),
        {"1.0.5": ("misses", "prefetch", "types"), "1.1.1": ("misses", "prefetch", "drops", "types"), "1.1.3": ()},
        "counters that are there before they count, `types` being those of each type of answer",
    )
    capacity = until("1.1.3", "a gauge tells how many answers there is room for")
    counts_prefetches = since("1.0.5", "what is asked for again is counted")
    entries = changed("coredns_cache_size", {"1.7.0": "coredns_cache_entries"}, "the gauge of the number of answers")
    counts_stale = since("1.8.1", "stale answers that are asked for again count as prefetched")
    counts_evictions = since("1.8.4", "evictions are counted")
    counts_requests = since("1.8.5", "lookups are counted")
    server_label = since("1.1.3", "metrics have the label `server`")
    zones_label = since("1.9.1", "metrics have the label `zones`")
    view_label = since("1.10.0", "metrics have the label `view`")


__all__ = ["HOUR", "SHORT", "CacheRules"]
