"""The nodes of a Corefile's tree.

All are frozen and compare by value. Their leaves are words, and the words of a tree, read in order, are the whole text.
The same nodes hold what was written and what CoreDNS reads, with imports and environment variables put in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ..findings import Span
from ..light import NamedTuple
from .words import Token


class Import(NamedTuple):
    """`import` of a snippet, a file or a pattern, and all that stands on its line."""

    words: tuple[Token, ...]

    def __repr__(self) -> str:
        return f"<Import {self.name}>"

    @property
    def span(self) -> Span:
        return _around(self)

    @property
    def arguments(self) -> tuple[Token, ...]:
        return self.words[1:]

    @property
    def name(self) -> str:
        """What is imported; "" if nothing is named."""
        return self.words[1].text if len(self.words) > 1 else ""


class PropertyBlock(NamedTuple):
    """The braces of a directive, or of one of its properties, and the lines in them.

    opening: `{`; None where it is glued to the word before. closing: None if it is missing.
    """

    opening: Token | None
    body: tuple[Line, ...]
    closing: Token | None

    def __repr__(self) -> str:
        return f"<PropertyBlock of {len(self.body)} lines>"

    @property
    def span(self) -> Span:
        return _around(self)

    @property
    def properties(self) -> tuple[Directive, ...]:
        """Its lines without imports."""
        return tuple(line for line in self.body if isinstance(line, Directive))


class Directive(NamedTuple):
    """A directive of a server block, or a line inside a directive's braces: words, and blocks between them."""

    parts: tuple[Token | PropertyBlock, ...]

    def __repr__(self) -> str:
        return f"<Directive {self.name}>"

    @property
    def span(self) -> Span:
        return _around(self)

    @property
    def words(self) -> tuple[Token, ...]:
        """All words outside braces, the name first."""
        return tuple([part for part in self.parts if part.__class__ is Token])

    @property
    def name(self) -> str:
        """Its first word; "" for braces without one."""
        first = self.parts[0]
        return first.text if isinstance(first, Token) else ""

    @property
    def arguments(self) -> tuple[Token, ...]:
        """Its words after the first."""
        return self.words[isinstance(self.parts[0], Token) :]

    @property
    def block(self) -> PropertyBlock | None:
        """Its braces; the first, should there be several."""
        return next((part for part in self.parts if isinstance(part, PropertyBlock)), None)


class Snippet(NamedTuple):
    """`(name) { ... }`, to be imported by its name. closing: None if it is missing."""

    head: tuple[Token, ...]
    opening: Token
    body: tuple[Line, ...]
    closing: Token | None

    def __repr__(self) -> str:
        return f"<Snippet {self.name}>"

    @property
    def span(self) -> Span:
        return _around(self)

    @property
    def key(self) -> Token:
        """Its name with the parentheses."""
        return keys_of(self.head)[0]

    @property
    def name(self) -> str:
        return self.key.text[1:-1]


class Skipped(NamedTuple):
    """Words that CoreDNS's parser makes nothing of, behind an error."""

    parts: tuple[object, ...]

    @property
    def span(self) -> Span:
        return _around(self)


