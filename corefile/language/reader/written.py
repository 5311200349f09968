"""A Corefile as it was written: its words, and nothing put in their place."""

from __future__ import annotations

from ...findings import Source
from ..nodes import Snippet, keys_of
from ..words import Token, breaks
from .base import END, NL, Reader, Word
from .mistakes import MISTAKES, snippet_twice

COMMA: Word = ("COMMA", None)


class Written(Reader):
    """What kind of word the next one is, at each place that a state of the automaton can be ready for.

    at_comma: the key that was taken last has a comma at its end, which comes next. snippets: whether `(name)` is the head
    of a snippet.
    """

    def __init__(self, main: Source, snippets: bool = True) -> None:
        super().__init__(main)
        self.at_comma = False
        self.snippets = snippets

    def take_key(self) -> Word:
        """The first key of a server block, or one behind a comma. The head of a block may begin without any."""
        if not self.ahead:
            return END
        word = self.ahead[-1]
        if word.text == "import" and self.on_new_line(word):
            return "IMPORT", self.take()
        return self.key_of(word, word.text)

    def take_further_key(self) -> Word:
        """Behind a key."""
        if self.at_comma:
            self.at_comma = False
            return COMMA
        if not self.ahead:
            return END
        word = self.ahead[-1]
        if word.text != "{" and self.on_new_line(word):
            return NL
        return self.key_of(word, word.text)

    def key_of(self, word: Token, text: str) -> Word:
        """The next word as a key of this text."""
        self.take()
        if text == "{":
            return "OPEN", word
        if text is not word.text:
            word = word._replace(text=text)
        if not text:
            return "EMPTY", word
        self.at_comma = text[-1] == ","
        if text[0] == "(" and self.snippets:
            zone = text[:-1] if self.at_comma else text
            if zone[-1] == ")":
                return "SNIPPET", word
        return "KEY", word

    def take_name(self) -> Word:
        """The first word of a directive, or what ends the server block."""
        if not self.ahead:
            return END
        word = self.take()
        kind = _NAMES.get(word.text)
        return kind or "NAME", word

    def take_property(self) -> Word:
        """The first word of a line in a directive's braces."""
        if not self.ahead:
            return END
        word = self.ahead[-1]
        text = word.text
        if text in BRACES:
            return BRACES[text], self.take()
        if text == "import" and self.on_new_line(word):
            return "IMPORT", self.take()
        return "PROPERTY", self.take()

    def take_word(self) -> Word:
        """What ends a line of a directive or in its braces, as the end of the text does. The words before it, which
        the automaton would only keep (KEEP in _tables.py), are kept at once.
        """
        ahead = self.ahead
        last = self.last
        assert last is not None
        line = last.line
        keep = self.values[-1].append
        while ahead:
            word = ahead[-1]
            text = word.text
            if text == "{":
                self.last = ahead.pop()
                return "OPEN", word
            if word.line != line and breaks(last, word):
                break
            if text == "}":
                self.last = ahead.pop()
                return "CLOSE", word
            del ahead[-1]
            keep(word)
            last = word
            line = word.line
        self.last = last
        return NL

    def take_text(self) -> Word:
        """The first word of a line of a snippet."""
        if not self.ahead:
            return END
        word = self.take()
        return BRACES.get(word.text, "TEXT"), word

    def take_further_text(self) -> Word:
        """A further word of a line of a snippet."""
        if not self.ahead:
            return NL
        word = self.ahead[-1]
        if word.text != "{" and self.on_new_line(word):
            return NL
        return BRACES.get(word.text, "TEXT"), self.take()

    def take_import_argument(self) -> Word:
        """A word on the line of an import."""
        if not self.ahead or self.on_new_line(self.ahead[-1]):
            return NL
        return "TEXT", self.take()

    def snippet_head(self) -> None:
        super().snippet_head()
        (key,) = keys_of(self.values[-1][0])
        snippet_twice(self, key, self.last)

    def snippet(self) -> None:
        super().snippet()
        snippet: Snippet = self.values[-1]
        if snippet.closing is not None:
            self.snippet_keys.setdefault(snippet.key.text, snippet.key)

    def mistake(self, symbol: str, kind: str) -> Word:
        holds_no_text = kind in ("NL", "NO_BRACE")
        here = self.ahead[-1] if holds_no_text else None if self.past else self.last
        return MISTAKES[symbol, kind](self, here)


BRACES = {"{": "OPEN", "}": "CLOSE"}
_NAMES = {"{": "GLUED", "}": "CLOSE", "import": "IMPORT"}
