"""What differs between the releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...dns.codes import HTTPS, SRV, SVCB

if TYPE_CHECKING:
    from ...releases import Release


class Rules:
    """What differs between the releases."""

    def __init__(self, release: Release) -> None:
        r = release
        # -- reading
        self.drops_duplicates = r < "1.6.0"  # of A, AAAA and MX
        self.one_spelling = r >= "1.14.4"  # whatever the escapes in a name; before, as they were written
        self.keeps_srv_case = r >= "1.12.3"
        # Types whose data keeps its case.
        self.keeps_case = {SRV} if self.keeps_srv_case else set()
        if r < "1.14.3":
            self.keeps_case |= {SVCB, HTTPS}
        self.folds = r >= "1.12.3"  # names are looked up whatever their case
        self.reports_errors = r < "1.2.5" or r >= "1.11.4"  # between them, an error ended the zone silently
        self.names_file_in_errors = r >= "1.11.4"
        self.error_before_soa = r >= "1.14.0" or r < "1.2.5"
        self.soa_needs_serial = r < "1.6.0"
        self.names_origin_in_errors = r >= "1.6.0"
        self.serial_behind = r >= "1.6.2"
        # -- looking up
        self.soa_everywhere = r < "1.7.0"  # any name's SOA is the apex's
        self.ns_at_cut = r < "1.0.1"  # NS at a cut is an answer, and DS is not
        self.counts_loops = r >= "1.8.1"
        self.passes_rcode = r >= "1.8.1"  # that of an alias's target
        self.cname_of_dname = r >= "1.8.5"  # a CNAME that was asked for is not followed
        self.failure_of_target = r >= "1.8.5"
        self.wildcard_no_data = r >= "1.9.2"
        self.tells_wildcard = r >= "1.9.4"
        self.external_anywhere = r >= "1.1.4"  # targets in the zone that it lacks are asked for, too
        self.asks_for_apex = r >= "1.14.2"
        self.svcb_additional = r >= "1.14.3"
        self.wildcard_additional = r >= "1.14.5"
        self.soa_of_denied_target = r >= "1.14.5"
        self.closest_encloser = r >= "1.14.7"  # RFC 4592 §3.3.1; others take any wildcard above the name
        self.refuses_same_dname = r >= "1.14.7"
        self.delegates_targets = r >= "1.14.7"
        self.alias_additional = r >= "1.14.7"
        self.target_once = r >= "1.14.7"
        self.strict_descendant = r >= "1.14.7"
        self.skips_labels = r < "1.12.4"  # in the search for the closest encloser


_rules: dict[str, Rules] = {}


def rules_of(release: Release) -> Rules:
    """The rules of one release."""
    found = _rules.get(release.version)
    if found is None:
        found = _rules[release.version] = Rules(release)
    return found
