"""A reply while rules change it on the way back (plugin/rewrite/reverter.go)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from ...dns.codes import DNAME, NAPTR, OPT, class_name, rcode_name, type_name
from ...plugin import CNAME, MX, NS, PTR, RR, SOA, SRV, Edns, Msg, Panic, Query, dns, fqdn
from .._upstream import PANIC, Upstream
from ._rules import RewriteRules
from ._ways import REGEX, Way, substituted

VALUES = {SRV: 3, MX: 1, CNAME: 0, NS: 0, DNAME: 0, NAPTR: 5, SOA: 0, PTR: 0}
"""The field of a record's data that is its value, by type."""

INDEX = "runtime error: index out of range [0] with length 0"


class Record:
    """A record that may be changed. rr: what it was made of, None for the OPT record."""

    __slots__ = ("data", "name", "rr", "ttl", "type")

    def __init__(self, name: str, type: int, ttl: int, data: tuple[Any, ...], rr: RR | None = None) -> None:
        self.name = name
        self.type = type
        self.ttl = ttl
        self.data = data
        self.rr = rr

    @classmethod
    def of(cls, rr: RR) -> Record:
        """That of a message."""
        return cls(rr[0], rr[1], rr[3], rr[4], rr)

    def made(self, *, copies: bool) -> RR:
        """The record as it is now; with `copies`, another one where it is the same."""
        rr = self.rr
        assert rr is not None
        if not copies and (rr[0], rr[3]) == (self.name, self.ttl) and rr[4] is self.data:
            return rr
        return RR(self.name, self.type, rr[2], self.ttl, self.data)

    def value(self, *, ptr: bool) -> str:
        """The name in its data, '' where there is none that counts."""
        at = VALUES.get(self.type, -1)
        return "" if at < 0 or len(self.data) <= at or (self.type == PTR and not ptr) else self.data[at]

    def set_value(self, value: str) -> None:
        """Put another name into its data."""
        at = VALUES[self.type]
        self.data = (*self.data[:at], value, *self.data[at + 1 :])


class Draft:
    """A reply that is being changed. query: what it answers, as it stands by now. done: what was done how often, in words, by
    the rule's line; None where nothing wants to know. upstream: where targets of aliases are looked up."""

    __slots__ = ("answer", "done", "edns", "extra", "msg", "ns", "opt", "query", "rules", "upstream")

    def __init__(self, reply: Msg, query: Query, rules: RewriteRules, upstream: Upstream, *, tells: bool) -> None:
        self.msg = reply.copy()
        self.upstream = upstream
        self.query = query
        self.rules = rules
        self.done: Counter[tuple[int, str]] | None = Counter() if tells else None
        self.answer = [Record.of(rr) for rr in reply.answer]
        self.ns = [Record.of(rr) for rr in reply.ns] if rules.all_sections else []
        self.extra = [Record.of(rr) for rr in reply.extra] if rules.all_sections else []
        self.edns = edns = reply.edns
        self.opt: Record | None = None
        if edns is not None and rules.all_sections:
            self.opt = Record(edns.name, OPT, edns.version << 16 | edns.do << 15 | edns.flags, ())

    def records(self) -> list[Record]:
        """All of them, in the order in which rules see them. Those that come while they do are not among them."""
        return [*self.ns, *self.answer, *self.extra, *([] if self.opt is None else [self.opt])]

    def note(self, line: int, what: str) -> None:
        """A rule has done something."""
        if self.done is not None:
            self.done[line, what] += 1

    def replace(self, replace: Callable[[RR, RR], None]) -> None:
        """Have `replace` told of each answer that is another record now."""
        for record in self.answer:
            before, now = record.rr, record.made(copies=False)
            if before is not None and now is not before:
                record.rr = now
                replace(before, now)

    def told(self, original: dns.Question, question: dns.Question | None) -> list[str]:
        """What was done, in words."""
        out = []
        if question is not None and question != original:
            out.append(f"puts the question {_asked(original)} back")
        for (line, what), times in (self.done or {}).items():
            out.append(f"line {line}: {what}" + (f" ({times} times)" if times > 1 else ""))
        return out

    def finished(self) -> Msg:
        """The reply as it is now."""
        msg, copies = self.msg, not self.rules.own_records
        msg.answer = [x.made(copies=copies) for x in self.answer]
        if self.rules.all_sections:
            msg.ns = [x.made(copies=copies) for x in self.ns]
            msg.extra = [x.made(copies=copies) for x in self.extra]
        msg.edns = self.edns
        if self.opt is not None and self.edns is not None:
            name, ttl = self.opt.name, self.opt.ttl
            msg.edns = self.edns._replace(name=name, do=ttl >> 15 & 1 == 1, version=ttl >> 16 & 255, flags=ttl & 0x7FFF)
        return msg


