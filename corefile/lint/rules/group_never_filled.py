"""group-never-filled: the replacement of a `rewrite` names a group that its pattern does not have, or names it as other
programs do.

Why: CoreDNS compares how many groups are named with how many there are, and not which: what is named stays as it is written, so
that names with braces in them are asked for.

Fix: Write the number of a group in braces, `{1}`, and not `$1`, `${1}`, `\\1` or a name; they count from 1, and `{0}` is all
that the pattern fits.

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

from ..replacements import FOREIGN, named, pattern_of
from ..rule import Mistake

if TYPE_CHECKING:
    from ...golang.regexp import Regexp
    from ...language.words import Token
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such replacement."""
    for use in subject.uses("rewrite"):
        for words in (use.words, *(line.words for line in use.lines)):
            yield from _mistakes(words)


def _mistakes(words: Sequence[Token]) -> Iterator[Mistake]:
    from ...golang.errors import GoError
    from ...golang.regexp import compile

    for place, to in enumerate(words):
        pattern = pattern_of([word.text for word in words[max(place - 3, 0) : place]])
        if pattern is None:
            continue
        try:
            expression = compile(pattern)
        except GoError:
            continue
        yield from _foreign(to, expression) or _missing(to, pattern, expression.groups)


def _foreign(to: Token, expression: Regexp) -> list[Mistake]:
    """What is said of a replacement with groups as other programs write them."""
    numbers = {name: number for number, name in enumerate(expression.names) if name}
    numbers |= {str(number): number for number in range(1, expression.groups + 1)}
    sign = next((sign for sign in FOREIGN.finditer(to.text) if named(sign) in numbers), None)
    if sign is None:
        return []
    mended = FOREIGN.sub(lambda m: f"{{{numbers[named(m)]}}}" if named(m) in numbers else m[0], to.text)
    inner = f"{{{named(sign)}}}"
    said = f"`{sign[0]}` is no group for CoreDNS, and stays as it is written"
    if inner in sign[0] and named(sign).isdigit():
        said = f"of `{sign[0]}`, CoreDNS replaces `{inner}` alone, and leaves the rest as it is written"
    return [Mistake(said, to.span, hint=f"write `{mended}`", write=None if to.quoted else mended)]


def _missing(to: Token, pattern: str, groups: int) -> Iterator[Mistake]:
    """What is said of a replacement with a group that the pattern does not have."""
    highest = max((int(n) for n in re.findall(r"\{(\d{1,2})\}", to.text)), default=0)
    if highest > groups:
        are = f"{groups} group" + "s" * (groups != 1) if groups else "no group"
        hint = "write `{1}`" if groups == 1 and highest == 2 and "{1}" not in to.text else ""
        yield Mistake(
            f"`{to.text}` names group {highest}, and `{pattern}` has {are}: it stays as it is written",
            to.span,
            hint=hint or "a group is what stands in parentheses in the pattern, counted from 1",
            write=to.text.replace("{2}", "{1}") if hint and not to.quoted else None,
        )
