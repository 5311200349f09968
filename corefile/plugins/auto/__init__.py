"""auto - serves the zones of all files in a directory.

Description: reads each file whose name matches a regular expression as a zone, and is authoritative for it as `file`
is. The directory is looked at again from time to time: zones come and go with their files.

Syntax:

    auto [ZONES...] {
        directory DIR [REGEXP TEMPLATE]
        reload DURATION
        upstream [ADDRESS...]
        transfer to ADDRESS...
        no_reload
    }

Examples: `auto { directory zones }` serves example.org from zones/db.example.org; `auto { directory zones
(.*)\\.zone {1} }` serves it from zones/example.org.zone.
"""

from __future__ import annotations

from typing import Any

from ...golang.errors import GoError
from ...golang.numbers import parse_int
from ...language.files import file_above
from ...plugin import (
    REFUSED,
    SERVFAIL,
    Arg,
    Declaration,
    Given,
    Invalid,
    Line,
    Next,
    Opt,
    Outcome,
    Query,
    Reads,
    Reason,
    Scope,
    Setup,
    Zones,
    changed,
    failed,
    wrong_count,
)
from .._authority import LAST, Authority
from .._paths import below_root
from .._zone_lines import Intervals, TransferTo, Upstreams, interval_of
from ._rules import AutoRules
from ._walk import Walk

MINUTE = 60.0
PATTERN, TEMPLATE = r"db\.(.*)", "${1}"
LONGEST_REGEXP = 10_000

NO_ZONE = Reason("auto-no-zone", "no file of {} has a zone for {}")


def _directory(line: Given, setup: Setup) -> Any:
    """What a `directory` line says. Raises Invalid."""
    rules, files = AutoRules.of(setup.release), setup.world.files
    path, regexp, _, seconds = line.value
    path = below_root(setup.site, path)
    if files.read(path) is None and not files.is_dir(path):
        above = file_above(path, files)
        if above:
            said = f"Unable to access root path '{path}': stat {path}: not a directory"
            raise Invalid(f"{above} is a file, so there is no directory {path}", coredns=said)
        setup.log(f"[WARNING] {'plugin/auto: ' if rules.names_plugin else ''}Directory does not exist: {path}")
        until = "its zones are served once it is there"
        setup.missing(path, f"there is no directory {path}", line.words[0].span, until=until, folder=True)
    if regexp is not None:
        _regexp(line, rules)
    if seconds is not None:
        if not rules.takes_duration:
            raise Invalid(
                "`directory` takes at most three words",
                hint="delete the fourth: how often it is looked at, the property `reload` says",
                coredns=wrong_count(seconds),
                at=line.words[3],
            )
        try:
            parse_int(seconds, 64, call="Atoi")
        except GoError as error:
            raise Invalid(error.message, hint=error.hint, coredns=error.text, located=False) from None
        if rules.warns_of_duration:
            deprecated = "TIMEOUT of directory is deprecated. Use RELOAD instead."
            setup.log(f"[WARNING] plugin/auto: {deprecated} See https://coredns.io/plugins/auto/#syntax")
    return line.value


def _regexp(line: Given, rules: AutoRules) -> None:
    from ...golang.regexp import compile as compile_regexp

    _, regexp, template, _ = line.value
    word = line.words[1]
    if rules.limits_regexp and len(regexp.encode("utf-8", "surrogateescape")) > LONGEST_REGEXP:
        raise Invalid("the regular expression is too long", coredns="regexp too large", at=word)
    try:
        groups = compile_regexp(regexp).groups
    except GoError as error:
        raise Invalid(error.message, hint=error.hint, coredns=error.text, located=False, at=word) from None
    if not groups:
        said = "Need at least one sub expression"
        raise Invalid("the regular expression has no group", hint="write `(.*)`", coredns=said, at=word)
    if template is None and rules.needs_template:
        raise Invalid("a template is needed behind it, such as `{1}`", coredns=wrong_count(regexp), at=word)


def _interval(line: Given, setup: Setup) -> float | None:
    """The seconds of `reload`. Raises Invalid."""
    seconds = interval_of(line, setup)
    if seconds is not None and seconds < 0 and AutoRules.of(setup.release).refuses_negative:
        said = "plugin/file: invalid duration"
        raise Invalid("the interval is negative", hint="write `reload 0` for never", coredns=said, located=False)
    return seconds


