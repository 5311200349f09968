"""overridden-directive: a server block has a directive twice, and only what the last one says counts.

Why: CoreDNS starts, and the first one has no effect: `root`, `tls`, `cancel`, the address of `health` and the like are one
setting. Of some directives, such as `k8s_external`, what both say counts together, but for their zones: those of the first one
are not served. A zone that two `file` name is that of the last one.

Fix: Keep one of them; write all zones behind it.

Bad:
    . {
        kubernetes cluster.local
        k8s_external example.org
        k8s_external example.com
    }

Good:
    . {
        kubernetes cluster.local
        k8s_external example.org example.com
    }

World:
    cluster: []
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...chain.shapes import Plugin
from ...plugins import find
from ...releases.rules import at
from ..rule import Mistake
from ..zones import named, zone_words, zones_of

if TYPE_CHECKING:
    from ..subject import Block, Subject, Use


ZONES_ONCE = ("file", "secondary")
"""Directives of which each zone has one."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each that has no effect, or whose zones have none."""
    unread = {finding.span for finding in subject.process.instance.findings if finding.code == "not-read"}
    for block in subject.blocks:
        if len(block.uses) == len(block.directives):
            continue
        for name in ZONES_ONCE:
            yield from _zones_twice(block.find(name), block, subject)
        for name, count in Counter(use.name for use in block.uses).items():
            uses = [use for use in block.find(name) if use.head.span not in unread] if count > 1 else []
            cls = find(name) if len(uses) > 1 else None
            if cls is not None:
                yield from _of(uses, cls, block, subject)


def _of(uses: list[Use], cls: type[Plugin], block: Block, subject: Subject) -> Iterator[Mistake]:
    several, handler, last = at(cls.READS.several, subject.release), block.site.last(uses[0].name), uses[-1]
    if handler is None or several in ("all", "each"):
        return
    kept = {zone.lower() for zone in getattr(handler.config, "zones", ())}
    written, words_of_last, texts_of_last = _is_written(last, block), _words(last), _texts(last)
    for use in uses[:-1]:
        if written and not _is_written(use, block):  # it may be meant to replace what is imported
            continue
        related = ((last.head.span, "this one counts"),)
        zones = zone_words(use, subject.release)
        lost = [word for word in zones if not kept.issuperset(named(word, subject.release))]
        if lost and kept:
            message = (
                f"`{lost[0].text}` has no effect: of several `{use.name}` in a server block the zones of the last count"
            )
            yield Mistake(message, lost[0].span, hint=f"write all zones behind one `{use.name}`", related=related)
        elif several == "last" and not zones and not _merges(cls) and _texts(use) != texts_of_last:
            message = f"this `{use.name}` has no effect: the last one of a server block counts"
            yield Mistake(message, use.head.span, hint="keep one of them", related=related)
        elif several == "fields" and use.words and last.words and not zones and _words(use) != words_of_last:
            message = (
                f"`{_words(use)}` has no effect: of several `{use.name}` in a server block the words of the last count"
            )
            yield Mistake(message, use.words[0].span, hint="keep one of them", related=related)


def _zones_twice(uses: list[Use], block: Block, subject: Subject) -> Iterator[Mistake]:
    """One for each directive all of whose zones others below it are for."""
    later: dict[str, Use] = {}
    for use in reversed(uses if len(uses) > 1 else []):
        zones = zones_of(use, subject)
        taken = [later[zone] for zone in zones if zone in later]
        replaced = taken and _is_written(taken[0], block) and not _is_written(use, block)
        if taken and len(taken) == len(zones) and not replaced:
            yield Mistake(
                f"this `{use.name}` has no effect: another one below it is for the same zone",
                use.head.span,
                hint="write its zone behind it, or delete it",
                related=((taken[0].head.span, "this one counts"),),
            )
        for zone in zones:
            later.setdefault(zone, use)


def _merges(cls: type[Plugin]) -> bool:
    """Whether several lines of a directive make one."""
    return any("merge" in vars(each) for each in cls.__mro__ if each is not Plugin)


def _words(use: Use) -> str:
    return " ".join(word.text for word in use.words)


def _texts(use: Use) -> list[list[str]]:
    return [[word.text for word in words] for words in (use.words, *(line.words for line in use.lines))]


def _is_written(use: Use, block: Block) -> bool:
    """Whether a directive stands in the block itself, and is not imported into it."""
    head, key = use.head, block.begin or use.head
    return head.source is key.source and block.node.span.start <= head.start < block.node.span.end
