"""What CoreDNS and AWS's libraries say, as far as it is known beforehand."""

from __future__ import annotations

from ...world import Fault
from ._rules import Route53Rules

NO_ID = "00000000-0000-0000-0000-000000000000"
"""Stands for the number that AWS gives to each request."""

TRIED = "exceeded maximum number of attempts, 3"
NO_MACHINE = (
    f'{TRIED}, request send failed, Get "http://169.254.169.254/latest/{{}}": dial tcp 169.254.169.254:80: connect: network is '
    "unreachable"
)
NO_REGION = (
    "failed to create route53 client: failed to get region from IMDS: operation error ec2imds: GetRegion, "
    + NO_MACHINE.format("dynamic/instance-identity/document")
)
NO_PROFILE = "failed to create route53 client: failed to get shared config profile, {}"
NO_ENDPOINT = (
    f"operation error Route 53: ListHostedZonesByName, {TRIED}, https response error StatusCode: 0, RequestID: , request send "
    'failed, Get "/%7D/2013-04-01/hostedzonesbyname?dnsname={}&hostedzoneid={}": unsupported protocol scheme ""'
)


def of_zones(rules: Route53Rules) -> tuple[str, str]:
    """Of an invalid zone, and of one that is given twice."""
    form = "{quoted}" if rules.newer_words else "'{}'"
    return f"invalid zone {form}", f"conflict zone {form}"


def refused(rules: Route53Rules, words: str) -> str:
    """Of Route 53's first answer."""
    if rules.asks_each_time:
        return f"aws error: '{words}'"
    return f"failed to create {'route53' if rules.newer_words else 'Route53'} plugin: {words}"


def not_fetched(rules: Route53Rules, words: str) -> str:
    """Of records that cannot be fetched, at the start."""
    if rules.asks_each_time:
        return refused(rules, words)
    title = "route53" if rules.newer_words else "Route53"
    return f"failed to initialize {title} plugin: errors updating zones: [{words}]"


def no_credentials(rules: Route53Rules) -> str:
    """Of credentials that are nowhere."""
    if not rules.second_sdk:
        return (
            "NoCredentialProviders: no valid providers in chain. Deprecated.\n\tFor verbose messaging see "
            "aws.Config.CredentialsChainVerboseErrors"
        )
    return (
        f"operation error Route 53: ListHostedZonesByName, {TRIED}, get identity: get credentials: failed to refresh cached "
        "credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, "
        + NO_MACHINE.format("meta-data/iam/security-credentials/")
    )


def of_fault(rules: Route53Rules, name: str, id: str, fault: Fault) -> str:
    """Of a hosted zone that cannot be fetched; of one that is out of reach, what does not depend on the network."""
    words = f"NoSuchHostedZone: No hosted zone found with ID: {id}"
    if fault.kind != "refused":
        words = "request send failed"
    elif rules.second_sdk:
        words = (
            "operation error Route 53: ListResourceRecordSets, https response error StatusCode: 404, RequestID: "
            f"{NO_ID}, {words}"
        )
    else:
        words = f"{words}\n\tstatus code: 404, request id: {NO_ID}"
    return words if rules.asks_each_time else f"failed to list resource records for {name}:{id} from route53: {words}"


__all__ = ["NO_ENDPOINT", "NO_PROFILE", "NO_REGION", "no_credentials", "not_fetched", "of_fault", "of_zones", "refused"]
