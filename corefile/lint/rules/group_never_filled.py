"""group-never-filled: the replacement of a `rewrite` names a group that its pattern does not have, or names it as other
programs do.

Why: CoreDNS compares how many groups are named with how many there are, and not which: what is named stays as it is written, so
that names with braces in them are asked for.

Fix: Write the number of a group in braces, `{1}`, and not `$1` or `\\1`; they count from 1, and `{0}` is all that the
pattern fits.

Bad:
    . {
        rewrite name regex (.*)\\.a\\.example {2}.b.example
        forward . 10.0.0.53
    }

Good:
    . {
        rewrite name regex (.*)\\.a\\.example {1}.b.example
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...light import regex
from ..rule import Mistake

if TYPE_CHECKING:
    from ...language.words import Token
    from ..subject import Subject


FOREIGN = regex(r"\$\{?([1-9])\}?|\\([1-9])(?![0-9])")
"""Groups as nginx, sed and Go's own regexp package write them; `\\123` is an octet of a name."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such replacement."""
    for use in subject.uses("rewrite"):
        for words in (use.words, *(line.words for line in use.lines)):
            yield from _mistakes(words)


def _mistakes(words: Sequence[Token]) -> Iterator[Mistake]:
    from ...golang.errors import GoError
    from ...golang.regexp import compile

    for place, word in enumerate(words[:-2]):
        behind_answer = word.text in ("name", "value") and place and words[place - 1].text == "answer"
        if word.text != "regex" and not behind_answer:
            continue
        pattern, to = words[place + 1], words[place + 2]
        try:
            groups = compile(pattern.text).groups
        except GoError:
            continue
        foreign = FOREIGN.search(to.text)
        if foreign is not None and groups:
            mended = FOREIGN.sub(lambda m: f"{{{m[1] or m[2]}}}", to.text)
            yield Mistake(
                f"`{foreign[0]}` is no group for CoreDNS, and stays as it is written",
                to.span,
                hint=f"write `{mended}`",
                write=None if to.quoted else mended,
            )
            continue
        highest = max((int(n) for n in re.findall(r"\{(\d{1,2})\}", to.text)), default=0)
        if highest > groups:
            are = f"{groups} group" + "s" * (groups != 1) if groups else "no group"
            hint = "write `{1}`" if groups == 1 and highest == 2 and "{1}" not in to.text else ""
            yield Mistake(
                f"`{to.text}` names group {highest}, and `{pattern.text}` has {are}: it stays as it is written",
                to.span,
                hint=hint or "a group is what stands in parentheses in the pattern, counted from 1",
                write=to.text.replace("{2}", "{1}") if hint and not to.quoted else None,
            )
