"""The arguments of `errors` and of its `consolidate` lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...golang.errors import GoError
from ...light import NamedTuple
from ...plugin import Given, Invalid, Release, Setup, Type
from .._observer import LEVELS
from ._rules import ErrorsRules

MAX_PATTERN = 10000

if TYPE_CHECKING:
    from ...golang.regexp import Regexp


class Pattern(Type):
    """A regular expression."""

    label = "regexp"
    example = "timeout$"

    def convert(self, text: str, release: Release) -> Regexp:
        """The compiled expression. Raises Invalid."""
        size = len(text.encode())
        if size > MAX_PATTERN and ErrorsRules.of(release).limits_pattern:
            raise Invalid(
                f"the expression has {size} octets; {MAX_PATTERN} are the limit",
                coredns=f"regex pattern too long: {size} > {MAX_PATTERN}",
            )
        try:
            from ...golang.regexp import compile as compile_regexp

            return compile_regexp(text)
        except GoError as error:
            raise self.refused(text, error) from None


class Consolidate(NamedTuple):
    """One line of that name. period: seconds."""

    period: float
    pattern: Regexp
    level: str = "error"
    show_first: bool = False


def consolidate(line: Given, setup: Setup) -> Consolidate:
    """What a line says. Raises Invalid."""
    return Consolidate(line.values["duration"], line.values["regexp"], *options(line, setup.release))


def options(line: Given, release: Release) -> tuple[str, bool]:
    """Level and `show_first` behind the regular expression of a line. Raises Invalid."""
    tokens = line.words[2:]
    if not ErrorsRules.of(release).options_in_order:
        first = tokens[0].text if tokens else "error"
        if first not in LEVELS:
            raise Invalid(
                f"`{first}` is no log level",
                hint="levels are " + ", ".join(sorted(LEVELS)),
                choices=tuple(LEVELS),
                at=tokens[0],
                coredns=f"unknown log level argument in consolidate: {first}",
            )
        return first, False
    level, show_first = "", False
    for token in tokens:
        word = token.text
        if word in LEVELS:
            if level:
                raise Invalid(
                    "`consolidate` has two log levels",
                    hint="keep one of them",
                    at=token.span,
                    coredns="multiple log levels specified in consolidate",
                )
            if show_first:
                raise Invalid(
                    "the log level stands behind `show_first`",
                    hint=f"write `{word} show_first`",
                    at=token.span,
                    coredns="log level must come before show_first in consolidate",
                )
            level = word
        elif word == "show_first":
            show_first = True
        else:
            raise Invalid(
                f"`{word}` is neither a log level nor `show_first`",
                hint="levels are " + ", ".join(sorted(LEVELS)),
                choices=(*LEVELS, "show_first"),
                at=token.span,
                coredns=f"unknown option in consolidate: {word}",
            )
    return level or "error", show_first


__all__ = ["Consolidate", "Pattern", "consolidate", "options"]
