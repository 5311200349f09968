"""What each release of `forward` does otherwise."""

from __future__ import annotations

from ...plugin import REFUSED, SERVFAIL, ReleaseRules, between, changed, since, until

TRANSPORTS = frozenset(("dns", "tls"))


class ForwardRules(ReleaseRules):
    """The rules of one release."""

    # what it may be given
    merges = until("1.1.0", "several `forward` of a server block are one, with the servers of all")
    to_before_block = until("1.14.4", "TO is looked at before the block is read, and takes no names")
    checks_before_block = until("1.13.2", "so are the transports")
    old_transports = until(
        "1.2.3", "a transport goes to the address at its word's place, whatever words before it stand for"
    )
    transports = changed(TRANSPORTS, {"1.14.5": TRANSPORTS | {"https"}}, "the transports that it speaks")
    name_transports = changed(
        TRANSPORTS, {"1.14.7": TRANSPORTS | {"https"}}, "the transports in which a server may be given by name"
    )
    other_transports = changed(
        "ignored", {"1.6.8": "panic", "1.7.0": "refused"}, "what becomes of a server of another transport"
    )
    certificate_names = since("1.13.2", "an address may end in `%` and the name in its certificate")
    certificate_brackets = since("1.14.2", "that may stand inside of brackets, and behind a transport")
    no_paths = since("1.14.5", "a path behind `https://` is refused")
    empty_files = since("1.14.5", "a file without nameservers is passed over where others have some")
    sequential = since("1.1.2", "there is the policy `sequential`")
    one_list = between(
        "1.6.7", "1.7.0", "a policy is handed one list in place of the servers in it, so the order is fixed"
    )
    last_except = until("1.8.4", "of several `except` lines the last one counts")
    optional_tls = since("1.1.2", "`tls` takes fewer than three files")
    check_domain = since("1.9.2", "`health_check` has the option `domain`")
    domain_checked = since("1.9.4", "it is made a domain name")
    failover_mixed = until("1.13.2", "`failover` mixes up its errors, and takes NOERROR")

    # asking
    one_round = until("1.1.2", "each server is tried once")
    tries_each = changed(0, {"1.14.7": 2}, "how often each server may fail for one question; 0 for no limit")
    matches = since("1.1.1", "an answer to another question is FORMERR")
    refuses_unpackable = since("1.14.7", "a query that cannot be sent is FORMERR at once, and no failure of a server")
    matches_class = since("1.14.7", "so is one of another class")
    logs_wrong_reply = since("1.2.0", "`debug` has such an answer logged")
    logs_without_id = until("1.4.0", "without its ID, which shifts what the format is given")
    retries_truncated = changed(
        True, {"1.3.0": False, "1.6.2": True}, "with `prefer_udp` a truncated answer is asked for again over TCP"
    )
    counts_failover = since("1.14.7", "`failover` goes on until each server has answered once")
    limit_rcode = changed(SERVFAIL, {"1.8.1": REFUSED}, "the rcode beyond `max_concurrent`")
    heeds_deadline = since("1.11.3", "no further server is asked after the deadline that `cancel` sets")
    taps = since("1.5.0", "`dnstap` tells of the questions to other servers")
    names_upstream = since("1.8.4", "the server that is asked is metadata")

    # servers
    tls_alone = until("1.7.0", "transports other than TLS are plain DNS")
    closes_truncated = until("1.3.0", "a connection is closed after a truncated answer")
    adapts_wait = between("1.1.2", "1.3.0", "how long an answer is waited for follows the answers before")
    least_wait = changed(0.01, {"1.2.0": 0.2}, "the shortest such time, in seconds")
    reads_any = until("1.4.0", "a reply that waits in a connection is taken for the answer to any question")
    reads_same_id = until("1.8.7", "to one with its ID, which is the client's; since then it is a new one each time")
    oldest_first = since(
        "1.14.1", "of idle connections the one that was used longest ago is taken, no longer the last one"
    )
    check_recursion = since("1.1.2", "checks have RD set unless `no_rec` is given")
    pause_doubles = between(
        "1.3.0", "1.6.8", "the pause between checks doubles each time a server is away for a second one"
    )
    pause_grows = between("1.6.8", "1.8.1", "the pause grows by half each time a server fails within two minutes")
    check_over_tcp = since("1.9.0", "checks follow `force_tcp`")

    # metrics
    broken = changed("", {"1.7.1": "coredns_forward_healthcheck_broken_total"}, "counts that all servers are down")
    rejects = changed(
        "",
        {
            "1.6.8": "coredns_forward_max_concurrent_reject_count_total",
            "1.7.0": "coredns_forward_max_concurrent_rejects_total",
        },
        "counts questions beyond `max_concurrent`",
    )
    lead = changed("coredns_forward_", {"1.11.0": "coredns_proxy_"}, "how the names of metrics about a server begin")
    shares_metrics = since(
        "1.11.0", "these belong to `grpc`, too: their label `proxy_name` tells, and there are no counters"
    )
    requests = changed("request_count_total", {"1.7.0": "requests_total"}, "counts questions")
    responses = changed("response_rcode_count_total", {"1.7.0": "responses_total"}, "counts answers by rcode")
    failures = changed(
        "healthcheck_failure_count_total", {"1.7.0": "healthcheck_failures_total"}, "counts checks that fail"
    )
    sockets = changed("socket_count_total", {"1.2.0": "sockets_open", "1.6.5": ""}, "the gauge of idle connections")
    counts_connections = since("1.7.1", "connections that are used again and new ones are counted")
    duration_by_rcode = since("1.8.2", "the histogram of durations has the label `rcode`")


__all__ = ["ForwardRules"]
