"""What is wrong with a Corefile: what CoreDNS says, and what it would only show at work.

The latter is said by rules (`rule`, `rules/`). `one_mistake` leaves out what follows from what is said already.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..findings import MADE_UP, CorefileError, Finding, Source, TooLarge, by_severity
from ..light import NamedTuple
from ..plugins import with_plugins
from ..releases import Release, find
from ..world.files import PodFiles
from ..world.given import read, reads
from .rule import broken
from .subject import Subject
from .text import joined, misnamed, no_text, placeholders, written_twice, wrong_encoding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..world import World


def check(
    path: str | os.PathLike[str],
    *,
    release: str | Release = "1.14.7",
    world: World | None = None,
    plugins: Iterable[str] = (),
) -> list[Finding]:
    """All findings about the Corefile in a file: CoreDNS's own first error first, then what else would keep it from
    starting or end it, then warnings and notices. What only follows from an earlier error is left out.

    The arguments are those of `load`. Raises nothing for what is wrong with the Corefile; OSError for a file that
    cannot be read, ValueError for a file without a Corefile, for text in place of a path, and for an unknown release.

    >>> check("examples/shop/coredns.yaml")
    []
    """
    return examine(*read(path, with_plugins(find(release), plugins), world))


def checks(
    text: str | bytes | Source,
    *,
    release: str | Release = "1.14.7",
    world: World | None = None,
    plugins: Iterable[str] = (),
) -> list[Finding]:
    """All findings about a Corefile that is given as text; see `check`.

    >>> [f.code for f in checks(".:53 {\\n    prometeus :9153\\n}\\n")]
    ['unknown-directive']
    """
    return examine(*reads(text, with_plugins(find(release), plugins), world))


class Examined(NamedTuple):
    """What there is to say about a Corefile. suppressed: findings that comments in it suppress. first: the error at which
    CoreDNS stops, whether it is suppressed or not."""

    findings: list[Finding]
    suppressed: list[Finding]
    first: Finding | None


def examine(source: Source, release: Release, world: World) -> list[Finding]:
    """The same for a Corefile that has been found."""
    return examined(source, release, world).findings


def examined(source: Source, release: Release, world: World) -> Examined:
    """The same with what goes unsaid."""
    given, subject = source, Subject(source, release, world)
    source = subject.source
    sources = subject.program.sources
    process = subject.process
    found, more = _started(subject, given)
    for one in sources[1:]:
        if refused := no_text(one):
            found = [*refused, *(f for f in found if f.span is None or f.span.source is not one)]
    found = joined(sources, found)
    if any(sign in one.text for one in sources for sign in (",", ";", " //")):
        from .signs import foreign_signs

        found = foreign_signs(sources, found)
    found = [
        *misnamed(source, world.files),
        *written_twice(dict.fromkeys((given, *sources[1:]))),
        *placeholders(sources, found),
    ]
    if more and any(map(_is_misread, found)):
        found = [finding for finding in found if finding not in more]
    if isinstance(world.files, PodFiles) and world.files.has_custom:
        from .additions import not_imported

        found += not_imported(source, sources, world.files)
    if found:
        from .cures import cured
        from .one_mistake import once_for_each_cause, without_optional_files

        found = once_for_each_cause(without_optional_files(found, world.files))
        if _errors(found) != UNSET or _errors(process.findings) == UNSET:  # else it stands for errors that are left out
            found = [_of_the_environment(finding) for finding in found]
        found = [cured(finding, release, world.env) for finding in found]
    found = _as_given(source, found)
    suppressed: list[Finding] = []
    first = next((finding for finding in found if finding.severity == "error" and finding.coredns), None)
    if any("noqa" in one.text.lower() for one in sources):
        from .noqa import without_suppressed

        every, found = found, without_suppressed(found, sources, complete=not _errors(process.findings))
        suppressed = [finding for finding in every if finding not in found]
    return Examined(_first(by_severity(found), world.limits.findings), suppressed, first)


def _started(subject: Subject, given: Source) -> tuple[list[Finding], list[Finding]]:
    """What comes to light as CoreDNS starts, and what of that stands beside the errors. given: the source as the user has
    it."""
    process = subject.process
    try:
        process.start(watched=False)
    except CorefileError:
        said = process.findings
        if found := wrong_encoding(subject.source, said) or no_text(given):
            return found, []
        from .one_mistake import without_cascades
        from .rest import rest

        found = without_cascades(subject, said)
        more = rest(subject, said, found)
        return [*found, *more], more
    found = wrong_encoding(subject.source, []) or no_text(given) or [*process.findings, *broken(subject)]
    process.instance.stop()  # the world's clock goes on
    return found, []


def _first(found: list[Finding], most: int) -> list[Finding]:
    """As many findings as are shown, the worst of them, and one that says how many are not."""
    if len(found) <= most:
        return found
    left, worst = len(found) - most, found[most]
    words = f"{left:,} of {len(found):,} findings {'is' if left == 1 else 'are'} not shown"
    beyond = TooLarge(words, "findings")
    return [*found[:most], Finding("too-large", beyond.message, worst.span, beyond.hint, severity=worst.severity)]


MISREAD = frozenset(("foreign-sign", "literal-without-bar"))
"""Findings about a text that is read otherwise than it was meant."""


def _is_misread(finding: Finding) -> bool:
    """Whether a finding is about a text that is read otherwise than it was meant: a template of Helm, too."""
    template = finding.code == "placeholder-left" and finding.span is not None and finding.span.text.startswith("{{")
    return finding.code in MISREAD or template


UNSET = frozenset(("environment-unset",))


def _errors(found: Iterable[Finding]) -> frozenset[str]:
    return frozenset(finding.code for finding in found if finding.severity == "error")


def _of_the_environment(finding: Finding) -> Finding:
    """The finding, as a notice where it is about a variable that is not given: CoreDNS's environment may have it."""
    if finding.code != "environment-unset" or finding.severity == "notice":
        return finding
    refused = f"{finding.hint}; without a value CoreDNS would not start"
    hint = refused if finding.severity == "error" else finding.hint
    return finding._replace(severity="notice", hint=hint, fix=None)


def _as_given(source: Source, found: list[Finding]) -> list[Finding]:
    """The findings about what the user has. Additions to a Corefile that are checked alone stand in one that is made up,
    in which no mistake is theirs."""
    if source.path != MADE_UP:
        return found
    from ..language.configmap import BESIDE, IN_A_BLOCK

    inside = " and ".join(f"`*.{ending}`" for ending in IN_A_BLOCK if f"*.{ending}" in source.text)
    how = [f"each {inside} is checked in a server block `.:53` of its own"] if inside else []
    if f"*.{BESIDE}" in source.text:
        how.append(f"each `*.{BESIDE}` beside it" if how else f"the `*.{BESIDE}` are checked as one Corefile")
    said = Finding(
        "additions-alone",
        f"These are additions to a Corefile that is not given: {', '.join(how) or 'none of them is checked'}",
        severity="notice",
        hint="check the ConfigMap with the Corefile together with this one",
    )
    theirs = [f for f in found if f.span is not None and f.span.source.path != MADE_UP]
    return [*(_without_made_up(f) for f in theirs), said]


def _without_made_up(finding: Finding) -> Finding:
    """The finding without places in a text that the user has not."""
    related = tuple((span, words) for span, words in finding.related if span.source.path != MADE_UP)
    return finding if len(related) == len(finding.related) else finding._replace(related=related)


__all__ = ["Examined", "check", "checks", "examine", "examined"]
