"""What differs between releases in zones: how they are read, and how names are looked up in them."""

from __future__ import annotations

from ...plugin import HTTPS, SRV, ReleaseRules, between, changed, dns, since, until


class ZoneRules(ReleaseRules):
    """The rules of one release."""

    # -- reading
    drops_duplicates = until("1.6.0", "of A, AAAA and MX records; a zone keeps one of equal ones")
    one_spelling = since("1.14.4", "a name is one name whatever its escapes; before, as they were written")
    keeps_srv_case = since("1.12.3", "SRV records keep the case of their owner and target")
    keeps_case = changed(
        frozenset((dns.SVCB, HTTPS)),
        {"1.12.3": frozenset((dns.SVCB, HTTPS, SRV)), "1.14.3": frozenset((SRV,))},
        "types whose data keeps its case",
    )
    folds = since("1.12.3", "names are looked up whatever their case")
    silent_errors = between("1.2.5", "1.11.4", "a mistake in the file ends the zone silently")
    names_file_in_errors = since("1.11.4", "errors name the file")
    error_before_soa = changed(True, {"1.2.5": False, "1.14.0": True}, "a mistake is told before a missing SOA record")
    soa_needs_serial = until("1.6.0", "a file that is read again counts as without SOA where there was none before")
    names_origin_in_errors = since("1.6.0", "the error about a missing SOA record names the origin")
    serial_behind = since("1.6.2", "log lines name the serial as `N SOA serial`; before, as `serial N`")
    # -- looking up
    soa_everywhere = until("1.7.0", "the SOA of any name is the apex's")
    ns_at_cut = until("1.0.1", "NS at a cut is an answer, and DS is not")
    counts_loops = since("1.8.1", "look-ups that lead to each other are counted")
    passes_rcode = since("1.8.1", "the rcode of an alias's target is the answer's")
    cname_of_dname = since("1.8.5", "a CNAME that was asked for is not followed")
    failure_of_target = since("1.8.5", "a target that fails makes the answer fail")
    wildcard_no_data = since("1.9.2", "a wildcard without records of the type is NODATA; before, it could fall through")
    tells_wildcard = since("1.9.4", "the wildcard is told as metadata")
    external_anywhere = since("1.1.4", "targets inside the zone that it lacks are asked for, too")
    asks_for_apex = since("1.14.2", "the server is asked for NS and for the apex's SOA of an alias's target")
    svcb_additional = since("1.14.3", "SVCB and HTTPS records bring addresses")
    wildcard_additional = since("1.14.5", "records of wildcards bring addresses")
    soa_of_denied_target = since("1.14.5", "the denial of an alias's target has the SOA record")
    closest_encloser = since("1.14.7", "RFC 4592 section 3.3.1; others take any wildcard above the name")
    refuses_same_dname = since("1.14.7", "a DNAME that leads a name to itself fails")
    delegates_targets = since("1.14.7", "an alias's target below a cut is a referral")
    alias_additional = since("1.14.7", "answers with aliases bring addresses")
    target_once = since("1.14.7", "the addresses of a name are added once")
    strict_descendant = since("1.14.7", "names below a name do not count the name itself")
    skips_labels = until("1.12.4", "the search for the closest encloser skips labels")


__all__ = ["ZoneRules"]
