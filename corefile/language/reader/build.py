"""What the rules of the grammar make of the values of their symbols: the nodes of the tree."""

from __future__ import annotations

from typing import Any

from ..nodes import Directive, Import, PropertyBlock, ServerBlock, Skipped, Snippet
from ..words import Token

_new = tuple.__new__


class Builder:
    """Methods are named as the rules' aliases in grammar.lark; each puts one value in the place of those of its symbols.

    values: one for each symbol that was read and is not part of a larger one yet. The first is the list of the items
    that are complete.
    """

    def __init__(self) -> None:
        self.values: list[Any] = []

    # Lists, and what passes through.

    def nothing(self) -> None:
        self.values.append([])

    def same(self) -> None:
        pass

    def first(self) -> None:
        self.values[-1] = [self.values[-1]]

    def more(self) -> None:
        last = self.values.pop()
        self.values[-1].append(last)

    def joined(self) -> None:
        _, between = self.values.pop(), self.values.pop()
        self.values[-1] += between

    # Lines.

    def directive(self) -> None:
        values = self.values
        del values[-1]
        parts = values.pop()
        values[-1].append(_new(Directive, (tuple(parts),)))

    def import_line(self) -> None:
        values = self.values
        values.pop()
        words = values.pop()
        values[-1].append(Import(tuple(words)))

    def text(self) -> None:
        values = self.values
        values.pop()
        parts = values.pop()
        values[-1].append(_line(parts))

    def group(self) -> None:
        closing, body, opening = self._pop(3)
        self.values.append(PropertyBlock(opening, tuple(body), closing))

    def group_on_a_line(self) -> None:
        closing, parts, body, opening = self._pop(4)
        self.values.append(PropertyBlock(opening, (*body, Directive(tuple(parts))), closing))

    def text_group_on_a_line(self) -> None:
        closing, parts, body, opening = self._pop(4)
        self.values.append(PropertyBlock(opening, (*body, _line(parts)), closing))

    def glued(self) -> None:
        closing, body, name = self._pop(3)
        self.values.append([name, PropertyBlock(None, tuple(body), closing)])

    def glued_on_a_line(self) -> None:
        closing, parts, body, name = self._pop(4)
        self.values.append([name, PropertyBlock(None, (*body, Directive(tuple(parts))), closing)])

    # Keys.

    def comma(self) -> None:
        self.values[-1] = []

    def more_behind_comma(self) -> None:
        key, between = self._pop(2)
        self.values[-1] += [*between, key]

    def import_behind_comma(self) -> None:
        _, words, between = self._pop(3)
        self.values[-1] += [*between, Import(tuple(words))]

    # Items.

    def block(self) -> None:
        closing, body, opening, head = self._pop(4)
        self.values.append(ServerBlock(tuple(head), opening, tuple(body), closing))

    def block_without_keys(self) -> None:
        closing, body, opening = self._pop(3)
        self.values.append(ServerBlock((), opening, tuple(body), closing))

    def open_block(self) -> None:
        body, opening, head = self._pop(3)
        self.values.append(ServerBlock(tuple(head), opening, tuple(body), None))

    def open_block_without_keys(self) -> None:
        body, opening = self._pop(2)
        self.values.append(ServerBlock((), opening, tuple(body), None))

    def lone_keys(self) -> None:
        self.values[-1] = ServerBlock(tuple(self.values[-1]), None, (), None)

    def snippet_head(self) -> None:
        opening = self.values.pop()
        self.values[-1] = (self.values[-1], opening)

    def snippet(self) -> None:
        closing, body, (head, opening) = self._pop(3)
        self.values.append(Snippet(tuple(head), opening, tuple(body), closing))

    def snippet_on_a_line(self) -> None:
        closing, parts = self._pop(2)
        self.values[-1].append(_line(parts))
        self.values.append(closing)
        self.snippet()

    def skipped(self) -> None:
        """All that there is of an item: words, lists of words, nodes."""
        parts = self.values[1:]
        del self.values[1:]
        self.values.append(Skipped(tuple(tuple(part) if isinstance(part, list) else part for part in parts)))

    def corefile(self) -> None:
        if len(self.values) > 1:
            self.more()

    def _pop(self, count: int) -> list[Any]:
        """The last values, the last one first."""
        taken = self.values[: -count - 1 : -1]
        del self.values[-count:]
        return taken


def _line(parts: list[Token | PropertyBlock]) -> Directive | Import:
    """A line of a snippet."""
    words = tuple(part for part in parts if isinstance(part, Token))
    if len(words) == len(parts) and words[0].text == "import":
        return Import(words)
    return Directive(tuple(parts))
