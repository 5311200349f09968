"""What is wrong with a text before it is a Corefile: its encoding, and placeholders that something else should have filled in."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..findings import Finding, Source, Span
from ..language.templates import K3S, OF_K3S, OPENING, STATEMENT, rendered
from ..language.words import words
from ..light import regex
from ..world.files import PodFiles
from .replacements import FOREIGN, named, pattern_of

if TYPE_CHECKING:
    from ..language.files import Files
    from ..language.words import Token
    from ..world.files import Pod

COREFILE = "Corefile"
"""The key of a ConfigMap that clusters start CoreDNS with, as a file below /etc/coredns."""

PLACEHOLDER = regex(
    r"(?<!\w)__[A-Z][A-Z0-9_]*__(?!\w)|%%\w+%%|@@\w+@@"
    r"|\$\{\w+\}|\$\(\w+\)|^\$[A-Z][A-Z0-9_]+$|\{\{|^\{%[-+]?$|%\{\w+\}%"
    r"|^(?:STUBDOMAINS|CLUSTER_DOMAIN|REVERSE_CIDRS|UPSTREAMNAMESERVER|FEDERATIONS)$"
    r"|^(?:\w+://)?(?=(?:\w+\.){3}\w+(?::\d+)?$)(?:\d{1,3}\.){1,3}(?:[xX]{1,3}\.)*[xX]{1,3}(?::\d+)?$"
)
SPACED = regex(r"\$\{[ \t]+\w+[ \t]*\}")
"""As Terraform's templates have them, which are several words for CoreDNS."""
ANGLE = regex(r"(?<![?P\\{])(?<!\\g)<[A-Za-z][\w-]*(?:[ \t]+[\w-]+)*>")
"""Words in angle brackets, as documentation has them, which are several words for CoreDNS; what names a group of a regular
expression, or stands for it, is none."""
RECORD = regex(r"[ \t]*(?:answer|additional|authority)[ \t]")
DEPLOYMENT = regex(r"[A-Z_]+")
"""Those of coredns/deployment's coredns.yaml.sed, which its deploy.sh fills in."""
SHELL = regex(r"\$\W?[ \t]*(\w+)")
OPENINGS = (OPENING, "{%")
MARKS = (
    "__",
    "<",
    "%%",
    "@@",
    "$",
    *OPENINGS,
    "%{",
    ".x",
    ".X",
    "STUBDOMAINS",
    "CLUSTER_DOMAIN",
    "REVERSE_CIDRS",
    "UPSTREAMNA",
    "FEDERAT",
)
"""Characters of which a text with placeholders has some."""
UTF_16 = "UTF-16"
ARCHIVES = {
    "PK\3\4": "a ZIP archive",
    "\x1f\ufffd": "compressed by gzip",
    "BZh": "compressed by bzip2",
    "\ufffd7zXZ": "compressed by xz",
    "(\ufffd/\ufffd": "compressed by zstd",
}
"""How such files begin, as they are decoded."""


def wrong_encoding(source: Source, found: list[Finding]) -> list[Finding] | None:
    """The one finding about a text that is no UTF-8; None where it is."""
    head = source.text[:4096]
    archive = next((kind for begin, kind in ARCHIVES.items() if head.startswith(begin)), "")
    if "\0" not in head and not archive:
        return None
    first = next((f for f in found if f.severity == "error"), None)
    if archive:
        kind, hint = archive, "check what is in it"
    elif max(head[::2].count("\0"), head[1::2].count("\0")) > len(head) // 3:
        kind, hint = UTF_16, "save it as UTF-8: in PowerShell, `| Out-File -Encoding utf8` in place of `>`"
    else:
        kind, hint = "no text", "is it the right file? A Corefile is text in UTF-8"
    export = kind == UTF_16 and _is_manifest(source.text.replace("\0", "").lstrip("\ufffd"))
    return [
        Finding(
            "wrong-encoding",
            f"This file is {kind}, and {'its Corefile is not checked' if export else 'CoreDNS reads UTF-8'}",
            Span(source, 0, 0),
            hint=hint,
            severity="error" if export or first is not None else "warning",
            coredns="" if first is None or export else first.coredns,
        )
    ]


def _is_manifest(text: str) -> bool:
    from ..language.configmap import is_manifest

    return is_manifest(text)


