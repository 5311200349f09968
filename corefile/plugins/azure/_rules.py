"""What each release of `azure` does otherwise."""

from __future__ import annotations

from ...plugin import changed, since, until
from .._hosted_zones import HostedRules

OLDER = ("AZURECHINACLOUD", "AZUREGERMANCLOUD", "AZUREPUBLICCLOUD", "AZUREUSGOVERNMENTCLOUD")


class AzureRules(HostedRules):
    """The rules of one release."""

    conflicts_joined = since("1.6.8", "a zone is known by its group and name without the colon: `ab:c` is `a:bc`")
    access_of_line = since("1.14.4", "`access` is for all zones of its line; before, for the last zone that was read")
    environment_is_secret = until("1.7.0", "`environment` takes the place of `secret`, too")
    environments = changed(
        frozenset(OLDER),
        {"1.9.2": frozenset((*OLDER, "AZURECLOUD", "AZUREUSGOVERNMENT"))},
        "the environments, in capitals",
    )
    no_identity = changed(
        "",
        {"1.8.2": "failed to get oauth token from MSI: MSI not available", "1.8.7": "MSI not available"},
        "without `secret` it looks for an identity of its machine, also where it has no zones, and says this where there is none",
    )
    all_pages = since("1.8.1", "all record sets are read; before, the first 100")
    empties = since("1.8.1", "a zone that cannot be fetched is empty until it can be again; before, CoreDNS panics")
    names_nothing = until("1.14.0", "the log line of a failed update begins with an empty name for each resource group")
    completes_host = since(
        "1.8.1", "a private zone's SOA record gets a dot behind its host, without which it cannot be sent"
    )


__all__ = ["AzureRules"]
