"""autopath-without-pods: `autopath @kubernetes` is used without `pods verified`.

Why: `kubernetes` then does not know in which namespace a pod is, so that no search path is ever followed.

Fix: Write `pods verified` in the block of `kubernetes`.

Bad:
    . {
        autopath @kubernetes
        kubernetes cluster.local {
            pods insecure
        }
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

from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such `autopath`."""
    for use in subject.uses("autopath"):
        if not use.words or use.words[-1].text != "@kubernetes":
            continue
        for cluster in use.block.find("kubernetes")[:1]:  # of which a server block has one
            pods = cluster.first("pods")
            mode = pods.arguments[0] if pods is not None and pods.arguments else None
            if mode is None or mode.text != "verified":
                place = cluster.head if mode is None else mode
                yield Mistake(
                    "`autopath @kubernetes` follows no search path without `pods verified`",
                    use.head.span,
                    related=((place.span, "pods are not verified here"),),
                    hint="write `pods verified` in the block of `kubernetes`",
                )
