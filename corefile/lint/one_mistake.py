"""One mistake is one finding: what follows from what is said already goes unsaid.

CoreDNS's own first error always stays, and stays the first.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from ..findings import Finding, Fix, Source, Span
from ..findings.terms import in_terms
from ..language.configmap import BESIDE, IN_A_BLOCK
from ..language.reader.unknown import slips
from ..language.words import Token, words
from ..light import regex
from ..plugins import find, usable
from ..releases import known_directives
from ..releases.external import known
from ._owners import OWNERS
from .subject import properties_of

if TYPE_CHECKING:
    from ..language.files import Files
    from ..releases import Release
    from .subject import Subject

ENDINGS = (*IN_A_BLOCK, BESIDE)
"""Of files with additions to a server block, and with server blocks."""

ABOUT_FILES = ("missing-file", "missing-directory", "import-without-match")

NAME = regex(r"[A-Za-z][A-Za-z0-9_-]*")
"""What a plugin may be called."""

COMMON = "fallthrough"
"""The property that most directives have which answer."""

PROPERTY = regex(r"[a-z]{2,}(?:[_-][a-z]+)*")
"""What is the name of a property, rather than an address, a pattern or a text."""

OPENED = regex(r"[^\n#{]*(?<!\S)\{[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*([^\s{}]+)")
"""The rest of a line that ends in a `{`, and the first word below it."""

MOST_LINES = 100
"""How far above a word the directive is looked for that it may be a property of."""


def without_optional_files(found: list[Finding], files: Files) -> list[Finding]:
    """The findings without imports of optional files: users' additions (`ENDINGS`), and all that is in `custom`, where clusters
    mount them. Most clusters have some of one kind and none of the other. Where the folder that another pattern looks into is
    not here, it is not known which files are in it."""
    out = []
    for finding in found:
        if finding.code == "import-without-match" and finding.span is not None:
            folder, pattern = posixpath.split(finding.span.text.strip('"'))
            if posixpath.basename(folder) == "custom" or pattern in [f"*.{ending}" for ending in ENDINGS]:
                continue
            if not files.is_dir(folder or "."):
                hint = f"--file {folder}=FOLDER gives it" if folder else ""
                finding = finding._replace(severity="notice", hint=hint)
        out.append(finding)
    return out


def once_for_each_cause(found: list[Finding]) -> list[Finding]:
    """The findings, with those about one file that several directives name as one, at the first of them; and likewise those
    about one plugin that CoreDNS does not come with."""
    first: dict[tuple[str, str], int] = {}
    others: dict[int, list[tuple[Span, str]]] = {}
    out: list[Finding] = []
    for finding in found:
        key = (finding.code, finding.message)
        plugin = finding.code == "unknown-directive" and (
            finding.expected == "name of a plugin" or (finding.span is not None and finding.span.text == "-")
        )
        if not (plugin or finding.code in ABOUT_FILES) or finding.span is None or key not in first:
            first.setdefault(key, len(out))
            out.append(finding)
            continue
        words = "used here, too" if plugin else "named here, too"
        others.setdefault(first[key], []).append((finding.span, words))
    for at, places in others.items():
        out[at] = out[at]._replace(related=(*out[at].related, *places))
    return out


STRUCTURE = frozenset(("block-not-closed", "closing-brace", "quote-not-closed", "snippet-without-brace"))
"""Findings about braces and quotes: all below the place where one is missing is read otherwise than it was meant."""

PROPERTIES = frozenset(("unknown-property", "ignored-line", "argument-count", "removed-property", "newer-property"))
"""Findings about a line in a directive's braces."""

UNKNOWN = frozenset(("unknown-property", "ignored-line"))
"""Those about a name that is no property there; the others name the directive itself, or a property that it has."""