def _asked(question: dns.Question) -> str:
    cls = "" if question.cls == dns.IN else f" {class_name(question.cls)}"
    return f"{question.name}{cls} {type_name(question.type)}"


class ReplyRule:
    """What a rule does to a reply. line: the rule's in the Corefile. OF_MESSAGE: whether it looks at the message alone."""

    OF_MESSAGE = False
    line = 0

    def change(self, draft: Draft, record: Record) -> None:
        """Change the reply for one of its records."""

    def change_message(self, draft: Draft) -> None:
        """Change a reply that has no records."""

    def change_options(self, edns: Edns) -> Edns:
        """Change the options of a request."""
        return edns

    @property
    def of_request(self) -> bool:
        """Whether it changes options of a request."""
        return type(self).change_options is not ReplyRule.change_options


class Renaming(ReplyRule):
    """Gives names: the owners of records, or their values. Subclasses say which."""

    def __init__(self, line: int, *, values: bool = False) -> None:
        self.line = line
        self.values = values

    def renamed(self, name: str) -> str:
        """What a name becomes."""
        raise NotImplementedError

    def change(self, draft: Draft, record: Record) -> None:
        """Rename the owner, or the value."""
        if not self.values:
            before, record.name = record.name, self.renamed(record.name)
            if record.name != before:
                draft.note(self.line, f"{before} -> {record.name}")
            return
        value = record.value(ptr=draft.rules.ptr)
        new = self.renamed(value) if value else value
        if new != value:
            record.set_value(new)
            draft.note(self.line, f"value {value} -> {new}")


class Mapped(Renaming):
    """Names by a pattern: an `answer` of a rule."""

    def __init__(self, line: int, way: Way, to: str, *, values: bool = False) -> None:
        super().__init__(line, values=values)
        self.way = way
        self.to = to

    def renamed(self, name: str) -> str:
        """What the groups of the pattern make of it."""
        found = substituted(self.way.regexp, name, self.to) if self.way.kind == REGEX else None
        return name if found is None else found


class Remapped(Renaming):
    """A name that was rewritten, and those below it, given back."""

    def __init__(self, line: int, name: str, original: str, *, values: bool = False) -> None:
        super().__init__(line, values=values)
        self.name = name
        self.original = original

    def renamed(self, name: str) -> str:
        """The original."""
        if name == self.name:
            return self.original
        return name[: len(name) - len(self.name)] + self.original if name.endswith("." + self.name) else name


class Suffixed(Renaming):
    """A suffix that was rewritten, given back."""

    def __init__(self, line: int, suffix: str, original: str, *, values: bool = False) -> None:
        super().__init__(line, values=values)
        self.suffix = suffix
        self.original = original

    def renamed(self, name: str) -> str:
        """The original."""
        return name[: len(name) - len(self.suffix)] + self.original if name.endswith(self.suffix) else name


class Ttl(ReplyRule):
    """Keeps TTLs within bounds, in seconds."""

    def __init__(self, line: int, least: int, most: int) -> None:
        self.line = line
        self.least = least
        self.most = most

    def change(self, draft: Draft, record: Record) -> None:
        """Raise or lower it."""
        ttl = min(max(record.ttl, self.least), self.most)
        if ttl != record.ttl:
            record.ttl = ttl
            draft.note(self.line, f"a TTL of {ttl}")


