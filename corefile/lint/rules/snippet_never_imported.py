"""snippet-never-imported: a snippet is defined, and no `import` names it.

Why: CoreDNS starts, and nothing that stands in the snippet has any effect.

Fix: Import it in the server blocks that it is for, or delete it.

Bad:
    (common) {
        errors
        log
    }
    . {
        whoami
    }

Good:
    (common) {
        errors
        log
    }
    . {
        import common
        whoami
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from ...language.words import words
from ...light import regex
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject

SINCE = "1.0.6"
HEAD = regex(r"(?m)^[ \t]*\([^()\s]+\)\s*\{")
"""Where a snippet may begin."""
COMMENT = regex(r"#[^\n]*+")
IMPORT = regex(r"\bimport[ \t]+(\S+)")
"""In a comment, an import that is switched off: its snippet is kept for later."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each snippet of the Corefile itself: files that it imports may be for several Corefiles."""
    program, main = subject.program, subject.source
    if HEAD.search(main.text) is None or program.unknown or program.patterns:
        return  # what is not here may import them
    named = {after.text for one in program.sources for before, after in pairwise(words(one)) if before.text == "import"}
    if any("{" in name for name in named):
        return
    comments = (comment for one in program.sources for comment in COMMENT.findall(one.text))
    named |= {name for comment in comments for name in IMPORT.findall(comment)}
    keys = {key.span for block in subject.blocks for key in block.node.keys}
    for head, opening in pairwise(words(main)):
        name = head.text[1:-1]
        if opening.text == "{" and head.text == f"({name})" and name not in named and head.span not in keys:
            yield Mistake(
                f"nothing imports the snippet `{name}`, so it has no effect",
                head.span,
                hint=f"write `import {name}` where it is wanted, or delete it",
            )
