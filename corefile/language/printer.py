"""From nodes back to text, apart from parsing: every node prints as it was written."""

from __future__ import annotations

from ..findings import Span
from .nodes import Node, leaves


def to_text(node: Node | Span) -> str:
    """The text of a node, with the space and the comments that belong to it.

    Nodes may come from several texts, so that a tree can be put together from others.
    """
    return "".join([leaf.source.text[leaf.start : leaf.end] for leaf in leaves(node)])
