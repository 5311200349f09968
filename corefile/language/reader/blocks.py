"""The grammar, as in caddyfile/parse.go: server blocks, their keys and directives, snippets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ...findings import Finding, Source, Span
from ...releases import Release
from ..files import Files
from ..words import Token
from . import mistakes
from .cursor import breaks
from .imports import MAX_SNIPPETS, Imports
from .state import State, Stop


class ServerBlock(NamedTuple):
    """A server block after expansion.

    keys: its zones as written, environment variables and trailing commas dealt with. directives: for each directive
    the words that CoreDNS hands to its setup, those of several occurrences one after another. span: from its first
    word to its last, or its first word alone if the last one stands in another file.
    """

    keys: tuple[Token, ...]
    directives: dict[str, list[Token]]
    span: Span


class Reader:
    """The parser of one Corefile."""

    def __init__(self, main: Source, release: Release, environ: Mapping[str, str], files: Files) -> None:
        self.state = State(main, release, environ)
        self.cursor = self.state.cursor
        self.imports = Imports(self.state, files)
        self.at_end = False
        self.snippet_names: dict[str, Token] = {}
        self.keys: list[Token] = []
        self.directives: dict[str, list[Token]] = {}

    @property
    def findings(self) -> list[Finding]:
        """What is wrong, in CoreDNS's order."""
        return self.state.findings

    @property
    def sources(self) -> dict[str, Source]:
        """The files that were imported, by path."""
        return self.imports.sources

    def read(self) -> list[ServerBlock]:
        """The server blocks."""
        blocks = []
        try:
            while self.cursor.next():
                self.keys, self.directives = [], {}
                first = len(self.cursor.done) - 1
                self._block()
                if self.keys:
                    blocks.append(ServerBlock(tuple(self.keys), self.directives, self._extent(first)))
        except Stop:
            pass
        return blocks

    def _extent(self, first: int) -> Span:
        """From a block's first word, by its place, to its last."""
        start = self.cursor.done[first].span if first < len(self.cursor.done) else self.keys[0].span
        end = self.cursor.done[-1].span
        return Span(start.source, start.start, end.end) if end.source is start.source else start

    def _block(self) -> None:
        """A server block or a snippet."""
        self._addresses()
        if self.at_end:
            return
        name = self._snippet_name()
        if name is not None:
            self._snippet(name)
            return
        opening = self.cursor.here if self.cursor.text == "{" else None
        if opening is None:
            self.cursor.back()
        if self._body(opening):
            return
        if opening is not None and self.cursor.text != "}":
            mistakes.not_closed(self.state, self.keys, opening)

    def _addresses(self) -> None:
        """The keys, up to the brace or the end of their line."""
        expecting = False
        comma: Token | None = None
        while True:
            token = self.cursor.here
            key = self.state.substitute(token) if token else ""
            if token and key == "import" and self.cursor.on_new_line():
                self.imports.bring_in()
                if not self.cursor.next():
                    self.cursor.past = True
                continue
            if token and key == "{":
                if expecting:
                    self.state.report(
                        "comma-before-brace",
                        "A comma stands behind the last zone of a server block",
                        f"Expected another address but had '{key}' - check for extra comma",
                        label="expected another zone",
                        related=((comma.span, "delete the comma here"),) if comma else (),
                    )
                return
            if token and key:
                expecting = key[-1] == ","
                if expecting:
                    comma = token
                self.keys.append(token._replace(text=key[:-1] if expecting else key))
            more = self.cursor.next()
            if expecting and not more:
                self.state.report(
                    "comma-at-the-end",
                    "The Corefile ends behind a comma",
                    "Unexpected EOF",
                    label="expected another zone behind the comma",
                )
                self.keys = []
            if not more:
                self.at_end = True
                return
            if not expecting and self.cursor.on_new_line():
                return

    def _body(self, opening: Token | None) -> bool:
        """The directives of a server block. True if the block was given up because another one begins."""
        while self.cursor.next():
            text = self.cursor.text
            if text == "}":
                break
            if text == "import":
                self.imports.bring_in()
                continue
            if self._directive(opening):
                return True
        return False

    def _directive(self, opening: Token | None) -> bool:
        """One directive: all of its line, and of the lines that its braces hold. True as for `_body`."""
        first = self.cursor.done[-1]
        name = self.state.substitute(first) if self.state.rules.directive_names_from_env else first.text
        braces: list[Token] = []
        if not self.state.release.has(name):
            if mistakes.unknown(self.state, self.keys, first, name, opening):
                return True
            if name[-1:] == "{":
                braces.append(first)
        collected = self.directives.setdefault(name, [])
        collected.append(first)
        done, ahead = self.cursor.done, self.cursor.ahead
        while ahead:
            token = ahead.pop()
            text = token.text
            done.append(token)
            if text == "{":
                braces.append(token)
            elif not braces and breaks(done[-2], token):
                self.cursor.back()
                break
            elif text == "}":
                if not braces:
                    self.state.report(
                        "closing-brace",
                        "This `}` closes nothing",
                        "Unexpected '}' because no matching opening brace",
                        hint="a `}` that ends the server block stands on a line of its own",
                    )
                    self.cursor.back()
                    return False
                braces.pop()
            elif text == "import" and self.state.rules.import_in_directives and self.cursor.on_new_line():
                self.imports.bring_in()
                continue
            if "{" in text and len(text) > 1:
                token = token._replace(text=self.state.substitute(token))
                done[-1] = token
            collected.append(token)
        if braces:
            self.state.report(
                "block-not-closed",
                f"The block of `{name}` is not closed before the file ends",
                "Unexpected EOF",
                label="the file ends here without a `}`",
                related=((braces[-1].span, "opened here"),),
            )
        return False

    def _snippet_name(self) -> str | None:
        """The name of the snippet, if this is one."""
        if not self.state.rules.snippets or len(self.keys) != 1:
            return None
        key = self.keys[0].text
        return key[1:-1] if len(key) > 1 and key[0] == "(" and key[-1] == ")" else None

    def _snippet(self, name: str) -> None:
        """Keep the words of a snippet."""
        key = self.keys[0]
        self.keys = []
        known = self.snippet_names.get(name)
        if known is not None:
            self.state.report(
                "snippet-twice",
                f"The snippet `{name}` is defined twice",
                f"redeclaration of previously declared snippet {name}",
                span=key.span if key.line == self.cursor.done[-1].line else None,
                related=((known.span, "first defined here"),),
            )
        if self.cursor.text != "{":
            self.state.report(
                "snippet-without-brace",
                f"The snippet `{name}` has no `{{`",
                f"Unexpected token '{self.cursor.text}', expecting '{{'",
                kind="Syntax error",
                label="expected `{`",
                related=((key.span, "the snippet"),),
            )
            self.cursor.skip_paragraph()
            return
        opening = self.cursor.done[-1]
        depth = 1
        body: list[Token] = []
        while self.cursor.next():
            token = self.cursor.done[-1]
            if token.text == "}":
                depth -= 1
                if not depth:
                    break
            elif token.text == "{":
                depth += 1
            body.append(token)
        if depth:
            self.state.report(
                "block-not-closed",
                f"The snippet `{name}` is not closed before the file ends",
                f"Unexpected token '{self.cursor.text}', expecting '}}'",
                kind="Syntax error",
                label="expected a `}` behind this",
                related=((opening.span, "opened here"),),
            )
            return
        if self.state.rules.import_limits:
            for before, token, following in zip([None, *body], body, body[1:], strict=False):
                if (
                    token.text == "import"
                    and self.state.substitute(following) == name
                    and (before is None or before.span.source is not token.span.source or before.line != token.line)
                ):
                    error = f"maximum snippet import depth ({MAX_SNIPPETS}) exceeded"
                    self.state.report(
                        "import-cycle", f"The snippet `{name}` imports itself", error, span=following.span
                    )
                    body = []
                    break
        if known is None:
            self.imports.snippets[name] = body
            self.snippet_names[name] = key
