"""The nodes of a Corefile's tree.

All are frozen and compare by value. Their leaves are spans of the text, and the leaves of a tree, read in order, are
the whole text. Words are split only when they are asked for.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from ..findings import Span
from .words import WORD, unescape


class Argument(NamedTuple):
    """One word. `text` is what CoreDNS reads, before environment variables."""

    span: Span

    @property
    def text(self) -> str:
        return unescape(self.span.text)

    @property
    def quoted(self) -> bool:
        return self.span.source.text.startswith('"', self.span.start)

    def __str__(self) -> str:
        return self.text


class Key(NamedTuple):
    """One key of a server block; `text` is without the comma behind it."""

    span: Span

    @property
    def text(self) -> str:
        return unescape(self.span.text).removesuffix(",")

    def __str__(self) -> str:
        return self.text


def words(leaf: Span) -> tuple[Argument, ...]:
    """The words of a leaf."""
    return tuple(
        Argument(Span(leaf.source, *match.span(match.lastindex)))
        for match in WORD.finditer(leaf.source.text, leaf.start, leaf.end)
        if match.lastindex
    )


class BlankLine(NamedTuple):
    """A line without words."""

    leaf: Span

    @property
    def span(self) -> Span:
        return self.leaf


class Comment(NamedTuple):
    """A line with nothing but a comment."""

    leaf: Span

    @property
    def span(self) -> Span:
        return _trimmed(self.leaf)

    @property
    def text(self) -> str:
        """What it says, without `#` and the space behind it."""
        return self.span.text[1:].removeprefix(" ")


class Import(NamedTuple):
    """`import` of a snippet, a file or a pattern. ending: the rest of the line, None at the end of the text."""

    head: Span
    ending: Span | None

    @property
    def span(self) -> Span:
        return _trimmed(self.head)

    @property
    def arguments(self) -> tuple[Argument, ...]:
        return words(self.head)[1:]

    @property
    def name(self) -> str:
        """What is imported; "" if nothing is named."""
        arguments = self.arguments
        return arguments[0].text if arguments else ""


class PropertyBlock(NamedTuple):
    """The braces of a directive, or of one of its properties, and what is in them.

    opening: `{` and the rest of its line. closing: None if it is missing.
    """

    opening: Span
    body: tuple[Line, ...]
    closing: Span | None

    @property
    def span(self) -> Span:
        return _around(self)


class Directive(NamedTuple):
    """A directive of a server block, or a property inside a directive's braces: words, and blocks between them."""

    parts: tuple[Span | PropertyBlock, ...]
    ending: Span | None

    @property
    def span(self) -> Span:
        return _around(self.parts)

    @property
    def words(self) -> tuple[Argument, ...]:
        """All words outside braces, the name first."""
        return tuple(word for part in self.parts if isinstance(part, Span) for word in words(part))

    @property
    def name(self) -> str:
        """Its first word; "" for braces without one."""
        first = self.parts[0]
        return words(first)[0].text if isinstance(first, Span) else ""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """Its words after the first."""
        return self.words[isinstance(self.parts[0], Span) :]

    @property
    def block(self) -> PropertyBlock | None:
        """Its braces; the first, should there be several."""
        return next((part for part in self.parts if isinstance(part, PropertyBlock)), None)

    @property
    def comment(self) -> str:
        """The comment at the end of its line, without `#`; "" if there is none."""
        return _trimmed(self.ending).text[1:].removeprefix(" ") if self.ending else ""


class Snippet(NamedTuple):
    """`(name) { ... }`, to be imported by its name."""

    head: Span
    opening: Span
    body: tuple[Line, ...]
    closing: Span | None
    ending: Span | None

    @property
    def span(self) -> Span:
        return _around(self)

    @property
    def name(self) -> str:
        return words(self.head)[0].text[1:-1]


class ServerBlock(NamedTuple):
    """A server block: keys, and directives in braces or, to the end of the text, without.

    head: its keys, None if it has none. opening: None without braces. line: the end of the line of keys without
    braces. closing, ending: the last brace and the rest of its line.
    """

    head: Span | None
    line: Span | None
    opening: Span | None
    body: tuple[Line, ...]
    closing: Span | None
    ending: Span | None

    @property
    def span(self) -> Span:
        return _around(self)

    @property
    def keys(self) -> tuple[Key, ...]:
        return tuple(Key(word.span) for line in self._head_lines() if not _imports(line) for word in line)

    @property
    def imports(self) -> tuple[Import, ...]:
        """The lines among its keys that import further ones: what an `import` behind a comma and a line break is."""
        return tuple(
            Import(line[0].span._replace(end=line[-1].span.end), None) for line in self._head_lines() if _imports(line)
        )

    def _head_lines(self) -> list[list[Argument]]:
        lines: list[list[Argument]] = []
        end = 0
        for word in words(self.head) if self.head else ():
            if not lines or "\n" in word.span.source.text[end : word.span.start]:
                lines.append([])
            lines[-1].append(word)
            end = word.span.end
        return lines

    @property
    def directives(self) -> tuple[Directive, ...]:
        return tuple(line for line in self.body if isinstance(line, Directive))


class Document(NamedTuple):
    """A whole Corefile. bom: its byte order mark, if it has one."""

    bom: Span | None
    items: tuple[Item, ...]

    @property
    def blocks(self) -> tuple[ServerBlock, ...]:
        return tuple(item for item in self.items if isinstance(item, ServerBlock))


Line: TypeAlias = Directive | Import | Comment | BlankLine
Item: TypeAlias = ServerBlock | Snippet | Import | Comment | BlankLine
Node: TypeAlias = Document | Item | Line | PropertyBlock


def leaves(node: Node | Span) -> list[Span]:
    """The leaves of a node, in the order of the text."""
    found = []
    stack: list[object] = [node]
    while stack:
        this = stack.pop()
        if isinstance(this, Span):
            found.append(this)
        elif isinstance(this, tuple):
            stack.extend(reversed(this))
    return found


def _imports(line: list[Argument]) -> bool:
    return line[0].text == "import"


def _around(parts: tuple[object, ...]) -> Span:
    """From the first word of a node to its last."""
    found = [_trimmed(leaf) for leaf in leaves(parts)]  # type: ignore[arg-type]
    found = [leaf for leaf in found if leaf.start < leaf.end and not leaf.text.startswith("#")] or found
    return Span(found[0].source, found[0].start, found[-1].end)


def _trimmed(leaf: Span) -> Span:
    """A leaf without the space around it."""
    text = leaf.text
    body = text.strip()
    start = leaf.start + len(text) - len(text.lstrip()) if body else leaf.start
    return Span(leaf.source, start, start + len(body))
