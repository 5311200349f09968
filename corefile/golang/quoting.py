"""How Go writes a text between quotes, what the messages of CoreDNS are full of, and reads it. An octet that is not UTF-8 is
a lone surrogate in Python's text (`surrogateescape`), and `\\xff` in Go's."""

from __future__ import annotations

import re

from ..light import regex

_ESCAPES = {"\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v"}


def quote(text: str) -> str:
    """Go's strconv.Quote and `%q`.

    >>> print(quote('a\\n"é"'))
    "a\\n\\"é\\""
    """
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    quoted = []
    for char in text:
        code = ord(char)
        if char in '"\\':
            quoted.append("\\" + char)
        elif char.isprintable() or char == "\ufffd":
            quoted.append(char)
        else:
            quoted.append(_escape(char, code))
    return f'"{"".join(quoted)}"'


def quote_ascii(text: str) -> str:
    """Go's strconv.QuoteToASCII and `%+q`.

    >>> print(quote_ascii("aé"))
    "a\\u00e9"
    """
    quoted = []
    for char in text:
        if char in '"\\':
            quoted.append("\\" + char)
        else:
            quoted.append(char if " " <= char <= "~" else _escape(char, ord(char)))
    return f'"{"".join(quoted)}"'


def _escape(char: str, code: int) -> str:
    if code < 0x80:
        return _ESCAPES.get(char, f"\\x{code:02x}")
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def code_point(char: str) -> str:
    """A character as Go's `%#U` prints it; an octet that is not UTF-8 is U+FFFD.

    >>> code_point("é"), code_point("\\n")
    ("U+00E9 'é'", 'U+000A')
    """
    if "\udc80" <= char <= "\udcff":
        char = "\ufffd"
    printable = char.isprintable() or char == "\ufffd"
    return f"U+{ord(char):04X}" + (f" '{char}'" if printable else "")


def quote_bytes(text: str) -> str:
    """The quotes of Go's package time, which knows no letters beyond ASCII.

    >>> print(quote_bytes('é"'))
    "\\xc3\\xa9\\""
    """
    quoted = []
    for char in text:
        if char in '"\\':
            quoted.append("\\" + char)
        elif char < " " or char > "\x7f":
            quoted += [f"\\x{octet:02x}" for octet in char.encode("utf-8", "surrogatepass")]
        else:
            quoted.append(char)
    return f'"{"".join(quoted)}"'


# -- reading ----------------------------------------------------------------------------------------------------------

_ESCAPED = regex(r"[^\\\n]|\\(?:[abfnrtv\\'\"]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3})", re.DOTALL)
_OCTETS = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92, "'": 39, '"': 34}


def unquote(text: str) -> bytes | None:
    """Go's strconv.Unquote of a text in double quotes or backquotes: its octets. None where the syntax is invalid.

    >>> unquote(r'"a\\x41\\u00e9"'), unquote("`a\\\\b`"), unquote(r'"\\q"')
    (b'aA\\xc3\\xa9', b'a\\\\b', None)
    """
    mark, inner = text[:1], text[1:-1]
    if len(text) < 2 or text[-1] != mark or mark not in ('"', "`"):
        return None
    if mark == "`":
        return None if "`" in inner else inner.replace("\r", "").encode("utf-8", "surrogateescape")
    out, at = bytearray(), 0
    while at < len(inner):
        found = unquote_char(inner, at, mark)
        if found is None:
            return None
        value, octets, at = found
        out += octets or bytes((value,))
    return bytes(out)


def unquote_char(text: str, at: int, mark: str) -> tuple[int, bytes, int] | None:
    """Go's strconv.UnquoteChar: the number of the character at `at`, its UTF-8 (none where an escape gives a single octet), and
    where it ends. `mark` may not stand there by itself; the other mark has no escape. None where the syntax is invalid."""
    found = _ESCAPED.match(text, at)
    if found is None or found[0] == mark:
        return None
    char = found[0]
    if char[0] != "\\":
        octets = char.encode("utf-8", "surrogateescape")
        return (0xFFFD if "\udc80" <= char <= "\udcff" else ord(char)), octets, found.end()
    kind = char[1]
    if kind in _OCTETS:
        if kind in ("'", '"') and kind != mark:
            return None
        return _OCTETS[kind], b"", found.end()
    value = int(char[1:], 8) if kind.isdigit() else int(char[2:], 16)
    if kind in ("u", "U"):
        if value > 0x10FFFF or 0xD800 <= value < 0xE000:
            return None
        return value, chr(value).encode(), found.end()
    return None if value > 255 else (value, b"", found.end())
