"""What each release of `errors` does otherwise."""

from __future__ import annotations

from ...plugin import ReleaseRules, changed, since, until


class ErrorsRules(ReleaseRules):
    """The rules of one release."""

    lead = changed("", {"1.1.3": "[ERROR] ", "1.2.6": "[ERROR] plugin/errors: "}, "what lines begin with")
    recovers = until(
        "1.1.3", "a panic behind it is logged, and the client gets no answer; since then the server sees to it"
    )
    levels = since("1.14.0", "the level of `consolidate` is that of the first line, too")
    occurred = changed("occured", {"1.4.0": "occurred"}, "the word in summaries")
    limits_pattern = since("1.14.0", "a regular expression has a limit")
    options_in_order = since(
        "1.14.0", "behind a regular expression stand a level and `show_first`; before, a level alone"
    )


__all__ = ["ErrorsRules"]
