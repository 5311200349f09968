"""The words of an expression, and where its errors are."""

from __future__ import annotations

from collections.abc import Iterator
from string import hexdigits

from ...light import NamedTuple, regex
from ..quoting import code_point, quote

Version = tuple[int, ...]
"""The numbers of expr's version."""

LAZY = (1, 17, 6)
"""Since then words are read when the parser wants them: its errors come before those of words behind them."""
NOWHERE = -1
"""The place of what has none."""

WORDS = frozenset(("in", "or", "and", "not", "matches", "contains", "startsWith", "endsWith"))
ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
HEXADECIMAL = {"x": 2, "u": 4, "U": 8}
"""The letters of escapes with hexadecimal digits, and how many there are."""
OCTAL = "01234567"
DIGITS = "0123456789_"
DIGITS_OF = {"x": f"{hexdigits}_", "o": f"{OCTAL}_", "b": "01_"}
_NOT_IN = regex(r"\ *in(?=\ |\Z)")


class ExprError(Exception):
    """What expr says to an expression that it refuses, with the line and a mark below the place. unexpected: the word that
    cannot stand there; unknown: the name that is not known; operator: the one that does not take such operands; '' where it
    is about something else. bare: the name of a function that stands there without brackets, and where; else None. called: the
    function at the place that takes another number of arguments, and how many it is given; else None."""

    def __init__(
        self,
        message: str,
        text: str,
        at: int,
        version: Version,
        *,
        unexpected: str = "",
        unknown: str = "",
        operator: str = "",
        bare: tuple[str, int] | None = None,
        called: tuple[str, int] | None = None,
    ) -> None:
        """at: an index of `text`, its length for its end, NOWHERE."""
        super().__init__(message + _place(text, at, version))
        self.message = message
        self.at = at
        self.unexpected = unexpected
        self.unknown = unknown
        self.operator = operator
        self.bare = bare
        self.called = called


def _place(text: str, at: int, version: Version) -> str:
    """The line and column of a place, and its line with a mark below, as a version prints them."""
    numbered = version < (1, 16)  # also where there is no text to show
    if at == NOWHERE and numbered:
        return ""
    before = text[: max(at, 0)]
    line, start = before.count("\n") + 1, before.rfind("\n") + 1
    column = len(before) - start
    shown = text[start:].partition("\n")[0].replace("\t", " ")
    marked = f"\n | {shown}\n | {'.' * column}^"
    if version >= LAZY:
        if not shown or (line > 1 and version < (1, 17, 7)):  # 1.17.6 takes the end of the line before for this line's
            return ""
    elif not text:
        return " (1:1)" if numbered else ""
    elif not shown[: column + 1].isascii():
        marked = f"\n | {shown}"
    return f" ({line}:{column + 1}){marked}"


class NotModelled(Exception):
    """The expression uses something that is not known here."""


class Token(NamedTuple):
    """A word and where it begins. kind: Identifier, Number, String, Bytes, Operator, Bracket or EOF."""

    kind: str
    value: str
    at: int

    def __str__(self) -> str:
        return f"{self.kind}({quote(self.value)})" if self.value else self.kind

    def isa(self, *values: str) -> bool:
        """Whether it is one of these operators or brackets."""
        return self.kind in ("Operator", "Bracket") and self.value in values


def is_letter(char: str) -> bool:
    """Whether a name may begin with it."""
    return char in ("_", "$") or char.isalpha()


def _in_name(char: str) -> bool:
    return is_letter(char) or char.isdecimal()


def _is_space(char: str) -> bool:
    return char.isspace() and not "\x1c" <= char <= "\x1f"  # which are spaces for Python alone


def tokens(text: str, version: Version) -> Iterator[Token]:
    """All words, the last of them EOF. Raises ExprError at the first that is wrong."""
    return _Lexer(text, version).tokens()


