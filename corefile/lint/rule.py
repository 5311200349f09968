"""A rule: what CoreDNS starts with, and what is most likely not what was meant.

One rule is one file in `rules/`, named as its finding. Its docstring is its documentation (see `rules/__init__.py`), and
these names are what it declares:

    look(subject): finds the mistakes in a Corefile that CoreDNS starts with.
    SEVERITY: `warning` unless given.
    SINCE, UNTIL: the first release that it holds for, and the first that it no longer does.
    STRUCTURE: whether words that follow are read otherwise because of it, so that what is found further down goes unsaid.

Its number and the directives without which it has nothing to look at stand in codes.txt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TYPE_CHECKING

from ..findings import Finding, Severity, Span, in_place
from ..light import NamedTuple
from .codes import rules

if TYPE_CHECKING:
    from types import ModuleType

    from ..releases import Release
    from .subject import Subject


class Mistake(NamedTuple):
    """One place where a rule is broken: the fields are those of a `Finding`. write: what to put in the place of `span`, or
    of `at`, which lies in it, where that is the cure; `hint` says so unless it is given."""

    message: str
    span: Span
    hint: str = ""
    label: str = ""
    related: tuple[tuple[Span, str], ...] = ()
    write: str | None = None
    at: Span | None = None


class Rule(NamedTuple):
    """A rule, loaded."""

    name: str
    look: Callable[[Subject], Iterable[Mistake]]
    severity: Severity
    since: str | None
    until: str | None
    structure: bool

    def holds(self, release: Release) -> bool:
        """Whether it says anything about this release."""
        return (self.since is None or release >= self.since) and (self.until is None or release < self.until)

    def findings(self, subject: Subject) -> list[Finding]:
        """Where it is broken."""
        return [
            Finding(
                self.name,
                one.message,
                one.span,
                one.hint or (f"write `{one.write}`" if one.write else ""),
                one.label,
                self.severity,
                one.related,
                None if one.write is None else in_place(one.at or one.span, one.write),
            )
            for one in self.look(subject)
        ]


_loaded: dict[str, Rule] = {}


def module_of(name: str) -> ModuleType:
    """The file of a rule."""
    return import_module(f"{__package__}.rules.{name.replace('-', '_')}")


def load(name: str) -> Rule:
    """The rule of this name."""
    rule = _loaded.get(name)
    if rule is None:
        file = vars(module_of(name))
        rule = _loaded[name] = Rule(
            name,
            file["look"],
            file.get("SEVERITY", "warning"),
            file.get("SINCE"),
            file.get("UNTIL"),
            file.get("STRUCTURE", False),
        )
    return rule


def is_structural(code: str) -> bool:
    """Whether a finding is that of a rule after which words are read otherwise."""
    rule = _loaded.get(code)
    return rule is not None and rule.structure


def broken(subject: Subject) -> list[Finding]:
    """What the rules find. In a text with a mistake in its structure that one alone: the rest may follow from it."""
    texts = [source.text for source in subject.program.sources]
    loaded = [
        load(name)
        for name, about, mark in rules()
        if (not about or not about.isdisjoint(subject.directives)) and (not mark or any(mark in text for text in texts))
    ]
    held = [rule for rule in loaded if rule.holds(subject.release)]
    found = [finding for rule in held if rule.structure for finding in rule.findings(subject)]
    found.sort(key=lambda f: f.span.start if f.span else 0)
    tops: dict[str, int] = {}
    first = [
        f for f in found if f.span is not None and tops.setdefault(f.span.source.path, f.span.start) == f.span.start
    ]
    rest = [finding for rule in held if not rule.structure for finding in rule.findings(subject)]
    known = [f for f in rest if f.span is None or f.span.source.path not in tops]
    return list(dict.fromkeys(first + known))  # what stands in a snippet is found wherever that is imported


__all__ = ["Mistake", "Rule", "broken", "is_structural", "load", "module_of"]
