"""wildcard-in-rewrite: a `rewrite` looks for a name with a star, which is a letter like any other there.

Why: CoreDNS starts, and the rule fits no name but the one that is spelled with a star.

Fix: Write a pattern (`name regex (.*)\\.corp\\.example ...`), or what the names end in (`name suffix .corp.example ...`).

Bad:
    . {
        rewrite name *.corp.example web.example.org
        forward . 10.0.0.53
    }

Good:
    . {
        rewrite name regex (.*)\\.corp\\.example web.example.org answer auto
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from re import escape
from typing import TYPE_CHECKING

from ..rule import Mistake

if TYPE_CHECKING:
    from ...language.words import Token
    from ..subject import Subject

NO_PATTERNS = ("exact", "prefix", "suffix", "substring")


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such rule."""
    for use in subject.uses("rewrite"):
        for words in (use.words, *(line.words for line in use.lines)):
            yield from _mistakes(words)


def _mistakes(words: Sequence[Token]) -> Iterator[Mistake]:
    texts = [word.text for word in words]
    at = 1 if texts[:1] and texts[0] in ("continue", "stop") else 0
    if texts[at : at + 1] != ["name"]:
        return
    at += 1
    if texts[at : at + 1] and texts[at] in NO_PATTERNS:
        at += 1
    elif texts[at : at + 1] == ["regex"]:
        return
    if at + 1 >= len(words) or not ("*." in texts[at] or texts[at].startswith("*")):
        return
    below = texts[at].lstrip("*").lstrip(".").rstrip(".")
    pattern = rf"(.*)\.{escape(below)}"
    yield Mistake(
        f"`{texts[at]}` fits no name: a star is a letter like any other in a `rewrite`",
        words[at].span,
        hint=f"write `name regex {pattern} {texts[at + 1]}`"
        if "*" not in below
        else "write a pattern, behind `name regex`",
    )
