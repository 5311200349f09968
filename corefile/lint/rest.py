"""What else is wrong with a Corefile that CoreDNS refuses: the rules look at the rest of it.

Each directive at which CoreDNS stops is as one that is not simulated then, and a server block whose zones are at fault is
left out. What may depend on them goes unsaid: a question that comes past them is not asked, and a finding in their words
is left out. Where a brace or a quote may be what is wrong, all of the rest may be read otherwise, and nothing is said.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from ..findings import CorefileError
from ..language.nodes import Directive, ServerBlock, leaves
from ..language.unset import REFERENCE
from ..language.words import Token
from .asking import InDoubt
from .one_mistake import ABOUT_FILES, is_sign, long_quote, own_plugin
from .rule import broken, is_structural
from .subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..findings import Finding, Span
    from ..language.expand import Program
    from ..releases import Release

T = TypeVar("T")

MOST = 4
"""How often a Corefile is looked at, each time without what was at fault the last time."""

NAMES = frozenset(("unknown-directive", "newer-directive", "removed-directive", "not-built-in"))
"""Findings about directives that the release does not have."""
IMPORTS = frozenset(("import-not-found", "import-without-match", "import-argument"))
"""Findings about an `import`: what it would bring is not known."""
LISTENING = frozenset(
    (
        "address-in-use",
        "block-never-chosen",
        "endpoint-on-a-shared-port",
        "forwards-to-itself",
        "tls-differs",
        "transports-on-one-port",
        "zone-overlap",
    )
)
"""Findings that depend on the addresses that the server listens on."""
LISTENS = frozenset(("bind", "loop", "tls", "view"))
"""Directives on which these depend."""
SAID = frozenset((*ABOUT_FILES, "environment-unset", "not-simulated", "name-not-known"))
"""Findings of all directives that are read, which are said of the Corefile as it stands."""


def rest(subject: Subject, said: list[Finding], kept: list[Finding]) -> list[Finding]:
    """Warnings and notices beside the errors. said: what CoreDNS says. kept: what does not follow from an earlier error."""
    if len(kept) < len(said):
        return []
    release, world = subject.release, subject.process.world
    if any(map(long_quote, subject.program.sources)):
        return []
    if any(key.text == "}" or release.has(key.text) for block in subject.program.blocks for key in block.keys):
        return []  # words of a server block that is closed too early
    at_fault = _AtFault(subject.program)
    known = {(f.code, f.span) for f in said}
    for _ in range(MOST):
        errors = [finding for finding in said if finding.severity == "error"]
        if not all(at_fault.take(error, release) for error in errors):
            return []
        program = at_fault.without()
        if not program.blocks:
            return []
        other = Subject(subject.source, release, world, program)
        said = other.process.findings
        if any(finding.severity == "error" for finding in said):
            continue
        other.process.instance.slots.put(InDoubt())
        try:
            other.process.start(watched=False)
        except CorefileError:
            said = other.process.findings
            continue
        found = [f for f in other.process.findings if f.code not in SAID and (f.code, f.span) not in known]
        found += broken(other)
        other.process.instance.stop()
        if any(is_structural(finding.code) for finding in found):
            return []
        return [finding for finding in found if not at_fault.concerns(finding)]
    return []


class _Places(Generic[T]):
    """What stands at places of texts that do not overlap, but may be there several times."""

    def __init__(self, places: Iterable[tuple[Span, T]]) -> None:
        by_source: dict[int, list[tuple[Span, T]]] = {}
        for place in places:
            by_source.setdefault(id(place[0].source), []).append(place)
        self._by_source = {key: sorted(found, key=lambda place: place[0].start) for key, found in by_source.items()}

    def at(self, span: Span) -> Iterator[T]:
        """All that has a character in common with a place, or in which it lies."""
        found = self._by_source.get(id(span.source), [])
        at = bisect_left(found, span.start, key=_start)
        if at and found[at - 1][0].end > span.start:
            at = bisect_left(found, found[at - 1][0].start, key=_start)
        end = max(span.end, span.start + 1)
        while at < len(found) and found[at][0].start < end:
            yield found[at][1]
            at += 1


def _start(place: tuple[Span, object]) -> int:
    return place[0].start


class _AtFault:
    """What of a program is at fault. blocks: server blocks that are left out, by number. directives: by number of the block
    and name. doubtful: of blocks that may have anything more, the place that is the reason. others: such places of plugins that
    the image may have: the other lines of their blocks stand as they are. meant: by the place of a word, the directive that
    is meant by it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.blocks: set[int] = set()
        self.directives: set[tuple[int, str]] = set()
        self.doubtful: dict[int, Span] = {}
        self.others: set[Span] = set()
        self.meant: dict[Span, str] = {}
        numbered = [*enumerate(program.blocks)]
        self._lines = [(number, line) for number, block in numbered for line in block.lines]
        self._of_word = _Places((word.span, at) for at in self._lines for word in leaves(at[1]))
        self._of_key = _Places((key.span, number) for number, block in numbered for key in block.keys)
        self._of_block = _Places((block.span, number) for number, block in numbered)

    def take(self, error: Finding, release: Release) -> bool:
        """Leave out what an error is about; whether that is known."""
        span = error.span
        if span is None or is_sign(error, release) or error.expected in ("closing brace", "closing quote"):
            return False
        spans = [span, *(place for place, _ in error.related)]
        if error.directive == "" and error.code not in NAMES | IMPORTS:
            bound = any(name == "bind" for _, name in self.directives)  # then the others of its zone are in order
            keys = [number for place in (spans[:1] if bound else spans) for number in self._of_key.at(place)]
            self.blocks.update(keys)
            if keys:
                return True
            if error.code != "environment-unset" and error in self._said:
                return False
        if error.code in IMPORTS:
            blocks = [*self._of_block.at(span)]
            self.doubtful.update(dict.fromkeys(blocks, span))
            return bool(blocks)
        lines = [at for place in spans for at in self._of_word.at(place)]
        if error.code == "environment-unset":  # the same is wrong wherever it stands in such a directive
            names = {line.name for _, line in lines}
            lines += [at for at in self._using.get(span.text, ()) if at[1].name in names]
        for number, line in lines:
            meant = self._meant(error, line) if error.code in NAMES else line.name
            if release.has(meant):
                self.directives.add((number, meant))
            else:
                self.doubtful[number] = span
                if own_plugin(error, release).expected == "name of a plugin":
                    self.others.add(span)
        return bool(lines)

    @cached_property
    def _said(self) -> frozenset[Finding]:
        return frozenset(self.program.findings)

    @cached_property
    def _using(self) -> dict[str, list[tuple[int, Directive]]]:
        """The directives with a reference to a variable of the environment, by its text."""
        found: dict[str, list[tuple[int, Directive]]] = {}
        for at in self._lines:
            for word in leaves(at[1]):
                for match in REFERENCE.finditer(word.source.text, word.start, word.end):
                    found.setdefault(match[0], []).append(at)
        return found

    def _meant(self, error: Finding, line: Directive) -> str:
        """The directive that a misspelt word is meant as; the word itself where that is not known."""
        edits = error.fix.edits if error.fix is not None else ()
        if line.words[0].span == error.span and len(edits) == 1 and edits[0][0] == error.span:
            self.meant[error.span] = edits[0][1]
            return edits[0][1]
        return line.name

    def without(self) -> Program:
        """The program without what is at fault."""
        numbers = [n for n in range(len(self.program.blocks)) if n not in self.blocks]
        new = {old: number for number, old in enumerate(numbers)}
        unknown = [(None if n is None else new[n], s) for n, s in self.program.unknown if n is None or n in new]
        unknown += [(new[n], s) for n, s in self.doubtful.items() if n in new]
        return self.program._replace(
            blocks=tuple(self._named(self.program.blocks[n]) for n in numbers),
            findings=tuple(f for f in self.program.findings if f.severity != "error"),
            unknown=tuple(unknown),
            patterns=tuple((n if n is None else new[n], s) for n, s in self.program.patterns if n is None or n in new),
            left_out=frozenset((new[n], name) for n, name in self.directives if n in new),
        )

    def _named(self, block: ServerBlock) -> ServerBlock:
        """A server block with the directives that are meant in the place of misspelt ones."""
        if not self.meant:
            return block
        body = []
        for line in block.body:
            first = line.parts[0] if isinstance(line, Directive) else None
            if isinstance(line, Directive) and isinstance(first, Token) and first.span in self.meant:
                line = Directive((first._replace(text=self.meant[first.span]), *line.parts[1:]))
            body.append(line)
        return ServerBlock(block.head, block.opening, tuple(body), block.closing)

    def concerns(self, finding: Finding) -> bool:
        """Whether a finding may depend on what is at fault."""
        if finding.span is None:
            return True
        if finding.code in LISTENING and (self.blocks or any(name in LISTENS for _, name in self.directives)):
            return True
        spans = (finding.span, *(span for span, _ in finding.related))
        return any(True for span in spans for _ in self._in_doubt.at(span))

    @cached_property
    def _in_doubt(self) -> _Places[None]:
        """The words of what is at fault."""
        lines = (line for number, line in self._lines if (number, self._name(line)) in self.directives)
        words = [word for line in lines for word in leaves(line)]
        wholly = [number for number, reason in self.doubtful.items() if reason not in self.others]
        words += [word for number in wholly for word in leaves(self.program.blocks[number])]
        return _Places((word.span, None) for word in words)

    def _name(self, line: Directive) -> str:
        return self.meant.get(line.words[0].span, line.name) if line.words else line.name


__all__ = ["rest"]
