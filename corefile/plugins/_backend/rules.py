"""What each release does otherwise where it asks other servers."""

from __future__ import annotations

from ...plugin import ReleaseRules, between, changed, since

ENCRYPTED = frozenset(("dns", "tls", "grpc", "https"))


class BackendRules(ReleaseRules):
    """The rules of one release."""

    # zones
    no_zone_is_empty = between("1.6.5", "1.8.4", "what is no zone is an empty name, in which nothing lies")
    no_zone = changed(
        "runtime error: index out of range [0] with length 0",
        {"1.9.1": "unable to normalize '{}'"},
        "what CoreDNS says of it otherwise",
    )
    except_nothing = since(
        "1.6.5", "what is no zone behind `except` leaves out nothing; before, it left out everything"
    )

    # destinations
    transports = changed(
        frozenset(),
        {
            "1.2.3": ENCRYPTED,
            "1.11.0": ENCRYPTED | {"quic", "unix"},
            "1.13.2": ENCRYPTED | {"quic", "unix", "https3"},
        },
        "the transports that a destination may name",
    )
    needs_address = since("1.11.0", "a transport without an address is refused")
    address_zones = since("1.6.7", "an address may have a zone (`fe80::1%eth0`)")
    bare_brackets = since("1.14.2", "an address without a port may stand in brackets")
    needs_server = since("1.6.8", "files without any nameserver are refused")
    files_without_zones = since("1.11.3", "zones of addresses in files are left out")
    tells_open_error = since("1.14.5", "the error says why a file cannot be opened")
    tls_below_root = since("1.11.3", "relative paths of certificates are below `root`")

    # asking
    waits_for_id = since("1.4.0", "a reply with another ID is passed over")
    drops_signature = since(
        "1.9.0", "a query that the client has signed loses its signature as it fails to be signed anew"
    )
    truncates = since("1.11.3", "a datagram that does not fit the buffer counts as truncated")


__all__ = ["BackendRules"]
