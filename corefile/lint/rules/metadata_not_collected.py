"""metadata-not-collected: a format of `log` has a label of metadata, and the server block has no `metadata`.

Why: Without it nothing is collected, and `-` is logged in place of every label.

Fix: Add `metadata` to the server block.

Bad:
    . {
        log . "{/kubernetes/client-namespace} {name}"
        kubernetes cluster.local {
            pods verified
            fallthrough
        }
        forward . 10.0.0.53
    }

Good:
    . {
        metadata
        log . "{/kubernetes/client-namespace} {name}"
        kubernetes cluster.local {
            pods verified
            fallthrough
        }
        forward . 10.0.0.53
    }

World:
    cluster: ""
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...light import regex
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject

SINCE = "1.5.0"
LABEL = regex(r"\{/[\w./-]+\}")


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such format."""
    for use in subject.uses("log"):
        if use.block.has("metadata") or not use.words:
            continue
        word = use.words[-1]
        match = LABEL.search(word.text)
        if match is not None:
            said = f"`{match[0]}` is always `-`: nothing collects metadata in this server block"
            yield Mistake(said, word.span, hint="add `metadata` to the server block")
