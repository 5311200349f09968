"""Mistakes that a Corefile may have: ways to change one line of it, any line of any directive."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from hypothesis import strategies as st


class Mistake(NamedTuple):
    """kind: the name of a way to change a line. at: which of the lines that it can change, counted round and round. word: what
    it puts there, where it puts something there. place: at which of the line's words, counted likewise."""

    kind: str
    at: int = 0
    word: str = "nosuch"
    place: int = 0


WORDS = (
    "nosuch",
    "0",
    "-1",
    "1",
    "many",
    "1y",
    "10s",
    "1.5",
    "99999999999999999999",
    '""',
    "*",
    ".",
    "..",
    "a..b",
    "{",
    "}",
    "10.0.0.53",
    "10.0.0.300",
    "10.0.0.0/33",
    "10.0.0.53:",
    "10.0.0.53:99999",
    "tls://10.0.0.53",
    "http://",
    "::1",
    "[::1",
    "nosuch.txt",
    "example.org",
    ".example.org",
    f"{'a' * 64}.example.org",
    "(",
    "[",
    "{{",
    "{nosuch}",
    "true",
    "é",
    "A B",
)
"""What an argument may be called that makes no sense."""

KEYS = (
    "example..org",
    ".example.org",
    "example.org.:",
    "example.org:99999",
    "example.org:x",
    f"{'a' * 64}.org",
    "10.0.0.0/33",
    "nosuch://example.org",
    "dns://",
    "https://:x",
    "tls://example.org:0:0",
    "example.org,",
    "2001:db8::/129",
    "-",
    '""',
    "é.org",
)
"""What the key of a server block may be called."""

INNER = re.compile(r"(?: {4}| {8})[^\s#}]")
DIRECTIVE = re.compile(r" {4}[^\s#}]")
OPENING = re.compile(r".*\{$")
CLOSING = re.compile(r" *\}$")
KEY = re.compile(r"[^\s}].*\{$")


def _unknown_directive(line: str, mistake: Mistake) -> list[str]:
    return [f"    {mistake.word}", line]


def _unknown_property(line: str, mistake: Mistake) -> list[str]:
    more = f"        {mistake.word}"
    return [line, more] if line.endswith(" {") else [f"{line} {{", more, "    }"]


def _words(line: str) -> tuple[str, list[str], str]:
    """The blanks before a line, its words, and the brace at its end."""
    body = line.lstrip()
    brace = " {" if body.endswith(" {") else ""
    words = body.removesuffix(" {").split(" ")
    return line[: len(line) - len(body)], words, brace


def _more(line: str, mistake: Mistake) -> list[str]:
    blanks, words, brace = _words(line)
    at = 1 + mistake.place % len(words)
    return [blanks + " ".join([*words[:at], mistake.word, *words[at:]]) + brace]


def _fewer(line: str, mistake: Mistake) -> list[str]:
    blanks, words, brace = _words(line)
    at = 1 + mistake.place % len(words)
    return [blanks + " ".join(words[:at]) + brace]


def _another(line: str, mistake: Mistake) -> list[str]:
    blanks, words, brace = _words(line)
    at = mistake.place % len(words)
    return [blanks + " ".join([*words[:at], mistake.word, *words[at + 1 :]]) + brace]


def _twice(line: str, mistake: Mistake) -> list[str]:
    return [line.removesuffix(" {"), line] if mistake.place % 2 else [line, line]


def _unclosed(line: str, mistake: Mistake) -> list[str]:
    blanks, words, brace = _words(line)
    at = mistake.place % len(words)
    return [blanks + " ".join([*words[:at], f'"{words[at]}', *words[at + 1 :]]) + brace]


def _key(line: str, mistake: Mistake) -> list[str]:
    words = line.split(" ")
    at = mistake.place % len(words[:-1])
    return [" ".join([*words[:at], KEYS[mistake.place % len(KEYS)], *words[at + 1 :]])]


def _directive(line: str, mistake: Mistake) -> list[str]:
    return [*mistake.word.split("\n"), line]


DECLARED = "a directive as it is declared"
"""A kind of mistake whose `word` is a directive."""

KINDS: dict[str, tuple[re.Pattern[str], Callable[[str, Mistake], list[str]]]] = {
    "an unknown directive": (re.compile(r"\}$"), _unknown_directive),
    "an unknown property": (DIRECTIVE, _unknown_property),
    "a word too many": (INNER, _more),
    "too few words": (INNER, _fewer),
    "another word": (INNER, _another),
    "a line twice": (INNER, _twice),
    "a key that is none": (KEY, _key),
    "no opening brace": (OPENING, lambda line, _: [line.removesuffix(" {")]),
    "a glued brace": (OPENING, lambda line, _: [line.removesuffix(" {") + "{"]),
    "no closing brace": (CLOSING, lambda line, _: []),
    "one more closing brace": (CLOSING, lambda line, _: [line, line]),
    "an unclosed quote": (INNER, _unclosed),
    DECLARED: (re.compile(r"\}$"), _directive),
}
"""The ways, each with the lines that it can change, and what it makes of one."""

nothing_known: st.SearchStrategy[Mistake] = st.integers(0, 9).map(lambda at: Mistake("an unknown directive", at))
"""A directive that no release has, somewhere: it is always refused."""

mistakes: st.SearchStrategy[Mistake] = st.builds(
    Mistake,
    st.sampled_from([kind for kind in KINDS if kind != DECLARED]),
    st.integers(0, 99),
    st.sampled_from(WORDS),
    st.integers(0, 99),
)
"""Any mistake but for that kind."""


def mistaken(text: str, mistake: Mistake) -> str:
    """A Corefile, as `corefiles` draws them, with a mistake; as it is where it has no line for it."""
    lines = text.split("\n")
    which, change = KINDS[mistake.kind]
    places = [at for at, line in enumerate(lines) if which.match(line)]
    if not places:
        return text
    at = places[mistake.at % len(places)]
    return "\n".join([*lines[:at], *change(lines[at], mistake), *lines[at + 1 :]])


__all__ = ["DECLARED", "KINDS", "WORDS", "Mistake", "mistaken", "mistakes", "nothing_known"]
