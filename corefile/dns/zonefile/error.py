"""What is wrong with a master file, in miekg/dns's words."""

from __future__ import annotations

from ...golang.quoting import quote_ascii


class ZoneError(ValueError):
    """A master file that miekg/dns refuses; `str()` is what it prints.

    message: what is wrong. text: the token it stopped at. line, column: where, in octets; they count from 1, and are 0
    at the end of the file. path: of the file, as it was given. after_record: whether the library hands out a record before
    it says what is wrong, so that also those see it who only look when there is one.
    """

    after_record = False

    def __init__(self, message: str, text: str, line: int, column: int, path: str) -> None:
        where = path + ": " if path else ""
        super().__init__(f"{where}dns: {message}: {quote(text)} at line: {line}:{column}")
        self.message = message
        self.text = text
        self.line = line
        self.column = column
        self.path = path

    def __reduce__(self) -> tuple[type[ZoneError], tuple[str, str, int, int, str]]:
        return type(self), (self.message, self.text, self.line, self.column, self.path)


def quote(text: str) -> str:
    """Go's quotes around octets (each character of `text` is one, unless one of them is beyond U+00FF).

    >>> quote('a"b')
    '"a\\\\"b"'
    """
    if max(text, default="") <= "\xff":
        text = text.encode("latin-1").decode("utf-8", "surrogateescape")
    return quote_ascii(text)
