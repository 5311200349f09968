"""log - writes a line for every query of its server block.

Description: logs queries and what became of them, once they are answered. The first occurrence whose zones hold the
name logs it; the others do not. Logging costs a busy server much.

Syntax:
    log [ZONES...] [FORMAT] {
        class CLASSES...
    }

FORMAT is `{common}` unless given, or `{combined}` (which adds the opcode), or a text with placeholders: `{remote}`,
`{port}`, `{local}`, `{proto}`, `{type}`, `{class}`, `{name}` (in lower case), `{size}` (of the request), `{>id}`,
`{>opcode}`, `{>do}`, `{>bufsize}`, `{rcode}`, `{rsize}` (of the reply, uncompressed), `{>rflags}`, `{duration}`, and
`{/NAME}` for metadata. CLASSES are `success`, `denial` (NXDOMAIN and NODATA), `error` and `all`. Up to 1.3.0 there is
one zone, and the format is the word behind it.

Examples: `log`; `log . "{remote} {type} {name} {rcode}"`; `log { class denial error }`.
"""

from __future__ import annotations

from typing import Any

from ..chain import scrub
from ..chain.metrics import report
from ..dns import response
from ..dns.rr import NIL
from ..light import NamedTuple
from ..plugin import (
    SERVER_WRITES,
    Declaration,
    Filter,
    Given,
    Line,
    Msg,
    OneOf,
    Query,
    Reads,
    Reason,
    Release,
    ReleaseRules,
    Rest,
    Result,
    Scope,
    Setup,
    Type,
    changed,
    dns,
    fqdn,
    is_subdomain,
    since,
    until,
)
from ._format import EMPTY, Format, FormatRules, LogLine, OldFormat, parse

WRITES = Reason("writes", "writes a line: class {}, by line {}")
WRITES_NOTHING = Reason("not-of-its-classes", "writes nothing: class {}, and line {} is for {}")


class LogRules(ReleaseRules):
    """What differs between releases."""

    first_class = until("1.1.2", "of the classes, the first word of the last line counts")
    server_sizes = since("1.2.4", "a reply has the request's DO bit when it is logged, with which signatures count")
    through_server = since("1.3.0", "options that the server does not know have left the request when it is logged")
    one_zone = until("1.3.1", "there is one zone, and the format is the word behind it")
    answers_errors = until(
        "1.5.0", "where a plugin behind it returns an rcode, it writes a reply, even if there is one"
    )
    judges_all = changed(
        True, {"1.6.0": False, "1.14.2": True}, "the class of a reply is worked out where nothing asks for it, too"
    )
    leaves_metadata = since("1.14.2", "the class and the kind of a reply are metadata")
    makes_replies = since("1.14.5", "a reply that the server is yet to write is logged, too")


class Words(Type):
    """Zones and a format."""

    def settle(self, value: tuple[str, ...], given: Given, setup: Setup) -> tuple[tuple[str, ...], str, int]:
        """The zones, the format, and the line on which both stand."""
        return *zones_and_format(value, setup.release), given.span.line


def zones_and_format(words: tuple[str, ...], release: Release) -> tuple[tuple[str, ...], str]:
    """What the words behind `log` are."""
    formats = FormatRules.of(release)
    if LogRules.of(release).one_zone:
        return words[:1] or (".",), formats.named(words[1] if len(words) > 1 else "{common}")
    if len(words) > 1 and "{" in words[-1]:
        return words[:-1], formats.named(words[-1])
    return words or (".",), formats.common


class ZoneLog(NamedTuple):
    """What is logged of one zone, and how. classes: none for all. line: that of the Corefile. number: which of the
    block's directives says it."""

    zone: str
    format: Format | OldFormat
    classes: tuple[str, ...]
    line: int
    number: int


