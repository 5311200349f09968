"""What is wrong with a master file, in miekg/dns's words."""

from __future__ import annotations


class ZoneError(ValueError):
    """A master file that miekg/dns refuses; `str()` is what it prints.

    message: what is wrong. text: the token it stopped at. line, column: where, in octets; they count from 1, and are 0
    at the end of the file. path: of the file, as it was given.
    """

    def __init__(self, message: str, text: str, line: int, column: int, path: str) -> None:
        where = path + ": " if path else ""
        super().__init__(f"{where}dns: {message}: {quote(text)} at line: {line}:{column}")
        self.message = message
        self.text = text
        self.line = line
        self.column = column
        self.path = path


_GO_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


def quote(text: str) -> str:
    """Go's strconv.QuoteToASCII of octets (each character of `text` is one, unless one of them is beyond U+00FF).

    >>> quote('a"b')
    '"a\\\\"b"'
    """
    out = ['"']
    if max(text, default="") <= "\xff":
        text = text.encode("latin-1").decode("utf-8", "surrogateescape")
    for ch in text:
        code = ord(ch)
        if 0xDC80 <= code <= 0xDCFF:
            out.append(f"\\x{code - 0xDC00:02x}")
        elif code in _GO_ESCAPES:
            out.append(_GO_ESCAPES[code])
        elif 32 <= code < 127:
            out.append(ch)
        elif code < 128:
            out.append(f"\\x{code:02x}")
        else:
            out.append(f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    return "".join(out) + '"'
