"""glued-brace: a `{` is glued to the word before it, and opens nothing.

Why: CoreDNS takes both for one word, so that the lines below are no properties, and the `}` ends the server block.

Fix: Put a space before the `{`.

Bad:
    . {
        cache 30{
        }
        whoami
    }

Good:
    . {
        cache 30 {
        }
        whoami
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject

STRUCTURE = True


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each word that ends in a brace that it does not open itself."""
    for block in subject.blocks:
        words = [*block.node.keys, *(word for line in block.node.lines for word in line.words[1:])]
        for word in words:
            text = word.text
            if len(text) > 1 and text[-1] == "{" and not word.quoted and word.written == text:
                yield Mistake(f"`{text}` is one word, so its `{{` opens no block", word.span, write=f"{text[:-1]} {{")
