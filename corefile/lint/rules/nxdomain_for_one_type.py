"""nxdomain-for-one-type: `template` denies the name where it is asked for one type of address.

Why: NXDOMAIN says that the name is not there at all, with any type. Resolvers that hear it for AAAA do not ask for A any more
(RFC 4074, section 4.2), and caches give it for other types, too (RFC 2308, section 5).

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

if TYPE_CHECKING:
    from ..subject import Subject, Use

OTHER = {"A": "AAAA", "AAAA": "A"}


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each `template` of an address type with that code, unless there is one for the other type, too."""
    for block in subject.blocks:
        uses = [use for use in block.find("template") if _denies(use)]
        types = {use.words[1].text.upper() for use in uses}
        for use in uses:
            kind = use.words[1].text.upper()
            line = use.first("rcode")
            if kind in OTHER and OTHER[kind] not in types and line is not None:
                yield Mistake(
                    f"NXDOMAIN says that the name does not exist with any type, {OTHER[kind]} included",
                    line.words[1].span,
                    write="NOERROR",
                )


def _denies(use: Use) -> bool:
    line = use.first("rcode")
    return len(use.words) > 1 and line is not None and len(line.words) > 1 and line.words[1].text.upper() == "NXDOMAIN"
