"""property-given-twice: a directive has a property twice, and the last one counts.

Why: CoreDNS starts, and the first line has no effect, though it may be the one that was meant.

Fix: Keep one of them.

Bad:
    . {
        forward . 10.0.0.53 {
            max_fails 3
            max_fails 0
        }
    }

Good:
    . {
        forward . 10.0.0.53 {
            max_fails 3
        }
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...plugins import find
from ..rule import Mistake

if TYPE_CHECKING:
    from ...language.nodes import Directive
    from ..subject import Subject, Use


RULES = "rewrite"
"""A directive whose lines are one rule, in which each counts."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such property."""
    for use in subject.uses():
        if len(use.lines) < 2 or use.name == RULES:
            continue
        cls = find(use.name)
        known = [each for each in cls.PROPERTIES if each.args] if cls is not None else []
        last = {each.name for each in known if each.repeat == "last"} - {
            each.name for each in known if each.repeat != "last"
        }
        for name in dict.fromkeys(line.name for line in use.lines if line.name in last):
            lines = [line for line in use.lines if line.name == name]
            if _written(use, lines[-1]):  # it may be meant to replace what is imported
                lines = [line for line in lines if _written(use, line)]
            if len(lines) > 1:
                written = " ".join(word.text for word in lines[-1].words)
                yield Mistake(
                    f"this `{name}` has no effect: the last one counts, `{written}`",
                    lines[0].words[0].span,
                    hint="keep one of them",
                    related=((lines[-1].words[0].span, "this one counts"),),
                )


def _written(use: Use, line: Directive) -> bool:
    """Whether a line is written in the braces themselves, and not imported into them."""
    block = use.line.block
    first, last = (None, None) if block is None else (block.opening, block.closing)
    word = line.words[0]
    if first is None or last is None:
        return True
    return word.source is first.source and first.start < word.start < last.start
