"""Where reading has come to in a master file: the tokens ahead, the origin, the default TTL."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...light import regex
from ...releases import LATEST, Release
from ...releases.rules import ReleaseRules, changed, since, until
from ..escapes import is_spelled_otherwise, utf8
from ..names import absolute_name, fqdn
from ..rdata import Token, ttl_seconds
from ..rdata.tokens import BLANK, END, ERROR, RRTYPE, UNITS
from .budget import Budget
from .error import ZoneError
from .lexer import Mark, lex, types_of

Include = Callable[[str], "str | None"]
_DURATION = regex("[0-9smhdwSMHDW]*")


class MasterFileRules(ReleaseRules):
    """What differs between releases."""

    whole_modifiers = until("1.2.3", "a modifier of $GENERATE needs all of its three fields")
    refuses_no_data = since("1.2.5", "a type at the end of its line is refused")
    names_path = since("1.2.5", "errors about NID and L64 name the file; before, the word")
    breaks_off = since("1.2.5", "of a line of $GENERATE that breaks off, what its whole words lack is told")
    generic_alone = changed(
        frozenset((10, 20, 30, 41, 250, 255)),
        {"1.2.5": frozenset((20, 30)), "1.11.3": frozenset()},
        "types that are read in the generic form alone (RFC 3597): NULL, ISDN, NXT, OPT, TSIG, ANY",
    )
    generic_of_all = since("1.8.3", "this form is understood for each type")
    says_why = since("1.3.0", "a file of $INCLUDE that is not there is told of in the system's words")
    shows_path = since("1.11.3", "with its path, where that is another; before, where the name is relative")
    refuses_nesting = since("1.6.7", "$GENERATE makes no $GENERATE")
    leading_dots = until("1.9.4", "a dot may stand in front of any name")
    longest_word = changed(2048, {"1.11.0": 1 << 62}, "octets of the longest word")
    says_where = since("1.12.3", "an error in the generic form says where it is")
    wraps_ttl = until("1.14.1", "a TTL that is too large is computed in 32 bits")


class Cursor:
    """One file, or what one `$GENERATE` makes."""

    budget: Budget | None = None
    spelled = False  # whether names stay as they are written

    def __init__(self, text: str, origin: str, path: str, include: Include | None, release: Release | None) -> None:
        self.path = path
        self.release = release
        self.rules = MasterFileRules.of(release or LATEST)
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
        return lex(self.text, types_of(self.release), self.rules.longest_word, self.mark)

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
            if self.rules.wraps_ttl and _DURATION.fullmatch(text):
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
        """The absolute name that `text` is, None where it is none."""
        if not self.dotted(text):
            return absolute_name(text, self.origin)
        rest = absolute_name(text[1:], self.origin)
        return None if rest is None else "." + rest

    def dotted(self, text: str) -> bool:
        """Whether `text` has a dot in front, where one may stand there."""
        return text[:1] == "." != text[1:2] != "" and self.rules.leading_dots and text != ".@"

    def as_spelled(self, text: str) -> str:
        """The absolute name that `text` is, as it is written: CoreDNS's DNS library does not put into escapes what needs
        them, as it does with names that come in messages, nor the other way round."""
        text = utf8(text)
        return text if fqdn(text) == text else f"{text}.{self.origin.lstrip('.')}"


def _wrapped(text: str) -> int:
    """A TTL, computed in 32 bits."""
    total = current = 0
    for ch in text:
        if ch in "0123456789":
            current = (current * 10 + int(ch)) & 0xFFFFFFFF
        else:
            total += current * UNITS[ch]
            current = 0
    return (total + current) & 0xFFFFFFFF
