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

    def covers(self, finding: Finding) -> bool:
        """Whether it suppresses a finding."""
        span = finding.span
        if span is None or span.source != self.span.source or (self.line and span.line != self.line):
            return False
        return not self.codes or any(finding.code in matching(word) for word in self.codes)


def comments(source: Source) -> Iterator[Noqa]:
    """The comments of a text that suppress something."""
    text = source.text
    if "noqa" not in text.lower():
        return
    before = 0
    for token in words(source):
        between = text[before : token.start]
        for match in _COMMENT.finditer(between) if "#" in between else ():
            start = before + match.start()
            if "#" in text[text.rfind("\n", 0, start) + 1 : start].replace('"', "") and match[1] is None:
                continue  # inside of a comment
            codes = tuple(re.split(r"[ \t,]+", match[2])) if match[2] else ()
            span = Span(source, start, before + match.end())
            yield Noqa(span, 0 if match[1] else span.line, codes)
        before = token.end


def without_suppressed(found: list[Finding], sources: Iterable[Source]) -> list[Finding]:
    """The findings that no comment suppresses, and one for each comment that suppresses nothing. Of a Corefile that CoreDNS
    refuses not everything is found: a comment may be for what is found once it is mended."""
    all_comments = [noqa for source in sources for noqa in comments(source)]
    if not all_comments:
        return found
    used: set[Span] = set()
    kept = []
    for finding in found:
        by = [noqa for noqa in all_comments if noqa.covers(finding)]
        used.update(noqa.span for noqa in by)
        if not by:
            kept.append(finding)
    refused = any(finding.severity == "error" for finding in found)
    unused = (
        _unused(noqa)
        for noqa in all_comments
        if noqa.span not in used and not (refused and all(map(matching, noqa.codes)))
    )
    return kept + [f for f in unused if not any(n.codes and n.covers(f) for n in all_comments)]


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
