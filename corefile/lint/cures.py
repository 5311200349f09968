"""What to write instead: better words for some of CoreDNS's errors, and the edit that mends them.

An edit mends what it is about; what it hid until then may show. It is `unsafe` wherever more than one thing may have been
meant.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from ..findings import Finding, Fix, Source, Span, in_place, write_instead
from ..language.unset import REFERENCE
from ..language.words import words
from ..light import regex
from .arguments import cured_argument, elsewhere, first_word
from .one_mistake import closing_quote

if TYPE_CHECKING:
    from ..releases import Release

_ADDRESS_IN_KEY = regex(r"(\S*?:)(\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:.]+\])(?::(\d+))?")
_INDENT = regex(r"[ \t]*")
_ALONE = regex(r"(?<!\S)[{}](?!\S)")
_WORD = regex(r"\S+")
WIDEST = 500
"""How many characters the zones before a port may have, so that the port is written behind each."""


def cured(finding: Finding, release: Release, environ: Mapping[str, str]) -> Finding:
    """The finding with its cure, where there is one that is text."""
    if finding.code in ("missing-file", "name-not-known"):
        return elsewhere(finding)
    if finding.span is None or finding.severity == "notice" or finding.expected == "closing quote":
        return finding
    cure = _CURES.get(finding.code)
    out = cure(finding, release) if cure is not None else None
    if out is None and finding.fix is None:
        out = _several_words(finding, environ)
    return out or finding


def applied(text: str, source: Source, fix: Fix) -> str:
    """A text with those edits of a fix that are about it."""
    for span, new in sorted(fix.edits, key=lambda edit: edit[0].start, reverse=True):
        if span.source == source:
            text = text[: span.start] + new + text[span.end :]
    return text


def _with(finding: Finding, description: str, *edits: tuple[Span, str], hint: str = "", label: str = "") -> Finding:
    changed = finding._replace(fix=Fix(description, edits, "unsafe"))
    if hint:
        changed = changed._replace(hint=hint, label=label)
    return changed


def _span(finding: Finding) -> Span:
    assert finding.span is not None
    return finding.span


def _several_words(finding: Finding, environ: Mapping[str, str]) -> Finding | None:
    """A variable whose value is several words, where one was expected."""
    for match in REFERENCE.finditer(_span(finding).text):
        name = match[1] or match[2]
        count = len(environ.get(name, "").split())
        if count > 1:
            return finding._replace(
                hint=f"`{match[0]}` is one word, though its value has {count}: write a variable for each of them"
            )
    return None


def _unknown_directive(finding: Finding, release: Release) -> Finding | None:
    span = _span(finding)
    word = span.text
    if span.source.path.endswith(PARTS) or span.source.name.endswith(PARTS):
        said = _of_a_part(finding, release)
        if said is not None:
            return said
    if word in ("]", ")"):
        opening = {"]": "[", ")": "("}[word]
        begin = span.source.text.rfind(opening, 0, span.start)
        if begin >= 0 and not span.source.text[begin + 1 :].partition("\n")[0].strip():
            edits = ((Span(span.source, begin, begin + 1), "{"), (span, "}"))
            hint = f"server blocks stand in `{{` and `}}`, not in `{opening}` and `{word}`"
            return _with(finding, "write braces", *edits, hint=hint)
    if word == "-":
        every = (span, *(other for other, _ in finding.related))
        gone = [(Span(at.source, at.start, at.end + (at.source.text[at.end : at.end + 1] == " ")), "") for at in every]
        return _with(finding, "delete it", *gone, hint="directives stand without a `-` before them")
    if word.startswith(("//", "--", "/*", ";")):
        sign = re.match(r"/[/*]|--|;", word)
        end = span.start + len(sign[0]) if sign else span.end
        return _with(
            finding._replace(related=()),
            "write `#`",
            (Span(span.source, span.start, end), "#"),
            hint="comments begin with `#`",
        )
    return None


PARTS = (".override", ".server")


def _of_a_part(finding: Finding, release: Release) -> Finding | None:
    """What is wrong with a file that is imported, by its name, where the other kind of such files is meant."""
    span = _span(finding)
    name = span.source.name if span.source.name.endswith(PARTS) else span.source.path
    before = span.source.text[: span.start]
    if name.endswith(".override") and finding.expected == "directive" and before.count("{") == before.count("}"):
        hint = "an `*.override` has directives, and no server blocks: call this one `*.server`"
        return finding._replace(hint=hint, related=(), fix=None)
    zone = next((other for other, _ in reversed(finding.related) if other.text == "}" or release.has(other.text)), None)
    if name.endswith(".server") and zone is not None and not zone.source.text[: zone.start].strip():
        hint = f"a `*.server` has whole server blocks: call this one `*.override`, or write one around `{zone.text}`"
        return finding._replace(hint=hint, label="", related=((zone, "taken for a zone"),), fix=None)
    return None


def _property(finding: Finding, release: Release) -> Finding | None:
    span = _span(finding)
    if finding.expected != "closing brace":
        return None
    around = _around(span)
    if around is None:
        return _with(finding, "write the `}` above it", _line_above(span))
    opening, closing = around
    hint = f"`{span.text}` is a directive of its own: write it behind the `}}` of `{first_word(opening)}`"
    return _with(finding, "write it behind the `}`", _line_above(span), (closing, ""), hint=hint)


def _around(span: Span) -> tuple[Span, Span] | None:
    """The `{` and the `}` that a word stands in, where none is missing in the text."""
    starts, around = _braces(span.source)
    return around[bisect_left(starts, span.start)]


@lru_cache(4)  # many findings may be about one text
def _braces(source: Source) -> tuple[list[int], list[tuple[Span, Span] | None]]:
    """Where the braces of a text stand, and which pair what is before each stands in, and what is behind the last. None
    where one is missing in the text."""
    braces = [word for word in words(source) if not word.quoted and word.text in ("{", "}")]
    closing: dict[Span, Span] = {}
    open_ones: list[Span] = []
    inner: list[Span | None] = [None]
    for word in braces:
        if word.text == "{":
            open_ones.append(word.span)
        elif open_ones:
            closing[open_ones.pop()] = word.span
        else:
            return [], [None]
        inner.append(open_ones[-1] if open_ones else None)
    if open_ones:
        return [], [None]
    return [word.start for word in braces], [opened and (opened, closing[opened]) for opened in inner]


def _line_above(span: Span) -> tuple[Span, str]:
    """The edit that puts a `}` on a line of its own above the line of a word."""
    text = span.source.text
    start = text.rfind("\n", 0, span.start) + 1
    indent = _INDENT.match(text, start)
    return Span(span.source, start, start), f"{indent[0] if indent else ''}}}\n"


def _not_closed(finding: Finding, release: Release) -> Finding | None:
    span = _span(finding)
    if finding.expected == "closing brace":
        missing, _ = finding.related[-1]
        return _with(finding, "write the `}` above it", _line_above(missing))
    text = span.source.text
    end = Span(span.source, len(text), len(text))
    return _with(finding, "write `}` at the end", (end, "}\n" if text.endswith("\n") else "\n}\n"))


def _quote(finding: Finding, release: Release) -> Finding | None:
    return finding._replace(hint='close it with another `"`', fix=closing_quote(_span(finding)))


def _closing(finding: Finding, release: Release) -> Finding | None:
    span = _span(finding)
    if span.text != "}":
        return _unknown_directive(finding, release)
    if _closes_more(span.source):
        return _with(finding, "delete it", (span, ""))
    return _with(finding, "put it on a line of its own", (span, "\n}"))


@lru_cache(4)
def _closes_more(source: Source) -> bool:
    """Whether there are more `}` than `{` that stand alone."""
    alone = Counter(_ALONE.findall(source.text))
    return alone["}"] > alone["{"]


def _comma(finding: Finding, release: Release) -> Finding | None:
    comma = finding.related[0][0] if finding.related else None
    if comma is None:
        return None
    at = (
        Span(comma.source, comma.end - 1, comma.end)
        if comma.text.endswith(",")
        else Span(comma.source, comma.end, comma.end + 1)
    )
    return _with(finding, "delete the comma", (at, ""))


def _bad_zone(finding: Finding, release: Release) -> Finding | None:
    span = _span(finding)
    word = span.text
    if word.endswith("{"):
        at = Span(span.source, span.end - 1, span.end - 1)
        return _with(finding, "put a space before the `{`", (at, " "), hint="put a space before the `{`")
    address = _ADDRESS_IN_KEY.fullmatch(word)
    if address is not None:
        zone, ip, port = address.groups()
        key = f"{zone}{port}" if port else zone.rstrip(":")
        return write_instead(
            finding, key, f", and `bind {ip.strip('[]')}` in the block: an address is no part of a zone"
        )
    with_path = re.fullmatch(r"(\w+://[^/]*)/\S*", word)
    if with_path is not None:
        return write_instead(finding, with_path[1], ": a key has no path, which is always /dns-query")
    named = re.fullmatch(r"(\S*?:)([^:\s]+):(\d+)", word)
    if named is not None:
        more = ": behind the `:` stands a port alone, and an address belongs into `bind`"
        return write_instead(finding, named[1] + named[3], more)
    if not re.fullmatch(r":\d+", word):
        return None
    edits = [(zone, f"{zone.text.rstrip(',')}{word}") for zone in _zones_before(span) if ":" not in zone.text]
    if edits:
        written = " ".join(text for _, text in edits)
        return _with(
            finding,
            "write the port behind each zone",
            *edits,
            (span, ""),
            hint=f"write the port behind each zone: `{written}`",
        )
    return finding._replace(fix=in_place(span, f".{word}"))


def _zones_before(span: Span) -> list[Span]:
    """The zones that stand before a word on its line, if there are no more than a reader would look through."""
    text = span.source.text
    start = max(text.rfind("\n", 0, span.start), text.rfind("}", 0, span.start)) + 1
    if span.start - start > WIDEST or set("{#") & set(text[start : span.start]):
        return []
    return [Span(span.source, *zone.span()) for zone in _WORD.finditer(text, start, span.start)]


def _argument(finding: Finding, release: Release) -> Finding | None:
    found = cured_argument(finding, release)
    if found is not None:
        return found
    span = _span(finding)
    word = span.text
    if len(word) > 1 and word[0] == word[-1] == "'":
        bare = word[1:-1]
        new = bare if bare and not re.search(r"\s", bare) else f'"{bare}"'
        return finding._replace(hint=f'quotes are `"`: write `{new}`', label="", fix=in_place(span, new))
    if len(word) > 1 and word[-1] == "{" and "{" not in word[:-1]:
        at = Span(span.source, span.end - 1, span.end - 1)
        return _with(finding, "put a space before the `{`", (at, " "), hint="put a space before the `{`")
    if word.startswith("./") and finding.expected == "zone":
        return _with(finding, "write a blank behind the `.`", (Span(span.source, span.start + 1, span.start + 1), " "))
    return None


_CURES = {
    "unknown-directive": _unknown_directive,
    "unknown-property": _property,
    "ignored-line": _property,
    "block-not-closed": _not_closed,
    "quote-not-closed": _quote,
    "closing-brace": _closing,
    "comma-before-brace": _comma,
    "bad-zone": _bad_zone,
    "invalid-argument": _argument,
    "argument-count": cured_argument,
    "unexpected-block": cured_argument,
}

__all__ = ["applied", "cured"]
