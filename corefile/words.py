"""The words of a text, exactly as CoreDNS's lexer cuts them (caddyfile/lexer.go; the recorded cases agree).

* Go's `unicode.IsSpace` separates words; a carriage return outside quotes vanishes, even inside a word.
* A quote opens a quoted word only at the start of a word, and the word ends at the closing quote: `"a"b` is two words.
  In it `\\"` is a quote, and every other backslash is a backslash. At the end of the text it closes by itself.
* `#` at the start of a word begins a comment to the end of the line. Behind a word it ends the word, and hides what
  follows up to the next space only: `a#b c` is `a` and `c`.
* A byte order mark at the very start is dropped.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .diagnostics import Source, Span

# Go's unicode.IsSpace without the line feed, and without the carriage return.
_BLANKS = "\t\v\f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_SPACE = _BLANKS + "\r\n"

BARE = rf'[^{_SPACE}"#][^{_SPACE}#]*+(?:\r++[^{_SPACE}#]++)*+'
"""A word without quotes; what a `#` behind it hides is `GLUED`."""
GLUED = rf"(?:\r*+\#[^{_BLANKS}\n]*+)?+"
QUOTED = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
COMMENT = r"\#[^\n]*+"

WORD = re.compile(rf"({BARE}){GLUED}|({QUOTED})|{COMMENT}", re.S)
"""Finds words one after another: group 1 is a bare one, group 2 a quoted one, neither is a comment."""


class Token(NamedTuple):
    """A word as CoreDNS passes it on.

    text: without quotes, and after environment variables were put in where CoreDNS does so. line: as CoreDNS counts,
    in the word's own file. file: the name that CoreDNS shows for it. span: where it stands.
    """

    text: str
    line: int
    file: str
    span: Span


def unquote(raw: str) -> str | None:
    """The text of a quoted word; None for a lone quote at the end of a text, which is no word at all."""
    closed = len(raw) > 1 and raw[-1] == '"' and (len(raw) - len(raw[:-1].rstrip("\\"))) % 2 == 1
    text = raw[1:-1] if closed else raw[1:]
    if not closed:
        if (len(text) - len(text.rstrip("\\"))) % 2:
            text = text[:-1]
        if not text:
            return None
    return text.replace('\\"', '"') if "\\" in text else text


def unescape(raw: str) -> str:
    """The text of a word as written: quotes, carriage returns and a glued comment taken away."""
    if raw[0] == '"':
        return unquote(raw) or ""
    return raw.partition("#")[0].replace("\r", "")


def tokens(source: Source) -> list[Token]:
    """All words of a source."""
    found = []
    text = source.text
    name = source.name
    line, counted = 1, 0
    for match in WORD.finditer(text, 1 if text.startswith("\ufeff") else 0):
        start, end = match.span(match.lastindex or 0)
        if match.lastindex == 1:
            word = text[start:end]
            if "\r" in word:
                word = word.replace("\r", "")
        elif match.lastindex == 2:
            unquoted = unquote(text[start:end])
            if unquoted is None:
                continue
            word = unquoted
        else:
            continue
        line += text.count("\n", counted, start)
        counted = start
        found.append(Token(word, line, name, Span(source, start, end)))
    return found


def decode(data: bytes) -> str:
    """The text of a file, with U+FFFD for each byte that is not UTF-8, as Go reads it."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(_runes(data))


def _runes(data: bytes) -> list[str]:
    parts = []
    while data:
        try:
            parts.append(data.decode("utf-8"))
            break
        except UnicodeDecodeError as error:
            parts.append(data[: error.start].decode("utf-8") + "\ufffd" * (error.end - error.start))
            data = data[error.end :]
    return parts
