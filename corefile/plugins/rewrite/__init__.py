"""rewrite - changes queries before others see them, and replies on their way back.

Description: tries its rules in their order. One that fits changes the query: its name, type, class, or the options of its
OPT record. Rules about TTLs, rcodes and targets of aliases change the reply alone. A rule that fits ends the list unless
it says `continue`. On the way back the client's own question is put into the reply; the names of its records are put back
where a rule says so (`answer`), or since 1.8.4 for a rule about one exact name.

Syntax:

    rewrite [continue|stop] RULE

    rewrite [continue|stop] {
        RULE
        answer ...
    }

RULE is one of those below. Names match (WAY) `exact`, which is the default, `prefix`, `suffix`, `substring` or `regex`;
all but a regular expression are names, so that each has a dot at its end. In what takes the place of a regular
expression's match, `{1}` stands for its first group. `answer` may follow a `name` rule: `answer auto` puts back what was
rewritten, `answer name FROM TO` and `answer value FROM TO` change the owners of records and the names in their data by
regular expressions. DATA is text, hexadecimal behind `0x`, one of the variables `{qname}`, `{qtype}`, `{client_ip}`,
`{client_port}`, `{protocol}`, `{server_ip}`, `{server_port}`, or metadata such as `{kubernetes/namespace}`.

Examples: `rewrite name www.example.org web.default.svc.cluster.local`; `rewrite stop { name suffix .corp .cluster.local
answer auto }`; `rewrite continue ttl regex (.*) 30-300`; `rewrite edns0 subnet set 24 56`.
"""

from __future__ import annotations

from functools import partial

from ...chain import scrub
from ...dns.codes import rcode_name, type_name
from ...golang.domains import is_domain_name
from ...plugin import (
    NEXT,
    RR,
    SERVER_WRITES,
    Arg,
    Declaration,
    Filter,
    Free,
    Gate,
    Given,
    Landmark,
    Line,
    Msg,
    Next,
    OneOf,
    Opt,
    Outcome,
    Property,
    Query,
    Reads,
    Reason,
    Release,
    Rest,
    Result,
    Setup,
    changed,
    dns,
    failed,
    hint,
)
from .._places import SHARES, Place
from .._upstream import Upstream
from ._edns0 import ACTIONS, LocalRule
from ._reading import Reader
from ._reply import Draft, ReplyRule, apply
from ._request import Request, Rewritten, printed
from ._rule import Rule
from ._rules import RewriteRules
from ._ways import WAYS

REWRITES = Reason("rewrites", "{}")
NO_RULE = Reason("no-rule-fits", "no rule fits {} {}")
BAD_NAME = Reason("bad-name", "line {} makes `{}` of {}, which is no name")
BACK = Reason("changes-reply", "{}")


HOLDS = "replace_record"
"""The method of plugins that may have stored a record that is on its way: it puts another one in its place."""


def _few(words: tuple[str, ...]) -> bool:
    """Whether a block is read behind these words."""
    return len(words) < 2


WAY = Opt("way", OneOf(*WAYS), default="exact", since="1.0.2", doc="how it looks at names")


