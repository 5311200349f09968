"""template - answers with records that Go templates make of the question.

Description: a stanza answers questions of its class and type in its zones whose name one of its patterns matches. Its records
are Go templates (text/template), of which the first record of what they print is taken. Several stanzas are looked through in
their order. A name that no pattern matches is SERVFAIL (up to 1.9.2 there is no answer at all) unless `fallthrough` covers it;
then the next stanza is asked, in the end the next plugin. Targets of CNAME records are looked up for A and AAAA questions.

Syntax:

    template QCLASS QTYPE [ZONES...] {
        match REGEX...
        answer RR...
        additional RR...
        authority RR...
        rcode CODE
        ederror CODE [REASON]
        fallthrough [ZONES...]
        upstream [ADDRESS...]
    }

Templates see .Zone .Name .Class .Type .Regex .Match .Group .Message .Question, since 1.5.2 .Meta, since 1.7.1 .Remote;
since 1.10.0 there is the function parseInt. `{{$x}}` is a variable of the Corefile, `{{ $x }}` one of the template.

Examples: `template IN A ip.example { match ^ip-(\\d+)-(\\d+)-(\\d+)-(\\d+)\\.  answer "{{ .Name }} 60 IN A {{ index .Match 1 }}..." }`;
`template ANY HTTPS . { rcode NOERROR }` hides HTTPS records.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...dns.codes import CLASSES, class_name, type_name
from ...dns.escapes import printed_name
from ...dns.rr import NIL
from ...dns.zonefile import ZoneError, record
from ...golang import regexp
from ...gotemplate import ExecError, TooMuch, Unmodelled
from ...gotemplate import Template as GoTemplate
from ...plugin import (
    NOERROR,
    Answerer,
    Arg,
    Below,
    Declaration,
    Fall,
    Fallthrough,
    Flag,
    Given,
    Invalid,
    Landmark,
    Line,
    Next,
    Opt,
    Outcome,
    Panic,
    Pattern,
    Query,
    Reads,
    Reason,
    RecordType,
    Rest,
    Scope,
    Setup,
    Word,
    Zones,
    dns,
    failed,
    longest_match,
)
from .._upstream import PANIC, Failed, Upstream
from . import _types
from ._rules import TemplateRules

EXTENDED_ERROR = 15
"""The EDNS option of extended DNS errors (RFC 8914)."""
EVERYTHING = regexp.compile(".*")

MATCHED = Reason("matched", "{} {} matches `{}`")
NO_PATTERN = Reason("no-pattern-matches", "none of the patterns matches {}; {}")
NO_STANZA = Reason("no-stanza-matches", "no stanza is for {} {}")
FAILED = Reason("template-failed", "the {} cannot be made: {}")
NO_RECORD = Reason("no-record", "the {} has no record in it, so the reply has no wire form")
UNMODELLED = Reason("template-not-modelled", "the {} cannot be worked out: {}")


PATTERN = Word("regular expression", example="^[a-z]+[.]")
TEXT = Word("template", example='"{{ .Name }} 60 IN TXT x"')


def _section(name: str) -> Any:
    """The property of a section of replies."""
    return Line(
        Rest("records", TEXT, required=True), repeat="join", read=_types.texts, doc=f"records of the {name} section"
    )


class Template(Answerer):
    """Answers with what templates print."""

    class Config(Declaration):
        qclass: int = Arg(_types.Class(), brace=True, doc="the class of questions, or ANY")
        qtype: int = Arg(RecordType(error="invalid RR class {}"), brace=True, doc="their type, or ANY")
        zones: tuple[str, ...] = Zones()
        match: tuple[str, ...] = Line(
            Rest("patterns", PATTERN, required=True),
            repeat="join",
            read=_types.patterns,
            doc="patterns, one of which a name has to match",
        )
        answer: tuple[str, ...] = _section("answer")
        additional: tuple[str, ...] = _section("additional")
        authority: tuple[str, ...] = _section("authority")
        rcode: int = Line(_types.Rcode(), default=NOERROR, extra="lines", doc="the response code")
        ederror: tuple[str, str | None] | None = Line(
            Arg("code"),
            Opt("reason"),
            since="1.10.1",
            read=_types.extended_error,
            doc="an extended DNS error and its text",
        )
        fallthrough: Fall = Fallthrough(doc="pass on names that no pattern matches, in these zones or in all")
        upstream: tuple[str, ...] | None = Line(
            Rest("addresses"),
            since="1.0.6",
            read=_types.addresses,
            doc="where targets of CNAME records are looked up; since 1.5.2 without effect",
        )

    Rules = TemplateRules
    READS = Reads(several="all", unknown=None)
    RULES = True
    config: tuple[Config, ...]
    rules: TemplateRules

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """A stanza, which needs records in early releases."""
        config: Template.Config = super().configure(given, setup)
        needs = cls.Rules.of(setup.release).needs
        if needs and config.rcode == NOERROR and not any(getattr(config, name) for name in needs):
            zones = " ".join(config.zones)
            raise Invalid(
                "the stanza makes no record",
                hint=f"give it {' or '.join(f'`{name}`' for name in needs)}, or an rcode",
                coredns=f"no answer section for template found: {{[{zones}] <nil> []}}",
                at=given.end,
            )
        return config

    def prepare(self) -> None:
        """Compile all of it."""
        self.scope = Scope(tuple(zone for config in self.config for zone in config.zones))
        self.stanzas = [_Stanza(config, self.setup) for config in self.config]

    # -- answering ----------------------------------------------------------------------------------------------------

    def answer(self, query: Query, zone: str) -> Outcome:
        """What the first stanza makes that is for the question."""
        name = query.name if "\\" not in query.name else printed_name(query.name)
        trace = query.ctx.trace
        for number, stanza in enumerate(self.stanzas):
            config = stanza.config
            own = longest_match(config.zones, query.name)
            if own is None or not _fits(config.qclass, query.cls) or not _fits(config.qtype, query.type):
                continue
            found = stanza.match(name)
            if found is not None:
                if trace is not None:
                    trace.used(self, number)
                return self._answered(query, stanza, self._match(query, stanza, own, name, found))
            if not config.fallthrough.through(name):
                rcode = dns.SERVFAIL if self.rules.no_match_is_servfail else dns.NXDOMAIN
                return failed(rcode, None, NO_PATTERN(query.qname, config.fallthrough.ends()))
            if trace is not None:
                trace.used(self, number, passed=True)
        if self.rules.panics_at_the_end and self.is_last:
            raise Panic(PANIC)
        return Next(NO_STANZA(query.qname, type_name(query.type)))

    def _match(self, query: Query, stanza: _Stanza, zone: str, name: str, found: regexp.Match) -> _types.Match:
        cls = stanza.config.qclass if query.cls == dns.ANY else query.cls
        type = stanza.config.qtype if query.type == dns.ANY else query.type
        mnemonic = type_name(type, self.setup.release)
        return _types.Match(
            zone=zone,
            name=name,
            regex=found.regexp.pattern,
            groups=found.groups(),
            names=found.regexp.names,
            cls=class_name(cls) if cls in CLASSES.values() else "",
            type="" if mnemonic == f"TYPE{type}" else mnemonic,
            remote=query.ctx.client,
        )

    def _answered(self, query: Query, stanza: _Stanza, match: _types.Match) -> Outcome:
        """The reply of a stanza whose pattern matches."""
        from . import _data  # with the execution of templates, which is large, and not needed to read them

        self._count("matches_total", query, match)
        config, rules = stanza.config, self.rules
        why = MATCHED(query.qname, type_name(query.type), match.regex)
        if config.rcode == dns.SERVFAIL:
            return failed(dns.SERVFAIL, None, why)
        reply = query.msg.reply(config.rcode)
        reply.aa, reply.ra, reply.compress = True, rules.sets_ra, rules.compresses
        type = _data.data_type(metadata=rules.metadata, remote=rules.remote)
        data = _data.data(type, match, query.msg, query.ctx.metadata)
        steps = self.setup.world.limits.template_steps
        for section, templates in stanza.sections:
            rrs = {"answer": reply.answer, "additional": reply.extra, "authority": reply.ns}[section]
            for template in templates:
                try:
                    rr = record(template.execute(data, _data.FUNCTIONS, max_steps=steps), release=self.setup.release)
                except (ExecError, ZoneError) as error:
                    kind = "template_failures_total" if isinstance(error, ExecError) else "rr_failures_total"
                    self._count(kind, query, match, section, template)
                    return failed(dns.SERVFAIL, str(error), FAILED(section, error))
                except (TooMuch, Unmodelled) as error:
                    query.ctx.doubt([(self.name, self.span)])
                    return failed(dns.SERVFAIL, None, UNMODELLED(section, error))
                if rr is None:
                    rr, why = NIL, NO_RECORD(section)
                rrs.append(rr)
                if section == "answer" and self._looks_up(query, stanza) and rr.type == dns.CNAME:
                    self._target(query, stanza, reply, rr)
        if config.ederror is not None:
            code, reason = config.ederror
            option = int(code).to_bytes(2, "big") + (reason or "").encode("utf-8", "surrogateescape")
            reply.edns = dns.Edns(4096, True, 0, ((EXTENDED_ERROR, option),))
        elif NIL in reply.extra:
            raise Panic(PANIC)  # an OPT record is looked for among the additional ones
        return self.write(query, reply, why, rcode=config.rcode, scrubs=rules.scrubs)

    def _looks_up(self, query: Query, stanza: _Stanza) -> bool:
        """Whether targets of CNAME records are looked up."""
        return stanza.upstream is not None and (self.rules.any_question or query.type in (dns.A, dns.AAAA))

    def _target(self, query: Query, stanza: _Stanza, reply: dns.Msg, rr: dns.RR) -> None:
        """Add what a CNAME record's target has."""
        assert stanza.upstream is not None
        try:
            found = stanza.upstream.lookup(query, rr.data[0], dns.A if self.rules.any_question else query.type)
        except Failed:
            found = None
        if found is not None:
            reply.tc = found.tc if self.rules.survives_no_answer else reply.tc
            reply.answer += found.answer
        elif not self.rules.survives_no_answer:
            raise Panic(PANIC)

    def _count(
        self,
        counter: str,
        query: Query,
        match: _types.Match,
        section: str = "",
        template: GoTemplate | None = None,
    ) -> None:
        rules, ctx = self.rules, query.ctx
        labels = [("zone", match.zone), ("class", match.cls), ("type", match.type)]
        if rules.server:
            labels.append(("server", ctx.server))
        if rules.view:
            labels.append(("view", ctx.view))
        if template is not None:
            labels += [("section", section), ("template", template.source)]
        self.setup.instance.metrics.inc(f"coredns_template_{counter}", tuple(labels))

    def landmarks(self) -> Iterator[Landmark]:
        """Its patterns, types and classes, where names are passed on, and what templates look at of the message."""
        for stanza in self.stanzas:
            config = stanza.config
            yield from (Below(zone) for zone in config.fallthrough.zones if zone != ".")
            if config.qtype != dns.ANY:
                yield from (Flag(f"type {type_name(config.qtype)}"), Flag("type ANY"))
            if config.qclass != dns.ANY:
                yield from (Flag(f"class {class_name(config.qclass)}"), Flag("class ANY"))
            for zone in config.zones:
                yield from (Pattern(zone, pattern.pattern) for pattern in stanza.patterns if pattern != EVERYTHING)
            looks_at = {name for _, templates in stanza.sections for template in templates for name in template.fields}
            if looks_at & {"Message", ""}:
                yield from map(Flag, ("do", "ad", "cd", "edns"))
            if looks_at & {"Remote", ""} and self.rules.remote:
                yield Flag("client")
            if looks_at & {"Type", "Question", "Message", ""} and config.qtype == dns.ANY:
                yield Flag("type")
            if looks_at & {"Class", "Question", "Message", ""} and config.qclass == dns.ANY:
                yield Flag("class")


class _Stanza:
    """A stanza, compiled. sections: in the order in which they are made."""

    def __init__(self, config: Template.Config, setup: Setup) -> None:
        rules = TemplateRules.of(setup.release)
        self.config = config
        self.patterns = [regexp.compile(pattern) for pattern in config.match] or [EVERYTHING]
        self.sections = [
            (name, [_types.parsed(name, text, rules.parse_int) for text in getattr(config, name)])
            for name in _types.SECTIONS
        ]
        self.upstream: Upstream | None = None
        if rules.upstream and (rules.by_itself or rules.any_question or config.upstream is not None):
            self.upstream = Upstream(setup, config.upstream if rules.takes_addresses else None)

    def match(self, name: str) -> regexp.Match | None:
        """What the first pattern that matches found."""
        for pattern in self.patterns:
            found = pattern.search(name)
            if found is not None:
                return found
        return None


def _fits(wanted: int, asked: int) -> bool:
    """Whether a class or type is the wanted one; ANY is everything on both sides."""
    return dns.ANY in (wanted, asked) or wanted == asked


__all__ = ["Template"]