class Log(Filter):
    """Writes lines on the way back."""

    class Config(Declaration):
        words: tuple[tuple[str, ...], str, int] = Rest(Words(), doc="zones, then the format")
        classes: tuple[tuple[str, ...], ...] = Line(
            Rest(
                "classes",
                OneOf("success", "denial", "error", "all", error="invalid Class: {}", located=False),
                required=True,
            ),
            name="class",
            repeat="all",
            doc="log only these: success, denial, error, all",
        )

    Rules = LogRules
    READS = Reads(several="all", unknown=changed(None, {"1.14.4": "unknown property '{}'"}))
    PASSES = "passes on, to log the answer"
    RULES = True
    config: tuple[Config, ...]
    rules: LogRules

    def prepare(self) -> None:
        """What is logged of which zone."""
        self.logs: list[ZoneLog] = []
        self.adding: list[Any] = []
        for number, config in enumerate(self.config):
            lines = config.classes
            classes = lines[-1][:1] if lines and self.rules.first_class else tuple(c for line in lines for c in line)
            zones, text, line = config.words
            format = parse(text, self.setup.release)
            kept = () if "all" in classes else classes
            self.logs += [ZoneLog(fqdn(z).lower(), format, kept, line, number) for z in zones]
        zones = tuple(log.zone for log in self.logs)
        self.scope = Scope(zones[:1] if zones[0] == "." else zones)
        self.kinds = response.Kinds(self.setup.release)

    def start(self) -> None:
        """Look for plugins that have a say in what the server makes of the request."""
        self.adding = self.setup.site.find("adds_opt")

    def back(self, query: Query, result: Result) -> Result:
        """Log one exchange."""
        ctx, rules = query.ctx, self.rules
        zone, format, classes, place, number = self.logs[0]
        if zone != ".":
            zone, format, classes, place, number = next(log for log in self.logs if is_subdomain(log.zone, query.name))
        wrote: Msg | None
        earlier = None
        if rules.answers_errors and result.rcode > 0:
            reply = self.written(query, result.rcode)
            earlier = result.reply
            result, wrote, through = result.answered(reply, self.name), reply, False
        else:
            wrote = result.later[-1] if result.later else result.reply
            through = wrote is not None and rules.through_server and result.request is None
            if through and self.adding:
                through = not any(handler.adds_opt(query) for handler in self.adding)
            if wrote is None and rules.makes_replies and result.rcode in SERVER_WRITES:
                wrote = query.final.msg.reply(result.rcode)
        named = rules.leaves_metadata and ctx.metadata is not None
        # To judge a message with a nil record (dns.rr.NIL) is a panic, so a trace alone is no reason to.
        unsound = wrote is not None and (NIL in wrote.answer or NIL in wrote.ns or NIL in wrote.extra)
        judged = classes or (rules.judges_all and (named or unsound))
        if judged or (ctx.trace is not None and not unsound):
            kind = self.kind(query, wrote)
            word = response.class_of(kind)
            if named and ctx.metadata is not None:
                ctx.metadata["log/type"] = lambda: kind
                ctx.metadata["log/class"] = lambda: word
            fits = not classes or word in classes
            if ctx.trace is not None:
                ctx.trace.note((WRITES, word, place) if fits else (WRITES_NOTHING, word, place, " and ".join(classes)))
            if not fits:
                return result
        if ctx.trace is not None:
            ctx.trace.used(self, number)
        rcode = wrote.rcode if wrote is not None else dns.NOERROR
        supported = self.setup.instance.options.codes
        line = LogLine(format, query, wrote, rcode, ctx.elapsed - query.began, through, supported)
        if earlier is not None or result.later:
            written = [earlier] if earlier is not None else [result.reply, *result.later[:-1]]
            line.earlier = sum([scrub.message_length(msg, self.setup.release) for msg in written if msg is not None])
        if format.metadata:
            values = ctx.metadata or {}
            line.fields = [values[name]() if name in values else EMPTY for name in format.metadata]
        self.setup.log(line)
        return result

    def kind(self, query: Query, wrote: Msg | None) -> str:
        """The kind of what was written."""
        if wrote is None:
            return response.OTHER_ERROR
        if query.final.do and self.rules.server_sizes and not (wrote.edns is not None and wrote.edns.do):
            wrote = wrote.copy()
            wrote.edns = query.final.msg.edns
        return self.kinds.of(wrote, query.ctx.now())

    def written(self, query: Query, rcode: int) -> Msg:
        """The reply that it writes for an rcode."""
        ctx, release = query.ctx, self.setup.release
        reply = query.final.msg.reply(rcode)
        scrub.share(query.final, reply, release, self.setup.instance.options.codes)
        request = query.final.msg
        report(self.setup.instance.metrics, release, ctx, request, ctx.server, "dropped", "", rcode, "", reply)
        return reply


__all__ = ["Log"]
