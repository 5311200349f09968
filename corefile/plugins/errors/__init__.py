"""errors - logs the errors that queries run into.

Description: writes a line for every query that a plugin behind it could not answer because of an error: the rcode's
number, name, type and what went wrong. Answers with an error code alone are no errors. `consolidate` counts the errors
whose text matches REGEXP, and writes their number once DURATION has passed since the first; the first line of these
that matches takes an error. With `show_first` the first one is written at once, too. `stacktrace` adds the stack to
the line about a panic.

Syntax:
    errors [stdout] {
        stacktrace
        consolidate DURATION REGEXP [LEVEL] [show_first]
    }

LEVEL is `error` unless given, or `warning`, `info` or `debug` (which needs the plugin `debug` to be seen).

Examples: `errors`; `errors { consolidate 5m ".* i/o timeout$" warning }`.
"""

from __future__ import annotations

from functools import partial

from ...dns.codes import type_name
from ...dns.errors import NilRecord
from ...golang.durations import duration_text
from ...plugin import (
    Arg,
    Changing,
    Declaration,
    Duration,
    Filter,
    Gate,
    Line,
    Next,
    OneOf,
    Opt,
    Outcome,
    Panic,
    PanicAside,
    Query,
    Reads,
    Reason,
    Result,
    Timer,
    Word,
    changed,
    dns,
    failed,
    since,
)
from .._observer import LEVELS, debugging, stamp
from ._consolidate import Consolidate, Pattern, consolidate
from ._rules import ErrorsRules

WATCHED = Reason("watched", "passes on; errors and panics are logged")
RECOVERED = Reason("recovered", "a panic ({}), which `errors` logs; nothing is answered")


class Count:
    """The errors that a `consolidate` line has taken since its timer began."""

    __slots__ = ("count", "of", "timer")

    def __init__(self, of: Consolidate) -> None:
        self.of = of
        self.count = 0
        self.timer: Timer | None = None


def _stdout(*, located: bool) -> OneOf:
    """The only file that errors were ever written to."""
    hint = "write `errors` alone; redirect CoreDNS's output to get a file"
    return OneOf("stdout", error="invalid log file: {}", hint=hint, located=located)


class Errors(Gate, Filter):
    """Looks for errors on the way back; up to 1.1.2 for panics, too."""

    class Config(Declaration):
        file: str | None = Opt(
            Changing(_stdout(located=False), {"1.2.6": _stdout(located=True)}),
            doc="where errors are written; the only place there is",
        )
        stacktrace: bool = Line(since="1.9.3", extra="lines", doc="log the stack of a panic")
        consolidate: tuple[Consolidate, ...] = Line(
            Arg("duration", Duration()),
            Arg("regexp", Pattern()),
            Opt("level", Word("option", example="warning"), since="1.8.5"),
            Opt("show_first", Word("option", example="show_first"), since="1.14.0"),
            repeat="all",
            rule="line",
            read=consolidate,
            since="1.2.6",
            doc="count the errors that match instead of logging each",
        )

    Rules = ErrorsRules
    READS = Reads(
        once=since("1.1.0"),
        block=since("1.2.6"),
        unknown=changed(
            "Syntax error: Unexpected token '{0}', expecting 'consolidate'",
            {"1.9.3": "Syntax error: Unexpected token '{0}', expecting 'Unknown field {0}'"},
        ),
    )
    PASSES = "passes on; errors would be logged"
    config: Config
    rules: ErrorsRules

    def prepare(self) -> None:
        """No error has been counted yet."""
        self.counts = [Count(line) for line in self.config.consolidate]
        self.stopped = False
        if self.config.stacktrace:
            self.setup.site.stacktrace = True

    def start(self) -> None:
        """Most releases see nothing of a query on its way in."""
        self.always_back = not self.rules.recovers

    def admit(self, query: Query, zone: str) -> Outcome:
        """Passes on. Up to 1.1.2 a panic of the plugins behind it goes no further than here."""
        if not self.rules.recovers:
            return Next(then=partial(self.back, query))
        try:
            result = self.back(query, self.rest(query))
            result.why = WATCHED()
            return result
        except PanicAside:
            raise
        except (Panic, NilRecord) as panic:
            what = f"{query.final.qname} {type_name(query.type, self.setup.release)}"
            # Which line of CoreDNS's source comes next is not known.
            self.setup.log(f"{stamp(query.ctx.now())} [PANIC {what}] ?:0 - {panic}")
            return failed(dns.NOERROR, None, (RECOVERED, str(panic)))

    def back(self, query: Query, result: Result) -> Result:
        """Log what went wrong."""
        return result if result.error is None else self.failed(query, result)

    def failed(self, query: Query, result: Result) -> Result:
        """Log an error, or count it."""
        error = result.error or ""
        final = query.final
        text = f"{result.rcode} {final.name} {type_name(final.type, self.setup.release)}: {error}"
        for number, count in enumerate(self.counts):
            if count.of.pattern.matches(error):
                if query.ctx.trace is not None:
                    query.ctx.trace.used(self, 0, f"consolidate {number}")
                if self.consolidates(count, query.ctx.now()):
                    return result
                level = count.of.level if self.rules.levels else "error"
                if level != "debug" or debugging(self.setup.instance):
                    self.setup.log(f"{LEVELS[level]} plugin/errors: {text}")
                return result
        if self.rules.lead:
            self.setup.log(self.rules.lead + text)
        else:
            head, _, rest = text.partition(": ")
            self.setup.log(f"{stamp(query.ctx.now())} [ERROR {head}] {rest}")
        return result

    def consolidates(self, count: Count, now: float) -> bool:
        """Count an error that came at `now`; whether that is all that becomes of it."""
        if self.stopped:
            return False
        if count.timer is not None and count.timer.at <= now:  # while this query was waiting
            count.timer.cancel()
            self.summarize(count)
        count.count += 1
        if count.count == 1:
            count.timer = self.setup.world.clock.call_at(now + count.of.period, partial(self.summarize, count))
            return not count.of.show_first
        return True

    def summarize(self, count: Count) -> None:
        """Log how many there were."""
        of, number = count.of, count.count
        count.count = 0
        count.timer = None
        if number > 1 or (number == 1 and not of.show_first):
            if of.level == "debug" and not debugging(self.setup.instance):
                return
            self.setup.log(
                f"{LEVELS[of.level]} plugin/errors: {number} errors like '{of.pattern.pattern}' {self.rules.occurred} in last "
                f"{duration_text(of.period)}"
            )

    def stop(self) -> None:
        """Log what has been counted."""
        self.stopped = True
        for count in self.counts:
            if count.timer is not None:
                count.timer.cancel()
                self.summarize(count)
