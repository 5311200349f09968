"""acl-blocks-nothing: an `acl` has only lines that allow.

Why: What no line fits is allowed, too, so that it keeps nobody out. Lines that allow everybody say so themselves.

Fix: Add `block` behind them, for everybody else.

Bad:
    . {
        acl {
            allow net 10.0.0.0/8
        }
        forward . 10.0.0.53
    }

Good:
    . {
        acl {
            allow net 10.0.0.0/8
            block
        }
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Mistake

if TYPE_CHECKING:
    from ...language.nodes import Directive
    from ..subject import Subject

EVERYBODY = frozenset(("*", "0.0.0.0/0", "::/0"))
"""Networks that all clients are in, or all of their kind."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such `acl`. Several of a server block are asked one behind the other."""
    for block in subject.blocks:
        uses = block.find("acl")
        lines = [line for use in uses for line in use.lines]
        if lines and all(line.name == "allow" for line in lines) and not any(map(_allows_everybody, lines)):
            yield Mistake(
                "what `acl` does not allow is allowed, too: no line blocks anything",
                lines[0].words[0].span,
                hint="add `block` behind it, for everybody else",
            )


def _allows_everybody(line: Directive) -> bool:
    """Whether a line is for all clients, or for all of IPv4 or of IPv6, with whatever they ask for."""
    words: dict[str, set[str]] = {"type": set(), "net": set()}
    section = words["net"]
    for word in line.arguments:
        section = words.get(word.text.lower(), section)
        section.add(word.text.lower())
    types, nets = words["type"] - {"type"}, words["net"] - {"net"}
    return (not types or "*" in types) and (not nets or not EVERYBODY.isdisjoint(nets))
