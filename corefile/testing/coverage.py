"""Which parts of a Corefile tests have exercised.

It is measured beside the traces: while a `Coverage` is on, all servers tell it what becomes of their questions, also where
no trace is kept. Nothing is read from texts of traces.

A report's parts are of these kinds:

* `server block` and, where a block has several, `zone`: a question went to it.
* `directive`: a question in its scope reached it; where several together are one plugin of the block (`file`), the one whose
  zones have its name. `setting` is one that no question goes through, and does not count.
* `property`: its value was looked at while a question was answered. A value that is only looked at as the directive is set
  up counts as the directive does.
* `rule`: a rule of `rewrite`, a stanza of `template`, a line of `acl` or another one that decides by itself (see
  `Property.rule`) fitted; an expression of `view` was true, and was false.
* `entry`: a name of `hosts` was answered.
* `fallthrough`: a question was passed on in that zone.
* `branch`: a plugin gave this reason (see `Hop.reason`). Which branches there are is found by asking a copy of the server
  one question of each kind that its plugins tell apart (see `Classes`). Such a question stands beside each part that was not
  exercised, where one does exercise it.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from ..api import Server
from ..chain.instance import Instance
from ..chain.query import Handler, Next, Outcome, Query, Recorder, Result, Why, name_of
from ..chain.shapes import OUTSIDE
from ..chain.trace import Trace
from ..dns.names import longest_match
from ..findings import CorefileError, Source, Span, TooLarge
from ..findings.layout import Line, Style, line
from ..findings.layout import Part as Words
from ..findings.source import MADE_UP
from ._coverage_page import page
from ._coverage_parts import KINDS, PLURALS, FileCoverage, Kind, Part, percent

if TYPE_CHECKING:
    from types import TracebackType

    from ..chain.declare import Declaration, Given, Property
    from ..classes import Cell, Classes, Question

MOST_QUESTIONS = 4_000
"""How many questions are asked to find out which branches there are."""

_Key = tuple[Kind, Span, str]
"""A part: its kind, the directive (or server block) that it belongs to, and its name there."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was exercised of the Corefiles, one after another in the order of their paths.

    >>> from corefile import loads
    >>> with Coverage() as coverage:
    ...     server = loads(".:53 {\\n hosts {\\n  10.0.0.1 a.example.org\\n }\\n}")
    ...     reply = server.query("a.example.org")
    >>> report = coverage.report()
    >>> print(report)
    <text>  50 % (4 of 8)
       server blocks     1 of 1
       directives        1 of 1
       entries           1 of 1
       branches          1 of 5
       <text>:1:1  branch server: end-of-the-chain   ask . PTR
       <text>:2:2  branch hosts: no-entry   ask . A
       <text>:2:2  branch hosts: no-entry-for-address   ask . PTR
       <text>:2:2  branch hosts: no-entry-of-this-type   ask localhost. AAAA
    """

    files: tuple[FileCoverage, ...]

    @property
    def count(self) -> tuple[int, int]:
        """How many parts were exercised, and how many count, of all files."""
        counts = [f.count for f in self.files]
        return sum(c[0] for c in counts), sum(c[1] for c in counts)

    @property
    def percent(self) -> float:
        """The share of all parts that were exercised, from 0 to 100; 100 where there are none."""
        return percent(*self.count)

    def merged(self, *others: Report) -> Report:
        """This report and others as one: what any of them has exercised is."""
        found: dict[tuple[str, str], dict[Any, Part]] = {}
        for file in (f for report in (self, *others) for f in report.files):
            parts = found.setdefault((file.path, file.text), {})
            for part in file.parts:
                key = (part.kind, part.name, part.line, part.column)
                old = parts.get(key)
                parts[key] = part if old is None else replace(old, hits=old.hits + part.hits, ask=old.ask or part.ask)
        return Report(
            tuple(FileCoverage(path, text, _sorted(found[path, text].values())) for path, text in sorted(found))
        )

    def only_files(self) -> Report:
        """The report without Corefiles that no file has (those given as text), unless there are no others."""
        return Report(tuple(f for f in self.files if f.is_file)) if any(f.is_file for f in self.files) else self

    def lines(self, *, missed: int = 100) -> list[Line]:
        """A table, as `corefile test --coverage` shows it, as lines that a terminal may colour and wrap. missed: how many
        parts that were not exercised are named of each file."""
        if not self.files:
            return [line("no Corefile was asked anything")]
        out: list[Line] = []
        for file in self.files:
            done, total = file.count
            style: Style = "good" if done == total else "warning"
            out.append(
                Line((Words(f"{file.path}  "), Words(f"{file.percent:.0f} %", style), Words(f" ({done} of {total})")))
            )
            for kind in KINDS:
                some, all_ = file.of(kind)
                if all_ and kind != "setting":
                    out.append(line(f"   {PLURALS[kind]:<15}{some:>4} of {all_}", "", ""))
            for part in file.missed[:missed]:
                place = f"   {file.path}:{part.line}:{part.column}  "
                ask = f"   ask {part.ask}" if part.ask else ""
                out.append(
                    Line((Words(place), Words(f"{part.kind} "), Words(part.name, "bold")), (Words(ask, "dim"),), 6)
                )
            more = len(file.missed) - missed
            if more > 0:
                out.append(line("   ", f"... and {more} more", "dim"))
        if len(self.files) > 1:
            done, total = self.count
            out.append(line(f"all Corefiles  {self.percent:.0f} % ({done} of {total})"))
        return out

    def __str__(self) -> str:
        from ..findings.layout import plain

        return plain(self.lines())

    def to_json(self) -> dict[str, Any]:
        """The report as plain data, of which `from_json` makes it again."""
        return {
            "percent": round(self.percent, 2),
            "corefiles": [
                {
                    "path": f.path,
                    "text": f.text,
                    "percent": round(f.percent, 2),
                    "parts": [
                        {
                            "kind": p.kind,
                            "name": p.name,
                            "line": p.line,
                            "column": p.column,
                            "directive": None if p.directive is None else list(p.directive),
                            "hits": p.hits,
                            "exercised": f.exercised(p),
                            "ask": p.ask,
                        }
                        for p in f.parts
                    ],
                }
                for f in self.files
            ],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Report:
        """The report of which `to_json` made `data`."""
        return cls(
            tuple(
                FileCoverage(
                    f["path"],
                    f["text"],
                    tuple(
                        Part(
                            p["kind"],
                            p["name"],
                            p["line"],
                            p["column"],
                            None if p["directive"] is None else (p["directive"][0], p["directive"][1]),
                            p["hits"],
                            p["ask"],
                        )
                        for p in f["parts"]
                    ),
                )
                for f in data["corefiles"]
            )
        )

    def html(self) -> str:
        """A page of its own with the Corefiles, each line with what of it was exercised, and what was not."""
        return page(self.files)

    def write(self, *, html: str | os.PathLike[str] | None = None, json: str | os.PathLike[str] | None = None) -> None:
        """Write the page, the plain data, or both, to files. Raises OSError."""
        for path, text in ((html, self.html), (json, self._as_text)):
            if path is not None:
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text())

    def _as_text(self) -> str:
        return json.dumps(self.to_json(), indent=1) + "\n"


class Coverage:
    """Measures what is exercised of all Corefiles, from `start` to `stop`; or as a context manager. Several may be on at a time,
    as where pytest measures all tests, and one of them something by itself: each measures all of its own time.

    >>> from corefile import loads
    >>> with Coverage() as coverage:
    ...     reply = loads(".:53 {\\n whoami\\n}").query("example.org")
    >>> coverage.report().percent
    100.0
    """

    def __init__(self) -> None:
        self._hits: Counter[_Key] = Counter()
        self._apart: dict[str, Counter[_Key]] = {}
        self._seen: WeakSet[Instance] = WeakSet()
        self._corefiles: dict[Source, _Corefile] = {}
        self._entries: dict[Span, frozenset[str]] = {}
        self._asks: dict[_Key, str] = {}
        self._consulted: set[Span] = set()  # directives whose configuration was looked at for an answer
        self._answering = 0
        self._found: Callable[[Iterable[_Key]], None] = self._hits.update

    def start(self) -> None:
        """Measure from now on. Raises RuntimeError where it does already."""
        if self in _on:
            raise RuntimeError("this Coverage is on already")
        _on.append(self)
        Server._observe = _observe

    def stop(self) -> None:
        """Measure no more. What was measured stays."""
        if self in _on:
            _on.remove(self)
        if not _on:
            Server._observe = None

    def __enter__(self) -> Coverage:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    # -- measuring ----------------------------------------------------------------------------------------------------

    def _recorder(self, server: Server, kept: Recorder | None) -> Recorder:
        instance = server.process.instance
        if instance not in self._seen:
            self._know(instance, server)
        return _Recorder(self, kept)

    def _know(self, instance: Instance, server: Server | None = None) -> None:
        """Have the configurations of an instance tell what is looked at of them, and remember the first one of each
        Corefile, to say later which parts there are."""
        self._seen.add(instance)
        for handler in instance.handlers():
            many = isinstance(handler.config, tuple)
            for number, config in enumerate(handler.config if many else (handler.config,)):
                _watch(config, ("property", handler.span, str(number)), self)
        if not instance.sites:
            return
        source = instance.sites[0].span.source if server is None else server.source
        if source in self._corefiles or source.path == MADE_UP:
            return
        self._corefiles[source] = _Corefile(source, instance, server)
        for handler in instance.handlers():
            entries: Callable[[], Iterable[str]] | None = getattr(handler, "entries", None)
            if entries is not None:
                self._entries[handler.span] = frozenset(entries())

    def _looked_at(self, key: _Key, field: str) -> None:
        if self._answering:
            kind, span, number = key
            self._consulted.add(span)
            self._found([(kind, span, f"{number} {field}")])
            if field != "zones":
                self._found([("directive", span, number)])

    # -- reporting ----------------------------------------------------------------------------------------------------

    def report(self, *, only_files: bool = False, questions: int = MOST_QUESTIONS) -> Report:
        """What was exercised so far.

        only_files: whether Corefiles that no file has (those given as text) are left out, unless there are no others.
        questions: how many are asked at most, the plainest first, to find out which branches there are. Without any, only
        those are known that were exercised.
        """
        return self._report(self._counted(only_files, questions), self._hits)

    @contextmanager
    def apart(self, name: str) -> Iterator[None]:
        """What is exercised meanwhile can be told apart by `split`, under this name."""
        before = Counter(self._hits)
        try:
            yield
        finally:
            self._apart[name] = self._hits - before

    def split(self, *, only_files: bool = False, questions: int = MOST_QUESTIONS) -> tuple[Report, dict[str, Report]]:
        """`report` without what was exercised apart, and by the names of `apart` which parts were exercised there."""
        corefiles = self._counted(only_files, questions)
        rest = Counter(self._hits)
        apart = {}
        for name, hits in self._apart.items():
            rest -= hits
            files = self._report(corefiles, hits).files
            parts = ((f, tuple(part for part in f.parts if part.hits)) for f in files)
            apart[name] = Report(tuple(FileCoverage(f.path, f.text, some) for f, some in parts if some))
        return self._report(corefiles, rest), apart

    def _counted(self, only_files: bool, questions: int) -> list[_Corefile]:
        """The Corefiles of a report, each with the questions asked that show its branches."""
        corefiles = list(self._corefiles.values())
        if only_files:
            corefiles = [c for c in corefiles if c.is_file()] or corefiles
        for corefile in corefiles:
            if questions and not corefile.asked:
                corefile.asked = True
                self._ask_all(corefile, questions)
        return corefiles

    def _report(self, corefiles: list[_Corefile], counts: Counter[_Key]) -> Report:
        found: dict[tuple[str, str], dict[Any, Part]] = {}
        for part, source, keys in [p for c in corefiles for p in self._parts(c)]:
            shown = source.embedding.text if source.embedding is not None else source.text
            parts = found.setdefault((_path(source.path), shown), {})
            hits = sum(counts[key] for key in keys)
            ask = next((self._asks[key] for key in keys if key in self._asks), "")
            parts[part.kind, part.name, part.line, part.column] = replace(part, hits=hits, ask=ask)
        return Report(
            tuple(FileCoverage(path, text, _sorted(found[path, text].values())) for path, text in sorted(found))
        )

    def _ask_all(self, corefile: _Corefile, questions: int) -> None:
        """Ask a copy of the server all kinds of questions, and note which parts each exercises."""
        from ..classes import Classes

        if corefile.server is None:
            return
        observed, before = Server._observe, self._found
        try:
            Server._observe = None
            classes = Classes(corefile.server, guess=True)
            Server._observe = self._recorder
            for cell in _some_cells(classes, questions):
                marks: list[_Key] = []
                self._found = marks.extend
                classes.reply(cell.witness)
                words = ""
                for key in marks:
                    if key not in self._asks:
                        self._asks[key] = words = words or _in_words(cell.witness)
        except (CorefileError, TooLarge):  # it has changed its Corefile for one that does not start
            return
        except Exception:  # a fault in here must not fail tests that pass
            if os.environ.get("COREFILE_DEBUG"):
                raise
        finally:
            Server._observe, self._found = observed, before

    def _parts(self, corefile: _Corefile) -> Iterator[tuple[Part, Source, list[_Key]]]:
        branches: dict[Span, set[str]] = {}
        for kind, span, name in (*self._hits, *self._asks):
            if kind == "branch":
                branches.setdefault(span, set()).add(name)
        yield from corefile.parts(branches)


def _some_cells(classes: Classes, most: int) -> Iterator[Cell]:
    """Some of all cells: half of those of questions that are asked plainly, and some of each other manner to ask, so that a
    Corefile with many names leaves room for its clients and flags."""
    from ..classes import Question

    manners = classes.manners()
    plain = [manner for manner in manners if manner == Question(".", to=manner.to)]
    left = most
    for some, budget in ((plain, most // 2), ([m for m in manners if m not in plain], most)):
        for number, manner in enumerate(some):
            share = min(left, budget) // (len(some) - number)
            taken = 0
            for cell in islice(classes.cells(manner), share):
                taken += 1
                yield cell
            left, budget = left - taken, budget - taken


class _Corefile:
    """The first instance of a Corefile that was asked anything. server: None for one that is an upstream."""

    def __init__(self, source: Source, instance: Instance, server: Server | None) -> None:
        self.source = source
        self.instance = instance
        self.server = server
        self.asked = False

    def is_file(self) -> bool:
        """Whether it stands in a file, as it was read."""
        shown = self.source.embedding.text if self.source.embedding is not None else self.source.text
        return FileCoverage(self.source.path, shown, ()).is_file

    def parts(self, branches: dict[Span, set[str]]) -> Iterator[tuple[Part, Source, list[_Key]]]:
        """All of its parts, with the keys under which they are counted. branches: the reasons by directive."""
        from ..language.expand import expand

        instance = self.instance
        world = instance.world
        program = expand(
            self.source, release=instance.release, environ=world.env, files=world.files, limits=world.limits
        )
        scratch = Instance(instance.release, world, None, type(instance.metrics)(), None)
        for index, site in enumerate(instance.sites):
            yield _part("server block", " ".join(site.zones), site.span, [("server block", site.span, "")])
            if len(site.zones) > 1:
                for zone, span in zip(site.zones, site.key_spans, strict=True):
                    yield _part("zone", zone, span, [("zone", site.span, zone.lower())])
            for reason in sorted(branches.get(site.span, ())):
                yield _part("branch", f"server: {reason}", site.span, [("branch", site.span, reason)])
            seen: set[Span] = set()
            tokens = program.blocks[index].directives if index < len(program.blocks) else {}
            for handler in site.handlers:
                if handler.span in seen:
                    continue
                seen.add(handler.span)
                yield from _of_directive(handler, tokens.get(handler.name, []), scratch, branches)


def _of_directive(
    handler: Handler, tokens: list[Any], scratch: Instance, branches: dict[Span, set[str]]
) -> Iterator[tuple[Part, Source, list[_Key]]]:
    from ..chain.reading import read
    from ..chain.setup import Setup
    from ..plugins import find

    name, span = handler.name, handler.span
    if not handler.IN_CHAIN:
        yield _part("setting", name, span, [])
        return
    cls = find(name)
    setup = Setup(name, handler.order, handler.setup.site, scratch, span)
    occurrences = [] if cls is None else list(read(cls, tokens, setup))
    many = isinstance(handler.config, tuple)
    if not many and any(given.span == span for given in occurrences[1:]):  # each occurrence is a handler of its own
        occurrences = [given for given in occurrences if given.span == span]
    apart = len(occurrences) > 1 and _by_zones(handler)
    if not apart:
        yield _part("directive", name, span, [("directive", span, "")])
    for number, given in enumerate(occurrences):
        if apart:
            yield _part("directive", name, given.span, [("directive", span, str(number))])
        if handler.RULES:
            words = _words(w.text for x in (given, *given.lines) for w in x.words)
            yield _part("rule", f"{name} {words}".strip(), given.span, [("rule", span, str(number))], span)
        fields = {} if cls is None else cls.properties(tuple(w.text for w in given.words), scratch.release)
        config = handler.config[number] if many and number < len(handler.config) else handler.config
        yield from _of_lines(name, given, fields, config, span, number if many else 0)
    entries: Callable[[], Iterable[str]] | None = getattr(handler, "entries", None)
    for entry in sorted(entries()) if entries is not None else ():
        yield _part("entry", f"{name}: {entry}", _place(entry, occurrences, span), [("entry", span, entry)], span)
    for reason in sorted(branches.get(span, ())):
        yield _part("branch", f"{name}: {reason}", span, [("branch", span, reason)], span)


def _of_lines(
    name: str, given: Given, fields: dict[str, Property], config: Any, span: Span, number: int
) -> Iterator[tuple[Part, Source, list[_Key]]]:
    """The parts of the lines of one occurrence. number: which of those that have a configuration of their own it is."""
    count: Counter[str] = Counter()
    for x in (x for x in given.lines if x.name and x.name != "fallthrough"):
        property_ = fields.get(x.name)
        if property_ is not None and property_.rule:
            yield from _of_rule(name, x, property_.rule, span, f"{number} {x.name}", count[x.name])
        else:
            field = x.name if property_ is None else property_.field
            key: _Key = ("property", span, f"{number} {field}")
            yield _part("property", f"{name}: {x.name}", x.span, [key], span)
        count[x.name] += 1
    zones = getattr(getattr(config, "fallthrough", None), "zones", ())
    for x in (x for x in given.lines if x.name == "fallthrough"):
        for zone in zones:
            yield _part("fallthrough", f"{name}: {zone}", x.span, [("fallthrough", span, f"{number} {zone}")], span)


def _of_rule(
    name: str, given: Given, rule: str, span: Span, key: str, number: int
) -> Iterator[tuple[Part, Source, list[_Key]]]:
    """The parts of a line that decides by itself. key: where the keys of its property begin. number: which of them it is."""
    words = f"{name}: {given.name}"
    if rule == "zone":
        zones = [zone for value in given.values.values() for zone in value]
        for word, found in zip(given.words, zones, strict=False):
            keys: list[_Key] = [("rule", span, f"{key} {zone.lower()}") for zone in found]
            yield _part("rule", f"{words} {word.text}", word.span, keys, span)
        return
    words = f"{words} {_words(w.text for w in given.words)}".rstrip()
    for end in ("true", "false") if rule == "both" else ("",):
        told = f"{key} {number} {end}".rstrip()
        yield _part("rule", f"{words} is {end}" if end else words, given.span, [("rule", span, told)], span)


def _words(texts: Iterable[str]) -> str:
    """Words as the name of a part has them."""
    words = " ".join(texts)
    return words if len(words) <= 60 else f"{words[:57]}..."


def _by_zones(handler: Handler) -> bool:
    """Whether a handler is several directives, each for zones of its own."""
    configs = handler.config
    return not handler.RULES and isinstance(configs, tuple) and all(hasattr(config, "zones") for config in configs)


def _place(entry: str, occurrences: Iterable[Any], span: Span) -> Span:
    """Where an entry stands in the Corefile; else its directive."""
    for given in occurrences:
        for x in given.lines:
            for word in x.words:
                if not x.name and word.text.lower().rstrip(".") == entry.rstrip("."):
                    found: Span = word.span
                    return found
    return span


def _part(
    kind: Kind, name: str, span: Span, keys: list[_Key], directive: Span | None = None
) -> tuple[Part, Source, list[_Key]]:
    at = span.locate()
    of = None if directive is None else directive.locate()
    return Part(kind, name, at.line, at.column, of and (of.line, of.column)), span.source, keys


_on: list[Coverage] = []
"""Those that measure, the first to begin first."""


def _observe(server: Server, kept: Trace | None) -> Recorder:
    """What looks on for all that measure."""
    recorder: Any = kept
    for coverage in _on:
        recorder = coverage._recorder(server, recorder)
    found: Recorder = recorder
    return found


class _Recorder:
    """Looks on beside a trace, if there is one, or beside another one that looks on."""

    __slots__ = ("coverage", "kept", "open", "site")

    def __init__(self, coverage: Coverage, kept: Recorder | None) -> None:
        self.coverage = coverage
        self.kept = kept
        self.open: list[tuple[Handler, str]] = []  # those that are being asked, with the name that they are asked for
        self.site: Any = None

    def chose(self, query: Query, server: dict[str, Any]) -> None:
        """Note the server block and the zone."""
        if self.kept is not None:
            self.kept.chose(query, server)
        site = self.site = server["site"]
        if site is not None:
            self.coverage._found([("server block", site.span, ""), ("zone", site.span, server["zone"].lower())])

    def behind(self, query: Query) -> None:
        """Hand it on."""
        if self.kept is not None:
            self.kept.behind(query)

    def enter(self, handler: Handler, query: Query) -> Any:
        """A plugin is asked."""
        coverage = self.coverage
        instance = handler.setup.instance
        if instance not in coverage._seen:
            coverage._know(instance)
        coverage._answering += 1
        self.open.append((handler, query.name))
        return (handler, len(self.open) - 1, query.name, None if self.kept is None else self.kept.enter(handler, query))

    def leave(self, hop: Any, handler: Handler, outcome: Outcome | None) -> None:
        """Note the directive, its reason, where it passes on, and its entry."""
        _, depth, name, inner = hop
        coverage = self.coverage
        coverage._answering -= 1
        del self.open[depth:]
        if self.kept is not None:
            self.kept.leave(inner, handler, outcome)
        if outcome is None:
            return
        span = handler.span
        reason = name_of(outcome.why)
        if reason != OUTSIDE.name:
            coverage._found([("directive", span, "")])
            if span not in coverage._consulted and _by_zones(handler):
                self._among(handler, name)
        if reason:
            coverage._found([("branch", span, reason)])
        if isinstance(outcome, Next):
            if outcome.kind == "fallthrough":
                configs = handler.config if isinstance(handler.config, tuple) else ()
                inforce = getattr(handler, "fall", None)
                numbers = [n for n, c in enumerate(configs) if getattr(c, "fallthrough", None) == inforce]
                self._fell(handler, numbers[-1] if numbers else 0, name)
        elif span in coverage._entries:
            entries = coverage._entries[span]
            entry = name if name in entries else f"*.{name.partition('.')[2]}"
            if entry in entries:
                coverage._found([("entry", span, entry)])

    def _among(self, handler: Handler, name: str) -> None:
        """Note which of several directives serves the name: the last one of those with the longest zone."""
        zones = [tuple(zone.lower() for zone in config.zones) for config in handler.config]
        found = longest_match(tuple(zone for some in zones for zone in some), name)
        numbers = [number for number, some in enumerate(zones) if found in some]
        if numbers:
            self.coverage._found([("directive", handler.span, str(numbers[-1]))])

    def _fell(self, handler: Handler, number: int, name: str) -> None:
        config = handler.config[number] if isinstance(handler.config, tuple) else handler.config
        zones = getattr(getattr(config, "fallthrough", None), "zones", ())
        zone = longest_match(tuple(zones), name)
        if zone is not None:
            self.coverage._found([("fallthrough", handler.span, f"{number} {zone}")])

    def again(self, hop: Any) -> None:
        """A plugin sees the result."""
        handler, depth, name, inner = hop
        self.coverage._answering += 1
        self.open[depth:] = [(handler, name)]
        if self.kept is not None:
            self.kept.again(inner)

    def back(self, hop: Any, before: Result, after: Result) -> None:
        """Note the reason that it gives."""
        handler, depth, _, inner = hop
        self.coverage._answering -= 1
        del self.open[depth:]
        if self.kept is not None:
            self.kept.back(inner, before, after)
        if after is not before and after.why and after.why != before.why:
            self._reason(handler.span, after.why)

    def note(self, why: Why) -> None:
        """Note the reason of the plugin at hand."""
        if self.kept is not None:
            self.kept.note(why)
        if self.open:
            self._reason(self.open[-1][0].span, why)

    def used(self, handler: Handler, number: int, rule: str = "", *, passed: bool = False) -> None:
        """Note the rule, or where it passes on."""
        if self.kept is not None:
            self.kept.used(handler, number, rule, passed=passed)
        if passed:
            if self.open:
                self._fell(handler, number, self.open[-1][1])
            return
        span = handler.span
        self.coverage._found([("rule", span, f"{number} {rule}".rstrip())])
        if not any(asked is handler for asked, _ in self.open):  # it is asked before a server block is chosen
            self.coverage._found([("directive", span, "")])

    def finish(self, rcode: int | None, why: Why = "") -> None:
        """Note why a question ended, where no plugin had the last word."""
        if self.kept is not None:
            self.kept.finish(rcode, why)
        if why and self.site is not None:
            self._reason(self.site.span, why)

    def _reason(self, span: Span, why: Why) -> None:
        name = name_of(why)
        if name:
            self.coverage._found([("branch", span, name)])


def _watch(config: Declaration | Any, key: _Key, coverage: Coverage) -> None:
    """Have a configuration tell which fields are looked at, those that measure already as well."""
    told = (*(each for each in getattr(type(config), "_told", ()) if each in _on), coverage)
    cls = getattr(type(config), "_unwatched", type(config))
    fields = frozenset(getattr(cls, "DEFAULTS", ()))
    if not fields:
        return

    def look(self: Any, name: str) -> Any:
        if name in fields:
            for each in told:
                each._looked_at(key, name)
        return object.__getattribute__(self, name)

    def reduce(self: Any, protocol: Any) -> Any:
        return _again, (cls, object.__getattribute__(self, "__dict__"))

    watched = {"__getattribute__": look, "__reduce_ex__": reduce, "_unwatched": cls, "_told": told}
    named = {"__module__": cls.__module__, "__qualname__": cls.__qualname__}
    config.__class__ = type(cls.__name__, (cls,), {**watched, **named})


def _again(cls: type, values: dict[str, Any]) -> Any:
    made: Any = object.__new__(cls)
    vars(made).update(values)
    return made


def _in_words(question: Question) -> str:
    """A question as one line."""
    words = [question.name, question.type]
    if question.cls != "IN":
        words.insert(1, question.cls)
    if question.flags != "rd":
        words.append(f"flags {question.flags}")
    if question.opcode != "QUERY":
        words.append(f"opcode {question.opcode}")
    for name in ("client", "to", "transport"):
        value = getattr(question, name)
        if value:
            words.append(f"{'from' if name == 'client' else name} {value}")
    if question.edns is not None:
        words.append(f"with EDNS ({question.edns.udp} octets{', DO' if question.edns.do else ''})")
    return " ".join(words)


def _path(path: str) -> str:
    """The path from here, where it is below."""
    if not os.path.exists(path):
        return path
    full, here = os.path.realpath(path), os.path.realpath(os.curdir)
    return os.path.relpath(full, here) if full.startswith(here + os.sep) else full


def _sorted(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(sorted(parts, key=lambda p: (p.line, p.column, KINDS.index(p.kind), p.name)))


__all__ = ["KINDS", "Coverage", "FileCoverage", "Kind", "Part", "Report"]
