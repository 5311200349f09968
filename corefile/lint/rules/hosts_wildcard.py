"""hosts-wildcard: an entry of `hosts` has a `*`, which means nothing before CoreDNS 1.14.5.

Why: The name is taken as it stands: only a question for the star itself gets the address.

Fix: Take a release that has it, or write a `template` or a zone file.

Bad:
    . {
        hosts {
            10.0.0.1 *.example.org
        }
    }

Good:
    . {
        hosts {
            10.0.0.1 www.example.org
        }
    }

World:
    coredns: 1.11.3
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject

UNTIL = "1.14.5"


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each name with a star in the block of `hosts`."""
    for use in subject.uses("hosts"):
        for line in use.lines:
            for word in line.arguments:
                if word.text.startswith("*."):
                    yield Mistake(
                        f"`{word.text}` is no wildcard in CoreDNS {subject.release}, but a name of its own",
                        word.span,
                        hint="wildcards came with CoreDNS 1.14.5",
                    )