class _Lexer:
    def __init__(self, text: str, version: Version) -> None:
        self.text = text
        self.version = version
        self.reserved = (
            WORDS | ({"let"} if version >= (1, 15) else set()) | ({"if", "else"} if version >= (1, 17) else set())
        )
        pipes = "" if version >= (1, 15) else "|"
        self.pairs = {**dict.fromkeys(f"&!=*<>{pipes}", f"&=*{pipes}"), ".": "."}
        """Operators that one more character may follow, and which."""
        if version >= (1, 12):
            self.pairs["?"] = ".?"
        if version >= (1, 15):
            self.pairs |= {"|": "|", "#": "#"}
        if version >= (1, 16):
            self.pairs[":"] = ":"
        self.operators = f",:%+-{'^' if version >= (1, 12) else '/#?'}{';' if version >= (1, 15) else '#'}/"
        self.quotes = "'\"`" if version >= (1, 16) else "'\""

    def error(self, message: str, at: int) -> ExprError:
        """An error of which the character at `at` was the last that was read. The end of the text counts as one."""
        if self.version < (1, 16):  # the place behind it
            at = min(at + 1, len(self.text))
        return ExprError(message, self.text, at, self.version)

    def tokens(self) -> Iterator[Token]:
        text, at, end = self.text, 0, max(0, len(self.text) - 1)
        while at < len(text):
            char, start = text[at], at
            if _is_space(char):
                at += 1
            elif char == "/" and self.version >= (1, 12) and text[at + 1 : at + 2] in ("/", "*"):
                at = self._comment(at)
                if at > len(text) and (1, 16) <= self.version < LAZY:
                    end = len(text)
            elif char in self.quotes:
                value, at = self._raw(at) if char == "`" else self._string(at)
                yield Token("String", value, start)
            elif char in "bB" and text[at + 1 : at + 2] in ("'", '"') and self.version >= (1, 17, 8):
                value, at = self._string(at + 1, octets=True)
                yield Token("Bytes", value, start)
            elif char in "0123456789" or (char == "." and text[at + 1 : at + 2] in [*"0123456789"]):
                at = self._number(at)
                yield Token("Number", text[start:at], start)
            elif char in "()[]{}":
                at += 1
                yield Token("Bracket", char, start)
            elif char in self.pairs or char in self.operators:
                at = self._operator(at)
                yield Token("Operator", text[start:at], start)
                if char == "#" and self.version >= (1, 15):
                    start, at = at, self._name(at)
                    if at > start:
                        yield Token("Identifier", text[start:at], start)
            elif _in_name(char):
                at = self._name(at)
                value = text[start:at]
                if value == "not" and self.version < (1, 12) and (found := _NOT_IN.match(text, at)):
                    value, at = "not in", found.end()
                yield Token("Operator" if value in self.reserved or value == "not in" else "Identifier", value, start)
            else:
                raise self.error(f"unrecognized character: {code_point(char)}", at)
        yield Token("EOF", "", end)

    def _run(self, at: int, chars: str) -> int:
        """The end of what consists of `chars`."""
        while at < len(self.text) and self.text[at] in chars:
            at += 1
        return at

    def _name(self, at: int) -> int:
        while at < len(self.text) and _in_name(self.text[at]):
            at += 1
        return at

    def _operator(self, at: int) -> int:
        """The end of an operator."""
        text, more = self.text, self.pairs.get(self.text[at], "")
        if text.startswith("?.", at) and self.version < (1, 12):
            at, more = at + 1, "?."
        return at + 1 + (at + 1 < len(text) and text[at + 1] in more)

    def _comment(self, at: int) -> int:
        """The end of a comment; beyond the text's end for one of a line that is the last. Raises ExprError."""
        one = self.text[at + 1] == "/"
        end = self.text.find("\n" if one else "*/", at + 2)
        if end >= 0:
            return end + (1 if one else 2)
        if one:
            return len(self.text) + 1
        last = len(self.text)
        if self.version < (1, 16) and last > at + 2 and self.text[-1] == "*":  # whose place it has gone back to
            last -= 1
            raise ExprError("unclosed comment", self.text, last, self.version)
        raise self.error("unclosed comment", last)

    def _number(self, at: int) -> int:
        """The end of a number. Raises ExprError."""
        text, start, digits = self.text, at, DIGITS
        at += text[at] == "."  # behind which one begins as any other, and may have another point
        if text[at] == "0":
            at += 1
            base = DIGITS_OF.get(text[at : at + 1].lower())
            if base is not None:
                at, digits = at + 1, base
        at = self._run(at, digits)
        if text.startswith("..", at):
            return at
        if text.startswith(".", at):
            at = self._run(at + 1, digits)
        if text[at : at + 1] in ("e", "E"):
            at += 1
            at = self._run(at + (text[at : at + 1] in ("+", "-")), digits)
        if at < len(text) and _in_name(text[at]):
            raise self.error(f"bad number syntax: {quote(text[start : at + 1])}", at)
        return at

    def _raw(self, at: int) -> tuple[str, int]:
        """A string without escapes, and where it ends. Raises ExprError."""
        doubled = self.version >= (1, 17, 7)
        end = at + 1
        while True:
            end = self.text.find("`", end)
            if end < 0:
                raise self.error("literal not terminated", len(self.text))
            if not (doubled and self.text.startswith("``", end)):
                value = self.text[at + 1 : end]
                return value.replace("``", "`") if doubled else value, end + 1
            end += 2

    def _string(self, at: int, *, octets: bool = False) -> tuple[str, int]:
        """A string, and where it ends. octets: it is one of octets. Raises ExprError."""
        text, quoted, wrong = self.text, self.text[at], False
        out: list[str] = []
        at += 1
        while at < len(text) and text[at] != quoted:
            if text[at] == "\n":
                break
            if text[at] != "\\":
                out.append("\n" if text[at] == "\r" else text[at])
                at += 1
                continue
            wrong = wrong or (octets and text[at + 1 : at + 2] in ("u", "U"))
            char, at = self._escape(at + 1, quoted)
            out.append(char or "")
            wrong = wrong or char is None
        if text[at : at + 1] != quoted:
            raise self.error("literal not terminated", at)
        if wrong:
            raise self.error("unable to unescape string", at)
        return "".join(out), at + 1

    def _escape(self, at: int, quoted: str) -> tuple[str | None, int]:
        """The character of the escape whose letter is at `at`, None for a number that no character has; and where the
        escape ends. Raises ExprError."""
        text, letter = self.text, self.text[at : at + 1]
        if letter and (letter == quoted or letter in ESCAPES):
            return ESCAPES.get(letter, letter), at + 1
        if text.startswith("u{", at) and self.version >= (1, 17, 7):
            start = at + 2
            end = start
            while end < start + 6 and text[end : end + 1] and text[end] in hexdigits:
                end += 1
            if end == start or not text.startswith("}", end):
                raise self.error("invalid char escape", end - 1)
            return _character(int(text[start:end], 16), 0x10FFFF), end + 1
        octal = letter in OCTAL and letter != ""
        size = 3 if octal else HEXADECIMAL.get(letter, 0)
        start = end = at if octal else at + (size > 0)
        while end < min(start + size, len(text)) and text[end] in (OCTAL if octal else hexdigits):
            end += 1
        if size == 0 or end < start + size:
            raise self.error("invalid char escape", end)
        number = int(text[start:end], 8 if octal else 16)
        if number >> 31:  # negative in Go, which writes its last octet alone
            return bytes((number & 0xFF,)).decode("utf-8", "surrogateescape"), end
        return _character(number, 0xFF if octal else 0x10FFFF), end


def _character(number: int, most: int) -> str | None:
    """The character of a number; None where it is greater than `most`."""
    if number > most:
        return None
    return "\ufffd" if 0xD800 <= number < 0xE000 else chr(number)


__all__ = ["LAZY", "NOWHERE", "ExprError", "NotModelled", "Token", "Version", "is_letter", "tokens"]
