"""The tokens of a master file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...golang.numbers import to_uint
from ...light import regex
from ..codes import CLASSES, SINCE, TYPES
from ..rdata import Token
from ..rdata.tokens import BLANK, CLASS, DIRECTIVE, ERROR, NEWLINE, OWNER, QUOTE, RRTYPE, STRING

if TYPE_CHECKING:
    from ...releases import Release

_DIRECTIVES = ("$TTL", "$ORIGIN", "$INCLUDE", "$GENERATE")
_RUN = regex(r'[^ \t;\r\n\\"()]+')
_QUOTED_RUN = regex(r'[^\\"\n]+')


class Mark:
    """Where the lexer is, if that is the beginning of a line outside of parentheses. at: the index, else -1. line: the
    line's number."""

    __slots__ = ("at", "line")

    def __init__(self) -> None:
        self.at = 0
        self.line = 1


def lex(text: str, types: dict[str, int], limit: int, mark: Mark) -> Iterator[Token]:
    """The tokens of `text`, each character of which is one octet, from the mark on. After an ERROR token there are no more.

    The mark is at the next line whenever a token is a line break outside of parentheses.
    """
    i, size = mark.at, len(text)
    line, start = mark.line, i  # the current line, and the index at which it starts
    mark.at = -1
    brace = 0
    quoted = space = typed = comment = False
    first = True  # whether the next word is an owner
    word = ""
    escape = False
    ended = False  # whether a comment was seen that no line break ended yet
    run, quoted_run = _RUN.match, _QUOTED_RUN.match
    while i < size:
        if quoted:
            found = quoted_run(text, i)
            if found is not None and not escape:
                word += found[0]
                i = found.end()
                continue
        elif not comment:
            found = run(text, i)
            if found is not None:
                word += found[0]
                i = found.end()
                escape = space = False
                if len(word) > limit:
                    yield ERROR, "token length insufficient for parsing", 0, line, i - start - len(word) + limit + 1
                    return
                continue
        else:
            at = text.find("\n", i)
            i = size if at < 0 else at
            if at < 0:
                break
        ch = text[i]
        i += 1
        column = i - start
        if ch in " \t":
            if escape or quoted:
                word += ch
                escape = False
                continue
            if word:
                if first:
                    if word[0] == "$" and word.upper() in _DIRECTIVES:
                        yield DIRECTIVE, word.upper(), 0, line, column
                    else:
                        yield OWNER, word, 0, line, column
                elif typed:
                    yield STRING, word, 0, line, column
                else:
                    upper = word.upper()
                    value, number = STRING, types.get(upper, -1)
                    if number >= 0:
                        value = RRTYPE
                        typed = True
                    elif upper.startswith("TYPE"):
                        number = _suffix(word, 4)
                        if number < 0:
                            yield ERROR, "unknown RR type", 0, line, column
                            return
                        value = RRTYPE
                        typed = True
                    if upper in CLASSES:
                        value, number = CLASS, CLASSES[upper]
                    elif upper.startswith("CLASS"):
                        number = _suffix(word, 5)
                        if number < 0:
                            yield ERROR, "unknown class", 0, line, column
                            return
                        value = CLASS
                    yield value, word, number, line, column
                word = ""
                ended = False
            first = False
            if not space:
                space = True
                yield BLANK, " ", 0, line, column
                ended = False
        elif ch == "\n":
            escape = False
            if quoted:
                word += ch
            elif comment:
                comment = typed = False
                if brace == 0:
                    first = True
                    ended = False
                    mark.at, mark.line = i, line + 1
                    yield NEWLINE, "\n", 0, line, column - 1
                    mark.at = -1
            elif brace == 0:
                if word:
                    number = -1 if typed else types.get(word.upper(), -1)
                    yield STRING if number < 0 else RRTYPE, word, max(number, 0), line, column - 1
                    word = ""
                typed = ended = False
                first = True
                mark.at, mark.line = i, line + 1
                yield NEWLINE, "\n", 0, line, column - 1
                mark.at = -1
            line += 1
            start = i
        elif ch == ";":
            if escape or quoted:
                word += ch
                escape = False
            else:
                comment = ended = True
                if word:
                    yield STRING, word, 0, line, column
                    word = ""
        elif ch == "\\":
            word += ch
            escape = not escape
        elif ch == '"':
            if escape:
                word += ch
                escape = False
                continue
            space = False
            if word:
                yield STRING, word, 0, line, column
                word = ""
            quoted = not quoted
            ended = False
            yield QUOTE, '"', 0, line, column
        elif ch == "\r":
            escape = False
            if quoted:
                word += ch
        elif escape or quoted:
            word += ch
            escape = False
        elif ch == "(":
            brace += 1
        elif ch == ")":
            brace -= 1
            if brace < 0:
                yield ERROR, "extra closing brace", 0, line, column
                return
        else:
            word += ch
            escape = space = False
    column = size - start
    if size and text[-1] == "\n":
        line -= 1
        column = len(text) - 1 - (text.rfind("\n", 0, size - 1) + 1)
    if word:
        yield STRING, word, 0, line, column
    if ended:
        yield NEWLINE, "\n", 0, line, column
    if brace:
        yield ERROR, "unbalanced brace", BLANK if space and not word else STRING, line, column


def _suffix(word: str, at: int) -> int:
    number = to_uint(word[at:], 16)
    return -1 if number is None else number


_type_tables: dict[str, dict[str, int]] = {}


def types_of(release: Release | None) -> dict[str, int]:
    key = "" if release is None else release.version
    table = _type_tables.get(key)
    if table is None:
        table = {
            name: number
            for name, number in TYPES.items()
            if release is None or name not in SINCE or release >= SINCE[name]
        }
        _type_tables[key] = table
    return table
