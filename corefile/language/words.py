"""The words of a text, exactly as CoreDNS's lexer cuts them (caddyfile/lexer.go; the recorded cases agree).

* Go's `unicode.IsSpace` separates words; a carriage return outside quotes vanishes, even inside a word.
* A quote opens a quoted word only at the start of a word, and the word ends at the closing quote: `"a"b` is two words.
  In it `\\"` is a quote, and every other backslash is a backslash. At the end of the text it closes by itself.
* `#` at the start of a word begins a comment to the end of the line. Behind a word it ends the word, and hides what
  follows up to the next space only: `a#b c` is `a` and `c`.
* A byte order mark at the very start is dropped.

What is no word (space, line ends, comments, the byte order mark) belongs to the word behind it, or to the end of the
text, which is a word without letters. So a text is its words, one after another.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from ..findings import Source, Span
from ..light import NamedTuple, regex

# Go's unicode.IsSpace, without the carriage return.
_SPACE = r"\t-\x0c \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_BETWEEN = rf"[ \n]*+(?:[{_SPACE}\r]++|#[^\n]*+)*+"
_BARE = rf'[^{_SPACE}\r"#][^{_SPACE}\r#]*+(?:\r++[^{_SPACE}\r#]++)*+'
_GLUED = rf"(?:\r*+#[^{_SPACE}]*+)?+"  # what a `#` hides that is glued to a word
_QUOTED = r'"(?!\\?+\Z)[^"\\]*+(?:\\[\s\S][^"\\]*+)*+(?:"|\\?\Z)'
_END = r'(?:"\\?+)?+\Z'  # a quote that the text ends behind makes no word

_WORD = regex(rf"({_BETWEEN})(?:({_BARE})({_GLUED})|({_QUOTED})|{_END})")

# Looked for where a comment is asked for: most who read a Corefile don't.
_COMMENT = r"#([^\n]*+)"
_GLUED_COMMENT = rf"\r*+#([^{_SPACE}]*+)"
_COMMENT_BEHIND = rf"(?:(?!\n)[{_SPACE}\r])*+#([^\n]*+)"


class Token(NamedTuple):
    """A word of a Corefile.

    text: what CoreDNS reads, without quotes, and with environment variables put in where it does so. line: as CoreDNS
    counts, in the word's own source. start, end: where the word stands there, as offsets. before: the offset at which
    the space and the comments begin that belong to it, which is where the word before it ends.
    """

    text: str
    line: int
    source: Source
    start: int
    end: int
    before: int

    @property
    def file(self) -> str:
        """The name that CoreDNS shows for the word's source."""
        return self.source.name

    @property
    def span(self) -> Span:
        """Where the word stands."""
        return Span(self.source, self.start, self.end)

    @property
    def written(self) -> str:
        """Its text before environment variables were put in."""
        return unescape(self.source.text[self.start : self.end])

    @property
    def quoted(self) -> bool:
        return self.source.text.startswith('"', self.start)

    @property
    def last_line(self) -> int:
        """The line on which it ends, as CoreDNS counts: its line, and the line breaks in its text."""
        return self.line + self.text.count("\n")

    @property
    def comments(self) -> tuple[str, ...]:
        """The comments between the word before it and itself, without `#` and the space behind it."""
        found = re.compile(_COMMENT).findall(self.source.text, self.before, self.start)
        return tuple(comment.removeprefix(" ").rstrip() for comment in found)

    @property
    def comment_behind(self) -> str:
        """The comment behind it on its line, "" if there is none."""
        text = self.source.text
        glued = None if self.quoted else re.compile(_GLUED_COMMENT).match(text, self.end)
        match = glued or re.compile(_COMMENT_BEHIND).match(text, self.end)
        return match[1].removeprefix(" ").rstrip() if match else ""

    def __str__(self) -> str:
        return self.text


def words(source: Source) -> list[Token]:
    """All words of a source; the last is its end, which has no text."""
    text = source.text
    returns = "\r" in text
    make = tuple.__new__
    found: list[Token] = []
    add = found.append
    line = 1
    before = 0
    at = 1 if text.startswith("\ufeff") else 0
    for between, bare, glued, quoted in _WORD.findall(text, at):
        start = at + len(between)
        if "\n" in between:
            line += between.count("\n")
        if bare:
            at = start + len(bare)
            add(make(Token, (bare.replace("\r", "") if returns else bare, line, source, start, at, before)))
            before = at
            if glued:
                at += len(glued)
        elif quoted:
            at = start + len(quoted)
            add(make(Token, (unquote(quoted), line, source, start, at, before)))
            before = at
            line += quoted.count("\n")
        else:
            break
    add(Token("", line, source, len(text), len(text), before))
    return found


def too_many(text: str, most: int) -> int | None:
    """The offset of the first word beyond `most`, where long ones count as several (see `LONG`); None for a text that has
    no more."""
    if len(text) <= most or sum(map(text.count, _SEPARATORS)) + len(text) // LONG < most:
        return None
    found = 0
    for match in _WORD.finditer(text, 1 if text.startswith("\ufeff") else 0):
        word = match[2] or match[4]
        if word:
            found += 1 + len(word) // LONG
            if found > most:
                return match.end(1)
    return None


def count(found: Iterable[Token]) -> int:
    """How many words these are, counted as `too_many` does."""
    return sum([1 + len(token.text) // LONG for token in found])


LONG = 32
"""Characters after which a long word, such as an expression, counts as one more: all of it is read."""
_SEPARATORS = '\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"' + "".join(map(chr, range(0x2000, 0x200B)))


def breaks(before: Token, token: Token) -> bool:
    """Whether CoreDNS takes a word to stand on another line than the end of the word before it.

    A word from an earlier line of the same source (a snippet's, say) does not.
    """
    if before.source is not token.source:
        return True
    return before.line != token.line and before.last_line < token.line


def continues(before: Token, token: Token) -> bool:
    """Whether a word stands on the line on which the word before it ends. Some words neither break nor continue."""
    return before.source is token.source and before.last_line == token.line


def unquote(raw: str) -> str:
    """The text of a quoted word, which may lack its closing quote at the end of a text."""
    body = raw[1:-1]
    closed = raw[-1] == '"' and (len(body) - len(body.rstrip("\\"))) % 2 == 0
    text = body if closed else raw[1:]
    if not closed and (len(text) - len(text.rstrip("\\"))) % 2:
        text = text[:-1]  # a backslash with nothing behind it
    return text.replace('\\"', '"') if "\\" in text else text


def unescape(raw: str) -> str:
    """The text of a word as written: quotes and carriage returns taken away."""
    if raw[:1] == '"':
        return unquote(raw)
    return raw.replace("\r", "")


def decode(data: bytes) -> str:
    """The text of a file, with U+FFFD for each byte that is not UTF-8, as Go reads it."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("utf-8", _REPLACE_EACH)


def _replace_each(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "\ufffd" * (error.end - error.start), error.end


_REPLACE_EACH = "corefile.replace_each"
codecs.register_error(_REPLACE_EACH, _replace_each)
