"""How Go writes a text between quotes: what the messages of CoreDNS are full of. An octet that is not UTF-8 is a lone
surrogate in Python's text (`surrogateescape`), and `\\xff` in Go's."""

from __future__ import annotations

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
