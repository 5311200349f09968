"""What each release of `route53` does otherwise."""

from __future__ import annotations

from ...plugin import between, changed, since, until
from .._hosted_zones import HostedRules

NO_ID = "00000000-0000-0000-0000-000000000000"
"""Stands for the number that AWS gives to each request."""


class Route53Rules(HostedRules):
    """The rules of one release."""

    asks_each_time = until(
        "1.2.3", "each question is one to Route 53; later, all records of a zone are fetched beforehand"
    )
    answers_ptr = since("1.1.1", "PTR questions are answered")
    together = until("1.6.0", "all lines of a server block are one plugin; later, each is one of its own")
    prefix = changed("", {"1.6.2": "plugin/route53: "}, "what messages begin with")
    needs_upstream = between("1.2.3", "1.2.6", "`upstream` needs an address")
    reads_upstream = between("1.2.3", "1.4.0", "`upstream` says where targets of aliases are looked up")
    escape = changed(
        None, {"1.5.0": "\\\\", "1.7.1": "\\"}, "how escapes in names and values begin, of which Route 53 has `\\052`"
    )
    only = changed("ony", {"1.6.5": "only"}, "how a message spells it")
    quotes = since("1.7.1", "messages quote as Go does")
    words = changed(
        ("invalid zone '{}'", "conflict zone '{}'"),
        {"1.7.1": ("invalid zone {quoted}", "conflict zone {quoted}")},
        "of a zone that is none, or that is given twice",
    )
    bad_key = changed("invalid access key", {"1.7.1": "invalid access key:"}, "how a message about a key begins")
    refused = changed(
        "aws error: '{}'",
        {
            "1.2.3": "failed to create Route53 plugin: {}",
            "1.7.1": "failed to create route53 plugin: {}",
        },
        "how a message about Route 53's first answer begins",
    )
    not_fetched = changed(
        "failed to initialize Route53 plugin: errors updating zones: [{}]",
        {"1.7.1": "failed to initialize route53 plugin: errors updating zones: [{}]"},
        "how a message about records begins that cannot be fetched",
    )
    no_such_zone = changed(
        f"NoSuchHostedZone: No hosted zone found with ID: {{}}\n\tstatus code: 404, request id: {NO_ID}",
        {
            "1.12.3": "operation error Route 53: ListResourceRecordSets, https response error StatusCode: 404, RequestID: "
            f"{NO_ID}, "
            "NoSuchHostedZone: No hosted zone found with ID: {}"
        },
        "Route 53's words about a hosted zone that is not there",
    )
    no_credentials = changed(
        "NoCredentialProviders: no valid providers in chain. Deprecated.\n\tFor verbose messaging see "
        "aws.Config.CredentialsChainVerboseErrors",
        {
            "1.12.3": "operation error Route 53: ListHostedZonesByName, exceeded maximum number of attempts, 3, get identity: get "
            "credentials: failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, "
            "exceeded maximum number of attempts, 3, request send failed, Get "
            '"http://169.254.169.254/latest/meta-data/iam/security-credentials/": dial tcp 169.254.169.254:80: connect: network is '
            "unreachable"
        },
        "what AWS's library says where it finds no credentials",
    )
    second_sdk = since(
        "1.12.3", "AWS's second SDK: a region is needed, profiles have to be there, and `aws_endpoint` has no effect"
    )
    profiles = since("1.9.2", "FILE of `credentials` is a configuration file; before, one of credentials")


__all__ = ["Route53Rules"]
