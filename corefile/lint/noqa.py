"""Comments that suppress findings: `# noqa: CF401` for those of its line, `# corefile: noqa` for those of its file. Without
codes they suppress all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..findings import Finding, Fix, Source, Span
from ..language.words import words
from ..light import NamedTuple, regex
from .codes import matching, number

_COMMENT = regex(r"#(?:[ \t]*(corefile):)?[ \t]*noqa(?![\w-])(?:[ \t]*:[ \t]*([\w-]+(?:[ \t,]+(?!#)[\w-]+)*))?", re.I)


class Noqa(NamedTuple):
    """One such comment. line: that it holds for, 0 for the whole file. codes: none for all."""

    span: Span
    line: int
    codes: tuple[str, ...]

    def covers(self, code: str) -> bool:
        """Whether it suppresses findings of a code."""
        return not self.codes or any(code in matching(word) for word in self.codes)


def comments(source: Source) -> Iterator[Noqa]:
    """The comments of a text that suppress something."""
    text = source.text
    if "noqa" not in text.lower():
        return
    before = 0
    for token in words(source):
        between = text[before : token.start]
        if "#" in between:
            yield from _between(source, between, before)
        before = token.end


def _between(source: Source, text: str, at: int) -> Iterator[Noqa]:
    """The comments in the text between two words. at: where it begins. A comment goes from the first `#` to the end of the
    line."""
    for line in text.split("\n"):
        first = line.find("#")
        for match in _COMMENT.finditer(line, first) if first >= 0 else ():
            if match[1] or match.start() == first:
                codes = tuple(re.split(r"[ \t,]+", match[2])) if match[2] else ()
                span = Span(source, at + match.start(), at + match.end())
                yield Noqa(span, 0 if match[1] else span.line, codes)
        at += len(line) + 1


class _Comments:
    """The comments of some texts, by what they cover."""

    def __init__(self, comments: Iterable[Noqa]) -> None:
        self.all = [*comments]
        self.by_line: dict[tuple[Source, int], list[Noqa]] = {}
        for noqa in self.all:
            self.by_line.setdefault((noqa.span.source, noqa.line), []).append(noqa)
        self.covering: dict[tuple[Source, int, str], list[Noqa]] = {}  # those of a line that suppress a code

    def suppress(self, finding: Finding) -> bool:
        """Whether one of them suppresses a finding."""
        if finding.span is None:
            return False
        source = finding.span.source
        keys = [(source, line, finding.code) for line in (0, finding.span.line)]
        for key in keys:
            if key not in self.covering:
                self.covering[key] = [noqa for noqa in self.by_line.get(key[:2], ()) if noqa.covers(finding.code)]
        return any(self.covering[key] for key in keys)

    def unused(self) -> Iterator[Noqa]:
        """Those that have suppressed nothing."""
        used = {noqa.span for found in self.covering.values() for noqa in found}
        return (noqa for noqa in self.all if noqa.span not in used)


def without_suppressed(found: list[Finding], sources: Iterable[Source], *, complete: bool) -> list[Finding]:
    """The findings that no comment suppresses, and one for each comment that suppresses nothing. complete: whether all is
    found; of a Corefile that CoreDNS refuses it is not: a comment may be for what is found once it is mended."""
    all_comments = _Comments(noqa for source in sources for noqa in comments(source))
    if not all_comments.all:
        return found
    kept = [finding for finding in found if not all_comments.suppress(finding)]
    unused = [noqa for noqa in all_comments.unused() if complete or not all(map(matching, noqa.codes))]
    named = _Comments(noqa for noqa in all_comments.all if noqa.codes)
    return kept + [f for f in map(_unused, unused) if not named.suppress(f)]


def _unused(noqa: Noqa) -> Finding:
    what = f"`{noqa.span.text}` suppresses nothing"
    wrong = [word for word in noqa.codes if not matching(word)]
    hint = f"there is no finding `{wrong[0]}`" if wrong else "delete it"
    fix = Fix("delete it", ((noqa.span, ""),), "safe")
    return Finding("unused-noqa", what, noqa.span, hint, severity="warning", fix=fix)


def with_noqa(text: str, lines: dict[int, set[str]]) -> str:
    """A text with a comment at the end of each of these lines (from 1) that suppresses findings of these codes. Codes that a
    comment there has already stay."""
    rows = text.split("\n")
    for at, codes in lines.items():
        row = rows[at - 1].rstrip("\r")
        end = rows[at - 1][len(row) :]
        known = _COMMENT.search(row)
        if known is not None and known[1] is None:
            if known[2] is None:
                continue
            codes = codes | set(re.split(r"[ \t,]+", known[2]))
            row = row[: known.start()].rstrip() + row[known.end() :]
        named = ", ".join(sorted({number(code) if not code.startswith("CF") else code for code in codes}))
        rows[at - 1] = f"{row.rstrip()}  # noqa: {named}{end}"
    return "\n".join(rows)


__all__ = ["Noqa", "comments", "with_noqa", "without_suppressed"]
