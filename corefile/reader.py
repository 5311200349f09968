"""CoreDNS's parser of Corefiles: caddyfile/parse.go of the caddy that each release was built with.

It has their order of errors and their quirks; where they differ, the difference is one attribute of `Rules`. Unlike
CoreDNS it goes on behind an error, so that all errors of a file are found.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .advice import unknown_directive
from .diagnostics import Finding, Source, Span
from .environment import Crash, substitute
from .files import BadPattern, Files, expression, join
from .releases import Release
from .words import Token, decode, tokens


class ServerBlock(NamedTuple):
    """A server block after expansion.

    keys: its zones as written, environment variables and trailing commas dealt with. directives: for each directive
    the words that CoreDNS hands to its setup, those of several occurrences one after another. span: from its first
    word to its last, or its first word alone if the last one stands in another file.
    """

    keys: tuple[Token, ...]
    directives: dict[str, list[Token]]
    span: Span


class Rules:
    """How the parser of a release differs: caddy 0.10.10 (CoreDNS 1.0.0) up to coredns/caddy 1.1.4 (1.14.7)."""

    def __init__(self, release: Release) -> None:
        self.snippets = release >= "1.0.6"  # caddy 0.10.11
        self.one_wildcard = release >= "1.2.3"  # caddy 0.10.13
        self.directive_names_from_env = release >= "1.3.0"  # caddy 0.11.1
        self.import_beside_importer = release >= "1.3.0"
        self.import_in_directives = release >= "1.4.0"  # caddy 0.11.4
        self.empty_files = release >= "1.8.0"  # coredns/caddy 1.1.0
        self.import_limits = release >= "1.13.0"  # coredns/caddy 1.1.4
        self.ends_of_references = "behind" if release >= "1.3.0" else "anywhere" if release >= "1.2.3" else "crash"


class _Stop(Exception):
    """CoreDNS could not read on from here, and neither can we."""


MAX_SNIPPETS = 10_000
MAX_FILES = 100_000


class Reader:
    """The parser. Words before the cursor and under it are in `done`, those behind it in `ahead`, backwards."""

    def __init__(self, main: Source, release: Release, environ: Mapping[str, str], files: Files) -> None:
        self.main = main
        self.release = release
        self.rules = Rules(release)
        self.environ = environ
        self.files = files
        self.base = files.base if files.base.startswith("/") else join(os.getcwd(), files.base or ".")
        self.sources: dict[str, Source] = {}
        self.findings: list[Finding] = []
        self.done: list[Token] = []
        self.ahead: list[Token] = tokens(main)[::-1]
        self.past = False  # the cursor stands behind the last word: an import brought nothing
        self.at_end = False
        self.snippets: dict[str, list[Token]] = {}
        self.snippet_names: dict[str, Token] = {}
        self.later: set[str] | None = None
        self.imported: dict[str, list[Token]] = {}
        self.snippet_imports = 0
        self.file_imports = 0
        self.keys: list[Token] = []
        self.directives: dict[str, list[Token]] = {}

    # The cursor.

    def next(self) -> bool:
        if self.past or not self.ahead:
            return False
        self.done.append(self.ahead.pop())
        return True

    def back(self) -> None:
        if self.past:
            self.past = False
        elif self.done:
            self.ahead.append(self.done.pop())

    @property
    def here(self) -> Token | None:
        return None if self.past or not self.done else self.done[-1]

    @property
    def text(self) -> str:
        return "" if self.past or not self.done else self.done[-1].text

    def on_new_line(self) -> bool:
        if self.past:
            return False
        return len(self.done) < 2 or breaks(self.done[-2], self.done[-1])

    def next_on_line(self) -> bool:
        if self.past or not self.ahead:
            return False
        this, following = self.done[-1], self.ahead[-1]
        if this.span.source is following.span.source and this.line + this.text.count("\n") == following.line:
            return self.next()
        return False

    # Errors.

    def report(self, code: str, message: str, coredns: str, hint: str = "", label: str = "",
               related: tuple[tuple[Span, str], ...] = (), kind: str = "Error during parsing",
               span: Span | None = None) -> None:  # fmt: skip
        token = self.here
        where = f"{token.file}:{token.line}" if token else f"{self.main.name}:0"
        if span is None:
            end = len(self.main.text)
            span = token.span if token else self.done[-1].span if self.done else Span(self.main, end, end)
        line = f"{where} - {kind}: {coredns}"
        self.findings.append(Finding(code, message, span, hint, label, "error", related, None, line))

    def substitute(self, token: Token) -> str:
        text = token.text
        if "{" not in text:
            return text
        try:
            return substitute(text, self.environ, self.rules.ends_of_references)
        except Crash as crash:
            words = f"CoreDNS {self.release} does not survive the environment references in this word"
            self.findings.append(Finding("environment-reference", words, token.span, coredns=str(crash)))
            return text

    # The grammar, as in caddyfile/parse.go.

    def read(self) -> list[ServerBlock]:
        blocks = []
        try:
            while self.next():
                self.keys, self.directives = [], {}
                first = len(self.done) - 1
                self.block()
                if self.keys:
                    blocks.append(ServerBlock(tuple(self.keys), self.directives, self.extent(first)))
        except _Stop:
            pass
        return blocks

    def extent(self, first: int) -> Span:
        start = self.done[first].span if first < len(self.done) else self.keys[0].span
        end = self.done[-1].span
        return Span(start.source, start.start, end.end) if end.source is start.source else start

    def block(self) -> None:
        self.addresses()
        if self.at_end:
            return
        name = self.snippet_name()
        if name is not None:
            self.snippet(name)
            return
        opening = self.here if self.text == "{" else None
        if opening is None:
            self.back()
        if self.body(opening):
            return
        if opening is not None and self.text != "}":
            self.not_closed(opening)

    def addresses(self) -> None:
        expecting = False
        comma: Token | None = None
        while True:
            token = self.here
            key = self.substitute(token) if token else ""
            if token and key == "import" and self.on_new_line():
                self.bring_in()
                if not self.next():
                    self.past = True
                continue
            if token and key == "{":
                if expecting:
                    self.report("comma-before-brace", "A comma stands behind the last zone of a server block",
                                f"Expected another address but had '{key}' - check for extra comma",
                                label="expected another zone",
                                related=((comma.span, "delete the comma here"),) if comma else ())  # fmt: skip
                return
            if token and key:
                expecting = key[-1] == ","
                if expecting:
                    comma = token
                self.keys.append(token._replace(text=key[:-1] if expecting else key))
            more = self.next()
            if expecting and not more:
                self.report("comma-at-the-end", "The Corefile ends behind a comma", "Unexpected EOF",
                            label="expected another zone behind the comma")  # fmt: skip
                self.keys = []
            if not more:
                self.at_end = True
                return
            if not expecting and self.on_new_line():
                return

    def body(self, opening: Token | None) -> bool:
        """The directives of a server block. True if the block was given up because another one begins."""
        while self.next():
            text = self.text
            if text == "}":
                break
            if text == "import":
                self.bring_in()
                continue
            if self.directive(opening):
                return True
        return False

    def directive(self, opening: Token | None) -> bool:
        first = self.done[-1]
        name = self.substitute(first) if self.rules.directive_names_from_env else first.text
        braces: list[Token] = []
        if not self.release.has(name):
            if self.unknown(first, name, opening):
                return True
            if name[-1:] == "{":
                braces.append(first)
        collected = self.directives.setdefault(name, [])
        collected.append(first)
        done, ahead = self.done, self.ahead
        while ahead:
            token = ahead.pop()
            text = token.text
            done.append(token)
            if text == "{":
                braces.append(token)
            elif not braces and breaks(done[-2], token):
                self.back()
                break
            elif text == "}":
                if not braces:
                    self.report("closing-brace", "This `}` closes nothing",
                                "Unexpected '}' because no matching opening brace",
                                hint="a `}` that ends the server block stands on a line of its own")  # fmt: skip
                    self.back()
                    return False
                braces.pop()
            elif text == "import" and self.rules.import_in_directives and self.on_new_line():
                self.bring_in()
                continue
            if "{" in text and len(text) > 1:
                token = token._replace(text=self.substitute(token))
                done[-1] = token
            collected.append(token)
        if braces:
            self.report("block-not-closed", f"The block of `{name}` is not closed before the file ends",
                        "Unexpected EOF", label="the file ends here without a `}`",
                        related=((braces[-1].span, "opened here"),))  # fmt: skip
        return False

    def not_closed(self, opening: Token) -> None:
        keys = " ".join(key.text for key in self.keys[:3])
        last = self.here
        if last and last.span.text[0] == '"' and (len(last.span.text) < 2 or last.span.text[-1] != '"'):
            self.report("quote-not-closed", "A quote is not closed, and takes in the rest of the file",
                        f"Unexpected token '{self.text}', expecting '}}'", kind="Syntax error",
                        label="opened here")  # fmt: skip
            return
        self.report("block-not-closed", f"The server block `{keys}` is not closed before the file ends",
                    f"Unexpected token '{self.text}', expecting '}}'", kind="Syntax error",
                    label="expected a `}` behind this", related=((opening.span, "opened here"),))  # fmt: skip

    # Snippets and imports.

    def snippet_name(self) -> str | None:
        if not self.rules.snippets or len(self.keys) != 1:
            return None
        key = self.keys[0].text
        return key[1:-1] if len(key) > 1 and key[0] == "(" and key[-1] == ")" else None

    def snippet(self, name: str) -> None:
        key = self.keys[0]
        self.keys = []
        known = self.snippet_names.get(name)
        if known is not None:
            self.report("snippet-twice", f"The snippet `{name}` is defined twice",
                        f"redeclaration of previously declared snippet {name}",
                        span=key.span if key.line == self.done[-1].line else None,
                        related=((known.span, "first defined here"),))  # fmt: skip
        if self.text != "{":
            self.report("snippet-without-brace", f"The snippet `{name}` has no `{{`",
                        f"Unexpected token '{self.text}', expecting '{{'", kind="Syntax error", label="expected `{`",
                        related=((key.span, "the snippet"),))  # fmt: skip
            self.skip_braceless()
            return
        opening = self.done[-1]
        depth = 1
        body: list[Token] = []
        while self.next():
            token = self.done[-1]
            if token.text == "}":
                depth -= 1
                if not depth:
                    break
            elif token.text == "{":
                depth += 1
            body.append(token)
        if depth:
            self.report("block-not-closed", f"The snippet `{name}` is not closed before the file ends",
                        f"Unexpected token '{self.text}', expecting '}}'", kind="Syntax error",
                        label="expected a `}` behind this", related=((opening.span, "opened here"),))  # fmt: skip
            return
        if self.rules.import_limits:
            for before, token, following in zip([None, *body], body, body[1:], strict=False):
                if token.text == "import" and self.substitute(following) == name and (
                    before is None or before.span.source is not token.span.source or before.line != token.line
                ):  # fmt: skip
                    error = f"maximum snippet import depth ({MAX_SNIPPETS}) exceeded"
                    self.report("import-cycle", f"The snippet `{name}` imports itself", error, span=following.span)
                    body = []
                    break
        if known is None:
            self.snippets[name] = body
            self.snippet_names[name] = key

    def skip_braceless(self) -> None:
        """Leave out the lines of what has no braces: up to an empty line."""
        while self.ahead and not (breaks(self.done[-1], self.ahead[-1]) and
                                  self.ahead[-1].line - self.done[-1].line != 1):  # fmt: skip
            self.next()

    def bring_in(self) -> None:
        """Put what is imported in the place of `import` and its argument; the cursor ends on the word before."""
        keyword = self.done[-1]
        if not self.next_on_line():
            self.report("import-argument", "`import` names nothing",
                        f"Wrong argument count or unexpected line ending after '{keyword.text}'",
                        label="expected a snippet, a file or a pattern")  # fmt: skip
            self.done.pop()
            return
        argument = self.done[-1]
        name = self.substitute(argument)
        if name == "":
            self.report("import-argument", "`import` names nothing: the word is empty",
                        "Import requires a non-empty filepath",
                        hint=f"{argument.span.text} is not set" if "{" in argument.text else "")  # fmt: skip
            self.drop_import()
            return
        if self.next_on_line():
            self.report("import-argument", "`import` takes one argument",
                        "Import takes only one argument (glob pattern or file)",
                        hint="snippets of CoreDNS take no arguments" if name in self.snippets else "")  # fmt: skip
            while self.next_on_line():
                pass
            while self.done[-1] is not argument:
                self.done.pop()
        elif name in self.snippets:
            self.count(snippet=True)
            self.drop_import()
            self.ahead.extend(reversed(self.snippets[name]))
            return
        else:
            found = self.from_files(argument, name)
            self.drop_import()
            self.ahead.extend(reversed(found))
            return
        self.drop_import()

    def drop_import(self) -> None:
        del self.done[-2:]

    def count(self, *, snippet: bool) -> None:
        """Count an import; an endless circle of them ends here."""
        if snippet:
            self.snippet_imports += 1
        else:
            self.file_imports += 1
        if self.snippet_imports <= MAX_SNIPPETS and self.file_imports <= MAX_FILES:
            return
        kind = "snippet" if snippet else "file"
        if self.rules.import_limits:
            self.report("import-cycle", f"This {kind} import goes in a circle: CoreDNS gives up after "
                        f"{MAX_SNIPPETS if snippet else MAX_FILES:,} imports",
                        f"maximum {kind} import depth ({MAX_SNIPPETS}) exceeded")  # fmt: skip
            raise _Stop
        if snippet and self.snippet_imports <= MAX_FILES:
            return
        self.report("import-cycle", f"This {kind} import goes in a circle: CoreDNS {self.release} never stops reading",
                    "the imports never end")  # fmt: skip
        raise _Stop

    def from_files(self, argument: Token, name: str) -> list[Token]:
        self.count(snippet=False)
        importer = argument.span.source
        beside = importer is not self.main and self.rules.import_beside_importer
        directory = join(self.base, importer.name + "/..") if beside else self.base
        pattern = name if name.startswith("/") else join(directory, name)
        shown = self.shorten(pattern)
        has = shown.count
        if self.rules.one_wildcard and (has("*") > 1 or has("?") > 1 or (has("[") and has("]"))):
            self.report("import-pattern", "The pattern of an import may have only one `*` and one `?`, and no `[...]`",
                        f"Glob pattern may only contain one wildcard (*), but has others: {shown}")  # fmt: skip
            return []
        try:
            expression(shown)
            matches = self.files.glob(shown)
        except BadPattern:
            self.report("import-pattern", "The pattern of this import is not well formed",
                        f"Failed to use import pattern {name}: syntax error in pattern")  # fmt: skip
            return []
        if not matches:
            if not self.rules.import_beside_importer:
                name = self.shorten(name)
            wild = any(char in pattern for char in ("*?[]" if self.rules.one_wildcard else "*"))
            if wild:
                self.warn(f"No file matches `{name}`", argument)
            else:
                self.not_found(argument, name)
            return []
        return [token for path in matches for token in self.one_file(path)]

    def not_found(self, argument: Token, name: str) -> None:
        if not self.rules.snippets and name in self.all_snippets():
            hint = "snippets came with CoreDNS 1.0.6"
        elif name in self.all_snippets():
            hint = "the snippet stands further down; move it above its first use"
        else:
            from difflib import get_close_matches

            close = get_close_matches(name, self.snippets, 1)
            hint = f"did you mean `{close[0]}`?" if close else ""
        self.report("import-not-found", f"There is no snippet and no file `{name}` to import",
                    f"File to import not found: {name}", hint=hint)  # fmt: skip

    def all_snippets(self) -> set[str]:
        """The names of the snippets of the Corefile, those further down too."""
        if self.later is None:
            self.later = {t.text[1:-1] for t in tokens(self.main) if t.text[:1] == "(" and t.text[-1:] == ")"}
        return self.later

    def one_file(self, path: str) -> list[Token]:
        path = self.shorten(join(self.base, path))
        known = self.imported.get(path)
        if known is not None:
            return known
        if self.files.is_dir(path):
            self.report("import-directory", f"`{path}` is a directory", f"Could not import {path}: is a directory",
                        hint=f"import `{path}/*` for the files in it")  # fmt: skip
            return []
        data = self.files.read(path)
        if data is None:
            self.report("import-not-found", f"`{path}` cannot be read",
                        f"Could not import {path}: open {path}: no such file or directory")  # fmt: skip
            return []
        if not data and not self.rules.empty_files:
            self.report("import-empty", f"`{path}` is empty, which CoreDNS {self.release} does not import",
                        f"Could not read tokens while importing {path}: EOF")  # fmt: skip
            return []
        source = self.sources[path] = self.source_of(path, data)
        words = tokens(source)
        if not self.rules.import_beside_importer:
            words = self.absolute(words, path)
        self.imported[path] = words
        return words

    def source_of(self, path: str, data: bytes) -> Source:
        given = getattr(self.files, "source", None)
        source: Source | None = given(path) if given else None
        if source is not None:
            return Source(source.path, source.text, path, source.embedding)
        user_path = getattr(self.files, "user_path", None)
        return Source(user_path(path) if user_path else path, decode(data), path)

    def absolute(self, words: list[Token], path: str) -> list[Token]:
        """Before CoreDNS 1.3.0 all words behind `import` in an imported file became paths beside that file."""
        directory = join(self.base, path + "/..")
        changed = []
        line = 0
        for token in words:
            if token.text == "import":
                line = token.line
            elif token.line == line and not token.text.startswith("/"):
                token = token._replace(text=join(directory, token.text))
            changed.append(token)
        return changed

    def shorten(self, path: str) -> str:
        """A path as CoreDNS shows it when it was started beside the Corefile."""
        base = self.base.rstrip("/") + "/"
        if path.startswith(base):
            return path[len(base) :]
        return path

    def warn(self, message: str, token: Token) -> None:
        self.findings.append(Finding("import-without-match", message, token.span, severity="warning"))

    # Directives that the release does not have.

    def unknown(self, token: Token, name: str, opening: Token | None) -> bool:
        """Report it. True if it looks like the zone of the next server block, which is then read as one."""
        coredns = f"Unknown directive '{name}'"
        if len(self.keys) == 1 and self.keys[0].text == "}":
            self.report("closing-brace",
                        f"CoreDNS takes `{name}` for a directive, because the `}}` before closes nothing", coredns,
                        related=((self.keys[0].span, "closes nothing"),))  # fmt: skip
            self.keys = []
            self.back()
            return True
        if self.begins_block(token, name):
            hint = "a server block without braces takes the whole rest of the file"
            related: tuple[tuple[Span, str], ...] = ()
            if opening:
                hint, related = "the server block before it is not closed by a `}`", ((opening.span, "opened here"),)
            self.report("unknown-directive", f"CoreDNS takes `{name}` for a directive of the server block before it",
                        coredns, hint=hint, related=related)  # fmt: skip
            self.back()
            return True
        arguments = [word.text for word in self.rest_of_line(token) if word.text != "{"]
        code, message, hint = unknown_directive(name, arguments, self.release)
        self.report(code, message, coredns, hint=hint)
        return False

    def rest_of_line(self, token: Token) -> Iterator[Token]:
        for word in reversed(self.ahead):
            if breaks(token, word):
                return
            yield word
            token = word

    def begins_block(self, token: Token, name: str) -> bool:
        """Whether a word on a new line that is no directive looks like the first zone of a server block."""
        if not any(char in name for char in ".:/") or not self.on_new_line():
            return False
        words = list(self.rest_of_line(token))
        if any(word.text == "{" for word in words):
            return True
        return len(words) < len(self.ahead) and self.release.has(self.ahead[-1 - len(words)].text)


def breaks(before: Token, token: Token) -> bool:
    """Whether a word stands on another line than the end of the word before it."""
    return (
        before.line != token.line and before.line + before.text.count("\n") < token.line
    ) or before.span.source is not token.span.source
