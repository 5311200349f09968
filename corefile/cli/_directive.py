"""What is known about a directive, from its declaration: for `explain`, `plugins`, and docs/plugins.md."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from typing import Any, TypeAlias

from .. import releases
from ..chain.declare import Argument, Property, placeholder, usage
from ..chain.shapes import Plugin
from ..chain.types import Duration
from ..findings.layout import Line, Part, line
from ..light import regex
from ..plugins import usable
from ..releases import Release
from ..releases.rules import ByRelease


def about(cls: type[Plugin]) -> tuple[str, str]:
    """A plugin's summary, and the text below it: description, syntax, examples. Of one whose module has no such docstring,
    its own."""
    text = inspect.getdoc(sys.modules[cls.__module__]) or ""
    title, _, body = text.partition("\n")
    summary = title.partition(" - ")[2].strip()
    if not summary:
        summary, _, body = (inspect.getdoc(cls) or "").partition("\n")
    return summary, body.strip()


def releases_of(name: str) -> str:
    """In which releases a directive is there, in words; '' for all."""
    first, gone = releases.directive_history(name)
    oldest = releases.ALL[0].version
    since = "" if first is None or first.version == oldest else f"since {first.version}"
    until = "" if gone is None else f"removed in {gone.version}"
    return ", ".join(x for x in (since, until) if x)


def lines(cls: type[Plugin]) -> tuple[Property, ...]:
    """The lines of a directive's block: those that begin with no property's name, such as the entries of `hosts`, and its
    properties."""
    free = cls.Config.FREE
    return (*([free] if free is not None and free.doc else ()), *cls.PROPERTIES)


def tells(a: Argument) -> bool:
    """Whether there is more to say of an argument than the line of syntax does."""
    return bool(a.doc or argument(a) not in ("word", ""))


def argument(a: Argument) -> str:
    """What an argument takes, as far as the line of syntax does not show it: `duration, default 5 s, since 1.8.0`."""
    shown = placeholder(a)
    label = a.type.label
    if shown == label or shown in (f"{label}{end}".upper().replace(" ", "-") for end in ("", "s", "es")):
        label = ""
    given = ""
    if not a.required and not a.many and a.default is not None:
        given = f"default {a.default:g}" if isinstance(a.default, float) else f"default {str(a.default).lower()}"
        given += " s" * isinstance(a.type, Duration)
    return ", ".join(filter(None, (label, given, f"since {a.since}" if a.since else "")))


def marks(p: Property) -> str:
    """When a property came, and went."""
    found = (
        f"since {p.since}" if p.since else "",
        f"removed in {p.removed}" if p.removed else "",
        f"without effect since {p.ignored}" if p.ignored else "",
    )
    return ", ".join(x for x in found if x)


def history(cls: type[Plugin]) -> Iterator[tuple[str, str]]:
    """What differs between releases: when, and what, in the order in which the rules are declared."""
    block = cls.READS.block_since
    if block:
        yield f"since {block}", "there is a property block"
    for rule in _declared(cls):
        yield from _told(rule)


def _declared(cls: type[Plugin]) -> Iterator[ByRelease[Any]]:
    """What is declared of releases, with what it is about."""
    for rule in (*cls.Rules.declared.values(), cls.READS.others):
        if isinstance(rule, ByRelease) and rule.doc:
            yield rule


def in_release(cls: type[Plugin], release: Release) -> Iterator[str]:
    """What of it holds in a release."""
    for rule in _declared(cls):
        value = rule.at(release)
        if value is not False and value is not None:
            yield rule.doc if value is True else f"{rule.doc}: {_shown(value)}"


def _told(rule: ByRelease[Any]) -> Iterator[tuple[str, str]]:
    steps = [(None, rule.first), *rule.steps]
    if all(isinstance(value, bool) for _, value in steps):
        ends = [*(version for version, _ in steps[1:]), None]
        spans = [(a, b) for (a, value), b in zip(steps, ends, strict=True) if value]
        yield ", ".join(_span(a, b) for a, b in spans), rule.doc
        return
    values = [_shown(value) for _, value in steps]
    parts = [values[0], *(f"{v} since {version}" for (version, _), v in zip(steps[1:], values[1:], strict=True))]
    yield "", f"{rule.doc}: {', '.join(parts)}"


def _span(first: str | None, end: str | None) -> str:
    if first is None:
        return f"before {end}" if end else "always"
    return f"since {first}" if end is None else f"{first} to before {end}"


def _shown(value: Any) -> str:
    """A rule's value as a reader may take it."""
    if value is None or value is False:
        return "no"
    if value is True:
        return "yes"
    if isinstance(value, str):
        return f"`{value}`" if value else "nothing"
    if isinstance(value, (tuple, list, set, frozenset)):
        items = value if isinstance(value, (tuple, list)) else sorted(value, key=str)
        return " ".join(_shown(x) for x in items) or "none"
    if isinstance(value, dict):
        return " ".join(f"{_shown(k)}={_shown(v)}" for k, v in value.items()) or "none"
    if isinstance(value, (int, float)):
        return f"{value:g}"
    return getattr(value, "__name__", str(value))


