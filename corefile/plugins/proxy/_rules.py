"""What each release of `proxy` did otherwise."""

from __future__ import annotations

from ...plugin import ReleaseRules, changed, since, until

POLICIES = ("random", "least_conn", "round_robin")


class ProxyRules(ReleaseRules):
    """The rules of one release."""

    milliseconds = until("1.0.2", "durations are whole milliseconds")
    limits_servers = since("1.0.3", "too many servers are refused")
    pages_unasked = until("1.0.6", "every third failure has a page fetched even where no `health_check` is given")
    policies = changed(
        POLICIES,
        {"1.0.6": (*POLICIES, "first"), "1.1.2": (*POLICIES, "first", "sequential")},
        "how a server may be chosen",
    )
    matches = since("1.1.1", "an answer to another question is FORMERR")
    server_label = since("1.1.2", "metrics have the label `server`")
    asks_google = until("1.1.4", "`protocol https_google` asks Google over HTTPS; then it does nothing")
    https_google = until("1.2.0", "there is `protocol https_google`")


__all__ = ["ProxyRules"]
