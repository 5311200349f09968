"""aaaa-not-answered: `template` answers for addresses of one family, and the question for the other one goes elsewhere.

Why: Clients ask for A and AAAA of a name together. A server that does not know the name answers NXDOMAIN, which says that it is not
there with any type (RFC 8020), and some clients and caches believe it; one that knows it gives its real address. Where nothing
answers, it is SERVFAIL, which clients ask for again.

Fix: Add a `template` for the other type, with the same zones and pattern: `rcode NOERROR` says that there is none.

Bad:
    . {
        template IN A lan.example {
            answer "{{ .Name }} 60 IN A 10.0.0.1"
        }
        forward . 10.0.0.53
    }

Good:
    . {
        template IN A lan.example {
            answer "{{ .Name }} 60 IN A 10.0.0.1"
        }
        template IN AAAA lan.example {
            rcode NOERROR
        }
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from ...dns.names import is_subdomain
from ...golang.domains import lower
from ..asking import ENDED, WWW, ask, is_name, last_hop, room
from ..rule import Mistake
from ..zones import FORWARDS, of_template, zones_of

if TYPE_CHECKING:
    from ...chain.reply import Reply
    from ...findings import Span
    from ..subject import Block, Subject, Use

OTHER = {"A": "AAAA", "AAAA": "A"}
EXAMPLES = 4
"""Names that a pattern is tried with."""
MOST = 4
"""How many questions are asked for a directive."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each server block and way to end, at the first of its directives."""
    told: set[Span] = set()
    for block in subject.blocks:
        if block.site.left_out:  # what may answer is not known
            continue
        found: dict[str, list[tuple[Use, str, str]]] = {}
        having = _having(block)
        for use in block.find("template"):
            kind = use.words[1].text.upper() if len(use.words) > 1 else ""
            asks = kind in OTHER and use.first("answer") is not None and use.head.span not in told
            if asks and not having.intersection((of_template(use), one) for one in (OTHER[kind], "ANY")):
                goes = _goes(subject, use, kind)
                if goes is not None:
                    found.setdefault(goes[1], []).append((use, goes[0], OTHER[kind]))
        for to, uses in found.items():
            told.update(use.head.span for use, _, _ in uses)
            use, name, other = uses[0]
            said = f"`template` answers {OTHER[other]} of `{name}`, and "
            said += f"`{to}` is asked for its {other}" if to else f"nothing answers its {other}: SERVFAIL"
            yield Mistake(
                said,
                use.head.span,
                hint=f"add a `template` for {other}, with `rcode NOERROR` where there is none",
                related=tuple((one.head.span, "likewise") for one, _, _ in uses[1:4]),
            )


def _having(block: Block) -> set[tuple[object, str]]:
    """The zones and patterns of each `template`, with its type: where one for the other family, or for all types, has the same
    ones, no question is needed."""
    return {(of_template(use), use.words[1].text.upper()) for use in block.find("template") if len(use.words) > 1}


def _goes(subject: Subject, use: Use, kind: str) -> tuple[str, str] | None:
    """A name that it answers for, and which directive is asked for its addresses of the other family, '' for none; None where
    these are answered, or where no such name is found."""
    for name in islice(_names(subject, use), MOST):
        answered = ask(subject.server, use.block.site, name, kind, trace=True)
        if answered is None or not answered.answer or _end(answered, use.block) != "template":
            continue
        other = ask(subject.server, use.block.site, name, OTHER[kind], trace=True)
        end = None if other is None else _end(other, use.block)
        return (name.rstrip("."), end) if end is not None and (not end or end in FORWARDS) else None
    return None


def _end(reply: Reply, block: Block) -> str | None:
    """The directive at which the way of a question ended, '' for the end of the chain; None where it is not known."""
    last = last_hop(reply, block.site)
    if last is None or reply.trace is None:
        return None
    if last.outcome in ENDED:
        return last.plugin
    return "" if reply.rcode == "SERVFAIL" and not reply.trace.left_out else None


def _names(subject: Subject, use: Use) -> Iterator[str]:
    """Names of the server block that it may answer for."""
    from ...classes.examples import examples

    own = [*map(lower, use.block.site.zones)]
    zones = zones_of(use, subject)
    made = [f"{WWW}.{room(zone)}" for zone in zones]
    for word in (word for line in use.lines if line.name == "match" for word in line.arguments):
        for text in examples(word.text, EXAMPLES):
            start = text.strip(".").lower()
            made += [f"{start}."] + [f"{start}.{zone}" for zone in zones if zone != "."] if start else []
    for name in dict.fromkeys(made):
        if any(is_subdomain(zone, name) for zone in own) and is_name(name):
            yield name
