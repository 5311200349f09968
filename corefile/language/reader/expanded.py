"""A Corefile as CoreDNS reads it: imports, snippets and environment variables put in place.

Whether a word is an `import`, and whether variables are put into it, depends on its place, which the automaton knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from ...findings import Finding, Limits, Source
from ...releases import Release
from ..environment import Crash, substitute
from ..files import Files
from ..nodes import Snippet, leaves
from ..words import Token, breaks
from .base import END, NL, Word
from .imports import MAX_SNIPPETS, Imports
from .rules import Rules
from .unknown import unknown_directive
from .written import BRACES, COMMA, Written

NO_BRACE: Word = ("NO_BRACE", None)


class Expanded(Written):
    """The reader of one Corefile for one release.

    Words are as CoreDNS has them while it reads: variables are put into keys, names of directives and their words, and
    `last` has them where CoreDNS keeps them.
    """

    def __init__(
        self, main: Source, release: Release, environ: Mapping[str, str], files: Files, limits: Limits
    ) -> None:
        self.rules = Rules.of(release)
        super().__init__(main, self.rules.snippets)
        self.release = release
        self.environ = environ
        self.most = limits.findings
        self.imports = Imports(self, release, self.rules, files, self.substitute, limits)

    def take_key(self) -> Word:
        while self.ahead:
            word = self.ahead[-1]
            text = self.substitute(word)
            if text != "import" or not self.on_new_line(word):
                return self.key_of(word, text)
            self.imports.bring_in(inside=False)
            self.past = not self.ahead
        return END

    def key_of(self, word: Token, text: str) -> Word:
        if text == "{" != word.text:
            return NO_BRACE
        kind, key = super().key_of(word, text)
        self.last = word
        return kind, key

    def take_further_key(self) -> Word:
        if self.at_comma:
            self.at_comma = False
            return COMMA
        if not self.ahead:
            return END
        word = self.ahead[-1]
        if word.text != "{" and self.on_new_line(word):
            return NL
        return self.key_of(word, self.substitute(word))

    def take_name(self) -> Word:
        ahead = self.ahead
        while ahead:
            word = ahead[-1]
            text = name = word.text
            if text == "import":
                self.imports.bring_in()
                continue
            if text == "}":
                return "CLOSE", self.take()
            if "{" in text and self.rules.directive_names_from_env:
                name = self.substitute(word)
            kind = "NAME" if self.release.has(name) else unknown_directive(self, self.release, name, self.most)
            if kind in ("NEXT", "STRAY"):
                return kind, None
            self.last = ahead.pop()
            return kind, word if name is text else word._replace(text=name)
        return END

    def take_property(self) -> Word:
        ahead = self.ahead
        while ahead:
            word = ahead[-1]
            text = word.text
            if text in BRACES:
                return BRACES[text], self.take()
            if text == "import" and self.rules.import_in_directives and self.on_new_line(word):
                self.imports.bring_in()
                continue
            if "{" in text:
                word = word._replace(text=self.substitute(word))
            del ahead[-1]
            self.last = word
            return "PROPERTY", word
        return END

    def take_word(self) -> Word:
        ahead = self.ahead
        last = self.last
        assert last is not None
        line, source = last.line, last.source
        keep = self.values[-1].append
        while ahead:
            word = ahead[-1]
            text = word.text
            if text == "{":
                self.last = ahead.pop()
                return "OPEN", word
            if (word.line != line or word.source is not source) and breaks(last, word):
                break
            if text == "}":
                self.last = ahead.pop()
                return "CLOSE", word
            if "{" in text:
                word = word._replace(text=self.substitute(word))
            del ahead[-1]
            keep(word)
            last = word
            line = word.line
            source = word.source
        self.last = last
        return NL

    def substitute(self, word: Token) -> str:
        """The text of a word with environment variables put in."""
        text = word.text
        if "{" not in text:
            return text
        try:
            return substitute(text, self.environ, self.rules.ends_of_references)
        except Crash as crash:
            message = f"CoreDNS {self.release} does not survive the environment references in this word"
            self.findings.append(Finding("environment-reference", message, word.span, coredns=str(crash)))
            return text

    def snippet(self) -> None:
        super().snippet()
        snippet: Snippet = self.values[-1]
        if snippet.closing is None:
            return
        name = snippet.name
        words = [word for line in snippet.body for word in leaves(line)]
        if self.rules.import_limits and self._imports_itself(name, words, snippet.closing):
            words = []
        self.imports.snippets.setdefault(name, words)

    def _imports_itself(self, name: str, words: list[Token], closing: Token) -> bool:
        before: Token | None = None
        for word, following in pairwise(words):
            begins_line = before is None or before.source is not word.source or before.line != word.line
            if word.text == "import" and self.substitute(following) == name and begins_line:
                error = f"maximum snippet import depth ({MAX_SNIPPETS}) exceeded"
                message = f"The snippet `{name}` imports itself"
                self.report(closing, "import-cycle", message, error, span=following.span)
                return True
            before = word
        return False