class ServerBlock:
    """A server block: keys, and directives in braces or, to the end of the text, without.

    head: the words at the place of its keys, and the imports among them. opening, closing: None without braces; closing
    also where it is missing.
    """

    __slots__ = ("_directives", "body", "closing", "head", "opening")
    head: tuple[Token | Import, ...]
    opening: Token | None
    body: tuple[Line, ...]
    closing: Token | None
    _directives: dict[str, list[Token]] | None

    def __init__(
        self, head: tuple[Token | Import, ...], opening: Token | None, body: tuple[Line, ...], closing: Token | None
    ) -> None:
        set_once = object.__setattr__
        set_once(self, "head", head)
        set_once(self, "opening", opening)
        set_once(self, "body", body)
        set_once(self, "closing", closing)
        set_once(self, "_directives", None)

    @property
    def keys(self) -> tuple[Token, ...]:
        """Its zones as written, without the comma behind them."""
        return keys_of(self.head)

    @property
    def imports(self) -> tuple[Import, ...]:
        """The lines among its keys that import further ones: what an `import` behind a comma and a line break is."""
        return tuple(part for part in self.head if isinstance(part, Import))

    @property
    def lines(self) -> tuple[Directive, ...]:
        """Its directives, one after another."""
        return tuple(line for line in self.body if isinstance(line, Directive))

    @property
    def directives(self) -> dict[str, list[Token]]:
        """For each directive the words that CoreDNS hands to its setup: those of all its lines, one after another.

        The first word of each line is as written, before environment variables.
        """
        collected = self._directives
        if collected is None:
            collected = {}
            for line in self.body:
                if type(line) is not Directive:
                    continue
                words = leaves(line)
                name, _, source, start, end, _ = first = words[0]
                if source.text.find("{", start, end) >= 0:
                    words[0] = first._replace(text=first.written)
                known = collected.get(name)
                if known is None:
                    collected[name] = words
                else:
                    known += words
            object.__setattr__(self, "_directives", collected)
        return collected

    @property
    def span(self) -> Span:
        """From its first word to its last, or its first word alone if the last one stands in another source."""
        return _around(self)

    @property
    def parts(self) -> tuple[object, ...]:
        """All that it is made of, in the order of the text."""
        return self.head, self.opening, self.body, self.closing

    def __eq__(self, other: object) -> bool:
        return self.parts == other.parts if isinstance(other, ServerBlock) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.head, self.opening))

    def __reduce__(self) -> tuple[object, ...]:
        return ServerBlock, self.parts

    def __deepcopy__(self, memo: object) -> ServerBlock:
        return self

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a ServerBlock is frozen: {name}")

    def __repr__(self) -> str:
        return f"<ServerBlock {' '.join(key.text for key in self.keys)}>"


class Document(NamedTuple):
    """A whole Corefile. end: the word without letters that the space and the comments behind the last word belong to."""

    items: tuple[Item, ...]
    end: Token

    @property
    def blocks(self) -> tuple[ServerBlock, ...]:
        return tuple(item for item in self.items if isinstance(item, ServerBlock))


Line: TypeAlias = Directive | Import
Item: TypeAlias = ServerBlock | Snippet | Import | Skipped
Node: TypeAlias = Document | Item | Line | PropertyBlock


def keys_of(head: tuple[Token | Import, ...] | list[Token | Import]) -> tuple[Token, ...]:
    """The zones among the words of a head: "" is none, and a comma at the end is no part of one."""
    return tuple(
        part if part.text[-1] != "," else part._replace(text=part.text[:-1])
        for part in head
        if isinstance(part, Token) and part.text
    )


def leaves(node: Node | Token) -> list[Token]:
    """The words of a node, in the order of the text."""
    if isinstance(node, Directive) and PropertyBlock not in map(type, node.parts):
        return list(node.parts)  # type: ignore[arg-type]
    found: list[Token] = []
    outer: list[Iterator[object]] = []
    inner: Iterator[object] = iter((node,))
    while True:
        for part in inner:
            if type(part) is Token:
                found.append(part)
            elif part is not None:
                outer.append(inner)
                inner = iter(part.parts if isinstance(part, ServerBlock) else part)  # type: ignore[call-overload]
                break
        else:
            if not outer:
                return found
            inner = outer.pop()


def _outermost(node: object, end: int) -> Token | None:
    """The first word of a node (end 0), or its last (end -1); None if it has none."""
    stack = [node]
    while stack:
        this = stack.pop()
        if type(this) is Token:
            return this
        if this is not None:
            parts = this.parts if isinstance(this, ServerBlock) else tuple(this)  # type: ignore[arg-type]
            stack.extend(parts if end else reversed(parts))
    return None


def _around(node: Node) -> Span:
    """From the first word of a node to its last, or the first alone if they stand in different sources."""
    first, last = _outermost(node, 0), _outermost(node, -1)
    assert first is not None
    assert last is not None
    return Span(first.source, first.start, last.end) if last.source is first.source else first.span