class Auto(Authority):
    """Answers from the zones of a directory."""

    class Config(Declaration):
        zones: tuple[str, ...] = Zones(doc="the zones that files may be for; or those of the server block")
        directory: tuple[tuple[str, str | None, str | None, str | None], ...] = Line(
            Arg("dir"),
            Opt("regexp"),
            Opt("template"),
            Opt("seconds"),
            repeat="all",
            extra="lines",
            read=_directory,
            doc="where the files are, what their names match, and how a name becomes that of a zone",
        )
        interval: float | None = Intervals("the directory and the files are", _interval)
        upstream: tuple[str, ...] | None = Upstreams(AutoRules)
        transfer_to: tuple[str, ...] = TransferTo("to whom they may be transferred")

    Rules = AutoRules
    READS = Reads(
        several="all", others=changed("transfer", {"1.5.0": None}, "what a property with any other name is taken for")
    )
    STATE = "the zones that are in its directory"
    config: tuple[Config, ...]
    rules: AutoRules
    hears_notifies = False

    def prepare(self) -> None:
        """What all lines together say: of each value the last one counts."""
        rules, setup = self.rules, self.setup
        path, regexp, template, every = "", PATTERN, TEMPLATE, None
        for config in self.config:
            for directory, given_regexp, given_template, seconds in config.directory:
                path = below_root(setup.site, directory)
                regexp = regexp if given_regexp is None else given_regexp
                template = template if given_template is None else given_template.replace("{", "${")
                every = every if seconds is None else float(max(1, int(seconds)))
        interval = next((c.interval for c in reversed(self.config) if c.interval is not None), None)
        if interval == -1.0:
            interval = None  # CoreDNS's own sign for no interval
        if rules.own_minute or rules.reads_once:
            every = MINUTE if every is None else every
            self.interval = (MINUTE if rules.own_minute else 0.0) if interval is None else interval
        else:
            if interval is None:
                interval = MINUTE if every is None else every
            every = interval if every is None else every
            self.interval = interval
        self.pause = every
        self.upstream = next((c.upstream for c in reversed(self.config) if c.upstream is not None), None)
        self.transfer_to = tuple(to for config in self.config for to in config.transfer_to)
        from ...golang.regexp import compile as compile_regexp

        self.walk = Walk(setup, path, compile_regexp(regexp), template)
        self.served = self.walk.zones  # type: ignore[assignment]
        self.scope = Scope(self.config[-1].zones)

    def check(self) -> None:
        """A ticker needs an interval."""
        if self.pause < 0 or (self.pause == 0 and not self.rules.zero_is_never):
            self.setup.error(
                "negative-interval",
                "the interval of `reload` is not positive",
                self.setup.span,
                located=False,
                prefix=False,
                hint="write `reload 30s`",
                coredns="panic: non-positive interval for NewTicker",
            )

    def start(self) -> None:
        """Look at the directory, and set the time for the next look."""
        self._look()
        if self.pause:
            self.every(self.pause, self._look)

    def _look(self) -> None:
        self.walk.look(self, self.interval, self.upstream, self.transfer_to)
        if self.rules.notifies_of_all:
            error = ""
            for handler in self.setup.site.find("transfer_notify"):
                for origin in self.served:
                    error = handler.transfer_notify(origin) or error
            if error:
                self.walk.note("WARNING", error)

    def answer(self, query: Query, zone: str) -> Outcome:
        """What the file's zone has, where there is one."""
        rules = self.rules
        found = self.walk.zone_of(query.name)
        if found:
            return super().answer(query, found)
        why = NO_ZONE(self.walk.path, query.name)
        if rules.fails_without_zone:
            return failed(SERVFAIL, None, why)
        if rules.refuses_others and self.is_last:
            return failed(REFUSED, None, LAST(query.name))
        return Next(why)

    def outside(self, query: Query) -> Outcome:
        """The next plugin is asked, whether there is one or not."""
        return super(Authority, self).outside(query)

    def metric_zone(self, name: str) -> str:
        """See `capabilities.MetricZone`."""
        return self.walk.zone_of(name)


__all__ = ["Auto"]