class Rcode(ReplyRule):
    """Puts one rcode in place of another."""

    OF_MESSAGE = True

    def __init__(self, line: int, old: int, new: int) -> None:
        self.line = line
        self.old = old
        self.new = new

    def change(self, draft: Draft, record: Record) -> None:
        """Put it there."""
        self.change_message(draft)

    def change_message(self, draft: Draft) -> None:
        """Put it there."""
        if draft.msg.rcode == self.old != self.new:
            draft.msg.rcode = self.new
            draft.note(self.line, f"{rcode_name(self.old)} -> {rcode_name(self.new)}")


class Option(ReplyRule):
    """Puts the data that an EDNS option had back, or takes the option out (data is None). found_by: the code of the option
    in whose place it is put, its own unless that is given."""

    def __init__(self, line: int, code: int, data: bytes | None, found_by: int | None = None) -> None:
        self.line = line
        self.code = code
        self.data = data
        self.found_by = code if found_by is None else found_by

    def change(self, draft: Draft, record: Record) -> None:
        """Put it back in the reply. Raises Panic where there is no OPT record, in some releases."""
        if draft.edns is None:
            if draft.rules.no_opt_panics:
                raise Panic(PANIC)
            return
        before, draft.edns = draft.edns, self.change_options(draft.edns)
        if draft.edns != before:
            draft.note(self.line, f"option {self.code} is put back")

    def change_options(self, edns: Edns) -> Edns:
        """The first option of the code."""
        for i, (code, _) in enumerate(edns.options):
            if code == self.found_by:
                put = () if self.data is None else ((self.code, self.data),)
                return edns._replace(options=(*edns.options[:i], *put, *edns.options[i + 1 :]))
        return edns


class Target(ReplyRule):
    """Leads an alias elsewhere: its new target is looked up, and takes the old one's place."""

    def __init__(self, line: int, way: Way, to: str) -> None:
        self.line = line
        self.way = way
        self.to = to

    def change(self, draft: Draft, record: Record) -> None:
        """Look up what the target becomes, if it matches. Raises Panic."""
        if record.type != CNAME:
            return
        rules, old = draft.rules, record.value(ptr=True)
        new = self.way.replaced(old, self.to)
        if new is None:
            return
        query = draft.query
        query.became = draft.query = query.asking(new)  # the request that all plugins hold
        found = draft.upstream.lookup(draft.query, fqdn(new), draft.query.type)
        if found is None:
            if rules.no_target_panics:
                raise Panic(PANIC)
            draft.upstream.setup.log("[ERROR] upstream lookup returned nil")
            return
        draft.note(self.line, f"alias {old} -> {new}")
        kept: list[Record] = []
        for other in draft.answer:
            if other.type == CNAME:
                kept.append(other)
                if not rules.keeps_chain:
                    other.set_value(new)
                elif other.value(ptr=True) == old:
                    other.set_value(new)
                    break
        draft.answer = kept + [Record.of(rr) for rr in found.answer if rules.keeps_chain or rr[0] == new]
        if rules.passes_tc:
            draft.msg.tc = found.tc


def apply(draft: Draft, reply_rules: list[ReplyRule], original: dns.Question) -> None:
    """Put the client's question into the reply, and do what the rules say. Raises Panic."""
    rules, msg = draft.rules, draft.msg
    if msg.question is None and rules.no_question_panics:
        raise Panic(INDEX)
    msg.question = original
    if rules.last_value:
        values = [rule for rule in reply_rules if isinstance(rule, Mapped) and rule.values]
        reply_rules = [rule for rule in reply_rules if rule not in values[:-1]]
    ordered = reply_rules[::-1] if rules.backwards else reply_rules
    records = draft.records() if ordered else []
    for record in records:
        if rules.addresses_alone and record.type != dns.A:
            raise Panic("interface conversion: dns.RR is not *dns.A")
        for rule in ordered:
            rule.change(draft, record)
    if not records and rules.bare_rcode:
        for rule in ordered:
            rule.change_message(draft)


__all__ = [
    "Draft",
    "Mapped",
    "Option",
    "Rcode",
    "Record",
    "Remapped",
    "ReplyRule",
    "Suffixed",
    "Target",
    "Ttl",
    "apply",
]