def without_cascades(subject: Subject, found: list[Finding]) -> list[Finding]:
    """The findings of a Corefile that CoreDNS refuses: the first error, and those that do not follow from a brace or a quote
    that is missing."""
    found = [_missing_opening(f, subject.release) for f in found]
    found = in_terms([own_plugin(f, subject.release) for f in found], subject.process.world.terms)
    first = next((f for f in found if f.severity == "error"), None)
    if first is None:
        return found
    signs = [f for f in found if f.span is not None and is_sign(f, subject.release)]
    tops: dict[Source, int] = {}
    for sign in signs:
        source, at = _begins(sign)
        tops[source] = min(at, tops.get(source, at))
    outside = [
        b.keys[0] for b in subject.program.blocks if b.keys[0].text == "}" or subject.release.has(b.keys[0].text)
    ]
    for key in outside:
        tops[key.source] = min(key.start, tops.get(key.source, key.start))
    quotes = {source: quote for source in subject.program.sources if (quote := long_quote(source)) is not None}
    for source, quote in quotes.items():
        tops[source] = min(quote.start, tops.get(source, quote.start))
    clear = not _below(first, tops)  # then the first sign of what is missing is another mistake
    nearest = {
        id(min((f for f in signs if f.span and f.span.source is source), key=_start, default=None)) for source in tops
    }
    kept = [f for f in found if f is first or not _below(f, tops) or (clear and id(f) in nearest)]
    whole = {(f.span.source, f.span.line) for f in kept if f.span is not None and _on_one_line(f)}
    if whole:  # of a block on one line the rest follows
        kept = [f for f in kept if f is first or f.span is None or (f.span.source, f.span.line) not in whole]
    return [_explained(f, signs, quotes, outside) if f is first else f for f in kept]


def _on_one_line(finding: Finding) -> bool:
    """Whether a finding is about the `}` of a server block that is written on one line."""
    return finding.code == "closing-brace" and finding.fix is None


def long_quote(source: Source) -> Span | None:
    """The first word in quotes that takes in line ends, up to the end of its first line."""
    if '"' not in source.text:
        return None
    for token in words(source):
        if token.quoted and "\n" in token.text:
            return Span(source, token.start, source.text.index("\n", token.start))
    return None


def _missing_opening(finding: Finding, release: Release) -> Finding:
    """The finding about a directive that does not exist, with what mends it where it is a property of the directive on the
    line above, whose `{` is missing."""
    if finding.code != "unknown-directive" or finding.span is None:
        return finding
    source, start, _ = finding.span
    name = finding.span.text
    lines = source.text[:start].rstrip().rsplit("\n", 1)
    line = lines[-1]
    above = line.split()
    cls = find(above[0]) if above and release.has(above[0]) and not above[-1].endswith(("{", "}")) else None
    if cls is None or name not in {p.name for p in cls.PROPERTIES} or "{" in above:
        return finding
    end = len(source.text[:start].rstrip())
    at = Span(source, end - len(line.lstrip()), end)
    hint = f"`{name}` is a property of `{cls.name}`: its `{{` is missing on the line above"
    fix = Fix("write ` {` behind it", ((Span(source, end, end), " {"),), "unsafe")
    return finding._replace(hint=hint, related=((at, "write ` {` behind this"),), fix=fix)


def _registered(name: str) -> str:
    """What can be done about a directive that a registered or installed plugin simulates; '' where none does."""
    try:
        return "" if usable(name) is None else f"a plugin of this name is registered here: --plugin {name}"
    except ValueError as error:  # it is broken: the Corefile is to be checked all the same
        return f"a plugin of this name is installed here, and {error}"


def own_plugin(finding: Finding, release: Release) -> Finding:
    """The finding about a directive that is like none that CoreDNS has, or is known to be another's, with what to do if the
    image has it."""
    if (
        finding.code != "unknown-directive"
        or finding.expected == "directive"
        or finding.related
        or finding.span is None
    ):
        return finding
    span, name = finding.span, finding.span.text
    other = known().get(name)
    if NAME.fullmatch(name) is None or (finding.hint and other is None and not _unlike(finding, name)):
        return finding
    finding = finding._replace(fix=None)
    if other is not None:
        finding = finding._replace(message=f"CoreDNS does not come with `{name}` ({other.home})")
        if other.stands():
            hint = f"if the image has it: --plugin {name}, which stands {other.stands()}"
            return finding._replace(hint=hint, expected="name of a plugin")
    elif ours := _registered(name):
        return finding._replace(hint=ours)
    elif owner := _owner(span, release):
        return finding._replace(hint=f"`{name}` is a property of `{owner}`: it stands in the braces of that directive")
    elif name == COMMON:
        return finding._replace(hint=f"`{name}` is a property: it stands in the braces of a directive, such as `hosts`")
    hint = f"if the image has it: --plugin {name}:forward, before `forward`"
    return finding._replace(hint=hint, expected="name of a plugin")