def no_text(source: Source) -> list[Finding]:
    """The one finding about a value of a ConfigMap that is a number or a truth value."""
    if source.embedding is None or source.embedding.is_text:
        return []
    key = _key(source)
    return [
        Finding(
            "value-is-no-text",
            f"the value of `{key}` is no text for YAML: the API server refuses this ConfigMap",
            Span(source, 0, len(source.text)),
            f"write `{key}: |`, and the text below it",
        )
    ]


def written_twice(sources: Iterable[Source]) -> list[Finding]:
    """A warning for each key of a ConfigMap that stands there once more below."""
    out = []
    for source in sources:
        outer = source.embedding
        for start, end in outer.others if outer is not None else ():
            assert outer is not None
            above = Span(Source(source.path, outer.text, source.path), start, end)
            out.append(
                Finding(
                    "key-twice",
                    f"`{above.text}` stands twice in this ConfigMap, and what this one has is not deployed: kubectl takes the "
                    "last one",
                    above,
                    "delete one of them",
                    severity="warning",
                    related=((Span(source, 0, 0), "this one is taken"),),
                )
            )
    return list(dict.fromkeys(out))


def joined(sources: Iterable[Source], found: list[Finding]) -> list[Finding]:
    """The findings, with one in place of all those about a text whose lines YAML has joined: a Corefile, or an addition."""
    for number, source in enumerate(sources):
        if not _is_joined(source):
            continue
        first = next((f for f in found if f.severity == "error"), None)
        theirs = [f for f in found if f.span is None or f.span.source is source or number == 0]
        refused = first is not None and first in theirs
        said = Finding(
            "literal-without-bar",
            f"YAML has joined the lines of this {'text' if number else 'Corefile'} to one",
            Span(source, 0, len(source.text.split(None, 1)[0])),
            f"write `{_key(source)}: |` above it, and leave the rest as it is",
            severity="error" if refused else "warning",
            coredns=first.coredns if refused and first is not None else "",
        )
        found = [said, *(f for f in found if f not in theirs)]
    return found


def _is_joined(source: Source) -> bool:
    outer = source.embedding
    if outer is None or "\n" in source.text.strip() or "{" not in source.text or not outer.pairs:
        return False
    begin, end = outer.pairs[0][1], outer.pairs[-1][1]
    return "\n" in outer.text[begin:end] and outer.text[:begin].rstrip().endswith(":")


def _key(source: Source) -> str:
    """The key of a ConfigMap or of values that has a text."""
    context = source.embedding.context if source.embedding else ""
    return context.partition(", key ")[2].partition(",")[0] or source.name


def misnamed(source: Source, files: Files) -> list[Finding]:
    """A notice about a Corefile whose key in a ConfigMap has another name, where no key beside it has the right one."""
    context = source.embedding.context if source.embedding else ""
    name, _, key = context.partition(", key ")
    pod = files.pod if isinstance(files, PodFiles) else None
    if pod is not None:
        return [_missed(source, key, pod)] if pod.missed else []
    if not name.startswith("ConfigMap") or key == COREFILE:
        return []
    if isinstance(files, PodFiles) and files.beside.exists(COREFILE):
        return []
    hint = "write `Corefile`, unless the volume's `items` or CoreDNS's `-conf` name it as it is"
    if key.startswith(COREFILE):
        hint += f"; where kubectl makes it from a file, `{COREFILE}={key}` names it so"
    return [
        Finding(
            "key-is-no-corefile",
            f"the key of this Corefile is `{key}`, which is not the file that CoreDNS reads in a cluster",
            Span(source, 0, len(source.text.split(None, 1)[0]) if source.text.strip() else 0),
            hint,
            severity="notice",
        )
    ]


def _missed(source: Source, key: str, pod: Pod) -> Finding:
    """The finding about a Corefile that is mounted where CoreDNS does not look for one."""
    at = Span(source, 0, len(source.text.split(None, 1)[0]) if source.text.strip() else 0)
    if not pod.is_told:
        return Finding(
            "key-is-no-corefile",
            f"no argument of the container names this Corefile: without `-conf` CoreDNS reads {pod.missed}, where nothing is "
            "mounted",
            at,
            "give the path at which it is mounted, `-conf PATH`, unless the image does",
            severity="warning",
        )
    if pod.binds:
        return Finding(
            "key-is-no-corefile",
            f"CoreDNS reads {pod.missed} (`-conf`) in its container, where nothing is mounted, and not this Corefile",
            at,
            "give the path at which it is mounted behind `-conf`",
            severity="warning",
        )
    name = posixpath.basename(pod.missed)
    return Finding(
        "key-is-no-corefile",
        f"the key of this Corefile is `{key}`, and CoreDNS reads {pod.missed} (`-conf`), where no key is mounted",
        at,
        f"write `{name}` in its place, or the path at which it is mounted behind `-conf`",
        severity="error",
        coredns=f"loading Caddyfile via flag: open {pod.missed}: no such file or directory",
    )


