"""autopath-alone: nothing behind `autopath` answers the names at the end of a search path.

Why: autopath asks the plugins of its own server block for every name of the path. Where none of them answers names
outside of the cluster, pods get SERVFAIL for each of those, instead of going on to the block that would.

Fix: Put `autopath` into the block that has `forward`, together with `kubernetes`.

Bad:
    cluster.local {
        autopath @kubernetes
        kubernetes {
            pods verified
        }
    }
    . {
        forward . 10.0.0.53
    }

Good:
    . {
        autopath @kubernetes
        kubernetes cluster.local {
            pods verified
        }
        forward . 10.0.0.53
    }

World:
    cluster: [{kind: Pod, metadata: {name: a, namespace: b}, status: {podIP: 10.1.0.1}}]
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...chain.shapes import Answerer
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each `autopath` in a block that answers no names outside."""
    for use in subject.uses("autopath"):
        site = use.block.site
        if use.handler is None or site.left_out:
            continue
        behind = [h for h in site.handlers if isinstance(h, Answerer) and h.order > use.handler.order]
        if not any(h.scope.everything for h in behind):
            yield Mistake(
                "nothing in this server block answers names outside of the cluster, which `autopath` asks for, too",
                use.head.span,
                hint="put it into the block that has `forward`, with `kubernetes`",
            )
