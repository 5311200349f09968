"""The tokens of a master file's lines, and the ways in which miekg/dns reads several of them at once (RFC 1035 §5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ...golang.numbers import to_uint
from ...light import regex
from .encodings import chunks, unhex

STRING, BLANK, QUOTE, NEWLINE, EOF, OWNER, RRTYPE, CLASS, DIRECTIVE, ERROR = range(10)

Token = tuple[int, str, int, int, int]
"""Value, text (each character is one octet), type or class number, line and column (both count from 1)."""

_PARTS = regex(r'"|(?:[^"\\]|\\.)+', re.DOTALL)

PREVIOUS: Token = (-1, "", 0, 0, 0)
"""Stands in an error for the token of the field before."""

END: Token = (EOF, "", 0, 0, 0)
Next = Callable[[], Token]


def unchecked(next: Next) -> Token:
    """The next token for a reader that does not ask whether the lexer has failed: an error passes for the kind of token
    before it."""
    token = next()
    return token if token[0] != ERROR else (token[2], *token[1:])


class RdataError(ValueError):
    """Text that is not RDATA of its type. `message` is miekg/dns's own, `token` the one that it complains about.

    `lost` tells that miekg/dns forgets the message on its way up, and prints none.
    """

    def __init__(self, message: str, token: Token = END, *, lost: bool = False) -> None:
        super().__init__(f"{message}: {token[1]!r}" if token is not END else message)
        self.message = message
        self.token = token
        self.lost = lost


def ttl_seconds(text: str) -> int | None:
    """A duration such as `1h30m` or `3600`, in seconds; None where that is none. An empty text is 0."""
    if text.isascii() and text.isdigit():
        total = int(text) if len(text) < 30 else 1 << 99
    else:
        total = current = 0
        for ch in text:
            if ch in "0123456789":
                current = current * 10 + int(ch)
            else:
                unit = UNITS.get(ch)
                if unit is None:
                    return None
                total += current * unit
                current = 0
        total += current
    return total if total <= 0xFFFFFFFF else None


UNITS = {"s": 1, "S": 1, "m": 60, "M": 60, "h": 3600, "H": 3600, "d": 86400, "D": 86400, "w": 604800, "W": 604800}


def slurp(next: Next) -> None:
    """The rest of the line must be empty. Raises RdataError."""
    token = next()
    if token[0] == BLANK:
        token = next()
    if token[0] != NEWLINE and token[0] != EOF:
        raise RdataError("garbage after rdata", token)


def bare_words(next: Next, label: str) -> str:
    """The words to the end of the line without the blanks between them. Raises RdataError."""
    out = ""
    token = next()
    while token[0] != NEWLINE and token[0] != EOF:
        if token[0] == STRING:
            out += token[1]
        elif token[0] != BLANK:
            raise RdataError("bad " + label, token)
        token = next()
    return out


def _split_255(text: str) -> list[str] | None:
    """`text`, escapes and all, in pieces of 255 octets; None where its last escape is cut short."""
    if len(text) <= 255 and not text.endswith("\\"):
        return [text]
    out, start, i, count = [], 0, 0, 0
    while i < len(text):
        if count == 255:
            out.append(text[start:i])
            start, count = i, 0
        if text[i] != "\\":
            i += 1
        elif len(text[i + 1 : i + 4]) == 3 and text[i + 1 : i + 4].isascii() and text[i + 1 : i + 4].isdigit():
            i += 4
        elif i + 1 >= len(text):
            return None
        else:
            i += 2
        count += 1
    out.append(text[start:])
    return out


def strings(next: Next, label: str) -> list[str]:
    """The words and quoted strings to the end of the line, escapes kept, cut at 255 octets. Raises RdataError."""
    out: list[str] = []
    in_quotes = empty = False
    token = next()
    while token[0] != NEWLINE and token[0] != EOF:
        if token[0] == STRING:
            empty = False
            pieces = _split_255(token[1])
            if pieces is None:
                raise RdataError("bad " + label, token)
            out += pieces
        elif token[0] == BLANK and not in_quotes:
            pass
        elif token[0] == QUOTE:
            if empty and in_quotes:
                out.append("")
            in_quotes = not in_quotes
            empty = True
        else:
            raise RdataError("bad " + label, token)
        token = next()
    if in_quotes:
        raise RdataError("bad " + label, token)
    return out


def generic_read(next: Next) -> bytes | str:
    """The generic form `\\# length hex` (RFC 3597 §5); the text itself where the digits are none. Raises RdataError."""
    token = next()
    if token[1] != "\\#":
        raise RdataError("bad RFC3597 Rdata", token)
    next()
    token = next()
    size = to_uint(token[1], 16)
    if size is None or token[0] == ERROR:
        raise RdataError("bad RFC3597 Rdata ", token)
    text = bare_words(next, "RFC3597 Rdata")
    if size * 2 != len(text):
        raise RdataError("bad RFC3597 Rdata", token)
    try:
        return unhex(text)
    except ValueError:
        return text


def generic_text(octets: bytes) -> str:
    """The generic form, as dnspython prints it."""
    return f"\\# {len(octets)} {chunks(octets.hex(), 128)}"


def tokens(words: Sequence[str]) -> Next:
    """A source of tokens made of words, which may hold quoted strings: `key="some value"`, `"text"`."""
    out: list[Token] = []
    for i, word in enumerate(words):
        if i:
            out.append((BLANK, " ", 0, 1, 0))
        if '"' not in word:
            out.append((STRING, word, 0, 1, 0))
            continue
        for part in _PARTS.findall(word):
            out.append((QUOTE if part == '"' else STRING, part, 0, 1, 0))
    out.append((NEWLINE, "\n", 0, 1, 0))
    rest = iter(out)

    def following() -> Token:
        for token in rest:
            return token
        return END

    return following
