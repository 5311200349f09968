"""Where reading has come to in a master file: the tokens ahead, the origin, the default TTL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ...light import regex
from ..escapes import is_spelled_otherwise, utf8
from ..names import absolute_name, fqdn
from ..rdata import Token, ttl_seconds
from ..rdata.tokens import BLANK, END, ERROR, RRTYPE, UNITS
from .budget import Budget
from .error import ZoneError
from .lexer import Mark, lex, types_of

if TYPE_CHECKING:
    from ...releases import Release

Include = Callable[[str], "str | None"]
_DURATION = regex("[0-9smhdwSMHDW]*")


class Cursor:
    """One file, or what one `$GENERATE` makes."""

    budget: Budget | None = None
    spelled = False  # whether names stay as they are written

    def __init__(self, text: str, origin: str, path: str, include: Include | None, release: Release | None) -> None:
        self.path = path
        self.release = release
        self.include = include
        self.origin = origin
        self.depth = 0
        self.generated = False
        self.ttl = -1  # the default TTL, -1 for none yet
        self.by_directive = False
        self.text = text
        self.mark = Mark()
        self.lexer = self.tokens()
        self.ahead: list[Token] = []

    def tokens(self) -> Iterator[Token]:
        """The tokens from the mark on."""
        return lex(self.text, types_of(self.release), (1 << 62) if self.since("1.11.0") else 2048, self.mark)

    def since(self, version: str) -> bool:
        """Whether the release has what came with `version`."""
        return self.release is None or self.release >= version

    def next(self) -> Token:
        """The next token; END where there is none."""
        if self.ahead:
            return self.ahead.pop()
        return next(self.lexer, END)

    def error(self, message: str, token: Token) -> ZoneError:
        return ZoneError(message, token[1], token[3], token[4], self.path)

    def expect(self, token: Token, value: int, message: str) -> None:
        """Raises ZoneError where the token is another; the lexer's own error comes first."""
        if token[0] == ERROR:
            raise self.error(token[1], token)
        if token[0] != value:
            raise self.error(message, token)

    def the_type(self, token: Token) -> Token:
        """The type behind a blank, or END. Raises ZoneError."""
        if token is END:
            return token
        self.expect(token, BLANK, "no blank before RR type")
        token = self.next()
        if token is not END:
            self.expect(token, RRTYPE, "unknown RR type")
        return token

    def seconds(self, token: Token, message: str) -> int:
        """The TTL that a token is. Raises ZoneError."""
        text = token[1]
        value = ttl_seconds(text)
        if value is None:
            if not self.since("1.14.1") and _DURATION.fullmatch(text):
                return _wrapped(text)
            raise self.error(message, token)
        return value

    def remember(self, ttl: int) -> int:
        """A TTL that was given is the default from there on, unless `$TTL` said otherwise."""
        if not self.by_directive:
            self.ttl = ttl
        return ttl

    def name(self, token: Token, message: str) -> str:
        """The absolute name that a token is. Raises ZoneError."""
        name = self.absolute(token[1])
        if name is None:
            raise self.error(message, token)
        return self.as_spelled(token[1]) if self.spelled and is_spelled_otherwise(token[1]) else name

    def absolute(self, text: str) -> str | None:
        """The absolute name that `text` is, None where it is none. Up to 1.9.3 a dot may stand in front of any name."""
        if not self.dotted(text):
            return absolute_name(text, self.origin)
        rest = absolute_name(text[1:], self.origin)
        return None if rest is None else "." + rest

    def dotted(self, text: str) -> bool:
        """Whether `text` has a dot in front, where one may stand there."""
        return text[:1] == "." != text[1:2] != "" and not self.since("1.9.4") and text != ".@"

    def as_spelled(self, text: str) -> str:
        """The absolute name that `text` is, as it is written: CoreDNS's DNS library does not put into escapes what needs
        them, as it does with names that come in messages, nor the other way round."""
        text = utf8(text)
        return text if fqdn(text) == text else f"{text}.{self.origin.lstrip('.')}"


def _wrapped(text: str) -> int:
    """A TTL as it was before 1.14.1, computed in 32 bits."""
    total = current = 0
    for ch in text:
        if ch in "0123456789":
            current = (current * 10 + int(ch)) & 0xFFFFFFFF
        else:
            total += current * UNITS[ch]
            current = 0
    return (total + current) & 0xFFFFFFFF
