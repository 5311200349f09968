"""What differs between releases (plugin/template of each)."""

from __future__ import annotations

from ...plugin import ReleaseRules, changed, since, until

GO = {
    "1.1.2": "1.10",
    "1.2.3": "1.11",
    "1.5.0": "1.12",
    "1.6.4": "1.13",
    "1.6.8": "1.14",
    "1.7.1": "1.15",
    "1.8.4": "1.16",
    "1.8.5": "1.17",
    "1.9.2": "1.18",
    "1.9.4": "1.19",
    "1.11.0": "1.20",
    "1.11.1": "1.21",
    "1.11.4": "1.23",
    "1.12.1": "1.24",
    "1.12.4": "1.25",
    "1.14.2": "1.26",
}


class TemplateRules(ReleaseRules):
    """The releases."""

    compresses = until(
        "1.1.3", "the plugin asks for names to be compressed; since then the server does where it has to"
    )
    scrubs = since("1.1.3", "the plugin fits replies to the client's buffer, up to 1.2.2")
    sets_ra = until("1.3.1", "replies have RA set")
    needs = changed(
        ("answer", "additional"),
        {"1.1.3": ("answer", "authority"), "1.5.1": ()},
        "a stanza without an rcode needs a record in one of these sections",
    )
    upstream = since("1.0.6", "targets of CNAME records are looked up")
    any_question = until("1.2.0", "they are looked up whatever the question's type is, and always A records of them")
    by_itself = since("1.5.2", "they are looked up without `upstream`")
    takes_addresses = until("1.4.0", "`upstream` takes addresses")
    survives_no_answer = since("1.9.0", "a target that is not answered is left out; before, it is a nil pointer")
    metadata = since("1.5.2", "templates see metadata, and are given a pointer to their data")
    remote = since("1.7.1", "templates see the client's address")
    parse_int = since("1.10.0", "there is the function parseInt")
    longest_pattern = changed(0, {"1.14.0": 10_000}, "octets of the longest pattern; 0 for no limit")
    no_match_is_servfail = since(
        "1.9.3", "a name that no pattern matches is SERVFAIL, not NXDOMAIN that is not written"
    )
    panics_at_the_end = until(
        "1.6.8", "where no stanza is for a question and no plugin follows, there is a nil pointer"
    )
    server = since("1.1.3", "counters have the label `server`")
    view = since("1.10.0", "counters have the label `view`")
    go = changed("1.9", GO, "the release of Go that CoreDNS's own builds are tested with")


__all__ = ["TemplateRules"]
