"""What each release of `clouddns` does otherwise."""

from __future__ import annotations

from ...plugin import changed, since, until
from .._hosted_zones import HostedRules

USUAL = ("service_account", "authorized_user")
NO_CREDENTIALS = "could not find default credentials. See"
SET_UP = "https://cloud.google.com/docs/authentication/external/set-up-adc"


class CloudDnsRules(HostedRules):
    """The rules of one release."""

    prefix = changed("", {"1.7.1": "plugin/clouddns: "}, "what messages begin with")
    words = changed(
        ("invalid zone '{}'", "conflict zone '{}'"),
        {"1.7.1": ("invalid zone {quoted}", "conflict zone {quoted}")},
        "of a zone that is none, or that is given twice",
    )
    refused = changed(
        "failed to create Cloud DNS plugin: {}",
        {"1.7.1": "failed to create plugin: {}"},
        "how a message about a zone that is not there begins",
    )
    last_value = until("1.11.0", "of a record set the last value is taken, and one without values is a panic")
    all_pages = since("1.8.1", "all record sets are read; before, the first page")
    reads_file = since("1.14.0", "the file of `credentials` is looked at with its line; before, at the end")
    no_file = changed("cannot read credentials file: {}", {"1.11.4": "{}"}, "the error of a file that is not there")
    no_credentials = changed(
        f"google: {NO_CREDENTIALS} https://developers.google.com/accounts/docs/application-default-credentials for more "
        "information.",
        {
            "1.11.0": f"google: {NO_CREDENTIALS} {SET_UP} for more information",
            "1.11.4": f"credentials: {NO_CREDENTIALS} {SET_UP} for more information",
        },
        "what Google's library says where it finds no credentials",
    )
    no_named_file = changed(
        "google: error getting credentials using GOOGLE_APPLICATION_CREDENTIALS environment variable: {}",
        {"1.11.4": "{}"},
        "the error of a file that the environment names",
    )
    types = changed(
        frozenset(USUAL),
        {
            "1.8.4": frozenset((*USUAL, "external_account")),
            "1.8.7": frozenset((*USUAL, "external_account", "impersonated_service_account")),
        },
        "what an account may be",
    )
    needs_fields = since("1.11.4", "what an account has to have is looked at before anything is fetched")
    no_type = changed(
        "missing 'type' field in credentials",
        {"1.11.4": "credentials: unsupported filetype '\\x00'", "1.14.0": "missing `type` field in credential"},
        "of a file without type",
    )
    other_type = changed(
        "unknown credential type: {quoted}",
        {"1.11.4": "credentials: unsupported filetype '\\x00'", "1.14.0": "unknown credential type: {}"},
        "of one with another type",
    )
    type_names = changed(
        ("google.credentialsFile", "credentialsFile.type"),
        {
            "1.11.4": ("credsfile.fileTypeChecker", "fileTypeChecker.type"),
            "1.14.0": ('struct { Type string "json:\\"type\\"" }', ".type"),
        },
        "what Go calls the file and its type",
    )


__all__ = ["CloudDnsRules"]
