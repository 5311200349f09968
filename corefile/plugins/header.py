"""header - sets and clears flags of queries and replies.

Description: changes AA, RA or RD in the header of replies on their way back, and since 1.9.4 of queries on their way in. One
`header` with rules is read; what stands behind it in the server block has no effect.

Syntax:

    header {
        query|response set|clear FLAGS...
    }

FLAGS are `aa`, `ra` and `rd`. Up to 1.12.3 `set` and `clear` alone are rules for replies.

Examples: `header { response set ra  response clear aa }`.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..light import NamedTuple
from ..plugin import (
    WRONG_COUNT,
    Declaration,
    Filter,
    Flag,
    Gate,
    Given,
    Invalid,
    Landmark,
    Line,
    Lines,
    Next,
    Outcome,
    Property,
    Query,
    Reads,
    Reason,
    ReleaseRules,
    Rest,
    Result,
    Setup,
    changed,
    dns,
    hint,
    since,
)

FLAGS = ("aa", "ra", "rd")
QUERY_CHANGED = Reason("query-flags", "{} in the query")
REPLY_CHANGED = Reason("reply-flags", "{} in the reply")


class Rule(NamedTuple):
    """A flag, and whether it is set."""

    flag: str
    on: bool


class HeaderRules(ReleaseRules):
    """What differs between releases."""

    prefix = changed("seting up rule: ", {"1.9.4": "setting up rule: "}, "what complaints about a rule begin with")
    warns = since("1.9.4", "a rule without `query` or `response` is a warning")


def _rules(line: Given, setup: Setup) -> list[Rule]:
    """The rules of a line. Raises Invalid in CoreDNS's words."""
    rules = HeaderRules.of(setup.release)
    prefix = rules.prefix
    words = [word.text for word in line.words]
    action = line.name if line.name in ("set", "clear") else words.pop(0) if words else ""
    if not action:
        raise Invalid(
            f"`{line.name}` has neither `set` nor `clear`",
            hint=f"such as `{line.name} set ra`",
            coredns=f"{prefix}no flag action provided",
            located=False,
        )
    if not words:
        raise Invalid(
            f"`{action}` names no flag",
            hint=f"flags are {', '.join(FLAGS)}",
            coredns=f"{prefix}invalid length for flags, at least one should be provided",
            located=False,
        )
    if action.lower() not in ("set", "clear"):
        raise Invalid(
            f"`{action}` is neither `set` nor `clear`",
            coredns=f"{prefix}unknown flag action={action.lower()}, should be set or clear",
            located=False,
        )
    for word in words:
        if word.lower() not in FLAGS:
            raise Invalid(
                f"`{word}` is no flag that can be changed",
                hint=f"flags are {', '.join(FLAGS)}",
                coredns=f"{prefix}unknown/unsupported flag={word.lower()}",
                located=False,
            )
    if line.name in ("set", "clear") and rules.warns:
        setup.log(
            f"[WARNING] plugin/header: The selector for header rule in line {line.span.line} isn't explicit defined. "
            "Assume rule applies for selector 'response'. This syntax is deprecated. In future versions of "
            "CoreDNS the selector must be explicit defined."
        )
    return [Rule(word.lower(), action.lower() == "set") for word in words]


class Header(Gate, Filter):
    """Changes the header's flags."""

    class Config(Declaration):
        query: tuple[Rule, ...] = Line(
            Rest("words", brace=True),
            repeat="join",
            read=_rules,
            since="1.9.4",
            doc="for queries: `set` or `clear`, and flags",
        )
        response: tuple[Rule, ...] = Lines(
            Property(
                "response",
                Rest("words", brace=True),
                repeat="join",
                read=_rules,
                since="1.9.4",
                doc="for replies: `set` or `clear`, and flags",
            ),
            Property(
                "set",
                Rest("flags"),
                read=_rules,
                removed="1.12.4",
                instead="write `response {line}`",
                doc="set flags of replies",
            ),
            Property(
                "clear",
                Rest("flags"),
                read=_rules,
                removed="1.12.4",
                instead="write `response {line}`",
                doc="clear flags of replies",
            ),
        )

    Rules = HeaderRules
    WRITER = True
    READS = Reads(
        fold=True,
        far="filled",
        surplus="lines",
        unknown=changed(
            "seting up rule: unknown flag action={lower}, should be set or clear",
            {"1.9.4": "setting up rule: invalid selector={lower} should be query or response"},
        ),
        unknown_located=False,
    )
    config: Config

    @classmethod
    def merge(cls, configs: list[Config], setup: Setup) -> Config:
        """The first that has a rule."""
        for config in configs:
            if config.query or config.response:
                return config
        end = setup.given.end
        raise Invalid(
            "`header` has no rule",
            hint="such as `response set ra`",
            coredns=WRONG_COUNT.format(end.text if end is not None else ""),
            at=end,
        )

    def admit(self, query: Query, zone: str) -> Outcome:
        """The query with its flags changed."""
        config = self.config

        def then(result: Result) -> Result:
            return self.back(query, result)

        if not config.query:
            return Next(then=then)
        msg = _changed(query.msg, config.query)
        return hint(QUERY_CHANGED(_words(config.query)), query=query.asking(msg=msg), then=then)

    def landmarks(self) -> list[Landmark]:
        """The flag that a query may have."""
        flags = {rule.flag for rule in (*self.config.query, *self.config.response)}
        return [Flag("rd")] if "rd" in flags else []

    def back(self, query: Query, result: Result) -> Result:
        """The reply with its flags changed."""
        rules = self.config.response
        if result.reply is None or not rules:
            return result
        return result.replying(_changed(result.reply, rules), REPLY_CHANGED(_words(rules)))


def _changed(msg: dns.Msg, rules: Iterable[Rule]) -> dns.Msg:
    out = msg.copy()
    for rule in rules:
        setattr(out, rule.flag, rule.on)
    return out


def _words(rules: Iterable[Rule]) -> str:
    return ", ".join(f"{rule.flag.upper()} is {'set' if rule.on else 'cleared'}" for rule in rules)
