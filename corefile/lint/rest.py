"""What else is wrong with a Corefile that CoreDNS refuses: the rules look at the rest of it.

Each directive at which CoreDNS stops is as one that is not simulated then, and a server block whose zones are at fault is
left out. What may depend on them goes unsaid: a question that comes past them is not asked, and a finding in their words
is left out. Where a brace or a quote may be what is wrong, all of the rest may be read otherwise, and nothing is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..findings import CorefileError
from ..language.nodes import Directive, ServerBlock, leaves
from ..language.words import Token
from .asking import InDoubt
from .one_mistake import ABOUT_FILES, is_sign, long_quote
from .rule import broken, is_structural
from .subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..findings import Finding, Span
    from ..language.expand import Program
    from ..releases import Release

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


class _AtFault:
    """What of a program is at fault. blocks: server blocks that are left out, by number. directives: by number of the block
    and name. doubtful: of blocks that may have anything more, the place that is the reason.
    meant: by the place of a word, the directive that is meant by it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.blocks: set[int] = set()
        self.directives: set[tuple[int, str]] = set()
        self.doubtful: dict[int, Span] = {}
        self.meant: dict[Span, str] = {}
        self.lines = [(n, line, leaves(line)) for n, block in enumerate(program.blocks) for line in block.lines]

    def take(self, error: Finding, release: Release) -> bool:
        """Leave out what an error is about; whether that is known."""
        span = error.span
        if span is None or is_sign(error, release) or error.expected in ("closing brace", "closing quote"):
            return False
        spans = [span, *(place for place, _ in error.related)]
        if error.directive == "" and error.code not in NAMES | IMPORTS:
            bound = any(name == "bind" for _, name in self.directives)  # then the others of its zone are in order
            places = spans[:1] if bound else spans
            keys = [
                n for n, b in enumerate(self.program.blocks) if any(_meet(k.span, s) for k in b.keys for s in places)
            ]
            self.blocks.update(keys)
            if keys:
                return True
            if error in self.program.findings and error.code != "environment-unset":
                return False
        if error.code in IMPORTS:
            blocks = [n for n, block in enumerate(self.program.blocks) if _meet(block.span, span)]
            self.doubtful.update(dict.fromkeys(blocks, span))
            return bool(blocks)
        variable = span.text if error.code == "environment-unset" else ""
        lines = [(n, line) for n, line, words in self.lines if any(_meet(w.span, s) for w in words for s in spans)]
        names = {line.name for _, line in lines}
        if variable:  # the same is wrong wherever it stands in such a directive
            lines += [
                (n, line)
                for n, line, words in self.lines
                if line.name in names and any(variable in word.span.text for word in words)
            ]
        for number, line in lines:
            meant = self._meant(error, line) if error.code in NAMES else line.name
            if release.has(meant):
                self.directives.add((number, meant))
            else:
                self.doubtful[number] = span
        return bool(lines)

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
        areas = [line.span for n, line, _ in self.lines if (n, self._name(line)) in self.directives]
        areas += [a for n, block in enumerate(self.program.blocks) if n in self.doubtful for a in _areas(block)]
        return any(_meet(area, span) for area in areas for span in spans)

    def _name(self, line: Directive) -> str:
        return self.meant.get(line.words[0].span, line.name) if line.words else line.name


def _areas(block: ServerBlock) -> Iterable[Span]:
    """The places of a server block and of what it imports."""
    return block.span, *(line.span for line in block.lines)


def _meet(one: Span, other: Span) -> bool:
    """Whether two places have a character in common, or one of them lies in the other."""
    return one.source is other.source and one.start < max(other.end, other.start + 1) and other.start < one.end


__all__ = ["rest"]
