"""Signs of other languages: `;` at the end of a line, `,` between words, `//` before a comment. In a Corefile words stand between
blanks, and these signs are parts of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from ..findings import Finding, Fix, Source, Span
from ..language.words import Token, words
from ..light import NamedTuple, regex

CANDIDATE = regex(r"""^[^#\n"]*(?:;[ \t\r]*(?:\#[^\n]*)?$|,|[ \t]//[ \t])""", re.M)
"""A line that may have such a sign."""

FREE = regex(
    r"expr|labels|namespace_labels|match|answer|additional|authority|log|consolidate|chaos|nsid|rewrite|name|metadata|ederror"
    r"|extra|identity|version|template|import"
)
"""Lines in which a comma may be meant: expressions, patterns, records, texts."""
LISTS = regex(
    r"forward|grpc|proxy|bind|except|fallthrough|namespaces|kubernetes|to|from|allow|block|filter|drop|k8s_external|transfer|cache"
    r"|autopath|secondary|endpoint|source"
)
"""Lines of names, addresses and networks, in which there is no comma."""
ENTRY = regex(r"\d+\.\d+\.\d+\.\d+|[0-9a-fA-F]*:[0-9a-fA-F:]+")
"""An entry of `hosts` begins so."""
NAMES = regex(r"[\w.:/*\[\]-]+(?:,[\w.:/*\[\]-]+)+,?")


class Sign(NamedTuple):
    """Where one stands: the word that it is in, and what makes it right."""

    word: Span
    sign: str
    edits: tuple[tuple[Span, str], ...]


SAYS = {
    ";": ("`{}` ends in `;`, which is a part of the word", "lines end without a `;`: delete it"),
    ",": (
        "`{}` has a `,` in it, which is a part of the word",
        "between words is a blank: write it in place of the `,`",
    ),
    "//": ("what stands behind `//` is no comment", "comments begin with `#`"),
}


def foreign_signs(sources: Iterable[Source], found: list[Finding]) -> list[Finding]:
    """The findings, with one for all such signs of a kind in place of those on their lines."""
    places = [sign for source in sources if CANDIDATE.search(source.text) for sign in _signs(source)]
    if not places:
        return found
    lines = {(id(sign.word.source), sign.word.line) for sign in places}
    first = next((f for f in found if f.severity == "error"), None)
    kept = [f for f in found if f.span is None or (id(f.span.source), f.span.line) not in lines]
    refused = first is not None and first not in kept
    out = []
    for kind in SAYS:
        ours = [sign for sign in places if sign.sign == kind]
        if not ours:
            continue
        here = (
            refused
            and first is not None
            and first.span is not None
            and any(sign.word.source is first.span.source and sign.word.line == first.span.line for sign in ours)
        )
        message, hint = SAYS[kind]
        out.append(
            Finding(
                "foreign-sign",
                message.format(ours[0].word.text),
                ours[0].word,
                hint,
                severity="error" if here else "warning",
                related=tuple((sign.word, "another one") for sign in ours[1:4]),
                fix=Fix(hint, tuple(edit for sign in ours for edit in sign.edits), "unsafe"),
                coredns=first.coredns if here and first is not None else "",
            )
        )
    return [*out, *kept]


def _signs(source: Source) -> Iterator[Sign]:
    depth = 0
    for _, group in groupby(words(source), lambda token: token.line):
        line = list(group)
        yield from _of_line(source, line, depth)
        depth += sum((t.text == "{") - (t.text == "}") for t in line if not t.quoted)


def _of_line(source: Source, line: list[Token], depth: int) -> Iterator[Sign]:
    first = line[0].text
    if first.startswith(("//", "#", ";")):  # said otherwise
        return
    line = [token for token in line if source.text.startswith(token.text, token.start)]  # without variables' values
    if not line:
        return
    last = line[-1]
    if last.text.endswith(";") and not last.quoted and FREE.fullmatch(first) is None and len(last.text) > 1:
        yield Sign(last.span, ";", ((Span(source, last.end - 1, last.end), ""),))
    for token in line[1:]:
        if token.text == "//" and not token.quoted and token is not last:
            yield Sign(token.span, "//", ((token.span, "#"),))
            return
    if depth == 0:
        for token in line:
            if "," in token.text[:-1] and NAMES.fullmatch(token.text) and not token.quoted:
                yield _commas(source, token, token.text.removesuffix(","))
        return
    if LISTS.fullmatch(first) is None and ENTRY.fullmatch(first) is None:
        return
    for token in line[1:]:
        if (
            not token.quoted
            and "," in token.text
            and (token.text == "," or NAMES.fullmatch(token.text + "x" * token.text.endswith(",")))
        ):
            yield _commas(source, token, token.text)


def _commas(source: Source, token: Token, text: str) -> Sign:
    edits = [
        (Span(source, token.start + at, token.start + at + 1), " " if at + 1 < len(token.text) else "")
        for at, letter in enumerate(text)
        if letter == ","
    ]
    return Sign(token.span, ",", tuple(edits))


__all__ = ["foreign_signs"]
