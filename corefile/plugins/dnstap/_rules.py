"""What each release of `dnstap` does otherwise."""

from __future__ import annotations

from ...plugin import ReleaseRules, between, since, until


class DnstapRules(ReleaseRules):
    """The rules of one release."""

    # what it may be given
    reads_files = until("1.9.3", "an endpoint of tcp is an address, or a file like resolv.conf")
    reads_one = until("1.9.4", "the words behind the endpoint are read after it")
    tls = since("1.11.0", "there are endpoints of tls")
    ignores_numbers = until("1.13.0", "a third and a fourth word are not looked at")
    listens = since("1.14.4", "it can wait for collectors")

    # frames
    fails_unpacked = until("1.8.0", "a query that has no wire form (any more) is not told of with `full`, but an error")
    reply_fails_too = between("1.1.0", "1.8.0", "nor is its reply")
    nanoseconds = since("1.1.0", "times have nanoseconds")
    both_times = since("1.8.0", "a reply is told with the time of its query, too")
    query_at_once = since("1.8.2", "a query is told of as it comes; before, with its reply, if there is one")
    identity = since("1.9.4", "they say which server it is, and of which version")
    short_addresses = since("1.14.5", "addresses of IPv4 have four octets; before, as many as the socket's have")

    # frames about other servers
    as_query_address = until("1.8.2", "and since 1.8.0, the other server's address stands for that of the asker")
    short_names = since("1.12.4", "the other server's address of IPv4 has four octets")
    own_socket = since("1.14.5", "the asker is CoreDNS, by the address that it sends from; before, it is the client")


__all__ = ["DnstapRules"]
