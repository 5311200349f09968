"""The API server of a world: the objects as they are now, and who watches them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cluster import Cluster
    from .manifests import Ref


Watch = Callable[["Cluster", "Cluster", "frozenset[Ref]"], None]
"""Called with the clusters before and after a change, and the objects that were added, replaced or deleted."""


class ApiServer:
    """What all servers in a cluster share. cluster: None where there is no API server. is_assumed: whether it stands for
    one without objects, which has yet to be made."""

    __slots__ = ("cluster", "is_assumed", "watches")

    def __init__(self) -> None:
        self.cluster: Cluster | None = None
        self.is_assumed = False
        self.watches: list[Watch] = []

    def become(self, after: Cluster | None, changed: frozenset[Ref] | None = None) -> None:
        """Let the objects be these, and tell the watches. `changed` are those that were written, the same or not; without
        it, all that differ. A watch that has lost its API server keeps what it knows."""
        before, self.cluster = self.cluster, after
        if before is None or after is None or before is after:
            return
        changed = after.differs_from(before) if changed is None else changed
        for watch in [*self.watches]:
            watch(before, after, changed)


__all__ = ["ApiServer", "Watch"]
