"""acl-blocks-nothing: an `acl` has only lines that allow.

Why: What no line fits is allowed, too, so that it keeps nobody out.

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
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such `acl`. Several of a server block are asked one behind the other."""
    for block in subject.blocks:
        uses = block.find("acl")
        lines = [line for use in uses for line in use.lines]
        if lines and all(line.name == "allow" for line in lines):
            yield Mistake(
                "what `acl` does not allow is allowed, too: no line blocks anything",
                lines[0].words[0].span,
                hint="add `block` behind it, for everybody else",
            )
