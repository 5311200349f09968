"""nxdomain-for-one-type: `template` denies the name where it is asked for one type of address.

Why: NXDOMAIN says that the name is not there at all, with any type. Resolvers that hear it for AAAA do not ask for A any more
(RFC 4074, section 4.2), and caches give it for other types, too (RFC 2308, section 5).

It is the same where one `template` has records of a name, and one for all types behind it denies the name.

Fix: Write `rcode NOERROR`: an answer without records says that there are none of this type.

Bad:
    . {
        template ANY AAAA {
            rcode NXDOMAIN
        }
        forward . 10.0.0.53
    }

Good:
    . {
        template ANY AAAA {
            rcode NOERROR
        }
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Mistake
from ..zones import of_template

if TYPE_CHECKING:
    from ...language.nodes import Directive
    from ..subject import Block, Subject, Use

OTHER = {"A": "AAAA", "AAAA": "A"}


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each `template` of an address type with that code, unless there is one for the other type, too."""
    for block in subject.blocks:
        uses = [use for use in block.find("template") if _denies(use)]
        types = {use.words[1].text.upper() for use in uses}
        before = _records_before(block)
        for use in uses:
            kind = use.words[1].text.upper()
            line = use.first("rcode")
            if kind in OTHER and OTHER[kind] not in types and line is not None:
                yield _mistake(line, OTHER[kind])
            had = before.get(id(use)) if kind == "ANY" else None
            if had is not None and line is not None:
                yield _mistake(line, had)


def _mistake(line: Directive, kind: str) -> Mistake:
    said = f"NXDOMAIN says that the name does not exist with any type, {kind} included"
    return Mistake(said, line.words[1].span, write="NOERROR")


def _records_before(block: Block) -> dict[int, str]:
    """By the `id` of a `template`, the type of which another one above it has records, for the same names."""
    found: dict[int, str] = {}
    above: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {}
    for use in block.find("template"):
        names = of_template(use)
        if names in above:
            found[id(use)] = above[names]
        kind = use.words[1].text.upper() if len(use.words) > 1 else "ANY"
        if kind != "ANY" and use.first("answer") is not None:
            above.setdefault(names, kind)
    return found


def _denies(use: Use) -> bool:
    line = use.first("rcode")
    return len(use.words) > 1 and line is not None and len(line.words) > 1 and line.words[1].text.upper() == "NXDOMAIN"
