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

from typing import Any, NamedTuple

from ...chain.declare import Arg, Given, Opt, Property, Reads
from ...chain.query import Next, Outcome, Query, Result
from ...chain.rules import changed, since
from ...chain.setup import Setup
from ...chain.shapes import Plugin
from ...chain.types import Duration
from .._observer import LEVELS, debugging, go_seconds, stamp, type_text
from ._consolidate import Consolidate, File, Option, Pattern, options


class Config(NamedTuple):
    """What the block says."""

    patterns: tuple[Consolidate, ...] = ()
    stacktrace: bool = False


class Count:
    """The errors that a `consolidate` line has taken since its timer began."""

    __slots__ = ("count", "of", "timer")

    def __init__(self, of: Consolidate) -> None:
        self.of = of
        self.count = 0
        self.timer: Any = None


class Errors(Plugin):
    """Looks for errors on the way back."""

    ARGUMENTS = (Opt("file", File(), doc="`stdout`"),)
    PROPERTIES = (
        Property("stacktrace", since="1.9.3", extra="lines", doc="log the stack of a panic"),
        Property(
            "consolidate",
            Arg("duration", Duration()),
            Arg("regexp", Pattern()),
            Opt("level", Option("warning"), since="1.8.5"),
            Opt("show_first", Option("show_first"), since="1.14.0"),
            repeat="all",
            since="1.2.6",
            doc="count the errors that match instead of logging each",
        ),
    )
    READS = Reads(
        once=True,
        block=since("1.2.6"),
        unknown=changed(
            "Syntax error: Unexpected token '{0}', expecting 'consolidate'",
            {"1.9.3": "Syntax error: Unexpected token '{0}', expecting 'Unknown field {0}'"},
        ),
    )
    PASSES = "passes on; errors would be logged"

    def __init__(self, config: Config, setup: Setup) -> None:
        super().__init__(config, setup)
        self.counts = [Count(p) for p in config.patterns]
        release = setup.release
        self.lead = "[ERROR] plugin/errors: " if release >= "1.2.6" else "[ERROR] " if release >= "1.1.3" else ""
        self.stopped = False
        if config.stacktrace:
            setup.site.stacktrace = True

    @classmethod
    def accept_line(cls, line: Given, setup: Setup) -> None:
        """What stands behind a regular expression."""
        if line.name == "consolidate":
            options(line, setup.release)

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """The lines of the block."""
        patterns = []
        for line in given.all("consolidate"):
            level, show_first = options(line, setup.release)
            text = line.words[1].text
            patterns.append(Consolidate(line.values["duration"], text, line.values["regexp"], level, show_first))
        return Config(tuple(patterns), bool(given.all("stacktrace")))

    def serve(self, query: Query) -> Outcome:
        """Pass on, and look at what comes back."""
        return Next(then=lambda result: result if result.error is None else self.failed(query, result))

    def failed(self, query: Query, result: Result) -> Result:
        """Log an error, or count it."""
        error = result.error or ""
        final = query.final
        text = f"{result.rcode} {final.name} {type_text(final.type, self.setup.release)}: {error}"
        for count in self.counts:
            if count.of.pattern.search(error):
                if self.consolidates(count, query.ctx.now()):
                    return result
                level = count.of.level if self.setup.release >= "1.14.0" else "error"
                if level != "debug" or debugging(self.setup.instance):
                    self.setup.log(f"{LEVELS[level]} plugin/errors: {text}")
                return result
        if self.lead:
            self.setup.log(self.lead + text)
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
            count.timer = self.setup.world.clock.call_at(now + count.of.period, lambda: self.summarize(count))
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
            occurred = "occurred" if self.setup.release >= "1.4.0" else "occured"
            self.setup.log(
                f"{LEVELS[of.level]} plugin/errors: {number} errors like '{of.text}' {occurred} in last "
                f"{go_seconds(of.period)}"
            )

    def stop(self) -> None:
        """Log what has been counted."""
        self.stopped = True
        for count in self.counts:
            if count.timer is not None:
                count.timer.cancel()
                self.summarize(count)


__all__ = ["Config", "Errors"]
