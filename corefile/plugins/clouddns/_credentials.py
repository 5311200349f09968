"""The credentials that Google's library looks for: a file that the Corefile or the environment names, or the usual one.

Source: plugin/clouddns (setup.go), google.golang.org/api and cloud.google.com/go/auth.
"""

from __future__ import annotations

from typing import Any

from ...golang.jsontext import loads, syntax_error
from ...language.words import Token
from ...plugin import Invalid, Setup, quote
from .._hosted_zones import Refused
from .._paths import cannot_read
from ._rules import CloudDnsRules

FIELDS = {
    "service_account": {
        "client_email": "auth: email must be provided",
        "private_key": "auth: private key must be provided",
    },
    "authorized_user": {
        "client_id": "auth: client ID must be provided",
        "client_secret": "auth: client secret must be provided",
        "refresh_token": "auth: refresh token must be provided",
    },
    "external_account": {
        "audience": "externalaccount: Audience must be set",
        "subject_token_type": "externalaccount: Subject token type must be set",
    },
}
"""What a file has to have by the type of its account, and what is said where it has not."""
TYPES = (
    ("google.credentialsFile", "credentialsFile.type"),
    ("credsfile.fileTypeChecker", "fileTypeChecker.type"),
    ('struct { Type string "json:\\"type\\"" }', ".type"),
)
"""What Go calls the file and its type: Google's older library, its newer one, CoreDNS."""


def wrong_file(path: str, word: Token, setup: Setup) -> None:
    """The file of `credentials`. Raises Invalid for one that CoreDNS refuses."""
    rules = CloudDnsRules.of(setup.release)
    text = setup.world.files.read(path)
    if text is None and setup.elsewhere(path, word.span, until="it is taken for right"):
        return
    if text is None:
        wrong, own = cannot_read(path, setup.world.files), f"there is no file {path}"
    else:
        wrong = _wrong(text, rules)
        own = f"the credentials in {path} are not what CoreDNS takes: {wrong}"
    if wrong and rules.reads_file:
        wrong = f"invalid credentials file {quote(path)}: {wrong}"
    elif text is None:
        wrong = wrong if rules.auth_library else f"cannot read credentials file: {wrong}"
    if wrong:
        hint = f"--file {path}=FILE gives it" if text is None else ""
        located = rules.reads_file
        raise Invalid(own, hint=hint, coredns=wrong, located=located, prefix=None if located else "", at=word)


def incomplete_file(path: str, word: Token, setup: Setup) -> None:
    """What a file with an account of a known type lacks. Raises Invalid."""
    text = setup.world.files.read(path) or b"{}"
    found = {key.lower(): value for key, value in _value(text).items()}
    wrong = ""
    if found.get("type") == "impersonated_service_account":
        if not found.get("source_credentials") or not found.get("service_account_impersonation_url"):
            wrong = "missing 'source_credentials' field or 'service_account_impersonation_url' in credentials"
    elif CloudDnsRules.of(setup.release).auth_library:
        fields = FIELDS.get(str(found.get("type")), {})
        wrong = next((words for field, words in fields.items() if not found.get(field)), "")
    if wrong:
        own = f"the account in {path} is not complete: {wrong}"
        raise Invalid(own, coredns=wrong, located=False, prefix="", at=word)


def _wrong(text: bytes, rules: CloudDnsRules) -> str:
    """What Go says of a file with credentials; '' where it takes it."""
    wrong = syntax_error(text)
    if wrong:
        return wrong
    found = _value(text)
    whole, field = TYPES[2 if rules.reads_file else int(rules.auth_library)]
    if found is not None and not isinstance(found, dict):
        return f"json: cannot unmarshal {_kind(found)} into Go value of type {whole}"
    named = next((value for key, value in (found or {}).items() if key.lower() == "type"), "")
    if named is not None and not isinstance(named, str):
        return f"json: cannot unmarshal {_kind(named)} into Go struct field {field} of type string"
    types = {"service_account", "authorized_user"}
    types |= {"external_account"} if rules.external else set()
    types |= {"impersonated_service_account"} if rules.impersonated else set()
    if named in types:
        return ""
    if rules.reads_file:
        return f"unknown credential type: {named}" if named else "missing `type` field in credential"
    if rules.auth_library:
        return "credentials: unsupported filetype '\\x00'"
    return f"unknown credential type: {quote(named)}" if named else "missing 'type' field in credentials"


def _value(text: bytes) -> Any:
    """What is in a file that is JSON; nothing where lists and objects lie too deep in each other."""
    try:
        return loads(text.decode("utf-8", "replace"), parse_int=float)
    except RecursionError:
        return {}


def _kind(value: Any) -> str:
    """What Go calls a value of JSON."""
    if isinstance(value, bool):
        return "bool"
    return (
        "string" if isinstance(value, str) else {"list": "array", "dict": "object"}.get(type(value).__name__, "number")
    )


def missing_default(setup: Setup, ids: tuple[str, ...]) -> None:
    """The credentials where the Corefile names none. Raises Refused where there are none."""
    rules, world = CloudDnsRules.of(setup.release), setup.world
    named = world.env.get("GOOGLE_APPLICATION_CREDENTIALS", "")
    home = world.env.get("HOME") or "/root"
    usual = f"{home}/.config/gcloud/application_default_credentials.json"
    if world.files.read(named or usual) is not None:
        return
    if named:
        words = cannot_read(named, world.files)
        if not rules.auth_library:
            words = (
                f"google: error getting credentials using GOOGLE_APPLICATION_CREDENTIALS environment variable: {words}"
            )
    else:
        words = f"{'credentials' if rules.auth_library else 'google'}: could not find default credentials. See " + (
            "https://cloud.google.com/docs/authentication/external/set-up-adc for more information"
            if rules.newer_link
            else "https://developers.google.com/accounts/docs/application-default-credentials for more information."
        )
    refusal = Refused(
        "no-credentials",
        "there are no credentials for Google, and no machine of Google's that would have some",
        hint="write `credentials FILE`"
        + (f"; or --store clouddns@{ids[0]}=FILE gives the records themselves" if ids else ""),
        coredns=words,
        located=False,
        prefix="",
    )
    if named:  # a file that is to be given, too
        if setup.elsewhere(named, until="it is taken for right"):
            return
        raise refusal
    refusal.unless_assumed(setup)


__all__ = ["incomplete_file", "missing_default", "wrong_file"]
