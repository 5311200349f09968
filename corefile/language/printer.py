"""From nodes back to text, apart from parsing: every node prints as it was written."""

from __future__ import annotations

from .nodes import Node, leaves
from .words import Token


def to_text(node: Node | Token) -> str:
    """The text of a node, with the space and the comments that belong to its words.

    Nodes may come from several texts, so that a tree can be put together from others: the first word of a text begins a
    line.
    """
    parts: list[str] = []
    for word in leaves(node):
        if not word.before and parts:
            parts.append("\n")
        parts.append(word.source.text[word.before : word.end])
    return "".join(parts)
