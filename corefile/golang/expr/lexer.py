"""The words of an expression."""

from __future__ import annotations

import re
from string import hexdigits

from ...light import NamedTuple, regex
from ..quoting import code_point, quote

WORDS = frozenset(("in", "or", "and", "not", "matches", "contains", "startsWith", "endsWith"))
ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
HEXADECIMAL = {"x": 2, "u": 4, "U": 8}
"""The letters of escapes with hexadecimal digits, and how many there are."""
OCTAL = "01234567"
TOKEN = regex(
    r"""
    (?P<space>\s+|//[^\n]*|/\*.*?\*/)
    | (?P<number>0[xX][0-9a-fA-F_]*|0[oO][0-7_]*|0[bB][01_]*
        |(?:[0-9][0-9_]*(?:\.(?!\.)[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]*)?)
    | (?P<name>[\w$]+)
    | (?P<operator>\.\.|\?\.|\?\?|\|\||::|&&|[!=<>]=|\*\*|[?|:,;%+\-^&!=*<>/.\#])
    | (?P<bracket>[()\[\]{}])
    """,
    re.VERBOSE | re.DOTALL,
)


class ExprError(Exception):
    """What expr says to an expression that it refuses, with the line and a mark below the place."""

    def __init__(self, message: str, text: str, at: int, *, numbered: bool = False) -> None:
        """numbered: whether the place is named where there is no text to show, as before 1.16."""
        before = text[:at]
        line = before.count("\n") + 1
        start = before.rfind("\n") + 1
        shown = text[start:].partition("\n")[0].replace("\t", " ")
        marked = f"\n | {shown}\n | {'.' * (at - start)}^" if shown else ""
        super().__init__(f"{message} ({line}:{at - start + 1}){marked}" if marked or numbered else message)
        self.message = message
        self.at = at


class NotModelled(Exception):
    """The expression uses something that is not known here."""


class Token(NamedTuple):
    """A word and where it begins. kind: Identifier, Number, String, Operator, Bracket or EOF."""

    kind: str
    value: str
    at: int

    def __str__(self) -> str:
        return f"{self.kind}({quote(self.value)})" if self.value else self.kind

    def isa(self, *values: str) -> bool:
        """Whether it is one of these operators or brackets."""
        return self.kind in ("Operator", "Bracket") and self.value in values


def tokens(text: str, version: tuple[int, int]) -> list[Token]:
    """All words, the last of them EOF. Raises ExprError."""
    out: list[Token] = []
    at = 0
    reserved = WORDS | ({"let"} if version >= (1, 15) else set()) | ({"if", "else"} if version >= (1, 17) else set())
    while at < len(text):
        if text[at] in "'\"" or (text[at] == "`" and version >= (1, 16)):
            value, end = _string(text, at, version)
            out.append(Token("String", value, at))
            at = end
            continue
        found = TOKEN.match(text, at)
        if found is None:
            raise ExprError(f"unrecognized character: {code_point(text[at])}", text, at)
        kind, value = found.lastgroup, found[0]
        if kind == "space" and value[0] == "/" and version < (1, 12):
            out.append(Token("Operator", "/", at))
            at += 1
            continue
        if kind == "number":
            if re.match(r"\w", text[found.end() :]):
                raise ExprError(f"bad number syntax: {quote(text[at : found.end() + 1])}", text, found.end())
            out.append(Token("Number", value, at))
        elif kind == "name":
            out.append(Token("Operator" if value in reserved else "Identifier", value, at))
        elif kind == "operator":
            out.append(Token("Operator", value, at))
        elif kind == "bracket":
            out.append(Token("Bracket", value, at))
        at = found.end()
    return [*out, Token("EOF", "", max(0, len(text) - 1))]


def _string(text: str, at: int, version: tuple[int, int]) -> tuple[str, int]:
    """A string literal and where it ends. Raises ExprError, NotModelled."""
    quoted, out, i, wrong = text[at], "", at + 1, False
    while i < len(text) and text[i] != quoted:
        if text[i] == "\n" and quoted != "`":
            break
        if text[i] != "\\" or quoted == "`":
            out, i = out + text[i], i + 1
            continue
        if text.startswith("u{", i + 1) and version >= (1, 17):
            raise NotModelled(r"\u{...}")  # since 1.17.7
        char, i = _escape(text, i + 1, quoted)
        out, wrong = out + (char or ""), wrong or char is None
    if text[i : i + 1] != quoted:
        raise ExprError("literal not terminated", text, i)
    if wrong:
        raise ExprError("unable to unescape string", text, i)
    return out, i + 1


def _escape(text: str, at: int, quoted: str) -> tuple[str | None, int]:
    """The character of the escape whose letter is at `at`, and where it ends; None for a number that no character has.
    Raises ExprError."""
    letter = text[at : at + 1]
    if letter and (letter == quoted or letter in ESCAPES):
        return ESCAPES.get(letter, letter), at + 1
    octal = letter in OCTAL and letter != ""
    size = 3 if octal else HEXADECIMAL.get(letter, 0)
    start = end = at if octal else at + (size > 0)
    while end < min(start + size, len(text)) and text[end] in (OCTAL if octal else hexdigits):
        end += 1
    if size == 0 or end < start + size:
        raise ExprError("invalid char escape", text, end)
    number = int(text[start:end], 8 if octal else 16)
    if number >> 31:  # negative in Go, which writes its last octet alone
        return bytes((number & 0xFF,)).decode("utf-8", "surrogateescape"), end
    if number > (0xFF if octal else 0x10FFFF):
        return None, end
    return "\ufffd" if 0xD800 <= number < 0xE000 else chr(number), end


__all__ = ["ExprError", "NotModelled", "Token", "tokens"]