class Rewrite(Gate, Filter):
    """Changes queries, and replies on the way back."""

    class Config(Declaration):
        rule: tuple[str, ...] = Rest(doc="`continue` or `stop`, and a rule")
        # Their words are read as one rule, in a block or not; this is what there is to be known about them.
        name: object = Line(WAY, Arg("from"), Arg("to"), Rest("answer", since="1.0.5"), doc="ask for another name")
        answer: object = Line(
            Arg("what", OneOf("auto", "name", "value")),
            Opt("from", doc="a regular expression"),
            Opt("to"),
            since="1.0.5",
            doc="behind a `name` rule: put names of the reply back",
        )
        type: object = Line(Arg("from"), Arg("to"), doc="ask for another type")
        cls: object = Line(Arg("from"), Arg("to"), name="class", doc="ask in another class")
        edns0: object = Line(
            Arg("option", OneOf("local", "nsid", "subnet")),
            Arg("action", OneOf(*ACTIONS), doc="`unset` since 1.12.3"),
            Rest(
                "more",
                doc="of `local` its code and DATA; of `subnet` the bits of IPv4 and of IPv6; since 1.11.4 `revert`",
            ),
            doc="change the options of the query",
        )
        ttl: object = Line(
            WAY,
            Arg("name"),
            Arg("ttl", doc="seconds, or since 1.9.4 MIN-MAX, MIN- or -MAX"),
            since="1.2.3",
            doc="keep TTLs of replies to questions for a name within bounds",
        )
        cname: object = Line(WAY, Arg("from"), Arg("to"), since="1.11.0", doc="lead aliases in replies elsewhere")
        rcode: object = Line(
            WAY, Arg("name"), Arg("from"), Arg("to"), since="1.11.3", doc="change the rcode of replies for a name"
        )
        lines: object = Free(Rest("words"))
        read: Rule | None = None

    Rules = RewriteRules
    READS = Reads(several="all", block=changed(False, {"1.0.5": _few}))
    WRITER = True
    RULES = True
    PASSES = "no rule fits"
    config: tuple[Config, ...]
    rules: RewriteRules

    @classmethod
    def properties(cls, words: tuple[str, ...], release: Release) -> dict[str, Property]:
        """None: the words of a block are one rule, wherever its lines end."""
        return {}

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """The rule of one occurrence. Raises Invalid."""
        rules = RewriteRules.of(setup.release)
        tokens = [*given.words, *(word for line in given.lines for word in line.words)]
        rule = Reader(tokens, given.span.locate().line, rules).rule()
        if rules.supported and isinstance(rule, LocalRule):
            setup.instance.options.add(rule.code)
        return cls.Config(rule=tuple(token.text for token in tokens), read=rule)

    def prepare(self) -> None:
        """The rules of all occurrences, in their order."""
        self.list = [config.read for config in self.config if config.read is not None]
        self.upstream = Upstream(self.setup)

    def start(self) -> None:
        """Look for plugins that answer with records that they keep, or keep answers, which it changes in place."""
        find = self.setup.instance.find
        self.sharing, self.holding = (find(SHARES), find(HOLDS)) if self.rules.own_records else ([], [])

    # -- the way in ---------------------------------------------------------------------------------------------------

    def admit(self, query: Query, zone: str) -> Outcome:
        """The query as the rules make it."""
        rules, tells = self.rules, query.ctx.trace is not None
        request = Request(query, rules)
        reply_rules: list[ReplyRule] = []
        done: list[str] = []
        stopped = fits = False
        for number, rule in enumerate(self.list):
            before = request.as_it_is() if tells else request
            found = rule.apply(request)
            if found is None:
                continue
            fits = True
            if query.ctx.trace is not None:
                query.ctx.trace.used(self, number)
            if rules.checks_names and not self.is_name(request.qname):
                return self._bad_name(query, request, rule)
            if tells:
                done.append(f"line {rule.line}: {rule.told(before, request)}{', and stops' if rule.stop else ''}")
            reply_rules += found
            if rule.stop:
                stopped = True
                break
        if not fits and not request.changed:
            return NEXT if not tells else Next(NO_RULE(query.qname, type_name(query.type)))
        onward = Rewritten(query, request, reply_rules, stopped=stopped)
        why = REWRITES("; ".join(done)) if done else NO_RULE(query.qname, type_name(query.type))
        return hint(why, query=onward, then=partial(self.back, onward) if self.sees_reply(onward) else None)

    def is_name(self, name: str) -> bool:
        """Whether the release goes on with a name."""
        longest = self.rules.longest_name
        return is_domain_name(name, self.setup.release) and not (longest and len(printed(name)) > longest)

    def _bad_name(self, query: Query, request: Request, rule: Rule) -> Outcome:
        """A failure: the client's question is put back, what else was changed stays."""
        name = request.qname
        request.qname, request.type, request.cls = query.qname, query.type, query.cls
        query.became = Rewritten(query, request, [], stopped=False)
        if self.rules.logs_bad_name:
            self.setup.log(f"[ERROR] plugin/rewrite: Invalid name after rewrite: {name}")
        return failed(dns.SERVFAIL, f"invalid name after rewrite: {name}", BAD_NAME(rule.line, name, query.qname))

    # -- the way back -------------------------------------------------------------------------------------------------

    def sees_reply(self, onward: Rewritten) -> bool:
        """Whether replies come by: what plugins behind write then goes through a writer of this one."""
        if onward.stopped:
            return bool(onward.reply_rules) or not self.rules.restores_less
        return bool(onward.reply_rules) and self.rules.continue_restores

    def back(self, query: Query, result: Result) -> Result:
        """The reply with the client's question, and with what the rules make of it."""
        assert isinstance(query, Rewritten)
        rules = self.rules
        told: list[str] = []
        replies = [self.rewritten(query, msg, told) for msg in (result.reply, *result.later) if msg is not None]
        writes = rules.writes_failures if query.stopped else rules.writes_all_failures
        writes = writes and result.rcode in SERVER_WRITES
        if writes:
            replies.append(self.rewritten(query, self.written(query, result.rcode), told))
            told.append(f"writes the reply for {rcode_name(result.rcode)}")
        if not replies:
            return result
        out = result.replying(replies[0], BACK("; ".join(told)) if told else "", rcode=dns.NOERROR if writes else None)
        out.later = tuple(replies[1:])
        if rules.reverts_request and any(rule.of_request for rule in query.reply_rules):
            out.request = self.reverted(query)
        return out

    def written(self, query: Rewritten, rcode: int) -> Msg:
        """The reply that it writes for an rcode. It has the very OPT record of the request, which loses what is not repeated."""
        final = query.final
        reply = final.msg.reply(rcode)
        scrub.share(final, reply, self.setup.release, self.setup.instance.options.codes)
        return reply

    def rewritten(self, query: Rewritten, reply: Msg, told: list[str]) -> Msg:
        """One message as the client gets it; what was done goes to `told`, where there is a trace. Raises Panic."""
        tells = query.ctx.trace is not None
        draft = Draft(reply, query.final, self.rules, self.upstream, tells=tells)
        apply(draft, query.reply_rules, query.original)
        if self.rules.own_records:
            draft.replace(self.replace_everywhere)
        if tells:
            told += draft.told(query.original, reply.question)
        return draft.finished()

    def replace_everywhere(self, old: RR, new: RR) -> None:
        """Put a record in the place of one that a plugin has answered with and keeps, or that a cache has stored."""
        for handler in self.sharing:
            place: Place | None = handler.place_of(old)
            if place is not None:
                place.put(new)
        for handler in self.holding:
            handler.replace_record(old, new)

    def reverted(self, query: Rewritten) -> Msg:
        """The request with the options that it had, while the reply is written: changed once for each additional record."""
        msg = query.final.msg.copy()
        for _ in range(len(msg.extra) + 1):
            for rule in reversed(query.reply_rules):
                if msg.edns is not None:
                    msg.edns = rule.change_options(msg.edns)
        return msg

    # -- what is told apart -------------------------------------------------------------------------------------------

    def landmarks(self) -> list[Landmark]:
        """The names, types and classes that rules look at."""
        return list(dict.fromkeys(mark for rule in self.list for mark in rule.landmarks()))

    def image(self, name: str, client: str = "") -> tuple[str, ...]:
        """The names that questions for a name (lower case, with its dot) become, itself among them where it may stay: one
        for each way through the rules that some type, class, flags or client leads to. Behind them come the names of
        cname rules that are looked up for answers, where these are known before."""
        there = [name]
        done: list[str] = []
        for rule in self.list:
            found = []
            for at in there:
                image = rule.image(at)
                if image is None or not image.certain:
                    found.append(at)
                if image is not None:
                    (done if rule.stop else found).append(image.name)
            there = list(dict.fromkeys(found))
        asked = [x for rule in self.list for x in rule.asks()]
        return tuple(dict.fromkeys((*done, *there, *asked)))


__all__ = ["Rewrite"]
