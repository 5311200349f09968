"""Everything outside of the Corefile, owned by the caller: files, environment, cluster, upstreams, clock, choices."""

from __future__ import annotations

from .world import Chooser, Weighted, World, first

__all__ = ["Chooser", "Weighted", "World", "first"]
