"""block-answers-nothing: nothing in a server block answers questions.

Why: Clients get SERVFAIL or REFUSED for every name of its zones, also where another block would answer them.

Fix: Add what answers, such as `forward`, `hosts`, `file` or `kubernetes`.

Bad:
    example.org {
        errors
        cache
    }

Good:
    example.org {
        errors
        cache
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...chain.shapes import Answerer, Gate
from ...findings import Span
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject

SOME_ALONE = frozenset(("any", "autopath", "cache", "dns64", "dnssec", "local"))
"""Directives that answer special questions, or with what others have answered."""
REFUSES = frozenset(("acl", "erratic", "template"))
"""Directives that may be there to refuse."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each server block without an answer."""
    for block in subject.blocks:
        site = block.site
        if site.left_out or block.node.keys[0].source.path == "<default>":
            continue
        answers = [h for h in site.handlers if isinstance(h, Answerer | Gate) and h.name not in SOME_ALONE]
        if any(isinstance(h, Answerer) or h.name in REFUSES for h in answers):
            continue
        if any(key.transport == "unix" for key in site.keys):
            continue
        first = block.node.keys[0]
        if first.text.startswith("//"):
            said = "`//` begins no comment: CoreDNS takes what stands behind it for zones"
            yield Mistake(said, Span(first.source, first.start, first.start + 2), write="#")
            continue
        only = ", ".join(f"`{h.name}`" for h in site.handlers)
        yield Mistake(
            f"nothing in the server block `{first.text}` answers"
            + (f": there is only {only}" if only else ": it is empty"),
            first.span,
            hint="add what answers, such as `forward . 10.0.0.53`",
        )
