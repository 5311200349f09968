"""How rules look at names, and what they make of them."""

from __future__ import annotations

from typing import Any

from ...golang.errors import GoError
from ...golang.quoting import quote
from ...golang.regexp import Match, Regexp, quote_meta
from ...light import NamedTuple
from ...plugin import Exact, Landmark, Panic, Pattern

EXACT, PREFIX, SUFFIX, SUBSTRING, REGEX = WAYS = ("exact", "prefix", "suffix", "substring", "regex")


class Way(NamedTuple):
    """One of the five ways. text: what is looked for. regexp: the same, compiled, for `regex`."""

    kind: str
    text: str
    regexp: Regexp | None = None

    def fits(self, name: str) -> bool:
        """Whether a name matches."""
        kind, text = self.kind, self.text
        if kind == EXACT:
            return name == text
        if kind == PREFIX:
            return name.startswith(text)
        if kind == SUFFIX:
            return name.endswith(text)
        if kind == SUBSTRING:
            return text in name
        return self.regexp is not None and self.regexp.matches(name)

    def replaced(self, name: str, to: str, *, trims: bool = False) -> str | None:
        """What becomes of a name; None where it does not match. trims: off the end that matches, all letters of the
        text are taken, in whatever order (Go's TrimLeft and TrimRight)."""
        kind, text = self.kind, self.text
        if kind == REGEX:
            return substituted(self.regexp, name, to)
        if not self.fits(name):
            return None
        if kind == PREFIX:
            return to + (name.lstrip(text) if trims else name[len(text) :])
        if kind == SUFFIX:
            return (name.rstrip(text) if trims else name[: len(name) - len(text)]) + to
        return name.replace(text, to) if kind == SUBSTRING else to

    def landmark(self) -> Landmark:
        """The names that it tells apart."""
        kind, text = self.kind, self.text
        if kind == EXACT:
            return Exact(text)
        if kind == REGEX:
            return Pattern(".", text)
        head, tail = "^" * (kind == PREFIX), "$" * (kind == SUFFIX)
        return Pattern(".", head + quote_meta(text) + tail)


def substituted(regexp: Regexp | None, text: str, template: str) -> str | None:
    """`template` with `{0}`, `{1}`... replaced, one after the other, by what the groups have matched; None where nothing
    matches."""
    match = None if regexp is None else regexp.search(text)
    if match is None:
        return None
    for i, group in enumerate(match.groups()):
        template = template.replace(f"{{{i}}}", group)
    return template


class Broken(Regexp):
    """An expression that is compiled only at work, and then panics (regexp.MustCompile)."""

    __slots__ = ("error",)

    def __init__(self, pattern: str, error: GoError) -> None:
        self.pattern = pattern
        self.names = ("",)
        self.error = error

    def search(self, text: str, start: int = 0) -> Match | None:
        """Raises Panic."""
        plain = "`" not in self.pattern and self.pattern.isprintable()
        raise Panic(f"regexp: Compile({f'`{self.pattern}`' if plain else quote(self.pattern)}): {self.error.text}")

    def __reduce__(self) -> tuple[Any, ...]:
        return Broken, (self.pattern, self.error)


__all__ = ["EXACT", "PREFIX", "REGEX", "SUBSTRING", "SUFFIX", "WAYS", "Broken", "Way", "substituted"]
