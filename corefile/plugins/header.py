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
from functools import partial

from ..findings import Span
from ..light import NamedTuple
from ..plugin import (
    Declaration,
    Filter,
    Flag,
    Gate,
    Given,
    Invalid,
    Landmark,
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
    wrong_count,
)

CHANGED = ("aa", "ra", "rd")
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

    def wrong(message: str, own: str, hint: str = "", at: Span | None = None) -> Invalid:
        return Invalid(message, hint=hint, coredns=rules.prefix + own, located=False, at=at or line.span)

    words = list(line.words)
    alone = line.name in ("set", "clear")
    head = None if alone or not words else words.pop(0)
    action = head.text if head is not None else line.name if alone else ""
    at = line.span if head is None else head.span
    flags = f"flags are {', '.join(CHANGED)}"
    if not action:
        hint = f"such as `{line.name} set ra`"
        raise wrong(f"`{line.name}` has neither `set` nor `clear`", "no flag action provided", hint)
    if not words:
        raise wrong(f"`{action}` names no flag", "invalid length for flags, at least one should be provided", flags, at)
    if action.lower() not in ("set", "clear"):
        own = f"unknown flag action={action.lower()}, should be set or clear"
        raise wrong(f"`{action}` is neither `set` nor `clear`", own, at=at)
    for word in words:
        flag = word.text.lower()
        if flag not in CHANGED:
            own = f"unknown/unsupported flag={flag}"
            raise wrong(f"`{word.text}` is no flag that can be changed", own, flags, word.span)
    if line.name in ("set", "clear") and rules.warns:
        setup.log(
            f"[WARNING] plugin/header: The selector for header rule in line {line.span.line} isn't explicit defined. "
            "Assume rule applies for selector 'response'. This syntax is deprecated. In future versions of "
            "CoreDNS the selector must be explicit defined."
        )
    return [Rule(word.text.lower(), action.lower() == "set") for word in words]


def _selector(name: str, doc: str) -> Property:
    return Property(name, Rest("words", brace=True), repeat="join", read=_rules, since="1.9.4", doc=doc)


def _alone(name: str, doc: str) -> Property:
    return Property(name, Rest("flags"), read=_rules, removed="1.12.4", write="response {line}", doc=doc)


class Header(Gate, Filter):
    """Changes the header's flags."""

    class Config(Declaration):
        query: tuple[Rule, ...] = Lines(_selector("query", "for queries: `set` or `clear`, and flags"))
        response: tuple[Rule, ...] = Lines(
            _selector("response", "for replies: `set` or `clear`, and flags"),
            _alone("set", "set flags of replies"),
            _alone("clear", "clear flags of replies"),
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

    def prepare(self) -> None:
        """There has to be a rule. Raises Invalid."""
        end = self.setup.given.end
        if end is not None and not self.config.query and not self.config.response:
            said = wrong_count(end.text)
            hint = "such as `response set ra`"
            raise Invalid("`header` has no rule", hint=hint, coredns=said, at=self.span, last=end)

    def admit(self, query: Query, zone: str) -> Outcome:
        """The query with its flags changed."""
        rules, then = self.config.query, partial(self.back, query)
        if not rules:
            return Next(then=then)
        return hint(QUERY_CHANGED(_words(rules)), query=query.asking(msg=_changed(query.msg, rules)), then=then)

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
