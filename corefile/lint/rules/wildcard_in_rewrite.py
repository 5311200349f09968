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

WAYS = ("exact", "prefix", "suffix", "substring", "regex")


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
    kind = texts[at] if texts[at : at + 1] and texts[at] in WAYS else ""
    at += bool(kind)
    if kind == "regex" or at + 1 >= len(words) or "*" not in texts[at]:
        return
    yield Mistake(
        f"`{texts[at]}` fits no name: a star is a letter like any other in a `rewrite`",
        words[at].span,
        hint=_hint(kind, texts[at], texts[at + 1], " ".join(["", *texts[at + 2 :]])),
    )


def _hint(kind: str, looked_for: str, to: str, behind: str) -> str:
    """What to write, where the rule tells what is meant."""
    below = looked_for.removeprefix("*").removeprefix(".").rstrip(".")
    if not below or "*" in below or kind in ("prefix", "substring"):
        return "write `name regex` with a pattern, such as `(.*)\\.corp\\.example`, and `answer auto` behind it"
    if kind == "suffix" or to.startswith("*."):
        to = to.removeprefix("*")
        return f"write `name suffix .{below} {to}{behind or ' answer auto'}`"
    return f"write `name regex (.*)\\.{escape(below)} {to}{behind or ' answer auto'}`"
