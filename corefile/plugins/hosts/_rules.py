"""What each release of `hosts` does otherwise."""

from __future__ import annotations

from ...plugin import ReleaseRules, between, changed, since, until


class HostsRules(ReleaseRules):
    """The rules of one release."""

    sets_ra = until("1.3.1", "replies have RA set")
    file_then_lines = since("1.6.0", "the file and the lines of the Corefile are looked up one after the other")
    adds_file_anew = between("1.4.0", "1.6.0", "a file that has changed is added to what there was before")
    nxdomain = until("1.6.1", "a name without an entry fails with NXDOMAIN, for which no reply is written")
    checks_first = since("1.6.8", "a name with an address of the other family is not passed on")
    passes_types = between("1.14.5", "1.14.7", "`fallthrough` covers other types, too")
    wildcards = since("1.14.5", "`*.name` stands for all names one label below")
    family_of = changed(
        "beginning",
        {"1.4.0": "end", "1.6.0": "value"},
        "what tells the family of an IPv4 address inside of IPv6: how its text begins, how it ends, or its value",
    )
    entries_metric = changed(
        "",
        {"1.6.4": "coredns_hosts_entries_count", "1.7.0": "coredns_hosts_entries"},
        "the gauge of the number of entries",
    )
    metric_names_file = since("1.11.4", "the gauge has the label `hostsfile`")
    tells_count = since("1.2.1", "with `debug`, a line of the log tells how many entries a file has")
    says_plugin = since("1.1.2", "log lines begin with `plugin/hosts`")


__all__ = ["HostsRules"]
