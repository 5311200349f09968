"""block-never-chosen: a server block with a `view` stands below one for the same zone that has none.

Why: The blocks of a zone are tried from the top, and one without a `view` takes every question.

Fix: Write the block without a `view` last.

Bad:
    example.org {
        forward . 10.0.0.53
    }
    example.org {
        view inside {
            expr incidr(client_ip(), '10.0.0.0/8')
        }
        forward . 10.0.0.54
    }

Good:
    example.org {
        view inside {
            expr incidr(client_ip(), '10.0.0.0/8')
        }
        forward . 10.0.0.54
    }
    example.org {
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Mistake

if TYPE_CHECKING:
    from ...findings import Span
    from ..subject import Subject

SINCE = "1.10.0"


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such block."""
    every: dict[tuple[str, str], Span] = {}
    for block in subject.blocks:
        site = block.site
        keys = [
            ((str(key), host), span)
            for key, span in zip(site.keys, site.key_spans, strict=True)
            for host in site.listen_hosts
        ]
        if block.has("view"):
            hidden = [(every[key], span) for key, span in keys if key in every]
            if hidden and len(hidden) == len(keys):
                above, span = hidden[0]
                yield Mistake(
                    f"this server block is never chosen: the one above takes every question for `{span.text}`",
                    span,
                    hint="write the block without a `view` below this one",
                    related=((above, "this one has no `view`"),),
                )
        else:
            every.update((key, span) for key, span in keys if key not in every)
