"""What each release of `clouddns` does otherwise."""

from __future__ import annotations

from ...plugin import since, until
from .._hosted_zones import HostedRules


class CloudDnsRules(HostedRules):
    """The rules of one release."""

    newer_words = since("1.7.1", "messages name the plugin, and quote as Go does")
    last_value = until("1.11.0", "of a record set the last value is taken, and one without values is a panic")
    all_pages = since("1.8.1", "all record sets are read; before, the first page")
    reads_file = since("1.14.0", "the file of `credentials` is looked at with its line; before, at the end")
    newer_link = since("1.11.0", "where Google's library has no credentials, it names another page")
    auth_library = since("1.11.4", "Google's newer library: what an account has to have is looked at beforehand")
    external = since("1.8.4", "an account may be an `external_account`")
    impersonated = since("1.8.7", "an account may be an `impersonated_service_account`")


__all__ = ["CloudDnsRules"]
