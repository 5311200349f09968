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

from typing import Any, NamedTuple

from ..chain import scrub
from ..chain.declare import Given, Property, Reads, Rest
from ..chain.metrics import report
from ..chain.query import NEXT, SERVER_WRITES, Next, Outcome, Query, Result
from ..chain.rules import changed
from ..chain.setup import Setup
from ..chain.shapes import Plugin
from ..chain.types import OneOf
from ..dns.codes import NOERROR
from ..dns.message import Msg
from ..dns.names import fqdn, is_subdomain
from ..dns.response import DELEGATION, NAME_ERROR, NODATA, OTHER_ERROR, SUCCESS, Kinds
from ..releases import Release
from ._format import EMPTY, Format, OldFormat, Seen, combined, common, parse

CLASSES = {SUCCESS: "success", DELEGATION: "success", NAME_ERROR: "denial", NODATA: "denial"}
"""The class of each kind of reply; all others are errors."""

ONE_ZONE_UNTIL = "1.3.1"


NO_WORDS: str | None = None


class Rule(NamedTuple):
    """What is logged of one zone, and how. classes: None for all."""

    zone: str
    format: Format | OldFormat
    classes: frozenset[str] | None


class Log(Plugin):
    """Writes lines on the way back."""

    ARGUMENTS = (Rest("words", doc="zones, then the format"),)
    PROPERTIES = (
        Property(
            "class",
            Rest(
                "classes",
                OneOf("success", "denial", "error", "all", error="invalid Class: {}", located=False),
                required=True,
            ),
            repeat="all",
            doc="log only these: success, denial, error, all",
        ),
    )
    READS = Reads(unknown=changed(NO_WORDS, {"1.14.4": "unknown property '{}'"}))
    PASSES = "passes on, to log the answer"

    def __init__(self, config: tuple[Rule, ...], setup: Setup) -> None:
        super().__init__(config, setup)
        release = self.release = setup.release
        self.everything = config[0] if config[0].zone == "." else None
        self.kinds = Kinds(release)
        self.answers_errors = release < "1.5.0"
        self.makes_replies = release >= "1.14.5"
        self.leaves_metadata = release >= "1.14.2"
        self.through_server = release >= "1.3.0"
        self.server_sizes = release >= "1.2.4"
        self.line = setup.instance.log

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> tuple[Rule, ...]:
        """The rules of one occurrence."""
        release = setup.release
        words = [w.text for w in given.words]
        classes: list[str] = []
        for line in given.lines:
            # 1.1.2 brought several classes; before that the first word of the last line counted.
            if release >= "1.1.2":
                classes += line.values["classes"]
            else:
                classes = list(line.values["classes"][:1])
        chosen = None if not classes or "all" in classes else frozenset(classes)
        text, zones = _split(words, release)
        return tuple([Rule(fqdn(z).lower(), parse(text, release), chosen) for z in zones])

    @classmethod
    def merge(cls, configs: list[Any], setup: Setup) -> tuple[Rule, ...]:
        """The rules of all occurrences, in order."""
        return tuple([rule for rules in configs for rule in rules])

    def serve(self, query: Query) -> Outcome:
        """Pass on, and log on the way back if a rule covers the name."""
        rule = self.everything
        if rule is None:
            for rule in self.config:
                if is_subdomain(rule.zone, query.name):
                    break
            else:
                return NEXT
        since = query.ctx.elapsed
        return Next(then=lambda result: self.after(rule, query, since, result))

    def after(self, rule: Rule, query: Query, since: float, result: Result) -> Result:
        """Log one exchange."""
        if self.answers_errors and result.rcode > 0:
            result, wrote = self.answer(query, result)
            through = False
        else:
            wrote = result.reply
            through = wrote is not None and self.through_server
            if wrote is None and self.makes_replies and result.rcode in SERVER_WRITES:
                wrote = query.final.msg.reply(result.rcode)
        ctx = query.ctx
        named = self.leaves_metadata and ctx.metadata is not None
        if rule.classes is not None or named:
            kind = self.kind(query, wrote)
            word = CLASSES.get(kind, "error")
            if named and ctx.metadata is not None:
                ctx.metadata["log/type"] = lambda: kind
                ctx.metadata["log/class"] = lambda: word
            if rule.classes is not None and word not in rule.classes:
                return result
        format = rule.format
        rcode = wrote.rcode if wrote is not None else NOERROR
        seen = Seen(format, query, wrote, rcode, ctx.elapsed - since, self.release, through)
        if format.metadata:
            values = ctx.metadata or {}
            seen.fields = [values[name]() if name in values else EMPTY for name in format.metadata]
        self.line(seen)
        return result

    def kind(self, query: Query, wrote: Msg | None) -> str:
        """The kind of what was written. By then the server has given it the request's DO bit, with which signatures
        count: a reply with one that has expired is an error."""
        if wrote is None:
            return OTHER_ERROR
        if query.final.do and self.server_sizes and not (wrote.edns is not None and wrote.edns.do):
            wrote = wrote.copy()
            wrote.edns = query.final.msg.edns
        return self.kinds.of(wrote, query.ctx.now())

    def answer(self, query: Query, result: Result) -> tuple[Result, Any]:
        """Up to 1.4.0 this plugin itself answered where one behind it returned an rcode, even if that had written a
        reply; the client takes the first one."""
        ctx = query.ctx
        msg = query.final.msg
        reply = msg.reply(result.rcode)
        scrub.size_and_do(msg, reply, self.release)
        report(self.setup.instance.metrics, self.release, ctx, msg, ctx.server, "dropped", "", result.rcode, "", reply)
        first = result.reply if result.reply is not None else reply
        return Result(first, NOERROR, result.error, result.why, result.plugin or self.name), reply


def _split(words: list[str], release: Release) -> tuple[str, list[str]]:
    """The format, and the zones."""
    default = common(release)
    if not words:
        return default, ["."]
    if release < ONE_ZONE_UNTIL:
        given = words[1] if len(words) > 1 else "{common}"
        return {"{common}": default, "{combined}": combined(release)}.get(given, given), words[:1]
    if len(words) == 1 or "{" not in words[-1]:
        return default, words
    text = words[-1]
    if release >= "1.9.1":
        text = text.replace("{common}", default).replace("{combined}", combined(release))
    else:
        text = {"{common}": default, "{combined}": combined(release)}.get(text, text)
    return text, words[:-1]


__all__ = ["CLASSES", "Log", "Rule"]
