"""What `import` puts in its place: the words of a snippet or of files."""

from __future__ import annotations

import os
from collections.abc import Callable

from ...findings import Finding, Limits, Source, Span, TooLarge
from ...golang.globs import BadPattern
from ...releases import Release
from ..files import Files, join, source_of
from ..words import Token, continues, count, too_many
from ..words import words as words_of
from .base import Reader
from .rules import Rules

MAX_SNIPPETS = 10_000
MAX_FILES = 100_000
MAX_COMPARED = 10_000
MOST_PLACES = 20
"""Of the places that import one file that is not here, so many are said."""


class Stop(Exception):
    """CoreDNS could not read on from here, and neither can we."""


def too_large(span: Span, limits: Limits) -> Finding:
    """There are more words than are read."""
    said = TooLarge(f"a Corefile of more than {limits.words:,} words, with what it imports, is not read", "words")
    return Finding("too-large", said.message, span, hint=said.hint)


class Imports:
    """The snippets that were defined so far, and the files.

    anywhere: files outside of server blocks that are not here, and may be on CoreDNS's machine. unknown: imports of
    which nothing is known for that reason, each with the place among the items of the server block that it stands in
    (None outside of all). patterns: those of server blocks by a pattern whose folder is not here.
    """

    def __init__(
        self,
        reader: Reader,
        release: Release,
        rules: Rules,
        files: Files,
        substitute: Callable[[Token], str],
        limits: Limits,
    ) -> None:
        self.reader = reader
        self.release = release
        self.rules = rules
        self.files = files
        self.substitute = substitute
        self.base = files.base if files.base.startswith("/") else join(os.getcwd(), files.base or ".")
        self.snippets: dict[str, list[Token]] = {}
        self.sources: dict[str, Source] = {}
        self.imported: dict[str, list[Token]] = {}
        self.brought_before: dict[tuple[str, str], list[Token]] = {}  # by an import of one file, from a folder
        self.named_anywhere: set[str] | None = None
        self.compared = 0
        self.limits = limits
        self.inside = False
        self.anywhere: list[str] = []
        self.said: dict[str, int] = {}  # the place of each notice among the findings
        self.unknown: list[tuple[int | None, Span]] = []
        self.patterns: list[tuple[int, Span]] = []
        self.brought = 0  # words
        self.written = -1  # words of the Corefile itself; counted when something is imported
        self.of_snippets = 0
        self.of_files = 0

    def bring_in(self, *, inside: bool = True) -> None:
        """Put what is imported in the place of `import` and its argument, which come next. inside: whether they stand in
        a server block. Raises Stop."""
        self.inside = inside
        ahead = self.reader.ahead
        keyword = ahead.pop()
        if not ahead or not continues(keyword, ahead[-1]):
            self.reader.report(
                keyword,
                "import-argument",
                "`import` names nothing",
                f"Wrong argument count or unexpected line ending after '{keyword.text}'",
                label="expected a snippet, a file or a pattern",
            )
            return
        argument = ahead.pop()
        brought = self._named(argument)
        self.brought += max(count(brought) - 2, 0)  # in the place of the two words of the import
        if self.written < 0:
            self.written = count(self.reader.words) - 1  # the last word is the end
        if self.brought + self.written > self.limits.words:
            self.reader.findings.append(too_large(argument.span, self.limits))
            raise Stop
        ahead.extend(reversed(brought))

    def _named(self, argument: Token) -> list[Token]:
        """The words that an `import` of this argument brings, none after an error."""
        name = self.substitute(argument)
        if name == "":
            self.reader.report(
                argument,
                "import-argument",
                "`import` names nothing: the word is empty",
                "Import requires a non-empty filepath",
                hint=f"{argument.span.text} is not set" if "{" in argument.text else "",
            )
            return []
        ahead = self.reader.ahead
        if ahead and continues(argument, ahead[-1]):
            self.reader.report(
                ahead[-1],
                "import-argument",
                "`import` takes one argument",
                "Import takes only one argument (glob pattern or file)",
                hint="snippets of CoreDNS take no arguments" * (name in self.snippets),
            )
            last = argument
            while ahead and continues(last, ahead[-1]):
                last = ahead.pop()
            return []
        if name in self.snippets:
            self._count(argument, snippet=True)
            return self.snippets[name]
        return self._from_files(argument, name)

    def _count(self, argument: Token, *, snippet: bool) -> None:
        """Count an import; an endless circle of them ends here."""
        if snippet:
            self.of_snippets += 1
        else:
            self.of_files += 1
        if self.of_snippets <= MAX_SNIPPETS and self.of_files <= MAX_FILES:
            return
        kind = "snippet" if snippet else "file"
        if self.rules.import_limits:
            self.reader.report(
                argument,
                "import-cycle",
                f"This {kind} import goes in a circle: CoreDNS gives up after "
                f"{MAX_SNIPPETS if snippet else MAX_FILES:,} imports",
                f"maximum {kind} import depth ({MAX_SNIPPETS}) exceeded",
            )
            raise Stop
        if snippet and self.of_snippets <= MAX_FILES:
            return
        self.reader.report(
            argument,
            "import-cycle",
            f"This {kind} import goes in a circle: CoreDNS {self.release} never stops reading",
            "the imports never end",
        )
        raise Stop

    def _from_files(self, argument: Token, name: str) -> list[Token]:
        self._count(argument, snippet=False)
        importer = argument.span.source
        beside = importer is not self.reader.main and self.rules.import_beside_importer
        directory = join(self.base, importer.name + "/..") if beside else self.base
        again = self.brought_before.get((directory, name))
        if again is not None:
            return again
        pattern = name if name.startswith("/") else join(directory, name)
        shown = self._shorten(pattern)
        has = shown.count
        if self.rules.one_wildcard and (has("*") > 1 or has("?") > 1 or (has("[") and has("]"))):
            self.reader.report(
                argument,
                "import-pattern",
                "The pattern of an import may have only one `*` and one `?`, and no `[...]`",
                f"Glob pattern may only contain one wildcard (*), but has others: {shown}",
            )
            return []
        try:
            matches = self.files.glob(shown)
        except BadPattern:
            self.reader.report(
                argument,
                "import-pattern",
                "The pattern of this import is not well formed",
                f"Failed to use import pattern {name}: syntax error in pattern",
            )
            return []
        if not matches:
            if not self.rules.import_beside_importer:
                name = self._shorten(name)
            wild = any(char in pattern for char in ("*?[]" if self.rules.one_wildcard else "*"))
            if wild:
                self._warn(f"No file matches `{name}`", argument)
                if self.inside and getattr(self.files, "assume", False) and not self.files.is_dir(join(pattern, "..")):
                    self.patterns.append((len(self.reader.values[0]), argument.span))
            else:
                self._not_found(argument, name)
            return []
        brought: list[Token] = []
        for number, path in enumerate(matches):
            brought += self._one_file(argument, path)
            self.brought += 2 * (number > 0)
            if self.brought + len(brought) > self.limits.words:
                break  # `bring_in` refuses it
        if len(matches) == 1 and brought:
            self.brought_before[directory, name] = brought
        return brought

    def _not_found(self, argument: Token, name: str) -> None:
        if self._is_elsewhere(argument, name):
            return
        hint = meant = ""
        choices: tuple[str, ...] = ()
        if not self.rules.snippets and name in self._all_snippets():
            hint = "snippets came with CoreDNS 1.0.6"
        elif name in self._all_snippets():
            hint = "the snippet stands further down; move it above its first use"
        elif outside := self._outside(name):
            hint = f"it lies outside of {outside}, so it is not read: --allow-outside lets it"
        else:
            meant, choices = self._nearest(name)
            hint = self._how(name)
        self.reader.report(
            argument,
            "import-not-found",
            f"There is no snippet and no file `{name}` to import",
            f"File to import not found: {name}",
            hint=hint,
            choices=choices,
            meant=meant,
        )

    @staticmethod
    def _how(name: str) -> str:
        """What to write where nothing is called nearly so."""
        plain = name.isidentifier()
        return f"write `({name}) {{ ... }}` above for a snippet, or put a file of that name beside the Corefile" * plain

    def _is_elsewhere(self, argument: Token, name: str) -> bool:
        """Whether CoreDNS's machine may have the file, or a file with the snippet. Then a notice says so."""
        of_import: Callable[[str], str] | None = getattr(self.files, "import_elsewhere", None)
        path = "" if of_import is None else of_import(name)
        if path:
            how: Callable[[str], str] | None = getattr(self.files, "how_to_give", None)
            words = f"{path} is not here, so what depends on it is not checked"
            self._notice(argument, "missing-file", words, "" if how is None else how(path))
            if not self.inside and path not in self.anywhere:
                self.anywhere.append(path)
        elif self.anywhere and "/" not in name and name not in self._all_snippets():
            words = f"There is no snippet `{name}` here"
            self._notice(argument, "import-not-found", words, f"it may be in {' or '.join(self.anywhere)}")
        else:
            return False
        self.unknown.append((len(self.reader.values[0]) if self.inside else None, argument.span))
        return True

    def _notice(self, argument: Token, code: str, words: str, hint: str) -> None:
        """Say it once for each path, with some of the other places where it is named."""
        found = self.reader.findings
        at = self.said.setdefault(words, len(found))
        if at == len(found):
            found.append(Finding(code, words, argument.span, hint=hint, severity="notice"))
            return
        before = found[at]
        if len(before.related) < MOST_PLACES and argument.span not in (before.span, *(x for x, _ in before.related)):
            found[at] = before._replace(related=(*before.related, (argument.span, "named here, too")))

    def _outside(self, name: str) -> str:
        outside: Callable[[str], str] | None = getattr(self.files, "outside", None)
        return outside(name) if outside is not None else ""

    def _nearest(self, name: str) -> tuple[str, tuple[str, ...]]:
        """The snippet that was meant, '' if there is none, and all that there are, as long as not too many were compared."""
        from difflib import get_close_matches

        self.compared += len(self.snippets)
        if self.compared > MAX_COMPARED:
            return "", ()
        close = get_close_matches(name, self.snippets, 1)
        return close[0] if close else "", tuple(self.snippets)

    def _all_snippets(self) -> set[str]:
        """The names of the snippets of the Corefile, those further down too."""
        if self.named_anywhere is None:
            heads = (token.text for token in self.reader.words if token.text[:1] == "(" and token.text[-1:] == ")")
            self.named_anywhere = {head[1:-1] for head in heads}
        return self.named_anywhere

    def _one_file(self, argument: Token, path: str) -> list[Token]:
        path = self._shorten(join(self.base, path))
        known = self.imported.get(path)
        if known is not None:
            return known
        if self.files.is_dir(path):
            self.reader.report(
                argument,
                "import-directory",
                f"`{path}` is a directory",
                f"Could not import {path}: is a directory",
                hint=f"import `{path}/*` for the files in it",
            )
            return []
        try:
            data = self.files.read(path)
        except TooLarge as error:
            self.reader.findings.append(Finding("too-large", error.message, argument.span, hint=error.hint))
            raise Stop from None
        if data is None:
            self.reader.report(
                argument,
                "import-not-found",
                f"`{path}` cannot be read",
                f"Could not import {path}: open {path}: no such file or directory",
            )
            return []
        if not data and not self.rules.empty_files:
            self.reader.report(
                argument,
                "import-empty",
                f"`{path}` is empty, which CoreDNS {self.release} does not import",
                f"Could not read tokens while importing {path}: EOF",
            )
            return []
        source = source_of(path, data, self.files)
        if too_many(source.text, self.limits.words) is not None:
            self.reader.findings.append(too_large(argument.span, self.limits))
            raise Stop
        self.sources[path] = source
        words = words_of(source)[:-1]
        if not self.rules.import_beside_importer:
            words = self._absolute(words, path)
        self.imported[path] = words
        return words

    def _absolute(self, words: list[Token], path: str) -> list[Token]:
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

    def _shorten(self, path: str) -> str:
        """A path as CoreDNS shows it when it was started beside the Corefile. Where the files say that it runs in another
        folder, the path stays whole."""
        if getattr(self.files, "cwd", "") not in ("", self.base):
            return path
        base = self.base.rstrip("/") + "/"
        if path.startswith(base):
            return path[len(base) :]
        return path

    def _warn(self, message: str, token: Token) -> None:
        self.reader.findings.append(Finding("import-without-match", message, token.span, severity="warning"))
