"""Regular expressions of Go's package regexp, matched by RE2 (google-re2), in time linear in the text.

Offsets count characters. An octet that is not UTF-8, a lone surrogate in Python's text, matches what U+FFFD matches, as
in Go. RE2 is loaded with the first expression.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from ..light import regex
from .errors import GoError
from .regexp_syntax import read

_MEMORY = 128 << 20
"""Octets that an expression and its automata may take: as much as Go allows the compiled expression."""

_SURROGATE = regex("[\ud800-\udfff]")


class _Text:
    """A text, and its octets as RE2 sees them."""

    __slots__ = ("_starts", "octets", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.octets = (text if text.isascii() else _SURROGATE.sub("\ufffd", text)).encode()
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """Where each character begins among the octets, and where the last ends."""
        if self._starts is None:
            self._starts = [i for i, octet in enumerate(self.octets) if octet & 0xC0 != 0x80]
            self._starts.append(len(self.octets))
        return self._starts

    def octet_at(self, char: int) -> int:
        return char if len(self.octets) == len(self.text) else self.starts[char]

    def char_at(self, octet: int) -> int:
        return octet if len(self.octets) == len(self.text) or octet < 0 else bisect_left(self.starts, octet)


class Match:
    """Where an expression matched."""

    __slots__ = ("_found", "_text", "regexp")

    def __init__(self, regexp: Regexp, text: _Text, found: Any) -> None:
        self.regexp = regexp
        self._text = text
        self._found = found

    def span(self, group: int = 0) -> tuple[int, int]:
        """Where a group begins and ends; (-1, -1) for one that took no part. 0 is the whole match."""
        begin, end = self._found.span(group)
        return self._text.char_at(begin), self._text.char_at(end)

    def group(self, group: int = 0) -> str:
        """The text of a group; '' for one that took no part."""
        begin, end = self.span(group)
        return self._text.text[begin:end] if begin >= 0 else ""

    def groups(self) -> list[str]:
        """The whole match and the text of each group, as FindStringSubmatch gives them."""
        return [self.group(i) for i in range(self.regexp.groups + 1)]

    def expand(self, template: str) -> str:
        """`template` with `$1`, `$name` and `${name}` put in place, `$$` for a dollar sign, as Expand does it.

        A name is as long as it can be: `$1x` is the group `1x`, not the first. Groups that there are not are empty.
        """
        out, at = [], 0
        while (dollar := template.find("$", at)) >= 0:
            out.append(template[at:dollar])
            at = dollar + 1
            if template.startswith("$", at):
                out.append("$")
                at += 1
                continue
            found = _reference(template, at)
            if found is None:
                out.append("$")
            else:
                name, at = found
                out.append(self._named(name))
        return "".join([*out, template[at:]])

    def _named(self, name: str) -> str:
        if name.isascii() and name.isdigit() and len(name) < 9 and (name == "0" or name[0] != "0"):
            number = int(name)
            return self.group(number) if number <= self.regexp.groups else ""
        # Of several groups of a name, the first that took part.
        for i, known in enumerate(self.regexp.names):
            if known == name and self.span(i)[0] >= 0:
                return self.group(i)
        return ""

    def __repr__(self) -> str:
        return f"<Match {self.group()!r} at {self.span()[0]}>"


class Regexp:
    """A compiled expression. pattern: as it was written. names: of its groups, '' for those without; the first stands
    for the whole match."""

    __slots__ = ("_re2", "names", "pattern")

    def __init__(self, pattern: str) -> None:
        """Raises GoError where Go does not take it."""
        found = read(pattern)
        self.pattern = pattern
        self.names = found.names
        self._re2 = _compiled(pattern, found.re2)

    @property
    def groups(self) -> int:
        """How many groups it has, without the whole."""
        return len(self.names) - 1

    def search(self, text: str, start: int = 0) -> Match | None:
        """The first match that begins at `start` or behind it; what stands before is seen by `^` and `\\b`.

        >>> compile("([a-z]+)@([a-z]+)").search("to: joe@example").groups()
        ['joe@example', 'joe', 'example']
        """
        return self._search(_Text(text), start)

    def _search(self, text: _Text, start: int) -> Match | None:
        octets, at = text.octets, text.octet_at(start)
        while True:
            found = self._re2.search(octets, at)
            if found is None:
                return None
            begin = found.start()
            if begin == len(octets) or octets[begin] & 0xC0 != 0x80:
                return Match(self, text, found)
            # RE2 finds `\\B` between the octets of a character, too; such a match is empty, and no match to Go.
            at = begin + 1

    def matches(self, text: str) -> bool:
        """Whether it matches anywhere, as MatchString says."""
        return self.search(text) is not None

    def find_all(self, text: str) -> Iterator[Match]:
        """All matches, one behind the other. An empty one does not count right behind another match."""
        whole, last, at = _Text(text), -1, 0
        while at <= len(text):
            match = self._search(whole, at)
            if match is None:
                return
            begin, end = match.span()
            if end > begin or begin != last:
                yield match
            last = end
            at = max(end, at + 1)

    def replace(self, text: str, template: str | Callable[[Match], str]) -> str:
        """`text` with each match replaced: ReplaceAllString where `template` is text (see `Match.expand`).

        >>> compile("a(x*)b").replace("-ab-axxb-", "${1}W")
        '-W-xxW-'
        """
        out, last = [], 0
        for match in self.find_all(text):
            begin, end = match.span()
            out.append(text[last:begin])
            out.append(match.expand(template) if isinstance(template, str) else template(match))
            last = end
        return "".join([*out, text[last:]])

    def __eq__(self, other: object) -> bool:
        return self.pattern == other.pattern if isinstance(other, Regexp) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.pattern)

    def __reduce__(self) -> tuple[Any, ...]:
        return compile, (self.pattern,)

    def __repr__(self) -> str:
        return f"<Regexp {self.pattern}>"


@lru_cache(maxsize=256)
def compile(pattern: str) -> Regexp:
    """`pattern` as regexp.Compile takes it. Raises GoError with Go's words.

    >>> compile("a(b")
    Traceback (most recent call last):
    ...
    corefile.golang.errors.GoError: `a(b` is not a regular expression: missing closing ): `a(b`
    """
    return Regexp(pattern)


def quote_meta(text: str) -> str:
    """`text` with a backslash before each character that means something in an expression."""
    return re.sub(r"[\\.+*?()|\[\]{}^$]", r"\\\g<0>", text)


def _compiled(pattern: str, translated: str) -> Any:
    try:
        import re2
    except ImportError as error:
        where = "is not installed, or cannot be loaded from an archive"
        raise ImportError(
            f"regular expressions need the package google-re2, which {where}", name="google-re2"
        ) from error
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        return re2.compile(translated.encode(), options)
    except re2.error:
        # RE2 takes more memory than Go for some expressions near Go's limit, millions of characters when written out.
        reason = f"expression too large: `{pattern}`"
        message = f"`{pattern}` is not a regular expression: {reason}"
        raise GoError(message, f"error parsing regexp: {reason}") from None


def _reference(template: str, at: int) -> tuple[str, int] | None:
    """The group that is named behind a dollar sign, and where its name ends; None where none is."""
    brace = template.startswith("{", at)
    start = at = at + brace
    while at < len(template) and (template[at] == "_" or template[at].isalpha() or template[at].isdecimal()):
        at += 1
    if at == start or (brace and not template.startswith("}", at)):
        return None
    return template[start:at], at + brace
