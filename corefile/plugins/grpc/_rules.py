"""What each release of `grpc` does otherwise."""

from __future__ import annotations

from ...plugin import ReleaseRules, between, changed, since, until


class GrpcRules(ReleaseRules):
    """The rules of one release."""

    # what it may be given
    last_except = until("1.8.4", "of several `except` lines the last one counts")
    one_list = between(
        "1.6.7", "1.7.0", "a policy is handed one list in place of the servers in it, so the order is fixed"
    )
    empty_panics = until("1.12.4", "`round_robin` fails where there are no servers")
    url = changed("passthrough", {"1.11.4": "dns"}, "how an address is read: as it is, or as a name to be resolved")
    reads_url = since("1.8.7", "what is no URL then keeps CoreDNS from starting")
    bad_url = changed(
        "failed to build resolver", {"1.11.0": "failed to exit idle mode"}, "what is said of an address without a name"
    )

    # asking
    silent = until("1.7.1", "where no server answers no reply is written")
    tells_error = since("1.9.1", "the error is that of the last server; before, that there is none left")
    alone_fails = since("1.12.3", "what it does not take fails without an error where no plugin is behind it")
    limits = since("1.12.4", "a call ends with the 5 s that all have together; before, it may take for ever")

    # connections (google.golang.org/grpc)
    connects_at_once = until("1.11.4", "a server is connected to at the start; since then with the first question")
    reconnects = changed(
        "waits",
        {"1.8.6": "asked", "1.11.0": "fails"},
        "after a failure it connects again by itself, and questions wait; only for a question; by itself, and they fail",
    )
    checks_protocol = since("1.11.4", "a server that does not agree on HTTP/2 over TLS is refused (ALPN)")

    # words
    colon = changed("", {"1.11.0": ":"}, "what stands behind `Error while dialing`")
    preface = since("1.10.1", "errors say what was read in place of the server's first octets")
    header_note = since("1.12.2", "they say so where these look like HTTP/1.1")
    tells_waiting = since("1.12.1", "they say so where time was up before a connection was made")
    idle_error = until("1.13.2", "an address that cannot be read is an error of its own, not one of a call")

    # metrics
    requests = changed("coredns_grpc_request_count_total", {"1.7.0": "coredns_grpc_requests_total"}, "counts questions")
    responses = changed(
        "coredns_grpc_response_rcode_count_total", {"1.7.0": "coredns_grpc_responses_total"}, "counts answers by rcode"
    )


__all__ = ["GrpcRules"]