def placeholders(sources: Iterable[Source], found: list[Finding]) -> list[Finding]:
    """The findings, with one for all placeholders that are left in place of those on their lines."""
    places = [span for source in sources for span in _placeholders(source)]
    if not places:
        return found
    lines = {(id(span.source), span.line) for span in places}
    template = next((span.source.text for span in places if span.text.startswith(OPENINGS)), "")
    first = next((f for f in found if f.severity == "error"), None)
    kept = [
        f
        for f in found
        if not (template and f.severity == "error")
        and (f.span is None or (id(f.span.source), f.span.line) not in lines)
    ]
    refused = first is not None and first not in kept
    shell = SHELL.search(places[0].text)
    hint = "put the value in its place"
    if DEPLOYMENT.fullmatch(places[0].text):
        hint = "deploy.sh of CoreDNS's deployment fills it in: put the value in its place, or delete it"
    elif template:
        hint = rendered(template)
    elif K3S in places[0].text:
        hint = OF_K3S
    elif shell is not None and not shell[1].isdigit():
        hint = f"put the value in its place, or write `{{${shell[1]}}}` for a variable of CoreDNS's environment"
    said = Finding(
        "placeholder-left",
        f"`{places[0].text}` is a placeholder that nothing has filled in",
        places[0],
        hint,
        severity="error" if refused else "warning",
        related=tuple((span, "another one") for span in places[1:4]),
        coredns=first.coredns if refused and first is not None else "",
    )
    return [said, *kept]


def _is_record(text: str, at: int) -> bool:
    """Whether a template stands in a line of the plugin `template`, whose own it is."""
    return RECORD.match(text, text.rfind("\n", 0, at) + 1) is not None


def _is_group(text: str, start: int, pattern: str) -> bool:
    """Whether what begins there in a replacement was meant for a group of its pattern."""
    sign = FOREIGN.match(text, start)
    return sign is not None and (named(sign).isdigit() or f"<{named(sign)}>" in pattern)


def _begins_in(pattern: re.Pattern[str], sign: str, token: Token) -> re.Match[str] | None:
    """What begins in a word with a sign, and may end behind it; it is not looked for in all of the text."""
    text = token.source.text
    at = text.find(sign, token.start, token.end)
    while at >= 0:
        found = pattern.match(text, at)
        if found is not None:
            return found
        at = text.find(sign, at + 1, token.end)
    return None


def _placeholders(source: Source) -> list[Span]:
    out: list[Span] = []
    text = source.text
    if not any(mark in text for mark in MARKS):
        return out
    before: list[str] = []
    for token in words(source):
        pattern = pattern_of(before)
        before = [*before[-2:], token.text]
        if token.quoted:
            continue
        angle = _begins_in(ANGLE, "<", token) if "<" in token.text else None
        spaced = _begins_in(SPACED, "${", token) if token.text.endswith("${") else None
        several = angle or spaced
        if several is not None:
            out.append(Span(source, *several.span()))
            continue
        match = PLACEHOLDER.search(token.text)
        while match is not None and pattern is not None and _is_group(token.text, match.start(), pattern):
            match = PLACEHOLDER.search(token.text, match.end())
        if match is None:
            continue
        if match[0] == OPENING or STATEMENT.fullmatch(match[0]):
            line_end = text.find("\n", token.start)
            close = text.find(
                "}}" if match[0] == OPENING else "%}", token.start, line_end if line_end >= 0 else len(text)
            )
            end = close + 2 if close >= 0 else token.end
            if _is_record(text, token.start):
                continue
            if not out or token.start >= out[-1].end or out[-1].source is not source:
                at = text.find(match[0], token.start, token.end)
                out.append(Span(source, max(at, token.start), end))
        else:
            out.append(token.span)
    return out


__all__ = ["joined", "misnamed", "no_text", "placeholders", "written_twice", "wrong_encoding"]
