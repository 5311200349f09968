"""What each release of `sign` does otherwise."""

from __future__ import annotations

from ...plugin import ReleaseRules, between, since, until


class SignRules(ReleaseRules):
    """The rules of one release."""

    # -- reading
    checks_dbfile = since("1.13.1", "a master file whose name is not UTF-8 is refused")
    silent_errors = until("1.11.4", "a mistake in a file ends it silently")
    error_before_soa = since("1.14.0", "a mistake is told before a missing SOA record")
    # -- signing
    signs_below_cuts = until("1.6.6", "names at and below cuts are signed like others, NS records included")
    adds_ds = until("1.6.6", "DS records stand at the apex")
    one_ttl = until("1.6.6", "signatures and NSEC records have the TTL of the SOA record")
    adds_apex = until("1.6.6", "the chain begins at the apex, also where it has no records but SOA and NS")
    jitter_of_expiration = since("1.6.7", "the time of expiration is drawn, too")
    # -- when
    looks_at_dbfile = between("1.8.2", "1.8.4", "a zone is signed again where its file has changed")


__all__ = ["SignRules"]