# -- as `explain` prints it --------------------------------------------------------------------------------------------

Arguments: TypeAlias = "tuple[Argument, ...]"
Properties: TypeAlias = "list[tuple[Property, Arguments]]"

_SYNTAX = regex(r"^Syntax\b", re.M)
"""What begins the part of a docstring that shows the syntax."""


def directive(name: str, release: Release | None = None) -> list[Line]:
    """What a directive takes, and what differs between releases; of one release, where one is given."""
    there = releases_of(name)
    cls = usable(name)
    summary, text = about(cls) if cls is not None else ("its effect is not simulated yet", "")
    out = [Line((Part(name, "bold"), Part(f"  {summary}"), Part(f"  ({there})" if there else "", "dim")))]
    out += place(name, release)
    if cls is None or (release is not None and not release.has(name) and name in releases.known_directives()):
        return [*out, line("")]
    arguments = _there(cls.ARGUMENTS, release)
    properties = [(p, _there(p.args, release)) for p in lines(cls) if release is None or p.in_release(release)]
    if release is None and text:
        out += [line(""), *(line(f"  {x}" if x else "") for x in text.splitlines())]
    if release is not None or not _SYNTAX.search(text):
        out += _syntax(name, arguments, properties)
    out += [*_arguments(arguments), *_properties(properties)]
    out += _differences(cls) if release is None else _in_release(cls, release)
    return [*out, line("")]


def _syntax(name: str, arguments: Arguments, properties: Properties) -> list[Line]:
    """How a directive is written, as its declaration has it."""
    block = [f"      {usage(p.name, args)}" for p, args in properties]
    out = [line(""), line(f"  {usage(name, arguments)}{' {' if block else ''}")]
    return out + [line(x) for x in (*block, *(["  }"] if block else ()))]


def _arguments(arguments: Arguments) -> list[Line]:
    if not arguments:
        return []
    width = max(len(placeholder(a)) for a in arguments)
    return [
        line(""),
        line("  arguments"),
        *(Line((Part(f"    {placeholder(a):<{width}}  ", "bold"),), (Part(_described(a)),)) for a in arguments),
    ]


def _properties(properties: Properties) -> list[Line]:
    out = [line(""), line("  properties")] if properties else []
    for p, args in properties:
        words = "; ".join(x for x in (marks(p), p.doc) if x)
        head = (Part(f"    {usage(p.name, args)}", "bold"), Part("  " if words else ""))
        out.append(Line(head, (Part(words),), 8))
        out += [line(f"        {placeholder(a)}  ", _described(a)) for a in args if tells(a)]
    return out


def _in_release(cls: type[Plugin], release: Release) -> list[Line]:
    """What of all that differs holds in a release."""
    held = [line("    - ", text) for text in in_release(cls, release)]
    return [line(""), line(f"  in CoreDNS {release}, of what differs between releases"), *held] if held else []


def _differences(cls: type[Plugin]) -> list[Line]:
    """What differs between releases."""
    changes = list(history(cls))
    width = max((len(when) for when, _ in changes), default=0)
    rows = [Line((Part(f"    {when:<{width}}  ", "dim"),), (Part(what),)) for when, what in changes]
    return [line(""), line("  what differs between releases"), *rows] if rows else []


def _there(arguments: tuple[Argument, ...], release: Release | None) -> tuple[Argument, ...]:
    """Those of the arguments that a release has."""
    return tuple(a for a in arguments if release is None or a.since is None or release >= a.since)


def _described(a: Argument) -> str:
    """What an argument takes, and what it is for."""
    return ": ".join(x for x in (argument(a), a.doc) if x)


def place(name: str, release: Release | None) -> list[Line]:
    """Where a directive stands in the order of a release."""
    release = release or releases.LATEST
    if name not in releases.known_directives() and (cls := usable(name)) is not None:
        before = f", before `{cls.BEFORE}`" if cls.BEFORE else ""
        return [line(f"  CoreDNS does not come with it: --plugin {name} adds it{before}")]
    if not release.has(name):
        return [line(f"  CoreDNS {release} has no `{name}`")]
    at = release.order.index(name)
    behind = f" behind `{release.order[at - 1]}`" if at else ""
    before = f" before `{release.order[at + 1]}`" if at + 1 < len(release.order) else ""
    link = " and" if behind and before else ""
    return [
        line(f"  number {at + 1} of the {len(release.order)} directives of CoreDNS {release}:{behind}{link}{before}")
    ]


__all__ = ["about", "argument", "directive", "history", "in_release", "lines", "marks", "releases_of", "tells"]
