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

from ..findings import Source, Span

# As in grammar.lark. Go's unicode.IsSpace is Python's \s without \x1c to \x1f.
BARE = r'(?:[^\s"\#]|[\x1c-\x1f])(?:[^\s\#]++|[\x1c-\x1f]++|\r++(?=[^\s\#]|[\x1c-\x1f]))*+'
GLUED = r"(?:\r*+\#[\S\r\x1c-\x1f]*+)?+"  # what a `#` hides that is glued to a word
QUOTED = r'"(?!\\?+\Z)[^"\\]*+(?:\\[\s\S][^"\\]*+)*+(?:"|\\?\Z)'
NO_WORD = r'\#[^\n]*+|"\\?+\Z'  # a comment, and a quote that the text ends behind

WORD = re.compile(rf"({BARE}){GLUED}|({QUOTED})|{NO_WORD}")
"""Finds words one after another: group 1 is a bare one, group 2 a quoted one; without a group it is none."""


class Token(NamedTuple):
    """A word as CoreDNS passes it on.

    text: without quotes, and after environment variables were put in where CoreDNS does so. line: as CoreDNS counts,
    in the word's own file. file: the name that CoreDNS shows for it. span: where it stands.
    """

    text: str
    line: int
    file: str
    span: Span


def unquote(raw: str) -> str:
    """The text of a quoted word, which may lack its closing quote at the end of a text."""
    body = raw[1:-1]
    closed = raw[-1] == '"' and (len(body) - len(body.rstrip("\\"))) % 2 == 0
    text = body if closed else raw[1:]
    if not closed and (len(text) - len(text.rstrip("\\"))) % 2:
        text = text[:-1]  # a backslash with nothing behind it
    return text.replace('\\"', '"') if "\\" in text else text


def unescape(raw: str) -> str:
    """The text of a word as written: quotes, carriage returns and a glued comment taken away."""
    if raw[0] == '"':
        return unquote(raw)
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
            word = unquote(text[start:end])
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