def _unlike(finding: Finding, name: str) -> bool:
    """Whether the directive that a name is like takes none of what stands in its braces, so that another one is meant."""
    cls = None if finding.fix is None else find(finding.fix.edits[0][1])
    if finding.span is None or cls is None or not cls.PROPERTIES or name.lower() == cls.name:
        return False
    source, _, end = finding.span
    behind = OPENED.match(source.text, end)
    if behind is None or (slips(name, cls.name) < 2 and PROPERTY.fullmatch(behind[1]) is None):
        return False
    return all(slips(behind[1], each.name) > 2 for each in cls.PROPERTIES)


def _owner(span: Span, release: Release) -> str:
    """The nearest directive above a word, at the start of a line, that has it as a property, or else the only one that has it;
    '' where there is none."""
    source, end, _ = span
    own = OWNERS.get(span.text, "").split()
    foreign = [n for n in release.order if n not in known_directives()]
    having = [n for n in release.order if n in own or (n in foreign and span.text in properties_of(n))]
    for _ in range(MOST_LINES if len(having) > 1 else 0):
        start = source.text.rfind("\n", 0, end) + 1
        words_above = source.text[start:end].split(None, 1)
        if words_above and words_above[0] in having:
            return words_above[0]
        end = max(start - 1, 0)
    return having[0] if len(having) == 1 else ""


def is_sign(finding: Finding, release: Release) -> bool:
    """Whether a finding shows that a brace or a quote is missing, or stands where it is none."""
    if finding.code in STRUCTURE:
        return True
    word = "" if finding.span is None else finding.span.text
    if finding.code in PROPERTIES:
        named = finding.code in UNKNOWN and release.has(word) and word not in properties_of(finding.directive)
        opens = word[-1:] == "{" and (word != "{" or finding.code != "argument-count")  # one that opens is at its place
        return named or opens or word == "}"
    if finding.code == "invalid-argument":
        return word in ("{", "}")
    if finding.code == "unknown-directive":
        return word[-1:] in ("{", "}") or bool(finding.related)
    return False


def _start(finding: Finding) -> int:
    return finding.span.start if finding.span is not None else 0


def _begins(sign: Finding) -> tuple[Source, int]:
    """Where what a sign is about begins: the brace that it names, if it stands before it in the same text."""
    assert sign.span is not None
    source = sign.span.source
    opened = [span.start for span, _ in sign.related if span.source is source]
    return source, min([sign.span.start, *opened])


def _below(finding: Finding, tops: dict[Source, int]) -> bool:
    """Whether a finding stands where nothing is known any more."""
    return finding.span is not None and finding.span.start >= tops.get(
        finding.span.source, len(finding.span.source.text) + 1
    )


def _explained(first: Finding, signs: list[Finding], quotes: dict[Source, Span], outside: list[Token]) -> Finding:
    """CoreDNS's first error, with the place where a brace or a quote is most likely missing."""
    if first.span is None:
        return first
    quote = quotes.get(first.span.source)
    if quote is not None and first.code != "quote-not-closed" and quote.start <= first.span.start:
        word = next(w for w in words(quote.source) if w.start == quote.start)
        said = f"the quote that is opened here is closed in line {word.last_line}"
        return first._replace(
            related=((quote, said),),
            hint=f"close the quote in line {quote.line}",
            label="",
            expected="closing quote",
            fix=closing_quote(quote),
        )
    stray = next((key for key in outside if key.source is first.span.source and key.start < first.span.start), None)
    if stray is not None and first.code != "block-not-closed":
        said = f"CoreDNS takes `{stray.text}` for a zone: is there a `}}` too many above?"
        return first._replace(related=(*first.related, (stray.span, said)))
    if first.code != "block-not-closed":
        return first
    near = [f for f in signs if f is not first and f.span is not None and f.span.source is first.span.source]
    sign = min(near, key=_start, default=None)
    if sign is None or sign.span is None or not sign.hint:
        return first
    return first._replace(related=(*first.related, (sign.span, sign.hint)), expected=sign.expected)


def closing_quote(opened: Span) -> Fix:
    """The edit that closes a quote on the line where it is opened, before a `{` at its end."""
    text = opened.source.text
    end = text.find("\n", opened.start)
    line = text[opened.start : len(text) if end < 0 else end]
    at = opened.start + len(line.rstrip().removesuffix("{").rstrip())
    return Fix('close the quote with `"`', ((Span(opened.source, at, at), '"'),), "unsafe")


__all__ = [
    "ABOUT_FILES",
    "closing_quote",
    "is_sign",
    "long_quote",
    "once_for_each_cause",
    "without_cascades",
    "without_optional_files",
]
