"""What each release of `route53` does otherwise."""

from __future__ import annotations

from ...plugin import between, changed, since, until
from .._hosted_zones import HostedRules


class Route53Rules(HostedRules):
    """The rules of one release."""

    sets_ra = until("1.3.1", "replies have RA set")
    takes_no_data = since(
        "1.5.0", "a name without records of the type is an answer; before, it passes on, and other zones are asked"
    )
    asks_each_time = until(
        "1.2.3", "each question is one to Route 53; later, all records of a zone are fetched beforehand"
    )
    answers_ptr = since("1.1.1", "PTR questions are answered")
    together = until("1.6.0", "all lines of a server block are one plugin; later, each is one of its own")
    prefix = changed("", {"1.6.2": "plugin/route53: "}, "what messages begin with")
    newer_words = since("1.7.1", "messages quote as Go does")
    needs_upstream = between("1.2.3", "1.2.6", "`upstream` needs an address")
    reads_upstream = between("1.2.3", "1.4.0", "`upstream` says where targets of aliases are looked up")
    escape = changed(
        None, {"1.5.0": "\\\\", "1.7.1": "\\"}, "how escapes in names and values begin, of which Route 53 has `\\052`"
    )
    only = changed("ony", {"1.6.5": "only"}, "how a message spells it")
    second_sdk = since(
        "1.12.3", "AWS's second SDK: a region is needed, profiles have to be there, and `aws_endpoint` does not work"
    )
    profiles = since("1.9.2", "FILE of `credentials` is a configuration file; before, one of credentials")


__all__ = ["Route53Rules"]
